//! What the split costs: parts, and calls that leave the process.

use crate::base::IndexVec;
use crate::model::{CallGraph, CutKind, EntryPointKind, FunctionId};
use crate::report::text::{Markup, number, path};

use super::View;
use super::metric::Metric;

/// Functions that are visited for all entry points together, so that the largest application is still
/// answered at once.
const BUDGET: usize = 3_000_000;
/// Entry points listed.
const N_ROWS: usize = 15;

pub(super) struct Costs {
    pub n_deployables: usize,
    pub n_services: usize,
    pub n_entry_points: usize,
    pub n_untouched: usize,
    pub n_looped: usize,
    pub worst: usize,
    pub mean: String,
    pub rows: Vec<Row>,
    pub n_more: usize,
    pub n_left_out: usize,
    pub metrics: Vec<Metric>,
}

/// An entry point whose work leaves its service.
pub(super) struct Row {
    pub title: Markup,
    pub service: String,
    pub calls: usize,
    pub data: usize,
    pub looped: usize,
    pub reaches: String,
}

struct Hops {
    title: String,
    service: String,
    calls: usize,
    data: usize,
    looped: usize,
    reaches: Vec<String>,
}

impl Costs {
    pub fn new(view: &View<'_>) -> Self {
        let plan = view.plan;
        let (hops, n_left_out) = hops(view);
        let n_entry_points = hops.len();
        let total = |hop: &Hops| hop.calls + hop.data;
        let sum: usize = hops.iter().map(total).sum();
        let mut touched: Vec<_> = hops.into_iter().filter(|hop| total(hop) > 0).collect();
        touched.sort_by(|a, b| {
            (b.looped, total(b)).cmp(&(a.looped, total(a))).then_with(|| a.title.cmp(&b.title))
        });
        Self {
            n_deployables: plan.services.iter().map(|service| service.deployables.len()).sum(),
            n_services: plan.services.len(),
            n_untouched: n_entry_points - touched.len(),
            n_looped: touched.iter().filter(|hop| hop.looped > 0).count(),
            worst: touched.iter().map(total).max().unwrap_or(0),
            mean: number(if n_entry_points == 0 { 0.0 } else { sum as f64 / n_entry_points as f64 }),
            n_entry_points,
            n_more: touched.len().saturating_sub(N_ROWS),
            rows: (touched.into_iter().take(N_ROWS))
                .map(|hop| Row {
                    title: path(&hop.title),
                    service: hop.service,
                    calls: hop.calls,
                    data: hop.data,
                    looped: hop.looped,
                    reaches: hop.reaches.join(", "),
                })
                .collect(),
            n_left_out,
            metrics: plan.metrics.iter().map(|(name, range)| Metric::new(name, range)).collect(),
        }
    }
}

/// Per entry point: the cut call sites and table accesses that its work can reach.
fn hops(view: &View<'_>) -> (Vec<Hops>, usize) {
    let (model, plan) = (view.model, view.plan);
    let calls = CallGraph::new(model);
    let mut cuts: IndexVec<FunctionId, Vec<usize>> = vec![Vec::new(); model.functions.len()].into();
    for (idx, cut) in plan.cuts.iter().enumerate() {
        if matches!(cut.kind, CutKind::Call | CutKind::Data) {
            cuts[cut.function].push(idx);
        }
    }
    let mut seen: IndexVec<FunctionId, u32> = vec![0; model.functions.len()].into();
    let mut budget = BUDGET;
    let mut n_left_out = 0;
    let mut hops = Vec::new();
    for ((id, entry), round) in model.entry_points.iter_enumerated().zip(1..) {
        let home = view.names.homes.entry_points[id];
        let (Some(service), Some(handler)) = (home.service(), entry.handler) else { continue };
        // A command that serves reaches everything; nobody sends it a request.
        if matches!(entry.kind, EntryPointKind::Command | EntryPointKind::Startup) {
            continue;
        }
        if budget == 0 {
            n_left_out += 1;
            continue;
        }
        let mut hop = Hops {
            title: entry.title(),
            service: view.names.service(service).into(),
            calls: 0,
            data: 0,
            looped: 0,
            reaches: Vec::new(),
        };
        let mut stack = vec![handler];
        let mut reaches = Vec::new();
        while let Some(function) = stack.pop() {
            if std::mem::replace(&mut seen[function], round) == round || budget == 0 {
                continue;
            }
            budget -= 1;
            for &idx in &cuts[function] {
                let cut = &plan.cuts[idx];
                hop.calls += usize::from(cut.kind == CutKind::Call);
                hop.data += usize::from(cut.kind == CutKind::Data);
                hop.looped += usize::from(cut.in_loop);
                reaches.push(cut.to);
            }
            stack.extend(calls.graph.neighbors(calls.nodes[function]).map(|node| calls.graph[node]));
        }
        reaches.sort_unstable();
        reaches.dedup();
        reaches.retain(|&other| other != service);
        hop.reaches = reaches.iter().take(6).map(|&other| view.names.service(other).to_string()).collect();
        if reaches.len() > 6 {
            hop.reaches.push(format!("{} more", reaches.len() - 6));
        }
        hops.push(hop);
    }
    (hops, n_left_out)
}
