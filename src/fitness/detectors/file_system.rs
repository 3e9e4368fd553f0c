//! Files of this machine: a function has a small temporary directory of its own, and nothing else.
//!
//! A database that is a file is the same thing, worse: functions elsewhere cannot see it at all.

use std::collections::BTreeMap;

use crate::base::{Place, Severity};
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, count, in_service};
use crate::model::{FunctionId, ResourceKind};

pub const DETECTOR: Detector = Detector {
    code: "file-system",
    remedy: "put it into an object store, or into the binary with `include_str!` and `include_bytes!` where it never changes",
    look,
};

/// Databases that live in a file of their process's machine.
const EMBEDDED: [&str; 7] = ["SqlitePool", "Sqlite", "rusqlite", "sled", "rocksdb", "redb", "heed"];

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let mut uses: BTreeMap<(FunctionId, &str), Place> = BTreeMap::new();
    for used in app.model.resource_uses.iter().filter(|used| app.live(used.function)) {
        let resource = &app.model.resources[used.resource];
        if resource.kind == ResourceKind::File && in_service(app.homes.functions[used.function]) {
            let first = uses.entry((used.function, &resource.name)).or_insert(used.site);
            *first = (*first).min(used.site);
        }
    }
    for ((function, name), site) in uses {
        let what = match name {
            "" => "a file".to_string(),
            // No name but a remark in brackets.
            name if name.starts_with('(') => "a file whose name is known at run time".to_string(),
            name => format!("`{name}`"),
        };
        found
            .add(Severity::Medium, format!("`{}` uses {what} of this machine", app.function(function)))
            .within(app, function)
            .at(site);
    }
    for cell in &app.model.state_cells {
        let embedded = EMBEDDED.iter().find(|word| {
            cell.ty
                .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .any(|part| part == **word)
        });
        if embedded.is_some() && !app.plan.services.is_empty() {
            found
                .add(
                    Severity::High,
                    format!(
                        "the database behind `{}` is a file of this machine, shared by {}",
                        app.short(cell.path.as_str()),
                        count(app.plan.services.len(), "service")
                    ),
                )
                .at(cell.place)
                .remedy("move to a database server first; until then extract only what runs on the same machine or reaches the data through the monolith");
        }
    }
}
