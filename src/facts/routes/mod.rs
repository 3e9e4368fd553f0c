//! HTTP entry points.

mod apis;
mod attributes;
mod call;
mod filters;
mod machine;
mod relevant;
mod router;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Code, Diagnostic, Name, Severity, UnorderedSet};
use crate::model::{EntryPoint, EntryPointKind, TypeId};
use crate::resolve::{DefId, DefKind};

use super::cx::Cx;
use super::render::type_names;
use super::sql::HOLE;
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
    let mut machine = Machine::new(cx, &relevant);
    for &root in &relevant.roots {
        machine.run_root(root);
    }
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
    let guards = Guards::new(cx);
    let mut diagnostics = Vec::new();
    let mut entries: Vec<EntryPoint> = found.iter().map(|route| entry(cx, route, &guards)).collect();
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    entries.dedup_by(|b, a| order(a) == order(b));
    // `if enabled { post(reset) } else { post(not_found) }`: the function is what the route is for.
    let with_handler: BTreeSet<(Option<String>, Option<String>)> =
        entries.iter().filter(|entry| entry.handler.is_some()).map(title).collect();
    entries.retain(|entry| {
        entry.handler.is_some() || entry.path.is_none() || !with_handler.contains(&title(entry))
    });
    declared_twice(&entries, &mut diagnostics);
    // Routers that are put together in two ways (`if webhooks { … } else { … }`) still have each route once.
    let mut seen = BTreeSet::new();
    entries.retain(|entry| {
        entry.path.is_none()
            || entry.handler.is_none()
            || seen.insert((title(entry), entry.handler, entry.place, entry.guards.clone()))
    });
    unresolved(&entries, &mut diagnostics);
    let handlers: BTreeSet<DefId> = found
        .iter()
        .filter_map(|route| match route.handler {
            Handler::Function(def) => Some(def),
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
        Handler::Closure { owner, .. } => Some(owner),
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
            Handler::Function(def) => guards.of(cx, def),
            _ => Vec::new(),
        },
        schedule: None,
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

/// Types that the framework makes before it calls a handler.
struct Guards {
    types: BTreeSet<DefId>,
}

impl Guards {
    fn new(cx: &Cx) -> Self {
        let mut traits: UnorderedSet<Name> = UnorderedSet::new();
        for name in cx.catalogs.web.iter().flat_map(|web| &web.guards.traits) {
            traits.insert(Name::new(name));
        }
        let impls = cx.program.defs.iter().filter(|def| def.kind == DefKind::Impl);
        let types = impls
            .filter_map(|def| def.impl_of.as_ref())
            .filter(|of| {
                of.trait_external.as_ref().is_some_and(|path| traits.contains(&Name::new(path.name())))
            })
            .filter_map(|of| of.self_local)
            .collect();
        Self { types }
    }
    fn of(&self, cx: &Cx, handler: DefId) -> Vec<TypeId> {
        let Some(decl) = cx.fn_decl(handler) else { return Vec::new() };
        let mut names = Vec::new();
        decl.params.iter().for_each(|param| type_names(&param.ty, &mut names));
        let mentions = cx.program.mentions[handler].iter();
        let guards = mentions.filter(|def| self.types.contains(def) && names.contains(&cx.def(**def).name));
        let mut guards: Vec<TypeId> = guards.filter_map(|&def| cx.type_of[def]).collect();
        guards.sort_unstable();
        guards
    }
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
