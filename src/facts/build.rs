//! Puts the model together.

use std::collections::BTreeSet;

use crate::base::{Code, Diagnostic, FileId, Place, Severity};
use crate::model::{EntryPoint, Model, PackageIdx};

use super::cx::Cx;
use super::orm::Changes;
use super::{calls, documents, jobs, nodes, orm, resources, routes, schema, state, tables, transactions};

/// Every fact of the application, sorted.
pub(super) fn build(cx: &Cx) -> Model {
    // What takes longest in one piece is begun first.
    let (
        (((sql, (migrations, (of_migrations, in_code))), (typed, stored)), (mut model, (state, resources))),
        (routes, jobs),
    ) = rayon::join(
        || {
            rayon::join(
                || {
                    rayon::join(
                        || rayon::join(|| tables::tables(cx), || migrations(cx)),
                        || rayon::join(|| orm::orm(cx), || documents::documents(cx)),
                    )
                },
                || {
                    rayon::join(
                        || skeleton(cx),
                        || rayon::join(|| state::state(cx), || resources::resources(cx)),
                    )
                },
            )
        },
        || entry_points(cx),
    );

    // What migrations do to tables makes the schema; it is no use of them.
    let of_application =
        |access: &tables::Found| !of_migrations.contains(&model.functions[access.function].place.file);
    let accesses =
        sql.accesses.into_iter().chain(typed.accesses).chain(stored).filter(of_application).collect();
    // Files that migrations in code run are a part of those.
    let run: BTreeSet<FileId> = in_code.iter().flatten().map(|(place, _)| place.file).collect();
    let mut migrations = migrations;
    migrations.iter_mut().for_each(|history| history.retain(|(place, _)| !run.contains(&place.file)));
    migrations.extend(in_code);
    let is_test = |function| model.functions[function].test;
    let is_code = |place: Place| model.files[place.file].path.ends_with(".rs");
    let found = schema::assemble(migrations, sql.schema, typed.schema, accesses, is_test, is_code);
    model.tables = found.tables;
    model.accesses = found.accesses;
    model.blind_spots.extend(found.diagnostics);
    for unknown in &sql.unknown {
        if !model.functions[unknown.function].test {
            model.blind_spots.push(schema::unknown_sql(unknown.site, &unknown.reason));
        }
    }
    model.unknown_sql = sql.unknown;
    model.blind_spots.extend(sql.scanned.iter().map(|&place| schema::scanned_sql(place)));

    // What answers requests is a part of the application, whoever links it.
    for route in &routes.entries {
        if let Some(package) = package_of(&model, route) {
            model.packages[package].linked = true;
        }
    }
    // What only tests and other people's programs link, such as a client of the application, runs
    // somewhere else.
    let runs =
        |job: &EntryPoint| package_of(&model, job).is_none_or(|package| model.packages[package].linked);
    let mut entries: Vec<EntryPoint> =
        routes.entries.into_iter().chain(jobs.into_iter().filter(runs)).collect();
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    model.entry_points = entries.into();
    model.blind_spots.extend(routes.diagnostics);

    model.state_cells = state.cells;
    model.state_uses = state.uses;
    model.resources = resources.resources;
    model.resource_uses = resources.uses;
    model.detached_tasks = resources.detached;
    let (transactions, pure) = rayon::join(
        || transactions::transactions(cx, &model.calls, &model.accesses),
        || resources::pure(&model, &resources.impure),
    );
    model.transactions = transactions;
    for (function, pure) in model.functions.iter_mut().zip(pure) {
        function.pure = pure;
    }

    model.blind_spots.sort();
    model.blind_spots.dedup();
    model
}

/// What migrations in files do, a list per folder; the files that migrations in code are in, and what those
/// do, a list per package.
type Migrations = (Vec<Changes>, (BTreeSet<FileId>, Vec<Changes>));

/// Reads all migrations.
fn migrations(cx: &Cx) -> Migrations {
    let in_code = || {
        let files = orm::migration_files(cx);
        let changes = orm::migrations(cx, &files);
        (files, changes)
    };
    rayon::join(|| tables::migrations(cx), in_code)
}

/// The package that has an entry point's handler.
fn package_of(model: &Model, entry: &EntryPoint) -> Option<PackageIdx> {
    let module = model.modules.get(model.functions[entry.handler?].module)?;
    Some(module.package).filter(|&package| model.packages.get(package).is_some())
}

fn order(entry: &EntryPoint) -> impl Ord + '_ {
    (entry.kind, &entry.path, &entry.method, entry.declared_at, entry.place)
}

fn entry_points(cx: &Cx) -> (routes::RouteFacts, Vec<EntryPoint>) {
    let routes = routes::routes(cx);
    let jobs = jobs::jobs(cx, &routes.handlers);
    (routes, jobs)
}

/// What is written down as it was resolved.
fn skeleton(cx: &Cx) -> Model {
    let ((files, (items, imports)), ((functions, types), (calls, type_uses))) = rayon::join(
        || rayon::join(|| nodes::files(cx), || rayon::join(|| nodes::items(cx), || nodes::imports(cx))),
        || {
            rayon::join(
                || rayon::join(|| nodes::functions(cx), || nodes::types(cx)),
                || rayon::join(|| calls::calls(cx), || calls::type_uses(cx)),
            )
        },
    );
    Model {
        name: cx.workspace.name.clone(),
        files: files.into(),
        packages: nodes::packages(cx).into(),
        modules: nodes::modules(cx).into(),
        items: items.into(),
        imports,
        functions: functions.into(),
        types: types.into(),
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
