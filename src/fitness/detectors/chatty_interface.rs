//! Two services with much to say to each other: cheap per call today, dear per request tomorrow.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found};
use crate::model::{CutEdge, CutKind, ServiceId};

pub const DETECTOR: Detector = Detector {
    code: "chatty-interface",
    remedy: "fewer, coarser calls; pass along what was already fetched; or merge the two",
    look,
};

/// Distinct functions that are called.
const MANY_TARGETS: usize = 6;
/// Places that call.
const MANY_SITES: usize = 12;

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let mut pairs: BTreeMap<(ServiceId, ServiceId), Vec<&CutEdge>> = BTreeMap::new();
    for cut in app.plan.cuts.iter().filter(|cut| cut.kind == CutKind::Call && app.live(cut.function)) {
        pairs.entry((cut.from, cut.to)).or_default().push(cut);
    }
    for ((from, to), cuts) in pairs {
        let targets: BTreeSet<_> = cuts.iter().map(|cut| cut.target).collect();
        let sites: BTreeSet<_> = cuts.iter().map(|cut| cut.site).collect();
        if targets.len() < MANY_TARGETS && sites.len() < MANY_SITES {
            continue;
        }
        let first = cuts.iter().min_by_key(|cut| cut.site).expect("not empty");
        found
            .add(
                Severity::Medium,
                format!(
                    "{} calls {} functions of {} at {} places",
                    app.service_name(from),
                    targets.len(),
                    app.service_name(to),
                    sites.len()
                ),
            )
            .of(Some(from))
            .within(app, first.function)
            .at(first.site);
    }
}
