//! A table that more than one service writes: nobody owns its invariants or its schema.
//!
//! Append-only logs and outboxes are notes: many writers are what they are for. Where every foreign
//! write is only likely, the finding is one step milder.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, join};
use crate::model::{Certainty, ServiceId, TableAccess, TableId, TableOp};

pub const DETECTOR: Detector = Detector {
    code: "shared-table-write",
    remedy: "give the table one owner; the others call it or send it an event; start inside the monolith, by moving the foreign writes behind the owner's functions",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let mut writes: BTreeMap<TableId, Vec<(ServiceId, &TableAccess)>> = BTreeMap::new();
    for access in app.model.accesses.iter().filter(|access| access.op.is_write() && app.live(access.function))
    {
        if let Some(service) = app.service(access.function) {
            writes.entry(access.table).or_default().push((service, access));
        }
    }
    for (table, writes) in writes {
        let writers: BTreeSet<_> = writes.iter().map(|(service, _)| *service).collect();
        if writers.len() < 2 {
            continue;
        }
        let owner = app.owner(table).unwrap_or(writes[0].0);
        let foreign: Vec<_> = writes.iter().filter(|(service, _)| *service != owner).collect();
        let (_, first) = foreign[0];
        let log =
            ["log", "audit", "outbox", "event", "history"].iter().any(|word| app.table(table).contains(word))
                && writes.iter().all(|(_, access)| access.op == TableOp::Insert);
        let severity = match () {
            () if log => Severity::Note,
            () if foreign.iter().all(|(_, access)| access.certainty == Certainty::Likely) => Severity::High,
            () => Severity::Blocker,
        };
        let others: BTreeSet<_> = foreign.iter().map(|(service, _)| *service).collect();
        let functions: BTreeSet<_> =
            foreign.iter().map(|(_, access)| format!("`{}`", app.function(access.function))).collect();
        found
            .add(
                severity,
                format!(
                    "`{}` belongs to {} and is also written by {}, in {}",
                    app.table(table),
                    app.service_name(owner),
                    app.list(&others),
                    join(functions)
                ),
            )
            .of(Some(owner))
            .within(app, first.function)
            .at(first.site);
    }
}
