//! The switch of HTTP routes: a layer around the router, so that nothing of the monolith runs twice.

use std::collections::BTreeSet;

use askama::Template;

use crate::base::{FileId, TextRange};
use crate::model::{
    CallGraph, EntryPoint, EntryPointId, EntryPointKind, FunctionId, ModuleIdx, ResourceKind,
};
use crate::scaffold::entry::{is_old, render};
use crate::scaffold::routing;
use crate::scaffold::slice::types::Ty;
use crate::scaffold::slice::values;

use super::{Refused, Seam, Site, indent, line_end, refused};

struct Route {
    method: String,
    path: String,
    moved: bool,
    reads: bool,
}

#[derive(Template)]
#[template(path = "scaffold/switch/axum.rs.j2")]
struct Axum<'a> {
    name: &'a str,
    variable: &'a str,
    log: &'a str,
    http_crate: &'a str,
    tokio_crate: &'a str,
    json_crate: &'a str,
    json: bool,
    shadows: bool,
    old_http: bool,
    nested: bool,
    http: bool,
    sends: bool,
    routes: &'a [Route],
}

#[derive(Template)]
#[template(path = "scaffold/switch/actix.rs.j2")]
struct Actix<'a> {
    name: &'a str,
    variable: &'a str,
    log: &'a str,
    http_crate: &'a str,
    web_crate: &'a str,
    json_crate: &'a str,
    json: bool,
    shadows: bool,
    http: bool,
    sends: bool,
    routes: &'a [Route],
}

pub(super) fn seam(site: &Site<'_, '_>) -> Result<Option<Seam>, Refused> {
    let model = site.names.model;
    let entries = &site.unit.entry_points;
    let first = &model.entry_points[entries[0]];
    if let Some(&id) = entries.iter().find(|&&id| model.entry_points[id].path.is_none()) {
        let place = Some(model.entry_points[id].declared_at);
        return Err(refused(place, "the path of this route is not known, so that it cannot be told apart"));
    }
    let of_handler = first.handler.map(|handler| model.modules[model.functions[handler].module].package);
    let is_actix = of_handler.is_some_and(|package| site.krate(package, "actix-web").is_some());
    let is_axum = of_handler.is_some_and(|package| site.krate(package, "axum").is_some());
    if !is_actix && !is_axum {
        let why = "its routes are of a framework for which none is written; let a proxy before the application choose";
        return Err(refused(Some(first.declared_at), why));
    }
    let place = if is_actix { app_place(site)? } else { router_place(site)? };
    if site.is_there(place.root) {
        return Ok(None);
    }
    let package = site.package(place.root);
    let facts = &model.packages[package];
    let framework = if is_actix { "actix-web" } else { "axum" };
    let Some(web) = site.dependency(package, framework) else {
        let why = format!("the package that makes the router does not depend on {framework} itself");
        return Err(refused(Some(first.declared_at), why));
    };
    let requirement = site.manifests.requirement(&facts.manifest, &web.key).unwrap_or_default();
    let old_http = !is_actix && is_old(&requirement);
    let mut seam = Seam { variable: site.variable(), ..Seam::default() };
    let mut routes = routes(site);
    if old_http {
        // Bodies of that time cannot be measured and copied without a further crate.
        routes.iter_mut().for_each(|route| route.reads = false);
    }
    let shadows = routes.iter().any(|route| route.moved && route.reads);
    let json = site.krate(package, "serde_json");
    let http_crate = site.client(package, &mut seam);
    let (name, variable, log) = (site.unit.name.as_str(), site.variable(), site.log(package));
    let (variable, log, http_crate, json_crate) =
        (variable.as_str(), log.as_str(), http_crate.as_str(), json.as_deref().unwrap_or_default());
    let (json, http, sends, routes) = (json.is_some(), true, true, routes.as_slice());
    let text = if is_actix {
        let web_crate = web.krate.as_str();
        render(&Actix {
            name,
            variable,
            log,
            http_crate,
            web_crate,
            json_crate,
            json,
            shadows,
            http,
            sends,
            routes,
        })
    } else {
        let tokio_crate = if shadows {
            site.need(package, "tokio", r#"{ version = "1", features = ["rt"] }"#, &mut seam)
        } else {
            String::new()
        };
        let (tokio_crate, nested) = (tokio_crate.as_str(), place.nested);
        render(&Axum {
            name,
            variable,
            log,
            http_crate,
            tokio_crate,
            json_crate,
            json,
            shadows,
            old_http,
            nested,
            http,
            sends,
            routes,
        })
    };
    site.add_module(place.root, text, &mut seam);
    let source = &site.inputs.sources.files[place.file].text;
    let module = site.module();
    let layer = if is_actix {
        format!(".wrap_fn(crate::{module}::switch)")
    } else {
        format!(".layer({}::middleware::from_fn(crate::{module}::switch))", web.krate)
    };
    for (range, wrapped) in &place.values {
        let inner = if *wrapped { format!(".map(|router| router{layer})") } else { layer.clone() };
        let at = line_end(source, range.end as usize);
        let text = format!("\n{}{inner}", link_indent(source, *range));
        seam.inserts.insert((place.file, at as u32, text));
    }
    seam.notes.extend(shadow_note(routes, shadows));
    Ok(Some(seam))
}

fn shadow_note(routes: &[Route], shadows: bool) -> Option<String> {
    if !shadows {
        return Some("Nothing of it is known to only read, so that there is no shadow mode.".into());
    }
    let unsure: Vec<String> = routes
        .iter()
        .filter(|route| route.moved && !route.reads && matches!(route.method.as_str(), "GET" | "HEAD"))
        .map(|route| format!("`{} {}`", route.method, route.path.trim_matches('"')))
        .collect();
    (!unsure.is_empty()).then(|| {
        format!(
            "In shadow mode these are answered here only, because they write, call out, or run SQL that could not be \
             read: {}",
            unsure.join(", ")
        )
    })
}

/// Where the layer goes.
pub(super) struct Place {
    pub root: ModuleIdx,
    pub file: FileId,
    /// Expressions that are the router, and whether they are a `Result` of it.
    pub values: Vec<(TextRange, bool)>,
    /// The router is put below a prefix that its own layers do not see.
    nested: bool,
}

/// The one chain from `App::new()` of an actix-web application, which its server makes for each worker.
pub(super) fn app_place(site: &Site<'_, '_>) -> Result<Place, Refused> {
    let model = site.names.model;
    let entry = &model.entry_points[site.unit.entry_points[0]];
    let mut found = Vec::new();
    for function in model.functions.iter().filter(|function| !function.test) {
        let span = model.items[function.item].span;
        let text = site.inputs.sources.text(span);
        if !text.contains("App::new()") {
            continue;
        }
        for range in values::apps(text) {
            let range = TextRange::new(range.start + span.range.start, range.end + span.range.start);
            found.push((site.names.root_of(function.module), span.file, range));
        }
    }
    match found[..] {
        [(root, file, range)] => Ok(Place { root, file, values: vec![(range, false)], nested: false }),
        [] => Err(refused(Some(entry.declared_at), "no function makes the application with `App::new()`")),
        _ => Err(refused(Some(entry.declared_at), "several places make an application with `App::new()`")),
    }
}

fn router_place(site: &Site<'_, '_>) -> Result<Place, Refused> {
    let model = site.names.model;
    let moved = |range: TextRange, by: u32| TextRange::new(range.start + by, range.end + by);
    if let Some(routing) = routing::find(site.names, site.inputs, &site.unit.entry_points) {
        let top = &model.functions[routing.top];
        let span = model.items[top.item].span;
        let fallible = Ty::parse(&top.ret).success().1;
        let Some(values) = values::given_back(site.inputs.sources.text(span), fallible) else {
            let why = format!(
                "`{}` gives its router back in a way that is not understood; end it with the router in a variable",
                top.path
            );
            return Err(refused(Some(top.place), why));
        };
        return Ok(Place {
            root: site.names.root_of(top.module),
            file: span.file,
            values: values
                .into_iter()
                .map(|value| (moved(value.range, span.range.start), value.wrapped))
                .collect(),
            nested: !routing.prefix.is_empty(),
        });
    }
    // Made where it is served.
    let entry = &model.entry_points[site.unit.entry_points[0]];
    let mut found: Vec<Place> = Vec::new();
    for function in model.functions.iter().filter(|function| !function.test) {
        let span = model.items[function.item].span;
        let text = site.inputs.sources.text(span);
        if !text.contains("serve(") {
            continue;
        }
        let served = values::served(text);
        if !served.is_empty() {
            found.push(Place {
                root: site.names.root_of(function.module),
                file: span.file,
                values: served.into_iter().map(|range| (moved(range, span.range.start), false)).collect(),
                nested: false,
            });
        }
    }
    // Beside them, else wherever there is but one.
    if found.iter().any(|place| place.file == entry.declared_at.file) {
        found.retain(|place| place.file == entry.declared_at.file);
    }
    match <[Place; 1]>::try_from(found) {
        Ok([place]) => Ok(place),
        Err(found) => {
            let why = if found.is_empty() {
                "no function returns the router with these routes, and none hands it to `axum::serve`; let a function \
                 return it"
            } else {
                "several functions serve a router; let a function return that with these routes"
            };
            Err(refused(Some(entry.declared_at), why))
        }
    }
}

/// How the next link of a chain is indented.
pub(super) fn link_indent(text: &str, range: TextRange) -> String {
    let own = &text[range.as_range()];
    let chained = own.lines().skip(1).filter(|line| line.trim_start().starts_with('.')).last();
    match chained {
        Some(line) => line[..line.len() - line.trim_start().len()].to_owned(),
        None => format!("{}    ", indent(text, range.start as usize)),
    }
}

/// The moved routes, and those of others whose paths are alike.
fn routes(site: &Site<'_, '_>) -> Vec<Route> {
    let model = site.names.model;
    let graph = CallGraph::new(model);
    let moved: BTreeSet<EntryPointId> = site.unit.entry_points.iter().copied().collect();
    let http = |entry: &EntryPoint| entry.kind == EntryPointKind::Http;
    let path = |entry: &EntryPoint| entry.path.clone().unwrap_or_else(|| "/".into());
    let own: Vec<String> = moved.iter().map(|&id| path(&model.entry_points[id])).collect();
    let mut out: Vec<Route> = model
        .entry_points
        .iter_enumerated()
        .filter(|(_, entry)| http(entry) && entry.path.is_some())
        .filter(|(id, entry)| {
            moved.contains(id) || own.iter().any(|other| alike(other, entry.path.as_deref().unwrap_or("/")))
        })
        .map(|(id, entry)| Route {
            method: entry.method.clone().unwrap_or_else(|| "ANY".into()),
            path: format!("{:?}", path(entry)),
            moved: moved.contains(&id),
            reads: moved.contains(&id) && reads(site, entry, &graph),
        })
        .collect();
    out.sort_by(|a, b| (&a.path, &a.method, a.moved).cmp(&(&b.path, &b.method, b.moved)));
    out.dedup_by(|a, b| a.path == b.path && a.method == b.method);
    out
}

/// Whether some path fits both patterns.
fn alike(one: &str, other: &str) -> bool {
    let wild = |part: &str| part.contains('{') || part.starts_with([':', '*', '<']);
    let rest = |part: &str| part.starts_with("{*") || part.starts_with('*') || part.contains(".*");
    let (mut a, mut b) = (one.split('/'), other.split('/'));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(part), _) | (_, Some(part)) if rest(part) => return true,
            (Some(x), Some(y)) if rest(y) || x == y || wild(x) || wild(y) => {}
            _ => return false,
        }
    }
}

/// Whether a route is known to change nothing.
fn reads(site: &Site<'_, '_>, entry: &EntryPoint, graph: &CallGraph) -> bool {
    if !matches!(entry.method.as_deref(), Some("GET" | "HEAD")) {
        return false;
    }
    let model = site.names.model;
    let reached: BTreeSet<FunctionId> = graph.reachable(entry.handler).into_iter().collect();
    let writes =
        model.accesses.iter().any(|access| access.op.is_write() && reached.contains(&access.function));
    let unknown = model.unknown_sql.iter().any(|sql| reached.contains(&sql.function));
    let outside = model.resource_uses.iter().any(|used| {
        reached.contains(&used.function) && model.resources[used.resource].kind != ResourceKind::Env
    });
    !writes && !unknown && !outside
}
