//! Calls: by path, by method syntax, and what their arguments tell.

use crate::base::{DefPath, Id as _, Name, TextRange};
use crate::parse::tree::body::{Expr, ExprId};
use crate::parse::tree::types::TypeRef;

use super::super::methods::Picked;
use super::super::paths::ext_child;
use super::super::program::{CallKind, CallTarget, Certainty, DefId, UnknownReason};
use super::super::scope::Bind;
use super::super::ty::{FnTy, TraitHead, Ty};
use super::path::Value;
use super::solve::Obligation;
use super::{Infer, RawTarget};

impl Infer<'_> {
    /// `callee(args)`.
    pub(in crate::resolve) fn call(
        &mut self,
        id: ExprId,
        callee: ExprId,
        args: &[ExprId],
        expected: &Ty,
    ) -> Ty {
        let body = self.body;
        let Expr::Path(path) = &body.exprs[callee] else {
            let ty = self.free(callee);
            let result = self.call_value(&ty, args, expected);
            let site = self.range(callee);
            let target = RawTarget::Done(CallTarget::Local);
            self.record(Some(id), CallKind::Path, target, site, Name::new("_"));
            return result;
        };
        let mut value = self.value(path);
        if let Value::Fn(def, fn_args) = &value
            && let Some(outside) = self.other_than(*def, fn_args, args.len(), true)
        {
            value = Value::Ext(outside);
        }
        self.note_path(callee, &value);
        let (site, name) = self.site_of(callee, path);
        let kind = CallKind::Path;
        match value {
            Value::Local(ty) => {
                self.record(Some(id), kind, RawTarget::Done(CallTarget::Local), site, name);
                self.set(callee, ty.clone());
                self.call_value(&ty, args, expected)
            }
            Value::Fn(def, fn_args) => {
                self.record(Some(id), kind, RawTarget::Fn(def, fn_args.clone()), site, name);
                self.set(callee, Ty::FnDef(def, fn_args.clone()));
                self.call_fn(def, &fn_args, args, false, expected)
            }
            Value::Ctor(def, idx, ctor_args) => {
                if self.db.is_local(def) {
                    let target = RawTarget::Done(CallTarget::Constructor(def));
                    self.record(Some(id), kind, target, site, name);
                } else {
                    let target = RawTarget::Done(CallTarget::External(self.db.outside_path(def).child(name)));
                    self.record(Some(id), kind, target, site, name);
                }
                let ty = Ty::Ctor(def, idx, ctor_args.clone());
                self.set(callee, ty.clone());
                if let Ty::Adt(want, _) = self.shallow(expected)
                    && want == def
                {
                    // Not for coercions' sake: only what a closure or literal inside may need.
                    let result = Ty::Adt(def, ctor_args);
                    self.hint(&result, expected);
                }
                match self.callable(&ty) {
                    Some(sig) => {
                        self.check_args(&sig.params, args);
                        sig.ret
                    }
                    None => {
                        self.check_args(&[], args);
                        Ty::Unknown
                    }
                }
            }
            Value::Const(_, ty) => {
                self.record(Some(id), kind, RawTarget::Done(CallTarget::Local), site, name);
                self.call_value(&ty, args, expected)
            }
            Value::Unit(def, ..) => {
                self.check_args(&[], args);
                self.record(Some(id), kind, RawTarget::Done(CallTarget::Constructor(def)), site, name);
                Ty::Unknown
            }
            Value::Ext(path) => {
                let target = CallTarget::External(DefPath::new(path.as_str()));
                self.record(Some(id), kind, RawTarget::Done(target), site, name);
                self.check_args(&[], args);
                if name == "builder" {
                    return self.builder_of(callee, path);
                }
                self.outside_result(path)
            }
            Value::Lost(reason) => {
                self.record(Some(id), kind, RawTarget::Done(CallTarget::Unknown(reason)), site, name);
                self.check_args(&[], args);
                Ty::Unknown
            }
        }
    }

    /// A function of an outside type that is meant instead of the workspace's of the same name: one of
    /// an extension trait that takes another number of arguments.
    fn other_than(&mut self, def: DefId, fn_args: &[Ty], n_args: usize, by_path: bool) -> Option<Name> {
        let db = self.db;
        let sig = db.fn_sig(def).filter(|_| db.is_local(def))?;
        let n_params = sig.params.len() + usize::from(by_path && sig.receiver.is_some());
        let owner = db.def(def).parent.filter(|_| n_params != n_args)?;
        let self_ty = match db.impl_sig(owner) {
            Some(imp) => imp.trait_.as_ref().map(|_| imp.self_ty.subst(fn_args))?,
            None => fn_args.first().cloned()?,
        };
        let self_ty = self.peel(&self_ty);
        let path = self.outside_type(&self_ty)?;
        Some(ext_child(path, db.def(def).name))
    }

    /// What an unknown function gives: `Client::new()` most likely a `Client`.
    fn outside_result(&self, path: Name) -> Ty {
        let text = path.as_str();
        let Some((base, last)) = text.rsplit_once("::") else { return Ty::Unknown };
        let is_type =
            base.rsplit("::").next().is_some_and(|name| name.starts_with(|c: char| c.is_uppercase()));
        let is_constructor = matches!(last, "new" | "default" | "builder" | "from" | "open" | "now");
        let is_tuple_struct = last.starts_with(|c: char| c.is_uppercase());
        match (is_tuple_struct, is_type && is_constructor && last != "builder") {
            (true, _) if !is_type => Ty::Ext(path, Default::default()),
            // Of what, if of anything, is not known.
            (false, true) => Ty::Ext(Name::new(base), [Ty::Unknown].into_iter().collect()),
            _ => Ty::Unknown,
        }
    }

    /// `T::builder()` that a derive adds: something that builds a `T`.
    fn builder_of(&mut self, callee: ExprId, outside: Name) -> Ty {
        let body = self.body;
        let Expr::Path(path) = &body.exprs[callee] else { return Ty::Unknown };
        let [base @ .., _] = &*path.segments else { return Ty::Unknown };
        if base.is_empty() {
            return Ty::Unknown;
        }
        let base = crate::parse::tree::types::Path { start: path.start.clone(), segments: base.into() };
        let built = self.lower(&TypeRef::Path(base));
        let name = Name::new(&format!("{}Builder", outside.as_str().trim_end_matches("::builder")));
        Ty::Ext(name, [built].into_iter().collect())
    }
    /// What an unknown method of a builder gives: itself, or in the end what it builds.
    fn built(&mut self, receiver: &Ty, name: Name) -> Ty {
        let receiver = self.peel(receiver);
        if let Some(ty) = self.unwrapped(&receiver, name) {
            return ty;
        }
        match receiver {
            Ty::Ext(path, args) if path.as_str().ends_with("Builder") => {
                match (name.as_str(), args.first()) {
                    ("build", Some(built)) => built.clone(),
                    ("build", None) => Ty::Unknown,
                    _ => Ty::Ext(path, args),
                }
            }
            ty => self.usual_result(&ty, name),
        }
    }
    /// `row.get::<_, Order>(0)` of something outside: an order, most likely in a result or future.
    fn asked_for(&mut self, generics: Option<&[TypeRef]>) -> Option<Ty> {
        let asked = generics?.iter().rfind(|ty| **ty != TypeRef::Infer)?;
        Some(Ty::outside_of(self.lower(asked)))
    }
    /// What an unknown wrapper of something that was asked for gives it by.
    fn unwrapped(&mut self, ty: &Ty, name: Name) -> Option<Ty> {
        let asked = ty.asked()?;
        match name.as_str() {
            "unwrap" | "expect" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" => Some(asked.clone()),
            "ok" | "ok_or" | "ok_or_else" | "map_err" | "context" | "with_context" => Some(ty.clone()),
            _ => None,
        }
    }
    /// `.iter()` of something unknown: whatever it is, its elements are walked.
    fn walks(&self, name: Name, args: &[ExprId]) -> bool {
        let walks = matches!(name.as_str(), "iter" | "into_iter" | "iter_mut") && args.is_empty();
        walks && !self.could_be_local(name)
    }
    /// Whether what a method outside gives can be nothing of the workspace: its receiver holds nothing
    /// of it, and it gets nothing.
    fn stays_outside(&self, receiver: &Ty, args: &[ExprId]) -> bool {
        let is_ours = |part: &Ty| match part {
            Ty::Adt(def, _) | Ty::FnDef(def, _) | Ty::Ctor(def, ..) => self.db.is_local(*def),
            Ty::Closure(_) | Ty::FnPtr(_) | Ty::Param(_) | Ty::Assoc(_) | Ty::Dyn(_) | Ty::Opaque(_) => true,
            _ => false,
        };
        let is_open = |part: &Ty| matches!(part, Ty::Unknown | Ty::Var(_)) || is_ours(part);
        matches!(self.peel(receiver), Ty::Ext(..))
            && !self.deep(receiver).any(0, &is_open)
            && !args.iter().any(|arg| self.deep(&self.types[arg.idx()]).any(0, &is_ours))
    }
    /// What methods give that mean the same everywhere.
    fn usual_result(&self, receiver: &Ty, name: Name) -> Ty {
        match name.as_str() {
            "to_string" => self.lang.adt(self.lang.string, vec![]),
            "clone" | "to_owned" if !matches!(receiver, Ty::Unknown | Ty::Var(_)) => receiver.clone(),
            "is_some" | "is_none" | "is_ok" | "is_err" | "is_empty" | "contains" | "starts_with"
            | "ends_with" | "contains_key" => Ty::prim("bool"),
            "len" | "count" => Ty::prim("usize"),
            _ => Ty::Unknown,
        }
    }

    /// Lets an expected type tell what it can about a result, without making them equal where that
    /// fails.
    fn hint(&mut self, result: &Ty, expected: &Ty) {
        let start = self.snapshot();
        if !self.unify(result, expected) {
            self.rollback(start);
        }
    }

    /// Calls a value of function type.
    fn call_value(&mut self, ty: &Ty, args: &[ExprId], expected: &Ty) -> Ty {
        let _ = expected;
        let ty = self.known(ty);
        let mut at = ty.clone();
        for _ in 0..6 {
            let sig: Option<FnTy> = self.callable(&at).or_else(|| self.callable_by_bounds(&at));
            if let Some(sig) = sig {
                self.check_args(&sig.params, args);
                return self.known(&sig.ret);
            }
            match self.deref(&at) {
                Some(inner) => at = inner,
                None => break,
            }
        }
        self.check_args(&[], args);
        Ty::Unknown
    }

    /// Calls a function whose parameters' arguments are given; `skip_self` for method syntax.
    fn call_fn(&mut self, def: DefId, fn_args: &[Ty], args: &[ExprId], skip_self: bool, expected: &Ty) -> Ty {
        let Some(sig) = self.db.fn_sig(def) else {
            self.check_args(&[], args);
            return Ty::Unknown;
        };
        let mark = self.pending.len();
        if let Some(parent) = self.db.def(def).parent
            && matches!(
                self.db.def(parent).kind,
                super::super::program::DefKind::Impl | super::super::program::DefKind::Trait
            )
        {
            self.require_all(parent, fn_args);
        }
        self.require_all(def, fn_args);
        let mut params: Vec<Ty> = Vec::with_capacity(sig.params.len() + 1);
        if !skip_self && let Some(receiver) = &sig.receiver {
            params.push(self.instantiate(receiver, fn_args));
        }
        for param in &sig.params {
            params.push(self.instantiate(param, fn_args));
        }
        let ret = self.instantiate(&sig.ret, fn_args);
        if matches!(self.shallow(expected), Ty::Adt(..)) && has_closure(self, args) {
            self.hint(&ret, expected);
        }
        self.check_args(&params, args);
        self.solve_from(mark);
        self.shallow(&ret)
    }

    /// Infers arguments against parameters: closures last, when the others have said what they can.
    pub(in crate::resolve) fn check_args(&mut self, params: &[Ty], args: &[ExprId]) {
        let body = self.body;
        let is_closure = |id: ExprId| matches!(&body.exprs[id], Expr::Closure { .. });
        let any_closure = args.iter().any(|&arg| is_closure(arg));
        for pass in [false, true] {
            if pass && !any_closure {
                break;
            }
            if pass {
                self.solve_from(0);
            }
            for (at, &arg) in args.iter().enumerate() {
                if is_closure(arg) != pass {
                    continue;
                }
                let want = params.get(at).cloned().unwrap_or(Ty::Unknown);
                let found = self.expr(arg, &want);
                self.coerce(&found, &want);
            }
        }
    }

    /// `F: Fn(A) -> B` among what waits for the variable `ty`.
    pub(in crate::resolve) fn pending_fn(&mut self, ty: &Ty) -> Option<FnTy> {
        let Ty::Var(var) = ty else { return None };
        let pred = self.pending.iter().rev().find_map(|obligation| match obligation {
            Obligation::Pred(pred)
                if self.lang.is_fn_trait(pred.bound.head) && self.shallow(&pred.ty) == Ty::Var(*var) =>
            {
                Some(pred.clone())
            }
            _ => None,
        })?;
        let params = match pred.bound.args.first().map(|args| self.shallow(args)) {
            Some(Ty::Tuple(params)) => params.iter().map(|ty| self.normalize(ty)).collect(),
            _ => Vec::new(),
        };
        let ret = self.normalize(&self.lang.bound_ret(&pred.bound));
        Some(FnTy { params, ret })
    }

    /// `receiver.name::<generics>(args)`.
    #[allow(clippy::too_many_arguments)]
    pub(in crate::resolve) fn method_call(
        &mut self,
        id: ExprId,
        receiver: ExprId,
        name: Name,
        generics: Option<&[TypeRef]>,
        args: &[ExprId],
        site: TextRange,
        expected: &Ty,
    ) -> Ty {
        let receiver_ty = self.free(receiver);
        let receiver_ty = self.known(&receiver_ty);
        let looped = self.enters_loop(&receiver_ty, name);
        self.n_loops += u32::from(looped);
        let result = self.method_on(id, &receiver_ty, name, generics, args, site, expected);
        self.n_loops -= u32::from(looped);
        result
    }

    #[allow(clippy::too_many_arguments)]
    fn method_on(
        &mut self,
        id: ExprId,
        receiver_ty: &Ty,
        name: Name,
        generics: Option<&[TypeRef]>,
        args: &[ExprId],
        site: TextRange,
        expected: &Ty,
    ) -> Ty {
        let kind = CallKind::Method;
        let mut picked = self.pick(receiver_ty, name);
        if let Picked::Fn { def, args: fn_args } = &picked
            && let Some(outside) = self.other_than(*def, fn_args, args.len(), false)
        {
            let of = outside.as_str().rsplit_once("::").map_or("_", |(of, _)| of);
            picked = Picked::Outside(Name::new(of));
        }
        match picked {
            Picked::Fn { def, args: mut fn_args } => {
                let n = self.db.fn_sig(def).map_or(0, |sig| sig.n_params) as usize;
                while fn_args.len() < n {
                    fn_args.push(self.fresh());
                }
                if let Some(types) = generics {
                    self.turbofish_types(def, types, &mut fn_args);
                }
                let fn_args = Self::args(fn_args);
                self.record(Some(id), kind, RawTarget::Fn(def, fn_args.clone()), site, name);
                self.call_fn(def, &fn_args, args, true, expected)
            }
            Picked::Outside(path) => {
                let path = ext_child(path, name);
                let target = CallTarget::External(DefPath::new(path.as_str()));
                self.record(Some(id), kind, RawTarget::Done(target), site, name);
                self.check_args(&[], args);
                if let Some(asked) = self.asked_for(generics) {
                    return asked;
                }
                match self.built(receiver_ty, name) {
                    Ty::Unknown if self.walks(name, args) => {
                        let item = self.fresh();
                        self.lang.iterator_of(item)
                    }
                    Ty::Unknown if self.stays_outside(receiver_ty, args) => Ty::outside(),
                    known => known,
                }
            }
            Picked::None(reason) => {
                let in_loop = self.n_loops;
                self.check_args(&[], args);
                self.n_loops = in_loop;
                if reason == UnknownReason::UntypedReceiver
                    && let Some(def) = self.assumed_outside(name, args.len())
                {
                    let n = self.db.fn_sig(def).map_or(0, |sig| sig.n_params);
                    let mut fn_args = self.fresh_args(n);
                    if let Some(types) = generics {
                        self.turbofish_types(def, types, &mut fn_args);
                    }
                    let target = RawTarget::Done(CallTarget::External(self.db.outside_path(def)));
                    self.record(Some(id), kind, target, site, name);
                    if let Some(call) = self.calls.last_mut() {
                        call.certainty = Certainty::Likely;
                    }
                    let ret = self.db.fn_sig(def).map_or(Ty::Unknown, |sig| sig.ret.clone());
                    return self.instantiate(&ret, &fn_args);
                }
                if reason == UnknownReason::UntypedReceiver
                    && let Some(def) = self.only_candidate(name, args.len())
                {
                    let n = self.db.fn_sig(def).map_or(0, |sig| sig.n_params);
                    let fn_args = Self::args(self.fresh_args(n));
                    self.record(Some(id), kind, RawTarget::Fn(def, fn_args.clone()), site, name);
                    if let Some(call) = self.calls.last_mut() {
                        call.certainty = Certainty::Likely;
                    }
                    let ret = self.db.fn_sig(def).map_or(Ty::Unknown, |sig| sig.ret.clone());
                    return self.instantiate(&ret, &fn_args);
                }
                let (target, certainty) = self.guess(name, reason);
                self.record(Some(id), kind, RawTarget::Done(target), site, name);
                if let Some(call) = self.calls.last_mut() {
                    call.certainty = certainty;
                }
                if let Some(asked) = self.asked_for(generics) {
                    return asked;
                }
                let ty = self.usual_result(&Ty::Unknown, name);
                if matches!(ty, Ty::Unknown) && self.walks(name, args) {
                    let item = self.fresh();
                    return self.lang.iterator_of(item);
                }
                ty
            }
        }
    }

    /// A method on a value whose type is not known: outside where the workspace has none of this name.
    fn guess(&mut self, name: Name, reason: UnknownReason) -> (CallTarget, Certainty) {
        if !self.could_be_local(name) {
            return (CallTarget::External(DefPath::new("_").child(name)), Certainty::Likely);
        }
        (CallTarget::Unknown(reason), Certainty::Certain)
    }

    /// The method of the one trait of another crate that is brought into scope and has it.
    fn assumed_outside(&self, name: Name, n_args: usize) -> Option<DefId> {
        let db = self.db;
        let mut found = None;
        for (owner, member) in db.ix.impls.traits_in_scope(db, self.scope(), name, true) {
            let fits =
                db.fn_sig(member).is_some_and(|sig| sig.receiver.is_some() && sig.params.len() == n_args);
            let is_std = db.path(owner).as_str().starts_with("std::");
            match (fits, db.is_local(owner) || is_std || found.is_some()) {
                (false, _) => {}
                (true, true) => return None,
                (true, false) => found = Some(member),
            }
        }
        found
    }

    /// The one function that a method can be on a value whose type is not known: of an extension
    /// trait in scope, or of a name that says so much that nothing outside has it.
    fn only_candidate(&self, name: Name, n_args: usize) -> Option<DefId> {
        let db = self.db;
        if db.ix.impls.has_outside_method(name) {
            return None;
        }
        let fits = |def: DefId| db.fn_sig(def).is_some_and(|sig| sig.params.len() == n_args);
        let methods = db.ix.impls.local_methods(name);
        if let [(owner, member)] = *db.ix.impls.traits_with(name) {
            let is_of_trait = |def: DefId| {
                let parent = db.def(def).parent;
                let of = parent.and_then(|parent| db.impl_sig(parent)).and_then(|sig| sig.trait_.as_ref());
                parent == Some(owner) || of.is_some_and(|bound| bound.head == TraitHead::Def(owner))
            };
            // A short name may be one of something outside as well.
            let says_enough = name.as_str().contains('_') || name.as_str().len() >= 8;
            let in_scope = says_enough && db.ix.impls.is_in_scope(db, self.scope(), owner);
            return (in_scope && fits(member) && methods.iter().all(|&def| is_of_trait(def)))
                .then_some(member);
        }
        match *methods {
            [def] if db.ix.impls.traits_with(name).is_empty() && fits(def) => {
                let says_much = name.as_str().bytes().filter(|&byte| byte == b'_').count() >= 2;
                let here = &db.ix.krates[db.ix.modules[self.scope()].krate];
                let there = db.def(def).krate;
                let root = Bind::Module(db.ix.krates[there].root);
                let reachable = db.ix.modules[self.scope()].krate == there
                    || here.externs.get(&db.ix.krates[there].name) == Some(&root);
                let is_test = db.def(def).is_test && !db.def(self.def).is_test;
                (says_much && reachable && !is_test).then_some(def)
            }
            _ => None,
        }
    }

    /// Whether a method runs its closures once per element.
    fn enters_loop(&mut self, receiver: &Ty, name: Name) -> bool {
        let is_walk = matches!(
            name.as_str(),
            "map"
                | "for_each"
                | "filter"
                | "filter_map"
                | "flat_map"
                | "fold"
                | "any"
                | "all"
                | "find"
                | "find_map"
                | "position"
                | "try_for_each"
                | "try_fold"
                | "inspect"
                | "take_while"
                | "skip_while"
                | "map_while"
                | "partition"
                | "scan"
                | "then"
                | "and_then"
                | "retain"
                | "sort_by"
                | "sort_by_key"
                | "dedup_by_key"
                | "for_each_concurrent"
                | "then_concurrent"
                | "buffer_unordered"
                | "max_by_key"
                | "min_by_key"
        );
        if !is_walk {
            return false;
        }
        match self.peel(receiver) {
            Ty::Adt(def, _) => Some(def) != self.lang.option && Some(def) != self.lang.result,
            Ty::Unknown | Ty::Var(_) | Ty::Ext(..) => {
                !matches!(name.as_str(), "map" | "and_then" | "then" | "filter")
            }
            _ => true,
        }
    }
}

fn has_closure(infer: &Infer<'_>, args: &[ExprId]) -> bool {
    args.iter().any(|&arg| matches!(infer.body.exprs[arg], Expr::Closure { .. }))
}
