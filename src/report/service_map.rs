//! Which services exist and how strongly a split would cut between them.

use std::collections::BTreeMap;

use crate::base::{Id, Severity};
use crate::model::{CutKind, Model, Plan, ServiceId};

/// The service map, aggregated where there are too many services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ServiceMap {
    /// The boxes: services by name; the box that holds the rest comes last.
    pub nodes: Vec<MapNode>,
    /// What crosses, sorted by ends.
    pub edges: Vec<MapEdge>,
}

/// A box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MapNode {
    /// Name of the service, or `12 more services`.
    pub name: String,
    /// The service; `None` for the rest.
    pub service: Option<ServiceId>,
    /// Entry points inside.
    pub n_entry_points: usize,
    /// Functions inside.
    pub n_functions: usize,
    /// Tables owned.
    pub n_tables: usize,
}

/// Everything that crosses from one box to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MapEdge {
    /// Index of the box.
    pub from: usize,
    /// Index of the box.
    pub to: usize,
    /// Cut edges by kind.
    pub kinds: BTreeMap<CutKind, usize>,
    /// The worst severity.
    pub worst: Severity,
}

impl MapEdge {
    /// All cut edges.
    pub fn total(&self) -> usize {
        self.kinds.values().sum()
    }
}

impl ServiceMap {
    /// The map of a plan with at most `max` boxes: the services that cross most stand alone, the rest
    /// is one box.
    pub fn new(model: &Model, plan: &Plan, max: usize) -> Self {
        let n = plan.services.len();
        let mut weight = vec![0_usize; n];
        for cut in &plan.cuts {
            for end in [cut.from, cut.to] {
                weight[end.idx()] += 1;
            }
        }
        let size = |id: ServiceId| (weight[id.idx()], plan.services[id].functions.len());
        let mut alone: Vec<ServiceId> = plan.services.ids().collect();
        if n > max {
            alone.sort_by_key(|&id| (std::cmp::Reverse(size(id)), id));
            alone.truncate(max.saturating_sub(1));
            alone.sort_unstable();
        }
        let rest = alone.len();
        let mut box_of = vec![rest; n];
        for (idx, id) in alone.iter().enumerate() {
            box_of[id.idx()] = idx;
        }
        let mut nodes: Vec<MapNode> = (alone.iter())
            .map(|&id| MapNode {
                name: plan.services[id].name.clone(),
                service: Some(id),
                ..MapNode::default()
            })
            .collect();
        if n > rest {
            nodes.push(MapNode { name: format!("{} more services", n - rest), ..MapNode::default() });
        }
        for (id, service) in plan.services.iter_enumerated() {
            let node = &mut nodes[box_of[id.idx()]];
            node.n_entry_points += service.entry_points.len();
            node.n_functions += service.functions.iter().filter(|&&id| !model.functions[id].test).count();
            node.n_tables += service.tables.len();
        }
        let mut edges: BTreeMap<(usize, usize), (BTreeMap<CutKind, usize>, Severity)> = BTreeMap::new();
        for cut in &plan.cuts {
            let ends = (box_of[cut.from.idx()], box_of[cut.to.idx()]);
            if ends.0 == ends.1 {
                continue;
            }
            let (kinds, worst) = edges.entry(ends).or_insert((BTreeMap::new(), cut.severity));
            *kinds.entry(cut.kind).or_default() += 1;
            *worst = (*worst).min(cut.severity);
        }
        let edges = (edges.into_iter())
            .map(|((from, to), (kinds, worst))| MapEdge { from, to, kinds, worst })
            .collect();
        Self { nodes, edges }
    }
}
