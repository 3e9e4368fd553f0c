//! Dates and rental periods. The database keeps days as `YYYY-MM-DD` and moments as RFC 3339, both
//! of which sort as text.

use chrono::{DateTime, Days, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;

use crate::error::AppError;

/// The longest period that can be rented or asked for, in days.
pub const MAX_DAYS: i64 = 92;

/// Reads a day written `YYYY-MM-DD`; `field` names it in the error.
pub fn parse_date(field: &str, text: &str) -> Result<NaiveDate, AppError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| AppError::Invalid(format!("{field} must be a date such as 2026-06-15")))
}

/// Writes a moment the way the database keeps it.
pub fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Some days in a row, both ends included: an item picked up and returned on one day costs one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RentalPeriod {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl RentalPeriod {
    /// A period; refuses a backward or an overlong one.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, AppError> {
        let period = Self { from, to };
        if to < from {
            return Err(AppError::Invalid("the period ends before it starts".into()));
        }
        if period.days() > MAX_DAYS {
            return Err(AppError::Invalid(format!(
                "the period is longer than {MAX_DAYS} days"
            )));
        }
        Ok(period)
    }

    /// Reads both ends from text.
    pub fn parse(from: &str, to: &str) -> Result<Self, AppError> {
        Self::new(parse_date("from", from)?, parse_date("to", to)?)
    }

    /// The `n` days from `start` on.
    pub fn starting(start: NaiveDate, n: u64) -> Self {
        Self {
            from: start,
            to: start + Days::new(n.saturating_sub(1)),
        }
    }

    /// How many days are charged.
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// Each day of the period.
    pub fn iter(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        self.from.iter_days().take(self.days().max(0) as usize)
    }

    /// Whether the day lies in the period.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// The same number of days, moved.
    pub fn moved_to(&self, start: NaiveDate) -> Self {
        Self::starting(start, self.days().max(1) as u64)
    }
}

impl std::fmt::Display for RentalPeriod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_charged() {
        let period = RentalPeriod::parse("2026-06-01", "2026-06-03").unwrap();
        assert_eq!(period.days(), 3);
        assert_eq!(period.iter().count(), 3);
        assert!(period.contains(period.to));
    }

    #[test]
    fn backward_and_overlong_periods_are_refused() {
        assert!(RentalPeriod::parse("2026-06-03", "2026-06-01").is_err());
        assert!(RentalPeriod::parse("2026-01-01", "2026-12-31").is_err());
        assert!(RentalPeriod::parse("2026-02-30", "2026-03-01").is_err());
    }

    #[test]
    fn moving_keeps_the_length() {
        let period = RentalPeriod::parse("2026-06-01", "2026-06-03").unwrap();
        let moved = period.moved_to(parse_date("day", "2026-07-30").unwrap());
        assert_eq!(moved.to_string(), "2026-07-30 to 2026-08-01");
    }
}
