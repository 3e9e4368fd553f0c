//! What a piece of code does, statement by statement.

use crate::facts::cx::Cx;
use crate::parse::tree::body::{Body, Expr, ExprId, Stmt};
use crate::resolve::DefId;

use super::targets;

/// Functions that make and convert values: no work.
pub(super) const NO_WORK: &[&str] =
    &["new", "default", "from", "into", "clone", "try_from", "build", "with_capacity", "parse", "fmt"];

/// The functions of the workspace that statements call for what they do, in order: not those whose
/// value is only bound or passed on. `if let Err(e) = purge().await { … }` purges.
pub(super) fn steps(cx: &Cx, def: DefId, body: &Body, expr: ExprId) -> Vec<DefId> {
    let mut walk = Walk { cx, def, body, found: Vec::new() };
    walk.expr(expr, 0);
    walk.found
}

struct Walk<'w, 'a> {
    cx: &'w Cx<'a>,
    def: DefId,
    body: &'w Body,
    found: Vec<DefId>,
}

impl Walk<'_, '_> {
    /// Whether anything was found.
    fn expr(&mut self, expr: ExprId, depth: u32) -> bool {
        if depth > 40 {
            return false;
        }
        let before = self.found.len();
        let depth = depth + 1;
        match &self.body.exprs[expr] {
            Expr::Block { stmts, tail, .. } => {
                for stmt in stmts {
                    if let Stmt::Expr { expr, .. } = stmt {
                        self.expr(*expr, depth);
                    }
                }
                if let Some(tail) = tail {
                    self.expr(*tail, depth);
                }
            }
            Expr::Await(inner)
            | Expr::Try(inner)
            | Expr::Ref { expr: inner, .. }
            | Expr::Unary { expr: inner, .. }
            | Expr::Closure { body: inner, .. }
            | Expr::Loop { body: inner, .. } => {
                self.expr(*inner, depth);
            }
            Expr::If { cond, then, else_ } => {
                let decided = match &self.body.exprs[*cond] {
                    Expr::Let { expr, .. } => self.expr(*expr, depth),
                    _ => false,
                };
                if !decided {
                    self.expr(*then, depth);
                    else_.iter().for_each(|&else_| _ = self.expr(else_, depth));
                }
            }
            Expr::Match { scrutinee, arms } => {
                let decided = self.expr(*scrutinee, depth);
                if !decided {
                    arms.iter().for_each(|arm| _ = self.expr(arm.body, depth));
                }
            }
            Expr::MethodCall { receiver, args, .. } => {
                // What is called on a result that was waited for turns it into another: `run().await.context(…)`.
                let is_result = matches!(self.body.exprs[*receiver], Expr::Await(_));
                let done = is_result && self.expr(*receiver, depth)
                    || self.own(expr)
                    || !is_result && self.expr(*receiver, depth);
                self.given(if done { &[] } else { args }, depth);
            }
            Expr::Call { args, .. } if !self.own(expr) => self.given(args, depth),
            Expr::Macro(call)
                if call
                    .path
                    .last()
                    .is_some_and(|name| matches!(name.as_str(), "join" | "try_join" | "select" | "vec")) =>
            {
                call.args.iter().for_each(|&arg| _ = self.expr(arg, depth));
            }
            Expr::Array(parts) => parts.iter().for_each(|&part| _ = self.expr(part, depth)),
            Expr::Jump { value: Some(value), .. } => _ = self.expr(*value, depth),
            _ => {}
        }
        self.found.len() > before
    }

    /// Work that is handed over: `spawn(async move { … })`, `Box::pin(purge())`.
    fn given(&mut self, args: &[ExprId], depth: u32) {
        for &arg in args {
            if matches!(
                self.body.exprs[arg],
                Expr::Block { .. } | Expr::Closure { .. } | Expr::Call { .. } | Expr::MethodCall { .. }
            ) {
                self.expr(arg, depth);
            }
        }
    }

    fn own(&mut self, expr: ExprId) -> bool {
        let Some(call) = self.cx.program.call_at(self.def, expr) else { return false };
        if NO_WORK.contains(&call.name.as_str()) {
            return false;
        }
        let own = targets(call).iter().copied().find(|&def| self.cx.function_of[def].is_some());
        if let Some(own) = own.filter(|own| !self.found.contains(own)) {
            self.found.push(own);
        }
        own.is_some()
    }
}
