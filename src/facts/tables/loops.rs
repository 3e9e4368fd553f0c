//! Where code runs more than once.

use crate::parse::tree::body::{Body, Expr, ExprId, LoopKind};

/// Ranges of loop bodies and of closures given to iterators.
pub(in crate::facts) fn loop_ranges(body: &Body) -> Vec<crate::base::TextRange> {
    const ITERATING: &[&str] = &[
        "map",
        "for_each",
        "filter_map",
        "flat_map",
        "then",
        "filter",
        "try_for_each",
        "fold",
        "for_each_concurrent",
        "try_for_each_concurrent",
        "and_then_each",
        "retain",
    ];
    let mut ranges = Vec::new();
    for expr in &body.exprs {
        match expr {
            Expr::Loop { body: inner, kind } => {
                ranges.push(body.ranges[*inner]);
                if let LoopKind::While { cond } = kind {
                    ranges.push(body.ranges[*cond]);
                }
            }
            Expr::MethodCall { receiver, name, args, .. }
                if ITERATING.contains(&name.as_str()) && iterates(body, *receiver) =>
            {
                ranges.extend(
                    args.iter()
                        .filter(|&&arg| matches!(body.exprs[arg], Expr::Closure { .. }))
                        .map(|&arg| body.ranges[arg]),
                );
            }
            _ => {}
        }
    }
    ranges
}

/// Whether a chain starts an iterator or stream: `map` alone may be an `Option`'s.
fn iterates(body: &Body, mut expr: ExprId) -> bool {
    loop {
        match &body.exprs[expr] {
            Expr::MethodCall { receiver, name, .. } => {
                if matches!(
                    name.as_str(),
                    "iter"
                        | "into_iter"
                        | "iter_mut"
                        | "drain"
                        | "keys"
                        | "values"
                        | "chunks"
                        | "lines"
                        | "split"
                        | "chars"
                        | "stream"
                        | "fetch"
                        | "enumerate"
                        | "zip"
                ) {
                    return true;
                }
                expr = *receiver;
            }
            Expr::Call { callee, .. } => {
                return matches!(&body.exprs[*callee], Expr::Path(path) if path.segments.iter().any(|segment| segment.name == "stream" || segment.name == "iter"));
            }
            Expr::Range { .. } => return true,
            _ => return false,
        }
    }
}
