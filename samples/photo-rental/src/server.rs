//! Starts and stops the serving process.

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_cron_scheduler::JobScheduler;

use crate::error::AppError;
use crate::state::AppState;
use crate::{app, events, orders, reporting};

/// The background work of a serving process.
pub struct Background {
    scheduler: JobScheduler,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts the consumer, the reminder loop and the nightly report.
    pub async fn start(state: &AppState) -> Result<Self, AppError> {
        let scheduler = JobScheduler::new().await?;
        reporting::jobs::schedule(&scheduler, state).await?; //~ calls photo_rental::reporting::jobs::schedule
        scheduler.start().await?;
        let tasks = vec![
            events::spawn_consumer(state), //~ calls photo_rental::events::spawn_consumer
            tokio::spawn(orders::jobs::overdue_reminder(state.clone())), //~ calls photo_rental::orders::jobs::overdue_reminder
        ];
        Ok(Self { scheduler, tasks })
    }

    /// Stops everything.
    pub async fn stop(mut self) -> Result<(), AppError> {
        for task in &self.tasks {
            task.abort();
        }
        self.scheduler.shutdown().await?;
        Ok(())
    }
}

/// Serves until `shutdown` resolves.
pub async fn run(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), AppError> {
    let background = Background::start(&state).await?;
    let served = axum::serve(listener, app(state.clone())) //~ calls photo_rental::app
        .with_graceful_shutdown(shutdown)
        .await;
    background.stop().await?;
    state.pool.close().await;
    served.map_err(|err| AppError::Internal(err.to_string()))
}
