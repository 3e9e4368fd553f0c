//! Orders in the database and on the wire.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::schema::{order_lines, orders, vouchers};

/// A row of `orders`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable, Serialize)]
#[diesel(table_name = orders)]
pub struct Order {
    pub id: i32,
    #[serde(skip)]
    pub user_id: i32,
    pub address_id: i32,
    pub status: String,
    pub subtotal_cents: i64,
    pub discount_cents: i64,
    pub shipping_cents: i64,
    pub total_cents: i64,
    pub voucher_code: Option<String>,
    pub placed_at: NaiveDateTime,
    pub shipped_at: Option<NaiveDateTime>,
}

/// A new row of `orders`.
#[derive(Debug, Insertable)]
#[diesel(table_name = orders)]
pub struct NewOrder<'a> {
    pub user_id: i32,
    pub address_id: i32,
    pub status: &'a str,
    pub subtotal_cents: i64,
    pub discount_cents: i64,
    pub shipping_cents: i64,
    pub total_cents: i64,
    pub voucher_code: Option<&'a str>,
    pub placed_at: NaiveDateTime,
}

/// A row of `order_lines`.
#[derive(
    Clone, Debug, Queryable, Selectable, Identifiable, Associations, Insertable, Serialize,
)]
#[diesel(belongs_to(Order), table_name = order_lines, primary_key(order_id, product_id))]
pub struct OrderLine {
    #[serde(skip)]
    pub order_id: i32,
    pub product_id: i32,
    pub product_name: String,
    pub quantity: i32,
    pub price_cents: i64,
}

/// A row of `vouchers`; also the body of `POST /api/admin/vouchers`.
#[derive(
    Clone,
    Debug,
    Queryable,
    Selectable,
    Identifiable,
    Insertable,
    AsChangeset,
    Serialize,
    Deserialize,
)]
#[diesel(table_name = vouchers, primary_key(code))]
pub struct Voucher {
    pub code: String,
    pub percent: i32,
    pub uses_left: i32,
    pub valid_until: NaiveDateTime,
}

/// Body of `POST /api/orders/quote`.
#[derive(Debug, Deserialize)]
pub struct QuoteForm {
    pub voucher: Option<String>,
}

/// Body of `POST /api/orders`.
#[derive(Debug, Deserialize)]
pub struct OrderForm {
    pub address_id: i32,
    pub voucher: Option<String>,
    #[serde(default)]
    pub payment_token: String,
}

/// What the cart would cost.
#[derive(Clone, Debug, Serialize)]
pub struct Quote {
    pub lines: Vec<QuoteLine>,
    pub subtotal_cents: i64,
    pub discount_cents: i64,
    pub shipping_cents: i64,
    pub total_cents: i64,
    pub total: String,
    pub voucher: Option<String>,
}

/// One line of a quote.
#[derive(Clone, Debug, Serialize)]
pub struct QuoteLine {
    pub product_id: i32,
    pub name: String,
    pub quantity: i32,
    pub price_cents: i64,
}

/// An order in a list.
#[derive(Debug, Serialize)]
pub struct OrderSummary {
    pub id: i32,
    pub status: String,
    pub placed_at: NaiveDateTime,
    pub total_cents: i64,
    pub paid_cents: i64,
    pub items: i32,
}

/// An order on its own page.
#[derive(Debug, Serialize)]
pub struct OrderView {
    #[serde(flatten)]
    pub order: Order,
    pub total: String,
    pub lines: Vec<OrderLine>,
}

/// An order in the staff's list.
#[derive(Debug, Queryable, Serialize)]
pub struct StaffOrder {
    pub id: i32,
    pub status: String,
    pub placed_at: NaiveDateTime,
    pub total_cents: i64,
    pub customer: String,
    pub city: String,
}

/// Query of `GET /api/admin/orders`.
#[derive(Debug, Deserialize)]
pub struct StaffParams {
    pub status: Option<String>,
    pub q: Option<String>,
}
