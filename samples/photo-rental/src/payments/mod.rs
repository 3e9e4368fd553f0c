//! Charges, deposits and refunds through a payment gateway.

pub mod gateway;
pub mod handlers;
pub mod repo;
pub mod service;
pub mod types;
pub mod webhook;

use axum::Router;
use axum::routing::{get, post};

use crate::state::AppState;

/// Mounted at `/api/payments`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/{id}", get(handlers::show))
        .route("/webhook", post(webhook::receive))
}

/// Merged into what is mounted at `/api/orders`.
pub fn order_router() -> Router<AppState> {
    Router::new().route("/{id}/payments", get(handlers::of_order))
}

/// Merged at `/api/admin`.
pub fn admin_router() -> Router<AppState> {
    Router::new().route("/payments/{id}/refunds", post(handlers::refund))
}
