//! Whether to split at all.

use std::collections::BTreeSet;

use crate::base::Severity;
use crate::model::{CutKind, Model, Plan, Risk, ServiceId, Verdict, VerdictKind};

/// Below this many lines of functions nobody gains from a split by itself.
const SMALL_LINES: u32 = 1500;
/// Below this many entry points neither.
const SMALL_ENTRIES: usize = 8;

/// The verdict on a plan whose services, cuts and steps are known.
pub(super) fn verdict(model: &Model, plan: &Plan) -> Verdict {
    let lines: u32 =
        model.functions.iter().filter(|function| !function.test).map(|function| function.n_lines).sum();
    let entries: usize = plan.services.iter().map(|service| service.entry_points.len()).sum();
    let n = plan.services.len();
    if entries == 0 {
        return leave("no entry point was found, so there is nothing that a function could serve", vec![]);
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
    let icp = plan.metrics.get("icp").map_or(0.0, |metric| metric.value);
    let mut reasons = Vec::new();
    if !broken.is_empty() {
        reasons.push(format!("{} would break", count(broken.len(), "transaction", "transactions")));
    }
    if !shared.is_empty() {
        reasons
            .push(format!("{} would have writers in two services", count(shared.len(), "table", "tables")));
    }
    reasons.push(format!("{:.0}% of the calls between functions would cross services", icp * 100.0));
    let first = plan.steps.iter().find(|step| step.risk == Risk::Low);
    let name = |service: ServiceId| plan.services[service].name.clone();
    let small = lines < SMALL_LINES || entries < SMALL_ENTRIES;
    if small {
        reasons.insert(0, format!("it is small: {entries} entry points, {lines} lines of functions"));
    }
    let clear: Vec<String> =
        plan.services.ids().filter(|service| !blocked.contains(service)).map(name).collect();
    let loose = icp <= 0.35;
    match first {
        None => leave(
            "no part can move without breaking a transaction or sharing a table: leave it for now",
            reasons,
        ),
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
            let mut chosen = if clear.is_empty() { vec![name(step.service)] } else { clear };
            chosen.truncate(4);
            Verdict {
                kind: VerdictKind::Extract,
                summary: format!("extract {} and leave the rest together", list(&chosen)),
                reasons,
            }
        }
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
