//! What is handed on and written down: the facts about the application ([`Model`]) and the proposal
//! ([`Plan`]).
//!
//! Plain serialisable data. Inside a run and inside a file, things name each other by dense ids; a
//! human or another run sees [`DefPath`](crate::base::DefPath)s.

mod edge;
mod format;
mod graph;
mod homes;
mod neutral;
mod node;
mod plan;

pub use edge::*;
pub use format::*;
pub use graph::*;
pub use homes::*;
pub use neutral::*;
pub use node::*;
pub use plan::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Diagnostic, FileId, IndexVec};

/// Everything that is known about the application. Written as `model.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Model {
    /// Name of the application.
    pub name: String,
    /// The Rust files that were read, sorted by path; also SQL files that declare tables.
    pub files: IndexVec<FileId, File>,
    /// The packages, sorted by manifest path.
    pub packages: IndexVec<PackageIdx, Package>,
    /// The modules, sorted by path.
    pub modules: IndexVec<ModuleIdx, Module>,
    /// Every item, sorted by path, then place.
    pub items: IndexVec<ItemId, Item>,
    /// Every leaf of every `use`, sorted by place.
    pub imports: Vec<Import>,
    /// The functions and methods with their facts; test code included but marked.
    pub functions: IndexVec<FunctionId, Function>,
    /// The structs, enums, unions, traits and aliases.
    pub types: IndexVec<TypeId, Type>,
    /// The tables and views.
    pub tables: IndexVec<TableId, Table>,
    /// The state cells.
    pub state_cells: IndexVec<StateId, StateCell>,
    /// Env vars, files, external hosts, buckets.
    pub resources: IndexVec<ResourceId, Resource>,
    /// What starts work from outside.
    pub entry_points: IndexVec<EntryPointId, EntryPoint>,
    /// The call graph inside the workspace.
    pub calls: Vec<CallEdge>,
    /// Calls that could not be resolved.
    pub unresolved: Vec<UnresolvedCall>,
    /// Which function uses which type, and how.
    pub type_uses: Vec<TypeUse>,
    /// Which function reads or writes which table.
    pub accesses: Vec<TableAccess>,
    /// SQL that could not be read: built at run time, or broken.
    pub unknown_sql: Vec<UnknownSql>,
    /// Where transactions open, and what runs inside.
    pub transactions: Vec<Transaction>,
    /// Which function touches which state cell.
    pub state_uses: Vec<StateUse>,
    /// Which function uses which resource.
    pub resource_uses: Vec<ResourceUse>,
    /// Tasks that outlive the function that starts them.
    pub detached_tasks: Vec<DetachedTask>,
    /// How much of the calls was resolved.
    pub resolution: Resolution,
    /// What could not be understood, at its place.
    pub blind_spots: Vec<Diagnostic>,
}
