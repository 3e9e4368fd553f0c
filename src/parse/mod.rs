//! Reads the text of each file into an [`ItemTree`](tree::items::ItemTree); syn ends here.
//!
//! In: a [`Workspace`]. Out: [`ParsedFiles`], one entry per file in file order, whatever the number
//! of threads. Cannot happen here: I/O, and failure — a file that does not parse is an entry with an
//! error.

pub mod tree;

use crate::base::{FileId, IndexVec};
use crate::discover::Workspace;
use tree::items::ItemTree;

/// All files of a workspace after parsing.
#[derive(Clone, Debug, Default)]
pub struct ParsedFiles {
    /// One entry per file of `Workspace::sources`.
    pub files: IndexVec<FileId, ParsedFile>,
}

/// One file after parsing.
#[derive(Clone, Debug, Default)]
pub struct ParsedFile {
    /// What it declares; empty where it could not be read.
    pub tree: ItemTree,
    /// Why it could not be read: the 1-based line and the parser's sentence.
    pub error: Option<(u32, String)>,
}

/// Parses every Rust file of the workspace, in parallel.
pub fn parse(workspace: &Workspace) -> ParsedFiles {
    let _ = workspace;
    todo!("lowering")
}
