//! From groups to services: every thing gets its home, every table one owner, shared pure code goes to
//! the kernel.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use smallvec::SmallVec;

use crate::base::Id;
use crate::model::{CallKind, DecidedBy, EntryPointKind, FunctionId, Home, Model, NodeRef, ServiceId};

use super::criteria::{Evidence, Flow, write_factor};
use super::roles::{Role, Roles};
use super::wishes::Wishes;

/// The home of every thing, by its number.
#[derive(Clone, Debug)]
pub(super) struct Split {
    /// Where each thing is.
    pub homes: Vec<Home>,
    /// Who decided.
    pub deciders: Vec<DecidedBy>,
    /// Number of services.
    pub n: usize,
}

impl Split {
    /// The service of a thing.
    pub(super) fn service(&self, node: u32) -> Option<ServiceId> {
        self.homes[node as usize].service()
    }
}

/// Whether a thing can be what a service is there for: an entry point that answers or runs by itself,
/// or a table.
pub(super) fn carries(model: &Model, thing: NodeRef) -> bool {
    match thing {
        NodeRef::EntryPoint(id) => model.entry_points[id].kind != EntryPointKind::Command,
        NodeRef::Table(_) => true,
        _ => false,
    }
}

/// Tables that nothing is known of: nobody touches them and no key binds them, in an application where other
/// tables are touched. They belong to nobody.
pub(super) fn forsaken(model: &Model) -> Vec<bool> {
    let mut bound = vec![model.accesses.is_empty(); model.tables.len()];
    for access in &model.accesses {
        bound[access.table.idx()] = true;
    }
    for (id, table) in model.tables.iter_enumerated() {
        for other in table.foreign_keys.iter().map(|key| key.table).chain(table.derived_from.iter().copied())
        {
            if other != id {
                bound[id.idx()] = true;
                bound[other.idx()] = true;
            }
        }
    }
    bound.into_iter().map(|bound| !bound).collect()
}

/// Makes services of the groups in `labels` (things first, then hubs). `fixed` things stay put.
pub(super) fn split(
    model: &Model,
    roles: &Roles,
    evidence: &Evidence,
    flows: &[Vec<Flow>],
    labels: &[u32],
    wishes: &Wishes,
    fixed: &[bool],
) -> Split {
    let nodes = evidence.nodes;
    let n = nodes.len();
    // Only a group with an entry point or a table can be a service.
    let mut number: BTreeMap<u32, usize> = BTreeMap::new();
    for (node, thing) in nodes.iter() {
        let counts = carries(model, thing) || wishes.pins.contains_key(&node);
        if counts && evidence.domain[node as usize] {
            let next = number.len();
            number.entry(labels[node as usize]).or_insert(next);
        }
    }
    let service = |label: u32| number.get(&label).map(|&at| Home::Service(ServiceId::from_usize(at)));
    let mut homes = vec![Home::Nowhere; n];
    let mut deciders = vec![DecidedBy::Engine; n];
    for (node, _) in nodes.iter() {
        if evidence.domain[node as usize] {
            homes[node as usize] = service(labels[node as usize]).unwrap_or(Home::Nowhere);
        }
        if fixed[node as usize] {
            deciders[node as usize] = DecidedBy::Pin;
        }
    }
    let mut split = Split { homes, deciders, n: number.len() };
    spread(evidence, &mut split);
    own(model, evidence, flows, fixed, &mut split);
    follow(model, evidence, flows, fixed, &mut split);
    if !wishes.counted && dissolve(model, roles, evidence, fixed, &mut split) {
        spread(evidence, &mut split);
    }
    kernel(model, roles, evidence, fixed, &mut split);
    for (node, thing) in nodes.iter() {
        if !evidence.domain[node as usize] {
            let nowhere = match thing {
                NodeRef::Function(id) => roles.functions[id] == Role::Test,
                NodeRef::Type(id) => roles.types[id.idx()] == Role::Test,
                NodeRef::Table(_) => true,
                _ => false,
            };
            split.homes[node as usize] = if nowhere { Home::Nowhere } else { Home::Shell };
            split.deciders[node as usize] = DecidedBy::Rule;
        } else if matches!(thing, NodeRef::Table(_)) {
            // One that no service is tied to has no owner; a table is no code that a kernel could hold.
        } else if split.homes[node as usize] == Home::Nowhere {
            // Nothing ties it to any service. What is asked from outside is wiring then, and no shared code.
            let asked = matches!(thing, NodeRef::EntryPoint(_));
            split.homes[node as usize] = if asked { Home::Shell } else { Home::Kernel };
            split.deciders[node as usize] = DecidedBy::Rule;
        }
    }
    close_gaps(&mut split);
    split
}

/// A number for each of a few services, as they were met.
#[derive(Clone, Default)]
struct Counts<N>(SmallVec<[(ServiceId, N); 2]>);

impl<N: AddAssign> Counts<N> {
    fn add(&mut self, service: ServiceId, amount: N) {
        match self.0.iter_mut().find(|(other, _)| *other == service) {
            Some((_, count)) => *count += amount,
            None => self.0.push((service, amount)),
        }
    }
}

/// Things of groups without entry point and table go where most of their ties lead, in rounds.
fn spread(evidence: &Evidence, split: &mut Split) {
    let n = evidence.len();
    let mut homes = split.homes.clone();
    homes.resize(n, Home::Nowhere);
    let mut sums = Counts::<i64>::default();
    for _ in 0..8 {
        let mut found = Vec::new();
        for node in 0..n {
            if homes[node] != Home::Nowhere {
                continue;
            }
            sums.0.clear();
            for tie in evidence.ties_of(node as u32) {
                let other = if tie.a as usize == node { tie.b } else { tie.a };
                if let Home::Service(service) = homes[other as usize] {
                    sums.add(service, tie.weight);
                }
            }
            if let Some(&(service, _)) =
                sums.0.iter().max_by_key(|&&(service, sum)| (sum, std::cmp::Reverse(service)))
            {
                found.push((node, Home::Service(service)));
            }
        }
        if found.is_empty() {
            break;
        }
        for (node, home) in found {
            homes[node] = home;
        }
    }
    for (node, home) in homes.into_iter().take(split.homes.len()).enumerate() {
        if evidence.domain[node] {
            split.homes[node] = home;
        }
    }
}

/// Gives each written table to the service that writes it most.
fn own(model: &Model, evidence: &Evidence, flows: &[Vec<Flow>], fixed: &[bool], split: &mut Split) {
    let nodes = evidence.nodes;
    let mut writers: Vec<BTreeMap<ServiceId, f64>> = vec![BTreeMap::new(); model.tables.len()];
    for (entry, flows) in model.entry_points.ids().zip(flows) {
        let Some(service) = split.service(nodes.entry(entry)) else { continue };
        for flow in flows.iter().filter(|flow| flow.op.is_write()) {
            *writers[flow.table.idx()].entry(service).or_default() +=
                1.0 / (1.0 + f64::from(flow.depth) / 2.0);
        }
    }
    for access in model.accesses.iter().filter(|access| access.op.is_write()) {
        if let Some(service) = split.service(nodes.function(access.function)) {
            *writers[access.table.idx()].entry(service).or_default() += 1.0;
        }
    }
    let mut readers: Vec<BTreeMap<ServiceId, u32>> = vec![BTreeMap::new(); model.tables.len()];
    for access in &model.accesses {
        if let Some(service) = split.service(nodes.function(access.function)) {
            *readers[access.table.idx()].entry(service).or_default() += 1;
        }
    }
    for (table, writers) in model.tables.ids().zip(&writers) {
        let node = nodes.table(table) as usize;
        if fixed[node] {
            continue;
        }
        if writers.is_empty() {
            // Nobody here writes it (a view, or filled from outside): its only reader may have it.
            if let (1, Some((&service, _))) =
                (readers[table.idx()].len(), readers[table.idx()].first_key_value())
            {
                split.homes[node] = Home::Service(service);
                split.deciders[node] = DecidedBy::Ownership;
            }
            continue;
        }
        let own = split.homes[node].service();
        let most = writers.values().copied().fold(0.0, f64::max);
        // A tie leaves the table where its other ties put it.
        let keeps = own.is_some_and(|own| writers.get(&own).is_some_and(|&amount| amount >= most * 0.5));
        if keeps {
            if writers.len() == 1 {
                split.deciders[node] = DecidedBy::Ownership;
            }
        } else if let Some((&service, _)) = writers.iter().find(|&(_, &amount)| amount >= most) {
            split.homes[node] = Home::Service(service);
            split.deciders[node] = DecidedBy::Ownership;
        }
    }
}

/// A command is no reason for a service: it goes to the one whose data it works on.
fn follow(model: &Model, evidence: &Evidence, flows: &[Vec<Flow>], fixed: &[bool], split: &mut Split) {
    let nodes = evidence.nodes;
    for ((id, entry), flows) in model.entry_points.iter_enumerated().zip(flows) {
        let node = nodes.entry(id) as usize;
        if entry.kind != EntryPointKind::Command || fixed[node] || !evidence.domain[node] {
            continue;
        }
        let mut work: BTreeMap<ServiceId, f64> = BTreeMap::new();
        for flow in flows {
            if let Some(service) = split.service(nodes.table(flow.table)) {
                *work.entry(service).or_default() += write_factor(flow.op) / (1.0 + f64::from(flow.depth));
            }
        }
        let most = work.values().copied().fold(0.0, f64::max);
        if let Some((&service, _)) = work.iter().find(|&(_, &amount)| amount >= most) {
            split.homes[node] = Home::Service(service);
            split.deciders[node] = DecidedBy::Ownership;
        }
    }
}

/// Takes apart services that nothing starts, so that their things go where their ties lead; unless the user
/// wants them, or nothing starts any. Says whether there were such.
fn dissolve(model: &Model, roles: &Roles, evidence: &Evidence, fixed: &[bool], split: &mut Split) -> bool {
    let nodes = evidence.nodes;
    let (mut started, mut wanted) = (vec![false; split.n], vec![false; split.n]);
    let mut keeps = vec![false; split.n];
    for service in model.tables.ids().filter_map(|id| split.service(nodes.table(id))) {
        keeps[service.idx()] = true;
    }
    for (id, entry) in model.entry_points.iter_enumerated() {
        // Of a route that no function of the application answers nothing is known but its path.
        let known = entry.handler.is_some_and(|handler| roles.functions[handler] != Role::Shell);
        if let Some(service) = split.service(nodes.entry(id)) {
            started[service.idx()] |= known || keeps[service.idx()];
        }
    }
    for (home, _) in split.homes.iter().zip(fixed).filter(|&(_, &fixed)| fixed) {
        if let Home::Service(service) = *home {
            wanted[service.idx()] = true;
        }
    }
    if !started.contains(&true) {
        return false;
    }
    let goes = |home: &Home| home.service().is_some_and(|at| !started[at.idx()] && !wanted[at.idx()]);
    let mut any = false;
    for home in split.homes.iter_mut().filter(|home| goes(home)) {
        *home = Home::Nowhere;
        any = true;
    }
    any
}

/// Pure code and plain types that several services use alike are nobody's: they are copied or linked.
fn kernel(model: &Model, roles: &Roles, evidence: &Evidence, fixed: &[bool], split: &mut Split) {
    let nodes = evidence.nodes;
    let mut users: Vec<Counts<u32>> = vec![Counts::default(); nodes.len()];
    let mut guarded: Vec<Counts<u32>> = vec![Counts::default(); model.functions.len()];
    for call in &model.calls {
        let Some(service) = split.service(nodes.function(call.caller)) else { continue };
        if call.caller != call.callee {
            users[nodes.function(call.callee) as usize].add(service, 1);
            if call.kind == CallKind::Guard {
                guarded[call.callee.idx()].add(service, 1);
            }
        }
    }
    for usage in &model.type_uses {
        if usage.role != crate::model::TypeRole::Receiver
            && let Some(service) = split.service(nodes.function(usage.function))
        {
            users[nodes.ty(usage.ty) as usize].add(service, 1);
        }
    }
    let impure = impure(model);
    let shared = |Counts(users): &Counts<u32>| {
        let counts = || users.iter().map(|&(_, count)| count);
        users.len() >= 3 && counts().max().unwrap_or(0) * 10 <= counts().sum::<u32>() * 6
    };
    let mut shared_types = vec![false; model.types.len()];
    for id in model.types.ids() {
        let node = nodes.ty(id) as usize;
        if evidence.domain[node] && !fixed[node] && shared(&users[node]) {
            shared_types[id.idx()] = true;
            split.homes[node] = Home::Kernel;
            split.deciders[node] = DecidedBy::Rule;
        }
    }
    for (id, function) in model.functions.iter_enumerated() {
        let node = nodes.function(id) as usize;
        if !evidence.domain[node] || fixed[node] || impure[id.idx()] || roles.functions[id] != Role::Domain {
            continue;
        }
        let of_shared = function.self_type.is_some_and(|ty| shared_types[ty.idx()]);
        let helper = function.pure && users[node].0.len() >= 2;
        if of_shared || helper || shared(&users[node]) || shared(&guarded[id.idx()]) {
            split.homes[node] = Home::Kernel;
            split.deciders[node] = DecidedBy::Rule;
        }
    }
}

/// Whether each function touches a table or changing state, itself or through what it calls, or is an
/// entry point's handler.
fn impure(model: &Model) -> Vec<bool> {
    let mut callers: Vec<Vec<u32>> = vec![Vec::new(); model.functions.len()];
    for call in &model.calls {
        callers[call.callee.idx()].push(call.caller.0);
    }
    let mut starts: Vec<FunctionId> = model.accesses.iter().map(|access| access.function).collect();
    starts.extend(
        model
            .state_uses
            .iter()
            .filter(|usage| {
                let cell = &model.state_cells[usage.cell];
                cell.mutable && cell.kind != crate::model::StateKind::Handle
            })
            .map(|usage| usage.function),
    );
    starts.extend(model.unknown_sql.iter().map(|sql| sql.function));
    let mut impure = super::roles::reach(&callers, starts);
    for handler in model.entry_points.iter().filter_map(|entry| entry.handler) {
        impure[handler.idx()] = true;
    }
    impure
}

/// Renumbers services so that each has something in it.
fn close_gaps(split: &mut Split) {
    let mut number: Vec<Option<ServiceId>> = vec![None; split.n];
    for service in split.homes.iter().filter_map(|home| home.service()) {
        number[service.idx()] = Some(service);
    }
    let mut n = 0;
    for slot in number.iter_mut().flatten() {
        *slot = ServiceId::from_usize(n);
        n += 1;
    }
    for home in &mut split.homes {
        if let Home::Service(service) = home {
            *service = number[service.idx()].expect("it was met above");
        }
    }
    split.n = n;
}

/// Renumbers services by a permutation: `order[new]` is the old number.
pub(super) fn reorder(split: &mut Split, order: &[usize]) {
    let mut new_of = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        new_of[old] = new;
    }
    for home in &mut split.homes {
        if let Home::Service(service) = home {
            *service = ServiceId::from_usize(new_of[service.idx()]);
        }
    }
}
