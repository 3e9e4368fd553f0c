//! The catalog in the database and on the wire.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::schema::{categories, products, reviews, stock_levels};

/// A row of `categories`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable, Serialize)]
#[diesel(table_name = categories)]
pub struct Category {
    pub id: i32,
    pub parent_id: Option<i32>,
    pub slug: String,
    pub name: String,
    pub position: i32,
}

/// Body of `POST /api/admin/categories`.
#[derive(Debug, Deserialize, Insertable)]
#[diesel(table_name = categories)]
pub struct NewCategory {
    pub parent_id: Option<i32>,
    pub slug: String,
    pub name: String,
    #[serde(default = "last")]
    pub position: i32,
}

fn last() -> i32 {
    100
}

/// A category with the name of the one above it.
#[derive(Debug, Serialize)]
pub struct CategoryView {
    pub slug: String,
    pub name: String,
    pub parent: Option<String>,
    pub products: i64,
}

/// A row of `products`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable, Associations)]
#[diesel(belongs_to(Category), table_name = products)]
pub struct Product {
    pub id: i32,
    pub category_id: i32,
    pub sku: String,
    pub name: String,
    pub description: String,
    pub price_cents: i64,
    pub active: bool,
    pub created_at: NaiveDateTime,
}

/// A new row of `products`.
#[derive(Debug, Insertable, AsChangeset)]
#[diesel(table_name = products)]
pub struct NewProduct<'a> {
    pub category_id: i32,
    pub sku: &'a str,
    pub name: &'a str,
    pub description: &'a str,
    pub price_cents: i64,
    pub created_at: NaiveDateTime,
}

/// Body of `POST /api/admin/products`.
#[derive(Debug, Deserialize)]
pub struct ProductForm {
    pub category: String,
    pub sku: String,
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub price_cents: i64,
    #[serde(default)]
    pub stock: i32,
}

/// Body of `PATCH /api/admin/products/{id}`; what is missing stays.
#[derive(Debug, Deserialize, AsChangeset)]
#[diesel(table_name = products)]
pub struct ProductChanges {
    pub name: Option<String>,
    pub description: Option<String>,
    pub price_cents: Option<i64>,
    pub active: Option<bool>,
}

/// Body of `PUT /api/admin/products/{id}/stock`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct StockForm {
    pub on_hand: i32,
}

/// A row of `stock_levels`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable, Associations, Insertable)]
#[diesel(belongs_to(Product), table_name = stock_levels, primary_key(product_id))]
pub struct StockLevel {
    pub product_id: i32,
    pub on_hand: i32,
    pub updated_at: NaiveDateTime,
}

/// A row of `reviews` without its keys.
#[derive(Debug, Queryable, Serialize)]
pub struct ReviewView {
    pub author: String,
    pub rating: i32,
    pub body: String,
    pub created_at: NaiveDateTime,
}

/// A new row of `reviews`.
#[derive(Debug, Insertable)]
#[diesel(table_name = reviews)]
pub struct NewReview<'a> {
    pub product_id: i32,
    pub user_id: i32,
    pub rating: i32,
    pub body: &'a str,
    pub created_at: NaiveDateTime,
}

/// Body of `POST /api/catalog/products/{sku}/reviews`.
#[derive(Debug, Deserialize)]
pub struct ReviewForm {
    pub rating: i32,
    pub body: String,
}

/// A product in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ProductCard {
    pub id: i32,
    pub sku: String,
    pub name: String,
    pub category: String,
    pub price_cents: i64,
    pub price: String,
    pub in_stock: bool,
}

/// A product on its own page.
#[derive(Debug, Serialize)]
pub struct ProductDetail {
    #[serde(flatten)]
    pub card: ProductCard,
    pub description: String,
    pub on_hand: i32,
    pub active: bool,
    pub reviews: i64,
    /// The mean rating in tenths of a star.
    pub rating_tenths: Option<i64>,
}

/// What cart and checkout need to know of a product.
#[derive(Clone, Debug, Queryable, PartialEq, Eq)]
pub struct Offer {
    pub product_id: i32,
    pub name: String,
    pub price_cents: i64,
    pub on_hand: i32,
}

/// Query of `GET /api/catalog/products`.
#[derive(Debug, Default, Deserialize)]
pub struct SearchParams {
    pub q: Option<String>,
    pub category: Option<String>,
    pub max_price_cents: Option<i64>,
    #[serde(default)]
    pub in_stock: bool,
    #[serde(default)]
    pub sort: Sort,
    pub page: Option<i64>,
    pub per_page: Option<i64>,
}

/// The order of a search.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    #[default]
    Name,
    Cheapest,
    Newest,
}
