//! Where the shop gets the time from.

use chrono::{NaiveDate, NaiveDateTime, SubsecRound, Utc};

/// The source of "now" in UTC. A pinned one makes the same request give the same answer.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    Machine,
    /// Always the same moment.
    Pinned(NaiveDateTime),
}

impl Clock {
    /// The current moment, to the second: more the database does not keep.
    pub fn now(self) -> NaiveDateTime {
        match self {
            Clock::Machine => Utc::now().naive_utc().trunc_subsecs(0),
            Clock::Pinned(at) => at,
        }
    }

    /// The current day.
    pub fn today(self) -> NaiveDate {
        self.now().date()
    }
}
