//! Which routes of the monolith's routers stay, and the function that builds the router.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{FileId, TextRange};
use crate::model::{EntryPointId, EntryPointKind, Function, FunctionId, Model};

use super::names::{Names, handler};
use super::slice::routes::{self, Segment, SegmentKind};
use super::{Inputs, slice::types::Ty};

/// The router of the monolith with only the routes that move.
#[derive(Clone, Debug)]
pub(super) struct Routing {
    /// The function to call.
    pub top: FunctionId,
    /// What comes before its own paths.
    pub prefix: String,
    /// What to replace in the kept functions, by function.
    pub edits: BTreeMap<FunctionId, Vec<(TextRange, String)>>,
}

struct Routers<'a, 'm> {
    names: &'a Names<'m>,
    model: &'m Model,
    inputs: &'a Inputs<'a>,
    /// The entry points that move, by the file that declares them.
    entries: BTreeMap<FileId, Vec<EntryPointId>>,
    segments: BTreeMap<FunctionId, Vec<Segment>>,
    bases: BTreeMap<FunctionId, Vec<Vec<String>>>,
    by_item: BTreeMap<crate::model::ItemId, FunctionId>,
}

/// Whether a function builds a router, from its signature.
fn builds_router(function: &Function) -> bool {
    !function.test
        && function.receiver.is_none()
        && function.name != "main"
        && function.ret.contains("Router")
        && Ty::parse(&function.ret).success().0.name() == "Router"
}

/// Finds the monolith's router function for some HTTP entry points; `None` where there is none that
/// covers them all, so that a flat router must do.
pub(super) fn find(names: &Names<'_>, inputs: &Inputs<'_>, entries: &[EntryPointId]) -> Option<Routing> {
    let model = names.model;
    let mut by_file: BTreeMap<FileId, Vec<EntryPointId>> = BTreeMap::new();
    for &id in entries {
        by_file.entry(model.entry_points[id].declared_at.file).or_default().push(id);
    }
    let mut routers = Routers {
        names,
        model,
        inputs,
        entries: by_file,
        segments: BTreeMap::new(),
        bases: BTreeMap::new(),
        by_item: names.function_of_item(),
    };
    for (id, function) in model.functions.iter_enumerated() {
        if builds_router(function)
            && let Some(found) = routes::segments(inputs.sources.text(model.items[function.item].span))
        {
            routers.segments.insert(id, found.segments);
            routers.bases.insert(id, found.bases);
        }
    }
    let wanted: BTreeSet<EntryPointId> =
        entries.iter().copied().filter(|&id| model.entry_points[id].kind == EntryPointKind::Http).collect();
    let mut best: Option<(usize, Routing)> = None;
    for &top in routers.segments.keys() {
        let mut paths = BTreeMap::new();
        routers.paths(top, "", &mut Vec::new(), &mut paths);
        if !wanted.iter().all(|id| paths.contains_key(id)) {
            continue;
        }
        let Some(prefix) = common_prefix(model, &wanted, &paths) else { continue };
        let mut edits = BTreeMap::new();
        let mut seen = BTreeSet::new();
        routers.cut(top, &mut edits, &mut seen);
        // The outermost one has the most routers below it, and the layers of all.
        if best.as_ref().is_none_or(|(n_below, _)| seen.len() > *n_below) {
            best = Some((seen.len(), Routing { top, prefix, edits }));
        }
    }
    best.map(|(_, routing)| routing)
}

/// What every entry point's full path has before the path inside the router.
fn common_prefix(
    model: &Model,
    wanted: &BTreeSet<EntryPointId>,
    paths: &BTreeMap<EntryPointId, BTreeSet<String>>,
) -> Option<String> {
    let mut common: Option<String> = None;
    for id in wanted {
        let full = normal(model.entry_points[*id].path.as_deref()?);
        let prefix = paths[id]
            .iter()
            .find_map(|inner| full.strip_suffix(normal(inner).as_str()).map(str::to_owned))?;
        match &common {
            Some(common) if *common != prefix => return None,
            _ => common = Some(prefix),
        }
    }
    common
}

/// The prefixes of the inline routers and local variables around a segment.
fn around(all: &[Segment], segment: &Segment, depth: u32) -> String {
    let mut prefix = String::new();
    if let Some(inside) = &segment.inside
        && depth < 8
        && let Some(mount) = all.iter().find(|other| other.local.as_ref() == Some(inside))
        && mount.inside.as_ref() != Some(inside)
    {
        prefix += &around(all, mount, depth + 1);
        prefix += &mount.path.as_deref().map(normal).unwrap_or_default();
    }
    for outer in all {
        if outer.range != segment.range && outer.range.contains(segment.range) {
            prefix += &outer.path.as_deref().map(normal).unwrap_or_default();
        }
    }
    prefix
}

fn normal(path: &str) -> String {
    path.trim_end_matches('/').to_owned()
}

impl Routers<'_, '_> {
    /// Routers that a function starts its chains from.
    fn bases(&self, function: FunctionId) -> Vec<FunctionId> {
        self.called(function, &self.bases[&function])
    }

    fn callees(&self, function: FunctionId, segment: &Segment) -> Vec<FunctionId> {
        self.called(function, &segment.calls)
    }

    fn called(&self, function: FunctionId, paths: &[Vec<String>]) -> Vec<FunctionId> {
        let function = &self.model.functions[function];
        let item = &self.model.items[function.item];
        let self_type = item.parent.and_then(|parent| {
            self.model.items[parent].implements.as_ref().and_then(|sides| sides.type_item)
        });
        paths
            .iter()
            .flat_map(|path| self.names.resolve(function.module, path, false, self_type).last)
            .filter_map(|item| self.by_item.get(&item).copied())
            .filter(|callee| self.segments.contains_key(callee))
            .collect()
    }

    fn entry_of(&self, function: FunctionId, segment: &Segment, verb: &routes::Verb) -> Vec<EntryPointId> {
        let span = self.model.items[self.model.functions[function].item].span;
        let Some(entries) = self.entries.get(&span.file) else { return Vec::new() };
        let file = &self.inputs.sources.files[span.file];
        let first = file.line(span.range.start + segment.range.start);
        let last = file.line(span.range.start + segment.range.end);
        entries
            .iter()
            .copied()
            .filter(|&id| {
                let entry = &self.model.entry_points[id];
                let method = entry.method.as_deref().unwrap_or("ANY");
                (first..=last).contains(&entry.declared_at.line)
                    && (method == verb.method || method == "ANY")
                    && handler(self.model, id)
                        .is_none_or(|handler| verb.names.contains(&self.model.functions[handler].name))
            })
            .collect()
    }

    /// The wanted entry points under a function, with their paths inside it.
    fn paths(
        &self,
        function: FunctionId,
        prefix: &str,
        on_way: &mut Vec<FunctionId>,
        out: &mut BTreeMap<EntryPointId, BTreeSet<String>>,
    ) {
        if on_way.contains(&function) || on_way.len() > 64 {
            return;
        }
        on_way.push(function);
        for base in self.bases(function) {
            self.paths(base, prefix, on_way, out);
        }
        let all = &self.segments[&function];
        for segment in all {
            // Prefixes of the inline routers around it.
            let around = around(all, segment, 0);
            let path = format!("{prefix}{around}{}", segment.path.as_deref().map(normal).unwrap_or_default());
            match &segment.kind {
                SegmentKind::Route(verbs) => {
                    for entry in verbs.iter().flat_map(|verb| self.entry_of(function, segment, verb)) {
                        out.entry(entry).or_default().insert(path.clone());
                    }
                }
                SegmentKind::Nest => {
                    for callee in self.callees(function, segment) {
                        self.paths(callee, &path, on_way, out);
                    }
                }
            }
        }
        on_way.pop();
    }

    fn alive(&self, function: FunctionId, segment: &Segment) -> bool {
        match &segment.kind {
            SegmentKind::Route(verbs) => {
                verbs.iter().any(|verb| !self.entry_of(function, segment, verb).is_empty())
            }
            SegmentKind::Nest => {
                segment.local.is_some()
                    || self.segments[&function].iter().any(|inner| {
                        inner.range != segment.range
                            && segment.range.contains(inner.range)
                            && self.alive(function, inner)
                    })
                    || self.callees(function, segment).into_iter().any(|callee| {
                        let mut paths = BTreeMap::new();
                        self.paths(callee, "", &mut Vec::new(), &mut paths);
                        !paths.is_empty()
                    })
            }
        }
    }

    /// Collects what must be cut in a function and the routers below it.
    fn cut(
        &self,
        function: FunctionId,
        out: &mut BTreeMap<FunctionId, Vec<(TextRange, String)>>,
        seen: &mut BTreeSet<FunctionId>,
    ) {
        if !seen.insert(function) {
            return;
        }
        let mut edits = Vec::new();
        for segment in &self.segments[&function] {
            if !self.alive(function, segment) {
                edits.push((segment.range, String::new()));
                continue;
            }
            if let SegmentKind::Route(verbs) = &segment.kind {
                let alive: Vec<bool> =
                    verbs.iter().map(|verb| !self.entry_of(function, segment, verb).is_empty()).collect();
                edits.extend(routes::cut_verbs(verbs, &alive));
            }
            for callee in self.callees(function, segment) {
                self.cut(callee, out, seen);
            }
        }
        for base in self.bases(function) {
            self.cut(base, out, seen);
        }
        let start = self.model.items[self.model.functions[function].item].span.range.start;
        let edits = edits
            .into_iter()
            .map(|(range, with)| (TextRange::new(range.start + start, range.end + start), with))
            .collect();
        out.insert(function, edits);
    }
}
