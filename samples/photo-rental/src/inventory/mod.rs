//! What can be rented: categories, items, units, their calendar and their upkeep.

pub mod admin;
pub mod cache;
pub mod calendar;
pub mod handlers;
pub mod repo;
pub mod service;
pub mod types;

use axum::Router;
use axum::routing::{get, patch, post};

use crate::state::AppState;

/// Mounted at `/api/items`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(handlers::search)) //~ calls photo_rental::inventory::handlers::search
        .route("/{id}", get(handlers::show))
        .route("/{id}/availability", get(handlers::availability))
}

/// Merged at `/api`.
pub fn categories_router() -> Router<AppState> {
    Router::new().route("/categories", get(handlers::categories))
}

/// Merged at `/api/admin`.
pub fn admin_router() -> Router<AppState> {
    let items = Router::new()
        .route("/", post(admin::create_item))
        .route("/{id}", patch(admin::update_item))
        .route("/{id}/units", get(admin::list_units).post(admin::add_units));
    Router::new()
        .nest("/items", items)
        .route("/categories", post(admin::create_category))
        .route("/units/{id}/maintenance", post(admin::schedule_maintenance))
        .route("/maintenance/{id}/finish", post(admin::finish_maintenance))
}
