use photo_rental::events::{self, RentalReturned};
use photo_rental::recommendations::consumer::on_rental_returned;
use serde_json::Value;

use crate::common::{DESK, JONAS, MIRA, TestApp};

fn ids(list: &Value) -> Vec<i64> {
    let list = list.as_array().unwrap();
    list.iter()
        .map(|row| {
            let id = row.get("item_id").unwrap_or(&row["id"]);
            id.as_i64().unwrap()
        })
        .collect()
}

#[tokio::test]
async fn popular_items_can_be_narrowed() {
    let app = TestApp::new().await;
    let all = app.get("/api/recommendations/popular").await.ok(200);
    assert_eq!(ids(&all), [1, 3, 6]);
    let lights = app
        .get("/api/recommendations/popular?category=lights")
        .await
        .ok(200);
    assert_eq!(ids(&lights), [6]);
    let first = app
        .get("/api/recommendations/popular?limit=1")
        .await
        .ok(200);
    assert_eq!(ids(&first), [1]);
    app.get("/api/recommendations/popular?limit=21")
        .await
        .assert_error(422, "invalid");
}

#[tokio::test]
async fn companions_of_an_item_come_by_score() {
    let app = TestApp::new().await;
    let list = app
        .get("/api/recommendations/items/1/together")
        .await
        .ok(200);
    assert_eq!(ids(&list), [3, 6]);
    assert_eq!(list[0]["score"], 2);
    assert_eq!(list[0]["reason"], "rented_together");
    let none = app
        .get("/api/recommendations/items/8/together")
        .await
        .ok(200);
    assert!(ids(&none).is_empty());
    app.get("/api/recommendations/items/99/together")
        .await
        .assert_error(404, "not_found");
}

#[tokio::test]
async fn suggestions_fit_the_user_and_are_logged() {
    let app = TestApp::new().await;
    let mine = app
        .get_as(MIRA, "/api/recommendations/me?limit=3")
        .await
        .ok(200);
    assert_eq!(ids(&mine), [6, 1, 3]);
    assert_eq!(mine[0]["reason"], "like_your_rentals");
    assert_eq!(mine[1]["reason"], "popular");
    let jonas = app.get_as(JONAS, "/api/recommendations/me").await.ok(200);
    assert_eq!(jonas[0]["reason"], "popular");
    let logged = "SELECT COUNT(*) FROM recommendation_log WHERE user_id = 2";
    assert_eq!(app.count(logged).await, 3);
    app.get("/api/recommendations/me")
        .await
        .assert_error(401, "unauthorized");
}

#[tokio::test]
async fn an_event_counts_once() {
    let app = TestApp::new().await;
    let event = RentalReturned {
        order_id: 3,
        user_id: 2,
        item_ids: vec![2, 5],
        returned_on: "2026-06-15".into(),
    };
    for _ in 0..2 {
        on_rental_returned(&app.state, event.clone()).await.unwrap();
    }
    let score = "SELECT score FROM item_affinity WHERE item_id = 5 AND other_item_id = 2";
    assert_eq!(app.count(score).await, 1);
    let rentals = "SELECT rentals FROM item_popularity WHERE item_id = 2";
    assert_eq!(app.count(rentals).await, 1);
}

#[tokio::test]
async fn an_event_about_an_unknown_item_changes_nothing() {
    let app = TestApp::new().await;
    let event = RentalReturned {
        order_id: 3,
        user_id: 2,
        item_ids: vec![2, 99],
        returned_on: "2026-06-15".into(),
    };
    assert!(on_rental_returned(&app.state, event).await.is_err());
    let rows = "SELECT COUNT(*) FROM rental_history WHERE order_id = 3";
    assert_eq!(app.count(rows).await, 0);
}

#[tokio::test]
async fn a_return_reaches_the_consumer() {
    let app = TestApp::new().await;
    let consumer = events::spawn_consumer(&app.state);
    app.call("POST", "/api/admin/orders/3/return", Some(DESK), None)
        .await
        .ok(200);
    let rentals = "SELECT COUNT(*) FROM item_popularity WHERE item_id = 2";
    for _ in 0..200 {
        if app.count(rentals).await == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(app.count(rentals).await, 1);
    consumer.abort();
}
