//! Categories, items, units and what clients see of them.

use serde::{Deserialize, Serialize};

/// A row of `categories`.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct Category {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub sort_order: i64,
}

/// A category with the number of active items in it.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub struct CategoryView {
    pub slug: String,
    pub name: String,
    pub n_items: i64,
}

/// A row of `items`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ItemRow {
    pub id: i64,
    pub category_id: i64,
    pub slug: String,
    pub name: String,
    pub brand: String,
    pub mount: Option<String>,
    pub description: String,
    pub daily_rate_cents: i64,
    pub deposit_cents: i64,
    pub active: bool,
    pub created_at: String,
}

/// A row of `units`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Unit {
    pub id: i64,
    pub item_id: i64,
    pub serial: String,
    pub grade: String,
    pub status: String,
}

impl Unit {
    /// Worn units go out first to regulars, new ones last: a lower number leaves the shelf earlier.
    pub fn wear_rank(&self) -> i64 {
        match self.grade.as_str() {
            "worn" => 0,
            "good" => 1,
            _ => 2,
        }
    }
}

/// An item in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ItemCard {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub brand: String,
    pub mount: Option<String>,
    pub category: String,
    pub daily_rate_cents: i64,
    pub daily_rate: String,
    pub deposit_cents: i64,
}

/// An item on its own page.
#[derive(Debug, Serialize)]
pub struct ItemDetail {
    #[serde(flatten)]
    pub card: ItemCard,
    pub category_name: String,
    pub description: String,
    pub active: bool,
    pub units_total: i64,
    pub units_in_stock: i64,
}

/// What an item costs; the part of it that a quote needs.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Price {
    pub item_id: i64,
    pub name: String,
    pub daily_rate_cents: i64,
    pub deposit_cents: i64,
}

/// How a search is sorted.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchSort {
    #[default]
    Name,
    RateAsc,
    RateDesc,
    Newest,
}

/// Query of `GET /api/items`.
#[derive(Debug, Default, Deserialize)]
pub struct SearchParams {
    pub q: Option<String>,
    pub category: Option<String>,
    pub brand: Option<String>,
    pub mount: Option<String>,
    pub max_rate_cents: Option<i64>,
    /// Both ends or none: only items with a unit free in these days.
    pub from: Option<String>,
    pub to: Option<String>,
    #[serde(default)]
    pub sort: SearchSort,
    pub page: Option<i64>,
    pub per_page: Option<i64>,
}

/// Query of the availability calendar.
#[derive(Debug, Deserialize)]
pub struct PeriodParams {
    pub from: String,
    pub to: String,
}

/// Body of `POST /api/admin/categories`.
#[derive(Debug, Deserialize)]
pub struct NewCategory {
    pub name: String,
    pub sort_order: Option<i64>,
}

/// Body of `POST /api/admin/items`.
#[derive(Debug, Deserialize)]
pub struct NewItem {
    pub category: String,
    pub name: String,
    pub brand: String,
    pub mount: Option<String>,
    #[serde(default)]
    pub description: String,
    pub daily_rate_cents: i64,
    pub deposit_cents: i64,
    #[serde(default)]
    pub serials: Vec<String>,
}

/// Body of `PATCH /api/admin/items/{id}`; a missing field stays as it is.
#[derive(Debug, Default, Deserialize)]
pub struct ItemPatch {
    pub description: Option<String>,
    pub daily_rate_cents: Option<i64>,
    pub deposit_cents: Option<i64>,
    pub active: Option<bool>,
}

/// Body of `POST /api/admin/items/{id}/units`.
#[derive(Debug, Deserialize)]
pub struct NewUnits {
    pub serials: Vec<String>,
}

/// Body of `POST /api/admin/units/{id}/maintenance`.
#[derive(Debug, Deserialize)]
pub struct NewMaintenance {
    pub reason: String,
    pub from: String,
    pub to: String,
}

/// A row of `maintenance_jobs`.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct MaintenanceJob {
    pub id: i64,
    pub unit_id: i64,
    pub reason: String,
    pub starts_on: String,
    pub ends_on: String,
    pub finished_at: Option<String>,
}

/// Days on which something keeps a unit from being rented.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Blocked {
    pub unit_id: i64,
    pub starts_on: String,
    pub ends_on: String,
}
