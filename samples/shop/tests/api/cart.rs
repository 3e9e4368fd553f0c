use std::time::Duration;

use serde_json::{Value, json};
use shop::cart::jobs::abandoned_carts;
use shop::events;
use shop::server::Background;

use crate::common::{LENA, Shop, TOM};

#[actix_web::test]
async fn a_cart_is_filled_and_emptied() {
    let shop = Shop::new();
    let view = shop.get_as(LENA, "/api/cart").await.ok(200);
    assert_eq!(view["total"], "27.70 EUR");
    let add = |body: Value| shop.post_as(LENA, "/api/cart/lines", body);
    let view = add(json!({ "product_id": 1 })).await.ok(201);
    assert_eq!(view["lines"][0]["quantity"], 3);
    let view = add(json!({ "product_id": 2, "quantity": 3 })).await.ok(201);
    assert_eq!(view["lines"][2]["available"], false);
    add(json!({ "product_id": 6 }))
        .await
        .fails(404, "not_found");
    add(json!({ "product_id": 1, "quantity": 48 }))
        .await
        .fails(422, "invalid");

    let path = "/api/cart/lines/2";
    let view = shop.call("PUT", path, LENA, json!({ "quantity": 1 })).await;
    assert_eq!(view.ok(200)["total_cents"], 3 * 990 + 790 + 1490);
    shop.call("DELETE", path, LENA, Value::Null).await.ok(204);
    shop.call("DELETE", path, LENA, Value::Null)
        .await
        .fails(404, "not_found");
    shop.call("DELETE", "/api/cart", LENA, Value::Null)
        .await
        .ok(204);
    let view = shop.get_as(LENA, "/api/cart").await.ok(200);
    assert_eq!(view["lines"], json!([]));
    assert_eq!(shop.count("cart_lines"), 1);
}

#[actix_web::test]
async fn a_cart_needs_a_user() {
    let shop = Shop::new();
    shop.get("/api/cart").await.fails(401, "unauthorized");
    shop.post_as(LENA, "/api/cart/lines", json!([]))
        .await
        .fails(422, "invalid");
}

#[actix_web::test]
async fn what_is_added_becomes_a_trend() {
    let mut shop = Shop::new();
    let before = shop.get("/api/trends?limit=2").await.ok(200);
    assert_eq!(before[0]["times_added"], 9);
    assert_eq!(before[1]["sku"], "B-1");
    for _ in 0..2 {
        shop.post_as(TOM, "/api/cart/lines", json!({ "product_id": 5 }))
            .await
            .ok(201);
    }
    let n_handled = events::drain(&shop.state, &mut shop.receiver).await;
    assert_eq!(n_handled.unwrap(), 2);
    let after = shop.get("/api/trends?limit=2").await.ok(200);
    assert_eq!(after[1]["sku"], "W-1");
    assert_eq!(after[1]["times_added"], 6);
    assert_eq!(shop.count("interest_events"), 5);
    shop.get("/api/trends?limit=21").await.fails(422, "invalid");
}

#[actix_web::test]
async fn products_no_longer_sold_are_no_trend() {
    let shop = Shop::new();
    let trends = shop.get("/api/trends").await.ok(200);
    assert_eq!(trends.as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn owners_of_abandoned_carts_get_one_mail() {
    let shop = Shop::new();
    assert_eq!(abandoned_carts(&shop.state).await.unwrap(), 1);
    assert_eq!(abandoned_carts(&shop.state).await.unwrap(), 0);
    let mails = shop.state.mailer.sent();
    assert_eq!(mails[0].to, "lena@example.org");
    assert_eq!(
        mails[0].body,
        "Hello Lena, 3 things are waiting in your cart."
    );
}

#[actix_web::test]
async fn background_work_starts_and_stops() {
    let Shop {
        state,
        receiver,
        folder,
    } = Shop::new();
    let background = Background::start(&state, receiver).await.unwrap();
    // The sweeper starts at once, and the consumer is there for the events.
    let event = events::CartItemAdded {
        user_id: 2,
        product_id: 2,
        quantity: 1,
    };
    state.events.emit(events::CART_ITEM_ADDED, &event);
    let (_, spare) = events::EventBus::new();
    let shop = Shop {
        state,
        receiver: spare,
        folder,
    };
    for _ in 0..400 {
        if shop.count("sessions") == 3 && shop.count("interest_events") == 4 {
            break;
        }
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(shop.count("sessions"), 3);
    assert_eq!(shop.count("interest_events"), 4);
    background.stop().await.unwrap();
}
