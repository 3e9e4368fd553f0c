//! A foreign key from one service's table to another's: apart, nothing checks it and no cascade runs.

use crate::base::Severity;
use crate::fitness::Detector;
use crate::fitness::app::{App, Found};

pub const DETECTOR: Detector = Detector {
    code: "cross-boundary-foreign-key",
    remedy: "keep the id without the constraint, and check it where it is written",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    for (id, table) in app.model.tables.iter_enumerated() {
        for key in &table.foreign_keys {
            let (Some(from), Some(to)) = (app.owner(id), app.owner(key.table)) else { continue };
            if from == to {
                continue;
            }
            let cascade = !key.on_delete.is_empty()
                && !key.on_delete.contains("restrict")
                && !key.on_delete.contains("no action");
            let note = found
                .add(
                    if cascade { Severity::High } else { Severity::Medium },
                    format!(
                        "`{}.{}` of {} refers to `{}` of {}{}",
                        table.name,
                        key.columns.join(", "),
                        app.service_name(from),
                        app.table(key.table),
                        app.service_name(to),
                        if cascade { format!(", on delete {}", key.on_delete) } else { String::new() }
                    ),
                )
                .of(Some(from))
                .at(table.declared_at);
            if cascade {
                note.remedy("send an event when the row is deleted, and delete on it; keep the id without the constraint");
            }
        }
    }
}
