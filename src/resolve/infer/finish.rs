//! The end of a body: what was left open is decided, and types are written out.

use crate::base::Id;

use super::super::index::Db;
use super::super::program::{Call, CallTarget, DefId, DefKind};
use super::super::ty::{Args, TraitHead, Ty};
use super::{BodyResult, Infer, RawTarget};

impl Infer<'_> {
    /// Decides on every call and gives the result.
    pub(in crate::resolve) fn finish(mut self, keep_types: bool) -> BodyResult {
        // Work on the decisions is bounded by its own allowance.
        self.fuel = self.fuel.max(super::FUEL_MIN);
        let raw = std::mem::take(&mut self.calls);
        let mut calls: Vec<Call> = Vec::with_capacity(raw.len());
        for call in raw {
            let target = match call.target {
                RawTarget::Done(target) => target,
                RawTarget::Fn(def, args) => self.decide(def, &args),
            };
            calls.push(Call {
                expr: call.expr,
                kind: call.kind,
                target,
                certainty: call.certainty,
                site: call.site,
                name: call.name,
                in_loop: call.in_loop,
            });
        }
        calls.sort_by_key(|call| (call.site, call.expr, call.kind));
        self.paths.sort_by_key(|&(expr, _)| expr);
        self.paths.dedup_by_key(|(expr, _)| *expr);
        let types = match keep_types {
            true => self.types.iter().map(|ty| self.deep(ty)).collect(),
            false => Vec::new(),
        };
        BodyResult { calls, paths: self.paths, types }
    }

    /// The function that a call reaches: for one of a trait, what the type that it is called on has.
    fn decide(&mut self, def: DefId, args: &Args) -> CallTarget {
        let db = self.db;
        let owner = db.def(def).parent.filter(|&parent| db.def(parent).kind == DefKind::Trait);
        let Some(owner) = owner else { return plain(db, def) };
        let self_ty = args.first().map_or(Ty::Unknown, |ty| self.deep(ty));
        let head = TraitHead::Def(owner);
        let is_open = match &self_ty {
            Ty::Param(_) | Ty::Dyn(_) | Ty::Opaque(_) | Ty::Assoc(_) | Ty::Unknown | Ty::Var(_) => true,
            Ty::Ext(..) if self_ty.is_open() => true,
            Ty::Adt(of, _) => db.is_local(owner) && self.derives(*of, head),
            Ty::Ref(_, inner) => matches!(**inner, Ty::Param(_) | Ty::Dyn(_) | Ty::Opaque(_)),
            _ => false,
        };
        if !matches!(self_ty, Ty::Unknown | Ty::Var(_)) {
            let n_trait = db.trait_sig(owner).map_or(1, |sig| sig.n_params) as usize;
            let trait_args: Vec<Ty> = args.iter().take(n_trait).skip(1).map(|ty| self.deep(ty)).collect();
            if let Some(found) = self.find_impl(head, &trait_args, &self_ty)
                && let Some(member) = db.member(found.imp, db.def(def).name)
            {
                return if db.is_local(member) { CallTarget::Resolved(member) } else { plain(db, def) };
            }
        }
        if !db.is_local(def) {
            return plain(db, def);
        }
        if is_open {
            return one_of(db, owner, def, db.def(self.def).is_test);
        }
        plain(db, def)
    }
}

fn plain(db: Db<'_>, def: DefId) -> CallTarget {
    if db.is_local(def) { CallTarget::Resolved(def) } else { CallTarget::External(db.outside_path(def)) }
}

/// A trait's method and those of its implementations. Test code is no candidate for other code.
pub(in crate::resolve) fn one_of(db: Db<'_>, owner: DefId, def: DefId, in_test: bool) -> CallTarget {
    let name = db.def(def).name;
    let mut targets = vec![def];
    for &imp in db.ix.impls.implementors(owner) {
        if db.def(imp).is_test && !in_test {
            continue;
        }
        if let Some(member) = db.member(imp, name)
            && db.is_local(member)
        {
            targets.push(member);
        }
    }
    if targets.len() == 1 && has_body(db, def) {
        return CallTarget::Resolved(def);
    }
    targets[1..].sort();
    targets.dedup();
    CallTarget::OneOf(targets.into())
}

fn has_body(db: Db<'_>, def: DefId) -> bool {
    debug_assert!(def.idx() < db.ix.defs.len());
    db.body_idx(def).is_some()
}
