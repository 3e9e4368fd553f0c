//! Inference variables, and making types equal.

use std::sync::Arc;

use crate::base::Name;

use super::super::ty::{Args, FnTy, MAX_DEPTH, TraitRef, Ty};
use super::Infer;

/// Types with more parts are taken for unknown.
const MAX_PARTS: u32 = 600;

/// A point to go back to.
#[derive(Clone, Copy)]
pub(in crate::resolve) struct Snapshot {
    trail: usize,
    pending: usize,
}

impl Infer<'_> {
    /// A new variable.
    pub(in crate::resolve) fn fresh(&self) -> Ty {
        let var = self.next_var.get();
        self.next_var.set(var + 1);
        Ty::Var(var)
    }
    /// `n` new variables.
    pub(in crate::resolve) fn fresh_args(&self, n: u32) -> Vec<Ty> {
        (0..n).map(|_| self.fresh()).collect()
    }
    pub(in crate::resolve) fn snapshot(&self) -> Snapshot {
        Snapshot { trail: self.trail.len(), pending: self.pending.len() }
    }
    pub(in crate::resolve) fn rollback(&mut self, to: Snapshot) {
        while self.trail.len() > to.trail {
            if let Some(var) = self.trail.pop() {
                self.vars[var as usize] = None;
            }
        }
        self.pending.truncate(to.pending);
    }
    fn bind_var(&mut self, var: u32, ty: Ty) {
        if self.vars.len() <= var as usize {
            self.vars.resize((self.next_var.get() as usize).max(var as usize + 1), None);
        }
        self.vars[var as usize] = Some(ty);
        self.trail.push(var);
    }
    /// What a variable stands for so far, one level deep.
    pub(in crate::resolve) fn shallow(&self, ty: &Ty) -> Ty {
        let mut at = ty;
        for _ in 0..1000 {
            match at {
                Ty::Var(var) => match self.vars.get(*var as usize) {
                    Some(Some(bound)) => at = bound,
                    _ => return at.clone(),
                },
                _ => return at.clone(),
            }
        }
        Ty::Unknown
    }
    /// The type with all that is known filled in; what is not stays a variable.
    pub(in crate::resolve) fn deep(&self, ty: &Ty) -> Ty {
        self.deep_at(ty, 0)
    }
    fn deep_at(&self, ty: &Ty, depth: u32) -> Ty {
        match ty {
            Ty::Prim(_) | Ty::Unknown | Ty::Never | Ty::Number | Ty::Param(_) => return ty.clone(),
            _ => {}
        }
        ty.map(depth, &mut |part| match part {
            Ty::Var(_) => {
                let known = self.shallow(part);
                Some(if matches!(known, Ty::Var(_)) || depth >= MAX_DEPTH {
                    known
                } else {
                    self.deep_at(&known, depth + 1)
                })
            }
            _ => None,
        })
    }
    /// Whether a type has more parts than any that a person wrote: parts are shared, so that `(a, a)`
    /// in a row would grow without end.
    pub(in crate::resolve) fn is_large(&self, ty: &Ty) -> bool {
        let left = std::cell::Cell::new(MAX_PARTS);
        self.uses_up(ty, &left, 0)
    }
    fn uses_up(&self, ty: &Ty, left: &std::cell::Cell<u32>, depth: u32) -> bool {
        ty.any(depth, &|part| {
            if left.get() == 0 || depth > MAX_DEPTH {
                return true;
            }
            left.set(left.get() - 1);
            match part {
                Ty::Var(_) => match self.shallow(part) {
                    Ty::Var(_) => false,
                    known => self.uses_up(&known, left, depth + 1),
                },
                _ => false,
            }
        })
    }
    /// Peels references.
    pub(in crate::resolve) fn peel(&self, ty: &Ty) -> Ty {
        let mut ty = self.shallow(ty);
        for _ in 0..8 {
            match ty {
                Ty::Ref(_, inner) => ty = self.shallow(&inner),
                other => return other,
            }
        }
        ty
    }

    /// Makes two types equal as far as they can be; false where they cannot.
    pub(in crate::resolve) fn unify(&mut self, a: &Ty, b: &Ty) -> bool {
        self.unify_at(a, b, 0)
    }
    fn unify_all(&mut self, a: &[Ty], b: &[Ty], depth: u32) -> bool {
        let mut equal = true;
        for (a, b) in a.iter().zip(b) {
            equal &= self.unify_at(a, b, depth + 1);
        }
        equal
    }
    fn unify_at(&mut self, a: &Ty, b: &Ty, depth: u32) -> bool {
        if depth > MAX_DEPTH || !self.spend(1) {
            return true;
        }
        let a = self.shallow(a);
        let b = self.shallow(b);
        match (&a, &b) {
            (Ty::Var(x), Ty::Var(y)) if x == y => true,
            (Ty::Var(x), other) | (other, Ty::Var(x)) => {
                if *other == Ty::Unknown || *other == Ty::Never || other.is_open() {
                    return true;
                }
                if self.occurs(*x, other, 0) {
                    return false;
                }
                self.bind_var(*x, other.clone());
                true
            }
            (Ty::Unknown | Ty::Never, _) | (_, Ty::Unknown | Ty::Never) => true,
            _ if a.is_open() || b.is_open() => true,
            (Ty::Assoc(x), Ty::Assoc(y)) if x == y => true,
            (Ty::Assoc(assoc), other) | (other, Ty::Assoc(assoc)) => match self.project(assoc) {
                Some(Ty::Assoc(again)) if again == *assoc => matches!(other, Ty::Assoc(_)),
                Some(known) => self.unify_at(&known, other, depth + 1),
                None => true,
            },
            (Ty::Number, Ty::Number) => true,
            (Ty::Number, Ty::Prim(name)) | (Ty::Prim(name), Ty::Number) => is_number(*name),
            (Ty::Prim(x), Ty::Prim(y)) => x == y,
            (Ty::Adt(x, xs), Ty::Adt(y, ys)) => x == y && self.unify_all(xs, ys, depth),
            (Ty::Ext(x, xs), Ty::Ext(y, ys)) => same_ext(*x, *y) && self.unify_all(xs, ys, depth),
            (Ty::Ref(_, x), Ty::Ref(_, y)) => self.unify_at(x, y, depth + 1),
            (Ty::Ptr(x), Ty::Ptr(y))
            | (Ty::Slice(x), Ty::Slice(y))
            | (Ty::Array(x), Ty::Array(y))
            | (Ty::Slice(x), Ty::Array(y))
            | (Ty::Array(x), Ty::Slice(y)) => self.unify_at(x, y, depth + 1),
            (Ty::Tuple(xs), Ty::Tuple(ys)) => xs.len() == ys.len() && self.unify_all(xs, ys, depth),
            (Ty::Param(x), Ty::Param(y)) => x == y,
            (Ty::FnDef(x, xs), Ty::FnDef(y, ys)) if x == y => self.unify_all(xs, ys, depth),
            (Ty::Dyn(xs), Ty::Dyn(ys)) | (Ty::Opaque(xs), Ty::Opaque(ys)) => self.unify_bounds(xs, ys, depth),
            _ => match (self.callable(&a), self.callable(&b)) {
                (Some(x), Some(y)) if x.params.len() == y.params.len() => {
                    self.unify_all(&x.params, &y.params, depth) & self.unify_at(&x.ret, &y.ret, depth + 1)
                }
                _ => false,
            },
        }
    }
    fn unify_bounds(&mut self, xs: &[TraitRef], ys: &[TraitRef], depth: u32) -> bool {
        let (Some(x), Some(y)) = (xs.first(), ys.first()) else { return true };
        if x.head != y.head {
            return false;
        }
        self.unify_all(&x.args, &y.args, depth);
        for (name, ty) in x.bindings.iter() {
            if let Some((_, other)) = y.bindings.iter().find(|(other, _)| other == name) {
                self.unify_at(ty, other, depth + 1);
            }
        }
        true
    }
    fn occurs(&self, var: u32, ty: &Ty, depth: u32) -> bool {
        depth <= MAX_DEPTH
            && ty.any(depth, &|part| match part {
                Ty::Var(other) if *other == var => true,
                Ty::Var(_) => match self.shallow(part) {
                    Ty::Var(other) => other == var,
                    known => self.occurs(var, &known, depth + 1),
                },
                _ => false,
            })
    }

    /// Makes an argument fit a parameter: equality after the compiler's coercions.
    pub(in crate::resolve) fn coerce(&mut self, actual: &Ty, expected: &Ty) {
        let expected = self.shallow(expected);
        let actual = self.shallow(actual);
        if let (Ty::Ref(_, have), Ty::Ref(_, want)) = (&actual, &expected) {
            let want = self.shallow(want);
            if matches!(want, Ty::Var(_)) {
                self.unify(have, &want);
                return;
            }
            let mut have = self.shallow(have);
            for _ in 0..6 {
                if self.same_shape(&have, &want) {
                    self.unify(&have, &want);
                    return;
                }
                match self.deref(&have) {
                    Some(inner) => have = inner,
                    None => return,
                }
            }
            return;
        }
        self.unify(&actual, &expected);
    }
    /// Whether two types may be equal judging from the outermost constructor.
    fn same_shape(&self, a: &Ty, b: &Ty) -> bool {
        match (a, b) {
            (Ty::Unknown | Ty::Var(_) | Ty::Assoc(_), _) | (_, Ty::Unknown | Ty::Var(_) | Ty::Assoc(_)) => {
                true
            }
            (Ty::Array(_), Ty::Slice(_)) => true,
            (Ty::Dyn(_), Ty::Dyn(_)) => true,
            _ => a.head().is_some() && a.head() == b.head() || a == b,
        }
    }

    /// Parameters and result of something that can be called.
    pub(in crate::resolve) fn callable(&mut self, ty: &Ty) -> Option<FnTy> {
        match ty {
            Ty::FnPtr(sig) | Ty::Closure(sig) => Some((**sig).clone()),
            Ty::FnDef(def, args) => {
                let sig = self.db.fn_sig(*def)?;
                let args = args.clone();
                let mut params: Vec<Ty> = sig.receiver.iter().map(|ty| self.instantiate(ty, &args)).collect();
                params.extend(sig.params.iter().map(|ty| self.instantiate(ty, &args)).collect::<Vec<_>>());
                Some(FnTy { params, ret: self.instantiate(&sig.ret, &args) })
            }
            Ty::Ctor(def, idx, args) => {
                let sig = self.db.adt_sig(*def)?;
                let variant = sig.variants.get(*idx as usize)?;
                let params = variant.fields.iter().map(|(_, ty)| self.instantiate(ty, args)).collect();
                Some(FnTy { params, ret: Ty::Adt(*def, args.clone()) })
            }
            _ => None,
        }
    }
    /// A signature's type with its parameters replaced, projections computed.
    pub(in crate::resolve) fn instantiate(&mut self, ty: &Ty, args: &[Ty]) -> Ty {
        let ty = ty.subst(args);
        self.normalize(&ty)
    }
    /// A closure's type.
    pub(in crate::resolve) fn closure(&self, params: Vec<Ty>, ret: Ty) -> Ty {
        Ty::Closure(Arc::new(FnTy { params, ret }))
    }
    /// Arguments as a list.
    pub(in crate::resolve) fn args(list: Vec<Ty>) -> Args {
        Args::new(list)
    }
}

/// Whether a primitive type is a number.
pub(in crate::resolve) fn is_number(name: Name) -> bool {
    !matches!(name.as_str(), "str" | "bool" | "char")
}

/// External types are named as they were imported; the same type may come by two paths.
fn same_ext(a: Name, b: Name) -> bool {
    a == b || a.as_str().rsplit("::").next() == b.as_str().rsplit("::").next()
}
