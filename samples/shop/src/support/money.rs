//! Amounts are whole cents.

/// `1234` as `12.34 EUR`.
pub fn format_cents(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.abs();
    format!("{sign}{}.{:02} EUR", cents / 100, cents % 100)
}

/// A share of an amount, rounded to the nearest cent.
pub fn percent_of(cents: i64, percent: i32) -> i64 {
    (cents * i64::from(percent) + 50) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_have_two_digits() {
        assert_eq!(format_cents(1_205), "12.05 EUR");
        assert_eq!(format_cents(-5), "-0.05 EUR");
    }

    #[test]
    fn shares_are_rounded() {
        assert_eq!(percent_of(995, 10), 100);
        assert_eq!(percent_of(994, 10), 99);
    }
}
