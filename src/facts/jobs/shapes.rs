//! What a waiting loop is besides background work: a session with one client, another try, a part of a
//! computation, the housekeeping of a value.

use std::collections::BTreeSet;

use crate::base::{Name, TextRange};
use crate::facts::cx::Cx;
use crate::facts::render::type_names;
use crate::parse::tree::body::{Body, Expr, ExprId, JumpKind, Pat, PatId};
use crate::parse::tree::items::ItemKind;
use crate::parse::tree::types::{Path, TypeRef};
use crate::resolve::{DefId, DefKind};

use super::consumers::does_work;
use super::loops::{RECEIVES, TICKS, Waiting, is_maker, task_ranges};
use super::steps::NO_WORK;
use super::{Graph, called_name, targets};

/// Loops that accept connections, and what only serves those: one task for each client, as long as it stays.
pub(super) struct Sessions {
    /// Functions that something else than an accepted connection reaches.
    live: BTreeSet<DefId>,
}

impl Sessions {
    /// `roots` run without a request.
    pub(super) fn new(cx: &Cx, graph: &Graph, roots: impl IntoIterator<Item = DefId>) -> Self {
        let mut serving: BTreeSet<(DefId, DefId)> = BTreeSet::new();
        for &def in &cx.def_of {
            let Some(ranges) = cx.body(def).map(accepting).filter(|ranges| !ranges.is_empty()) else {
                continue;
            };
            let inside = |site: TextRange| ranges.iter().any(|range| range.contains(site));
            let calls = &cx.program.calls[def];
            let callees =
                |within: bool| calls.iter().filter(move |call| inside(call.site) == within).flat_map(targets);
            let outside: BTreeSet<&DefId> = callees(false).collect();
            serving.extend(callees(true).filter(|to| !outside.contains(to)).map(|&to| (def, to)));
        }
        let mut live = BTreeSet::new();
        let mut stack: Vec<DefId> = roots.into_iter().collect();
        while let Some(def) = stack.pop() {
            if live.insert(def) {
                stack.extend(graph.callees[def].iter().filter(|to| !serving.contains(&(def, **to))));
            }
        }
        Self { live }
    }

    /// Whether a loop runs without a request and without a client.
    pub(super) fn runs_alone(&self, body: &Body, waiting: &Waiting) -> bool {
        self.live.contains(&waiting.def) && !accepting(body).iter().any(|range| range.contains(waiting.range))
    }
}

/// Whether a loop runs in a scope of threads, `thread::scope(|s| …)`: what opens it waits for its end.
pub(super) fn is_waited_for(body: &Body, waiting: &Waiting) -> bool {
    body.exprs.iter().any(|expr| {
        let Expr::Call { callee, args } = expr else { return false };
        let Expr::Path(path) = &body.exprs[*callee] else { return false };
        let [.., of, scope] = &path.segments[..] else { return false };
        scope.name == "scope"
            && matches!(of.name.as_str(), "thread" | "rayon" | "crossbeam")
            && args.iter().any(|&arg| body.ranges[arg].contains(waiting.range))
    })
}

/// Loops that accept connections.
fn accepting(body: &Body) -> Vec<TextRange> {
    let accepts = |expr: &Expr| match expr {
        Expr::MethodCall { name, args, .. } => {
            args.is_empty() && matches!(name.as_str(), "accept" | "incoming" | "accept_async")
        }
        _ => false,
    };
    let calls: Vec<TextRange> = (body.exprs.iter_enumerated())
        .filter(|(_, expr)| accepts(expr))
        .map(|(id, _)| body.ranges[id])
        .collect();
    let loops = body.exprs.iter_enumerated().filter(|(_, expr)| matches!(expr, Expr::Loop { .. }));
    loops
        .map(|(id, _)| body.ranges[id])
        .filter(|range| calls.iter().any(|call| range.contains(*call)))
        .collect()
}

/// Whether a function is given the connection to one client: what it starts lasts as long as that client
/// stays. An actor for a socket is given it as its context.
pub(super) fn serves_one_client(cx: &Cx, def: DefId) -> bool {
    let Some(decl) = cx.fn_decl(def) else { return false };
    let mut names: Vec<Name> = Vec::new();
    decl.params.iter().for_each(|param| type_names(&param.ty, &mut names));
    if names.iter().any(|name| name == "Self")
        && names.iter().any(|name| name == "Context")
        && let Some(of) = cx.def(def).parent
    {
        let contexts = cx.program.defs.iter_enumerated().filter(|(_, other)| {
            other.parent == Some(of) && other.kind == DefKind::TypeAlias && other.name == "Context"
        });
        for (context, _) in contexts {
            if let ItemKind::TypeAlias { ty: Some(ty), .. } = &cx.item(context).kind {
                type_names(ty, &mut names);
            }
        }
    }
    names.iter().any(|name| {
        let name = name.as_str();
        name.contains("WebSocket")
            || name.contains("Websocket")
            || name.contains("TcpStream")
            || name == "Session"
    })
}

/// Whether a loop leaves as soon as something has worked: `match send().await { Ok(_) => return, … }`.
pub(super) fn tries_again(cx: &Cx, body: &Body, waiting: &Waiting) -> bool {
    let nested: Vec<TextRange> = (body.exprs.iter_enumerated())
        .filter(|(id, expr)| {
            matches!(expr, Expr::Loop { .. } | Expr::Closure { .. })
                && *id != waiting.expr
                && waiting.range.contains(body.ranges[*id])
        })
        .map(|(id, _)| body.ranges[id])
        .collect();
    let own = |id: ExprId| {
        waiting.range.contains(body.ranges[id]) && !nested.iter().any(|range| range.contains(body.ranges[id]))
    };
    // A message of the end has arrived: no success. What a function of the application is given to know of
    // the end says nothing: `serve(shutdown).await`.
    let is_signal = |scrutinee: ExprId| {
        let mut asked = scrutinee;
        while let Expr::Await(inner) | Expr::Try(inner) = &body.exprs[asked] {
            asked = *inner;
        }
        if let Expr::Call { callee, .. } = &body.exprs[asked]
            && cx.program.call_at(waiting.def, asked).is_some_and(|call| !targets(call).is_empty())
        {
            asked = *callee;
        }
        let text = cx.text(waiting.def, body.ranges[asked]);
        RECEIVES
            .iter()
            .chain(&["cancel", "shutdown", "stop", "signal", "exit"])
            .any(|word| text.contains(word))
    };
    let leaves = |part: ExprId| {
        let range = body.ranges[part];
        body.exprs.iter_enumerated().any(|(id, expr)| {
            matches!(expr, Expr::Jump { kind: JumpKind::Return | JumpKind::Break, .. })
                && range.contains(body.ranges[id])
                && own(id)
        })
    };
    body.exprs.iter_enumerated().filter(|(id, _)| own(*id)).any(|(_, expr)| match expr {
        Expr::Match { scrutinee, arms } => {
            !is_signal(*scrutinee) && arms.iter().any(|arm| is_success(body, arm.pat) && leaves(arm.body))
        }
        Expr::If { cond, then, .. } => match &body.exprs[*cond] {
            Expr::Let { pat, expr } => is_success(body, *pat) && !is_signal(*expr) && leaves(*then),
            Expr::MethodCall { name, receiver, .. } => {
                name == "is_ok" && !is_signal(*receiver) && leaves(*then)
            }
            _ => false,
        },
        _ => false,
    })
}

fn is_success(body: &Body, pat: PatId) -> bool {
    match &body.pats[pat] {
        Pat::TupleStruct { path, .. } => path.last().is_some_and(|name| name == "Ok"),
        Pat::Bind { sub: Some(sub), .. } => is_success(body, *sub),
        _ => false,
    }
}

/// Whether the function of a loop gives what the loop has gathered: a part of a computation, a stream.
pub(super) fn gives_value(cx: &Cx, body: &Body, waiting: &Waiting) -> bool {
    let in_task = task_ranges(body).iter().any(|range| range.contains(waiting.range));
    !in_task && cx.fn_decl(waiting.def).is_some_and(|decl| decl.ret.as_ref().is_some_and(is_value))
}

fn is_value(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Path(path) => {
            let Some(last) = path.segments.last() else { return false };
            let name = last.name.as_str();
            let first = last.args.as_ref().and_then(|args| args.types.first());
            // `Fallible<()>`, whatever an alias is called.
            if first.is_some_and(|first| matches!(first, TypeRef::Tuple(parts) if parts.is_empty())) {
                return false;
            }
            if name.ends_with("Result")
                || matches!(name, "Option" | "Pin" | "Box" | "JoinHandle" | "BoxFuture" | "LocalBoxFuture")
            {
                return first.is_some_and(is_value);
            }
            !(matches!(name, "Infallible" | "Never" | "ExitCode" | "JoinSet" | "AbortHandle" | "Self")
                || name.ends_with("Error")
                || name.ends_with("Handle")
                || name.ends_with("Guard"))
        }
        TypeRef::Tuple(parts) => parts.iter().any(is_value),
        TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => bounds.iter().any(is_stream),
        TypeRef::Ref { .. } | TypeRef::Slice(_) | TypeRef::Array(_) => true,
        _ => false,
    }
}

fn is_stream(bound: &Path) -> bool {
    bound.last().is_some_and(|name| matches!(name.as_str(), "Stream" | "Iterator"))
}

/// Whether a loop that waits for time is no work of its own: it looks after the value whose maker starts it
/// and asks nothing of the application (a cache's eviction, gauges), or it only says that time passes.
pub(super) fn keeps_house(cx: &Cx, body: &Body, waiting: &Waiting) -> bool {
    let calls = || cx.program.calls[waiting.def].iter().filter(|call| waiting.range.contains(call.site));
    let started_by_maker =
        is_maker(cx, waiting.def) && task_ranges(body).iter().any(|range| range.contains(waiting.range));
    if started_by_maker {
        let works = calls().any(|call| {
            !NO_WORK.contains(&call.name.as_str()) && targets(call).iter().any(|&def| does_work(cx, def))
        });
        return !works && is_plain(cx.text(waiting.def, waiting.range));
    }
    let logs: Vec<TextRange> = (body.exprs.iter_enumerated())
        .filter(|(_, expr)| matches!(expr, Expr::Macro(call) if call.path.last().is_some_and(is_log)))
        .map(|(id, _)| body.ranges[id])
        .collect();
    body.exprs.iter_enumerated().filter(|(id, _)| waiting.range.contains(body.ranges[*id])).all(
        |(id, expr)| match expr {
            Expr::Call { .. } | Expr::MethodCall { .. } => {
                logs.iter().any(|log| log.contains(body.ranges[id]))
                    || called_name(body, id).is_some_and(|name| {
                        TICKS.contains(&name.as_str()) || name.as_str().starts_with("from_")
                    })
            }
            Expr::Macro(call) => call.path.last().is_some_and(is_log),
            _ => true,
        },
    )
}

fn is_log(name: Name) -> bool {
    matches!(name.as_str(), "trace" | "debug" | "info" | "warn" | "error" | "println" | "eprintln" | "print")
}

/// Whether nothing is asked of a database or another host in a text.
fn is_plain(text: &str) -> bool {
    const ASKS: &[&str] =
        &["query", "execute", "SELECT", "INSERT", "UPDATE", "DELETE", ".send(", "http", "block_on", "spawn"];
    !ASKS.iter().any(|word| text.contains(word))
}
