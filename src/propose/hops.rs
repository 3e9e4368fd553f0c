//! How many of a request's calls and queries become requests to other services.

use rayon::prelude::*;

use crate::base::{Id, Severity};
use crate::model::{CutEdge, CutKind, EntryPointId, EntryPointKind, Home, MetricRange, Model};

use super::explain::round;
use super::nodes::Nodes;
use super::roles::callees;
use super::split::Split;

/// The hops of the mean and of the worst request, each place in the code counted once; `None` where nobody
/// asks a service for anything. An unresolved call may be another hop.
pub(super) fn hops(
    model: &Model,
    nodes: Nodes,
    split: &Split,
    cuts: &[CutEdge],
) -> Option<(MetricRange, MetricRange)> {
    let asked: Vec<EntryPointId> = model
        .entry_points
        .iter_enumerated()
        .filter(|&(id, entry)| {
            matches!(entry.kind, EntryPointKind::Http | EntryPointKind::Grpc | EntryPointKind::Graphql)
                && matches!(split.homes[nodes.entry(id) as usize], Home::Service(_))
        })
        .map(|(id, _)| id)
        .collect();
    if asked.is_empty() {
        return None;
    }
    // Per function what leaves its service there, and what may.
    let mut leaving = vec![(0_u32, 0_u32); model.functions.len()];
    for cut in cuts {
        // What is copied, or sent and forgotten, keeps nobody waiting.
        let waits = cut.needs_result && cut.severity <= Severity::Medium
            || cut.kind == CutKind::Data && cut.severity == Severity::Blocker;
        if waits && matches!(cut.kind, CutKind::Call | CutKind::Data) {
            leaving[cut.function.idx()].0 += 1;
        }
    }
    for call in &model.unresolved {
        leaving[call.caller.idx()].1 += 1;
    }
    let out = callees(model);
    let of_entry = |met: &mut Met, &id: &EntryPointId| {
        let (mut sure, mut open) = (0_u32, 0_u32);
        met.round += 1;
        met.stack.extend(model.entry_points[id].handler.map(|handler| handler.0));
        while let Some(function) = met.stack.pop() {
            let slot = &mut met.rounds[function as usize];
            if std::mem::replace(slot, met.round) != met.round {
                sure += leaving[function as usize].0;
                open += leaving[function as usize].1;
                met.stack.extend(&out[function as usize]);
            }
        }
        (f64::from(sure), f64::from(sure + open))
    };
    let met = || Met { round: 0, rounds: vec![0; model.functions.len()], stack: Vec::new() };
    let found: Vec<(f64, f64)> = asked.par_iter().with_min_len(16).map_init(met, of_entry).collect();
    let range =
        |value: f64, high: f64| MetricRange { low: round(value), value: round(value), high: round(high) };
    let n = found.len() as f64;
    let (sure, all) = found.iter().fold((0.0, 0.0), |(sure, all), (s, a)| (sure + s, all + a));
    let worst = found.iter().fold((0.0, 0.0), |(sure, all): (f64, f64), (s, a)| (sure.max(*s), all.max(*a)));
    Some((range(sure / n, all / n), range(worst.0, worst.1)))
}

/// Functions met from one entry point, without clearing between two.
struct Met {
    round: u32,
    rounds: Vec<u32>,
    stack: Vec<u32>,
}
