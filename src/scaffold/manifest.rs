//! Manifests of the generated packages: only the dependencies that are used, as the monolith has them.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use crate::model::{Model, PackageIdx};

use super::slice::Slice;
use super::{Gap, Inputs, Scaffold};

/// The manifest of a sliced crate, and the registry names of what it depends on.
pub(super) struct SliceManifest {
    /// The text.
    pub text: String,
    /// Registry names of the kept dependencies, sorted.
    pub dependencies: BTreeSet<String>,
}

/// What the manifest of a sliced crate says beside dependencies.
pub(super) struct SlicePackage<'a> {
    /// Package name, unique in the workspace.
    pub name: &'a str,
    /// Name of the library crate in code.
    pub krate: &'a str,
    /// The slice.
    pub slice: &'a Slice,
    /// Other sliced crates.
    pub locals: Vec<LocalCrate>,
    /// Crates that generated code needs: name in code, requirement where the monolith has none.
    pub extra: &'a [(&'a str, &'a str)],
    /// Its build script, where it needs one.
    pub build: Option<&'a str>,
    /// It holds tests of its own: those of what travels.
    pub tested: bool,
    /// What its tests need beside that, with versions.
    pub dev: &'a [(&'a str, &'a str)],
    /// The way from the package to the analysed directory.
    pub app: &'a str,
}

/// A sliced crate that another one needs.
pub(super) struct LocalCrate {
    /// Its name in code.
    pub krate: String,
    /// Its package.
    pub package: String,
    /// The way to it.
    pub path: String,
    /// Features that it has.
    pub features: BTreeSet<String>,
}

/// Parsed manifests of the monolith.
pub(super) struct Manifests {
    documents: BTreeMap<String, DocumentMut>,
    lock: BTreeMap<String, BTreeSet<String>>,
}

impl Manifests {
    /// Reads the manifests; broken ones count as empty.
    pub fn new(inputs: &Inputs<'_>) -> Self {
        let documents = inputs
            .manifests
            .iter()
            .map(|(path, text)| (path.clone(), text.parse().unwrap_or_default()))
            .collect();
        Self { documents, lock: inputs.lock.map(read_lock).unwrap_or_default() }
    }

    fn workspace_of(&self, manifest: &str) -> Option<(String, &DocumentMut)> {
        let mut dir = manifest.rsplit_once('/').map_or("", |(dir, _)| dir);
        loop {
            let path = if dir.is_empty() { "Cargo.toml".to_owned() } else { format!("{dir}/Cargo.toml") };
            if let Some((_, document)) = self.documents.get_key_value(&path)
                && document.get("workspace").is_some()
            {
                return Some((dir.to_owned(), document));
            }
            if dir.is_empty() {
                return None;
            }
            dir = dir.rsplit_once('/').map_or("", |(dir, _)| dir);
        }
    }

    /// The entry of a dependency, workspace inheritance resolved, and the directory that its paths start
    /// from.
    pub fn dependency(&self, manifest: &str, key: &str) -> Option<(Value, String)> {
        self.entry(manifest, "dependencies", key)
    }

    fn entry(&self, manifest: &str, kind: &str, key: &str) -> Option<(Value, String)> {
        let document = self.documents.get(manifest)?;
        let dir = manifest.rsplit_once('/').map_or("", |(dir, _)| dir);
        let own = tables(document, kind).find_map(|table| table.get(key))?;
        let own = own.clone().into_value().ok()?;
        let inherits =
            own.as_inline_table().and_then(|table| table.get("workspace")).and_then(Value::as_bool);
        if inherits != Some(true) {
            return Some((own, dir.to_owned()));
        }
        let (root_dir, root) = self.workspace_of(manifest)?;
        let shared = root.get("workspace")?.get("dependencies")?.get(key)?.clone().into_value().ok()?;
        let mut merged = as_table(shared);
        if let Some(own) = own.as_inline_table() {
            for (name, value) in own {
                match name {
                    "workspace" => {}
                    "features" => {
                        let mut features =
                            merged.get("features").and_then(Value::as_array).cloned().unwrap_or_default();
                        for feature in value.as_array().into_iter().flatten() {
                            features.push(feature.clone());
                        }
                        merged.insert("features", features.into());
                    }
                    _ => {
                        merged.insert(name, value.clone());
                    }
                }
            }
        }
        Some((Value::InlineTable(merged), root_dir))
    }

    /// Whether a package is a library of procedural macros.
    pub fn is_proc_macro(&self, manifest: &str) -> bool {
        let lib = self.documents.get(manifest).and_then(|document| document.get("lib"));
        let flag = |name| lib.and_then(|lib| lib.get(name)).and_then(Item::as_bool);
        flag("proc-macro").or(flag("proc_macro")) == Some(true)
    }

    /// Path of a package's build script, relative to the package.
    pub fn build_script(&self, manifest: &str) -> Option<String> {
        let package = self.documents.get(manifest)?.get("package")?;
        match package.get("build") {
            Some(build) => build.as_str().map(str::to_owned),
            None => Some("build.rs".to_owned()),
        }
    }

    /// The entries of a package's `[build-dependencies]`.
    fn build_dependencies(&self, manifest: &str, app: &str) -> Table {
        let mut out = Table::new();
        let Some(document) = self.documents.get(manifest) else { return out };
        for table in tables(document, "build-dependencies") {
            for (key, _) in table.iter() {
                if let Some((value, dir)) = self.entry(manifest, "build-dependencies", key) {
                    out[key] = Item::Value(clean(value, &dir, app));
                }
            }
        }
        out
    }

    /// Requirement of a dependency, as text: `0.8`.
    pub fn requirement(&self, manifest: &str, key: &str) -> Option<String> {
        let (value, _) = self.dependency(manifest, key)?;
        match &value {
            Value::String(text) => Some(text.value().clone()),
            Value::InlineTable(table) => table.get("version")?.as_str().map(str::to_owned),
            _ => None,
        }
    }

    /// Requirement of axum in a package, or the newest where it has none.
    pub fn axum(&self, model: &Model, package: PackageIdx) -> String {
        let facts = &model.packages[package];
        let own = facts.dependencies.iter().find(|dependency| dependency.krate == "axum");
        own.and_then(|own| self.requirement(&facts.manifest, &own.key)).unwrap_or_else(|| "0.8".into())
    }

    /// Everything that some packages of the lock file need, by registry name.
    fn needed_by(&self, packages: &BTreeSet<String>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut stack: Vec<String> = packages.iter().cloned().collect();
        while let Some(package) = stack.pop() {
            for next in self.lock.get(&package).into_iter().flatten() {
                if found.insert(next.clone()) {
                    stack.push(next.clone());
                }
            }
        }
        found
    }

    fn package_field(&self, manifest: &str, field: &str) -> Option<String> {
        let document = self.documents.get(manifest)?;
        let value = document.get("package")?.get(field)?;
        if let Some(text) = value.as_str() {
            return Some(text.to_owned());
        }
        let (_, root) = self.workspace_of(manifest)?;
        Some(root.get("workspace")?.get("package")?.get(field)?.as_str()?.to_owned())
    }

    /// Writes the manifest of a sliced crate.
    pub fn slice(&self, model: &Model, package: &SlicePackage<'_>, gaps: &mut Vec<Gap>) -> SliceManifest {
        let facts = &model.packages[package.slice.package];
        let mut document = DocumentMut::new();
        let mut head = Table::new();
        head["name"] = toml_edit::value(package.name);
        // `env!("CARGO_PKG_VERSION")` and the like keep their meaning.
        let version = self.package_field(&facts.manifest, "version").unwrap_or_else(|| "0.0.0".into());
        head["version"] = toml_edit::value(version);
        head["edition"] = toml_edit::value(facts.edition.as_str());
        head["publish"] = toml_edit::value(false);
        for field in ["description", "license", "homepage", "repository"] {
            if let Some(text) = self.package_field(&facts.manifest, field) {
                head[field] = toml_edit::value(text);
            }
        }
        for field in ["autobins", "autoexamples", "autotests", "autobenches"] {
            head[field] = toml_edit::value(false);
        }
        document["package"] = Item::Table(head);
        let mut lib = Table::new();
        lib["name"] = toml_edit::value(package.krate);
        lib["path"] = toml_edit::value(package.slice.root_file.as_str());
        lib["doctest"] = toml_edit::value(false);
        // The application's tests stayed behind.
        lib["test"] = toml_edit::value(package.tested);
        if self.is_proc_macro(&facts.manifest) {
            lib["proc-macro"] = toml_edit::value(true);
        }
        document["lib"] = Item::Table(lib);

        let mut entries: BTreeMap<String, Value> = BTreeMap::new();
        let mut kept = BTreeSet::new();
        let keep = |dependency: &crate::model::DependencyRef,
                    entries: &mut BTreeMap<String, Value>,
                    kept: &mut BTreeSet<String>,
                    gaps: &mut Vec<Gap>| {
            let Some((value, dir)) = self.dependency(&facts.manifest, &dependency.key) else {
                let what = format!("dependency `{}` was not found in {}", dependency.key, facts.manifest);
                gaps.push(Gap::new(None, what));
                return;
            };
            entries.insert(dependency.key.clone(), clean(value, &dir, package.app));
            kept.insert(dependency.package.clone());
        };
        for dependency in &facts.dependencies {
            if dependency.local.is_none() && package.slice.externs.contains(&dependency.krate) {
                keep(dependency, &mut entries, &mut kept, gaps);
            }
        }
        let mentioned = mentioned_crates(model, package.slice.package);
        // A library may have another name than its package: `rust-argon2` is `argon2` in code.
        let known = |name: &String| facts.dependencies.iter().any(|dependency| dependency.krate == *name);
        for name in package.slice.externs.iter().filter(|name| !known(name)) {
            for dependency in &facts.dependencies {
                if dependency.local.is_none() && is_called(&dependency.krate, name) {
                    keep(dependency, &mut entries, &mut kept, gaps);
                }
            }
        }
        let needed = self.needed_by(&kept);
        for dependency in &facts.dependencies {
            // No code names it: it is there for the features that it turns on in others.
            if dependency.local.is_none()
                && !mentioned.contains(&dependency.krate)
                && needed.contains(&dependency.package)
            {
                keep(dependency, &mut entries, &mut kept, gaps);
            }
        }
        for (krate, requirement) in package.extra {
            let own = facts.dependencies.iter().find(|dependency| dependency.krate == *krate);
            let wanted: Value = requirement.parse().unwrap_or_else(|_| (*requirement).into());
            let wanted = if wanted.is_inline_table() { wanted } else { (*requirement).into() };
            match own {
                Some(dependency) => {
                    keep(dependency, &mut entries, &mut kept, gaps);
                    if let Some(entry) = entries.get_mut(&dependency.key) {
                        with_features(entry, &wanted);
                    }
                }
                None => {
                    entries.insert((*krate).to_owned(), wanted);
                }
            }
        }
        let mut dependencies = Table::new();
        for (key, value) in entries {
            dependencies[&key] = Item::Value(value);
        }
        for local in &package.locals {
            let mut table = InlineTable::new();
            table.insert("package", local.package.as_str().into());
            table.insert("path", local.path.as_str().into());
            let own = facts.dependencies.iter().find(|own| own.krate == local.krate && own.local.is_some());
            let value = own.and_then(|own| self.dependency(&facts.manifest, &own.key));
            if let Some((Value::InlineTable(value), _)) = value {
                if let Some(default) = value.get("default-features") {
                    table.insert("default-features", default.clone());
                }
                let wanted = value.get("features").and_then(Value::as_array).into_iter().flatten();
                let wanted =
                    wanted.filter(|name| name.as_str().is_some_and(|name| local.features.contains(name)));
                let features: Array = wanted.filter_map(Value::as_str).collect();
                if !features.is_empty() {
                    table.insert("features", features.into());
                }
            }
            table.fmt();
            dependencies[&local.krate] = toml_edit::value(table);
        }
        document["dependencies"] = Item::Table(dependencies);
        let mut dev = Table::new();
        for (krate, requirement) in package.dev {
            if document["dependencies"].get(krate).is_none() {
                dev[krate] = toml_edit::value(*requirement);
            }
        }
        if !dev.is_empty() {
            document["dev-dependencies"] = Item::Table(dev);
        }
        if let Some(script) = package.build {
            document["package"]["build"] = toml_edit::value(script);
            document["build-dependencies"] =
                Item::Table(self.build_dependencies(&facts.manifest, package.app));
        }
        let texts: Vec<&str> = package.slice.files.values().map(String::as_str).collect();
        if let Some(features) = self.features(&facts.manifest, &texts, &document) {
            document["features"] = Item::Table(features);
        }
        // What only other parts of the monolith read is no mistake here.
        let mut lints = Table::new();
        lints["dead_code"] = toml_edit::value("allow");
        let mut parent = Table::new();
        parent.set_implicit(true);
        parent["rust"] = Item::Table(lints);
        document["lints"] = Item::Table(parent);
        SliceManifest { text: document.to_string(), dependencies: kept }
    }

    /// Names of the features that a sliced crate has.
    pub fn feature_names(&self, manifest: &str, slice: &Slice) -> BTreeSet<String> {
        if !slice.files.values().any(|text| text.contains("feature")) {
            return BTreeSet::new();
        }
        let declared =
            self.documents.get(manifest).and_then(|document| document.get("features")?.as_table_like());
        declared.into_iter().flat_map(|table| table.iter()).map(|(name, _)| name.to_owned()).collect()
    }

    /// The features that the moved text asks for, without what they turn on in dropped dependencies.
    fn features(&self, manifest: &str, texts: &[&str], document: &DocumentMut) -> Option<Table> {
        if !texts.iter().any(|text| text.contains("feature")) {
            return None;
        }
        let declared = self.documents.get(manifest)?.get("features")?.as_table_like()?;
        let dependencies = document.get("dependencies")?.as_table_like()?;
        let mut out = Table::new();
        for (name, value) in declared.iter() {
            let mut parts = Array::new();
            for part in value.as_array().into_iter().flatten().filter_map(Value::as_str) {
                let keeps = match part.split_once('/') {
                    Some((dependency, feature)) => {
                        let dependency = dependency.trim_end_matches('?');
                        dependencies.contains_key(dependency).then(|| format!("{dependency}/{feature}"))
                    }
                    None => declared.contains_key(part).then(|| part.to_owned()),
                };
                parts.extend(keeps);
            }
            out[name] = toml_edit::value(parts);
        }
        Some(out)
    }

    /// `[patch]` of the monolith's workspace.
    pub fn patches(&self, app: &str) -> Option<Item> {
        let patch = self.documents.get("Cargo.toml")?.get("patch")?.as_table_like()?;
        let mut out = Table::new();
        out.set_implicit(true);
        for (registry, entries) in patch.iter() {
            let mut table = Table::new();
            for (key, value) in entries.as_table_like()?.iter() {
                let value = value.clone().into_value().ok()?;
                table[key] = Item::Value(clean(value, "", app));
            }
            out[registry] = Item::Table(table);
        }
        Some(Item::Table(out))
    }
}

/// The `[dependencies]` tables, those for some targets only included.
fn tables<'d>(
    document: &'d DocumentMut,
    name: &'d str,
) -> impl Iterator<Item = &'d dyn toml_edit::TableLike> {
    let own = document.get(name).and_then(Item::as_table_like);
    let by_target = document
        .get("target")
        .and_then(Item::as_table_like)
        .into_iter()
        .flat_map(|targets| targets.iter())
        .filter_map(move |(_, target)| target.get(name).and_then(Item::as_table_like));
    own.into_iter().chain(by_target)
}

fn as_table(value: Value) -> InlineTable {
    match value {
        Value::InlineTable(table) => table,
        other => InlineTable::from_iter([("version", other)]),
    }
}

/// Turns on the features that another entry names.
fn with_features(entry: &mut Value, wanted: &Value) {
    let wanted = wanted.as_inline_table().and_then(|table| table.get("features")).and_then(Value::as_array);
    let wanted: Vec<&str> = wanted.into_iter().flatten().filter_map(Value::as_str).collect();
    let mut table = as_table(entry.clone());
    let mut features = table.get("features").and_then(Value::as_array).cloned().unwrap_or_default();
    let has = |features: &Array, name: &str| {
        features.iter().filter_map(Value::as_str).any(|own| own == name || own == "full")
    };
    let before = features.len();
    for name in wanted {
        if !has(&features, name) {
            features.push(name);
        }
    }
    if features.len() > before {
        table.insert("features", features.into());
        table.fmt();
        *entry = Value::InlineTable(table).decorated(" ", "");
    }
}

/// A dependency that is always there, with its path seen from the generated package.
fn clean(value: Value, dir: &str, app: &str) -> Value {
    let Value::InlineTable(mut table) = value else { return value.decorated(" ", "") };
    table.remove("optional");
    if let Some(path) = table.get("path").and_then(Value::as_str).map(str::to_owned) {
        let joined = if dir.is_empty() { path } else { format!("{dir}/{path}") };
        table.insert("path", format!("{app}/{joined}").into());
    }
    if table.len() == 1
        && let Some(version) = table.get("version").cloned()
    {
        return version.decorated(" ", "");
    }
    table.fmt();
    let value = Value::InlineTable(table);
    value.decorated(" ", "")
}

/// Whether the library of a package may have a name: one holds the other, separators aside.
pub(super) fn is_called(package: &str, name: &str) -> bool {
    let plain = |text: &str| text.replace(['-', '_'], "").to_lowercase();
    let (package, name) = (plain(package), plain(name));
    name.len() > 2 && (package.contains(&name) || name.contains(&package))
}

/// Crates that any code of a package names.
pub(super) fn mentioned_crates(model: &Model, package: PackageIdx) -> BTreeSet<String> {
    let of_package = |module: crate::model::ModuleIdx| model.modules[module].package == package;
    let items =
        model.items.iter().filter(|item| of_package(item.module)).flat_map(|item| item.externs.clone());
    let imports = model.imports.iter().filter(|import| of_package(import.module)).flat_map(|import| {
        import.targets.iter().filter_map(|target| match target {
            crate::model::ImportTarget::External(path) => Some(path.krate().to_owned()),
            _ => None,
        })
    });
    items.chain(imports).collect()
}

fn read_lock(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let Ok(document) = text.parse::<DocumentMut>() else { return out };
    for package in document.get("package").and_then(Item::as_array_of_tables).into_iter().flatten() {
        let Some(name) = package.get("name").and_then(Item::as_str) else { continue };
        let needs = package
            .get("dependencies")
            .and_then(Item::as_array)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.as_str()?.split(' ').next().map(str::to_owned));
        out.entry(name.to_owned()).or_default().extend(needs);
    }
    out
}

const WORKSPACE: &str = "\
# Functions extracted from the monolith. Written by splitter; further functions are added to `members`.

[workspace]
resolver = \"3\"
members = []

# Small and quick to start.
[profile.release]
opt-level = \"z\"
lto = \"fat\"
codegen-units = 1
strip = true
";

/// Writes or extends the workspace of the generated packages.
pub(super) fn workspace(out: &mut Scaffold, app: &str, inputs: &Inputs<'_>) {
    if out.functions.is_empty() {
        return;
    }
    let existing = inputs.existing.get("Cargo.toml").and_then(|text| text.parse::<DocumentMut>().ok());
    let is_new = existing.is_none();
    let mut document = existing.unwrap_or_else(|| WORKSPACE.parse().expect("the template is TOML"));
    if is_new && let Some(patch) = Manifests::new(inputs).patches(app) {
        document["patch"] = patch;
    }
    let mut members: BTreeSet<String> = document
        .get("workspace")
        .and_then(|workspace| workspace.get("members"))
        .and_then(Item::as_array)
        .into_iter()
        .flatten()
        .filter_map(|member| member.as_str().map(str::to_owned))
        .collect();
    for function in &out.functions {
        members.extend(
            function.files.iter().filter_map(|path| path.strip_suffix("/Cargo.toml")).map(str::to_owned),
        );
    }
    let mut list = Array::new();
    for member in members {
        list.push(member);
    }
    for value in list.iter_mut() {
        value.decor_mut().set_prefix("\n    ");
    }
    list.set_trailing("\n");
    list.set_trailing_comma(true);
    document["workspace"]["members"] = toml_edit::value(list);
    for function in &out.functions {
        let name = format!("{}-lambda", function.name);
        if function.packages.contains(&name) {
            super::watch::route(&mut document, &name, &function.routes);
        }
    }
    out.files.text("Cargo.toml", document.to_string());
    // Starting from the monolith's, cargo keeps every version that it can.
    if let Some(lock) = inputs.existing.get("Cargo.lock").map(String::as_str).or(inputs.lock) {
        out.files.text("Cargo.lock", lock);
    }
    out.files.text(".gitignore", "/target/\n");
}

#[cfg(test)]
mod tests;
