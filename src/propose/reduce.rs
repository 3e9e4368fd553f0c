//! A graph seen from the nodes that count: what lies between them becomes ties of theirs.
//!
//! Functions, types and hubs carry evidence, and are no service by themselves. Grouped as equals they
//! form groups of their own, which are layers (all queries, all views) more often than domains. So they
//! are taken out first: where a random walk from each of them first meets a node that counts says whose
//! it is, and ties over it become ties of those (the Kron reduction of a network: Dörfler and Bullo 2013).

use rayon::prelude::*;

use super::cluster::Graph;

/// Where the walks from one node end: kept nodes by their new numbers, with their share.
type Ends = Vec<(u32, f32)>;

/// A graph of the kept nodes.
pub(super) struct Reduced {
    /// Ties between kept nodes, by new number.
    pub graph: Graph,
    /// The old number of each kept node.
    pub kept: Vec<u32>,
    /// Per old node, where its walks end; a kept node's at itself.
    ends: Vec<Ends>,
}

/// Share of the walks that give up at each step: what is far tells little.
const LEAK: f64 = 0.04;
/// Steps at most.
const ROUNDS: usize = 12;
/// Walks from a node of which fewer than this share end anew in a round are done.
const SETTLED: f64 = 0.004;
/// Ends that are followed per node: what leads everywhere says nothing about anybody.
const MOST_ENDS: usize = 24;
/// Weights are whole numbers; shares of them are kept to this part.
const SCALE: f64 = 16.0;

/// Takes out the nodes that `keep` does not name.
pub(super) fn reduce(graph: &Graph, keep: &[bool]) -> Reduced {
    let n = graph.len();
    if keep.iter().all(|&keep| keep) {
        let ends = (0..n as u32).map(|node| vec![(node, 1.0)]).collect();
        return Reduced { graph: graph.clone(), kept: (0..n as u32).collect(), ends };
    }
    let kept: Vec<u32> = (0..n as u32).filter(|&node| keep[node as usize]).collect();
    let mut ends: Vec<Ends> = vec![Ends::new(); n];
    for (new, &node) in kept.iter().enumerate() {
        ends[node as usize] = vec![(new as u32, 1.0)];
    }
    let between: Vec<u32> = (0..n as u32).filter(|&node| !keep[node as usize]).collect();
    // Those whose neighbours' walks got further in the last round.
    let mut open = between;
    for _ in 0..ROUNDS {
        let next: Vec<Ends> = open
            .par_iter()
            .map_init(|| Sums::new(kept.len()), |sums, &node| step(graph, node as usize, &ends, sums))
            .collect();
        let mut touched = vec![false; n];
        for (&node, next) in open.iter().zip(next) {
            let node = node as usize;
            if (mass(&next) - mass(&ends[node])).abs() > SETTLED {
                graph.neighbours(node).iter().for_each(|&(other, _)| touched[other as usize] = true);
            }
            ends[node] = next;
        }
        open = (0..n as u32).filter(|&node| touched[node as usize] && !keep[node as usize]).collect();
        if open.is_empty() {
            break;
        }
    }
    let mut sums = Sums::new(kept.len());
    let mut edges = Vec::new();
    for (new, &node) in kept.iter().enumerate() {
        for &(other, weight) in graph.neighbours(node as usize) {
            sums.add(&ends[other as usize], weight as f64 * SCALE / 2.0);
        }
        // Both directions add up, so that each is worth half.
        edges.extend(
            sums.take().into_iter().map(|(other, weight)| (new as u32, other, weight.round() as i64)),
        );
    }
    Reduced { graph: Graph::new(kept.len(), edges.into_iter().filter(|(a, b, _)| a != b)), kept, ends }
}

fn mass(ends: &Ends) -> f64 {
    ends.iter().map(|&(_, share)| f64::from(share)).sum()
}

/// Where walks from `node` end, by where those from its neighbours do.
fn step(graph: &Graph, node: usize, ends: &[Ends], sums: &mut Sums) -> Ends {
    let neighbours = graph.neighbours(node);
    let strength: i64 = neighbours.iter().map(|&(_, weight)| weight).sum();
    for &(other, weight) in neighbours {
        sums.add(&ends[other as usize], weight as f64 * (1.0 - LEAK) / strength as f64);
    }
    let mut found = sums.take_unsorted();
    if found.len() > MOST_ENDS {
        found.select_nth_unstable_by(MOST_ENDS, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(MOST_ENDS);
    }
    found.sort_unstable_by_key(|&(end, _)| end);
    found.into_iter().map(|(end, share)| (end, share as f32)).collect()
}

impl Reduced {
    /// Labels of all nodes from labels of the kept ones: each goes where most of its walks end. A node
    /// that reaches none is alone.
    pub(super) fn expand(&self, labels: &[u32]) -> Vec<u32> {
        let mut next = labels.iter().max().map_or(0, |&label| label + 1);
        let mut sums = Sums::new(next as usize);
        self.ends
            .iter()
            .map(|ends| {
                for &(end, share) in ends {
                    sums.add(&[(labels[end as usize], 1.0)], f64::from(share));
                }
                let best = sums.take().into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
                best.map_or_else(
                    || {
                        next += 1;
                        next - 1
                    },
                    |(label, _)| label,
                )
            })
            .collect()
    }
}

/// Sums by number, cleared after each use.
struct Sums {
    of: Vec<f64>,
    seen: Vec<u32>,
}

impl Sums {
    fn new(n: usize) -> Self {
        Self { of: vec![0.0; n], seen: Vec::new() }
    }
    fn add(&mut self, ends: &[(u32, f32)], factor: f64) {
        for &(end, share) in ends {
            let slot = &mut self.of[end as usize];
            if *slot == 0.0 {
                self.seen.push(end);
            }
            *slot += f64::from(share) * factor;
        }
    }
    /// The sums above zero, by number.
    fn take(&mut self) -> Vec<(u32, f64)> {
        let mut sums = self.take_unsorted();
        sums.sort_unstable_by_key(|&(end, _)| end);
        sums
    }
    /// The sums above zero, as they were met.
    fn take_unsorted(&mut self) -> Vec<(u32, f64)> {
        let Self { of, seen } = self;
        // One that was lost in rounding and met again is there twice, and empty the second time.
        let sums = seen.drain(..).map(|end| (end, std::mem::take(&mut of[end as usize])));
        sums.filter(|&(_, sum)| sum > 0.0).collect()
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
        assert_eq!(reduced.expand(&[7, 8]), [7, 7, 8, 8, 8, 9]);
    }

    #[test]
    fn a_graph_whose_nodes_all_count_stays_as_it_is() {
        let graph = Graph::new(3, [(0, 1, 5), (1, 2, 7)]);
        let reduced = reduce(&graph, &[true; 3]);
        assert!(reduced.graph.edges().eq(graph.edges()));
        assert_eq!(reduced.expand(&[1, 0, 0]), [1, 0, 0]);
    }
}
