//! Services with their parts, and why each thing is where it is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{DecidedBy, Group, MetricRange};

use super::{Csv, Document, Lines};
use crate::report::names::{Names, PlaceRef, ThingRef};

pub(super) const SCHEMA: &str = "splitter-services/1";
pub(super) const PLACEMENTS_SCHEMA: &str = "splitter-placements/1";

/// `splitter export services`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Services<'a> {
    /// `splitter-services/1`.
    schema: &'static str,
    /// Whether to split.
    verdict: VerdictRow<'a>,
    /// Sorted by name.
    services: Vec<ServiceRow<'a>>,
    /// Pure code that several services may copy or link.
    kernel: GroupRow<'a>,
    /// Bootstrap: main, router wiring, configuration.
    shell: GroupRow<'a>,
    /// Metrics of the whole split.
    metrics: &'a BTreeMap<String, MetricRange>,
    /// Other splits that were nearly as good.
    alternatives: Vec<AlternativeRow<'a>>,
}

/// The decision.
#[derive(Serialize, JsonSchema)]
struct VerdictRow<'a> {
    /// `split`, `extract`, `leave`.
    kind: crate::model::VerdictKind,
    summary: &'a str,
    reasons: &'a [String],
}

/// A service candidate.
#[derive(Serialize, JsonSchema)]
struct ServiceRow<'a> {
    name: &'a str,
    deployables: Vec<DeployableRow<'a>>,
    /// Paths.
    functions: Vec<&'a str>,
    /// Paths.
    types: Vec<&'a str>,
    /// Names of the tables that it owns.
    tables: Vec<&'a str>,
    /// Paths of its state cells.
    state: Vec<&'a str>,
    metrics: &'a BTreeMap<String, MetricRange>,
}

/// A function app.
#[derive(Serialize, JsonSchema)]
struct DeployableRow<'a> {
    name: &'a str,
    /// `http`, `cron`, `consumer`, `loop`, `command`.
    trigger: &'a str,
    /// `METHOD path`, or `kind name`.
    entry_points: Vec<String>,
}

/// What belongs to no service.
#[derive(Serialize, JsonSchema)]
struct GroupRow<'a> {
    functions: Vec<&'a str>,
    types: Vec<&'a str>,
    state: Vec<&'a str>,
    entry_points: Vec<String>,
}

/// Another split.
#[derive(Serialize, JsonSchema)]
struct AlternativeRow<'a> {
    title: &'a str,
    services: Vec<AlternativeServiceRow<'a>>,
}

/// A service of another split.
#[derive(Serialize, JsonSchema)]
struct AlternativeServiceRow<'a> {
    name: &'a str,
    entry_points: Vec<String>,
    tables: Vec<&'a str>,
    n_functions: u32,
}

impl<'a> Services<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let (model, plan) = (names.model, names.plan);
        let types = |ids: &[crate::model::TypeId]| {
            let mut paths: Vec<_> = ids.iter().map(|&id| model.types[id].path.as_str()).collect();
            paths.sort_unstable();
            paths
        };
        let state = |ids: &[crate::model::StateId]| {
            let mut paths: Vec<_> = ids.iter().map(|&id| model.state_cells[id].path.as_str()).collect();
            paths.sort_unstable();
            paths
        };
        let tables = |ids: &[crate::model::TableId]| {
            let mut list: Vec<_> = ids.iter().map(|&id| model.tables[id].name.as_str()).collect();
            list.sort_unstable();
            list
        };
        let group = |group: &'a Group| GroupRow {
            functions: names.paths(&group.functions),
            types: types(&group.types),
            state: state(&group.state),
            entry_points: names.titles(&group.entry_points),
        };
        let mut services: Vec<_> = (plan.services.iter())
            .map(|service| ServiceRow {
                name: &service.name,
                deployables: (service.deployables.iter())
                    .map(|deployable| DeployableRow {
                        name: &deployable.name,
                        trigger: &deployable.trigger,
                        entry_points: names.titles(&deployable.entry_points),
                    })
                    .collect(),
                functions: names.paths(&service.functions),
                types: types(&service.types),
                tables: tables(&service.tables),
                state: state(&service.state),
                metrics: &service.metrics,
            })
            .collect();
        services.sort_by_key(|service| service.name);
        Self {
            schema: SCHEMA,
            verdict: VerdictRow {
                kind: plan.verdict.kind,
                summary: &plan.verdict.summary,
                reasons: &plan.verdict.reasons,
            },
            services,
            kernel: group(&plan.kernel),
            shell: group(&plan.shell),
            metrics: &plan.metrics,
            alternatives: (plan.alternatives.iter())
                .map(|alternative| AlternativeRow {
                    title: &alternative.title,
                    services: (alternative.services.iter())
                        .map(|service| AlternativeServiceRow {
                            name: &service.name,
                            entry_points: names.titles(&service.entry_points),
                            tables: tables(&service.tables),
                            n_functions: service.n_functions,
                        })
                        .collect(),
                })
                .collect(),
        }
    }
}

impl Document for Services<'_> {
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()> {
        out.all(&self.services)
    }
    fn csv(&self, out: &mut Csv) {
        out.row(["service", "kind", "name", "deployable"]);
        for service in &self.services {
            for deployable in &service.deployables {
                for entry in &deployable.entry_points {
                    out.row([service.name, "entry-point", entry, deployable.name]);
                }
            }
            let parts = [
                ("table", &service.tables),
                ("function", &service.functions),
                ("type", &service.types),
                ("state", &service.state),
            ];
            for (kind, list) in parts {
                for name in list {
                    out.row([service.name, kind, name, ""]);
                }
            }
        }
        for (group, row) in [("kernel", &self.kernel), ("shell", &self.shell)] {
            for name in &row.functions {
                out.row([group, "function", name, ""]);
            }
        }
    }
}

/// `splitter export placements`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Placements<'a> {
    /// `splitter-placements/1`.
    schema: &'static str,
    /// Sorted by kind and name of the thing.
    placements: Vec<PlacementRow<'a>>,
}

/// Why a thing is in its service.
#[derive(Serialize, JsonSchema)]
struct PlacementRow<'a> {
    item: ThingRef,
    /// A service's name, `kernel` or `shell`.
    service: &'a str,
    /// `engine`, `pin`, `ownership`, `rule`.
    decided_by: DecidedBy,
    /// Score per criterion for its own service.
    scores: &'a BTreeMap<Cow<'static, str>, i64>,
    /// Strongest first, at most three.
    evidence: Vec<EvidenceRow<'a>>,
    /// The second best service.
    runner_up: Option<RunnerUp<'a>>,
    /// Own total minus the runner-up's, over own total; 0 to 1.
    margin: f64,
    /// Share of perturbed runs that agree; 0 to 1.
    stability: f64,
}

/// One reason.
#[derive(Serialize, JsonSchema)]
struct EvidenceRow<'a> {
    criterion: &'a str,
    text: &'a str,
    place: Option<PlaceRef<'a>>,
    weight: i64,
}

/// The second best service and its score.
#[derive(Serialize, JsonSchema)]
struct RunnerUp<'a> {
    service: &'a str,
    score: i64,
}

impl<'a> Placements<'a> {
    pub fn new(names: &Names<'a>) -> Self {
        let mut placements: Vec<_> = (names.plan.placements.iter())
            .filter(|placement| names.shows_node(placement.node))
            .map(|placement| PlacementRow {
                item: names.thing(placement.node),
                service: &placement.service,
                decided_by: placement.decided_by,
                scores: &placement.scores,
                evidence: (placement.evidence.iter())
                    .map(|evidence| EvidenceRow {
                        criterion: &evidence.criterion,
                        text: &evidence.text,
                        place: evidence.place.map(|place| names.place(place)),
                        weight: evidence.weight,
                    })
                    .collect(),
                runner_up: (placement.runner_up.as_ref())
                    .map(|(service, score)| RunnerUp { service, score: *score }),
                margin: placement.margin,
                stability: placement.stability,
            })
            .collect();
        placements.sort_by(|a, b| a.item.cmp(&b.item));
        Self { schema: PLACEMENTS_SCHEMA, placements }
    }
}

impl Document for Placements<'_> {
    fn jsonl(&self, out: &mut Lines) -> serde_json::Result<()> {
        out.all(&self.placements)
    }
    fn csv(&self, out: &mut Csv) {
        out.row([
            "kind",
            "name",
            "service",
            "score",
            "runner_up",
            "runner_up_score",
            "margin",
            "stability",
            "evidence",
        ]);
        for row in &self.placements {
            let (runner_up, runner_up_score) =
                row.runner_up.as_ref().map_or(("", String::new()), |up| (up.service, up.score.to_string()));
            out.row([
                row.item.kind,
                &row.item.name,
                row.service,
                &row.scores.values().sum::<i64>().to_string(),
                runner_up,
                &runner_up_score,
                &row.margin.to_string(),
                &row.stability.to_string(),
                row.evidence.first().map_or("", |evidence| evidence.text),
            ]);
        }
    }
}
