//! Settings, read once from the environment.

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::error::AppError;

/// Which payment gateway to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayKind {
    /// Accepts everything but the test tokens for failures.
    Sandbox,
    /// Declines everything; for drills and tests.
    Declining,
}

/// All settings of the process.
#[derive(Clone, Debug)]
pub struct Config {
    pub port: u16,
    pub database_url: String,
    pub max_connections: u32,
    pub payment_gateway: GatewayKind,
    /// Key of the HMAC that signs webhook deliveries.
    pub payment_webhook_secret: String,
    pub session_days: i64,
    pub mail_from: String,
    pub currency: String,
    /// Cron expression (with seconds) of the nightly report.
    pub nightly_report_cron: String,
    pub overdue_interval_secs: u64,
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 8080,
            database_url: "sqlite://photo-rental.db".to_owned(),
            max_connections: 5,
            payment_gateway: GatewayKind::Sandbox,
            payment_webhook_secret: "whsec_development".to_owned(),
            session_days: 30,
            mail_from: "desk@rental.example".to_owned(),
            currency: "EUR".to_owned(),
            nightly_report_cron: "0 15 2 * * *".to_owned(),
            overdue_interval_secs: 3600,
            clock: Clock::System,
        }
    }
}

impl Config {
    /// Reads the settings from environment variables; a missing one keeps its default.
    pub fn from_env() -> Result<Self, AppError> {
        let defaults = Self::default();
        let payment_gateway = match std::env::var("PAYMENT_GATEWAY").as_deref() {
            Ok("declining") => GatewayKind::Declining,
            Ok("sandbox") | Err(_) => GatewayKind::Sandbox,
            Ok(other) => {
                return Err(AppError::Config(format!(
                    "PAYMENT_GATEWAY is `{other}`, expected `sandbox` or `declining`"
                )));
            }
        };
        let clock = match std::env::var("RENTAL_NOW") {
            Ok(text) => Clock::Fixed(parse_moment(&text)?),
            Err(_) => Clock::System,
        };
        Ok(Self {
            port: env_number("PORT", defaults.port)?,
            database_url: env_text("DATABASE_URL", defaults.database_url),
            max_connections: env_number("DATABASE_MAX_CONNECTIONS", defaults.max_connections)?,
            payment_gateway,
            payment_webhook_secret: env_text(
                "PAYMENT_WEBHOOK_SECRET",
                defaults.payment_webhook_secret,
            ),
            session_days: env_number("SESSION_DAYS", defaults.session_days)?,
            mail_from: env_text("MAIL_FROM", defaults.mail_from),
            currency: env_text("CURRENCY", defaults.currency),
            nightly_report_cron: env_text("NIGHTLY_REPORT_CRON", defaults.nightly_report_cron),
            overdue_interval_secs: env_number(
                "OVERDUE_INTERVAL_SECS",
                defaults.overdue_interval_secs,
            )?,
            clock,
        })
    }
}

fn env_text(name: &str, default: String) -> String {
    std::env::var(name).unwrap_or(default)
}

fn env_number<T: std::str::FromStr>(name: &str, default: T) -> Result<T, AppError> {
    match std::env::var(name) {
        Ok(text) => text
            .trim()
            .parse()
            .map_err(|_| AppError::Config(format!("{name} is `{text}`, expected a number"))),
        Err(_) => Ok(default),
    }
}

fn parse_moment(text: &str) -> Result<DateTime<Utc>, AppError> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .map_err(|_| AppError::Config(format!("RENTAL_NOW is `{text}`, expected RFC 3339")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pinned_moment_is_utc() {
        let at = parse_moment("2026-06-15T10:00:00+02:00").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-06-15T08:00:00+00:00");
    }

    #[test]
    fn a_moment_must_be_rfc_3339() {
        assert!(matches!(
            parse_moment("yesterday"),
            Err(AppError::Config(_))
        ));
    }
}
