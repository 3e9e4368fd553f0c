//! Tests that hold the form of what travels over HTTP: a sample of each type as JSON beside the moved code,
//! and a test that reads it.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::names::Names;
use super::samples::Samples;
use super::supply::path_from;
use crate::model::{EntryPointId, ItemId, ModuleIdx};

/// Name of the module that holds the tests.
pub(super) const MODULE: &str = "wire_forms";

/// The tests, and what they need.
#[derive(Clone, Debug, Default)]
pub(super) struct Golden {
    /// The types that they name.
    pub items: BTreeSet<ItemId>,
    /// The text of the module.
    pub text: String,
    /// Path below the package → text.
    pub files: BTreeMap<String, String>,
}

#[derive(Template)]
#[template(path = "scaffold/common/wire_forms.rs.j2", escape = "none")]
struct Page {
    forms: Vec<Row>,
}

struct Row {
    name: String,
    ty: String,
    file: String,
    /// What is read is written as it was.
    back: bool,
}

/// Tests for the types that `entries` take and give; `None` where none of them has a form that is known.
pub(super) fn golden(
    names: &Names<'_>,
    samples: &Samples<'_>,
    entries: &[EntryPointId],
    kept: &BTreeSet<ItemId>,
    host: ModuleIdx,
) -> Option<Golden> {
    let model = names.model;
    let mut golden = Golden::default();
    let mut forms: BTreeMap<String, Row> = BTreeMap::new();
    for item in entries.iter().flat_map(|&entry| samples.carried(entry)).collect::<BTreeSet<_>>() {
        let facts = &model.items[item];
        if !kept.contains(&item) || names.root_of(facts.module) != host {
            continue;
        }
        let (Some(sample), Some(ty)) = (samples.of_item(item), path_from(names, host, item)) else {
            continue;
        };
        let mut name = super::naming::kebab(&facts.name);
        let base = name.clone();
        for n in 2.. {
            if !forms.contains_key(&name) {
                break;
            }
            name = format!("{base}-{n}");
        }
        let file = format!("contract/{name}.json");
        let text = serde_json::to_string_pretty(&sample).expect("plain data");
        golden.files.insert(file.clone(), text + "\n");
        golden.items.insert(item);
        let row = Row { name: name.replace('-', "_"), ty, file, back: samples.same_both_ways(item) };
        forms.insert(name, row);
    }
    if forms.is_empty() {
        return None;
    }
    golden.text = Page { forms: forms.into_values().collect() }.render().expect("a template of plain data");
    Some(golden)
}
