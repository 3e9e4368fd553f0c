//! Where values go in a body, as far as transactions care.

use crate::base::{Name, TextRange};
use crate::parse::tree::body::{Body, Expr, ExprId, JumpKind, Pat, PatId, Stmt};
use crate::parse::tree::types::{Path, PathStart};

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

/// The single name that a pattern binds.
pub(super) fn bound(body: &Body, pat: PatId) -> Option<Name> {
    match &body.pats[pat] {
        Pat::Bind { name, .. } => Some(*name),
        Pat::Typed { pat, .. } | Pat::Ref(pat) => bound(body, *pat),
        Pat::Tuple { pats, .. } | Pat::TupleStruct { pats, .. } => {
            pats.iter().find_map(|&pat| bound(body, pat))
        }
        _ => None,
    }
}

pub(super) fn root_name(body: &Body, mut expr: ExprId) -> Option<Name> {
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
pub(super) fn occurs(body: &Body, range: TextRange, names: &[Name]) -> bool {
    body.exprs.iter_enumerated().any(|(id, expr)| match expr {
        Expr::Path(path) => range.contains(body.ranges[id]) && is_one_of(path, names),
        _ => false,
    })
}

/// Whether a path is one of the names; `self` is one, too.
fn is_one_of(path: &Path, names: &[Name]) -> bool {
    match path.as_name() {
        Some(name) => names.contains(&name),
        None => {
            path.start == PathStart::SelfModule
                && path.segments.is_empty()
                && names.iter().any(|name| name.as_str() == "self")
        }
    }
}

/// The names that `let … = <expr>` gives to the value that stands in `range`.
pub(super) fn let_names(body: &Body, range: TextRange) -> Option<Vec<Name>> {
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
    if best.as_ref().is_some_and(|&(known, _)| len >= known) {
        return;
    }
    let names: Vec<Name> = match &body.pats[pat] {
        // What is given back may be the transaction and what works in it: `let (tx, client) = …`.
        Pat::Tuple { pats, .. } if !matches!(body.exprs[init], Expr::Tuple(_)) => {
            pats.iter().filter_map(|&pat| bound(body, pat)).collect()
        }
        _ => bound(body, pat).into_iter().collect(),
    };
    if !names.is_empty() {
        *best = Some((len, names));
    }
}

/// Behind the last `tx.commit()` or `tx.rollback()` of the value that is bound at `from`: the next value of
/// that name has ends of its own.
pub(super) fn last_end(body: &Body, names: &[Name], from: u32) -> Option<u32> {
    let lets = body.exprs.iter().filter_map(|expr| match expr {
        Expr::Block { stmts, .. } => Some(stmts),
        _ => None,
    });
    let again = lets.flatten().filter_map(|stmt| match stmt {
        Stmt::Let { pat, init: Some(init), .. }
            if bound(body, *pat).is_some_and(|name| names.contains(&name)) =>
        {
            let range = body.ranges[*init];
            // `let tx = Logged(tx)` goes on with the same.
            (range.start > from && !occurs(body, range, names)).then_some(range.start)
        }
        _ => None,
    });
    let next = again.min().unwrap_or(u32::MAX);
    let ends = body.exprs.iter_enumerated().filter_map(|(id, expr)| match expr {
        Expr::MethodCall { receiver, name, .. } if matches!(name.as_str(), "commit" | "rollback") => {
            let end = body.ranges[id].end;
            let is_it = root_name(body, *receiver).is_some_and(|root| names.contains(&root));
            (is_it && (from..next).contains(&end)).then_some(end)
        }
        _ => None,
    });
    ends.max()
}

pub(super) fn body_end(body: &Body) -> u32 {
    body.root.map_or(0, |root| body.ranges[root].end)
}

/// Whether what a function gives back meets a condition: its tail and its `return`s.
pub(super) fn returns(body: &Body, meets: impl Fn(TextRange) -> bool) -> bool {
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
pub(super) fn statements(body: &Body, range: TextRange) -> Vec<TextRange> {
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
pub(super) fn executes(body: &Body, range: TextRange) -> bool {
    body.exprs.iter_enumerated().any(|(id, expr)| match expr {
        Expr::MethodCall { name, args, .. } => {
            EXECUTING.contains(&name.as_str()) && !args.is_empty() && range.contains(body.ranges[id])
        }
        _ => false,
    })
}

/// The names with those that stand for the same value in a stretch: `let db = tx;`, `let conn = &mut *tx;`.
pub(super) fn with_aliases(body: &Body, range: TextRange, names: &[Name]) -> Vec<Name> {
    let mut all = names.to_vec();
    loop {
        let before = all.len();
        for (id, expr) in body.exprs.iter_enumerated() {
            let Expr::Block { stmts, .. } = expr else { continue };
            if body.ranges[id].end < range.start || body.ranges[id].start > range.end {
                continue;
            }
            for stmt in stmts {
                if let Stmt::Let { pat, init: Some(init), .. } = stmt
                    && range.contains(body.ranges[*init])
                    && let Some(name) = bound(body, *pat)
                    && !all.contains(&name)
                    && is_same_value(body, *init, &all, is_connection(name))
                {
                    all.push(name);
                }
            }
        }
        if all.len() == before {
            return all;
        }
    }
}

/// Whether a local is called like a connection.
fn is_connection(name: Name) -> bool {
    matches!(
        name.as_str(),
        "conn"
            | "connection"
            | "db"
            | "database"
            | "tx"
            | "txn"
            | "trx"
            | "transaction"
            | "executor"
            | "pool"
    )
}

/// Whether an expression is one of the names, a reference to what it holds, or something that is made to
/// hold it; what a function gives for it counts where it is kept as a connection.
fn is_same_value(body: &Body, mut expr: ExprId, names: &[Name], kept: bool) -> bool {
    loop {
        match &body.exprs[expr] {
            Expr::Path(path) => return is_one_of(path, names),
            Expr::Ref { expr: inner, .. }
            | Expr::Unary { expr: inner, .. }
            | Expr::Await(inner)
            | Expr::Try(inner) => expr = *inner,
            Expr::MethodCall { receiver, name, args, .. }
                if args.is_empty()
                    && (kept
                        || matches!(
                            name.as_str(),
                            "as_mut"
                                | "deref_mut"
                                | "borrow_mut"
                                | "borrow"
                                | "as_ref"
                                | "acquire"
                                | "clone"
                                | "into"
                        )) =>
            {
                expr = *receiver
            }
            Expr::Call { callee, args } => {
                let makes = match &body.exprs[*callee] {
                    Expr::Path(path) => path.last().is_some_and(|name| {
                        let name = name.as_str();
                        matches!(name, "new" | "from" | "with")
                            || name.starts_with(|c: char| c.is_uppercase())
                    }),
                    _ => false,
                };
                return (makes || kept) && args.iter().any(|&arg| is_same_value(body, arg, names, kept));
            }
            Expr::Struct { fields, .. } => {
                return fields.iter().any(|&(_, field)| is_same_value(body, field, names, kept));
            }
            _ => return false,
        }
    }
}

/// Whether a stretch calls a parameter of the function with one of the names: `work(tx).await`.
pub(super) fn runs_parameter(body: &Body, range: TextRange, names: &[Name]) -> bool {
    let params: Vec<Name> = body.params.iter().filter_map(|&pat| bound(body, pat)).collect();
    let names = with_aliases(body, range, names);
    body.exprs.iter_enumerated().any(|(id, expr)| match expr {
        Expr::Call { callee, args } if range.contains(body.ranges[id]) => {
            matches!(&body.exprs[*callee], Expr::Path(path) if path.as_name().is_some_and(|name| params.contains(&name)))
                && args.iter().any(|&arg| occurs(body, body.ranges[arg], &names))
        }
        _ => false,
    })
}

/// The names of a closure's parameters.
pub(super) fn closure_names(body: &Body, closure: ExprId) -> Vec<Name> {
    match &body.exprs[closure] {
        Expr::Closure { params, .. } => params.iter().filter_map(|(pat, _)| bound(body, *pat)).collect(),
        _ => Vec::new(),
    }
}

/// Whether an expression stands in a closure: what it gives stays there.
pub(super) fn in_closure(body: &Body, expr: ExprId) -> bool {
    body.exprs.iter_enumerated().any(|(id, around)| {
        id != expr && matches!(around, Expr::Closure { .. }) && body.ranges[id].contains(body.ranges[expr])
    })
}
