//! Jobs that are given to a scheduler of a crate.

use std::collections::BTreeSet;

use crate::base::Place;
use crate::facts::catalog::{Jobs, names_path};
use crate::facts::cx::{BodyView, Callee, Cx, callee};
use crate::facts::strings;
use crate::model::{EntryPoint, EntryPointKind};
use crate::parse::tree::body::{Expr, ExprId};
use crate::resolve::DefId;

use super::consumers::kinds;
use super::loops::name_of;
use super::shapes::serves_one_client;
use super::steps::steps;
use super::{called_name, entry, kebab, one_line, targets, worker};

/// The jobs of all schedulers.
pub(super) fn schedulers(cx: &Cx) -> Vec<EntryPoint> {
    let mut entries = Vec::new();
    for &def in &cx.def_of {
        if cx.def(def).is_test {
            continue;
        }
        let catalogs: Vec<&Jobs> = cx
            .catalogs
            .jobs
            .iter()
            .filter(|jobs| {
                !(jobs.functions.is_empty() && jobs.methods.is_empty()) && cx.depends_on(def, &jobs.crates)
            })
            .collect();
        if catalogs.is_empty() || serves_one_client(cx, def) {
            continue;
        }
        let Some(view) = BodyView::new(cx.program, def) else { continue };
        for expr in view.body.exprs.ids() {
            let made = catalogs.iter().find_map(|jobs| Some((job(cx, &view, def, expr, jobs)?, jobs)));
            let Some((first, jobs)) = made else { continue };
            if !jobs.consumer
                && let Some(kinds) = kinds_of(cx, &view, def, expr, &first)
            {
                entries.extend(kinds);
                continue;
            }
            // What a schedule runs one after the other are jobs with the same schedule.
            let mut more = if jobs.consumer { Vec::new() } else { works(cx, &view, def, expr) };
            more.retain(|&work| cx.function_of[work] != first.handler);
            entries.extend(more.into_iter().map(|work| {
                let name = name_of(cx, work);
                let mut other = entry(cx, EntryPointKind::Cron, name, work, first.declared_at);
                other.schedule.clone_from(&first.schedule);
                other
            }));
            entries.push(first);
        }
    }
    without_helpers(entries)
}

/// The jobs of a schedule whose closure runs a method that matches on its own kind: one per kind.
fn kinds_of(
    cx: &Cx,
    view: &BodyView,
    def: DefId,
    expr: ExprId,
    first: &EntryPoint,
) -> Option<Vec<EntryPoint>> {
    let mut works = works(cx, view, def, expr);
    works.extend(first.handler.map(|handler| cx.def_of[handler]));
    let kinds = works.into_iter().map(|work| kinds(cx, work)).find(|kinds| kinds.len() > 1)?;
    let made = kinds.into_iter().map(|(name, work)| {
        let mut job = entry(cx, EntryPointKind::Cron, name, work, first.declared_at);
        job.schedule.clone_from(&first.schedule);
        job
    });
    Some(made.collect())
}

/// What two schedules run beside other work is a helper: a log, a hook.
fn without_helpers(entries: Vec<EntryPoint>) -> Vec<EntryPoint> {
    let places = |handler| {
        let of = entries.iter().filter(move |entry| entry.handler == handler);
        of.map(|entry| entry.declared_at).collect::<BTreeSet<Place>>()
    };
    let helper = |entry: &EntryPoint| {
        let alone = |at: &Place| entries.iter().filter(|other| other.declared_at == *at).count() == 1;
        let at = places(entry.handler);
        at.len() > 1 && !alone(&entry.declared_at)
    };
    let helpers: Vec<bool> = entries.iter().map(helper).collect();
    entries.into_iter().zip(helpers).filter(|(_, helper)| !helper).map(|(entry, _)| entry).collect()
}

/// The functions that the closure of a schedule runs.
fn works(cx: &Cx, view: &BodyView, def: DefId, expr: ExprId) -> Vec<DefId> {
    let (Expr::Call { args, .. } | Expr::MethodCall { args, .. }) = view.expr(expr) else {
        return Vec::new();
    };
    match args.last().map(|&work| unboxed(view, work)) {
        Some(work) if matches!(view.expr(work), Expr::Closure { .. }) => {
            let steps = steps(cx, def, view.body, work).into_iter();
            steps.map(|step| wrapped(cx, view, work, step).unwrap_or(step)).collect()
        }
        _ => Vec::new(),
    }
}

/// Of `with_lock(lock, || clean_up(db))`, where `with_lock` is the application's, what the lock is held for.
fn wrapped(cx: &Cx, view: &BodyView, within: ExprId, wrapper: DefId) -> Option<DefId> {
    let range = view.body.ranges[within];
    let calls = cx.program.calls[view.def].iter();
    let call = calls
        .filter(|call| range.contains(call.site) && targets(call).contains(&wrapper))
        .find_map(|call| call.expr)?;
    let (Expr::Call { args, .. } | Expr::MethodCall { args, .. }) = view.expr(call) else { return None };
    let inner = args.iter().copied().find(|&arg| matches!(view.expr(arg), Expr::Closure { .. }))?;
    let work = steps(cx, view.def, view.body, inner).into_iter().next_back();
    work.or_else(|| worker(cx, view.def, view.body.ranges[inner]))
}

/// `Box::new(closure)` is the closure.
fn unboxed(view: &BodyView, mut expr: ExprId) -> ExprId {
    while let Expr::Call { callee, args } = view.expr(expr)
        && let Expr::Path(path) = view.expr(*callee)
        && path.last().is_some_and(|name| matches!(name.as_str(), "new" | "pin"))
        && let [inner] = args[..]
    {
        expr = inner;
    }
    expr
}

/// The text that a builder's method was given: `.with_schedule("0 0 * * * *")`.
fn given_to(cx: &Cx, view: &BodyView, mut chain: ExprId, method: &str) -> Option<String> {
    loop {
        match view.expr(chain) {
            Expr::MethodCall { receiver, name, args, .. } => {
                if name == method {
                    let arg = *args.first()?;
                    let text =
                        strings::text_of(cx, view, arg).and_then(|text| text.exact().map(str::to_owned));
                    return Some(text.unwrap_or_else(|| one_line(cx.text(view.def, view.body.ranges[arg]))));
                }
                chain = *receiver;
            }
            Expr::Try(inner) | Expr::Await(inner) => chain = *inner,
            _ => return None,
        }
    }
}

fn job(cx: &Cx, view: &BodyView, def: DefId, expr: ExprId, jobs: &Jobs) -> Option<EntryPoint> {
    let args: &[ExprId] = match view.expr(expr) {
        Expr::Call { args, .. } | Expr::MethodCall { args, .. } => args,
        _ => return None,
    };
    let name = called_name(view.body, expr)?;
    let external = match callee(view.target(expr)) {
        Callee::External(path) => Some(path),
        Callee::Open => None,
        Callee::Own => return None,
    };
    let is_function = match (view.expr(expr), external) {
        (Expr::Call { .. }, Some(path)) => names_path(&jobs.crates, &jobs.functions, path),
        _ => false,
    };
    let is_method = matches!(view.expr(expr), Expr::MethodCall { .. })
        && jobs.methods.iter().any(|known| name == **known)
        && external.is_none_or(|path| jobs.crates.iter().any(|krate| path.starts_with(krate.as_str())));
    let Expr::MethodCall { receiver, .. } = view.expr(expr) else {
        let mut made = is_function.then(|| made(cx, view, def, expr, args, jobs)).flatten()?;
        if jobs.consumer {
            made.kind = EntryPointKind::Consumer;
            made.schedule = None;
        }
        return Some(made);
    };
    if !is_method {
        return None;
    }
    let chain = cx.text(def, view.body.ranges[*receiver]);
    if !jobs.chain.is_empty() && !jobs.chain.iter().any(|word| chain.contains(word.as_str())) {
        return None;
    }
    let mut made = made(cx, view, def, expr, args, jobs)?;
    if jobs.consumer {
        made.kind = EntryPointKind::Consumer;
        made.schedule = None;
        // `WorkerBuilder::new("email")`: the worker's own name.
        if let Some(name) = texts_in(cx, view, *receiver).into_iter().next() {
            made.path = Some(kebab(&name));
        }
    } else {
        let words = one_line(chain);
        made.schedule = words
            .find(".every")
            .map(|at| words[at + 1..].to_owned())
            .or_else(|| given_to(cx, view, *receiver, "with_schedule"))
            .or(made.schedule);
    }
    Some(made)
}

fn texts_in(cx: &Cx, view: &BodyView, chain: ExprId) -> Vec<String> {
    let range = view.body.ranges[chain];
    let inside = view.body.exprs.iter_enumerated().filter(|(id, _)| range.contains(view.body.ranges[*id]));
    inside
        .filter(|(_, expr)| matches!(expr, Expr::Literal(_) | Expr::Path(_)))
        .filter_map(|(id, _)| strings::text_of(cx, view, id)?.exact().map(str::to_owned))
        .collect()
}

/// The job of a call that takes a schedule and what runs.
fn made(
    cx: &Cx,
    view: &BodyView,
    def: DefId,
    expr: ExprId,
    args: &[ExprId],
    _jobs: &Jobs,
) -> Option<EntryPoint> {
    let work = unboxed(view, *args.last()?);
    let handler = match view.expr(work) {
        Expr::Closure { .. } => {
            let first = steps(cx, def, view.body, work).into_iter().next();
            let first = first.map(|first| wrapped(cx, view, work, first).unwrap_or(first));
            first.or_else(|| worker(cx, def, view.body.ranges[work])).unwrap_or(def)
        }
        Expr::Path(_) => view.function(work)?,
        _ => return None,
    };
    let place = cx.place_at(def, cx.expr_start(view.body, expr));
    let mut entry = entry(cx, EntryPointKind::Cron, name_of(cx, handler), handler, place);
    entry.schedule = (args.len() > 1).then(|| {
        let text = strings::text_of(cx, view, args[0]).and_then(|text| text.exact().map(str::to_owned));
        text.unwrap_or_else(|| one_line(cx.text(def, view.body.ranges[args[0]])))
    });
    Some(entry)
}
