//! Truth that lives in the process: every instance of a function has its own, and loses it.
//!
//! Handles to databases and services are no truth; what is not written after start is immutable. A
//! cache only gets slower or staler. Channels are judged by who holds their ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Id, Severity};
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, in_service, join};
use crate::model::{StateKind, StateUse};

pub const DETECTOR: Detector = Detector {
    code: "in-process-state",
    remedy: "move it to the database, a shared cache or the request's token; or keep what writes it on the server",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let mut uses: BTreeMap<usize, Vec<&StateUse>> = BTreeMap::new();
    for used in app.model.state_uses.iter().filter(|used| app.live(used.function)) {
        uses.entry(used.cell.idx()).or_default().push(used);
    }
    for (id, cell) in app.model.state_cells.iter_enumerated() {
        let Some(uses) = uses.get(&id.idx()) else { continue };
        let work: Vec<&StateUse> =
            uses.iter().copied().filter(|used| in_service(app.homes.functions[used.function])).collect();
        let writes: Vec<&StateUse> = work.iter().copied().filter(|used| used.write).collect();
        let services: BTreeSet<_> = work.iter().filter_map(|used| app.service(used.function)).collect();
        if cell.kind == StateKind::Handle || !cell.mutable || work.is_empty() {
            continue;
        }
        let severity = match cell.kind {
            StateKind::Cache => Severity::Medium,
            StateKind::Channel if services.len() > 1 => Severity::Blocker,
            StateKind::Channel => Severity::High,
            _ if writes.is_empty() => Severity::Low,
            _ => Severity::Blocker,
        };
        let shown = if writes.is_empty() { &work } else { &writes };
        let functions: BTreeSet<_> =
            shown.iter().map(|used| format!("`{}`", app.function(used.function))).collect();
        let first = shown[0];
        let what = match cell.kind {
            StateKind::Cache => "the cache",
            StateKind::Channel => "the channel",
            StateKind::Static => "the static",
            _ => "the shared state",
        };
        let how = if writes.is_empty() { "is read by" } else { "is changed by" };
        let note = found
            .add(severity, format!("{what} `{}` {how} {}", app.short(cell.path.as_str()), join(functions)))
            .of(app.homes.state[id].service())
            .within(app, first.function)
            .at(first.site);
        match cell.kind {
            StateKind::Cache => {
                note.remedy("each instance would fill its own: accept that where it only saves work, else use a shared cache and mind its round trip");
            }
            StateKind::Channel => {
                note.remedy("a queue or topic takes its place: the sender publishes, the receiver becomes a function of its own");
            }
            _ => {}
        }
    }
}
