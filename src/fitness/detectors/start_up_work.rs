//! Work before serving: as a function, every instance would do it, within the platform's limit.

use std::collections::BTreeSet;

use crate::base::{Place, Severity};
use crate::fitness::Detector;
use crate::fitness::app::{App, Found};
use crate::model::{EntryPointKind, FunctionId};

pub const DETECTOR: Detector = Detector {
    code: "start-up-work",
    remedy: "run migrations and seeding as a step of the deployment; create clients lazily",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let startup = (app.model.entry_points.iter())
        .filter(|entry| entry.kind == EntryPointKind::Startup)
        .filter_map(|entry| entry.handler);
    // A guarded subcommand is no start-up work.
    let mut seen: BTreeSet<FunctionId> = (app.model.entry_points.iter())
        .filter(|entry| entry.kind != EntryPointKind::Startup)
        .filter_map(|entry| entry.handler)
        .collect();
    let mut level: Vec<FunctionId> = startup.filter(|&function| app.live(function)).collect();
    // What `main` calls, and what that calls: deeper down it is rather the application at work.
    for _ in 0..3 {
        let mut next = Vec::new();
        for function in level {
            if !seen.insert(function) {
                continue;
            }
            if let Some((what, site)) = work(app, function) {
                found
                    .add(
                        Severity::Medium,
                        format!("`{}` {what} before serving: every instance would", app.function(function)),
                    )
                    .within(app, function)
                    .at(site);
            }
            next.extend(app.direct_calls(function));
        }
        level = next;
    }
}

/// What a function does that takes time at start.
fn work(app: &App<'_>, function: FunctionId) -> Option<(String, Place)> {
    let accesses = &app.model.accesses;
    let from = accesses.partition_point(|access| access.function < function);
    if let Some(access) = accesses.get(from).filter(|access| access.function == function) {
        let verb = if access.op.is_write() { "writes" } else { "reads" };
        return Some((format!("{verb} `{}`", app.table(access.table)), access.site));
    }
    let func = &app.model.functions[function];
    let named = ["migrat", "seed", "warm_up", "warmup", "preload"];
    named.iter().any(|word| func.name.contains(word)).then(|| ("does its work".to_string(), func.place))
}
