//! Lists and reads what lies below a directory.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use globset::GlobSet;
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

/// Files above this size are generated or data; they are skipped.
pub(super) const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// What lies below a directory.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Relative paths of the files that may matter, sorted.
    pub paths: Vec<String>,
    /// What could not be entered.
    pub unread: Vec<(String, String)>,
}

/// Why a file's text is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoText {
    /// Kebab-case code.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
}

/// Lists the files that may matter below `root`; what `exclude` matches is not looked at.
pub(super) fn list(root: &Path, exclude: &GlobSet) -> Listing {
    let mut listing = Listing::default();
    let canonical = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let mut followed: BTreeSet<PathBuf> = BTreeSet::new();
    let mut outside: Vec<(String, String)> = Vec::new();
    let walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    let walk = walk.filter_entry(|entry| {
        if entry.depth() == 0 {
            return true;
        }
        if entry.file_type().is_dir() && is_left_out(entry) {
            return false;
        }
        if !exclude.is_empty() && exclude.is_match(relative(root, entry.path())) {
            return false;
        }
        if !entry.path_is_symlink() || !entry.file_type().is_dir() {
            return true;
        }
        // A linked directory is entered once, and only where it lies within.
        match fs::canonicalize(entry.path()) {
            Ok(target) if !target.starts_with(&canonical) => {
                let sentence = "the symbolic link leads outside and was not followed";
                outside.push((relative(root, entry.path()), sentence.to_owned()));
                false
            }
            Ok(target) => followed.insert(target),
            Err(_) => true,
        }
    });
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() && matters(&entry) => match entry.path().to_str() {
                Some(_) => listing.paths.push(relative(root, entry.path())),
                None => listing.unread.push((
                    relative(root, entry.path()),
                    "the file's name is not UTF-8 and the file was left out".to_owned(),
                )),
            },
            Ok(_) => {}
            Err(err) => {
                let path = err.path().map_or_else(String::new, |path| relative(root, path));
                let sentence = if err.loop_ancestor().is_some() {
                    "the symbolic link leads back to a directory around it and was not followed".to_owned()
                } else {
                    let reason = err.io_error().map_or_else(|| "unknown reason".to_owned(), io_reason);
                    format!("cannot be read: {reason}")
                };
                // A dangling link that is no source matters to nobody.
                let dangling = err.io_error().is_some_and(|err| err.kind() == std::io::ErrorKind::NotFound);
                if !dangling || path.ends_with(".rs") || path.ends_with(".sql") {
                    listing.unread.push((path, sentence));
                }
            }
        }
    }
    for place in ["CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"] {
        if root.join(place).is_file() {
            listing.paths.push(place.to_owned());
        }
    }
    listing.unread.append(&mut outside);
    listing.paths.sort();
    listing.paths.dedup();
    listing
}

/// The reason without the system's error number, which differs between systems.
pub(super) fn io_reason(err: &std::io::Error) -> String {
    err.kind().to_string()
}

fn is_left_out(entry: &DirEntry) -> bool {
    let Some(name) = entry.file_name().to_str() else { return false };
    match name {
        ".sqlx" => false,
        "node_modules" => true,
        // Only cargo's: a module may have this name too.
        "target" => {
            entry.path().join("CACHEDIR.TAG").exists()
                || entry.path().parent().is_some_and(|dir| dir.join("Cargo.toml").exists())
        }
        _ => name.starts_with('.'),
    }
}

fn matters(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    if matches!(&*name, "Cargo.toml" | "diesel.toml")
        || [".rs", ".sql", ".prisma"].iter().any(|end| name.ends_with(end))
    {
        return true;
    }
    let in_sqlx = entry.path().parent().and_then(Path::file_name).is_some_and(|dir| dir == ".sqlx");
    in_sqlx && name.ends_with(".json")
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        path.into_owned()
    } else {
        path.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// Reads one file.
pub(super) fn read(path: &Path) -> Result<String, NoText> {
    let unreadable = |err: std::io::Error| NoText {
        code: "unreadable-file",
        message: format!("the file cannot be read: {}", io_reason(&err)),
    };
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_BYTES {
        let message = format!("the file has {} MiB and was skipped", size / (1024 * 1024));
        return Err(NoText { code: "file-too-large", message });
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|err| {
        let at = err.utf8_error().valid_up_to();
        let line = err.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        NoText { code: "invalid-utf8", message: format!("the file is not UTF-8 (first on line {line})") }
    })
}

/// Reads many files in parallel; the answers are in the order of `paths`.
pub(super) fn read_all(root: &Path, paths: &[String]) -> Vec<Result<String, NoText>> {
    paths.par_iter().map(|path| read(&root.join(path))).collect()
}

/// The manifest with `[workspace]` above `root`, read only: its text, and `root` as seen from it.
pub(super) fn outer_workspace(root: &Path) -> Option<(String, String)> {
    let root = fs::canonicalize(root).ok()?;
    for dir in root.ancestors().skip(1) {
        let Ok(text) = read(&dir.join("Cargo.toml")) else { continue };
        let below = relative(dir, &root);
        let is_workspace = text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("workspace"));
        if is_workspace {
            return Some((text, below));
        }
    }
    None
}

/// Directories below `root` that hold a `Cargo.toml`, the shallowest first; at most five.
pub(super) fn candidates(root: &Path) -> Vec<String> {
    let listing = list(root, &GlobSet::empty());
    let mut dirs: Vec<String> =
        listing.paths.iter().filter_map(|path| path.strip_suffix("/Cargo.toml")).map(str::to_owned).collect();
    dirs.sort_by_key(|dir| (dir.matches('/').count(), dir.clone()));
    dirs.truncate(5);
    dirs
}
