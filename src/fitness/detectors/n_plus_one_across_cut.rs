//! A call or query across the cut in a loop: nanoseconds become milliseconds times n.
//!
//! Also one level deeper: a loop that calls a function of its own service which crosses each time.

use std::collections::BTreeSet;

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found};
use crate::model::CutKind;

pub const DETECTOR: Detector = Detector {
    code: "n-plus-one-across-cut",
    remedy: "ask once for all of them: a batch function that takes the ids and gives a map; today it costs little to add and tests the boundary",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let crossing = app.plan.cuts.iter().filter(|cut| cut.in_loop && app.live(cut.function));
    for cut in crossing.filter(|cut| matches!(cut.kind, CutKind::Call | CutKind::Data)) {
        let target = match cut.target {
            crate::model::NodeRef::Function(callee) => format!("calls `{}`", app.function(callee)),
            crate::model::NodeRef::Table(table) => format!("queries `{}`", app.table(table)),
            _ => continue,
        };
        found
            .add(
                Severity::High,
                format!(
                    "each turn of a loop in `{}` {target} of {}",
                    app.function(cut.function),
                    app.service_name(cut.to)
                ),
            )
            .within(app, cut.function)
            .at(cut.site);
    }
    let mut seen = BTreeSet::new();
    for call in app.model.calls.iter().filter(|call| call.in_loop && app.live(call.caller)) {
        let (from, to) = (app.service(call.caller), app.service(call.callee));
        if from.is_none() || from != to || call.caller == call.callee {
            continue;
        }
        let Some(cut) = app.remote(call.callee).next() else { continue };
        if seen.insert((call.caller, call.callee)) {
            found
                .add(
                    Severity::High,
                    format!(
                        "each turn of a loop in `{}` calls `{}`, which reaches into {}",
                        app.function(call.caller),
                        app.function(call.callee),
                        app.service_name(cut.to)
                    ),
                )
                .within(app, call.caller)
                .at(call.site);
        }
    }
}
