//! Finds the packages and reads the text of everything that may matter.
//!
//! In: a directory. Out: a [`Workspace`]. Manifests are read as text; cargo itself is never run, and
//! nothing of the analysed application is executed.

use crate::base::{Diagnostic, FileId, IndexVec, Sources, define_id};
use crate::error::Error;

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
    /// Features that are on by default, closed over what they turn on; sorted.
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
    /// Name in the registry.
    pub package: String,
    /// The package of this workspace that it means.
    pub local: Option<PackageId>,
    /// Version requirement, where one is written (workspace inheritance applied).
    pub version: Option<String>,
    /// Whether it is optional.
    pub optional: bool,
    /// `[dev-dependencies]` or `[build-dependencies]`.
    pub dev: bool,
}

/// Reads the workspace at `root`, which holds a `Cargo.toml`, or is one.
///
/// # Errors
/// Where `root` or its manifest cannot be read.
pub fn discover(root: &std::path::Path) -> Result<Workspace, Error> {
    let _ = root;
    todo!("reading")
}
