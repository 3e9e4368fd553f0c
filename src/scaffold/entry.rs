//! One function from its entry points to its files.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use crate::base::Id;
use crate::model::{EntryPointKind, FunctionId, ItemId, ModuleIdx, ResourceKind};

use super::closure::{Closure, Cuts, closure};
use super::deployable::Unit;
use super::http::{http, router_text};
use super::job::job;
use super::listed::Listed;
use super::manifest::{LocalCrate, Manifests, SlicePackage};
use super::names::Names;
use super::naming::{crate_dirs, entry_module_name};
use super::samples::Samples;
use super::slice::{Changes, Slice, slices};
use super::switch::{self, Seam};
use super::{Cut, Demand, FileSet, Gap, Inputs, Refusal, Request, Scaffolded, ServiceSlice, Target, Trigger};
use super::{assets, calls, golden, grants, moved as origins, notes, patch, requests, settings};

#[derive(Template)]
#[template(path = "scaffold/common/README.md.j2")]
struct Readme<'a> {
    name: &'a str,
    service: &'a str,
    triggers: Vec<String>,
    lines_moved: u32,
    n_items: usize,
    dependencies: String,
    copied: Vec<String>,
    /// Functions of other services that cannot be asked for, with the reason.
    stays: Vec<String>,
    /// What is asked of other services.
    asks: &'a [String],
    /// What the monolith answers of that, and what not.
    answered: &'a [String],
    /// What other services may ask.
    offers: &'a [String],
    /// The variable without which it answers nobody.
    token: String,
    state: Vec<String>,
    env: &'a [String],
    /// Further variables have names that are known at run time only.
    unknown_env: bool,
    /// What crates of configuration put together.
    settings: &'a [String],
    /// A variable stands for the command line.
    arguments: bool,
    gaps: Vec<String>,
    deploy: Vec<String>,
    changed: Vec<String>,
    http: bool,
    /// The package whose tests hold the form of what travels.
    golden: bool,
    package: &'a str,
    cron: bool,
    /// A loop without an end of its own.
    lasts: bool,
    /// The patch is here.
    patched: bool,
    /// Name of the variable that the patch makes the monolith read.
    variable: &'a str,
    switch_notes: &'a [String],
}

/// What stands between the user's code and the binaries.
pub(super) struct Plumbing {
    /// Items that generated code names.
    pub roots: BTreeSet<ItemId>,
    /// Edits of the user's text.
    pub changes: Changes,
    /// What is cut out of kept items.
    pub cuts: Cuts,
    /// Root module of the crate that holds the entry module.
    pub host: ModuleIdx,
    /// The entry module.
    pub entry: EntryText,
    /// Crates that generated code needs.
    pub extra: Vec<(&'static str, &'static str)>,
    /// What is left to the user.
    pub gaps: Vec<Gap>,
    /// Text of the module `function_support`, by the root of the crate that needs it.
    pub support: BTreeMap<ModuleIdx, String>,
    /// The application's own start-up serves; whether it is its `main`.
    pub served: Option<bool>,
    /// A job starts the application.
    pub starts: bool,
    /// The application reads its command line.
    pub arguments: bool,
    /// What other services may ask of this one.
    pub offered: Offered,
}

/// The text of an entry module.
pub(super) enum EntryText {
    /// As it is.
    Whole(String),
    /// Lines that make the state, and the router.
    Router {
        /// The lines.
        lines: Vec<String>,
        /// The expression.
        router: String,
    },
}

/// What other services may ask of a function.
#[derive(Default)]
pub(super) struct Offered {
    /// Modules beside a crate's root: root, name, text.
    pub modules: Vec<(ModuleIdx, String, String)>,
    /// The functions, for the README.
    pub functions: Vec<String>,
}

/// Generates the files of one unit.
pub(super) fn generate(
    unit: &Unit,
    request: &Request,
    calls: &calls::Site<'_, '_>,
    targets: &[&'static dyn Target],
) -> Result<(FileSet, Scaffolded, Seam), Refusal> {
    let (names, plan, inputs, manifests) = (calls.names, calls.plan, calls.inputs, calls.manifests);
    let model = names.model;
    let nothing = Demand::default();
    let demand = request.demands.get(&unit.name).unwrap_or(&nothing);
    let mut plumbing = match unit.kind {
        EntryPointKind::Http => http(unit, calls, !demand.plain)?,
        _ => job(unit, names, inputs)?,
    };
    if demand.uncut {
        plumbing.cuts.clear();
        for edits in plumbing.changes.edits.values_mut() {
            edits.retain(|(range, with)| range.start == range.end || !with.is_empty());
        }
    }
    let mut changed = notes::changed(names, &plumbing.changes);
    for (file, ranges) in switch::marks(inputs.sources) {
        plumbing.cuts.entry(file).or_default().extend(ranges.iter().copied());
        let edits = ranges.into_iter().map(|range| (range, String::new()));
        plumbing.changes.edits.entry(file).or_default().extend(edits);
    }
    let module = entry_module_name(names, plumbing.host);
    let roots: Vec<ItemId> = plumbing.roots.iter().copied().collect();
    let mut demand = demand.clone();
    let listed = (!demand.uncut).then(|| Listed::new(names, inputs.sources, unit));
    if let Some(listed) = &listed {
        listed.cut_all(&mut plumbing.cuts);
    }
    let mut moved = closure(names, inputs.sources, &roots, &plumbing.cuts, &demand);
    while proc_macros(names, manifests, &moved, &mut demand) {
        moved = closure(names, inputs.sources, &roots, &plumbing.cuts, &demand);
    }
    if let Some(gone) = listed.and_then(|listed| listed.settle(&moved.kept, &mut plumbing.cuts)) {
        moved = closure(names, inputs.sources, &roots, &plumbing.cuts, &demand);
        changed.extend(notes::unlisted(names, &gone));
        for span in gone {
            plumbing.changes.edits.entry(span.file).or_default().push((span.range, String::new()));
        }
    }
    let service = calls.service(&unit.service);
    let mut gaps_of_calls = Vec::new();
    let mut crossing = calls.crossing(service, &unit.entry_points, &kept_functions(names, &moved));
    if demand.plain {
        let n_ports: usize = crossing.groups.iter().map(|group| group.ports.len()).sum();
        if n_ports > 0 {
            gaps_of_calls.push(Gap::new(
                None,
                format!("{n_ports} calls into other services stay copies, because what was written for them does not compile"),
            ));
        }
        crossing.groups.clear();
    }
    let leaves = request.cut == Cut::Ask && !demand.plain;
    if leaves {
        for (file, body) in crossing.bodies(calls) {
            plumbing.cuts.entry(file).or_default().push(body);
        }
        moved = closure(names, inputs.sources, &roots, &plumbing.cuts, &demand);
        crossing = calls.crossing(service, &unit.entry_points, &kept_functions(names, &moved));
        if let Some(copied) = crossing.copied.first() {
            return Err(unasked(unit, names, copied));
        }
    }
    let by_router = matches!(plumbing.entry, EntryText::Router { .. });
    let axum = manifests.axum(model, model.modules[plumbing.host].package);
    let asks = calls::asks(calls, &crossing, plumbing.host, by_router && !is_old(&axum), leaves);
    for (file, range, text) in &asks.edits {
        plumbing.changes.edits.entry(*file).or_default().push((*range, text.clone()));
    }
    let samples = Samples::new(names, inputs);
    let golden = golden::golden(names, &samples, &unit.entry_points, &moved.kept, plumbing.host);
    if let Some(golden) = &golden {
        plumbing.changes.widen.extend(&golden.items);
    }
    plumbing.changes.widen.extend(&plumbing.roots);
    plumbing.changes.widen.extend(&asks.items);
    plumbing.changes.appended.insert(
        plumbing.host,
        format!("\n/// What the binaries of the extracted function call; generated by splitter.\npub mod {module};\n"),
    );
    for &root in plumbing.support.keys() {
        *plumbing.changes.appended.entry(root).or_default() += "\nmod function_support;\n";
    }
    let modules: Vec<_> = asks.modules.iter().chain(&plumbing.offered.modules).collect();
    for (root, name, _) in &modules {
        *plumbing.changes.appended.entry(*root).or_default() += &format!("\nmod {name};\n");
    }
    if golden.is_some() {
        *plumbing.changes.appended.entry(plumbing.host).or_default() +=
            &format!("\n#[cfg(test)]\nmod {};\n", golden::MODULE);
    }
    let (mut sliced, gaps) = slices(names, inputs.sources, &moved, &plumbing.changes);
    for slice in &mut sliced {
        let own = demand.externs.iter().filter(|(package, _)| *package == slice.package);
        slice.externs.extend(own.map(|(_, krate)| krate.clone()));
    }
    let mut gaps: Vec<Gap> = plumbing.gaps.into_iter().chain(gaps).collect();
    for item in moved.kept.iter().filter(|&&item| names.knows(item)) {
        let item = &model.items[*item];
        if item.span.file.idx() >= inputs.sources.files.len() {
            gaps.push(Gap::new(None, format!("the text of `{}` is not at hand", item.path)));
        }
    }

    let mut files = FileSet::default();
    let mut packages = Vec::new();
    let mut dependencies = BTreeSet::new();
    let crate_dirs = crate_dirs(names, &sliced);
    for slice in &sliced {
        let (dir, krate) = &crate_dirs[&slice.root];
        let package = format!("{}-{dir}", unit.name);
        let locals = slice.locals.iter().map(|root| {
            let (dir, _) = &crate_dirs[root];
            let features = sliced
                .iter()
                .find(|other| other.root == *root)
                .map(|other| manifests.feature_names(&model.packages[other.package].manifest, other));
            LocalCrate {
                krate: model.modules[*root].krate.clone(),
                package: format!("{}-{dir}", unit.name),
                path: format!("../{dir}"),
                features: features.unwrap_or_default(),
            }
        });
        let locals = locals.collect();
        let is_host = slice.root == plumbing.host;
        let mut extra: Vec<(&str, &str)> = asks.extra.get(&slice.root).cloned().unwrap_or_default();
        if is_host {
            extra.extend(
                plumbing
                    .extra
                    .iter()
                    .filter(|(krate, _)| asks.extra.is_empty() || !extra.iter().any(|(own, _)| own == krate))
                    .copied()
                    .collect::<Vec<_>>(),
            );
        }
        let app = format!("../../{}", request.app);
        let facts = &model.packages[slice.package];
        let build = manifests
            .build_script(&facts.manifest)
            .filter(|script| assets::build_script(inputs, slice, &facts.dir, script));
        let manifest = manifests.slice(
            model,
            &SlicePackage {
                build: build.as_deref(),
                name: &package,
                krate,
                slice,
                locals,
                extra: &extra,
                app: &app,
                tested: is_host && golden.is_some()
                    || modules
                        .iter()
                        .any(|(root, _, text)| *root == slice.root && text.contains("#[cfg(test)]")),
                dev: if is_host && golden.is_some() { &[("serde_json", "1")] } else { &[] },
            },
            &mut gaps,
        );
        let base = format!("{}/{dir}", unit.name);
        files.text(format!("{base}/Cargo.toml"), manifest.text);
        for (path, text) in &slice.files {
            files.text(format!("{base}/{path}"), text.as_str());
        }
        if is_host {
            let text = match &plumbing.entry {
                EntryText::Whole(text) => text.clone(),
                EntryText::Router { lines, router } => router_text(lines, router, asks.layer.as_deref()),
            };
            files.text(beside_root(&base, slice, &format!("{module}.rs")), text);
        }
        for (_, name, text) in modules.iter().filter(|(root, _, _)| *root == slice.root) {
            files.text(beside_root(&base, slice, &format!("{name}.rs")), text.as_str());
        }
        if let Some(golden) = golden.as_ref().filter(|_| is_host) {
            files.text(beside_root(&base, slice, &format!("{}.rs", golden::MODULE)), golden.text.as_str());
            for (path, text) in &golden.files {
                files.text(format!("{base}/{path}"), text.as_str());
            }
        }
        if let Some(text) = plumbing.support.get(&slice.root) {
            files.text(beside_root(&base, slice, "function_support.rs"), text.as_str());
        }
        if let Some(script) = &build {
            assets::copy_build(inputs, &facts.dir, script, &base, &mut files);
        }
        assets::copy(names, inputs, slice, &moved, &base, &mut files, &mut gaps);
        packages.push(package);
        dependencies.extend(manifest.dependencies);
    }

    let mut env: BTreeSet<String> = model
        .resource_uses
        .iter()
        .filter(|used| moved.kept.contains(&model.functions[used.function].item))
        .map(|used| &model.resources[used.resource])
        .filter(|resource| resource.kind == ResourceKind::Env)
        .map(|resource| resource.name.clone())
        .collect();
    let plain = |name: &String| name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let n_all = env.len();
    env.retain(plain);
    let unknown_env = env.len() < n_all;
    env.extend(asks.env.iter().cloned());
    let settings = settings::settings(names, inputs, &moved.kept);
    env.extend(settings.names.into_iter().filter(plain));
    if !plumbing.offered.functions.is_empty() {
        env.insert(format!("{}_TOKEN", calls::variable(&unit.service)));
    }
    if unit.kind == EntryPointKind::Loop {
        env.insert(super::job::WORKS_FOR.into());
    }
    if plumbing.arguments {
        env.insert("APP_ARGS".into());
    }
    let env: Vec<String> = env.into_iter().collect();
    let mut service = ServiceSlice {
        name: unit.name.clone(),
        service: unit.service.clone(),
        trigger: trigger(unit, names),
        package: format!("{}-{}", unit.name, crate_dirs[&plumbing.host].0),
        package_dir: crate_dirs[&plumbing.host].0.clone(),
        module: module.clone(),
        axum,
        old_http: false,
        served: plumbing.served.is_some(),
        logs: plumbing.served == Some(false) && !sets_up_logging(&sliced),
        quiet: plumbing.starts && sets_up_logging(&sliced),
        answers: (!plumbing.offered.functions.is_empty()).then(|| format!("/internal/{}/", unit.service)),
        env: env.clone(),
        grants: grants::grants(
            model,
            &kept_functions(names, &moved),
            &sliced.iter().flat_map(|slice| &slice.externs).cloned().collect(),
            &moved.idents.values().flatten().cloned().collect(),
        ),
        build_context: vec!["Cargo.toml".into(), "Cargo.lock".into(), unit.name.clone()],
    };
    service.old_http = is_old(&service.axum);
    let mut deploy = Vec::new();
    for target in targets {
        if let Some(obstacle) = target.obstacle(&service) {
            gaps.push(Gap::new(None, obstacle));
            continue;
        }
        deploy.push(target.deploy(&service));
        let mut own = FileSet::default();
        for dir in target.emit(&service, &mut own) {
            packages.push(format!("{}-{dir}", unit.name));
        }
        for (path, bytes) in own.files {
            files.bytes(format!("{}/{path}", unit.name), bytes);
        }
    }
    if let Trigger::Http(routes) = &service.trigger {
        let routes = unit.entry_points.iter().zip(routes).map(|(&id, (method, path))| requests::Route {
            method,
            path,
            signed_in: !model.entry_points[id].guards.is_empty(),
            sample: samples.of(id),
        });
        for (name, text) in requests::files(&routes.collect::<Vec<_>>()) {
            files.text(format!("{}/requests/{name}", unit.name), text);
        }
    }

    let mut seam = match switch::seam(unit, names, inputs, manifests) {
        Ok(seam) => seam.unwrap_or_default(),
        Err(gap) => {
            gaps.push(gap);
            Seam::default()
        }
    };
    let answered = switch::answers(unit, calls, &crossing.groups, &mut seam);
    if !plumbing.offered.functions.is_empty() {
        let asked = switch::asks(unit, calls, plumbing.host, &mut seam);
        seam.notes.extend(asked);
    }
    let changes = seam.changes(inputs);
    if !changes.is_empty() {
        files.text(format!("{}/monolith.patch", unit.name), patch::render(&changes));
    }

    gaps.extend(gaps_of_calls);
    gaps.extend(notes::lost_events(names, &moved.kept, plumbing.served.is_some() || plumbing.starts));
    gaps.sort();
    gaps.dedup();
    let lines_moved = sliced.iter().map(|slice| slice.lines).sum();
    let readme = Readme {
        name: &unit.name,
        service: &unit.service,
        triggers: unit.entry_points.iter().map(|&id| model.entry_points[id].title()).collect(),
        lines_moved,
        n_items: moved.kept.len(),
        dependencies: dependencies.iter().cloned().collect::<Vec<_>>().join(", "),
        copied: notes::copied(unit, names, plan, &moved.kept),
        stays: notes::stays(names, &crossing.copied, inputs),
        asks: &asks.notes,
        answered: &answered,
        offers: &plumbing.offered.functions,
        token: format!("{}_TOKEN", calls::variable(&unit.service)),
        state: notes::state(names, &moved.kept),
        env: &env,
        unknown_env: unknown_env && settings.notes.is_empty(),
        settings: &settings.notes,
        arguments: plumbing.arguments,
        gaps: gaps.iter().map(|gap| show_gap(gap, inputs)).collect(),
        deploy,
        changed,
        http: unit.kind == EntryPointKind::Http,
        golden: golden.is_some(),
        package: &service.package,
        cron: matches!(unit.kind, EntryPointKind::Cron | EntryPointKind::Loop),
        lasts: unit.kind == EntryPointKind::Loop,
        patched: !changes.is_empty(),
        variable: &seam.variable,
        switch_notes: &seam.notes,
    };
    files.text(format!("{}/README.md", unit.name), render(&readme));
    files.text(
        format!("{}/{}", unit.name, origins::FILE),
        origins::record(names, inputs.sources, &moved.kept, &unit.service),
    );
    let function = Scaffolded {
        name: unit.name.clone(),
        packages,
        routes: match &service.trigger {
            Trigger::Http(routes) => routes.clone(),
            _ => Vec::new(),
        },
        gaps,
        lines_moved,
        dependencies: dependencies.into_iter().collect(),
        files: files.files.keys().cloned().collect(),
        crates: crate_dirs.iter().map(|(&root, (dir, _))| (format!("{}/{dir}", unit.name), root)).collect(),
        patched: changes.into_iter().map(|change| change.path).collect(),
    };
    Ok((files, function, seam))
}

/// Demands the workspace's own procedural macros of the packages that move, as a whole: what they make is not seen.
fn proc_macros(names: &Names<'_>, manifests: &Manifests, moved: &Closure, demand: &mut Demand) -> bool {
    let model = names.model;
    let packages: BTreeSet<_> = moved.modules.iter().map(|&module| model.modules[module].package).collect();
    let mut any = false;
    for dependency in packages.iter().flat_map(|&package| &model.packages[package].dependencies) {
        if let Some(local) = dependency.local
            && manifests.is_proc_macro(&model.packages[local].manifest)
            && let Some(root) = names.library(local)
        {
            any |= demand.crates.insert(root);
        }
    }
    any
}

/// The functions that move.
fn kept_functions(names: &Names<'_>, moved: &Closure) -> BTreeSet<FunctionId> {
    let functions = names.model.functions.iter_enumerated();
    functions.filter(|(_, function)| moved.kept.contains(&function.item)).map(|(id, _)| id).collect()
}

/// What another service cannot be asked for, though it shall be.
fn unasked(unit: &Unit, names: &Names<'_>, copied: &calls::Copied) -> Refusal {
    let function = &names.model.functions[copied.function];
    Refusal {
        what: unit.name.clone(),
        reason: format!("`{}` of another service cannot be asked for: {}", function.path, copied.why.reason),
        place: Some(function.place),
        remedy: format!("{}, or leave `--cut ask` out, so that a copy of it moves", copied.why.remedy),
    }
}

/// Whether moved code sets up logging itself.
fn sets_up_logging(sliced: &[Slice]) -> bool {
    const LOGGERS: &[&str] = &[
        "env_logger",
        "fern",
        "flexi_logger",
        "log4rs",
        "pretty_env_logger",
        "simple_logger",
        "simplelog",
        "tracing_log",
        "tracing_subscriber",
    ];
    sliced.iter().any(|slice| slice.externs.iter().any(|krate| LOGGERS.contains(&krate.as_str())))
}

/// The path of a file beside a slice's root file.
fn beside_root(base: &str, slice: &Slice, file: &str) -> String {
    let root_dir = slice.root_file.rsplit_once('/').map_or("", |(dir, _)| dir);
    [base, root_dir, file].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// Whether a requirement means axum before 0.7.
pub(super) fn is_old(requirement: &str) -> bool {
    let digits = requirement.trim_start_matches(|first: char| !first.is_ascii_digit());
    let mut parts = digits.split('.').map(|part| part.parse::<u32>().ok());
    matches!((parts.next(), parts.next()), (Some(Some(0)), Some(Some(minor))) if minor < 7)
}

/// Whether a requirement means the actix-web that the templates are written for.
pub(super) fn is_actix_4(requirement: &str) -> bool {
    requirement.trim_start_matches(['^', '=', '~', ' ']).starts_with('4')
}

pub(super) fn render(template: &impl Template) -> String {
    let mut text = template.render().expect("writing to a string cannot fail");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn show_gap(gap: &Gap, inputs: &Inputs<'_>) -> String {
    match gap.place.and_then(|place| Some((inputs.sources.files.get(place.file)?, place.line))) {
        Some((file, line)) => format!("{}:{line}: {}", file.path, gap.what),
        None => gap.what.clone(),
    }
}

fn trigger(unit: &Unit, names: &Names<'_>) -> Trigger {
    let entries = &names.model.entry_points;
    let first = &entries[unit.entry_points[0]];
    match unit.kind {
        EntryPointKind::Cron => Trigger::Cron(first.schedule.clone()),
        // How often it goes round only shows while it runs.
        EntryPointKind::Loop => Trigger::Cron(None),
        EntryPointKind::Consumer => Trigger::Consumer(first.path.clone().unwrap_or_default()),
        _ => Trigger::Http(
            unit.entry_points
                .iter()
                .map(|&id| {
                    let entry = &entries[id];
                    let method = entry.method.clone().unwrap_or_else(|| "ANY".into());
                    (method, entry.path.clone().unwrap_or_else(|| "/".into()))
                })
                .collect(),
        ),
    }
}
