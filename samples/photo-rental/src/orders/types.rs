//! Orders in the database and on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::helpers::{RentalPeriod, parse_date};

/// A row of `orders`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OrderRow {
    pub id: i64,
    pub user_id: i64,
    pub address_id: Option<i64>,
    pub status: String,
    pub starts_on: String,
    pub ends_on: String,
    pub subtotal_cents: i64,
    pub discount_cents: i64,
    pub deposit_cents: i64,
    pub total_cents: i64,
    pub late_fee_cents: i64,
    pub disputed: bool,
    pub placed_at: String,
    pub picked_up_at: Option<String>,
    pub returned_at: Option<String>,
    pub reminded_on: Option<String>,
}

impl OrderRow {
    /// The number printed on papers: year of the order and id.
    pub fn number(&self) -> String {
        format!("PR-{}-{:06}", &self.placed_at[..4], self.id)
    }

    /// The days of the rental.
    pub fn period(&self) -> Result<RentalPeriod, AppError> {
        RentalPeriod::parse(&self.starts_on, &self.ends_on)
    }

    /// The last day of the rental.
    pub fn due_on(&self) -> Result<NaiveDate, AppError> {
        parse_date("ends_on", &self.ends_on)
    }
}

/// A row of `order_lines`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct OrderLine {
    pub item_id: i64,
    pub item_name: String,
    pub quantity: i64,
    pub daily_rate_cents: i64,
    pub line_total_cents: i64,
}

/// A row of `order_events`.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct OrderEvent {
    pub kind: String,
    pub detail: String,
    pub created_at: String,
}

/// An order in a list.
#[derive(Debug, Serialize)]
pub struct OrderSummary {
    pub id: i64,
    pub number: String,
    pub status: String,
    pub starts_on: String,
    pub ends_on: String,
    pub total_cents: i64,
    pub paid_cents: i64,
}

/// An order on its own page.
#[derive(Debug, Serialize)]
pub struct OrderView {
    pub id: i64,
    pub number: String,
    pub status: String,
    pub starts_on: String,
    pub ends_on: String,
    pub days: i64,
    pub address_id: Option<i64>,
    pub subtotal_cents: i64,
    pub discount_cents: i64,
    pub deposit_cents: i64,
    pub total_cents: i64,
    pub total: String,
    pub late_fee_cents: i64,
    pub disputed: bool,
    pub placed_at: String,
    pub picked_up_at: Option<String>,
    pub returned_at: Option<String>,
    pub lines: Vec<OrderLine>,
    pub events: Vec<OrderEvent>,
}

/// How many of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct LineRequest {
    pub item_id: i64,
    pub quantity: i64,
}

/// Body of `POST /api/orders/quote`.
#[derive(Debug, Deserialize)]
pub struct QuoteRequest {
    pub from: String,
    pub to: String,
    pub lines: Vec<LineRequest>,
}

/// One line of a quote.
#[derive(Clone, Debug, Serialize)]
pub struct QuoteLine {
    #[serde(flatten)]
    pub line: OrderLine,
    pub deposit_cents: i64,
    pub free: i64,
    /// If too few are free: the first day on which the same rental could start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_free_on: Option<NaiveDate>,
}

/// What a rental would cost.
#[derive(Clone, Debug, Serialize)]
pub struct Quote {
    pub period: RentalPeriod,
    pub days: i64,
    pub lines: Vec<QuoteLine>,
    pub subtotal_cents: i64,
    pub discount_percent: i64,
    pub discount_cents: i64,
    pub deposit_cents: i64,
    pub total_cents: i64,
    pub total: String,
    pub available: bool,
}

/// Body of `POST /api/orders`; without lines, the cart is ordered.
#[derive(Debug, Deserialize)]
pub struct PlaceOrderRequest {
    pub from: String,
    pub to: String,
    #[serde(default)]
    pub lines: Vec<LineRequest>,
    pub address_id: Option<i64>,
    pub payment_token: String,
}

/// Body of `PUT /api/cart/items/{item_id}`.
#[derive(Debug, Deserialize)]
pub struct CartQuantity {
    pub quantity: i64,
}

/// The cart.
#[derive(Debug, Serialize)]
pub struct CartView {
    pub lines: Vec<CartLine>,
    pub per_day_cents: i64,
}

/// One line of the cart.
#[derive(Debug, Serialize)]
pub struct CartLine {
    pub item_id: i64,
    pub name: String,
    pub quantity: i64,
    pub daily_rate_cents: i64,
}

/// Query of `GET /api/orders`.
#[derive(Debug, Default, Deserialize)]
pub struct ListParams {
    pub status: Option<String>,
    pub page: Option<i64>,
    pub per_page: Option<i64>,
}

/// Query of `GET /api/admin/orders/overdue`.
#[derive(Debug, Default, Deserialize)]
pub struct OverdueParams {
    /// The day to look from; today if missing.
    pub on: Option<String>,
}

/// An order that should have been returned.
#[derive(Debug, Serialize)]
pub struct OverdueOrder {
    pub id: i64,
    pub number: String,
    pub ends_on: String,
    pub days_late: i64,
    pub late_fee_cents: i64,
    pub customer: String,
    pub email: String,
}
