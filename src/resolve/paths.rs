//! Follows a path through modules to a definition, as far as modules reach: what comes after a type
//! (`Cart::total`) is left to inference.

use crate::base::{Id, Name};
use crate::parse::tree::items::ItemKind;
use crate::parse::tree::types::{Path, PathStart};

use super::index::Db;
use super::program::{DefId, DefKind, ModuleId, Program};
use super::scope::{Bind, NAMESPACES, Ns};

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) bind: Bind,
    /// How many segments were followed; those after it are items of the type that was found.
    pub(super) used: usize,
}

/// Why a path leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// No such name.
    NoName,
    /// It leads through a module whose file is not there.
    MissingModule,
}

/// Primitive types.
pub(super) fn prim(name: Name) -> Option<Bind> {
    let known = matches!(
        name.as_str(),
        "bool"
            | "char"
            | "str"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | "f32"
            | "f64"
    );
    known.then_some(Bind::Prim(name))
}

impl Program {
    /// The constant, static or function that a path means which is written as text in a module:
    /// `crate::routes::ROUTES` in an attribute.
    pub fn value_at(&self, module: ModuleId, path: &str) -> Option<DefId> {
        let path = super::hooks::parse_path(path)?;
        let db = Db { ix: &self.index, files: &self.files };
        match db.resolve(module, &path, Ns::Values).ok()? {
            Found { bind: Bind::Def(def), used } if used == path.segments.len() && db.is_local(def) => {
                Some(def)
            }
            _ => None,
        }
    }
}

impl Db<'_> {
    /// Follows `path`, written in `scope`, in the namespace `ns` for its last segment.
    pub(super) fn resolve(&self, scope: ModuleId, path: &Path, ns: Ns) -> Result<Found, Lost> {
        self.resolve_from(scope, path, ns, true)
    }

    /// The same; without `open`, names that a stub leaves out lead nowhere.
    pub(super) fn resolve_from(
        &self,
        scope: ModuleId,
        path: &Path,
        ns: Ns,
        open: bool,
    ) -> Result<Found, Lost> {
        if let (PathStart::Plain, [only]) = (&path.start, &*path.segments) {
            let bind = self.lookup(scope, only.name, ns, open).ok_or(Lost::NoName)?;
            return Ok(Found { bind, used: 1 });
        }
        let before = self.before_last(scope, path, open)?;
        self.last(before, path, ns, open)
    }

    /// What a path means in each namespace in which it means anything.
    pub(super) fn resolve_in_all(&self, scope: ModuleId, path: &Path) -> [Option<Bind>; 3] {
        if let (PathStart::Plain, [only]) = (&path.start, &*path.segments) {
            return NAMESPACES.map(|ns| self.lookup(scope, only.name, ns, true));
        }
        let Ok(before) = self.before_last(scope, path, true) else { return [None; 3] };
        let last = |ns| self.last(before, path, ns, true).ok().map(|found| found.bind);
        match before.bind {
            // The same in all.
            Bind::Ext(_) => [last(Ns::Types), None, None],
            _ => NAMESPACES.map(last),
        }
    }

    /// Follows all of a path but its last segment, which may mean something else in each namespace. Less,
    /// where what was found is no module.
    fn before_last(&self, scope: ModuleId, path: &Path, open: bool) -> Result<Found, Lost> {
        let krate = self.ix.modules[scope].krate;
        let mut used = 0;
        let mut bind = match &path.start {
            PathStart::Crate => Bind::Module(self.ix.krates[krate].root),
            PathStart::DollarCrate(name) => match self.ix.krates[krate].externs.get(name) {
                Some(&bind) => bind,
                None => Bind::Module(self.ix.krates[krate].root),
            },
            PathStart::SelfModule => Bind::Module(self.real_module(scope)),
            PathStart::Super(times) => {
                let mut module = self.real_module(scope);
                for _ in 0..*times {
                    let parent = self.ix.modules[module].parent.ok_or(Lost::NoName)?;
                    module = self.real_module(parent);
                }
                Bind::Module(module)
            }
            PathStart::Global => {
                let first = path.segments.first().ok_or(Lost::NoName)?.name;
                used = 1;
                let root = self.ix.krates[krate].root;
                let in_root = || self.ix.scopes[root].get(Ns::Types, first).map(|entry| entry.bind);
                self.extern_krate(scope, first).or_else(in_root).ok_or(Lost::NoName)?
            }
            PathStart::Plain => {
                let first = path.segments.first().ok_or(Lost::NoName)?.name;
                used = 1;
                self.lookup(scope, first, Ns::Types, open && !is_lower(first)).ok_or(Lost::NoName)?
            }
            PathStart::Qualified { .. } => return Err(Lost::NoName),
        };
        while used + 1 < path.segments.len() {
            match self.step(bind, path.segments[used].name, Ns::Types, open)? {
                Some(next) => bind = next,
                None => break,
            }
            used += 1;
        }
        Ok(Found { bind, used })
    }

    /// Follows the last segment of a path, if all before it were.
    fn last(&self, before: Found, path: &Path, ns: Ns, open: bool) -> Result<Found, Lost> {
        let Found { bind, used } = before;
        if used + 1 != path.segments.len() {
            return Ok(before);
        }
        let found = self.step(bind, path.segments[used].name, ns, open)?;
        Ok(found.map_or(before, |bind| Found { bind, used: used + 1 }))
    }

    /// What a name means in what a path has led to; `None` where that has no names but those that inference
    /// knows.
    fn step(&self, bind: Bind, name: Name, ns: Ns, open: bool) -> Result<Option<Bind>, Lost> {
        Ok(match bind {
            Bind::Module(module) => Some(self.in_module(module, name, ns, open)?),
            Bind::Ext(base) => Some(Bind::Ext(ext_child(base, name))),
            Bind::Def(def) if self.def(def).kind == DefKind::Enum => {
                self.variant(def, name).map(|idx| Bind::Variant(def, idx))
            }
            _ => None,
        })
    }

    /// What a name means in a module, seen from outside.
    fn in_module(&self, module: ModuleId, name: Name, ns: Ns, open: bool) -> Result<Bind, Lost> {
        if let Some(entry) = self.ix.scopes[module].get(ns, name) {
            return Ok(entry.bind);
        }
        let data = &self.ix.modules[module];
        if ns == Ns::Macros
            && data.parent.is_none()
            && let Some(&found) = self.ix.krates[data.krate].macros.get(&name)
        {
            return Ok(Bind::Def(found));
        }
        if data.missing {
            return Err(Lost::MissingModule);
        }
        if open && module.idx() >= self.ix.n_modules && data.krate.idx() >= self.ix.n_krates {
            return Ok(Bind::Ext(ext_child(Name::new(data.path.as_str()), name)));
        }
        if open && let Some(&glob) = self.ix.scopes[module].open_globs.first() {
            return Ok(Bind::Ext(ext_child(glob, name)));
        }
        Err(Lost::NoName)
    }

    /// What a name means in a scope, seen from inside.
    pub(super) fn lookup(&self, scope: ModuleId, name: Name, ns: Ns, open: bool) -> Option<Bind> {
        let mut at = scope;
        loop {
            if let Some(entry) = self.ix.scopes[at].get(ns, name) {
                return Some(entry.bind);
            }
            match (self.ix.modules[at].block_of, self.ix.modules[at].parent) {
                (Some(_), Some(parent)) => at = parent,
                _ => break,
            }
        }
        let krate = &self.ix.krates[self.ix.modules[scope].krate];
        match ns {
            Ns::Types => {
                if let Some(&bind) = krate.externs.get(&name) {
                    return Some(bind);
                }
            }
            Ns::Macros => {
                if let Some(&found) = krate.macros.get(&name) {
                    return Some(Bind::Def(found));
                }
            }
            Ns::Values => {}
        }
        let in_prelude =
            self.ix.prelude.and_then(|prelude| self.ix.scopes[prelude].get(ns, name)).map(|entry| entry.bind);
        if in_prelude.is_some() {
            return in_prelude;
        }
        if ns == Ns::Types
            && let Some(found) = prim(name)
        {
            return Some(found);
        }
        if !open {
            return None;
        }
        let mut at = scope;
        loop {
            if let Some(&glob) = self.ix.scopes[at].open_globs.first() {
                return Some(Bind::Ext(ext_child(glob, name)));
            }
            match (self.ix.modules[at].block_of, self.ix.modules[at].parent) {
                (Some(_), Some(parent)) => at = parent,
                _ => return None,
            }
        }
    }

    /// A crate by its name in `scope`'s crate.
    pub(super) fn extern_krate(&self, scope: ModuleId, name: Name) -> Option<Bind> {
        self.ix.krates[self.ix.modules[scope].krate].externs.get(&name).copied()
    }

    /// The index of a variant.
    pub(super) fn variant(&self, def: DefId, name: Name) -> Option<u32> {
        match &self.item(def).kind {
            ItemKind::Adt(adt) if self.def(def).kind == DefKind::Enum => {
                if adt.variants.len() > 16 {
                    return self.ix.variants.get(&(def, name)).copied();
                }
                adt.variants.iter().position(|variant| variant.name == name).map(|at| at as u32)
            }
            _ => None,
        }
    }
}

/// The path of something in something outside.
pub(super) fn ext_child(base: Name, name: Name) -> Name {
    Name::new(&format!("{base}::{name}"))
}

fn is_lower(name: Name) -> bool {
    name.as_str().starts_with(|first: char| first.is_lowercase() || first == '_')
}
