//! Runs cargo on what was generated, where the user asks for it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::error::Error;

/// What the compiler said about a workspace.
#[derive(Debug, Default)]
pub(super) struct Check {
    /// Packages of which every target compiled, by name.
    compiled: BTreeSet<String>,
    /// Packages of which a target did not.
    broken: BTreeSet<String>,
    /// The errors, in the compiler's order, by package; those of cargo itself under an empty name.
    errors: BTreeMap<String, Vec<CompileError>>,
}

/// One error of the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CompileError {
    /// Relative to the checked workspace; empty where there is no place.
    pub file: String,
    /// 1-based; 0 where there is no place.
    pub line: u64,
    /// `E0425`; empty where there is none.
    pub code: String,
    /// Its first line.
    pub message: String,
    /// Labels, notes and helps, a line each.
    pub notes: String,
}

impl Check {
    /// Whether all of some packages compiled.
    pub fn passed(&self, packages: &[String]) -> bool {
        packages.iter().all(|name| self.compiled.contains(name) && !self.broken.contains(name))
    }

    /// The errors of some packages; where nothing is known of why they failed, those of cargo itself.
    pub fn errors(&self, packages: &[String]) -> Vec<&CompileError> {
        let own: Vec<_> = packages.iter().filter_map(|name| self.errors.get(name)).flatten().collect();
        if own.is_empty() && !self.passed(packages) {
            return self.errors.get("").into_iter().flatten().collect();
        }
        own
    }
}

/// Compiles packages of the workspace in `dir`, tests included, without running anything of it. Goes on where one
/// does not compile.
///
/// # Errors
/// Where cargo cannot be started.
pub(super) fn check(dir: &Path, packages: &[String], offline_queries: bool) -> Result<Check, Error> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["check", "--all-targets", "--keep-going", "--message-format=json"])
        .current_dir(dir)
        .stdin(Stdio::null());
    if offline_queries {
        // Queries are checked against the prepared data, not against whatever database is at hand.
        command.env("SQLX_OFFLINE", "true");
    }
    for package in packages {
        command.args(["--package", package]);
    }
    let output = command.output().map_err(|error| {
        Error::Usage(format!("cannot run cargo in {}: {error}; install a Rust toolchain", dir.display()))
    })?;
    let mut check = Check::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        check.read(line);
    }
    if !output.status.success() {
        // Cargo itself: a version that does not exist, no network, a build script that failed.
        let text = String::from_utf8_lossy(&output.stderr);
        let all: Vec<&str> = text.split("error: ").skip(1).map(str::trim).collect();
        let of_cargo = all.iter().copied().filter(|message| {
            !message.starts_with("could not compile") && !message.starts_with("build failed")
        });
        let mut messages: Vec<&str> = of_cargo.collect();
        if messages.is_empty() {
            // Of a dependency, whose own messages belong to nobody here.
            messages = all;
        }
        let message = messages.join(" | ").replace('\n', " ");
        let message = message.chars().take(600).collect();
        let errors = check.errors.entry(String::new()).or_default();
        errors.push(CompileError {
            file: String::new(),
            line: 0,
            code: String::new(),
            message,
            notes: String::new(),
        });
    }
    Ok(check)
}

impl Check {
    /// Takes in a line of cargo's JSON.
    fn read(&mut self, line: &str) {
        let Ok(message) = serde_json::from_str::<Value>(line) else { return };
        let Some(package) = message["package_id"].as_str().map(package_name) else { return };
        match message["reason"].as_str() {
            Some("compiler-artifact") => {
                self.compiled.insert(package);
            }
            Some("compiler-message") => {
                if message["message"]["level"] == "error" {
                    self.broken.insert(package.clone());
                }
                if let Some(error) = compile_error(&message["message"]) {
                    let errors = self.errors.entry(package).or_default();
                    if !errors.contains(&error) {
                        errors.push(error);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The name in a package id: `path+file:///w/orders#orders-http@0.1.0`, or `path+file:///w/orders#0.1.0` where the
/// directory has the name.
fn package_name(id: &str) -> String {
    let (before, after) = id.rsplit_once('#').unwrap_or(("", id));
    match after.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => before.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

/// The error in a message of the compiler.
fn compile_error(message: &Value) -> Option<CompileError> {
    let spans = message["spans"].as_array()?;
    if message["level"] != "error" || message["code"].is_null() && spans.is_empty() {
        return None;
    }
    // What a macro made stands where the macro is called.
    let mut span = spans.iter().find(|span| span["is_primary"] == true).or(spans.first());
    while let Some(outer) = span.map(|span| &span["expansion"]["span"]).filter(|span| span.is_object()) {
        span = Some(outer);
    }
    let labels = spans.iter().filter_map(|span| span["label"].as_str());
    let children = message["children"].as_array().into_iter().flatten();
    let notes =
        labels.chain(children.filter_map(|child| child["message"].as_str())).collect::<Vec<_>>().join("\n");
    Some(CompileError {
        file: span.and_then(|span| span["file_name"].as_str()).unwrap_or_default().replace('\\', "/"),
        line: span.and_then(|span| span["line_start"].as_u64()).unwrap_or(0),
        code: message["code"]["code"].as_str().unwrap_or_default().to_owned(),
        message: message["message"].as_str()?.to_string(),
        notes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: &str = r#"{"reason":"compiler-message","package_id":"path+file:///w/a#a-lib@0.1.0","message":{"level":"error","code":{"code":"E0425"},"message":"cannot find x","spans":[{"is_primary":true,"file_name":"a/src/lib.rs","line_start":7,"label":"not found"}],"children":[{"message":"try y"}]}}"#;

    #[test]
    fn an_error_keeps_its_place_and_belongs_to_its_package() {
        let mut check = Check::default();
        check.read(ERROR);
        check.read(r#"{"reason":"compiler-artifact","package_id":"path+file:///w/b#0.1.0"}"#);
        let expected = CompileError {
            file: "a/src/lib.rs".into(),
            line: 7,
            code: "E0425".into(),
            message: "cannot find x".into(),
            notes: "not found\ntry y".into(),
        };
        assert_eq!(check.errors(&["a-lib".into()]), [&expected]);
        assert!(!check.passed(&["a-lib".into()]) && check.passed(&["b".into()]));
        assert!(!check.passed(&["never-reached".into()]));
    }

    #[test]
    fn warnings_and_noise_are_no_errors() {
        let mut check = Check::default();
        check.read(&ERROR.replace("\"error\"", "\"warning\""));
        check.read(r#"{"reason":"build-finished","success":false}"#);
        check.read("no json");
        assert!(check.errors.is_empty() && check.broken.is_empty());
    }
}
