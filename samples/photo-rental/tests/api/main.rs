//! Every flow of the application, through the router and a real database.

#[path = "../common/mod.rs"]
mod common;

mod inventory;
mod jobs;
mod orders;
mod payments;
mod recommendations;
mod reporting;
mod users;

use common::TestApp;

#[tokio::test]
async fn health_and_version_answer() {
    let app = TestApp::new().await;
    assert_eq!(app.get("/health").await.ok(200)["status"], "ok");
    assert_eq!(app.get("/version").await.ok(200)["name"], "photo-rental");
}

#[tokio::test]
async fn unknown_pages_are_json_too() {
    let app = TestApp::new().await;
    app.get("/api/nothing").await.assert_error(404, "not_found");
    app.get("/api/items/one")
        .await
        .assert_error(404, "not_found");
}

#[tokio::test]
async fn the_same_read_gives_the_same_bytes() {
    let (one, two) = (TestApp::new().await, TestApp::new().await);
    for path in [
        "/api/categories",
        "/api/items?sort=rate_desc",
        "/api/items/3",
        "/api/items/4/availability?from=2026-06-18&to=2026-06-24",
        "/api/recommendations/popular",
        "/api/recommendations/items/1/together",
    ] {
        let (first, second) = (one.get(path).await, two.get(path).await);
        assert_eq!(first.status, 200, "{path}");
        assert_eq!(first.bytes, second.bytes, "{path}");
    }
}
