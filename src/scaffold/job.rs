//! A cron job, a loop or a consumer as a function.

use std::collections::BTreeMap;

use askama::Template;

use crate::model::{EntryPointKind, ModuleIdx};

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
    takes_event: bool,
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
    let mut takes_event = false;
    for param in &function.params {
        let ty = Ty::parse(&param.ty);
        if consumes && !takes_event && !supplier.can_make(&ty, function.module) {
            takes_event = true;
            args.push(if matches!(ty, Ty::Ref(_)) { "&event".to_owned() } else { "event".to_owned() });
            readable(names, &ty, function.module, entry.place, &mut supplier.gaps);
            continue;
        }
        let text = supplier.argument(&ty, function.module, &format!("`{}`", function.path));
        let Some(var) = text.split('\u{1}').nth(1) else {
            args.push(text);
            continue;
        };
        if !vars.iter().any(|other| other == var) {
            vars.push(var.to_owned());
        }
        // The job runs many times; what it takes by value is cloned from what is kept.
        args.push(if matches!(ty, Ty::Ref(_)) { format!("&{var}") } else { format!("(*{var}).clone()") });
    }
    let path = path_from(names, host, function.item).unwrap_or_else(|| function.path.to_string());
    let mut call = supplier.finish_call(format!("{path}({})", args.join(", ")), handler);
    let ret = Ty::parse(&function.ret);
    if !supplier.is_result(&ret, function.module) && ret != Ty::Unit {
        call = format!("let _ = {call}");
    }
    supplier.roots.insert(function.item);
    // The kept variables count as used once more, so that earlier uses by value clone.
    let mut lines = supplier.lines.clone();
    for var in &vars {
        lines.push(format!("let {var} = std::sync::Arc::new(\u{1}{var}\u{1});"));
    }
    let lines = settle(&lines);
    let text = render(&JobEntry { lines: &lines, vars: &vars, call: &call, takes_event, lasts });
    Plumbing {
        roots: supplier.roots,
        changes: Changes::default(),
        cuts: Cuts::new(),
        host,
        entry: EntryText::Whole(text),
        extra: match (takes_event, lasts) {
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

/// An event must be readable from what a queue carries.
fn readable(names: &Names<'_>, ty: &Ty, module: ModuleIdx, place: crate::base::Place, gaps: &mut Vec<Gap>) {
    let Ty::Path(segments, _) = ty.behind_refs() else { return };
    let Some(&item) = names.resolve(module, segments, false, None).last.first() else { return };
    let ty = names.model.types.iter().find(|ty| ty.item == item);
    if ty.is_some_and(|ty| !ty.derives.iter().any(|derive| derive == "Deserialize")) {
        gaps.push(Gap::new(
            Some(place),
            format!(
                "the event `{}` does not derive `Deserialize`; derive it, so that it can travel over a queue",
                segments.join("::")
            ),
        ));
    }
}

#[cfg(test)]
mod tests;
