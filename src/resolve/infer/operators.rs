//! Indexing and operators, which may call implementations of the user.

use std::sync::Arc;

use crate::base::{Name, TextRange};
use crate::parse::tree::body::{ExprId, UnaryOp};

use super::super::program::CallKind;
use super::super::ty::{Args, Assoc, TraitHead, Ty};
use super::Infer;

impl Infer<'_> {
    /// The elements of something that is indexed or matched as a slice.
    pub(in crate::resolve) fn element(&mut self, ty: &Ty) -> Ty {
        let mut ty = self.known(ty);
        for _ in 0..8 {
            match &ty {
                Ty::Slice(item) | Ty::Array(item) => return self.shallow(item),
                _ => match self.deref(&ty) {
                    Some(inner) => ty = inner,
                    None => return Ty::Unknown,
                },
            }
        }
        Ty::Unknown
    }

    pub(super) fn index(&mut self, id: ExprId, base: &Ty, index: &Ty) -> Ty {
        let is_range = matches!(self.shallow(index), Ty::Adt(def, _) if Some(def) == self.lang.range);
        let mut ty = self.known(base);
        for _ in 0..8 {
            match &ty {
                Ty::Slice(item) | Ty::Array(item) => {
                    return if is_range { Ty::Slice(item.clone()) } else { self.shallow(item) };
                }
                Ty::Prim(name) if *name == "str" => return ty,
                Ty::Adt(..) | Ty::Param(_) => {
                    if let Some(head) = self.lang.index {
                        let head = TraitHead::Def(head);
                        let args: Args = [index.clone()].into_iter().collect();
                        if let Some(found) = self.find_impl(head, &args, &ty) {
                            self.operator_call(id, found.imp, "index", &found.args, self.range(id));
                            let assoc = Assoc { self_ty: ty, trait_: head, args, name: Name::new("Output") };
                            return self.project(&Arc::new(assoc)).unwrap_or(Ty::Unknown);
                        }
                    }
                }
                _ => {}
            }
            match self.deref(&ty) {
                Some(inner) => ty = inner,
                None => return Ty::Unknown,
            }
        }
        Ty::Unknown
    }

    pub(super) fn unary(&mut self, id: ExprId, op: UnaryOp, expr: ExprId, expected: &Ty) -> Ty {
        let ty = self.expr(expr, if op == UnaryOp::Deref { &Ty::Unknown } else { expected });
        let ty = self.known(&ty);
        match op {
            UnaryOp::Deref => self.deref(&ty).unwrap_or(Ty::Unknown),
            UnaryOp::Neg | UnaryOp::Not => {
                let (head, name) = match op {
                    UnaryOp::Neg => (self.lang.neg, "neg"),
                    _ => (self.lang.not, "not"),
                };
                if let (Some(head), Ty::Adt(..)) = (head, &ty)
                    && let Some(found) = self.find_impl(TraitHead::Def(head), &[], &ty)
                {
                    self.operator_call(id, found.imp, name, &found.args, self.range(id));
                    let assoc = Assoc {
                        self_ty: ty,
                        trait_: TraitHead::Def(head),
                        args: Args::default(),
                        name: Name::new("Output"),
                    };
                    return self.project(&Arc::new(assoc)).unwrap_or(Ty::Unknown);
                }
                ty
            }
        }
    }

    pub(super) fn binary(&mut self, id: ExprId, op: &'static str, left: ExprId, right: ExprId) -> Ty {
        let left_ty = self.free(left);
        let is_comparison = matches!(op, "==" | "!=" | "<" | ">" | "<=" | ">=");
        let right_ty = self.expr(right, if is_comparison { &Ty::Unknown } else { &left_ty });
        if matches!(op, "&&" | "||") {
            return Ty::prim("bool");
        }
        let subject = self.known(&left_ty);
        let between = TextRange::new(self.range(left).end, self.range(right).start);
        let target = self.operator_trait(op);
        if let Some((head, name)) = target {
            let head = TraitHead::Def(head);
            let self_ty = if is_comparison { self.peel(&subject) } else { subject.clone() };
            let is_user = match self.peel(&subject) {
                Ty::Adt(def, _) => self.db.is_local(def),
                _ => false,
            };
            let other = self.known(&right_ty);
            let other = if is_comparison { self.peel(&other) } else { other };
            let is_user = is_user || matches!(self.peel(&other), Ty::Adt(def, _) if self.db.is_local(def));
            if (is_user || matches!(subject, Ty::Adt(..)))
                && let Some(found) = self.find_impl(head, std::slice::from_ref(&other), &self_ty)
            {
                self.operator_call(id, found.imp, name, &found.args, between);
                if !is_comparison && !op.ends_with('=') {
                    let args: Args = [other].into_iter().collect();
                    let assoc = Assoc { self_ty, trait_: head, args, name: Name::new("Output") };
                    return self.project(&Arc::new(assoc)).unwrap_or(Ty::Unknown);
                }
            }
        }
        if is_comparison {
            return Ty::prim("bool");
        }
        if op.ends_with('=') {
            return Ty::unit();
        }
        match self.peel(&subject) {
            Ty::Number => match self.peel(&right_ty) {
                Ty::Prim(name) => Ty::Prim(name),
                _ => Ty::Number,
            },
            known @ (Ty::Prim(_) | Ty::Adt(..) | Ty::Ext(..) | Ty::Param(_)) => known,
            _ => Ty::Unknown,
        }
    }

    /// A call that an operator makes, where a user's implementation has it.
    pub(in crate::resolve) fn operator_call(
        &mut self,
        id: ExprId,
        imp: super::super::program::DefId,
        name: &str,
        args: &[Ty],
        site: TextRange,
    ) {
        let name = Name::new(name);
        let Some(member) = self.db.member(imp, name) else { return };
        if self.db.is_local(member) {
            let target = super::RawTarget::Fn(member, args.iter().cloned().collect());
            self.record(Some(id), CallKind::Method, target, site, name);
        }
    }
}
