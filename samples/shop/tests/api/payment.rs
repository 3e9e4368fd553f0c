use actix_web::test::TestRequest;
use serde_json::{Value, json};
use shop::config::ProviderKind;
use shop::support::tokens::sign;

use crate::common::{Answer, LENA, SECRET, STAFF, Shop, TOM};

async fn deliver(shop: &Shop, delivery: &Value, secret: &str) -> Answer {
    let body = delivery.to_string();
    let request = TestRequest::post()
        .uri("/api/payments/webhook")
        .insert_header(("x-signature", sign(secret, body.as_bytes())))
        .set_payload(body);
    shop.send(request).await
}

#[actix_web::test]
async fn payments_are_shown_to_owner_and_staff() {
    let shop = Shop::new();
    let view = shop.get_as(TOM, "/api/payments/2").await.ok(200);
    assert_eq!(view["refunded_cents"], 700);
    shop.get_as(STAFF, "/api/payments/2").await.ok(200);
    shop.get_as(LENA, "/api/payments/2")
        .await
        .fails(404, "not_found");
    shop.get("/api/payments/2").await.fails(401, "unauthorized");
}

#[actix_web::test]
async fn the_staff_refunds_what_is_left() {
    let shop = Shop::new();
    let refund = |id: i32, cents: i64| {
        let path = format!("/api/admin/payments/{id}/refunds");
        let body = json!({ "amount_cents": cents, "reason": "stale" });
        let shop = &shop;
        async move { shop.post_as(STAFF, &path, body).await }
    };
    let view = refund(2, 400).await.ok(201);
    assert_eq!(view["refunded_cents"], 1_100);
    refund(2, 6_002).await.fails(409, "refund_too_high");
    assert_eq!(refund(2, 6_001).await.ok(201)["status"], "refunded");
    refund(2, 1).await.fails(409, "not_refundable");
    refund(2, 0).await.fails(422, "invalid");
    refund(99, 1).await.fails(404, "not_found");
}

#[actix_web::test]
async fn an_invoice_is_paid_later() {
    let shop = Shop::with(|config| config.payment_provider = ProviderKind::Invoice);
    let form = json!({ "address_id": 1 });
    let order = shop.post_as(LENA, "/api/orders", form).await.ok(201);
    assert_eq!(order["status"], "placed");
    let path = format!("/api/orders/{}", order["id"]);
    let payments = shop.get_as(LENA, &format!("{path}/payments")).await.ok(200);
    assert_eq!(payments[0]["status"], "pending");

    let delivery = json!({
        "id": "ev_1", "kind": "payment.captured", "reference": payments[0]["reference"]
    });
    let answer = deliver(&shop, &delivery, SECRET).await.ok(200);
    assert_eq!(answer["status"], "processed");
    let again = deliver(&shop, &delivery, SECRET).await.ok(200);
    assert_eq!(again["status"], "duplicate");
    assert_eq!(shop.get_as(LENA, &path).await.ok(200)["status"], "paid");
    shop.post_as(LENA, &format!("{path}/cancel"), Value::Null)
        .await
        .fails(402, "payment_declined");
}

#[actix_web::test]
async fn a_dispute_marks_payment_and_order() {
    let shop = Shop::new();
    let delivery =
        json!({ "id": "ev_1", "kind": "payment.disputed", "reference": "card_seed0001" });
    deliver(&shop, &delivery, SECRET).await.ok(200);
    let order = shop.get_as(LENA, "/api/orders/1").await.ok(200);
    assert_eq!(order["status"], "disputed");
    let payment = shop.get_as(LENA, "/api/payments/1").await.ok(200);
    assert_eq!(payment["status"], "disputed");
    let other = json!({ "id": "ev_2", "kind": "card.expiring", "reference": "card_seed0001" });
    let answer = deliver(&shop, &other, SECRET).await.ok(200);
    assert_eq!(answer["status"], "ignored");
}

#[actix_web::test]
async fn a_late_delivery_does_not_revive_a_cancelled_order() {
    let shop = Shop::new();
    let late = json!({ "id": "ev_1", "kind": "payment.captured", "reference": "card_seed0004" });
    deliver(&shop, &late, SECRET).await.ok(200);
    let order = shop.get_as(TOM, "/api/orders/4").await.ok(200);
    assert_eq!(order["status"], "cancelled");
}

#[actix_web::test]
async fn strange_deliveries_are_refused() {
    let shop = Shop::new();
    let delivery = json!({ "id": "ev_1", "kind": "payment.disputed", "reference": "card_nowhere" });
    deliver(&shop, &delivery, "wrong")
        .await
        .fails(401, "unauthorized");
    shop.post_as("", "/api/payments/webhook", delivery.clone())
        .await
        .fails(401, "unauthorized");
    deliver(&shop, &delivery, SECRET)
        .await
        .fails(404, "not_found");
    // A refused delivery may be sent again.
    assert_eq!(shop.count("webhook_deliveries"), 0);
    deliver(&shop, &json!({ "id": 5 }), SECRET)
        .await
        .fails(400, "malformed");
}
