//! Why two things belong together: every reason is a tie with its criterion, weight and place.
//!
//! A reason that many things share (one module, one transaction, one path prefix) is a hub that each
//! of them is tied to, so that the number of ties stays linear.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{Id, Place};
use crate::model::{CallEdge, CallKind, FunctionId, Model, TableOp, TypeRole};

use super::nodes::Nodes;
use super::observed::Observed;
use super::roles::{Role, Roles};
use super::words::{self, Bag};

pub(super) use super::weights::{Criterion, Weights};

/// What a tie says, for the sentence that explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// An entry point and its handler.
    Handles,
    /// The first calls the second, so many times.
    Calls { in_loop: bool },
    /// The first touches the second, a table.
    Access(TableOp),
    /// What the first, an entry point, starts reaches the second, a table, in this function.
    Flow(TableOp, FunctionId),
    /// The first, a table, refers to the second.
    Refers,
    /// The first uses the second, a type.
    Uses(TypeRole),
    /// The first takes or gives the second, a type, over the wire.
    Payload,
    /// The first mentions the second, a type, in its definition.
    Holds,
    /// The first, a type, describes a row of the second, a table.
    Row,
    /// The first touches the second, a state cell.
    State { write: bool },
    /// The first was seen to call the second, so many times.
    Traced(u64),
    /// They share words.
    Words,
    /// The first belongs to the second, a hub.
    In,
}

/// One reason.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tie {
    /// A thing, or a hub.
    pub a: u32,
    /// A thing, or a hub.
    pub b: u32,
    pub criterion: Criterion,
    pub weight: i64,
    pub place: Option<Place>,
    pub what: What,
}

/// All reasons.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub nodes: Nodes,
    /// Sorted by ends, then criterion.
    pub ties: Vec<Tie>,
    /// What each hub is, in words; hubs are numbered after the things.
    pub hubs: Vec<String>,
    /// The vocabulary of each thing.
    pub bags: Vec<Bag>,
    /// Which things take part.
    pub domain: Vec<bool>,
    /// The ties of each thing and hub.
    rows: Rows,
}

/// Which ties each thing and hub has, in compressed rows.
#[derive(Clone, Debug)]
struct Rows {
    starts: Vec<u32>,
    ties: Vec<u32>,
}

impl Rows {
    fn new(n: usize, ties: &[Tie]) -> Self {
        let mut starts = vec![0_u32; n + 2];
        for node in ties.iter().flat_map(|tie| [tie.a, tie.b]) {
            starts[node as usize + 2] += 1;
        }
        for at in 2..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut rows = vec![0_u32; 2 * ties.len()];
        for (idx, tie) in ties.iter().enumerate() {
            for node in [tie.a, tie.b] {
                let at = &mut starts[node as usize + 1];
                rows[*at as usize] = idx as u32;
                *at += 1;
            }
        }
        starts.pop();
        Self { starts, ties: rows }
    }
}

impl Evidence {
    /// Number of things and hubs.
    pub(super) fn len(&self) -> usize {
        self.nodes.len() + self.hubs.len()
    }
    /// The ties of a thing or a hub, in their order.
    pub(super) fn ties_of(&self, node: u32) -> impl Iterator<Item = &Tie> {
        let (start, end) = (self.rows.starts[node as usize], self.rows.starts[node as usize + 1]);
        self.rows.ties[start as usize..end as usize].iter().map(|&at| &self.ties[at as usize])
    }
    /// The ties as edges.
    pub(super) fn edges(&self) -> Vec<(u32, u32, i64)> {
        self.ties.iter().map(|tie| (tie.a, tie.b, tie.weight)).collect()
    }
}

/// Gathers the evidence of a model.
pub(super) fn evidence(
    model: &Model,
    roles: &Roles,
    flows: &[Vec<Flow>],
    weights: &Weights,
    observed: &Observed,
) -> Evidence {
    let nodes = Nodes::new(model);
    let mut domain = vec![false; nodes.len()];
    for (id, _) in model.entry_points.iter_enumerated() {
        domain[nodes.entry(id) as usize] = roles.entry_points[id.idx()] == Role::Domain;
    }
    for (id, forsaken) in model.tables.ids().zip(super::split::forsaken(model)) {
        domain[nodes.table(id) as usize] = !forsaken;
    }
    for id in model.functions.ids() {
        domain[nodes.function(id) as usize] = roles.functions[id] == Role::Domain;
    }
    for id in model.types.ids() {
        domain[nodes.ty(id) as usize] = roles.types[id.idx()] == Role::Domain;
    }
    for id in model.state_cells.ids() {
        domain[nodes.cell(id) as usize] = roles.state[id.idx()] == Role::Domain;
    }
    let gather = |work: &dyn Fn(&mut Gather)| {
        let (ties, hubs) = (Vec::new(), Vec::new());
        let mut gather = Gather { model, roles, weights, nodes, domain: &domain, ties, hubs };
        work(&mut gather);
        gather
    };
    let layers = super::hubs::layers(model);
    // All that makes hubs is gathered in one place, which numbers them.
    let ((calls, types), (mut all, bags)) = rayon::join(
        || {
            rayon::join(
                || gather(&|gather| gather.calls()),
                || {
                    gather(&|gather| {
                        gather.types(&layers);
                        gather.state();
                    })
                },
            )
        },
        || {
            let all = gather(&|gather| {
                gather.entries();
                gather.tables();
                gather.flows(flows);
                gather.transactions();
                gather.modules(&layers);
                gather.routes();
                gather.nouns();
                gather.callers();
                gather.observed(observed);
            });
            (all, super::vocabulary::bags(model, nodes, &domain))
        },
    );
    all.ties.extend(calls.ties);
    all.ties.extend(types.ties);
    all.words(&bags);
    let Gather { mut ties, hubs, .. } = all;
    let ends = |tie: &Tie| u64::from(tie.a) << 32 | u64::from(tie.b);
    let rest = |tie: &Tie| (tie.criterion, tie.place, tie.what, tie.weight);
    ties.par_sort_unstable_by(|a, b| ends(a).cmp(&ends(b)).then_with(|| rest(a).cmp(&rest(b))));
    let rows = Rows::new(nodes.len() + hubs.len(), &ties);
    Evidence { nodes, ties, hubs, bags, domain, rows }
}

/// `total / of^0.5`: a thing that many use says less about each of them.
pub(super) fn rare(of: usize) -> f64 {
    1.0 / (of.max(1) as f64).sqrt()
}

/// How little a hub that holds `part` of `all` says: nothing where it holds everything.
pub(super) fn narrow(part: usize, all: usize) -> f64 {
    let share = part as f64 / all.max(1) as f64;
    (1.0 - share) * (1.0 - share).sqrt()
}

/// Functions that code of all kinds calls and that lead to no table: logging, clocks, formatting. Who
/// calls them says nothing about where anything belongs.
fn everywhere(model: &Model) -> Vec<bool> {
    let mut modules: Vec<BTreeSet<_>> = vec![BTreeSet::new(); model.functions.len()];
    let mut working: BTreeSet<_> = BTreeSet::new();
    for call in &model.calls {
        let (from, to) = (model.functions[call.caller].module, model.functions[call.callee].module);
        if !model.functions[call.caller].test {
            working.insert(from);
            if from != to {
                modules[call.callee.idx()].insert(from);
            }
        }
    }
    let mut callers: Vec<Vec<u32>> = vec![Vec::new(); model.functions.len()];
    for call in model.calls.iter().filter(|call| call.kind != CallKind::Guard) {
        callers[call.callee.idx()].push(call.caller.0);
    }
    let to_data = super::roles::reach(&callers, model.accesses.iter().map(|access| access.function));
    let many = (working.len() / 6).max(4);
    modules.iter().zip(to_data).map(|(modules, to_data)| modules.len() >= many && !to_data).collect()
}

/// The evidence so far.
pub(super) struct Gather<'a> {
    pub model: &'a Model,
    pub roles: &'a Roles,
    pub nodes: Nodes,
    weights: &'a Weights,
    domain: &'a [bool],
    ties: Vec<Tie>,
    hubs: Vec<String>,
}

/// A write ties three times as much as a read.
pub(super) fn write_factor(op: TableOp) -> f64 {
    if op.is_write() { 3.0 } else { 1.0 }
}

impl Gather<'_> {
    pub(super) fn tie(
        &mut self,
        a: u32,
        b: u32,
        criterion: Criterion,
        share: f64,
        place: Option<Place>,
        what: What,
    ) {
        let taken = |node: u32| self.domain.get(node as usize).copied().unwrap_or(true);
        if a != b && taken(a) && taken(b) {
            let weight = (self.weights.of(criterion) as f64 * share).round() as i64;
            if weight > 0 {
                self.ties.push(Tie { a, b, criterion, weight, place, what });
            }
        }
    }
    pub(super) fn hub(&mut self, text: String) -> u32 {
        self.hubs.push(text);
        (self.nodes.len() + self.hubs.len() - 1) as u32
    }
    fn entries(&mut self) {
        for (id, entry) in self.model.entry_points.iter_enumerated() {
            if let Some(handler) = entry.handler {
                let (a, b) = (self.nodes.entry(id), self.nodes.function(handler));
                self.tie(a, b, Criterion::Entry, 1.0, Some(entry.declared_at), What::Handles);
            }
        }
    }
    fn calls(&mut self) {
        let everywhere = everywhere(self.model);
        // A guard runs before every handler; it ties none of them to the others.
        let ties = |call: &&CallEdge| {
            call.kind != CallKind::Guard && call.caller != call.callee && !everywhere[call.callee.idx()]
        };
        let mut calls: Vec<&CallEdge> = self.model.calls.iter().filter(ties).collect();
        let pair = |call: &CallEdge| (call.caller, call.callee);
        calls.sort_by_key(|call| pair(call));
        let pairs = || calls.chunk_by(|a, b| pair(a) == pair(b));
        let mut callers = vec![0_usize; self.model.functions.len()];
        pairs().for_each(|calls| callers[calls[0].callee.idx()] += 1);
        for calls in pairs() {
            let &CallEdge { caller, callee, site, .. } = calls[0];
            let amount: f64 = calls.iter().map(|call| if call.in_loop { 2.0 } else { 1.0 }).sum();
            let in_loop = calls.iter().any(|call| call.in_loop);
            let share = (1.0 + amount.ln()) * (callers[callee.idx()].max(1) as f64).powf(-0.75);
            let (a, b) = (self.nodes.function(caller), self.nodes.function(callee));
            self.tie(a, b, Criterion::Calls, share, Some(site), What::Calls { in_loop });
        }
    }
    fn tables(&mut self) {
        let model = self.model;
        let mut pairs: BTreeMap<_, (TableOp, Place)> = BTreeMap::new();
        for access in &model.accesses {
            let slot = pairs.entry((access.function, access.table)).or_insert((access.op, access.site));
            if access.op.is_write() && !slot.0.is_write() {
                *slot = (access.op, access.site);
            }
        }
        let mut users = vec![0_usize; model.tables.len()];
        let mut used = vec![0_usize; model.functions.len()];
        for &(function, table) in pairs.keys() {
            users[table.idx()] += 1;
            used[function.idx()] += 1;
        }
        for ((function, table), (op, site)) in pairs {
            let share = write_factor(op) * rare(users[table.idx()]) * rare(used[function.idx()]);
            let (a, b) = (self.nodes.function(function), self.nodes.table(table));
            self.tie(a, b, Criterion::Tables, share, Some(site), What::Access(op));
        }
        let mut referred = vec![0_usize; model.tables.len()];
        for table in &model.tables {
            for key in &table.foreign_keys {
                referred[key.table.idx()] += 1 + usize::from(key.mapped);
            }
        }
        for (id, table) in model.tables.iter_enumerated() {
            for key in &table.foreign_keys {
                let cascade = if key.on_delete == "cascade" { 2.0 } else { 1.0 };
                let share = cascade * rare(referred[key.table.idx()]);
                let (a, b) = (self.nodes.table(id), self.nodes.table(key.table));
                // That the database checks it and that the code goes along it are two reasons.
                self.tie(a, b, Criterion::ForeignKeys, share, table.declared_at, What::Refers);
                if key.mapped {
                    let share = rare(referred[key.table.idx()]);
                    self.tie(a, b, Criterion::ForeignKeys, share, table.declared_at, What::Refers);
                }
            }
            for &source in &table.derived_from {
                let (a, b) = (self.nodes.table(id), self.nodes.table(source));
                self.tie(a, b, Criterion::Tables, 1.0, table.declared_at, What::Refers);
            }
        }
        let rows: BTreeMap<Place, _> =
            model.tables.iter_enumerated().filter_map(|(id, t)| t.declared_at.map(|at| (at, id))).collect();
        for (id, ty) in model.types.iter_enumerated() {
            if let Some(&table) = rows.get(&ty.place) {
                let (a, b) = (self.nodes.ty(id), self.nodes.table(table));
                self.tie(a, b, Criterion::Tables, 2.0, Some(ty.place), What::Row);
            }
        }
    }
    /// Entry points and the tables that their work reaches.
    fn flows(&mut self, flows: &[Vec<Flow>]) {
        let mut users = vec![0_usize; self.model.tables.len()];
        for flow in flows.iter().flatten() {
            users[flow.table.idx()] += 1;
        }
        for (id, flows) in self.model.entry_points.ids().zip(flows) {
            for flow in flows {
                let near = 1.0 / (1.0 + f64::from(flow.depth) / 2.0);
                let share = write_factor(flow.op) * near * rare(users[flow.table.idx()]) * rare(flows.len());
                let (a, b) = (self.nodes.entry(id), self.nodes.table(flow.table));
                self.tie(a, b, Criterion::Flow, share, Some(flow.site), What::Flow(flow.op, flow.via));
            }
        }
    }
    fn transactions(&mut self) {
        for transaction in &self.model.transactions {
            let opener = &self.model.functions[transaction.opened_by];
            let mut tables: BTreeMap<_, bool> = BTreeMap::new();
            for &(table, op) in &transaction.tables {
                *tables.entry(table).or_default() |= op.is_write();
            }
            if opener.test || tables.values().filter(|&&write| write).count() == 0 {
                continue;
            }
            let hub = self.hub(format!("takes part in the transaction of `{}`", opener.name));
            for (table, write) in tables {
                let share = if write { 1.5 } else { 0.3 };
                let table = self.nodes.table(table);
                self.tie(table, hub, Criterion::Transaction, share, Some(transaction.site), What::In);
            }
            for &function in &transaction.functions {
                let share = if function == transaction.opened_by { 1.5 } else { 0.5 };
                let function = self.nodes.function(function);
                self.tie(function, hub, Criterion::Transaction, share, Some(transaction.site), What::In);
            }
        }
    }
    fn types(&mut self, layers: &super::hubs::Layers) {
        let model = self.model;
        let mut users = vec![0_usize; model.types.len()];
        for usage in &model.type_uses {
            users[usage.ty.idx()] += usize::from(self.roles.functions[usage.function] == Role::Domain);
        }
        let mut handles = vec![false; model.functions.len()];
        for handler in model.entry_points.iter().filter_map(|entry| entry.handler) {
            handles[handler.idx()] = true;
        }
        for usage in &model.type_uses {
            let (a, b) = (self.nodes.function(usage.function), self.nodes.ty(usage.ty));
            let place = model.functions[usage.function].place;
            let share = match usage.role {
                TypeRole::Receiver => 2.0,
                TypeRole::Parameter | TypeRole::Return => 1.0,
                TypeRole::Body => 0.5,
            };
            // Twice the usual discount: what everybody uses says nothing about anybody.
            let rarity = rare(users[usage.ty.idx()]) * rare(users[usage.ty.idx()]);
            let receiver = usage.role == TypeRole::Receiver;
            let rarity =
                if receiver { rare(users[usage.ty.idx()]) * layers.types[usage.ty.idx()] } else { rarity };
            self.tie(a, b, Criterion::Types, share * rarity, Some(place), What::Uses(usage.role));
            if handles[usage.function.idx()] && matches!(usage.role, TypeRole::Parameter | TypeRole::Return) {
                self.tie(a, b, Criterion::Payload, rarity, Some(place), What::Payload);
            }
        }
        let of_item: BTreeMap<_, _> = model.types.iter_enumerated().map(|(id, ty)| (ty.item, id)).collect();
        let mut holds = Vec::new();
        let mut held = vec![0_usize; model.types.len()];
        for (id, ty) in model.types.iter_enumerated() {
            let Some(item) = model.items.get(ty.item) else { continue };
            for other in item.mentions.iter().filter_map(|item| of_item.get(item)) {
                holds.push((id, *other, ty.place));
                held[other.idx()] += 1;
            }
        }
        for (holder, other, place) in holds {
            let (a, b) = (self.nodes.ty(holder), self.nodes.ty(other));
            let n = held[other.idx()] + users[other.idx()];
            self.tie(a, b, Criterion::Types, rare(n), Some(place), What::Holds);
        }
    }
    fn state(&mut self) {
        let mut pairs: BTreeMap<_, (bool, Place)> = BTreeMap::new();
        for usage in &self.model.state_uses {
            let slot = pairs.entry((usage.function, usage.cell)).or_insert((usage.write, usage.site));
            if usage.write && !slot.0 {
                *slot = (true, usage.site);
            }
        }
        let mut users = vec![0_usize; self.model.state_cells.len()];
        for (_, cell) in pairs.keys() {
            users[cell.idx()] += 1;
        }
        for ((function, cell), (write, site)) in pairs {
            let share = if write { 2.0 } else { 1.0 } * rare(users[cell.idx()]);
            let (a, b) = (self.nodes.function(function), self.nodes.cell(cell));
            self.tie(a, b, Criterion::State, share, Some(site), What::State { write });
        }
    }
    /// Words, in the light of all other ties.
    fn words(&mut self, bags: &[Bag]) {
        let n = self.nodes.len();
        let edges: Vec<(u32, u32, i64)> = self
            .ties
            .iter()
            .filter(|tie| (tie.a.max(tie.b) as usize) < n)
            .map(|tie| (tie.a, tie.b, tie.weight))
            .collect();
        let mut strengths = vec![0_i64; n];
        for &(a, b, weight) in &edges {
            strengths[a as usize] += weight;
            strengths[b as usize] += weight;
        }
        let scale = self.weights.words as f64;
        for (a, b, weight) in words::ties(bags, &edges, &strengths, &WORDS) {
            self.tie(a, b, Criterion::Words, weight as f64 / scale, None, What::Words);
        }
    }
}

/// Words among the things of a model.
const WORDS: words::Rules =
    words::Rules { common: 250, neighbours: 3, least: 200, always: 200, lonely: 400, enough: 500 };

/// A table that an entry point's work reaches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    pub table: crate::model::TableId,
    /// A write where there is one.
    pub op: TableOp,
    /// The function whose body holds the statement.
    pub via: FunctionId,
    pub site: Place,
    /// Calls between the handler and that function.
    pub depth: u32,
}

/// Per entry point, the tables that its work reaches without passing a guard; the nearest access of
/// each, writes before reads.
pub(super) fn flows(model: &Model, roles: &Roles) -> Vec<Vec<Flow>> {
    const MOST: usize = 5000;
    let out = super::roles::callees(model);
    let mut accesses: Vec<Vec<usize>> = vec![Vec::new(); model.functions.len()];
    for (at, access) in model.accesses.iter().enumerate() {
        accesses[access.function.idx()].push(at);
    }
    let mut seen = vec![u32::MAX; model.functions.len()];
    let mut flows = Vec::with_capacity(model.entry_points.len());
    for (entry_idx, entry) in model.entry_points.iter().enumerate() {
        let mut found: BTreeMap<_, Flow> = BTreeMap::new();
        let mut queue: std::collections::VecDeque<(u32, u32)> =
            entry.handler.iter().map(|handler| (handler.0, 0)).collect();
        let mut visited = 0;
        while let Some((function, depth)) = queue.pop_front() {
            let id = FunctionId(function);
            if seen[id.idx()] == entry_idx as u32 || roles.functions[id] != Role::Domain || visited >= MOST {
                continue;
            }
            seen[id.idx()] = entry_idx as u32;
            visited += 1;
            for &at in &accesses[id.idx()] {
                let access = &model.accesses[at];
                let flow = Flow { table: access.table, op: access.op, via: id, site: access.site, depth };
                let slot = found.entry(access.table).or_insert(flow);
                if access.op.is_write() && !slot.op.is_write() {
                    *slot = flow;
                }
            }
            queue.extend(out[id.idx()].iter().map(|&callee| (callee, depth + 1)));
        }
        flows.push(found.into_values().collect());
    }
    flows
}
