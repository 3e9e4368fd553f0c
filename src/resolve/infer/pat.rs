//! Patterns: what they bind, and what they tell of the matched value.

use std::sync::Arc;

use crate::base::Name;
use crate::parse::tree::body::{Pat, PatId};
use crate::parse::tree::types::Path;

use super::super::program::{DefId, DefKind};
use super::super::scope::{Bind, Ns};
use super::super::ty::Ty;
use super::Infer;

impl Infer<'_> {
    /// Binds the names of a pattern that is matched with a value of type `ty`.
    pub(in crate::resolve) fn bind_pat(&mut self, pat: PatId, ty: &Ty) {
        self.bind_pat_at(pat, ty, None, 0);
    }

    /// `by_ref`: bindings are references, because the pattern went through one.
    fn bind_pat_at(&mut self, id: PatId, ty: &Ty, by_ref: Option<bool>, depth: u32) {
        if depth > 256 || !self.spend(1) {
            return;
        }
        let d = depth + 1;
        let body = self.body;
        let pat = &body.pats[id];
        let mut by_ref = by_ref;
        let mut ty = self.shallow(ty);
        if let Ty::Assoc(_) = ty {
            ty = self.normalize(&ty);
        }
        let is_reference_pattern =
            !matches!(pat, Pat::Bind { .. } | Pat::Wild | Pat::Or(_) | Pat::Ref(_) | Pat::Typed { .. });
        if is_reference_pattern {
            while let Ty::Ref(mutable, inner) = &ty {
                by_ref = Some(*mutable && by_ref.unwrap_or(true));
                ty = self.shallow(inner);
            }
        }
        match pat {
            Pat::Bind { name, by_ref: explicit, sub } => {
                if sub.is_none() && !explicit && self.is_constant_pattern(*name, &ty) {
                    return;
                }
                let mutable = if *explicit { Some(false) } else { by_ref };
                let bound = match mutable {
                    Some(mutable) => Ty::Ref(mutable, Arc::new(ty.clone())),
                    None => ty.clone(),
                };
                self.locals.push((*name, bound));
                if let Some(sub) = sub {
                    self.bind_pat_at(*sub, &ty, by_ref, d);
                }
            }
            Pat::Wild => {}
            Pat::Path(path) => {
                if let Some((def, _, args)) = self.pattern_path(path, &ty) {
                    self.unify(&Ty::Adt(def, args.into_iter().collect()), &ty);
                }
            }
            Pat::TupleStruct { path, pats, rest } => {
                let fields = match self.pattern_path(path, &ty) {
                    Some((def, idx, args)) => {
                        self.unify(&Ty::Adt(def, args.iter().cloned().collect()), &ty);
                        self.fields(def, idx, &args)
                    }
                    None => Vec::new(),
                };
                let types: Vec<Ty> = fields.into_iter().map(|(_, ty)| ty).collect();
                self.bind_parts(pats, *rest, &types, by_ref, d);
            }
            Pat::Struct { path, fields: pats } => {
                let fields = match self.pattern_path(path, &ty) {
                    Some((def, idx, args)) => {
                        self.unify(&Ty::Adt(def, args.iter().cloned().collect()), &ty);
                        self.fields(def, idx, &args)
                    }
                    None => Vec::new(),
                };
                for (name, pat) in pats {
                    let found = fields.iter().find(|(field, _)| field == name);
                    let ty = found.map_or(Ty::Unknown, |(_, ty)| ty.clone());
                    self.bind_pat_at(*pat, &ty, by_ref, d);
                }
            }
            Pat::Tuple { pats, rest } => {
                if let (Ty::Var(_), None) = (&ty, rest) {
                    let parts = self.fresh_args(pats.len() as u32);
                    self.unify(&ty, &Ty::tuple(parts));
                    ty = self.shallow(&ty);
                }
                let types = match &ty {
                    Ty::Tuple(parts) => parts.to_vec(),
                    _ => Vec::new(),
                };
                self.bind_parts(pats, *rest, &types, by_ref, d);
            }
            Pat::Slice(pats) => {
                let element = self.element(&ty);
                for pat in pats {
                    // `rest @ ..` binds the slice.
                    let is_rest = matches!(&body.pats[*pat], Pat::Bind { sub: Some(sub), .. }
                        if matches!(body.pats[*sub], Pat::Wild));
                    let part = if is_rest { Ty::Slice(Arc::new(element.clone())) } else { element.clone() };
                    self.bind_pat_at(*pat, &part, by_ref, d);
                }
            }
            Pat::Ref(inner) => {
                let target = match &ty {
                    Ty::Ref(_, inner) => self.shallow(inner),
                    Ty::Var(_) => {
                        let inner = self.fresh();
                        self.unify(&ty, &Ty::Ref(false, Arc::new(inner.clone())));
                        inner
                    }
                    _ => ty.clone(),
                };
                self.bind_pat_at(*inner, &target, None, d);
            }
            Pat::Or(pats) => {
                // Every alternative binds the same names; the later shadow the earlier.
                for pat in pats {
                    self.bind_pat_at(*pat, &ty, by_ref, d);
                }
            }
            Pat::Typed { pat, ty: written } => {
                let written = self.lower(written);
                self.coerce(&ty, &written);
                self.bind_pat_at(*pat, &written, None, d);
            }
        }
    }

    fn bind_parts(
        &mut self,
        pats: &[PatId],
        rest: Option<u32>,
        types: &[Ty],
        by_ref: Option<bool>,
        depth: u32,
    ) {
        for (at, &pat) in pats.iter().enumerate() {
            // What stands behind `..` is counted from the end.
            let position = match rest {
                Some(rest) if at >= rest as usize => types.len().checked_sub(pats.len() - at),
                _ => Some(at),
            };
            let ty = position.and_then(|at| types.get(at)).cloned().unwrap_or(Ty::Unknown);
            self.bind_pat_at(pat, &ty, by_ref, depth);
        }
    }

    /// The variant or struct that a pattern's path names, with arguments taken from the matched type.
    fn pattern_path(&mut self, path: &Path, ty: &Ty) -> Option<(DefId, u32, Vec<Ty>)> {
        let (def, idx) = self.variant_path(path)?;
        let args = match ty {
            Ty::Adt(of, args) if *of == def => args.to_vec(),
            _ => {
                let n = self.db.adt_sig(def).map_or(0, |sig| sig.n_params);
                self.fresh_args(n)
            }
        };
        Some((def, idx, args))
    }

    /// The struct or variant that a path names.
    pub(in crate::resolve) fn variant_path(&mut self, path: &Path) -> Option<(DefId, u32)> {
        let first = path.segments.first().map(|segment| segment.name);
        if first.is_some_and(|first| first == "Self") {
            let def = match self.names.self_ty {
                Some(Ty::Adt(def, _)) => def,
                _ => return None,
            };
            return match path.segments.get(1) {
                Some(segment) => Some((def, self.db.variant(def, segment.name)?)),
                None => Some((def, 0)),
            };
        }
        for ns in [Ns::Types, Ns::Values] {
            let Ok(found) = self.db.resolve(self.scope(), path, ns) else { continue };
            match found.bind {
                Bind::Variant(def, idx) => return Some((def, idx)),
                Bind::Def(def) => match self.db.def(def).kind {
                    DefKind::Struct | DefKind::Union if found.used == path.segments.len() => {
                        return Some((def, 0));
                    }
                    DefKind::TypeAlias => {
                        let Ty::Adt(def, _) = self.lower_bind(found.bind, None) else { continue };
                        match path.segments.get(found.used) {
                            Some(segment) => return Some((def, self.db.variant(def, segment.name)?)),
                            None => return Some((def, 0)),
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        None
    }

    /// The fields of a struct or variant.
    pub(in crate::resolve) fn fields(&mut self, def: DefId, idx: u32, args: &[Ty]) -> Vec<(Name, Ty)> {
        let Some(sig) = self.db.adt_sig(def) else { return Vec::new() };
        let Some(variant) = sig.variants.get(idx as usize) else { return Vec::new() };
        variant.fields.iter().map(|(name, ty)| (*name, self.instantiate(ty, args))).collect()
    }

    /// Whether a lone name in a pattern is a constant or unit variant instead of a binding.
    fn is_constant_pattern(&mut self, name: Name, ty: &Ty) -> bool {
        if !name.as_str().starts_with(|first: char| first.is_uppercase()) {
            return false;
        }
        match self.db.lookup(self.scope(), name, Ns::Values, false) {
            Some(Bind::Variant(def, _)) => {
                let n = self.db.adt_sig(def).map_or(0, |sig| sig.n_params);
                let args = self.fresh_args(n);
                self.unify(&Ty::Adt(def, args.into_iter().collect()), ty);
                true
            }
            Some(Bind::Def(def)) => {
                matches!(self.db.def(def).kind, DefKind::Const | DefKind::Static | DefKind::Struct)
            }
            Some(Bind::Ext(_)) => true,
            _ => false,
        }
    }
}
