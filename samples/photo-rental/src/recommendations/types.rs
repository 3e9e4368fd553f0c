//! Recommendations on the wire.

use serde::{Deserialize, Serialize};

use crate::inventory::types::ItemCard;

/// Query of `GET /api/recommendations/popular`.
#[derive(Debug, Default, Deserialize)]
pub struct PopularParams {
    pub category: Option<String>,
    pub limit: Option<i64>,
}

/// Query of the other lists.
#[derive(Debug, Default, Deserialize)]
pub struct LimitParams {
    pub limit: Option<i64>,
}

/// An item that is rented often.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct PopularItem {
    pub item_id: i64,
    pub slug: String,
    pub name: String,
    pub category: String,
    pub daily_rate_cents: i64,
    pub rentals: i64,
    pub last_rented_on: String,
}

/// An item id and how strongly it is recommended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Scored {
    pub item_id: i64,
    pub score: i64,
}

/// An item and why it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestion {
    #[serde(flatten)]
    pub item: ItemCard,
    pub score: i64,
    pub reason: Reason,
}

/// Why an item is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    RentedTogether,
    LikeYourRentals,
    Popular,
}
