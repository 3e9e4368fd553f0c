//! HTTP entry points.

mod apis;
mod attributes;
mod call;
mod filters;
mod guards;
mod machine;
mod relevant;
mod router;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Code, Diagnostic, Name, Severity};
use crate::model::{EntryPoint, EntryPointKind};
use crate::parse::tree::body::{Expr, ExprId, Pat, PatId};
use crate::resolve::{CallTarget, DefId, DefKind};

use super::cx::{BodyView, Cx};
use super::nodes::{item_id, self_type};
use super::sql::HOLE;
use guards::Guards;
use machine::Machine;
use relevant::Relevant;
use value::{Handler, Route};

/// What serves requests.
pub(super) struct RouteFacts {
    pub entries: Vec<EntryPoint>,
    /// The functions that are called by a router; those that only hold a closure are not.
    pub handlers: BTreeSet<DefId>,
    /// What could not be known.
    pub diagnostics: Vec<Diagnostic>,
}

/// The routes of the application.
pub(super) fn routes(cx: &Cx) -> RouteFacts {
    let relevant = Relevant::new(cx);
    let guards = Guards::new(cx);
    let mut machine = Machine::new(cx, &relevant, &guards);
    let mut unused: Vec<std::ops::Range<usize>> = Vec::new();
    for &root in &relevant.roots {
        let first = machine.cells.len();
        machine.run_root(root);
        let gives = cx.fn_decl(root).and_then(|decl| decl.ret.as_ref());
        if gives.is_some_and(|ret| relevant.router_type(cx, root, ret).is_some()) {
            unused.push(first..machine.cells.len());
        }
    }
    served_elsewhere(&mut machine, &unused);
    let mut found: Vec<Route> = Vec::new();
    let mut sites: BTreeSet<(DefId, u32)> = BTreeSet::new();
    collect(&machine, 0, &mut found);
    sites.extend(found.iter().map(|route| route.at));
    // What no root reached, cycles among others: with the path that is known.
    for &def in &relevant.all {
        if !machine.ran.contains(&def) {
            let first = machine.cells.len();
            machine.run_root(def);
            let mut more = Vec::new();
            collect(&machine, first, &mut more);
            found.extend(more.into_iter().filter(|route| !sites.contains(&route.at)));
        }
    }
    only_documented(&machine, &mut found);
    found.extend(apis::of_traits(cx));
    let mut diagnostics = Vec::new();
    let mut entries: Vec<EntryPoint> = found.iter().map(|route| entry(cx, route, &guards)).collect();
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    entries.dedup_by(|b, a| {
        let same = order(a) == order(b);
        if same {
            a.middleware.append(&mut b.middleware);
        }
        same
    });
    // `if enabled { post(reset) } else { post(not_found) }`: the function is what the route is for.
    let with_handler: BTreeSet<(Option<String>, Option<String>)> =
        entries.iter().filter(|entry| entry.handler.is_some()).map(title).collect();
    entries.retain(|entry| {
        entry.handler.is_some() || entry.path.is_none() || !with_handler.contains(&title(entry))
    });
    declared_twice(&entries, &mut diagnostics);
    // Routers that are put together in two ways (`if webhooks { … } else { … }`) still have each route once.
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    let mut once: Vec<EntryPoint> = Vec::with_capacity(entries.len());
    for mut entry in entries {
        if entry.path.is_some() && entry.handler.is_some() {
            let key = (title(&entry), entry.handler, entry.place, entry.guards.clone());
            let first = *seen.entry(key).or_insert(once.len());
            if let Some(known) = once.get_mut(first) {
                known.middleware.append(&mut entry.middleware);
                continue;
            }
        }
        once.push(entry);
    }
    let mut entries = once;
    for entry in &mut entries {
        entry.middleware.sort_unstable();
        entry.middleware.dedup();
    }
    unresolved(&entries, &mut diagnostics);
    let handlers: BTreeSet<DefId> = found
        .iter()
        .filter_map(|route| match route.handler {
            Handler::Function(def) => Some(def),
            Handler::Closure { owner, expr } => passes_on(cx, owner, expr),
            _ => None,
        })
        .collect();
    not_mounted(cx, &handlers, &mut diagnostics);
    RouteFacts { entries, handlers, diagnostics }
}

fn title(entry: &EntryPoint) -> (Option<String>, Option<String>) {
    (entry.method.clone(), entry.path.clone())
}

fn order(entry: &EntryPoint) -> impl Ord + '_ {
    (&entry.path, &entry.method, entry.declared_at, entry.handler, entry.place)
}

/// Takes out what routers that nobody calls for hold a second time: a package's own way to put its routes
/// together, beside the one by which the application serves them below its paths.
fn served_elsewhere(machine: &mut Machine, unused: &[std::ops::Range<usize>]) {
    let is_unused = |cell: usize| unused.iter().any(|range| range.contains(&cell));
    let mut served: BTreeMap<(DefId, u32), Vec<String>> = BTreeMap::new();
    let cells = machine.cells.iter().enumerate().filter(|(at, cell)| !cell.absorbed && !is_unused(*at));
    for (_, cell) in cells {
        for route in &cell.routes {
            served.entry(route.at).or_default().push(format!("{}{}", cell.prefix, route.path));
        }
    }
    for cell in unused.iter().cloned().flatten() {
        machine.cells[cell].routes.retain(|route| {
            let path = route.path.trim_end_matches('/');
            let below = |paths: &Vec<String>| {
                paths.iter().any(|known| {
                    known.len() > route.path.len() && known.trim_end_matches('/').ends_with(path)
                })
            };
            !served.get(&route.at).is_some_and(below)
        });
    }
}

/// Takes out the routes of an API that one router serves and that is made once more for its description.
fn only_documented(machine: &Machine, found: &mut Vec<Route>) {
    let mut served: BTreeSet<(DefId, u32)> = BTreeSet::new();
    let mut alone: BTreeSet<(DefId, u32)> = BTreeSet::new();
    for cell in machine.cells.iter().filter(|cell| !cell.absorbed) {
        let is_api = !machine.cx.catalogs.web[cell.web].router.api.is_empty();
        let places = cell.routes.iter().map(|route| route.at);
        if is_api { alone.extend(places) } else { served.extend(places) }
    }
    let twice: BTreeSet<_> = alone.intersection(&served).copied().collect();
    if !twice.is_empty() {
        let mut kept = Vec::with_capacity(found.len());
        for cell in machine.cells.iter().filter(|cell| !cell.absorbed) {
            let is_api = !machine.cx.catalogs.web[cell.web].router.api.is_empty();
            kept.push((is_api, cell));
        }
        found.retain(|route| {
            !twice.contains(&route.at)
                || kept.iter().any(|(is_api, cell)| {
                    let slash = machine.cx.catalogs.web[cell.web].router.empty_slash;
                    !is_api
                        && cell.routes.iter().any(|own| {
                            own.at == route.at
                                && own.method == route.method
                                && router::join(&cell.prefix, &own.path, slash) == route.path
                        })
                })
        });
    }
}

/// Routes of the routers that are no part of another one.
fn collect(machine: &Machine, first: usize, found: &mut Vec<Route>) {
    for cell in &machine.cells[first..] {
        if cell.absorbed {
            continue;
        }
        let slash = machine.cx.catalogs.web[cell.web].router.empty_slash;
        for route in &cell.routes {
            // A filter that answers nothing is a part of none.
            if machine.cx.catalogs.web[cell.web].router.filters && route.handler == Handler::Unknown {
                continue;
            }
            let mut route = route.clone();
            route.path = router::join(&cell.prefix, &route.path, slash);
            route.guard(&cell.guards);
            if !machine.cx.def(route.at.0).is_test {
                found.push(route);
            }
        }
    }
}

fn entry(cx: &Cx, route: &Route, guards: &Guards) -> EntryPoint {
    let declared_at = cx.place_at(route.at.0, route.at.1);
    let handler = match route.handler {
        Handler::Function(def) => Some(def),
        // A closure belongs to the function around it.
        Handler::Closure { owner, expr } => Some(passes_on(cx, owner, expr).unwrap_or(owner)),
        Handler::Service | Handler::Unknown => None,
    };
    let mut path = full_path(&route.path);
    // A base path of the deployment's: the application's own path starts behind it.
    let below =
        path.trim_start_matches('/').strip_prefix(HOLE).filter(|rest| rest.starts_with('/')).map(full_path);
    let has_base = below.is_some();
    path = below.unwrap_or(path);
    let known = !path.contains(HOLE);
    let reason = if known && has_base {
        Some("below a base path that is only known at run time".to_owned())
    } else if !known {
        Some(format!("a part of the path is only known at run time: {}", path.replace(HOLE, "…")))
    } else {
        match route.handler {
            Handler::Service => Some("answered by a service, not by a function".to_owned()),
            Handler::Unknown => Some("the handler was not found".to_owned()),
            _ => None,
        }
    };
    EntryPoint {
        kind: EntryPointKind::Http,
        method: Some(route.method.clone().unwrap_or_else(|| "ANY".to_owned())),
        path: known.then_some(path),
        reason,
        handler: handler.and_then(|def| cx.function_of[def]),
        place: handler.map_or(declared_at, |def| cx.place_of(def)),
        declared_at,
        guards: match route.handler {
            Handler::Function(_) => handler.map_or_else(Vec::new, |def| guards.of(cx, def)),
            Handler::Closure { owner, .. } => {
                handler.filter(|&def| def != owner).map_or_else(Vec::new, |def| guards.of(cx, def))
            }
            _ => Vec::new(),
        },
        middleware: route.guards.iter().map(|&def| item_id(def)).collect(),
        schedule: None,
    }
}

/// The function that a closure does nothing but hand the request to: `move |request| show(request, settings)`.
fn passes_on(cx: &Cx, owner: DefId, closure: ExprId) -> Option<DefId> {
    let view = BodyView::new(cx.program, owner)?;
    let Expr::Closure { params, body, .. } = view.expr(closure) else { return None };
    let mut body = *body;
    let args = loop {
        match view.expr(body) {
            Expr::Await(inner) | Expr::Try(inner) => body = *inner,
            Expr::Block { stmts, tail: Some(tail), .. } if stmts.is_empty() => body = *tail,
            Expr::Call { args, .. } => break args,
            _ => return None,
        }
    };
    let named = |arg: &ExprId| match view.expr(*arg) {
        Expr::Path(path) => path.as_name(),
        _ => None,
    };
    let given: Vec<Name> = args.iter().filter_map(named).collect();
    let hands_on = |(pat, _): &(PatId, _)| matches!(view.body.pats[*pat], Pat::Bind { name, .. } if given.contains(&name));
    if params.is_empty() || !params.iter().all(hands_on) {
        return None;
    }
    match view.target(body)? {
        CallTarget::Resolved(def) => {
            Some(*def).filter(|&def| cx.function_of[def].is_some() && self_type(cx, def).is_none())
        }
        _ => None,
    }
}

/// One leading slash, none doubled.
fn full_path(path: &str) -> String {
    let mut full = String::with_capacity(path.len() + 1);
    full.push('/');
    for c in path.chars() {
        if c != '/' || !full.ends_with('/') {
            full.push(c);
        }
    }
    full
}

/// Routes of which a part is not known.
fn unresolved(entries: &[EntryPoint], diagnostics: &mut Vec<Diagnostic>) {
    for entry in entries {
        let what = match (&entry.path, entry.handler, &entry.reason) {
            (None, _, Some(reason)) => reason.clone(),
            (Some(path), None, Some(reason)) => format!("{path}: {reason}"),
            _ => continue,
        };
        diagnostics.push(Diagnostic::note(Code::new("route-unresolved"), Some(entry.declared_at), what));
    }
}

fn declared_twice(entries: &[EntryPoint], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for entry in entries {
        let (Some(method), Some(path)) = (&entry.method, &entry.path) else { continue };
        let n = seen.entry((method, path)).or_default();
        *n += 1;
        if *n == 2 {
            let message = format!("{method} {path} is declared more than once");
            diagnostics.push(Diagnostic::note(
                Code::new("route-declared-twice"),
                Some(entry.declared_at),
                message,
            ));
        }
    }
}

/// Functions that declare a route by attribute and are given to no router.
fn not_mounted(cx: &Cx, mounted: &BTreeSet<DefId>, diagnostics: &mut Vec<Diagnostic>) {
    for &def in &cx.def_of {
        if cx.def(def).is_test || mounted.contains(&def) || cx.item(def).attrs.list.is_empty() {
            continue;
        }
        // Of a trait that describes an API the implementations answer.
        if cx.def(def).parent.is_some_and(|parent| cx.def(parent).kind == DefKind::Trait) {
            continue;
        }
        let webs = cx
            .catalogs
            .web
            .iter()
            .filter(|web| !web.attributes.verbs.is_empty() && cx.depends_on(def, &web.crates));
        for web in webs {
            if let Some((method, path)) = attributes::routes_of(cx, def, web).into_iter().next() {
                let title =
                    format!("{} {}", method.as_deref().unwrap_or("ANY"), path.as_deref().unwrap_or("?"));
                let message =
                    format!("{title} is declared by an attribute, but no router was found that serves it");
                let spot = Diagnostic::note(Code::new("route-not-mounted"), Some(cx.place_of(def)), message);
                diagnostics.push(spot.with_severity(Severity::Low));
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests;
