//! The proposal: service candidates, the edges that they cut, the order of extraction.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Place, Severity, define_id};

use super::node::{EntryPointId, FunctionId, StateId, TableId, TypeId};

define_id! { /// A service candidate of [`Plan`].
ServiceId }

/// The proposal. Written as `plan.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Name of the application.
    pub name: String,
    /// Whether to split at all.
    pub verdict: Verdict,
    /// The service candidates, sorted by name.
    pub services: crate::base::IndexVec<ServiceId, ServiceCandidate>,
    /// Pure code that several services may copy or link.
    pub kernel: Group,
    /// Bootstrap: main, router wiring, configuration.
    pub shell: Group,
    /// Why each thing is where it is; sorted by item.
    pub placements: Vec<Placement>,
    /// Every edge that crosses services.
    pub cuts: Vec<CutEdge>,
    /// The order of extraction.
    pub steps: Vec<MigrationStep>,
    /// Other splits that were nearly as good.
    pub alternatives: Vec<Alternative>,
    /// Metrics of the whole split.
    pub metrics: BTreeMap<String, MetricRange>,
    /// Fitness and boundary findings, worst first.
    pub findings: Vec<Finding>,
    /// What was taken into account beside the source, where the user asked for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observed: Vec<ObservedSource>,
}

/// How much of an observation could be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObservedSource {
    /// `history` or `traces`.
    pub kind: String,
    /// Commits, or names, that say something.
    pub used: u32,
    /// Those that do not: large commits and such of other files, names of nothing known.
    pub left_out: u32,
    /// The first of the names that mean nothing known.
    pub unknown: Vec<String>,
}

/// Whether to split.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// The decision.
    pub kind: VerdictKind,
    /// One sentence.
    pub summary: String,
    /// Its reasons, strongest first.
    pub reasons: Vec<String>,
}

/// The decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictKind {
    /// Split into the candidates, step by step.
    Split,
    /// Extract the named candidates and leave the rest.
    Extract,
    /// Leave it as it is.
    #[default]
    Leave,
}

/// A bounded context that could run by itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ServiceCandidate {
    /// Kebab-case name from the domain vocabulary.
    pub name: String,
    /// Its function apps.
    pub deployables: Vec<Deployable>,
    /// Its entry points, sorted.
    pub entry_points: Vec<EntryPointId>,
    /// Its functions, sorted.
    pub functions: Vec<FunctionId>,
    /// Its types, sorted.
    pub types: Vec<TypeId>,
    /// The tables that it owns, sorted.
    pub tables: Vec<TableId>,
    /// Its state cells, sorted.
    pub state: Vec<StateId>,
    /// Metrics by name (`cohesion`, `coupling`, …).
    pub metrics: BTreeMap<String, MetricRange>,
    /// Words that made its name, strongest first.
    pub words: Vec<String>,
}

/// One function app inside a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deployable {
    /// Unique kebab-case name: `orders-http`, `orders-overdue-reminder`.
    pub name: String,
    /// What triggers it: `http`, `cron`, `consumer`, `loop`, `command`.
    pub trigger: String,
    /// Its entry points.
    pub entry_points: Vec<EntryPointId>,
}

/// Functions and types that belong to no service.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// Functions, sorted.
    pub functions: Vec<FunctionId>,
    /// Types, sorted.
    pub types: Vec<TypeId>,
    /// Entry points (health checks, extra binaries), sorted.
    pub entry_points: Vec<EntryPointId>,
    /// State cells, sorted.
    pub state: Vec<StateId>,
}

/// A metric with the range that unresolved calls leave open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricRange {
    /// If everything unknown speaks for the split.
    pub low: f64,
    /// As measured.
    pub value: f64,
    /// If everything unknown speaks against it.
    pub high: f64,
}

/// A thing that is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NodeRef {
    /// An entry point.
    EntryPoint(EntryPointId),
    /// A function.
    Function(FunctionId),
    /// A table.
    Table(TableId),
    /// A type.
    Type(TypeId),
    /// A state cell.
    State(StateId),
}

/// Why a thing is in its service.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Placement {
    /// The thing.
    pub node: NodeRef,
    /// Where it is: a service's name, `kernel` or `shell`.
    pub service: Arc<str>,
    /// Who decided.
    pub decided_by: DecidedBy,
    /// Score per criterion for its own service (integer weights).
    pub scores: BTreeMap<Cow<'static, str>, i64>,
    /// The strongest evidence, strongest first, at most three.
    pub evidence: Vec<Evidence>,
    /// The second best service and its total score.
    pub runner_up: Option<(Arc<str>, i64)>,
    /// Own total minus the runner-up's, over own total; 0 to 1.
    pub margin: f64,
    /// Share of perturbed runs that agree; 0 to 1.
    pub stability: f64,
}

/// Who decided on a placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DecidedBy {
    /// The engine.
    Engine,
    /// A pin in `splitter.toml`.
    Pin,
    /// The writer of a table owns it.
    Ownership,
    /// A rule: pure helper, hub, wiring.
    Rule,
}

/// One reason with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// The criterion: `calls`, `tables`, `transaction`, `types`, `module`, `route`, `words`, ….
    pub criterion: Cow<'static, str>,
    /// One sentence: `writes orders together with place`.
    pub text: String,
    /// Where to look.
    pub place: Option<Place>,
    /// Its weight.
    pub weight: i64,
}

/// An edge that crosses services.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CutEdge {
    /// From which service; kernel never, shell never.
    pub from: ServiceId,
    /// To which service.
    pub to: ServiceId,
    /// What kind.
    pub kind: CutKind,
    /// The caller or accessing function.
    pub function: FunctionId,
    /// The callee, table, type or cell.
    pub target: NodeRef,
    /// The line of code.
    pub site: Place,
    /// Inside a loop.
    pub in_loop: bool,
    /// Whether what comes back is needed (else an event could do).
    pub needs_result: bool,
    /// Severity of the cut.
    pub severity: Severity,
    /// What to do about it.
    pub remedy: String,
}

/// What kind of cut edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CutKind {
    /// A call.
    Call,
    /// A table access.
    Data,
    /// A type in a signature.
    Type,
    /// A transaction over tables of both.
    Transaction,
    /// A state cell.
    State,
    /// An event that is sent here and consumed there.
    Event,
}

impl CutKind {
    /// The word of the formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Data => "data",
            Self::Type => "type",
            Self::Transaction => "transaction",
            Self::State => "state",
            Self::Event => "event",
        }
    }
}

/// One extraction.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MigrationStep {
    /// The service.
    pub service: ServiceId,
    /// The deployable that is extracted.
    pub deployable: String,
    /// Its entry points.
    pub entry_points: Vec<EntryPointId>,
    /// Why now, strongest first.
    pub why: Vec<String>,
    /// `low`, `medium`, `high`.
    pub risk: Risk,
    /// What must be solved first: deployables or findings, in words.
    pub blocked_by: Vec<String>,
}

/// How risky a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Reads, no cut transaction, few cut edges.
    Low,
    /// Some cut edges.
    Medium,
    /// A cut transaction, shared writes or mutable state.
    High,
}

impl Risk {
    /// The word of the formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Another split.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Alternative {
    /// What makes it different, in a few words.
    pub title: String,
    /// Its services: name, entry points, tables.
    pub services: Vec<AlternativeService>,
}

/// A service of an alternative.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AlternativeService {
    /// Name.
    pub name: String,
    /// Entry points.
    pub entry_points: Vec<EntryPointId>,
    /// Tables.
    pub tables: Vec<TableId>,
    /// Number of functions.
    pub n_functions: u32,
}

/// A fitness or boundary finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// `detached-work`.
    pub code: crate::base::Code,
    /// How much it matters.
    pub severity: Severity,
    /// The service that it concerns.
    pub service: Option<ServiceId>,
    /// The deployable that it concerns.
    pub deployable: Option<String>,
    /// The function in which it shows.
    pub function: Option<FunctionId>,
    /// The line of code.
    pub place: Option<Place>,
    /// One sentence: what was found.
    pub message: String,
    /// What to do.
    pub remedy: String,
}
