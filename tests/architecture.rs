//! Holds the house to its plan: who may import whom, what is confined where, how long a file may be.
//!
//! A plain scan on purpose: splitter's own resolver must not be able to excuse itself. The table is
//! exhaustive; a new room or a new edge between rooms is a change of its own, here and in
//! `docs/architecture.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import. `error` is free to all.
const ROOMS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("error", &[]),
    ("config", &[]),
    ("model", &["base"]),
    ("discover", &["base"]),
    ("parse", &["base", "discover"]),
    ("resolve", &["base", "discover", "parse"]),
    ("facts", &["base", "discover", "model", "parse", "resolve"]),
    ("propose", &["base", "model"]),
    ("fitness", &["base", "model"]),
    ("report", &["base", "model"]),
    ("scaffold", &["base", "model"]),
    ("pipeline", &["base", "config", "discover", "facts", "fitness", "model", "parse", "propose", "resolve"]),
    // Everything: it hands each room its part.
    (
        "cli",
        &[
            "base", "config", "discover", "facts", "fitness", "model", "parse", "pipeline", "propose",
            "report", "resolve", "scaffold",
        ],
    ),
];

/// Rooms that only tests use; they may import anything.
const TEST_ROOMS: &[&str] = &["testing"];

/// Longest file, in lines. Past it, something wants its own name.
const LONGEST: usize = 600;

#[test]
fn rooms_import_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(room) = file.room() else { continue };
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("{}: `{room}` is a room that the table does not list", file.path));
            continue;
        };
        for (line, target) in imports(&file.code) {
            if target != room && target != "error" && !allowed.contains(&target.as_str()) {
                wrong.push(format!("{}:{line}: {room} may not import {target}", file.path));
            }
        }
        for (line, ups) in climbs(&file.code) {
            if ups >= file.depth() {
                wrong.push(format!("{}:{line}: `super` leads out of the room; write `crate::`", file.path));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn syn_stays_in_parse_and_slice() {
    confined("syn::", &["src/parse/", "src/scaffold/slice"]);
}

#[test]
fn disk_is_touched_in_discover_and_cli_only() {
    for needle in ["std::fs", "fs::", "File::open", "File::create"] {
        confined(needle, &["src/discover/", "src/cli/"]);
    }
}

#[test]
fn programs_are_run_by_cli_only() {
    confined("process::Command", &["src/cli/"]);
}

#[test]
fn hash_order_cannot_get_out() {
    for needle in ["HashMap", "HashSet", "FxHashMap", "FxHashSet"] {
        confined(needle, &["src/base/map.rs"]);
    }
}

#[test]
fn the_binaries_know_only_the_command_line() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| file.is_binary()) {
        for (line, text) in file.code.lines().enumerate() {
            let uses = text.matches("splitter::").count();
            if uses != text.matches("splitter::cli::").count() {
                wrong.push(format!("{}:{}: only splitter::cli", file.path, line + 1));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn no_file_is_too_long() {
    let mut wrong = Vec::new();
    for path in rust_files(&["src", "tests", "benches"]) {
        let n_lines = fs::read_to_string(root().join(&path)).unwrap().lines().count();
        if n_lines > LONGEST && !is_data(&path) {
            wrong.push(format!("{path}: {n_lines} lines"));
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let document = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let mut wrong = Vec::new();
    let mut names = BTreeSet::new();
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let table = manifest.get(kind).and_then(toml::Value::as_table);
        names.extend(table.into_iter().flat_map(|table| table.keys().cloned()));
    }
    // One row per dependency: | `name` | reason |
    let rows: BTreeMap<&str, &str> = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .map(|(name, reason)| (name, reason.trim_end_matches([' ', '|'])))
        .collect();
    for name in &names {
        if rows.get(name.as_str()).is_none_or(|reason| reason.is_empty()) {
            wrong.push(format!("docs/architecture.md gives no reason for `{name}`"));
        }
    }
    assert_none(&wrong);
}

#[test]
fn the_scan_sees_imports_and_ignores_text() {
    let code = strip(
        r##"
use crate::base::{Id, Name};
use crate::{model::Plan, facts};
// crate::report in a comment
const TEXT: &str = "crate::cli";
const RAW: &str = r#"use crate::scaffold::"x";"#;
fn f<'a>(c: char) -> bool { c == '"' || c == '\'' || crate::parse::g() }
#[cfg(test)]
mod tests { use crate::pipeline; }
"##,
    );
    let found: Vec<_> = imports(&code).into_iter().map(|(line, room)| format!("{line} {room}")).collect();
    assert_eq!(found, ["2 base", "3 model", "3 facts", "7 parse"]);
    assert_eq!(climbs("use super::super::x;\nuse super::y;"), [(1, 2), (2, 1)]);
}

/// A file of `src`, without comments, literals, and its test module.
struct Source {
    path: String,
    code: String,
}

impl Source {
    /// The part of the path after `src/`, without `.rs` and `mod`.
    fn module(&self) -> Vec<&str> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        inner.split('/').filter(|part| *part != "mod").collect()
    }
    fn is_binary(&self) -> bool {
        self.path == "src/main.rs" || self.path.starts_with("src/bin/")
    }
    /// The room that it belongs to; `None` for the binaries, `lib.rs` and test rooms.
    fn room(&self) -> Option<&str> {
        let room = self.module()[0];
        let outside = self.is_binary() || room == "lib" || TEST_ROOMS.contains(&room);
        (!outside).then_some(room)
    }
    /// How many modules deep below the crate root.
    fn depth(&self) -> usize {
        self.module().len()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let files: Vec<Source> = rust_files(&["src"])
        .into_iter()
        .filter(|path| !is_data(path) && !is_test(path))
        .map(|path| Source { code: strip(&fs::read_to_string(root().join(&path)).unwrap()), path })
        .collect();
    assert!(files.len() > 30, "the scan found only {} files", files.len());
    files
}

/// Rust that splitter reads, not Rust that it is made of.
fn is_data(path: &str) -> bool {
    path.contains("/stubs/") || path.contains("/fixtures/")
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn rust_files(dirs: &[&str]) -> Vec<String> {
    let mut stack: Vec<PathBuf> =
        dirs.iter().map(|dir| root().join(dir)).filter(|dir| dir.exists()).collect();
    let mut found = Vec::new();
    while let Some(dir) = stack.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                stack.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(root()).unwrap().to_string_lossy();
                found.push(relative.replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// The rooms named after `crate::`, with their lines.
fn imports(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let line = line_of(code, at);
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut expects_name = true;
            for (at, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => expects_name = true,
                    c if expects_name && depth == 0 && c.is_alphabetic() => {
                        found.push((line, identifier(&group[at..])));
                        expects_name = false;
                    }
                    _ => {}
                }
            }
        } else {
            found.push((line, identifier(rest)));
        }
    }
    // Macros and the like that the crate root itself exports, such as `define_id`.
    found.retain(|(_, room)| room != "define_id");
    found
}

/// Runs of `super::`, with their lines and lengths.
fn climbs(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = code[from..].find("super::") {
        let start = from + at;
        let mut end = start;
        while code[end..].starts_with("super::") {
            end += "super::".len();
        }
        found.push((line_of(code, start), (end - start) / "super::".len()));
        from = end;
    }
    found
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// Fails where `needle` stands outside `homes`, as a word of its own.
fn confined(needle: &str, homes: &[&str]) {
    let mut wrong = Vec::new();
    for file in sources() {
        if file.is_binary() || homes.iter().any(|home| file.path.starts_with(home)) {
            continue;
        }
        for (at, _) in file.code.match_indices(needle) {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let starts = !file.code[..at].ends_with(is_word);
            let ends = needle.ends_with(':') || !file.code[at + needle.len()..].starts_with(is_word);
            if starts && ends {
                wrong.push(format!(
                    "{}:{}: {needle} belongs to {}",
                    file.path,
                    line_of(&file.code, at),
                    homes.join(", ")
                ));
            }
        }
    }
    assert_none(&wrong);
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Blanks comments and literals, keeping lines, and cuts the test module off.
fn strip(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skipped(&chars, at);
        if end > at {
            code.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            code.push(chars[at]);
            at += 1;
        }
    }
    if let Some(tests) = code.find("#[cfg(test)]\nmod tests {") {
        code.truncate(tests);
    }
    code
}

/// The end of the comment or literal that starts at `at`, or `at`.
fn skipped(chars: &[char], at: usize) -> usize {
    let next = |offset: usize| chars.get(at + offset).copied().unwrap_or('\0');
    let find = |from: usize, end: &str| {
        let end: Vec<char> = end.chars().collect();
        (from..chars.len())
            .find(|&idx| chars[idx..].starts_with(&end))
            .map_or(chars.len(), |idx| idx + end.len())
    };
    let quoted = |from: usize, quote: char| {
        let mut idx = from;
        while idx < chars.len() && chars[idx] != quote {
            idx += if chars[idx] == '\\' { 2 } else { 1 };
        }
        (idx + 1).min(chars.len())
    };
    match next(0) {
        '/' if next(1) == '/' => (at..chars.len()).find(|&idx| chars[idx] == '\n').unwrap_or(chars.len()),
        '/' if next(1) == '*' => find(at + 2, "*/"),
        '"' => quoted(at + 1, '"'),
        'r' if at == 0
            || !(chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')
            || chars[at - 1] == 'b' =>
        {
            let hashes = (1..).take_while(|&idx| next(idx) == '#').count();
            if next(1 + hashes) == '"' {
                find(at + hashes + 2, &format!("\"{}", "#".repeat(hashes)))
            } else {
                at
            }
        }
        '\'' if next(1) == '\\' => quoted(at + 1, '\''),
        '\'' if next(2) == '\'' => at + 3,
        _ => at,
    }
}
