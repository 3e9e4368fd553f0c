//! Gives every path and call its meaning: name resolution and type inference over what was parsed.
//!
//! In: a [`Workspace`] and its [`ParsedFiles`]. Out: a [`Program`]. Cannot happen here: I/O, and
//! failure — what cannot be followed is a value with a reason.

mod program;

pub use program::*;

use crate::discover::Workspace;
use crate::parse::ParsedFiles;

/// What `resolve` keeps for itself.
#[derive(Debug, Default)]
pub struct Index {}

/// Resolves the workspace.
pub fn resolve(workspace: &Workspace, files: ParsedFiles) -> Program {
    let _ = (workspace, files);
    todo!("resolution")
}
