//! Bounds and projections: which implementation a type has, and what its associated types are.

use std::sync::Arc;

use crate::base::Name;

use super::super::lower::any_trait;
use super::super::program::DefId;
use super::super::sigs::Sig;
use super::super::ty::{Args, Assoc, Pred, TraitHead, TraitRef, Ty};
use super::Infer;

/// Implementations whose bounds ask for further implementations are followed this deep.
const MAX_NESTED: u32 = 6;

/// Something that waits until more is known.
#[derive(Clone, Debug)]
pub(super) enum Obligation {
    /// A bound.
    Pred(Pred),
    /// A projection, and the variable that stands for its value.
    Proj(Arc<Assoc>, Ty),
}

/// An implementation and the arguments for its parameters.
#[derive(Clone, Debug)]
pub(in crate::resolve) struct ImplMatch {
    pub(in crate::resolve) imp: DefId,
    pub(in crate::resolve) args: Vec<Ty>,
}

impl Infer<'_> {
    /// Computes all projections in a type; one that waits for a variable becomes a variable.
    pub(in crate::resolve) fn normalize(&mut self, ty: &Ty) -> Ty {
        if !ty.any(0, &|part| matches!(part, Ty::Assoc(_))) {
            return ty.clone();
        }
        self.normalize_at(ty, 0)
    }
    fn normalize_at(&mut self, ty: &Ty, depth: u32) -> Ty {
        if depth > MAX_NESTED || !self.spend(1) {
            return Ty::Unknown;
        }
        ty.map(0, &mut |part| {
            let Ty::Assoc(assoc) = part else { return None };
            let self_ty = self.normalize_at(&assoc.self_ty, depth + 1);
            let args = assoc.args.iter().map(|arg| self.normalize_at(arg, depth + 1)).collect();
            let assoc = Arc::new(Assoc { self_ty, trait_: assoc.trait_, args, name: assoc.name });
            Some(match self.project(&assoc) {
                Some(known) => known,
                None => {
                    let var = self.fresh();
                    self.pending.push(Obligation::Proj(assoc, var.clone()));
                    var
                }
            })
        })
    }

    /// The value of a projection; `None` while its type is a variable. One that stays as it is (of a
    /// generic parameter) comes back unchanged.
    pub(in crate::resolve) fn project(&mut self, assoc: &Arc<Assoc>) -> Option<Ty> {
        if self.nesting > MAX_NESTED || !self.spend(1) {
            return Some(Ty::Unknown);
        }
        self.nesting += 1;
        let value = self.project_inner(assoc);
        self.nesting -= 1;
        value
    }
    fn project_inner(&mut self, assoc: &Arc<Assoc>) -> Option<Ty> {
        let self_ty = self.shallow(&assoc.self_ty);
        let name = assoc.name;
        match &self_ty {
            Ty::Var(_) => return None,
            Ty::Unknown | Ty::Never => return Some(Ty::Unknown),
            Ty::Param(_) | Ty::Assoc(_) => {
                let rigid = match &self_ty {
                    Ty::Assoc(inner)
                        if !inner.self_ty.any(0, &|ty| matches!(ty, Ty::Param(_) | Ty::Var(_))) =>
                    {
                        match self.project(inner) {
                            Some(Ty::Assoc(again)) if again == *inner => self_ty.clone(),
                            Some(known) => {
                                let again = Assoc { self_ty: known, ..(**assoc).clone() };
                                return self.project(&Arc::new(again));
                            }
                            None => return None,
                        }
                    }
                    _ => self_ty.clone(),
                };
                let bounds = self.bounds_of(&rigid);
                if let Some(found) = self.binding(&bounds, assoc.trait_, name) {
                    return Some(found);
                }
                if let Some(found) = self.project_impl(&rigid, assoc) {
                    return Some(found);
                }
                return Some(Ty::Assoc(assoc.clone()));
            }
            Ty::Dyn(_) | Ty::Opaque(_) => {
                let bounds = self.bounds_of(&self_ty);
                if let Some(found) = self.binding(&bounds, assoc.trait_, name) {
                    return Some(found);
                }
            }
            _ => {}
        }
        if let TraitHead::Def(_) = assoc.trait_
            && self.lang.is_fn_trait(assoc.trait_)
            && let Some(sig) = self.callable(&self_ty)
        {
            return Some(sig.ret);
        }
        self.project_impl(&self_ty, assoc).or(Some(Ty::Unknown))
    }

    fn project_impl(&mut self, self_ty: &Ty, assoc: &Assoc) -> Option<Ty> {
        if assoc.trait_ == any_trait() {
            let head = self_ty.head()?;
            let members = self.db.ix.impls.assoc(head, assoc.name);
            for &(imp, member) in members {
                if let Some(found) = self.match_impl(imp, self_ty, None)
                    && let Sig::Alias(alias) = self.db.sig(member)
                    && let Some(ty) = &alias.1
                {
                    return Some(self.instantiate(ty, &found.args));
                }
            }
            return None;
        }
        let found = self.find_impl(assoc.trait_, &assoc.args, self_ty)?;
        let alias =
            self.db.member(found.imp, assoc.name).map(|member| (member, found.args.clone())).or_else(|| {
                let TraitHead::Def(def) = assoc.trait_ else { return None };
                let mut args = vec![self_ty.clone()];
                args.extend(assoc.args.iter().cloned());
                Some((self.db.member(def, assoc.name)?, args))
            });
        let (member, args) = alias?;
        match self.db.sig(member) {
            Sig::Alias(alias) => alias.1.as_ref().map(|ty| self.instantiate(ty, &args)),
            _ => None,
        }
    }

    /// `Name = T` among bounds.
    fn binding(&mut self, bounds: &[TraitRef], head: TraitHead, name: Name) -> Option<Ty> {
        let exact = bounds.iter().filter(|bound| bound.head == head);
        let any = bounds.iter().filter(|bound| bound.head != head);
        let found = exact.chain(any).find_map(|bound| {
            bound.bindings.iter().find(|(bound_name, _)| *bound_name == name).map(|(_, ty)| ty.clone())
        })?;
        Some(self.normalize(&found))
    }

    /// The traits that a parameter, projection, `dyn` or `impl` type is known to have, with those
    /// that they imply.
    pub(in crate::resolve) fn bounds_of(&mut self, ty: &Ty) -> Vec<TraitRef> {
        let mut bounds: Vec<TraitRef> = match ty {
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => bounds.to_vec(),
            Ty::Param(_) => {
                self.preds.iter().filter(|pred| pred.ty == *ty).map(|pred| pred.bound.clone()).collect()
            }
            Ty::Assoc(assoc) => {
                let mut bounds: Vec<TraitRef> = self
                    .preds
                    .iter()
                    .filter(|pred| match &pred.ty {
                        Ty::Assoc(other) => {
                            other.name == assoc.name && self.deep(&other.self_ty) == self.deep(&assoc.self_ty)
                        }
                        _ => false,
                    })
                    .map(|pred| pred.bound.clone())
                    .collect();
                // `type Name: Bound;` in the trait.
                if let TraitHead::Def(def) = assoc.trait_
                    && let Some(member) = self.db.member(def, assoc.name)
                    && let Sig::Alias(alias) = self.db.sig(member)
                {
                    let mut args = vec![assoc.self_ty.clone()];
                    args.extend(assoc.args.iter().cloned());
                    bounds.extend(alias.0.iter().map(|pred| pred.bound.subst(&args)));
                }
                bounds
            }
            _ => Vec::new(),
        };
        let mut at = 0;
        while at < bounds.len() && bounds.len() < 64 {
            if let TraitHead::Def(def) = bounds[at].head
                && let Some(sig) = self.db.trait_sig(def)
            {
                let mut args = vec![ty.clone()];
                args.extend(bounds[at].args.iter().cloned());
                // A supertrait's binding may be given on the trait itself: `dyn Jobs<Item = T>`.
                let given = bounds[at].bindings.clone();
                for sup in &sig.supers {
                    let mut sup = sup.subst(&args);
                    if sup.bindings.is_empty() {
                        sup.bindings = given.clone();
                    }
                    if !bounds.iter().any(|bound| bound.head == sup.head && bound.args == sup.args) {
                        bounds.push(sup);
                    }
                }
            }
            at += 1;
        }
        bounds
    }

    /// Whether an implementation fits; its parameters as variables, bound to what fits.
    pub(in crate::resolve) fn match_impl(
        &mut self,
        imp: DefId,
        self_ty: &Ty,
        args: Option<&[Ty]>,
    ) -> Option<ImplMatch> {
        let sig = self.db.impl_sig(imp)?;
        let start = self.snapshot();
        let impl_args = self.fresh_args(sig.n_params);
        let own = sig.self_ty.subst(&impl_args);
        let mut fits = self.unify(&own, self_ty);
        if fits && let (Some(args), Some(bound)) = (args, &sig.trait_) {
            for (have, want) in bound.args.iter().zip(args) {
                let have = have.subst(&impl_args);
                fits = fits && self.unify(&have, want);
            }
        }
        if !fits {
            self.rollback(start);
            return None;
        }
        Some(ImplMatch { imp, args: impl_args })
    }

    /// The implementation of a trait for a type, where exactly one fits or the first is as good.
    pub(in crate::resolve) fn find_impl(
        &mut self,
        head: TraitHead,
        args: &[Ty],
        self_ty: &Ty,
    ) -> Option<ImplMatch> {
        if self.nesting > MAX_NESTED || !self.spend(4) {
            return None;
        }
        self.nesting += 1;
        let found = self.find_impl_inner(head, args, self_ty);
        self.nesting -= 1;
        found
    }
    fn find_impl_inner(&mut self, head: TraitHead, args: &[Ty], self_ty: &Ty) -> Option<ImplMatch> {
        let self_ty = self.shallow(self_ty);
        let db = self.db;
        let direct: &[DefId] = match self_ty.head() {
            Some(key) => db.ix.impls.of_trait(head, key),
            None => &[],
        };
        let mut fitting: Option<DefId> = None;
        let open = args.iter().any(|arg| matches!(self.shallow(arg), Ty::Var(_)));
        for &imp in direct {
            let start = self.snapshot();
            if let Some(found) = self.match_impl(imp, &self_ty, Some(args)) {
                let holds = self.preds_hold(&found);
                self.rollback(start);
                if !holds {
                    continue;
                }
                if fitting.is_some() {
                    if open {
                        return None;
                    }
                    break;
                }
                fitting = Some(imp);
                if !open {
                    break;
                }
            }
        }
        if fitting.is_none() {
            for &imp in db.ix.impls.blanket(head) {
                let start = self.snapshot();
                if let Some(found) = self.match_impl(imp, &self_ty, Some(args)) {
                    let holds = self.preds_hold(&found);
                    self.rollback(start);
                    if holds {
                        fitting = Some(imp);
                        break;
                    }
                }
            }
        }
        let found = self.match_impl(fitting?, &self_ty, Some(args))?;
        if let Some(sig) = db.impl_sig(found.imp) {
            for pred in &sig.preds {
                // Bounds that name no further type bring nothing.
                if !pred.bound.args.is_empty() || !pred.bound.bindings.is_empty() {
                    let ty = pred.ty.subst(&found.args);
                    let bound = pred.bound.subst(&found.args);
                    self.require(Pred { ty, bound });
                }
            }
        }
        Some(found)
    }

    /// Whether the bounds of an implementation hold, as far as can be told.
    pub(in crate::resolve) fn preds_hold(&mut self, found: &ImplMatch) -> bool {
        let db = self.db;
        db.impl_sig(found.imp).is_some_and(|sig| {
            sig.preds.iter().all(|pred| {
                let ty = pred.ty.subst(&found.args);
                self.holds(&ty, &pred.bound.subst(&found.args))
            })
        })
    }

    /// Whether a type may have a trait. What nothing speaks against, holds.
    pub(in crate::resolve) fn holds(&mut self, ty: &Ty, bound: &TraitRef) -> bool {
        let ty = self.shallow(ty);
        let is_stub_trait = match bound.head {
            TraitHead::Def(def) => !self.db.is_local(def),
            TraitHead::Ext(_) => true,
        };
        match &ty {
            Ty::Var(_) | Ty::Unknown | Ty::Never => true,
            Ty::Param(_) | Ty::Assoc(_) | Ty::Dyn(_) | Ty::Opaque(_) => {
                let known = self.bounds_of(&ty).iter().any(|known| known.head == bound.head);
                known || self.find_impl(bound.head, &bound.args, &ty).is_some() || is_marker(self, bound.head)
            }
            _ if is_marker(self, bound.head) => true,
            // `where Key: FromRef<S>` of the function around.
            _ if self.preds.iter().any(|pred| pred.ty == ty && pred.bound.head == bound.head) => true,
            Ty::Adt(def, _) if self.db.is_local(*def) => {
                self.derives(*def, bound.head) || self.find_impl(bound.head, &bound.args, &ty).is_some()
            }
            Ty::Closure(_) | Ty::FnDef(..) | Ty::FnPtr(_) | Ty::Ctor(..)
                if self.lang.is_fn_trait(bound.head) =>
            {
                true
            }
            Ty::Ref(..) if is_stub_trait && !self.has_known_impls(bound.head) => true,
            _ => {
                self.find_impl(bound.head, &bound.args, &ty).is_some()
                    || (is_stub_trait && !self.has_known_impls(bound.head))
            }
        }
    }
    /// Whether the stubs list a trait's implementations, so that one that is missing is not there.
    pub(in crate::resolve) fn has_listed_impls(&self, def: DefId) -> bool {
        let lang = self.lang;
        [
            lang.iterator,
            lang.future,
            lang.fn_,
            lang.fn_mut,
            lang.fn_once,
            lang.error,
            lang.deref,
            lang.into_iterator,
        ]
        .contains(&Some(def))
    }
    /// The same for bounds: also traits of other crates that some type here has.
    fn has_known_impls(&self, head: TraitHead) -> bool {
        let TraitHead::Def(def) = head else { return false };
        self.has_listed_impls(def)
            || !self.db.ix.impls.implementors(def).is_empty()
                && !self.db.path(def).as_str().starts_with("std::")
    }
    /// Whether `#[derive]` gives a type a trait.
    pub(in crate::resolve) fn derives(&self, def: DefId, head: TraitHead) -> bool {
        self.db.adt_sig(def).is_some_and(|sig| sig.derives.contains(&head))
    }

    /// Notes a bound and follows it as far as it can be.
    pub(in crate::resolve) fn require(&mut self, pred: Pred) {
        if !self.solve_pred(&pred) && self.pending.len() < 4096 {
            self.pending.push(Obligation::Pred(pred));
        }
    }
    /// The bounds of a definition's parents and its own, with arguments.
    pub(in crate::resolve) fn require_all(&mut self, def: DefId, args: &[Ty]) {
        let db = self.db;
        let preds = match db.sig(def) {
            Sig::Fn(sig) => &sig.preds,
            Sig::Impl(sig) => &sig.preds,
            Sig::Trait(sig) => &sig.preds,
            Sig::Adt(sig) => &sig.preds,
            _ => return,
        };
        for pred in preds {
            if pred.bound.args.is_empty()
                && pred.bound.bindings.is_empty()
                && !self.brings_types(pred.bound.head)
            {
                continue;
            }
            let ty = pred.ty.subst(args);
            let ty = self.normalize(&ty);
            let bound = pred.bound.map(0, &mut |part| match part {
                Ty::Param(idx) => Some(args.get(*idx as usize).cloned().unwrap_or(Ty::Unknown)),
                _ => None,
            });
            self.require(Pred { ty, bound });
        }
    }
    /// Whether a bound without arguments can tell a type: of those of blanket implementations.
    fn brings_types(&self, _head: TraitHead) -> bool {
        false
    }

    /// Tries what waits, from `mark` on.
    pub(in crate::resolve) fn solve_from(&mut self, mark: usize) {
        for _ in 0..8 {
            if mark >= self.pending.len() || !self.spend(2) {
                return;
            }
            let before = self.trail.len();
            let open: Vec<Obligation> = self.pending.drain(mark..).collect();
            let n_open = open.len();
            for obligation in open {
                if !self.spend(2) {
                    return;
                }
                match &obligation {
                    Obligation::Pred(pred) => {
                        if !self.solve_pred(pred) {
                            self.pending.push(obligation);
                        }
                    }
                    Obligation::Proj(assoc, var) => match self.project(assoc) {
                        Some(value) => {
                            self.unify(var, &value);
                        }
                        None => self.pending.push(obligation),
                    },
                }
            }
            if self.trail.len() == before && self.pending.len() <= mark + n_open {
                return;
            }
        }
    }

    /// Follows a bound; false while its type is not known.
    fn solve_pred(&mut self, pred: &Pred) -> bool {
        let mut self_ty = self.shallow(&pred.ty);
        if let Ty::Assoc(assoc) = &self_ty {
            match self.project(assoc) {
                None => return false,
                Some(known) => self_ty = self.shallow(&known),
            }
        }
        let bound = &pred.bound;
        if bound.args.is_empty() && bound.bindings.is_empty() {
            return true;
        }
        if matches!(self_ty, Ty::Var(_)) {
            return false;
        }
        if self.lang.is_fn_trait(bound.head) {
            let callable = self.peel(&self_ty);
            if let Some(sig) = self.callable(&callable).or_else(|| self.callable_by_bounds(&callable)) {
                if let Some(Ty::Tuple(params)) = bound.args.first().map(|args| self.shallow(args)) {
                    for (want, have) in params.iter().zip(&sig.params) {
                        let want = self.normalize(want);
                        self.unify(have, &want);
                    }
                }
                if !bound.bindings.is_empty() {
                    let want = self.normalize(&self.lang.bound_ret(bound));
                    self.unify(&sig.ret, &want);
                }
            }
            return true;
        }
        match &self_ty {
            Ty::Unknown | Ty::Never => return true,
            Ty::Param(_) | Ty::Assoc(_) | Ty::Dyn(_) | Ty::Opaque(_) => {
                let known = self.bounds_of(&self_ty).into_iter().find(|known| known.head == bound.head);
                if let Some(known) = known {
                    for (have, want) in known.args.iter().zip(bound.args.iter()) {
                        self.unify(have, want);
                    }
                    for (name, want) in bound.bindings.iter() {
                        if let Some((_, have)) = known.bindings.iter().find(|(have, _)| have == name) {
                            let have = self.normalize(have);
                            let want = self.normalize(want);
                            self.unify(&have, &want);
                        }
                    }
                    return true;
                }
            }
            _ => {}
        }
        if !bound.args.is_empty() {
            let args: Vec<Ty> = bound.args.iter().map(|arg| self.normalize(arg)).collect();
            self.find_impl(bound.head, &args, &self_ty);
        }
        for (name, want) in bound.bindings.iter() {
            let assoc =
                Assoc { self_ty: self_ty.clone(), trait_: bound.head, args: bound.args.clone(), name: *name };
            if let Some(have) = self.project(&Arc::new(assoc)) {
                let want = self.normalize(want);
                self.unify(&have, &want);
            }
        }
        true
    }

    /// `F: Fn(A) -> B` of a parameter, `Box<dyn Fn(A) -> B>`.
    pub(in crate::resolve) fn callable_by_bounds(&mut self, ty: &Ty) -> Option<super::super::ty::FnTy> {
        let mut ty = self.shallow(ty);
        for _ in 0..4 {
            let bounds = self.bounds_of(&ty);
            if let Some(bound) = bounds.iter().find(|bound| self.lang.is_fn_trait(bound.head)) {
                let params = match bound.args.first().map(|args| self.shallow(args)) {
                    Some(Ty::Tuple(params)) => params.to_vec(),
                    _ => Vec::new(),
                };
                let params = params.iter().map(|ty| self.normalize(ty)).collect();
                let ret = self.lang.bound_ret(bound);
                let ret = self.normalize(&ret);
                return Some(super::super::ty::FnTy { params, ret });
            }
            ty = self.deref(&ty)?;
            if let Some(sig) = self.callable(&ty) {
                return Some(sig);
            }
        }
        None
    }

    /// What `*` gives: references, pointers, and `Deref`.
    pub(in crate::resolve) fn deref(&mut self, ty: &Ty) -> Option<Ty> {
        let ty = self.shallow(ty);
        match &ty {
            Ty::Ref(_, inner) | Ty::Ptr(inner) => Some(self.shallow(inner)),
            Ty::Adt(def, args) if self.lang.is_pointer(*def) => args.first().map(|arg| self.shallow(arg)),
            Ty::Adt(..) | Ty::Param(_) | Ty::Opaque(_) | Ty::Dyn(_) | Ty::Ext(..) => {
                let head = TraitHead::Def(self.lang.deref?);
                if !matches!(ty, Ty::Adt(..) | Ty::Ext(..))
                    && !self.bounds_of(&ty).iter().any(|b| b.head == head)
                {
                    return None;
                }
                if let Some(key) = ty.head()
                    && self.db.ix.impls.of_trait(head, key).is_empty()
                {
                    return self.derived_deref(&ty);
                }
                let assoc =
                    Assoc { self_ty: ty, trait_: head, args: Args::default(), name: Name::new("Target") };
                let target = self.project(&Arc::new(assoc))?;
                Some(self.shallow(&target))
            }
            Ty::Assoc(assoc) => match self.project(assoc)? {
                Ty::Assoc(again) if again == *assoc => None,
                known => Some(self.shallow(&known)),
            },
            _ => None,
        }
    }
}

impl Infer<'_> {
    /// The field that `#[derive(Deref)]` of some crate gives: the first.
    fn derived_deref(&mut self, ty: &Ty) -> Option<Ty> {
        let Ty::Adt(def, args) = ty else { return None };
        let sig = self.db.adt_sig(*def)?;
        let derived = sig.derives.iter().any(|head| match head {
            TraitHead::Ext(path) => path.as_str().rsplit("::").next() == Some("Deref"),
            TraitHead::Def(def) => Some(*def) == self.lang.deref,
        });
        let [variant] = &*sig.variants else { return None };
        let (_, field) = variant.fields.first().filter(|_| derived)?;
        Some(self.instantiate(field, args))
    }
}

/// Traits that nearly everything has and that no method comes from.
fn is_marker(infer: &Infer<'_>, head: TraitHead) -> bool {
    let name = match head {
        TraitHead::Def(def) if infer.db.is_local(def) => return false,
        TraitHead::Def(def) => infer.db.def(def).name.as_str(),
        TraitHead::Ext(path) => path.as_str().rsplit("::").next().unwrap_or(""),
    };
    matches!(name, "Send" | "Sync" | "Sized" | "Unpin" | "Any" | "UnwindSafe" | "RefUnwindSafe" | "Copy")
}
