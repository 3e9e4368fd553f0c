//! Looks for what makes a part unfit to be a function, and what a cut would cost.
//!
//! In: a [`Model`] and its [`Plan`]. Out: [`Finding`]s, worst first. One check per file under
//! `detectors/`, listed in [`DETECTORS`]. Missing evidence is never "clean": what could not be read is
//! a finding of its own (`uncertain-edge`).

mod app;
mod detectors;

#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::model::{Finding, Model, Plan};

use app::{App, Found};
pub use detectors::DETECTORS;

/// One check.
pub struct Detector {
    /// Kebab-case, stable: `shared-table-write`.
    pub code: &'static str,
    /// What to do, in one sentence; a finding may know better.
    pub remedy: &'static str,
    look: fn(&App<'_>, &mut Found<'_>),
}

/// Finds what a split must solve first.
pub fn fitness(model: &Model, plan: &Plan) -> Vec<Finding> {
    let app = App::new(model, plan);
    let look = |detector: &Detector| {
        let mut findings = Vec::new();
        (detector.look)(&app, &mut Found::new(detector, &mut findings));
        findings
    };
    let mut findings = DETECTORS.par_iter().map(look).collect::<Vec<_>>().concat();
    findings.sort_by(|a, b| {
        (a.severity, &a.code, a.place, a.service, &a.message)
            .cmp(&(b.severity, &b.code, b.place, b.service, &b.message))
    });
    findings.dedup();
    findings
}
