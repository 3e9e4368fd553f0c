use serde_json::{Value, json};
use shop::catalog::import::import;

use crate::common::{LENA, STAFF, Shop, TOM};

fn skus(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["sku"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn categories_know_their_parents() {
    let shop = Shop::new();
    let views = shop.get("/api/catalog/categories").await.ok(200);
    assert_eq!(views[0]["parent"], Value::Null);
    assert_eq!(
        views[1],
        json!({ "slug": "green", "name": "Green tea", "parent": "Tea", "products": 2 })
    );
    assert_eq!(views[3]["products"], 1);
}

#[actix_web::test]
async fn the_catalog_is_searched() {
    let shop = Shop::new();
    for (query, expected) in [
        ("", vec!["B-1", "G-2", "W-1", "B-2", "G-1"]),
        ("?sort=cheapest&per_page=2", vec!["B-1", "G-1"]),
        ("?sort=newest&page=2&per_page=2", vec!["B-1", "G-2"]),
        ("?q=china", vec!["G-2", "B-2"]),
        ("?q=china&in_stock=true", vec!["G-2"]),
        ("?category=green&max_price_cents=1000", vec!["G-1"]),
        ("?category=coffee", vec![]),
    ] {
        let page = shop.get(&format!("/api/catalog/products{query}")).await;
        assert_eq!(skus(&page.ok(200)), expected, "{query}");
    }
    shop.get("/api/catalog/products?sort=best")
        .await
        .fails(400, "malformed");
}

#[actix_web::test]
async fn a_product_has_a_page() {
    let shop = Shop::new();
    let page = shop.get("/api/catalog/products/G-1").await.ok(200);
    assert_eq!(page["price"], "9.90 EUR");
    assert_eq!(page["category"], "Green tea");
    assert_eq!(page["rating_tenths"], 45);
    let page = shop.get("/api/catalog/products/B-2").await.ok(200);
    assert_eq!(page["in_stock"], false);
    assert_eq!(page["rating_tenths"], Value::Null);
    shop.get("/api/catalog/products/X-1")
        .await
        .fails(404, "not_found");
}

#[actix_web::test]
async fn customers_review_what_they_bought() {
    let shop = Shop::new();
    let path = "/api/catalog/products/G-1/reviews";
    let review = json!({ "rating": 2, "body": "Bitter by now" });
    let views = shop.post_as(LENA, path, review.clone()).await.ok(201);
    assert_eq!(views[0]["author"], "Lena");
    assert_eq!(views[0]["rating"], 2);
    assert_eq!(views.as_array().unwrap().len(), 2);
    assert_eq!(shop.get(path).await.ok(200), views);
    shop.post_as(TOM, "/api/catalog/products/B-1/reviews", review)
        .await
        .fails(403, "forbidden");
    shop.post_as(LENA, path, json!({ "rating": 6, "body": "x" }))
        .await
        .fails(422, "invalid");
}

#[actix_web::test]
async fn the_staff_keeps_the_catalog() {
    let shop = Shop::new();
    let category = json!({ "slug": "white", "name": "White tea", "parent_id": 1 });
    let add = || shop.post_as(STAFF, "/api/admin/categories", category.clone());
    assert_eq!(add().await.ok(201)["position"], 100);
    add().await.fails(409, "slug_taken");

    let form = json!({
        "category": "white", "sku": "P-1", "name": "Silver Needle", "price_cents": 2490, "stock": 3
    });
    let product = shop
        .post_as(STAFF, "/api/admin/products", form.clone())
        .await;
    let product = product.ok(201);
    assert_eq!(product["category"], "White tea");
    assert_eq!(product["on_hand"], 3);
    shop.post_as(STAFF, "/api/admin/products", form.clone())
        .await
        .fails(409, "sku_taken");
    shop.post_as(LENA, "/api/admin/products", form)
        .await
        .fails(403, "forbidden");

    let path = format!("/api/admin/products/{}", product["id"]);
    let dearer = shop.call("PATCH", &path, STAFF, json!({ "price_cents": 2590 }));
    assert_eq!(dearer.await.ok(200)["price"], "25.90 EUR");
    shop.call("PATCH", &path, STAFF, json!({ "price_cents": 0 }))
        .await
        .fails(422, "invalid");
    shop.call(
        "PATCH",
        "/api/admin/products/99",
        STAFF,
        json!({ "active": true }),
    )
    .await
    .fails(404, "not_found");
    let stock = format!("{path}/stock");
    shop.call("PUT", &stock, STAFF, json!({ "on_hand": 8 }))
        .await
        .ok(204);
    let page = shop.get("/api/catalog/products/P-1").await.ok(200);
    assert_eq!(page["on_hand"], 8);
    shop.call("PUT", &stock, STAFF, json!({ "on_hand": -1 }))
        .await
        .fails(422, "invalid");
}

#[actix_web::test]
async fn an_import_is_all_or_nothing() {
    let shop = Shop::new();
    let mut conn = shop.state.pool.get().unwrap();
    let now = shop.state.now();
    let text = "green;G-1;Sencha First Flush;1290;12\ngreen;G-3;Gyokuro;1990;4\n";
    assert_eq!(import(&mut conn, text, now).unwrap(), 2);
    let page = shop.get("/api/catalog/products/G-1").await.ok(200);
    assert_eq!(page["name"], "Sencha First Flush");
    assert_eq!(page["on_hand"], 12);

    let text = "green;G-4;Bancha;590;9\ncoffee;C-1;Java;990;1\n";
    assert!(import(&mut conn, text, now).is_err());
    assert_eq!(shop.count("products WHERE sku = 'G-4'"), 0);
}
