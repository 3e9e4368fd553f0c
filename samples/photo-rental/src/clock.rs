//! Where the application gets the time from.

use chrono::{DateTime, NaiveDate, Utc};

/// The source of "now". Tests and replays pin it, so that the same request gives the same answer.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Always the same moment.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// The current moment.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Clock::System => Utc::now(),
            Clock::Fixed(at) => *at,
        }
    }

    /// The current day in UTC, which is the shop's calendar.
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}
