//! For every catalog one fixture where it fires, and one where names of its crates mean something else.

mod db;
mod jobs;
mod web;

use crate::facts::tests::{entries, tables};

use super::super::{DATABASES, JOBS, WEB};

/// What a catalog finds in one piece of code, and that it finds nothing in another.
struct Case {
    /// The catalog's file.
    catalog: &'static str,
    fires: &'static str,
    /// The lines of the dump.
    finds: &'static [&'static str],
    silent: &'static str,
}

#[test]
fn every_catalog_fires_and_keeps_silent() {
    for (file, _) in WEB.iter().chain(DATABASES).chain(JOBS) {
        assert!(cases().any(|case| case.catalog == *file), "{file} has no fixtures");
    }
    let mut wrong = Vec::new();
    for case in cases() {
        let dump = |text: &str| if case.catalog.starts_with("db/") { tables(text) } else { entries(text) };
        let (fired, silent) = (dump(case.fires), dump(case.silent));
        if fired.lines().ne(case.finds.iter().copied()) {
            wrong.push(format!("{}: wanted {:?}, found\n{fired}", case.catalog, case.finds));
        }
        if !silent.is_empty() {
            wrong.push(format!("{} where it means something else:\n{silent}", case.catalog));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [web::CASES, db::CASES, jobs::CASES].into_iter().flatten()
}
