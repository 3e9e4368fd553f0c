//! A graph seen from the nodes that count: what lies between them becomes ties of theirs.
//!
//! Functions, types and hubs carry evidence, and are no service by themselves. Grouped as equals they
//! form groups of their own, which are layers (all queries, all views) more often than domains. So they
//! are taken out first: where a random walk from each of them first meets a node that counts says whose
//! it is, and ties over it become ties of those (the Kron reduction of a network: Dörfler and Bullo 2013).

use rayon::prelude::*;

use super::cluster::Graph;
use super::sums::Sums;

/// A kept node by its new number, and the share of walks that end there.
type End = (u32, f32);

/// Per old node, where its walks end; a kept node's at itself.
struct Walks {
    /// Room for [`MOST_ENDS`] of each node.
    ends: Vec<End>,
    n_ends: Vec<usize>,
    /// The share of all walks that end.
    mass: Vec<f32>,
}

impl Walks {
    fn new(n: usize, kept: &[u32]) -> Self {
        let mut walks = Self { ends: vec![(0, 0.0); n * MOST_ENDS], n_ends: vec![0; n], mass: vec![0.0; n] };
        for (new, &node) in kept.iter().enumerate() {
            walks.set(node, &[(new as u32, 1.0)]);
        }
        walks
    }
    fn of(&self, node: u32) -> &[End] {
        let at = node as usize * MOST_ENDS;
        &self.ends[at..at + self.n_ends[node as usize]]
    }
    /// Takes new ends; gives by how much the share that ends has changed.
    fn set(&mut self, node: u32, ends: &[End]) -> f32 {
        let at = node as usize * MOST_ENDS;
        self.ends[at..at + ends.len()].copy_from_slice(ends);
        self.n_ends[node as usize] = ends.len();
        let mass = ends.iter().map(|&(_, share)| share).sum();
        (std::mem::replace(&mut self.mass[node as usize], mass) - mass).abs()
    }
}

/// A graph of the kept nodes.
pub(super) struct Reduced {
    /// Ties between kept nodes, by new number.
    pub graph: Graph,
    /// The old number of each kept node.
    pub kept: Vec<u32>,
    walks: Walks,
}

/// Share of the walks that give up at each step: what is far tells little.
const LEAK: f32 = 0.04;
/// Rounds at most: what walks that are longer still add is little.
const ROUNDS: usize = 4;
/// Walks from a node of which fewer than this share end anew in a round are done.
const SETTLED: f32 = 0.004;
/// Ends that are followed per node: what leads everywhere says nothing about anybody.
const MOST_ENDS: usize = 24;
/// A tie that is a smaller part than one in so many of what either end has tells nothing.
const FAINT: f32 = 1000.0;
/// Nodes that one thread takes at once.
const TOGETHER: usize = 128;
/// Weights are whole numbers; shares of them are kept to this part.
const SCALE: f32 = 16.0;

/// Takes out the nodes that `keep` does not name.
pub(super) fn reduce(graph: &Graph, keep: &[bool]) -> Reduced {
    let n = graph.len();
    let kept: Vec<u32> = (0..n as u32).filter(|&node| keep[node as usize]).collect();
    let mut walks = Walks::new(n, &kept);
    if kept.len() == n {
        return Reduced { graph: graph.clone(), kept, walks };
    }
    let levels = levels(graph, &kept);
    // Those whose neighbours' walks got further since their own turn.
    let mut open: Vec<bool> = keep.iter().map(|&keep| !keep).collect();
    for _ in 0..ROUNDS {
        let mut settled = true;
        for level in &levels {
            let turn: Vec<u32> = level.iter().copied().filter(|&node| open[node as usize]).collect();
            let parts = turn.par_chunks(TOGETHER).map_init(
                || Shares::new(kept.len()),
                |sums, nodes| {
                    let (mut ends, mut stops) = (Vec::with_capacity(nodes.len() * MOST_ENDS), Vec::new());
                    for &node in nodes {
                        step(graph, node, &walks, sums, &mut ends);
                        stops.push(ends.len());
                    }
                    (ends, stops)
                },
            );
            let parts: Vec<(Vec<End>, Vec<usize>)> = parts.collect();
            for (nodes, (ends, stops)) in turn.chunks(TOGETHER).zip(&parts) {
                let mut from = 0;
                for (&node, &stop) in nodes.iter().zip(stops) {
                    open[node as usize] = false;
                    if walks.set(node, &ends[from..stop]) > SETTLED {
                        settled = false;
                        for &(other, _) in graph.neighbours(node as usize) {
                            open[other as usize] = !keep[other as usize];
                        }
                    }
                    from = stop;
                }
            }
        }
        if settled {
            break;
        }
    }
    let graph = ties(graph, &kept, &walks);
    Reduced { graph, kept, walks }
}

/// The ties between kept nodes: what they have directly, and over walks.
fn ties(graph: &Graph, kept: &[u32], walks: &Walks) -> Graph {
    let row = |sums: &mut Shares, (new, &node): (usize, &u32)| -> Vec<End> {
        for &(other, weight) in graph.neighbours(node as usize) {
            sums.add(walks.of(other), weight as f32 * SCALE);
        }
        let ends = sums.take().iter().map(|sum| (sum.end(), sum.share()));
        ends.filter(|&(end, _)| end as usize != new).collect()
    };
    let rows = kept.par_iter().enumerate().with_max_len(TOGETHER);
    let rows: Vec<Vec<End>> = rows.map_init(|| Shares::new(kept.len()), row).collect();
    let strengths: Vec<f32> = rows.iter().map(|row| row.iter().map(|&(_, weight)| weight).sum()).collect();
    // Both directions add up, so that each is worth half.
    let edges = rows.iter().enumerate().flat_map(|(new, row)| {
        let strengths = &strengths;
        let tells =
            move |end: u32, weight: f32| weight * FAINT >= strengths[new].min(strengths[end as usize]);
        let telling = row.iter().filter(move |&&(end, weight)| tells(end, weight));
        telling.map(move |&(end, weight)| (new as u32, end, (weight / 2.0).round() as i64))
    });
    Graph::new(kept.len(), edges)
}

/// The nodes that reach `kept` ones, by the number of steps that it takes, from one step on. What walks
/// find near the kept nodes is known to those further out within the same round.
fn levels(graph: &Graph, kept: &[u32]) -> Vec<Vec<u32>> {
    let mut seen = vec![false; graph.len()];
    kept.iter().for_each(|&node| seen[node as usize] = true);
    let mut levels: Vec<Vec<u32>> = Vec::new();
    loop {
        let mut next = Vec::new();
        for &node in levels.last().map_or(kept, Vec::as_slice) {
            for &(other, _) in graph.neighbours(node as usize) {
                if !std::mem::replace(&mut seen[other as usize], true) {
                    next.push(other);
                }
            }
        }
        if next.is_empty() {
            return levels;
        }
        next.sort_unstable();
        levels.push(next);
    }
}

/// Adds to `ends` where walks from `node` end, by where those from its neighbours do.
fn step(graph: &Graph, node: u32, walks: &Walks, sums: &mut Shares, ends: &mut Vec<End>) {
    let neighbours = graph.neighbours(node as usize);
    let strength: i64 = neighbours.iter().map(|&(_, weight)| weight).sum();
    for &(other, weight) in neighbours {
        sums.add(walks.of(other), weight as f32 * (1.0 - LEAK) / strength as f32);
    }
    let mut found = sums.take();
    if found.len() > MOST_ENDS {
        found.select_nth_unstable(MOST_ENDS);
        found = &mut found[..MOST_ENDS];
    }
    ends.extend(found.iter().map(|sum| (sum.end(), sum.share())));
}

impl Reduced {
    /// A figure of each node from figures of the kept ones: the mean over those of its own label in
    /// which its walks end, by their shares; 1 for a node that reaches none.
    pub(super) fn spread(&self, figures: &[f64], labels: &[u32], all: &[u32]) -> Vec<f64> {
        let one = |(node, &label): (usize, &u32)| {
            let (mut sum, mut shares) = (0.0, 0.0);
            for &(end, share) in self.walks.of(node as u32) {
                if labels[end as usize] == label {
                    sum += figures[end as usize] * f64::from(share);
                    shares += f64::from(share);
                }
            }
            if shares > 0.0 { sum / shares } else { 1.0 }
        };
        all.iter().enumerate().map(one).collect()
    }
    /// Labels of all nodes from labels of the kept ones: each goes where most of its walks end. A node
    /// that reaches none is alone.
    pub(super) fn expand(&self, labels: &[u32]) -> Vec<u32> {
        let mut next = labels.iter().max().map_or(0, |&label| label + 1);
        let mut sums = Shares::new(next as usize);
        (0..self.walks.n_ends.len() as u32)
            .map(|node| {
                for &(end, share) in self.walks.of(node) {
                    sums.add(&[(labels[end as usize], share)], 1.0);
                }
                let best = sums.take().iter().min();
                best.map_or_else(
                    || {
                        next += 1;
                        next - 1
                    },
                    |sum| sum.end(),
                )
            })
            .collect()
    }
}

/// A share above zero and where it goes, as one number: the largest share comes first, of equals the
/// smaller end. Comparing such numbers takes no branches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sum(u64);

impl Sum {
    fn new(end: u32, share: f32) -> Self {
        // Floats above zero are ordered as their bits are.
        Self(u64::from(!share.to_bits()) << 32 | u64::from(end))
    }
    fn end(self) -> u32 {
        self.0 as u32
    }
    fn share(self) -> f32 {
        f32::from_bits(!((self.0 >> 32) as u32))
    }
}

/// Where walks end, cleared by each use.
struct Shares {
    sums: Sums<f32>,
    taken: Vec<Sum>,
}

impl Shares {
    fn new(n: usize) -> Self {
        Self { sums: Sums::new(n), taken: Vec::new() }
    }
    fn add(&mut self, ends: &[End], factor: f32) {
        self.sums.add(ends, factor);
    }
    /// The sums above zero, as they were met.
    fn take(&mut self) -> &mut [Sum] {
        let Self { sums, taken } = self;
        let sums = sums.drain();
        taken.resize(sums.len(), Sum(0));
        let mut n_taken = 0;
        for (end, sum) in sums {
            taken[n_taken] = Sum::new(end, sum);
            n_taken += usize::from(sum > 0.0);
        }
        taken.truncate(n_taken);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_between_becomes_a_tie_and_follows_its_stronger_end() {
        // 0 and 3 count; 1 and 2 lie between, 1 nearer to 0; 4 hangs on 2; nothing ties 5.
        let graph = Graph::new(6, [(0, 1, 30), (1, 2, 10), (2, 3, 30), (2, 4, 10)]);
        let keep = [true, false, false, true, false, false];
        let reduced = reduce(&graph, &keep);
        assert_eq!(reduced.kept, [0, 3]);
        let edges: Vec<_> = reduced.graph.edges().collect();
        assert!(matches!(edges[..], [(0, 1, weight)] if weight > 0), "{edges:?}");
        let all = reduced.expand(&[7, 8]);
        assert_eq!(all, [7, 7, 8, 8, 8, 9]);
        assert_eq!(reduced.spread(&[0.25, 0.5], &[7, 8], &all), [0.25, 0.25, 0.5, 0.5, 0.5, 1.0]);
    }

    #[test]
    fn a_graph_whose_nodes_all_count_stays_as_it_is() {
        let graph = Graph::new(3, [(0, 1, 5), (1, 2, 7)]);
        let reduced = reduce(&graph, &[true; 3]);
        assert!(reduced.graph.edges().eq(graph.edges()));
        assert_eq!(reduced.expand(&[1, 0, 0]), [1, 0, 0]);
    }
}
