//! Carts in the database and on the wire.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::schema::{cart_lines, carts};

/// A row of `carts`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable)]
#[diesel(table_name = carts)]
pub struct Cart {
    pub id: i32,
    pub user_id: i32,
    pub updated_at: NaiveDateTime,
}

/// A row of `cart_lines`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable, Associations, Insertable)]
#[diesel(belongs_to(Cart), table_name = cart_lines, primary_key(cart_id, product_id))]
pub struct CartLine {
    pub cart_id: i32,
    pub product_id: i32,
    pub quantity: i32,
    pub added_at: NaiveDateTime,
}

/// Body of `POST /api/cart/lines`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct AddForm {
    pub product_id: i32,
    #[serde(default = "one")]
    pub quantity: i32,
}

fn one() -> i32 {
    1
}

/// Body of `PUT /api/cart/lines/{product_id}`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct QuantityForm {
    pub quantity: i32,
}

/// The cart with names and prices.
#[derive(Debug, Serialize)]
pub struct CartView {
    pub lines: Vec<LineView>,
    pub total_cents: i64,
    pub total: String,
}

/// One line of the cart.
#[derive(Debug, Serialize)]
pub struct LineView {
    pub product_id: i32,
    pub name: String,
    pub quantity: i32,
    pub price_cents: i64,
    /// Whether so many lie on the shelf.
    pub available: bool,
}

impl LineView {
    /// What the line costs.
    pub fn total_cents(&self) -> i64 {
        self.price_cents * i64::from(self.quantity)
    }
}
