//! Calls of moved code into other services: each becomes a port, behind the same signature, that runs the code here or
//! asks the other service.
//!
//! A call is cut where the plan gives the called function to another service and that function touches the tables or
//! the state of its service. What is pure, or belongs to no service, is copied. What cannot cross is copied too, and
//! listed with the reason; what it calls in turn is looked at instead.

mod answers;
mod asks;
mod errors;
mod port;
mod render;
#[cfg(test)]
mod tests;
mod text;
mod wire;

pub(super) use answers::{Offer, Side, offer, offer_of_data};
pub(super) use asks::{NEEDS as ASKING, asks, free_module, monolith_asks, variable};

/// Crates of the answering side.
pub(super) const ANSWERING: &[(&str, &str)] =
    &[("serde", r#"{ version = "1", features = ["derive"] }"#), ("serde_json", "1")];

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::base::{FileId, TextRange};
use crate::model::{
    CallGraph, EntryPointId, EntryPointKind, FunctionId, ItemId, ItemKind, Model, ModuleIdx, Plan,
    ResourceKind, ServiceId,
};

pub(super) use self::wire::{OUTSIDE, Stuck};

use self::wire::{Contract, ErrorWire, Wire};
use super::Inputs;
use super::manifest::Manifests;
use super::names::Names;
use super::slice::shape;
use super::slice::types::Ty;

/// Everything that is looked at to tell which calls are cut.
pub(super) struct Site<'a, 'm> {
    /// Lookup tables.
    pub names: &'a Names<'m>,
    /// The proposal.
    pub plan: &'a Plan,
    /// The texts.
    pub inputs: &'a Inputs<'a>,
    /// The application's manifests.
    pub manifests: &'a Manifests,
    graph: CallGraph,
    owner: BTreeMap<FunctionId, ServiceId>,
    handlers: BTreeSet<FunctionId>,
    /// Types of shared state: extractors hand them to handlers, or they hold a pool.
    states: BTreeSet<ItemId>,
    callers: BTreeMap<FunctionId, Vec<FunctionId>>,
    /// Functions that need the tables or the state of each service.
    needing: RefCell<BTreeMap<ServiceId, Rc<BTreeSet<FunctionId>>>>,
}

/// A function that may be asked for from elsewhere.
pub(super) struct Port {
    /// The function.
    pub function: FunctionId,
    /// Its name in the contract, unique there.
    pub name: String,
    params: Vec<Param>,
    ok: Wire,
    error: ErrorWire,
    /// It changes nothing, so that it may run in both places and be asked for again.
    pub reads: bool,
    /// Of what travels: both sides must have the same.
    version: String,
    /// It is called on a value of this type of the context.
    receiver: Option<Own>,
}

/// A parameter.
struct Param {
    name: String,
    kind: ParamKind,
}

enum ParamKind {
    /// It travels.
    Travels(Wire, Pass),
    /// Each side has its own: a pool, the application's state.
    Own(Own),
}

/// How an owned value is handed on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Value,
    Ref,
    AsRef,
    AsDeref,
}

/// A value that the process has anyway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Own {
    /// Its type as written, and where.
    pub ty: Ty,
    /// The module in which the type is written.
    pub module: ModuleIdx,
    /// As generated code writes it.
    pub text: String,
    /// Handed on as a reference.
    pub by_ref: bool,
}

/// The ports of one service that stand in one crate.
pub(super) struct Group<'a, 'm> {
    /// The service that is asked.
    pub service: ServiceId,
    /// Root module of the crate that holds its functions.
    pub root: ModuleIdx,
    /// What travels.
    pub contract: Contract<'a, 'm>,
    /// The functions.
    pub ports: Vec<Port>,
}

/// A function of another service that stays a copy.
pub(super) struct Copied {
    /// The function.
    pub function: FunctionId,
    /// Why.
    pub why: Stuck,
}

impl Crossing<'_, '_> {
    /// The bodies of all ports, without their braces, by file.
    pub fn bodies(&self, site: &Site<'_, '_>) -> Vec<(FileId, TextRange)> {
        let ports = self.groups.iter().flat_map(|group| &group.ports);
        ports
            .filter_map(|port| {
                let span = site.names.model.items[site.names.model.functions[port.function].item].span;
                let body = shape::body(site.inputs.sources.text(span))?;
                let start = span.range.start;
                Some((span.file, TextRange::new(start + body.start + 1, start + body.end - 1)))
            })
            .collect()
    }
}

/// What crosses from some code into other services.
#[derive(Default)]
pub(super) struct Crossing<'a, 'm> {
    /// What can be asked for, by service and crate.
    pub groups: Vec<Group<'a, 'm>>,
    /// What cannot.
    pub copied: Vec<Copied>,
}

impl<'a, 'm> Site<'a, 'm> {
    /// Looks at an application.
    pub fn new(
        names: &'a Names<'m>,
        plan: &'a Plan,
        inputs: &'a Inputs<'a>,
        manifests: &'a Manifests,
    ) -> Self {
        let model = names.model;
        let owner = plan
            .services
            .iter_enumerated()
            .flat_map(|(id, service)| service.functions.iter().map(move |&function| (function, id)))
            .collect();
        Self {
            names,
            plan,
            inputs,
            manifests,
            graph: CallGraph::new(model),
            owner,
            handlers: model.entry_points.iter().filter_map(|entry| entry.handler).collect(),
            states: states(names),
            callers: callers(model),
            needing: RefCell::default(),
        }
    }

    /// Everything that a function reaches.
    fn reached(&self, function: FunctionId) -> BTreeSet<FunctionId> {
        self.graph.reachable([function]).into_iter().collect()
    }

    /// What crosses from the kept functions of a unit of the service `own`, as far as its entry points lead to them: what
    /// starts the application, or works beside it, asks nobody.
    pub fn crossing(
        &self,
        own: Option<ServiceId>,
        entries: &[EntryPointId],
        kept: &BTreeSet<FunctionId>,
    ) -> Crossing<'a, 'm> {
        let started = self.started(entries.iter().copied());
        let callers: Vec<FunctionId> = kept.intersection(&started).copied().collect();
        self.crossing_into(&|service| Some(service) != own, callers, kept)
    }

    /// Everything that entry points lead to, and what stands between them and requests.
    fn started(&self, entries: impl Iterator<Item = EntryPointId>) -> BTreeSet<FunctionId> {
        let model = self.names.model;
        let handlers = entries.filter_map(|id| model.entry_points[id].handler);
        let middleware = model.functions.iter_enumerated().filter(|(_, function)| {
            let is_next = |ty: &str| ty.contains("Next") && Ty::parse(ty).name() == "Next";
            !function.test && function.params.iter().any(|param| is_next(&param.ty))
        });
        self.graph.reachable(handlers.chain(middleware.map(|(id, _)| id))).into_iter().collect()
    }

    fn crossing_into(
        &self,
        wanted: &dyn Fn(ServiceId) -> bool,
        callers: Vec<FunctionId>,
        kept: &BTreeSet<FunctionId>,
    ) -> Crossing<'a, 'm> {
        let model = self.names.model;
        let mut out = Crossing::default();
        let mut decided: BTreeSet<FunctionId> = BTreeSet::new();
        let mut copied: BTreeSet<FunctionId> = BTreeSet::new();
        let mut queue = callers;
        queue.reverse();
        while let Some(caller) = queue.pop() {
            let from = model.calls.partition_point(|call| call.caller < caller);
            let mut callees: Vec<FunctionId> = model.calls[from..]
                .iter()
                .take_while(|call| call.caller == caller)
                .map(|call| call.callee)
                .collect();
            callees.sort();
            callees.dedup();
            for callee in callees {
                let Some(&service) = self.owner.get(&callee) else { continue };
                let inside = self.owner.get(&caller) == Some(&service) && !copied.contains(&caller);
                if !wanted(service)
                    || inside
                    || !kept.contains(&callee)
                    || model.functions[callee].test
                    || !self.touches(callee, service)
                    || !decided.insert(callee)
                {
                    continue;
                }
                if let Err(why) = self.add(service, callee, kept, &mut out.groups) {
                    copied.insert(callee);
                    // Handlers and routers are there for requests; nobody calls them.
                    if !self.handlers.contains(&callee) && !is_router(&model.functions[callee].ret) {
                        out.copied.push(Copied { function: callee, why });
                    }
                    queue.push(callee);
                }
            }
        }
        out.groups.sort_by_key(|group| (group.service, group.root));
        for group in &mut out.groups {
            group.ports.sort_by_key(|port| port.function);
        }
        out.copied.sort_by_key(|copied| copied.function);
        let ports: BTreeSet<FunctionId> =
            out.groups.iter().flat_map(|group| &group.ports).map(|port| port.function).collect();
        // What gets all that it needs through ports is not in the way.
        let mut needing: BTreeMap<ServiceId, BTreeSet<FunctionId>> = BTreeMap::new();
        out.copied.retain(|copied| {
            let service = self.owner[&copied.function];
            let needing = needing.entry(service).or_insert_with(|| self.needing(service, &ports));
            needing.contains(&copied.function)
        });
        out
    }

    /// What other services ask of a service: whatever they reach from a request, a schedule or an event.
    pub fn asked_of(&self, service: ServiceId) -> Vec<Group<'a, 'm>> {
        let model = self.names.model;
        let is_started = |id: &EntryPointId| {
            let kind = model.entry_points[*id].kind;
            matches!(kind, EntryPointKind::Http | EntryPointKind::Cron | EntryPointKind::Consumer)
        };
        let others = self.plan.services.iter_enumerated().filter(|(id, _)| *id != service);
        let entries = others.flat_map(|(_, other)| other.entry_points.iter().copied()).filter(is_started);
        let kept = self.started(entries);
        let callers = kept.iter().copied().collect();
        self.crossing_into(&|other| other == service, callers, &kept).groups
    }

    /// Whether a function needs the tables or the state of its service.
    fn touches(&self, function: FunctionId, service: ServiceId) -> bool {
        if let Some(known) = self.needing.borrow().get(&service) {
            return known.contains(&function);
        }
        let found = Rc::new(self.needing(service, &BTreeSet::new()));
        self.needing.borrow_mut().insert(service, found.clone());
        found.contains(&function)
    }

    /// Functions that use the tables or the state of a service, or reach one that does without passing through
    /// ports.
    fn needing(&self, service: ServiceId, ports: &BTreeSet<FunctionId>) -> BTreeSet<FunctionId> {
        let (model, service) = (self.names.model, &self.plan.services[service]);
        let tables: BTreeSet<_> = service.tables.iter().copied().collect();
        let state: BTreeSet<_> = service.state.iter().copied().collect();
        let accesses = model.accesses.iter().filter(|access| tables.contains(&access.table));
        let uses = model.state_uses.iter().filter(|used| state.contains(&used.cell));
        let mut stack: Vec<FunctionId> =
            accesses.map(|access| access.function).chain(uses.map(|used| used.function)).collect();
        let mut found = BTreeSet::new();
        while let Some(function) = stack.pop() {
            if !ports.contains(&function) && found.insert(function) {
                stack.extend(self.callers.get(&function).into_iter().flatten());
            }
        }
        found
    }

    /// Whether a function is known to change nothing.
    fn reads(&self, function: FunctionId) -> bool {
        let (model, reached) = (self.names.model, self.reached(function));
        let writes =
            model.accesses.iter().any(|access| access.op.is_write() && reached.contains(&access.function));
        let unknown = model.unknown_sql.iter().any(|sql| reached.contains(&sql.function));
        let outside = model.resource_uses.iter().any(|used| {
            reached.contains(&used.function) && model.resources[used.resource].kind != ResourceKind::Env
        });
        let detached = model.detached_tasks.iter().any(|task| reached.contains(&task.function));
        !writes && !unknown && !outside && !detached
    }

    fn add(
        &self,
        service: ServiceId,
        function: FunctionId,
        kept: &BTreeSet<FunctionId>,
        groups: &mut Vec<Group<'a, 'm>>,
    ) -> Result<(), Stuck> {
        let root = self.names.root_of(self.names.model.functions[function].module);
        let at = groups.iter().position(|group| group.service == service && group.root == root);
        let is_new = at.is_none();
        let at = at.unwrap_or_else(|| {
            let contract = Contract::new(self.names, self.inputs, self.manifests, root);
            groups.push(Group { service, root, contract, ports: Vec::new() });
            groups.len() - 1
        });
        let group = &mut groups[at];
        let name = self.name_of(service, function);
        match group.contract.attempt(|contract| self.port(contract, function, kept, name)) {
            Ok(port) => {
                group.ports.push(port);
                Ok(())
            }
            Err(why) => {
                if is_new {
                    groups.pop();
                }
                Err(why)
            }
        }
    }
}

/// Who calls each function.
fn callers(model: &Model) -> BTreeMap<FunctionId, Vec<FunctionId>> {
    let mut out: BTreeMap<FunctionId, Vec<FunctionId>> = BTreeMap::new();
    for call in &model.calls {
        out.entry(call.callee).or_default().push(call.caller);
    }
    out
}

fn is_router(ret: &str) -> bool {
    matches!(Ty::parse(ret).success().0.name(), "Router" | "Scope" | "Route")
}

/// Types of shared state.
fn states(names: &Names<'_>) -> BTreeSet<ItemId> {
    let model = names.model;
    let mut found: BTreeSet<ItemId> = model.state_cells.iter().filter_map(|cell| cell.item).collect();
    for function in model.functions.iter().filter(|function| !function.test) {
        for param in &function.params {
            if !["State<", "Data<", "Extension<"].iter().any(|extractor| param.ty.contains(extractor)) {
                continue;
            }
            let ty = Ty::parse(&param.ty);
            if !matches!(ty.name(), "State" | "Data" | "Extension") {
                continue;
            }
            let mut inner = ty.args().first();
            while let Some(own) = inner.filter(|own| own.name() == "Arc") {
                inner = own.args().first();
            }
            if let Some(Ty::Path(segments, _)) = inner {
                found.extend(names.resolve(function.module, segments, false, None).last);
            }
        }
    }
    found.retain(|&item| matches!(model.items[item].kind, ItemKind::Struct));
    found
}

/// What the values of a process are made from: a type, and the expression over an `own` of it for each type that
/// it holds.
pub(super) struct Holder {
    /// As generated code writes it.
    pub text: String,
    /// Type, as generated code writes it → expression.
    pub holds: BTreeMap<String, String>,
}

impl Site<'_, '_> {
    /// What a value of shared state holds; `None` where a type is none.
    pub fn holder(&self, ty: &Ty, module: ModuleIdx, group: &Group<'_, '_>) -> Option<Holder> {
        let own = self.own(ty.behind_refs(), module, &group.contract)?;
        let mut holds = BTreeMap::from([(own.text.clone(), "own.clone()".to_owned())]);
        let Ty::Path(segments, _) = &own.ty else { return None };
        let item = *self.names.resolve(module, segments, false, None).last.first()?;
        let facts = &self.names.model.items[item];
        if let Some(shape::Shape { kind: shape::ShapeKind::Struct(fields), .. }) =
            shape::shape(self.inputs.sources.text(facts.span))
        {
            for field in fields.all.iter().filter(|field| field.open || facts.module == group.root) {
                if let Some(inner) = self.own(&field.ty, facts.module, &group.contract) {
                    holds.entry(inner.text).or_insert_with(|| format!("own.{}.clone()", field.name));
                }
            }
        }
        Some(Holder { text: own.text, holds })
    }

    /// A service of the plan by its name.
    pub fn service(&self, name: &str) -> Option<ServiceId> {
        self.plan.services.iter_enumerated().find(|(_, service)| service.name == name).map(|(id, _)| id)
    }
}
