//! One pool becomes one pool per instance of every function: the database refuses connections under
//! load, not in tests.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, count};
use crate::model::{StateId, StateKind};

pub const DETECTOR: Detector = Detector {
    code: "connection-fan-out",
    remedy: "at most one or two connections per instance, opened lazily, behind a pooling proxy; limit how many instances may run",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let mut users: BTreeMap<StateId, BTreeSet<_>> = BTreeMap::new();
    for used in app.model.state_uses.iter().filter(|used| app.live(used.function)) {
        if let Some(service) = app.service(used.function) {
            users.entry(used.cell).or_default().insert(service);
        }
    }
    for (id, cell) in app.model.state_cells.iter_enumerated() {
        let pool = cell.kind == StateKind::Handle
            && ["Pool", "DatabaseConnection"].iter().any(|word| cell.ty.contains(word))
            && !cell.ty.contains("Sqlite");
        let Some(services) = users.get(&id).filter(|_| pool) else { continue };
        let n_deployables: usize =
            services.iter().map(|&service| app.plan.services[service].deployables.len()).sum();
        if n_deployables < 2 {
            continue;
        }
        found
            .add(
                Severity::High,
                format!(
                    "the pool `{}` would exist once per running instance of {} in {}",
                    app.short(cell.path.as_str()),
                    count(n_deployables, "deployable"),
                    count(services.len(), "service")
                ),
            )
            .at(cell.place);
    }
}
