//! What a rental costs. Pure arithmetic: no database, no clock.

use chrono::NaiveDate;

use crate::helpers::percent_of;

/// A late day costs this share of the daily rates.
const LATE_DAY_PERCENT: i64 = 150;

/// Longer rentals are cheaper per day.
pub fn duration_discount(days: i64) -> i64 {
    match days {
        ..=2 => 0,
        3..=6 => 10,
        7..=13 => 20,
        14..=27 => 30,
        _ => 40,
    }
}

/// The rent of one line before discount.
pub fn line_total(daily_rate_cents: i64, quantity: i64, days: i64) -> i64 {
    daily_rate_cents * quantity * days
}

/// The share of the rent that is paid back when an order is cancelled on `today`.
pub fn refund_percent(starts_on: NaiveDate, today: NaiveDate) -> i64 {
    match (starts_on - today).num_days() {
        ..=0 => 0,
        1 => 50,
        _ => 100,
    }
}

/// The fee for bringing things back after `due_on`.
pub fn late_fee(daily_total_cents: i64, due_on: NaiveDate, returned_on: NaiveDate) -> i64 {
    let days_late = (returned_on - due_on).num_days().max(0);
    percent_of(daily_total_cents * days_late, LATE_DAY_PERCENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn june(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, day).unwrap()
    }

    #[test]
    fn discounts_grow_with_the_days() {
        let percents: Vec<i64> = [1, 2, 3, 7, 14, 28].map(duration_discount).to_vec();
        assert_eq!(percents, [0, 0, 10, 20, 30, 40]);
    }

    #[test]
    fn cancelling_late_costs() {
        assert_eq!(refund_percent(june(10), june(8)), 100);
        assert_eq!(refund_percent(june(10), june(9)), 50);
        assert_eq!(refund_percent(june(10), june(10)), 0);
    }

    #[test]
    fn only_late_days_cost_a_fee() {
        assert_eq!(late_fee(1_000, june(10), june(10)), 0);
        assert_eq!(late_fee(1_000, june(10), june(9)), 0);
        assert_eq!(late_fee(1_000, june(10), june(12)), 3_000);
    }
}
