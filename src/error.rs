//! What can go wrong outside the analysed code, and the exit code for it.

use std::path::PathBuf;

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
    #[error("no Cargo.toml in {}; give the directory of a Rust package or workspace", path.display())]
    NoManifest { path: PathBuf },
    /// A manifest is broken.
    #[error("cannot read the manifest {}: {message}; correct it and run again", path.display())]
    Manifest { path: PathBuf, message: String },
    /// The configuration is broken.
    #[error("{}: {message}", path.display())]
    Config { path: PathBuf, message: String },
    /// An artifact of another version.
    #[error("{} was written by format {found}, this splitter reads {wanted}; rerun `splitter analyze`", path.display())]
    ArtifactVersion { path: PathBuf, found: String, wanted: String },
    /// An artifact that is none.
    #[error("{} is no artifact of splitter: {message}; rerun `splitter analyze`", path.display())]
    Artifact { path: PathBuf, message: String },
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

impl Error {
    /// The process's exit code: 1 where a gate failed, else 2.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Gate(_) => 1,
            _ => 2,
        }
    }
}
