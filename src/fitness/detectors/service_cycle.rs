//! Services that need each other: neither runs without the other, and their failures multiply.

use std::collections::BTreeSet;

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use crate::base::{Id, Severity};
use crate::fitness::Detector;
use crate::fitness::app::{App, Found};
use crate::model::{CutKind, ServiceId};

pub const DETECTOR: Detector = Detector {
    code: "service-cycle",
    remedy: "turn the weaker direction into an event or a read copy, or merge them",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let mut graph: DiGraph<ServiceId, ()> = DiGraph::new();
    let nodes: Vec<_> = app.plan.services.ids().map(|service| graph.add_node(service)).collect();
    let needs = || {
        app.plan.cuts.iter().filter(|cut| {
            matches!(cut.kind, CutKind::Call | CutKind::Data) && cut.needs_result && app.live(cut.function)
        })
    };
    let edges: BTreeSet<_> = needs().map(|cut| (cut.from, cut.to)).collect();
    for &(from, to) in &edges {
        graph.add_edge(nodes[from.idx()], nodes[to.idx()], ());
    }
    for component in tarjan_scc(&graph) {
        let members: BTreeSet<ServiceId> = component.iter().map(|&node| graph[node]).collect();
        if members.len() < 2 {
            continue;
        }
        // The direction that is used least is the one to look at.
        let weakest = (edges.iter())
            .filter(|(from, to)| members.contains(from) && members.contains(to))
            .filter(|(from, to)| members.len() > 2 || edges.contains(&(*to, *from)))
            .min_by_key(|&&(from, to)| needs().filter(|cut| (cut.from, cut.to) == (from, to)).count());
        let Some(&(from, to)) = weakest else { continue };
        let cut = needs()
            .filter(|cut| (cut.from, cut.to) == (from, to))
            .min_by_key(|cut| cut.site)
            .expect("the edge was made from one");
        let n = needs().filter(|cut| (cut.from, cut.to) == (from, to)).count();
        found
            .add(
                Severity::High,
                format!(
                    "{} need each other; the weakest direction is {} → {}, at {n} {}",
                    app.list(&members),
                    app.service_name(from),
                    app.service_name(to),
                    if n == 1 { "place" } else { "places" }
                ),
            )
            .within(app, cut.function)
            .at(cut.site);
    }
}
