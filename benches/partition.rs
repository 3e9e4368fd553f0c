//! Measures `partition` on generated neutral graphs: `cargo bench --bench partition -- [10k 100k …]`.
//!
//! A size is a number of functions. Each has six calls, mostly to near ones, two types, and half of
//! them touch a table: the density of grown backends.

use std::time::Instant;

use splitter::model::{NeutralAccess, NeutralEdge, NeutralGraph, NeutralNode};
use splitter::propose::{PartitionOptions, partition};

/// Functions of one part of the application.
const PART: usize = 40;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.iter().any(|arg| arg == "--test") {
        return;
    }
    let sizes: Vec<usize> = args.iter().filter_map(|arg| size(arg)).collect();
    for n in if sizes.is_empty() { vec![10_000, 100_000] } else { sizes } {
        let graph = graph(n);
        let start = Instant::now();
        let found = partition(&graph, &PartitionOptions::default()).expect("a sound graph");
        let ms = start.elapsed().as_millis();
        println!("{n} functions, {} edges: {} services in {ms} ms", graph.edges.len(), found.services.len());
    }
}

/// `10k`, `2500`.
fn size(text: &str) -> Option<usize> {
    let (digits, factor) = text.strip_suffix(['k', 'K']).map_or((text, 1), |digits| (digits, 1_000));
    digits.parse::<usize>().ok().map(|n| n * factor)
}

fn graph(n: usize) -> NeutralGraph {
    // A linear congruential generator (Knuth's MMIX constants).
    let mut random = 0x5eed_u64;
    let mut below = |n: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % n
    };
    let id = |at: usize| format!("part{}_{}::do_{at}", at / PART, letters(at / PART));
    let edge = |from: String, to: String, criterion: &str| NeutralEdge {
        from,
        to,
        criterion: criterion.into(),
        weight: 1.0,
    };
    let n_types = n.div_ceil(8);
    let ty = |at: usize| format!("Type{at}{}", letters(at * 8 / PART));
    let ids = (0..n).map(id).chain((0..n_types).map(ty));
    let nodes = ids.map(|id| NeutralNode { id, kind: None, words: Vec::new() }).collect();
    let (mut edges, mut accesses) = (Vec::new(), Vec::new());
    for at in 0..n {
        for call in 0..6 {
            let near = (at / PART * PART + below(PART)).min(n - 1);
            edges.push(edge(id(at), id(if call == 0 { below(n) } else { near }), "calls"));
        }
        for use_ in 0..2 {
            let near = (at / PART * PART / 8 + below(PART / 8)).min(n_types - 1);
            edges.push(edge(
                id(at),
                ty(if use_ == 0 && at % 5 == 0 { below(n_types) } else { near }),
                "types",
            ));
        }
        if at % 2 == 0 {
            let op = if below(3) == 0 { "write" } else { "read" }.into();
            let table = format!("table_{}_{}", letters(at / PART), at / PART * 2 + below(2));
            accesses.push(NeutralAccess { node: id(at), table, op });
        }
    }
    NeutralGraph {
        format: NeutralGraph::FORMAT.into(),
        major: NeutralGraph::MAJOR,
        name: "generated".into(),
        nodes,
        edges,
        accesses,
        use_cases: Vec::new(),
        pins: Vec::new(),
        together: Vec::new(),
        apart: Vec::new(),
    }
}

/// A word for a number.
fn letters(mut number: usize) -> String {
    let mut word = String::from("w");
    while number > 0 {
        word.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    word
}
