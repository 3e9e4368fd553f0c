//! The monolith's side of an extracted function: a switch that answers here, there, or in both places.
//!
//! What is added is one file per function, its `mod` line, and one line where the router is made or the job
//! begins. Nothing else of the monolith is touched, so that taking these away undoes the step.

mod answers;
mod asks;
mod http;
mod job;
mod marks;
#[cfg(test)]
mod tests;

pub(super) use answers::answers;
pub(super) use asks::asks;
pub(super) use marks::marks;

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{DocumentMut, Item, Table, Value};

use crate::base::{FileId, Place, Span};
use crate::model::{DependencyRef, EntryPointKind, ModuleIdx, PackageIdx};

use super::deployable::Unit;
use super::manifest::Manifests;
use super::names::Names;
use super::patch::FileChange;
use super::{Gap, Inputs, naming};

/// What is added to the monolith.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seam {
    inserts: BTreeSet<(FileId, u32, String)>,
    /// New files: path → text.
    files: BTreeMap<String, String>,
    /// Dependencies: manifest, key → value.
    needs: BTreeMap<(String, String), String>,
    /// Names of the environment variables, for the README.
    pub variable: String,
    /// What the README says about it.
    pub notes: Vec<String>,
}

impl Seam {
    /// Adds what another function needs.
    pub fn extend(&mut self, other: &Seam) {
        self.inserts.extend(other.inserts.iter().cloned());
        self.files.extend(other.files.clone());
        self.needs.extend(other.needs.clone());
    }

    /// The changed and new files of the monolith, sorted by path.
    pub fn changes(&self, inputs: &Inputs<'_>) -> Vec<FileChange> {
        let mut out = Vec::new();
        let files: BTreeSet<FileId> = self.inserts.iter().map(|(file, _, _)| *file).collect();
        for file in files {
            let source = &inputs.sources.files[file];
            let (mut after, mut at) = (String::with_capacity(source.text.len()), 0);
            for (_, offset, text) in self.inserts.iter().filter(|(own, _, _)| *own == file) {
                after.push_str(&source.text[at..*offset as usize]);
                at = *offset as usize;
                if source.text.contains("\r\n") {
                    after.push_str(&text.replace('\n', "\r\n"));
                } else {
                    after.push_str(text);
                }
            }
            after.push_str(&source.text[at..]);
            out.push(FileChange {
                path: source.path.clone(),
                before: Some(source.text.to_string()),
                after: Some(after),
            });
        }
        for (path, text) in &self.files {
            out.push(FileChange { path: path.clone(), before: None, after: Some(text.clone()) });
        }
        let manifests: BTreeSet<&String> = self.needs.keys().map(|(manifest, _)| manifest).collect();
        for manifest in manifests {
            let Some(before) = inputs.manifests.get(manifest) else { continue };
            let Ok(mut document) = before.parse::<DocumentMut>() else { continue };
            if document.get("dependencies").is_none() {
                document["dependencies"] = Item::Table(Table::new());
            }
            for ((_, key), value) in self.needs.iter().filter(|((own, _), _)| own == manifest) {
                let value: Value = value.parse().expect("generated values are TOML");
                document["dependencies"][key] = toml_edit::value(value);
            }
            let after = Some(document.to_string());
            out.push(FileChange { path: manifest.clone(), before: Some(before.clone()), after });
        }
        out.sort_by(|a, b| a.path.cmp(&b.path));
        out
    }
}

/// Everything that the making of a seam looks at.
struct Site<'a, 'm> {
    unit: &'a Unit,
    names: &'a Names<'m>,
    inputs: &'a Inputs<'a>,
    manifests: &'a Manifests,
}

/// Why there is no switch: a reason with its place.
type Refused = Gap;

/// The switch of a unit; `None` where the monolith has it already.
pub(super) fn seam(
    unit: &Unit,
    names: &Names<'_>,
    inputs: &Inputs<'_>,
    manifests: &Manifests,
) -> Result<Option<Seam>, Refused> {
    let site = Site { unit, names, inputs, manifests };
    match unit.kind {
        EntryPointKind::Http => http::seam(&site),
        _ => job::seam(&site),
    }
}

impl Site<'_, '_> {
    /// `switch_orders_http`.
    fn module(&self) -> String {
        format!("switch_{}", naming::snake(&self.unit.name))
    }

    /// `FUNCTION_ORDERS_HTTP`.
    fn variable(&self) -> String {
        format!("FUNCTION_{}", naming::snake(&self.unit.name).to_uppercase())
    }

    /// Where the switch goes in a crate, and the line that names it.
    fn home(&self, root: ModuleIdx) -> (String, String) {
        self.home_of(root, &self.module())
    }

    /// Where a module goes in a crate, and the line that names it.
    fn home_of(&self, root: ModuleIdx, module: &str) -> (String, String) {
        let file = self.names.model.modules[root].content.file;
        let path = self.inputs.sources.files[file].path.as_str();
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let own = format!("{module}.rs");
        let join = |dir: &str| if dir.is_empty() { own.clone() } else { format!("{dir}/{own}") };
        // Files in `src/bin` are binaries of their own.
        match dir.strip_suffix("/bin").or((dir == "bin").then_some("")) {
            Some(above) if !path.ends_with("/main.rs") => {
                (join(above), format!("#[path = \"../{own}\"]\nmod {module};\n"))
            }
            _ => (join(dir), format!("mod {module};\n")),
        }
    }

    /// Whether the monolith has the switch already.
    fn is_there(&self, root: ModuleIdx) -> bool {
        self.inputs.sources.find(&self.home(root).0).is_some()
    }

    /// Adds the switch to a crate.
    fn add_module(&self, root: ModuleIdx, text: String, seam: &mut Seam) {
        self.add(root, &self.module(), text, seam);
    }

    /// Adds a module to a crate.
    fn add(&self, root: ModuleIdx, module: &str, text: String, seam: &mut Seam) {
        let (path, mut line) = self.home_of(root, module);
        let (file, at, needs_break) = self.place_of_module(root);
        if needs_break {
            line.insert(0, '\n');
        }
        seam.inserts.insert((file, at, line));
        seam.files.insert(path, text);
    }

    /// Behind the last `mod` line, else the last `use`, else before the first item.
    fn place_of_module(&self, root: ModuleIdx) -> (FileId, u32, bool) {
        let model = self.names.model;
        let file = model.modules[root].content.file;
        let text = &self.inputs.sources.files[file].text;
        let mods = model
            .modules
            .iter()
            .filter(|module| module.parent == Some(root) && !module.inline && !module.test)
            .filter_map(|module| module.declared_at)
            .filter(|span| span.file == file)
            .max_by_key(|span| span.range.end);
        // A `use` can also stand inside of a function.
        let items =
            || self.names.top_level.get(&root).into_iter().flatten().map(|&item| model.items[item].span);
        let alone = |span: &Span| !items().any(|item| item.range.contains(span.range));
        let uses = model.imports.iter().filter(|import| import.module == root).map(|import| import.item);
        let last = mods.or_else(|| {
            uses.filter(|span| span.file == file).filter(alone).max_by_key(|span| span.range.end)
        });
        if let Some(last) = last {
            let end = last.range.end as usize;
            return match text[end..].find('\n') {
                Some(newline) => (file, (end + newline + 1) as u32, false),
                None => (file, text.len() as u32, true),
            };
        }
        let at = items().filter(|span| span.file == file).map(|span| span.range.start).min();
        let at = at.unwrap_or(text.len() as u32);
        let start = text[..at as usize].rfind('\n').map_or(0, |newline| newline + 1);
        (file, start as u32, false)
    }

    fn package(&self, root: ModuleIdx) -> PackageIdx {
        self.names.model.modules[root].package
    }

    /// A dependency that the package always has.
    fn dependency(&self, package: PackageIdx, name: &str) -> Option<&DependencyRef> {
        let facts = &self.names.model.packages[package];
        facts.dependencies.iter().find(|dependency| {
            let value = self.manifests.dependency(&facts.manifest, &dependency.key);
            dependency.package == name
                && !value.is_some_and(|(value, _)| {
                    value.as_inline_table().and_then(|table| table.get("optional")).and_then(Value::as_bool)
                        == Some(true)
                })
        })
    }

    fn krate(&self, package: PackageIdx, name: &str) -> Option<String> {
        Some(self.dependency(package, name)?.krate.clone())
    }

    /// The name in code of a dependency, added where the package has none.
    fn need(&self, package: PackageIdx, name: &str, value: &str, seam: &mut Seam) -> String {
        if let Some(krate) = self.krate(package, name) {
            return krate;
        }
        let facts = &self.names.model.packages[package];
        let taken = facts.dependencies.iter().any(|dependency| dependency.key == name);
        let (key, value) = if taken {
            let value = value.trim_matches(['{', '}', ' ']);
            let value = if value.starts_with('"') { format!("version = {value}") } else { value.to_owned() };
            (format!("switch-{name}"), format!("{{ package = \"{name}\", {value} }}"))
        } else {
            (name.to_owned(), value.to_owned())
        };
        seam.needs.insert((facts.manifest.clone(), key.clone()), value);
        key.replace('-', "_")
    }

    /// The HTTP client.
    fn client(&self, package: PackageIdx, seam: &mut Seam) -> String {
        let value = r#"{ version = "0.12", default-features = false, features = ["rustls-tls"] }"#;
        self.need(package, "reqwest", value, seam)
    }

    /// The statement that writes `text` to the log of the application.
    fn log(&self, package: PackageIdx) -> String {
        for name in ["tracing", "log"] {
            if let Some(krate) = self.krate(package, name) {
                return format!("{krate}::warn!(\"{{text}}\");");
            }
        }
        "eprintln!(\"{text}\");".into()
    }
}

/// Where a line that follows code at `end` goes: behind a comment on the same line.
fn line_end(text: &str, end: usize) -> usize {
    let rest = text[end..].split('\n').next().unwrap_or("").trim_end_matches('\r');
    let trimmed = rest.trim();
    if trimmed.is_empty() || trimmed.starts_with("//") { end + rest.len() } else { end }
}

/// White space before the first character of the line at `at`.
fn indent(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

fn refused(place: Option<Place>, why: impl std::fmt::Display) -> Refused {
    Gap::new(place, format!("the monolith gets no switch: {why}"))
}
