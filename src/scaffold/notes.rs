//! What the README of a function has to say about the cut.

use std::collections::BTreeSet;

use crate::base::Span;
use crate::model::{EntryPointKind, ItemId, Plan, StateKind, StateUse};

use super::calls::Copied;
use super::deployable::Unit;
use super::names::Names;
use super::slice::Changes;
use super::{Gap, Inputs};

/// Functions of other services that were copied along, by service.
pub(super) fn copied(unit: &Unit, names: &Names<'_>, plan: &Plan, kept: &BTreeSet<ItemId>) -> Vec<String> {
    let model = names.model;
    let mut out = Vec::new();
    for service in plan.services.iter().filter(|service| service.name != unit.service) {
        let functions: Vec<_> = service
            .functions
            .iter()
            .map(|&function| &model.functions[function])
            .filter(|function| kept.contains(&function.item))
            .map(|function| format!("`{}`", function.path))
            .collect();
        if !functions.is_empty() {
            out.push(format!("{}: {}", service.name, functions.join(", ")));
        }
    }
    out
}

/// Functions of other services that cannot be asked for from afar: where, why, and what to do.
pub(super) fn stays(names: &Names<'_>, copied: &[Copied], inputs: &Inputs<'_>) -> Vec<String> {
    copied
        .iter()
        .map(|copied| {
            let function = &names.model.functions[copied.function];
            let file = &inputs.sources.files[function.place.file].path;
            let Copied { why, .. } = copied;
            format!("`{}` ({file}:{}): {}; {}", function.path, function.place.line, why.reason, why.remedy)
        })
        .collect()
}

/// Events that moved code sends to a consumer inside of its process, where the function runs none.
pub(super) fn lost_events(names: &Names<'_>, kept: &BTreeSet<ItemId>, served: bool) -> Vec<Gap> {
    let model = names.model;
    let consumers: Vec<String> = model
        .entry_points
        .iter()
        .filter(|entry| entry.kind == EntryPointKind::Consumer)
        .map(|entry| format!("`{}`", entry.title()))
        .collect();
    let channel = |used: &StateUse| model.state_cells[used.cell].kind == StateKind::Channel;
    let is_kept = |used: &StateUse| kept.contains(&model.functions[used.function].item);
    // A method of the bus itself says nothing about who sends.
    let by_bus = |used: &StateUse| {
        let parent = model.items[model.functions[used.function].item].parent;
        let of = parent.and_then(|parent| model.items[parent].implements.as_ref()?.type_item);
        of.is_some() && of == model.state_cells[used.cell].item
    };
    let uses = || model.state_uses.iter().filter(|used| channel(used) && is_kept(used) && !by_bus(used));
    // Start-up code that moved along leaves its background work to the monolith.
    let listens = !served && uses().any(|used| !used.write);
    if consumers.is_empty() || listens {
        return Vec::new();
    }
    uses()
        .filter(|used| used.write)
        .map(|used| {
            let sender = &model.functions[used.function].path;
            Gap::new(
                Some(used.site),
                format!(
                    "`{sender}` sends an event inside of its process, where this function runs no consumer: it is lost; send it to a \
                     queue, or to the function that consumes it ({})",
                    consumers.join(", ")
                ),
            )
        })
        .collect()
}

/// In-process state of which every instance of the function has its own copy.
pub(super) fn state(names: &Names<'_>, kept: &BTreeSet<ItemId>) -> Vec<String> {
    names
        .model
        .state_cells
        .iter()
        .filter(|cell| cell.mutable && cell.item.is_some_and(|item| kept.contains(&item)))
        .map(|cell| format!("`{}`: `{}`", cell.path, cell.ty))
        .collect()
}

/// The listed rewrites of the user's text.
pub(super) fn changed(names: &Names<'_>, changes: &Changes) -> Vec<String> {
    let mut out = Vec::new();
    for (file, edits) in &changes.edits {
        if !edits.is_empty() {
            out.push(format!("{}: routes of other functions cut out", names.model.files[*file].path));
        }
    }
    out
}

/// Files in whose documents entries of others were cut out.
pub(super) fn unlisted(names: &Names<'_>, gone: &[Span]) -> Vec<String> {
    let files: BTreeSet<_> = gone.iter().map(|span| span.file).collect();
    let note = |file| format!("{}: what documents other functions cut out", names.model.files[file].path);
    files.into_iter().map(note).collect()
}
