//! Macro calls in bodies: what their arguments are was read by `parse`; here is what they give.

use std::sync::Arc;

use crate::base::{DefPath, Name, TextRange};
use crate::parse::tree::body::{ExprId, MacroCall};
use crate::parse::tree::types::{Path, TypeRef};

use super::super::program::{CallKind, CallTarget, Certainty, DefKind, UnknownReason};
use super::super::scope::{Bind, Ns};
use super::super::ty::{Args, Ty};
use super::path::Value;
use super::{Infer, RawTarget};

impl Infer<'_> {
    /// A macro call.
    pub(in crate::resolve) fn macro_call(&mut self, id: ExprId, call: &MacroCall, expected: &Ty) -> Ty {
        if call.expanded
            && let [root] = *call.args
        {
            return match call.binds {
                true => self.open_block(root, expected),
                false => self.expr(root, expected),
            };
        }
        let mark = self.locals.len();
        let name = call.path.last().unwrap_or_else(|| Name::new(""));
        let element = match (name.as_str(), self.shallow(expected)) {
            ("vec", Ty::Adt(def, args)) if Some(def) == self.lang.vec => args.first().cloned(),
            _ => None,
        };
        let element = element.unwrap_or(Ty::Unknown);
        let types: Vec<Ty> = call.args.iter().map(|&arg| self.expr(arg, &element)).collect();
        self.locals.truncate(mark);
        self.mentions(id, call);
        self.macro_value(name, call, types)
    }

    fn macro_value(&mut self, name: Name, call: &MacroCall, types: Vec<Ty>) -> Ty {
        match name.as_str() {
            "format" | "concat_string" => self.lang.adt(self.lang.string, vec![]),
            "format_args" => Ty::Unknown,
            "vec" => {
                let item = match types.is_empty() {
                    true => self.fresh(),
                    // `vec![value; n]` lists the length as well.
                    false if self.is_repeat(call) => types[0].clone(),
                    false => self.join(types),
                };
                self.lang.adt(self.lang.vec, vec![item])
            }
            "panic" | "unreachable" | "todo" | "unimplemented" | "bail" | "compile_error" => Ty::Never,
            "matches" | "cfg" => Ty::prim("bool"),
            "env" | "concat" | "include_str" | "stringify" | "file" | "module_path" => {
                Ty::prim("str").reference()
            }
            "option_env" => self.lang.adt(self.lang.option, vec![Ty::prim("str").reference()]),
            "line" | "column" => Ty::prim("u32"),
            "include_bytes" => Ty::Slice(Arc::new(Ty::prim("u8"))).reference(),
            "dbg" => types.into_iter().next().unwrap_or_else(Ty::unit),
            "println" | "print" | "eprintln" | "eprint" | "assert" | "assert_eq" | "assert_ne"
            | "debug_assert" | "debug_assert_eq" | "debug_assert_ne" | "trace" | "debug" | "info"
            | "warn" | "error" | "log" | "event" | "ensure" => Ty::unit(),
            "write" | "writeln" => {
                let error = self.lang.adt(self.lang.fmt_error, vec![]);
                self.lang.adt(self.lang.result, vec![Ty::unit(), error])
            }
            "join" => {
                let outputs = types.iter().map(|ty| self.output(ty)).collect();
                Ty::tuple(outputs)
            }
            "try_join" => {
                let mut error = Ty::Unknown;
                let mut outputs = Vec::with_capacity(types.len());
                for ty in &types {
                    let output = self.output(ty);
                    if let Ty::Adt(_, args) = &output {
                        error = args.get(1).cloned().unwrap_or(Ty::Unknown);
                    }
                    outputs.push(self.try_value(&output));
                }
                self.lang.adt(self.lang.result, vec![Ty::tuple(outputs), error])
            }
            "pin" => {
                let inner = types.into_iter().next().unwrap_or(Ty::Unknown);
                self.lang.adt(self.lang.pin, vec![Ty::Ref(true, Arc::new(inner))])
            }
            "json" => self.named("serde_json::Value"),
            "anyhow" | "format_err" => self.named("anyhow::Error"),
            "eyre" => self.named("eyre::Report"),
            "query" | "query_unchecked" | "query_file" => self.named("sqlx::query::Map"),
            "query_as" | "query_as_unchecked" | "query_file_as" => self.typed_query(call, "sqlx::query::Map"),
            "query_scalar" => self.named("sqlx::query::QueryScalar"),
            "routes" | "catchers" => self.lang.adt(self.lang.vec, vec![Ty::Unknown]),
            "try_outcome" => match types.first().map(|ty| self.known(ty)) {
                Some(Ty::Adt(_, args)) => args.first().cloned().unwrap_or(Ty::Unknown),
                _ => Ty::Unknown,
            },
            "block" | "block_on" => types.into_iter().next().unwrap_or(Ty::Unknown),
            _ => {
                // One argument that is a block, as in `async_stream!` or user wrappers, tells nothing
                // of the value.
                Ty::Unknown
            }
        }
    }

    /// A type of another crate by its path, where a stub has it.
    fn named(&mut self, path: &str) -> Ty {
        match self.db.stub_type(path) {
            Some(def) => {
                let n = self.db.adt_sig(def).map_or(0, |sig| sig.n_params);
                let args: Args = self.fresh_args(n).into_iter().collect();
                Ty::Adt(def, args)
            }
            None => Ty::Ext(Name::new(path), Args::default()),
        }
    }

    /// `query_as!(Row, "…")`: a query of the type that is the first argument.
    fn typed_query(&mut self, call: &MacroCall, path: &str) -> Ty {
        let body = self.body;
        let row = call.args.first().and_then(|&first| match &body.exprs[first] {
            crate::parse::tree::body::Expr::Path(path) => Some(self.lower(&TypeRef::Path(path.clone()))),
            _ => None,
        });
        let row = row.unwrap_or(Ty::Unknown);
        let ty = self.named(path);
        if let Ty::Adt(_, args) = &ty
            && let Some(first) = args.first()
        {
            self.unify(first, &row);
        }
        ty
    }

    fn is_repeat(&self, call: &MacroCall) -> bool {
        let body = self.body;
        match call.args[..] {
            [value, len] => {
                // Between the two stands `;` instead of `,`: then they cannot be told apart by their
                // ranges alone, but only a length is a number or constant behind another kind of value.
                let _ = value;
                matches!(
                    body.exprs[len],
                    crate::parse::tree::body::Expr::Literal(crate::parse::tree::body::Literal::Int(..))
                ) && !matches!(
                    body.exprs[value],
                    crate::parse::tree::body::Expr::Literal(crate::parse::tree::body::Literal::Int(..))
                )
            }
            _ => false,
        }
    }

    /// What an unread macro mentions: functions of the workspace become likely calls.
    fn mentions(&mut self, id: ExprId, call: &MacroCall) {
        let site = self.range(id);
        let mut known = false;
        for path in &call.mentions {
            known |= self.mention(path, site);
        }
        let is_ours = matches!(
            self.db.resolve_from(self.scope(), &call.path, Ns::Macros, false).map(|found| found.bind),
            Ok(Bind::Def(def)) if self.db.is_local(def) && self.db.def(def).kind == DefKind::Macro
        );
        // Of arguments that were read, what the macro itself does is still unknown.
        if is_ours && !known {
            let target = RawTarget::Done(CallTarget::Unknown(UnknownReason::OpaqueMacro));
            let name = call.path.last().unwrap_or_else(|| Name::new(""));
            self.record(Some(id), CallKind::Path, target, site, name);
        }
    }

    fn mention(&mut self, path: &Path, site: TextRange) -> bool {
        let Some(name) = path.last() else { return false };
        if path.as_name().is_some_and(|name| self.local(name).is_some()) {
            return false;
        }
        let target = match self.value(path) {
            Value::Fn(def, args) if self.db.is_local(def) => RawTarget::Fn(def, args),
            Value::Ext(path) if path.as_str().contains("::") => {
                RawTarget::Done(CallTarget::External(DefPath::new(path.as_str())))
            }
            _ => return false,
        };
        self.record(None, CallKind::Path, target, site, name);
        if let Some(call) = self.calls.last_mut() {
            call.certainty = Certainty::Likely;
        }
        true
    }

    /// The trait and function behind a binary operator.
    pub(in crate::resolve) fn operator_trait(
        &self,
        op: &str,
    ) -> Option<(super::super::program::DefId, &'static str)> {
        self.lang.operators.iter().find(|(of, ..)| *of == op).map(|&(_, def, name)| (def, name))
    }
}
