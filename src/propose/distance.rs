//! How far a plan is from an expert's split, as `expected-services.toml` states it.
//!
//! ```toml
//! shell = ["GET /health"]                      # belongs to no service
//! [[service]]
//! name = "orders"
//! entry-points = ["POST /orders", "cron overdue"]
//! tables = ["orders"]
//! [[alternative]]                              # also right: these services in one
//! merge = ["orders", "payments"]
//! [[either]]                                   # also right: this thing in one of these
//! item = "table reservations"                  # or "entry POST /orders"
//! services = ["inventory", "orders"]           # `shell` too
//! [extract-first]
//! service = "recommendations"
//! acceptable = ["reporting"]
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Home, Homes, Model, Plan};

/// An expert's split.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Expected {
    /// Entry points that belong to the process.
    #[serde(default)]
    pub shell: Vec<String>,
    /// The services.
    #[serde(default, rename = "service")]
    pub services: Vec<ExpectedService>,
    /// Other splits that are also right.
    #[serde(default, rename = "alternative")]
    pub alternatives: Vec<Merge>,
    /// Things that are also right elsewhere.
    #[serde(default, rename = "either")]
    pub either: Vec<Either>,
    /// What to extract first.
    pub extract_first: Option<ExtractFirst>,
}

/// A service of an [`Expected`] split.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExpectedService {
    /// Its name; only the grouping is compared.
    pub name: String,
    /// Titles of its entry points.
    #[serde(default)]
    pub entry_points: Vec<String>,
    /// Its tables.
    #[serde(default)]
    pub tables: Vec<String>,
}

/// Services that may be one.
#[derive(Clone, Debug, Deserialize)]
pub struct Merge {
    /// Their names.
    pub merge: Vec<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A thing that may be in one of several services.
#[derive(Clone, Debug, Deserialize)]
pub struct Either {
    /// `table orders` or `entry GET /orders`.
    pub item: String,
    /// The services, or `shell`.
    pub services: Vec<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// The first step.
#[derive(Clone, Debug, Deserialize)]
pub struct ExtractFirst {
    /// The best.
    pub service: String,
    /// Others that are also right.
    #[serde(default)]
    pub acceptable: Vec<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// How near a plan is to an expert's split.
#[derive(Clone, Debug, PartialEq)]
pub struct Distance {
    /// Which version of the split is nearest: `as stated`, or `orders + payments`.
    pub nearest: String,
    /// F1 over pairs of things that share a service; 1 is best.
    pub f1: f64,
    /// Adjusted Rand index; 1 is best.
    pub ari: f64,
    /// Things that the plan does not have: `entry GET /x`, `table y`; sorted.
    pub missing: Vec<String>,
    /// Things that stand in another service than expected, with where they are and belong; sorted.
    pub misplaced: Vec<String>,
}

impl Distance {
    /// Whether the plan is the expert's split, or one of the others that are also right.
    pub fn is_exact(&self) -> bool {
        self.missing.is_empty() && self.misplaced.is_empty()
    }
}

impl Expected {
    /// Reads the text of an `expected-services.toml`.
    ///
    /// # Errors
    /// Where it is no such file; the message of the parser.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }
    /// Whether the first step of `plan` takes a service that the expert would take first.
    pub fn agrees_on_first_step(&self, model: &Model, plan: &Plan) -> bool {
        let (Some(first), Some(step)) = (&self.extract_first, plan.steps.first()) else { return false };
        let wanted: BTreeSet<&str> =
            std::iter::once(&first.service).chain(&first.acceptable).map(String::as_str).collect();
        let titles: BTreeSet<String> =
            step.entry_points.iter().map(|&entry| model.entry_points[entry].title()).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for service in &self.services {
            let n = service.entry_points.iter().filter(|title| titles.contains(*title)).count();
            counts.insert(&service.name, n);
        }
        let most = counts.values().copied().max().unwrap_or(0);
        most > 0 && counts.iter().any(|(name, &n)| n == most && wanted.contains(name))
    }
    /// The distance of `plan` to the nearest version of the split: as stated, with any set of the
    /// alternatives' services merged.
    pub fn distance(&self, model: &Model, plan: &Plan) -> Distance {
        let found = found(model, plan);
        let mut best: Option<Distance> = None;
        for mask in 0..1_u32 << self.alternatives.len().min(8) {
            let merges: Vec<&Merge> = self
                .alternatives
                .iter()
                .enumerate()
                .filter(|(at, _)| mask & (1 << at) != 0)
                .map(|(_, m)| m)
                .collect();
            let distance = self.against(&merges, &found);
            let key = |d: &Distance| (d.missing.len() + d.misplaced.len(), -(d.f1 * 1e6) as i64);
            if best.as_ref().is_none_or(|best| key(&distance) < key(best)) {
                best = Some(distance);
            }
        }
        best.expect("there is always the split as stated")
    }

    /// The distance to the split with some services merged.
    fn against(&self, merges: &[&Merge], found: &BTreeMap<String, String>) -> Distance {
        let mut renamed: BTreeMap<&str, &str> =
            self.services.iter().map(|s| (s.name.as_str(), s.name.as_str())).collect();
        for merge in merges {
            let names: BTreeSet<&str> =
                merge.merge.iter().filter_map(|name| renamed.get(name.as_str()).copied()).collect();
            if let Some(&first) = names.first() {
                for slot in renamed.values_mut().filter(|slot| names.contains(*slot)) {
                    *slot = first;
                }
            }
        }
        let merged = |name: &str| renamed.get(name).copied().unwrap_or(SHELL).to_owned();
        let mut expected: BTreeMap<String, String> = BTreeMap::new();
        for service in &self.services {
            for entry in &service.entry_points {
                expected.insert(format!("entry {entry}"), merged(&service.name));
            }
            for table in &service.tables {
                expected.insert(format!("table {table}"), merged(&service.name));
            }
        }
        expected.extend(self.shell.iter().map(|entry| (format!("entry {entry}"), SHELL.to_owned())));
        // What may stand elsewhere is compared with where it stands, once the groups are matched.
        let free: BTreeMap<&str, Vec<String>> = self
            .either
            .iter()
            .map(|either| (either.item.as_str(), either.services.iter().map(|name| merged(name)).collect()))
            .collect();
        let firm: BTreeMap<&String, &String> =
            expected.iter().filter(|(item, _)| !free.contains_key(item.as_str())).collect();
        let twins = twins(&firm, found);
        for (item, services) in &free {
            let twin = found.get(*item).and_then(|service| twins.get(service));
            if let Some(twin) = twin.filter(|twin| services.contains(twin)) {
                expected.insert((*item).to_owned(), twin.clone());
            }
        }
        let missing: Vec<String> =
            expected.keys().filter(|item| !found.contains_key(*item)).cloned().collect();
        let misplaced = expected
            .iter()
            .filter_map(|(item, service)| {
                let place = found.get(item)?;
                let fits = twins.get(place) == Some(service);
                (!fits).then(|| format!("{item} is in {place}, belongs to {service}"))
            })
            .collect();
        let (f1, ari) = agreement(&expected, found);
        let names: Vec<String> = merges.iter().map(|merge| merge.merge.join(" + ")).collect();
        let nearest = if names.is_empty() { "as stated".to_owned() } else { names.join(", ") };
        Distance { nearest, f1, ari, missing, misplaced }
    }
}

const SHELL: &str = "shell";

/// Item → service of a plan; shell and kernel are one.
fn found(model: &Model, plan: &Plan) -> BTreeMap<String, String> {
    let homes = Homes::new(model, plan);
    let name = |home: Home| match home {
        Home::Service(service) => plan.services[service].name.clone(),
        _ => SHELL.to_owned(),
    };
    let entries = model
        .entry_points
        .iter_enumerated()
        .map(|(id, entry)| (format!("entry {}", entry.title()), name(homes.entry_points[id])));
    let tables = model
        .tables
        .iter_enumerated()
        .map(|(id, table)| (format!("table {}", table.name), name(homes.tables[id])));
    entries.chain(tables).collect()
}

/// The expected service that each found one means: pairs with most things in common first, each once.
fn twins(
    expected: &BTreeMap<&String, &String>,
    found: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut common: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (item, service) in expected {
        if let Some(place) = found.get(*item) {
            *common.entry((place, service)).or_default() += 1;
        }
    }
    let mut pairs: Vec<_> = common.into_iter().collect();
    pairs.sort_by_key(|&(pair, n)| (pair != (SHELL, SHELL), std::cmp::Reverse(n), pair));
    let mut twins: BTreeMap<String, String> = BTreeMap::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for ((place, service), _) in pairs {
        if !twins.contains_key(place) && taken.insert(service) {
            twins.insert(place.to_owned(), service.to_owned());
        }
    }
    twins
}

/// Pairwise F1 and adjusted Rand index; a thing that was not found is alone, and so is what belongs to
/// the shell on either side.
fn agreement(expected: &BTreeMap<String, String>, found: &BTreeMap<String, String>) -> (f64, f64) {
    let firm: Vec<(&String, &String)> = expected.iter().filter(|(_, service)| *service != SHELL).collect();
    let place = |item: &String| found.get(item).filter(|place| *place != SHELL).unwrap_or(item).clone();
    let choose = |n: f64| n * (n - 1.0) / 2.0;
    let mut cells: BTreeMap<(String, String), f64> = BTreeMap::new();
    let mut rows: BTreeMap<String, f64> = BTreeMap::new();
    let mut columns: BTreeMap<String, f64> = BTreeMap::new();
    for &(item, service) in &firm {
        *cells.entry((service.clone(), place(item))).or_default() += 1.0;
        *rows.entry(service.clone()).or_default() += 1.0;
        *columns.entry(place(item)).or_default() += 1.0;
    }
    let sum = |values: &mut dyn Iterator<Item = &f64>| values.map(|&n| choose(n)).sum::<f64>();
    let both = sum(&mut cells.values());
    let (wanted, given) = (sum(&mut rows.values()), sum(&mut columns.values()));
    let f1 = if wanted + given > 0.0 { 2.0 * both / (wanted + given) } else { 1.0 };
    let chance = wanted * given / choose(firm.len() as f64).max(1.0);
    let top = (wanted + given) / 2.0;
    let ari = if (top - chance).abs() < 1e-9 { 1.0 } else { (both - chance) / (top - chance) };
    (f1, ari)
}
