//! Which functions a request means, and whether they may be cut out.

use std::collections::BTreeSet;

use crate::model::{
    CallGraph, EntryPointId, EntryPointKind, FunctionId, Model, Plan, StateCell, StateKind, TableId,
};

use super::names::handler;
use super::naming::kebab;
use super::{Cut, Refusal, Request};

/// One function to generate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Safe, unique name: directory, package, binary.
    pub name: String,
    /// The service that it belongs to, by name.
    pub service: String,
    /// Its entry points: HTTP routes, or one of another kind.
    pub entry_points: Vec<EntryPointId>,
    /// Their kind.
    pub kind: EntryPointKind,
}

const KINDS: [EntryPointKind; 4] =
    [EntryPointKind::Http, EntryPointKind::Cron, EntryPointKind::Consumer, EntryPointKind::Loop];

/// Every function that can be made of a plan.
pub fn all(model: &Model, plan: &Plan) -> Vec<Unit> {
    let mut all = Vec::new();
    for service in &plan.services {
        for deployable in &service.deployables {
            all.extend(split(model, &service.name, &deployable.name, &deployable.entry_points));
        }
    }
    unique(&mut all);
    all
}

/// The functions that a request names.
pub(super) fn units(request: &Request, model: &Model, plan: &Plan) -> Result<Vec<Unit>, Refusal> {
    let all = all(model, plan);
    let Some(what) = &request.what else { return Ok(all) };
    let what = what.trim();
    let by_service: Vec<_> = all.iter().filter(|unit| unit.service == *what).cloned().collect();
    if !by_service.is_empty() {
        return Ok(by_service);
    }
    let by_name: Vec<_> =
        all.iter().filter(|unit| unit.name == *what || unit.name == kebab(what)).cloned().collect();
    if !by_name.is_empty() {
        return Ok(by_name);
    }
    let entry = model.entry_points.iter_enumerated().find(|(_, entry)| {
        entry.title().eq_ignore_ascii_case(what)
            || entry.path.as_deref() == Some(what)
            || entry.handler.is_some_and(|handler| model.functions[handler].path.as_str() == what)
    });
    if let Some((id, entry)) = entry {
        if let Some(own) = all.iter().find(|unit| unit.entry_points == [id]) {
            return Ok(vec![own.clone()]);
        }
        let service = plan
            .services
            .iter()
            .find(|service| service.entry_points.contains(&id))
            .map_or("shell", |service| service.name.as_str());
        let units = split(model, service, &kebab(&entry.title()), &[id]);
        if !units.is_empty() {
            return Ok(units);
        }
        return Err(Refusal {
            what: what.into(),
            reason: format!("a {} runs as long as the process and is no function", entry.kind.as_str()),
            place: Some(entry.declared_at),
            remedy: "scaffold an HTTP route, a cron job, a consumer or a loop".into(),
        });
    }
    let known: Vec<_> = plan.services.iter().map(|service| service.name.clone()).collect();
    Err(Refusal {
        what: what.into(),
        reason: format!("no service, deployable or entry point is called `{what}`"),
        place: None,
        remedy: format!(
            "choose one of {}, or an entry point such as `{}`",
            known.join(", "),
            model.entry_points.iter().next().map_or_else(|| "GET /".into(), |entry| entry.title())
        ),
    })
}

/// Deployables of which nothing can start a function: each is refused with its reason.
pub(super) fn without_trigger(model: &Model, plan: &Plan) -> Vec<Refusal> {
    let mut out = Vec::new();
    for deployable in plan.services.iter().flat_map(|service| &service.deployables) {
        let entries = || deployable.entry_points.iter().map(|&id| &model.entry_points[id]);
        if entries().any(|entry| KINDS.contains(&entry.kind)) {
            continue;
        }
        let Some(first) = entries().next() else { continue };
        if !split(model, "", &deployable.name, &deployable.entry_points).is_empty() {
            continue;
        }
        let remedy = match first.kind {
            EntryPointKind::Command | EntryPointKind::Startup => "run the application's own binary as a task",
            _ => "put an HTTP route before it, or run it beside the monolith",
        };
        out.push(Refusal {
            what: kebab(&deployable.name),
            reason: format!("a {} runs as long as the process and is no function", first.kind.as_str()),
            place: Some(first.declared_at),
            remedy: remedy.into(),
        });
    }
    out
}

/// HTTP routes together; everything else one by one.
fn split(model: &Model, service: &str, name: &str, entries: &[EntryPointId]) -> Vec<Unit> {
    let mut units = Vec::new();
    for kind in KINDS {
        let of_kind: Vec<_> =
            entries.iter().copied().filter(|&id| model.entry_points[id].kind == kind).collect();
        let groups: Vec<Vec<EntryPointId>> = match kind {
            _ if of_kind.is_empty() => Vec::new(),
            EntryPointKind::Http => vec![of_kind],
            _ => of_kind.into_iter().map(|id| vec![id]).collect(),
        };
        let several = groups.len() > 1 || entries.iter().any(|&id| model.entry_points[id].kind != kind);
        for entry_points in groups {
            let own = model.entry_points[entry_points[0]].path.as_deref().unwrap_or(kind.as_str());
            let name = match kind {
                EntryPointKind::Http => kebab(name),
                _ if several => kebab(&format!("{service} {own}")),
                _ => kebab(name),
            };
            units.push(Unit { name, service: service.to_owned(), entry_points, kind });
        }
    }
    let is_graphql = |&id: &EntryPointId| model.entry_points[id].kind == EntryPointKind::Graphql;
    if entries.iter().any(is_graphql) {
        let entry_points = graphql_routes(model);
        if !entry_points.is_empty() {
            let (name, service) = (kebab(name), service.to_owned());
            units.push(Unit { name, service, entry_points, kind: EntryPointKind::Http });
        }
    }
    units
}

/// The routes behind which the fields of GraphQL are: one for them all, so that the whole schema goes with any field.
fn graphql_routes(model: &Model) -> Vec<EntryPointId> {
    let named = |text: &str| text.to_lowercase().contains("graphql");
    let routes = model.entry_points.iter_enumerated().filter(|(_, entry)| entry.kind == EntryPointKind::Http);
    routes
        .filter(|(_, entry)| {
            let of_handler = entry.handler.map(|handler| model.functions[handler].path.as_str());
            entry.path.as_deref().is_some_and(named) || of_handler.is_some_and(named)
        })
        .map(|(id, _)| id)
        .collect()
}

fn unique(units: &mut Vec<Unit>) {
    units.sort_by(|a, b| (&a.name, &a.entry_points).cmp(&(&b.name, &b.entry_points)));
    let mut seen = BTreeSet::new();
    for unit in units {
        let base = unit.name.clone();
        let mut n = 2;
        while !seen.insert(unit.name.clone()) {
            unit.name = format!("{base}-{n}");
            n += 1;
        }
    }
}

/// Functions that a unit's handlers and guards reach.
pub(super) fn reached(unit: &Unit, model: &Model) -> Vec<FunctionId> {
    let handlers = unit.entry_points.iter().filter_map(|&id| handler(model, id));
    CallGraph::new(model).reachable(handlers)
}

/// Types that hold more than a counter or a flag. A `RefCell` is of one thread, and no other request can count on it.
const HOLDERS: &[&str] = &["Mutex", "RwLock", "DashMap", "ArcSwap", "SegQueue", "SkipMap"];

/// Whether a cell only remembers what it could read again; by kind, or by the name that someone gave it.
fn is_cache(cell: &StateCell) -> bool {
    cell.kind == StateKind::Cache
        || cell.path.as_str().split(|letter: char| !letter.is_alphanumeric()).any(|word| {
            let word = word.to_lowercase();
            word.starts_with("cache") || word.starts_with("memo")
        })
}

/// A loop can be stopped where it waits for a future, which one that blocks its thread never does.
pub(super) fn never_waits(unit: &Unit, model: &Model) -> Option<Refusal> {
    let handler = model.entry_points[unit.entry_points[0]].handler?;
    let reached: BTreeSet<FunctionId> = reached(unit, model).into_iter().collect();
    let function = &model.functions[handler];
    let waits = function.is_async || model.detached_tasks.iter().any(|task| reached.contains(&task.function));
    (unit.kind == EntryPointKind::Loop && !waits).then(|| Refusal {
        what: unit.name.clone(),
        reason: format!("the loop of `{}` blocks its thread until the process ends", function.path),
        place: Some(function.place),
        remedy: "let a schedule start what one round does, and scaffold that; or run it as a worker".into(),
    })
}

/// Why a unit must not be cut out as it is.
pub(super) fn refusal(unit: &Unit, request: &Request, model: &Model, plan: &Plan) -> Option<Refusal> {
    // A route whose handler is a closure moves with the text around it.
    if unit.kind != EntryPointKind::Http
        && let Some(&id) = unit.entry_points.iter().find(|&&id| model.entry_points[id].handler.is_none())
    {
        let entry = &model.entry_points[id];
        return Some(Refusal {
            what: unit.name.clone(),
            reason: format!(
                "the handler of `{}` is not known: {}",
                entry.title(),
                entry.reason.as_deref().unwrap_or("it is a closure")
            ),
            place: Some(entry.declared_at),
            remedy: "give the handler a name: move its body to a `fn`".into(),
        });
    }
    let reached: BTreeSet<FunctionId> = reached(unit, model).into_iter().collect();
    if request.cut == Cut::Copy {
        return None;
    }
    let owner = |table: TableId| {
        plan.services
            .iter()
            .find(|service| service.tables.contains(&table))
            .map(|service| service.name.as_str())
    };
    for transaction in &model.transactions {
        if !reached.contains(&transaction.opened_by) {
            continue;
        }
        let written: BTreeSet<_> = transaction
            .tables
            .iter()
            .filter(|(_, op)| op.is_write())
            .filter_map(|&(table, _)| Some((owner(table)?, model.tables[table].name.as_str())))
            .collect();
        let owners: BTreeSet<_> = written.iter().map(|&(owner, _)| owner).collect();
        if owners.len() < 2 {
            continue; // All or nothing still holds within one service's tables.
        }
        let foreign: Vec<_> = written
            .iter()
            .filter(|(owner, _)| *owner != unit.service)
            .map(|(owner, table)| format!("`{table}` of {owner}"))
            .collect();
        if !foreign.is_empty() {
            return Some(Refusal {
                what: unit.name.clone(),
                reason: format!(
                    "`{}` opens a transaction that also writes {}",
                    model.functions[transaction.opened_by].path,
                    foreign.join(", ")
                ),
                place: Some(transaction.site),
                remedy: "split the transaction first (an outbox or a saga), or pass `--cut copy` to share the database for now".into(),
            });
        }
    }
    for state_use in &model.state_uses {
        let cell = &model.state_cells[state_use.cell];
        let truth = cell.mutable
            && matches!(cell.kind, StateKind::Static | StateKind::Shared)
            && HOLDERS.iter().any(|holder| cell.ty.contains(holder))
            && !is_cache(cell);
        let others = || {
            model.state_uses.iter().any(|other| {
                other.cell == state_use.cell
                    && !reached.contains(&other.function)
                    && !model.functions[other.function].test
            })
        };
        if truth && state_use.write && reached.contains(&state_use.function) && others() {
            return Some(Refusal {
                what: unit.name.clone(),
                reason: format!("it changes `{}`, which lives in the monolith's process and is used there too", cell.path),
                place: Some(state_use.site),
                remedy: "move that state to the database or a cache that both reach, or pass `--cut copy` to keep a copy in each process".into(),
            });
        }
    }
    None
}
