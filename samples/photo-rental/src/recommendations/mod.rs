//! What else a customer might like: read often, written by the consumer of `rental.returned`.

pub mod consumer;
pub mod handlers;
pub mod repo;
pub mod service;
pub mod types;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

/// Mounted at `/api/recommendations`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/popular", get(handlers::popular))
        .route("/items/{id}/together", get(handlers::together))
        .route("/me", get(handlers::for_me))
}
