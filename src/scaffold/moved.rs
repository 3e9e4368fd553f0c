//! What was moved into a function, as it was then: a change to the monolith's copy can be told later.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::{Place, Sources};
use crate::model::{Item, ItemId, Model};

use super::names::Names;
use super::switch;

/// Name of the record in a function's directory.
pub const FILE: &str = "moved.json";

#[derive(Serialize, Deserialize)]
struct Record {
    schema: String,
    service: String,
    /// Path of an item → hash of its text.
    items: BTreeMap<String, String>,
}

/// An item that is no longer what was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Its path.
    pub item: String,
    /// Where it is now; `None` where it is gone.
    pub place: Option<Place>,
}

/// The record of some items.
pub(super) fn record(names: &Names<'_>, sources: &Sources, kept: &BTreeSet<ItemId>, service: &str) -> String {
    let hashes = hashes(names.model, sources, |id| kept.contains(&id));
    let items = hashes.into_iter().map(|(path, (hash, _))| (path, hash)).collect();
    let record = Record { schema: "splitter-moved/1".into(), service: service.to_owned(), items };
    serde_json::to_string_pretty(&record).expect("text can be written") + "\n"
}

/// The service of a record, and which of its items are not what they were; `None` where the text is no record.
pub fn drift(record: &str, model: &Model, sources: &Sources) -> Option<(String, Vec<Drift>)> {
    let record: Record = serde_json::from_str(record).ok()?;
    let now = hashes(model, sources, |_| true);
    let changed = record.items.into_iter().filter_map(|(item, hash)| {
        let found = now.get(&item);
        (found.map(|(now, _)| now) != Some(&hash))
            .then(|| Drift { item, place: found.map(|(_, place)| *place) })
    });
    Some((record.service, changed.collect()))
}

/// Hash and place of items by path; of several with one path (`cfg` makes them), all together. What a switch added to
/// them counts as not there.
fn hashes(
    model: &Model,
    sources: &Sources,
    wanted: impl Fn(ItemId) -> bool,
) -> BTreeMap<String, (String, Place)> {
    let marks = switch::marks(sources);
    let mut texts: BTreeMap<String, (blake3::Hasher, Place)> = BTreeMap::new();
    for (id, item) in model.items.iter_enumerated() {
        let known = item.span.file < sources.files.next_id();
        if !known || item.test || item.name.is_empty() || !wanted(id) {
            continue;
        }
        let (hasher, _) = texts
            .entry(item.path.to_string())
            .or_insert_with(|| (blake3::Hasher::new(), sources.place(item.span)));
        for part in parts(item, &marks) {
            hasher.update(sources.files[item.span.file].text[part].as_bytes());
        }
    }
    texts
        .into_iter()
        .map(|(path, (hasher, place))| (path, (hasher.finalize().to_hex()[..16].to_owned(), place)))
        .collect()
}

/// The ranges of an item between what switches added.
fn parts(
    item: &Item,
    marks: &BTreeMap<crate::base::FileId, Vec<crate::base::TextRange>>,
) -> Vec<std::ops::Range<usize>> {
    let whole = item.span.range;
    let mut added: Vec<_> = marks.get(&item.span.file).into_iter().flatten().copied().collect();
    added.retain(|range| whole.contains(*range));
    added.sort();
    let mut out = Vec::new();
    let mut at = whole.start;
    for range in added {
        out.push(at as usize..range.start.max(at) as usize);
        at = at.max(range.end);
    }
    out.push(at as usize..whole.end as usize);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::slice::testing::Fixture;

    fn fixture(text: &str) -> Fixture {
        Fixture::new(&[("src/lib.rs".to_owned(), text.to_owned())], &[("shop", "src/lib.rs")], &[])
    }

    #[test]
    fn a_change_of_the_monoliths_copy_is_told_by_item() {
        let before =
            fixture("pub fn place(n: u8) -> u8 {\n    n\n}\n\npub fn other() {}\n\npub const MAX: u8 = 1;\n");
        let kept: BTreeSet<ItemId> = before.model.items.ids().collect();
        let text = record(&Names::new(&before.model), &before.sources, &kept, "orders");
        let shown = |after: &str| {
            let after = fixture(after);
            let (service, drift) = drift(&text, &after.model, &after.sources).unwrap();
            assert_eq!(service, "orders");
            let show = |drift: Drift| match drift.place {
                Some(place) => format!("{}:{}", drift.item, place.line),
                None => format!("{} is gone", drift.item),
            };
            drift.into_iter().map(show).collect::<Vec<_>>().join(", ")
        };
        // Elsewhere in the file is as good, and so is what a switch adds.
        let moved = "// A shop.\n\npub const MAX: u8 = 1;\npub fn other() {}\npub fn place(n: u8) -> u8 {\n    crate::asks_a::place(&n).or(async move {\n    n\n    })\n    .await\n}\n";
        assert_eq!(shown(moved), "");
        assert_eq!(
            shown("pub fn place(n: u8) -> u8 {\n    n + 1\n}\n\npub const MAX: u8 = 1;\n"),
            "shop::other is gone, shop::place:1"
        );
    }
}
