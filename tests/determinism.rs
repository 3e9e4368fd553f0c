//! Same input, same bytes: whatever the thread count, the order of files on disk, or the directory.

mod common;

use std::fs;
use std::path::Path;

use common::{Dir, SHOP, files, splitter};
use splitter::config::Config;
use splitter::model::{Artifact, to_json};
use splitter::pipeline::analyze;
use splitter::report::{self, What};

/// Everything that splitter says about the application in `dir`.
fn everything(dir: &Path, threads: usize) -> Vec<(String, String)> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20).build().unwrap();
    pool.install(|| {
        let analysis = analyze(dir, &Config::default(), &|_| {}).unwrap();
        let (model, plan) = (&analysis.model, &analysis.plan);
        let mut outputs = vec![
            ("report.html".to_string(), report::html(model, plan, &analysis.sources)),
            ("model.json".to_string(), json(model)),
            ("plan.json".to_string(), json(plan)),
        ];
        for what in What::ALL {
            for &format in what.formats() {
                let text = report::export(what, format, model, plan, true).unwrap();
                outputs.push((format!("{what} as {format}"), text));
            }
        }
        outputs
    })
}

fn json<T: Artifact>(artifact: &T) -> String {
    let mut text = Vec::new();
    to_json(artifact, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[track_caller]
fn same(one: &[(String, String)], other: &[(String, String)]) {
    for ((name, one), (_, other)) in one.iter().zip(other) {
        if one != other {
            let at = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
            let from = at.saturating_sub(100);
            let show = |text: &str| {
                String::from_utf8_lossy(&text.as_bytes()[from..text.len().min(at + 100)]).into_owned()
            };
            panic!("{name} differs at byte {at}:\n{}\n{}", show(one), show(other));
        }
    }
}

/// Writes the files in the given order into a fresh directory.
fn written(files: &[(String, String)]) -> Dir {
    let dir = Dir::new();
    for (path, text) in files {
        let path = dir.path("app").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

#[track_caller]
fn check(mut files: Vec<(String, String)>) {
    let first = written(&files);
    let expected = everything(&first.path("app"), 1);
    same(&expected, &everything(&first.path("app"), 8));
    // Another order on disk, and another directory around it.
    files.reverse();
    let middle = files.len() / 3;
    files.rotate_left(middle);
    same(&expected, &everything(&written(&files).path("app"), 3));
    for (name, text) in &expected {
        let root = first.root().to_string_lossy().into_owned();
        assert!(!text.contains(&root), "{name} holds the directory's absolute path");
    }
}

#[test]
fn a_shop() {
    check(files(SHOP));
}

#[test]
fn the_files_of_analyze_do_not_depend_on_threads() {
    let one = Dir::with(SHOP);
    let other = Dir::with(SHOP);
    let first = splitter(one.root(), &["analyze", "--threads", "1"]).ok();
    let second = splitter(other.root(), &["analyze", "--threads", "8"]).ok();
    assert_eq!(first, second);
    assert!(one.snapshot() == other.snapshot());
}

#[test]
fn a_workspace_with_twins_and_ties() {
    let mut files =
        files("//- /Cargo.toml\n[workspace]\nmembers = [\"a\", \"b\", \"c\", \"d\"]\nresolver = \"2\"\n");
    // Equal crates: every decision between them is a tie.
    for krate in ["a", "b", "c", "d"] {
        for (path, text) in common::files(SHOP) {
            let text = if path == "Cargo.toml" { text.replace("shop", krate) } else { text };
            files.push((format!("{krate}/{path}"), text));
        }
    }
    check(files);
}

#[test]
fn photo_rental() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/photo-rental");
    if !root.exists() {
        // The published package has no samples.
        return;
    }
    let mut files = Vec::new();
    read(&root, &root, &mut files);
    assert!(files.len() > 20);
    check(files);
}

fn read(root: &Path, dir: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target" && name != "functions") {
                read(root, &path, files);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push((path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"), text));
        }
    }
    files.sort();
}
