//! Fixtures in, generated files out.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};

use super::slice::testing::Fixture;
use super::*;
use crate::base::Id;
use crate::model::{Deployable, EntryPointId, EntryPointKind, ServiceCandidate};

/// The files of a fixture: `//- /src/lib.rs` before each.
fn files(text: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("//- /") {
            Some(path) => out.push((path.trim().to_owned(), String::new())),
            None => {
                if let Some((_, text)) = out.last_mut() {
                    text.push_str(line);
                }
            }
        }
    }
    out
}

fn plan(model: &Model, service: &str) -> Plan {
    let all: Vec<EntryPointId> = model.entry_points.ids().collect();
    let mut plan = Plan::default();
    plan.services.push(ServiceCandidate {
        name: service.into(),
        deployables: vec![Deployable {
            name: format!("{service}-http"),
            trigger: "http".into(),
            entry_points: all.clone(),
        }],
        entry_points: all,
        ..ServiceCandidate::default()
    });
    plan
}

/// Throw-away: slices a real application while its model cannot be had yet.
#[test]
#[ignore = "needs SPLITTER_APP"]
fn real_application() {
    let root = std::path::PathBuf::from(std::env::var("SPLITTER_APP").unwrap());
    let mut all = Vec::new();
    let mut assets: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for entry in
        walkdir::WalkDir::new(&root).into_iter().filter_entry(|e| e.file_name() != "target").flatten()
    {
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            let bytes = std::fs::read(entry.path()).unwrap();
            if path.starts_with("src/") && path.ends_with(".rs") {
                all.push((path.clone(), String::from_utf8(bytes.clone()).unwrap()));
            }
            assets.insert(path, bytes);
        }
    }
    let deps = [
        "argon2",
        "async-trait",
        "axum",
        "chrono",
        "clap",
        "hex",
        "hmac",
        "rand",
        "serde",
        "serde_json",
        "sha2",
        "sqlx",
        "thiserror",
        "tokio",
        "tokio-cron-scheduler",
        "tower-http",
        "tracing",
        "tracing-subscriber",
    ];
    let mut fixture = Fixture::new(&all, &[("photo_rental", "src/lib.rs")], &deps);
    for line in std::env::var("SPLITTER_ENTRIES").unwrap().split(';') {
        let parts: Vec<&str> = line.split(',').collect();
        let kind = match parts[0] {
            "cron" => EntryPointKind::Cron,
            "consumer" => EntryPointKind::Consumer,
            _ => EntryPointKind::Http,
        };
        fixture.entry(kind, parts[1], parts[2], parts[3], parts[4]);
    }
    let manifests = [("Cargo.toml".to_owned(), String::from_utf8(assets["Cargo.toml"].clone()).unwrap())]
        .into_iter()
        .collect();
    let lock = String::from_utf8(assets["Cargo.lock"].clone()).unwrap();
    let existing = BTreeMap::new();
    let inputs = Inputs {
        sources: &fixture.sources,
        manifests: &manifests,
        lock: Some(&lock),
        assets: &assets,
        existing: &existing,
    };
    let plan = plan(&fixture.model, "service");
    let out = scaffold(&Request::default(), &fixture.model, &plan, &inputs).unwrap();
    let to = std::path::PathBuf::from(std::env::var("SPLITTER_OUT").unwrap());
    for (path, bytes) in &out.files.files {
        let path = to.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    for function in &out.functions {
        println!("{} {} lines, {:?}", function.name, function.lines_moved, function.dependencies);
        for gap in &function.gaps {
            println!("  gap: {gap:?}");
        }
    }
    for refusal in &out.refused {
        println!("  refused: {refusal:?}");
    }
}
