//! Loops that wait: for the next tick, or for the next message.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{Name, TextRange};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::nodes::self_type;
use crate::facts::strings;
use crate::model::{EntryPoint, EntryPointKind};
use crate::parse::tree::body::{Body, Expr, ExprId, JumpKind, LoopKind, Pat, PatId, Stmt};
use crate::resolve::{CallTarget, DefId, DefKind};

use super::consumers::{consumers, does_work};
use super::shapes::{Sessions, gives_value, is_waited_for, keeps_house, serves_one_client, tries_again};
use super::sources::{is_own_channel, is_source};
use super::steps::{NO_WORK, steps};
use super::waits::{blocking_command, leaves_at_end, pauses};
use super::{Graph, called_name, entry, kebab, one_line, targets};

/// Calls that wait for time to pass.
pub(super) const TICKS: &[&str] = &["tick", "sleep", "sleep_until", "sleep_ms", "delay_for", "park_timeout"];
/// Calls that wait for a message.
pub(super) const RECEIVES: &[&str] = &[
    "recv",
    "recv_async",
    "recv_many",
    "receive_all",
    "receive_many",
    "recv_direct",
    "receive",
    "receive_message",
    "next_message",
    "next",
    "next_job",
    "poll_next",
    "read_group",
    "pop",
    "blpop",
    "try_recv",
    "recv_timeout",
    "changed",
    "notified",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    Tick,
    Message,
}

pub(super) struct Waiting {
    pub def: DefId,
    waits: Waits,
    /// The whole loop.
    pub range: TextRange,
    /// The loop's expression.
    pub expr: ExprId,
    /// Leaves the loop by `break` or `return`.
    ends: bool,
    /// What runs is a parameter of the function: the caller says what.
    runs_parameter: bool,
}

/// Background loops and consumers.
pub(super) fn loops(cx: &Cx, graph: &Graph, handlers: &BTreeSet<DefId>) -> Vec<EntryPoint> {
    let terminals: Vec<String> = TERMINALS.iter().map(|&krate| krate.to_owned()).collect();
    let found: Vec<Waiting> =
        cx.def_of.as_slice().par_iter().flat_map_iter(|&def| waiting(cx, def, &terminals)).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let sessions = Sessions::new(cx, graph, background(cx, graph, handlers));
    let spawned = spawned(cx);
    let mut entries = Vec::new();
    let mut helpers: BTreeMap<DefId, EntryPointKind> = BTreeMap::new();
    for waiting in &found {
        if waiting.runs_parameter {
            match waiting.waits {
                Waits::Message => _ = helpers.insert(waiting.def, EntryPointKind::Consumer),
                // One that ends tries again until it works; it is no background work.
                Waits::Tick if waiting.ends => {}
                Waits::Tick => _ = helpers.insert(waiting.def, EntryPointKind::Cron),
            }
            continue;
        }
        let Some(body) = cx.body(waiting.def) else { continue };
        if handlers.contains(&waiting.def)
            || !sessions.runs_alone(body, waiting)
            || is_waited_for(body, waiting)
            || gives_value(cx, body, waiting)
        {
            continue;
        }
        let is_spawned = spawned.functions.contains(&waiting.def)
            || spawned
                .ranges
                .get(&waiting.def)
                .is_some_and(|ranges| ranges.iter().any(|range| range.contains(waiting.range)));
        match waiting.waits {
            // A loop with a way out may be a retry; one that is spawned is a background task all the same.
            Waits::Tick if waiting.ends && (!is_spawned || tries_again(cx, body, waiting)) => {}
            Waits::Tick if keeps_house(cx, body, waiting) => {}
            Waits::Tick => {
                let handler = outer(cx, graph, waiting.def);
                // What makes a value or runs the program starts the loop; what the loop calls is the work.
                let starts = is_maker(cx, handler) || is_spawned && cx.def(handler).name == "main";
                let work = starts.then(|| awaited_worker(cx, waiting)).flatten();
                let handler = work.unwrap_or(handler);
                let place = cx.place_at(waiting.def, waiting.range.start);
                entries.push(entry(cx, EntryPointKind::Loop, name_of(cx, handler), handler, place));
            }
            Waits::Message => entries.extend(consumers(cx, waiting)),
        }
    }
    let helped = helped(cx, graph, helpers);
    // What a helper runs again and again is that job, whatever it waits for by itself.
    entries.retain(|entry| {
        entry.kind != EntryPointKind::Loop || !helped.iter().any(|job| job.place == entry.place)
    });
    entries.extend(helped);
    entries.sort_by(|a, b| (a.place, a.kind, &a.path).cmp(&(b.place, b.kind, &b.path)));
    entries.dedup_by(|b, a| (a.place, a.kind, &a.path) == (b.place, b.kind, &b.path));
    entries
}

/// Whether a function makes a value, by its name: `new`, `default`, `new_pair`, `from_config`.
pub(super) fn is_maker(cx: &Cx, def: DefId) -> bool {
    let name = cx.def(def).name;
    let name = name.as_str();
    matches!(name, "new" | "default" | "build" | "create" | "init" | "setup")
        || ["new_", "from_", "with_"].iter().any(|start| name.starts_with(start))
}

/// Names that say that work is done, not which.
const VERBS: &[&str] =
    &["run", "start", "spawn", "execute", "process", "handle", "work", "launch", "main_loop", "run_loop"];
/// Names that say that something works, not on what.
const NOUNS: &[&str] = &["task", "worker", "job", "consumer"];

/// The name of work: of what a function that makes a value starts, the value's or the module's; `run` and
/// `task` say nothing without those.
pub(super) fn name_of(cx: &Cx, handler: DefId) -> String {
    let def = cx.def(handler);
    let name = def.name.as_str();
    let is_noun = NOUNS.contains(&name);
    if !is_maker(cx, handler) && !is_noun && !VERBS.contains(&name) {
        return kebab(name);
    }
    let module = &cx.program.modules[def.module];
    let owner = match self_type(cx, handler) {
        Some(ty) => kebab(cx.def(ty).name.as_str()),
        None if module.parent.is_some() => kebab(module.path.name()),
        None => return kebab(name),
    };
    if is_noun { format!("{owner}-{name}") } else { owner }
}

/// The function of the workspace that a loop waits for.
fn awaited_worker(cx: &Cx, waiting: &Waiting) -> Option<DefId> {
    let body = cx.body(waiting.def)?;
    let awaited = body.exprs.iter_enumerated().filter_map(|(id, expr)| match expr {
        Expr::Await(inner) if waiting.range.contains(body.ranges[id]) => Some(*inner),
        _ => None,
    });
    awaited
        .filter_map(|call| cx.program.call_at(waiting.def, call))
        .filter(|call| !NO_WORK.contains(&call.name.as_str()))
        .find_map(|call| {
            let mut own = targets(call).iter().copied();
            own.find(|&def| cx.function_of[def].is_some() && !pauses(cx, def))
        })
}

/// Crates of programs that talk to a terminal: what their loops receive are keys and screens.
const TERMINALS: &[&str] =
    &["crossterm", "ratatui", "termion", "tui", "rustyline", "reedline", "portable_pty", "vt100", "cursive"];

fn is_terminal_program(cx: &Cx, def: DefId, terminals: &[String]) -> bool {
    cx.depends_on(def, terminals)
        && !cx.catalogs.web.iter().any(|web| cx.depends_on(def, &web.crates))
        && !cx.catalogs.jobs.iter().any(|jobs| !jobs.topics.is_empty() && cx.depends_on(def, &jobs.crates))
}

fn waiting(cx: &Cx, def: DefId, terminals: &[String]) -> Vec<Waiting> {
    let Some(body) = cx.body(def).filter(|_| !cx.def(def).is_test) else { return Vec::new() };
    let loops = body.exprs.iter_enumerated().filter_map(|(id, expr)| match expr {
        Expr::Loop { kind, body: inner } => Some((id, kind, *inner)),
        // `IntervalStream::new(interval).for_each(|_| clean_up())`.
        Expr::MethodCall { receiver, name, .. }
            if name.as_str().starts_with("for_each")
                && cx.text(def, body.ranges[*receiver]).contains("IntervalStream") =>
        {
            Some((id, &LoopKind::Loop, id))
        }
        _ => None,
    });
    let loops: Vec<_> = loops.collect();
    if loops.is_empty() || is_terminal_program(cx, def, terminals) {
        return Vec::new();
    }
    let is_socket = serves_one_client(cx, def);
    let mut found: Vec<Waiting> = Vec::new();
    for (id, kind, inner) in loops {
        let range = body.ranges[id];
        // A loop inside of one that was found already belongs to it; parents have the higher id.
        match kind {
            LoopKind::For { .. } => continue,
            // `while let Err(e) = send().await { sleep }` tries again until it works.
            LoopKind::While { cond } if is_failure(body, *cond) => continue,
            LoopKind::While { .. } | LoopKind::Loop => {}
        }
        let mut waits = matches!(body.exprs[id], Expr::MethodCall { .. }).then_some(Waits::Tick);
        let mut ends = matches!(kind, LoopKind::While { .. });
        let mut runs_parameter = false;
        for (part, expr) in body.exprs.iter_enumerated() {
            if !range.contains(body.ranges[part]) || part == id {
                continue;
            }
            match expr {
                Expr::Call { callee, .. } => {
                    if let Expr::Path(path) = &body.exprs[*callee]
                        && let Some(name) = path.as_name()
                    {
                        runs_parameter |= is_parameter(body, name) && is_local_call(cx, def, part);
                    }
                    if called_name(body, part).is_some_and(|name| TICKS.contains(&name.as_str()))
                        || waits.is_none() && calls_pause(cx, def, part)
                    {
                        waits = waits.or(Some(Waits::Tick));
                    }
                    if waits != Some(Waits::Message)
                        && called_name(body, part).is_some_and(|name| name == "cmd")
                        && BodyView::new(cx.program, def)
                            .is_some_and(|view| blocking_command(&view, cx, part))
                    {
                        waits = Some(Waits::Message);
                    }
                }
                Expr::MethodCall { name, args, receiver, .. } => {
                    let name = name.as_str();
                    if TICKS.contains(&name) || waits.is_none() && calls_pause(cx, def, part) {
                        waits = waits.or(Some(Waits::Tick));
                    }
                    let waits_for_broker = cx.catalogs.jobs.iter().any(|jobs| {
                        jobs.receives.iter().any(|known| name == known) && cx.depends_on(def, &jobs.crates)
                    });
                    if waits_for_broker
                        || RECEIVES.contains(&name)
                            && args.len() <= 1
                            && !is_socket
                            && is_source(cx, def, body, part, *receiver, name)
                            && !is_own_channel(cx, def, body, *receiver, range)
                    {
                        waits = Some(Waits::Message);
                    }
                }
                Expr::Jump { kind: JumpKind::Return | JumpKind::Break, .. } if within(body, inner, part) => {
                    ends |= !leaves_at_end(cx, def, body, range, body.ranges[part]);
                }
                _ => {}
            }
        }
        if let Some(waits) = waits {
            found.retain(|inner: &Waiting| !range.contains(inner.range));
            found.push(Waiting { def, waits, range, expr: id, ends, runs_parameter });
        }
    }
    found
}

/// Whether what is called only lets time pass.
fn calls_pause(cx: &Cx, def: DefId, call: ExprId) -> bool {
    cx.program
        .call_at(def, call)
        .is_some_and(|call| matches!(&call.target, CallTarget::Resolved(def) if pauses(cx, *def)))
}

/// `let Err(e) = …`.
fn is_failure(body: &Body, cond: ExprId) -> bool {
    let Expr::Let { pat, .. } = &body.exprs[cond] else { return false };
    matches!(&body.pats[*pat], Pat::TupleStruct { path, .. } if path.last().is_some_and(|name| name == "Err"))
}

fn within(body: &Body, outer: ExprId, part: ExprId) -> bool {
    body.ranges[outer].contains(body.ranges[part])
}

fn is_local_call(cx: &Cx, def: DefId, expr: ExprId) -> bool {
    cx.program.calls[def]
        .iter()
        .any(|call| call.expr == Some(expr) && matches!(call.target, CallTarget::Local))
        || cx.program.call_at(def, expr).is_none()
}

fn is_parameter(body: &Body, name: Name) -> bool {
    body.params.iter().any(|&pat| binds(body, pat, name))
}

pub(super) fn binds(body: &Body, pat: PatId, wanted: Name) -> bool {
    match &body.pats[pat] {
        Pat::Bind { name, .. } => *name == wanted,
        Pat::Typed { pat, .. } | Pat::Ref(pat) => binds(body, *pat, wanted),
        Pat::Tuple { pats, .. } | Pat::TupleStruct { pats, .. } => {
            pats.iter().any(|&pat| binds(body, pat, wanted))
        }
        _ => false,
    }
}

/// Where that begins which runs without a request: everything but what only handlers call.
fn background(cx: &Cx, graph: &Graph, handlers: &BTreeSet<DefId>) -> Vec<DefId> {
    let is_root = |&def: &DefId| {
        !cx.def(def).is_test
            && !handlers.contains(&def)
            && (graph.callers[def].is_empty() || cx.def(def).name == "main")
    };
    // A function that nobody calls but that is named somewhere runs when somebody else says so; it is a
    // root as well, unless it answers requests.
    cx.def_of.iter().copied().filter(is_root).collect()
}

#[derive(Default)]
struct Spawned {
    /// Functions that run in a task of their own.
    functions: BTreeSet<DefId>,
    /// What runs in a task inside of each function.
    ranges: BTreeMap<DefId, Vec<TextRange>>,
}

/// What a body runs in tasks of their own.
pub(super) fn task_ranges(body: &Body) -> Vec<TextRange> {
    let mut ranges = Vec::new();
    for (id, expr) in body.exprs.iter_enumerated() {
        // `tokio::join!(serve(), clean_up_for_ever())`: each is a task of its own.
        if let Expr::Macro(call) = expr
            && call.path.last().is_some_and(|name| matches!(name.as_str(), "join" | "try_join" | "select"))
        {
            ranges.extend(call.args.iter().map(|&arg| body.ranges[arg]));
        }
        let (Expr::Call { args, .. } | Expr::MethodCall { args, .. }) = expr else { continue };
        if called_name(body, id).is_some_and(|name| {
            matches!(name.as_str(), "spawn" | "spawn_blocking" | "spawn_local" | "spawn_named")
        }) {
            ranges.extend(args.iter().map(|&arg| body.ranges[arg]));
        }
    }
    ranges
}

fn spawned(cx: &Cx) -> Spawned {
    let mut spawned = Spawned::default();
    for &def in &cx.def_of {
        let Some(body) = cx.body(def).filter(|_| !cx.def(def).is_test) else { continue };
        let ranges = task_ranges(body);
        if ranges.is_empty() {
            continue;
        }
        for call in &cx.program.calls[def] {
            if ranges.iter().any(|range| range.contains(call.site)) {
                spawned.functions.extend(targets(call));
            }
        }
        spawned.ranges.insert(def, ranges);
    }
    // What a spawned function ends with runs in its task.
    let mut stack: Vec<DefId> = spawned.functions.iter().copied().collect();
    while let Some(def) = stack.pop() {
        for callee in tail_calls(cx, def) {
            if spawned.functions.insert(callee) {
                stack.push(callee);
            }
        }
    }
    spawned
}

/// Whether an expression is `Ok(())`.
fn says_done(body: &Body, expr: ExprId) -> bool {
    let is_unit = |arg: ExprId| matches!(&body.exprs[arg], Expr::Tuple(parts) if parts.is_empty());
    let Expr::Call { args, .. } = &body.exprs[expr] else { return false };
    called_name(body, expr).is_some_and(|name| name == "Ok") && matches!(args[..], [arg] if is_unit(arg))
}

/// Functions whose call is the last thing that a function does.
fn tail_calls(cx: &Cx, def: DefId) -> Vec<DefId> {
    let Some(body) = cx.body(def) else { return Vec::new() };
    let Some(Expr::Block { stmts, tail, .. }) = body.root.map(|root| &body.exprs[root]) else {
        return Vec::new();
    };
    // `work().await?; Ok(())` ends with the call all the same.
    let last = tail.filter(|&tail| !says_done(body, tail)).or_else(|| match stmts.last() {
        Some(Stmt::Expr { expr, .. }) => Some(*expr),
        _ => None,
    });
    let Some(mut last) = last else { return Vec::new() };
    while let Expr::Await(inner) | Expr::Try(inner) = &body.exprs[last] {
        last = *inner;
    }
    cx.program.call_at(def, last).map_or_else(Vec::new, |call| targets(call).to_vec())
}

/// The function that stands for a loop: its only caller, where that ends with the call and does nothing
/// but prepare it.
fn outer(cx: &Cx, graph: &Graph, mut def: DefId) -> DefId {
    for _ in 0..4 {
        let mut callers = graph.callers[def].clone();
        callers.dedup();
        match callers[..] {
            [caller]
                if cx.def(caller).name != "main"
                    && cx.def(caller).file == cx.def(def).file
                    && caller != def
                    && tail_calls(cx, caller).contains(&def) =>
            {
                def = caller
            }
            _ => break,
        }
    }
    def
}

/// Calls of helpers of the application's own that run a closure in a loop.
fn helped(cx: &Cx, graph: &Graph, mut helpers: BTreeMap<DefId, EntryPointKind>) -> Vec<EntryPoint> {
    // A helper's caller that passes its own parameter on is a helper, too.
    let mut stack: Vec<DefId> = helpers.keys().copied().collect();
    let mut sites: Vec<(DefId, DefId)> = Vec::new();
    while let Some(helper) = stack.pop() {
        let kind = helpers[&helper];
        let mut callers = graph.callers[helper].clone();
        callers.sort_unstable();
        callers.dedup();
        for caller in callers {
            if passes_parameter(cx, caller, helper) {
                if helpers.insert(caller, kind).is_none() {
                    stack.push(caller);
                }
            } else {
                sites.push((caller, helper));
            }
        }
    }
    let mut entries = Vec::new();
    for (caller, helper) in sites {
        let Some(view) = BodyView::new(cx.program, caller) else { continue };
        let kind = helpers[&helper];
        let calls = || cx.program.calls[caller].iter().filter(|call| targets(call).contains(&helper));
        // What starts one job stands for it; what starts several does not.
        let stands_for_it =
            kind != EntryPointKind::Consumer && calls().count() == 1 && cx.def(caller).name != "main";
        for call in calls() {
            let Some(expr) = call.expr else { continue };
            let (Expr::Call { args, .. } | Expr::MethodCall { args, .. }) = view.expr(expr) else { continue };
            let handler = args.iter().find_map(|&arg| match view.expr(arg) {
                Expr::Closure { .. } if stands_for_it => Some(caller),
                Expr::Closure { .. } => {
                    let mut works = steps(cx, caller, view.body, arg).into_iter();
                    let last = works.rfind(|&work| does_work(cx, work));
                    let any = || super::worker(cx, caller, view.body.ranges[arg]);
                    Some(last.or_else(any).unwrap_or(caller))
                }
                Expr::Path(_) => view.function(arg).filter(|&def| cx.def(def).kind == DefKind::Fn),
                _ => None,
            });
            let Some(handler) = handler else { continue };
            let texts =
                args.iter().filter_map(|&arg| strings::text_of(cx, &view, arg)?.exact().map(str::to_owned));
            let name = texts.into_iter().find(|text| text.contains(|c: char| c.is_ascii_alphabetic()));
            let name = name.map_or_else(|| name_of(cx, handler), |name| kebab(&name));
            let mut made = entry(cx, kind, name, handler, cx.place_at(caller, call.site.start));
            let period = args
                .iter()
                .map(|&arg| cx.text(caller, view.body.ranges[arg]))
                .find(|text| text.contains("Duration"));
            made.schedule = period.map(one_line).filter(|_| kind == EntryPointKind::Cron);
            entries.push(made);
        }
    }
    entries
}

fn passes_parameter(cx: &Cx, caller: DefId, helper: DefId) -> bool {
    let Some(body) = cx.body(caller) else { return false };
    cx.program.calls[caller].iter().filter(|call| targets(call).contains(&helper)).any(|call| {
        let Some(Expr::Call { args, .. } | Expr::MethodCall { args, .. }) = call.expr.map(|expr| &body.exprs[expr]) else {
            return false;
        };
        // The closure is the last argument by custom.
        args.last().is_some_and(|&arg| {
            matches!(&body.exprs[arg], Expr::Path(path) if path.as_name().is_some_and(|name| is_parameter(body, name)))
        })
    })
}
