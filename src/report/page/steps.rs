//! The order of extraction.

use crate::report::text::{Markup, path, prose, sentence};

use super::View;

/// Steps on the page; the export holds all.
const N_STEPS: usize = 60;
/// Entry points listed per step.
const N_ENTRY_POINTS: usize = 8;

pub(super) struct Steps {
    pub steps: Vec<Step>,
    pub n_more: usize,
}

pub(super) struct Step {
    pub number: usize,
    pub deployable: String,
    pub service: String,
    pub risk: &'static str,
    pub why: Vec<Markup>,
    pub blocked_by: Vec<Markup>,
    pub entry_points: Vec<Markup>,
    pub n_more: usize,
    pub command: String,
}

impl Steps {
    pub fn new(view: &View<'_>) -> Self {
        let steps = (view.plan.steps.iter().take(N_STEPS).enumerate())
            .map(|(idx, step)| {
                let titles = view.names.titles(&step.entry_points);
                Step {
                    number: idx + 1,
                    deployable: step.deployable.clone(),
                    service: view.names.service(step.service).to_string(),
                    risk: step.risk.as_str(),
                    why: step.why.iter().map(|why| prose(&sentence(why))).collect(),
                    blocked_by: step.blocked_by.iter().map(|why| prose(&sentence(why))).collect(),
                    n_more: titles.len().saturating_sub(N_ENTRY_POINTS),
                    entry_points: titles.iter().take(N_ENTRY_POINTS).map(|title| path(title)).collect(),
                    command: format!("splitter scaffold {}", step.deployable),
                }
            })
            .collect();
        Self { steps, n_more: view.plan.steps.len().saturating_sub(N_STEPS) }
    }
}
