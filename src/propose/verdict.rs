//! Whether to split at all.

use std::collections::BTreeSet;

use crate::base::Severity;
use crate::model::{CutKind, MetricRange, Model, Plan, Risk, ServiceId, Verdict, VerdictKind};

/// Below this many lines of functions nobody gains from a split by itself.
const SMALL_LINES: u32 = 1500;
/// Below this many entry points neither.
const SMALL_ENTRIES: usize = 8;

/// Share of the calls that may cross services: beyond a third, too much of each one's work would wait for
/// another. A judgement, not a measurement.
const LOOSE: f64 = 0.35;

/// The verdict on a plan whose services, cuts and steps are known.
pub(super) fn verdict(model: &Model, plan: &Plan) -> Verdict {
    let lines: u32 =
        model.functions.iter().filter(|function| !function.test).map(|function| function.n_lines).sum();
    let entries: usize = plan.services.iter().map(|service| service.entry_points.len()).sum();
    let n = plan.services.len();
    if entries == 0 {
        let none = "no entry point was found, so there is nothing that a function could serve";
        let process = "what starts it are its command line and its start-up alone, so there is nothing that a \
                       function could serve";
        return leave(if model.entry_points.is_empty() { none } else { process }, vec![]);
    }
    if n <= 1 {
        return leave(
            "it is one bounded context: leave it as it is",
            vec![format!("all {entries} entry points share their data and their calls")],
        );
    }
    let blocked: BTreeSet<ServiceId> = plan
        .cuts
        .iter()
        .filter(|cut| cut.severity == Severity::Blocker)
        .flat_map(|cut| [cut.from, cut.to])
        .collect();
    let broken: BTreeSet<_> =
        plan.cuts.iter().filter(|cut| cut.kind == CutKind::Transaction).map(|cut| cut.site).collect();
    let shared: BTreeSet<_> = plan
        .cuts
        .iter()
        .filter(|cut| cut.kind == CutKind::Data && cut.severity == Severity::Blocker)
        .map(|cut| cut.target)
        .collect();
    let icp = plan.metrics.get("icp").copied().unwrap_or_default();
    let mut reasons = Vec::new();
    let changing = model.transactions.iter().filter(|transaction| {
        !model.functions[transaction.opened_by].test && transaction.tables.iter().any(|(_, op)| op.is_write())
    });
    let n_changing = changing.count();
    if !broken.is_empty() {
        reasons.push(format!(
            "{} of {n_changing} would break",
            count(broken.len(), "transaction", "transactions")
        ));
    } else if n_changing > 0 {
        reasons.push(match n_changing {
            1 => "the one transaction that writes stays whole".to_owned(),
            n => format!("all {n} transactions that write stay whole"),
        });
    }
    let owned = plan.services.iter().flat_map(|service| &service.tables);
    let n_tables = owned.filter(|&&table| !model.tables[table].view).count();
    if !shared.is_empty() {
        reasons.push(format!(
            "{} of {n_tables} would have writers in two services",
            count(shared.len(), "table", "tables")
        ));
    } else if n_tables > 0 {
        let private = plan.metrics.get("data-exclusivity").map_or(0.0, |metric| metric.value);
        reasons.push(format!(
            "no table would have writers in two services, and of {} {:.0}% would be touched by one alone",
            count(n_tables, "table", "tables"),
            private * 100.0
        ));
    }
    reasons.push(crossing(&icp));
    let first = plan.steps.iter().find(|step| step.risk == Risk::Low);
    if first.is_none() {
        reasons.push("no step is of low risk".to_owned());
    }
    let name = |service: ServiceId| plan.services[service].name.clone();
    let small = lines < SMALL_LINES || entries < SMALL_ENTRIES;
    if small {
        reasons.insert(0, format!("it is small: {entries} entry points, {lines} lines of functions"));
    }
    // In the order of the steps, so that what is named first is what goes first.
    let mut clear: Vec<ServiceId> = Vec::new();
    for step in plan.steps.iter().filter(|step| step.risk != Risk::High && !blocked.contains(&step.service)) {
        if !clear.contains(&step.service) {
            clear.push(step.service);
        }
    }
    let loose = icp.value <= LOOSE;
    // Where nothing is easy, one part may still stand in nobody's way.
    let free = plan.steps.iter().find(|step| step.risk != Risk::High && step.blocked_by.is_empty());
    // The first step need not be what the verdict names.
    let before = |is_first: bool| match is_first {
        true => String::new(),
        false => format!("; {} can go before", plan.steps[0].deployable),
    };
    match first {
        None => match free.filter(|_| !small) {
            Some(step) => Verdict {
                kind: VerdictKind::Extract,
                summary: format!(
                    "extract {} and leave the rest together for now{}",
                    step.deployable,
                    before(step.deployable == plan.steps[0].deployable)
                ),
                reasons,
            },
            None => leave(
                "every part would break a transaction or share a table or state: leave it for now",
                reasons,
            ),
        },
        Some(step) if small => {
            if step.blocked_by.is_empty() && !step.entry_points.is_empty() && loose {
                Verdict {
                    kind: VerdictKind::Leave,
                    summary: format!(
                        "leave it as it is; if one part must move, {} is the one worth extracting",
                        name(step.service)
                    ),
                    reasons,
                }
            } else {
                leave(
                    "leave it as it is: what a split would cut is worth more than what it would give",
                    reasons,
                )
            }
        }
        Some(_) if blocked.is_empty() && loose => Verdict {
            kind: VerdictKind::Split,
            summary: format!("split it into {n} services, step by step"),
            reasons,
        },
        Some(step) => {
            let before = before(clear.is_empty() || clear.contains(&plan.steps[0].service));
            let chosen = if clear.is_empty() { vec![step.service] } else { clear };
            let chosen: Vec<String> = chosen.into_iter().take(4).map(name).collect();
            Verdict {
                kind: VerdictKind::Extract,
                summary: format!("extract {} and leave the rest together{before}", list(&chosen)),
                reasons,
            }
        }
    }
}

/// How much of the calls would cross, against what a split may cost.
fn crossing(icp: &MetricRange) -> String {
    let percent = |share: f64| (share * 100.0).round();
    let known = format!("{}% of the calls between functions would cross services", percent(icp.value));
    let limit = percent(LOOSE);
    match (icp.value <= LOOSE, icp.high <= LOOSE) {
        (true, true) => format!("{known}; up to {limit}%, they are loosely coupled"),
        (true, false) => format!(
            "{known}, and {}% if all that could not be resolved does; beyond {limit}%, they hold together too much",
            percent(icp.high)
        ),
        (false, _) => format!("{known}; beyond {limit}%, they hold together too much"),
    }
}

fn leave(summary: &str, reasons: Vec<String>) -> Verdict {
    Verdict { kind: VerdictKind::Leave, summary: summary.into(), reasons }
}

fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}
