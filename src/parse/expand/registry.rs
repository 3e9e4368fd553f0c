//! The `macro_rules!` of the workspace, and which of them a call means.

use std::sync::OnceLock;

use crate::base::{FileId, Id, Name, UnorderedMap};
use crate::discover::{PackageId, TargetKind, Workspace};
use crate::parse::ParsedFile;
use crate::parse::tree::items::{ItemKind, ItemTree, UseKind};
use crate::parse::tree::types::{Path, PathStart};

use super::rules::Rules;

/// A `macro_rules!`.
#[derive(Debug)]
pub(super) struct Definition {
    file: usize,
    at: u32,
    package: Option<PackageId>,
    exported: bool,
    /// What `$crate` means in it.
    pub(super) krate: String,
    text: Box<str>,
    rules: OnceLock<Option<Rules>>,
}

impl Definition {
    /// Its rules; none where they cannot be followed.
    pub(super) fn rules(&self) -> Option<&Rules> {
        self.rules.get_or_init(|| Rules::read(&self.text)).as_ref()
    }
}

/// All of them, by name.
#[derive(Debug, Default)]
pub(super) struct Registry {
    by_name: UnorderedMap<Name, Vec<Definition>>,
    n: usize,
}

/// Where calls stand.
pub(super) struct Place<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) file: usize,
    pub(super) package: Option<PackageId>,
    /// Macros that `use` brings in: whether they are of the workspace.
    uses: Vec<(Name, bool)>,
}

/// The innermost package around a file.
pub(super) fn package_of(workspace: &Workspace, path: &str) -> Option<PackageId> {
    let is_below =
        |dir: &str| dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    let around = workspace.packages.iter_enumerated().filter(|(_, package)| is_below(&package.dir));
    around.max_by_key(|(_, package)| package.dir.len()).map(|(id, _)| id)
}

impl Registry {
    pub(super) fn new(workspace: &Workspace, files: &[ParsedFile]) -> Self {
        let mut registry = Self::default();
        for (file, parsed) in files.iter().enumerate() {
            for item in &parsed.tree.items {
                let ItemKind::MacroRules { rules, exported } = &item.kind else { continue };
                let source = &workspace.sources.files[FileId::from_usize(file)];
                let Some(text) = source.text.get(rules.as_range()) else { continue };
                let package = package_of(workspace, &source.path);
                let definition = Definition {
                    file,
                    at: item.range.start,
                    package,
                    exported: *exported,
                    krate: package.map_or_else(String::new, |package| krate_of(workspace, package)),
                    text: text.into(),
                    rules: OnceLock::new(),
                };
                registry.n += 1;
                match registry.by_name.get_mut(&item.name) {
                    Some(list) => list.push(definition),
                    None => {
                        registry.by_name.insert(item.name, vec![definition]);
                    }
                }
            }
        }
        registry
    }

    pub(super) fn is_empty(&self) -> bool {
        self.n == 0
    }
    /// Whether any macro has this name.
    pub(super) fn knows(&self, path: &Path) -> bool {
        path.last().is_some_and(|name| self.by_name.contains_key(&name))
    }

    /// The macro that `path!` at byte `at` of a file means, where it is one of the workspace.
    pub(super) fn find(&self, place: &Place<'_>, path: &Path, at: u32) -> Option<&Definition> {
        let name = path.last()?;
        let all = self.by_name.get(&name)?;
        let own_file = || {
            let here = all.iter().filter(|definition| definition.file == place.file);
            here.clone().filter(|definition| definition.at < at).last().or_else(|| here.clone().next())
        };
        let own_package = || all.iter().find(|definition| definition.package == place.package);
        let exported = || all.iter().find(|definition| definition.exported);
        match (&path.start, &*path.segments) {
            (PathStart::Plain, [_]) => {
                own_file().or_else(|| match place.uses.iter().find(|(used, _)| *used == name) {
                    Some((_, true)) => own_package().or_else(exported),
                    Some((_, false)) => None,
                    None => own_package().or_else(|| exported().filter(|_| !is_common(name))),
                })
            }
            (PathStart::Plain | PathStart::Global, [first, _, ..]) => {
                if let Some(local) = dependency(place.workspace, place.package, first.name) {
                    return local.and_then(|package| all.iter().find(|found| found.package == Some(package)));
                }
                own_file().or_else(own_package).or_else(exported)
            }
            (PathStart::DollarCrate(krate), segments) => {
                let found = all.iter().find(|definition| *krate == *definition.krate);
                let found = found.or_else(own_package)?;
                // `$crate::tokio::join!`: a crate that is handed on.
                let handed_on = segments.len() > 1
                    && dependency(place.workspace, found.package, segments[0].name) == Some(None);
                (!handed_on).then_some(found)
            }
            (PathStart::Crate, [first, _, ..])
                if dependency(place.workspace, place.package, first.name) == Some(None) =>
            {
                None
            }
            _ => own_file().or_else(own_package),
        }
    }
}

/// The library that other crates call a package by.
fn krate_of(workspace: &Workspace, package: PackageId) -> String {
    let targets = &workspace.packages[package].targets;
    let lib = targets.iter().find(|target| target.kind == TargetKind::Lib).or(targets.first());
    lib.map_or_else(String::new, |target| target.krate.clone())
}

/// Whether a name in code is a dependency, and which package of the workspace it is.
fn dependency(workspace: &Workspace, package: Option<PackageId>, name: Name) -> Option<Option<PackageId>> {
    if ["std", "core", "alloc"].iter().any(|std| name == *std) {
        return Some(None);
    }
    let package = &workspace.packages[package?];
    let found = package.dependencies.iter().find(|dependency| name == *dependency.krate)?;
    Some(found.local)
}

/// Names that other crates' macros have everywhere.
fn is_common(name: Name) -> bool {
    matches!(
        name.as_str(),
        "println"
            | "print"
            | "eprintln"
            | "eprint"
            | "format"
            | "vec"
            | "panic"
            | "assert"
            | "assert_eq"
            | "assert_ne"
            | "write"
            | "writeln"
            | "todo"
            | "unreachable"
            | "matches"
            | "dbg"
            | "error"
            | "warn"
            | "info"
            | "debug"
            | "trace"
            | "log"
            | "event"
            | "span"
            | "bail"
            | "ensure"
            | "anyhow"
            | "json"
            | "query"
            | "query_as"
            | "select"
            | "join"
            | "try_join"
            | "html"
    )
}

impl<'a> Place<'a> {
    pub(super) fn new(workspace: &'a Workspace, file: usize, tree: &ItemTree, registry: &Registry) -> Self {
        let path = &workspace.sources.files[FileId::from_usize(file)].path;
        let package = package_of(workspace, path);
        let mut place = Self { workspace, file, package, uses: Vec::new() };
        for item in &tree.items {
            let ItemKind::Use(leaves) = &item.kind else { continue };
            for leaf in leaves {
                let UseKind::Named(name) = leaf.kind else { continue };
                if !registry.by_name.contains_key(&name) {
                    continue;
                }
                let ours = match (&leaf.path.start, leaf.path.segments.first()) {
                    (PathStart::Plain | PathStart::Global, Some(first)) => {
                        dependency(workspace, package, first.name).is_none_or(|local| local.is_some())
                    }
                    _ => true,
                };
                place.uses.push((name, ours));
            }
        }
        place
    }
}
