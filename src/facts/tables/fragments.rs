//! Statements that are put together piece by piece.

use std::collections::BTreeMap;

use crate::facts::cx::BodyView;
use crate::facts::sql::Access;
use crate::facts::strings;
use crate::model::Certainty;
use crate::parse::tree::body::{Expr, ExprId};
use crate::resolve::{CallTarget, DefId};

use super::{Reader, Site, TableFacts, loop_ranges};

/// Where a statement under construction comes from.
pub(super) enum Builder {
    /// This call makes it.
    Made(ExprId),
    /// This parameter of the function.
    Parameter(usize),
    /// Not known.
    Other,
}

impl Reader<'_, '_> {
    /// Where the statement under construction comes from to which `expr`, a method call, appends.
    pub(super) fn builder(&self, view: &BodyView, mut expr: ExprId) -> Builder {
        loop {
            match view.expr(expr) {
                Expr::MethodCall { receiver, .. } => expr = *receiver,
                Expr::Ref { expr: inner, .. }
                | Expr::Unary { expr: inner, .. }
                | Expr::Await(inner)
                | Expr::Try(inner) => {
                    expr = *inner;
                }
                Expr::Call { .. } => {
                    return if self.takes(view, expr).is_some() {
                        Builder::Made(expr)
                    } else {
                        Builder::Other
                    };
                }
                Expr::Path(path) => {
                    let Some(name) = path.as_name() else { return Builder::Other };
                    if let Some(init) = strings::last_let(view.body, name, expr) {
                        expr = init;
                        continue;
                    }
                    let at = view.body.params.iter().position(|&pat| strings::binds(view.body, pat, name));
                    return at.map_or(Builder::Other, Builder::Parameter);
                }
                _ => return Builder::Other,
            }
        }
    }

    /// Hands what functions append to a statement of their caller's to where that is made.
    pub(super) fn hand_out(&self, facts: &mut TableFacts) {
        let mut open = std::mem::take(&mut facts.passed_in);
        for _ in 0..4 {
            let mut next = Vec::new();
            let mut by_callee: BTreeMap<DefId, Vec<(usize, Access)>> = BTreeMap::new();
            for (def, at, access) in open {
                by_callee.entry(def).or_default().push((at, access));
            }
            if by_callee.is_empty() {
                return;
            }
            for &caller in &self.cx.def_of {
                let calls = &self.cx.program.calls[caller];
                let calls_one = |call: &crate::resolve::Call| matches!(&call.target, CallTarget::Resolved(def) if by_callee.contains_key(def));
                if !calls.iter().any(calls_one) {
                    continue;
                }
                let (Some(view), Some(function)) =
                    (BodyView::new(self.cx.program, caller), self.cx.function_of[caller])
                else {
                    continue;
                };
                let loops = loop_ranges(view.body);
                for call in calls.iter().filter(|call| calls_one(call)) {
                    let (CallTarget::Resolved(callee), Some(expr)) = (&call.target, call.expr) else {
                        continue;
                    };
                    let (Expr::Call { args, .. } | Expr::MethodCall { args, .. }) = view.expr(expr) else {
                        continue;
                    };
                    for (at, access) in &by_callee[callee] {
                        let Some(&arg) = args.get(*at) else { continue };
                        match self.builder(&view, arg) {
                            Builder::Made(made) => {
                                let start = self.cx.expr_start(view.body, made);
                                let mut site = Site { function, def: caller, loops: &loops, facts };
                                site.add(
                                    self.cx,
                                    access.clone(),
                                    start,
                                    made,
                                    view.body,
                                    Certainty::Likely,
                                    true,
                                );
                            }
                            Builder::Parameter(at) => next.push((caller, at, access.clone())),
                            Builder::Other => {}
                        }
                    }
                }
            }
            open = next;
        }
    }
}
