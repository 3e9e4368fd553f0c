//! A transaction whose tables belong to two services: split, it is no transaction any more.
//!
//! Only written tables count; a transaction that only reads loses nothing that matters. A call inside
//! the extent that uses the pool is not rolled back today already.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, join};
use crate::model::ServiceId;

pub const DETECTOR: Detector = Detector {
    code: "cross-boundary-transaction",
    remedy: "keep the writers in one service; or write an outbox row in the same transaction and let the other service consume it idempotently; or a saga with named compensations",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    for transaction in app.model.transactions.iter().filter(|found| app.live(found.opened_by)) {
        let mut owners: BTreeMap<ServiceId, BTreeSet<&str>> = BTreeMap::new();
        for &(table, _) in transaction.tables.iter().filter(|(_, op)| op.is_write()) {
            if let Some(owner) = app.owner(table) {
                owners.entry(owner).or_default().insert(app.table(table));
            }
        }
        let opener = app.function(transaction.opened_by);
        if owners.len() > 1 {
            let parts: Vec<_> = (owners.iter())
                .map(|(&service, tables)| {
                    let tables = join(tables.iter().map(|table| format!("`{table}`")));
                    format!("{tables} of {}", app.service_name(service))
                })
                .collect();
            found
                .add(Severity::Blocker, format!("the transaction in `{opener}` writes {}", parts.join("; ")))
                .within(app, transaction.opened_by)
                .at(transaction.site);
        }
        for &escape in &transaction.escapes {
            found
                .add(
                    Severity::High,
                    format!("inside the transaction of `{opener}`, this call uses the pool: it is not rolled back with the rest, today already"),
                )
                .within(app, transaction.opened_by)
                .at(escape)
                .remedy("pass the transaction down, or make the call after the commit");
        }
    }
}
