use serde_json::json;

use crate::common::{DESK, MIRA, TestApp};

fn names(page: &serde_json::Value) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn categories_count_active_items() {
    let app = TestApp::new().await;
    let categories = app.get("/api/categories").await.ok(200);
    assert_eq!(categories[0]["slug"], "cameras");
    assert_eq!(categories[0]["n_items"], 2);
    assert_eq!(categories.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn the_search_filters_and_sorts() {
    let app = TestApp::new().await;
    let all = app.get("/api/items").await.ok(200);
    assert_eq!(all["total"], 8);
    let lenses = app
        .get("/api/items?category=lenses&mount=kx&sort=rate_asc")
        .await
        .ok(200);
    assert_eq!(names(&lenses), ["50mm f/1.4", "24-70mm f/2.8"]);
    let cheap = app
        .get("/api/items?max_rate_cents=1200&per_page=1&page=2&sort=rate_asc")
        .await
        .ok(200);
    assert_eq!((names(&cheap).len(), cheap["total"].as_i64()), (1, Some(2)));
    let by_brand = app.get("/api/items?brand=AMBRA").await.ok(200);
    assert_eq!(by_brand["total"], 2);
}

#[tokio::test]
async fn wildcards_in_a_search_are_plain_text() {
    let app = TestApp::new().await;
    let found = app.get("/api/items?q=100%25").await.ok(200);
    assert_eq!(names(&found), ["24-70mm f/2.8"]);
    let none = app.get("/api/items?q=_____").await.ok(200);
    assert_eq!(none["total"], 0);
}

#[tokio::test]
async fn the_search_knows_what_is_free() {
    let app = TestApp::new().await;
    let path = "/api/items?category=lenses&from=2026-06-21&to=2026-06-25";
    let free = app.get(path).await.ok(200);
    assert_eq!(names(&free), ["50mm f/1.4", "85mm f/1.8"]);
    app.get("/api/items?from=2026-06-21")
        .await
        .assert_error(422, "invalid");
    app.get("/api/items?from=2026-06-21&to=2026-06-20")
        .await
        .assert_error(422, "invalid");
    app.get("/api/items?sort=luck")
        .await
        .assert_error(400, "malformed");
}

#[tokio::test]
async fn an_item_shows_its_stock() {
    let app = TestApp::new().await;
    let item = app.get("/api/items/6").await.ok(200);
    assert_eq!(item["units_total"], 3);
    assert_eq!(item["units_in_stock"], 3);
    assert_eq!(item["daily_rate"], "12.00 EUR");
    assert_eq!(item["category"], "lights");
    app.get("/api/items/99")
        .await
        .assert_error(404, "not_found");
}

#[tokio::test]
async fn the_calendar_counts_reservations_and_maintenance() {
    let app = TestApp::new().await;
    let free = |calendar: serde_json::Value| -> Vec<i64> {
        let days = calendar["days"].as_array().unwrap();
        days.iter().map(|d| d["free"].as_i64().unwrap()).collect()
    };
    let path = "/api/items/4/availability?from=2026-06-19&to=2026-06-23";
    assert_eq!(free(app.get(path).await.ok(200)), [2, 0, 0, 0, 2]);
    let path = "/api/items/7/availability?from=2026-06-23&to=2026-06-25";
    assert_eq!(free(app.get(path).await.ok(200)), [1, 1, 2]);
    app.get("/api/items/99/availability?from=2026-06-23&to=2026-06-25")
        .await
        .assert_error(404, "not_found");
    app.get("/api/items/7/availability?from=soon&to=later")
        .await
        .assert_error(422, "invalid");
    app.get("/api/items/7/availability")
        .await
        .assert_error(400, "malformed");
}

#[tokio::test]
async fn the_staff_adds_items_and_units() {
    let app = TestApp::new().await;
    let new = json!({
        "category": "lights", "name": "Tube 120", "brand": "Ambra",
        "daily_rate_cents": 900, "deposit_cents": 8000, "serials": ["T120-1", "T120-2"]
    });
    let item = app
        .post_as(DESK, "/api/admin/items", new.clone())
        .await
        .ok(201);
    assert_eq!(item["slug"], "ambra-tube-120");
    assert_eq!(item["units_total"], 2);
    app.post_as(DESK, "/api/admin/items", new.clone())
        .await
        .assert_error(409, "already_exists");

    let path = format!("/api/admin/items/{}/units", item["id"]);
    let units = app
        .post_as(DESK, &path, json!({ "serials": ["T120-3"] }))
        .await
        .ok(201);
    assert_eq!(units.as_array().unwrap().len(), 3);
    app.post_as(DESK, &path, json!({ "serials": [] }))
        .await
        .assert_error(422, "invalid");
    assert_eq!(app.get_as(DESK, &path).await.ok(200), units);
    app.post_as(MIRA, "/api/admin/items", new)
        .await
        .assert_error(403, "forbidden");
}

#[tokio::test]
async fn an_item_whose_units_clash_is_not_left_behind() {
    let app = TestApp::new().await;
    let new = json!({
        "category": "lights", "name": "Tube 60", "brand": "Ambra",
        "daily_rate_cents": 900, "deposit_cents": 8000, "serials": ["K5-0001"]
    });
    app.post_as(DESK, "/api/admin/items", new)
        .await
        .assert_error(409, "already_exists");
    let n = app
        .count("SELECT COUNT(*) FROM items WHERE name = 'Tube 60'")
        .await;
    assert_eq!(n, 0);
}

#[tokio::test]
async fn a_new_rate_reaches_the_next_quote() {
    let app = TestApp::new().await;
    let quote = || {
        let body = json!({
            "from": "2026-07-01", "to": "2026-07-01", "lines": [{ "item_id": 8, "quantity": 1 }]
        });
        app.call("POST", "/api/orders/quote", None, Some(body))
    };
    assert_eq!(quote().await.ok(200)["total_cents"], 700);
    let patch = json!({ "daily_rate_cents": 800 });
    app.call("PATCH", "/api/admin/items/8", Some(DESK), Some(patch))
        .await
        .ok(200);
    assert_eq!(quote().await.ok(200)["total_cents"], 800);
    let patch = json!({ "daily_rate_cents": 0 });
    app.call("PATCH", "/api/admin/items/8", Some(DESK), Some(patch))
        .await
        .assert_error(422, "invalid");
}

#[tokio::test]
async fn categories_are_unique() {
    let app = TestApp::new().await;
    let add = |name: &str| app.post_as(DESK, "/api/admin/categories", json!({ "name": name }));
    assert_eq!(add("Audio & Sound").await.ok(201)["slug"], "audio-sound");
    add("audio sound")
        .await
        .assert_error(409, "category_exists");
    let new = json!({
        "category": "boats", "name": "x", "brand": "y",
        "daily_rate_cents": 1, "deposit_cents": 0
    });
    app.post_as(DESK, "/api/admin/items", new)
        .await
        .assert_error(422, "invalid");
}

#[tokio::test]
async fn maintenance_takes_a_unit_off_the_shelf_and_back() {
    let app = TestApp::new().await;
    let plan = |unit: i64, from: &str, to: &str| {
        let body = json!({ "reason": "Check", "from": from, "to": to });
        let path = format!("/api/admin/units/{unit}/maintenance");
        let app = &app;
        async move { app.post_as(DESK, &path, body).await }
    };
    plan(8, "2026-06-22", "2026-06-23")
        .await
        .assert_error(409, "unit_reserved");
    plan(99, "2026-06-22", "2026-06-23")
        .await
        .assert_error(404, "not_found");

    let job = plan(17, "2026-06-15", "2026-06-16").await.ok(201);
    assert_eq!(app.get("/api/items/8").await.ok(200)["units_in_stock"], 1);
    let finish = format!("/api/admin/maintenance/{}/finish", job["id"]);
    let done = app.call("POST", &finish, Some(DESK), None).await.ok(200);
    assert_eq!(done["finished_at"], "2026-06-15T09:00:00Z");
    assert_eq!(app.get("/api/items/8").await.ok(200)["units_in_stock"], 2);
    app.call("POST", &finish, Some(DESK), None)
        .await
        .assert_error(404, "not_found");
}
