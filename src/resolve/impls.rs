//! Tables of implementations: which functions a type has, and which types a trait.

use rayon::prelude::*;

use crate::base::{IndexVec, Name, UnorderedMap, UnorderedSet};
use crate::parse::tree::items::ItemKind;

use super::index::Db;
use super::program::{DefId, DefKind, ModuleId};
use super::scope::{Bind, Ns, Scope};
use super::sigs::Sig;
use super::ty::{Head, TraitHead, Ty};

/// A member together with its implementation.
pub(super) type Member = (DefId, DefId);

/// All implementations, by what they are looked up by. Lists are in the order of definitions.
#[derive(Debug, Default)]
pub(super) struct ImplTable {
    by_trait: UnorderedMap<(TraitHead, Head), Vec<DefId>>,
    blanket: UnorderedMap<TraitHead, Vec<DefId>>,
    inherent: UnorderedMap<(Head, Name), Vec<Member>>,
    /// Members of implementations that no stub declares in its trait.
    foreign: UnorderedMap<(Head, Name), Vec<Member>>,
    foreign_blanket: UnorderedMap<Name, Vec<Member>>,
    /// Traits by the names of their functions and constants.
    traits_with: UnorderedMap<Name, Vec<Member>>,
    /// Associated types of a type's trait implementations, by name.
    assoc: UnorderedMap<(Head, Name), Vec<Member>>,
    implementors: UnorderedMap<DefId, Vec<DefId>>,
    /// Functions of the workspace with a receiver, by name.
    local_methods: UnorderedMap<Name, Vec<DefId>>,
    /// Names of methods that stubs declare.
    outside_methods: UnorderedSet<Name>,
    /// The traits in scope of each module and block, sorted; without what lies around a block.
    in_scope: IndexVec<ModuleId, Box<[DefId]>>,
    /// Types with an implementation of a trait of another crate, which may provide any method.
    of_outside: UnorderedSet<Head>,
    /// Members of all trait implementations of the workspace, by type and name.
    of_traits: UnorderedMap<(Head, Name), Vec<Member>>,
}

/// Whether a definition is an implementation of a trait of the standard library, whose methods
/// nearly everything has.
fn implements_std(db: Db<'_>, parent: Option<DefId>) -> bool {
    let bound = parent.and_then(|parent| db.impl_sig(parent)).and_then(|sig| sig.trait_.as_ref());
    match bound.map(|bound| bound.head) {
        Some(TraitHead::Def(def)) => db.path(def).as_str().starts_with("std::"),
        _ => false,
    }
}

/// Whether a trait is of a crate that may do more than the stubs say.
pub(super) fn is_of_another_crate(db: Db<'_>, head: TraitHead) -> bool {
    match head {
        TraitHead::Ext(_) => true,
        TraitHead::Def(def) => !db.is_local(def) && !matches!(db.path(def).krate(), "std" | "serde"),
    }
}

fn list<K: Eq + std::hash::Hash, V>(map: &mut UnorderedMap<K, Vec<V>>, key: K, value: V) {
    map.get_or_insert_with(key, Vec::new).push(value);
}

fn found<'a, K: Eq + std::hash::Hash, V>(map: &'a UnorderedMap<K, Vec<V>>, key: &K) -> &'a [V] {
    map.get(key).map_or(&[], Vec::as_slice)
}

/// The traits that a scope binds, with a name or without.
fn traits_of(db: Db<'_>, scope: &Scope) -> Box<[DefId]> {
    let types = scope.iter().filter(|(ns, ..)| *ns == Ns::Types).map(|(_, _, entry)| entry.bind);
    let binds = types.chain(scope.anonymous_traits.iter().copied());
    let mut traits: Vec<DefId> = binds
        .filter_map(|bind| match bind {
            Bind::Def(def) if db.def(def).kind == DefKind::Trait => Some(def),
            _ => None,
        })
        .collect();
    traits.sort_unstable();
    traits.dedup();
    traits.into()
}

/// Of so many traits that declare a method, those that a scope imports are looked for among its imports.
const MANY_TRAITS: usize = 16;

impl ImplTable {
    /// Builds the tables from all signatures.
    pub(super) fn build(db: Db<'_>) -> Self {
        let in_scope = || db.ix.scopes.as_slice().par_iter().map(|scope| traits_of(db, scope));
        let (mut table, in_scope) = rayon::join(|| Self::of_items(db), || in_scope().collect::<Vec<_>>());
        table.in_scope = in_scope.into();
        table
    }

    fn of_items(db: Db<'_>) -> Self {
        let mut table = Self::default();
        for def in db.ix.defs.ids() {
            let data = db.def(def);
            match &db.item(def).kind {
                ItemKind::Trait { items, .. } => {
                    for &item in items {
                        let Some(member) = db.ix.by_item.get(data.file, item) else { continue };
                        if db.def(member).kind != DefKind::TypeAlias {
                            list(&mut table.traits_with, db.def(member).name, (def, member));
                        }
                    }
                }
                ItemKind::Impl { items, .. } => {
                    let members = items.iter().filter_map(|&item| db.ix.by_item.get(data.file, item));
                    table.add(db, def, members);
                }
                ItemKind::Fn(decl)
                    if decl.is_method && db.is_local(def) && !implements_std(db, data.parent) =>
                {
                    list(&mut table.local_methods, data.name, def);
                }
                ItemKind::Fn(decl) if decl.is_method && !db.is_local(def) => {
                    table.outside_methods.insert(data.name);
                }
                _ => {}
            }
        }
        table
    }

    fn add(&mut self, db: Db<'_>, imp: DefId, members: impl Iterator<Item = DefId>) {
        let Sig::Impl(sig) = db.sig(imp) else { return };
        if sig.negative {
            return;
        }
        let head = sig.self_ty.head();
        let Some(bound) = &sig.trait_ else {
            let Some(head) = head else { return };
            for member in members {
                list(&mut self.inherent, (head, db.def(member).name), (imp, member));
            }
            return;
        };
        match head {
            Some(head) => list(&mut self.by_trait, (bound.head, head), imp),
            None if matches!(sig.self_ty, Ty::Param(_)) => list(&mut self.blanket, bound.head, imp),
            None => {}
        }
        if let TraitHead::Def(def) = bound.head {
            list(&mut self.implementors, def, imp);
        }
        if let Some(head) = head
            && is_of_another_crate(db, bound.head)
        {
            self.of_outside.insert(head);
        }
        for member in members {
            let name = db.def(member).name;
            if let Some(head) = head
                && db.is_local(imp)
            {
                list(&mut self.of_traits, (head, name), (imp, member));
            }
            // Also what a stub's trait leaves out.
            let is_foreign = match bound.head {
                TraitHead::Def(def) => !db.is_local(def) && db.member(def, name).is_none(),
                TraitHead::Ext(_) => true,
            };
            match (db.def(member).kind, head) {
                (DefKind::TypeAlias, Some(head)) => list(&mut self.assoc, (head, name), (imp, member)),
                (_, Some(head)) if is_foreign => list(&mut self.foreign, (head, name), (imp, member)),
                (_, None) if is_foreign => list(&mut self.foreign_blanket, name, (imp, member)),
                _ => {}
            }
        }
    }

    /// Implementations of a trait for types of this head.
    pub(super) fn of_trait(&self, head: TraitHead, ty: Head) -> &[DefId] {
        found(&self.by_trait, &(head, ty))
    }
    /// Implementations of a trait for a parameter.
    pub(super) fn blanket(&self, head: TraitHead) -> &[DefId] {
        found(&self.blanket, &head)
    }
    /// Members of inherent implementations.
    pub(super) fn inherent(&self, ty: Head, name: Name) -> &[Member] {
        found(&self.inherent, &(ty, name))
    }
    /// Members of the workspace's implementations of any trait.
    pub(super) fn guard_members(&self, ty: Head, name: Name) -> &[Member] {
        found(&self.of_traits, &(ty, name))
    }
    /// Members of implementations of unknown traits.
    pub(super) fn foreign(&self, ty: Head, name: Name) -> &[Member] {
        found(&self.foreign, &(ty, name))
    }
    /// Members of implementations of unknown traits for a parameter.
    pub(super) fn foreign_blanket(&self, name: Name) -> &[Member] {
        found(&self.foreign_blanket, &name)
    }
    /// Traits that declare a function or constant of this name.
    pub(super) fn traits_with(&self, name: Name) -> &[Member] {
        found(&self.traits_with, &name)
    }
    /// Associated types of this name in a type's trait implementations.
    pub(super) fn assoc(&self, ty: Head, name: Name) -> &[Member] {
        found(&self.assoc, &(ty, name))
    }
    /// Implementations of a trait.
    pub(super) fn implementors(&self, def: DefId) -> &[DefId] {
        found(&self.implementors, &def)
    }
    /// Whether a stub has a method of this name.
    pub(super) fn has_outside_method(&self, name: Name) -> bool {
        self.outside_methods.contains(&name)
    }
    /// Methods of the workspace of this name.
    pub(super) fn local_methods(&self, name: Name) -> &[DefId] {
        found(&self.local_methods, &name)
    }
    /// Whether a type has a trait of another crate, by an implementation.
    pub(super) fn implements_outside(&self, ty: Head) -> bool {
        self.of_outside.contains(&ty)
    }
    /// Whether a trait can be used with method syntax in a scope.
    pub(super) fn is_in_scope(&self, db: Db<'_>, scope: ModuleId, def: DefId) -> bool {
        self.usable(db, scope).any(|traits| traits.binary_search(&def).is_ok())
    }
    /// The traits that can be used with method syntax in a scope, in sorted lists.
    fn usable<'a>(&'a self, db: Db<'a>, scope: ModuleId) -> impl Iterator<Item = &'a [DefId]> {
        let around = move |at: &ModuleId| {
            let module = &db.ix.modules[*at];
            module.block_of.and(module.parent)
        };
        std::iter::successors(Some(scope), around).chain(db.ix.prelude).map(|at| &*self.in_scope[at])
    }
    /// Of the traits that declare a method, those that can be used in a scope, or those that cannot.
    pub(super) fn traits_in_scope(
        &self,
        db: Db<'_>,
        scope: ModuleId,
        name: Name,
        usable: bool,
    ) -> Vec<Member> {
        let all = self.traits_with(name);
        // In large applications hundreds of traits declare a `find`, of which a module imports a few.
        if all.len() > MANY_TRAITS && usable {
            let of_trait = |def: &DefId| Some(all[all.binary_search_by_key(def, |&(def, _)| def).ok()?]);
            let mut found: Vec<_> = self.usable(db, scope).flatten().filter_map(of_trait).collect();
            found.sort_unstable();
            found.dedup();
            return found;
        }
        all.iter().copied().filter(|&(def, _)| self.is_in_scope(db, scope, def) == usable).collect()
    }
}
