//! Calls between threads: a message goes over a channel together with a way back, and whoever sent it waits
//! for the answer. What the receiver runs for the message is run for the sender.

use std::collections::BTreeMap;

use crate::base::{Name, UnorderedSet};
use crate::model::{CallEdge, CallKind, Certainty, FunctionId};
use crate::parse::tree::body::{Expr, ExprId, Pat};
use crate::parse::tree::items::{AdtKind, ItemKind};
use crate::parse::tree::types::Path;
use crate::resolve::{self, CallTarget, DefId, DefKind};

use super::cx::{BodyView, Cx};
use super::render::type_names;

mod actors;

/// Ends of channels by which an answer comes back.
const WAYS_BACK: [&str; 4] = ["Sender", "SyncSender", "UnboundedSender", "Responder"];

/// An enum and one of its variants.
type Message = (DefId, Name);

/// Edges from each function that makes such a message to what the receiver calls for it, and from each that
/// sends one to an actor to what the actor does; sorted.
pub(super) fn messages(cx: &Cx) -> Vec<CallEdge> {
    let mut edges = actors::sent(cx);
    let asking = asking(cx);
    if !asking.is_empty() {
        edges.extend(asked(cx, &asking));
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

fn asked(cx: &Cx, asking: &UnorderedSet<DefId>) -> Vec<CallEdge> {
    let mut work: BTreeMap<Message, Vec<FunctionId>> = BTreeMap::new();
    let mut made: Vec<(Message, FunctionId, DefId, ExprId)> = Vec::new();
    for (caller, &def) in cx.def_of.iter_enumerated() {
        let enums: Vec<DefId> =
            cx.program.mentions[def].iter().copied().filter(|mention| asking.contains(mention)).collect();
        let Some(view) = BodyView::new(cx.program, def).filter(|_| !enums.is_empty()) else { continue };
        for (id, expr) in view.body.exprs.iter_enumerated() {
            match expr {
                Expr::Match { arms, .. } => {
                    for arm in arms {
                        let (Pat::TupleStruct { path, .. } | Pat::Struct { path, .. }) =
                            &view.body.pats[arm.pat]
                        else {
                            continue;
                        };
                        let Some(message) = message(cx, &enums, path) else { continue };
                        let range = view.body.ranges[arm.body];
                        let calls = cx.program.calls[def].iter().filter(|call| range.contains(call.site));
                        let runs = calls.filter(|call| call.kind != resolve::CallKind::Reference).filter_map(
                            |call| match &call.target {
                                CallTarget::Resolved(target) => cx.function_of[*target],
                                _ => None,
                            },
                        );
                        work.entry(message).or_default().extend(runs);
                    }
                }
                Expr::Struct { path, .. } => {
                    made.extend(message(cx, &enums, path).map(|message| (message, caller, def, id)));
                }
                Expr::Call { callee, .. } => {
                    if let Expr::Path(path) = view.expr(*callee) {
                        made.extend(message(cx, &enums, path).map(|message| (message, caller, def, id)));
                    }
                }
                _ => {}
            }
        }
    }
    let mut edges = Vec::new();
    for (message, caller, def, at) in made {
        let Some(body) = cx.body(def) else { continue };
        let site = cx.place_at(def, body.ranges[at].start);
        let answers = work.get(&message).into_iter().flatten().filter(|&&callee| callee != caller);
        edges.extend(answers.map(|&callee| CallEdge {
            caller,
            callee,
            site,
            kind: CallKind::Message,
            certainty: Certainty::Likely,
            in_loop: false,
            needs_result: true,
        }));
    }
    edges
}

/// The enums of the workspace of which a variant holds a way back.
fn asking(cx: &Cx) -> UnorderedSet<DefId> {
    let mut found = UnorderedSet::new();
    for (id, def) in cx.program.defs.iter_enumerated() {
        if def.kind == DefKind::Enum
            && !def.is_test
            && let ItemKind::Adt(adt) = &cx.item(id).kind
            && adt.kind == AdtKind::Enum
            && adt.variants.iter().flat_map(|variant| &variant.fields).any(|field| {
                let mut names = Vec::new();
                type_names(&field.ty, &mut names);
                WAYS_BACK.iter().any(|way| names.iter().any(|name| *name == *way))
            })
        {
            found.insert(id);
        }
    }
    found
}

/// The message that `Command::Insert` names, where it is of one of some enums.
fn message(cx: &Cx, enums: &[DefId], path: &Path) -> Option<Message> {
    let [.., of, variant] = &*path.segments else { return None };
    let own = enums.iter().copied().find(|&own| cx.def(own).name == of.name)?;
    Some((own, variant.name))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::facts::tests::model;
    use crate::model::CallKind;

    #[test]
    fn what_the_receiver_does_is_done_for_the_sender() {
        let model = model(
            r#"
//- /src/lib.rs deps:tokio
use tokio::sync::{mpsc, oneshot};
pub enum Command {
    Insert { text: String, result: oneshot::Sender<u64> },
    Get(u64, oneshot::Sender<String>),
}
pub enum Event { Placed(u64) }
pub struct Database { sender: mpsc::Sender<Command> }
impl Database {
    pub async fn insert(&self, text: String) -> u64 {
        let (result, answer) = oneshot::channel();
        self.sender.send(Command::Insert { text, result }).await;
        answer.await
    }
    pub async fn get(&self, id: u64) -> String {
        let (back, answer) = oneshot::channel();
        self.sender.send(Command::Get(id, back)).await;
        answer.await
    }
}
pub async fn work(mut commands: mpsc::Receiver<Command>) {
    while let Some(command) = commands.recv().await {
        match command {
            Command::Insert { text, result } => { result.send(write(text)); }
            Command::Get(id, back) => { back.send(read(id)); }
        }
    }
}
pub async fn listen(mut events: mpsc::Receiver<Event>) {
    while let Some(event) = events.recv().await {
        match event { Event::Placed(id) => { read(id); } }
    }
}
pub fn tell(events: &mpsc::Sender<Event>) { events.send(Event::Placed(1)); }
fn write(text: String) -> u64 { 0 }
fn read(id: u64) -> String { String::new() }
"#,
        );
        let messages = model.calls.iter().filter(|call| call.kind == CallKind::Message);
        let shown: Vec<String> = messages
            .map(|call| {
                format!("{} -> {}", model.functions[call.caller].path, model.functions[call.callee].path)
            })
            .collect();
        expect![[r#"
            app::Database::get -> app::read
            app::Database::insert -> app::write"#]]
        .assert_eq(&shown.join("\n"));
    }
}
