//! The state that every handler and job receives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::NaiveDateTime;

use crate::clock::Clock;
use crate::config::{Config, ProviderKind};
use crate::db::{self, DbPool};
use crate::error::AppError;
use crate::events::{EventBus, EventReceiver};
use crate::mailer::Mailer;
use crate::payment::provider::{CardProvider, InvoiceProvider, PaymentProvider};

/// Everything the shop needs, cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub pool: DbPool,
    pub config: Arc<Config>,
    pub clock: Clock,
    pub provider: Arc<dyn PaymentProvider>,
    pub events: EventBus, //~ state
    pub mailer: Mailer, //~ state
    /// Failed logins by e-mail address since the last success.
    pub login_failures: Arc<Mutex<HashMap<String, u32>>>, //~ state
}

impl AppState {
    /// The state over a pool that is open already, and where its events arrive.
    pub fn with_pool(config: Config, pool: DbPool) -> (Self, EventReceiver) {
        let provider: Arc<dyn PaymentProvider> = match config.payment_provider {
            ProviderKind::Card => Arc::new(CardProvider::default()),
            ProviderKind::Invoice => Arc::new(InvoiceProvider),
        };
        let (events, receiver) = EventBus::new();
        let state = Self {
            pool,
            clock: config.clock,
            mailer: Mailer::new(&config.mail_from),
            config: Arc::new(config),
            provider,
            events,
            login_failures: Arc::default(),
        };
        (state, receiver)
    }

    /// The current moment.
    pub fn now(&self) -> NaiveDateTime {
        self.clock.now()
    }
}

/// Connects, migrates and assembles the state: what `serve` and the tests start from.
pub fn build_state(config: &Config) -> Result<(AppState, EventReceiver), AppError> {
    let pool = db::open_pool(config)?;
    db::migrate(&mut *pool.get()?)?;
    Ok(AppState::with_pool(config.clone(), pool))
}
