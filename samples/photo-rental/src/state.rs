//! The state that every handler and job receives.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

use crate::clock::Clock;
use crate::config::{Config, GatewayKind};
use crate::error::AppError;
use crate::events::EventBus;
use crate::inventory::types::Price;
use crate::mailer::Mailer;
use crate::metrics::Metrics;
use crate::payments::gateway::{DecliningGateway, PaymentGateway, SandboxGateway};

/// The schema, compiled into the binary.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// Everything the application needs, cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub pool: SqlitePool,
    pub config: Arc<Config>,
    pub clock: Clock,
    pub gateway: Arc<dyn PaymentGateway>,
    pub events: EventBus, //~ state
    pub mailer: Mailer, //~ state
    pub metrics: Arc<Metrics>, //~ state
    /// Rates by item, so that a quote does not ask the database for each line.
    pub price_cache: Arc<RwLock<HashMap<i64, Price>>>, //~ state
    /// Failed logins by e-mail address since the last success.
    pub login_failures: Arc<Mutex<HashMap<String, u32>>>, //~ state
}

impl AppState {
    /// Opens the database and assembles the state. Does not migrate.
    pub async fn connect(config: &Config) -> Result<Self, AppError> {
        let pool = open_pool(config).await?;
        Ok(Self::with_pool(config.clone(), pool))
    }

    /// The state over a pool that is already open.
    pub fn with_pool(config: Config, pool: SqlitePool) -> Self {
        let gateway: Arc<dyn PaymentGateway> = match config.payment_gateway {
            GatewayKind::Sandbox => Arc::new(SandboxGateway::default()),
            GatewayKind::Declining => Arc::new(DecliningGateway),
        };
        Self {
            pool,
            clock: config.clock,
            mailer: Mailer::new(&config.mail_from),
            config: Arc::new(config),
            gateway,
            events: EventBus::new(),
            metrics: Arc::default(),
            price_cache: Arc::default(),
            login_failures: Arc::default(),
        }
    }

    /// The same state with another gateway, as tests need it.
    pub fn with_gateway(mut self, gateway: Arc<dyn PaymentGateway>) -> Self {
        self.gateway = gateway;
        self
    }

    /// The current moment as the database keeps it.
    pub fn now_text(&self) -> String {
        crate::helpers::timestamp(self.clock.now())
    }
}

/// Connects, migrates and assembles the state: what `serve` and the tests start from.
pub async fn build_state(config: &Config) -> Result<AppState, AppError> {
    let state = AppState::connect(config).await?;
    MIGRATOR.run(&state.pool).await?;
    Ok(state)
}

async fn open_pool(config: &Config) -> Result<SqlitePool, AppError> {
    let options = SqliteConnectOptions::from_str(&config.database_url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(5));
    let pool = SqlitePoolOptions::new()
        .max_connections(config.max_connections)
        .connect_with(options)
        .await?;
    Ok(pool)
}
