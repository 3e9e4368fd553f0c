//! Each service with its entry points, tables, state and metrics; what is shared; close calls.

use crate::base::Id;
use crate::model::{DecidedBy, EntryPointId, Home};
use crate::report::text::{Markup, count, number, path, prose, sentence, words};

use super::View;
use super::metric::Metric;

/// Entry points listed per service.
const N_ENTRY_POINTS: usize = 300;
/// Placements that could as well have gone elsewhere.
const N_CLOSE: usize = 20;

pub(super) struct Services {
    pub list: Vec<Service>,
    pub shell_entry_points: Vec<Entry>,
    pub n_shell_functions: usize,
    pub n_kernel_functions: usize,
    pub kernel: Vec<Markup>,
    pub n_kernel_more: usize,
    pub close: Vec<CloseCall>,
    pub alternatives: Vec<Alternative>,
}

pub(super) struct Service {
    pub idx: usize,
    pub name: String,
    pub note: String,
    pub words: String,
    pub entry_points: Vec<Entry>,
    pub n_more: usize,
    pub tables: Vec<Markup>,
    pub state: Vec<Markup>,
    pub metrics: Vec<Metric>,
    pub needs: Vec<String>,
    pub needed_by: Vec<String>,
}

pub(super) struct Entry {
    pub method: String,
    pub path: Option<Markup>,
    pub reason: String,
    pub handler: Option<Markup>,
    pub place: Markup,
    pub deployable: String,
    pub schedule: Option<String>,
}

pub(super) struct CloseCall {
    pub kind: &'static str,
    pub name: Markup,
    pub service: String,
    pub runner_up: String,
    pub margin: String,
    pub evidence: Option<Markup>,
    pub place: Option<Markup>,
}

pub(super) struct Alternative {
    pub title: Markup,
    pub services: Vec<(String, String)>,
}

fn entry(view: &View<'_>, id: EntryPointId, deployable: &str) -> Entry {
    let entry = &view.model.entry_points[id];
    Entry {
        method: match entry.kind {
            crate::model::EntryPointKind::Http => entry.method.clone().unwrap_or_else(|| "ANY".into()),
            kind => kind.as_str().into(),
        },
        path: entry.path.as_deref().map(path),
        reason: entry.reason.as_deref().map(words).unwrap_or_default(),
        handler: entry.handler.map(|handler| view.function(handler)),
        place: view.place(entry.place),
        deployable: deployable.into(),
        schedule: entry.schedule.clone(),
    }
}

fn sorted(view: &View<'_>, ids: &[EntryPointId]) -> Vec<EntryPointId> {
    let mut ids: Vec<_> = ids.to_vec();
    ids.sort_by_key(|&id| {
        let entry = &view.model.entry_points[id];
        (entry.kind, entry.path.clone(), entry.method.clone(), id)
    });
    ids
}

impl Services {
    pub fn new(view: &View<'_>) -> Self {
        let (model, plan) = (view.model, view.plan);
        let list = plan.services.ids().map(|id| service(view, id)).collect();
        let kernel: Vec<_> =
            plan.kernel.functions.iter().filter(|&&function| view.names.shows(function)).collect();
        let shell = plan.shell.functions.iter().filter(|&&function| view.names.shows(function));
        let outside: Vec<_> = (model.entry_points.ids())
            .filter(|&id| !matches!(view.names.homes.entry_points[id], Home::Service(_)))
            .filter(|&id| model.entry_points[id].handler.is_none_or(|handler| view.names.shows(handler)))
            .collect();
        let mut close: Vec<_> = (plan.placements.iter())
            .filter(|placement| placement.decided_by == DecidedBy::Engine && placement.margin < 0.25)
            .filter(|placement| view.names.shows_node(placement.node))
            .filter_map(|placement| Some((placement, placement.runner_up.as_ref()?)))
            .filter(|(placement, (other, score))| *other != placement.service && *score > 0)
            .collect();
        // What carries most comes first: entry points and tables before single functions.
        close.sort_by(|(a, _), (b, _)| {
            let weight = |node| match node {
                crate::model::NodeRef::EntryPoint(_) => 0,
                crate::model::NodeRef::Table(_) => 1,
                _ => 2,
            };
            (weight(a.node), a.margin, a.node)
                .partial_cmp(&(weight(b.node), b.margin, b.node))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let close = (close.into_iter().take(N_CLOSE))
            .map(|(placement, (runner_up, _))| CloseCall {
                kind: view.names.thing(placement.node).kind,
                name: view.thing(placement.node),
                service: placement.service.to_string(),
                runner_up: runner_up.to_string(),
                margin: format!("{}%", number((placement.margin * 100.0).round())),
                evidence: placement.evidence.first().map(|evidence| prose(&sentence(&evidence.text))),
                place: placement
                    .evidence
                    .first()
                    .and_then(|evidence| evidence.place)
                    .map(|place| view.place(place)),
            })
            .collect();
        let alternatives = (plan.alternatives.iter())
            .map(|alternative| Alternative {
                title: prose(&alternative.title),
                services: (alternative.services.iter())
                    .map(|service| {
                        (
                            service.name.clone(),
                            format!(
                                "{}, {}, {}",
                                count(service.entry_points.len(), "entry point"),
                                count(service.tables.len(), "table"),
                                count(service.n_functions as usize, "function")
                            ),
                        )
                    })
                    .collect(),
            })
            .collect();
        Self {
            list,
            n_shell_functions: shell.count(),
            shell_entry_points: sorted(view, &outside).iter().map(|&id| entry(view, id, "")).collect(),
            n_kernel_functions: kernel.len(),
            n_kernel_more: kernel.len().saturating_sub(24),
            kernel: kernel.iter().take(24).map(|&&function| view.function(function)).collect(),
            close,
            alternatives,
        }
    }
}

fn service(view: &View<'_>, id: crate::model::ServiceId) -> Service {
    let (model, plan) = (view.model, view.plan);
    let service = &plan.services[id];
    let shown = sorted(view, &service.entry_points);
    let deployable = |entry: EntryPointId| {
        (service.deployables.iter())
            .find(|deployable| deployable.entry_points.contains(&entry))
            .map_or("", |deployable| deployable.name.as_str())
    };
    let neighbours = |ends: &dyn Fn(&crate::model::CutEdge) -> Option<crate::model::ServiceId>| {
        let mut found: Vec<_> = plan.cuts.iter().filter_map(ends).collect();
        found.sort_unstable();
        found.dedup();
        found.iter().map(|&other| view.names.service(other).to_string()).collect::<Vec<_>>()
    };
    let n_functions = service.functions.iter().filter(|&&function| view.names.shows(function)).count();
    Service {
        idx: id.idx(),
        name: service.name.clone(),
        note: format!(
            "{} · {} · {} · {}",
            count(service.entry_points.len(), "entry point"),
            count(service.tables.len(), "table"),
            count(n_functions, "function"),
            count(service.deployables.len(), "deployable")
        ),
        words: service.words.iter().take(6).cloned().collect::<Vec<_>>().join(", "),
        n_more: shown.len().saturating_sub(N_ENTRY_POINTS),
        entry_points: (shown.iter().take(N_ENTRY_POINTS))
            .map(|&entry_point| entry(view, entry_point, deployable(entry_point)))
            .collect(),
        tables: service.tables.iter().map(|&table| path(&model.tables[table].name)).collect(),
        state: (service.state.iter())
            .map(|&cell| path(view.short(model.state_cells[cell].path.as_str())))
            .collect(),
        metrics: service.metrics.iter().map(|(name, range)| Metric::new(name, range)).collect(),
        needs: neighbours(&|cut| (cut.from == id).then_some(cut.to)),
        needed_by: neighbours(&|cut| (cut.to == id).then_some(cut.from)),
    }
}
