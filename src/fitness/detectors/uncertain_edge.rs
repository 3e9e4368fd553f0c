//! What is not known about a service's code: an arrow that is missing there is missing everywhere.

use crate::base::{Id, Place, Severity};
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, count, join};
use crate::model::{Certainty, FunctionId};

pub const DETECTOR: Detector = Detector {
    code: "uncertain-edge",
    remedy: "look at the places under Blind spots before you extract this service",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let n = app.plan.services.len();
    let (mut unknown, mut dynamic, mut sql) = (vec![0; n], vec![0; n], vec![0; n]);
    let mut first: Vec<Option<(Place, FunctionId)>> = vec![None; n];
    for call in app.model.unresolved.iter().filter(|call| app.live(call.caller)) {
        if let Some(service) = app.service(call.caller) {
            unknown[service.idx()] += 1;
            first[service.idx()].get_or_insert((call.site, call.caller));
        }
    }
    // One site of dynamic dispatch has an edge per implementor.
    let mut sites: Vec<_> = (app.model.calls.iter())
        .filter(|call| call.certainty == Certainty::OneOf && app.live(call.caller))
        .map(|call| (call.site, call.caller))
        .collect();
    sites.dedup();
    for (_, caller) in sites {
        if let Some(service) = app.service(caller) {
            dynamic[service.idx()] += 1;
        }
    }
    for unread in app.model.unknown_sql.iter().filter(|unread| app.live(unread.function)) {
        if let Some(service) = app.service(unread.function) {
            sql[service.idx()] += 1;
            first[service.idx()].get_or_insert((unread.site, unread.function));
        }
    }
    for (id, service) in app.plan.services.iter_enumerated() {
        let idx = id.idx();
        let mut parts = Vec::new();
        if unknown[idx] > 0 {
            parts.push(format!("{} that could not be followed", count(unknown[idx], "call")));
        }
        if dynamic[idx] > 0 {
            parts.push(format!("{} through a trait object or generic", count(dynamic[idx], "call")));
        }
        if sql[idx] > 0 {
            parts.push(format!("{} that could not be read", count(sql[idx], "SQL statement")));
        }
        if parts.is_empty() {
            continue;
        }
        // Unknown SQL may write any table: that is more than a note.
        let severity = if sql[idx] > 0 { Severity::Low } else { Severity::Note };
        found
            .add(severity, format!("{} has {}", service.name, join(parts)))
            .of(Some(id))
            .within(app, first[idx].map(|(_, function)| function))
            .at(first[idx].map(|(site, _)| site));
    }
}
