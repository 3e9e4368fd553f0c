//! What the README of a function has to say about the cut.

use std::collections::BTreeSet;

use crate::model::{ItemId, Plan};

use super::deployable::Unit;
use super::names::Names;
use super::slice::Changes;

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
