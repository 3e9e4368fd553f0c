//! Reports on the wire.

use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::helpers::RentalPeriod;

/// The days a report covers.
#[derive(Debug, Deserialize)]
pub struct ReportParams {
    pub from: String,
    pub to: String,
}

impl ReportParams {
    /// The checked period.
    pub fn period(&self) -> Result<RentalPeriod, AppError> {
        RentalPeriod::parse(&self.from, &self.to)
    }
}

/// How much an item was used.
#[derive(Clone, Debug, Serialize)]
pub struct UtilisationRow {
    pub item_id: i64,
    pub name: String,
    pub category: String,
    pub units: i64,
    pub rented_days: i64,
    pub possible_days: i64,
    pub permille: i64,
    /// Units that are free today, to see what could be moved to another branch.
    pub free_today: i64,
}

/// The part of a utilisation row that the database knows.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UtilisationCount {
    pub item_id: i64,
    pub name: String,
    pub category: String,
    pub units: i64,
    pub rented_days: i64,
}

/// What a category earned.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct RevenueRow {
    pub category: String,
    pub name: String,
    pub orders: i64,
    pub gross_cents: i64,
}

/// What the shop earned.
#[derive(Clone, Debug, Serialize)]
pub struct RevenueReport {
    pub from: String,
    pub to: String,
    pub categories: Vec<RevenueRow>,
    pub charged_cents: i64,
    pub refunded_cents: i64,
    pub net_cents: i64,
    pub net: String,
}

/// A customer and what the customer spent.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct CustomerRow {
    pub user_id: i64,
    pub display_name: String,
    pub city: Option<String>,
    pub orders: i64,
    pub spent_cents: i64,
}

/// A row of `daily_reports`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct DailyReport {
    pub day: String,
    pub orders_placed: i64,
    pub orders_returned: i64,
    pub orders_cancelled: i64,
    pub revenue_cents: i64,
    pub refunds_cents: i64,
    pub deposits_held_cents: i64,
    pub utilisation_permille: i64,
    pub generated_at: String,
}

/// Order figures of one day.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct OrderFigures {
    pub placed: i64,
    pub returned: i64,
    pub cancelled: i64,
}

/// Money figures of one day.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct MoneyFigures {
    pub revenue_cents: i64,
    pub refunds_cents: i64,
    pub deposits_held_cents: i64,
}
