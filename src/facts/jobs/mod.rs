//! Entry points that no request starts: schedules, consumers, loops, commands, and what runs before
//! serving.

mod commands;
mod consumers;
mod graphql;
mod grpc;
mod loops;
mod registered;
mod schedulers;
mod shapes;
mod sources;
mod steps;
mod texts;
mod waits;

use std::collections::BTreeSet;

use crate::base::{Name, Place, TextRange};
use crate::model::{EntryPoint, EntryPointKind};
use crate::parse::tree::body::{Body, Expr, ExprId};
use crate::resolve::{Call, CallKind, CallTarget, DefId};

use super::cx::Cx;

/// The entry points; `handlers` are the functions that answer requests.
pub(super) fn jobs(cx: &Cx, handlers: &BTreeSet<DefId>) -> Vec<EntryPoint> {
    let graph = Graph::new(cx);
    let mut entries = schedulers::schedulers(cx);
    entries.extend(registered::registered(cx));
    let scheduled: BTreeSet<Place> = entries.iter().map(|entry| entry.place).collect();
    let more = loops::loops(cx, &graph, handlers);
    entries.extend(more.into_iter().filter(|entry| !scheduled.contains(&entry.place)));
    let commands = commands::commands(cx);
    let mains = commands::mains(cx, &graph, &commands);
    entries.extend(grpc::services(cx));
    entries.extend(graphql::fields(cx));
    entries.extend(commands);
    entries.extend(mains);
    entries
}

/// Calls between functions of the workspace, without test code.
struct Graph {
    callers: crate::base::IndexVec<DefId, Vec<DefId>>,
    callees: crate::base::IndexVec<DefId, Vec<DefId>>,
}

impl Graph {
    /// Only real calls: what is merely named (a handler) runs when the framework says so.
    fn new(cx: &Cx) -> Self {
        let empty = || cx.program.defs.iter().map(|_| Vec::new()).collect();
        let mut graph = Self { callers: empty(), callees: empty() };
        for &caller in &cx.def_of {
            if cx.def(caller).is_test {
                continue;
            }
            for call in &cx.program.calls[caller] {
                if matches!(call.kind, CallKind::Path | CallKind::Method) {
                    for &callee in targets(call) {
                        graph.callers[callee].push(caller);
                        graph.callees[caller].push(callee);
                    }
                }
            }
        }
        graph
    }

    /// Everything that `roots` call, themselves included.
    fn reach(&self, roots: impl IntoIterator<Item = DefId>) -> BTreeSet<DefId> {
        let mut seen = BTreeSet::new();
        let mut stack: Vec<DefId> = roots.into_iter().collect();
        while let Some(def) = stack.pop() {
            if seen.insert(def) {
                stack.extend(&self.callees[def]);
            }
        }
        seen
    }
}

/// Functions of the workspace that a call may run.
fn targets(call: &Call) -> &[DefId] {
    match &call.target {
        CallTarget::Resolved(def) => std::slice::from_ref(def),
        CallTarget::OneOf(defs) => defs,
        _ => &[],
    }
}

/// The function that does the work in a piece of a body: the first of the workspace that is called by
/// path, else by method; making and converting values is no work.
fn worker(cx: &Cx, owner: DefId, range: TextRange) -> Option<DefId> {
    let calls = &cx.program.calls[owner];
    let inside = calls
        .iter()
        .filter(|call| range.contains(call.site) && !steps::NO_WORK.contains(&call.name.as_str()));
    let of_kind = |kind: CallKind| {
        let mut calls = inside.clone().filter(|call| call.kind == kind);
        calls.find_map(|call| targets(call).iter().copied().find(|&def| cx.function_of[def].is_some()))
    };
    of_kind(CallKind::Path).or_else(|| of_kind(CallKind::Method)).or_else(|| of_kind(CallKind::Reference))
}

fn entry(cx: &Cx, kind: EntryPointKind, name: String, handler: DefId, declared_at: Place) -> EntryPoint {
    EntryPoint {
        kind,
        method: None,
        path: Some(name),
        reason: None,
        handler: cx.function_of[handler],
        place: cx.place_of(handler),
        declared_at,
        guards: Vec::new(),
        middleware: Vec::new(),
        schedule: None,
    }
}

/// `nightly_report`, `NightlyReport` and `nightly report` are `nightly-report`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && lower {
            out.push('-');
        }
        if c == '_' || c.is_whitespace() {
            out.push('-');
        } else {
            out.extend(c.to_lowercase());
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    out
}

/// Code over several lines as one.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect()
}

/// The last name of a callee or method.
fn called_name(body: &Body, expr: ExprId) -> Option<Name> {
    match &body.exprs[expr] {
        Expr::MethodCall { name, .. } => Some(*name),
        Expr::Call { callee, .. } => match &body.exprs[*callee] {
            Expr::Path(path) => path.last(),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests;
