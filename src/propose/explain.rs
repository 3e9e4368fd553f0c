//! Why each thing is where it is: scores per criterion, the strongest reasons, the runner-up.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::{Id, Name};
use crate::model::{
    DecidedBy, Evidence as Reason, Home, Model, NodeRef, Placement, ServiceId, TableOp, TypeRole,
};

use super::criteria::{Criterion, Evidence, Tie, What};
use super::split::Split;

/// The placements of all things, sorted.
pub(super) fn placements(
    model: &Model,
    evidence: &Evidence,
    split: &Split,
    names: &[String],
    stability: &[f64],
) -> Vec<Placement> {
    let names: Vec<Arc<str>> = names.iter().map(|name| name.as_str().into()).collect();
    let homes = Homes { names: &names, kernel: "kernel".into(), shell: "shell".into() };
    let n = evidence.nodes.len();
    // Per hub, the weight that each service ties to it.
    let mut hubs: Vec<BTreeMap<ServiceId, i64>> = vec![BTreeMap::new(); evidence.hubs.len()];
    for tie in &evidence.ties {
        for (me, other) in [(tie.a, tie.b), (tie.b, tie.a)] {
            if (me as usize) < n
                && other as usize >= n
                && let Some(service) = split.service(me)
            {
                *hubs[other as usize - n].entry(service).or_default() += tie.weight;
            }
        }
    }
    let hubs: Vec<Hub> = hubs
        .into_iter()
        .map(|shares| Hub { all: shares.values().sum(), shares: shares.into_iter().collect() })
        .collect();
    let mut placements: Vec<Placement> = (0..n as u32)
        .into_par_iter()
        .filter(|&node| split.homes[node as usize] != Home::Nowhere)
        .map_init(
            || Tally::new(split.n),
            |tally, node| place(model, evidence, split, &homes, &hubs, stability, tally, node),
        )
        .collect();
    placements.par_sort_by_key(|placement| placement.node);
    placements
}

/// What homes are called.
struct Homes<'a> {
    names: &'a [Arc<str>],
    kernel: Arc<str>,
    shell: Arc<str>,
}

/// What is tied to a hub: per service the weight, and all of it.
struct Hub {
    shares: Vec<(ServiceId, i64)>,
    all: i64,
}

/// What speaks for a service, per criterion.
#[derive(Clone, Default)]
struct Scores([Option<i64>; Criterion::ALL.len()]);

impl Scores {
    fn add(&mut self, criterion: Criterion, score: i64) {
        *self.0[criterion as usize].get_or_insert(0) += score;
    }
    fn total(&self) -> i64 {
        self.0.iter().flatten().sum()
    }
    fn named(&self) -> BTreeMap<Cow<'static, str>, i64> {
        let rows = Criterion::ALL.iter().zip(self.0);
        rows.filter_map(|(criterion, score)| Some((Cow::Borrowed(criterion.as_str()), score?))).collect()
    }
}

/// What speaks for each service, cleared after each use.
struct Tally {
    scores: Vec<Scores>,
    /// The services that something speaks for.
    met: Vec<ServiceId>,
}

impl Tally {
    fn new(n: usize) -> Self {
        Self { scores: vec![Scores::default(); n], met: Vec::new() }
    }
    fn add(&mut self, service: ServiceId, criterion: Criterion, score: i64) {
        let scores = &mut self.scores[service.idx()];
        if scores.0.iter().all(Option::is_none) {
            self.met.push(service);
        }
        scores.add(criterion, score);
    }
    fn clear(&mut self) {
        for service in self.met.drain(..) {
            self.scores[service.idx()] = Scores::default();
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one line of a table; the columns are all here")]
fn place(
    model: &Model,
    evidence: &Evidence,
    split: &Split,
    called: &Homes<'_>,
    hubs: &[Hub],
    stability: &[f64],
    tally: &mut Tally,
    node: u32,
) -> Placement {
    let n = evidence.nodes.len();
    let home = split.homes[node as usize];
    let mut reasons: Vec<(i64, &Tie)> = Vec::new();
    for tie in evidence.ties_of(node) {
        let other = if tie.a == node { tie.b } else { tie.a };
        if (other as usize) < n {
            if let Some(service) = split.service(other) {
                tally.add(service, tie.criterion, tie.weight);
            }
            if split.homes[other as usize] == home {
                reasons.push((tie.weight, tie));
            }
            continue;
        }
        let hub = &hubs[other as usize - n];
        let all = hub.all - split.service(node).map_or(0, |_| tie.weight);
        for &(service, weight) in &hub.shares {
            let own = split.service(node) == Some(service);
            let weight = if own { weight - tie.weight } else { weight };
            if weight > 0 && all > 0 {
                let score = (i128::from(tie.weight) * i128::from(weight) / i128::from(all)) as i64;
                tally.add(service, tie.criterion, score);
                if home.service() == Some(service) {
                    reasons.push((score, tie));
                }
            }
        }
    }
    reasons.sort_by_key(|&(weight, tie)| (-weight, tie.a, tie.b, tie.criterion));
    let mut evidence_rows: Vec<Reason> = Vec::with_capacity(3);
    for &(weight, tie) in reasons.iter().filter(|&&(weight, _)| weight > 0) {
        let text = describe(model, evidence, tie, node);
        if evidence_rows.iter().all(|row| row.text != text) {
            let criterion = Cow::Borrowed(tie.criterion.as_str());
            evidence_rows.push(Reason { criterion, text, place: tie.place, weight });
        }
        if evidence_rows.len() == 3 {
            break;
        }
    }
    let scores = |service: ServiceId| &tally.scores[service.idx()];
    let own = home.service().map_or(0, |service| scores(service).total());
    let others = tally.met.iter().filter(|&&service| Some(service) != home.service());
    let runner_up = others
        .map(|&service| (scores(service).total(), std::cmp::Reverse(service)))
        .max()
        .filter(|&(score, _)| score > 0)
        .map(|(score, std::cmp::Reverse(service))| (called.names[service.idx()].clone(), score));
    let against = runner_up.as_ref().map_or(0, |(_, score)| *score);
    let margin = if own > 0 { ((own - against) as f64 / own as f64).clamp(0.0, 1.0) } else { 0.0 };
    let decided_by = split.deciders[node as usize];
    let placement = Placement {
        node: evidence.nodes.thing(node),
        service: match home {
            Home::Service(service) => called.names[service.idx()].clone(),
            Home::Kernel => called.kernel.clone(),
            Home::Shell | Home::Nowhere => called.shell.clone(),
        },
        decided_by,
        scores: home.service().map(|service| scores(service).named()).unwrap_or_default(),
        evidence: evidence_rows,
        runner_up,
        margin: round(margin),
        stability: if decided_by == DecidedBy::Engine { round(stability[node as usize]) } else { 1.0 },
    };
    tally.clear();
    placement
}

/// Three decimals: more would only carry noise into the artifacts.
pub(super) fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// How people call a thing.
pub(super) fn title(model: &Model, thing: NodeRef) -> String {
    match thing {
        NodeRef::EntryPoint(id) => model.entry_points[id].title(),
        NodeRef::Table(id) => model.tables[id].name.clone(),
        NodeRef::Function(id) => {
            let function = &model.functions[id];
            match function.self_type {
                Some(ty) => format!("`{}::{}`", model.types[ty].name, function.name),
                None => format!("`{}`", function.name),
            }
        }
        NodeRef::Type(id) => format!("`{}`", model.types[id].name),
        NodeRef::State(id) => format!("`{}`", model.state_cells[id].path.name()),
    }
}

/// One sentence about a tie, seen from `me`.
fn describe(model: &Model, evidence: &Evidence, tie: &Tie, me: u32) -> String {
    let nodes = evidence.nodes;
    let first = tie.a == me;
    let other = if first { tie.b } else { tie.a };
    if other as usize >= nodes.len() {
        return evidence.hubs[other as usize - nodes.len()].clone();
    }
    let name = title(model, nodes.thing(other));
    let verb = |op: TableOp| match op {
        TableOp::Read => ("reads", "read"),
        TableOp::Insert => ("inserts into", "filled"),
        TableOp::Update => ("updates", "updated"),
        TableOp::Delete => ("deletes from", "emptied"),
    };
    match (tie.what, first) {
        (What::Handles, true) => format!("is handled by {name}"),
        (What::Handles, false) => format!("handles {name}"),
        (What::Calls { in_loop }, true) => format!("calls {name}{}", if in_loop { " in a loop" } else { "" }),
        (What::Calls { in_loop }, false) => {
            format!("is called by {name}{}", if in_loop { " in a loop" } else { "" })
        }
        (What::Access(op), true) => format!("{} {name}", verb(op).0),
        (What::Access(op), false) => format!("is {} by {name}", verb(op).1),
        (What::Flow(op, via), true) => {
            format!("{} {name} in {}", verb(op).0, title(model, NodeRef::Function(via)))
        }
        (What::Flow(op, via), false) => {
            format!("is {} for {name} in {}", verb(op).1, title(model, NodeRef::Function(via)))
        }
        (What::Refers, true) => format!("refers to {name}"),
        (What::Refers, false) => format!("is referred to by {name}"),
        (What::Uses(TypeRole::Receiver), true) => format!("is a method of {name}"),
        (What::Uses(TypeRole::Receiver), false) => format!("has the method {name}"),
        (What::Uses(_), true) => format!("uses the type {name}"),
        (What::Uses(_), false) => format!("is used by {name}"),
        (What::Payload, true) => format!("takes or gives {name} over the wire"),
        (What::Payload, false) => format!("travels over the wire of {name}"),
        (What::Holds, true) => format!("holds {name}"),
        (What::Holds, false) => format!("is held by {name}"),
        (What::Row, true) => format!("describes a row of {name}"),
        (What::Row, false) => format!("has rows of {name}"),
        (What::Traced(count), true) => format!("was seen to call {name} {count} times"),
        (What::Traced(count), false) => format!("was seen to be called by {name} {count} times"),
        (What::State { write: true }, true) => format!("changes {name}"),
        (What::State { write: true }, false) => format!("is changed by {name}"),
        (What::State { write: false }, true) => format!("looks into {name}"),
        (What::State { write: false }, false) => format!("is looked into by {name}"),
        (What::Words, _) | (What::In, _) => {
            let (mine, theirs) = (&evidence.bags[me as usize], &evidence.bags[other as usize]);
            let mut words: Vec<(Name, i64)> = mine
                .iter()
                .filter_map(|(word, weight)| theirs.get(word).map(|other| (word, weight + other)))
                .collect();
            words.sort_by_key(|&(word, weight)| (-weight, word));
            let words: Vec<&str> = words.iter().take(3).map(|(word, _)| word.as_str()).collect();
            format!("shares the words {} with {name}", words.join(", "))
        }
    }
}
