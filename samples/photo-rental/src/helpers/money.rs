//! Money is an integer number of cents everywhere; only people see a decimal point.

/// Writes cents for people: `1234` becomes `12.34 EUR`.
pub fn format_cents(cents: i64, currency: &str) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02} {currency}", cents / 100, cents % 100)
}

/// A percentage, rounded half up.
pub fn percent_of(cents: i64, percent: i64) -> i64 {
    (cents * percent + 50).div_euclid(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_padded() {
        assert_eq!(format_cents(1205, "EUR"), "12.05 EUR");
        assert_eq!(format_cents(-7, "EUR"), "-0.07 EUR");
    }

    #[test]
    fn percentages_round_half_up() {
        assert_eq!(percent_of(150, 15), 23);
        assert_eq!(percent_of(100, 0), 0);
    }
}
