//! Work before serving: as a function, every instance would do it, within the platform's limit.

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found};
use crate::model::EntryPointKind;

pub const DETECTOR: Detector = Detector {
    code: "start-up-work",
    remedy: "run migrations and seeding as a step of the deployment; create clients lazily",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    for entry in app.model.entry_points.iter().filter(|entry| entry.kind == EntryPointKind::Startup) {
        let name = match (&entry.path, entry.handler) {
            (Some(name), _) => name.clone(),
            (None, Some(handler)) => app.function(handler).to_string(),
            (None, None) => continue,
        };
        found
            .add(Severity::Medium, format!("`{name}` runs before serving: every instance would run it"))
            .within(app, entry.handler)
            .at(entry.declared_at);
    }
}
