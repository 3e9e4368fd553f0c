//! What the command line does.

use std::path::Path;

use sqlx::AssertSqlSafe;
use tokio::net::TcpListener;

use crate::config::Config;
use crate::error::AppError;
use crate::server;
use crate::state::{AppState, MIGRATOR, build_state};
use crate::users::service::create_account;
use crate::users::types::RegisterRequest;

/// Serves requests until the process is asked to stop.
pub async fn serve(config: &Config) -> Result<(), AppError> { //~ entry command serve
    let state = build_state(config).await?; //~ calls photo_rental::state::build_state
    let listener = TcpListener::bind(("0.0.0.0", config.port))
        .await
        .map_err(|err| AppError::Config(format!("port {}: {err}", config.port)))?;
    tracing::info!(port = config.port, "listening");
    server::run(listener, state, stop_requested()).await
}

async fn stop_requested() {
    if let Err(err) = tokio::signal::ctrl_c().await {
        tracing::error!(%err, "no signals; only a kill stops the process");
        std::future::pending::<()>().await;
    }
}

/// Brings the schema up to date.
pub async fn migrate(config: &Config) -> Result<(), AppError> { //~ entry command migrate
    let state = AppState::connect(config).await?; //~ calls photo_rental::state::AppState::connect
    MIGRATOR.run(&state.pool).await?;
    state.pool.close().await;
    Ok(())
}

/// Runs a file of SQL statements against a migrated database; for demonstration data.
pub async fn seed(config: &Config, file: &Path) -> Result<(), AppError> { //~ entry command seed
    let sql = std::fs::read_to_string(file)
        .map_err(|err| AppError::Config(format!("{}: {err}", file.display())))?;
    let state = build_state(config).await?;
    sqlx::raw_sql(AssertSqlSafe(sql)) //~ unknown-sql
        .execute(&state.pool)
        .await?;
    state.pool.close().await;
    Ok(())
}

/// Adds a member of the staff.
pub async fn create_admin(config: &Config, req: RegisterRequest) -> Result<i64, AppError> { //~ entry command create-admin
    let state = build_state(config).await?;
    let user = create_account(&state, &req, "admin").await?; //~ calls photo_rental::users::service::create_account
    state.pool.close().await;
    Ok(user.id)
}
