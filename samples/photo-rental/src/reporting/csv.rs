//! The daily reports as a CSV file.

use super::types::DailyReport;
use crate::helpers::csv_field;

const HEADER: [&str; 9] = [
    "day",
    "orders_placed",
    "orders_returned",
    "orders_cancelled",
    "revenue_cents",
    "refunds_cents",
    "deposits_held_cents",
    "utilisation_permille",
    "generated_at",
];

/// The file: a header, then a line per day, each ended by CRLF.
pub fn write(reports: &[DailyReport]) -> String {
    let mut text = HEADER.join(",");
    text.push_str("\r\n");
    for report in reports {
        let cells = cells(report);
        text.push_str(&cells.map(|cell| csv_field(&cell)).join(","));
        text.push_str("\r\n");
    }
    text
}

fn cells(report: &DailyReport) -> [String; 9] {
    [
        report.day.clone(),
        report.orders_placed.to_string(),
        report.orders_returned.to_string(),
        report.orders_cancelled.to_string(),
        report.revenue_cents.to_string(),
        report.refunds_cents.to_string(),
        report.deposits_held_cents.to_string(),
        report.utilisation_permille.to_string(),
        report.generated_at.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_has_a_header() {
        let text = write(&[]);
        assert!(text.starts_with("day,orders_placed,"));
        assert_eq!(text.lines().count(), 1);
    }
}
