//! The same engine on the neutral graph.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Name, UnorderedMap};
use crate::model::{NeutralGraph, Partition, PartitionAlternative, PartitionService};

use super::consensus;
use super::engine::{Problem, Settings, contract, solve};
use super::error::ProposeError;
use super::explain::round;
use super::metrics::{Volumes, structural};
use super::names::name_groups;
use super::refine::{Constraints, Objectives, refine};
use super::wishes::{self, Written};
use super::words::{self, Bag};

/// The user's wishes for a [`partition`].
#[derive(Clone, Debug, Default)]
pub struct PartitionOptions {
    /// Wished number of services; `None` leaves it to stability.
    pub services: Option<usize>,
    /// Weight per criterion in thousandths; 1000 where nothing is said, 150 for `calls`.
    pub weights: BTreeMap<String, i64>,
}

/// The graph with numbers for names, in an order that does not depend on that of the input.
struct Numbered<'a> {
    nodes: Vec<&'a str>,
    tables: Vec<&'a str>,
    words: Vec<&'a [String]>,
    /// Per criterion: `(from, to) → volume`.
    edges: BTreeMap<&'a str, Volumes>,
    /// `(node, table) → writes`.
    accesses: BTreeMap<(u32, u32), bool>,
    use_cases: Vec<Vec<u32>>,
    of: UnorderedMap<&'a str, u32>,
}

/// Groups the nodes and tables of a graph into services.
///
/// # Errors
/// Where the graph is of another format, names nodes that it does not list, or its wishes contradict
/// each other.
pub fn partition(graph: &NeutralGraph, options: &PartitionOptions) -> Result<Partition, ProposeError> {
    let numbered = number(graph)?;
    let n = numbered.nodes.len() + numbered.tables.len();
    let wishes = read_wishes(graph, &numbered)?;
    let bags = bags(&numbered);
    let edges = edges(&numbered, &bags, options);
    let problem = Problem {
        n,
        edges,
        together: wishes.together.clone(),
        apart: wishes.apart.clone(),
        sizes: vec![1; n],
        work: Vec::new(),
        transactions: Vec::new(),
    };
    let settings = Settings { consensus: plan(n), least: 3, most: usize::MAX, wished: options.services };
    let mut grouping = solve(&problem, &settings)?;
    // Where types or data tell more, calls alone would undo what they say.
    let only_calls = numbered.accesses.is_empty() && numbered.edges.keys().all(|&name| name == "calls");
    if options.services.is_some() && only_calls {
        let (units, _) = contract(&problem);
        let apart: Vec<_> =
            problem.apart.iter().map(|&(a, b)| (units[a as usize], units[b as usize])).collect();
        let no_calls = Volumes::new();
        let objectives = Objectives {
            calls: numbered.edges.get("calls").unwrap_or(&no_calls),
            use_cases: &numbered.use_cases,
            ties: &problem.edges,
        };
        refine(&mut grouping.labels, &objectives, &Constraints { units: &units, apart: &apart });
    }
    let name = |labels: &[u32]| services(&numbered, &bags, labels, &wishes.pins);
    let labels: BTreeMap<u32, u32> = grouping
        .labels
        .iter()
        .take(numbered.nodes.len())
        .enumerate()
        .map(|(at, &l)| (at as u32, l))
        .collect();
    let mut metrics: BTreeMap<String, f64> = BTreeMap::new();
    if let Some(calls) = numbered.edges.get("calls") {
        metrics = structural(calls, &labels);
    }
    if !numbered.use_cases.is_empty() {
        metrics.insert("bcp".into(), bcp(&numbered.use_cases, &labels));
    }
    for value in metrics.values_mut() {
        *value = round(*value);
    }
    let title = |node: usize| {
        let n_nodes = numbered.nodes.len();
        if node < n_nodes {
            numbered.nodes[node].to_owned()
        } else {
            format!("table {}", numbered.tables[node - n_nodes])
        }
    };
    Ok(Partition {
        schema: Partition::SCHEMA.into(),
        services: name(&grouping.labels),
        metrics,
        alternatives: grouping
            .others
            .iter()
            .map(|labels| PartitionAlternative { services: name(labels) })
            .collect(),
        stability: grouping.stability.iter().enumerate().map(|(at, &s)| (title(at), round(s))).collect(),
    })
}

/// Mean over the services of the logarithm of how many use cases touch each (BCP of Kalia et al., FSE
/// 2021); nodes without one count as one more use case.
fn bcp(use_cases: &[Vec<u32>], labels: &BTreeMap<u32, u32>) -> f64 {
    let mut cases: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    let mut rest = labels.clone();
    for (case, nodes) in use_cases.iter().enumerate() {
        for node in nodes {
            cases.entry(labels[node]).or_default().insert(case);
            rest.remove(node);
        }
    }
    for label in rest.into_values() {
        cases.entry(label).or_default().insert(use_cases.len());
    }
    let sum: f64 = cases.values().map(|cases| (cases.len() as f64).ln()).sum();
    sum / cases.len().max(1) as f64
}

/// How to look for agreement among `n` nodes and tables.
///
/// The number of communities that a resolution gives grows with the graph (Fortunato and Barthélemy
/// 2007); the number of services that people draw hardly does. So the resolution falls with `n`.
/// 1000 stands at 60, and between 40 and 80 hardly anything changes.
fn plan(n: usize) -> consensus::Plan {
    let scale = (60.0 / n.max(1) as f64).powf(0.85).clamp(0.55, 3.0);
    consensus::Plan {
        resolutions: [850.0, 1000.0, 1400.0].map(|resolution| (resolution * scale) as i64).into(),
        runs: if n < 5_000 { 12 } else { 4 },
        noise: 15,
        shuffled: true,
        threshold: 40,
        last: 1000,
    }
}

fn number(graph: &NeutralGraph) -> Result<Numbered<'_>, ProposeError> {
    if graph.format != NeutralGraph::FORMAT || graph.major != NeutralGraph::MAJOR {
        return Err(ProposeError::GraphFormat {
            found: format!("{} {}", graph.format, graph.major),
            wanted: format!("{} {}", NeutralGraph::FORMAT, NeutralGraph::MAJOR),
        });
    }
    let mut listed: Vec<(&str, &[String])> =
        graph.nodes.iter().map(|node| (node.id.as_str(), node.words.as_slice())).collect();
    listed.sort_unstable();
    if let Some(pair) = listed.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(ProposeError::DuplicateNode { id: pair[0].0.into() });
    }
    let nodes: Vec<&str> = listed.iter().map(|&(id, _)| id).collect();
    let mut tables: Vec<&str> = graph.accesses.iter().map(|access| access.table.as_str()).collect();
    tables.sort_unstable();
    tables.dedup();
    let of: UnorderedMap<&str, u32> = nodes.iter().enumerate().map(|(at, &id)| (id, at as u32)).collect();
    let of_table: UnorderedMap<&str, u32> =
        tables.iter().enumerate().map(|(at, &name)| (name, (nodes.len() + at) as u32)).collect();
    let find = |what: &'static str, id: &str| {
        of.get(id).copied().ok_or_else(|| ProposeError::DanglingId { what, id: id.into() })
    };
    let mut edges: BTreeMap<&str, Volumes> = BTreeMap::new();
    for edge in &graph.edges {
        if !(edge.weight.is_finite() && edge.weight > 0.0) {
            return Err(ProposeError::BadWeight {
                from: edge.from.clone(),
                to: edge.to.clone(),
                weight: edge.weight.to_string(),
            });
        }
        let ends = (find("an edge", &edge.from)?, find("an edge", &edge.to)?);
        *edges.entry(&edge.criterion).or_default().entry(ends).or_default() += edge.weight;
    }
    let mut accesses = BTreeMap::new();
    for access in &graph.accesses {
        let ends =
            (find("an access", &access.node)?, *of_table.get(access.table.as_str()).expect("it was listed"));
        *accesses.entry(ends).or_default() |= access.op != "read";
    }
    let use_cases = graph
        .use_cases
        .iter()
        .map(|case| {
            let mut nodes =
                case.nodes.iter().map(|id| find("a use case", id)).collect::<Result<Vec<_>, _>>()?;
            nodes.sort_unstable();
            nodes.dedup();
            Ok(nodes)
        })
        .collect::<Result<Vec<_>, ProposeError>>()?;
    let words = listed.iter().map(|&(_, words)| words).collect();
    Ok(Numbered { nodes, tables, words, edges, accesses, use_cases, of })
}

fn read_wishes(graph: &NeutralGraph, numbered: &Numbered<'_>) -> Result<wishes::Wishes, ProposeError> {
    let n_nodes = numbered.nodes.len();
    let written = Written {
        pins: graph.pins.iter().map(|pin| (pin.node.as_str(), pin.service.as_str())).collect(),
        together: graph.together.iter().map(|group| group.iter().map(String::as_str).collect()).collect(),
        apart: graph.apart.iter().map(|group| group.iter().map(String::as_str).collect()).collect(),
    };
    wishes::read(
        &written,
        |name| {
            let table = name.strip_prefix("table ").unwrap_or(name);
            let table = || numbered.tables.binary_search(&table).ok().map(|at| (n_nodes + at) as u32);
            numbered.of.get(name).copied().or_else(table).into_iter().collect()
        },
        || numbered.nodes.iter().chain(&numbered.tables).map(|&name| name.to_owned()).collect(),
        |node| match numbered.nodes.get(node as usize) {
            Some(&id) => id.to_owned(),
            None => numbered.tables[node as usize - n_nodes].to_owned(),
        },
    )
}

/// Words of the name count in full, words of what is inside a fifth.
fn bags(numbered: &Numbered<'_>) -> Vec<Bag> {
    let of_node = numbered.nodes.iter().zip(&numbered.words).map(|(id, words)| {
        let mut bag = named(id);
        for word in words.iter() {
            bag.put(Name::new(&words::singular(&word.to_lowercase())), 200);
        }
        bag
    });
    let of_table = numbered.tables.iter().map(|name| named(name));
    of_node.chain(of_table).collect()
}

fn named(text: &str) -> Bag {
    let mut bag = Bag::default();
    words::each_word(text, |word| bag.put(Name::new(&words::singular(word)), 1000));
    bag
}

/// What a criterion weighs in thousandths where the user says nothing. Call graphs of other tools
/// often match calls by name, and calls are what services do to each other; types bind.
fn weight(criterion: &str, options: &PartitionOptions) -> f64 {
    let default = if criterion == "calls" { 150 } else { 1000 };
    options.weights.get(criterion).copied().unwrap_or(default).max(0) as f64
}

fn edges(numbered: &Numbered<'_>, bags: &[Bag], options: &PartitionOptions) -> Vec<(u32, u32, i64)> {
    let n = bags.len();
    let mut edges: Vec<(u32, u32, i64)> = Vec::new();
    for (&criterion, volumes) in &numbered.edges {
        let scale = weight(criterion, options);
        let (mut into, mut out) = (vec![0.0_f64; n], vec![0.0_f64; n]);
        for &(a, b) in volumes.keys().filter(|(a, b)| a != b) {
            out[a as usize] += 1.0;
            into[b as usize] += 1.0;
        }
        let in_power = if criterion == "calls" { 0.5 } else { 1.0 };
        for (&(a, b), volume) in volumes.iter().filter(|((a, b), _)| a != b) {
            let share =
                (volume.ln().max(0.0) + 1.0) / into[b as usize].powf(in_power) / out[a as usize].powf(0.15);
            edges.push((a, b, (scale * share).round() as i64));
        }
    }
    let scale = weight("tables", options);
    let (mut users, mut used) = (vec![0.0_f64; n], vec![0.0_f64; n]);
    for &(node, table) in numbered.accesses.keys() {
        users[table as usize] += 1.0;
        used[node as usize] += 1.0;
    }
    for (&(node, table), &write) in &numbered.accesses {
        let share = if write { 3.0 } else { 1.0 } / users[table as usize].sqrt() / used[node as usize].sqrt();
        edges.push((node, table, (scale * share).round() as i64));
    }
    let mut strengths = vec![0_i64; n];
    for &(a, b, weight) in &edges {
        strengths[a as usize] += weight;
        strengths[b as usize] += weight;
    }
    let rules = words::Rules { common: 200, neighbours: 2, least: 200, always: 0, lonely: 500, enough: 500 };
    edges.extend(words::ties(bags, &edges.clone(), &strengths, &rules));
    edges
}

fn services(
    numbered: &Numbered<'_>,
    bags: &[Bag],
    labels: &[u32],
    pins: &BTreeMap<u32, String>,
) -> Vec<PartitionService> {
    let n_groups = labels.iter().max().map_or(0, |&label| label as usize + 1);
    let members: Vec<(u32, i64, &Bag)> =
        labels.iter().zip(bags).map(|(&label, bag)| (label, 1, bag)).collect();
    let wished = pins.iter().map(|(&node, name)| (labels[node as usize], name.clone())).collect();
    let mut services: Vec<PartitionService> =
        name_groups(n_groups, &members, &BTreeMap::new(), &wished, |_, _| 1000)
            .into_iter()
            .map(|(name, _)| PartitionService { name, nodes: Vec::new(), tables: Vec::new() })
            .collect();
    for (node, &label) in labels.iter().enumerate() {
        let service = &mut services[label as usize];
        match numbered.nodes.get(node) {
            Some(&id) => service.nodes.push(id.to_owned()),
            None => service.tables.push(numbered.tables[node - numbered.nodes.len()].to_owned()),
        }
    }
    services.sort_by(|a, b| a.name.cmp(&b.name));
    services
}
