//! From ties and wishes to a grouping: consensus, then few groups, then the wished number of them.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::cluster::{Apart, Graph, dense, leiden};
use super::consensus::{Plan, agree, stability};
use super::error::ProposeError;
use super::reduce::reduce;

/// Ties between `n` nodes, and what the user wishes about them.
#[derive(Clone, Debug, Default)]
pub(super) struct Problem {
    /// Number of nodes.
    pub n: usize,
    /// Ties `(a, b, weight)`.
    pub edges: Vec<(u32, u32, i64)>,
    /// Groups of nodes that must share a community.
    pub together: Vec<Vec<u32>>,
    /// Pairs that must not.
    pub apart: Vec<(u32, u32)>,
    /// How much each node counts when sizes matter; 0 for a node that only carries evidence.
    pub sizes: Vec<u32>,
    /// What works on what, and whether that makes the data its own; a group that works but owns nothing
    /// joins another. Empty where nothing is known of it.
    pub work: Vec<Work>,
    /// Data that is written in one transaction.
    pub transactions: Vec<Vec<u32>>,
}

/// A node works on another, which is data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    /// What works.
    pub worker: u32,
    /// What it works on.
    pub data: u32,
    /// Whether whoever does this to the data may own it.
    pub owns: bool,
}

/// How to solve it.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// The runs.
    pub consensus: Plan,
    /// Groups smaller than this join their nearest group.
    pub least: u32,
    /// More groups than this are not proposed unasked.
    pub most: usize,
    /// Wished number of groups (of those that count).
    pub wished: Option<usize>,
}

/// A grouping of the nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Grouping {
    /// A dense label per node, numbered by first member.
    pub labels: Vec<u32>,
    /// Agreement of the runs per node, 0 to 1.
    pub stability: Vec<f64>,
    /// Other groupings, nearest first.
    pub others: Vec<Vec<u32>>,
}

/// Groups the nodes.
///
/// # Errors
/// Where the wished number of groups cannot be had.
pub(super) fn solve(problem: &Problem, settings: &Settings) -> Result<Grouping, ProposeError> {
    let (units, n_units) = contract(problem);
    let mut sizes = vec![0_u32; n_units];
    for (node, &unit) in units.iter().enumerate() {
        sizes[unit as usize] += problem.sizes[node];
    }
    let most = sizes.iter().filter(|&&size| size > 0).count();
    if let Some(wished) = settings.wished.filter(|&wished| wished == 0 || wished > most) {
        return Err(ProposeError::BadServiceCount { wished, least: most.min(1), most });
    }
    // What the user names counts as well.
    let mut keep: Vec<bool> = sizes.iter().map(|&size| size > 0).collect();
    for &node in problem.together.iter().flatten().chain(problem.apart.iter().flat_map(|(a, b)| [a, b])) {
        keep[units[node as usize] as usize] = true;
    }
    let graph =
        Graph::new(n_units, problem.edges.iter().map(|&(a, b, w)| (units[a as usize], units[b as usize], w)));
    let reduced = reduce(&graph, &keep);
    let mut place = vec![u32::MAX; n_units];
    for (new, &unit) in reduced.kept.iter().enumerate() {
        place[unit as usize] = new as u32;
    }
    let unit = |node: u32| place[units[node as usize] as usize];
    let sizes: Vec<u32> = reduced.kept.iter().map(|&unit| sizes[unit as usize]).collect();
    let graph = &reduced.graph;
    let pairs: Vec<_> = problem.apart.iter().map(|&(a, b)| (unit(a), unit(b))).collect();
    let apart = Apart::new(graph.len(), &pairs);
    let found = agree(graph, &apart, &settings.consensus);
    let work: Vec<Work> = problem
        .work
        .iter()
        .map(|work| Work { worker: unit(work.worker), data: unit(work.data), ..*work })
        .collect();
    let least = settings.least;
    let mut labels = gather(graph, &apart, &sizes, found.labels.clone(), |group, _| group < least);
    if settings.wished.is_none() {
        let transactions: Vec<Vec<u32>> = problem
            .transactions
            .iter()
            .map(|transaction| transaction.iter().map(|&data| unit(data)).collect())
            .collect();
        labels = whole(&apart, &sizes, &work, &transactions, labels);
        labels = complete(graph, &apart, &sizes, &work, labels);
        labels = condense(graph, &apart, &sizes, labels, settings.most);
    }
    if let Some(wished) = settings.wished {
        if counted(&labels, &sizes) < wished {
            labels = finer(graph, &apart, &sizes, settings, wished);
        }
        labels = gather(graph, &apart, &sizes, labels, |_, n| n > wished);
        let least = counted(&labels, &sizes);
        if least != wished {
            return Err(ProposeError::BadServiceCount { wished, least, most });
        }
    }
    let n = counted(&labels, &sizes);
    // Coarser, then finer: what an architect would ask for next.
    let (stability, mut others) = rayon::join(
        || stability(&labels, &found.runs),
        || {
            let coarse = (n > 2).then(|| condense(graph, &apart, &sizes, labels.clone(), (n * 2 / 3).max(2)));
            let wished = n + n.div_ceil(3).max(1);
            let fine = finer(graph, &apart, &sizes, settings, wished);
            let fine = gather(graph, &apart, &sizes, fine, |_, n| n > wished);
            coarse.into_iter().chain([fine]).collect::<Vec<_>>()
        },
    );
    others.retain(|other| counted(other, &sizes) != n);
    let of_nodes =
        |of_unit: &[u32]| dense(&units.iter().map(|&unit| of_unit[unit as usize]).collect::<Vec<_>>()).0;
    let of_unit = reduced.expand(&labels);
    let stability = reduced.spread(&stability, &labels, &of_unit);
    Ok(Grouping {
        stability: units.iter().map(|&unit| stability[unit as usize]).collect(),
        others: others.par_iter().map(|other| of_nodes(&reduced.expand(other))).collect(),
        labels: of_nodes(&of_unit),
    })
}

/// Joins small groups all of whose data is written along in transactions of another: apart, each of those
/// would break.
fn whole(
    apart: &Apart,
    sizes: &[u32],
    work: &[Work],
    transactions: &[Vec<u32>],
    mut labels: Vec<u32>,
) -> Vec<u32> {
    let changed: BTreeSet<u32> = work
        .iter()
        .filter(|work| work.owns)
        .map(|work| work.data)
        .chain(transactions.iter().flatten().copied())
        .collect();
    loop {
        let mut amount: BTreeMap<u32, usize> = BTreeMap::new();
        for &data in &changed {
            *amount.entry(labels[data as usize]).or_default() += 1;
        }
        let mut weight: BTreeMap<u32, u32> = BTreeMap::new();
        for (&label, size) in labels.iter().zip(sizes) {
            *weight.entry(label).or_default() += size;
        }
        let mut shared: BTreeMap<(u32, u32), BTreeSet<u32>> = BTreeMap::new();
        for transaction in transactions {
            let mut parts: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for &data in transaction {
                parts.entry(labels[data as usize]).or_default().push(data);
            }
            // A transaction is of the group that it writes most in; the others' data come along.
            let most = parts.values().map(Vec::len).max().unwrap_or(0);
            let home = parts.values().filter(|part| part.len() == most).count() == 1;
            for (&group, data) in parts.iter().filter(|(_, data)| !home || data.len() < most) {
                for &other in parts.keys().filter(|&&other| other != group) {
                    shared.entry((group, other)).or_default().extend(data);
                }
            }
        }
        let fits = |group: u32, other: u32| apart.allows_all(group, other, &labels);
        let best = shared
            .into_iter()
            .map(|((group, other), data)| {
                (data.len() * 1000 / amount[&group], std::cmp::Reverse((amount[&group], group, other)))
            })
            .filter(|&(share, std::cmp::Reverse((_, group, other)))| {
                share == 1000 && weight[&group] < LARGE && fits(group, other)
            })
            .max();
        let Some((_, std::cmp::Reverse((_, from, to)))) = best else { return dense(&labels).0 };
        for label in labels.iter_mut().filter(|label| **label == from) {
            *label = to;
        }
    }
}

/// A group of so many things that count may stand by itself without data of its own: a front that shows
/// what others keep.
const LARGE: u32 = 9;

/// Joins groups that work on data but own none, the smallest first, to the group that they are tied to
/// most in relation to that group's strength: without data of its own nothing small stands by itself,
/// and what is large joins nothing but its like.
fn complete(graph: &Graph, apart: &Apart, sizes: &[u32], work: &[Work], labels: Vec<u32>) -> Vec<u32> {
    let Groups { of, graph, apart, sizes } = Groups::new(graph, apart, sizes, &labels);
    let group = |node: u32| of[node as usize];
    let work: BTreeSet<(u32, u32, bool)> =
        work.iter().map(|work| (group(work.worker), group(work.data), work.owns)).collect();
    let mut labels: Vec<u32> = (0..graph.len() as u32).collect();
    loop {
        let n = labels.iter().max().map_or(0, |&label| label as usize + 1);
        let (mut works, mut owns) = (vec![false; n], vec![false; n]);
        for &(worker, data, own) in &work {
            let group = labels[worker as usize];
            works[group as usize] = true;
            owns[group as usize] |= own && labels[data as usize] == group;
        }
        let mut weight = vec![0_u32; n];
        for (node, &label) in labels.iter().enumerate() {
            weight[label as usize] += sizes[node];
        }
        let owns_nothing = |group: u32| works[group as usize] && !owns[group as usize];
        let shrunk = graph.contracted(&labels, n);
        let fits = |group: u32, other: u32| apart.allows_all(group, other, &labels);
        let target = |group: u32| {
            shrunk
                .neighbours(group as usize)
                .iter()
                .filter(|&&(other, _)| weight[other as usize] > 0 && fits(group, other))
                .filter(|&&(other, _)| weight[group as usize] < LARGE || owns_nothing(other))
                .map(|&(other, link)| {
                    let strength = i128::from(shrunk.strength(other as usize).max(1));
                    (i128::from(link) * 1_000_000_000 / strength, std::cmp::Reverse(other))
                })
                .max()
                .map(|(_, std::cmp::Reverse(other))| (group, other))
        };
        let mut wanting: Vec<u32> = (0..n as u32).filter(|&group| owns_nothing(group)).collect();
        wanting.sort_by_key(|&group| (weight[group as usize], group));
        let Some((from, to)) = wanting.into_iter().find_map(target) else {
            return of.iter().map(|&group| labels[group as usize]).collect();
        };
        for label in labels.iter_mut().filter(|label| **label == from) {
            *label = to;
        }
        labels = dense(&labels).0;
    }
}

/// A grouping as a graph of its groups, so that joining them does not walk all nodes again.
struct Groups {
    /// The group of each node.
    of: Vec<u32>,
    graph: Graph,
    apart: Apart,
    sizes: Vec<u32>,
}

impl Groups {
    fn new(graph: &Graph, apart: &Apart, sizes: &[u32], labels: &[u32]) -> Self {
        let (of, n) = dense(labels);
        let mut sizes_of = vec![0; n];
        for (&group, size) in of.iter().zip(sizes) {
            sizes_of[group as usize] += size;
        }
        Self { graph: graph.contracted(&of, n), apart: apart.contracted(&of, n), sizes: sizes_of, of }
    }
}

/// One unit per group of nodes that must stay together.
pub(super) fn contract(problem: &Problem) -> (Vec<u32>, usize) {
    let mut parent: Vec<u32> = (0..problem.n as u32).collect();
    fn root(parent: &mut [u32], mut at: u32) -> u32 {
        while parent[at as usize] != at {
            parent[at as usize] = parent[parent[at as usize] as usize];
            at = parent[at as usize];
        }
        at
    }
    for group in &problem.together {
        for pair in group.windows(2) {
            let (a, b) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
            parent[a.max(b) as usize] = a.min(b);
        }
    }
    let roots: Vec<u32> = (0..problem.n as u32).map(|node| root(&mut parent, node)).collect();
    dense(&roots)
}

/// Number of groups that hold something that counts.
fn counted(labels: &[u32], sizes: &[u32]) -> usize {
    let groups: BTreeSet<u32> =
        labels.iter().zip(sizes).filter(|&(_, &size)| size > 0).map(|(&label, _)| label).collect();
    groups.len()
}

/// A grouping with at least `wished` groups where one can be had: higher resolutions, then each node
/// by itself.
fn finer(graph: &Graph, apart: &Apart, sizes: &[u32], settings: &Settings, wished: usize) -> Vec<u32> {
    let mut plan = settings.consensus.clone();
    plan.runs = (plan.runs / 2).clamp(1, 2);
    let least = settings.least.min(2);
    let gathered =
        |labels: Vec<u32>| gather(graph, apart, sizes, labels, |group, n| group < least && n > wished);
    // A single run says whether all of a resolution's are worth their time. Two at once: the second is wanted
    // more often than not.
    let mut singles: Vec<Vec<u32>> = Vec::new();
    for round in 0..7 {
        for resolution in &mut plan.resolutions {
            *resolution = *resolution * 3 / 2;
        }
        let Some(&finest) = plan.resolutions.last() else { break };
        if singles.len() == round {
            let single = |resolution: i64| gathered(leiden(graph, apart, resolution));
            let (one, other) = rayon::join(|| single(finest), || single(finest * 3 / 2));
            singles.extend([one, other]);
        }
        let mut labels = std::mem::take(&mut singles[round]);
        if counted(&labels, sizes) >= wished && plan.runs > 1 {
            labels = gathered(agree(graph, apart, &plan).labels);
        }
        if counted(&labels, sizes) >= wished {
            return labels;
        }
    }
    (0..graph.len() as u32).collect()
}

/// Joins groups, the smallest first, each to the group that it is tied to most in relation to that
/// group's own strength, as long as `too_many(size of the group, number of groups)` holds.
fn gather(
    graph: &Graph,
    apart: &Apart,
    sizes: &[u32],
    labels: Vec<u32>,
    too_many: impl Fn(u32, usize) -> bool,
) -> Vec<u32> {
    let (mut labels, n_groups) = dense(&labels);
    let shrunk = graph.contracted(&labels, n_groups);
    let mut links: Vec<BTreeMap<u32, i64>> =
        (0..n_groups).map(|group| shrunk.neighbours(group).iter().copied().collect()).collect();
    let mut strengths: Vec<i64> = (0..n_groups).map(|group| shrunk.strength(group)).collect();
    let mut weight = vec![0_u32; n_groups];
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); n_groups];
    for (node, &label) in labels.iter().enumerate() {
        weight[label as usize] += sizes[node];
        members[label as usize].push(node as u32);
    }
    let mut order: BTreeSet<(u32, u32)> =
        (0..n_groups as u32).filter(|&g| weight[g as usize] > 0).map(|g| (weight[g as usize], g)).collect();
    let mut n = order.len();
    while let Some(&(size, group)) = order.first() {
        if n <= 1 || !too_many(size, n) {
            break;
        }
        let fits = |other: u32, labels: &[u32]| {
            apart.is_empty()
                || members[group as usize].iter().all(|&node| apart.allows(node as usize, other, labels))
        };
        let tied = links[group as usize]
            .iter()
            .filter(|&(&other, _)| other != group && weight[other as usize] > 0 && fits(other, &labels))
            .map(|(&other, &link)| {
                let strength = (strengths[other as usize].max(1) as f64).sqrt();
                (((link as f64 / strength) * 1000.0) as i64, std::cmp::Reverse(other))
            })
            .max()
            .map(|(_, std::cmp::Reverse(other))| other);
        // What nothing ties goes to the smallest other group, but only where a number is wished.
        let target = tied.or_else(|| {
            let forced = too_many(u32::MAX, n);
            order
                .iter()
                .map(|&(_, other)| other)
                .find(|&other| forced && other != group && fits(other, &labels))
        });
        order.remove(&(size, group));
        // Nothing ties it, or nothing that it is tied to may have it: it stays as it is.
        let Some(target) = target else { continue };
        n -= 1;
        order.remove(&(weight[target as usize], target));
        weight[target as usize] += weight[group as usize];
        strengths[target as usize] += strengths[group as usize];
        weight[group as usize] = 0;
        order.insert((weight[target as usize], target));
        for (other, link) in std::mem::take(&mut links[group as usize]) {
            links[other as usize].remove(&group);
            if other != target {
                *links[target as usize].entry(other).or_default() += link;
                *links[other as usize].entry(target).or_default() += link;
            }
        }
        let moved = std::mem::take(&mut members[group as usize]);
        for &node in &moved {
            labels[node as usize] = target;
        }
        members[target as usize].extend(moved);
    }
    dense(&labels).0
}

/// Joins groups until there are at most `most`: each time the group that leans most on one other, by
/// the share of its strength that goes there.
fn condense(graph: &Graph, apart: &Apart, sizes: &[u32], labels: Vec<u32>, most: usize) -> Vec<u32> {
    let Groups { of, graph, apart, sizes } = Groups::new(graph, apart, sizes, &labels);
    let mut labels: Vec<u32> = (0..graph.len() as u32).collect();
    while counted(&labels, &sizes) > most {
        let n = labels.iter().max().map_or(0, |&label| label as usize + 1);
        let shrunk = graph.contracted(&labels, n);
        let mut weight = vec![0_u32; n];
        for (node, &label) in labels.iter().enumerate() {
            weight[label as usize] += sizes[node];
        }
        let fits = |a: u32, b: u32| apart.allows_all(a, b, &labels);
        let mut best: Option<(i64, u32, u32)> = None;
        for a in (0..n as u32).filter(|&a| weight[a as usize] > 0) {
            for &(b, link) in shrunk.neighbours(a as usize).iter().filter(|(b, _)| weight[*b as usize] > 0) {
                let leaning =
                    (i128::from(link) * 1_000_000 / i128::from(shrunk.strength(a as usize).max(1))) as i64;
                if best.is_none_or(|(most, ..)| leaning > most) && fits(a, b) {
                    best = Some((leaning, a, b));
                }
            }
        }
        // What is left has no ties to lean on.
        let Some((_, from, to)) = best else { break };
        for label in labels.iter_mut().filter(|label| **label == from) {
            *label = to;
        }
        labels = dense(&labels).0;
    }
    of.iter().map(|&group| labels[group as usize]).collect()
}
