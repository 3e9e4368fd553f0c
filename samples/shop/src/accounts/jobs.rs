//! Background work of accounts.

use std::time::Duration;

use super::service;
use crate::db;
use crate::state::AppState;

/// Deletes sessions that have ended, over and over until the task is aborted.
pub async fn session_sweeper(state: AppState) { //~ entry loop session-sweeper
    let mut interval = tokio::time::interval(Duration::from_secs(state.config.session_sweep_secs));
    loop {
        interval.tick().await;
        let now = state.now();
        match db::with_conn(&state.pool, move |conn| service::sweep_sessions(conn, now)).await { //~ calls shop::accounts::service::sweep_sessions
            Ok(0) => {}
            Ok(n_sessions) => log::info!("{n_sessions} old sessions deleted"),
            Err(err) => log::error!("sweeping sessions failed: {err}"),
        }
    }
}
