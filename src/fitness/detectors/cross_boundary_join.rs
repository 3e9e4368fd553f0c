//! A statement over tables of two services: apart, it is several calls and a merge in memory.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Place, Severity};
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, join};
use crate::model::{FunctionId, TableId};

pub const DETECTOR: Detector = Detector {
    code: "cross-boundary-join",
    remedy: "keep a read copy that events feed, or ask the owner for all rows at once and merge",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let mut statements: BTreeMap<(Place, FunctionId), BTreeSet<TableId>> = BTreeMap::new();
    for access in app.model.accesses.iter().filter(|access| access.joined && app.live(access.function)) {
        statements.entry((access.site, access.function)).or_default().insert(access.table);
    }
    for ((site, function), tables) in statements {
        let owners: BTreeSet<_> = tables.iter().filter_map(|&table| app.owner(table)).collect();
        if owners.len() < 2 || app.service(function).is_none() {
            continue;
        }
        let names = tables.iter().map(|&table| match app.owner(table) {
            Some(owner) => format!("`{}` ({})", app.table(table), app.service_name(owner)),
            None => format!("`{}`", app.table(table)),
        });
        found
            .add(
                Severity::High,
                format!("one statement in `{}` joins {}", app.function(function), join(names)),
            )
            .within(app, function)
            .at(site);
    }
}
