//! Which function a method call reaches: the receiver's type, then what it derefs to, each by value
//! and by reference, inherent functions before those of traits.

use std::sync::Arc;

use crate::base::Name;

use super::infer::Infer;
use super::program::{DefId, UnknownReason};
use super::ty::{TraitHead, Ty};

/// What a method call reaches.
#[derive(Clone, Debug)]
pub(super) enum Picked {
    /// A function with arguments for its parent's parameters.
    Fn { def: DefId, args: Vec<Ty> },
    /// A method of a type outside, by the type's path.
    Outside(Name),
    /// Not known.
    None(UnknownReason),
}

/// How a function takes `self`, compared with its implementation's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Value,
    Ref,
    /// `self: Arc<Self>` and the like.
    Other,
}

/// A method that is looked for.
struct Sought {
    name: Name,
    /// Whether among what can be used with method syntax here, or among the rest.
    visible: bool,
    traits: Vec<TraitMethod>,
}

/// A method of the name that is looked for, declared by a trait.
struct TraitMethod {
    owner: DefId,
    member: DefId,
    takes: Takes,
}

/// Receivers that dereference to themselves end here.
const MAX_DEREF: usize = 10;

impl Infer<'_> {
    /// Looks a method up.
    pub(super) fn pick(&mut self, receiver: &Ty, name: Name) -> Picked {
        let mut steps: Vec<Ty> = Vec::new();
        let mut at = Some(self.known(receiver));
        while let Some(ty) = at {
            let ty = self.known(&ty);
            if steps.len() >= MAX_DEREF || steps.contains(&ty) {
                break;
            }
            at = self.deref(&ty);
            steps.push(ty);
        }
        if let Some(Ty::Array(item)) = steps.last() {
            let slice = Ty::Slice(item.clone());
            steps.push(slice);
        }
        if steps.first().is_none_or(|ty| matches!(ty, Ty::Unknown | Ty::Var(_))) {
            return Picked::None(UnknownReason::UntypedReceiver);
        }
        for visible in [true, false] {
            let sought = self.sought(name, visible);
            for step in &steps {
                if let Some(found) = self.pick_at(step, &sought) {
                    return found;
                }
            }
        }
        // A trait of a stub whose implementations the stubs do not list.
        let steps_known = steps.iter().all(|ty| !matches!(ty, Ty::Unknown | Ty::Var(_)));
        for step in &steps {
            if let Some(found) = self.pick_assumed(step, name) {
                return found;
            }
        }
        // An outside wrapper of one type may well dereference to it.
        for step in &steps {
            if let Some(inner) = self.wrapped(step) {
                for visible in [true, false] {
                    let sought = self.sought(name, visible);
                    if let Some(found) = self.pick_at(&inner, &sought) {
                        return found;
                    }
                }
            }
        }
        let innermost = steps.iter().rev().find(|ty| !matches!(ty, Ty::Ref(..)));
        if !steps_known {
            return Picked::None(UnknownReason::UntypedReceiver);
        }
        for step in steps.iter().rev() {
            if matches!(step, Ty::Ref(..)) {
                continue;
            }
            if let Some(path) = self.outside_type(step) {
                return Picked::Outside(path);
            }
        }
        match innermost.and_then(|ty| self.type_path(ty)) {
            Some(path)
                if !self.could_be_local(name) || innermost.is_some_and(|ty| self.has_from_outside(ty)) =>
            {
                Picked::Outside(path)
            }
            _ => Picked::None(UnknownReason::NoSuchMethod),
        }
    }

    /// What an outside wrapper of one type of the workspace dereferences to, most likely.
    pub(super) fn wrapped(&mut self, ty: &Ty) -> Option<Ty> {
        let Ty::Ext(path, args) = ty else { return None };
        let [inner] = &**args else { return None };
        if path.as_str().ends_with("Builder") {
            return None;
        }
        let inner = self.known(inner);
        let pointee = match &inner {
            Ty::Adt(def, args) if self.lang().is_pointer(*def) => args.first().map(|arg| self.known(arg)),
            _ => None,
        };
        match pointee.as_ref().unwrap_or(&inner) {
            Ty::Adt(def, _) if self.db().is_local(*def) => Some(inner),
            Ty::Dyn(_) => Some(inner),
            _ => None,
        }
    }

    /// The candidates at one step: `T` by value, `U` of a reference `&U`, then `&T` and `&mut T`.
    fn pick_at(&mut self, ty: &Ty, sought: &Sought) -> Option<Picked> {
        if let Some(found) = self.candidates(ty, &[Takes::Value, Takes::Other], sought) {
            return Some(found);
        }
        if let Ty::Ref(_, inner) = ty {
            let inner = self.known(inner);
            if let Some(found) = self.candidates(&inner, &[Takes::Ref], sought) {
                return Some(found);
            }
        }
        if let Some(found) = self.candidates(ty, &[Takes::Ref], sought) {
            return Some(found);
        }
        for mutable in [false, true] {
            let reference = Ty::Ref(mutable, Arc::new(ty.clone()));
            if let Some(found) = self.trait_candidates(&reference, &[Takes::Value], sought) {
                return Some(found);
            }
        }
        None
    }

    fn candidates(&mut self, ty: &Ty, takes: &[Takes], sought: &Sought) -> Option<Picked> {
        let db = self.db();
        if sought.visible
            && let Some(head) = ty.head()
        {
            for &(imp, member) in db.ix.impls.inherent(head, sought.name) {
                if self.takes(imp, member).is_some_and(|how| takes.contains(&how))
                    && let Some(found) = self.match_impl(imp, ty, None)
                {
                    return Some(Picked::Fn { def: member, args: found.args });
                }
            }
        }
        self.trait_candidates(ty, takes, sought)
    }

    /// What is looked for: the traits that declare a method of this name are gathered once.
    fn sought(&self, name: Name, visible: bool) -> Sought {
        let (db, scope) = (self.db(), self.current_scope());
        let methods = db.ix.impls.traits_in_scope(db, scope, name, visible).into_iter();
        let traits = methods
            .filter_map(|(owner, member)| {
                Some(TraitMethod { owner, member, takes: self.trait_takes(member)? })
            })
            .collect();
        Sought { name, visible, traits }
    }

    fn trait_candidates(&mut self, ty: &Ty, takes: &[Takes], sought: &Sought) -> Option<Picked> {
        let Sought { name, visible, ref traits } = *sought;
        let db = self.db();
        if visible {
            // The bounds of a parameter or `dyn` are in scope wherever it is; those of `impl Trait` as
            // a result are not.
            let is_opaque = matches!(ty, Ty::Opaque(_));
            for bound in self.bounds_of(ty) {
                let TraitHead::Def(owner) = bound.head else { continue };
                if is_opaque && !db.ix.impls.is_in_scope(db, self.current_scope(), owner) {
                    continue;
                }
                let Some(member) = db.member(owner, name) else { continue };
                if self.trait_takes(member).is_some_and(|how| takes.contains(&how)) {
                    let mut args = vec![ty.clone()];
                    args.extend(bound.args.iter().cloned());
                    return Some(Picked::Fn { def: member, args });
                }
            }
        }
        for method in traits {
            if takes.contains(&method.takes) && self.may_have(ty, method.owner) {
                return Some(self.picked_trait(ty, method.owner, method.member));
            }
        }
        let direct = ty.head().map_or(&[][..], |head| db.ix.impls.foreign(head, name));
        let blanket = if visible { &[][..] } else { db.ix.impls.foreign_blanket(name) };
        for &(imp, member) in direct.iter().chain(blanket) {
            if self.takes(imp, member).is_some_and(|how| takes.contains(&how))
                && let Some(found) = self.match_impl(imp, ty, None)
            {
                return Some(Picked::Fn { def: member, args: found.args });
            }
        }
        None
    }

    /// A trait's method on a type that has the trait: the implementation's own where there is one.
    fn picked_trait(&mut self, ty: &Ty, owner: DefId, member: DefId) -> Picked {
        let db = self.db();
        let n = db.trait_sig(owner).map_or(1, |sig| sig.n_params);
        let trait_args = self.new_vars(n - 1);
        // `.into()` of a type that has both an implementation of its own and the general one: which of
        // them is meant, the result's type tells in the end.
        let head = TraitHead::Def(owner);
        let is_open = n > 1
            && !db.ix.impls.blanket(head).is_empty()
            && ty.head().is_some_and(|key| !db.ix.impls.of_trait(head, key).is_empty());
        if is_open {
            let mut args = vec![ty.clone()];
            args.extend(trait_args);
            return Picked::Fn { def: member, args };
        }
        if let Some(found) = self.find_impl(TraitHead::Def(owner), &trait_args, ty)
            && let Some(own) = db.member(found.imp, db.def(member).name)
        {
            return Picked::Fn { def: own, args: found.args };
        }
        let mut args = vec![ty.clone()];
        args.extend(trait_args);
        Picked::Fn { def: member, args }
    }

    /// Traits of stubs on types outside: what nothing speaks against.
    fn pick_assumed(&mut self, ty: &Ty, name: Name) -> Option<Picked> {
        let db = self.db();
        let is_outside = match ty {
            Ty::Adt(def, _) => !db.is_local(*def),
            Ty::Ext(..) | Ty::Prim(_) | Ty::Number | Ty::Tuple(_) | Ty::Slice(_) | Ty::Array(_) => true,
            Ty::Opaque(bounds) => bounds
                .iter()
                .all(|bound| !matches!(bound.head, super::ty::TraitHead::Def(def) if db.is_local(def))),
            _ => false,
        };
        if !is_outside {
            return None;
        }
        for &(owner, member) in db.ix.impls.traits_with(name) {
            if !db.is_local(owner)
                && self.trait_takes(member).is_some()
                && db.ix.impls.is_in_scope(db, self.current_scope(), owner)
                && !self.has_listed_impls(owner)
                && db.ix.impls.blanket(TraitHead::Def(owner)).is_empty()
            {
                let n = db.trait_sig(owner).map_or(1, |sig| sig.n_params);
                let mut args = vec![ty.clone()];
                args.extend(self.new_vars(n - 1));
                return Some(Picked::Fn { def: member, args });
            }
        }
        None
    }

    fn takes(&self, imp: DefId, member: DefId) -> Option<Takes> {
        let db = self.db();
        let self_ty = &db.impl_sig(imp)?.self_ty;
        takes(db.fn_sig(member)?.receiver.as_ref()?, self_ty)
    }
    fn trait_takes(&self, member: DefId) -> Option<Takes> {
        takes(self.db().fn_sig(member)?.receiver.as_ref()?, &Ty::Param(0))
    }
}

fn takes(receiver: &Ty, self_ty: &Ty) -> Option<Takes> {
    Some(match receiver {
        receiver if receiver == self_ty => Takes::Value,
        Ty::Ref(_, inner) if **inner == *self_ty => Takes::Ref,
        _ => Takes::Other,
    })
}
