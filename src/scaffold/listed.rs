//! Documents that list the parts of all services. One names every handler and type of the application, so that it would
//! bring them all; what only it names stays behind, and its entry with it.

use std::collections::BTreeSet;

use crate::base::{FileId, Id, Sources, Span, TextRange};
use crate::model::{ItemId, ItemKind, Model};

use super::closure::Cuts;
use super::deployable::{Unit, reached};
use super::names::Names;
use super::slice::lists;

/// The entries of an application's documents.
pub(super) struct Listed {
    entries: Vec<Listing>,
}

struct Listing {
    document: ItemId,
    file: FileId,
    range: TextRange,
    /// What it names of the application's.
    items: BTreeSet<ItemId>,
}

impl Listed {
    /// Reads every document but those that the unit itself shows: these stay whole, to be shown as they were.
    pub fn new(names: &Names<'_>, sources: &Sources, unit: &Unit) -> Self {
        let model = names.model;
        let mut entries = Vec::new();
        let documents = model.items.iter_enumerated().filter(|(_, item)| {
            matches!(item.kind, ItemKind::Struct | ItemKind::Enum)
                && !item.test
                && item.span.file.idx() < sources.files.len()
                && sources.text(item.span).contains("openapi")
        });
        let mut shown: Option<BTreeSet<ItemId>> = None;
        for (document, item) in documents {
            let found = lists::entries(sources.text(item.span));
            if found.is_empty() || shown.get_or_insert_with(|| mentioned(unit, model)).contains(&document) {
                continue;
            }
            entries.extend(found.into_iter().map(|entry| {
                let paths = entry.paths.iter();
                let found = paths.map(|path| names.resolve(item.module, &path.segments, path.leading, None));
                let at = item.span.range.start;
                Listing {
                    document,
                    file: item.span.file,
                    range: TextRange::new(entry.range.start + at, entry.range.end + at),
                    items: found.flat_map(|found| found.items).collect(),
                }
            }));
        }
        Self { entries }
    }

    /// Cuts every entry.
    pub fn cut_all(&self, cuts: &mut Cuts) {
        for entry in &self.entries {
            cuts.entry(entry.file).or_default().push(entry.range);
        }
    }

    /// Takes back the cuts of the entries whose items moved anyway; returns the others of documents that moved,
    /// `None` where no document did.
    pub fn settle(&self, kept: &BTreeSet<ItemId>, cuts: &mut Cuts) -> Option<Vec<Span>> {
        let moved = self.entries.iter().filter(|entry| kept.contains(&entry.document));
        let (stay, gone): (Vec<_>, Vec<_>) =
            moved.partition(|entry| entry.items.iter().all(|item| kept.contains(item)));
        for entry in &stay {
            cuts.entry(entry.file).or_default().retain(|cut| *cut != entry.range);
        }
        let span = |entry: &Listing| Span { file: entry.file, range: entry.range };
        let any = !stay.is_empty() || !gone.is_empty();
        any.then(|| gone.into_iter().map(span).collect())
    }
}

/// What the functions that a unit's handlers reach mention.
fn mentioned(unit: &Unit, model: &Model) -> BTreeSet<ItemId> {
    let functions = reached(unit, model).into_iter();
    functions
        .flat_map(|function| model.items[model.functions[function].item].mentions.iter().copied())
        .collect()
}
