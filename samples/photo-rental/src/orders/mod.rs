//! Carts, quotes and orders.

pub mod cart;
pub mod handlers;
pub mod jobs;
pub mod pricing;
pub mod repo;
pub mod service;
pub mod types;

use axum::Router;
use axum::routing::{get, post, put};

use crate::state::AppState;

/// Mounted at `/api/orders`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(handlers::list).post(handlers::place))
        .route("/quote", post(handlers::quote))
        .route("/{id}", get(handlers::show))
        .route("/{id}/cancel", post(handlers::cancel))
}

/// Mounted at `/api/cart`.
pub fn cart_router() -> Router<AppState> {
    Router::new().route("/", get(cart::show)).route(
        "/items/{item_id}",
        put(cart::put_item).delete(cart::remove_item),
    )
}

/// Mounted at `/api/admin/orders`.
pub fn admin_router() -> Router<AppState> {
    Router::new()
        .route("/overdue", get(handlers::overdue))
        .route("/{id}/pick-up", post(handlers::pick_up))
        .route("/{id}/return", post(handlers::give_back))
}
