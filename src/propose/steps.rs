//! The order of extraction: each step one deployable, the smallest risk for the most use first.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Id, Place, Severity};
use crate::model::{
    CallKind, CutEdge, CutKind, EntryPointId, EntryPointKind, FunctionId, Home, MigrationStep, Model,
    NodeRef, Plan, Risk, ServiceId, StateKind, TableId,
};

use super::criteria::Flow;
use super::nodes::Nodes;
use super::roles::{callees, reach, reaches_out};
use super::split::Split;
use super::words;

/// What moving one deployable out would mean.
#[derive(Clone, Debug, Default)]
struct Profile {
    entries: usize,
    reads: usize,
    writes: usize,
    /// Tables of other services.
    foreign_reads: usize,
    foreign_writes: usize,
    /// Transactions over several services' tables.
    cut_transactions: usize,
    /// Mutable state in the process.
    state: usize,
    detached: usize,
    /// Calls out that wait for an answer.
    calls_out: usize,
    /// Calls from other services into what moves.
    calls_in: usize,
    /// Accesses of other services to the tables that would move, joins and writes more than once.
    data_in: usize,
    guarded: usize,
    asynchronous: bool,
    /// Runs without end in the process: a function cannot do that.
    endless: bool,
    /// Routes and commands whose work runs through a handler of it: they wait.
    awaited: usize,
    /// Runs by itself on nothing that is known: no table, nothing outside of the process.
    idle: bool,
    /// What of its work could not be followed, where that is anything.
    unseen: Option<Unseen>,
    /// Writes of other services to what it writes.
    foreign_writers: usize,
    functions: usize,
    /// The strongest severity among its cuts.
    blockers: usize,
}

impl Profile {
    fn touches_nothing(&self) -> bool {
        self.reads + self.writes + self.foreign_reads + self.foreign_writes == 0
    }
}

/// Work that could not be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Unseen {
    /// `2 calls (the first at src/api.rs:7)`.
    what: String,
    /// Whether it is so much that what was found says little about the rest.
    much: bool,
}

/// The steps, first to last.
pub(super) fn steps(
    model: &Model,
    nodes: Nodes,
    split: &Split,
    plan: &Plan,
    flows: &[Vec<Flow>],
) -> Vec<MigrationStep> {
    let out = callees(model);
    let guards = model.calls.iter().filter(|call| call.kind == CallKind::Guard);
    let cx = Cx {
        model,
        nodes,
        split,
        plan,
        flows,
        out: &out,
        awaited: awaited(model, nodes, split, &out),
        guarded: guards.map(|call| call.caller).collect(),
    };
    let mut rows: Vec<((bool, usize), i64, MigrationStep)> = Vec::new();
    for (service, candidate) in plan.services.iter_enumerated() {
        for deployable in &candidate.deployables {
            let (open, rest) = cx.safe_reads(service, &deployable.entry_points);
            for entries in [open, rest] {
                if entries.is_empty() {
                    continue;
                }
                let profile = cx.profile(service, &entries, &deployable.trigger);
                let mut why = why(&profile);
                if entries.len() < deployable.entry_points.len() && profile.writes + profile.guarded == 0 {
                    why.insert(
                        0,
                        format!(
                            "its handlers do not ask who calls: send it {} of the {} routes of {} first, the others when it has proved itself",
                            entries.len(),
                            deployable.entry_points.len(),
                            deployable.name
                        ),
                    );
                }
                let step = MigrationStep {
                    service,
                    deployable: deployable.name.clone(),
                    entry_points: entries,
                    why,
                    risk: risk(&profile),
                    blocked_by: blocked_by(&profile),
                };
                // Nobody learns from moving what is not understood: that comes last.
                rows.push(((profile.idle, harm(&profile)), cost(&profile), step));
            }
        }
    }
    // No step does more harm to transactions and the ownership of tables than the one after.
    rows.sort_by(|(harm, cost, x), (other_harm, other_cost, y)| {
        (harm, x.risk, cost, &x.deployable, &x.entry_points).cmp(&(
            other_harm,
            y.risk,
            other_cost,
            &y.deployable,
            &y.entry_points,
        ))
    });
    rows.into_iter().map(|(_, _, step)| step).collect()
}

/// What a step does to transactions and the ownership of tables.
fn harm(profile: &Profile) -> usize {
    profile.cut_transactions + profile.foreign_writes + profile.foreign_writers
}

/// Per job's handler, how many routes and commands have it in their work.
fn awaited(model: &Model, nodes: Nodes, split: &Split, out: &[Vec<u32>]) -> BTreeMap<FunctionId, usize> {
    let handlers = |asked: bool| -> BTreeSet<FunctionId> {
        // What runs the whole process has every job in its work.
        let entries = model.entry_points.iter_enumerated();
        entries
            .filter(|&(id, entry)| {
                is_asked(entry.kind) == asked && split.homes[nodes.entry(id) as usize] != Home::Shell
            })
            .filter_map(|(_, entry)| entry.handler)
            .collect()
    };
    let (asked, jobs) = (handlers(true), handlers(false));
    let mut callers: Vec<Vec<u32>> = vec![Vec::new(); out.len()];
    for (caller, callees) in out.iter().enumerate() {
        for &callee in callees {
            callers[callee as usize].push(caller as u32);
        }
    }
    jobs.into_iter()
        .map(|job| {
            let reaches = reach(&callers, [job]);
            (job, asked.iter().filter(|&&start| start != job && reaches[start.idx()]).count())
        })
        .collect()
}

/// Whether somebody asks for it and waits.
fn is_asked(kind: EntryPointKind) -> bool {
    matches!(
        kind,
        EntryPointKind::Http | EntryPointKind::Grpc | EntryPointKind::Graphql | EntryPointKind::Command
    )
}

/// What all profiles look at.
struct Cx<'a> {
    model: &'a Model,
    nodes: Nodes,
    split: &'a Split,
    plan: &'a Plan,
    flows: &'a [Vec<Flow>],
    out: &'a [Vec<u32>],
    awaited: BTreeMap<FunctionId, usize>,
    /// Handlers that a guard runs for.
    guarded: BTreeSet<FunctionId>,
}

impl Cx<'_> {
    /// The routes whose handlers ask for no caller and that only read what the service owns, and the others. No
    /// other is set apart where all are alike.
    fn safe_reads(
        &self,
        service: ServiceId,
        entries: &[EntryPointId],
    ) -> (Vec<EntryPointId>, Vec<EntryPointId>) {
        let is_safe = |&id: &EntryPointId| {
            let (entry, flows) = (&self.model.entry_points[id], &self.flows[id.idx()]);
            let own = |table| self.split.homes[self.nodes.table(table) as usize] == Home::Service(service);
            entry.kind == EntryPointKind::Http
                && entry.method.as_deref() == Some("GET")
                && !flows.is_empty()
                && flows.iter().all(|flow| !flow.op.is_write() && own(flow.table))
                && !self.knows_the_caller(id)
        };
        let (open, rest): (Vec<_>, Vec<_>) = entries.iter().copied().partition(is_safe);
        let changes = |&id: &EntryPointId| self.flows[id.idx()].iter().any(|flow| flow.op.is_write());
        if rest.iter().any(|id| changes(id) || self.knows_the_caller(*id)) {
            (open, rest)
        } else {
            (entries.to_vec(), Vec::new())
        }
    }
    fn knows_the_caller(&self, id: EntryPointId) -> bool {
        let entry = &self.model.entry_points[id];
        entry.handler.is_some_and(|handler| self.guarded.contains(&handler))
            || entry.guards.iter().any(|&ty| names_a_caller(&self.model.types[ty].name))
            || entry.middleware.iter().any(|&item| names_a_caller(&self.model.items[item].name))
    }
    fn profile(&self, service: ServiceId, entries: &[EntryPointId], trigger: &str) -> Profile {
        let Self { model, nodes, split, plan, flows, out, .. } = *self;
        let mut profile = Profile { entries: entries.len(), ..Profile::default() };
        profile.asynchronous = !matches!(trigger, "http" | "grpc" | "graphql" | "command");
        profile.endless = trigger == "loop";
        let handlers: Vec<FunctionId> =
            entries.iter().filter_map(|&id| model.entry_points[id].handler).collect();
        let reached = reach(out, handlers.iter().copied());
        let inside = |function: FunctionId| {
            reached[function.idx()]
                && split.homes[nodes.function(function) as usize] == Home::Service(service)
        };
        profile.guarded = entries.iter().filter(|&&id| self.knows_the_caller(id)).count();
        if !matches!(trigger, "http" | "grpc" | "graphql") {
            profile.awaited =
                handlers.iter().filter_map(|handler| self.awaited.get(handler)).copied().max().unwrap_or(0);
        }
        profile.functions = model.functions.ids().filter(|&f| inside(f)).count();
        let mut tables: BTreeSet<(u32, bool)> = BTreeSet::new();
        for &entry in entries {
            for flow in &flows[entry.idx()] {
                tables.insert((flow.table.0, flow.op.is_write()));
            }
        }
        profile.idle = profile.asynchronous && tables.is_empty() && !reaches_out(model, &reached);
        profile.unseen = self.unseen(entries, &reached, profile.functions);
        for (table, write) in tables {
            let own = split.homes[nodes.table(TableId(table)) as usize] == Home::Service(service);
            match (own, write) {
                (true, false) => profile.reads += 1,
                (true, true) => profile.writes += 1,
                (false, false) => profile.foreign_reads += 1,
                (false, true) => profile.foreign_writes += 1,
            }
        }
        let touches = |cut: &&CutEdge| inside(cut.function);
        for cut in plan.cuts.iter().filter(touches) {
            match cut.kind {
                CutKind::Transaction => profile.cut_transactions += 1,
                CutKind::Call if cut.needs_result && cut.severity <= Severity::Medium => {
                    profile.calls_out += 1
                }
                _ => {}
            }
            profile.blockers += usize::from(cut.severity == Severity::Blocker);
        }
        for cut in plan.cuts.iter().filter(|cut| cut.to == service && cut.kind == CutKind::Call) {
            if let NodeRef::Function(callee) = cut.target {
                profile.calls_in += usize::from(reached[callee.idx()] && cut.severity <= Severity::Medium);
            }
        }
        let own: BTreeSet<u32> = entries
            .iter()
            .flat_map(|entry| &flows[entry.idx()])
            .filter(|flow| flow.op.is_write())
            .map(|flow| flow.table.0)
            .collect();
        for cut in plan.cuts.iter().filter(|cut| cut.to == service && cut.kind == CutKind::Data) {
            if let NodeRef::Table(table) = cut.target
                && own.contains(&table.0)
            {
                profile.data_in += if cut.severity <= Severity::High { 2 } else { 1 };
                profile.foreign_writers += usize::from(cut.severity == Severity::Blocker);
            }
        }
        let cells: BTreeSet<_> = model
            .state_uses
            .iter()
            .filter(|usage| inside(usage.function))
            .filter(|usage| {
                let cell = &model.state_cells[usage.cell];
                cell.mutable && !matches!(cell.kind, StateKind::Handle | StateKind::Channel)
            })
            .map(|usage| usage.cell)
            .collect();
        profile.state = cells.len();
        profile.detached = model.detached_tasks.iter().filter(|task| inside(task.function)).count();
        profile
    }

    /// What of the work of `entries` could not be followed: handlers, calls and statements.
    fn unseen(&self, entries: &[EntryPointId], reached: &[bool], functions: usize) -> Option<Unseen> {
        let model = self.model;
        let title = |place: Place| format!("{}:{}", model.files[place.file].path, place.line);
        let handlers = entries.iter().map(|&id| &model.entry_points[id]).filter(|it| it.handler.is_none());
        let calls = model.unresolved.iter().filter(|call| reached[call.caller.idx()]);
        let statements = model.unknown_sql.iter().filter(|sql| reached[sql.function.idx()]);
        let handlers: Vec<Place> = handlers.map(|entry| entry.declared_at).collect();
        let calls: Vec<Place> = calls.map(|call| call.site).collect();
        let statements: Vec<Place> = statements.map(|sql| sql.site).collect();
        let kinds = [
            (&handlers, "handler", "handlers"),
            (&calls, "call", "calls"),
            (&statements, "SQL statement", "SQL statements"),
        ];
        let parts = kinds.iter().filter_map(|(places, one, many)| {
            let first = title(*places.iter().min()?);
            Some(plural_at(places.len(), one, many, &first))
        });
        let parts: Vec<String> = parts.collect();
        let much = handlers.len() + statements.len() > 0 || calls.len() * 4 > functions;
        (!parts.is_empty()).then(|| Unseen { what: parts.join(" and "), much })
    }
}

/// How many there are, and where the first of them stands.
fn plural_at(n: usize, one: &str, many: &str, first: &str) -> String {
    let the_first = if n == 1 { "" } else { "the first " };
    format!("{} ({the_first}at {first})", plural(n, one, many))
}

/// Whether a type's name says that it is who calls: `AuthUser`, `Claims`, `AdminSession`.
fn names_a_caller(name: &str) -> bool {
    const CALLER: [&str; 9] =
        ["auth", "authenticated", "claim", "identity", "login", "permission", "session", "token", "user"];
    words::split(name).iter().any(|word| CALLER.contains(&&*words::singular(word)))
}

fn risk(profile: &Profile) -> Risk {
    let breaks = profile.cut_transactions + profile.foreign_writes > 0;
    if breaks || profile.awaited > 0 || profile.state > 1 {
        Risk::High
    } else if profile.endless
        || profile.idle
        || profile.touches_nothing() && profile.unseen.as_ref().is_some_and(|unseen| unseen.much)
        || profile.data_in > 4
        || profile.calls_out + profile.foreign_reads > 2
        || profile.calls_in > 2
        || profile.state > 0
        || profile.writes > 3
    {
        Risk::Medium
    } else {
        Risk::Low
    }
}

/// Small is good: what it costs, less what it brings.
fn cost(profile: &Profile) -> i64 {
    let n = |count: usize| count as i64;
    let mut cost = 40 * n(profile.cut_transactions)
        + 30 * n(profile.foreign_writes)
        + 8 * n(profile.foreign_reads)
        + 25 * n(profile.state)
        + 15 * n(profile.detached)
        + 6 * n(profile.calls_out)
        + 5 * n(profile.calls_in)
        + 6 * n(profile.writes)
        + 4 * n(profile.data_in)
        + 2 * n(profile.guarded)
        + n(profile.functions) / 4;
    if profile.endless {
        cost += 15;
    } else if profile.asynchronous && profile.awaited == 0 {
        cost -= 40;
    }
    if profile.writes == 0 {
        cost -= 10;
    }
    if profile.guarded == 0 {
        cost -= 5;
    }
    cost
}

fn plural(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

fn why(profile: &Profile) -> Vec<String> {
    let mut why = Vec::new();
    if profile.endless {
        why.push("nobody waits for it; its loop becomes a schedule or a queue's trigger".into());
    } else if profile.asynchronous && profile.awaited == 0 {
        why.push(
            "nobody waits for it: it already runs by itself, so a failure is retried and not seen".into(),
        );
    }
    if profile.writes + profile.foreign_writes == 0 && !profile.idle {
        let reads = profile.reads + profile.foreign_reads > 0;
        why.push(match (reads, &profile.unseen) {
            (true, None) => {
                "it only reads, so it can run beside the monolith and be switched back at any time".into()
            }
            (false, None) => "it touches no table at all, so nothing has to be migrated".into(),
            (true, Some(unseen)) => {
                format!("it only reads as far as can be seen; {} could not be followed", unseen.what)
            }
            (false, Some(unseen)) => {
                format!("no table was found in its work, of which {} could not be followed", unseen.what)
            }
        });
    } else if profile.writes > 0 && profile.foreign_writes == 0 {
        why.push(format!("it writes only its own data ({})", plural(profile.writes, "table", "tables")));
    }
    if profile.data_in == 0 && profile.writes > 0 {
        why.push("no other service touches the data that it writes".into());
    }
    if profile.calls_out == 0 && profile.foreign_reads == 0 {
        why.push("it needs nothing of the other services to answer".into());
    }
    if profile.guarded == 0 && !profile.asynchronous {
        why.push(
            "no handler asks who calls, so no session has to travel unless a middleware wants one".into(),
        );
    }
    if profile.state == 0 && profile.detached == 0 {
        why.push("it keeps no state in the process".into());
    }
    why.push(format!(
        "it is {} with {}",
        plural(profile.entries, "entry point", "entry points"),
        plural(profile.functions, "function", "functions")
    ));
    why
}

fn blocked_by(profile: &Profile) -> Vec<String> {
    let mut blocked = Vec::new();
    if profile.cut_transactions > 0 {
        blocked.push(format!(
            "{} over tables of several services",
            plural(profile.cut_transactions, "transaction write", "transaction writes")
        ));
    }
    if profile.foreign_writes > 0 {
        blocked.push(format!(
            "writes to {} of other services",
            plural(profile.foreign_writes, "table", "tables")
        ));
    }
    if profile.foreign_writers > 0 {
        blocked.push(format!(
            "{} by other services to what it writes",
            plural(profile.foreign_writers, "write", "writes")
        ));
    }
    if profile.awaited > 0 {
        blocked.push(format!(
            "{} whose work runs through it",
            plural(profile.awaited, "entry point", "entry points")
        ));
    }
    if profile.idle {
        blocked
            .push("not known what it works on: no table and nothing outside of the process was found".into());
    }
    if profile.state > 0 {
        blocked.push(format!("{} in the process", plural(profile.state, "state cell", "state cells")));
    }
    blocked
}
