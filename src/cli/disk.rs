//! The files below the application's directory, for what scaffolding carries along.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::scaffold::Assets;

/// Files below one directory; nothing above it can be reached.
#[derive(Debug)]
pub(super) struct Below {
    root: PathBuf,
}

impl Below {
    /// The files below `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.into() }
    }

    fn path(&self, relative: &str) -> Option<PathBuf> {
        let relative = Path::new(relative);
        let inside =
            relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        inside.then(|| self.root.join(relative))
    }
}

impl Assets for Below {
    fn under(&self, dir: &str) -> Vec<String> {
        let Some(path) = self.path(dir) else { return Vec::new() };
        let walk = walkdir::WalkDir::new(path).sort_by_file_name().into_iter();
        let mut found: Vec<String> = walk
            .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != "target")
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| {
                let relative = entry.path().strip_prefix(&self.root).ok()?;
                let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
                Some(parts?.join("/"))
            })
            .collect();
        found.sort();
        found
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.path(path)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_read() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("app/migrations")).unwrap();
        fs::write(dir.path().join("secret"), "x").unwrap();
        fs::write(dir.path().join("app/migrations/1.sql"), "y").unwrap();
        let files = Below::new(&dir.path().join("app"));
        assert_eq!(files.under("migrations"), ["migrations/1.sql"]);
        assert_eq!(files.read("migrations/1.sql").unwrap(), b"y");
        assert_eq!(files.under(".."), [""; 0]);
        assert_eq!(files.read("../secret"), None);
        assert_eq!(files.read("/etc/passwd"), None);
    }
}
