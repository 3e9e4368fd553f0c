//! The order of extraction: each step one deployable, the smallest risk for the most use first.

use std::collections::BTreeSet;

use crate::base::{Id, Severity};
use crate::model::{
    CallKind, CutEdge, CutKind, FunctionId, Home, MigrationStep, Model, Plan, Risk, ServiceId, StateKind,
};

use super::criteria::Flow;
use super::nodes::Nodes;
use super::roles::{callees, reach};
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
    functions: usize,
    /// The strongest severity among its cuts.
    blockers: usize,
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
    let mut rows: Vec<(i64, MigrationStep)> = Vec::new();
    for (service, candidate) in plan.services.iter_enumerated() {
        for deployable in &candidate.deployables {
            let profile = profile(
                model,
                nodes,
                split,
                plan,
                flows,
                &out,
                service,
                &deployable.entry_points,
                &deployable.trigger,
            );
            let step = MigrationStep {
                service,
                deployable: deployable.name.clone(),
                entry_points: deployable.entry_points.clone(),
                why: why(&profile),
                risk: risk(&profile),
                blocked_by: blocked_by(&profile),
            };
            rows.push((cost(&profile), step));
        }
    }
    rows.sort_by(|(a, x), (b, y)| (x.risk, a, &x.deployable).cmp(&(y.risk, b, &y.deployable)));
    rows.into_iter().map(|(_, step)| step).collect()
}

#[expect(clippy::too_many_arguments, reason = "the whole plan is looked at")]
fn profile(
    model: &Model,
    nodes: Nodes,
    split: &Split,
    plan: &Plan,
    flows: &[Vec<Flow>],
    out: &[Vec<u32>],
    service: ServiceId,
    entries: &[crate::model::EntryPointId],
    trigger: &str,
) -> Profile {
    let mut profile = Profile { entries: entries.len(), ..Profile::default() };
    profile.asynchronous = !matches!(trigger, "http" | "grpc" | "graphql" | "command");
    profile.endless = trigger == "loop";
    let handlers: Vec<FunctionId> = entries.iter().filter_map(|&id| model.entry_points[id].handler).collect();
    let reached = reach(out, handlers.iter().copied());
    let inside = |function: FunctionId| {
        reached[function.idx()] && split.homes[nodes.function(function) as usize] == Home::Service(service)
    };
    let guarded: BTreeSet<FunctionId> =
        model.calls.iter().filter(|call| call.kind == CallKind::Guard).map(|call| call.caller).collect();
    let knows_the_caller = |id: &&crate::model::EntryPointId| {
        let entry = &model.entry_points[**id];
        entry.handler.is_some_and(|handler| guarded.contains(&handler))
            || entry.guards.iter().any(|&ty| names_a_caller(&model.types[ty].name))
    };
    profile.guarded = entries.iter().filter(knows_the_caller).count();
    profile.functions = model.functions.ids().filter(|&f| inside(f)).count();
    let mut tables: BTreeSet<(u32, bool)> = BTreeSet::new();
    for &entry in entries {
        for flow in &flows[entry.idx()] {
            tables.insert((flow.table.0, flow.op.is_write()));
        }
    }
    for (table, write) in tables {
        let own = split.homes[nodes.table(crate::model::TableId(table)) as usize] == Home::Service(service);
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
            CutKind::Call if cut.needs_result && cut.severity <= Severity::Medium => profile.calls_out += 1,
            _ => {}
        }
        profile.blockers += usize::from(cut.severity == Severity::Blocker);
    }
    for cut in plan.cuts.iter().filter(|cut| cut.to == service && cut.kind == CutKind::Call) {
        if let crate::model::NodeRef::Function(callee) = cut.target {
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
        if let crate::model::NodeRef::Table(table) = cut.target
            && own.contains(&table.0)
        {
            profile.data_in += if cut.severity <= Severity::High { 2 } else { 1 };
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

/// Whether a type's name says that it is who calls: `AuthUser`, `Claims`, `AdminSession`.
fn names_a_caller(name: &str) -> bool {
    const CALLER: [&str; 9] =
        ["auth", "authenticated", "claim", "identity", "login", "permission", "session", "token", "user"];
    words::split(name).iter().any(|word| CALLER.contains(&words::singular(word).as_str()))
}

fn risk(profile: &Profile) -> Risk {
    if profile.cut_transactions > 0 || profile.foreign_writes > 0 || profile.state > 1 {
        Risk::High
    } else if profile.endless
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
    } else if profile.asynchronous {
        cost -= 10;
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
    } else if profile.asynchronous {
        why.push(
            "nobody waits for it: it already runs by itself, so a failure is retried and not seen".into(),
        );
    }
    if profile.writes + profile.foreign_writes == 0 {
        why.push(if profile.reads + profile.foreign_reads > 0 {
            "it only reads, so it can run beside the monolith and be switched back at any time".into()
        } else {
            "it touches no table at all, so nothing has to be migrated".into()
        });
    } else if profile.foreign_writes == 0 {
        why.push(format!("it writes only its own data ({})", plural(profile.writes, "table", "tables")));
    }
    if profile.data_in == 0 && profile.writes > 0 {
        why.push("no other service touches the data that it writes".into());
    }
    if profile.calls_out == 0 && profile.foreign_reads == 0 {
        why.push("it needs nothing of the other services to answer".into());
    }
    if profile.guarded == 0 && !profile.asynchronous {
        why.push("it is public, so no session has to travel".into());
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
    if profile.state > 0 {
        blocked.push(format!("{} in the process", plural(profile.state, "state cell", "state cells")));
    }
    blocked
}
