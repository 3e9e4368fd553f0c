//! The asking side: ports in the moved code.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::render::{self, PortText};
use super::{Crossing, Group, Site};
use crate::base::{FileId, TextRange};
use crate::model::{ItemId, ModuleIdx};
use crate::scaffold::entry::render;
use crate::scaffold::naming;
use crate::scaffold::slice::shape;

#[derive(Template)]
#[template(path = "scaffold/calls/support.rs.j2")]
struct Support<'a> {
    log: &'a str,
    layer: bool,
    monolith: bool,
}

#[derive(Template)]
#[template(path = "scaffold/calls/asks.rs.j2")]
struct AsksText<'a> {
    service: &'a str,
    variable: &'a str,
    support: &'a str,
    shadows: bool,
    /// There is no code here that could answer.
    left: bool,
    /// It becomes a part of the application.
    monolith: bool,
    ports: &'a [PortText],
    contract: String,
}

/// What is added to moved code, so that it can ask other services.
#[derive(Default)]
pub(in crate::scaffold) struct Asks {
    /// What is put into the user's text, or in the place of it.
    pub edits: Vec<(FileId, TextRange, String)>,
    /// Modules beside a crate's root: root, name, text.
    pub modules: Vec<(ModuleIdx, String, String)>,
    /// Items that they name.
    pub items: BTreeSet<ItemId>,
    /// Crates that they need, by the root of the crate that holds them.
    pub extra: BTreeMap<ModuleIdx, Vec<(&'static str, &'static str)>>,
    /// Path of the layer that HTTP answers pass, in the crate of the entry module.
    pub layer: Option<String>,
    /// Variables that they read.
    pub env: Vec<String>,
    /// For the README: what is asked for where.
    pub notes: Vec<String>,
}

/// Crates of the asking side.
pub(in crate::scaffold) const NEEDS: &[(&str, &str)] = &[
    ("reqwest", r#"{ version = "0.12", default-features = false, features = ["rustls-tls"] }"#),
    ("serde", r#"{ version = "1", features = ["derive"] }"#),
    ("serde_json", "1"),
    ("tokio", r#"{ version = "1", features = ["rt", "sync", "time"] }"#),
];

/// The ports of what crosses; `host` is the crate of the entry module, with a layer where that serves axum. With `left`
/// the bodies stay behind.
pub(in crate::scaffold) fn asks(
    site: &Site<'_, '_>,
    crossing: &Crossing<'_, '_>,
    host: ModuleIdx,
    axum: bool,
    left: bool,
) -> Asks {
    let mut out = Asks::default();
    let roots: BTreeSet<ModuleIdx> = crossing.groups.iter().map(|group| group.root).collect();
    let support: BTreeMap<ModuleIdx, String> =
        roots.iter().map(|&root| (root, free_module(site, root, "service_calls"))).collect();
    for (&root, name) in &support {
        let layer = axum && root == host;
        out.modules.push((
            root,
            name.clone(),
            render(&Support { log: &log(site, root), layer, monolith: false }),
        ));
        out.extra.insert(root, NEEDS.to_vec());
        if layer {
            out.layer = Some(format!("crate::{name}::within"));
        }
    }
    for group in &crossing.groups {
        let service = site.plan.services[group.service].name.as_str();
        let module = free_module(site, group.root, &format!("calls_{}", naming::snake(service)));
        let variable = variable(service);
        let ports = render::ports(group, &|_| String::new());
        out.modules.push((
            group.root,
            module.clone(),
            render(&AsksText {
                service,
                variable: &variable,
                support: &support[&group.root],
                shadows: !left && group.ports.iter().any(|port| port.reads),
                left,
                monolith: false,
                contract: render::contract(group, &ports),
                ports: &ports,
            }),
        ));
        out.items.extend(group.contract.items.iter().copied());
        for port in &group.ports {
            insert(site, group, port, &module, left, &mut out.edits);
        }
        let mode = if left { None } else { Some("") };
        for ending in mode.into_iter().chain(["_URL", "_TOKEN", "_TIMEOUT_MS"]) {
            let name = format!("{variable}{ending}");
            if !out.env.contains(&name) {
                out.env.push(name);
            }
        }
        let list: Vec<String> = ports
            .iter()
            .map(|port| format!("`{}`{}", port.shown, if port.reads { "" } else { " (writes)" }))
            .collect();
        let by = if left { format!("{variable}_URL") } else { variable };
        out.notes.push(format!("{service} by `{by}`: {}", list.join(", ")));
        let secrets = group.contract.secrets();
        if !secrets.is_empty() {
            out.notes.push(format!(
                "{} of {service} would travel too: use TLS, or let the function give back less",
                secrets.join(", ")
            ));
        }
    }
    out.env.sort();
    out
}

/// The ports of a group in the monolith itself.
pub(in crate::scaffold) struct MonolithAsks {
    /// Text of the module with the ports.
    pub text: String,
    /// Text of the module that they stand on.
    pub support: String,
    /// What is put around the functions.
    pub inserts: Vec<(FileId, u32, String)>,
    /// The functions, for the README.
    pub functions: Vec<String>,
}

/// The ports of a group in the monolith itself, in the modules `module` and `support`; with a layer where there is a place
/// for one.
pub(in crate::scaffold) fn monolith_asks(
    site: &Site<'_, '_>,
    group: &Group<'_, '_>,
    module: &str,
    support: &str,
    layer: bool,
) -> MonolithAsks {
    let service = site.plan.services[group.service].name.as_str();
    let ports = render::ports(group, &|_| String::new());
    let text = render(&AsksText {
        service,
        variable: &variable(service),
        support,
        shadows: group.ports.iter().any(|port| port.reads),
        left: false,
        monolith: true,
        contract: render::contract(group, &ports),
        ports: &ports,
    });
    let mut edits = Vec::new();
    for port in &group.ports {
        insert(site, group, port, module, false, &mut edits);
    }
    let shown = |port: &PortText| format!("`{}`{}", port.shown, if port.reads { "" } else { " (writes)" });
    MonolithAsks {
        text,
        support: render(&Support { log: &log(site, group.root), layer, monolith: true }),
        inserts: edits.into_iter().map(|(file, range, text)| (file, range.start, text)).collect(),
        functions: ports.iter().map(shown).collect(),
    }
}

/// `SERVICE_USERS`.
pub(in crate::scaffold) fn variable(service: &str) -> String {
    format!("SERVICE_{}", naming::snake(service).to_uppercase())
}

/// A name that no module or item of a crate's root has.
pub(in crate::scaffold) fn free_module(site: &Site<'_, '_>, root: ModuleIdx, wanted: &str) -> String {
    let found = site.names.resolve(root, &["self".to_owned(), wanted.to_owned()], false, None);
    if found.items.is_empty() && found.modules.is_empty() {
        wanted.to_owned()
    } else {
        format!("splitter_{wanted}")
    }
}

/// The statement that writes `text` to the log.
fn log(site: &Site<'_, '_>, root: ModuleIdx) -> String {
    let package = &site.names.model.packages[site.names.model.modules[root].package];
    let has = |name: &str| package.dependencies.iter().any(|own| own.package == name && own.krate == name);
    match ["tracing", "log"].into_iter().find(|name| has(name)) {
        Some(name) => format!("{name}::warn!(\"{{text}}\");"),
        None => "eprintln!(\"{text}\");".into(),
    }
}

/// Puts the question around a function's body.
fn insert(
    site: &Site<'_, '_>,
    group: &Group<'_, '_>,
    port: &super::Port,
    module: &str,
    left: bool,
    edits: &mut Vec<(FileId, TextRange, String)>,
) {
    let model = site.names.model;
    let span = model.items[model.functions[port.function].item].span;
    let text = site.inputs.sources.text(span);
    let Some(TextRange { start, end }) = shape::body(text) else { return };
    let args: Vec<String> = port
        .params
        .iter()
        .filter(|param| matches!(param.kind, super::ParamKind::Travels(..)))
        .map(|param| format!("&{}", param.name))
        .collect();
    debug_assert_eq!(site.names.root_of(model.functions[port.function].module), group.root);
    let offset = span.range.start;
    if left {
        let own = port.params.iter().filter(|param| matches!(param.kind, super::ParamKind::Own(_)));
        let unused: Vec<&str> = own.map(|param| param.name.as_str()).collect();
        // Each side has its own.
        let unused = match unused.as_slice() {
            [] => String::new(),
            [only] => format!("\n    let _ = {only};"),
            several => format!(
                "\n    let _ = ({});",
                several.iter().map(|name| format!("&{name}")).collect::<Vec<_>>().join(", ")
            ),
        };
        let text =
            format!("{unused}\n    crate::{module}::{}({}).answer().await\n", port.name, args.join(", "));
        edits.push((span.file, TextRange::new(offset + start + 1, offset + end - 1), text));
        return;
    }
    let close = end as usize - 1;
    let line = text[..close].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = &text[line..close];
    let question = format!("crate::{module}::{}({}).or(async move {{", port.name, args.join(", "));
    let (before, after, at) = if line > 0 && indent.trim().is_empty() {
        let deeper = format!("{indent}    ");
        (format!("\n{deeper}{question}"), format!("{deeper}}})\n{deeper}.await\n"), line as u32)
    } else {
        (format!(" {question}"), "}).await ".to_owned(), close as u32)
    };
    let (from, to) = (offset + start + 1, offset + at);
    edits.push((span.file, TextRange::new(from, from), before));
    edits.push((span.file, TextRange::new(to, to), after));
}
