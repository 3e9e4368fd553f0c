//! Statements that are put together piece by piece.

use std::collections::BTreeMap;

use crate::base::Name;
use crate::facts::cx::BodyView;
use crate::facts::sql::{self, Access, HOLE};
use crate::facts::strings;
use crate::model::Certainty;
use crate::parse::tree::body::{Expr, ExprId, MacroCall, Pat, PatId, Stmt};
use crate::resolve::{CallTarget, DefId};

use super::literal::literal;
use super::{Reader, Site, TableFacts, Takes, loop_ranges};

/// Where a statement under construction comes from.
pub(super) enum Builder {
    /// This call makes it.
    Made(ExprId),
    /// This parameter of the function.
    Parameter(usize),
    /// Not known.
    Other,
}

/// Whether `arg` is the text of a query that SeaQuery builds, whose tables are read where it is built:
/// `&query.to_string(SqliteQueryBuilder)`, `&sql` of `let (sql, values) = query.build_sqlx(SqliteQueryBuilder)`.
pub(super) fn is_built_query(view: &BodyView, arg: ExprId) -> bool {
    match view.expr(arg) {
        Expr::Ref { expr, .. } | Expr::Unary { expr, .. } => is_built_query(view, *expr),
        Expr::MethodCall { receiver, args, .. } => match &args[..] {
            [] => is_built_query(view, *receiver),
            args => args.iter().any(|&arg| {
                matches!(view.expr(arg), Expr::Path(path) if path.last().is_some_and(|name| name.as_str().ends_with("QueryBuilder")))
            }),
        },
        Expr::Path(path) => path.as_name().is_some_and(|name| {
            let is_it = |pat: PatId| match &view.body.pats[pat] {
                Pat::Tuple { pats, .. } => pats.iter().any(|&pat| strings::binds(view.body, pat, name)),
                _ => strings::binds(view.body, pat, name),
            };
            let lets = view.body.exprs.iter().filter_map(|expr| match expr {
                Expr::Block { stmts, .. } => Some(stmts),
                _ => None,
            });
            lets.flatten().any(|stmt| match stmt {
                // In `let sql = sql.trim();` the old one is meant, which was bound before.
                Stmt::Let { pat, init: Some(init), .. } => {
                    let is_before = view.body.ranges[*init].end <= view.body.ranges[arg].start;
                    let is_call = matches!(view.expr(*init), Expr::MethodCall { .. });
                    is_before && is_call && is_it(*pat) && is_built_query(view, *init)
                }
                _ => false,
            })
        }),
        _ => false,
    }
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

    /// What a body appends to the statements that it makes, in order; what is not known is a [`HOLE`].
    pub(super) fn built(&self, view: &BodyView, interesting: &[ExprId]) -> Vec<(ExprId, String)> {
        let mut parts: Vec<(ExprId, u32, String)> = Vec::new();
        for &expr in interesting {
            let Some((_, Takes::Fragment(arg))) = self.takes(view, expr) else { continue };
            let Builder::Made(made) = self.builder(view, expr) else { continue };
            let text = strings::text_of(self.cx, view, arg);
            let text = text.map_or_else(|| HOLE.to_owned(), |text| text.values.join(" "));
            parts.push((made, self.cx.expr_start(view.body, expr), text));
        }
        parts.sort_by_key(|&(made, at, _)| (made, at));
        let mut built: Vec<(ExprId, String)> = Vec::new();
        for (made, _, text) in parts {
            match built.last_mut().filter(|(known, _)| *known == made) {
                Some((_, all)) => *all = format!("{all} {text}"),
                None => built.push((made, format!(" {text}"))),
            }
        }
        built
    }

    /// `query_joined!(User, "SELECT ", USER_COLUMNS, " FROM users WHERE id = $1"; id)`: the texts and
    /// constants from the first text on, where they make a statement.
    pub(super) fn pieces(&self, view: &BodyView, call: &MacroCall) -> Option<String> {
        if call.expanded || !may_take_pieces(call.path.last()?) {
            return None;
        }
        let tokens = self.cx.text(view.def, call.tokens);
        let quote = tokens.find('"')?;
        // Before the first text there may be a type or a pool.
        let mut rest = tokens[..quote].rfind(',').map_or(tokens, |comma| &tokens[comma + 1..]).trim_start();
        let mut text = String::new();
        loop {
            if let Some((value, len)) = literal(rest) {
                text.push_str(&value);
                rest = &rest[len..];
            } else {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                let name = &rest[..end];
                if name.is_empty() || name.contains(char::is_lowercase) {
                    break;
                }
                let constant = self.cx.constant_named(view.def, Name::new(name));
                let value = constant.and_then(|constant| strings::constant_text(self.cx, constant));
                text.push_str(value.as_deref().unwrap_or(HOLE));
                rest = &rest[end..];
            }
            let Some(next) = rest.trim_start().strip_prefix(',') else { break };
            rest = next.trim_start();
        }
        sql::looks_like_sql(&text, true).then_some(text)
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
                                let mut site =
                                    Site { function, def: caller, loops: &loops, built: &[], facts };
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

/// Whether a macro that no layer knows may put a statement together, by its name.
pub(super) fn may_take_pieces(name: Name) -> bool {
    name.as_str().contains("query") || name.as_str().contains("sql")
}
