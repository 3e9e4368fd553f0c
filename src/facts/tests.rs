//! The dump that the room's tests compare.

use std::fmt::Write as _;

use crate::model::Model;
use crate::testing::fixture;

use super::{Catalogs, facts};

/// The model of a fixture.
pub(super) fn model(text: &str) -> Model {
    let workspace = fixture(text);
    let files = crate::parse::parse(&workspace);
    let program = crate::resolve::resolve(&workspace, files);
    facts(&workspace, &program, &Catalogs::builtin())
}

fn line(model: &Model, place: crate::base::Place) -> String {
    format!("{}:{}", model.files[place.file].path, place.line)
}

/// The entry points of a fixture, one per line, with handler and declaration.
pub(super) fn entries(text: &str) -> String {
    let model = model(text);
    let mut out = String::new();
    for entry in &model.entry_points {
        let handler = entry.handler.map_or("-", |handler| model.functions[handler].path.as_str());
        let _ = write!(out, "{} -> {handler} @{}", entry.title(), line(&model, entry.declared_at));
        if let Some(schedule) = &entry.schedule {
            let _ = write!(out, " every {schedule}");
        }
        for guard in &entry.guards {
            let _ = write!(out, " guard {}", model.types[*guard].name);
        }
        for item in &entry.middleware {
            let _ = write!(out, " behind {}", model.items[*item].name);
        }
        if let Some(reason) = &entry.reason {
            let _ = write!(out, " ({reason})");
        }
        out.push('\n');
    }
    out
}

/// Tables and accesses of a fixture.
pub(super) fn tables(text: &str) -> String {
    let model = model(text);
    let mut out = String::new();
    for table in &model.tables {
        let kind = if table.view { "view" } else { "table" };
        let _ = write!(out, "{kind} {}", table.name);
        for key in &table.foreign_keys {
            let _ = write!(out, " ({})->{}", key.columns.join(","), model.tables[key.table].name);
            out.push_str(if key.mapped { " mapped" } else { "" });
        }
        for from in &table.derived_from {
            let _ = write!(out, " from {}", model.tables[*from].name);
        }
        out.push('\n');
    }
    for access in &model.accesses {
        let function = &model.functions[access.function].path;
        let (table, site) = (&model.tables[access.table].name, line(&model, access.site));
        let _ =
            write!(out, "{function} {} {table} @{site} {}", access.op.as_str(), access.certainty.as_str());
        if access.in_loop {
            out.push_str(" in-loop");
        }
        if access.joined {
            out.push_str(" joined");
        }
        out.push('\n');
    }
    for unknown in &model.unknown_sql {
        let function = &model.functions[unknown.function].path;
        let _ = writeln!(out, "{function} unknown @{} {}", line(&model, unknown.site), unknown.reason);
    }
    out
}

/// Transactions of a fixture.
pub(super) fn transactions(text: &str) -> String {
    let model = model(text);
    let mut out = String::new();
    for transaction in &model.transactions {
        let functions: Vec<&str> =
            transaction.functions.iter().map(|&function| model.functions[function].path.as_str()).collect();
        let tables: Vec<String> = transaction
            .tables
            .iter()
            .map(|&(table, op)| format!("{} {}", op.as_str(), model.tables[table].name))
            .collect();
        let _ = write!(
            out,
            "@{} {} | {}",
            line(&model, transaction.site),
            functions.join(", "),
            tables.join(", ")
        );
        for &escape in &transaction.escapes {
            let _ = write!(out, " | escapes @{}", line(&model, escape));
        }
        out.push('\n');
    }
    out
}

/// State cells with their uses, resources, detached tasks and pure functions.
pub(super) fn state(text: &str) -> String {
    let model = model(text);
    let mut out = String::new();
    for (id, cell) in model.state_cells.iter_enumerated() {
        let changes = if cell.mutable { " changes" } else { "" };
        let _ = writeln!(out, "{:?} {} @{}{changes}", cell.kind, cell.path, line(&model, cell.place));
        for used in model.state_uses.iter().filter(|used| used.cell == id) {
            let how = if used.write { "writes" } else { "reads" };
            let _ =
                writeln!(out, "  {} {how} @{}", model.functions[used.function].path, line(&model, used.site));
        }
    }
    for (id, resource) in model.resources.iter_enumerated() {
        let _ = write!(out, "{:?} {}", resource.kind, resource.name);
        for used in model.resource_uses.iter().filter(|used| used.resource == id) {
            let _ = write!(out, " @{}", line(&model, used.site));
        }
        out.push('\n');
    }
    for task in &model.detached_tasks {
        let _ = writeln!(out, "detached {} @{}", task.by, line(&model, task.site));
    }
    let pure: Vec<&str> = model
        .functions
        .iter()
        .filter(|function| function.pure)
        .map(|function| function.path.as_str())
        .collect();
    let _ = writeln!(out, "pure: {}", pure.join(", "));
    out
}

/// What could not be understood of a fixture, with its place.
pub(super) fn spots(text: &str) -> String {
    let model = model(text);
    let shown = model.blind_spots.iter().filter_map(|spot| {
        let file = &model.files[spot.file?].path;
        Some(format!("{}:{} {}: {}\n", file, spot.line, spot.code.as_str(), spot.message))
    });
    shown.collect()
}

#[test]
fn a_program_links_what_it_depends_on_and_features_bring_in() {
    let model = model(
        r#"
        //- /Cargo.toml
        [package]
        name = "server"
        [dependencies]
        store = { path = "store" }
        [dev-dependencies]
        fakes = { path = "fakes" }
        [workspace]
        members = ["store", "fakes", "mail", "seeds"]
        //- /src/main.rs
        fn main() {}
        //- /store/Cargo.toml
        [package]
        name = "store"
        [features]
        default = ["mail"]
        mail = ["dep:mail"]
        testing = ["dep:seeds"]
        [dependencies]
        mail = { path = "../mail", optional = true }
        seeds = { path = "../seeds", optional = true }
        //- /store/src/lib.rs
        //- /fakes/Cargo.toml
        [package]
        name = "fakes"
        //- /fakes/src/lib.rs
        //- /mail/Cargo.toml
        [package]
        name = "mail"
        //- /mail/src/lib.rs
        //- /seeds/Cargo.toml
        [package]
        name = "seeds"
        //- /seeds/src/lib.rs
        "#,
    );
    let rows = model.packages.iter().map(|package| format!("{} {}\n", package.name, package.linked));
    expect_test::expect![[r#"
        server true
        fakes false
        mail true
        seeds true
        store true
    "#]]
    .assert_eq(&rows.collect::<String>());
}
