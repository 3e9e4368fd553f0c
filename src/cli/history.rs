//! The history of the application's repository, as git tells it.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::Error;
use crate::propose::Commit;

/// So many commits are looked at, the newest first.
const MOST_COMMITS: &str = "--max-count=3000";

/// Reads who changed which files of the application together.
///
/// Runs `git log` and nothing that the repository could name: no hook, pager, filter, helper or
/// transport.
///
/// # Errors
/// Where there is no git, or no repository.
pub(super) fn read(app: &Path) -> Result<Vec<Commit>, Error> {
    let mut git = Command::new("git");
    git.current_dir(app).stdin(Stdio::null());
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXTERNAL_DIFF", "GIT_PAGER"] {
        git.env_remove(name);
    }
    // A partial clone would fetch what it lacks, over a transport of its choice.
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "").env("GIT_TERMINAL_PROMPT", "0");
    git.args(["--no-pager", "--no-optional-locks"]);
    for setting in [
        "core.hooksPath=/dev/null",
        "core.fsmonitor=false",
        "core.quotePath=false",
        "log.showSignature=false",
        "diff.ignoreSubmodules=all",
    ] {
        git.args(["-c", setting]);
    }
    git.args(["log", MOST_COMMITS, "--no-merges", "--no-renames", "--no-ext-diff", "--no-textconv"]);
    git.args(["--no-color", "--name-only", "--relative", "--format=%x01%an", "HEAD", "--", "."]);
    let failed = |why: &str| {
        Error::Usage(format!(
            "the history of {} cannot be read: {why}; leave --history out, or run it in a clone with its commits",
            app.display()
        ))
    };
    let output = git.output().map_err(|error| failed(&format!("git does not start ({error})")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(failed(said.lines().next().unwrap_or("git says nothing")));
    }
    Ok(parse(&String::from_utf8_lossy(&output.stdout)))
}

/// Reads the log: a line with the author behind U+0001, then a file per line.
fn parse(log: &str) -> Vec<Commit> {
    log.split('\u{1}')
        .skip(1)
        .map(|commit| {
            let mut lines = commit.lines().filter(|line| !line.is_empty()).map(str::to_owned);
            Commit { author: lines.next().unwrap_or_default(), files: lines.collect() }
        })
        .collect()
}
