//! Background work of the cart.

use chrono::Duration;
use tokio_cron_scheduler::{Job, JobSchedulerError};

use super::service;
use crate::accounts;
use crate::db;
use crate::error::AppError;
use crate::state::AppState;

/// The search for abandoned carts, for the scheduler.
pub fn abandoned_carts_job(state: &AppState) -> Result<Job, JobSchedulerError> {
    let schedule = state.config.abandoned_carts_cron.clone();
    let state = state.clone();
    Job::new_async(schedule.as_str(), move |_, _| {
        let state = state.clone();
        Box::pin(async move {
            match abandoned_carts(&state).await { //~ calls shop::cart::jobs::abandoned_carts
                Ok(n_mails) => log::info!("{n_mails} customers reminded of their cart"),
                Err(err) => log::error!("looking for abandoned carts failed: {err}"),
            }
        })
    })
}

/// Reminds the owners of abandoned carts and returns how many mails were sent.
pub async fn abandoned_carts(state: &AppState) -> Result<usize, AppError> { //~ entry cron abandoned-carts
    let now = state.now();
    let before = now - Duration::hours(state.config.abandoned_after_hours);
    let mailer = state.mailer.clone();
    db::with_conn(&state.pool, move |conn| {
        let carts = service::abandoned(conn, before)?;
        for cart in &carts {
            let contact = accounts::service::contact_of(conn, cart.user_id)?; //~ n-plus-one ; calls shop::accounts::service::contact_of
            let n_items = service::n_items(conn, cart)?;
            let body = format!(
                "Hello {}, {n_items} things are waiting in your cart.",
                contact.name
            );
            mailer.send(&contact.email, "Your cart", body);
            service::note_reminder(conn, cart, now)?;
        }
        Ok(carts.len())
    })
    .await
}
