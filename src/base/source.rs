//! Files, byte spans, and lines.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IndexVec, define_id};

define_id! {
    /// A file that was read. Ids follow the sorted relative paths.
    FileId
}

/// How files begin that splitter adds to an application: they are no part of it, so that an analysis after
/// the step says what it said before.
pub const WRITTEN_BY_SPLITTER: &str =
    "// Written by splitter, which does not read it as part of the application.";

/// A half-open byte range of one file's text.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct TextRange {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl TextRange {
    /// The range `start..end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
    /// As an index into a `str`.
    pub fn as_range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
    /// Whether `other` lies within.
    pub fn contains(self, other: TextRange) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A byte range in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub range: TextRange,
}

/// Where a reader looks: a file and a 1-based line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// 1-based line.
    pub line: u32,
}

/// One file's text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path relative to the analysed directory, with `/`.
    pub path: String,
    /// The text, without a byte order mark.
    pub text: Arc<str>,
    /// Byte offset of each line's start; the first is 0.
    line_starts: Arc<[u32]>,
}

impl SourceFile {
    /// Takes the text of the file at `path`. A byte order mark is cut off, so that spans that count
    /// from the first token are right.
    pub fn new(path: impl Into<String>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut line_starts = Vec::with_capacity(text.len() / 24 + 1);
        line_starts.push(0);
        line_starts.extend(text.match_indices('\n').map(|(at, _)| at as u32 + 1));
        Self { path: path.into(), text: text.into(), line_starts: line_starts.into() }
    }
    /// The 1-based line of a byte offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|&start| start <= offset) as u32
    }
    /// Byte offset of the start of a 1-based line, or the text's end.
    pub fn line_start(&self, line: u32) -> u32 {
        let idx = (line as usize).saturating_sub(1);
        self.line_starts.get(idx).copied().unwrap_or(self.text.len() as u32)
    }
    /// Byte offset of a 1-based line and a 0-based column counted in characters, as syn gives them.
    pub fn offset(&self, line: usize, column: usize) -> u32 {
        let start = self.line_start(line as u32) as usize;
        let rest = &self.text[start..];
        let bytes = rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at);
        (start + bytes) as u32
    }
    /// Number of lines.
    pub fn n_lines(&self) -> u32 {
        self.line_starts.len() as u32 - u32::from(self.text.ends_with('\n') || self.text.is_empty())
    }
    /// The text of a range; empty where the range is not of this file.
    pub fn slice(&self, range: TextRange) -> &str {
        self.text.get(range.as_range()).unwrap_or("")
    }
}

/// All files that were read, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The files.
    pub files: IndexVec<FileId, SourceFile>,
}

impl Sources {
    /// The file and line of a span's start.
    pub fn place(&self, span: Span) -> Place {
        Place { file: span.file, line: self.files[span.file].line(span.range.start) }
    }
    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        self.files[span.file].slice(span.range)
    }
    /// The file at a relative path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files
            .as_slice()
            .binary_search_by(|file| file.path.as_str().cmp(path))
            .ok()
            .map(super::Id::from_usize)
    }
}
