//! Starts and stops the serving process.

use std::net::TcpListener;

use actix_web::middleware::Logger;
use actix_web::rt::task::JoinHandle;
use actix_web::{App, HttpServer, rt};
use tokio_cron_scheduler::JobScheduler;

use crate::error::AppError;
use crate::events::{self, EventReceiver};
use crate::state::AppState;
use crate::{accounts, app, cart};

/// The background work of a serving process.
pub struct Background {
    scheduler: JobScheduler,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts the consumer, the sweeper of old sessions and the search for abandoned carts.
    pub async fn start(state: &AppState, receiver: EventReceiver) -> Result<Self, AppError> {
        let scheduler = JobScheduler::new().await.map_err(scheduling)?;
        let job = cart::jobs::abandoned_carts_job(state).map_err(scheduling)?; //~ calls shop::cart::jobs::abandoned_carts_job
        scheduler.add(job).await.map_err(scheduling)?;
        scheduler.start().await.map_err(scheduling)?;
        let tasks = vec![
            rt::spawn(events::consume(state.clone(), receiver)), //~ calls shop::events::consume
            rt::spawn(accounts::jobs::session_sweeper(state.clone())), //~ calls shop::accounts::jobs::session_sweeper
        ];
        Ok(Self { scheduler, tasks })
    }

    /// Stops everything.
    pub async fn stop(mut self) -> Result<(), AppError> {
        for task in &self.tasks {
            task.abort();
        }
        self.scheduler.shutdown().await.map_err(scheduling)
    }
}

fn scheduling(err: tokio_cron_scheduler::JobSchedulerError) -> AppError {
    AppError::Config(format!("cron: {err}"))
}

/// Serves until the process is asked to stop.
pub async fn run(
    listener: TcpListener,
    state: AppState,
    receiver: EventReceiver,
) -> Result<(), AppError> {
    let background = Background::start(&state, receiver).await?;
    let workers = state.config.workers;
    let server = HttpServer::new(move || {
        App::new()
            .wrap(Logger::new("%r %s %Dms"))
            .configure(app(state.clone())) //~ calls shop::app
    })
    .workers(workers)
    .listen(listener)
    .map_err(|err| AppError::Internal(err.to_string()))?;
    let served = server.run().await;
    background.stop().await?;
    served.map_err(|err| AppError::Internal(err.to_string()))
}
