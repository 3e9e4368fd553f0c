//! The monolith's own start-up as the function's: its server, its state and its middleware, with only the
//! routes that move.
//!
//! What serves is found by what it starts (`HttpServer::new`, `axum::serve`, `rocket::build`), then its callers
//! are climbed until one can be called: its parameters can be made, or it is `main`.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use crate::base::{Place, TextRange};
use crate::model::{EntryPoint, EntryPointKind, Function, FunctionId, Model, ModuleIdx};

use super::Inputs;
use super::closure::Cuts;
use super::deployable::Unit;
use super::entry::{EntryText, Offered, Plumbing, render};
use super::names::Names;
use super::registration::Registrations;
use super::slice::Changes;
use super::slice::types::Ty;
use super::slice::values;
use super::supply::{Supplier, settle};

#[derive(Template)]
#[template(path = "scaffold/common/entry_served.rs.j2")]
struct ServedEntry<'a> {
    /// It is a loop, which works for a while.
    lasts: bool,
    /// The command line is read.
    arguments: bool,
    main: Option<&'a str>,
    lines: &'a [String],
    call: &'a str,
    runtime: &'a str,
}

#[derive(Template)]
#[template(path = "scaffold/common/support.rs.j2")]
struct Support {
    lasts: bool,
}

/// How the application starts to serve.
enum Start {
    /// By its `main`, at this path.
    Main(String),
    /// By a call with arguments that can be made.
    Call { lines: Vec<String>, call: String, runtime: String },
}

/// Frameworks that can be served this way, by registry name.
pub(super) const SERVED: &[&str] = &["actix-web", "axum", "rocket", "poem", "salvo", "warp", "ntex"];

/// Text by which a body betrays that it starts a server.
const SERVERS: &[&str] = &[
    "HttpServer::new",
    "App::new()",
    "axum::serve",
    "serve(",
    "Server::bind",
    "Server::new",
    "rocket::build",
    "rocket::custom",
    "Rocket::build",
    "Rocket::custom",
];

/// The functions that start a server.
fn servers(model: &Model, registrations: &Registrations<'_, '_>) -> Vec<FunctionId> {
    let functions = model.functions.iter_enumerated().filter(|(_, function)| !function.test);
    functions
        .map(|(id, _)| id)
        .filter(|&id| {
            let text = registrations.text(id);
            SERVERS.iter().any(|server| text.contains(server))
        })
        .collect()
}

/// The start-up for some HTTP entry points, in which actix-web's application is also configured by the `routes` of
/// some `modules`; `None` where none was found.
pub(super) fn find(
    unit: &Unit,
    names: &Names<'_>,
    inputs: &Inputs<'_>,
    modules: &[String],
) -> Option<Plumbing> {
    let model = names.model;
    let mut registrations = Registrations::new(names, inputs, &unit.entry_points);
    let servers = servers(model, &registrations);
    let mut seen = BTreeSet::new();
    // Level by level, so that the nearest one wins.
    let mut level: BTreeSet<FunctionId> = servers.iter().copied().collect();
    while !level.is_empty() {
        for &function in &level {
            if registrations.leads(function)
                && let Some((start, supplier)) = start(names, inputs, function)
            {
                return Some(plumbing(unit, names, &mut registrations, function, start, supplier, modules));
            }
        }
        level = above(model, &level, &mut seen);
    }
    None
}

/// The start-up that leads to a loop, without any routes; `None` where none was found.
pub(super) fn find_loop(unit: &Unit, names: &Names<'_>, inputs: &Inputs<'_>) -> Option<Plumbing> {
    let model = names.model;
    let entry = &model.entry_points[unit.entry_points[0]];
    let mut registrations = Registrations::new(names, inputs, &[]);
    let mut seen = BTreeSet::new();
    let mut level: BTreeSet<FunctionId> = entry.handler.into_iter().chain(around(model, entry)).collect();
    while !level.is_empty() {
        for &function in &level {
            if let Some((start, supplier)) = start(names, inputs, function) {
                return Some(plumbing(unit, names, &mut registrations, function, start, supplier, &[]));
            }
        }
        level = above(model, &level, &mut seen);
    }
    None
}

/// The callers of some functions that were not seen yet.
fn above(
    model: &Model,
    level: &BTreeSet<FunctionId>,
    seen: &mut BTreeSet<FunctionId>,
) -> BTreeSet<FunctionId> {
    seen.extend(level.iter().copied());
    let calls = model.calls.iter();
    calls
        .filter(|call| level.contains(&call.callee) && !model.functions[call.caller].test)
        .map(|call| call.caller)
        .filter(|caller| !seen.contains(caller))
        .collect()
}

/// The function in whose text an entry point is declared.
fn around(model: &Model, entry: &EntryPoint) -> Option<FunctionId> {
    let at = entry.declared_at;
    let holds = |function: &Function| {
        let lines = function.place.line..function.place.line + function.n_lines;
        function.place.file == at.file && lines.contains(&at.line)
    };
    model.functions.iter_enumerated().find(|(_, function)| holds(function)).map(|(id, _)| id)
}

/// Crates that read the command line.
const COMMAND_LINES: &[&str] = &["argh", "clap", "gumdrop", "lexopt", "pico-args", "structopt"];

/// Whether the package of a function, or one of the workspace that it needs, reads the command line.
fn reads_arguments(model: &Model, function: FunctionId) -> bool {
    let mut packages = vec![model.modules[model.functions[function].module].package];
    let mut seen = BTreeSet::new();
    while let Some(package) = packages.pop() {
        if !seen.insert(package) {
            continue;
        }
        let dependencies = &model.packages[package].dependencies;
        if dependencies.iter().any(|own| COMMAND_LINES.contains(&own.package.as_str())) {
            return true;
        }
        packages.extend(dependencies.iter().filter_map(|own| own.local));
    }
    false
}

/// Whether and how a function can be called to serve.
fn start<'a, 'm>(
    names: &'a Names<'m>,
    inputs: &Inputs<'_>,
    function: FunctionId,
) -> Option<(Start, Supplier<'a, 'm>)> {
    let model = names.model;
    let facts = &model.functions[function];
    if facts.receiver.is_some() || facts.is_generic {
        return None;
    }
    let host = names.root_of(facts.module);
    let mut supplier = Supplier::new(names, host);
    let text = inputs.sources.text(model.items[facts.item].span);
    let at_root = model.modules[facts.module].parent.is_none();
    let launches = text.contains("launch]") && at_root;
    if facts.params.is_empty() && at_root && (facts.name == "main" || launches) {
        supplier.roots.insert(facts.item);
        return Some((Start::Main("crate::main".into()), supplier));
    }
    let ret = Ty::parse(&facts.ret);
    let (success, fails) = match ret.success() {
        (ty, true) => (ty, true),
        (ty, false) => (ty, ret.name() == "Result"),
    };
    let ends =
        *success == Ty::Unit || ret.name() == "Result" && ret.args().is_empty() || facts.ret.trim() == "!";
    let server = success.name() == "Server";
    if !ends && !server {
        return None;
    }
    let mut args = Vec::new();
    for param in &facts.params {
        let ty = Ty::parse(&param.ty);
        args.push(match listener(&ty, names, facts.module) {
            Some(text) => text.to_owned(),
            None => supplier.argument(&ty, facts.module, &format!("`{}`", facts.path)),
        });
    }
    if !supplier.gaps.is_empty() {
        return None;
    }
    let mut call = format!("{}({})", supplier.path_of_function(function), args.join(", "));
    if facts.is_async {
        call += ".await";
    } else if supplier.awaits || !server {
        return None;
    }
    if fails {
        call += &supplier.question_mark(&ret, facts.module);
    }
    if server {
        call += ".await?";
    }
    let runtime = runtime(model, facts.module)?;
    supplier.roots.insert(facts.item);
    let mut lines = std::mem::take(&mut supplier.lines);
    lines.push(call);
    let mut lines = settle(&lines);
    let call = lines.pop().unwrap_or_default();
    Some((Start::Call { lines, call, runtime }, supplier))
}

/// A listener on the function's own address.
fn listener(ty: &Ty, names: &Names<'_>, module: ModuleIdx) -> Option<&'static str> {
    let Ty::Path(segments, _) = ty else { return None };
    if ty.name() != "TcpListener" {
        return None;
    }
    let found = names.resolve(module, segments, false, None);
    let tokio = segments.first().is_some_and(|first| first == "tokio")
        || found.imports.iter().any(|&idx| {
            names.model.imports[idx].targets.iter().any(|target| {
                matches!(target, crate::model::ImportTarget::External(path) if path.krate() == "tokio")
            })
        });
    Some(if tokio {
        "tokio::net::TcpListener::bind(crate::function_support::address((\"0.0.0.0\", 8080))).await?"
    } else {
        "std::net::TcpListener::bind(crate::function_support::address((\"0.0.0.0\", 8080)))?"
    })
}

/// The text before a future that runs it to its end.
fn runtime(model: &Model, module: ModuleIdx) -> Option<String> {
    let package = &model.packages[model.modules[module].package];
    let by = |name: &str| {
        package
            .dependencies
            .iter()
            .find(|dependency| dependency.package == name)
            .map(|dependency| &dependency.krate)
    };
    if let Some(krate) = by("actix-web") {
        return Some(format!("{krate}::rt::System::new().block_on"));
    }
    if let Some(krate) = by("rocket") {
        return Some(format!("{krate}::execute"));
    }
    by("tokio").map(|krate| format!("{krate}::runtime::Runtime::new()?.block_on"))
}

fn plumbing(
    unit: &Unit,
    names: &Names<'_>,
    registrations: &mut Registrations<'_, '_>,
    top: FunctionId,
    start: Start,
    supplier: Supplier<'_, '_>,
    modules: &[String],
) -> Plumbing {
    let model = names.model;
    let host = names.root_of(model.functions[top].module);
    let mut edits = registrations.cuts(top);
    let mut supported: BTreeSet<ModuleIdx> = BTreeSet::new();
    let way = registrations.way([top]);
    let lasts = unit.kind == EntryPointKind::Loop;
    let mut background = background(model);
    // What serves is no background work, and what is wanted works.
    let own = unit.entry_points.iter().filter(|_| lasts).map(|&id| &model.entry_points[id]);
    let own: Vec<FunctionId> =
        own.flat_map(|entry| entry.handler.into_iter().chain(around(model, entry))).collect();
    let mut on_way: BTreeSet<FunctionId> = BTreeSet::new();
    let mut level: BTreeSet<FunctionId> = servers(model, registrations).into_iter().chain(own).collect();
    while !level.is_empty() {
        on_way.extend(level.iter().copied());
        level = above(model, &level, &mut on_way.clone());
        level.retain(|function| !on_way.contains(function));
    }
    background.retain(|function| !on_way.contains(function));
    let loops = model.entry_points.iter_enumerated().filter(|(_, entry)| entry.kind == EntryPointKind::Loop);
    let unwanted: Vec<Place> =
        loops.filter(|(id, _)| !unit.entry_points.contains(id)).map(|(_, entry)| entry.declared_at).collect();
    for &function in &way {
        let own = started(names, registrations, function, &background, &unwanted);
        let text = registrations.text(function);
        let start = model.items[model.functions[function].item].span.range.start;
        let places = values::apps(text).into_iter().filter_map(|chain| values::behind_new(text, chain));
        for at in places.map(|at| TextRange::new(start + at, start + at)) {
            let added = modules.iter().map(|module| (at, format!(".configure(crate::{module}::routes)")));
            edits.entry(function).or_default().extend(added);
        }
        if !own.is_empty() {
            supported.insert(names.root_of(model.functions[function].module));
            edits.entry(function).or_default().extend(own);
        }
    }
    let (mut changes, mut cuts) = (Changes::default(), Cuts::new());
    for (function, edits) in edits {
        let file = model.items[model.functions[function].item].span.file;
        cuts.entry(file).or_default().extend(
            edits
                .iter()
                .filter(|(range, with)| with.is_empty() && range.start < range.end)
                .map(|(range, _)| *range),
        );
        changes.edits.entry(file).or_default().extend(edits);
    }
    let own_main = matches!(start, Start::Main(_));
    let arguments = own_main && reads_arguments(model, top);
    let text = match &start {
        Start::Main(main) => {
            ServedEntry { lasts, arguments, main: Some(main), lines: &[], call: "", runtime: "" }
        }
        Start::Call { lines, call, runtime } => {
            ServedEntry { lasts, arguments, main: None, lines, call, runtime }
        }
    };
    let text = render(&text);
    if text.contains("function_support") {
        supported.insert(host);
    }
    let support =
        supported.into_iter().map(|root| (root, render(&Support { lasts }))).collect::<BTreeMap<_, _>>();
    Plumbing {
        roots: supplier.roots,
        changes,
        cuts,
        host,
        entry: EntryText::Whole(text),
        offered: Offered::default(),
        extra: if lasts { vec![("tokio", r#"{ version = "1", features = ["time"] }"#)] } else { Vec::new() },
        gaps: supplier.gaps,
        support,
        served: (!lasts).then_some(own_main),
        starts: lasts,
        arguments,
    }
}

/// Functions that run as long as the process: background loops and consumers.
fn background(model: &Model) -> BTreeSet<FunctionId> {
    let mut found = BTreeSet::new();
    for entry in &model.entry_points {
        match entry.kind {
            EntryPointKind::Loop => found.extend(entry.handler),
            EntryPointKind::Consumer => {}
            _ => continue,
        }
        found.extend(around(model, entry));
    }
    found.retain(|&id| model.functions[id].is_async && !model.functions[id].test);
    found
}

/// Where a function binds its socket, and where it starts background work.
fn started(
    names: &Names<'_>,
    registrations: &mut Registrations<'_, '_>,
    function: FunctionId,
    background: &BTreeSet<FunctionId>,
    unwanted: &[Place],
) -> Vec<(TextRange, String)> {
    let model = names.model;
    let Some(body) = registrations.body(function) else { return Vec::new() };
    let text = registrations.text(function);
    let span = model.items[model.functions[function].item].span;
    let start = span.range.start;
    let holds_loop = |range: TextRange| {
        let lines = registrations.lines(function, range);
        unwanted.iter().any(|at| at.file == span.file && lines.contains(&at.line))
    };
    let mut edits = Vec::new();
    let mut around = |range: TextRange, before: &str, after: &str| {
        let at = |offset: u32| TextRange::new(start + offset, start + offset);
        edits.push((at(range.start), before.to_owned()));
        edits.push((at(range.end), after.to_owned()));
    };
    for call in &body.calls {
        let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
        let receiver = call.receiver.map_or("", |range| &text[range.as_range()]);
        match (path.as_slice(), call.args.as_slice()) {
            (["bind" | "bind_auto_h2c"], [address]) if call.method && receiver.contains("HttpServer") => {
                around(*address, "crate::function_support::address(", ")");
            }
            // The server below actix-web's: a name, an address, and what makes the service.
            (["bind"], [_, address, factory])
                if call.method && text[factory.as_range()].contains("App::new()") =>
            {
                around(*address, "crate::function_support::address(", ")");
            }
            ([.., "TcpListener", "bind"], [address]) => {
                around(*address, "crate::function_support::address(", ")");
            }
            ([.., "Server", "bind" | "try_bind"], [address]) => {
                around(*address, "&crate::function_support::address(", ")[0]");
            }
            (["start"], []) if call.method && text.contains("JobScheduler") => {
                if let Some(statement) = call.statement {
                    around(statement, "if crate::function_support::runs_background_work() { ", " }");
                }
            }
            ([.., "spawn"], [task]) if text[task.as_range()].starts_with("async") && holds_loop(*task) => {
                around(*task, "crate::function_support::background(", ")");
            }
            _ if !call.method
                && registrations.functions(function, &call.path).iter().any(|id| background.contains(id)) =>
            {
                around(call.range, "crate::function_support::background(", ")");
            }
            _ => {}
        }
    }
    edits
}

#[cfg(test)]
mod tests;
