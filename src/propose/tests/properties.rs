//! What holds for every graph and model.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::{Options, PartitionOptions, ProposeError, partition, propose};
use super::SHOP;
use crate::model::{NeutralAccess, NeutralEdge, NeutralGraph, NeutralNode, NeutralPin, Partition, UseCase};
use crate::testing::model;

fn graph(n: usize, edges: &[(usize, usize, u32)], accesses: &[(usize, usize, bool)]) -> NeutralGraph {
    let id = |at: usize| format!("node{at}");
    NeutralGraph {
        format: NeutralGraph::FORMAT.into(),
        major: NeutralGraph::MAJOR,
        name: String::new(),
        nodes: (0..n).map(|at| NeutralNode { id: id(at), ..NeutralNode::default() }).collect(),
        edges: edges
            .iter()
            .map(|&(a, b, weight)| NeutralEdge {
                from: id(a % n),
                to: id(b % n),
                criterion: if weight % 2 == 0 { "calls".into() } else { "types".into() },
                weight: f64::from(weight + 1),
            })
            .collect(),
        accesses: accesses
            .iter()
            .map(|&(node, table, write)| NeutralAccess {
                node: id(node % n),
                table: format!("table{table}"),
                op: if write { "write".into() } else { "read".into() },
            })
            .collect(),
        use_cases: Vec::new(),
        pins: Vec::new(),
        together: Vec::new(),
        apart: Vec::new(),
    }
}

fn places(partition: &Partition) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    for (at, service) in partition.services.iter().enumerate() {
        for node in service.nodes.iter().cloned().chain(service.tables.iter().map(|t| format!("table {t}"))) {
            assert!(places.insert(node, at).is_none(), "a thing is in two services");
        }
    }
    places
}

fn edges() -> impl Strategy<Value = Vec<(usize, usize, u32)>> {
    prop::collection::vec((0..30_usize, 0..30_usize, 0..9_u32), 0..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_node_is_in_one_service(
        n in 1..30_usize, edges in edges(),
        accesses in prop::collection::vec((0..30_usize, 0..6_usize, any::<bool>()), 0..30),
    ) {
        let graph = graph(n, &edges, &accesses);
        let partition = partition(&graph, &PartitionOptions::default()).unwrap();
        let tables: BTreeSet<_> = graph.accesses.iter().map(|access| access.table.clone()).collect();
        prop_assert_eq!(places(&partition).len(), n + tables.len());
        let names: BTreeSet<_> = partition.services.iter().map(|service| &service.name).collect();
        prop_assert_eq!(names.len(), partition.services.len());
        prop_assert!(partition.services.iter().all(|service| !(service.nodes.is_empty() && service.tables.is_empty())));
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(n in 1..30_usize, edges in edges(), seed in any::<u64>()) {
        let straight = graph(n, &edges, &[]);
        let mut shuffled = straight.clone();
        let mut random = seed;
        let mut next = |below: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as usize % below.max(1)
        };
        for at in (1..shuffled.nodes.len()).rev() {
            shuffled.nodes.swap(at, next(at + 1));
        }
        for at in (1..shuffled.edges.len()).rev() {
            shuffled.edges.swap(at, next(at + 1));
        }
        let options = PartitionOptions::default();
        prop_assert_eq!(partition(&straight, &options).unwrap(), partition(&shuffled, &options).unwrap());
    }

    #[test]
    fn wishes_are_obeyed(n in 8..30_usize, edges in edges(), wished in 3..6_usize) {
        let calls: Vec<_> = edges.iter().map(|&(a, b, weight)| (a, b, weight * 2)).collect();
        for edges in [edges, calls] {
        let mut graph = graph(n, &edges, &[]);
        let pin = |node: &str, service: &str| NeutralPin { node: node.into(), service: service.into() };
        graph.pins = vec![pin("node0", "left"), pin("node1", "right"), pin("node2", "left")];
        graph.together = vec![vec!["node3".into(), "node4".into()]];
        graph.apart = vec![vec!["node4".into(), "node5".into()]];
        for services in [None, Some(wished)] {
            let partition = partition(&graph, &PartitionOptions { services, ..PartitionOptions::default() }).unwrap();
            let places = places(&partition);
            prop_assert_eq!(&partition.services[places["node0"]].name, "left");
            prop_assert_eq!(&partition.services[places["node1"]].name, "right");
            prop_assert_eq!(places["node0"], places["node2"]);
            prop_assert_eq!(places["node3"], places["node4"]);
            prop_assert_ne!(places["node4"], places["node5"]);
            if let Some(services) = services {
                prop_assert_eq!(partition.services.len(), services);
            }
        }
        }
    }
}

/// Blocks of functions that call each other, now and then one of another block.
fn blocks(n_blocks: usize, size: usize) -> Vec<(usize, usize, u32)> {
    let mut edges = Vec::new();
    for at in 0..n_blocks * size {
        let block = at / size * size;
        for step in [1, 2, 5] {
            edges.push((at, block + (at + step) % size, 2));
        }
        if at % 7 == 0 {
            edges.push((at, (at * 31 + 17) % (n_blocks * size), 0));
        }
    }
    edges
}

#[test]
fn small_edits_move_little() {
    let all = blocks(12, 15);
    let n = 180;
    let before = places(&partition(&graph(n, &all, &[]), &PartitionOptions::default()).unwrap());
    let fewer: Vec<_> =
        all.iter().enumerate().filter(|(at, _)| at % 50 != 7).map(|(_, &edge)| edge).collect();
    let after = places(&partition(&graph(n, &fewer, &[]), &PartitionOptions::default()).unwrap());
    // A thing has moved when it is no longer with most of those that it was with.
    let mut moved = 0;
    for (node, place) in &before {
        let mates: Vec<_> =
            before.iter().filter(|(_, other)| *other == place).map(|(mate, _)| mate).collect();
        let kept = mates.iter().filter(|mate| after[**mate] == after[node]).count();
        moved += usize::from(kept * 2 < mates.len());
    }
    assert!(moved * 20 <= n, "{moved} of {n} moved");
}

#[test]
fn known_blocks_are_found() {
    let found = partition(&graph(180, &blocks(12, 15), &[]), &PartitionOptions::default()).unwrap();
    assert_eq!(found.services.len(), 12);
    assert!(found.services.iter().all(|service| service.nodes.len() == 15));
}

#[test]
fn the_number_of_services_hardly_grows_with_the_graph() {
    // A ring of things that each use the next two: no place to cut is better than another.
    let ring = |n: usize| {
        let edges: Vec<_> = (0..n).flat_map(|at| [(at, (at + 1) % n, 1), (at, (at + 2) % n, 1)]).collect();
        partition(&graph(n, &edges, &[]), &PartitionOptions::default()).unwrap().services.len()
    };
    let (small, large) = (ring(30), ring(240));
    assert!(small >= 3 && large <= small * 2, "{small} services of 30 things, {large} of 240");
}

#[test]
fn other_ids_do_not_change_the_grouping() {
    let straight = graph(180, &blocks(12, 15), &[]);
    let mut renamed = straight.clone();
    let turned = |id: &mut String| {
        let at: usize = id.trim_start_matches("node").parse().unwrap();
        *id = format!("node{}", 1000 - at);
    };
    renamed.nodes.iter_mut().for_each(|node| turned(&mut node.id));
    for edge in &mut renamed.edges {
        turned(&mut edge.from);
        turned(&mut edge.to);
    }
    let sets = |graph: &NeutralGraph, back: bool| {
        let found = partition(graph, &PartitionOptions::default()).unwrap();
        let sets = found.services.into_iter().map(|mut service| {
            if back {
                service.nodes.iter_mut().for_each(turned);
            }
            service.nodes.into_iter().collect::<BTreeSet<_>>()
        });
        sets.collect::<BTreeSet<_>>()
    };
    assert_eq!(sets(&straight, false), sets(&renamed, true));
}

#[test]
fn a_wished_number_does_not_set_calls_over_types() {
    // Types hold three blocks together, calls run across them.
    let mut edges: Vec<_> =
        blocks(3, 8).into_iter().filter(|&(a, b, _)| a / 8 == b / 8).map(|(a, b, _)| (a, b, 1)).collect();
    edges.extend((0..24).map(|at| (at, (at + 8) % 24, 4)));
    let options = PartitionOptions { services: Some(3), ..PartitionOptions::default() };
    let found = places(&partition(&graph(24, &edges, &[]), &options).unwrap());
    for at in 0..24 {
        assert_eq!(found[&format!("node{at}")], found[&format!("node{}", at / 8 * 8)], "node{at}");
    }
}

#[test]
fn a_wished_number_is_refined_by_calls_and_use_cases() {
    let mut calls = graph(12, &[], &[]);
    // Two squares with a bridge, and things without calls that serve one use case each.
    let square = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (4, 5), (5, 6), (6, 7), (7, 4), (4, 6), (3, 4)];
    calls.edges = graph(12, &square.map(|(a, b)| (a, b, 2)), &[]).edges;
    let case = |name: &str, nodes: &[usize]| UseCase {
        name: name.into(),
        nodes: nodes.iter().map(|at| format!("node{at}")).collect(),
    };
    calls.use_cases = vec![case("pay", &[0, 1, 2, 3, 8, 10]), case("ship", &[4, 5, 6, 7, 9, 11])];
    let options = PartitionOptions { services: Some(2), ..PartitionOptions::default() };
    let answer = partition(&calls, &options).unwrap();
    // One use case each; one pair of eleven crosses.
    assert_eq!((answer.metrics["bcp"], answer.metrics["ifn"]), (0.0, 0.5));
    let found = places(&answer);
    for (node, mate) in [(1, 0), (2, 0), (3, 0), (8, 0), (10, 0), (5, 4), (6, 4), (7, 4), (9, 4), (11, 4)] {
        assert_eq!(found[&format!("node{node}")], found[&format!("node{mate}")], "node{node}");
    }
    assert_ne!(found["node0"], found["node4"]);
}

#[test]
fn threads_do_not_change_the_answer() {
    let graph = graph(180, &blocks(12, 15), &[(3, 0, true), (20, 1, false), (99, 0, false)]);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| partition(&graph, &PartitionOptions::default()).unwrap())
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn wishes_of_a_graph_that_cannot_be_obeyed_are_told() {
    let pin = |node: &str, service: &str| NeutralPin { node: node.into(), service: service.into() };
    let told = |change: &dyn Fn(&mut NeutralGraph)| {
        let mut graph = graph(3, &[(0, 1, 1)], &[]);
        change(&mut graph);
        partition(&graph, &PartitionOptions::default()).unwrap_err().to_string()
    };
    assert_eq!(
        told(&|graph| graph.pins = vec![pin("node0", "left"), pin("node0", "right")]),
        "`node0` is pinned to both `left` and `right`; keep one of the two pins"
    );
    assert_eq!(
        told(&|graph| graph.pins = vec![pin("node9", "left")]),
        "a pin names `node9`, which does not exist; did you mean `node0`?"
    );
    assert_eq!(
        told(&|graph| {
            graph.together = vec![vec!["node0".into(), "node1".into()]];
            graph.apart = vec![vec!["node1".into(), "node0".into()]];
        }),
        "`node1` and `node0` are wished both together and apart; drop one of the two wishes"
    );
    assert_eq!(
        told(&|graph| graph.use_cases = vec![UseCase { name: "pay".into(), nodes: vec!["gone".into()] }]),
        "a use case names node `gone`, which is not among the graph's nodes; add it there"
    );
}

#[test]
fn graphs_at_the_edge_give_sane_answers() {
    let options = PartitionOptions::default();
    assert!(partition(&graph(0, &[], &[]), &options).unwrap().services.is_empty());
    assert_eq!(partition(&graph(1, &[], &[]), &options).unwrap().services.len(), 1);
    // Nothing ties them: each is its own service.
    assert_eq!(partition(&graph(4, &[], &[]), &options).unwrap().services.len(), 4);
    let mut dangling = graph(2, &[(0, 1, 1)], &[]);
    dangling.edges[0].to = "nobody".into();
    assert_eq!(
        partition(&dangling, &options).unwrap_err().to_string(),
        "an edge names node `nobody`, which is not among the graph's nodes; add it there"
    );
    let mut twice = graph(2, &[], &[]);
    twice.nodes[1].id = "node0".into();
    assert!(matches!(partition(&twice, &options), Err(ProposeError::DuplicateNode { .. })));
    let mut future = graph(1, &[], &[]);
    future.major = 2;
    assert!(matches!(partition(&future, &options), Err(ProposeError::GraphFormat { .. })));
    let mut weight = graph(2, &[(0, 1, 1)], &[]);
    weight.edges[0].weight = f64::NAN;
    assert!(matches!(partition(&weight, &options), Err(ProposeError::BadWeight { .. })));
    let many = PartitionOptions { services: Some(3), ..PartitionOptions::default() };
    assert!(matches!(partition(&graph(2, &[], &[]), &many), Err(ProposeError::BadServiceCount { .. })));
}

#[test]
fn every_entry_point_and_table_of_a_model_is_placed_once() {
    let model = model(SHOP);
    let plan = propose(&model, &Options::default()).unwrap();
    let mut entries: Vec<_> = plan.services.iter().flat_map(|service| service.entry_points.clone()).collect();
    entries.extend(&plan.shell.entry_points);
    entries.sort_unstable();
    assert_eq!(entries, model.entry_points.ids().collect::<Vec<_>>());
    let mut tables: Vec<_> = plan.services.iter().flat_map(|service| service.tables.clone()).collect();
    tables.sort_unstable();
    assert_eq!(tables, model.tables.ids().collect::<Vec<_>>());
    let deployables: Vec<_> = plan.services.iter().flat_map(|s| &s.deployables).map(|d| &d.name).collect();
    assert_eq!(deployables.iter().collect::<BTreeSet<_>>().len(), deployables.len());
}

#[test]
fn the_order_of_lines_does_not_change_the_plan() {
    // Whole items are moved; places change with the lines, names and grouping must not.
    let mut items: Vec<String> = Vec::new();
    for line in SHOP.lines() {
        if line.starts_with(' ') {
            let last = items.last_mut().unwrap();
            last.push('\n');
            last.push_str(line);
        } else {
            items.push(line.to_owned());
        }
    }
    items.reverse();
    let (straight, reversed) = (model(SHOP), model(&items.join("\n")));
    let plan = |model| super::dump(model, &propose(model, &Options::default()).unwrap());
    assert_eq!(plan(&straight), plan(&reversed));
}
