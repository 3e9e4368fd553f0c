//! Groups the model into service candidates and orders their extraction.
//!
//! In: a [`Model`] and the user's wishes. Out: a [`Plan`]; or, for any language, a
//! [`NeutralGraph`](crate::model::NeutralGraph) in and a [`Partition`](crate::model::Partition) out.
//! Cannot happen here: I/O, randomness, dependence on thread count.
//!
//! On the way: `roles` tells domain code from wiring; `criteria` gathers every reason why two things
//! belong together, with its weight and place (`hubs` those that many share); `engine` groups (seen from entry points and
//! tables alone by `reduce`, community detection in `cluster`, agreement of many disturbed runs in `consensus`, the user's
//! `wishes` as hard constraints);
//! `split` gives each table its owner and shared pure code to the kernel; `explain`, `cuts`,
//! `metrics`, `steps` and `verdict` say what that means.

mod cluster;
mod consensus;
mod criteria;
mod cuts;
mod deployables;
pub mod distance;
mod engine;
mod error;
mod explain;
mod hops;
mod hubs;
mod metrics;
mod names;
mod nodes;
mod observed;
mod partition;
mod reduce;
mod refine;
mod roles;
mod split;
mod steps;
mod sums;
mod traces;
mod verdict;
mod vocabulary;
mod weights;
mod wishes;
mod words;

pub use error::ProposeError;
pub use observed::{Commit, Observed};
pub use partition::{PartitionOptions, partition};
pub use traces::{Span, Traces};

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Id, IndexVec};
use crate::model::{
    Alternative, AlternativeService, EntryPointId, Home, Model, NodeRef, Plan, ServiceCandidate, ServiceId,
};

use criteria::Evidence;
use engine::{Problem, Settings};
use nodes::Nodes;
use split::Split;

/// The user's wishes.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Wished number of services; `None` leaves it to stability.
    pub services: Option<usize>,
    /// -2 (few, large) to 2 (many, small).
    pub granularity: i32,
    /// Weight per criterion where it differs from the default, in thousandths.
    pub weights: BTreeMap<String, i64>,
    /// Thing by its name (`table orders`, `GET /x`, a definition path, a module path) → service.
    pub pins: Vec<(String, String)>,
    /// Things that must be in one service.
    pub together: Vec<Vec<String>>,
    /// Pairs that must be in two.
    pub apart: Vec<(String, String)>,
    /// What was observed beside the source.
    pub observed: Observed,
}

/// Proposes a split.
///
/// # Errors
/// Where the wishes contradict each other, name what does not exist, or cannot be filled.
pub fn propose(model: &Model, options: &Options) -> Result<Plan, ProposeError> {
    let weights = criteria::Weights::new(&options.weights)?;
    let roles = roles::roles(model);
    let flows = criteria::flows(model, &roles);
    let mut evidence = criteria::evidence(model, &roles, &flows, &weights, &options.observed);
    let mut wishes = read_wishes(model, &evidence, options)?;
    wishes.counted = options.services.is_some();
    let fixed = wishes.fixed(evidence.nodes.len());
    for table in model.tables.ids().map(|id| evidence.nodes.table(id) as usize) {
        // What nobody touches has a place where the user gives it one.
        evidence.domain[table] |= fixed[table];
    }
    let problem = problem(model, &evidence, &flows, &wishes);
    let (grouping, said) =
        rayon::join(|| engine::solve(&problem, &settings(options, &problem)), || names::Said::new(model));
    let grouping = grouping?;
    let make = |labels: &[u32]| {
        let mut split = split::split(model, &roles, &evidence, &flows, labels, &wishes, &fixed);
        let wished = wished_names(&wishes, &split);
        let names = names::name_services(&said, model, &evidence, &split, &wished);
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|&a, &b| names[a].0.cmp(&names[b].0));
        split::reorder(&mut split, &order);
        (split, order.into_iter().map(|at| names[at].clone()).collect::<names::Names>())
    };
    let ((split, plan), others) = rayon::join(
        || {
            let (split, names) = make(&grouping.labels);
            let mut plan = assemble(model, &evidence, &split, names, &grouping.stability);
            plan.steps = steps::steps(model, evidence.nodes, &split, &plan, &flows);
            plan.verdict = verdict::verdict(model, &plan);
            plan.observed = observed::sources(model, &options.observed);
            (split, plan)
        },
        || grouping.others.iter().map(|labels| make(labels)).collect::<Vec<_>>(),
    );
    let others = others.iter().filter(|(other, _)| other.n > 0 && other.n != split.n);
    let alternatives =
        others.map(|(other, names)| alternative(evidence.nodes, other, names, split.n)).collect();
    Ok(Plan { alternatives, ..plan })
}

fn settings(options: &Options, problem: &Problem) -> Settings {
    let step = i64::from(options.granularity.clamp(-2, 2));
    // Each step of granularity changes the resolution by half.
    let scale = |resolution: i64| match step {
        0 => resolution,
        1.. => resolution * (2 + step) / 2,
        _ => resolution * 2 / (2 - step),
    };
    let things = problem.sizes.iter().filter(|&&size| size > 0).count();
    Settings {
        consensus: consensus::Plan {
            resolutions: [400, 600, 800].map(scale).to_vec(),
            // Where there is more evidence, a disturbance changes less, and each run costs more. In small
            // applications few ties decide, and a handful of runs agrees by chance.
            runs: (1_250 / things.max(1) as u64).clamp(2, 24),
            noise: 30,
            shuffled: false,
            threshold: 30,
            last: 850,
        },
        least: 3,
        most: few(things, step),
        wished: options.services,
    }
}

fn problem(
    model: &Model,
    evidence: &Evidence,
    flows: &[Vec<criteria::Flow>],
    wishes: &wishes::Wishes,
) -> Problem {
    let nodes = evidence.nodes;
    let mut sizes = vec![0; evidence.len()];
    for (node, thing) in nodes.iter() {
        if split::carries(model, thing) && evidence.domain[node as usize] {
            sizes[node as usize] = 1;
        }
    }
    for &node in wishes.pins.keys() {
        sizes[node as usize] = sizes[node as usize].max(1);
    }
    // What nobody changes belongs to whoever reads it.
    let mut changes = vec![false; model.tables.len()];
    let working = |id: EntryPointId| sizes[nodes.entry(id) as usize] > 0;
    for flow in
        model.entry_points.ids().zip(flows).filter(|&(id, _)| working(id)).flat_map(|(_, flows)| flows)
    {
        changes[flow.table.idx()] |= flow.op.is_write();
    }
    let mut work = Vec::new();
    for (id, flows) in model.entry_points.ids().zip(flows) {
        let worker = nodes.entry(id);
        if working(id) {
            work.extend(flows.iter().map(|flow| engine::Work {
                worker,
                data: nodes.table(flow.table),
                owns: flow.op.is_write() || !changes[flow.table.idx()],
            }));
        }
    }
    let transactions = model.transactions.iter().filter(|it| !model.functions[it.opened_by].test);
    let transactions = transactions
        .map(|transaction| {
            let written: BTreeSet<u32> = transaction
                .tables
                .iter()
                .filter(|(_, op)| op.is_write())
                .map(|&(table, _)| nodes.table(table))
                .collect();
            written.into_iter().collect::<Vec<_>>()
        })
        .filter(|written| written.len() > 1)
        .collect();
    Problem {
        work,
        transactions,
        n: evidence.len(),
        edges: evidence.edges(),
        together: wishes.together.clone(),
        apart: wishes.apart.clone(),
        sizes,
    }
}

/// Every name that a wish can use → the things it means.
fn read_wishes(
    model: &Model,
    evidence: &Evidence,
    options: &Options,
) -> Result<wishes::Wishes, ProposeError> {
    if options.pins.is_empty() && options.together.is_empty() && options.apart.is_empty() {
        return Ok(wishes::Wishes::default());
    }
    let nodes = evidence.nodes;
    let mut named: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (node, thing) in nodes.iter() {
        let mut name = |name: String| named.entry(name).or_default().push(node);
        match thing {
            NodeRef::EntryPoint(id) => name(model.entry_points[id].title()),
            NodeRef::Table(id) => name(format!("table {}", model.tables[id].name)),
            NodeRef::Function(id) => name(model.functions[id].path.to_string()),
            NodeRef::Type(id) => name(model.types[id].path.to_string()),
            NodeRef::State(id) => name(model.state_cells[id].path.to_string()),
        }
    }
    // A module means what stands in it and below, and the entry points handled there.
    let mut under = |module: crate::model::ModuleIdx, node: u32| {
        let mut at = Some(module);
        while let Some(module) = at {
            named.entry(model.modules[module].path.to_string()).or_default().push(node);
            at = model.modules[module].parent;
        }
    };
    for (id, function) in model.functions.iter_enumerated() {
        under(function.module, nodes.function(id));
    }
    for (id, ty) in model.types.iter_enumerated() {
        under(ty.module, nodes.ty(id));
    }
    for (id, entry) in model.entry_points.iter_enumerated() {
        if let Some(handler) = entry.handler {
            under(model.functions[handler].module, nodes.entry(id));
        }
    }
    let written = wishes::Written {
        pins: options.pins.iter().map(|(name, service)| (name.as_str(), service.as_str())).collect(),
        together: options.together.iter().map(|group| group.iter().map(String::as_str).collect()).collect(),
        apart: options.apart.iter().map(|(a, b)| vec![a.as_str(), b.as_str()]).collect(),
    };
    wishes::read(
        &written,
        |name| named.get(name).cloned().unwrap_or_default(),
        || named.keys().cloned().collect(),
        |node| explain::title(model, nodes.thing(node)),
    )
}

/// The pinned name of each service.
fn wished_names(wishes: &wishes::Wishes, split: &Split) -> BTreeMap<u32, String> {
    wishes
        .pins
        .iter()
        .filter_map(|(&node, name)| split.service(node).map(|service| (service.0, name.clone())))
        .collect()
}

/// How many services are proposed unasked: people want few, and hardly more as the application grows.
fn few(things: usize, granularity: i64) -> usize {
    let most = ((things.max(1) as f64).ln() * 1.5).round() as usize;
    let most = most.clamp(4, 12);
    match granularity {
        1.. => most * (1 + granularity as usize),
        0 => most,
        _ => (most * 2 / (2 + granularity.unsigned_abs() as usize)).max(2),
    }
}

/// The plan without steps, verdict and alternatives.
fn assemble(
    model: &Model,
    evidence: &Evidence,
    split: &Split,
    names: names::Names,
    stability: &[f64],
) -> Plan {
    let nodes = evidence.nodes;
    let mut services: IndexVec<ServiceId, ServiceCandidate> = names
        .iter()
        .map(|(name, words)| ServiceCandidate {
            name: name.clone(),
            words: words.clone(),
            ..Default::default()
        })
        .collect();
    let mut plan = Plan { name: model.name.clone(), ..Plan::default() };
    for (node, thing) in nodes.iter() {
        let group = match split.homes[node as usize] {
            Home::Service(service) => {
                let service = &mut services[service];
                match thing {
                    NodeRef::EntryPoint(id) => service.entry_points.push(id),
                    NodeRef::Table(id) => service.tables.push(id),
                    NodeRef::Function(id) => service.functions.push(id),
                    NodeRef::Type(id) => service.types.push(id),
                    NodeRef::State(id) => service.state.push(id),
                }
                continue;
            }
            Home::Kernel => &mut plan.kernel,
            Home::Shell => &mut plan.shell,
            Home::Nowhere => continue,
        };
        match thing {
            NodeRef::EntryPoint(id) => group.entry_points.push(id),
            NodeRef::Function(id) => group.functions.push(id),
            NodeRef::Type(id) => group.types.push(id),
            NodeRef::State(id) => group.state.push(id),
            NodeRef::Table(_) => unreachable!("a table counts, so its group is a service"),
        }
    }
    let mut taken = BTreeSet::new();
    for (service, metrics) in services.iter_mut().zip(metrics::each(model, nodes, split)) {
        service.deployables =
            deployables::deployables(model, &service.name, &service.entry_points, &mut taken);
        service.metrics = metrics;
    }
    let names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    plan.services = services;
    plan.cuts = cuts::cuts(model, nodes, split, &names);
    plan.metrics = metrics::whole(model, nodes, split, &plan.cuts);
    plan.placements = explain::placements(model, evidence, split, &names, stability);
    plan
}

fn alternative(nodes: Nodes, split: &Split, names: &names::Names, chosen: usize) -> Alternative {
    let mut services: Vec<AlternativeService> = names
        .iter()
        .map(|(name, _)| AlternativeService {
            name: name.clone(),
            entry_points: Vec::new(),
            tables: Vec::new(),
            n_functions: 0,
        })
        .collect();
    for (node, thing) in nodes.iter() {
        let Some(service) = split.service(node) else { continue };
        let service = &mut services[service.idx()];
        match thing {
            NodeRef::EntryPoint(id) => service.entry_points.push(id),
            NodeRef::Table(id) => service.tables.push(id),
            NodeRef::Function(_) => service.n_functions += 1,
            NodeRef::Type(_) | NodeRef::State(_) => {}
        }
    }
    let n = services.len();
    let title = if n < chosen { format!("fewer: {n} services") } else { format!("more: {n} services") };
    Alternative { title, services }
}

#[cfg(test)]
mod tests;
