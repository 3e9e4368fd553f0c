//! The words of each thing of a model.

use std::borrow::Cow;
use std::sync::LazyLock;

use rayon::prelude::*;

use crate::base::{Id, Name, UnorderedSet};
use crate::model::{Model, ModuleIdx, NodeRef};

use super::nodes::Nodes;
use super::words::{Bag, each_word, singular};

/// Words of the trade: they name layers and verbs, never a domain.
const TRADE: &[&str] = &[
    "a",
    "action",
    "actions",
    "add",
    "admin",
    "all",
    "an",
    "and",
    "api",
    "app",
    "application",
    "apply",
    "args",
    "async",
    "backend",
    "base",
    "bin",
    "body",
    "build",
    "builder",
    "by",
    "check",
    "cli",
    "client",
    "cmd",
    "common",
    "conf",
    "config",
    "connection",
    "context",
    "controller",
    "core",
    "count",
    "crate",
    "create",
    "css",
    "ctx",
    "data",
    "database",
    "db",
    "default",
    "delete",
    "detail",
    "details",
    "do",
    "domain",
    "dto",
    "edit",
    "endpoint",
    "entity",
    "error",
    "ext",
    "fetch",
    "find",
    "for",
    "form",
    "from",
    "full",
    "get",
    "handle",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "home",
    "html",
    "http",
    "id",
    "impl",
    "in",
    "index",
    "info",
    "init",
    "inner",
    "input",
    "insert",
    "into",
    "is",
    "item",
    "json",
    "kind",
    "latest",
    "lib",
    "list",
    "load",
    "main",
    "make",
    "manager",
    "mod",
    "model",
    "models",
    "module",
    "my",
    "name",
    "new",
    "of",
    "on",
    "one",
    "or",
    "output",
    "param",
    "params",
    "parse",
    "patch",
    "path",
    "payload",
    "post",
    "process",
    "put",
    "query",
    "read",
    "recent",
    "remove",
    "repo",
    "repository",
    "req",
    "request",
    "res",
    "resource",
    "response",
    "rest",
    "result",
    "root",
    "route",
    "router",
    "routes",
    "row",
    "run",
    "save",
    "schema",
    "self",
    "send",
    "server",
    "service",
    "services",
    "set",
    "show",
    "src",
    "start",
    "state",
    "status",
    "store",
    "test",
    "the",
    "to",
    "type",
    "types",
    "update",
    "use",
    "util",
    "utils",
    "v",
    "value",
    "view",
    "views",
    "web",
    "with",
    "worker",
    "write",
    "www",
];

/// Whether a word names a layer or a verb.
pub(super) fn is_trade(word: &str) -> bool {
    static KNOWN: LazyLock<UnorderedSet<&str>> = LazyLock::new(|| TRADE.iter().copied().collect());
    let plain = || match singular(word) {
        Cow::Borrowed(plain) if plain.len() == word.len() => false,
        plain => KNOWN.contains(&*plain),
    };
    word.len() < 2 || KNOWN.contains(word) || plain()
}

/// The bag of every thing; empty for what takes no part.
pub(super) fn bags(model: &Model, nodes: Nodes, domain: &[bool]) -> Vec<Bag> {
    // Words of modules are asked for by everything in them.
    let modules: Vec<Bag> = (0..model.modules.len())
        .into_par_iter()
        .map(|module| {
            let mut bag = Bag::default();
            add_module(&mut bag, model, ModuleIdx::from_usize(module));
            bag
        })
        .collect();
    let add_module = |bag: &mut Bag, module: ModuleIdx| {
        for (word, weight) in modules.get(module.idx()).into_iter().flat_map(Bag::iter) {
            bag.put(word, weight);
        }
    };
    (0..nodes.len() as u32)
        .into_par_iter()
        .map(|node| {
            let thing = nodes.thing(node);
            let mut bag = Bag::default();
            if !domain[node as usize] {
                return bag;
            }
            match thing {
                NodeRef::EntryPoint(id) => {
                    let entry = &model.entry_points[id];
                    for part in entry.path.as_deref().unwrap_or("").split('/') {
                        if !part.starts_with(['{', ':', '<', '*']) {
                            add(&mut bag, part, 1000);
                        }
                    }
                    if let Some(handler) = entry.handler {
                        add(&mut bag, &model.functions[handler].name, 600);
                        add_module(&mut bag, model.functions[handler].module);
                    }
                }
                NodeRef::Table(id) => add(&mut bag, &model.tables[id].name, 1000),
                NodeRef::Function(id) => {
                    let function = &model.functions[id];
                    add(&mut bag, &function.name, 600);
                    if let Some(ty) = function.self_type {
                        add(&mut bag, &model.types[ty].name, 800);
                    }
                    add_module(&mut bag, function.module);
                }
                NodeRef::Type(id) => {
                    add(&mut bag, &model.types[id].name, 1000);
                    add_module(&mut bag, model.types[id].module);
                }
                NodeRef::State(id) => add(&mut bag, model.state_cells[id].path.name(), 1000),
            }
            bag
        })
        .collect()
}

fn add(bag: &mut Bag, text: &str, weight: i64) {
    each_word(text, |word| {
        let word = singular(word);
        if !is_trade(&word) {
            bag.put(Name::new(&word), weight);
        }
    });
}

/// The last two modules of the path, without the crate.
fn add_module(bag: &mut Bag, model: &Model, module: ModuleIdx) {
    let Some(module) = model.modules.get(module) else { return };
    let segments = module.path.segments();
    for (back, segment) in segments.iter().skip(1).rev().take(2).enumerate() {
        add(bag, segment, if back == 0 { 800 } else { 500 });
    }
}
