use std::sync::Arc;

use photo_rental::payments::gateway::{DecliningGateway, SandboxGateway};
use serde_json::{Value, json};

use crate::common::{DESK, JONAS, MIRA, TestApp};

fn order(from: &str, to: &str, lines: &[(i64, i64)], token: &str) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|(item_id, quantity)| json!({ "item_id": item_id, "quantity": quantity }))
        .collect();
    json!({ "from": from, "to": to, "lines": lines, "payment_token": token })
}

/// Rows that an order writes, over all domains.
async fn written(app: &TestApp) -> i64 {
    app.count(
        "SELECT (SELECT COUNT(*) FROM orders) + (SELECT COUNT(*) FROM order_lines)
              + (SELECT COUNT(*) FROM order_events) + (SELECT COUNT(*) FROM reservations)
              + (SELECT COUNT(*) FROM payments)",
    )
    .await
}

#[tokio::test]
async fn a_quote_adds_up() {
    let app = TestApp::new().await;
    let body = order("2026-07-01", "2026-07-07", &[(1, 2), (6, 1)], "");
    let quote = app
        .call("POST", "/api/orders/quote", None, Some(body))
        .await
        .ok(200);
    assert_eq!(quote["days"], 7);
    assert_eq!(quote["subtotal_cents"], 71_400);
    assert_eq!(quote["discount_percent"], 20);
    assert_eq!(quote["total"], "571.20 EUR");
    assert_eq!(quote["deposit_cents"], 135_000);
    assert_eq!(quote["available"], true);
    assert!(quote["lines"][0].get("next_free_on").is_none());
}

#[tokio::test]
async fn a_quote_offers_the_next_free_days() {
    let app = TestApp::new().await;
    let body = order("2026-06-21", "2026-06-22", &[(4, 1)], "");
    let quote = app
        .call("POST", "/api/orders/quote", None, Some(body))
        .await
        .ok(200);
    assert_eq!(quote["available"], false);
    assert_eq!(quote["lines"][0]["next_free_on"], "2026-06-23");
}

#[tokio::test]
async fn impossible_quotes_are_refused() {
    let app = TestApp::new().await;
    let ask = |lines: &[(i64, i64)]| {
        let body = order("2026-07-01", "2026-07-02", lines, "");
        app.call("POST", "/api/orders/quote", None, Some(body))
    };
    ask(&[]).await.assert_error(422, "invalid");
    ask(&[(1, 0)]).await.assert_error(422, "invalid");
    ask(&[(1, 1), (1, 2)]).await.assert_error(422, "invalid");
    ask(&[(99, 1)]).await.assert_error(404, "not_found");
    ask(&[(9, 1)]).await.assert_error(404, "not_found");
}

#[tokio::test]
async fn placing_an_order_writes_all_three_domains() {
    let app = TestApp::new().await;
    let mut body = order("2026-07-01", "2026-07-03", &[(1, 2), (3, 1)], "tok_ok");
    body["address_id"] = json!(1);
    let placed = app.post_as(MIRA, "/api/orders", body).await.ok(201);
    assert_eq!(placed["number"], "PR-2026-000007");
    assert_eq!(placed["status"], "placed");
    assert_eq!(placed["total_cents"], 28_350);
    assert_eq!(placed["lines"].as_array().unwrap().len(), 2);
    assert_eq!(placed["events"][0]["kind"], "placed");

    let path = format!("/api/orders/{}/payments", placed["id"]);
    let payments = app.get_as(MIRA, &path).await.ok(200);
    assert_eq!(payments[0]["status"], "captured");
    assert_eq!(payments[1]["amount_cents"], 140_000);

    // The worn unit leaves the shelf first.
    let units: Vec<i64> =
        sqlx::query_scalar("SELECT unit_id FROM reservations WHERE order_id = 7 ORDER BY id")
            .fetch_all(&app.state.pool)
            .await
            .unwrap();
    assert_eq!(units, [1, 2, 5]);
}

#[tokio::test]
async fn the_confirmation_is_mailed_later() {
    let app = TestApp::new().await;
    let body = order("2026-07-01", "2026-07-03", &[(8, 1)], "tok_ok");
    app.post_as(MIRA, "/api/orders", body).await.ok(201);
    for _ in 0..100 {
        if !app.state.mailer.sent().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let mails = app.state.mailer.sent();
    assert_eq!(mails[0].to, "mira@example.org");
    assert_eq!(mails[0].subject, "Order 7 confirmed");
}

#[tokio::test]
async fn the_cart_becomes_an_order() {
    let app = TestApp::new().await;
    let cart = app.get_as(JONAS, "/api/cart").await.ok(200);
    assert_eq!(cart["per_day_cents"], 6_900);
    let put = |quantity: i64| {
        let body = json!({ "quantity": quantity });
        app.call("PUT", "/api/cart/items/3", Some(JONAS), Some(body))
    };
    put(0).await.assert_error(422, "invalid");
    assert_eq!(put(1).await.ok(200)["lines"].as_array().unwrap().len(), 3);
    let remove = || app.call("DELETE", "/api/cart/items/6", Some(JONAS), None);
    remove().await.ok(204);
    remove().await.assert_error(404, "not_found");
    let unknown = json!({ "quantity": 1 });
    app.call("PUT", "/api/cart/items/99", Some(JONAS), Some(unknown))
        .await
        .assert_error(404, "not_found");

    let body = order("2026-07-01", "2026-07-01", &[], "tok_ok");
    let placed = app
        .post_as(JONAS, "/api/orders", body.clone())
        .await
        .ok(201);
    assert_eq!(placed["total_cents"], 6_000);
    let cart = app.get_as(JONAS, "/api/cart").await.ok(200);
    assert_eq!(cart["lines"], json!([]));
    app.post_as(JONAS, "/api/orders", body)
        .await
        .assert_error(422, "invalid");
}

#[tokio::test]
async fn what_is_out_of_stock_is_not_half_ordered() {
    let app = TestApp::new().await;
    let before = written(&app).await;
    let body = order("2026-06-22", "2026-06-23", &[(1, 1), (4, 1)], "tok_ok");
    app.post_as(MIRA, "/api/orders", body)
        .await
        .assert_error(409, "out_of_stock");
    assert_eq!(written(&app).await, before);
}

#[tokio::test]
async fn a_declined_payment_leaves_nothing_behind() {
    let app = TestApp::new().await;
    let before = written(&app).await;
    for token in ["tok_declined", "tok_no_deposit", ""] {
        let body = order("2026-07-01", "2026-07-03", &[(1, 1)], token);
        app.post_as(MIRA, "/api/orders", body)
            .await
            .assert_error(402, "payment_declined");
    }
    assert_eq!(written(&app).await, before);
    assert!(app.state.mailer.sent().is_empty());
}

#[tokio::test]
async fn other_gateways_decide_for_themselves() {
    let app = TestApp::with(|state| state.with_gateway(Arc::new(DecliningGateway))).await;
    let body = order("2026-07-01", "2026-07-03", &[(8, 1)], "tok_ok");
    app.post_as(MIRA, "/api/orders", body.clone())
        .await
        .assert_error(402, "payment_declined");
    let small = Arc::new(SandboxGateway::with_limit(100));
    let app = TestApp::with(|state| state.with_gateway(small)).await;
    app.post_as(MIRA, "/api/orders", body)
        .await
        .assert_error(402, "payment_declined");
}

#[tokio::test]
async fn the_last_unit_is_rented_once() {
    let app = TestApp::new().await;
    let body = order("2026-07-01", "2026-07-03", &[(5, 1)], "tok_ok");
    let (one, two) = tokio::join!(
        app.post_as(MIRA, "/api/orders", body.clone()),
        app.post_as(JONAS, "/api/orders", body),
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[tokio::test]
async fn orders_need_a_user_a_future_and_an_own_address() {
    let app = TestApp::new().await;
    let body = order("2026-07-01", "2026-07-03", &[(8, 1)], "tok_ok");
    app.call("POST", "/api/orders", None, Some(body.clone()))
        .await
        .assert_error(401, "unauthorized");
    let past = order("2026-06-14", "2026-06-16", &[(8, 1)], "tok_ok");
    app.post_as(MIRA, "/api/orders", past)
        .await
        .assert_error(422, "invalid");
    let mut elsewhere = body;
    elsewhere["address_id"] = json!(3);
    app.post_as(MIRA, "/api/orders", elsewhere)
        .await
        .assert_error(404, "not_found");
}

#[tokio::test]
async fn orders_are_listed_with_what_was_paid() {
    let app = TestApp::new().await;
    let page = app.get_as(MIRA, "/api/orders").await.ok(200);
    assert_eq!(page["total"], 4);
    let paid: Vec<(i64, i64)> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| (o["id"].as_i64().unwrap(), o["paid_cents"].as_i64().unwrap()))
        .collect();
    assert_eq!(paid, [(6, 3_600), (3, 54_000), (5, 0), (1, 16_200)]);
    let open = app.get_as(MIRA, "/api/orders?status=placed").await.ok(200);
    assert_eq!(open["total"], 1);
    app.get_as(MIRA, "/api/orders?status=lost")
        .await
        .assert_error(422, "invalid");
}

#[tokio::test]
async fn orders_of_others_do_not_exist() {
    let app = TestApp::new().await;
    app.get_as(JONAS, "/api/orders/1")
        .await
        .assert_error(404, "not_found");
    app.get_as(MIRA, "/api/orders/99")
        .await
        .assert_error(404, "not_found");
    assert_eq!(app.get_as(DESK, "/api/orders/1").await.ok(200)["id"], 1);
    app.call("POST", "/api/orders/4/cancel", Some(MIRA), None)
        .await
        .assert_error(404, "not_found");
}

#[tokio::test]
async fn cancelling_frees_the_stock_and_pays_back() {
    let app = TestApp::new().await;
    let cancel = || app.call("POST", "/api/orders/4/cancel", Some(JONAS), None);
    let view = cancel().await.ok(200);
    assert_eq!(view["status"], "cancelled");
    assert_eq!(view["events"][1]["detail"], "refunded 135.00 EUR");
    let held = "SELECT COUNT(*) FROM reservations WHERE order_id = 4 AND status <> 'released'";
    assert_eq!(app.count(held).await, 0);
    let payments = app.get_as(JONAS, "/api/orders/4/payments").await.ok(200);
    assert_eq!(payments[0]["status"], "refunded");
    assert_eq!(payments[1]["status"], "released");
    cancel().await.assert_error(409, "not_cancellable");
}

#[tokio::test]
async fn cancelling_on_the_eve_pays_back_half() {
    let app = TestApp::on("2026-06-19").await;
    let view = app
        .call("POST", "/api/orders/4/cancel", Some(JONAS), None)
        .await
        .ok(200);
    assert_eq!(view["events"][1]["detail"], "refunded 67.50 EUR");
    let payments = app.get_as(JONAS, "/api/orders/4/payments").await.ok(200);
    assert_eq!(payments[0]["status"], "captured");
}

#[tokio::test]
async fn a_cancellation_by_hand_frees_the_stock_through_the_trigger() {
    let app = TestApp::new().await;
    sqlx::query("UPDATE orders SET status = 'cancelled' WHERE id = 4")
        .execute(&app.state.pool)
        .await
        .unwrap();
    let held = "SELECT COUNT(*) FROM reservations WHERE order_id = 4 AND status = 'held'";
    assert_eq!(app.count(held).await, 0);
}

#[tokio::test]
async fn a_rental_goes_out_and_comes_back() {
    let app = TestApp::new().await;
    let desk = |path: &'static str| app.call("POST", path, Some(DESK), None);
    app.call("POST", "/api/admin/orders/6/pick-up", Some(MIRA), None)
        .await
        .assert_error(403, "forbidden");
    desk("/api/admin/orders/4/pick-up")
        .await
        .assert_error(409, "too_early");
    desk("/api/admin/orders/6/return")
        .await
        .assert_error(409, "not_out");

    let out = desk("/api/admin/orders/6/pick-up").await.ok(200);
    assert_eq!(out["status"], "picked_up");
    assert_eq!(out["events"][1]["detail"], "1 units handed out");
    assert_eq!(app.get("/api/items/5").await.ok(200)["units_in_stock"], 0);
    desk("/api/admin/orders/6/pick-up")
        .await
        .assert_error(409, "not_ready");

    let back = desk("/api/admin/orders/6/return").await.ok(200);
    assert_eq!(back["status"], "returned");
    assert_eq!(back["late_fee_cents"], 0);
    assert_eq!(app.get("/api/items/5").await.ok(200)["units_in_stock"], 1);
    let payments = app.get_as(MIRA, "/api/orders/6/payments").await.ok(200);
    assert_eq!(payments[1]["status"], "released");
    assert_eq!(payments.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_late_return_costs_part_of_the_deposit() {
    let app = TestApp::new().await;
    let back = app
        .call("POST", "/api/admin/orders/3/return", Some(DESK), None)
        .await
        .ok(200);
    assert_eq!(back["late_fee_cents"], 54_000);
    let payments = app.get_as(MIRA, "/api/orders/3/payments").await.ok(200);
    assert_eq!(payments[1]["status"], "released");
    assert_eq!(payments[2]["kind"], "late_fee");
    assert_eq!(payments[2]["amount_cents"], 54_000);
}

#[tokio::test]
async fn the_fee_cannot_exceed_the_deposit() {
    let app = TestApp::on("2026-08-15").await;
    let back = app
        .call("POST", "/api/admin/orders/3/return", Some(DESK), None)
        .await
        .ok(200);
    assert_eq!(back["events"][2]["detail"], "late fee 1500.00 EUR");
}

#[tokio::test]
async fn late_orders_are_listed_for_any_day() {
    let app = TestApp::new().await;
    let late = app.get_as(DESK, "/api/admin/orders/overdue").await.ok(200);
    assert_eq!(late[0]["id"], 3);
    assert_eq!(late[0]["days_late"], 3);
    assert_eq!(late[0]["email"], "mira@example.org");
    let none = app
        .get_as(DESK, "/api/admin/orders/overdue?on=2026-06-12")
        .await
        .ok(200);
    assert_eq!(none, json!([]));
    app.get_as(DESK, "/api/admin/orders/overdue?on=never")
        .await
        .assert_error(422, "invalid");
}
