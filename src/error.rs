//! What can go wrong outside the analysed code, and the exit code for it.

use std::ops::Range;
use std::path::PathBuf;

/// Everything went well.
pub const EXIT_OK: u8 = 0;
/// A gate failed: `scaffold --check`.
pub const EXIT_GATE: u8 = 1;
/// Wrong usage, configuration or I/O.
pub const EXIT_ERROR: u8 = 2;
/// A bug of ours.
pub const EXIT_BUG: u8 = 101;

/// An error that ends a command: I/O, manifest, configuration, artifact version, occupied output.
///
/// Each names the thing, its path and the next step.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something could not be read.
    #[error("cannot read {}: {source}; check that it exists and may be read", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    /// Something could not be written.
    #[error("cannot write {}: {source}; nothing was changed there; free space or choose another place with --out", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    /// There is no manifest.
    #[error("no Cargo.toml in {}; give the directory of a Rust package or workspace{}", path.display(), such_as(found))]
    NoManifest {
        path: PathBuf,
        /// Directories below that hold one.
        found: Vec<String>,
    },
    /// A manifest is broken.
    #[error("cannot read the manifest {}: {message}; correct it and run again", path.display())]
    Manifest { path: PathBuf, message: String },
    /// The configuration is broken.
    #[error("{0}")]
    Config(Box<ConfigError>),
    /// An artifact of another version.
    #[error("{} was written by format {found}, this splitter reads {wanted}; rerun `splitter analyze`", path.display())]
    ArtifactVersion { path: PathBuf, found: String, wanted: String },
    /// An artifact that is none.
    #[error("{} is no artifact of splitter: {message}; rerun `splitter analyze`", path.display())]
    Artifact { path: PathBuf, message: String },
    /// There was no analysis yet.
    #[error("no analysis in {}; run `splitter analyze {}` first", path.display(), app.display())]
    NoArtifact { path: PathBuf, app: PathBuf },
    /// An output is in the way.
    #[error("{} exists and was not written by splitter, or was changed since; move it away or pass --force", path.display())]
    Occupied { path: PathBuf },
    /// A wrong argument.
    #[error("{0}")]
    Usage(String),
    /// Sources changed since the analysis.
    #[error("{} changed since it was analysed; rerun `splitter analyze`", path.display())]
    Stale { path: PathBuf },
    /// A gate failed.
    #[error("{0}")]
    Gate(String),
}

/// What is wrong in a configuration file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// The bytes of the text that are wrong, where they are known.
    pub range: Option<Range<usize>>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

impl ConfigError {
    /// The 1-based line, where the place is known.
    pub fn line(&self) -> Option<usize> {
        let range = self.range.as_ref()?;
        Some(self.text.get(..range.start)?.matches('\n').count() + 1)
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line() {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl Error {
    /// The process's exit code: [`EXIT_GATE`] where a gate failed, else [`EXIT_ERROR`].
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Gate(_) => EXIT_GATE,
            _ => EXIT_ERROR,
        }
    }
}

/// The tail of a sentence that proposes places.
fn such_as(found: &[String]) -> String {
    if found.is_empty() { String::new() } else { format!(", such as {} in it", found.join(" or ")) }
}
