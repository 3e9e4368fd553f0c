//! Consensus: many runs over resolutions and disturbed weights, then the grouping that they agree on.
//!
//! Follows the idea of consensus clustering (Lancichinetti and Fortunato 2012). Nodes that every run
//! puts together are one atom; atoms are grouped by the share of runs that join them, so that the
//! cost stays linear in the nodes.

use rayon::prelude::*;

use crate::base::UnorderedMap;

use super::cluster::{Apart, Graph, dense, leiden};

/// How to look for agreement.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Resolutions in thousandths.
    pub resolutions: Vec<i64>,
    /// Disturbed runs per resolution; the first of each resolution is undisturbed.
    pub runs: u64,
    /// Largest change of a weight, in percent.
    pub noise: u64,
    /// Whether each run visits the nodes in an order of its own. Otherwise all visit them by id, and
    /// what hangs on that order looks like agreement.
    pub shuffled: bool,
    /// Share of runs, in percent, below which two atoms are strangers.
    pub threshold: i64,
    /// Resolution of the last grouping, in thousandths.
    pub last: i64,
}

/// Runs and what they agree on.
#[derive(Clone, Debug)]
pub(super) struct Agreement {
    /// A dense label per node.
    pub labels: Vec<u32>,
    /// The labels of each run.
    pub runs: Vec<Vec<u32>>,
}

/// Above this many atoms only those with an edge between them are compared.
const DENSE_ATOMS: usize = 1500;

/// Groups the nodes by what the runs of `plan` agree on.
pub(super) fn agree(graph: &Graph, apart: &Apart, plan: &Plan) -> Agreement {
    // `collect` keeps the order of the seeds, whatever thread is done first.
    let by_seed: Vec<Vec<Vec<u32>>> =
        (0..plan.runs.max(1)).into_par_iter().map(|seed| runs(graph, apart, plan, seed)).collect();
    let mut by_seed: Vec<_> = by_seed.into_iter().map(Vec::into_iter).collect();
    let mut runs: Vec<Vec<u32>> = Vec::with_capacity(plan.resolutions.len() * by_seed.len());
    for _ in &plan.resolutions {
        runs.extend(by_seed.iter_mut().filter_map(Iterator::next));
    }
    let labels = group(graph, apart, &runs, plan);
    Agreement { labels, runs }
}

/// A run per resolution, all over weights that are disturbed alike.
fn runs(graph: &Graph, apart: &Apart, plan: &Plan, seed: u64) -> Vec<Vec<u32>> {
    let weight = |a, b, weight| match seed {
        0 => weight,
        _ => disturb(weight, a, b, seed, plan.noise),
    };
    if plan.shuffled {
        return plan.resolutions.par_iter().map(|&at| shuffled(graph, apart, at, seed, weight)).collect();
    }
    let disturbed = (seed != 0).then(|| graph.reweighted(weight));
    let graph = disturbed.as_ref().unwrap_or(graph);
    plan.resolutions.par_iter().map(|&resolution| leiden(graph, apart, resolution)).collect()
}

/// A run that visits the nodes in an order of its own.
fn shuffled(
    graph: &Graph,
    apart: &Apart,
    resolution: i64,
    seed: u64,
    weight: impl Fn(u32, u32, i64) -> i64,
) -> Vec<u32> {
    let n = graph.len();
    let mut order: Vec<u32> = (0..n as u32).collect();
    let run = (resolution as u64) << 32 | seed;
    order.sort_by_cached_key(|&node| (mixed(mixed(run).wrapping_add(u64::from(node))), node));
    let mut place = vec![0; n];
    for (at, &node) in order.iter().enumerate() {
        place[node as usize] = at as u32;
    }
    let labels = leiden(&graph.renumbered(&place, weight), &apart.contracted(&place, n), resolution);
    dense(&place.iter().map(|&at| labels[at as usize]).collect::<Vec<_>>()).0
}

/// `weight` changed by up to `percent`, always alike for the same edge and seed.
fn disturb(weight: i64, a: u32, b: u32, seed: u64, percent: u64) -> i64 {
    let x = mixed((u64::from(a) << 32 | u64::from(b)) ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let change = (x % (2 * percent * 10 + 1)) as i64 - (percent * 10) as i64;
    // `weight * change / 1000` without an overflow.
    (weight + weight / 1000 * change + weight % 1000 * change / 1000).max(1)
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The grouping of atoms by agreement.
fn group(graph: &Graph, apart: &Apart, runs: &[Vec<u32>], plan: &Plan) -> Vec<u32> {
    let n = graph.len();
    let mut atoms: Vec<u32> = vec![0; n];
    for run in runs {
        // Atoms so far × labels of this run, numbered by first appearance.
        let mut numbers: UnorderedMap<(u32, u32), u32> = UnorderedMap::new();
        for (atom, &label) in atoms.iter_mut().zip(run) {
            let next = numbers.len() as u32;
            *atom = *numbers.get_or_insert_with((*atom, label), || next);
        }
    }
    let (atoms, n_atoms) = dense(&atoms);
    let mut first = vec![u32::MAX; n_atoms];
    let mut sizes = vec![0_i64; n_atoms];
    for (node, &atom) in atoms.iter().enumerate() {
        first[atom as usize] = first[atom as usize].min(node as u32);
        sizes[atom as usize] += 1;
    }
    let share = |a: usize, b: usize| {
        let (a, b) = (first[a] as usize, first[b] as usize);
        let alike = runs.iter().filter(|run| run[a] == run[b]).count() as i64;
        alike * 1000 / runs.len() as i64
    };
    let mut edges: Vec<(u32, u32, i64)> = Vec::new();
    for (atom, &size) in sizes.iter().enumerate() {
        edges.push((atom as u32, atom as u32, size * (size - 1) / 2 * 1000));
    }
    let mut join = |a: usize, b: usize| {
        let share = share(a, b);
        if share > plan.threshold * 10 {
            edges.push((a as u32, b as u32, sizes[a] * sizes[b] * share));
        }
    };
    if n_atoms <= DENSE_ATOMS {
        for b in 0..n_atoms {
            for a in 0..b {
                join(a, b);
            }
        }
    } else {
        let shrunk = graph.contracted(&atoms, n_atoms);
        for (a, b, _) in shrunk.edges() {
            join(a as usize, b as usize);
        }
    }
    let pairs: Vec<(u32, u32)> = (0..n)
        .flat_map(|a| apart.of(a).iter().map(move |&b| (a, b as usize)))
        .filter(|(a, b)| a < b)
        .map(|(a, b)| (atoms[a], atoms[b]))
        .collect();
    let joined = leiden(&Graph::new(n_atoms, edges), &Apart::new(n_atoms, &pairs), plan.last);
    let labels: Vec<u32> = atoms.iter().map(|&atom| joined[atom as usize]).collect();
    dense(&labels).0
}

/// Per node, the share of runs (0 to 1) whose community of the node overlaps its group best: the mean
/// over runs of the Jaccard likeness of the two sets.
pub(super) fn stability(labels: &[u32], runs: &[Vec<u32>]) -> Vec<f64> {
    let n = labels.len();
    let mut sums = vec![0.0; n];
    if runs.is_empty() {
        return vec![1.0; n];
    }
    let likeness = |run: &Vec<u32>| -> Vec<f64> {
        let mut both: UnorderedMap<(u32, u32), u32> = UnorderedMap::new();
        let mut sizes = [Vec::new(), Vec::new()];
        for (&ours, &theirs) in labels.iter().zip(run) {
            *both.get_or_insert_with((ours, theirs), || 0) += 1;
            for (sizes, label) in sizes.iter_mut().zip([ours as usize, theirs as usize]) {
                sizes.resize(sizes.len().max(label + 1), 0_u32);
                sizes[label] += 1;
            }
        }
        let pairs = labels.iter().zip(run);
        pairs
            .map(|(&ours, &theirs)| {
                let both = *both.get(&(ours, theirs)).expect("counted above");
                f64::from(both) / f64::from(sizes[0][ours as usize] + sizes[1][theirs as usize] - both)
            })
            .collect()
    };
    // Summed in the order of the runs, whatever thread is done first.
    for run in runs.par_iter().map(likeness).collect::<Vec<_>>() {
        for (sum, likeness) in sums.iter_mut().zip(run) {
            *sum += likeness;
        }
    }
    sums.iter().map(|sum| sum / runs.len() as f64).collect()
}
