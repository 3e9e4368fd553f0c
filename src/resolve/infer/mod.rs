//! Infers the types of a body, and with them what its calls mean.
//!
//! One pass over the expressions, in the order of evaluation: variables stand for what is not known
//! yet, bounds that cannot be followed yet wait, closures are looked at after the other arguments.
//! Types are a means here, not an end: where two do not fit, nothing is reported and the walk goes on.

mod call;
mod expr;
mod fields;
mod finish;
mod macros;
mod operators;
mod pat;
mod path;
mod solve;
mod unify;
mod values;

use std::cell::Cell;

use crate::base::{Id, Name, TextRange};
use crate::parse::tree::body::{Body, ExprId};
use crate::parse::tree::items::ItemKind;

use super::index::Db;
use super::lang::Lang;
use super::lower::Lowering;
use super::program::{Call, CallKind, CallTarget, Certainty, DefId, DefKind, ModuleId, Res};
use super::ty::{Args, Pred, TraitHead, TraitRef, Ty};
pub(super) use fields::instrumented;
use solve::Obligation;

/// Work that one body may cause per expression, and at least.
const FUEL_PER_EXPR: u32 = 4_000;
const FUEL_MIN: u32 = 200_000;
const FUEL_MAX: u32 = 60_000_000;

/// What inference tells of a body.
#[derive(Debug, Default)]
pub(super) struct BodyResult {
    pub(super) calls: Vec<Call>,
    pub(super) paths: Vec<(ExprId, Res)>,
    /// The type of each expression, all that is known filled in; empty unless asked for.
    pub(super) types: Vec<Ty>,
}

/// A call before the whole body is known.
#[derive(Debug)]
struct RawCall {
    expr: Option<ExprId>,
    kind: CallKind,
    target: RawTarget,
    certainty: Certainty,
    site: TextRange,
    name: Name,
    in_loop: bool,
}

/// A target before the whole body is known.
#[derive(Clone, Debug)]
enum RawTarget {
    /// It is known.
    Done(CallTarget),
    /// A function with the arguments for all its parameters: one of a trait may still turn out to be
    /// an implementation's.
    Fn(DefId, Args),
}

/// The state of inference in one body.
pub(super) struct Infer<'a> {
    db: Db<'a>,
    lang: &'a Lang,
    def: DefId,
    body: &'a Body,
    names: Lowering<'a>,
    preds: Vec<Pred>,
    next_var: Cell<u32>,
    vars: Vec<Option<Ty>>,
    trail: Vec<u32>,
    pending: Vec<Obligation>,
    nesting: u32,
    fuel: u32,
    types: Vec<Ty>,
    locals: Vec<(Name, Ty)>,
    /// Return types of the function and the closures and async blocks around the place.
    rets: Vec<Ty>,
    /// Values of the loops around the place.
    breaks: Vec<Ty>,
    n_loops: u32,
    calls: Vec<RawCall>,
    paths: Vec<(ExprId, Res)>,
}

/// Infers the body of a function, constant or static.
pub(super) fn infer_body(db: Db<'_>, lang: &Lang, def: DefId, keep_types: bool) -> BodyResult {
    let Some(body) = db.body(def) else { return BodyResult::default() };
    let mut infer = Infer::new(db, lang, def, body);
    infer.run();
    infer.finish(keep_types)
}

impl<'a> Infer<'a> {
    fn new(db: Db<'a>, lang: &'a Lang, def: DefId, body: &'a Body) -> Self {
        let n = body.exprs.len();
        let fuel = (n as u32).saturating_mul(FUEL_PER_EXPR).clamp(FUEL_MIN, FUEL_MAX);
        Self {
            db,
            lang,
            def,
            body,
            names: Lowering::of(db, def),
            preds: Vec::new(),
            next_var: Cell::new(0),
            vars: Vec::new(),
            trail: Vec::new(),
            pending: Vec::new(),
            nesting: 0,
            fuel,
            types: vec![Ty::Unknown; n],
            locals: Vec::new(),
            rets: Vec::new(),
            breaks: Vec::new(),
            n_loops: 0,
            calls: Vec::new(),
            paths: Vec::new(),
        }
    }

    /// Takes from the fuel; false where it is used up.
    fn spend(&mut self, cost: u32) -> bool {
        self.fuel = self.fuel.saturating_sub(cost);
        self.fuel > 0
    }

    fn run(&mut self) {
        let db = self.db;
        self.enter_bounds();
        let mut ret = Ty::Unknown;
        match &db.item(self.def).kind {
            ItemKind::Fn(decl) => {
                if let Some(sig) = db.fn_sig(self.def) {
                    // `impl Trait` parameters have numbers after the named ones.
                    while self.names.params.len() < sig.n_params as usize {
                        self.names.params.push(Name::new("impl"));
                    }
                    if let Some(receiver) = &sig.receiver {
                        self.locals.push((Name::new("self"), receiver.clone()));
                    }
                    let body = self.body;
                    for (at, &pat) in body.params.iter().enumerate() {
                        let ty = sig.params.get(at).cloned().unwrap_or(Ty::Unknown);
                        let ty = self.normalize(&ty);
                        self.bind_pat(pat, &ty);
                    }
                    ret = match (&decl.ret, decl.is_async) {
                        (None, _) => Ty::unit(),
                        (Some(ty), true) => self.lower(ty),
                        (Some(_), false) => sig.ret.clone(),
                    };
                    ret = self.normalize(&ret);
                }
            }
            ItemKind::Value { ty, .. } => ret = self.lower(ty),
            _ => {}
        }
        self.rets.push(ret.clone());
        if let Some(root) = self.body.root {
            let ty = self.expr(root, &ret);
            self.coerce(&ty, &ret);
        }
        self.solve_from(0);
    }

    /// The bounds that hold in the body: of the trait or implementation around it, and its own.
    fn enter_bounds(&mut self) {
        let db = self.db;
        let data = db.def(self.def);
        if let Some(owner) = data.parent {
            if db.def(owner).kind == DefKind::Trait
                && let Some(sig) = db.trait_sig(owner)
            {
                let args = (1..sig.n_params).map(Ty::Param).collect();
                let bound = TraitRef { head: TraitHead::Def(owner), args, bindings: [].into() };
                self.preds.push(Pred { ty: Ty::Param(0), bound });
                self.preds.extend(sig.preds.iter().cloned());
            }
            if let Some(sig) = db.impl_sig(owner) {
                self.preds.extend(sig.preds.iter().cloned());
            }
        }
        if let Some(sig) = db.fn_sig(self.def) {
            self.preds.extend(sig.preds.iter().cloned());
        }
    }

    /// Lowers a type that is written in the body.
    fn lower(&mut self, ty: &crate::parse::tree::types::TypeRef) -> Ty {
        self.names.fresh = Some(self.next_var.get());
        let lowered = self.names.ty(ty);
        self.next_var.set(self.names.fresh.take().unwrap_or(0));
        self.normalize(&lowered)
    }
    /// The same for what a binding names.
    fn lower_bind(
        &mut self,
        bind: super::scope::Bind,
        args: Option<&crate::parse::tree::types::GenericArgs>,
    ) -> Ty {
        self.names.fresh = Some(self.next_var.get());
        let lowered = self.names.bind(bind, args);
        self.next_var.set(self.names.fresh.take().unwrap_or(0));
        self.normalize(&lowered)
    }
    fn scope(&self) -> ModuleId {
        self.names.scope
    }
    pub(in crate::resolve) fn db(&self) -> Db<'a> {
        self.db
    }
    pub(in crate::resolve) fn lang(&self) -> &'a Lang {
        self.lang
    }
    pub(in crate::resolve) fn current_scope(&self) -> ModuleId {
        self.names.scope
    }
    pub(in crate::resolve) fn new_vars(&self, n: u32) -> Vec<Ty> {
        self.fresh_args(n)
    }
    fn local(&self, name: Name) -> Option<Ty> {
        self.locals.iter().rev().find(|(local, _)| *local == name).map(|(_, ty)| ty.clone())
    }
    fn range(&self, expr: ExprId) -> TextRange {
        self.body.ranges[expr]
    }
    fn set(&mut self, expr: ExprId, ty: Ty) -> Ty {
        self.types[expr.idx()] = ty.clone();
        ty
    }
    fn record(
        &mut self,
        expr: Option<ExprId>,
        kind: CallKind,
        target: RawTarget,
        site: TextRange,
        name: Name,
    ) {
        let in_loop = self.n_loops > 0;
        let certainty = Certainty::Certain;
        self.calls.push(RawCall { expr, kind, target, certainty, site, name, in_loop });
    }
}
