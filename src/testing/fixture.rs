//! Workspaces from one string.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::discover::{Workspace, assemble};

/// Makes a workspace of a text with files.
///
/// `//- /src/lib.rs` starts a file; text without any such line is `/src/lib.rs`. Indentation that all
/// lines share is cut off. Where no `Cargo.toml` is given for them, packages are made: `app` at the root
/// for the files that belong to no other, and one per `crate:name` in directory `name/`. After a path
/// stand, for the whole package: `crate:a`, `deps:b,axum` (a crate of the fixture is meant by path),
/// `edition:2021` (else 2024), `features:x,y` (all on by default).
///
/// # Panics
/// Where the text is no fixture.
pub fn fixture(text: &str) -> Workspace {
    let files = split(&dedent(text));
    let mut packages: BTreeMap<String, Package> = BTreeMap::new();
    let mut texts: Vec<(String, String)> = Vec::new();
    let names: Vec<&str> = files.iter().filter_map(|file| file.meta("crate")).collect();
    for file in &files {
        let top = file.path.split('/').next().unwrap_or("");
        let name = file.meta("crate").or_else(|| names.iter().copied().find(|name| *name == top));
        let package = packages.entry(name.unwrap_or("").to_owned()).or_default();
        package.n_files += 1;
        for (key, values) in &file.meta {
            let values = values.split(',').map(str::to_owned);
            match key.as_str() {
                "deps" => package.deps.extend(values),
                "features" => package.features.extend(values),
                "edition" => package.edition = values.into_iter().next(),
                "crate" => {}
                key => panic!("unknown metadata {key} in a fixture"),
            }
        }
        texts.push((file.path.clone(), file.text.clone()));
    }
    let has = |path: &str| files.iter().any(|file| file.path == path);
    if !files.iter().any(|file| file.path.ends_with("Cargo.toml")) {
        let crates: Vec<&String> = packages.keys().filter(|name| !name.is_empty()).collect();
        for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
            texts.push((format!("{name}/Cargo.toml"), package.manifest(name, &crates, "../")));
        }
        let members = crates.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        let mut root = format!("[workspace]\nmembers = [{members}]\n\n");
        if let Some(package) = packages.get("").filter(|package| package.n_files > 0) {
            root.push_str(&package.manifest("app", &crates, ""));
        }
        texts.push(("Cargo.toml".to_owned(), root));
    } else if !has("Cargo.toml") {
        panic!("a fixture with a Cargo.toml needs one at its root");
    }
    assemble("app", texts).expect("a fixture's manifests are right")
}

#[derive(Default)]
struct Package {
    n_files: usize,
    deps: Vec<String>,
    features: Vec<String>,
    edition: Option<String>,
}

impl Package {
    fn manifest(&self, name: &str, crates: &[&String], up: &str) -> String {
        let edition = self.edition.as_deref().unwrap_or("2024");
        let mut text =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"{edition}\"\n");
        text.push_str("\n[dependencies]\n");
        for dep in &self.deps {
            if crates.contains(&dep) {
                writeln!(text, "{dep} = {{ path = \"{up}{dep}\" }}").expect("written to a string");
            } else {
                writeln!(text, "{dep} = \"*\"").expect("written to a string");
            }
        }
        if !self.features.is_empty() {
            let on = self.features.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
            writeln!(text, "\n[features]\ndefault = [{on}]").expect("written to a string");
            for name in &self.features {
                writeln!(text, "{name} = []").expect("written to a string");
            }
        }
        text
    }
}

struct File {
    path: String,
    meta: Vec<(String, String)>,
    text: String,
}

impl File {
    fn meta(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
    }
}

fn split(text: &str) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(head) = line.trim_start().strip_prefix("//- ") {
            let mut words = head.split_whitespace();
            let path = words.next().expect("a path after //-");
            let meta = words.map(|word| {
                let (key, value) = word.split_once(':').expect("metadata is key:value");
                (key.to_owned(), value.to_owned())
            });
            let path = path.strip_prefix('/').expect("a fixture's path starts with /").to_owned();
            files.push(File { path, meta: meta.collect(), text: String::new() });
        } else if let Some(file) = files.last_mut() {
            file.text.push_str(line);
        } else if !line.trim().is_empty() {
            // Text before any header: the whole of one file.
            let path = "src/lib.rs".to_owned();
            files.push(File { path, meta: vec![], text: line.to_owned() });
        }
    }
    files
}

/// Cuts off the indentation that all lines share, and a first empty line.
fn dedent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let common = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let lines = text.split_inclusive('\n');
    lines.map(|line| line.get(common..).unwrap_or_else(|| line.trim_start_matches(' '))).collect()
}
