//! Knows neither Rust code nor services: ids, names, text, places, diagnostics.
//!
//! Everything here is plain data that every other room may use.

#[allow(unsafe_code, reason = "an allocator")]
pub mod arena;
mod def_path;
mod diagnostic;
mod ids;
mod map;
mod name;
mod source;

pub use def_path::DefPath;
pub use diagnostic::{Code, Diagnostic, Severity};
pub use ids::{Id, IndexVec, define_id};
pub use map::{UnorderedMap, UnorderedSet};
pub use name::Name;
pub use source::{FileId, Place, SourceFile, Sources, Span, TextRange, WRITTEN_BY_SPLITTER};
