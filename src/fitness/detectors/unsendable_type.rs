//! A signature on the cut that cannot cross a wire.
//!
//! `&T`, `&str`, slices go by value. A pool is a dependency, not a payload; a transaction or connection
//! is bound to its process.

use std::collections::BTreeMap;

use crate::base::{Place, Severity};
use crate::fitness::Detector;
use crate::fitness::app::{App, Found, join};
use crate::model::{CutKind, Function, FunctionId, NodeRef};

pub const DETECTOR: Detector = Detector {
    code: "unsendable-type",
    remedy: "put a plain request and response type into the contract; give the changed value back instead of changing it through a reference",
    look,
};

fn look(app: &App<'_>, found: &mut Found<'_>) {
    let mut callees: BTreeMap<FunctionId, (Place, FunctionId, usize)> = BTreeMap::new();
    for cut in app.plan.cuts.iter().filter(|cut| cut.kind == CutKind::Call && app.live(cut.function)) {
        if let NodeRef::Function(callee) = cut.target {
            let entry = callees.entry(callee).or_insert((cut.site, cut.function, 0));
            entry.2 += 1;
            if cut.site < entry.0 {
                (entry.0, entry.1) = (cut.site, cut.function);
            }
        }
    }
    for (callee, (site, caller, n_sites)) in callees {
        let function = &app.model.functions[callee];
        // A guard's signature is the framework's, not a contract; `hidden-context` looks at it.
        let guard = function.of_trait.as_deref().is_some_and(|name| name.starts_with("From"));
        let reasons = reasons(function);
        if guard || reasons.is_empty() {
            continue;
        }
        found
            .add(
                Severity::High,
                format!(
                    "`{}` cannot be called over a wire as it is: {}{}",
                    app.function(callee),
                    join(reasons),
                    if n_sites > 1 {
                        format!(" (called across the cut at {n_sites} places)")
                    } else {
                        String::new()
                    }
                ),
            )
            .of(app.service(callee))
            .within(app, caller)
            .at(site);
    }
}

/// What in a signature is bound to the process.
fn reasons(function: &Function) -> Vec<String> {
    let mut reasons = Vec::new();
    if function.receiver.as_deref().is_some_and(|receiver| receiver.contains("mut")) {
        reasons.push("it changes `self`".to_string());
    }
    for param in &function.params {
        if let Some(why) = unsendable(&param.ty) {
            reasons.push(format!("`{}: {}` is {why}", param.name, clip(&param.ty)));
        }
    }
    if let Some(why) = returned(&function.ret) {
        reasons.push(format!("it gives `{}`, {why}", clip(&function.ret)));
    }
    reasons
}

fn clip(ty: &str) -> String {
    if ty.chars().count() <= 60 {
        return ty.to_string();
    }
    ty.chars().take(59).chain(['…']).collect()
}

/// Whether `ty` names `word` as a whole word.
fn names(ty: &str, word: &str) -> bool {
    ty.match_indices(word).any(|(at, _)| {
        let inside = |letter: char| letter.is_alphanumeric() || letter == '_';
        !ty[..at].ends_with(inside) && !ty[at + word.len()..].starts_with(inside)
    })
}

fn unsendable(ty: &str) -> Option<&'static str> {
    let bound = [
        ("Transaction", "an open transaction"),
        ("DatabaseTransaction", "an open transaction"),
        ("PgConnection", "a connection"),
        ("SqliteConnection", "a connection"),
        ("MySqlConnection", "a connection"),
        ("PoolConnection", "a connection"),
        ("TcpStream", "a socket"),
        ("File", "an open file"),
        ("Child", "a running process"),
        ("MutexGuard", "a held lock"),
        ("RwLockWriteGuard", "a held lock"),
        ("RwLockReadGuard", "a held lock"),
        ("JoinHandle", "a running task"),
        ("Sender", "an end of a channel"),
        ("Receiver", "an end of a channel"),
        ("Rc", "shared within one thread"),
        ("RefCell", "shared within one thread"),
        ("Instant", "a clock of this machine"),
    ];
    if let Some((_, why)) = bound.iter().find(|(word, _)| names(ty, word)) {
        return Some(why);
    }
    let closure = ["Fn(", "FnMut(", "FnOnce("].iter().any(|word| ty.contains(word)) || ty.starts_with("fn(");
    if closure {
        return Some("a function");
    }
    if ty.contains("*const ") || ty.contains("*mut ") {
        return Some("a raw pointer");
    }
    // A formatter or a state handle is no payload of the caller's.
    if ty.starts_with("&") && ty.contains("mut ") && !names(ty, "Formatter") {
        return Some("changed in place");
    }
    if names(ty, "dyn") {
        return Some("a trait object");
    }
    None
}

fn returned(ret: &str) -> Option<&'static str> {
    if let Some(why) = unsendable(ret) {
        return Some(why);
    }
    if ret.contains("impl ") && ["Iterator", "Stream", "Fn"].iter().any(|word| ret.contains(word)) {
        return Some("made while it is read");
    }
    let lifetime = ret.match_indices('\'').any(|(at, _)| !ret[at..].starts_with("'static"));
    if lifetime || ret.starts_with('&') && !ret.starts_with("&'static") {
        return Some("borrowed from the callee");
    }
    None
}
