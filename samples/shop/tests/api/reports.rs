use serde_json::json;

use crate::common::{LENA, STAFF, Shop};

#[actix_web::test]
async fn sales_are_read_from_the_view() {
    let shop = Shop::new();
    let path = "/api/admin/reports/sales?from=2026-05-01&to=2026-06-30";
    let rows = shop.get_as(STAFF, path).await.ok(200);
    assert_eq!(
        rows,
        json!([
            { "category": "Black tea", "quantity": 2, "cents": 2380 },
            { "category": "Green tea", "quantity": 3, "cents": 2970 },
            { "category": "Teaware", "quantity": 1, "cents": 6900 },
        ])
    );
    let path = "/api/admin/reports/sales?from=2026-06-01&to=2026-05-30";
    shop.get_as(STAFF, path).await.fails(422, "invalid");
    shop.get_as(STAFF, "/api/admin/reports/sales?from=May")
        .await
        .fails(400, "malformed");
    shop.get_as(LENA, path).await.fails(403, "forbidden");
}

#[actix_web::test]
async fn revenue_comes_by_month() {
    let shop = Shop::new();
    let rows = shop
        .get_as(STAFF, "/api/admin/reports/revenue")
        .await
        .ok(200);
    assert_eq!(
        rows[0],
        json!({ "month": "2026-05", "orders": 2, "captured_cents": 9571, "refunded_cents": 700 })
    );
    assert_eq!(rows[1]["refunded_cents"], 1280);
    let path = "/api/admin/reports/revenue?year=2025";
    assert_eq!(shop.get_as(STAFF, path).await.ok(200), json!([]));
}

#[actix_web::test]
async fn the_best_customers_are_known() {
    let shop = Shop::new();
    let rows = shop
        .get_as(STAFF, "/api/admin/reports/customers")
        .await
        .ok(200);
    assert_eq!(
        rows,
        json!([
            { "name": "Lena", "city": "Oldport", "orders": 2 },
            { "name": "Tom", "city": "Newhaven", "orders": 1 },
        ])
    );
}

#[actix_web::test]
async fn the_price_list_is_a_table() {
    let shop = Shop::new();
    let answer = shop
        .get_as(STAFF, "/api/admin/reports/price-list.csv")
        .await;
    assert_eq!(
        answer.headers.get("content-type").unwrap(),
        "text/csv; charset=utf-8"
    );
    let text = String::from_utf8(answer.bytes.to_vec()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[1], "B-1;Assam;7,90");
}
