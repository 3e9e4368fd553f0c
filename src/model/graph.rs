//! A petgraph view over the model's ids. Data stays in the arenas; weights are ids.

use petgraph::graph::{DiGraph, NodeIndex};

use crate::base::{Id, IndexVec};

use super::{FunctionId, Model};

/// The call graph over functions; node weights are ids, edge weights indices into `Model::calls`.
#[derive(Debug)]
pub struct CallGraph {
    /// The graph.
    pub graph: DiGraph<FunctionId, u32>,
    /// Node of each function.
    pub nodes: IndexVec<FunctionId, NodeIndex>,
}

impl CallGraph {
    /// The call graph of `model`.
    pub fn new(model: &Model) -> Self {
        let mut graph = DiGraph::with_capacity(model.functions.len(), model.calls.len());
        let nodes: IndexVec<_, _> = model.functions.ids().map(|function| graph.add_node(function)).collect();
        for (idx, call) in model.calls.iter().enumerate() {
            graph.add_edge(
                nodes[call.caller],
                nodes[call.callee],
                u32::try_from(idx).expect("fewer than 2^32 calls"),
            );
        }
        Self { graph, nodes }
    }
    /// Every function that `roots` reach over calls, `roots` included; sorted.
    pub fn reachable(&self, roots: impl IntoIterator<Item = FunctionId>) -> Vec<FunctionId> {
        let mut seen = vec![false; self.nodes.len()];
        let mut stack: Vec<FunctionId> = roots.into_iter().collect();
        let mut found = Vec::new();
        while let Some(function) = stack.pop() {
            if std::mem::replace(&mut seen[function.idx()], true) {
                continue;
            }
            found.push(function);
            stack.extend(self.graph.neighbors(self.nodes[function]).map(|node| self.graph[node]));
        }
        found.sort_unstable();
        found
    }
}
