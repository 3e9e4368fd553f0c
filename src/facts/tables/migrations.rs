//! The order of SQL files.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::Place;
use crate::facts::cx::Cx;
use crate::facts::sql::{self, SchemaChange};

/// Schema changes of the workspace's SQL files, a list per folder, in the order in which they run, with their
/// places.
pub(in crate::facts) fn migrations(cx: &Cx) -> Vec<Vec<(Place, SchemaChange)>> {
    let sources = &cx.workspace.sources;
    let files: Vec<_> = sources
        .files
        .iter_enumerated()
        .filter(|(_, file)| {
            file.path.ends_with(".sql") && !is_way_down(&file.path) && !is_test_path(&file.path)
        })
        .collect();
    // Where there are migrations, other SQL files are examples, queries and dumps.
    let has_migrations = files.iter().any(|(_, file)| is_migration(&file.path));
    let files = files
        .into_iter()
        .filter(|(_, file)| !has_migrations || is_migration(&file.path) || is_schema(&file.path));
    // Folders are separate histories; inside one, names are the order.
    let mut by_folder: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (id, file) in files {
        by_folder.entry(folder(&file.path)).or_default().push((id, file));
    }
    for files in by_folder.values_mut() {
        files.sort_by_cached_key(|(_, file)| (version(&file.path), file.path.clone()));
    }
    let folders: Vec<Vec<_>> = by_folder.into_values().collect();
    folders
        .par_iter()
        .map(|files| {
            let of_file = |(id, file): &(_, &crate::base::SourceFile)| {
                let place = |change: &SchemaChange| Place { file: *id, line: file.line(change.at) };
                let changes = sql::read_schema(&file.text).into_iter();
                changes.map(|change| (place(&change), change)).collect::<Vec<_>>()
            };
            files.par_iter().flat_map_iter(of_file).collect()
        })
        .collect()
}

fn is_migration(path: &str) -> bool {
    path.rsplit('/').skip(1).any(|dir| dir.to_ascii_lowercase().contains("migration"))
}

fn is_schema(path: &str) -> bool {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let named = ["schema", "structure", "init", "setup", "tables", "ddl", "create"]
        .iter()
        .any(|word| name.to_ascii_lowercase().contains(word));
    named
        || dir
            .rsplit('/')
            .next()
            .is_some_and(|dir| matches!(dir, "sql" | "schema" | "db" | "database" | "ddl"))
}

fn is_way_down(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "down.sql"
        || name.ends_with(".down.sql")
        || name.ends_with("_down.sql")
        || name.ends_with(".undo.sql")
}

/// Whether one of the folders above the migrations is of tests: `tests`, `test_runner`, `e2e`. A migration's
/// own name may have any word.
fn is_test_path(path: &str) -> bool {
    let (dirs, _) = path.rsplit_once('/').unwrap_or(("", path));
    let of_tests = |word: &str| {
        matches!(
            word,
            "test"
                | "tests"
                | "testing"
                | "testdata"
                | "fixture"
                | "fixtures"
                | "example"
                | "examples"
                | "bench"
                | "benches"
                | "benchmark"
                | "benchmarks"
                | "e2e"
        )
    };
    dirs.split('/')
        .take_while(|dir| !dir.to_ascii_lowercase().contains("migration"))
        .any(|dir| dir.split(['_', '-', '.']).any(of_tests))
}

/// The number that orders a migration: of `V2__a.sql` 2, of `2017-09-23-210614_a/up.sql`
/// 20170923210614, with as many digits for a day without a time. What has none comes first.
fn version(path: &str) -> u128 {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = if name == "up.sql" { dir.rsplit('/').next().unwrap_or(dir) } else { name };
    let name = name.trim_start_matches(['V', 'v', 'U', 'm', 'R']);
    let digits = name.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '_' | 'T'));
    let mut digits: String = digits.filter(char::is_ascii_digit).take(30).collect();
    let is_day = digits.len() >= 8 && (digits.starts_with("19") || digits.starts_with("20"));
    while is_day && digits.len() < 14 {
        digits.push('0');
    }
    digits.parse().unwrap_or(0)
}

/// The folder that orders a migration: of `migrations/2020-01_a/up.sql` it is `migrations`.
fn folder(path: &str) -> String {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let dir = if name == "up.sql" { dir.rsplit_once('/').map_or("", |(dir, _)| dir) } else { dir };
    dir.to_owned()
}
