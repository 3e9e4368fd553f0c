//! The neutral graph of the application, as `splitter partition` reads it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{Id, IndexVec};
use crate::model::{CallGraph, DecidedBy, FunctionId, NodeRef, TypeRole};

use crate::report::names::Names;

/// `splitter export graph`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Graph<'a> {
    /// `splitter-graph`.
    format: &'static str,
    /// 1.
    major: u32,
    /// Name of the application.
    name: &'a str,
    /// Sorted by id.
    nodes: Vec<Node<'a>>,
    /// Sorted; one per pair and criterion.
    edges: Vec<Edge<'a>>,
    accesses: Vec<Access<'a>>,
    /// One per entry point with a handler.
    use_cases: Vec<UseCase<'a>>,
    /// What the user decided.
    pins: Vec<Pin<'a>>,
}

/// A function or type.
#[derive(Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
struct Node<'a> {
    id: &'a str,
    /// `function`, `type`.
    kind: &'static str,
    /// Lower-case words of its name and module.
    words: Vec<String>,
}

/// Why two nodes belong together.
#[derive(Serialize, JsonSchema)]
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    /// `calls`, `types`, `transaction`.
    criterion: &'static str,
    weight: i64,
}

/// A node touches a table.
#[derive(Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
struct Access<'a> {
    node: &'a str,
    table: &'a str,
    /// `read`, `write`.
    op: &'static str,
}

/// What runs for an entry point.
#[derive(Serialize, JsonSchema)]
struct UseCase<'a> {
    name: String,
    nodes: Vec<&'a str>,
}

/// A decision of the user.
#[derive(Serialize, JsonSchema)]
struct Pin<'a> {
    node: &'a str,
    service: &'a str,
}

impl<'a> Graph<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let model = names.model;
        // Items of the same path (one per feature) are one node: an id must be unique.
        let mut nodes = BTreeMap::new();
        for (id, function) in model.functions.iter_enumerated().filter(|&(id, _)| names.shows(id)) {
            nodes.entry(names.path(id)).or_insert_with(|| Node {
                id: names.path(id),
                kind: "function",
                words: words(function.path.as_str()),
            });
        }
        for (id, ty) in model.types.iter_enumerated() {
            if names.shows_node(NodeRef::Type(id)) {
                nodes.entry(ty.path.as_str()).or_insert_with(|| Node {
                    id: ty.path.as_str(),
                    kind: "type",
                    words: words(ty.path.as_str()),
                });
            }
        }
        let mut weights: BTreeMap<(&'a str, &'a str, &'static str), i64> = BTreeMap::new();
        let mut add = |from: &'a str, to: &'a str, criterion| {
            if from != to {
                *weights.entry((from, to, criterion)).or_default() += 1;
            }
        };
        for call in model.calls.iter().filter(|call| names.shows(call.caller) && names.shows(call.callee)) {
            add(names.path(call.caller), names.path(call.callee), "calls");
        }
        for found in model.type_uses.iter().filter(|found| names.shows(found.function)) {
            if found.role != TypeRole::Body && names.shows_node(NodeRef::Type(found.ty)) {
                add(names.path(found.function), model.types[found.ty].path.as_str(), "types");
            }
        }
        for transaction in model.transactions.iter().filter(|found| names.shows(found.opened_by)) {
            for &function in transaction.functions.iter().filter(|&&function| names.shows(function)) {
                add(names.path(transaction.opened_by), names.path(function), "transaction");
            }
        }
        let accesses: BTreeSet<_> = (model.accesses.iter())
            .filter(|found| names.shows(found.function))
            .map(|found| Access {
                node: names.path(found.function),
                table: &model.tables[found.table].name,
                op: if found.op.is_write() { "write" } else { "read" },
            })
            .collect();
        let edges = (weights.into_iter())
            .map(|((from, to, criterion), weight)| Edge { from, to, criterion, weight })
            .collect();
        let pins = (names.plan.placements.iter())
            .filter(|placement| placement.decided_by == DecidedBy::Pin)
            .filter_map(|placement| match placement.node {
                NodeRef::Function(id) => Some(Pin { node: names.path(id), service: &placement.service }),
                _ => None,
            })
            .collect();
        Self {
            format: "splitter-graph",
            major: 1,
            name: &model.name,
            nodes: nodes.into_values().collect(),
            edges,
            accesses: accesses.into_iter().collect(),
            use_cases: use_cases(names),
            pins,
        }
    }
}

/// What each entry point reaches over calls, test code left out.
fn use_cases<'a>(names: &Names<'a>) -> Vec<UseCase<'a>> {
    let model = names.model;
    let calls = CallGraph::new(model);
    let mut seen: IndexVec<FunctionId, u32> = vec![0; model.functions.len()].into();
    let mut cases: Vec<_> = (model.entry_points.iter())
        .filter_map(|entry| Some((entry.title(), entry.handler.filter(|&handler| names.shows(handler))?)))
        .zip(1..)
        .map(|((name, handler), round)| {
            let mut stack = vec![handler];
            let mut nodes = Vec::new();
            while let Some(function) = stack.pop() {
                if std::mem::replace(&mut seen[function], round) == round {
                    continue;
                }
                nodes.push(names.path(function));
                let next = calls.graph.neighbors(calls.nodes[function]).map(|node| calls.graph[node]);
                stack.extend(
                    next.filter(|&callee| callee.idx() < model.functions.len() && names.shows(callee)),
                );
            }
            nodes.sort_unstable();
            nodes.dedup();
            UseCase { name, nodes }
        })
        .collect();
    cases.sort_by(|a, b| (&a.name, &a.nodes).cmp(&(&b.name, &b.nodes)));
    cases
}

/// `shop::orders::PlaceOrder::line_total` → order-preserving unique words, the crate left out.
fn words(path: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let inner = path.split_once("::").map_or(path, |(_, rest)| rest);
    let mut word = String::new();
    let mut lower_before = false;
    for letter in inner.chars().chain([' ']) {
        let starts = letter.is_uppercase() && lower_before;
        if (starts || !letter.is_alphanumeric()) && !word.is_empty() {
            let done = std::mem::take(&mut word);
            if done.len() > 1 && !words.contains(&done) {
                words.push(done);
            }
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        lower_before = letter.is_lowercase() || letter.is_numeric();
    }
    words
}
