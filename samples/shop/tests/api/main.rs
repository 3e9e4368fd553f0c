//! Every flow of the shop, through the application and a real database.

#[path = "../common/mod.rs"]
mod common;

mod accounts;
mod cart;
mod catalog;
mod checkout;
mod payment;
mod reports;

use common::Shop;

#[actix_web::test]
async fn health_and_version_answer() {
    let shop = Shop::new();
    assert_eq!(shop.get("/health").await.ok(200)["status"], "ok");
    assert_eq!(shop.get("/api/version").await.ok(200)["name"], "shop");
}

#[actix_web::test]
async fn unknown_pages_are_json_too() {
    let shop = Shop::new();
    for path in ["/nothing", "/api/nothing", "/api/catalog/nothing"] {
        shop.get(path).await.fails(404, "not_found");
    }
}

#[actix_web::test]
async fn the_same_read_gives_the_same_bytes() {
    let (one, two) = (Shop::new(), Shop::new());
    for path in [
        "/api/catalog/categories",
        "/api/catalog/products?sort=cheapest",
        "/api/catalog/products/G-1",
        "/api/catalog/products/G-1/reviews",
        "/api/trends",
    ] {
        let (first, second) = (one.get(path).await, two.get(path).await);
        assert_eq!(first.status, 200, "{path}");
        assert_eq!(first.bytes, second.bytes, "{path}");
    }
}
