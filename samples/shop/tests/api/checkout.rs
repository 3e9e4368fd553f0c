use serde_json::{Value, json};

use crate::common::{LENA, STAFF, Shop, TOM};

fn form(voucher: Option<&str>, payment_token: &str) -> Value {
    json!({ "address_id": 1, "voucher": voucher, "payment_token": payment_token })
}

#[actix_web::test]
async fn a_quote_adds_up() {
    let shop = Shop::new();
    let quote = |body: Value| shop.post_as(LENA, "/api/orders/quote", body);
    let plain = quote(json!({})).await.ok(200);
    assert_eq!(plain["total"], "32.60 EUR");
    let cheaper = quote(json!({ "voucher": "SPRING" })).await.ok(200);
    assert_eq!(cheaper["discount_cents"], 277);
    assert_eq!(cheaper["total_cents"], 2770 - 277 + 490);
    for code in ["WINTER", "GONE", "SUMMER"] {
        quote(json!({ "voucher": code }))
            .await
            .fails(422, "invalid");
    }
}

#[actix_web::test]
async fn an_order_takes_goods_and_money() {
    let shop = Shop::new();
    let placed = shop
        .post_as(LENA, "/api/orders", form(Some("SPRING"), "tok_visa"))
        .await
        .ok(201);
    assert_eq!(placed["status"], "paid");
    assert_eq!(placed["total"], "29.83 EUR");
    assert_eq!(placed["lines"][0]["product_name"], "Sencha");
    assert_eq!((shop.stock(1), shop.stock(3)), (38, 99));
    assert_eq!(
        shop.count("vouchers WHERE code = 'SPRING' AND uses_left = 4"),
        1
    );
    assert_eq!(shop.count("cart_lines WHERE cart_id = 1"), 0);
    // The confirmation is sent after the answer.
    tokio::task::yield_now().await;
    assert_eq!(shop.state.mailer.sent()[0].subject, "Your order");

    let path = format!("/api/orders/{}", placed["id"]);
    assert_eq!(shop.get_as(LENA, &path).await.ok(200), placed);
    let payments = shop.get_as(LENA, &format!("{path}/payments")).await.ok(200);
    assert_eq!(payments[0]["status"], "captured");
    shop.post_as(LENA, "/api/orders", form(None, "tok_visa"))
        .await
        .fails(409, "cart_empty");
}

#[actix_web::test]
async fn a_failed_order_leaves_nothing_behind() {
    let shop = Shop::new();
    shop.post_as(LENA, "/api/orders", form(Some("SPRING"), "tok_declined"))
        .await
        .fails(402, "payment_declined");
    let line = json!({ "product_id": 2, "quantity": 3 });
    shop.post_as(LENA, "/api/cart/lines", line).await.ok(201);
    shop.post_as(LENA, "/api/orders", form(None, "tok_visa"))
        .await
        .fails(409, "out_of_stock");
    assert_eq!((shop.count("orders"), shop.count("payments")), (4, 4));
    assert_eq!((shop.stock(1), shop.stock(3)), (40, 100));
    assert_eq!(shop.count("cart_lines WHERE cart_id = 1"), 3);
    shop.post_as(TOM, "/api/orders", form(None, "tok_visa"))
        .await
        .fails(404, "not_found");
}

#[actix_web::test]
async fn two_customers_do_not_get_the_same_tin() {
    let shop = Shop::new();
    let line = json!({ "product_id": 2, "quantity": 2 });
    for token in [LENA, TOM] {
        shop.post_as(token, "/api/cart/lines", line.clone())
            .await
            .ok(201);
    }
    let mut toms = form(None, "tok_visa");
    toms["address_id"] = json!(3);
    let first = shop
        .post_as(LENA, "/api/orders", form(None, "tok_visa"))
        .await;
    let second = shop.post_as(TOM, "/api/orders", toms).await;
    first.ok(201);
    second.fails(409, "out_of_stock");
}

#[actix_web::test]
async fn orders_are_listed_with_what_was_paid() {
    let shop = Shop::new();
    let page = shop.get_as(TOM, "/api/orders").await.ok(200);
    assert_eq!(page["total"], 2);
    assert_eq!(page["items"][0]["id"], 4);
    assert_eq!(page["items"][0]["paid_cents"], 0);
    assert_eq!(page["items"][1]["paid_cents"], 7101 - 700);
    assert_eq!(page["items"][1]["items"], 2);
    let page = shop
        .get_as(TOM, "/api/orders?page=2&per_page=1")
        .await
        .ok(200);
    assert_eq!(page["items"][0]["id"], 2);
}

#[actix_web::test]
async fn orders_of_others_do_not_exist() {
    let shop = Shop::new();
    shop.get_as(TOM, "/api/orders/1")
        .await
        .fails(404, "not_found");
    shop.get_as(TOM, "/api/orders/1/payments")
        .await
        .fails(404, "not_found");
    shop.get_as(TOM, "/api/orders/one")
        .await
        .fails(404, "not_found");
    assert_eq!(shop.get_as(STAFF, "/api/orders/1").await.ok(200)["id"], 1);
}

#[actix_web::test]
async fn cancelling_restocks_through_the_trigger_and_pays_back() {
    let shop = Shop::new();
    let cancel = |path: &'static str| shop.post_as(LENA, path, Value::Null);
    let view = cancel("/api/orders/3/cancel").await.ok(200);
    assert_eq!(view["status"], "cancelled");
    assert_eq!(shop.stock(4), 2);
    let payment = shop.get_as(LENA, "/api/payments/3").await.ok(200);
    assert_eq!(payment["status"], "refunded");
    assert_eq!(payment["refunds"][0]["reason"], "order cancelled");
    cancel("/api/orders/3/cancel")
        .await
        .fails(409, "not_cancellable");
    cancel("/api/orders/1/cancel")
        .await
        .fails(409, "not_cancellable");
    cancel("/api/orders/2/cancel").await.fails(404, "not_found");
}

#[actix_web::test]
async fn the_staff_packs_and_ships() {
    let shop = Shop::new();
    let list = shop
        .get_as(STAFF, "/api/admin/orders?status=paid")
        .await
        .ok(200);
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["customer"], "Lena");
    let list = shop.get_as(STAFF, "/api/admin/orders?q=tom@").await.ok(200);
    assert_eq!(list.as_array().unwrap().len(), 2);

    let ship = || shop.post_as(STAFF, "/api/admin/orders/3/ship", Value::Null);
    ship().await.ok(204);
    assert_eq!(shop.state.mailer.sent()[0].subject, "On its way");
    ship().await.fails(409, "not_paid");
    let order = shop.get_as(LENA, "/api/orders/3").await.ok(200);
    assert_eq!(order["shipped_at"], "2026-06-15T09:00:00");
}

#[actix_web::test]
async fn the_staff_keeps_the_vouchers() {
    let shop = Shop::new();
    let mut voucher = json!({
        "code": "SUMMER", "percent": 15, "uses_left": 9, "valid_until": "2026-08-31T23:59:59"
    });
    let path = "/api/admin/vouchers";
    shop.post_as(STAFF, path, voucher.clone()).await.ok(201);
    voucher["percent"] = json!(25);
    shop.post_as(STAFF, path, voucher.clone()).await.ok(201);
    let all = shop.get_as(STAFF, path).await.ok(200);
    assert_eq!(all[2], voucher);
    voucher["percent"] = json!(0);
    shop.post_as(STAFF, path, voucher)
        .await
        .fails(422, "invalid");
}
