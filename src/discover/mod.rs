//! Finds the packages and reads the text of everything that may matter.
//!
//! In: a directory. Out: a [`Workspace`]. Manifests are read as text; cargo itself is never run, and
//! nothing of the analysed application is executed.

mod features;
mod layout;
mod manifest;
mod targets;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;
use rayon::prelude::*;

use crate::base::{Code, Diagnostic, FileId, Id, IndexVec, Severity, SourceFile, Sources, define_id};
use crate::error::Error;
pub use features::FeatureChoice;
use layout::{Layout, Outer};
use walk::NoText;

define_id! {
    /// A package of the workspace. Ids follow the sorted manifest paths.
    PackageId
}

/// Everything that was read from disk.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// Name for titles: the root package's, else the directory's.
    pub name: String,
    /// The packages, sorted by manifest path.
    pub packages: IndexVec<PackageId, Package>,
    /// The Rust and SQL files, sorted by path (`parse` gives an empty tree for SQL).
    pub sources: Sources,
    /// Other text that facts live in, sorted by path: `.sqlx/*.json`, `diesel.toml`,
    /// `CODEOWNERS`.
    pub assets: Vec<Asset>,
    /// What could not be read: unreadable directories, invalid UTF-8, broken manifests.
    pub diagnostics: Vec<Diagnostic>,
    /// The same for places that are no Rust file: relative path and sentence.
    pub unread: Vec<(String, String)>,
}

/// A text that is no Rust source.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Path relative to the analysed directory, with `/`.
    pub path: String,
    /// The text.
    pub text: std::sync::Arc<str>,
}

/// One Cargo package.
#[derive(Clone, Debug)]
pub struct Package {
    /// `package.name`.
    pub name: String,
    /// Path of `Cargo.toml`, relative, with `/`.
    pub manifest: String,
    /// Directory of the manifest, relative, with `/`; empty for the root.
    pub dir: String,
    /// The text of the manifest.
    pub manifest_text: std::sync::Arc<str>,
    /// `package.edition`, workspace inheritance applied; "2015" where none is given.
    pub edition: String,
    /// Targets with a root file that exists, in the order lib, bins, examples, tests, benches, build.
    pub targets: Vec<Target>,
    /// Dependencies of all kinds, workspace inheritance applied, sorted by name as used in code.
    pub dependencies: Vec<Dependency>,
    /// Features that are on: the defaults and what other packages of the workspace ask for, closed
    /// over what these turn on; sorted.
    pub default_features: Vec<String>,
    /// All declared features, sorted.
    pub features: Vec<String>,
}

/// One target.
#[derive(Clone, Debug)]
pub struct Target {
    /// Which kind.
    pub kind: TargetKind,
    /// Its name as a crate (`-` becomes `_`).
    pub krate: String,
    /// Its root file.
    pub root: FileId,
}

/// Which kind of target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// The library.
    Lib,
    /// A procedural macro library.
    ProcMacro,
    /// A binary.
    Bin,
    /// An example.
    Example,
    /// An integration test.
    Test,
    /// A benchmark.
    Bench,
    /// `build.rs`.
    Build,
}

impl TargetKind {
    /// Whether it is what a dependent package links.
    pub fn is_lib(self) -> bool {
        matches!(self, Self::Lib | Self::ProcMacro)
    }
    /// Whether it is left out of the analysed application unless asked for.
    pub fn is_test_code(self) -> bool {
        matches!(self, Self::Example | Self::Test | Self::Bench | Self::Build)
    }
}

/// One dependency.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// Name as used in code (`-` becomes `_`, renames applied).
    pub krate: String,
    /// The key in the manifest.
    pub key: String,
    /// Name in the registry.
    pub package: String,
    /// The package of this workspace that it means.
    pub local: Option<PackageId>,
    /// The directory that it means, where it is one within the root; relative, with `/`.
    pub path: Option<String>,
    /// Version requirement, where one is written (workspace inheritance applied).
    pub version: Option<String>,
    /// Features that are asked for (workspace inheritance applied).
    pub features: Vec<String>,
    /// Whether its default features are asked for.
    pub default_features: bool,
    /// Whether it comes from a git repository.
    pub git: bool,
    /// The value after `key =` on one line of TOML, workspace inheritance applied; a `path` stays
    /// relative to the manifest that wrote it.
    pub spec: String,
    /// Whether it is optional.
    pub optional: bool,
    /// Whether it is optional and no feature that is on brings it in.
    pub off: bool,
    /// `[dev-dependencies]` or `[build-dependencies]`.
    pub dev: bool,
}

/// Diagnostics with these codes say that a source file has no text.
pub const NO_TEXT_CODES: [&str; 3] = ["file-too-large", "invalid-utf8", "unreadable-file"];

/// Reads the workspace at `root`, which holds a `Cargo.toml`, or is one.
///
/// Files that cannot be read are diagnostics (their text is empty), broken manifests of members are
/// [`Workspace::unread`]. Where `root` is a member of a workspace further up, only it is read; the
/// workspace's manifest is looked at for what it inherits.
///
/// # Errors
/// Where `root` or its manifest cannot be read.
pub fn discover(root: &Path) -> Result<Workspace, Error> {
    discover_without(root, &GlobSet::empty(), &FeatureChoice::default())
}

/// As [`discover`], but files and directories that `exclude` matches (relative, with `/`) are not
/// looked at, and other features than the defaults may be on.
///
/// # Errors
/// As [`discover`].
pub fn discover_without(
    root: &Path,
    exclude: &GlobSet,
    features: &FeatureChoice,
) -> Result<Workspace, Error> {
    let root = match root.file_name() {
        Some(name) if name == "Cargo.toml" && root.is_file() => match root.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir.to_owned(),
            _ => PathBuf::from("."),
        },
        _ => root.to_owned(),
    };
    let read_dir = std::fs::read_dir(&root);
    read_dir.map_err(|source| Error::Read { path: root.clone(), source })?;
    let path = root.join("Cargo.toml");
    if !path.exists() {
        return Err(Error::NoManifest { path: root.clone(), found: walk::candidates(&root) });
    }
    if let Err(source) = std::fs::File::open(&path) {
        return Err(Error::Read { path, source });
    }

    let listing = walk::list(&root, exclude);
    let mut unread = listing.unread;
    let manifest_paths: Vec<String> = listing
        .paths
        .iter()
        .filter(|path| *path == "Cargo.toml" || path.ends_with("/Cargo.toml"))
        .cloned()
        .collect();
    let mut manifests = BTreeMap::new();
    for (at, text) in manifest_paths.iter().zip(walk::read_all(&root, &manifest_paths)) {
        match text {
            Ok(text) => {
                manifests.insert(at.clone(), text);
            }
            Err(no_text) if at == "Cargo.toml" => {
                return Err(Error::Manifest { path, message: no_text.message });
            }
            Err(no_text) => unread.push((at.clone(), no_text.message)),
        }
    }
    let is_workspace = manifests.get("Cargo.toml").is_some_and(|text| text.contains("[workspace"));
    let outer = if is_workspace { None } else { walk::outer_workspace(&root) };
    let outer = outer.and_then(|(text, below)| Some(Outer { table: text.parse().ok()?, below }));
    let mut layout = layout::layout(&listing.paths, &manifests, outer)
        .map_err(|message| Error::Manifest { path, message })?;
    layout.unread.append(&mut unread);

    let sources = walk::read_all(&root, &layout.sources);
    let assets = walk::read_all(&root, &layout.assets);
    let name = directory_name(&root);
    Ok(finish(&name, layout, sources, assets, features))
}

fn directory_name(root: &Path) -> String {
    let canonical = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    canonical.file_name().map_or_else(|| "app".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Makes a workspace of texts, as [`discover`] does of files: `files` are relative paths (with `/`)
/// and texts in any order.
///
/// # Errors
/// Where there is no `Cargo.toml` at the root, or a broken one.
pub fn assemble(name: &str, files: Vec<(String, String)>) -> Result<Workspace, Error> {
    let mut texts: BTreeMap<String, String> = files.into_iter().collect();
    let paths: Vec<String> = texts.keys().cloned().collect();
    let manifests: BTreeMap<String, String> = texts
        .iter()
        .filter(|(path, _)| *path == "Cargo.toml" || path.ends_with("/Cargo.toml"))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    if !manifests.contains_key("Cargo.toml") {
        let found = manifests.keys().filter_map(|path| path.strip_suffix("/Cargo.toml"));
        return Err(Error::NoManifest { path: name.into(), found: found.map(str::to_owned).collect() });
    }
    let layout = layout::layout(&paths, &manifests, None)
        .map_err(|message| Error::Manifest { path: "Cargo.toml".into(), message })?;
    let mut take =
        |paths: &[String]| paths.iter().map(|path| Ok(texts.remove(path).unwrap_or_default())).collect();
    let sources = take(&layout.sources);
    let assets = take(&layout.assets);
    Ok(finish(name, layout, sources, assets, &FeatureChoice::default()))
}

/// Puts the texts into the layout.
fn finish(
    name: &str,
    layout: Layout,
    sources: Vec<Result<String, NoText>>,
    assets: Vec<Result<String, NoText>>,
    features: &FeatureChoice,
) -> Workspace {
    let Layout {
        name: package_name,
        packages,
        sources: paths,
        assets: asset_paths,
        mut unread,
        mut diagnostics,
    } = layout;
    let on = features::enabled(&packages, features);
    let mut files = Vec::with_capacity(paths.len());
    for (path, text) in paths.into_iter().zip(sources) {
        let text = text.unwrap_or_else(|no_text| {
            diagnostics.push(Diagnostic {
                file: Some(FileId::from_usize(files.len())),
                line: 0,
                code: Code::new(no_text.code),
                severity: Severity::Medium,
                message: no_text.message,
                help: None,
            });
            String::new()
        });
        files.push((path, text));
    }
    let files: Vec<SourceFile> =
        files.into_par_iter().map(|(path, text)| SourceFile::new(path, &text)).collect();
    let sources = Sources { files: files.into() };
    let packages = packages.into_iter().zip(on).map(|(draft, on)| {
        let targets = draft.targets.into_iter().filter_map(|target| {
            Some(Target { kind: target.kind, krate: target.krate, root: sources.find(&target.root)? })
        });
        let brought_in = features::brought_in(&draft.features, &on);
        let mut dependencies = draft.dependencies;
        for dependency in &mut dependencies {
            dependency.off = dependency.optional && !brought_in.contains(&dependency.key);
        }
        Package {
            targets: targets.collect(),
            name: draft.name,
            manifest: draft.manifest,
            dir: draft.dir,
            manifest_text: draft.text.into(),
            edition: draft.edition,
            dependencies,
            default_features: on.into_iter().collect(),
            features: draft.features.0.into_keys().collect(),
        }
    });
    let packages = packages.collect();
    let mut texts = Vec::new();
    for (path, text) in asset_paths.into_iter().zip(assets) {
        match text {
            Ok(text) => texts.push(Asset { path, text: Arc::from(text) }),
            Err(no_text) => unread.push((path, no_text.message)),
        }
    }
    unread.sort();
    unread.dedup();
    diagnostics.sort();
    let name = package_name.unwrap_or_else(|| name.to_owned());
    Workspace { name, packages, sources, assets: texts, diagnostics, unread }
}
