//! Work that outlives the answer: a function is frozen once it has answered, and the work with it.
//!
//! What the shell starts (listeners, shutdown signals) stays with the shell.

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, in_service};

pub const DETECTOR: Detector = Detector {
    code: "detached-work",
    remedy: "await it before the answer, or send it to a queue whose consumer is a function of its own",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    for task in app.model.detached_tasks.iter().filter(|task| app.live(task.function)) {
        if in_service(app.homes.functions[task.function]) {
            found
                .add(
                    Severity::High,
                    format!(
                        "`{}` starts work with `{}` and does not wait for it",
                        app.function(task.function),
                        task.by
                    ),
                )
                .within(app, task.function)
                .at(task.site);
        }
    }
}
