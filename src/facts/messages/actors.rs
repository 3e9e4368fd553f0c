//! Messages to actors: `actor.send(Place { … })` runs `<Actor as Handler<Place>>::handle`.

use std::collections::BTreeMap;

use crate::base::Name;
use crate::facts::cx::{BodyView, Cx, is_type};
use crate::facts::orm::type_of;
use crate::facts::render::type_names;
use crate::model::{CallEdge, CallKind, Certainty, FunctionId};
use crate::parse::tree::body::{Expr, ExprId};
use crate::parse::tree::items::ItemKind;
use crate::resolve::DefId;

/// Methods that give an actor a message, and whether they give its answer back.
const SENDS: &[(&str, bool)] = &[
    ("send", true),
    ("ask", true),
    ("dispatch", true),
    ("do_send", false),
    ("try_send", false),
    ("notify", false),
    ("notify_later", false),
    ("tell", false),
];

/// Who does something for a message.
struct Does {
    /// The message's type.
    message: DefId,
    actor: Vec<Name>,
    handle: FunctionId,
}

/// Edges from each function that sends a message to the actors that handle it.
pub(super) fn sent(cx: &Cx) -> Vec<CallEdge> {
    let handlers = handlers(cx);
    if handlers.is_empty() {
        return Vec::new();
    }
    let mut edges = Vec::new();
    for (caller, &def) in cx.def_of.iter_enumerated() {
        let calls = &cx.program.calls[def];
        if !calls.iter().any(|call| SENDS.iter().any(|(name, _)| call.name == **name)) {
            continue;
        }
        let Some(view) = BodyView::new(cx.program, def) else { continue };
        for (id, expr) in view.body.exprs.iter_enumerated() {
            let Expr::MethodCall { receiver, name, args, .. } = expr else { continue };
            let Some((_, needs_result)) = SENDS.iter().find(|(known, _)| *name == **known) else { continue };
            let Some(&message) = args.first() else { continue };
            let mentions = &cx.program.mentions[def];
            let known = names_of(cx, &view, message).into_iter().find_map(|name| {
                let all = handlers.get(&name)?.iter();
                let of: Vec<&Does> = all.filter(|does| mentions.contains(&does.message)).collect();
                (!of.is_empty()).then_some(of)
            });
            let Some(mut does) = known else { continue };
            if does.len() > 1 {
                let to = type_of(cx, &view, *receiver, 0).unwrap_or_default();
                if does.iter().any(|does| does.actor.iter().any(|name| to.contains(name))) {
                    does.retain(|does| does.actor.iter().any(|name| to.contains(name)));
                }
            }
            let site = cx.place_at(def, view.body.ranges[id].start);
            edges.extend(does.into_iter().filter(|does| does.handle != caller).map(|does| CallEdge {
                caller,
                callee: does.handle,
                site,
                kind: CallKind::Message,
                certainty: Certainty::Likely,
                in_loop: false,
                needs_result: *needs_result,
            }));
        }
    }
    edges
}

/// `impl Handler<Place> for Orders { fn handle(…) }`, by the message's name.
fn handlers(cx: &Cx) -> BTreeMap<Name, Vec<Does>> {
    let mut found: BTreeMap<Name, Vec<Does>> = BTreeMap::new();
    for (handle, &def) in cx.def_of.iter_enumerated() {
        let of = cx.def(def);
        if of.name != "handle" || of.is_test {
            continue;
        }
        let Some(ItemKind::Impl { trait_: Some(path), ty, .. }) = of.parent.map(|of| &cx.item(of).kind)
        else {
            continue;
        };
        let Some(last) = path.segments.last().filter(|last| last.name == "Handler") else { continue };
        let Some([message]) = last.args.as_ref().map(|args| &args.types[..]) else { continue };
        let mut names = Vec::new();
        type_names(message, &mut names);
        let mentions = cx.program.mentions[def].iter();
        let message = names.iter().find_map(|name| {
            mentions.clone().copied().find(|&ty| is_type(cx.def(ty).kind) && cx.def(ty).name == *name)
        });
        let Some(message) = message else { continue };
        let mut actor = Vec::new();
        type_names(ty, &mut actor);
        found.entry(cx.def(message).name).or_default().push(Does { message, actor, handle });
    }
    found
}

/// What the type of a message may be called.
fn names_of(cx: &Cx, view: &BodyView, message: ExprId) -> Vec<Name> {
    let mut names: Vec<Name> = match view.expr(message) {
        // `Tick` and `Place(order)`.
        Expr::Path(path) => path.last().into_iter().collect(),
        Expr::Call { callee, .. } => match view.expr(*callee) {
            Expr::Path(path) => path.last().into_iter().collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    names.extend(type_of(cx, view, message, 0).unwrap_or_default());
    names
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::facts::tests::model;
    use crate::model::CallKind;

    #[test]
    fn what_an_actor_does_is_done_for_the_sender() {
        let model = model(
            r#"
//- /src/lib.rs deps:actix
use actix::{Actor, Addr, Context, Handler, Message};
pub struct Place { pub id: u64 }
pub struct Count(pub String);
pub struct Tick;
pub struct Orders;
pub struct Stock;
impl Handler<Place> for Orders {
    type Result = u64;
    fn handle(&mut self, message: Place, _: &mut Context<Self>) -> u64 { message.id }
}
impl Handler<Count> for Stock {
    type Result = u64;
    fn handle(&mut self, Count(name): Count, _: &mut Context<Self>) -> u64 { 1 }
}
impl Handler<Tick> for Orders {
    type Result = ();
    fn handle(&mut self, _: Tick, _: &mut Context<Self>) {}
}
impl Handler<Tick> for Stock {
    type Result = ();
    fn handle(&mut self, _: Tick, _: &mut Context<Self>) {}
}
pub struct State { pub orders: Addr<Orders> }
pub async fn place(state: &State, form: Json<Place>) {
    state.orders.send(form.into_inner()).await;
    state.orders.send(Place { id: 1 }).await;
}
pub async fn count(stock: &Addr<Stock>) { stock.send(Count("a".to_owned())).await; }
pub fn tick(stock: &Addr<Stock>) { stock.do_send(Tick); }
pub fn tick_all(state: &State) { state.all().do_send(Tick); }
pub fn other(mail: &Mailer) { mail.send(Letter); }
"#,
        );
        let messages = model.calls.iter().filter(|call| call.kind == CallKind::Message);
        let shown: Vec<String> = messages
            .map(|call| {
                let path = |function| &model.functions[function].path;
                let waits = if call.needs_result { "" } else { ", does not wait" };
                format!("{} -> {} @{}{waits}", path(call.caller), path(call.callee), call.site.line)
            })
            .collect();
        expect![[r#"
            app::count -> app::<Stock as Handler<Count>>::handle @28
            app::place -> app::<Orders as Handler<Place>>::handle @25
            app::place -> app::<Orders as Handler<Place>>::handle @26
            app::tick -> app::<Stock as Handler<Tick>>::handle @29, does not wait
            app::tick_all -> app::<Orders as Handler<Tick>>::handle @30, does not wait
            app::tick_all -> app::<Stock as Handler<Tick>>::handle @30, does not wait"#]]
        .assert_eq(&shown.join("\n"));
    }
}
