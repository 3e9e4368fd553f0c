//! What was observed of the application beside its source: which files changed together and by whom,
//! and who called whom how often while it ran.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{FileId, UnorderedMap};
use crate::model::{Model, NodeRef, ObservedSource};

use super::criteria::{Criterion, Gather, What, narrow, rare};
use super::nodes::Nodes;
use super::traces::Traces;

/// What was observed. Empty where the user asks for none of it.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Commits, the newest first.
    pub history: Option<Vec<Commit>>,
    /// Run-time counts.
    pub traces: Option<Traces>,
}

/// One change of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Who made it.
    pub author: String,
    /// The files that it changed, relative to the analysed directory.
    pub files: Vec<String>,
}

/// A commit of more files is a renaming or a formatting: it says nothing about what belongs together.
const LARGE_COMMIT: usize = 20;
/// Fewer common commits may be chance.
const LEAST_COMMON: usize = 3;
/// So many partners of each file are looked at, the nearest first.
const PARTNERS: usize = 4;
/// Ancestors of a span that are looked at for one that is known.
const DEEPEST: usize = 256;
/// Unknown names that are listed; all are counted.
const LISTED: usize = 10;

impl Gather<'_> {
    /// Ties what was observed together.
    pub(super) fn observed(&mut self, observed: &Observed) {
        if let Some(commits) = &observed.history {
            self.history(commits);
        }
        if let Some(traces) = &observed.traces {
            self.traces(traces);
        }
    }
    fn history(&mut self, commits: &[Commit]) {
        let changes = changes(self.model, commits);
        let mut things: BTreeMap<FileId, Vec<(u32, crate::base::Place)>> = BTreeMap::new();
        for (id, function) in self.model.functions.iter_enumerated().filter(|(_, it)| !it.test) {
            things.entry(function.place.file).or_default().push((self.nodes.function(id), function.place));
        }
        for (id, ty) in self.model.types.iter_enumerated() {
            things.entry(ty.place.file).or_default().push((self.nodes.ty(id), ty.place));
        }
        let name = |file: FileId| &self.model.files[file].path;
        let none = Vec::new();
        let in_file = |file: &FileId| things.get(file).unwrap_or(&none);
        for (a, b, common) in changes.pairs() {
            let either = changes.counts[&a] + changes.counts[&b] - common;
            let hub = self.hub(format!(
                "{} and {} changed together in {common} of {either} commits",
                name(a),
                name(b)
            ));
            let members = in_file(&a).iter().chain(in_file(&b));
            let share = common as f64 / either as f64 * rare(in_file(&a).len() + in_file(&b).len());
            for &(node, place) in members {
                self.tie(node, hub, Criterion::History, share, Some(place), What::In);
            }
        }
        let owners = changes.owners();
        for (author, files) in &owners {
            // Whoever wrote everything says nothing.
            let share = narrow(files.len(), owners.values().map(Vec::len).sum());
            let n: usize = files.iter().map(|file| in_file(file).len()).sum();
            let hub = self.hub(format!("is changed mostly by {author}"));
            for &(node, place) in files.iter().flat_map(in_file) {
                self.tie(node, hub, Criterion::Authors, share * rare(n), Some(place), What::In);
            }
        }
    }
    fn traces(&mut self, traces: &Traces) {
        let counts = counts(&Names::new(self.model, self.nodes), traces).0;
        let most = counts.values().fold(1.0, |most: f64, &count| most.max(count));
        let mut callers: BTreeMap<u32, usize> = BTreeMap::new();
        for &(_, callee) in counts.keys() {
            *callers.entry(callee).or_default() += 1;
        }
        for ((caller, callee), count) in counts {
            let often = (1.0 + count.max(1.0).ln()) / (1.0 + most.ln());
            let share = often * rare(callers[&callee]);
            self.tie(caller, callee, Criterion::Trace, share, None, What::Traced(count as u64));
        }
    }
}

/// What of the observations could be used, for the reader.
pub(super) fn sources(model: &Model, observed: &Observed) -> Vec<ObservedSource> {
    let mut sources = Vec::new();
    if let Some(commits) = &observed.history {
        let used = changes(model, commits).n_commits;
        let (used, left_out) = (used as u32, (commits.len() - used) as u32);
        sources.push(ObservedSource { kind: "history".into(), used, left_out, unknown: Vec::new() });
    }
    if let Some(traces) = &observed.traces {
        let (_, known, unknown) = counts(&Names::new(model, Nodes::new(model)), traces);
        sources.push(ObservedSource {
            kind: "traces".into(),
            used: known as u32,
            left_out: unknown.len() as u32,
            unknown: unknown.into_iter().take(LISTED).map(str::to_owned).collect(),
        });
    }
    sources
}

/// Which files changed with which, and by whom.
#[derive(Default)]
struct Changes {
    /// Commits that count.
    n_commits: usize,
    /// Commits of each file.
    counts: BTreeMap<FileId, usize>,
    common: BTreeMap<(FileId, FileId), usize>,
    authors: BTreeMap<FileId, BTreeMap<String, usize>>,
}

fn changes(model: &Model, commits: &[Commit]) -> Changes {
    let known: UnorderedMap<&str, FileId> =
        model.files.iter_enumerated().map(|(id, file)| (file.path.as_str(), id)).collect();
    let mut changes = Changes::default();
    for commit in commits.iter().filter(|commit| commit.files.len() <= LARGE_COMMIT) {
        let files: BTreeSet<FileId> =
            commit.files.iter().filter_map(|path| known.get(path.as_str()).copied()).collect();
        changes.n_commits += usize::from(!files.is_empty());
        for &file in &files {
            *changes.counts.entry(file).or_default() += 1;
            *changes.authors.entry(file).or_default().entry(commit.author.clone()).or_default() += 1;
            for &other in files.range(file..).skip(1) {
                *changes.common.entry((file, other)).or_default() += 1;
            }
        }
    }
    changes
}

impl Changes {
    /// The nearest pairs of files with their common commits.
    fn pairs(&self) -> Vec<(FileId, FileId, usize)> {
        let mut nearest: BTreeMap<FileId, Vec<(u64, FileId, usize)>> = BTreeMap::new();
        for (&(a, b), &common) in self.common.iter().filter(|&(_, &common)| common >= LEAST_COMMON) {
            let share = common as u64 * 1_000_000 / (self.counts[&a] + self.counts[&b] - common) as u64;
            nearest.entry(a).or_default().push((share, b, common));
            nearest.entry(b).or_default().push((share, a, common));
        }
        let mut pairs = BTreeSet::new();
        for (a, mut partners) in nearest {
            partners.sort_by_key(|&(share, b, _)| (std::cmp::Reverse(share), b));
            pairs.extend(partners.iter().take(PARTNERS).map(|&(_, b, common)| (a.min(b), a.max(b), common)));
        }
        pairs.into_iter().collect()
    }
    /// The files of each author who made more than half of their commits.
    fn owners(&self) -> BTreeMap<&str, Vec<FileId>> {
        let mut owners: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
        for (&file, authors) in self.authors.iter().filter(|(file, _)| self.counts[file] >= LEAST_COMMON) {
            if let Some((author, _)) = authors.iter().find(|&(_, &n)| 2 * n > self.counts[&file]) {
                owners.entry(author).or_default().push(file);
            }
        }
        owners
    }
}

/// The things that names of traces mean.
struct Names {
    of: BTreeMap<String, Option<u32>>,
}

impl Names {
    fn new(model: &Model, nodes: Nodes) -> Self {
        let mut names = Self { of: BTreeMap::new() };
        for (node, thing) in nodes.iter() {
            match thing {
                NodeRef::EntryPoint(id) => names.add(&plain(&model.entry_points[id].title()), node),
                NodeRef::Table(id) => names.add(&format!("table {}", model.tables[id].name), node),
                NodeRef::Function(id) if !model.functions[id].test => {
                    // Every end of a path means the function, as long as it means no other.
                    let path = model.functions[id].path.to_string();
                    names.add(&path, node);
                    for (at, _) in path.match_indices("::") {
                        names.add(&path[at + 2..], node);
                    }
                }
                _ => {}
            }
        }
        names
    }
    fn add(&mut self, name: &str, node: u32) {
        let slot = self.of.entry(name.to_owned()).or_insert(Some(node));
        if *slot != Some(node) {
            *slot = None;
        }
    }
    fn find(&self, name: &str) -> Option<u32> {
        let known = self.of.get(name).or_else(|| self.of.get(&plain(name)));
        known.copied().flatten()
    }
}

/// A route with every parameter written alike: frameworks write `{id}`, `:id` and `<id>`.
fn plain(title: &str) -> String {
    let Some((method, path)) = title.split_once(' ').filter(|(_, path)| path.starts_with('/')) else {
        return title.to_owned();
    };
    let parts = path.trim_end_matches('/').split('/').map(|part| match part.chars().next() {
        Some('{' | ':' | '<') => "{}",
        _ => part,
    });
    format!("{} {}", method.to_uppercase(), parts.collect::<Vec<_>>().join("/"))
}

/// Calls between things, how many names are known, and those that are not.
fn counts<'a>(names: &Names, traces: &'a Traces) -> (BTreeMap<(u32, u32), f64>, usize, BTreeSet<&'a str>) {
    let (mut known, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    let mut counts: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    let mut find = |name: &'a str| {
        let node = names.find(name);
        if node.is_some() {
            known.insert(name)
        } else {
            unknown.insert(name)
        };
        node
    };
    for (caller, callee, count) in &traces.calls {
        if let (Some(caller), Some(callee)) = (find(caller), find(callee)) {
            *counts.entry((caller, callee)).or_default() += count;
        }
    }
    let things: Vec<Option<u32>> = traces
        .spans
        .iter()
        .map(|span| {
            let told = span.names.iter().find(|name| names.find(name).is_some());
            find(told.or(span.names.last())?)
        })
        .collect();
    for (span, thing) in traces.spans.iter().zip(&things) {
        let Some(callee) = *thing else { continue };
        let parents = std::iter::successors(span.parent, |&parent| traces.spans[parent].parent);
        if let Some(caller) = parents.take(DEEPEST).find_map(|parent| things[parent]) {
            *counts.entry((caller, callee)).or_default() += 1.0;
        }
    }
    counts.retain(|(caller, callee), _| caller != callee);
    (counts, known.len(), unknown)
}
