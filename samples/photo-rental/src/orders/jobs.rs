//! Background work of the order domain.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::service;
use crate::state::AppState;

/// Reminds late customers, over and over until the task is aborted.
pub async fn overdue_reminder(state: AppState) { //~ entry loop overdue-reminder
    let period = Duration::from_secs(state.config.overdue_interval_secs);
    let mut interval = tokio::time::interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        match service::remind_overdue(&state).await {
            Ok(0) => {}
            Ok(n_sent) => tracing::info!(n_sent, "late customers reminded"),
            Err(err) => tracing::error!(%err, "reminding failed"),
        }
    }
}
