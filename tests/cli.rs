//! The command line as its users see it.

mod common;

use std::fs;
use std::process::{Command, Stdio};

use common::{Dir, SHOP, command, export, splitter};
use expect_test::{Expect, expect};

/// Runs splitter on the shop and compares what it prints; scores, which every change of a weight moves,
/// are left out.
#[expect(clippy::needless_pass_by_value)]
fn check(args: &[&str], expected: Expect) {
    let dir = Dir::with(SHOP);
    let text = splitter(dir.root(), args).ok();
    let mut kept = String::new();
    let mut in_evidence = false;
    for line in text.lines() {
        in_evidence = line == "Strongest evidence" || in_evidence && line.starts_with(' ');
        let scored = ["Score", "Runner-up", "Stability"].iter().any(|label| line.starts_with(label));
        if !in_evidence && !scored {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    expected.assert_eq(&kept);
}

#[test]
fn explain_gives_scores_and_evidence() {
    let dir = Dir::with(SHOP);
    let text = splitter(dir.root(), &["explain", "orders::place"]).ok();
    for words in ["Score ", "Strongest evidence", "inserts into orders  src/orders.rs:8"] {
        assert!(text.contains(words), "{words} is missing in:\n{text}");
    }
}

#[test]
fn the_summary_says_what_was_read_and_what_to_do_next() {
    let dir = Dir::with(SHOP);
    let text = splitter(dir.root(), &["analyze"]).ok();
    let (read, rest) = text.split_once("\n\n").unwrap();
    expect![[r#"
        shop
        Read          3 files, 43 lines of Rust in 1 package
        Calls         100.0% of 37 resolved: 4 inside, 33 to other crates
        Entry points  4 (3 HTTP, 1 startup)
        Tables        2 (2 written)"#]]
    .assert_eq(read);
    // What is proposed changes with every weight; that it ends with a command and the page does not.
    let labels: Vec<&str> =
        rest.lines().filter_map(|line| line.split("  ").next()).filter(|l| !l.is_empty()).collect();
    assert_eq!(labels.first(), Some(&"Verdict"), "{rest}");
    assert_eq!(labels[labels.len() - 2..], ["Blind spots", "Report"], "{rest}");
    assert!(rest.contains("\n              splitter scaffold "), "{rest}");
    assert!(rest.ends_with("Report        target/splitter/report.html\n"), "{rest}");
}

#[test]
fn explain_shows_how_a_call_was_understood() {
    check(
        &["explain", "orders::place"],
        expect![[r#"
            shop::orders::place
            Defined at  src/orders.rs:7, 4 lines, async
            Placed in   orders (by its score)


            Entry points
              POST /orders  src/main.rs:13

            Calls inside the workspace
              src/orders.rs:9  shop::items::take  (path, certain)  [orders]

            Called by
              src/main.rs:13  shop::main  (reference, certain)  [shell]

            Tables
              src/orders.rs:8  insert orders  (certain)  [orders]
        "#]],
    );
}

#[test]
fn explain_shows_who_touches_a_table() {
    check(
        &["explain", "table items"],
        expect![[r#"
            table items
            Declared at migrations/0001_shop.sql:2
            Columns     id, name, stock
            Placed in   orders (as the one that writes it)


            Accesses
              src/items.rs:6  read by shop::items::list  [orders]
              src/items.rs:11  update by shop::items::take  [orders]
        "#]],
    );
}

#[test]
fn explain_follows_an_entry_point() {
    check(
        &["explain", "POST /orders"],
        expect![[r#"
            POST /orders
            Declared at src/main.rs:13
            Handler     shop::orders::place  src/orders.rs:7
            Placed in   orders (by its score)


            Runs through
              orders: 2 functions

            Tables on the way
              items  update  [orders]
              orders  insert  [orders]
        "#]],
    );
}

#[test]
fn explain_proposes_names() {
    let dir = Dir::with(SHOP);
    let message = splitter(dir.root(), &["explain", "plaec"]).fails(2);
    expect![[r#"
        error: nothing is called `plaec`; did you mean shop::orders::place?
    "#]]
    .assert_eq(&message);
    let message = splitter(dir.root(), &["explain", "shop"]).fails(2);
    expect![[r#"
        error: nothing is called `shop`; did you mean shop::orders::show?
    "#]]
    .assert_eq(&message);
}

#[test]
fn analyze_writes_three_files_and_export_none() {
    let dir = Dir::with(SHOP);
    let before = dir.snapshot();
    for what in splitter::report::What::ALL {
        splitter(dir.root(), &["export", what.as_str(), "."]).ok();
    }
    splitter(dir.root(), &["explain", "table items"]).ok();
    assert!(before == dir.snapshot(), "export and explain only read");
    splitter(dir.root(), &["analyze", "--out", "elsewhere"]).ok();
    let names: Vec<String> = dir.snapshot().into_iter().map(|(path, _)| path).collect();
    let new: Vec<&String> = names.iter().filter(|name| !before.iter().any(|(old, _)| old == *name)).collect();
    assert_eq!(
        new,
        ["elsewhere/.splitter.json", "elsewhere/model.json", "elsewhere/plan.json", "elsewhere/report.html"]
    );
}

#[test]
fn every_export_says_its_schema() {
    let dir = Dir::with(SHOP);
    for what in [
        "calls",
        "entry-points",
        "tables",
        "transactions",
        "services",
        "placements",
        "cuts",
        "steps",
        "findings",
    ] {
        assert_eq!(export(dir.root(), what)["schema"], format!("splitter-{what}/1"));
    }
    let routes = export(dir.root(), "entry-points");
    let routes: Vec<String> = routes["entry_points"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == "http")
        .map(|entry| format!("{} {}", entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap()))
        .collect();
    assert_eq!(routes, ["GET /items", "POST /orders", "GET /orders/{id}"]);
    let csv = splitter(dir.root(), &["export", "tables", "--format", "csv"]).ok();
    assert!(csv.lines().next().unwrap().contains("table"), "{csv}");
}

#[test]
fn decisions_are_obeyed() {
    let dir = Dir::with(SHOP);
    dir.add("//- /splitter.toml\n[[together]]\nitems = [\"table items\", \"table orders\"]\n");
    let services = export(dir.root(), "services");
    let owners: Vec<_> = services["services"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|service| !service["tables"].as_array().unwrap().is_empty())
        .collect();
    assert_eq!(owners.len(), 1, "{services}");
}

#[test]
fn report_is_written_again_and_says_what_changed() {
    let dir = Dir::with(SHOP);
    splitter(dir.root(), &["analyze"]).ok();
    let report = dir.path("target/splitter/report.html");
    let first = fs::read_to_string(&report).unwrap();
    fs::remove_file(&report).unwrap();
    let run = splitter(dir.root(), &["report"]);
    assert_eq!(run.stderr, "");
    assert_eq!(run.ok().trim(), "target/splitter/report.html");
    assert_eq!(fs::read_to_string(&report).unwrap(), first);

    fs::write(dir.path("src/items.rs"), "// rewritten\n").unwrap();
    let run = splitter(dir.root(), &["report"]);
    expect![[r#"
        warning: 1 file changed since the analysis (src/items.rs), so the report shows no code of it; run `splitter analyze .` for a report of the present state
    "#]].assert_eq(&run.stderr);
    run.ok();
}

#[test]
fn init_writes_a_template_once_and_it_is_valid() {
    let dir = Dir::with(SHOP);
    assert_eq!(splitter(dir.root(), &["init"]).ok(), "splitter.toml\n");
    let template = fs::read_to_string(dir.path("splitter.toml")).unwrap();
    let message = splitter(dir.root(), &["init"]).fails(2);
    assert!(message.contains("exists"), "{message}");
    splitter(dir.root(), &["export", "services"]).ok();
    // Every key that it shows works when its `#` is taken away.
    let uncommented: String = template
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect();
    let config = splitter::config::Config::parse("splitter.toml".as_ref(), &uncommented).unwrap();
    assert_eq!(config.pin.len(), 1);
}

#[test]
fn output_is_coloured_only_where_it_is_wanted() {
    let dir = Dir::with(SHOP);
    let coloured = |names: &[(&str, &str)]| {
        let mut command = command();
        command.current_dir(dir.root()).args(["explain", "table items"]).envs(names.iter().copied());
        String::from_utf8(command.output().unwrap().stdout).unwrap().contains('\u{1b}')
    };
    assert!(!coloured(&[]), "not into a pipe");
    assert!(coloured(&[("FORCE_COLOR", "1")]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured(&[("FORCE_COLOR", "0")]));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let dir = Dir::with(SHOP);
    let mut child = command()
        .current_dir(dir.root())
        .args(["export", "graph"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let dir = Dir::with(SHOP);
    for (args, word) in [
        (&["analize"][..], "analyze"),
        (&["export", "routes", "."], "entry-points"),
        (&["export", "calls", ".", "--format", "dot"], "--format json"),
        (&["analyze", "--threads", "0"], "--threads"),
        (&["analyze", "--granularity", "7"], "--granularity"),
        (&["analyze", "--services", "0"], "--services"),
        (&["explain"], "<ITEM>"),
    ] {
        let message = splitter(dir.root(), args).fails(2);
        assert!(message.contains(word), "{args:?}: {message}");
    }
    assert_eq!(splitter(dir.root(), &[]).code, 2);
    assert_eq!(splitter(dir.root(), &["--help"]).code, 0);
    assert_eq!(
        splitter(dir.root(), &["--version"]).ok(),
        format!("splitter {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn cargo_splitter_is_the_same() {
    let dir = Dir::with(SHOP);
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-splitter"));
        common::Run::from(command.current_dir(dir.root()).args(args).output().unwrap())
    };
    assert_eq!(run(&["splitter", "export", "tables"]).ok(), splitter(dir.root(), &["export", "tables"]).ok());
    let help = run(&["splitter", "export", "--help"]).ok();
    assert!(help.contains("Usage: cargo splitter export"), "{help}");
}

#[test]
fn completions_and_manual_know_every_command() {
    let dir = Dir::new();
    let help = splitter(dir.root(), &["--help"]).ok();
    let man = splitter(dir.root(), &["man"]).ok();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = splitter(dir.root(), &["completions", shell]).ok();
        for name in [
            "analyze",
            "report",
            "export",
            "scaffold",
            "status",
            "explain",
            "partition",
            "init",
            "completions",
            "man",
        ] {
            assert!(script.contains(name), "{shell}: {name}");
            assert!(help.contains(name) && man.contains(name), "{name}");
        }
    }
}

const GRAPH: &str = r#"{"format": "splitter-graph", "major": 1, "name": "shop",
  "nodes": [{"id": "Orders"}, {"id": "Cart"}, {"id": "Stock"}, {"id": "Shelf"}],
  "edges": [{"from": "Orders", "to": "Cart", "criterion": "calls", "weight": 9},
            {"from": "Stock", "to": "Shelf", "criterion": "calls", "weight": 9}],
  "accesses": [{"node": "Orders", "table": "orders", "op": "write"}, {"node": "Stock", "table": "items", "op": "write"}]}"#;

#[test]
fn partition_reads_a_graph_of_any_language() {
    let dir = Dir::new();
    dir.add(&format!("//- /graph.json\n{GRAPH}\n"));
    let text = splitter(dir.root(), &["partition", "graph.json", "--services", "2", "--format", "json"]).ok();
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["schema"], "splitter-partition/1");
    let mut nodes: Vec<String> =
        answer["services"].as_array().unwrap().iter().map(|service| service["nodes"].to_string()).collect();
    nodes.sort();
    assert_eq!(nodes, [r#"["Cart","Orders"]"#, r#"["Shelf","Stock"]"#]);
    let people = splitter(dir.root(), &["partition", "graph.json", "--services", "2"]).ok();
    assert!(people.contains("  Orders\n") && people.contains("table items"), "{people}");
}

#[test]
fn partition_names_what_is_wrong_with_a_graph() {
    let dir = Dir::new();
    dir.add(&format!(
        "//- /cut.json\n{}\n//- /dangling.json\n{}\n",
        &GRAPH[..80],
        GRAPH.replace("\"Shelf\"}", "\"Rack\"}")
    ));
    let message = splitter(dir.root(), &["partition", "cut.json"]).fails(2);
    assert!(message.contains("cut.json") && message.contains("line 3"), "{message}");
    let message = splitter(dir.root(), &["partition", "dangling.json"]).fails(2);
    assert!(message.contains("`Shelf`"), "{message}");
    let message = splitter(dir.root(), &["partition", "gone.json"]).fails(2);
    assert!(message.contains("cannot read gone.json"), "{message}");
}

#[test]
fn a_wish_for_something_that_does_not_exist_names_its_line() {
    let dir = Dir::with(SHOP);
    dir.add("//- /splitter.toml\n[[pin]]\nitem = \"table ordres\"\nservice = \"orders\"\n");
    let message = splitter(dir.root(), &["analyze"]).fails(2);
    assert!(message.contains("splitter.toml:2") && message.contains("table ordres"), "{message}");
}

#[test]
fn a_catalog_of_the_user_adds_a_framework() {
    let dir = Dir::with(
        r#"
//- /Cargo.toml
[package]
name = "app"
version = "0.1.0"
edition = "2024"
[dependencies]
ours = "1"
//- /splitter.toml
catalogs = ["catalogs/ours.toml"]
//- /catalogs/ours.toml
[web]
name = "ours"
crates = ["ours"]
[web.router]
new = ["App::new"]
methods = { route = "route" }
[web.handlers]
verbs = { fetch = "GET" }
//- /src/main.rs
fn main() {
    ours::App::new().route("/things", ours::fetch(things));
}
async fn things() {}
"#,
    );
    let entries = export(dir.root(), "entry-points");
    assert!(entries.to_string().contains("/things"), "{entries}");
    dir.add("//- /catalogs/ours.toml\n[wbe]\n");
    let message = splitter(dir.root(), &["analyze"]).fails(2);
    assert!(message.contains("catalogs/ours.toml") && message.contains("wbe"), "{message}");
    dir.add("//- /splitter.toml\ncatalogs = [\"gone.toml\"]\n");
    let message = splitter(dir.root(), &["analyze"]).fails(2);
    assert!(message.contains("cannot read gone.toml"), "{message}");
}

#[test]
fn stubs_and_features_of_the_user_are_obeyed() {
    let dir = Dir::with(
        r#"
//- /Cargo.toml
[package]
name = "app"
version = "0.1.0"
edition = "2024"
[features]
default = ["usual"]
usual = []
extra = []
[dependencies]
my-queue = "1"
//- /stubs/my-queue.rs
pub struct Queue<T> {}
impl<T> Queue<T> { pub fn next(&self) -> T {} }
//- /src/lib.rs
pub struct Job;
impl Job { fn run(&self) {} }
pub fn take(queue: my_queue::Queue<Job>) { queue.next().run() }
#[cfg(feature = "usual")]
pub fn usual(job: Job) { job.run() }
#[cfg(feature = "extra")]
pub fn extra(job: Job) { job.run() }
"#,
    );
    let callers = |config: &str| {
        dir.add(&format!("//- /splitter.toml\n{config}\n"));
        let calls = export(dir.root(), "calls");
        let edges = calls["edges"].as_array().unwrap().clone();
        edges.iter().map(|edge| edge["caller"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(callers(""), ["usual"]);
    assert_eq!(callers("stubs = [\"stubs/my-queue.rs\"]"), ["take", "usual"]);
    assert_eq!(callers("features = [\"extra\"]"), ["extra", "usual"]);
    assert_eq!(callers("features = [\"app/extra\", \"far/usual\"]\nno-default-features = true"), ["extra"]);
    dir.add("//- /splitter.toml\nstubs = [\"stubs/my-queue.rs\"]\n//- /stubs/my-queue.rs\npub struct {\n");
    let message = splitter(dir.root(), &["analyze"]).fails(2);
    assert!(message.contains("my-queue.rs") && message.contains("line 1"), "{message}");
}
