//! Where a transaction opens, and what runs inside.
//!
//! The extent follows the value: from where it is bound to its commit, into every function that is given
//! it, and out to the caller of a function that gives it back.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{IndexVec, Name, Place, TextRange};
use crate::model::{CallEdge, FunctionId, TableAccess, TableId, TableOp, Transaction};
use crate::parse::tree::body::{Body, Expr, ExprId, JumpKind, Pat, PatId, Stmt};
use crate::parse::tree::types::PathStart;
use crate::resolve::{CallKind, CallTarget, DefId};

use super::cx::{Callee, Cx, callee, krate_of};

/// Finds all transactions. `accesses` are the model's, sorted by function.
pub(super) fn transactions(cx: &Cx, calls: &[CallEdge], accesses: &[TableAccess]) -> Vec<Transaction> {
    let finder = Finder::new(cx, calls, accesses);
    let mut found = Vec::new();
    for &def in &cx.def_of {
        let Some(body) = cx.body(def) else { continue };
        for (id, expr) in body.exprs.iter_enumerated() {
            let Expr::MethodCall { name, args, .. } = expr else { continue };
            let Some(how) = finder.opens(def, id, *name, args, body) else { continue };
            found.push(finder.transaction(def, body, id, how));
        }
    }
    found.sort_by_key(|transaction| (transaction.site, transaction.opened_by));
    found
}

enum How {
    /// `begin()`.
    Value,
    /// `transaction(|tx| …)`.
    Closure(ExprId),
}

struct Finder<'c, 'a> {
    cx: &'c Cx<'a>,
    /// Accesses of each function.
    accesses: IndexVec<FunctionId, Vec<TableAccess>>,
    /// Functions that touch a table, directly or through others.
    touches: BTreeSet<DefId>,
    /// Callers of each definition.
    callers: BTreeMap<DefId, Vec<DefId>>,
}

/// What was found inside of one transaction.
#[derive(Default)]
struct Extent {
    functions: BTreeSet<FunctionId>,
    tables: BTreeSet<(TableId, TableOp)>,
    escapes: BTreeSet<Place>,
    /// Functions and names that were followed.
    seen: BTreeSet<(DefId, Name)>,
}

const EXECUTING: &[&str] = &[
    "execute",
    "execute_many",
    "fetch",
    "fetch_one",
    "fetch_all",
    "fetch_optional",
    "fetch_many",
    "load",
    "first",
    "get_result",
    "get_results",
    "one",
    "all",
    "exec",
    "insert",
    "update",
    "delete",
    "save",
    "query_row",
    "query_one",
    "query_opt",
];

impl<'c, 'a> Finder<'c, 'a> {
    fn new(cx: &'c Cx<'a>, calls: &[CallEdge], accesses: &[TableAccess]) -> Self {
        let mut by_function: IndexVec<FunctionId, Vec<TableAccess>> =
            cx.def_of.iter().map(|_| Vec::new()).collect();
        for access in accesses {
            by_function[access.function].push(access.clone());
        }
        let mut callers: BTreeMap<DefId, Vec<DefId>> = BTreeMap::new();
        for call in calls {
            callers.entry(cx.def_of[call.callee]).or_default().push(cx.def_of[call.caller]);
        }
        let mut touches = BTreeSet::new();
        let mut stack: Vec<DefId> = by_function
            .iter_enumerated()
            .filter(|(_, accesses)| !accesses.is_empty())
            .map(|(id, _)| cx.def_of[id])
            .collect();
        while let Some(def) = stack.pop() {
            if touches.insert(def) {
                stack.extend(callers.get(&def).into_iter().flatten());
            }
        }
        Self { cx, accesses: by_function, touches, callers }
    }

    fn opens(&self, def: DefId, expr: ExprId, name: Name, args: &[ExprId], body: &Body) -> Option<How> {
        let mut catalogs = self.cx.catalogs.databases.iter();
        let listed = |list: &[String]| list.iter().any(|known| name == **known);
        catalogs.clone().find(|db| listed(&db.begin) || listed(&db.transaction))?;
        let target = self.cx.program.call_at(def, expr).map(|call| &call.target);
        catalogs.find_map(|db| {
            let known = match callee(target) {
                Callee::External(path) => {
                    db.crates.iter().any(|krate| krate == krate_of(path))
                        // A pool of another crate gives a connection of this one.
                        || self.cx.depends_on(def, &db.crates)
                            && !matches!(krate_of(path), "std" | "core" | "alloc")
                }
                Callee::Open => self.cx.depends_on(def, &db.crates),
                Callee::Own => false,
            };
            if !known {
                return None;
            }
            let closure = args.iter().copied().find(|&arg| matches!(body.exprs[arg], Expr::Closure { .. }));
            match closure {
                Some(closure) if listed(&db.transaction) => Some(How::Closure(closure)),
                None if listed(&db.begin) && args.len() <= 1 => Some(How::Value),
                _ => None,
            }
        })
    }

    fn transaction(&self, def: DefId, body: &Body, expr: ExprId, how: How) -> Transaction {
        let opened_by = self.cx.function_of[def].expect("only functions have bodies that are walked");
        let site = self.cx.place_at(def, self.cx.expr_start(body, expr));
        let mut extent = Extent::default();
        extent.functions.insert(opened_by);
        match how {
            How::Value => self.follow_value(def, body, expr, &mut extent, 0),
            How::Closure(closure) => {
                if let Expr::Closure { params, .. } = &body.exprs[closure] {
                    let mut names: Vec<Name> =
                        params.iter().filter_map(|(pat, _)| bound(body, *pat)).collect();
                    // The closure may use the connection itself.
                    if let Expr::MethodCall { receiver, .. } = &body.exprs[expr] {
                        names.extend(root_name(body, *receiver));
                    }
                    self.inside(def, body, body.ranges[closure], &names, &mut extent);
                }
            }
        }
        Transaction {
            opened_by,
            site,
            functions: extent.functions.into_iter().collect(),
            tables: extent.tables.into_iter().collect(),
            escapes: extent.escapes.into_iter().collect(),
        }
    }

    /// Follows the value that `expr` gives: the name that it is bound to, or the callers where it is
    /// given back.
    fn follow_value(&self, def: DefId, body: &Body, expr: ExprId, extent: &mut Extent, depth: u32) {
        let range = body.ranges[expr];
        let names = let_names(body, range);
        if let Some(names) = &names {
            let start = range.end;
            let end = last_end(body, names).unwrap_or_else(|| body_end(body));
            let extent_range = TextRange::new(start, end.max(start));
            self.inside(def, body, extent_range, names, extent);
        }
        let given_back = match &names {
            Some(names) => returns(body, |range| occurs(body, range, names)),
            None => returns(body, |tail| tail.contains(range)),
        };
        if !given_back || depth > 3 {
            return;
        }
        for caller in self.callers.get(&def).into_iter().flatten() {
            let (Some(outer), false) = (self.cx.body(*caller), self.cx.def(*caller).is_test) else {
                continue;
            };
            for call in &self.cx.program.calls[*caller] {
                let is_it = matches!(&call.target, CallTarget::Resolved(callee) if *callee == def);
                if let (true, Some(expr)) = (is_it && call.kind != CallKind::Reference, call.expr) {
                    extent.functions.extend(self.cx.function_of[*caller]);
                    self.follow_value(*caller, outer, expr, extent, depth + 1);
                }
            }
        }
    }

    /// Reads a stretch of a body in which `names` are the transaction.
    fn inside(&self, def: DefId, body: &Body, range: TextRange, names: &[Name], extent: &mut Extent) {
        let Some(function) = self.cx.function_of[def] else { return };
        let statements = statements(body, range);
        let lines = |range: TextRange| {
            let source = &self.cx.workspace.sources.files[self.cx.def(def).file];
            (source.line(range.start), source.line(range.end.saturating_sub(1)))
        };
        let all = lines(range);
        for access in &self.accesses[function] {
            let line = access.site.line;
            if line < all.0 || line > all.1 {
                continue;
            }
            let around = statements.iter().filter(|range| {
                let (first, last) = lines(**range);
                first <= line && line <= last
            });
            let statement = around.min_by_key(|range| range.end - range.start);
            let outside = statement
                .is_some_and(|&statement| !occurs(body, statement, names) && executes(body, statement));
            if outside {
                extent.escapes.insert(access.site);
            } else {
                extent.tables.insert((access.table, access.op));
            }
        }
        for call in &self.cx.program.calls[def] {
            if !range.contains(call.site) || call.kind == CallKind::Reference {
                continue;
            }
            let targets: &[DefId] = match &call.target {
                CallTarget::Resolved(def) => std::slice::from_ref(def),
                CallTarget::OneOf(defs) => defs,
                _ => continue,
            };
            let Some(expr) = call.expr else { continue };
            for &callee in targets {
                match self.given(body, expr, callee, names) {
                    Some(name) => self.callee(callee, name, extent),
                    None if self.touches.contains(&callee) => {
                        extent.escapes.insert(self.cx.place_at(def, call.site.start));
                    }
                    None => {}
                }
            }
        }
    }

    fn callee(&self, callee: DefId, name: Name, extent: &mut Extent) {
        let Some(function) = self.cx.function_of[callee] else { return };
        extent.functions.insert(function);
        if !extent.seen.insert((callee, name)) {
            return;
        }
        if let Some(body) = self.cx.body(callee)
            && let Some(root) = body.root
        {
            self.inside(callee, body, body.ranges[root], &[name], extent);
        }
    }

    /// The name under which a callee knows the transaction, where the call hands it over.
    fn given(&self, body: &Body, call: ExprId, callee: DefId, names: &[Name]) -> Option<Name> {
        let decl = self.cx.fn_decl(callee)?;
        let (receiver, args): (Option<ExprId>, &[ExprId]) = match &body.exprs[call] {
            Expr::MethodCall { receiver, args, .. } => (Some(*receiver), args),
            // `Repo::save(&repo, &mut tx)`: the first argument is the receiver.
            Expr::Call { args, .. } if decl.receiver.is_some() => {
                (args.first().copied(), args.get(1..).unwrap_or(&[]))
            }
            Expr::Call { args, .. } => (None, args),
            _ => return None,
        };
        if receiver.is_some_and(|receiver| occurs(body, body.ranges[receiver], names)) {
            return Some(Name::new("self"));
        }
        let at = args.iter().position(|&arg| occurs(body, body.ranges[arg], names))?;
        let callee_body = self.cx.body(callee)?;
        bound(callee_body, *callee_body.params.get(at)?).or(Some(Name::new("")))
    }
}

/// The single name that a pattern binds.
fn bound(body: &Body, pat: PatId) -> Option<Name> {
    match &body.pats[pat] {
        Pat::Bind { name, .. } => Some(*name),
        Pat::Typed { pat, .. } | Pat::Ref(pat) => bound(body, *pat),
        Pat::Tuple { pats, .. } | Pat::TupleStruct { pats, .. } => {
            pats.iter().find_map(|&pat| bound(body, pat))
        }
        _ => None,
    }
}

fn root_name(body: &Body, mut expr: ExprId) -> Option<Name> {
    loop {
        match &body.exprs[expr] {
            Expr::Path(path) => return path.as_name(),
            Expr::Field { base: inner, .. }
            | Expr::Ref { expr: inner, .. }
            | Expr::Unary { expr: inner, .. }
            | Expr::Await(inner)
            | Expr::Try(inner)
            | Expr::MethodCall { receiver: inner, .. } => expr = *inner,
            _ => return None,
        }
    }
}

/// Whether a name stands in a stretch.
fn occurs(body: &Body, range: TextRange, names: &[Name]) -> bool {
    body.exprs.iter_enumerated().any(|(id, expr)| match expr {
        Expr::Path(path) if range.contains(body.ranges[id]) => match path.as_name() {
            Some(name) => names.contains(&name),
            None => {
                path.start == PathStart::SelfModule
                    && path.segments.is_empty()
                    && names.iter().any(|name| name.as_str() == "self")
            }
        },
        _ => false,
    })
}

/// The names that `let … = <expr>` gives to the value that stands in `range`.
fn let_names(body: &Body, range: TextRange) -> Option<Vec<Name>> {
    let mut best: Option<(u32, Vec<Name>)> = None;
    for expr in &body.exprs {
        let (pat, init) = match expr {
            Expr::Block { stmts, .. } => {
                for stmt in stmts {
                    if let Stmt::Let { pat, init: Some(init), .. } = stmt {
                        note(body, *pat, *init, range, &mut best);
                    }
                }
                continue;
            }
            Expr::Let { pat, expr } => (*pat, *expr),
            Expr::Assign { left, right } => {
                if body.ranges[*right].contains(range)
                    && let Some(name) = root_name(body, *left)
                {
                    let len = body.ranges[*right].end - body.ranges[*right].start;
                    if best.as_ref().is_none_or(|(known, _)| len < *known) {
                        best = Some((len, vec![name]));
                    }
                }
                continue;
            }
            _ => continue,
        };
        note(body, pat, init, range, &mut best);
    }
    best.map(|(_, names)| names)
}

fn note(body: &Body, pat: PatId, init: ExprId, range: TextRange, best: &mut Option<(u32, Vec<Name>)>) {
    let around = body.ranges[init];
    // A closure or block in between has a life of its own.
    let is_inner = matches!(body.exprs[init], Expr::Closure { .. });
    if !around.contains(range) || is_inner {
        return;
    }
    let len = around.end - around.start;
    if best.as_ref().is_none_or(|(known, _)| len < *known)
        && let Some(name) = bound(body, pat)
    {
        *best = Some((len, vec![name]));
    }
}

/// Behind the last `tx.commit()` or `tx.rollback()`.
fn last_end(body: &Body, names: &[Name]) -> Option<u32> {
    let ends = body.exprs.iter_enumerated().filter_map(|(id, expr)| match expr {
        Expr::MethodCall { receiver, name, .. } if matches!(name.as_str(), "commit" | "rollback") => {
            root_name(body, *receiver).filter(|root| names.contains(root)).map(|_| body.ranges[id].end)
        }
        _ => None,
    });
    ends.max()
}

fn body_end(body: &Body) -> u32 {
    body.root.map_or(0, |root| body.ranges[root].end)
}

/// Whether what a function gives back meets a condition: its tail and its `return`s.
fn returns(body: &Body, meets: impl Fn(TextRange) -> bool) -> bool {
    let tail = match body.root.map(|root| (root, &body.exprs[root])) {
        Some((_, Expr::Block { tail: Some(tail), .. })) => results(body, *tail).into_iter().any(&meets),
        Some((_, Expr::Block { .. })) | None => false,
        Some((root, _)) => meets(body.ranges[root]),
    };
    tail || body.exprs.iter().any(|expr| match expr {
        Expr::Jump { kind: JumpKind::Return, value: Some(value) } => meets(body.ranges[*value]),
        _ => false,
    })
}

/// The values that a tail expression may be; `tx.commit().await` gives nothing of the transaction back.
fn results(body: &Body, tail: ExprId) -> Vec<TextRange> {
    match &body.exprs[tail] {
        Expr::If { then, else_, .. } => {
            let mut all = results(body, *then);
            all.extend(else_.iter().flat_map(|&else_| results(body, else_)));
            all
        }
        Expr::Match { arms, .. } => arms.iter().flat_map(|arm| results(body, arm.body)).collect(),
        Expr::Block { tail: Some(tail), .. } => results(body, *tail),
        Expr::Block { .. } => Vec::new(),
        Expr::Call { args, .. } => {
            // `Ok(tx)`, `Ok(Step::Go(tx))`: a constructor holds it; a function that is given a reference
            // to it does not.
            args.iter().flat_map(|&arg| results(body, arg)).collect()
        }
        Expr::Tuple(parts) => parts.iter().flat_map(|&part| results(body, part)).collect(),
        Expr::Struct { fields, .. } => fields.iter().flat_map(|&(_, field)| results(body, field)).collect(),
        Expr::Path(_) => vec![body.ranges[tail]],
        Expr::Await(inner) | Expr::Try(inner) => match &body.exprs[*inner] {
            Expr::MethodCall { name, .. } if matches!(name.as_str(), "commit" | "rollback") => Vec::new(),
            Expr::MethodCall { .. } => vec![body.ranges[tail]],
            _ => results(body, *inner),
        },
        Expr::MethodCall { name, receiver, .. } if !EXECUTING.contains(&name.as_str()) => {
            match &body.exprs[*receiver] {
                Expr::Path(_) => Vec::new(),
                _ => vec![body.ranges[tail]],
            }
        }
        _ => Vec::new(),
    }
}

/// The statements and block tails inside of a stretch.
fn statements(body: &Body, range: TextRange) -> Vec<TextRange> {
    let mut found = Vec::new();
    for (id, expr) in body.exprs.iter_enumerated() {
        let Expr::Block { stmts, tail, .. } = expr else { continue };
        let block = body.ranges[id];
        if block.end < range.start || block.start > range.end {
            continue;
        }
        for stmt in stmts {
            found.extend(match stmt {
                Stmt::Let { init, .. } => init.map(|init| body.ranges[init]),
                Stmt::Expr { expr, .. } => Some(body.ranges[*expr]),
            });
        }
        found.extend(tail.map(|tail| body.ranges[tail]));
    }
    found
}

/// Whether a statement runs a query on something.
fn executes(body: &Body, range: TextRange) -> bool {
    body.exprs.iter_enumerated().any(|(id, expr)| match expr {
        Expr::MethodCall { name, args, .. } => {
            EXECUTING.contains(&name.as_str()) && !args.is_empty() && range.contains(body.ranges[id])
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests;
