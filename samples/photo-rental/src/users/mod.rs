//! Accounts, sessions and delivery addresses.

pub mod auth;
pub mod handlers;
pub mod repo;
pub mod service;
pub mod types;

use axum::Router;
use axum::routing::{delete, get, post, put};

use crate::state::AppState;

pub use auth::{AdminUser, CurrentUser};

/// Mounted at `/api/auth`.
pub fn auth_router() -> Router<AppState> {
    Router::new()
        .route("/register", post(handlers::register))
        .route("/login", post(handlers::login))
        .route("/logout", post(handlers::logout))
}

/// Mounted at `/api/me`.
pub fn profile_router() -> Router<AppState> {
    Router::new()
        .route("/", get(handlers::me).patch(handlers::update_me))
        .route(
            "/addresses",
            get(handlers::addresses).post(handlers::add_address),
        )
        .route("/addresses/{id}", delete(handlers::remove_address))
        .route(
            "/addresses/{id}/default",
            put(handlers::make_default_address),
        )
}

/// Mounted at `/api/admin/users`.
pub fn admin_router() -> Router<AppState> {
    Router::new().route("/", get(handlers::list_users))
}
