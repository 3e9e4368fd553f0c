//! Where each thing of the model is in a plan.

use crate::base::{Id, IndexVec};

use super::node::{EntryPointId, FunctionId, StateId, TableId, TypeId};
use super::{Model, NodeRef, Plan, ServiceId};

/// Where a thing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Home {
    /// In a service.
    Service(ServiceId),
    /// In the shared kernel.
    Kernel,
    /// In the shell.
    Shell,
    /// Nowhere: test code, or a thing that the plan does not place.
    #[default]
    Nowhere,
}

impl Home {
    /// The service, where it is one.
    pub fn service(self) -> Option<ServiceId> {
        match self {
            Self::Service(service) => Some(service),
            _ => None,
        }
    }
}

/// The home of every thing. Ids that are not of the model are left out.
#[derive(Clone, Debug, Default)]
pub struct Homes {
    /// Of each function.
    pub functions: IndexVec<FunctionId, Home>,
    /// Of each type.
    pub types: IndexVec<TypeId, Home>,
    /// Of each table.
    pub tables: IndexVec<TableId, Home>,
    /// Of each state cell.
    pub state: IndexVec<StateId, Home>,
    /// Of each entry point.
    pub entry_points: IndexVec<EntryPointId, Home>,
}

fn nowhere<I: Id>(n: usize) -> IndexVec<I, Home> {
    vec![Home::Nowhere; n].into()
}

fn set<I: Id>(homes: &mut IndexVec<I, Home>, ids: &[I], home: Home) {
    for &id in ids {
        if id.idx() < homes.len() {
            homes[id] = home;
        }
    }
}

impl Homes {
    /// Reads the homes off a plan.
    pub fn new(model: &Model, plan: &Plan) -> Self {
        let mut homes = Self {
            functions: nowhere(model.functions.len()),
            types: nowhere(model.types.len()),
            tables: nowhere(model.tables.len()),
            state: nowhere(model.state_cells.len()),
            entry_points: nowhere(model.entry_points.len()),
        };
        for (home, group) in [(Home::Kernel, &plan.kernel), (Home::Shell, &plan.shell)] {
            set(&mut homes.functions, &group.functions, home);
            set(&mut homes.types, &group.types, home);
            set(&mut homes.state, &group.state, home);
            set(&mut homes.entry_points, &group.entry_points, home);
        }
        for (id, service) in plan.services.iter_enumerated() {
            let home = Home::Service(id);
            set(&mut homes.functions, &service.functions, home);
            set(&mut homes.types, &service.types, home);
            set(&mut homes.tables, &service.tables, home);
            set(&mut homes.state, &service.state, home);
            set(&mut homes.entry_points, &service.entry_points, home);
        }
        homes
    }
    /// The home of any thing.
    pub fn of(&self, node: NodeRef) -> Home {
        let home = match node {
            NodeRef::EntryPoint(id) => self.entry_points.get(id),
            NodeRef::Function(id) => self.functions.get(id),
            NodeRef::Table(id) => self.tables.get(id),
            NodeRef::Type(id) => self.types.get(id),
            NodeRef::State(id) => self.state.get(id),
        };
        home.copied().unwrap_or_default()
    }
}
