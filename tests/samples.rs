//! The samples carry their truth: `//~` annotations in their sources, an expert's split in
//! `expected-services.toml`. What splitter finds must be just that.
//!
//! The annotations are explained in `samples/photo-rental/README.md`. What splitter is known to get wrong
//! stands in `tests/gaps/<sample>.txt`, line by line; that list only ever gets shorter.

mod builds;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use builds::cargo;
use splitter::base::{Place, Severity};
use splitter::config::Config;
use splitter::model::{Certainty, CutKind, Model, NodeRef, StateKind};
use splitter::pipeline::{Analysis, analyze};
use splitter::propose::distance::Expected;

/// A statement about a line: kind and what follows it.
type Fact = (String, String);
/// Facts by file and line.
type Facts = BTreeMap<(String, u32), BTreeSet<Fact>>;

/// Kinds whose annotations are complete: what is found beyond them is wrong.
const COMPLETE: &[&str] =
    &["read", "insert", "update", "delete", "entry", "transaction", "unknown-sql", "detached", "state"];

#[test]
fn every_annotation_is_met_and_nothing_else_is_found() {
    for sample in samples() {
        let analysis = analysed(&sample);
        let expected = annotations(&sample);
        let n_facts: usize = expected.values().map(BTreeSet::len).sum();
        assert!(n_facts > 50, "{}: only {n_facts} annotations were read", sample.display());
        let found = found(&analysis);
        let difference = difference(&expected, &found);
        let gaps = root().join(format!("tests/gaps/{}.txt", name(&sample)));
        let known: BTreeSet<String> =
            fs::read_to_string(&gaps).unwrap_or_default().lines().map(str::to_string).collect();
        let new: Vec<&String> = difference.difference(&known).collect();
        assert!(new.is_empty(), "{}: - is missing, + is surplus\n{new:#?}", name(&sample));
        let closed: Vec<&String> = known.difference(&difference).collect();
        if !closed.is_empty() {
            eprintln!("these gaps are closed; take them out of {}\n{closed:#?}", gaps.display());
        }
    }
}

/// How far a plan may be from the expert's split; only ever lowered.
#[derive(serde::Deserialize)]
struct Allowed {
    /// Entry points and tables that the plan does not have.
    missing: usize,
    /// Entry points and tables in another service than the expert's.
    misplaced: usize,
    /// Whether the first step must be one that the expert would take.
    first_step: bool,
    /// Transactions whose writes go to several services.
    cut_transactions: usize,
    /// Tables that another service than their owner writes.
    second_writers: usize,
}

#[test]
fn the_distance_to_the_experts_split_does_not_grow() {
    let allowed: BTreeMap<String, Allowed> = toml::from_str(include_str!("distances.toml")).unwrap();
    for sample in samples() {
        let name = name(&sample);
        let allowed = allowed.get(&name).unwrap_or_else(|| panic!("tests/distances.toml has no [{name}]"));
        let expected = fs::read_to_string(sample.join("expected-services.toml")).unwrap();
        let expected = Expected::parse(&expected).unwrap();
        let analysis = analysed(&sample);
        let distance = expected.distance(&analysis.model, &analysis.plan);
        assert!(
            distance.missing.len() <= allowed.missing && distance.misplaced.len() <= allowed.misplaced,
            "{name}: the plan moved away from the expert's split ({})\nmissing: {:#?}\nmisplaced: {:#?}",
            distance.nearest,
            distance.missing,
            distance.misplaced,
        );
        let agrees = expected.agrees_on_first_step(&analysis.model, &analysis.plan);
        assert!(
            agrees || !allowed.first_step,
            "{name}: the first step is {:?}",
            analysis.plan.steps.first().map(|step| &step.deployable)
        );
        let cuts = |kind| analysis.plan.cuts.iter().filter(move |cut| cut.kind == kind);
        let transactions: BTreeSet<_> = cuts(CutKind::Transaction).map(|cut| cut.site).collect();
        let tables: BTreeSet<_> = cuts(CutKind::Data)
            .filter(|cut| cut.severity == Severity::Blocker)
            .map(|cut| cut.target)
            .collect();
        assert!(
            transactions.len() <= allowed.cut_transactions && tables.len() <= allowed.second_writers,
            "{name}: {} transactions are cut, {} tables have a second writer",
            transactions.len(),
            tables.len()
        );
    }
}

#[test]
fn no_step_breaks_more_than_the_one_after() {
    for sample in samples() {
        let plan = analysed(&sample).plan;
        assert!(plan.steps.len() > 3, "{}: only {} steps", name(&sample), plan.steps.len());
        // `2 transaction writes over tables of several services`, `writes to 1 table of other services`, ….
        let broken = |why: &String| -> usize {
            let harm = ["transaction write", "writes to ", "by other services to what it writes"];
            let number = why.split(' ').find_map(|word| word.parse().ok());
            if harm.iter().any(|harm| why.contains(harm)) { number.unwrap() } else { 0 }
        };
        let harm: Vec<usize> =
            plan.steps.iter().map(|step| step.blocked_by.iter().map(broken).sum()).collect();
        assert!(harm.is_sorted(), "{}: {harm:?}", name(&sample));
        assert!(harm.first() == Some(&0) && harm.last() > Some(&0), "{}: {harm:?}", name(&sample));
    }
}

#[test]
fn the_samples_pass_their_own_tests() {
    for sample in samples() {
        let output = cargo(&sample).args(["test", "--locked", "--quiet"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}:\n{text}", name(&sample));
    }
}

#[test]
fn annotations_are_read() {
    let text = "a //~ reads t, u ; transaction\nb\nc //~ entry GET /x\n";
    let facts: Vec<String> = of_text("f.rs", text)
        .into_iter()
        .flat_map(|((file, line), facts)| {
            facts.into_iter().map(move |(kind, what)| format!("{file}:{line} {kind} {what}"))
        })
        .collect();
    assert_eq!(facts, ["f.rs:1 read t", "f.rs:1 read u", "f.rs:1 transaction ", "f.rs:3 entry GET /x"]);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders in `samples/` (the published package has none).
fn samples() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root().join("samples")) else { return Vec::new() };
    let mut samples: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    samples.retain(|path| path.join("Cargo.toml").exists());
    samples.sort();
    samples
}

fn name(sample: &Path) -> String {
    sample.file_name().unwrap().to_string_lossy().into_owned()
}

fn analysed(sample: &Path) -> Analysis {
    analyze(sample, &Config::default(), &|_| {}).unwrap()
}

/// The annotations of a sample's sources.
fn annotations(sample: &Path) -> Facts {
    let mut facts = Facts::new();
    let mut stack = vec![sample.join("src")];
    while let Some(dir) = stack.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                stack.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(sample).unwrap().to_string_lossy().replace('\\', "/");
                facts.extend(of_text(&relative, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    facts
}

fn of_text(file: &str, text: &str) -> Facts {
    let mut facts = Facts::new();
    for (line, text) in (1..).zip(text.lines()) {
        let Some((_, annotations)) = text.split_once("//~") else { continue };
        let of_line = facts.entry((file.to_string(), line)).or_default();
        for annotation in annotations.split(';') {
            let annotation = annotation.trim();
            let (kind, rest) = annotation.split_once(' ').unwrap_or((annotation, ""));
            let kind = match kind {
                "reads" | "inserts" | "updates" | "deletes" | "writes" => kind.trim_end_matches('s'),
                "calls" => "call",
                other => other,
            };
            match kind {
                "read" | "insert" | "update" | "delete" | "write" => {
                    of_line.extend(rest.split(',').map(|table| (kind.to_string(), table.trim().to_string())));
                }
                _ => _ = of_line.insert((kind.to_string(), rest.trim().to_string())),
            }
        }
    }
    facts
}

/// What splitter found, in the words of the annotations.
fn found(analysis: &Analysis) -> Facts {
    let model = &analysis.model;
    let mut facts = Facts::new();
    let mut add = |place: Place, kind: &str, what: String| {
        let file = model.files[place.file].path.clone();
        facts.entry((file, place.line)).or_default().insert((kind.to_string(), what));
    };
    for access in model.accesses.iter().filter(|access| !model.functions[access.function].test) {
        add(access.site, access.op.as_str(), model.tables[access.table].name.clone());
    }
    for entry in &model.entry_points {
        add(entry.place, "entry", entry.title());
    }
    for transaction in
        model.transactions.iter().filter(|transaction| !model.functions[transaction.opened_by].test)
    {
        add(transaction.site, "transaction", String::new());
    }
    for sql in model.unknown_sql.iter().filter(|sql| !model.functions[sql.function].test) {
        add(sql.site, "unknown-sql", String::new());
    }
    for cell in model.state_cells.iter().filter(|cell| cell.mutable && cell.kind != StateKind::Handle) {
        add(cell.place, "state", String::new());
    }
    for task in model.detached_tasks.iter().filter(|task| !model.functions[task.function].test) {
        add(task.site, "detached", String::new());
    }
    for call in &model.calls {
        let kind = if call.certainty == Certainty::OneOf { "one-of" } else { "call" };
        add(call.site, kind, plain_path(model, call.callee));
        if call.in_loop {
            add(call.site, "n-plus-one", String::new());
        }
    }
    for finding in &analysis.plan.findings {
        if finding.code.as_str() != "unsendable-type" {
            continue;
        }
        // Told where it is called across the cut; annotated where it stands.
        for call in model.calls.iter().filter(|call| finding.place == Some(call.site)) {
            add(model.functions[call.callee].place, "unsendable", String::new());
        }
    }
    // A signature that no wire can carry matters where a cut runs, and nowhere else.
    let cut: BTreeSet<_> = analysis
        .plan
        .cuts
        .iter()
        .filter_map(|cut| match cut.target {
            NodeRef::Function(function) if cut.kind == CutKind::Call => Some(function),
            _ => None,
        })
        .collect();
    for (function, _) in model.functions.iter_enumerated().filter(|(function, _)| !cut.contains(function)) {
        add(model.functions[function].place, "unsendable", String::new());
    }
    facts
}

/// `shop::Cart::total` for `shop::<Cart as Priced>::total`.
fn plain_path(model: &Model, function: splitter::model::FunctionId) -> String {
    let path = &model.functions[function].path;
    let plain = path.segments().into_iter().map(|segment| match segment.strip_prefix('<') {
        Some(inner) => inner.split(" as ").next().unwrap_or(inner).split('<').next().unwrap_or(inner),
        None => segment,
    });
    plain.collect::<Vec<_>>().join("::")
}

/// A line per fact that one side has and the other has not.
fn difference(expected: &Facts, found: &Facts) -> BTreeSet<String> {
    let none = BTreeSet::new();
    let mut lines = BTreeSet::new();
    let places: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    for place in places {
        let (wanted, got) = (expected.get(place).unwrap_or(&none), found.get(place).unwrap_or(&none));
        for fact in wanted.iter().filter(|fact| !is_met(fact, got)) {
            lines.insert(format!("- {}:{} {} {}", place.0, place.1, fact.0, fact.1).trim_end().to_string());
        }
        let surplus = got.iter().filter(|(kind, _)| COMPLETE.contains(&kind.as_str()));
        for fact in surplus.filter(|fact| !is_wanted(fact, wanted)) {
            lines.insert(format!("+ {}:{} {} {}", place.0, place.1, fact.0, fact.1).trim_end().to_string());
        }
    }
    lines
}

const WRITES: [&str; 3] = ["insert", "update", "delete"];

fn is_met((kind, what): &Fact, got: &BTreeSet<Fact>) -> bool {
    match kind.as_str() {
        "write" => WRITES.iter().any(|op| got.contains(&(op.to_string(), what.clone()))),
        _ => got.contains(&(kind.clone(), what.clone())),
    }
}

fn is_wanted((kind, what): &Fact, wanted: &BTreeSet<Fact>) -> bool {
    wanted.contains(&(kind.clone(), what.clone()))
        || WRITES.contains(&kind.as_str()) && wanted.contains(&("write".to_string(), what.clone()))
}
