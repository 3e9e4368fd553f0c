//! Names and places as other programs see them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{Id, Place};
use crate::model::{EntryPointId, FunctionId, Home, Homes, Model, NodeRef, Plan, ServiceId};

/// Model and plan with what is looked up again and again.
pub(in crate::report) struct Names<'a> {
    pub model: &'a Model,
    pub plan: &'a Plan,
    pub homes: Homes,
    tests: bool,
}

/// A line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(in crate::report) struct PlaceRef<'a> {
    /// Relative path with `/`.
    pub file: &'a str,
    /// 1-based line; 0 for the file as a whole.
    pub line: u32,
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(in crate::report) struct FunctionRef<'a> {
    /// Stable path: `shop::orders::place`.
    pub path: &'a str,
    /// Its own name.
    pub name: &'a str,
    /// File of its `fn` keyword.
    pub file: &'a str,
    /// Line of its `fn` keyword.
    pub line: u32,
}

/// A thing of the application.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(in crate::report) struct ThingRef {
    /// `function`, `table`, `type`, `state`, `entry-point`.
    pub kind: &'static str,
    /// Its stable path, its name (tables), its title (entry points).
    pub name: String,
}

impl<'a> Names<'a> {
    pub fn new(model: &'a Model, plan: &'a Plan, tests: bool) -> Self {
        Self { model, plan, homes: Homes::new(model, plan), tests }
    }
    /// Whether a function is shown.
    pub fn shows(&self, function: FunctionId) -> bool {
        self.tests || !self.model.functions[function].test
    }
    pub fn place(&self, place: Place) -> PlaceRef<'a> {
        let file = self.model.files.get(place.file).map_or("", |file| file.path.as_str());
        PlaceRef { file, line: place.line }
    }
    pub fn function(&self, function: FunctionId) -> FunctionRef<'a> {
        let function = &self.model.functions[function];
        let PlaceRef { file, line } = self.place(function.place);
        FunctionRef { path: function.path.as_str(), name: &function.name, file, line }
    }
    pub fn path(&self, function: FunctionId) -> &'a str {
        self.model.functions[function].path.as_str()
    }
    pub fn paths(&self, functions: &[FunctionId]) -> Vec<&'a str> {
        let mut paths: Vec<_> = functions.iter().map(|&function| self.path(function)).collect();
        paths.sort_unstable();
        paths
    }
    pub fn service(&self, service: ServiceId) -> &'a str {
        &self.plan.services[service].name
    }
    /// The name of a home; `None` for the shell and nowhere.
    pub fn home(&self, home: Home) -> Option<&'a str> {
        match home {
            Home::Service(service) => Some(self.service(service)),
            Home::Kernel => Some("kernel"),
            Home::Shell | Home::Nowhere => None,
        }
    }
    /// Sorted titles of entry points.
    pub fn titles(&self, entry_points: &[EntryPointId]) -> Vec<String> {
        let mut titles: Vec<_> =
            entry_points.iter().map(|&entry| self.model.entry_points[entry].title()).collect();
        titles.sort_unstable();
        titles
    }
    pub fn thing(&self, node: NodeRef) -> ThingRef {
        let model = self.model;
        let (kind, name) = match node {
            NodeRef::EntryPoint(id) => ("entry-point", model.entry_points[id].title()),
            NodeRef::Function(id) => ("function", model.functions[id].path.to_string()),
            NodeRef::Table(id) => ("table", model.tables[id].name.clone()),
            NodeRef::Type(id) => ("type", model.types[id].path.to_string()),
            NodeRef::State(id) => ("state", model.state_cells[id].path.to_string()),
        };
        ThingRef { kind, name }
    }
    /// Whether all ids of a node are of the model, and it is shown.
    pub fn shows_node(&self, node: NodeRef) -> bool {
        match node {
            NodeRef::Function(id) => id.idx() < self.model.functions.len() && self.shows(id),
            NodeRef::Type(id) => self.model.types.get(id).is_some_and(|ty| self.tests || !ty.test),
            _ => true,
        }
    }
}
