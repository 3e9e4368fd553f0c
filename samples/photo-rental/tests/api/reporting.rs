use serde_json::json;

use crate::common::{DESK, MIRA, TestApp};

#[tokio::test]
async fn reports_are_for_the_staff() {
    let app = TestApp::new().await;
    for path in [
        "/api/reports/utilisation?from=2026-06-01&to=2026-06-30",
        "/api/reports/revenue?from=2026-06-01&to=2026-06-30",
        "/api/reports/customers?from=2026-06-01&to=2026-06-30",
        "/api/reports/daily?from=2026-06-01&to=2026-06-30",
        "/api/reports/daily.csv?from=2026-06-01&to=2026-06-30",
    ] {
        app.get(path).await.assert_error(401, "unauthorized");
        app.get_as(MIRA, path).await.assert_error(403, "forbidden");
        assert_eq!(app.get_as(DESK, path).await.status, 200, "{path}");
    }
    app.get_as(DESK, "/api/reports/revenue?from=2026-06-01")
        .await
        .assert_error(400, "malformed");
}

#[tokio::test]
async fn utilisation_counts_rented_days() {
    let app = TestApp::new().await;
    let rows = app
        .get_as(
            DESK,
            "/api/reports/utilisation?from=2026-06-10&to=2026-06-19&today=2026-06-20",
        )
        .await
        .ok(200);
    // Three of ten days for the only cinema camera.
    assert_eq!(rows[0]["item_id"], 2);
    assert_eq!(rows[0]["rented_days"], 3);
    assert_eq!(rows[0]["permille"], 300);
    let zoom = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["item_id"] == 4)
        .unwrap();
    assert_eq!(zoom["free_today"], 0);
}

#[tokio::test]
async fn revenue_is_split_by_category() {
    let app = TestApp::new().await;
    let report = app
        .get_as(DESK, "/api/reports/revenue?from=2026-05-18&to=2026-06-15")
        .await
        .ok(200);
    assert_eq!(report["categories"][0]["category"], "cameras");
    assert_eq!(report["categories"][0]["gross_cents"], 69_000);
    assert_eq!(report["charged_cents"], 86_900);
    assert_eq!(report["refunded_cents"], 1_400);
    assert_eq!(report["net"], "855.00 EUR");
}

#[tokio::test]
async fn customers_are_ranked() {
    let app = TestApp::new().await;
    let rows = app
        .get_as(DESK, "/api/reports/customers?from=2026-04-01&to=2026-06-30")
        .await
        .ok(200);
    assert_eq!(
        rows,
        json!([
            { "user_id": 2, "display_name": "Mira", "city": "Oldport",
              "orders": 3, "spent_cents": 73_800 },
            { "user_id": 3, "display_name": "Jonas", "city": "Newhaven",
              "orders": 2, "spent_cents": 27_900 },
        ])
    );
}

#[tokio::test]
async fn daily_reports_are_downloaded_as_csv() {
    let app = TestApp::new().await;
    let answer = app
        .get_as(DESK, "/api/reports/daily.csv?from=2026-06-12&to=2026-06-30")
        .await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        answer.headers["content-disposition"],
        "attachment; filename=\"daily-2026-06-12-2026-06-30.csv\""
    );
    let text = String::from_utf8(answer.bytes.to_vec()).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[1],
        "2026-06-12,1,0,0,3600,0,245000,58,2026-06-13T02:15:00Z"
    );
}

#[tokio::test]
async fn a_day_is_rebuilt_in_place() {
    let app = TestApp::new().await;
    let rebuild = |day: &'static str| {
        let path = format!("/api/reports/daily/{day}");
        let app = &app;
        async move { app.call("POST", &path, Some(DESK), None).await }
    };
    let report = rebuild("2026-06-12").await.ok(201);
    assert_eq!(report["orders_placed"], 1);
    assert_eq!(report["revenue_cents"], 3_600);
    assert_eq!(report["deposits_held_cents"], 245_000);
    assert_eq!(report["utilisation_permille"], 58);
    assert_eq!(report["generated_at"], "2026-06-15T09:00:00Z");
    assert_eq!(app.count("SELECT COUNT(*) FROM daily_reports").await, 4);
    rebuild("2026-06-16").await.assert_error(422, "invalid");
    rebuild("someday").await.assert_error(422, "invalid");
}
