//! Reports across all domains.

pub mod csv;
pub mod handlers;
pub mod jobs;
pub mod repo;
pub mod service;
pub mod types;

use axum::Router;
use axum::routing::{get, post};

use crate::state::AppState;

/// Mounted at `/api/reports`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/utilisation", get(handlers::utilisation))
        .route("/revenue", get(handlers::revenue))
        .route("/customers", get(handlers::customers))
        .route("/daily", get(handlers::daily))
        .route("/daily.csv", get(handlers::daily_csv))
        .route("/daily/{day}", post(handlers::rebuild))
}
