//! Puts the model together.

use crate::base::{Code, Diagnostic, Place, Severity};
use crate::model::{EntryPoint, Model};

use super::cx::Cx;
use super::{calls, jobs, nodes, routes, schema, tables};

/// Every fact of the application, sorted.
pub(super) fn build(cx: &Cx) -> Model {
    let (mut model, (sql, migrations)) =
        rayon::join(|| skeleton(cx), || rayon::join(|| tables::tables(cx), || tables::migrations(cx)));

    let found = schema::assemble(migrations, sql.schema, Vec::new(), sql.accesses);
    model.tables = found.tables;
    model.accesses = found.accesses;
    model.blind_spots.extend(found.diagnostics);
    for unknown in &sql.unknown {
        if !model.functions[unknown.function].test {
            model.blind_spots.push(schema::unknown_sql(unknown.site, &unknown.reason));
        }
    }
    model.unknown_sql = sql.unknown;

    let (entries, spots) = routes::routes(cx);
    let handlers =
        entries.iter().filter_map(|entry| entry.handler).map(|handler| cx.def_of[handler]).collect();
    let mut entries: Vec<EntryPoint> = entries.into_iter().chain(jobs::jobs(cx, &handlers)).collect();
    entries.sort_by(|a, b| {
        let key = |entry: &EntryPoint| {
            (entry.kind, entry.path.clone(), entry.method.clone(), entry.declared_at, entry.place)
        };
        key(a).cmp(&key(b))
    });
    model.entry_points = entries.into();
    model.blind_spots.extend(spots);

    model.blind_spots.sort();
    model.blind_spots.dedup();
    model
}

/// What is written down as it was resolved.
fn skeleton(cx: &Cx) -> Model {
    let ((files, items), (functions, (calls, type_uses))) = rayon::join(
        || rayon::join(|| nodes::files(cx), || nodes::items(cx)),
        || rayon::join(|| nodes::functions(cx), || rayon::join(|| calls::calls(cx), || calls::type_uses(cx))),
    );
    Model {
        name: cx.workspace.name.clone(),
        files: files.into(),
        packages: nodes::packages(cx).into(),
        modules: nodes::modules(cx).into(),
        items: items.into(),
        imports: nodes::imports(cx),
        functions: functions.into(),
        types: nodes::types(cx).into(),
        calls: calls.edges,
        unresolved: calls.unresolved,
        resolution: calls.resolution,
        type_uses,
        blind_spots: blind_spots(cx),
        ..Model::default()
    }
}

/// What the rooms before could not understand.
fn blind_spots(cx: &Cx) -> Vec<Diagnostic> {
    let mut spots = cx.workspace.diagnostics.clone();
    spots.extend(cx.program.diagnostics.iter().cloned());
    for (path, message) in &cx.workspace.unread {
        spots.push(
            Diagnostic::note(Code::new("unread"), None, format!("{path}: {message}"))
                .with_severity(Severity::Low),
        );
    }
    for (file, parsed) in cx.program.files.files.iter_enumerated() {
        if let Some((line, message)) = &parsed.error {
            let place = Some(Place { file, line: *line });
            spots.push(
                Diagnostic::note(Code::new("unparsed-file"), place, message.clone())
                    .with_severity(Severity::Medium),
            );
        }
    }
    spots
}
