//! Ways to wait that are no call of a timer or of a broker's client by name.

use crate::base::TextRange;
use crate::facts::cx::{BodyView, Cx};
use crate::facts::strings;
use crate::parse::tree::body::{Body, Expr, ExprId};
use crate::resolve::DefId;

use super::called_name;
use super::loops::TICKS;

/// Functions of this size at most are read as a way to wait.
const SMALL: usize = 40;
/// Words for the end of a program.
const ENDS: &[&str] = &[
    "shutdown",
    "shutting_down",
    "terminat",
    "cancel",
    "stop",
    "exit",
    "quit",
    "running",
    "closed",
    "closing",
];
/// Redis commands that wait for a message.
const BLOCKING: &[&str] =
    &["BLPOP", "BRPOP", "BRPOPLPUSH", "BLMOVE", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "XREAD", "XREADGROUP"];

/// Whether a function only lets time pass: `async fn pause(seconds: u64) { sleep(…).await }`, or waits for
/// the program's end that long.
pub(super) fn pauses(cx: &Cx, def: DefId) -> bool {
    let Some(body) = cx.body(def).filter(|body| body.exprs.len() <= SMALL) else { return false };
    let mut waits = false;
    for (id, expr) in body.exprs.iter_enumerated() {
        match expr {
            Expr::Loop { .. } => return false,
            Expr::Call { .. } | Expr::MethodCall { .. } => {
                let Some(name) = called_name(body, id) else { continue };
                waits |= TICKS.contains(&name.as_str())
                    || name == "timeout" && names_end(cx.text(def, body.ranges[id]));
            }
            _ => {}
        }
    }
    waits
}

/// Whether a jump out of a loop stands where the program's end is asked for: `if stopped() { break }`.
pub(super) fn leaves_at_end(cx: &Cx, def: DefId, body: &Body, within: TextRange, jump: TextRange) -> bool {
    body.exprs.iter_enumerated().any(|(id, expr)| match expr {
        Expr::If { cond, then, .. } => {
            within.contains(body.ranges[id])
                && body.ranges[*then].contains(jump)
                && names_end(cx.text(def, body.ranges[*cond]))
        }
        _ => false,
    })
}

/// The queue that a blocking command of Redis waits for: `redis::cmd("BRPOP").arg("orders")`.
pub(super) fn blocking_command(view: &BodyView, cx: &Cx, call: ExprId) -> bool {
    let Expr::Call { args, .. } = view.expr(call) else { return false };
    let Some(&command) =
        args.first().filter(|_| called_name(view.body, call).is_some_and(|name| name == "cmd"))
    else {
        return false;
    };
    strings::text_of(cx, view, command)
        .and_then(|text| text.exact().map(str::to_ascii_uppercase))
        .is_some_and(|text| BLOCKING.contains(&text.as_str()))
}

fn names_end(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ENDS.iter().any(|word| text.contains(word))
}
