//! The function apps of each service: one for its HTTP routes, one per job.

use std::collections::BTreeSet;

use crate::model::{Deployable, EntryPointId, EntryPointKind, Model};

use super::names::kebab;

/// The deployables of a service; `taken` holds the names given so far.
pub(super) fn deployables(
    model: &Model,
    service: &str,
    entries: &[EntryPointId],
    taken: &mut BTreeSet<String>,
) -> Vec<Deployable> {
    let mut name = |wish: String| {
        let name = if taken.contains(&wish) {
            (2..)
                .map(|at| format!("{wish}-{at}"))
                .find(|name| !taken.contains(name))
                .expect("numbers do not end")
        } else {
            wish
        };
        taken.insert(name.clone());
        name
    };
    let mut found = Vec::new();
    for kind in [EntryPointKind::Http, EntryPointKind::Grpc, EntryPointKind::Graphql] {
        let of_kind: Vec<_> =
            entries.iter().copied().filter(|&id| model.entry_points[id].kind == kind).collect();
        if !of_kind.is_empty() {
            let trigger = kind.as_str();
            found.push(Deployable {
                name: name(format!("{service}-{trigger}")),
                trigger: trigger.into(),
                entry_points: of_kind,
            });
        }
    }
    for &id in entries {
        let entry = &model.entry_points[id];
        // A command is run by a person, from where the monolith is.
        if matches!(
            entry.kind,
            EntryPointKind::Http | EntryPointKind::Grpc | EntryPointKind::Graphql | EntryPointKind::Command
        ) {
            continue;
        }
        let handler = || entry.handler.map(|function| kebab(&model.functions[function].name));
        let job = entry.path.as_deref().map(kebab).filter(|job| !job.is_empty()).or_else(handler);
        let job = job.unwrap_or_else(|| entry.kind.as_str().into());
        let job = job.strip_prefix(&format!("{service}-")).unwrap_or(&job).to_owned();
        found.push(Deployable {
            name: name(format!("{service}-{job}")),
            trigger: entry.kind.as_str().into(),
            entry_points: vec![id],
        });
    }
    found
}
