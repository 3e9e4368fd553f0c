//! What splitter has to say about the analysed code.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileId, Place};

/// A stable, kebab-case name of a kind of diagnostic: `opaque-macro`, `orphan-file`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Code(std::borrow::Cow<'static, str>);

impl Code {
    /// A code that is known when splitter is compiled.
    pub const fn new(text: &'static str) -> Self {
        Self(std::borrow::Cow::Borrowed(text))
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much a diagnostic or finding matters. `Blocker` is the worst and sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Must be solved before the step can be made.
    Blocker,
    /// Will hurt.
    High,
    /// Will cost.
    Medium,
    /// Worth a thought.
    Low,
    /// For information.
    Note,
}

impl Severity {
    /// The word that is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Note => "note",
        }
    }
}

/// One thing that could not be understood or deserves attention, at its place.
///
/// The user's code is never an error of ours: such things are collected, sorted by place, counted,
/// and shown as blind spots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// File of the place; `None` for the workspace as a whole.
    pub file: Option<FileId>,
    /// 1-based line; 0 for the file as a whole.
    pub line: u32,
    /// What kind.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence in lower case without a full stop.
    pub message: String,
    /// What to do about it, where there is something.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic of severity [`Severity::Note`] without help.
    pub fn note(code: Code, place: Option<Place>, message: impl Into<String>) -> Self {
        Self {
            file: place.map(|place| place.file),
            line: place.map_or(0, |place| place.line),
            code,
            severity: Severity::Note,
            message: message.into(),
            help: None,
        }
    }
    /// The same with advice.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
    /// The same with another severity.
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
