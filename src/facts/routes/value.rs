//! What an expression that builds routes is worth.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::base::Name;
use crate::parse::tree::body::ExprId;
use crate::resolve::DefId;

/// A value as far as routes care.
#[derive(Clone, Debug, Default)]
pub(super) enum Value {
    /// Anything else.
    #[default]
    Unknown,
    /// A constant text; what is not known of it is a hole.
    Text(String),
    /// A router, seen from a path below its own.
    Router(RouterRef),
    /// Methods with their handlers, for one path.
    Verbs(Rc<Vec<Verb>>),
    /// A variant without fields, by its name: tables of paths are enums.
    Variant(Name),
    /// A function of the workspace.
    Function(DefId),
    /// A closure with what it sees.
    Closure(Rc<Closure>),
    /// A tuple, array or vector.
    List(Rc<Vec<Value>>),
    /// A struct of the workspace; shared, as `&mut self` methods change it.
    Struct(Rc<RefCell<BTreeMap<Name, Value>>>),
}

/// A handle on a router: builders that take and give `self` and those that take `&mut self` are the same
/// to whoever follows the handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RouterRef {
    pub cell: usize,
    /// The path from the router to where the handle looks.
    pub below: String,
}

/// A router under construction.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// The catalog's index.
    pub web: usize,
    /// Its own path (`web::scope("/a")`), put before its routes when it is mounted.
    pub prefix: String,
    pub routes: Vec<Route>,
    /// Became a part of another router.
    pub absorbed: bool,
    /// What stands around all its routes, whenever they are added.
    pub guards: Vec<DefId>,
}

/// A route as far as known.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// Path from the router.
    pub path: String,
    /// `None` for all.
    pub method: Option<String>,
    pub handler: Handler,
    /// Where it is declared.
    pub at: (DefId, u32),
    /// Functions and types of middleware around it.
    pub guards: Vec<DefId>,
}

impl Route {
    /// Adds middleware that stands around it.
    pub(super) fn guard(&mut self, more: &[DefId]) {
        for &guard in more {
            if !self.guards.contains(&guard) {
                self.guards.push(guard);
            }
        }
    }
}

/// One method of a path.
#[derive(Clone, Debug)]
pub(super) struct Verb {
    pub method: Option<String>,
    pub handler: Option<Handler>,
    /// See [`Route::guards`].
    pub guards: Vec<DefId>,
}

impl Verb {
    pub(super) fn new(method: Option<String>, handler: Option<Handler>) -> Self {
        Self { method, handler, guards: Vec::new() }
    }
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    /// A function.
    Function(DefId),
    /// A closure in this function.
    Closure { owner: DefId, expr: ExprId },
    /// Something that is no function of the workspace.
    Service,
    /// Not known.
    Unknown,
}

/// A closure.
#[derive(Debug)]
pub(super) struct Closure {
    pub owner: DefId,
    pub expr: ExprId,
    pub env: Vec<(Name, Value)>,
}

impl Value {
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
    /// The routers in it, also those of a list.
    pub(super) fn routers(&self) -> Vec<RouterRef> {
        match self {
            Self::Router(router) => vec![router.clone()],
            Self::List(list) => list.iter().flat_map(Self::routers).collect(),
            _ => Vec::new(),
        }
    }
    /// Whether routes hang on it.
    pub(super) fn matters(&self) -> bool {
        match self {
            Self::Router(_) | Self::Verbs(_) | Self::Struct(_) => true,
            Self::List(list) => list.iter().any(Self::matters),
            _ => false,
        }
    }
    /// The handler that the value is.
    pub(super) fn handler(&self) -> Option<Handler> {
        match self {
            Self::Function(def) => Some(Handler::Function(*def)),
            Self::Closure(closure) => Some(Handler::Closure { owner: closure.owner, expr: closure.expr }),
            _ => None,
        }
    }
}
