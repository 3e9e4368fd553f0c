//! Generated files in memory.

use std::collections::BTreeMap;

/// Generated files: relative path → content, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl FileSet {
    /// Adds a text file. A path that would leave the output directory is a bug of ours.
    pub fn text(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.bytes(path, text.into().into_bytes());
    }

    /// Adds a file.
    pub fn bytes(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        let path = path.into();
        assert!(is_inside(&path), "{path} leaves the output directory");
        self.files.insert(path, bytes);
    }

    /// Adds all files of another set.
    pub fn extend(&mut self, other: FileSet) {
        self.files.extend(other.files);
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }
}

/// Whether a relative path stays below where it starts.
pub(super) fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// `a/b/../c` without its dots; `None` where it climbs out.
pub(super) fn normalise(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
