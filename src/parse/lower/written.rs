//! What splitter adds to an application's functions: an analysis after a step says what it said before.

use syn::{Block, Expr, Stmt};

/// How the modules begin that splitter adds to a crate's root.
const MODULES: [&str; 3] = ["answers_", "asks_", "switch_"];

/// Whether an expression calls a function of an added module.
fn is_ours(expr: &Expr) -> bool {
    let Expr::Call(call) = expr else { return false };
    let Expr::Path(path) = &*call.func else { return false };
    let mut segments = path.path.segments.iter().map(|segment| &segment.ident);
    segments.next().is_some_and(|first| first == "crate")
        && segments.next().is_some_and(|module| {
            let module = module.to_string();
            MODULES.iter().any(|begin| module.starts_with(begin))
        })
}

/// The application's own statements in what stands around a body that another process may answer:
/// `crate::asks_…::name(…).or(async move { … }).await`.
pub(super) fn asked_elsewhere(awaited: &Expr) -> Option<&Block> {
    let Expr::MethodCall(call) = awaited else { return None };
    match call.args.first() {
        Some(Expr::Async(own)) if call.method == "or" && is_ours(&call.receiver) => Some(&own.block),
        _ => None,
    }
}

/// Whether a statement was added: `let answers_… = crate::answers_…;`, `if crate::switch_… { … }`.
pub(super) fn is_added(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Local(local) => local.init.as_ref().is_some_and(|init| is_ours(&init.expr)),
        Stmt::Expr(Expr::If(expr), _) => is_ours(&expr.cond),
        _ => false,
    }
}
