//! Metrics of a split, as in the literature (variants of Kalia et al., FSE 2021, structural modularity
//! free of self calls), with the range that unresolved calls and statements leave open.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CallEdge, CutEdge, CutKind, Home, MetricRange, Model, ServiceId};

use super::explain::round;
use super::nodes::Nodes;
use super::split::Split;

/// Calls between placed things: `(from, to) → volume`.
pub(super) type Volumes = BTreeMap<(u32, u32), f64>;

/// SM, ICP, IFN, NED and TurboMQ of a labelling: `labels` of the nodes that count, by number.
pub(super) fn structural(calls: &Volumes, labels: &BTreeMap<u32, u32>) -> BTreeMap<String, f64> {
    let mut sizes: BTreeMap<u32, f64> = BTreeMap::new();
    for &label in labels.values() {
        *sizes.entry(label).or_default() += 1.0;
    }
    let n: f64 = sizes.values().sum();
    let k = sizes.len() as f64;
    let pairs: BTreeSet<(u32, u32)> = calls
        .keys()
        .filter(|(a, b)| a != b && labels.contains_key(a) && labels.contains_key(b))
        .map(|&(a, b)| (a.min(b), a.max(b)))
        .collect();
    let mut within: BTreeMap<u32, f64> = BTreeMap::new();
    let mut between: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (a, b) in pairs {
        let (a, b) = (labels[&a], labels[&b]);
        if a == b {
            *within.entry(a).or_default() += 1.0;
        } else {
            *between.entry((a.min(b), a.max(b))).or_default() += 1.0;
        }
    }
    let (mut all, mut crossing) = (0.0, 0.0);
    let mut inner: BTreeMap<u32, f64> = BTreeMap::new();
    let mut outer: BTreeMap<u32, f64> = BTreeMap::new();
    for (&(a, b), volume) in calls {
        let (Some(&la), Some(&lb)) = (labels.get(&a), labels.get(&b)) else { continue };
        if a == b {
            continue;
        }
        let weight = volume.ln() + 1.0;
        all += weight;
        if la == lb {
            *inner.entry(la).or_default() += weight;
        } else {
            crossing += weight;
            *outer.entry(la).or_default() += weight;
            *outer.entry(lb).or_default() += weight;
        }
    }
    let mut sm =
        within.iter().map(|(group, pairs)| pairs / (sizes[group] * sizes[group])).sum::<f64>() / k.max(1.0);
    if k > 1.0 {
        sm -= between.iter().map(|((a, b), pairs)| pairs / (sizes[a] * sizes[b])).sum::<f64>() * 2.0
            / (k * (k - 1.0));
    }
    let turbo = inner
        .iter()
        .map(|(group, inner)| 2.0 * inner / (2.0 * inner + outer.get(group).copied().unwrap_or(0.0)))
        .sum::<f64>()
        / k.max(1.0);
    let sized: f64 = sizes.values().filter(|&&size| (5.0..=20.0).contains(&size)).sum();
    [
        ("sm", sm),
        ("icp", if all > 0.0 { crossing / all } else { 0.0 }),
        ("ifn", between.values().sum::<f64>() / k.max(1.0)),
        ("ned", if n > 0.0 { 1.0 - sized / n } else { 0.0 }),
        ("turbo-mq", turbo),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// Metrics of the whole split.
pub(super) fn whole(
    model: &Model,
    nodes: Nodes,
    split: &Split,
    cuts: &[CutEdge],
) -> BTreeMap<String, MetricRange> {
    let labels = functions(model, nodes, split);
    let calls = volumes(model, nodes);
    let mut metrics: BTreeMap<String, MetricRange> =
        structural(&calls, &labels).into_iter().map(|(name, value)| (name, exact(value))).collect();
    // An unresolved call may stay inside, or cross.
    let open =
        model.unresolved.iter().filter(|call| labels.contains_key(&nodes.function(call.caller))).count()
            as f64;
    let all: f64 = calls
        .iter()
        .filter(|((a, b), _)| a != b && labels.contains_key(a) && labels.contains_key(b))
        .map(|(_, volume)| volume.ln() + 1.0)
        .sum();
    let crossing = metrics["icp"].value * all;
    if all + open > 0.0 {
        let icp = metrics.get_mut("icp").expect("it was put there");
        icp.low = round(crossing / (all + open));
        icp.high = round((crossing + open) / (all + open));
    }
    let count = |kind: CutKind| cuts.iter().filter(|cut| cut.kind == kind).count() as f64;
    let unknown_sql = model.unknown_sql.len() as f64;
    metrics.insert(
        "cut-calls".into(),
        MetricRange {
            low: count(CutKind::Call),
            value: count(CutKind::Call),
            high: count(CutKind::Call) + open,
        },
    );
    metrics.insert(
        "cut-data".into(),
        MetricRange {
            low: count(CutKind::Data),
            value: count(CutKind::Data),
            high: count(CutKind::Data) + unknown_sql,
        },
    );
    let broken: BTreeSet<_> =
        cuts.iter().filter(|cut| cut.kind == CutKind::Transaction).map(|cut| cut.site).collect();
    metrics.insert("transactions-broken".into(), exact(broken.len() as f64));
    let joined: BTreeSet<_> = model.accesses.iter().filter(|a| a.joined).map(|a| a.site).collect();
    let joins = cuts
        .iter()
        .filter(|cut| cut.kind == CutKind::Data && joined.contains(&cut.site))
        .map(|cut| cut.site)
        .collect::<BTreeSet<_>>();
    metrics.insert("joins-broken".into(), exact(joins.len() as f64));
    let keys = model
        .tables
        .iter_enumerated()
        .flat_map(|(id, table)| table.foreign_keys.iter().map(move |key| (id, key.table)))
        .filter(|&(a, b)| split.service(nodes.table(a)) != split.service(nodes.table(b)))
        .count();
    metrics.insert("foreign-keys-broken".into(), exact(keys as f64));
    let (touched, written) = table_users(model, nodes, split);
    let n = model.tables.len().max(1) as f64;
    let exclusive = touched.iter().filter(|services| services.len() <= 1).count() as f64 / n;
    let single = written.iter().filter(|services| services.len() <= 1).count() as f64 / n;
    let doubt = (unknown_sql / n).min(1.0);
    metrics.insert("data-exclusivity".into(), range(exclusive, (exclusive - doubt).max(0.0)));
    metrics.insert("one-writer".into(), range(single, (single - doubt).max(0.0)));
    if let Some((mean, worst)) = super::hops::hops(model, nodes, split, cuts) {
        metrics.insert("hops-per-request".into(), mean);
        metrics.insert("hops-of-worst-request".into(), worst);
    }
    metrics
}

/// Metrics of each service.
pub(super) fn each(model: &Model, nodes: Nodes, split: &Split) -> Vec<BTreeMap<String, MetricRange>> {
    let labels = functions(model, nodes, split);
    let mut inner = vec![0.0; split.n];
    let mut outer = vec![0.0; split.n];
    for ((a, b), volume) in volumes(model, nodes) {
        let (Some(&la), Some(&lb)) = (labels.get(&a), labels.get(&b)) else { continue };
        if a == b {
            continue;
        }
        let weight = volume.ln() + 1.0;
        if la == lb {
            inner[la as usize] += weight;
        } else {
            outer[la as usize] += weight;
            outer[lb as usize] += weight;
        }
    }
    let mut open = vec![0.0; split.n];
    for call in &model.unresolved {
        if let Some(service) = split.service(nodes.function(call.caller)) {
            open[service.0 as usize] += 1.0;
        }
    }
    let mut lines = vec![0.0; split.n];
    for (id, function) in model.functions.iter_enumerated() {
        if let Some(service) = split.service(nodes.function(id)) {
            lines[service.0 as usize] += f64::from(function.n_lines);
        }
    }
    let (touched, _) = table_users(model, nodes, split);
    (0..split.n)
        .map(|service| {
            let (inner, outer, open) = (inner[service], outer[service], open[service]);
            let cohesion = |inner: f64, outer: f64| {
                if inner + outer > 0.0 { 2.0 * inner / (2.0 * inner + outer) } else { 1.0 }
            };
            let coupling =
                |inner: f64, outer: f64| if inner + outer > 0.0 { outer / (inner + outer) } else { 0.0 };
            let own: Vec<_> = model
                .tables
                .ids()
                .filter(|&table| split.service(nodes.table(table)) == Some(ServiceId(service as u32)))
                .collect();
            let exclusive = own.iter().filter(|table| touched[table.0 as usize].len() <= 1).count() as f64;
            let mut metrics = BTreeMap::new();
            metrics.insert(
                "cohesion".to_owned(),
                MetricRange {
                    low: round(cohesion(inner + open, outer)),
                    value: round(cohesion(inner, outer)),
                    high: round(cohesion(inner, outer + open)),
                },
            );
            metrics.insert(
                "coupling".to_owned(),
                MetricRange {
                    low: round(coupling(inner + open, outer)),
                    value: round(coupling(inner, outer)),
                    high: round(coupling(inner, outer + open)),
                },
            );
            metrics.insert("lines".to_owned(), exact(lines[service]));
            if !own.is_empty() {
                metrics.insert("data-exclusivity".to_owned(), exact(exclusive / own.len() as f64));
            }
            metrics
        })
        .collect()
}

fn exact(value: f64) -> MetricRange {
    let value = round(value);
    MetricRange { low: value, value, high: value }
}

fn range(value: f64, worst: f64) -> MetricRange {
    MetricRange { low: round(value), value: round(value), high: round(worst) }
}

/// The service of each placed function.
fn functions(model: &Model, nodes: Nodes, split: &Split) -> BTreeMap<u32, u32> {
    model
        .functions
        .ids()
        .map(|id| nodes.function(id))
        .filter_map(|node| match split.homes[node as usize] {
            Home::Service(service) => Some((node, service.0)),
            _ => None,
        })
        .collect()
}

fn volumes(model: &Model, nodes: Nodes) -> Volumes {
    let ends = |call: &CallEdge| (nodes.function(call.caller), nodes.function(call.callee));
    let mut all: Vec<(u32, u32)> = model.calls.iter().map(ends).collect();
    all.sort_unstable();
    all.chunk_by(|a, b| a == b).map(|alike| (alike[0], alike.len() as f64)).collect()
}

type Users = Vec<BTreeSet<ServiceId>>;

/// Per table, the services that touch it, and those that write it.
fn table_users(model: &Model, nodes: Nodes, split: &Split) -> (Users, Users) {
    let mut touched = vec![BTreeSet::new(); model.tables.len()];
    let mut written = touched.clone();
    for access in &model.accesses {
        if let Some(service) = split.service(nodes.function(access.function)) {
            touched[access.table.0 as usize].insert(service);
            if access.op.is_write() {
                written[access.table.0 as usize].insert(service);
            }
        }
    }
    (touched, written)
}
