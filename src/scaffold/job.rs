//! A cron job, a loop or a consumer as a function.

mod events;

use std::collections::BTreeMap;

use askama::Template;

use crate::model::{EntryPointKind, Function, ItemId};

use super::closure::Cuts;
use super::deployable::{self, Unit};
use super::entry::{EntryText, Offered, Plumbing, render};
use super::names::Names;
use super::slice::Changes;
use super::slice::types::Ty;
use super::supply::{Supplier, path_from, settle};
use super::{Gap, Inputs, Refusal, served};

#[derive(Template)]
#[template(path = "scaffold/common/entry_job.rs.j2")]
struct JobEntry<'a> {
    lines: &'a [String],
    vars: &'a [String],
    call: &'a str,
    /// What the message is read as.
    event: Option<&'a str>,
    /// It has no end of its own.
    lasts: bool,
}

/// For how long one run of a loop works, in seconds.
pub(super) const WORKS_FOR: &str = "WORKS_FOR_SECONDS";

/// A cron job, a loop or a consumer. A loop that cannot be called with what it needs, or stopped where it waits, is started
/// as the application starts it.
pub(super) fn job(unit: &Unit, names: &Names<'_>, inputs: &Inputs<'_>) -> Result<Plumbing, Refusal> {
    let blocks = deployable::never_waits(unit, names.model);
    let started =
        || (unit.kind == EntryPointKind::Loop).then(|| served::find_loop(unit, names, inputs)).flatten();
    if let Some(refusal) = blocks {
        return started().ok_or(refusal);
    }
    let called = called(unit, names);
    if called.gaps.is_empty() {
        return Ok(called);
    }
    Ok(started().unwrap_or(called))
}

/// A job by its function, called with what it needs and, for a consumer, the event.
fn called(unit: &Unit, names: &Names<'_>) -> Plumbing {
    let model = names.model;
    let entry = &model.entry_points[unit.entry_points[0]];
    let handler = entry.handler.expect("units without a handler were refused");
    let function = &model.functions[handler];
    let host = names.root_of(function.module);
    let mut supplier = Supplier::new(names, host);
    let consumes = unit.kind == EntryPointKind::Consumer;
    let lasts = unit.kind == EntryPointKind::Loop;
    let mut args = Vec::new();
    let mut vars: Vec<String> = Vec::new();
    let (mut event, mut seen) = (None, false);
    let what = format!("`{}`", function.path);
    let receiver = receiver(names, function).into_iter();
    let params = function.params.iter().map(|param| (param.ty.clone(), Ty::parse(&param.ty), false));
    for (written, ty, is_receiver) in receiver.map(|(written, ty)| (written, ty, true)).chain(params) {
        if consumes && !seen && !is_receiver && !supplier.can_make(&ty, function.module) {
            seen = true;
            let arg = match events::event(names, &ty, function.module) {
                Ok((read, arg)) => {
                    event = Some(read);
                    arg
                }
                Err(why) => {
                    supplier.gaps.push(Gap::new(Some(entry.place), why));
                    format!("todo!(\"read the event of {}\")", function.path)
                }
            };
            args.push(arg);
            continue;
        }
        let text = supplier.argument(&ty, function.module, &what);
        let Some(var) = text.split('\u{1}').nth(1) else {
            args.push(text);
            continue;
        };
        if !vars.iter().any(|other| other == var) {
            vars.push(var.to_owned());
        }
        // The job runs many times; what it takes by value is cloned from what is kept.
        args.push(match (&ty, written.starts_with("&mut ")) {
            (Ty::Ref(_), false) => format!("&{var}"),
            _ if !events::clones(names, &ty, function.module) => {
                let name = ty.behind_refs().name();
                let todo = format!("{what} takes a `{name}` of its own, which cannot be cloned; make one for each run in the generated entry");
                supplier.gaps.push(Gap::new(Some(entry.place), todo));
                format!("todo!(\"make a {name} for each run\")")
            }
            (Ty::Ref(_), true) => format!("&mut (*{var}).clone()"),
            _ => format!("(*{var}).clone()"),
        });
    }
    let path = path_from(names, host, function.item).unwrap_or_else(|| function.path.to_string());
    let mut call = supplier.finish_call(format!("{path}({})", args.join(", ")), handler);
    let ret = Ty::parse(&function.ret);
    if !supplier.is_result(&ret, function.module) && ret != Ty::Unit {
        call = format!("let _ = {call}");
    }
    supplier.roots.insert(function.item);
    supplier.roots.extend(type_of(names, function));
    // The kept variables count as used once more, so that earlier uses by value clone.
    let mut lines = supplier.lines.clone();
    for var in &vars {
        lines.push(format!("let {var} = std::sync::Arc::new(\u{1}{var}\u{1});"));
    }
    let lines = settle(&lines);
    let text = render(&JobEntry { lines: &lines, vars: &vars, call: &call, event: event.as_deref(), lasts });
    Plumbing {
        roots: supplier.roots,
        changes: Changes::default(),
        cuts: Cuts::new(),
        host,
        entry: EntryText::Whole(text),
        extra: match (event.is_some(), lasts) {
            (true, _) => vec![("serde_json", "1")],
            (_, true) => vec![("tokio", r#"{ version = "1", features = ["time"] }"#)],
            _ => Vec::new(),
        },
        gaps: supplier.gaps,
        support: BTreeMap::new(),
        served: None,
        starts: false,
        arguments: false,
        offered: Offered::default(),
    }
}

/// The value that a method is called on: its type as it takes it, and to look for one.
fn receiver(names: &Names<'_>, function: &Function) -> Option<(String, Ty)> {
    let taken = function.receiver.as_deref()?;
    let name = names.model.items[type_of(names, function)?].name.clone();
    let ty = Ty::Path(vec![name], Vec::new());
    let ty = if taken.starts_with('&') { Ty::Ref(Box::new(ty)) } else { ty };
    Some((taken.to_owned(), ty))
}

/// The type whose method a function is.
fn type_of(names: &Names<'_>, function: &Function) -> Option<ItemId> {
    let parent = names.model.items[function.item].parent?;
    names.model.items[parent].implements.as_ref()?.type_item
}

#[cfg(test)]
mod tests;
