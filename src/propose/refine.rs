//! Refinement for a wished number of services: several objectives at once, by threshold accepting
//! (Dueck and Scheuer 1990) from the consensus.
//!
//! The objectives are those of Kalia et al. (FSE 2021), and like sizes, so that none is bought with
//! another. They see calls and use cases only; where a graph tells more, they are no guide.

use std::collections::BTreeMap;

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

/// More units, or services, are not refined: what is left of the budget would change nothing.
const MOST_UNITS: usize = 2_000;
const MOST_SERVICES: usize = 200;
/// Sums that are updated in all; a second or so.
const BUDGET: usize = 60_000_000;
/// Steps per unit and round, and at most.
const STEPS_PER_UNIT: usize = 2_000;
const MOST_STEPS: usize = 60_000;
/// Where one round stops hangs on chance; of many, one finds what there is.
const ROUNDS: usize = 16;
/// How much worse a step may be at the beginning of a round.
const THRESHOLD: f64 = 0.1;

/// Weights of the objectives.
struct Weights {
    bcp: f64,
    icp: f64,
    sm: f64,
    ifn: f64,
    ned: f64,
    even: f64,
    single: f64,
    biggest: f64,
    ties: f64,
}

/// What is worth what: exponents of a product, so that each objective counts by how much of it is won or
/// lost, whatever its scale. NED has the least: its bounds are arbitrary.
const WEIGHTS: Weights = Weights {
    bcp: 1.64,
    icp: 1.03,
    sm: 0.307,
    ifn: 0.675,
    ned: 0.174,
    even: 4.1,
    single: 4.13,
    biggest: 4.02,
    ties: 0.15,
};

/// Improves `labels` without changing the number of groups.
pub(super) fn refine(labels: &mut [u32], objectives: &Objectives<'_>, constraints: &Constraints<'_>) {
    let k = labels.iter().max().map_or(0, |&label| label as usize + 1);
    let n_units = constraints.units.iter().max().map_or(0, |&unit| unit as usize + 1);
    if !(2..=MOST_SERVICES).contains(&k) || n_units > MOST_UNITS {
        return;
    }
    let mut foes: Vec<Vec<u32>> = vec![Vec::new(); n_units];
    for &(a, b) in constraints.apart {
        foes[a as usize].push(b);
        foes[b as usize].push(a);
    }
    let units = Units::new(n_units, objectives, constraints.units);
    // A unit without calls has no say in how calls are cut; it is placed afterwards.
    let acts = |unit: usize| !units.calls[unit].is_empty() || units.own[unit] > 0 || !foes[unit].is_empty();
    let (mut active, mut idle): (Vec<usize>, Vec<usize>) = (0..n_units).partition(|&unit| acts(unit));
    if active.len() < k {
        active = (0..n_units).collect();
        idle.clear();
    }
    let mut start = vec![0; n_units];
    for (&unit, &label) in constraints.units.iter().zip(labels.iter()) {
        start[unit as usize] = label as usize;
    }
    fill(&mut start, &active, k, &units);
    let mut state = State::new(&units, &active, k, &start);
    let found = search(&mut state, &active, &foes);
    for &unit in &active {
        state.shift(unit, found[unit]);
    }
    for unit in idle {
        // What nobody calls goes where it brings the fewest use cases; of several such, to the smallest.
        let new_cases = |label: usize| {
            units.cases[unit].iter().filter(|&&(case, _)| state.cases_of[label][case as usize] == 0).count()
        };
        let to = (0..k)
            .min_by_key(|&label| (new_cases(label), state.sizes[label], label))
            .expect("there are two groups at least");
        state.add(unit, to);
    }
    for (label, &unit) in labels.iter_mut().zip(constraints.units) {
        *label = state.labels[unit as usize] as u32;
    }
}

/// Gives each group that has no active unit one of the largest group, the one with the fewest calls.
fn fill(labels: &mut [usize], active: &[usize], k: usize, units: &Units) {
    let mut counts = vec![0_usize; k];
    for &unit in active {
        counts[labels[unit]] += 1;
    }
    for label in 0..k {
        if counts[label] > 0 {
            continue;
        }
        let largest = (0..k).max_by_key(|&label| (counts[label], std::cmp::Reverse(label)));
        let taken = active
            .iter()
            .filter(|&&unit| Some(labels[unit]) == largest)
            .min_by_key(|&&unit| (units.calls[unit].len(), unit));
        if let Some(&unit) = taken {
            counts[labels[unit]] -= 1;
            counts[label] += 1;
            labels[unit] = label;
        }
    }
}

/// The best labels of the units that the budget finds.
fn search(state: &mut State<'_>, active: &[usize], foes: &[Vec<u32>]) -> Vec<usize> {
    let mut found = state.labels.clone();
    let work: usize = active.iter().map(|&unit| state.units.work(unit)).sum::<usize>() / active.len();
    let budget = BUDGET / ROUNDS / (2 * work + state.k * state.k / 2 + 1);
    let steps = (active.len() * STEPS_PER_UNIT).min(MOST_STEPS).min(budget);
    let allowed =
        |unit: usize, labels: &[usize]| foes[unit].iter().all(|&foe| labels[foe as usize] != labels[unit]);
    let mut dice = Dice(0x5eed);
    let mut best = state.cost();
    for _ in 0..ROUNDS {
        for &unit in active {
            state.shift(unit, found[unit]);
        }
        let mut cost = best;
        for step in 0..steps {
            let left = 1.0 - step as f64 / steps as f64;
            let threshold = THRESHOLD * left * left;
            let unit = active[dice.below(active.len())];
            let from = state.labels[unit];
            // Sizes are kept by an exchange.
            let other = (dice.below(10) < 4).then(|| active[dice.below(active.len())]);
            let to = other.map_or_else(|| dice.below(state.k), |other| state.labels[other]);
            if from == to || (other.is_none() && state.counts[from] == 1) {
                continue;
            }
            state.shift(unit, to);
            if let Some(other) = other {
                state.shift(other, from);
            }
            let kept =
                allowed(unit, &state.labels) && other.is_none_or(|other| allowed(other, &state.labels));
            let new = if kept { state.cost() } else { f64::INFINITY };
            if new <= cost + threshold {
                cost = new;
                if cost < best - 1e-9 {
                    best = cost;
                    found.copy_from_slice(&state.labels);
                }
            } else {
                state.shift(unit, from);
                if let Some(other) = other {
                    state.shift(other, to);
                }
            }
        }
    }
    found
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

/// A tie of a unit to another by calls.
struct Call {
    to: u32,
    /// Pairs of nodes that call each other.
    pairs: i64,
    /// Millionths of `ln v + 1`, both directions.
    weight: i64,
}

/// What never changes: whole numbers, so that no order of summation shows.
struct Units {
    sizes: Vec<i64>,
    calls: Vec<Vec<Call>>,
    /// Pairs inside each unit.
    own: Vec<i64>,
    /// Per unit, use cases and how many of its nodes take part; the last case is that of the nodes
    /// without any.
    cases: Vec<Vec<(u32, i64)>>,
    n_cases: usize,
    ties: Vec<Vec<(u32, i64)>>,
    calls_total: i64,
    ties_total: i64,
}

impl Units {
    fn new(n: usize, objectives: &Objectives<'_>, unit_of: &[u32]) -> Self {
        let unit = |node: u32| unit_of[node as usize];
        let mut sizes = vec![0; n];
        for &unit in unit_of {
            sizes[unit as usize] += 1;
        }
        let mut nodes: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        for (&(a, b), volume) in objectives.calls.iter().filter(|((a, b), _)| a != b) {
            let weight = ((volume.ln() + 1.0).max(0.0) * 1e6).round() as i64;
            *nodes.entry((a.min(b), a.max(b))).or_default() += weight;
        }
        let mut own = vec![0; n];
        let mut pairs: BTreeMap<(u32, u32), (i64, i64)> = BTreeMap::new();
        for (&(a, b), &weight) in &nodes {
            let (a, b) = (unit(a), unit(b));
            if a == b {
                own[a as usize] += 1;
                continue;
            }
            for ends in [(a, b), (b, a)] {
                let (pairs, sum) = pairs.entry(ends).or_default();
                *pairs += 1;
                *sum += weight;
            }
        }
        let mut calls: Vec<Vec<Call>> = (0..n).map(|_| Vec::new()).collect();
        for ((a, to), (pairs, weight)) in pairs {
            calls[a as usize].push(Call { to, pairs, weight });
        }
        let none = objectives.use_cases.len() as u32;
        let mut counted: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        let mut in_none = vec![true; unit_of.len()];
        for (case, nodes) in objectives.use_cases.iter().enumerate() {
            for &node in nodes {
                in_none[node as usize] = false;
                *counted.entry((unit(node), case as u32)).or_default() += 1;
            }
        }
        for (node, _) in in_none.iter().enumerate().filter(|&(_, &none)| none) {
            *counted.entry((unit_of[node], none)).or_default() += 1;
        }
        let mut cases = vec![Vec::new(); n];
        for ((unit, case), nodes) in counted {
            cases[unit as usize].push((case, nodes));
        }
        let mut ties = vec![Vec::new(); n];
        let mut ties_total = 0;
        for &(a, b, weight) in objectives.ties {
            let (a, b) = (unit(a), unit(b));
            if a != b {
                ties[a as usize].push((b, weight));
                ties[b as usize].push((a, weight));
                ties_total += weight;
            }
        }
        let calls_total = nodes.values().sum();
        Self { sizes, calls, own, cases, n_cases: none as usize + 1, ties, calls_total, ties_total }
    }
    /// Sums that a move of the unit changes.
    fn work(&self, unit: usize) -> usize {
        self.calls[unit].len() + self.cases[unit].len() + self.ties[unit].len()
    }
}

/// Label of a unit that is not placed yet.
const NOWHERE: usize = usize::MAX;

/// Labels of the units with the sums that the objectives need.
struct State<'a> {
    units: &'a Units,
    k: usize,
    labels: Vec<usize>,
    n: i64,
    /// Nodes per group.
    sizes: Vec<i64>,
    /// Units per group.
    counts: Vec<usize>,
    within: Vec<i64>,
    between: Vec<i64>,
    crossing_pairs: i64,
    crossing_calls: i64,
    crossing_ties: i64,
    /// Per group and use case, the nodes that take part.
    cases_of: Vec<Vec<i64>>,
    n_cases: Vec<usize>,
    /// Logarithm of each possible number of use cases.
    ln: Vec<f64>,
}

impl<'a> State<'a> {
    fn new(units: &'a Units, active: &[usize], k: usize, labels: &[usize]) -> Self {
        let mut state = Self {
            units,
            k,
            labels: vec![NOWHERE; labels.len()],
            n: 0,
            sizes: vec![0; k],
            counts: vec![0; k],
            within: vec![0; k],
            between: vec![0; k * k],
            crossing_pairs: 0,
            crossing_calls: 0,
            crossing_ties: 0,
            cases_of: vec![vec![0; units.n_cases]; k],
            n_cases: vec![0; k],
            ln: (0..=units.n_cases).map(|cases| (cases.max(1) as f64).ln()).collect(),
        };
        for &unit in active {
            state.add(unit, labels[unit]);
        }
        state
    }
    fn shift(&mut self, unit: usize, to: usize) {
        if self.labels[unit] != to {
            self.take(unit);
            self.add(unit, to);
        }
    }
    fn add(&mut self, unit: usize, to: usize) {
        self.labels[unit] = to;
        self.count(unit, to, 1);
        self.counts[to] += 1;
        for &(case, nodes) in &self.units.cases[unit] {
            let slot = &mut self.cases_of[to][case as usize];
            self.n_cases[to] += usize::from(*slot == 0);
            *slot += nodes;
        }
    }
    fn take(&mut self, unit: usize) {
        let from = std::mem::replace(&mut self.labels[unit], NOWHERE);
        self.count(unit, from, -1);
        self.counts[from] -= 1;
        for &(case, nodes) in &self.units.cases[unit] {
            let slot = &mut self.cases_of[from][case as usize];
            *slot -= nodes;
            self.n_cases[from] -= usize::from(*slot == 0);
        }
    }
    /// Adds (or with −1 takes) what a unit brings to the sums of the group `at`.
    fn count(&mut self, unit: usize, at: usize, sign: i64) {
        self.n += sign * self.units.sizes[unit];
        self.sizes[at] += sign * self.units.sizes[unit];
        self.within[at] += sign * self.units.own[unit];
        for call in &self.units.calls[unit] {
            match self.labels[call.to as usize] {
                NOWHERE => {}
                other if other == at => self.within[at] += sign * call.pairs,
                other => {
                    self.between[at.min(other) * self.k + at.max(other)] += sign * call.pairs;
                    self.crossing_pairs += sign * call.pairs;
                    self.crossing_calls += sign * call.weight;
                }
            }
        }
        for &(other, weight) in &self.units.ties[unit] {
            let other = self.labels[other as usize];
            if other != NOWHERE && other != at {
                self.crossing_ties += sign * weight;
            }
        }
    }
    fn cost(&self) -> f64 {
        let (n, k) = (self.n as f64, self.k as f64);
        let (mut sm, mut bcp, mut even) = (0.0, 0.0, -1.0 / k);
        let (mut fitting, mut singles, mut biggest) = (0, 0, 0);
        for a in 0..self.k {
            let size = self.sizes[a];
            if size == 0 {
                return f64::INFINITY;
            }
            let share = size as f64 / n;
            even += share * share;
            sm += self.within[a] as f64 / (size * size) as f64 / k;
            for b in a + 1..self.k {
                let pairs = self.between[a * self.k + b];
                if pairs > 0 {
                    sm -= pairs as f64 / (size * self.sizes[b]) as f64 * 2.0 / (k * (k - 1.0));
                }
            }
            bcp += self.ln[self.n_cases[a]] / k;
            fitting += if (5..=20).contains(&size) { size } else { 0 };
            singles += i64::from(size == 1);
            biggest = biggest.max(size);
        }
        // Services of one node cannot be helped where hardly three are left for each.
        let spared = ((k - n / 3.34) * 1.68).max(0.0);
        let large = (0.618 / k + 3.86 / n).max(0.129);
        let icp = self.crossing_calls as f64 / self.units.calls_total.max(1) as f64;
        let ifn = self.crossing_pairs as f64 / k;
        let ned = 1.0 - fitting as f64 / n;
        // What is added is a usual value or so: near nothing, a difference is none worth having.
        WEIGHTS.bcp * (0.3 + bcp).ln() + WEIGHTS.icp * (0.1 + icp).ln()
            - WEIGHTS.sm * (0.1 + sm).max(0.001).ln()
            + WEIGHTS.ifn * (0.5 + ifn).ln()
            + WEIGHTS.ned * (0.2 + ned).ln()
            + WEIGHTS.even * even
            + WEIGHTS.single * (singles as f64 - spared).max(0.0)
            + WEIGHTS.biggest * (biggest as f64 / n - large).max(0.0)
            + WEIGHTS.ties * self.crossing_ties as f64 / self.units.ties_total.max(1) as f64
    }
}
