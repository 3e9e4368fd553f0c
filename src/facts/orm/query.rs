//! Where a query that is put together from parts is run.
//!
//! `let late = orders::table.filter(…); delete(late)` deletes, and `items::table.filter(exists(late))` reads
//! both tables at once: a part belongs to the statement that takes it.

use crate::base::{Id, Name};
use crate::facts::cx::BodyView;
use crate::model::TableOp;
use crate::parse::tree::body::{Expr, ExprId, Pat, PatId, Stmt};

/// Methods that run a query.
const EXECUTES: &[&str] =
    &["load", "load_iter", "load_stream", "get_result", "get_results", "first", "execute", "get_optional"];

const MAX_DEPTH: u32 = 8;

/// What is done with a part, and the expression whose start says where.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub op: TableOp,
    pub at: ExprId,
}

/// A body in which queries are followed.
pub(super) struct Queries<'q, 'a> {
    pub view: &'q BodyView<'a>,
    pub parents: &'q [Option<ExprId>],
    /// Whether an expression names a table or starts a statement: `orders::table`, `diesel::delete(…)`.
    pub starts: &'q dyn Fn(ExprId) -> bool,
    /// What a function does to the query that it is given.
    pub op_of: &'q dyn Fn(ExprId) -> Option<TableOp>,
}

impl Queries<'_, '_> {
    /// Where the reading part that starts at `at` is run, and what is done to its table.
    pub(super) fn uses(&self, at: ExprId) -> Vec<Use> {
        self.uses_of(at, 0)
    }

    fn uses_of(&self, at: ExprId, depth: u32) -> Vec<Use> {
        let here = vec![Use { op: TableOp::Read, at: self.outermost(at, depth).unwrap_or(at) }];
        let (top, executed) = self.chain(at);
        if executed || depth > MAX_DEPTH {
            return here;
        }
        let Some(name) = self.bound_by_let(top) else { return here };
        let mut parts = Vec::new();
        for (id, expr) in self.view.body.exprs.iter_enumerated() {
            let later = self.view.body.ranges[id].start >= self.view.body.ranges[top].end;
            if !(later && matches!(expr, Expr::Path(path) if path.as_name() == Some(name))) {
                continue;
            }
            let (used, executed) = self.chain(id);
            match self.given_to(used) {
                Some(call) if !executed => match (self.op_of)(call) {
                    Some(op) => parts.push(Use { op, at: call }),
                    // `select(exists(late))` reads nothing else.
                    None if self.outermost(call, depth).is_none() => return here,
                    None => parts.extend(self.uses_of(call, depth + 1)),
                },
                // It is run, or grows, by itself.
                _ => return here,
            }
        }
        if parts.is_empty() { here } else { parts }
    }

    /// The chain of methods on an expression, and whether one of them runs it.
    fn chain(&self, mut expr: ExprId) -> (ExprId, bool) {
        let mut executed = false;
        while let Some(parent) = self.parents[expr.idx()] {
            match &self.view.body.exprs[parent] {
                Expr::MethodCall { receiver, name, .. } if *receiver == expr => {
                    executed |= EXECUTES.contains(&name.as_str());
                }
                Expr::Ref { .. } | Expr::Await(_) | Expr::Try(_) => {}
                _ => break,
            }
            expr = parent;
        }
        (expr, executed)
    }

    /// The call that takes an expression as an argument.
    fn given_to(&self, expr: ExprId) -> Option<ExprId> {
        let parent = self.parents[expr.idx()]?;
        match &self.view.body.exprs[parent] {
            Expr::Call { args, .. } | Expr::MethodCall { args, .. } if args.contains(&expr) => Some(parent),
            _ => None,
        }
    }

    fn bound_by_let(&self, init: ExprId) -> Option<Name> {
        let block = self.parents[init.idx()]?;
        let Expr::Block { stmts, .. } = &self.view.body.exprs[block] else { return None };
        stmts.iter().find_map(|stmt| match stmt {
            Stmt::Let { pat, init: Some(found), .. } if *found == init => self.bound(*pat),
            _ => None,
        })
    }

    fn bound(&self, pat: PatId) -> Option<Name> {
        match &self.view.body.pats[pat] {
            Pat::Bind { name, .. } => Some(*name),
            Pat::Typed { pat, .. } => self.bound(*pat),
            _ => None,
        }
    }

    /// The start of the query of which an expression is a part, where there is one around it.
    fn outermost(&self, at: ExprId, depth: u32) -> Option<ExprId> {
        let mut found = None;
        let mut current = at;
        while let Some(parent) = self.parents[current.idx()] {
            match &self.view.body.exprs[parent] {
                Expr::MethodCall { .. } => {
                    let root = self.root(parent);
                    if (self.starts)(root) {
                        found = Some(root);
                    } else if let Some(start) = self.local_start(root, depth) {
                        found = Some(start);
                    }
                }
                Expr::Call { .. } if (self.starts)(parent) => found = Some(parent),
                Expr::Call { .. }
                | Expr::Ref { .. }
                | Expr::Await(_)
                | Expr::Try(_)
                | Expr::Tuple(_)
                | Expr::Array(_)
                | Expr::Assign { .. }
                | Expr::Binary { .. } => {}
                _ => break,
            }
            current = parent;
        }
        found
    }

    /// The receiver at the start of a chain.
    fn root(&self, mut expr: ExprId) -> ExprId {
        while let Expr::MethodCall { receiver: inner, .. }
        | Expr::Ref { expr: inner, .. }
        | Expr::Await(inner)
        | Expr::Try(inner) = &self.view.body.exprs[expr]
        {
            expr = *inner;
        }
        expr
    }

    /// Where the query starts that a local is bound to.
    fn local_start(&self, local: ExprId, depth: u32) -> Option<ExprId> {
        let Expr::Path(path) = &self.view.body.exprs[local] else { return None };
        let init = crate::facts::strings::last_let(self.view.body, path.as_name()?, local)?;
        let root = self.root(init);
        if (self.starts)(root) {
            return Some(root);
        }
        (depth < MAX_DEPTH && root != local).then(|| self.local_start(root, depth + 1)).flatten()
    }
}
