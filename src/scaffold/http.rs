//! What serves the HTTP routes of one function: the monolith's router where a function returns it, else its own
//! start-up.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use crate::model::{EntryPointId, EntryPointKind, FunctionId, ModuleIdx, PackageIdx, ServiceId};

use super::closure::Cuts;
use super::deployable::Unit;
use super::entry::{EntryText, Offered, Plumbing, is_actix_4, is_old, render};
use super::names::{Names, handler};
use super::slice::Changes;
use super::slice::types::Ty;
use super::supply::{Supplier, settle};
use super::{Gap, Inputs, Refusal, calls, naming, routing, served};

/// Stands for a line break inside of an expression.
const LINE_BREAK: &str = "\u{2}";

/// The text of the entry module of a router, with a layer around it.
pub(super) fn router_text(lines: &[String], router: &str, layer: Option<&str>) -> String {
    let router = match layer {
        Some(layer) => format!("{router}{LINE_BREAK}        .layer(axum::middleware::from_fn({layer}))"),
        None => router.to_owned(),
    };
    render(&HttpEntry { lines, router: &router }).replace(LINE_BREAK, "\n")
}

#[derive(Template)]
#[template(path = "scaffold/common/entry_http.rs.j2")]
struct HttpEntry<'a> {
    lines: &'a [String],
    router: &'a str,
}

/// The plumbing of HTTP routes; with `offers`, other services may ask it.
pub(super) fn http(unit: &Unit, calls: &calls::Site<'_, '_>, offers: bool) -> Result<Plumbing, Refusal> {
    let names = calls.names;
    let axum = depends_on(unit, names, "axum");
    let by_router = if axum { by_router(unit, calls, offers) } else { None };
    if let Some(plumbing) = by_router.as_ref()
        && plumbing.gaps.is_empty()
    {
        return Ok(by_router.expect("checked"));
    }
    if served::SERVED.iter().any(|framework| depends_on(unit, names, framework))
        && let Some(plumbing) = by_start_up(unit, calls, offers)
    {
        return Ok(plumbing);
    }
    match by_router {
        Some(plumbing) => Ok(plumbing),
        None if axum && has_handlers(unit, names) => Ok(flat(unit, names)),
        None => Err(no_start(unit, names)),
    }
}

/// The monolith's start-up; actix-web's answers what other services ask too.
fn by_start_up(unit: &Unit, calls: &calls::Site<'_, '_>, offers: bool) -> Option<Plumbing> {
    let (names, inputs) = (calls.names, calls.inputs);
    let actix = if offers { actix(unit, calls) } else { None };
    let mut offered: Vec<(ModuleIdx, String, calls::Offer)> = Vec::new();
    if let (Some(web), Some(service)) = (&actix, whole(unit, calls)) {
        for group in calls.asked_of(service) {
            let root = group.root;
            let Some(offer) = calls::offer_of_data(calls, &group, web, false) else { continue };
            // One module answers for one crate.
            if offered.iter().all(|(known, ..)| *known != root) {
                let module = format!("answers_{}", naming::snake(&unit.service));
                offered.push((root, calls::free_module(calls, root, &module), offer));
            }
        }
    }
    let modules: Vec<String> = offered.iter().map(|(_, module, _)| module.clone()).collect();
    let mut plumbing = served::find(unit, names, inputs, &modules)?;
    let configured = |module: &str| {
        let line = format!("crate::{module}::routes");
        plumbing.changes.edits.values().flatten().any(|(_, text)| text.contains(&line))
    };
    let own =
        |(root, module, _): &(ModuleIdx, String, calls::Offer)| *root == plumbing.host && configured(module);
    if !offered.iter().all(own) {
        // Not in the crate that serves, or nowhere to put it.
        return served::find(unit, names, inputs, &[]);
    }
    for (root, module, offer) in offered {
        plumbing.roots.extend(offer.items);
        plumbing.offered.modules.push((root, module, offer.text));
        plumbing.offered.functions.extend(offer.functions);
        plumbing.extra.extend(calls::ANSWERING);
    }
    Some(plumbing)
}

/// The name of actix-web in the code of some routes, where it is of today's kind.
fn actix(unit: &Unit, calls: &calls::Site<'_, '_>) -> Option<String> {
    let package = &calls.names.model.packages[package(unit, calls.names)?];
    let web = package.dependencies.iter().find(|dependency| dependency.package == "actix-web")?;
    let requirement = calls.manifests.requirement(&package.manifest, &web.key).unwrap_or_default();
    is_actix_4(&requirement).then(|| web.krate.clone())
}

/// The service of a unit that is all of one of its deployables.
fn whole(unit: &Unit, calls: &calls::Site<'_, '_>) -> Option<ServiceId> {
    let service = calls.service(&unit.service)?;
    let is_http = |id: &&EntryPointId| calls.names.model.entry_points[**id].kind == EntryPointKind::Http;
    let whole = calls.plan.services[service].deployables.iter().any(|deployable| {
        let own: BTreeSet<_> = deployable.entry_points.iter().filter(is_http).collect();
        own == unit.entry_points.iter().collect()
    });
    whole.then_some(service)
}

fn has_handlers(unit: &Unit, names: &Names<'_>) -> bool {
    unit.entry_points.iter().all(|&id| handler(names.model, id).is_some())
}

/// The package that declares the routes.
fn package(unit: &Unit, names: &Names<'_>) -> Option<PackageIdx> {
    let model = names.model;
    let entry = &model.entry_points[unit.entry_points[0]];
    let by_file = || model.modules.iter().find(|module| module.content.file == entry.declared_at.file);
    let module = match entry.handler {
        Some(handler) => Some(&model.modules[model.functions[handler].module]),
        None => by_file(),
    };
    module.map(|module| module.package)
}

fn depends_on(unit: &Unit, names: &Names<'_>, name: &str) -> bool {
    package(unit, names).is_some_and(|package| {
        let package = &names.model.packages[package];
        package.dependencies.iter().any(|dependency| dependency.package == name)
    })
}

/// HTTP handlers of a framework whose start-up is not understood.
fn no_start(unit: &Unit, names: &Names<'_>) -> Refusal {
    const OTHERS: &[&str] = &["tide", "gotham", "trillium", "thruster", "tonic", "poem-openapi"];
    let entry = &names.model.entry_points[unit.entry_points[0]];
    let found = served::SERVED.iter().chain(OTHERS).find(|name| depends_on(unit, names, name));
    let (reason, remedy) = match found {
        Some(name) if served::SERVED.contains(name) => (
            format!("no function was found that starts the {name} server with these routes"),
            "start the server in a function that `main` reaches and that names the handlers",
        ),
        Some(name) => (
            format!("its HTTP handlers are written for {name}, which no target serves"),
            "scaffold its cron jobs and consumers, or port these handlers to axum, actix-web or Rocket first",
        ),
        None => (
            "its HTTP handlers are written for a framework that is not known".to_owned(),
            "scaffold its cron jobs and consumers, or port these handlers to axum, actix-web or Rocket first",
        ),
    };
    Refusal { what: unit.name.clone(), reason, place: Some(entry.place), remedy: remedy.into() }
}

/// The monolith's router with the routes that move.
fn by_router(unit: &Unit, calls: &calls::Site<'_, '_>, offers: bool) -> Option<Plumbing> {
    let (names, inputs) = (calls.names, calls.inputs);
    let model = names.model;
    let routing = routing::find(names, inputs, &unit.entry_points)?;
    let top = &model.functions[routing.top];
    let host = names.root_of(top.module);
    let mut supplier = Supplier::new(names, host);
    let call = call(&mut supplier, routing.top, &mut |_| None);
    let mut expr = supplier.finish_call(call, routing.top);
    let ret = Ty::parse(&top.ret);
    if let [state] = ret.success().0.args()
        && *state != Ty::Unit
    {
        let state = supplier.argument(state, top.module, "the router's state");
        expr = format!("{expr}.with_state({state})");
    }
    if !routing.prefix.is_empty() {
        expr = format!("axum::Router::new().nest(\"{}\", {expr})", routing.prefix);
    }
    let mut changes = Changes::default();
    let mut cuts = Cuts::new();
    for (function, edits) in routing.edits {
        let file = model.items[model.functions[function].item].span.file;
        cuts.entry(file).or_default().extend(edits.iter().map(|(range, _)| *range));
        changes.edits.entry(file).or_default().extend(edits);
    }
    supplier.roots.insert(top.item);
    supplier.gaps.extend(wrapped(names, inputs, routing.top));
    let states = || {
        let params = top.params.iter().map(|param| Ty::parse(&param.ty));
        params.chain(ret.success().0.args().iter().cloned()).map(|ty| (ty.behind_refs().clone(), top.module))
    };
    let states: Vec<_> = states().collect();
    let offered = if offers { offered(unit, calls, host, &states, &mut supplier, &mut expr) } else { None };
    let mut plumbing = finish_http(supplier, expr, host, changes, cuts);
    if let Some(offered) = offered {
        plumbing.extra.extend(calls::ANSWERING);
        plumbing.offered = offered;
    }
    Some(plumbing)
}

/// Lets the router of a whole deployable answer what other services ask of its service.
fn offered(
    unit: &Unit,
    calls: &calls::Site<'_, '_>,
    host: ModuleIdx,
    states: &[(Ty, ModuleIdx)],
    supplier: &mut Supplier<'_, '_>,
    expr: &mut String,
) -> Option<Offered> {
    let service = whole(unit, calls)?;
    if is_old(&calls.manifests.axum(calls.names.model, calls.names.model.modules[host].package)) {
        return None;
    }
    let mut out = Offered::default();
    for group in calls.asked_of(service) {
        if group.root != host {
            continue;
        }
        let offer = {
            let side = calls::Side { web: "axum", actix: false, monolith: false };
            calls::offer(calls, &group, side, None)?
        };
        // What the router's state holds is taken from there, so that there is one pool.
        let held = |own: &calls::Own| {
            states.iter().find_map(|(ty, module)| {
                let holder = calls.holder(ty, *module, &group).filter(|holder| holder.text != own.text)?;
                Some((ty, *module, holder.holds.get(&own.text)?.clone()))
            })
        };
        if !offer.context.iter().all(|(_, own)| held(own).is_some() || supplier.can_make(&own.ty, own.module))
        {
            continue;
        }
        let module = calls::free_module(calls, host, &format!("answers_{}", naming::snake(&unit.service)));
        let mut fields = Vec::new();
        for (name, own) in &offer.context {
            let what = "what other services ask";
            let value = match held(own) {
                Some((ty, module, from)) => {
                    let state = supplier.argument(&Ty::Ref(Box::new(ty.clone())), module, what);
                    from.replacen("own", &format!("({state})"), 1)
                }
                None => supplier.argument(&own.ty, own.module, what),
            };
            fields.push(format!("{name}: {value}"));
        }
        *expr += &format!(
            "{LINE_BREAK}        .layer(axum::middleware::from_fn_with_state(crate::{module}::Context {{ {} }}, crate::{module}::answer))",
            fields.join(", ")
        );
        supplier.roots.extend(offer.items);
        out.modules.push((host, module, offer.text));
        out.functions.extend(offer.functions);
    }
    (!out.modules.is_empty()).then_some(out)
}

fn finish_http(
    supplier: Supplier<'_, '_>,
    expr: String,
    host: ModuleIdx,
    changes: Changes,
    cuts: Cuts,
) -> Plumbing {
    let mut lines = supplier.lines;
    lines.push(expr);
    let mut lines = settle(&lines);
    let router = lines.pop().unwrap_or_default();
    Plumbing {
        entry: EntryText::Router { lines, router },
        roots: supplier.roots,
        changes,
        cuts,
        host,
        extra: vec![("axum", "0.8")],
        gaps: supplier.gaps,
        support: BTreeMap::new(),
        served: None,
        starts: false,
        arguments: false,
        offered: Offered::default(),
    }
}

/// What the callers of the monolith's router put around it, which stays behind.
fn wrapped(names: &Names<'_>, inputs: &Inputs<'_>, top: FunctionId) -> Vec<Gap> {
    let model = names.model;
    let callers: BTreeSet<FunctionId> = model
        .calls
        .iter()
        .filter(|call| call.callee == top && !model.functions[call.caller].test)
        .map(|call| call.caller)
        .collect();
    callers
        .into_iter()
        .filter_map(|caller| {
            let caller = &model.functions[caller];
            let text = inputs.sources.text(model.items[caller.item].span);
            let what = [".layer(", ".with_state(", ".fallback(", ".wrap("].into_iter().find(|what| text.contains(what))?;
            Some(Gap::new(
                Some(caller.place),
                format!(
                    "`{}` puts `{what}…)` around the router; where the handlers rely on it, write the same in the generated entry",
                    caller.path
                ),
            ))
        })
        .collect()
}

/// A router with one route per entry point, for applications that build theirs inside `main`.
fn flat(unit: &Unit, names: &Names<'_>) -> Plumbing {
    let model = names.model;
    let handlers: Vec<(EntryPointId, FunctionId)> =
        unit.entry_points.iter().filter_map(|&id| Some((id, handler(model, id)?))).collect();
    let host = names.root_of(model.functions[handlers[0].1].module);
    let mut supplier = Supplier::new(names, host);
    let mut routes: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut state: Option<(Ty, ModuleIdx)> = None;
    for &(id, handler) in &handlers {
        let entry = &model.entry_points[id];
        let function = &model.functions[handler];
        let Some(path) = supplier.path_of(function.item) else { continue };
        supplier.roots.insert(function.item);
        let method = entry.method.as_deref().unwrap_or("ANY").to_lowercase();
        let route = entry.path.clone().unwrap_or_else(|| "/".into());
        routes.entry(route).or_default().push((method, path));
        for param in &function.params {
            let ty = Ty::parse(&param.ty);
            if ty.name() == "State"
                && let [inner] = ty.args()
                && state.is_none()
            {
                state = Some((inner.clone(), function.module));
            }
        }
        if entry.path.is_none() {
            supplier.gaps.push(Gap::new(
                Some(entry.declared_at),
                "the path of this route is not known; write it in the generated entry",
            ));
        }
    }
    supplier.gaps.push(Gap::new(
        Some(model.entry_points[handlers[0].0].declared_at),
        "no function of the application returns the router with these routes, so its layers and fallback were not copied; add them in the generated entry where they matter",
    ));
    let mut expr = "axum::Router::new()".to_owned();
    for (path, methods) in routes {
        let mut chain = String::new();
        for (idx, (method, handler)) in methods.iter().enumerate() {
            let prefix = if idx == 0 { "axum::routing::" } else { "." };
            chain += &format!("{prefix}{method}({handler})");
        }
        expr += &format!("\n        .route({path:?}, {chain})");
    }
    if let Some((state, module)) = state {
        let state = supplier.argument(&state, module, "the router's state");
        expr += &format!("\n        .with_state({state})");
    }
    // The expression spans lines; keep it one for the settling of moves.
    let expr = expr.replace('\n', LINE_BREAK);
    finish_http(supplier, expr, host, Changes::default(), Cuts::new())
}

/// The call of a function with supplied arguments; `special` may give an argument itself.
fn call(
    supplier: &mut Supplier<'_, '_>,
    function: FunctionId,
    special: &mut dyn FnMut(&Ty) -> Option<String>,
) -> String {
    let path = supplier.path_of_function(function);
    let (params, module, name) = supplier.signature(function);
    let mut args = Vec::new();
    for ty in params {
        let arg = match special(&ty) {
            Some(arg) => arg,
            None => supplier.argument(&ty, module, &format!("`{name}`")),
        };
        args.push(arg);
    }
    format!("{path}({})", args.join(", "))
}
