//! Truth that lives in the process: every instance of a function has its own, and loses it.
//!
//! Handles to databases and services are no truth; what is not written after start is immutable. A
//! cache only gets slower or staler, metrics count per instance. Channels are judged by who holds their
//! ends. A shared handle to a struct that has cells of its own is not said twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Id, Severity};
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, in_service, join};
use crate::model::{FunctionId, StateCell, StateKind, StateUse};

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
        let work: Vec<&StateUse> = (uses.iter().copied())
            .filter(|used| in_service(app.homes.functions[used.function]) && !builds(app, used.function))
            .collect();
        let writes: Vec<&StateUse> = work.iter().copied().filter(|used| used.write).collect();
        let services: BTreeSet<_> = work.iter().filter_map(|used| app.service(used.function)).collect();
        let holder = cell.kind != StateKind::Static && holds_cells(app, cell);
        if cell.kind == StateKind::Handle || !cell.mutable || work.is_empty() || holder {
            continue;
        }
        let kind = if says(cell, &["cache", "memo"]) { StateKind::Cache } else { cell.kind };
        let severity = match kind {
            _ if says(cell, &["metric", "telemetry", "stats"]) => Severity::Note,
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
        let what = match kind {
            StateKind::Cache => "the cache",
            StateKind::Channel => "the channel",
            StateKind::Static => "the static",
            _ => "the shared state",
        };
        let how = match kind {
            StateKind::Channel => "is used by",
            _ if writes.is_empty() => "is read by",
            _ => "is changed by",
        };
        let note = found
            .add(severity, format!("{what} `{}` {how} {}", app.short(cell.path.as_str()), join(functions)))
            .of(app.homes.state[id].service())
            .within(app, first.function)
            .at(first.site);
        match kind {
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

/// Whether the name or type of a cell says one of the words.
fn says(cell: &StateCell, words: &[&str]) -> bool {
    let text = format!("{} {}", cell.path, cell.ty).to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// Whether the cell's type names a struct whose fields are cells themselves.
fn holds_cells(app: &App<'_>, cell: &StateCell) -> bool {
    let owner = |other: &StateCell| {
        let path = other.path.as_str();
        let (strukt, _) = path.rsplit_once('.')?;
        Some(strukt.rsplit("::").next().unwrap_or(strukt).to_string())
    };
    app.model.state_cells.iter().filter(|other| other.path != cell.path && other.mutable).any(|other| {
        owner(other).is_some_and(|name| {
            cell.ty.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|part| part == name)
        })
    })
}

/// Whether a function makes a value rather than changes one.
fn builds(app: &App<'_>, function: FunctionId) -> bool {
    matches!(app.model.functions[function].name.as_str(), "new" | "build" | "default" | "try_new")
}
