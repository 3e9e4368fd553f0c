//! One manifest's text as far as splitter needs it.

use std::collections::BTreeMap;

use toml::{Table, Value};

/// A manifest that was parsed.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    /// Path of the file, relative, with `/`.
    pub path: String,
    /// Its directory; empty for the root.
    pub dir: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub table: Table,
}

impl Manifest {
    /// Parses the text of the manifest at `path`; else gives the parser's sentence.
    pub fn read(path: &str, text: &str) -> Result<Self, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let table = text.parse::<Table>().map_err(|err| match err.span() {
            Some(span) => {
                let line = text[..span.start.min(text.len())].matches('\n').count() + 1;
                format!("line {line}: {}", err.message())
            }
            None => err.message().to_owned(),
        })?;
        Ok(Self { path: path.to_owned(), dir: parent(path).to_owned(), text: text.to_owned(), table })
    }
    /// `[package]`.
    pub fn package(&self) -> Option<&Table> {
        self.table.get("package").or_else(|| self.table.get("project")).and_then(Value::as_table)
    }
    /// `[workspace]`.
    pub fn workspace(&self) -> Option<&Table> {
        self.table.get("workspace").and_then(Value::as_table)
    }
    /// Directories within the root that `[patch.…]` puts in the place of packages, by whether these
    /// come from git and their names.
    pub fn patched(&self) -> BTreeMap<(bool, &str), String> {
        let sources = self.table.get("patch").and_then(Value::as_table).into_iter().flatten();
        let entries = sources.filter_map(|(source, entries)| Some((source, entries.as_table()?)));
        let entries = entries.flat_map(|(source, entries)| entries.iter().map(move |entry| (source, entry)));
        entries
            .filter_map(|(source, (key, entry))| {
                let name = entry.get("package").and_then(Value::as_str).unwrap_or(key);
                let dir = join(&self.dir, entry.get("path")?.as_str()?)?;
                Some(((source.contains("://"), name), dir))
            })
            .collect()
    }
    /// All dependency tables with whether they are for development or building only.
    pub fn dependency_tables(&self) -> Vec<(&Table, bool)> {
        const KINDS: [(&str, bool); 5] = [
            ("dependencies", false),
            ("dev-dependencies", true),
            ("dev_dependencies", true),
            ("build-dependencies", true),
            ("build_dependencies", true),
        ];
        let per_platform = self.table.get("target").and_then(Value::as_table).into_iter();
        let platforms = per_platform.flat_map(|targets| targets.values().filter_map(Value::as_table));
        let holders: Vec<&Table> = std::iter::once(&self.table).chain(platforms).collect();
        KINDS
            .iter()
            .flat_map(|&(key, dev)| holders.iter().map(move |holder| (holder.get(key), dev)))
            .filter_map(|(table, dev)| table.and_then(Value::as_table).map(|table| (table, dev)))
            .collect()
    }
}

/// The directory of a relative path; empty for the root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// `rel` seen from `dir`, without `.` and `..`; `None` where it leaves the root.
pub(super) fn join(dir: &str, rel: &str) -> Option<String> {
    if rel.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in rel.split(['/', '\\']) {
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

/// The strings of an array.
pub(super) fn strings(value: Option<&Value>) -> Vec<&str> {
    let array = value.and_then(Value::as_array);
    array.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether a table has `key = true`.
pub(super) fn is_true(table: &Table, key: &str) -> bool {
    table.get(key).and_then(Value::as_bool) == Some(true)
}
