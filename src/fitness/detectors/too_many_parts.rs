//! Parts that are not worth being one: no data of their own, next to no code, one caller.

use std::collections::BTreeSet;

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, count};

pub const DETECTOR: Detector = Detector {
    code: "too-many-parts",
    remedy: "merge it into its caller's service, or into the one whose data it works on",
    look,
};

/// Fewer functions than this are no service by themselves.
const FEW: usize = 4;

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let services = &app.plan.services;
    for (id, service) in services.iter_enumerated() {
        let n_functions = service.functions.iter().filter(|&&function| app.live(function)).count();
        let callers: BTreeSet<_> =
            app.plan.cuts.iter().filter(|cut| cut.to == id).map(|cut| cut.from).collect();
        // A scheduled job or consumer may well stand alone.
        let by_request = service.deployables.iter().all(|deployable| deployable.trigger == "http");
        if n_functions < FEW
            && service.tables.is_empty()
            && callers.len() <= 1
            && by_request
            && services.len() > 1
        {
            found
                .add(
                    Severity::Medium,
                    format!(
                        "{} has {} and no table of its own",
                        service.name,
                        count(n_functions, "function")
                    ),
                )
                .of(Some(id));
        }
    }
    let n_deployables: usize = services.iter().map(|service| service.deployables.len()).sum();
    if services.len() > 2 && n_deployables > app.model.entry_points.len() / 2 && n_deployables > 8 {
        found
            .add(
                Severity::Medium,
                format!(
                    "{} for {}: the overhead grows with each part",
                    count(n_deployables, "deployable"),
                    count(app.model.entry_points.len(), "entry point")
                ),
            )
            .remedy("ask for fewer services with `--services`, or extract only the first steps");
    }
}
