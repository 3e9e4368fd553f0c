//! The cart: handlers and the little logic behind them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::repo;
use super::types::{CartLine, CartQuantity, CartView};
use crate::error::AppError;
use crate::helpers::{JsonBody, PathId, Validator};
use crate::inventory;
use crate::state::AppState;
use crate::users::CurrentUser;

/// The largest quantity of one item that can be rented without a call.
pub const MAX_QUANTITY: i64 = 20;

/// The cart with names and rates.
pub async fn show( //~ entry GET /api/cart
    State(state): State<AppState>,
    current: CurrentUser,
) -> Result<Json<CartView>, AppError> {
    Ok(Json(view(&state, current.id()).await?))
}

/// Sets the quantity of an item.
pub async fn put_item( //~ entry PUT /api/cart/items/{item_id}
    State(state): State<AppState>,
    current: CurrentUser,
    PathId(item_id): PathId,
    JsonBody(body): JsonBody<CartQuantity>,
) -> Result<Json<CartView>, AppError> {
    Validator::new()
        .range("quantity", body.quantity, 1, MAX_QUANTITY)
        .finish()?;
    // Asking for the price also tells whether the item is offered at all.
    inventory::service::price_of(&state, item_id).await?; //~ calls photo_rental::inventory::service::price_of
    repo::put_cart_item(&state.pool, current.id(), item_id, body.quantity).await?;
    Ok(Json(view(&state, current.id()).await?))
}

/// Takes an item out.
pub async fn remove_item( //~ entry DELETE /api/cart/items/{item_id}
    State(state): State<AppState>,
    current: CurrentUser,
    PathId(item_id): PathId,
) -> Result<StatusCode, AppError> {
    if !repo::delete_cart_item(&state.pool, current.id(), item_id).await? {
        return Err(AppError::NotFound("item in the cart"));
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn view(state: &AppState, user_id: i64) -> Result<CartView, AppError> {
    let mut lines = Vec::new();
    for line in repo::cart(&state.pool, user_id).await? {
        let price = inventory::service::price_of(state, line.item_id).await?; //~ n-plus-one ; calls photo_rental::inventory::service::price_of
        lines.push(CartLine {
            item_id: line.item_id,
            name: price.name,
            quantity: line.quantity,
            daily_rate_cents: price.daily_rate_cents,
        });
    }
    Ok(CartView {
        per_day_cents: lines.iter().map(CartLine::per_day).sum(), //~ calls photo_rental::orders::cart::CartLine::per_day
        lines,
    })
}

impl CartLine {
    fn per_day(&self) -> i64 {
        self.daily_rate_cents * self.quantity
    }
}
