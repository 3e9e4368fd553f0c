//! How many units of an item are free on each day.

use chrono::NaiveDate;
use serde::Serialize;

use super::types::Blocked;
use crate::helpers::RentalPeriod;

/// One day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayAvailability {
    pub day: NaiveDate,
    pub free: i64,
}

/// All days of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AvailabilityCalendar {
    pub item_id: i64,
    pub units: i64,
    pub days: Vec<DayAvailability>,
}

impl AvailabilityCalendar {
    /// Counts the free units of each day. `blocked` may hold several rows for one unit.
    pub fn build(item_id: i64, units: i64, period: RentalPeriod, blocked: &[Blocked]) -> Self {
        let days = period
            .iter()
            .map(|day| {
                let text = day.to_string();
                let mut taken: Vec<i64> = blocked
                    .iter()
                    .filter(|b| b.starts_on <= text && text <= b.ends_on)
                    .map(|b| b.unit_id)
                    .collect();
                taken.sort_unstable();
                taken.dedup();
                DayAvailability {
                    day,
                    free: (units - taken.len() as i64).max(0),
                }
            })
            .collect();
        Self {
            item_id,
            units,
            days,
        }
    }

    /// The days on which at least `quantity` units are free, in order.
    pub fn bookable(&self, quantity: i64) -> impl Iterator<Item = &DayAvailability> + '_ { //~ unsendable
        self.days.iter().filter(move |day| day.free >= quantity)
    }

    /// The first day from which `quantity` units stay free for `n_days` days in a row. The same
    /// unit may not be free all the time; the desk sorts that out.
    pub fn first_window(&self, quantity: i64, n_days: i64) -> Option<NaiveDate> {
        let mut start: Option<NaiveDate> = None;
        let mut last: Option<NaiveDate> = None;
        for day in self.bookable(quantity) {
            if last.and_then(|d| d.succ_opt()) != Some(day.day) {
                start = Some(day.day);
            }
            last = Some(day.day);
            if let Some(first) = start
                && (day.day - first).num_days() + 1 >= n_days
            {
                return Some(first);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocked(unit_id: i64, starts_on: &str, ends_on: &str) -> Blocked {
        Blocked {
            unit_id,
            starts_on: starts_on.into(),
            ends_on: ends_on.into(),
        }
    }

    fn june(from: u32, to: u32) -> RentalPeriod {
        let day = |d| NaiveDate::from_ymd_opt(2026, 6, d).unwrap();
        RentalPeriod::new(day(from), day(to)).unwrap()
    }

    #[test]
    fn a_unit_blocked_twice_counts_once() {
        let rows = [
            blocked(1, "2026-06-02", "2026-06-03"),
            blocked(1, "2026-06-03", "2026-06-04"),
            blocked(2, "2026-06-03", "2026-06-03"),
        ];
        let calendar = AvailabilityCalendar::build(7, 2, june(1, 5), &rows);
        let free: Vec<i64> = calendar.days.iter().map(|d| d.free).collect();
        assert_eq!(free, [2, 1, 0, 1, 2]);
    }

    #[test]
    fn a_window_needs_days_in_a_row() {
        let rows = [blocked(1, "2026-06-02", "2026-06-02")];
        let calendar = AvailabilityCalendar::build(7, 1, june(1, 6), &rows);
        let third = NaiveDate::from_ymd_opt(2026, 6, 3);
        assert_eq!(calendar.first_window(1, 2), third);
        assert_eq!(calendar.first_window(1, 5), None);
        assert_eq!(calendar.first_window(2, 1), None);
    }
}
