//! What a split would cut, worst first; the same cut at several places is one entry.

use std::collections::BTreeMap;

use crate::base::{Place, Severity, UnorderedMap};
use crate::model::{CutEdge, CutKind, FunctionId, NodeRef, ServiceId, TableId, TableOp};
use crate::report::text::{Markup, prose, sentence};

use super::snippet::Snippet;
use super::{Badge, View};

/// Entries that are shown at once.
const N_TOP: usize = 12;
/// Entries with source lines.
const N_WITH_SNIPPET: usize = 160;
/// Entries on the page; the export holds all.
const N_SHOWN: usize = 1200;
/// Further places listed per entry.
const N_PLACES: usize = 8;

pub(super) struct Cuts {
    pub top: Vec<Cut>,
    pub rest: Vec<Cut>,
    pub n_edges: usize,
    pub n_more: usize,
    /// Number of edges per severity, worst first, none left out.
    pub by_severity: Vec<(Badge, usize)>,
    pub services: Vec<String>,
    pub kinds: Vec<&'static str>,
}

pub(super) struct Cut {
    pub rank: usize,
    pub from: String,
    pub to: String,
    pub kind: &'static str,
    pub badge: Badge,
    /// `calls`, `updates`.
    pub verb: String,
    pub targets: Vec<Markup>,
    pub n: usize,
    pub in_loop: bool,
    /// For a call: whether the caller waits for what comes back.
    pub needs_result: Option<bool>,
    pub remedy: Markup,
    pub first: Site,
    pub others: Vec<Site>,
    pub n_other_sites: usize,
    pub snippet: Option<Snippet>,
}

pub(super) struct Site {
    pub function: Markup,
    pub place: Markup,
}

/// A transaction is one entry with all its tables; anything else is one entry per target.
type Key = (Severity, std::cmp::Reverse<bool>, CutKindRank, ServiceId, ServiceId, NodeRef);

/// Transactions hurt most, events least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct CutKindRank(u8, CutKind);

fn rank(kind: CutKind) -> CutKindRank {
    let order = match kind {
        CutKind::Transaction => 0,
        CutKind::State => 1,
        CutKind::Data => 2,
        CutKind::Call => 3,
        CutKind::Type => 4,
        CutKind::Event => 5,
    };
    CutKindRank(order, kind)
}

impl Cuts {
    pub fn new(view: &View<'_>) -> Self {
        let shown = |cut: &&CutEdge| view.names.shows(cut.function) && view.names.shows_node(cut.target);
        let mut groups: BTreeMap<Key, Vec<&CutEdge>> = BTreeMap::new();
        let mut by_severity: BTreeMap<Severity, usize> = BTreeMap::new();
        for cut in view.plan.cuts.iter().filter(shown) {
            let loops = std::cmp::Reverse(cut.in_loop);
            let by = match cut.kind {
                CutKind::Transaction => NodeRef::Function(cut.function),
                _ => cut.target,
            };
            let key = (cut.severity, loops, rank(cut.kind), cut.from, cut.to, by);
            groups.entry(key).or_default().push(cut);
            *by_severity.entry(cut.severity).or_default() += 1;
        }
        let mut groups: Vec<(Key, Vec<&CutEdge>)> = groups.into_iter().collect();
        groups.sort_by_key(|(key, cuts)| {
            ((key.0, key.1, key.2), std::cmp::Reverse(cuts.len()), (key.3, key.4, key.5))
        });
        let mut ops: UnorderedMap<(FunctionId, Place, TableId), TableOp> = UnorderedMap::new();
        for access in &view.model.accesses {
            let key = (access.function, access.site, access.table);
            // A statement that both reads and writes a table is a write.
            if access.op.is_write() || !ops.contains_key(&key) {
                ops.insert(key, access.op);
            }
        }
        let n_groups = groups.len();
        let mut list: Vec<Cut> = (groups.into_iter().take(N_SHOWN).enumerate())
            .map(|(idx, (_, cuts))| entry(view, idx, cuts, &ops))
            .collect();
        let rest = list.split_off(list.len().min(N_TOP));
        let mut services: Vec<String> =
            list.iter().chain(&rest).flat_map(|cut| [cut.from.clone(), cut.to.clone()]).collect();
        services.sort();
        services.dedup();
        let mut kinds: Vec<_> = list.iter().chain(&rest).map(|cut| cut.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        Self {
            top: list,
            rest,
            n_edges: by_severity.values().sum(),
            n_more: n_groups.saturating_sub(N_SHOWN),
            by_severity: by_severity.into_iter().map(|(severity, n)| (Badge(severity), n)).collect(),
            services,
            kinds,
        }
    }
}

fn entry(
    view: &View<'_>,
    idx: usize,
    mut cuts: Vec<&CutEdge>,
    ops: &UnorderedMap<(FunctionId, Place, TableId), TableOp>,
) -> Cut {
    cuts.sort_by_key(|cut| (cut.site, cut.function));
    let cut = cuts[0];
    let site = |cut: &CutEdge| Site { function: view.function(cut.function), place: view.place(cut.site) };
    let mut targets: Vec<NodeRef> = cuts.iter().map(|cut| cut.target).collect();
    targets.sort_unstable();
    targets.dedup();
    let mut sites: Vec<&&CutEdge> = cuts.iter().collect();
    sites.dedup_by_key(|cut| (cut.site, cut.function));
    let others = &sites[1..];
    Cut {
        rank: idx + 1,
        from: view.names.service(cut.from).to_string(),
        to: view.names.service(cut.to).to_string(),
        kind: cut.kind.as_str(),
        badge: Badge(cut.severity),
        verb: verb(&cuts, ops),
        targets: targets.iter().map(|&target| view.thing(target)).collect(),
        n: sites.len(),
        in_loop: cut.in_loop,
        needs_result: (cut.kind == CutKind::Call).then(|| cuts.iter().any(|cut| cut.needs_result)),
        remedy: prose(&sentence(&cut.remedy)),
        first: site(cut),
        n_other_sites: others.len().saturating_sub(N_PLACES),
        others: others.iter().take(N_PLACES).map(|cut| site(cut)).collect(),
        snippet: if idx < N_WITH_SNIPPET { Snippet::new(view, cut.site) } else { None },
    }
}

fn verb(cuts: &[&CutEdge], ops: &UnorderedMap<(FunctionId, Place, TableId), TableOp>) -> String {
    let how = match cuts[0].kind {
        CutKind::Call => "calls",
        CutKind::Type => "has in its signature",
        CutKind::Transaction => "opens a transaction that also touches",
        CutKind::State => "shares in memory",
        CutKind::Event => "sends an event to",
        CutKind::Data => {
            let mut found: Vec<TableOp> = (cuts.iter())
                .filter_map(|cut| match cut.target {
                    NodeRef::Table(table) => ops.get(&(cut.function, cut.site, table)).copied(),
                    _ => None,
                })
                .collect();
            found.sort_unstable();
            found.dedup();
            let verbs: Vec<_> = (found.iter())
                .map(|op| match op {
                    TableOp::Read => "reads",
                    TableOp::Insert => "inserts into",
                    TableOp::Update => "updates",
                    TableOp::Delete => "deletes from",
                })
                .collect();
            return if verbs.is_empty() { "uses".into() } else { verbs.join(", ") };
        }
    };
    how.into()
}
