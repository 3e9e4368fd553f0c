//! Community detection: Leiden (Traag, Waltman, van Eck 2019) on integer weights.
//!
//! Deterministic: nodes are visited in id order, refinement takes the best merge instead of a random
//! one, and ties go to the smaller id. Sums are whole numbers, so that no order of summation shows.

use std::borrow::Cow;

/// An undirected weighted graph in compressed rows. Self loops are kept apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    starts: Vec<usize>,
    ends: Vec<(u32, i64)>,
    loops: Vec<i64>,
    strength: Vec<i64>,
    total: i64,
}

impl Graph {
    /// A graph of `n` nodes from edges in any order; parallel edges add up, weights of zero or less
    /// are left out.
    pub(super) fn new(n: usize, edges: impl IntoIterator<Item = (u32, u32, i64)>) -> Self {
        let mut loops = vec![0; n];
        let mut kept: Vec<(u32, u32, i64)> = Vec::new();
        // Ends per node; then where the next end of each node goes.
        let mut at = vec![0; n + 1];
        for (a, b, weight) in edges {
            if weight <= 0 {
            } else if a == b {
                loops[a as usize] += weight;
            } else {
                kept.push((a, b, weight));
                at[a as usize + 1] += 1;
                at[b as usize + 1] += 1;
            }
        }
        for node in 1..=n {
            at[node] += at[node - 1];
        }
        let mut ends = vec![(0, 0); 2 * kept.len()];
        for (a, b, weight) in kept {
            for (from, to) in [(a, b), (b, a)] {
                ends[at[from as usize]] = (to, weight);
                at[from as usize] += 1;
            }
        }
        Self::from_rows(&at[..n], &ends, loops)
    }
    /// From the ends of each node's edges in any order, the rows one after the other: where each row
    /// stops, and the ends. Parallel edges add up.
    fn from_rows(stops: &[usize], all: &[(u32, i64)], loops: Vec<i64>) -> Self {
        let n = loops.len();
        let mut starts = Vec::with_capacity(n + 1);
        starts.push(0);
        let mut ends: Vec<(u32, i64)> = Vec::with_capacity(all.len());
        let mut strength: Vec<i64> = loops.iter().map(|weight| 2 * weight).collect();
        let mut row = Vec::new();
        let mut from = 0;
        for (node, &stop) in stops.iter().enumerate() {
            row.clear();
            row.extend_from_slice(&all[from..stop]);
            row.sort_unstable_by_key(|&(other, _)| other);
            let first = ends.len();
            for &(other, weight) in &row {
                strength[node] += weight;
                match ends[first..].last_mut() {
                    Some(last) if last.0 == other => last.1 += weight,
                    _ => ends.push((other, weight)),
                }
            }
            starts.push(ends.len());
            from = stop;
        }
        let total = strength.iter().sum();
        Self { starts, ends, loops, strength, total }
    }
    /// Number of nodes.
    pub(super) fn len(&self) -> usize {
        self.loops.len()
    }
    /// Neighbours of a node with the weights of the edges, by id.
    pub(super) fn neighbours(&self, node: usize) -> &[(u32, i64)] {
        &self.ends[self.starts[node]..self.starts[node + 1]]
    }
    /// Sum of the weights at a node, loops twice.
    pub(super) fn strength(&self, node: usize) -> i64 {
        self.strength[node]
    }
    /// Sum of the strengths of all nodes.
    pub(super) fn total(&self) -> i64 {
        self.total
    }
    /// The edges `a < b`, in order.
    pub(super) fn edges(&self) -> impl Iterator<Item = (u32, u32, i64)> + '_ {
        (0..self.len()).flat_map(move |a| {
            self.neighbours(a)
                .iter()
                .filter(move |&&(b, _)| (a as u32) < b)
                .map(move |&(b, weight)| (a as u32, b, weight))
        })
    }
    /// The same graph with every weight replaced; each edge is asked for once, as `a < b`, and weights stay
    /// above zero.
    pub(super) fn reweighted(&self, weight: impl Fn(u32, u32, i64) -> i64) -> Self {
        let mut ends: Vec<(u32, i64)> = Vec::with_capacity(self.ends.len());
        let mut strength: Vec<i64> = self.loops.iter().map(|weight| 2 * weight).collect();
        // Where the other direction of an edge stands that is met from its larger end: rows are sorted, so
        // that each row's edges to larger nodes are asked for in their order.
        let mut next = vec![0; self.len()];
        for (node, strength) in strength.iter_mut().enumerate() {
            let row = self.neighbours(node);
            let n_smaller = row.partition_point(|&(other, _)| (other as usize) < node);
            next[node] = self.starts[node] + n_smaller;
            for &(other, _) in &row[..n_smaller] {
                let at = &mut next[other as usize];
                let new = ends[*at].1;
                *at += 1;
                ends.push((other, new));
                *strength += new;
            }
            for &(other, old) in &row[n_smaller..] {
                let new = weight(node as u32, other, old);
                ends.push((other, new));
                *strength += new;
            }
        }
        let total = strength.iter().sum();
        Self { starts: self.starts.clone(), ends, loops: self.loops.clone(), strength, total }
    }
    /// The same graph with every weight replaced and every node at its `place`.
    pub(super) fn renumbered(&self, place: &[u32], weight: impl Fn(u32, u32, i64) -> i64) -> Self {
        let at = |node: u32| place[node as usize];
        let loops = self.loops.iter().zip(place).map(|(&w, &at)| (at, at, w));
        let edges = self.edges().map(|(a, b, w)| (at(a), at(b), weight(a, b, w)));
        Self::new(self.len(), edges.chain(loops))
    }
    /// One node per group; `groups` are dense.
    pub(super) fn contracted(&self, groups: &[u32], n_groups: usize) -> Self {
        // The members of each group, the groups one after the other.
        let mut stops = vec![0; n_groups + 1];
        for &group in groups {
            stops[group as usize + 1] += 1;
        }
        for group in 1..=n_groups {
            stops[group] += stops[group - 1];
        }
        let mut members = vec![0_u32; groups.len()];
        for (node, &group) in groups.iter().enumerate() {
            members[stops[group as usize]] = node as u32;
            stops[group as usize] += 1;
        }
        let mut loops = vec![0; n_groups];
        let mut strength = vec![0; n_groups];
        let mut starts = Vec::with_capacity(n_groups + 1);
        starts.push(0);
        let mut ends: Vec<(u32, i64)> = Vec::new();
        let mut links = Links::new(n_groups);
        let mut from = 0;
        for group in 0..n_groups {
            for &node in &members[from..stops[group]] {
                loops[group] += self.loops[node as usize];
                strength[group] += self.strength[node as usize];
                links.fill(self, node as usize, groups);
            }
            from = stops[group];
            links.sort();
            for &other in links.seen() {
                let weight = links.weight[other as usize];
                // An edge inside shows at both of its ends.
                if other as usize == group { loops[group] += weight / 2 } else { ends.push((other, weight)) }
            }
            links.clear();
            starts.push(ends.len());
        }
        Self { starts, ends, loops, strength, total: self.total }
    }
}

/// Pairs of nodes that must not share a community, per node, sorted. Empty where there are none.
#[derive(Clone, Debug, Default)]
pub(super) struct Apart(Vec<Vec<u32>>);

impl Apart {
    /// From pairs in any order.
    pub(super) fn new(n: usize, pairs: &[(u32, u32)]) -> Self {
        if pairs.is_empty() {
            return Self::default();
        }
        let mut rows = vec![Vec::new(); n];
        for &(a, b) in pairs {
            rows[a as usize].push(b);
            rows[b as usize].push(a);
        }
        for row in &mut rows {
            row.sort_unstable();
            row.dedup();
        }
        Self(rows)
    }
    /// The nodes that `node` must be apart from.
    pub(super) fn of(&self, node: usize) -> &[u32] {
        self.0.get(node).map_or(&[], Vec::as_slice)
    }
    /// Whether there is no pair.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Whether all of the community `from` may join `to` under `labels`.
    pub(super) fn allows_all(&self, from: u32, to: u32, labels: &[u32]) -> bool {
        self.is_empty()
            || (0..labels.len())
                .filter(|&node| labels[node] == from)
                .all(|node| self.allows(node, to, labels))
    }
    /// Whether `node` may join `community` under `labels`.
    pub(super) fn allows(&self, node: usize, community: u32, labels: &[u32]) -> bool {
        self.of(node).iter().all(|&other| labels[other as usize] != community)
    }
    /// The pairs between groups of nodes (or nodes at new places).
    pub(super) fn contracted(&self, groups: &[u32], n_groups: usize) -> Self {
        if self.0.is_empty() {
            return Self::default();
        }
        let pairs: Vec<_> = self
            .0
            .iter()
            .enumerate()
            .flat_map(|(a, row)| row.iter().map(move |&b| (groups[a], groups[b as usize])))
            .filter(|(a, b)| a < b)
            .collect();
        Self::new(n_groups, &pairs)
    }
}

/// Communities of `graph` at a resolution in thousandths (1000 is modularity): a dense label per
/// node, numbered by first member.
pub(super) fn leiden(graph: &Graph, apart: &Apart, resolution: i64) -> Vec<u32> {
    let n = graph.len();
    let mut labels: Vec<u32> = (0..n as u32).collect();
    // Node of the shrunken graph that each original node is in.
    let mut place = labels.clone();
    let mut shrunk = Cow::Borrowed(graph);
    let mut shrunk_apart = Cow::Borrowed(apart);
    let mut communities: Vec<u32> = labels.clone();
    for _ in 0..64 {
        let moved = move_nodes(&shrunk, &shrunk_apart, resolution, &mut communities);
        for (node, label) in labels.iter_mut().enumerate() {
            *label = communities[place[node] as usize];
        }
        if !moved {
            break;
        }
        let (refined, n_refined) = refine(&shrunk, &shrunk_apart, resolution, &communities);
        if n_refined == shrunk.len() {
            break;
        }
        let mut next = vec![0; n_refined];
        for (node, &group) in refined.iter().enumerate() {
            next[group as usize] = communities[node];
        }
        shrunk = Cow::Owned(shrunk.contracted(&refined, n_refined));
        shrunk_apart = Cow::Owned(shrunk_apart.contracted(&refined, n_refined));
        communities = dense(&next).0;
        for at in &mut place {
            *at = refined[*at as usize];
        }
    }
    dense(&labels).0
}

/// Renumbers labels by first appearance; gives how many there are.
pub(super) fn dense(labels: &[u32]) -> (Vec<u32>, usize) {
    let top = labels.iter().max().map_or(0, |&label| label as usize + 1);
    let mut number = vec![u32::MAX; top];
    let mut n = 0;
    let renumbered = labels
        .iter()
        .map(|&label| {
            let slot = &mut number[label as usize];
            if *slot == u32::MAX {
                *slot = n;
                n += 1;
            }
            *slot
        })
        .collect();
    (renumbered, n as usize)
}

/// Sums of weights from one node to communities, cleared after each use.
struct Links {
    weight: Vec<i64>,
    /// The communities, in the order met, then anything; who chooses among them must not depend on the order.
    seen: Vec<u32>,
    n_seen: usize,
}

impl Links {
    fn new(n: usize) -> Self {
        Self { weight: vec![0; n], seen: vec![0; n + 1], n_seen: 0 }
    }
    fn seen(&self) -> &[u32] {
        &self.seen[..self.n_seen]
    }
    fn sort(&mut self) {
        self.seen[..self.n_seen].sort_unstable();
    }
    fn fill(&mut self, graph: &Graph, node: usize, labels: &[u32]) {
        for &(other, weight) in graph.neighbours(node) {
            let label = labels[other as usize];
            let slot = &mut self.weight[label as usize];
            // No branch: whether a community was met before, nobody can guess.
            self.seen[self.n_seen] = label;
            self.n_seen += usize::from(*slot == 0);
            *slot += weight;
        }
    }
    fn clear(&mut self) {
        for &label in &self.seen[..self.n_seen] {
            self.weight[label as usize] = 0;
        }
        self.n_seen = 0;
    }
}

/// Gain of joining a community, in the unit of the weights. It is put together from whole numbers, so
/// that no order of summation shows.
fn gain(links: i64, strength: i64, community: i64, total: i64, resolution: i64) -> f64 {
    let expected = resolution as f64 * strength as f64 / (1000.0 * total.max(1) as f64);
    links as f64 - expected * community as f64
}

/// Whether the first `(gain, label)` is to be preferred: what gains more; of equals the present label,
/// then the smaller one.
fn better(candidate: (f64, u32), best: (f64, u32), present: u32) -> bool {
    candidate.0 > best.0 || (candidate.0 == best.0 && best.1 != present && candidate.1 < best.1)
}

/// Moves nodes to the neighbouring community that gains most until none gains. Says whether any moved.
fn move_nodes(graph: &Graph, apart: &Apart, resolution: i64, labels: &mut [u32]) -> bool {
    let n = graph.len();
    let mut sums = vec![0_i64; n];
    let mut sizes = vec![0_u32; n];
    for node in 0..n {
        sums[labels[node] as usize] += graph.strength(node);
        sizes[labels[node] as usize] += 1;
    }
    let mut free: Vec<u32> = (0..n as u32).rev().filter(|&label| sizes[label as usize] == 0).collect();
    let mut queue: std::collections::VecDeque<u32> = (0..n as u32).collect();
    let mut queued = vec![true; n];
    let mut links = Links::new(n);
    let mut any = false;
    // Every move gains, so this ends; the bound only guards against a mistake.
    let mut budget = 200 * n + 1000;
    while let Some(node) = queue.pop_front() {
        let node = node as usize;
        queued[node] = false;
        if budget == 0 {
            break;
        }
        budget -= 1;
        let old = labels[node];
        let strength = graph.strength(node);
        sums[old as usize] -= strength;
        sizes[old as usize] -= 1;
        links.fill(graph, node, labels);
        let score =
            |label: u32, linked: i64| gain(linked, strength, sums[label as usize], graph.total(), resolution);
        let mut best = (score(old, links.weight[old as usize]), old);
        for &label in links.seen() {
            if label == old {
                continue;
            }
            let candidate = score(label, links.weight[label as usize]);
            if better((candidate, label), best, old) && apart.allows(node, label, labels) {
                best = (candidate, label);
            }
        }
        if best.0 < 0.0
            && sizes[old as usize] > 0
            && let Some(&empty) = free.last()
        {
            best = (0.0, empty);
        }
        links.clear();
        let new = best.1;
        if new != old {
            if free.last() == Some(&new) {
                free.pop();
            }
            if sizes[old as usize] == 0 {
                free.push(old);
            }
            labels[node] = new;
            any = true;
            for &(other, _) in graph.neighbours(node) {
                if labels[other as usize] != new && !std::mem::replace(&mut queued[other as usize], true) {
                    queue.push_back(other);
                }
            }
        }
        sums[new as usize] += strength;
        sizes[new as usize] += 1;
    }
    any
}

/// Splits each community into well-connected parts, which the next round moves as wholes.
fn refine(graph: &Graph, apart: &Apart, resolution: i64, communities: &[u32]) -> (Vec<u32>, usize) {
    let n = graph.len();
    let mut labels: Vec<u32> = (0..n as u32).collect();
    let mut sums: Vec<i64> = (0..n).map(|node| graph.strength(node)).collect();
    let mut sizes = vec![1_u32; n];
    let mut totals = vec![0_i64; n];
    for node in 0..n {
        totals[communities[node] as usize] += graph.strength(node);
    }
    // Weight from each part to the rest of its community.
    let mut outward: Vec<i64> = (0..n)
        .map(|node| {
            let same = |&&(other, _): &&(u32, i64)| communities[other as usize] == communities[node];
            graph.neighbours(node).iter().filter(same).map(|&(_, weight)| weight).sum()
        })
        .collect();
    let mut links = Links::new(n);
    let connected =
        |outward: i64, sum: i64, all: i64| gain(outward, sum, all - sum, graph.total(), resolution) >= 0.0;
    for node in 0..n {
        let own = labels[node] as usize;
        let community = communities[node];
        if sizes[own] != 1 || !connected(outward[own], sums[own], totals[community as usize]) {
            continue;
        }
        links.fill(graph, node, &labels);
        let mut best = (0.0, own as u32);
        for &label in links.seen() {
            let part = label as usize;
            if part == own || communities[part] != community {
                continue;
            }
            if !connected(outward[part], sums[part], totals[community as usize]) {
                continue;
            }
            let candidate =
                gain(links.weight[part], graph.strength(node), sums[part], graph.total(), resolution);
            if better((candidate, label), best, own as u32) && apart.allows(node, label, &labels) {
                best = (candidate, label);
            }
        }
        let new = best.1 as usize;
        let linked = links.weight[new];
        links.clear();
        if new != own {
            labels[node] = new as u32;
            sizes[own] = 0;
            sizes[new] += 1;
            sums[new] += sums[own];
            outward[new] += outward[own] - 2 * linked;
        }
    }
    dense(&labels)
}
