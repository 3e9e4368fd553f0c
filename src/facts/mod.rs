//! Reads the facts of the application off the resolved program: entry points, tables and who touches
//! them, transactions, state, resources.
//!
//! In: a [`Workspace`] and its [`Program`]. Out: a [`Model`], sorted. Cannot happen here: I/O, and
//! failure. Frameworks and database layers are data (`catalog/`) over a handful of coded shapes.

mod build;
mod calls;
mod catalog;
mod cx;
mod documents;
mod jobs;
mod messages;
mod nodes;
mod orm;
mod render;
mod resources;
mod routes;
mod schema;
mod sql;
mod state;
mod strings;
mod tables;
mod transactions;

pub use catalog::Catalogs;

use crate::discover::Workspace;
use crate::model::Model;
use crate::resolve::Program;

/// Builds the model.
pub fn facts(workspace: &Workspace, program: &Program, catalogs: &Catalogs) -> Model {
    build::build(&cx::Cx::new(workspace, program, catalogs))
}

#[cfg(test)]
mod tests;
