//! Scopes: what a name means in a module or block, in three namespaces.

use crate::base::FileId;
use crate::base::{Name, UnorderedMap};
use crate::parse::tree::items::ItemIdx;

use super::program::{DefId, ModuleId};

/// What a name is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bind {
    /// A module or the root of a crate.
    Module(ModuleId),
    /// A definition.
    Def(DefId),
    /// A variant of an enum, by its index.
    Variant(DefId, u32),
    /// Something outside that no stub declares, by its path.
    Ext(Name),
    /// `str`, `u8`, ….
    Prim(Name),
}

/// The namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ns {
    Types,
    Values,
    Macros,
}

/// All three.
pub(super) const NAMESPACES: [Ns; 3] = [Ns::Types, Ns::Values, Ns::Macros];

/// From where a binding may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vis {
    Public,
    In(ModuleId),
}

/// How a binding came into its scope; the lower shadows the higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    Item,
    Import,
    Glob,
}

/// A binding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) bind: Bind,
    pub(super) vis: Vis,
    pub(super) origin: Origin,
}

/// The names of a module or block.
#[derive(Debug, Default)]
pub(super) struct Scope {
    names: UnorderedMap<(Ns, Name), Entry>,
    /// In the order of binding, so that globs copy in a fixed order.
    order: Vec<(Ns, Name)>,
    /// Traits that are in scope without a name.
    pub(super) anonymous_traits: Vec<Bind>,
    /// Globs of crates that no stub declares fully: names that are found nowhere else may be theirs.
    pub(super) open_globs: Vec<Name>,
}

impl Scope {
    /// The binding of a name.
    pub(super) fn get(&self, ns: Ns, name: Name) -> Option<&Entry> {
        self.names.get(&(ns, name))
    }
    /// Binds a name; true where that changed something. What is there stays unless the new binding's
    /// origin shadows it.
    pub(super) fn bind(&mut self, ns: Ns, name: Name, entry: Entry) -> bool {
        match self.names.get_mut(&(ns, name)) {
            Some(old) if old.origin <= entry.origin => {
                // A second glob may widen who sees the same thing.
                if old.bind == entry.bind && old.vis != Vis::Public && entry.vis == Vis::Public {
                    old.vis = Vis::Public;
                    return true;
                }
                false
            }
            Some(old) => {
                *old = entry;
                true
            }
            None => {
                self.names.insert((ns, name), entry);
                self.order.push((ns, name));
                true
            }
        }
    }
    /// Number of names.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }
    /// The `at`th binding in the order of binding.
    pub(super) fn nth(&self, at: usize) -> (Ns, Name, Entry) {
        let (ns, name) = self.order[at];
        (ns, name, *self.names.get(&(ns, name)).expect("every ordered name is bound"))
    }
    /// All bindings in the order of binding.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Ns, Name, Entry)> + '_ {
        (0..self.order.len()).map(|at| self.nth(at))
    }
}

/// A leaf of a `use`, or an `extern crate`, still to be resolved.
#[derive(Clone, Debug)]
pub(super) struct ImportDecl {
    pub(super) scope: ModuleId,
    pub(super) file: FileId,
    pub(super) item: ItemIdx,
    /// Index of the leaf; `None` for `extern crate`.
    pub(super) leaf: Option<u32>,
}
