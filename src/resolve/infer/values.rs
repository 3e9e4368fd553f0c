//! What is taken out of values: by iterating, awaiting and `?`.

use std::sync::Arc;

use crate::base::Name;

use super::super::ty::{Args, Assoc, TraitHead, Ty};
use super::Infer;

impl Infer<'_> {
    /// What iterating over a value gives.
    pub(in crate::resolve) fn item_of(&mut self, ty: &Ty) -> Ty {
        let ty = self.known(ty);
        let peeled = self.peel(&ty);
        let by_ref = matches!(ty, Ty::Ref(..));
        match &peeled {
            Ty::Array(item) | Ty::Slice(item) => {
                return if by_ref { Ty::Ref(false, item.clone()) } else { (**item).clone() };
            }
            _ => {}
        }
        for (head, name) in [(self.lang.into_iterator, "Item"), (self.lang.iterator, "Item")] {
            let Some(head) = head else { continue };
            let assoc = Assoc {
                self_ty: ty.clone(),
                trait_: TraitHead::Def(head),
                args: Args::default(),
                name: Name::new(name),
            };
            match self.project(&Arc::new(assoc)) {
                Some(Ty::Unknown) | None => {}
                Some(Ty::Assoc(_)) if matches!(peeled, Ty::Adt(..)) => {}
                Some(item) => return item,
            }
        }
        Ty::Unknown
    }

    /// What awaiting gives.
    pub(in crate::resolve) fn output(&mut self, ty: &Ty) -> Ty {
        let ty = self.known(ty);
        if ty.is_open() {
            return ty;
        }
        if let Some(output) = self.future_output(&ty) {
            return output;
        }
        let Some(head) = self.lang.into_future else { return Ty::Unknown };
        let assoc = Assoc {
            self_ty: ty.clone(),
            trait_: TraitHead::Def(head),
            args: Args::default(),
            name: Name::new("Output"),
        };
        match self.project(&Arc::new(assoc)) {
            Some(known) => known,
            None => self.fresh(),
        }
    }
    pub(in crate::resolve) fn future_output(&mut self, ty: &Ty) -> Option<Ty> {
        let ty = self.shallow(ty);
        let head = TraitHead::Def(self.lang.future?);
        match &ty {
            Ty::Opaque(bounds) | Ty::Dyn(bounds) => {
                let bound = bounds.iter().find(|bound| bound.head == head)?;
                let output = bound.bindings.first()?.1.clone();
                Some(self.normalize(&output))
            }
            Ty::Adt(def, args) if self.lang.is_pointer(*def) => {
                let inner = args.first()?.clone();
                self.future_output(&inner)
            }
            Ty::Ref(_, inner) => self.future_output(inner),
            Ty::Unknown | Ty::Var(_) => None,
            _ => {
                let assoc = Assoc {
                    self_ty: ty.clone(),
                    trait_: head,
                    args: Args::default(),
                    name: Name::new("Output"),
                };
                match self.project(&Arc::new(assoc)) {
                    Some(Ty::Unknown) | None => None,
                    known => known,
                }
            }
        }
    }

    /// What `?` gives.
    pub(in crate::resolve) fn try_value(&mut self, ty: &Ty) -> Ty {
        match self.known(ty) {
            Ty::Adt(def, args) if Some(def) == self.lang.result || Some(def) == self.lang.option => {
                args.first().map_or(Ty::Unknown, |arg| self.shallow(arg))
            }
            other => match other.asked() {
                Some(asked) => self.shallow(asked),
                None if other.is_open() => other,
                None => Ty::Unknown,
            },
        }
    }
}
