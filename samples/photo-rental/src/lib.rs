//! A rental platform for photography equipment: one process, one database, six domains.

pub mod clock;
pub mod commands;
pub mod config;
pub mod error;
pub mod events;
pub mod helpers;
pub mod inventory;
pub mod mailer;
pub mod metrics;
pub mod orders;
pub mod payments;
pub mod recommendations;
pub mod reporting;
pub mod server;
pub mod state;
pub mod users;

use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_http::trace::TraceLayer;

pub use config::Config;
pub use error::AppError;
pub use state::{AppState, build_state};

/// The whole application as a router.
pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/version", get(version))
        .nest("/api", api())
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(state.clone(), count_request))
        .layer(TraceLayer::new_for_http())
        .with_state(state)
}

fn api() -> Router<AppState> {
    Router::new()
        .nest("/auth", users::auth_router())
        .nest("/me", users::profile_router())
        .nest("/items", inventory::router())
        .merge(inventory::categories_router())
        .nest("/recommendations", recommendations::router())
        .nest("/cart", orders::cart_router())
        .nest("/orders", orders::router().merge(payments::order_router()))
        .nest("/payments", payments::router())
        .nest("/reports", reporting::router())
        .nest("/admin", admin())
}

/// What only the staff may do.
fn admin() -> Router<AppState> {
    Router::new()
        .nest("/users", users::admin_router())
        .nest("/orders", orders::admin_router())
        .merge(inventory::admin_router())
        .merge(payments::admin_router())
}

/// Whether the process is up and reaches its database.
async fn health(State(state): State<AppState>) -> Result<Json<Value>, AppError> { //~ entry GET /health
    sqlx::query("SELECT 1").execute(&state.pool).await?;
    Ok(Json(json!({ "status": "ok" })))
}

/// Which release is running.
async fn version() -> Json<Value> { //~ entry GET /version
    Json(json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") }))
}

async fn not_found() -> AppError {
    AppError::NotFound("page")
}

async fn count_request(State(state): State<AppState>, request: Request, next: Next) -> Response {
    state.metrics.request(); //~ calls photo_rental::metrics::Metrics::request
    next.run(request).await
}
