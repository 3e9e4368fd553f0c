//! Where a loop's messages come from.

use crate::base::TextRange;
use crate::facts::cx::{BodyView, Cx};
use crate::facts::render::type_names;
use crate::facts::strings;
use crate::parse::tree::body::{Body, Expr, ExprId, Stmt};
use crate::resolve::{CallTarget, DefId};

use super::called_name;
use super::consumers::listens;
use super::loops::{binds, task_ranges};

/// Whether a receiving call takes messages from a channel or broker: `next` and `pop` only by their
/// crate or by what they are called on, and never from a socket or a plain iterator.
pub(super) fn is_source(
    cx: &Cx,
    def: DefId,
    body: &Body,
    call: ExprId,
    receiver: ExprId,
    name: &str,
) -> bool {
    const SOCKETS: &[&str] = &[
        "axum",
        "tungstenite",
        "tokio_tungstenite",
        "actix_ws",
        "warp",
        "hyper",
        "actix_web",
        "actix_multipart",
        "multer",
    ];
    let text = cx.text(def, body.ranges[receiver]).to_ascii_lowercase();
    if ["socket", "ws", "multipart", "body", "payload", "field"].iter().any(|word| text.contains(word)) {
        return false;
    }
    let target = cx.program.call_at(def, call).map(|call| &call.target);
    match target {
        Some(CallTarget::External(path)) if SOCKETS.contains(&path.krate()) => return false,
        // A method of the application's own that is called so receives on its behalf.
        Some(CallTarget::Resolved(_)) if !name.starts_with("rec") => return false,
        _ => {}
    }
    let awaited = body.exprs.iter().any(|expr| matches!(expr, Expr::Await(inner) if *inner == call));
    match name {
        "recv" | "recv_async" | "recv_many" | "receive_all" | "receive_many" | "receive_message"
        | "next_message" | "recv_direct" | "next_job" => true,
        "next" | "receive" | "pop" | "blpop" | "read_group" => {
            awaited
                && !is_data(cx, def, body, call, receiver)
                && (["consumer", "subscri", "queue", "messages", "listener", "receiver", "rx", "pubsub"]
                    .iter()
                    .any(|word| text.contains(word))
                    || ["stream", "events"].iter().any(|word| text.contains(word))
                        && comes_from_broker(cx, def))
        }
        "recv_timeout" => true,
        _ => false,
    }
}

/// Whether the receiver is the end of a channel that the function itself makes, and empties before it goes
/// on: it waits for its own work.
pub(super) fn is_own_channel(cx: &Cx, def: DefId, body: &Body, receiver: ExprId, around: TextRange) -> bool {
    let Expr::Path(path) = &body.exprs[receiver] else { return false };
    let Some(name) = path.as_name() else { return false };
    let made_here = body.exprs.iter().any(|expr| {
        let Expr::Block { stmts, .. } = expr else { return false };
        stmts.iter().any(|stmt| match stmt {
            Stmt::Let { pat, init: Some(init), .. } if binds(body, *pat, name) => called_name(body, *init)
                .is_some_and(|made| made.as_str().ends_with("channel") || made.as_str().ends_with("bounded")),
            _ => false,
        })
    });
    made_here && cx.def(def).name != "main" && !task_ranges(body).iter().any(|range| range.contains(around))
}

/// Whether a function is given a broker's consumer, or asks a broker for one.
fn comes_from_broker(cx: &Cx, def: DefId) -> bool {
    const TYPES: &[&str] = &["Consumer", "Subscri", "PubSub", "Messages", "Listener", "Receiver"];
    let mut names = Vec::new();
    if let Some(decl) = cx.fn_decl(def) {
        decl.params.iter().for_each(|param| type_names(&param.ty, &mut names));
    }
    names.iter().any(|name| TYPES.iter().any(|ty| name.as_str().contains(ty)))
        || BodyView::new(cx.program, def).is_some_and(|view| listens(cx, &view))
}

/// Whether a stream is one of data: of a body, of rows, of a file.
fn is_data(cx: &Cx, def: DefId, body: &Body, call: ExprId, receiver: ExprId) -> bool {
    const DATA: &[&str] = &[
        "bytes_stream",
        "data_stream",
        ".fetch",
        "load_stream",
        "query_raw",
        "query_iter",
        "stream_query",
        ".stream(",
        "chunk",
        "read_dir",
        "lines",
        "select_stream",
        "into_body",
        "buffer_unordered",
        "buffered",
        "stream::iter",
        "FuturesUnordered",
        "response",
    ];
    let mut text = cx.text(def, body.ranges[receiver]).to_owned();
    if let Expr::Path(path) = &body.exprs[receiver]
        && let Some(init) = path.as_name().and_then(|name| strings::last_let(body, name, call))
    {
        text.push_str(cx.text(def, body.ranges[init]));
    }
    DATA.iter().any(|word| text.contains(word))
}
