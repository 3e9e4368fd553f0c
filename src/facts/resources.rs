//! What a function uses outside of the process, the tasks that it leaves behind, and which functions are
//! pure.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{IndexVec, Place};
use crate::model::{
    CallEdge, DetachedTask, FunctionId, Model, Resource, ResourceId, ResourceKind, ResourceUse,
};
use crate::parse::tree::body::{Expr, ExprId};
use crate::resolve::{CallTarget, DefId};

use super::calls::unused_values;
use super::cx::{BodyView, Callee, Cx};
use super::render::path_names;
use super::sql::HOLE;
use super::strings;

/// Resources with their uses, and detached tasks.
#[derive(Default)]
pub(super) struct ResourceFacts {
    pub resources: IndexVec<ResourceId, Resource>,
    pub uses: Vec<ResourceUse>,
    pub detached: Vec<DetachedTask>,
    /// Functions with an effect that is no table, state or resource: time, randomness, I/O, waiting.
    pub impure: BTreeSet<FunctionId>,
}

/// Name of a resource that no constant names.
const RUN_TIME: &str = "(known at run time)";

type Named = (ResourceKind, String);

#[derive(Default)]
struct OfFunction {
    uses: Vec<(Named, FunctionId, Place)>,
    detached: Vec<DetachedTask>,
    impure: Option<FunctionId>,
}

pub(super) fn resources(cx: &Cx) -> ResourceFacts {
    let per_function: Vec<OfFunction> =
        cx.def_of.as_slice().par_iter().map(|&def| of_function(cx, def)).collect();
    let mut facts = ResourceFacts::default();
    let mut uses = Vec::new();
    for mut one in per_function {
        uses.append(&mut one.uses);
        facts.detached.append(&mut one.detached);
        facts.impure.extend(one.impure);
    }
    let names: BTreeSet<Named> = uses.iter().map(|(name, ..)| name.clone()).collect();
    let ids: BTreeMap<Named, ResourceId> =
        names.iter().enumerate().map(|(n, name)| (name.clone(), crate::base::Id::from_usize(n))).collect();
    facts.resources = names.into_iter().map(|(kind, name)| Resource { kind, name }).collect();
    facts.uses = uses
        .into_iter()
        .map(|(name, function, site)| ResourceUse { function, resource: ids[&name], site })
        .collect();
    facts.uses.sort_unstable();
    facts.uses.dedup();
    facts.detached.sort();
    facts
}

fn of_function(cx: &Cx, def: DefId) -> OfFunction {
    let mut found = OfFunction::default();
    let (Some(function), Some(body)) = (cx.function_of[def], cx.body(def)) else { return found };
    let waits = body.exprs.iter().any(|expr| matches!(expr, Expr::Await(_)));
    let calls = &cx.program.calls[def];
    let effect = |path: &str| is_effect(path);
    let external =
        calls.iter().any(|call| matches!(&call.target, CallTarget::External(path) if effect(path.as_str())));
    if waits || external || cx.fn_decl(def).is_some_and(|decl| decl.is_async) {
        found.impure = Some(function);
    }
    let keys = cx.program.extern_mentions[def].iter().any(|krate| KEY_CRATES.contains(&krate.as_str()));
    let requests =
        body.exprs.iter().any(
            |expr| matches!(expr, Expr::MethodCall { name, .. } if name == "bucket" || name == "queue_url"),
        ) && cx.depends_on(def, &[S3.to_owned(), SQS.to_owned()]);
    let interesting = keys
        || requests
        || calls.iter().any(|call| match &call.target {
            CallTarget::External(path) => uses_resource(path.as_str()) || is_spawn(call.name.as_str()),
            CallTarget::Unknown(_) => {
                is_spawn(call.name.as_str())
                    || matches!(call.name.as_str(), "var" | "get" | "post" | "var_os")
            }
            _ => false,
        });
    if !interesting {
        return found;
    }
    let Some(view) = BodyView::new(cx.program, def) else { return found };
    let unused = unused_values(cx, def, body);
    for (id, expr) in body.exprs.iter_enumerated() {
        let callee = super::cx::callee(view.target(id));
        if matches!(callee, Callee::Own) {
            continue;
        }
        let (args, written): (&[ExprId], Cow<'_, str>) = match expr {
            Expr::Call { callee, args } => match view.expr(*callee) {
                Expr::Path(path) => (args, path_names(path).into()),
                _ => continue,
            },
            Expr::MethodCall { name, args, .. } => (args, name.as_str().into()),
            _ => continue,
        };
        let path: &str = if let Callee::External(path) = callee { path } else { &written };
        let place = cx.place_at(def, cx.expr_start(body, id));
        if is_spawn(path.rsplit("::").next().unwrap_or(""))
            && !args.is_empty()
            && unused.binary_search(&id).is_ok()
        {
            let by = if written.contains("::") { written.to_string() } else { path.to_owned() };
            let span = cx.span(def, body.ranges[args[args.len() - 1]]);
            found.detached.push(DetachedTask { function, site: place, by, span });
        }
        if let Some(named) = keys.then(|| key(cx, &view, id, path, args)).flatten() {
            found.uses.push((named, function, place));
            continue;
        }
        if let Some(named) = resource(cx, &view, path, args) {
            found.uses.push((named, function, place));
        }
    }
    found
}

const S3: &str = "aws_sdk_s3";
const SQS: &str = "aws_sdk_sqs";

/// Clients of stores of keys.
const KEY_CRATES: &[&str] = &["redis", "deadpool_redis", "bb8_redis", "r2d2_redis", "fred", "redis_async"];
/// Their methods and commands that take a key first.
const KEY_METHODS: &[&str] = &[
    "get",
    "set",
    "set_ex",
    "set_nx",
    "pset_ex",
    "setex",
    "getset",
    "get_del",
    "get_ex",
    "del",
    "unlink",
    "exists",
    "expire",
    "pexpire",
    "ttl",
    "incr",
    "incr_by",
    "decr",
    "decr_by",
    "hget",
    "hset",
    "hset_multiple",
    "hset_nx",
    "hdel",
    "hgetall",
    "hincr",
    "hexists",
    "lpush",
    "rpush",
    "lpop",
    "rpop",
    "blpop",
    "brpop",
    "lrange",
    "llen",
    "sadd",
    "srem",
    "smembers",
    "sismember",
    "scard",
    "zadd",
    "zrem",
    "zrange",
    "zrangebyscore",
    "zscore",
    "zcard",
    "xadd",
    "xack",
];

/// The key that a call touches: up to what is known at run time only, `session:…`.
fn key(cx: &Cx, view: &BodyView, call: ExprId, path: &str, args: &[ExprId]) -> Option<Named> {
    let name = path.rsplit("::").next().unwrap_or("").to_ascii_lowercase();
    let mut sure = false;
    let key = match view.expr(call) {
        Expr::MethodCall { .. } if KEY_METHODS.contains(&name.as_str()) => *args.first()?,
        // `redis::cmd("SET").arg(key)`.
        Expr::MethodCall { receiver, .. } if name == "arg" => {
            let Expr::Call { callee, args: command } = view.expr(*receiver) else { return None };
            let command = strings::text_of(cx, view, *command.first()?)?;
            let known = command.exact()?.to_ascii_lowercase();
            let is_command = matches!(view.expr(*callee), Expr::Path(path) if path.last().is_some_and(|name| name == "cmd"));
            sure = is_command && KEY_METHODS.contains(&known.as_str());
            if !sure {
                return None;
            }
            *args.first()?
        }
        _ => return None,
    };
    let text = strings::text_of(cx, view, key)?.values.into_iter().next()?;
    let known = text.split(HOLE).next().unwrap_or("");
    // A map has such methods as well; where the receiver's type is not known, the key says what it is.
    let krate = path.split("::").next().unwrap_or("");
    if !sure && !KEY_CRATES.contains(&krate) && (krate != path || !known.contains(':')) {
        return None;
    }
    let shown = if text.contains(HOLE) { format!("{known}…") } else { text.clone() };
    (!known.is_empty()).then_some((ResourceKind::Key, shown))
}

fn is_spawn(name: &str) -> bool {
    matches!(name, "spawn" | "spawn_blocking" | "spawn_local")
}

/// Whether a path outside can be a resource's.
fn uses_resource(path: &str) -> bool {
    let krate = path.split(':').next().unwrap_or("");
    matches!(
        krate,
        "reqwest"
            | "ureq"
            | "surf"
            | "isahc"
            | "dotenvy"
            | "dotenv"
            | "aws_sdk_s3"
            | "aws_sdk_sqs"
            | "tower_http"
            | "actix_files"
            | "rocket"
            | "object_store"
    ) || leads_through(path, |name, _| matches!(name, "env" | "fs"))
}

/// Whether a segment of a path, neither the first nor the last, is meant; with the one behind it.
fn leads_through(path: &str, is_meant: impl Fn(&str, &str) -> bool) -> bool {
    let mut names = path.split(':').filter(|name| !name.is_empty()).skip(1).peekable();
    while let Some(name) = names.next() {
        if names.peek().is_some_and(|next| is_meant(name, next)) {
            return true;
        }
    }
    false
}

fn resource(cx: &Cx, view: &BodyView, path: &str, args: &[ExprId]) -> Option<Named> {
    let mut segments = path.rsplit("::");
    let last = segments.next().unwrap_or("");
    let parent = segments.next().unwrap_or("");
    let krate = path.split("::").next().unwrap_or("");
    let first = || {
        args.iter()
            .find_map(|&arg| strings::text_of(cx, view, arg))
            .and_then(|text| text.values.into_iter().next())
    };
    let shown = |text: Option<String>| match text {
        Some(text) if !text.is_empty() => text.replace(HOLE, "…"),
        _ => RUN_TIME.to_owned(),
    };
    match (parent, last) {
        ("env" | "dotenvy" | "dotenv", "var" | "var_os") | ("", "var_os") => {
            Some((ResourceKind::Env, shown(first())))
        }
        ("env", "vars") => Some((ResourceKind::Env, "(all)".to_owned())),
        (
            "fs" | "File" | "OpenOptions" | "ServeDir" | "ServeFile" | "NamedFile" | "Files" | "FileServer"
            | "DirBuilder",
            "read" | "read_to_string" | "write" | "create" | "create_new" | "open" | "open_async" | "new"
            | "remove_file" | "remove_dir_all" | "create_dir" | "create_dir_all" | "read_dir" | "copy"
            | "rename" | "metadata" | "from" | "try_exists" | "canonicalize",
        ) if !args.is_empty() && parent != "OpenOptions" || (parent == "OpenOptions" && last == "open") => {
            Some((ResourceKind::File, shown(first())))
        }
        (_, "get" | "post" | "put" | "patch" | "delete" | "head" | "request") => {
            let text = args.iter().find_map(|&arg| {
                let text = strings::text_of(cx, view, arg)?.values.into_iter().next()?;
                (text.starts_with("http") || text.starts_with(HOLE)).then_some(text)
            });
            let client = matches!(krate, "reqwest" | "ureq" | "surf" | "isahc" | "reqwest_middleware");
            match text {
                Some(text) if text.starts_with("http://") || text.starts_with("https://") => {
                    let host =
                        text.split("://").nth(1).and_then(|rest| rest.split(['/', '?']).next()).unwrap_or("");
                    let known = !host.is_empty() && !host.contains(HOLE);
                    Some((ResourceKind::Host, if known { host.to_owned() } else { RUN_TIME.to_owned() }))
                }
                _ if client => Some((ResourceKind::Host, RUN_TIME.to_owned())),
                _ => None,
            }
        }
        (_, "bucket") if krate == S3 || (krate == "bucket" && cx.depends_on(view.def, &[S3.to_owned()])) => {
            Some((ResourceKind::Bucket, shown(first())))
        }
        (_, "queue_url")
            if krate == SQS || (krate == "queue_url" && cx.depends_on(view.def, &[SQS.to_owned()])) =>
        {
            Some((ResourceKind::Queue, shown(first())))
        }
        _ => None,
    }
}

/// Whether a function outside has an effect, or depends on more than its arguments.
fn is_effect(path: &str) -> bool {
    let krate = path.split(':').next().unwrap_or("");
    match krate {
        "std" | "core" | "alloc" => {
            let is_system = |name: &str, next: &str| match name {
                "fs" | "net" | "env" | "process" | "thread" => true,
                "io" => next.starts_with("stdin") || next.starts_with("stdout"),
                _ => false,
            };
            leads_through(path, is_system)
                || path.ends_with("SystemTime::now")
                || path.ends_with("Instant::now")
        }
        "chrono" | "time" => {
            path.ends_with("::now") || path.ends_with("::now_utc") || path.ends_with("::today")
        }
        "uuid" => path.contains("new_v"),
        "tokio" | "reqwest" | "sqlx" | "diesel" | "sea_orm" | "rusqlite" | "redis" | "rand" | "fastrand"
        | "getrandom" | "ureq" | "lettre" | "mongodb" | "tokio_postgres" | "deadpool_postgres" | "axum"
        | "actix_web" | "hyper" | "async_nats" | "lapin" | "rdkafka" | "tower_http" => {
            !path.contains("::extract::") && !path.contains("::response::")
        }
        _ => krate.starts_with("aws_sdk_"),
    }
}

/// Which functions are pure: neither they nor what they call is known to have an effect.
pub(super) fn pure(model: &Model, impure: &BTreeSet<FunctionId>) -> Vec<bool> {
    let mut effects = vec![false; model.functions.len()];
    let mut stack: Vec<FunctionId> = Vec::new();
    let direct = impure
        .iter()
        .copied()
        .chain(model.accesses.iter().map(|access| access.function))
        .chain(model.unknown_sql.iter().map(|sql| sql.function))
        .chain(
            model
                .state_uses
                .iter()
                .filter(|used| model.state_cells[used.cell].mutable)
                .map(|used| used.function),
        )
        .chain(model.resource_uses.iter().map(|used| used.function))
        .chain(model.detached_tasks.iter().map(|task| task.function));
    for function in direct {
        if !std::mem::replace(&mut effects[crate::base::Id::idx(function)], true) {
            stack.push(function);
        }
    }
    let mut callers: Vec<(FunctionId, FunctionId)> =
        model.calls.iter().map(|CallEdge { caller, callee, .. }| (*callee, *caller)).collect();
    callers.sort_unstable();
    callers.dedup();
    while let Some(callee) = stack.pop() {
        let from = callers.partition_point(|&(known, _)| known < callee);
        for &(_, caller) in callers[from..].iter().take_while(|&&(known, _)| known == callee) {
            if !std::mem::replace(&mut effects[crate::base::Id::idx(caller)], true) {
                stack.push(caller);
            }
        }
    }
    effects.into_iter().map(|has_effect| !has_effect).collect()
}
