use axum::body::Body;
use axum::http::Request;
use photo_rental::helpers::tokens::sign;
use serde_json::{Value, json};

use crate::common::{Answer, DESK, JONAS, MIRA, TestApp};

async fn deliver(app: &TestApp, event: &Value, secret: &str) -> Answer {
    let body = event.to_string();
    let signature = format!("sha256={}", sign(secret, body.as_bytes()));
    let request = Request::post("/api/payments/webhook")
        .header("x-signature", signature)
        .body(Body::from(body))
        .unwrap();
    app.send(request).await
}

#[tokio::test]
async fn a_payment_is_shown_to_its_owner_and_the_staff() {
    let app = TestApp::new().await;
    let view = app.get_as(MIRA, "/api/payments/9").await.ok(200);
    assert_eq!(view["refunded_cents"], 1_400);
    assert_eq!(view["refunds"][0]["reason"], "order cancelled");
    app.get_as(DESK, "/api/payments/9").await.ok(200);
    app.get_as(JONAS, "/api/payments/9")
        .await
        .assert_error(404, "not_found");
    app.get_as(JONAS, "/api/orders/1/payments")
        .await
        .assert_error(404, "not_found");
    app.get("/api/payments/9")
        .await
        .assert_error(401, "unauthorized");
}

#[tokio::test]
async fn the_staff_refunds_up_to_what_was_paid() {
    let app = TestApp::new().await;
    let refund = |id: i64, cents: i64| {
        let body = json!({ "amount_cents": cents, "reason": "Dirty lens" });
        let path = format!("/api/admin/payments/{id}/refunds");
        let app = &app;
        async move { app.post_as(DESK, &path, body).await }
    };
    let view = refund(3, 4_400).await.ok(201);
    assert_eq!(view["refunded_cents"], 4_400);
    assert_eq!(view["status"], "captured");
    refund(3, 10_001).await.assert_error(409, "refund_too_high");
    assert_eq!(app.count("SELECT COUNT(*) FROM refunds").await, 2);
    assert_eq!(refund(3, 10_000).await.ok(201)["status"], "refunded");
    refund(3, 1).await.assert_error(409, "not_refundable");
    refund(4, 1).await.assert_error(409, "not_refundable");
    refund(3, 0).await.assert_error(422, "invalid");
    refund(99, 1).await.assert_error(404, "not_found");

    let order = app.get_as(JONAS, "/api/orders/2").await.ok(200);
    assert_eq!(order["events"][3]["detail"], "44.00 EUR");
}

#[tokio::test]
async fn a_dispute_marks_payment_and_order_once() {
    let app = TestApp::new().await;
    let event = json!({ "id": "ev_1", "type": "charge.disputed", "reference": "ch_seed0001" });
    let reply = deliver(&app, &event, "whsec_test").await.ok(200);
    assert_eq!(reply["status"], "processed");
    let again = deliver(&app, &event, "whsec_test").await.ok(200);
    assert_eq!(again["status"], "duplicate");
    let order = app.get_as(MIRA, "/api/orders/1").await.ok(200);
    assert_eq!(order["disputed"], true);
    assert_eq!(order["events"].as_array().unwrap().len(), 4);
    let payment = app.get_as(MIRA, "/api/payments/1").await.ok(200);
    assert_eq!(payment["status"], "disputed");
}

#[tokio::test]
async fn webhooks_change_deposits_and_refunds() {
    let app = TestApp::new().await;
    let event = json!({ "id": "ev_1", "type": "deposit.expired", "reference": "ho_seed0004" });
    deliver(&app, &event, "whsec_test").await.ok(200);
    let payment = app.get_as(JONAS, "/api/payments/8").await.ok(200);
    assert_eq!(payment["status"], "released");

    let mut event = json!({
        "id": "ev_2", "type": "charge.refunded", "reference": "ch_seed0002", "amount_cents": 99999
    });
    deliver(&app, &event, "whsec_test")
        .await
        .assert_error(422, "invalid");
    event["amount_cents"] = json!(400);
    deliver(&app, &event, "whsec_test").await.ok(200);
    let payment = app.get_as(JONAS, "/api/payments/3").await.ok(200);
    assert_eq!(payment["refunded_cents"], 400);

    let event = json!({ "id": "ev_3", "type": "card.expiring", "reference": "ch_seed0002" });
    let reply = deliver(&app, &event, "whsec_test").await.ok(200);
    assert_eq!(reply["status"], "ignored");
}

#[tokio::test]
async fn unsigned_and_unknown_webhooks_are_refused() {
    let app = TestApp::new().await;
    let event = json!({ "id": "ev_1", "type": "charge.disputed", "reference": "ch_unknown" });
    deliver(&app, &event, "wrong")
        .await
        .assert_error(401, "unauthorized");
    app.call("POST", "/api/payments/webhook", None, Some(event.clone()))
        .await
        .assert_error(401, "unauthorized");
    deliver(&app, &event, "whsec_test")
        .await
        .assert_error(404, "not_found");
    // A refused delivery may be sent again.
    assert_eq!(app.count("SELECT COUNT(*) FROM webhook_events").await, 0);
    deliver(&app, &json!({ "id": 5 }), "whsec_test")
        .await
        .assert_error(400, "malformed");
}
