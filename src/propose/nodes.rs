//! One numbering over everything that is placed.

use crate::base::Id;
use crate::model::{EntryPointId, FunctionId, Model, NodeRef, StateId, TableId, TypeId};

/// Entry points, then tables, functions, types and state cells in one range of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nodes {
    tables: u32,
    functions: u32,
    types: u32,
    state: u32,
    end: u32,
}

impl Nodes {
    /// The numbering of a model.
    pub(super) fn new(model: &Model) -> Self {
        let tables = model.entry_points.len() as u32;
        let functions = tables + model.tables.len() as u32;
        let types = functions + model.functions.len() as u32;
        let state = types + model.types.len() as u32;
        let end = state + model.state_cells.len() as u32;
        Self { tables, functions, types, state, end }
    }
    /// Number of things.
    pub(super) fn len(self) -> usize {
        self.end as usize
    }
    /// The number of an entry point.
    pub(super) fn entry(self, id: EntryPointId) -> u32 {
        id.0
    }
    /// The number of a table.
    pub(super) fn table(self, id: TableId) -> u32 {
        self.tables + id.0
    }
    /// The number of a function.
    pub(super) fn function(self, id: FunctionId) -> u32 {
        self.functions + id.0
    }
    /// The number of a type.
    pub(super) fn ty(self, id: TypeId) -> u32 {
        self.types + id.0
    }
    /// The number of a state cell.
    pub(super) fn cell(self, id: StateId) -> u32 {
        self.state + id.0
    }
    /// The thing of a number.
    pub(super) fn thing(self, node: u32) -> NodeRef {
        let id = |start: u32| (node - start) as usize;
        if node < self.tables {
            NodeRef::EntryPoint(Id::from_usize(id(0)))
        } else if node < self.functions {
            NodeRef::Table(Id::from_usize(id(self.tables)))
        } else if node < self.types {
            NodeRef::Function(Id::from_usize(id(self.functions)))
        } else if node < self.state {
            NodeRef::Type(Id::from_usize(id(self.types)))
        } else {
            NodeRef::State(Id::from_usize(id(self.state)))
        }
    }
    /// Every thing with its number.
    pub(super) fn iter(self) -> impl Iterator<Item = (u32, NodeRef)> {
        (0..self.end).map(move |node| (node, self.thing(node)))
    }
}
