//! Background work of the reports.

use tokio_cron_scheduler::{Job, JobScheduler};

use super::service;
use crate::error::AppError;
use crate::state::AppState;

/// Adds the nightly report to the scheduler.
pub async fn schedule(scheduler: &JobScheduler, state: &AppState) -> Result<(), AppError> {
    let cron = state.config.nightly_report_cron.clone();
    let state = state.clone();
    let job = Job::new_async(cron.as_str(), move |_id, _scheduler| {
        let state = state.clone();
        Box::pin(async move {
            if let Err(err) = nightly_report(&state).await { //~ calls photo_rental::reporting::jobs::nightly_report
                tracing::error!(%err, "nightly report failed");
            }
        })
    })?;
    scheduler.add(job).await?;
    Ok(())
}

/// Closes yesterday.
pub async fn nightly_report(state: &AppState) -> Result<(), AppError> { //~ entry cron nightly-report
    let yesterday = state
        .clock
        .today()
        .pred_opt()
        .ok_or_else(|| AppError::Internal("there is no yesterday".into()))?;
    let report = service::rebuild_day(state, yesterday).await?;
    tracing::info!(
        day = report.day,
        revenue = report.revenue_cents,
        "day closed"
    );
    state.metrics.log();
    Ok(())
}
