//! What each function and type is for: domain code, wiring, or test code.

use crate::base::{Id, IndexVec, Place};
use crate::model::{
    CallKind, EntryPoint, EntryPointId, EntryPointKind, Function, FunctionId, Item, ItemKind, Model,
    ModuleIdx, ResourceKind, ResourceUse, StateKind,
};

use super::words;

/// What a thing is for, as far as it shows before grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Does the application's work.
    Domain,
    /// Bootstrap: main, router wiring, configuration.
    Shell,
    /// Test code, or linked by no program: placed nowhere.
    Test,
}

/// The roles of functions, types, entry points and state cells.
#[derive(Clone, Debug)]
pub(super) struct Roles {
    pub functions: IndexVec<FunctionId, Role>,
    pub types: Vec<Role>,
    pub entry_points: Vec<Role>,
    pub state: Vec<Role>,
}

/// Paths of entry points that look after the process, not the domain.
const HEALTH: [&str; 10] =
    ["health", "healthz", "healthcheck", "livez", "readyz", "live", "ready", "liveness", "readiness", "ping"];
const PROCESS: [&str; 2] = ["metrics", "version"];
/// Words of loops that look after the process, where they touch no data.
const HOUSEKEEPING: [&str; 8] =
    ["heartbeat", "jemalloc", "malloc", "memory", "metrics", "telemetry", "uptime", "watchdog"];
/// Commands that run the process or prepare its database.
const COMMANDS: [&str; 9] =
    ["daemon", "migrate", "migration", "migrations", "run", "seed", "serve", "server", "start"];

/// Tells the roles.
pub(super) fn roles(model: &Model) -> Roles {
    // What only tests link fills tables and calls handlers, but never in service.
    let outside = |module: ModuleIdx| {
        let package = model.modules.get(module).and_then(|module| model.packages.get(module.package));
        package.is_some_and(|package| !package.linked)
    };
    let mut functions: IndexVec<FunctionId, Role> = model
        .functions
        .iter()
        .map(|f| if f.test || outside(f.module) { Role::Test } else { Role::Domain })
        .collect();
    let mut declares = vec![false; model.functions.len()];
    let by_place = ByPlace::new(model);
    for entry in &model.entry_points {
        // An attribute stands on the handler itself: that declares nothing elsewhere.
        if let Some(function) = by_place.enclosing(entry.declared_at).filter(|&f| Some(f) != entry.handler) {
            declares[function.idx()] = true;
        }
    }
    let touches = touching(model);
    let out = callees(model);
    let worked = reach(
        &out,
        model
            .entry_points
            .iter()
            .filter(|entry| entry.kind != EntryPointKind::Startup && !is_process_command(entry))
            .filter_map(|entry| entry.handler),
    );
    for (id, function) in model.functions.iter_enumerated() {
        let is_main = function.name == "main" && function.self_type.is_none() && function.params.is_empty();
        // A loop's declaration stands inside its work; a router's does not.
        let wires = declares[id.idx()] && !worked[id.idx()] && !touches[id.idx()];
        if functions[id] == Role::Domain && (is_main || wires) {
            functions[id] = Role::Shell;
        }
    }
    let callers = callers(&out);
    let ends = through(model, &callers, &touches);
    let [effects, memory, own_locks] = effects(model).map(|some| through(model, &callers, &some));
    // All that such a job does is to keep up what its own process remembers: elsewhere it would remember for
    // nobody. A lock in its own type may be there for something else: what speaks with others does not count.
    let stays_inside = |job: FunctionId| {
        let guards = || own_locks[job.idx()] && !reaches_out(model, &reach(&out, [job]));
        !effects[job.idx()] && (memory[job.idx()] || guards())
    };
    let fields = model.entry_points.iter().any(|entry| entry.kind == EntryPointKind::Graphql);
    let entry_points: Vec<Role> = model
        .entry_points
        .iter_enumerated()
        .map(|(id, entry)| {
            let door = fields && entry.kind == EntryPointKind::Http && is_door(model, entry);
            let inside = matches!(entry.kind, EntryPointKind::Loop | EntryPointKind::Cron)
                && entry.handler.is_some_and(stays_inside);
            if door || inside || is_process_entry(model, id, &functions, &touches, &ends) {
                Role::Shell
            } else {
                Role::Domain
            }
        })
        .collect();
    let starts = model
        .entry_points
        .iter()
        .zip(&entry_points)
        .filter(|&(_, &role)| role == Role::Domain)
        .filter_map(|(entry, _)| entry.handler);
    let reached = reach(&out, starts);
    // What only wiring calls, and what touches nothing of the domain, is wiring too.
    let wired = reach(&out, functions.ids().filter(|&f| functions[f] == Role::Shell));
    for id in model.functions.ids() {
        if functions[id] == Role::Domain && wired[id.idx()] && !reached[id.idx()] && !ends[id.idx()] {
            functions[id] = Role::Shell;
        }
    }
    let types = model
        .types
        .iter()
        .map(|ty| if ty.test || outside(ty.module) { Role::Test } else { Role::Domain })
        .collect();
    let state = model
        .state_cells
        .iter()
        .map(|cell| if cell.kind == StateKind::Handle || !cell.mutable { Role::Shell } else { Role::Domain })
        .collect();
    Roles { functions, types, entry_points, state }
}

/// A command that runs the process or prepares its database: it has everything in its work.
fn is_process_command(entry: &EntryPoint) -> bool {
    let words = words::split(entry.path.as_deref().unwrap_or(""));
    entry.kind == EntryPointKind::Command && words.len() == 1 && COMMANDS.contains(&words[0].as_str())
}

/// Whether a route of an application with GraphQL fields only hands requests to them, or shows a page to write them: the fields are
/// what is there for somebody, and each has its own place.
fn is_door(model: &Model, entry: &EntryPoint) -> bool {
    const PAGES: [&str; 5] = ["graphql", "graphiql", "playground", "apollo", "schema.graphql"];
    let last = entry.path.as_deref().unwrap_or("").rsplit('/').find(|part| !part.is_empty()).unwrap_or("");
    let takes = |f: FunctionId| model.functions[f].params.iter().any(|param| param.ty.contains("GraphQL"));
    PAGES.contains(&last) || entry.handler.is_some_and(takes)
}

/// Crates that speak with something outside of the process.
const SPEAKING: [&str; 42] = [
    "amqprs",
    "async_nats",
    "awc",
    "azure_storage_blobs",
    "cloud_storage",
    "elasticsearch",
    "fantoccini",
    "fcm",
    "git2",
    "gix",
    "google_cloud_pubsub",
    "google_cloud_storage",
    "hyper",
    "hyper_util",
    "isahc",
    "lapin",
    "ldap3",
    "lettre",
    "mail_send",
    "meilisearch_sdk",
    "object_store",
    "octocrab",
    "opendal",
    "opensearch",
    "postmark",
    "pulsar",
    "qdrant_client",
    "rdkafka",
    "reqwest",
    "reqwest_middleware",
    "rumqttc",
    "rusoto_core",
    "s3",
    "sendgrid",
    "serenity",
    "slack_morphism",
    "stripe",
    "surf",
    "teloxide",
    "tonic",
    "ureq",
    "web_push",
];

/// Whether what is reached speaks with something outside of its process, settings aside: a resource, or a
/// crate for that, in its own text or in that of a type that it mentions.
pub(super) fn reaches_out(model: &Model, reached: &[bool]) -> bool {
    let speaks = |item: &Item| {
        item.externs.iter().any(|krate| krate.starts_with("aws_sdk_") || SPEAKING.contains(&krate.as_str()))
    };
    let is_type = |item: &Item| matches!(item.kind, ItemKind::Struct | ItemKind::Enum);
    let mentions = |item: &Item| {
        let mut mentioned = item.mentions.iter().map(|&id| &model.items[id]);
        mentioned.any(|item| is_type(item) && speaks(item))
    };
    let functions = model.functions.iter_enumerated().filter(|(id, _)| reached[id.idx()]);
    let mut items = functions.filter_map(|(_, function)| model.items.get(function.item));
    model.resource_uses.iter().any(|used| reached[used.function.idx()] && !is_setting(model, used))
        || items.any(|item| speaks(item) || mentions(item))
}

fn is_setting(model: &Model, used: &ResourceUse) -> bool {
    model.resources[used.resource].kind == ResourceKind::Env
}

/// Whether each function itself writes a table, uses something outside, or runs a statement that cannot be
/// read; whether it has a lock as a parameter or changes a state cell; and whether there is one in its `self`.
fn effects(model: &Model) -> [Vec<bool>; 3] {
    let mut effects = vec![false; model.functions.len()];
    let writes = model.accesses.iter().filter(|access| access.op.is_write()).map(|it| it.function);
    let resources = model.resource_uses.iter().filter(|used| !is_setting(model, used)).map(|it| it.function);
    for f in writes.chain(resources).chain(model.unknown_sql.iter().map(|it| it.function)) {
        effects[f.idx()] = true;
    }
    let locks: Vec<bool> =
        model.types.iter().map(|ty| ty.fields.iter().any(|field| is_lock(&field.ty))).collect();
    let has = |f: &Function| f.receiver.is_some() && f.self_type.is_some_and(|ty| locks[ty.idx()]);
    let own_locks: Vec<bool> = model.functions.iter().map(has).collect();
    let takes = |f: &Function| f.params.iter().any(|param| is_lock(&param.ty));
    let mut memory: Vec<bool> = model.functions.iter().map(takes).collect();
    for used in model.state_uses.iter().filter(|used| used.write) {
        let kind = model.state_cells[used.cell].kind;
        memory[used.function.idx()] |=
            matches!(kind, StateKind::Static | StateKind::Shared | StateKind::Cache);
    }
    [effects, memory, own_locks]
}

/// Whether a type is a lock around what is remembered, and not around a connection to somewhere.
pub(super) fn is_lock(ty: &str) -> bool {
    const LOCKS: [&str; 4] = ["Mutex", "RwLock", "ArcSwap", "ArcSwapOption"];
    const ELSEWHERE: [&str; 12] = [
        "client",
        "conn",
        "database",
        "db",
        "mailer",
        "pool",
        "sender",
        "service",
        "session",
        "socket",
        "store",
        "transport",
    ];
    let around = |&(at, _): &(usize, &str)| LOCKS.iter().any(|lock| ty[..at].ends_with(lock));
    ty.match_indices('<').filter(around).map(|(at, _)| &ty[at + 1..]).any(|inner| {
        let words = words::split(inner);
        !words.iter().any(|word| ELSEWHERE.iter().any(|other| word.starts_with(other)))
    })
}

/// Start-up work, a command that is `main` itself, and health checks without data.
fn is_process_entry(
    model: &Model,
    id: EntryPointId,
    functions: &IndexVec<FunctionId, Role>,
    touches: &[bool],
    ends: &[bool],
) -> bool {
    let entry = &model.entry_points[id];
    match entry.kind {
        EntryPointKind::Startup => true,
        // Housekeeping of the process itself, written into its `main`, or called so.
        EntryPointKind::Loop => {
            let words = words::split(entry.path.as_deref().unwrap_or(""));
            let keeps_house = words.iter().any(|word| HOUSEKEEPING.contains(&word.as_str()));
            entry.handler.is_some_and(|f| functions[f] == Role::Shell || keeps_house && !ends[f.idx()])
        }
        EntryPointKind::Command => {
            is_process_command(entry) || entry.handler.is_none_or(|f| functions[f] == Role::Shell)
        }
        EntryPointKind::Http | EntryPointKind::Grpc | EntryPointKind::Graphql => {
            let last = entry.path.as_deref().unwrap_or("").rsplit('/').find(|part| !part.is_empty());
            let names = last.map(words::split).unwrap_or_default();
            let handler = entry.handler.map(|f| words::split(&model.functions[f].name)).unwrap_or_default();
            let health = names.iter().chain(&handler).any(|word| HEALTH.contains(&word.as_str()));
            // The root of a server that keeps nothing says that it is there.
            let root = entry.path.as_deref() == Some("/") && entry.handler.is_some_and(|f| !ends[f.idx()]);
            let process = names.len() == 1 && PROCESS.contains(&names[0].as_str());
            health || root || process && entry.handler.is_none_or(|f| !touches[f.idx()])
        }
        _ => false,
    }
}

/// Whether each function itself touches a table or a state cell that changes.
fn touching(model: &Model) -> Vec<bool> {
    let mut touches = vec![false; model.functions.len()];
    for access in &model.accesses {
        touches[access.function.idx()] = true;
    }
    for usage in &model.state_uses {
        let cell = &model.state_cells[usage.cell];
        if cell.mutable && cell.kind != StateKind::Handle {
            touches[usage.function.idx()] = true;
        }
    }
    touches
}

/// Per function, the functions that call it.
fn callers(out: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut callers: Vec<Vec<u32>> = vec![Vec::new(); out.len()];
    for (caller, callees) in out.iter().enumerate() {
        for &callee in callees {
            callers[callee as usize].push(caller as u32);
        }
    }
    callers
}

/// Whether each function does what is said of `some`, itself or through what it calls.
fn through(model: &Model, callers: &[Vec<u32>], some: &[bool]) -> Vec<bool> {
    reach(callers, model.functions.ids().filter(|f| some[f.idx()]))
}

/// Per function, the functions that it calls; what a framework calls for an argument is left out, so
/// that a guard's work is not taken for the handler's.
pub(super) fn callees(model: &Model) -> Vec<Vec<u32>> {
    let mut out: Vec<Vec<u32>> = vec![Vec::new(); model.functions.len()];
    for call in &model.calls {
        if call.kind != CallKind::Guard {
            out[call.caller.idx()].push(call.callee.0);
        }
    }
    for row in &mut out {
        row.sort_unstable();
        row.dedup();
    }
    out
}

/// What `starts` reach over `out`.
pub(super) fn reach(out: &[Vec<u32>], starts: impl IntoIterator<Item = FunctionId>) -> Vec<bool> {
    let mut seen = vec![false; out.len()];
    let mut stack: Vec<u32> = starts.into_iter().map(|f| f.0).collect();
    while let Some(function) = stack.pop() {
        if !std::mem::replace(&mut seen[function as usize], true) {
            stack.extend(&out[function as usize]);
        }
    }
    seen
}

/// Functions by file and line.
#[derive(Debug)]
pub(super) struct ByPlace {
    /// Sorted by file and first line: place, last line, function.
    starts: Vec<(Place, u32, FunctionId)>,
}

impl ByPlace {
    /// The functions of a model.
    pub(super) fn new(model: &Model) -> Self {
        let mut starts: Vec<_> = model
            .functions
            .iter_enumerated()
            .map(|(id, function)| (function.place, function.place.line + function.n_lines.max(1) - 1, id))
            .collect();
        starts.sort_unstable();
        Self { starts }
    }
    /// The innermost function around a place.
    pub(super) fn enclosing(&self, place: Place) -> Option<FunctionId> {
        let end = self.starts.partition_point(|(start, ..)| *start <= place);
        self.starts[..end]
            .iter()
            .rev()
            .take_while(|(start, ..)| start.file == place.file)
            .take(64)
            .find(|(_, last, _)| *last >= place.line)
            .map(|&(_, _, id)| id)
    }
}
