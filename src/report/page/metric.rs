//! Metrics in words.

use crate::model::MetricRange;
use crate::report::text::{number, words};

/// A metric as the page shows it.
pub(super) struct Metric {
    pub name: String,
    pub value: String,
    /// `0.58–0.66`, where what is unknown leaves it open.
    pub range: Option<String>,
    pub meaning: &'static str,
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// A count or an index.
    Number,
    /// A share from 0 to 1.
    Share,
}

/// The names that are known; any other is shown as it is.
const KNOWN: &[(&str, &str, Unit, &str)] = &[
    ("cohesion", "Cohesion", Unit::Share, "of what its parts share stays inside"),
    ("coupling", "Coupling", Unit::Share, "of what its parts share goes to other services"),
    ("cut-calls", "Calls cut", Unit::Number, "places where one service calls another"),
    ("cut-data", "Table accesses cut", Unit::Number, "places where a service touches a table of another"),
    (
        "data-exclusivity",
        "Tables for the owner alone",
        Unit::Share,
        "of the tables are touched by their owner only",
    ),
    ("foreign-keys-broken", "Foreign keys broken", Unit::Number, "between tables of two services"),
    (
        "hops-of-worst-request",
        "Hops of the worst request",
        Unit::Number,
        "calls and queries of one request that go to other services; less is better",
    ),
    (
        "hops-per-request",
        "Hops per request",
        Unit::Number,
        "calls and queries that go to other services, in the mean; less is better",
    ),
    (
        "icp",
        "Calls that cross (ICP)",
        Unit::Share,
        "of the calls between functions go to another service; less is better",
    ),
    ("ifn", "Interface size (IFN)", Unit::Number, "functions per service that others call; less is better"),
    ("joins-broken", "Joins broken", Unit::Number, "statements over tables of two services"),
    (
        "ned",
        "Extreme sizes (NED)",
        Unit::Share,
        "of the code is in services that are far too small or too large; less is better",
    ),
    ("one-writer", "Tables with one writer", Unit::Share, "of the tables are written by one service at most"),
    ("sm", "Modularity (SM)", Unit::Number, "cohesion inside less coupling between; more is better"),
    ("transactions-broken", "Transactions broken", Unit::Number, "that write tables of two services"),
    ("turbo-mq", "TurboMQ", Unit::Number, "cohesion against coupling, summed over services; more is better"),
];

impl Metric {
    pub fn new(name: &str, range: &MetricRange) -> Self {
        let known = KNOWN.iter().find(|(key, ..)| *key == name);
        let unit = known.map_or(Unit::Number, |(.., unit, _)| *unit);
        let show = |value: f64| match unit {
            Unit::Number => number(value),
            Unit::Share => number((value * 100.0).round()),
        };
        let (low, high) = (show(range.low.min(range.high)), show(range.low.max(range.high)));
        let percent = if unit == Unit::Share { "%" } else { "" };
        Self {
            name: known.map_or_else(|| words(name), |(_, label, ..)| (*label).to_string()),
            value: format!("{}{percent}", show(range.value)),
            range: (low != high).then(|| format!("{low}–{high}{percent}")),
            meaning: known.map_or("", |(.., meaning)| meaning),
        }
    }
}
