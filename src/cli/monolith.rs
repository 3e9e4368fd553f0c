//! Writes the switch into the application's own files, and takes a scaffold back.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::artifacts::{Content, OutDir, persist, read_text, stage};
use crate::error::Error;
use crate::scaffold::{FileChange, Patch, workspace_without};

/// Name of the patch in a function's directory.
const PATCH: &str = "monolith.patch";

/// Refuses where git shows changes that are not committed, `out` (relative to `app`) left aside.
///
/// # Errors
/// Where there are some, or no repository at all.
pub(super) fn refuse_dirty(app: &Path, out: Option<&str>) -> Result<(), Error> {
    let mut command = Command::new("git");
    command.current_dir(app).args(["status", "--porcelain", "--untracked-files=no", "--", "."]);
    command.stdin(Stdio::null());
    if let Some(out) = out.filter(|out| !out.is_empty()) {
        command.arg(format!(":(exclude){out}"));
    }
    let seen = command.output().ok().filter(|output| output.status.success());
    let Some(seen) = seen else {
        return Err(Error::Usage(format!(
            "{} is in no git repository, which could take a change back; commit it to one, or pass --force",
            app.display()
        )));
    };
    match String::from_utf8_lossy(&seen.stdout).lines().next() {
        None => Ok(()),
        Some(first) => Err(Error::Usage(format!(
            "{} has changes that are not committed ({}); commit or stash them, or pass --force",
            app.display(),
            first.trim()
        ))),
    }
}

/// Makes changes in the application: all of them, or none.
///
/// # Errors
/// Where a file is no longer what the change starts from, or the disk refuses.
pub(super) fn write(app: &Path, changes: &[FileChange]) -> Result<(), Error> {
    let mut staged = Vec::new();
    for change in changes {
        let path = inside(app, &change.path)?;
        let is_file = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
        let now = if is_file { Some(read_text(&path)?) } else { None };
        if now != change.before || (!is_file && fs::symlink_metadata(&path).is_ok()) {
            return Err(match change.before {
                Some(_) => Error::Stale { path },
                None => Error::Occupied { path },
            });
        }
        let file = match &change.after {
            Some(after) => {
                let content: Content<'_> = Box::new(|out| out.write_all(after.as_bytes()));
                let failed = |source| Error::Write { path: path.clone(), source };
                Some(stage(&path, &content).map_err(failed)?.0)
            }
            None => None,
        };
        staged.push((path, file));
    }
    for (path, file) in staged {
        match file {
            Some(file) => {
                if let Ok(metadata) = fs::metadata(&path) {
                    // An existing file keeps its mode.
                    _ = fs::set_permissions(file.path(), metadata.permissions());
                }
                persist(file, &path)?;
            }
            None => fs::remove_file(&path).map_err(|source| Error::Write { path, source })?,
        }
    }
    Ok(())
}

/// Whether the application holds a function's patch; `None` where there is none, or only a part of it is there.
pub(super) fn holds_patch(app: &Path, function: &Path) -> Option<bool> {
    let patch = Patch::parse(&fs::read_to_string(function.join(PATCH)).ok()?);
    let read = |path: &str| fs::read_to_string(inside(app, path).ok()?).ok();
    patch.reversed(read).ok().map(|changes| !changes.is_empty())
}

/// A file of the application: below its directory, through no symbolic link.
fn inside(app: &Path, name: &str) -> Result<PathBuf, Error> {
    let parts: Vec<&str> = name.split('/').collect();
    let mut path = app.to_path_buf();
    for (idx, part) in parts.iter().enumerate() {
        if part.is_empty() || *part == "." || *part == ".." || part.contains(['\\', ':']) {
            return Err(Error::Usage(format!(
                "refused to write `{name}`: it leads out of {}",
                app.display()
            )));
        }
        path.push(part);
        let is_last = idx + 1 == parts.len();
        if !is_last && fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(Error::Occupied { path });
        }
    }
    Ok(path)
}

/// What was taken back.
pub(super) struct Undone {
    /// Generated files that went.
    pub files: usize,
    /// Files of the application that are as they were.
    pub restored: Vec<String>,
}

/// Takes one function back: its generated files, its members of the workspace, and its patch where the
/// application holds it. Changes nothing where one of these was changed since.
///
/// # Errors
/// Where there is no such function, or something of it was changed.
pub(super) fn undo(app: &Path, dir: &Path, name: &str, force: bool) -> Result<Undone, Error> {
    let out = OutDir::open(dir, force)?;
    let functions: BTreeSet<&str> =
        out.written().filter_map(|file| file.split_once('/')).map(|(function, _)| function).collect();
    if !functions.contains(name) {
        let known: Vec<&str> = functions.into_iter().collect();
        let known = if known.is_empty() {
            "nothing was".to_owned()
        } else {
            format!("there is {}", known.join(", "))
        };
        return Err(Error::Usage(format!("no function `{name}` was written to {}; {known}", dir.display())));
    }
    let last = functions.len() == 1;
    let prefix = format!("{name}/");
    let mut gone: Vec<String> =
        out.written().filter(|file| file.starts_with(&prefix)).map(str::to_owned).collect();
    out.check(gone.iter().map(String::as_str))?;

    let patch = fs::read_to_string(dir.join(&prefix).join(PATCH)).unwrap_or_default();
    let read = |path: &str| fs::read_to_string(inside(app, path).ok()?).ok();
    let changes = match Patch::parse(&patch).reversed(read) {
        Ok(changes) => changes,
        Err(_) if force => Vec::new(),
        Err(path) => {
            return Err(Error::Usage(format!(
                "{} does not hold {name}'s patch as it was applied; take its lines back by hand, or pass --force to \
                 leave the application as it is",
                app.join(path).display()
            )));
        }
    };
    let manifest = fs::read_to_string(dir.join("Cargo.toml")).ok();
    let manifest = manifest.and_then(|text| workspace_without(&text, name));
    let mut kept = None;
    match manifest {
        Some((_, true)) if last => {
            let shared = ["Cargo.toml", "Cargo.lock", ".gitignore"];
            gone.extend(
                shared.iter().filter(|own| out.written().any(|file| file == **own)).map(|&own| own.into()),
            );
        }
        Some((text, _)) => kept = Some(text),
        None => {}
    }
    write(app, &changes)?;
    let files = gone.len();
    out.remove(&gone, kept.as_deref())?;
    Ok(Undone { files, restored: changes.into_iter().map(|change| change.path).collect() })
}
