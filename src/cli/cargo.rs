//! Runs cargo on what was generated, where the user asks for it.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::Error;

/// What the compiler said.
#[derive(Debug)]
pub(super) struct Check {
    succeeded: bool,
    /// The errors, in the compiler's order.
    pub errors: Vec<CompileError>,
}

/// One error of the compiler.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CompileError {
    /// Relative to the checked workspace; empty where there is no place.
    pub file: String,
    /// 1-based; 0 where there is no place.
    pub line: u64,
    /// Its first line.
    pub message: String,
}

impl Check {
    /// Whether everything compiled.
    pub fn passed(&self) -> bool {
        self.succeeded
    }
}

/// Compiles the packages of the workspace in `dir`, tests included, without running anything of it.
///
/// # Errors
/// Where cargo cannot be started.
pub(super) fn check(dir: &Path, packages: &[String]) -> Result<Check, Error> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["check", "--all-targets", "--message-format=json"]).current_dir(dir).stdin(Stdio::null());
    for package in packages {
        command.args(["--package", package]);
    }
    let output = command.output().map_err(|error| {
        Error::Usage(format!("cannot run cargo in {}: {error}; install a Rust toolchain", dir.display()))
    })?;
    let mut errors: Vec<CompileError> =
        String::from_utf8_lossy(&output.stdout).lines().filter_map(compile_error).collect();
    errors.dedup();
    if !output.status.success() && errors.is_empty() {
        // Cargo itself: a version that does not exist, no network.
        let text = String::from_utf8_lossy(&output.stderr);
        let message = text.split_once("error: ").map_or(text.trim(), |(_, message)| message.trim());
        errors.push(CompileError { file: String::new(), line: 0, message: message.replace('\n', " ") });
    }
    Ok(Check { succeeded: output.status.success(), errors })
}

/// The error in a line of cargo's JSON.
fn compile_error(line: &str) -> Option<CompileError> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let message = message.get("message")?;
    if message.get("level")?.as_str()? != "error"
        || message.get("code")?.is_null() && message["spans"] == serde_json::json!([])
    {
        return None;
    }
    let spans = message.get("spans")?.as_array()?;
    let span = spans.iter().find(|span| span["is_primary"] == true).or(spans.first());
    Some(CompileError {
        file: span.and_then(|span| span["file_name"].as_str()).unwrap_or_default().replace('\\', "/"),
        line: span.and_then(|span| span["line_start"].as_u64()).unwrap_or(0),
        message: message.get("message")?.as_str()?.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_its_place_and_a_warning_is_none() {
        let error = r#"{"reason":"compiler-message","message":{"level":"error","code":{"code":"E0425"},"message":"cannot find x","spans":[{"is_primary":true,"file_name":"a/src/lib.rs","line_start":7}]}}"#;
        let expected = CompileError { file: "a/src/lib.rs".into(), line: 7, message: "cannot find x".into() };
        assert_eq!(compile_error(error), Some(expected));
        assert_eq!(compile_error(&error.replace("\"error\"", "\"warning\"")), None);
        let end = r#"{"reason":"compiler-message","message":{"level":"error","code":null,"message":"aborting due to 1 previous error","spans":[]}}"#;
        assert_eq!(compile_error(end), None);
        assert_eq!(compile_error(r#"{"reason":"build-finished","success":false}"#), None);
        assert_eq!(compile_error("no json"), None);
    }
}
