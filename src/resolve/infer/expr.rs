//! Expressions.

use std::sync::Arc;

use crate::base::{Name, TextRange};
use crate::parse::tree::body::{BlockKind, Expr, ExprId, JumpKind, Literal, LoopKind, PatId, Stmt};
use crate::parse::tree::items::ItemIdx;
use crate::parse::tree::types::{Path, TypeRef};

use super::super::program::Res;
use super::super::scope::Bind;
use super::super::ty::{Args, FnTy, Ty};
use super::Infer;
use super::unify::is_number;

impl Infer<'_> {
    /// Infers an expression; `expected` helps closures and literals, and is no promise.
    pub(in crate::resolve) fn expr(&mut self, id: ExprId, expected: &Ty) -> Ty {
        stacker::maybe_grow(96 * 1024, 2 * 1024 * 1024, || {
            let ty = self.expr_inner(id, expected);
            let ty = if self.is_large(&ty) { Ty::Unknown } else { ty };
            self.set(id, ty)
        })
    }
    /// The same without an expectation.
    pub(in crate::resolve) fn free(&mut self, id: ExprId) -> Ty {
        self.expr(id, &Ty::Unknown)
    }

    fn expr_inner(&mut self, id: ExprId, expected: &Ty) -> Ty {
        let body = self.body;
        match &body.exprs[id] {
            Expr::Path(path) => self.path_value(id, path),
            Expr::Literal(literal) => self.literal(literal, expected),
            Expr::Call { callee, args } => self.call(id, *callee, args, expected),
            Expr::MethodCall { receiver, name, generics, args, name_at } => {
                let site = TextRange::new(*name_at, *name_at + name.as_str().len() as u32);
                self.method_call(id, *receiver, *name, generics.as_deref(), args, site, expected)
            }
            Expr::Field { base, name } => {
                let base = self.free(*base);
                self.field(&base, *name)
            }
            Expr::Index { base, index } => {
                let base = self.free(*base);
                let index_ty = self.free(*index);
                self.index(id, &base, &index_ty)
            }
            Expr::Block { kind, items, stmts, tail } => self.block(id, *kind, items, stmts, *tail, expected),
            Expr::If { cond, then, else_ } => {
                let mark = self.locals.len();
                self.free(*cond);
                let then_ty = self.expr(*then, expected);
                self.locals.truncate(mark);
                match else_ {
                    Some(else_) => {
                        let else_ty = self.expr(*else_, expected);
                        self.join(vec![then_ty, else_ty])
                    }
                    None => Ty::unit(),
                }
            }
            Expr::Let { pat, expr } => {
                let ty = self.free(*expr);
                self.bind_pat(*pat, &ty);
                Ty::prim("bool")
            }
            Expr::Match { scrutinee, arms } => {
                let ty = self.free(*scrutinee);
                let mut types = Vec::with_capacity(arms.len());
                for arm in arms {
                    let mark = self.locals.len();
                    self.bind_pat(arm.pat, &ty);
                    if let Some(guard) = arm.guard {
                        self.free(guard);
                    }
                    types.push(self.expr(arm.body, expected));
                    self.locals.truncate(mark);
                }
                if arms.is_empty() { Ty::Never } else { self.join(types) }
            }
            Expr::Loop { kind, body } => self.loop_(kind, *body),
            Expr::Closure { params, ret, body, is_async } => {
                self.closure_expr(params, ret.as_deref(), *body, *is_async, expected)
            }
            Expr::Await(inner) => {
                let ty = self.free(*inner);
                self.output(&ty)
            }
            Expr::Try(inner) => {
                let ty = self.free(*inner);
                self.try_value(&ty)
            }
            Expr::Ref { mutable, expr } => {
                let inner = match self.shallow(expected) {
                    Ty::Ref(_, inner) => (*inner).clone(),
                    _ => Ty::Unknown,
                };
                let ty = self.expr(*expr, &inner);
                Ty::Ref(*mutable, Arc::new(ty))
            }
            Expr::Unary { op, expr } => self.unary(id, *op, *expr, expected),
            Expr::Binary { op, left, right } => self.binary(id, op, *left, *right),
            Expr::Assign { left, right } => {
                let left = self.free(*left);
                let right = self.expr(*right, &left);
                self.coerce(&right, &left);
                Ty::unit()
            }
            Expr::Range { start, end } => {
                let mut bounds = Vec::new();
                for part in [start, end].into_iter().flatten() {
                    bounds.push(self.free(*part));
                }
                if bounds.is_empty() {
                    return self.lang.adt(self.lang.range, vec![Ty::prim("usize")]);
                }
                let item = self.join(bounds);
                self.lang.adt(self.lang.range, vec![item])
            }
            Expr::Tuple(parts) => {
                let expected = match self.shallow(expected) {
                    Ty::Tuple(expected) => expected,
                    _ => Args::default(),
                };
                let parts = parts
                    .iter()
                    .enumerate()
                    .map(|(at, &part)| self.expr(part, expected.get(at).unwrap_or(&Ty::Unknown)))
                    .collect();
                Ty::tuple(parts)
            }
            Expr::Array(parts) => {
                let element = match self.peel(expected) {
                    Ty::Array(element) | Ty::Slice(element) => (*element).clone(),
                    _ => Ty::Unknown,
                };
                let types = parts.iter().map(|&part| self.expr(part, &element)).collect();
                Ty::Array(Arc::new(self.join(types)))
            }
            Expr::Repeat { value, len } => {
                let ty = self.free(*value);
                self.free(*len);
                Ty::Array(Arc::new(ty))
            }
            Expr::Struct { path, fields, rest } => self.struct_literal(id, path, fields, *rest, expected),
            Expr::Cast { expr, ty } => {
                self.free(*expr);
                self.lower(ty)
            }
            Expr::Jump { kind, value } => {
                self.jump(*kind, *value);
                Ty::Never
            }
            Expr::Macro(call) => self.macro_call(id, call, expected),
            Expr::Other(parts) => {
                for &part in parts {
                    self.free(part);
                }
                Ty::Unknown
            }
            Expr::Missing => Ty::Unknown,
        }
    }

    fn literal(&mut self, literal: &Literal, expected: &Ty) -> Ty {
        match literal {
            Literal::Str(_) => Ty::prim("str").reference(),
            Literal::Char => Ty::prim("char"),
            Literal::Bool(_) => Ty::prim("bool"),
            Literal::Other => Ty::Unknown,
            Literal::Int(_, Some(suffix)) | Literal::Float(Some(suffix)) => Ty::Prim(*suffix),
            Literal::Int(_, None) => match self.shallow(expected) {
                Ty::Prim(name) if is_number(name) => Ty::Prim(name),
                _ => Ty::Number,
            },
            Literal::Float(None) => match self.shallow(expected) {
                Ty::Prim(name) if is_number(name) => Ty::Prim(name),
                _ => Ty::prim("f64"),
            },
        }
    }

    /// The type of alternatives: the first that says something, made equal to the others.
    pub(in crate::resolve) fn join(&mut self, types: Vec<Ty>) -> Ty {
        let mut joined = Ty::Never;
        for ty in types {
            let ty = self.shallow(&ty);
            match (&joined, &ty) {
                (_, Ty::Never) => {}
                (Ty::Never | Ty::Unknown | Ty::Number, _) => joined = ty,
                _ if joined.is_open() => joined = ty,
                _ => {
                    self.unify(&joined, &ty);
                    joined = self.shallow(&joined);
                }
            }
        }
        joined
    }

    pub(in crate::resolve) fn block(
        &mut self,
        id: ExprId,
        kind: BlockKind,
        items: &[ItemIdx],
        stmts: &[Stmt],
        tail: Option<ExprId>,
        expected: &Ty,
    ) -> Ty {
        let mark = self.locals.len();
        let ty = self.open_statements(id, kind, items, stmts, tail, expected);
        self.locals.truncate(mark);
        ty
    }

    /// The block that an expanded macro stands for: what it binds stays bound behind it.
    pub(in crate::resolve) fn open_block(&mut self, id: ExprId, expected: &Ty) -> Ty {
        let body = self.body;
        match &body.exprs[id] {
            Expr::Block { kind, items, stmts, tail } => {
                let ty = self.open_statements(id, *kind, items, stmts, *tail, expected);
                self.set(id, ty)
            }
            _ => self.expr(id, expected),
        }
    }

    fn open_statements(
        &mut self,
        id: ExprId,
        kind: BlockKind,
        items: &[ItemIdx],
        stmts: &[Stmt],
        tail: Option<ExprId>,
        expected: &Ty,
    ) -> Ty {
        let scope = self.names.scope;
        if !items.is_empty()
            && let Some(body) = self.db.body_idx(self.def)
            && let Some(&inner) = self.db.ix.blocks.get(&(self.db.def(self.def).file, body, id))
        {
            self.names.scope = inner;
        }
        let is_async = kind == BlockKind::Async;
        let is_try = kind == BlockKind::Try;
        let mut expected = expected.clone();
        if is_async {
            let ret = self.future_output(&expected).unwrap_or_else(|| self.fresh());
            self.rets.push(ret.clone());
            expected = ret;
        }
        let mut diverges = false;
        for stmt in stmts {
            match stmt {
                Stmt::Let { pat, ty, init, else_ } => {
                    let declared = ty.as_ref().map(|ty| self.lower(ty));
                    let mut bound = declared.clone().unwrap_or_else(|| self.fresh());
                    if let Some(init) = init {
                        let found = self.expr(*init, &bound);
                        if declared.is_some() {
                            self.coerce(&found, &bound);
                        } else {
                            bound = found;
                        }
                    }
                    if let Some(else_) = else_ {
                        self.free(*else_);
                    }
                    self.bind_pat(*pat, &bound);
                }
                Stmt::Expr { expr, .. } => diverges |= self.free(*expr) == Ty::Never,
            }
        }
        let mut ty = match tail {
            Some(tail) => self.expr(tail, &expected),
            None if diverges => Ty::Never,
            None => Ty::unit(),
        };
        self.names.scope = scope;
        if is_async {
            let ret = self.rets.pop().unwrap_or(Ty::Unknown);
            self.coerce(&ty, &ret);
            ty = self.lang.future_of(ret);
        }
        if is_try {
            ty = Ty::Unknown;
        }
        ty
    }

    fn loop_(&mut self, kind: &LoopKind, body: ExprId) -> Ty {
        let mark = self.locals.len();
        match kind {
            LoopKind::Loop => {}
            LoopKind::While { cond } => {
                self.n_loops += 1;
                self.free(*cond);
                self.n_loops -= 1;
            }
            LoopKind::For { pat, iter } => {
                let iter = self.free(*iter);
                let item = self.item_of(&iter);
                self.bind_pat(*pat, &item);
            }
        }
        let value = self.fresh();
        self.breaks.push(value.clone());
        self.n_loops += 1;
        self.free(body);
        self.n_loops -= 1;
        self.breaks.pop();
        self.locals.truncate(mark);
        match kind {
            LoopKind::Loop => match self.shallow(&value) {
                // A loop that is left by `break` alone is the unit; one that is not left diverges.
                Ty::Var(_) => Ty::Unknown,
                known => known,
            },
            _ => Ty::unit(),
        }
    }

    /// The type after everything that waits was tried.
    pub(in crate::resolve) fn known(&mut self, ty: &Ty) -> Ty {
        let found = self.shallow(ty);
        match found {
            Ty::Var(_) => {
                self.solve_from(0);
                self.shallow(&found)
            }
            Ty::Assoc(_) => self.normalize(&found),
            found => found,
        }
    }

    fn jump(&mut self, kind: JumpKind, value: Option<ExprId>) {
        let target = match kind {
            JumpKind::Return => self.rets.last().cloned(),
            JumpKind::Break => self.breaks.last().cloned(),
            JumpKind::Continue | JumpKind::Yield => None,
        };
        let target = target.unwrap_or(Ty::Unknown);
        match value {
            Some(value) => {
                let ty = self.expr(value, &target);
                self.coerce(&ty, &target);
            }
            None if kind == JumpKind::Break => {
                self.unify(&target, &Ty::unit());
            }
            None => {}
        }
    }

    fn closure_expr(
        &mut self,
        params: &[(PatId, TypeRef)],
        ret: Option<&TypeRef>,
        body: ExprId,
        is_async: bool,
        expected: &Ty,
    ) -> Ty {
        let expected = self.expected_fn(expected);
        let mark = self.locals.len();
        let mut types = Vec::with_capacity(params.len());
        for (at, (pat, ty)) in params.iter().enumerate() {
            let written = self.lower(ty);
            if let Some(ty) = expected.as_ref().and_then(|sig| sig.params.get(at)) {
                self.unify(&written, ty);
            }
            let written = self.shallow(&written);
            self.bind_pat(*pat, &written);
            types.push(written);
        }
        let declared = ret.map(|ty| self.lower(ty));
        let wanted = match (&declared, &expected) {
            (Some(ty), _) => ty.clone(),
            (None, Some(sig)) if !is_async => sig.ret.clone(),
            _ => self.fresh(),
        };
        // What the callee wants is a hint only: the closure's own value decides.
        let value = match &declared {
            Some(ty) => ty.clone(),
            None => self.fresh(),
        };
        self.rets.push(value.clone());
        let breaks = std::mem::take(&mut self.breaks);
        let found = self.expr(body, &wanted);
        self.breaks = breaks;
        self.rets.pop();
        self.locals.truncate(mark);
        if matches!(found, Ty::Never) {
            self.unify(&value, &wanted);
        } else {
            self.coerce(&found, &value);
        }
        let ret = if is_async { self.lang.future_of(value) } else { value };
        self.closure(types, ret)
    }

    /// What is known of a closure from where it is passed to.
    fn expected_fn(&mut self, expected: &Ty) -> Option<FnTy> {
        let expected = self.shallow(expected);
        match &expected {
            Ty::Var(_) => self.pending_fn(&expected),
            Ty::Unknown => None,
            other => self.callable(other).or_else(|| self.callable_by_bounds(other)),
        }
    }

    fn struct_literal(
        &mut self,
        id: ExprId,
        path: &Path,
        fields: &[(Name, ExprId)],
        rest: Option<ExprId>,
        expected: &Ty,
    ) -> Ty {
        let Some((def, idx)) = self.variant_path(path) else {
            for &(_, value) in fields {
                self.free(value);
            }
            if let Some(rest) = rest {
                self.free(rest);
            }
            let outside = self.db.resolve(self.scope(), path, super::super::scope::Ns::Types);
            return match outside.map(|found| found.bind) {
                Ok(Bind::Ext(path)) => Ty::Ext(path, Args::default()),
                _ => Ty::Unknown,
            };
        };
        let is_variant = self.db.def(def).kind == super::super::program::DefKind::Enum;
        if self.db.is_local(def) {
            let res = match is_variant {
                true => self.variant_name(def, idx).map(|name| Res::Variant(def, name)),
                false => Some(Res::Def(def)),
            };
            if let Some(res) = res {
                self.paths.push((id, res));
            }
        }
        let is_self = path.segments.first().is_some_and(|first| first.name == "Self");
        let args = match (&self.names.self_ty, is_self) {
            (Some(Ty::Adt(_, args)), true) => args.clone(),
            _ => {
                let n = self.db.adt_sig(def).map_or(0, |sig| sig.n_params);
                self.fresh_args(n).into_iter().collect()
            }
        };
        let ty = Ty::Adt(def, args.clone());
        if let Ty::Adt(want, _) = self.shallow(expected)
            && want == def
        {
            self.unify(&ty, expected);
        }
        let declared = self.fields(def, idx, &args);
        for &(name, value) in fields {
            let want =
                declared.iter().find(|(field, _)| *field == name).map_or(Ty::Unknown, |(_, ty)| ty.clone());
            let found = self.expr(value, &want);
            self.coerce(&found, &want);
        }
        if let Some(rest) = rest {
            let found = self.expr(rest, &ty);
            self.unify(&found, &ty);
        }
        ty
    }

    pub(in crate::resolve) fn variant_name(
        &self,
        def: super::super::program::DefId,
        idx: u32,
    ) -> Option<Name> {
        match &self.db.item(def).kind {
            crate::parse::tree::items::ItemKind::Adt(adt) => Some(adt.variants.get(idx as usize)?.name),
            _ => None,
        }
    }

    /// `base.name`, through references and `Deref`.
    pub(in crate::resolve) fn field(&mut self, base: &Ty, name: Name) -> Ty {
        let mut ty = self.known(base);
        for _ in 0..12 {
            match &ty {
                Ty::Adt(def, args) => {
                    let db = self.db;
                    if let Some(sig) = db.adt_sig(*def)
                        && let [variant] = &*sig.variants
                        && let Some((_, field)) = variant.fields.iter().find(|(field, _)| *field == name)
                    {
                        let args = args.clone();
                        return self.instantiate(field, &args);
                    }
                }
                Ty::Tuple(parts) => {
                    if let Ok(at) = name.as_str().parse::<usize>() {
                        return parts.get(at).cloned().unwrap_or(Ty::Unknown);
                    }
                }
                Ty::Unknown | Ty::Var(_) => return Ty::Unknown,
                Ty::Ext(_, args) if args.is_empty() => return Ty::outside(),
                _ => {}
            }
            match self.deref(&ty).or_else(|| self.wrapped(&ty)) {
                Some(inner) => ty = self.known(&inner),
                None => return Ty::Unknown,
            }
        }
        Ty::Unknown
    }
}
