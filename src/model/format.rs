//! The header of an artifact, and artifacts to and from JSON text.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Model, Plan};

/// First field of every artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// `splitter-model`, `splitter-plan`.
    pub format: String,
    /// A reader of another major version refuses.
    pub major: u32,
    /// A reader of an older minor version refuses.
    pub minor: u32,
}

/// An artifact that is written as one JSON document with a [`Header`].
pub trait Artifact: Serialize + DeserializeOwned {
    /// `splitter-model`.
    const FORMAT: &'static str;
    /// Incompatible changes.
    const MAJOR: u32;
    /// Compatible additions.
    const MINOR: u32;
}

impl Artifact for Model {
    const FORMAT: &'static str = "splitter-model";
    const MAJOR: u32 = 1;
    const MINOR: u32 = 0;
}

impl Artifact for Plan {
    const FORMAT: &'static str = "splitter-plan";
    const MAJOR: u32 = 1;
    const MINOR: u32 = 0;
}

#[derive(Serialize)]
struct DocumentRef<'a, T> {
    #[serde(flatten)]
    header: Header,
    content: &'a T,
}

#[derive(Deserialize)]
struct Document<T> {
    content: T,
}

/// Why an artifact's text cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub enum FormatError {
    /// Written by another version: what was found, what is wanted.
    Version { found: String, wanted: String },
    /// No artifact at all.
    Broken(String),
}

/// The JSON text of an artifact, with its header.
///
/// # Errors
/// Those of `out`.
pub fn to_json<T: Artifact>(artifact: &T, out: impl std::io::Write) -> serde_json::Result<()> {
    let header = Header { format: T::FORMAT.into(), major: T::MAJOR, minor: T::MINOR };
    serde_json::to_writer(out, &DocumentRef { header, content: artifact })
}

/// Reads an artifact.
///
/// # Errors
/// Where the text is of another format or version, or broken.
pub fn from_json<T: Artifact>(text: &str) -> Result<T, FormatError> {
    let broken = |error: serde_json::Error| FormatError::Broken(error.to_string());
    let header: Header = serde_json::from_str(text).map_err(broken)?;
    if header.format != T::FORMAT || header.major != T::MAJOR || header.minor > T::MINOR {
        return Err(FormatError::Version {
            found: format!("{} {}.{}", header.format, header.major, header.minor),
            wanted: format!("{} {}.{}", T::FORMAT, T::MAJOR, T::MINOR),
        });
    }
    serde_json::from_str::<Document<T>>(text).map(|document| document.content).map_err(broken)
}
