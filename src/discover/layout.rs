//! Which packages belong to the application and which files to them; decided from paths and the text
//! of manifests alone.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobSetBuilder};
use toml::{Table, Value};

use super::manifest::{Manifest, is_true, join, parent, strings};
use super::targets::{TargetDraft, targets};
use super::{Dependency, PackageId, features};
use crate::base::{Code, Diagnostic, Id};

/// A workspace manifest above the analysed directory, for what members inherit.
#[derive(Clone, Debug)]
pub(super) struct Outer {
    /// What it says.
    pub table: Table,
    /// The analysed directory as seen from it, with `/`.
    pub below: String,
}

/// A package whose targets are still paths.
#[derive(Clone, Debug)]
pub(super) struct PackageDraft {
    pub name: String,
    pub manifest: String,
    pub dir: String,
    pub text: String,
    pub edition: String,
    pub targets: Vec<TargetDraft>,
    pub dependencies: Vec<Dependency>,
    pub features: features::Declared,
}

/// The packages and the files to read.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Name of the root package.
    pub name: Option<String>,
    /// Sorted by manifest path.
    pub packages: Vec<PackageDraft>,
    /// Paths of sources, sorted.
    pub sources: Vec<String>,
    /// Paths of other texts, sorted.
    pub assets: Vec<String>,
    pub unread: Vec<(String, String)>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Lays out the workspace whose root manifest is the file `Cargo.toml` among `manifests`.
///
/// `paths` are all paths that were found, sorted. Gives the parser's sentence where the root's
/// manifest is broken.
pub(super) fn layout(
    paths: &[String],
    manifests: &BTreeMap<String, String>,
    outer: Option<Outer>,
) -> Result<Layout, String> {
    let mut out = Layout::default();
    let mut by_dir = BTreeMap::new();
    for (path, text) in manifests {
        match Manifest::read(path, text) {
            Ok(manifest) => {
                by_dir.insert(manifest.dir.clone(), manifest);
            }
            Err(message) if path == "Cargo.toml" => return Err(message),
            Err(message) => out.unread.push((path.clone(), format!("the manifest is broken: {message}"))),
        }
    }
    let Some(root) = by_dir.get("") else { return Err("it does not exist".to_owned()) };
    let tree = Tree { paths, manifests, by_dir: &by_dir, outer: outer.as_ref() };
    out.name =
        root.package().and_then(|package| package.get("name")).and_then(Value::as_str).map(str::to_owned);
    let members = tree.members(root, &mut out);
    for (dir, manifest) in &by_dir {
        if !members.contains(dir) {
            if manifest.package().is_some() {
                out.diagnostics.push(Diagnostic::note(
                    Code::new("package-left-out"),
                    None,
                    format!("{} is not part of the workspace and was left out", manifest.path),
                ));
            }
            continue;
        }
        let draft = tree.package(manifest, &mut out.unread);
        out.packages.push(draft);
    }
    out.packages.sort_by(|a, b| a.manifest.cmp(&b.manifest));
    link(&mut out.packages, &root.patched());
    select(&tree, &members, &mut out);
    Ok(out)
}

/// Gives dependencies by path, and those that a patch leads to a path, the package that they mean.
fn link(packages: &mut [PackageDraft], patched: &BTreeMap<(bool, &str), String>) {
    let ids: BTreeMap<String, (PackageId, Option<String>)> = packages
        .iter()
        .enumerate()
        .map(|(idx, package)| {
            let lib = package.targets.iter().find(|target| target.kind.is_lib());
            (package.dir.clone(), (PackageId::from_usize(idx), lib.map(|lib| lib.krate.clone())))
        })
        .collect();
    for package in packages {
        for dependency in &mut package.dependencies {
            let patch = (dependency.git, dependency.package.as_str());
            let dir = dependency.path.as_ref().or_else(|| patched.get(&patch));
            let Some((id, lib)) = dir.and_then(|dir| ids.get(dir)) else { continue };
            dependency.local = Some(*id);
            // Without a rename, the name in code is the library's, which can differ from the package's.
            if dependency.key == dependency.package
                && let Some(lib) = lib
            {
                dependency.krate.clone_from(lib);
            }
        }
        package.dependencies.sort_by(|a, b| (&a.krate, a.dev, &a.key).cmp(&(&b.krate, b.dev, &b.key)));
        package.dependencies.dedup_by(|later, first| later.krate == first.krate && later.dev == first.dev);
    }
}

/// Picks the files that are read.
fn select(tree: &Tree<'_>, members: &BTreeSet<String>, out: &mut Layout) {
    let roots: BTreeSet<&str> = out
        .packages
        .iter()
        .flat_map(|package| package.targets.iter().map(|target| target.root.as_str()))
        .collect();
    for path in tree.paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        let owner = tree.nearest_manifest(path);
        let owned = members.contains(owner);
        let is_rust = name.ends_with(".rs") && (owned || roots.contains(path.as_str()));
        let is_schema = name.ends_with(".sql") || name.ends_with(".prisma");
        if is_rust || is_schema && (owned || owner.is_empty()) {
            out.sources.push(path.clone());
        } else if is_asset(path, name) && (owned || owner.is_empty()) {
            out.assets.push(path.clone());
        }
    }
}

fn is_asset(path: &str, name: &str) -> bool {
    match name {
        "diesel.toml" => true,
        "CODEOWNERS" => matches!(parent(path), "" | ".github" | ".gitlab" | "docs"),
        _ => name.ends_with(".json") && parent(path).rsplit('/').next() == Some(".sqlx"),
    }
}

struct Tree<'a> {
    paths: &'a [String],
    manifests: &'a BTreeMap<String, String>,
    by_dir: &'a BTreeMap<String, Manifest>,
    outer: Option<&'a Outer>,
}

/// What a manifest inherits from: the table and how a path in it is seen from the root.
struct Inherited<'a> {
    workspace: &'a Table,
    dir: WorkspaceDir<'a>,
}

enum WorkspaceDir<'a> {
    Inside(&'a str),
    Above(&'a str),
}

impl Inherited<'_> {
    /// A path in the workspace's manifest, relative to the root.
    fn path(&self, rel: &str) -> Option<String> {
        match self.dir {
            WorkspaceDir::Inside(dir) => join(dir, rel),
            WorkspaceDir::Above(below) => {
                let path = join("", rel)?;
                if path == below {
                    return Some(String::new());
                }
                Some(path.strip_prefix(below)?.strip_prefix('/')?.to_owned())
            }
        }
    }
}

impl<'a> Tree<'a> {
    fn exists(&self, path: &str) -> bool {
        self.paths.binary_search_by(|found| found.as_str().cmp(path)).is_ok()
    }

    /// Names of the files and directories directly in `dir`.
    fn children(&self, dir: &str) -> Vec<String> {
        let prefix = format!("{dir}/");
        let from = self.paths.partition_point(|path| path.as_str() < prefix.as_str());
        let below = self.paths[from..].iter().map_while(|path| path.strip_prefix(&prefix));
        let names: BTreeSet<&str> = below.filter_map(|rest| rest.split('/').next()).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// Directory of the manifest that a file belongs to, be it readable or not.
    fn nearest_manifest(&self, path: &'a str) -> &'a str {
        let mut dir = parent(path);
        while !dir.is_empty() && !self.manifests.contains_key(&format!("{dir}/Cargo.toml")) {
            dir = parent(dir);
        }
        dir
    }

    /// Directories of all packages that belong to the application.
    fn members(&self, root: &Manifest, out: &mut Layout) -> BTreeSet<String> {
        let mut members = BTreeSet::new();
        if root.package().is_some() {
            members.insert(String::new());
        }
        if let Some(workspace) = root.workspace() {
            self.listed_members(workspace, &mut members, out);
        }
        // What is depended on by path is part of the application, whether listed or not.
        let mut open: Vec<String> = members.iter().cloned().collect();
        while let Some(dir) = open.pop() {
            let Some(manifest) = self.by_dir.get(&dir) else { continue };
            for (table, _) in manifest.dependency_tables() {
                for (key, value) in table {
                    let Some(path) = self.dependency_path(manifest, key, value) else { continue };
                    let found = self.by_dir.get(&path).is_some_and(|found| found.package().is_some());
                    if found && members.insert(path.clone()) {
                        open.push(path);
                    }
                }
            }
        }
        members
    }

    fn listed_members(&self, workspace: &Table, members: &mut BTreeSet<String>, out: &mut Layout) {
        let excluded: Vec<String> =
            strings(workspace.get("exclude")).into_iter().filter_map(|path| join("", path)).collect();
        let is_excluded = |dir: &str| {
            excluded.iter().any(|path| {
                dir == path || dir.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        for pattern in strings(workspace.get("members")) {
            let Some(pattern) = join("", pattern) else {
                out.unread.push((
                    "Cargo.toml".to_owned(),
                    format!("member {pattern} lies outside and was left out"),
                ));
                continue;
            };
            if self.by_dir.contains_key(&pattern) {
                members.insert(pattern);
                continue;
            }
            let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
            let Some(set) = glob.ok().and_then(|glob| GlobSetBuilder::new().add(glob).build().ok()) else {
                out.unread
                    .push(("Cargo.toml".to_owned(), format!("member pattern {pattern} cannot be read")));
                continue;
            };
            let mut met = false;
            for (dir, manifest) in self.by_dir {
                if set.is_match(dir) {
                    met = true;
                    if manifest.package().is_some() && !is_excluded(dir) {
                        members.insert(dir.clone());
                    }
                }
            }
            if !met {
                out.unread
                    .push(("Cargo.toml".to_owned(), format!("member {pattern} has no readable Cargo.toml")));
            }
        }
    }

    /// The workspace that a package inherits from.
    fn inherited(&self, manifest: &Manifest) -> Option<Inherited<'_>> {
        let mut dir = manifest.dir.as_str();
        loop {
            if let Some(found) = self.by_dir.get(dir)
                && let Some(workspace) = found.workspace()
            {
                return Some(Inherited { workspace, dir: WorkspaceDir::Inside(&found.dir) });
            }
            if dir.is_empty() {
                let outer = self.outer?;
                let workspace = outer.table.get("workspace")?.as_table()?;
                return Some(Inherited { workspace, dir: WorkspaceDir::Above(&outer.below) });
            }
            dir = parent(dir);
        }
    }

    /// The entry of `[workspace.dependencies]` where `value` says `workspace = true`.
    fn inherited_dependency(
        &self,
        manifest: &Manifest,
        key: &str,
        value: &Value,
    ) -> Option<(Inherited<'_>, &Value)> {
        if !value.as_table().is_some_and(|table| is_true(table, "workspace")) {
            return None;
        }
        let inherited = self.inherited(manifest)?;
        let base = inherited.workspace.get("dependencies")?.as_table()?.get(key)?;
        Some((inherited, base))
    }

    /// The directory that a dependency means, where it lies within the root.
    fn dependency_path(&self, manifest: &Manifest, key: &str, value: &Value) -> Option<String> {
        let path = |value: &Value| Some(value.as_table()?.get("path")?.as_str()?.to_owned());
        match self.inherited_dependency(manifest, key, value) {
            Some((inherited, base)) => inherited.path(&path(base)?),
            None => join(&manifest.dir, &path(value)?),
        }
    }

    /// A key of `[package]`, with `x.workspace = true` followed.
    fn package_key(&self, manifest: &Manifest, key: &str) -> Option<String> {
        match manifest.package()?.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Table(table) if is_true(table, "workspace") => {
                let workspace = self.inherited(manifest)?.workspace;
                Some(workspace.get("package")?.as_table()?.get(key)?.as_str()?.to_owned())
            }
            _ => None,
        }
    }

    fn package(&self, manifest: &Manifest, unread: &mut Vec<(String, String)>) -> PackageDraft {
        let name = self.package_key(manifest, "name").unwrap_or_else(|| {
            unread.push((manifest.path.clone(), "the package has no name".to_owned()));
            let dir = manifest.dir.rsplit('/').next().unwrap_or("");
            if dir.is_empty() { "app".to_owned() } else { dir.to_owned() }
        });
        let edition = self.package_key(manifest, "edition").unwrap_or_else(|| "2015".to_owned());
        let (targets, wrong) =
            targets(manifest, &name, &edition, &|path| self.exists(path), &|dir| self.children(dir));
        unread.extend(wrong.into_iter().map(|sentence| (manifest.path.clone(), sentence)));
        let mut dependencies = Vec::new();
        for (table, dev) in manifest.dependency_tables() {
            for (key, value) in table {
                dependencies.push(self.dependency(manifest, key, value, dev, unread));
            }
        }
        let features = features::Declared::read(&manifest.table, &dependencies);
        PackageDraft {
            name,
            manifest: manifest.path.clone(),
            dir: manifest.dir.clone(),
            text: manifest.text.clone(),
            edition,
            targets,
            dependencies,
            features,
        }
    }

    fn dependency(
        &self,
        manifest: &Manifest,
        key: &str,
        value: &Value,
        dev: bool,
        unread: &mut Vec<(String, String)>,
    ) -> Dependency {
        let as_table = |value: &Value| match value {
            Value::Table(table) => table.clone(),
            Value::String(version) => {
                Table::from_iter([("version".to_owned(), Value::String(version.clone()))])
            }
            _ => Table::new(),
        };
        let mut spec = match self.inherited_dependency(manifest, key, value) {
            Some((_, base)) => {
                let mut spec = as_table(base);
                let own = as_table(value);
                let mut features: Vec<Value> = [&spec, &own]
                    .iter()
                    .filter_map(|t| t.get("features")?.as_array().cloned())
                    .flatten()
                    .collect();
                features.dedup();
                if !features.is_empty() {
                    spec.insert("features".to_owned(), Value::Array(features));
                }
                for key in ["optional", "default-features", "default_features"] {
                    if let Some(value) = own.get(key) {
                        spec.insert(key.to_owned(), value.clone());
                    }
                }
                spec
            }
            None => as_table(value),
        };
        if is_true(&spec, "workspace") {
            unread.push((
                manifest.path.clone(),
                format!("dependency {key} inherits from a workspace that does not name it"),
            ));
            spec.remove("workspace");
        }
        let text = |key: &str| spec.get(key).and_then(Value::as_str).map(str::to_owned);
        Dependency {
            krate: key.replace('-', "_"),
            key: key.to_owned(),
            package: text("package").unwrap_or_else(|| key.to_owned()),
            local: None,
            path: self.dependency_path(manifest, key, value),
            version: text("version"),
            features: strings(spec.get("features")).into_iter().map(str::to_owned).collect(),
            default_features: !["default-features", "default_features"]
                .iter()
                .any(|key| spec.get(*key).and_then(Value::as_bool) == Some(false)),
            git: spec.contains_key("git"),
            spec: inline(&spec),
            optional: is_true(&spec, "optional"),
            off: false,
            dev,
        }
    }
}

/// A dependency's table on one line.
fn inline(spec: &Table) -> String {
    match spec.get("version") {
        Some(version) if spec.len() == 1 => version.to_string(),
        _ => Value::Table(spec.clone()).to_string(),
    }
}
