//! `--history` and `--traces`: what was observed beside the source.

mod common;

use std::fs;
use std::process::Command;

use common::{Dir, SHOP, splitter};

/// Runs git as somebody; nothing of the user's configuration takes part.
fn git(dir: &Dir, author: &str, args: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(dir.root()).args(args);
    for (name, value) in [("NAME", author), ("EMAIL", "somebody@example.org")] {
        command.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().expect("git is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A shop whose orders and items changed together four times.
fn with_history() -> Dir {
    let dir = Dir::with(SHOP);
    git(&dir, "ann", &["init", "-q"]);
    for turn in 0..4 {
        for file in ["src/items.rs", "src/orders.rs"] {
            let text = fs::read_to_string(dir.path(file)).unwrap();
            fs::write(dir.path(file), format!("{text}// turn {turn}\n")).unwrap();
        }
        git(&dir, "ann", &["add", "-A"]);
        git(&dir, "ann", &["commit", "-q", "-m", "a turn"]);
    }
    dir
}

#[test]
fn history_is_read_from_the_repository() {
    let dir = with_history();
    let text = splitter(dir.root(), &["analyze", "--history"]).ok();
    assert!(text.contains("\nHistory       4 commits; 0 left out"), "{text}");
    // Only the strongest evidence is listed.
    fs::write(dir.path("splitter.toml"), "[weights]\nhistory = 90000\n").unwrap();
    let placements = splitter(dir.root(), &["export", "placements", "--history"]).ok();
    assert!(placements.contains("src/items.rs and src/orders.rs changed together in 4 of 4 commits"));
    let without = splitter(dir.root(), &["export", "placements"]).ok();
    assert!(!without.contains("changed together"));
}

#[test]
fn paths_are_those_below_the_analysed_directory() {
    let dir = Dir::new();
    let shop = Dir::with(SHOP);
    fs::create_dir(dir.path("backend")).unwrap();
    for (path, bytes) in shop.snapshot() {
        let path = dir.path("backend").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    git(&dir, "ann", &["init", "-q"]);
    git(&dir, "ann", &["add", "-A"]);
    git(&dir, "ann", &["commit", "-q", "-m", "all"]);
    let text = splitter(dir.root(), &["analyze", "backend", "--history"]).ok();
    assert!(text.contains("\nHistory       1 commit; 0 left out"), "{text}");
}

#[cfg(unix)]
#[test]
fn nothing_that_the_repository_names_is_run() {
    let dir = with_history();
    let mark = dir.path("ran");
    let run = format!("touch {}; cat", mark.display());
    for key in
        ["core.pager", "pager.log", "core.fsmonitor", "gpg.program", "diff.external", "diff.rust.textconv"]
    {
        git(&dir, "ann", &["config", key, &run]);
    }
    git(&dir, "ann", &["config", "log.showSignature", "true"]);
    fs::write(dir.path(".gitattributes"), "*.rs diff=rust filter=rust\n").unwrap();
    git(&dir, "ann", &["config", "filter.rust.clean", &run]);
    splitter(dir.root(), &["analyze", "--history"]).ok();
    assert!(!mark.exists(), "a program that the repository names was run");
}

#[test]
fn a_directory_without_a_history_is_told() {
    let dir = Dir::with(SHOP);
    let mut command = common::command();
    // The temporary directory may itself be below a repository.
    command.env("GIT_CEILING_DIRECTORIES", dir.root().parent().unwrap());
    let run: common::Run =
        command.current_dir(dir.root()).args(["analyze", "--history"]).output().unwrap().into();
    let text = run.fails(2);
    assert!(text.contains("the history of") && text.contains("leave --history out"), "{text}");
}

#[test]
fn traces_are_counted_and_unknown_names_said() {
    let dir = Dir::with(SHOP);
    let counts =
        "caller,callee,count\nPOST /orders,orders::place,70\norders::place,items::take,70\nx,items::take,1\n";
    fs::write(dir.path("counts.csv"), counts).unwrap();
    let text = splitter(dir.root(), &["analyze", "--traces", "counts.csv"]).ok();
    assert!(text.contains("\nTraces        3 of 4 names known; unknown are x\n"), "{text}");
    let placements = splitter(dir.root(), &["export", "placements", "--traces", "counts.csv"]).ok();
    assert!(placements.contains("\"trace\""), "{placements}");
}

#[test]
fn a_file_that_holds_no_counts_is_told() {
    let dir = Dir::with(SHOP);
    fs::write(dir.path("counts.json"), "{\"rows\":[]}").unwrap();
    let text = splitter(dir.root(), &["analyze", "--traces", "counts.json"]).fails(2);
    assert!(text.contains("counts.json") && text.contains("caller, callee and count"), "{text}");
}
