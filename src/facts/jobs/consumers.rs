//! What a loop over messages does with them.

use std::collections::BTreeSet;

use crate::base::{Name, TextRange};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::render::{path_names, type_names};
use crate::facts::strings;
use crate::model::{EntryPoint, EntryPointKind};
use crate::parse::tree::body::{Body, Expr, ExprId, Pat, PatId, Stmt};
use crate::parse::tree::types::{PathStart, TypeRef};
use crate::resolve::{Call, CallKind, DefId};

use super::loops::{RECEIVES, Waiting, name_of};
use super::steps::{NO_WORK, steps};
use super::waits::blocking_command;
use super::{entry, kebab, targets, worker};

/// The consumers of a loop: one per topic where the message is matched on, else one.
pub(super) fn consumers(cx: &Cx, waiting: &Waiting) -> Vec<EntryPoint> {
    let Some(view) = BodyView::new(cx.program, waiting.def) else { return Vec::new() };
    let place = cx.place_at(waiting.def, waiting.range.start);
    let names = message_names(view.body, waiting);
    let (mut by_topic, mut answers) = arms(cx, waiting.def, &view, waiting.range, &names);
    answers |= by_topic.is_empty() && replies(view.body, waiting.range, &names);
    let mut handler = None;
    if by_topic.is_empty() && !answers {
        handler = message_worker(cx, &view, waiting);
        // One step into a dispatcher.
        if let Some(dispatch) = handler
            && let Some(inner) = BodyView::new(cx.program, dispatch)
            && let Some(root) = inner.body.root
        {
            let mut names = BTreeSet::new();
            inner.body.params.iter().for_each(|&pat| bound(inner.body, pat, &mut names));
            (by_topic, answers) = arms(cx, dispatch, &inner, inner.body.ranges[root], &names);
        }
    }
    // Whoever sent it waits for the answer: that is a call between threads, and no event.
    if answers && by_topic.is_empty() {
        return Vec::new();
    }
    if !by_topic.is_empty() {
        let made = by_topic
            .into_iter()
            .map(|(topic, handler)| entry(cx, EntryPointKind::Consumer, topic, handler, place));
        return made.collect();
    }
    let handler = handler.unwrap_or(waiting.def);
    let topic = topic(cx, &view).or_else(|| event_name(cx, handler)).unwrap_or_else(|| name_of(cx, handler));
    vec![entry(cx, EntryPointKind::Consumer, topic, handler, place)]
}

/// The function that is given the message, else the one that the loop waits for. Of several that are given
/// parts of it none is the work: that is the loop's.
fn message_worker(cx: &Cx, view: &BodyView, waiting: &Waiting) -> Option<DefId> {
    let names = message_names(view.body, waiting);
    let failures = failure_names(view.body, waiting.range);
    // Whether an argument is one of the names, and whether it is all of it.
    let given = |mut arg: ExprId, names: &BTreeSet<Name>| {
        let mut whole = true;
        loop {
            match view.expr(arg) {
                Expr::Ref { expr: inner, .. } | Expr::Try(inner) | Expr::Await(inner) => arg = *inner,
                Expr::MethodCall { receiver, name, .. } if *name == "clone" => arg = *receiver,
                Expr::Field { base, .. } => (arg, whole) = (*base, false),
                Expr::Path(path) => {
                    return path.as_name().filter(|name| names.contains(name)).map(|_| whole);
                }
                _ => return None,
            }
        }
    };
    let takes = |call: &Call, names: &BTreeSet<Name>| match call.expr.map(|expr| view.expr(expr)) {
        Some(Expr::Call { args, .. } | Expr::MethodCall { args, .. }) => {
            args.iter().filter_map(|&arg| given(arg, names)).reduce(|one, other| one || other)
        }
        _ => None,
    };
    let calls = cx.program.calls[waiting.def].iter();
    let inside: Vec<(&Call, DefId)> = calls
        .filter(|call| waiting.range.contains(call.site) && call.kind != CallKind::Reference)
        .filter(|call| !NO_WORK.contains(&call.name.as_str()))
        .filter(|call| takes(call, &failures).is_none())
        .filter_map(|call| Some((call, targets(call).first().copied().filter(|&def| does_work(cx, def))?)))
        .collect();
    let first = |wanted: &dyn Fn(&Call, DefId) -> bool| {
        inside.iter().find(|&&(call, def)| wanted(call, def)).map(|&(_, def)| def)
    };
    let parts = || {
        let taken = inside.iter().filter(|(call, _)| takes(call, &names).is_some());
        let works: BTreeSet<DefId> = taken.map(|&(_, def)| def).collect();
        if works.len() > 1 { Some(waiting.def) } else { works.first().copied() }
    };
    first(&|call, def| takes(call, &names) == Some(true) && is_async(cx, def))
        .or_else(|| first(&|call, _| takes(call, &names) == Some(true)))
        .or_else(parts)
        .or_else(|| first(&|call, def| call.kind == CallKind::Path && is_async(cx, def)))
        .or_else(|| first(&|_, def| is_async(cx, def)))
        .or_else(|| first(&|call, _| call.kind == CallKind::Path))
}

/// Names of what failed: `Err(error) => …`.
fn failure_names(body: &Body, range: TextRange) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for (id, expr) in body.exprs.iter_enumerated() {
        let pats: Vec<PatId> = match expr {
            Expr::Let { pat, .. } => vec![*pat],
            Expr::Match { arms, .. } => arms.iter().map(|arm| arm.pat).collect(),
            _ => continue,
        };
        for pat in pats {
            if let Pat::TupleStruct { path, pats, .. } = &body.pats[pat]
                && range.contains(body.ranges[id])
                && path.last().is_some_and(|name| name == "Err")
            {
                pats.iter().for_each(|&pat| bound(body, pat, &mut names));
            }
        }
    }
    names
}

fn is_async(cx: &Cx, def: DefId) -> bool {
    cx.fn_decl(def).is_some_and(|decl| decl.is_async)
}

/// Whether a function is called for what it does, not for the value that it makes of another: it waits,
/// gives nothing, or says only whether it worked.
pub(super) fn does_work(cx: &Cx, def: DefId) -> bool {
    let Some(decl) = cx.fn_decl(def) else { return false };
    let mut names = Vec::new();
    decl.ret.iter().for_each(|ret| type_names(ret, &mut names));
    decl.is_async
        || match names.first() {
            None => {
                decl.ret.as_ref().is_none_or(|ret| matches!(ret, TypeRef::Tuple(parts) if parts.is_empty()))
            }
            Some(first) => {
                matches!(
                    first.as_str(),
                    "Result" | "Fallible" | "Future" | "BoxFuture" | "Pin" | "JoinHandle" | "Option"
                ) || first.as_str().ends_with("Result")
            }
        }
}

/// Names that patterns of the loop bind: the message is one of them.
fn message_names(body: &Body, waiting: &Waiting) -> BTreeSet<Name> {
    let mut names: BTreeSet<Name> = BTreeSet::new();
    for (id, expr) in body.exprs.iter_enumerated() {
        if !waiting.range.contains(body.ranges[id]) && id != waiting.expr {
            continue;
        }
        let mut add = |pat: PatId| bound(body, pat, &mut names);
        match expr {
            Expr::Let { pat, .. } => add(*pat),
            Expr::Match { arms, .. } => arms.iter().for_each(|arm| add(arm.pat)),
            Expr::Block { stmts, .. } => {
                for stmt in stmts {
                    if let Stmt::Let { pat, .. } = stmt {
                        add(*pat);
                    }
                }
            }
            _ => {}
        }
    }
    names
}

/// Whether what is matched on is the message, or a part of it, or the receiving call itself.
fn is_message(view: &BodyView, mut scrutinee: ExprId, names: &BTreeSet<Name>) -> bool {
    loop {
        match view.expr(scrutinee) {
            Expr::Path(path) if path.start == PathStart::SelfModule => {
                return names.contains(&Name::new("self"));
            }
            Expr::Path(path) => return path.as_name().is_some_and(|name| names.contains(&name)),
            Expr::MethodCall { receiver, name, .. } => {
                if RECEIVES.contains(&name.as_str()) {
                    return true;
                }
                scrutinee = *receiver;
            }
            Expr::Await(inner)
            | Expr::Try(inner)
            | Expr::Ref { expr: inner, .. }
            | Expr::Unary { expr: inner, .. }
            | Expr::Field { base: inner, .. } => scrutinee = *inner,
            Expr::Tuple(parts) => match parts.first() {
                Some(&first) => scrutinee = first,
                None => return false,
            },
            _ => return false,
        }
    }
}

/// What a method that matches on `self` runs for each variant.
pub(super) fn kinds(cx: &Cx, def: DefId) -> Vec<(String, DefId)> {
    let Some(view) = BodyView::new(cx.program, def) else { return Vec::new() };
    let Some(root) = view.body.root else { return Vec::new() };
    arms(cx, def, &view, view.body.ranges[root], &BTreeSet::from([Name::new("self")])).0
}

fn bound(body: &Body, pat: PatId, names: &mut BTreeSet<Name>) {
    match &body.pats[pat] {
        // What failed is not what came.
        Pat::TupleStruct { path, .. } if path.last().is_some_and(|name| name == "Err") => {}
        Pat::Bind { name, sub, .. } => {
            names.insert(*name);
            sub.iter().for_each(|&sub| bound(body, sub, names));
        }
        Pat::Typed { pat, .. } | Pat::Ref(pat) => bound(body, *pat, names),
        Pat::TupleStruct { pats, .. } | Pat::Tuple { pats, .. } => {
            pats.iter().for_each(|&pat| bound(body, pat, names))
        }
        Pat::Slice(pats) | Pat::Or(pats) => pats.iter().for_each(|&pat| bound(body, pat, names)),
        Pat::Struct { fields, .. } => fields.iter().for_each(|&(_, pat)| bound(body, pat, names)),
        Pat::Wild | Pat::Path(_) => {}
    }
}

/// Whether something that came with the message is sent an answer.
fn replies(body: &Body, range: TextRange, names: &BTreeSet<Name>) -> bool {
    body.exprs.iter_enumerated().any(|(id, expr)| {
        let Expr::MethodCall { receiver, name, .. } = expr else { return false };
        if *name != "send" || !range.contains(body.ranges[id]) {
            return false;
        }
        let mut root = *receiver;
        while let Expr::Field { base, .. } | Expr::Ref { expr: base, .. } = &body.exprs[root] {
            root = *base;
        }
        matches!(&body.exprs[root], Expr::Path(path) if path.as_name().is_some_and(|name| names.contains(&name)))
    })
}

/// Arms of a `match` on a topic or an event, with the function that each runs; and whether others answer who
/// sent the message.
fn arms(
    cx: &Cx,
    def: DefId,
    view: &BodyView,
    range: TextRange,
    names: &BTreeSet<Name>,
) -> (Vec<(String, DefId)>, bool) {
    let (mut found, mut answers) = (Vec::new(), false);
    for (id, expr) in view.body.exprs.iter_enumerated() {
        let Expr::Match { arms, scrutinee } = expr else { continue };
        if !range.contains(view.body.ranges[id]) || !is_message(view, *scrutinee, names) {
            continue;
        }
        for arm in arms {
            let Some(topic) = arm_topic(cx, def, view.body, arm.pat) else { continue };
            let mut own = BTreeSet::new();
            bound(view.body, arm.pat, &mut own);
            if replies(view.body, view.body.ranges[arm.body], &own) {
                answers = true;
                continue;
            }
            // What comes before the last step prepares it.
            let mut steps = steps(cx, def, view.body, arm.body);
            steps.retain(|&step| does_work(cx, step));
            let work = steps.pop().or_else(|| {
                worker(cx, def, view.body.ranges[arm.body]).filter(|&worker| does_work(cx, worker))
            });
            if let Some(handler) = work {
                found.push((topic, handler));
            }
        }
    }
    (found, answers)
}

/// The text of a constant, or the name of a variant of the workspace.
fn arm_topic(cx: &Cx, def: DefId, body: &Body, pat: PatId) -> Option<String> {
    match &body.pats[pat] {
        Pat::Bind { name, .. } => strings::constant_text(cx, cx.constant_named(def, *name)?),
        Pat::Path(path) => {
            let name = path.last()?;
            let text = cx.constant_named(def, name).and_then(|constant| strings::constant_text(cx, constant));
            text.or_else(|| is_own_enum(cx, def, &path_names(path)).then(|| kebab(name.as_str())))
        }
        Pat::TupleStruct { path, .. } | Pat::Struct { path, .. } => {
            is_own_enum(cx, def, &path_names(path)).then(|| kebab(path.last().map_or("", Name::as_str)))
        }
        Pat::Or(pats) => pats.first().and_then(|&pat| arm_topic(cx, def, body, pat)),
        _ => None,
    }
}

/// Whether `Event::Placed` is of an enum that the function mentions; `Ok` and `Some` are not, and
/// neither is an error.
fn is_own_enum(cx: &Cx, def: DefId, path: &str) -> bool {
    let mut segments = path.rsplit("::");
    let (_, Some(ty)) = (segments.next(), segments.next()) else { return false };
    let mentions = cx.program.mentions[def].iter();
    !ty.ends_with("Error")
        && mentions.into_iter().any(|&mention| {
            let found = cx.def(mention);
            found.kind == crate::resolve::DefKind::Enum && found.name == *ty
        })
}

/// Whether the function asks a broker for messages.
pub(super) fn listens(cx: &Cx, view: &BodyView) -> bool {
    let names_topic = |name: Name| {
        cx.catalogs.jobs.iter().any(|jobs| {
            jobs.topics.iter().any(|known| name == **known) && cx.depends_on(view.def, &jobs.crates)
        })
    };
    view.body.exprs.iter().any(|expr| matches!(expr, Expr::MethodCall { name, .. } if names_topic(*name)))
}

/// The topic that the function subscribes to.
fn topic(cx: &Cx, view: &BodyView) -> Option<String> {
    for expr in view.body.exprs.iter() {
        let Expr::MethodCall { name, args, receiver, .. } = expr else { continue };
        let is_command = *name == "arg" && blocking_command(view, cx, *receiver);
        let named = is_command
            || cx.catalogs.jobs.iter().any(|jobs| {
                jobs.topics.iter().any(|known| name == &**known) && cx.depends_on(view.def, &jobs.crates)
            });
        if !named {
            continue;
        }
        for &arg in args {
            let parts: Vec<ExprId> = match view.expr(arg) {
                Expr::Ref { expr, .. } => match view.expr(*expr) {
                    Expr::Array(parts) => parts.to_vec(),
                    _ => vec![arg],
                },
                Expr::Array(parts) => parts.to_vec(),
                _ => vec![arg],
            };
            for part in parts {
                if let Some(text) =
                    strings::text_of(cx, view, part).and_then(|text| text.exact().map(str::to_owned))
                {
                    return Some(text);
                }
            }
        }
    }
    None
}

/// The type of the message that a handler takes: `OrderPlaced` is `order-placed`.
fn event_name(cx: &Cx, handler: DefId) -> Option<String> {
    let decl = cx.fn_decl(handler)?;
    let mut names = Vec::new();
    decl.params.iter().for_each(|param| type_names(&param.ty, &mut names));
    let is_event = |name: &&Name| {
        ["Event", "Message", "Job", "Command"]
            .iter()
            .any(|end| name.as_str().ends_with(end) && name.as_str() != *end)
    };
    names.iter().find(is_event).map(|name| kebab(name.as_str()))
}
