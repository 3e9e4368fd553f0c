//! The neutral graph, which an analyser of any language can write, and the partition that comes back.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Things and what ties them together, free of any language. All but `nodes` may be left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeutralGraph {
    /// [`NeutralGraph::FORMAT`].
    pub format: String,
    /// [`NeutralGraph::MAJOR`].
    pub major: u32,
    /// Name of the application.
    #[serde(default)]
    pub name: String,
    /// The things to place.
    pub nodes: Vec<NeutralNode>,
    /// What ties two of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edges: Vec<NeutralEdge>,
    /// Which node touches which table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accesses: Vec<NeutralAccess>,
    /// Which nodes serve one use case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub use_cases: Vec<UseCase>,
    /// Nodes and tables that belong to a named service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<NeutralPin>,
    /// Groups that must share a service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<Vec<String>>,
    /// Groups whose members must not share a service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<Vec<String>>,
}

impl NeutralGraph {
    /// The value of `format`.
    pub const FORMAT: &'static str = "splitter-graph";
    /// The value of `major` that this reads and writes.
    pub const MAJOR: u32 = 1;
}

/// A thing of a [`NeutralGraph`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeutralNode {
    /// Unique name.
    pub id: String,
    /// `class`, `function`, `entry-point`, ….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Words of its names, lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// A tie of a [`NeutralGraph`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeutralEdge {
    /// Id of a node.
    pub from: String,
    /// Id of a node.
    pub to: String,
    /// `calls`, `types`, `transaction`, `history`, `trace` or any other name.
    pub criterion: String,
    /// How often or how much; 1 where left out.
    #[serde(default = "one")]
    pub weight: f64,
}

fn one() -> f64 {
    1.0
}

/// A table access of a [`NeutralGraph`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeutralAccess {
    /// Id of a node.
    pub node: String,
    /// Name of the table.
    pub table: String,
    /// `read`, or any writing: `write`, `insert`, `update`, `delete`.
    #[serde(default = "read")]
    pub op: String,
}

fn read() -> String {
    "read".into()
}

/// A use case of a [`NeutralGraph`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UseCase {
    /// Its name.
    pub name: String,
    /// Ids of nodes.
    pub nodes: Vec<String>,
}

/// A pin of a [`NeutralGraph`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeutralPin {
    /// Id of a node, or name of a table.
    #[serde(alias = "table")]
    pub node: String,
    /// Name of the service.
    pub service: String,
}

/// Where the things of a [`NeutralGraph`] go. Every node and table is in exactly one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Partition {
    /// [`Partition::SCHEMA`].
    pub schema: String,
    /// The services, sorted by name.
    pub services: Vec<PartitionService>,
    /// Metrics of the split (`sm`, `icp`, `ifn`, `ned`, `bcp`, …), where there are calls.
    pub metrics: BTreeMap<String, f64>,
    /// Other splits that were nearly as good.
    pub alternatives: Vec<PartitionAlternative>,
    /// Per node and table, how many disturbed runs agree; 0 to 1.
    pub stability: BTreeMap<String, f64>,
}

impl Partition {
    /// The value of `schema`.
    pub const SCHEMA: &'static str = "splitter-partition/1";
}

/// A service of a [`Partition`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartitionService {
    /// Unique kebab-case name.
    pub name: String,
    /// Ids of nodes, sorted.
    pub nodes: Vec<String>,
    /// Names of tables, sorted.
    pub tables: Vec<String>,
}

/// Another split of a [`Partition`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartitionAlternative {
    /// Its services, sorted by name.
    pub services: Vec<PartitionService>,
}
