//! Refinement for a wished number of services: several objectives at once, by threshold accepting
//! (Dueck and Scheuer 1990) from the consensus.
//!
//! Where the user sets the number, the sizes are set as well, roughly; what is left to choose is which
//! calls cross, how many services a use case touches, and how dense each service is. The objectives
//! are those of Kalia et al. (FSE 2021), so that none is bought with another.

use super::metrics::Volumes;

/// What is weighed against what, by the node's number.
pub(super) struct Objectives<'a> {
    /// Call volumes.
    pub calls: &'a Volumes,
    /// Nodes of each use case.
    pub use_cases: &'a [Vec<u32>],
    /// All other ties too.
    pub ties: &'a [(u32, u32, i64)],
}

/// What must be kept.
pub(super) struct Constraints<'a> {
    /// Groups of nodes that move together: group of each node, dense.
    pub units: &'a [u32],
    /// Pairs of groups that must not share a service.
    pub apart: &'a [(u32, u32)],
}

/// Steps times ties that are looked at in all; beyond, the grouping is left as it is.
const BUDGET: usize = 40_000_000;

/// Weights of the objectives.
struct Weights {
    icp: f64,
    sm: f64,
    bcp: f64,
    ifn: f64,
    ned: f64,
    even: f64,
    single: f64,
    biggest: f64,
    ties: f64,
}

/// What is worth what, by the usual spread of each objective; the evidence itself has a say too.
const WEIGHTS: Weights = Weights {
    icp: 1.0,
    sm: 1.0,
    bcp: 0.3,
    ifn: 0.1,
    ned: 0.5,
    even: 2.0,
    single: 0.05,
    biggest: 1.0,
    ties: 0.3,
};

/// Improves `labels` without changing the number of groups.
pub(super) fn refine(labels: &mut [u32], objectives: &Objectives<'_>, constraints: &Constraints<'_>) {
    let n = labels.len();
    let k = labels.iter().max().map_or(0, |&label| label as usize + 1);
    let state = State::new(n, k, objectives);
    let cost_of_step = state.work().max(1);
    let steps = (BUDGET / cost_of_step).min(30_000);
    if k < 2 || steps < 200 {
        return;
    }
    let n_units = constraints.units.iter().max().map_or(0, |&unit| unit as usize + 1);
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); n_units];
    for (node, &unit) in constraints.units.iter().enumerate() {
        members[unit as usize].push(node as u32);
    }
    let mut foes: Vec<Vec<u32>> = vec![Vec::new(); n_units];
    for &(a, b) in constraints.apart {
        foes[a as usize].push(b);
        foes[b as usize].push(a);
    }
    let mut dice = Dice(0x5eed);
    let mut scratch = Scratch::new(k);
    let mut current = labels.to_vec();
    let mut cost = state.cost(&current, &WEIGHTS, &mut scratch);
    let mut best = cost;
    for round in 0..3 {
        if round > 0 {
            current.copy_from_slice(labels);
            cost = best;
        }
        for step in 0..steps / 3 {
            let threshold = 0.06 / f64::from(round + 1) * (1.0 - step as f64 * 3.0 / steps as f64).max(0.0);
            let unit = dice.below(n_units);
            let from = current[members[unit][0] as usize];
            let swap = dice.below(10) < 3;
            let (other, to) = if swap {
                let other = dice.below(n_units);
                (Some(other), current[members[other][0] as usize])
            } else {
                (None, dice.below(k) as u32)
            };
            if from == to {
                continue;
            }
            set(&mut current, &members[unit], to);
            if let Some(other) = other {
                set(&mut current, &members[other], from);
            }
            let allowed = |unit: usize| {
                let label = current[members[unit][0] as usize];
                foes[unit].iter().all(|&foe| current[members[foe as usize][0] as usize] != label)
            };
            let new = if allowed(unit) && other.is_none_or(allowed) {
                state.cost(&current, &WEIGHTS, &mut scratch)
            } else {
                f64::INFINITY
            };
            if new <= cost + threshold {
                cost = new;
                if cost < best - 1e-9 {
                    best = cost;
                    labels.copy_from_slice(&current);
                }
            } else {
                set(&mut current, &members[unit], from);
                if let Some(other) = other {
                    set(&mut current, &members[other], to);
                }
            }
        }
    }
}

fn set(labels: &mut [u32], nodes: &[u32], label: u32) {
    for &node in nodes {
        labels[node as usize] = label;
    }
}

/// A fixed sequence of numbers that look random: SplitMix64 (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % n as u64) as usize
    }
}

struct Scratch {
    sizes: Vec<f64>,
    within: Vec<f64>,
    between: Vec<f64>,
    seen: Vec<u32>,
    cases: Vec<f64>,
    unknown: Vec<bool>,
    stamp: u32,
}

impl Scratch {
    fn new(k: usize) -> Self {
        Self {
            sizes: vec![0.0; k],
            within: vec![0.0; k],
            between: vec![0.0; k * k],
            seen: vec![0; k],
            cases: vec![0.0; k],
            unknown: vec![false; k],
            stamp: 0,
        }
    }
}

struct State<'a> {
    n: usize,
    k: usize,
    /// Unordered pairs with their summed weight (`ln v + 1` of each direction).
    pairs: Vec<(u32, u32, f64)>,
    total: f64,
    objectives: &'a Objectives<'a>,
    in_no_case: Vec<bool>,
    ties_total: f64,
}

impl<'a> State<'a> {
    fn new(n: usize, k: usize, objectives: &'a Objectives<'a>) -> Self {
        let mut directed: Vec<(u32, u32, f64)> = objectives
            .calls
            .iter()
            .filter(|((a, b), _)| a != b)
            .map(|(&(a, b), volume)| (a.min(b), a.max(b), volume.ln() + 1.0))
            .collect();
        directed.sort_by_key(|&(a, b, _)| (a, b));
        let mut pairs: Vec<(u32, u32, f64)> = Vec::new();
        for (a, b, weight) in directed {
            match pairs.last_mut() {
                Some(last) if (last.0, last.1) == (a, b) => last.2 += weight,
                _ => pairs.push((a, b, weight)),
            }
        }
        let total = pairs.iter().map(|pair| pair.2).sum::<f64>().max(1e-9);
        let mut in_no_case = vec![true; n];
        for &node in objectives.use_cases.iter().flatten() {
            in_no_case[node as usize] = false;
        }
        let ties_total = objectives.ties.iter().map(|tie| tie.2 as f64).sum::<f64>().max(1.0);
        Self { n, k, pairs, total, objectives, in_no_case, ties_total }
    }
    /// What one look costs.
    fn work(&self) -> usize {
        self.n
            + self.k * self.k
            + self.pairs.len()
            + self.objectives.ties.len()
            + self.objectives.use_cases.iter().map(Vec::len).sum::<usize>()
    }
    fn cost(&self, labels: &[u32], weights: &Weights, scratch: &mut Scratch) -> f64 {
        let (n, k) = (self.n as f64, self.k as f64);
        scratch.sizes.fill(0.0);
        scratch.within.fill(0.0);
        scratch.between.fill(0.0);
        scratch.cases.fill(0.0);
        scratch.unknown.fill(false);
        for &label in labels {
            scratch.sizes[label as usize] += 1.0;
        }
        if scratch.sizes.contains(&0.0) {
            return f64::INFINITY;
        }
        let (mut crossing, mut n_crossing) = (0.0, 0.0);
        for &(a, b, weight) in &self.pairs {
            let (a, b) = (labels[a as usize] as usize, labels[b as usize] as usize);
            if a == b {
                scratch.within[a] += 1.0;
            } else {
                crossing += weight;
                n_crossing += 1.0;
                scratch.between[a.min(b) * self.k + a.max(b)] += 1.0;
            }
        }
        let mut sm = 0.0;
        for a in 0..self.k {
            sm += scratch.within[a] / (scratch.sizes[a] * scratch.sizes[a]) / k;
            for b in a + 1..self.k {
                let pairs = scratch.between[a * self.k + b];
                if pairs > 0.0 {
                    sm -= pairs / (scratch.sizes[a] * scratch.sizes[b]) * 2.0 / (k * (k - 1.0));
                }
            }
        }
        for case in self.objectives.use_cases {
            scratch.stamp += 1;
            for &node in case {
                let label = labels[node as usize] as usize;
                if scratch.seen[label] != scratch.stamp {
                    scratch.seen[label] = scratch.stamp;
                    scratch.cases[label] += 1.0;
                }
            }
        }
        for (node, &none) in self.in_no_case.iter().enumerate() {
            if none {
                scratch.unknown[labels[node] as usize] = true;
            }
        }
        let bcp = scratch
            .cases
            .iter()
            .zip(&scratch.unknown)
            .map(|(&cases, &unknown)| (cases + f64::from(u8::from(unknown))).max(1.0).ln())
            .sum::<f64>()
            / k;
        let sizes = &scratch.sizes;
        let even = sizes.iter().map(|size| (size / n) * (size / n)).sum::<f64>() - 1.0 / k;
        let odd = 1.0 - sizes.iter().filter(|&&size| (5.0..=20.0).contains(&size)).sum::<f64>() / n;
        let single = sizes.iter().filter(|&&size| size < 2.0).count() as f64;
        let biggest = sizes.iter().copied().fold(0.0, f64::max) / n;
        let mut ties = 0.0;
        if weights.ties > 0.0 {
            for &(a, b, weight) in self.objectives.ties {
                if labels[a as usize] != labels[b as usize] {
                    ties += weight as f64;
                }
            }
        }
        weights.icp * crossing / self.total - weights.sm * sm
            + weights.bcp * bcp
            + weights.ifn * n_crossing / k
            + weights.ned * odd
            + weights.even * even
            + weights.single * single
            + weights.biggest * biggest
            + weights.ties * ties / self.ties_total
    }
}
