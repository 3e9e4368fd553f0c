//! Settings, read once from the environment.

use std::str::FromStr;

use chrono::DateTime;

use crate::clock::Clock;
use crate::error::AppError;

/// How customers pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// By card, at once.
    Card,
    /// By bank transfer, some days later.
    Invoice,
}

impl FromStr for ProviderKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "card" => Ok(ProviderKind::Card),
            "invoice" => Ok(ProviderKind::Invoice),
            _ => Err(()),
        }
    }
}

/// All settings of the process.
#[derive(Clone, Debug)]
pub struct Config {
    pub host: String,
    pub port: u16,
    /// Path of the database file.
    pub database_url: String,
    pub pool_size: u32,
    pub workers: usize,
    pub payment_provider: ProviderKind,
    /// Key of the HMAC that signs webhook deliveries.
    pub webhook_secret: String,
    pub session_days: i64,
    pub mail_from: String,
    /// Cron expression (with seconds) of the search for abandoned carts.
    pub abandoned_carts_cron: String,
    /// A cart that nobody has touched for so many hours is abandoned.
    pub abandoned_after_hours: i64,
    pub session_sweep_secs: u64,
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8081,
            database_url: "shop.db".to_owned(),
            pool_size: 4,
            workers: 2,
            payment_provider: ProviderKind::Card,
            webhook_secret: "whsec_development".to_owned(),
            session_days: 14,
            mail_from: "hello@shop.example".to_owned(),
            abandoned_carts_cron: "0 0 * * * *".to_owned(),
            abandoned_after_hours: 24,
            session_sweep_secs: 600,
            clock: Clock::Machine,
        }
    }
}

impl Config {
    /// Reads the settings from environment variables; a missing one keeps its default.
    pub fn from_env() -> Result<Self, AppError> {
        let defaults = Self::default();
        Ok(Self {
            host: var("SHOP_HOST", defaults.host)?,
            port: var("PORT", defaults.port)?,
            database_url: var("DATABASE_URL", defaults.database_url)?,
            pool_size: var("DATABASE_POOL_SIZE", defaults.pool_size)?,
            workers: var("WORKERS", defaults.workers)?,
            payment_provider: var("PAYMENT_PROVIDER", defaults.payment_provider)?,
            webhook_secret: var("WEBHOOK_SECRET", defaults.webhook_secret)?,
            session_days: var("SESSION_DAYS", defaults.session_days)?,
            mail_from: var("MAIL_FROM", defaults.mail_from)?,
            abandoned_carts_cron: var("ABANDONED_CARTS_CRON", defaults.abandoned_carts_cron)?,
            abandoned_after_hours: var("ABANDONED_AFTER_HOURS", defaults.abandoned_after_hours)?,
            session_sweep_secs: var("SESSION_SWEEP_SECS", defaults.session_sweep_secs)?,
            clock: match std::env::var("SHOP_NOW") {
                Ok(text) => pinned(&text)?,
                Err(_) => Clock::Machine,
            },
        })
    }
}

fn var<T: FromStr>(name: &str, default: T) -> Result<T, AppError> {
    match std::env::var(name) {
        Ok(text) => text
            .trim()
            .parse()
            .map_err(|_| AppError::Config(format!("{name} cannot be `{text}`"))),
        Err(_) => Ok(default),
    }
}

fn pinned(text: &str) -> Result<Clock, AppError> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| Clock::Pinned(at.naive_utc()))
        .map_err(|_| AppError::Config(format!("SHOP_NOW is `{text}`, expected RFC 3339")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pinned_clock_shows_utc() {
        let clock = pinned("2026-06-15T10:00:00+02:00").unwrap();
        assert_eq!(clock.now().to_string(), "2026-06-15 08:00:00");
        assert!(matches!(pinned("yesterday"), Err(AppError::Config(_))));
    }
}
