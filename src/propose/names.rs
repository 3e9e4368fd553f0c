//! Names of services from the domain vocabulary.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{Id, Name, UnorderedMap};
use crate::model::{EntryPointKind, Model, ModuleIdx, NodeRef};

use super::criteria::Evidence;
use super::split::Split;
use super::vocabulary::is_trade;
use super::words::{Bag, singular, split as split_words};

/// A name per group and the words that made it, strongest first.
pub(super) type Names = Vec<(String, Vec<String>)>;

/// Names groups of bags: `members` gives each bag's group and how much it counts. `forms` gives for a
/// singular word how it is written (`orders`), `wished` the names that the user gave, and `fitness` how well a
/// word names a group, in thousandths.
pub(super) fn name_groups(
    n_groups: usize,
    members: &[(u32, i64, &Bag)],
    forms: &BTreeMap<String, String>,
    wished: &BTreeMap<u32, String>,
    fitness: impl Fn(usize, &str) -> i64,
) -> Names {
    // Per word its number, how often it is said, and per group how often there.
    let mut numbers: UnorderedMap<Name, usize> = UnorderedMap::new();
    let mut total: Vec<i64> = Vec::new();
    let mut of: Vec<BTreeMap<usize, (Name, i64)>> = vec![BTreeMap::new(); n_groups];
    for &(group, count, bag) in members {
        for (word, weight) in bag.iter() {
            let number = *numbers.get_or_insert_with(word, || total.len());
            if number == total.len() {
                total.push(0);
            }
            total[number] += weight * count;
            of[group as usize].entry(number).or_insert((word, 0)).1 += weight * count;
        }
    }
    let ranked: Vec<Vec<(i64, &str)>> = of
        .iter()
        .enumerate()
        .map(|(group, words)| {
            // How often here, times how much of it is here: a word that is spread names nobody.
            let mut ranked: Vec<(i64, &str)> = words
                .iter()
                .map(|(&number, &(word, here))| {
                    let share = here as i128 * 1000 / i128::from(total[number].max(1));
                    let fitness = i128::from(fitness(group, word.as_str()));
                    ((i128::from(here) * share / 1000 * fitness / 1000) as i64, word.as_str())
                })
                .filter(|&(score, _)| score > 0)
                .collect();
            ranked.sort_unstable_by_key(|&(score, word)| (-score, word));
            ranked
        })
        .collect();
    let form = |word: &str| forms.get(word).cloned().unwrap_or_else(|| word.to_owned());
    let mut taken: BTreeSet<String> = ["kernel", "shell"].map(str::to_owned).into();
    let mut names: Vec<Option<String>> = (0..n_groups as u32).map(|g| wished.get(&g).cloned()).collect();
    taken.extend(names.iter().flatten().cloned());
    // The group whose best word is strongest chooses first.
    let mut order: Vec<usize> = (0..n_groups).collect();
    order.sort_by_key(|&group| (-ranked[group].first().map_or(0, |&(score, _)| score), group));
    for group in order {
        if names[group].is_some() {
            continue;
        }
        let words: Vec<String> = ranked[group].iter().take(6).map(|&(_, word)| form(word)).collect();
        let single = words.first().cloned();
        let pair = || {
            let (first, second) = (ranked[group].first()?, ranked[group].get(1)?);
            Some(format!("{}-{}", first.1, form(second.1)))
        };
        let name = [single, pair(), words.get(1).cloned(), words.get(2).cloned()]
            .into_iter()
            .flatten()
            .find(|name| !taken.contains(name))
            .unwrap_or_else(|| {
                (1..)
                    .map(|at| if at == 1 { "core".into() } else { format!("core-{at}") })
                    .find(|name| !taken.contains(name))
                    .expect("numbers do not end")
            });
        taken.insert(name.clone());
        names[group] = Some(name);
    }
    names
        .into_iter()
        .zip(&ranked)
        .map(|(name, ranked)| {
            let words = ranked.iter().take(5).map(|&(_, word)| form(word)).collect();
            (name.expect("every group was named"), words)
        })
        .collect()
}

/// Technical words, and words that are no nouns: they name a service only where nothing else does.
const POOR: &[&str] = &[
    "crud",
    "engine",
    "execute",
    "extract",
    "feature",
    "generic",
    "gui",
    "logger",
    "middleware",
    "misc",
    "object",
    "off",
    "out",
    "panel",
    "sql",
    "static",
    "storage",
    "system",
    "tcp",
    "tui",
    "udp",
    "ui",
    "up",
    "xml",
];

/// What tables, routes and modules are called, whatever the services are.
pub(super) struct Said {
    /// Words of the trade that name tables, in the singular: `services`, `builds`.
    tables: BTreeSet<String>,
    /// Names of tables that are two words.
    pairs: BTreeSet<(String, String)>,
    /// Words of nearly all tables, which tell none from another.
    prefixes: BTreeSet<String>,
    application: BTreeSet<String>,
    /// Per module, the words of the outermost on its path, which tells the part of the application, and
    /// of the module itself, which tells the thing.
    modules: Vec<BTreeSet<String>>,
    /// How each word is written.
    forms: BTreeMap<String, String>,
}

impl Said {
    /// Reads the model's names.
    pub(super) fn new(model: &Model) -> Self {
        let (mut tables, mut pairs) = (BTreeSet::new(), BTreeSet::new());
        for table in &model.tables {
            match split_words(&table.name).as_slice() {
                [word] if is_trade(word) && word.len() > 3 => {
                    tables.insert(singular(word).into_owned());
                }
                [first, second] => {
                    pairs.insert((singular(first).into_owned(), singular(second).into_owned()));
                }
                _ => {}
            }
        }
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for word in model.tables.iter().flat_map(|table| words(&table.name)) {
            *told.entry(word).or_default() += 1;
        }
        // What a quarter of the tables is called after is no layer; what nearly all are, a prefix.
        let all = model.tables.len();
        let is_prefix = |n: usize| n > 2 && n * 3 > all * 2;
        let application = words(&model.name);
        // The application's own name is one sooner.
        let own = |word: &String, n: usize| n > 2 && n * 3 > all && application.contains(word);
        let prefixes = told.iter().filter(|&(word, &n)| is_prefix(n) || own(word, n));
        let prefixes = prefixes.map(|(word, _)| word.clone()).collect();
        let often = |n: usize| n > 2 && n * 4 >= all && !is_prefix(n);
        let layers = told.into_iter().filter(|(word, n)| is_trade(word) && word.len() > 3 && often(*n));
        tables.extend(layers.map(|(word, _)| word));
        let modules = model.modules.as_slice().par_iter().map(|module| {
            let path = module.path.segments();
            [path.get(1), path.last()].into_iter().flatten().flat_map(|part| words(part)).collect()
        });
        Self {
            pairs,
            prefixes,
            application,
            modules: modules.collect(),
            forms: forms(model, &tables),
            tables,
        }
    }
}

/// The words of a name, in the singular.
fn words(text: &str) -> BTreeSet<String> {
    split_words(text).iter().map(|word| singular(word).into_owned()).collect()
}

/// What tables and routes call the things that each service is about.
struct Nouns<'a> {
    said: &'a Said,
    /// Those words where tables and routes say them: service, weight, words.
    bags: Vec<(u32, i64, Bag)>,
    /// Per service and word, how many of its tables have it in their names.
    of_tables: Vec<BTreeMap<String, usize>>,
    /// Per service and word, how many of its routes begin with it.
    of_routes: Vec<BTreeMap<String, usize>>,
    /// Per service, all words of its routes.
    in_routes: Vec<BTreeSet<String>>,
    /// Per service and word, how many of its functions stand in a module of that name, or below one at
    /// the crate's root.
    of_modules: Vec<BTreeMap<String, usize>>,
    n_tables: Vec<usize>,
    n_routes: Vec<usize>,
    n_functions: Vec<usize>,
    /// Words of names of files: `favicon.ico`.
    files: BTreeSet<String>,
}

impl<'a> Nouns<'a> {
    fn new(said: &'a Said, model: &Model, evidence: &Evidence, split: &Split) -> Self {
        let n = split.n;
        let mut nouns = Self {
            said,
            bags: Vec::new(),
            of_tables: vec![BTreeMap::new(); n],
            of_routes: vec![BTreeMap::new(); n],
            in_routes: vec![BTreeSet::new(); n],
            of_modules: vec![BTreeMap::new(); n],
            n_tables: vec![0; n],
            n_routes: vec![0; n],
            n_functions: vec![0; n],
            files: BTreeSet::new(),
        };
        // Services and modules of functions.
        let mut within: Vec<(usize, ModuleIdx)> = Vec::new();
        for (node, thing) in evidence.nodes.iter() {
            let Some(service) = split.service(node) else { continue };
            let at = service.0 as usize;
            let (count, words) = match thing {
                NodeRef::Table(id) => {
                    let words = words(&model.tables[id].name);
                    nouns.n_tables[at] += 1;
                    for word in &words {
                        *nouns.of_tables[at].entry(word.clone()).or_default() += 1;
                    }
                    (12, words)
                }
                NodeRef::EntryPoint(id) => {
                    let entry = &model.entry_points[id];
                    let path = entry.path.as_deref().unwrap_or("");
                    let is_file = |part: &&str| part.find('.').is_some_and(|at| at > 0);
                    let fixed = || path.split('/').filter(|part| !part.starts_with(['{', ':', '<', '*']));
                    nouns.files.extend(fixed().filter(is_file).flat_map(words));
                    let is_noun = |word: &String| !is_trade(word) || said.tables.contains(word);
                    let parts = fixed().filter(|part| !is_file(part));
                    let mut parts: Vec<BTreeSet<String>> =
                        parts.map(|part| words(part).into_iter().filter(is_noun).collect()).collect();
                    // `Query/orders`: the field says more than where it hangs.
                    if entry.kind == EntryPointKind::Graphql {
                        parts.reverse();
                    }
                    nouns.n_routes[at] += 1;
                    for word in parts.iter().find(|part| !part.is_empty()).into_iter().flatten() {
                        *nouns.of_routes[at].entry(word.clone()).or_default() += 1;
                    }
                    let words: BTreeSet<String> = parts.into_iter().flatten().collect();
                    nouns.in_routes[at].extend(words.iter().cloned());
                    (8, words)
                }
                NodeRef::Function(id) => {
                    within.push((at, model.functions[id].module));
                    continue;
                }
                _ => continue,
            };
            let mut bag = Bag::default();
            for word in words.iter().filter(|word| said.tables.contains(*word)) {
                bag.put(Name::new(word), 1000);
            }
            nouns.bags.push((service.0, count, bag));
        }
        within.sort_unstable();
        for same in within.chunk_by(|a, b| a == b) {
            let (at, module) = same[0];
            nouns.n_functions[at] += same.len();
            for word in said.modules.get(module.idx()).into_iter().flatten() {
                *nouns.of_modules[at].entry(word.clone()).or_default() += same.len();
            }
        }
        nouns
    }
    /// How well a word names a service, in thousandths: best what its tables, the beginnings of its routes and
    /// its modules are called.
    fn fitness(&self, group: usize, word: &str) -> i64 {
        let share = |counts: &[BTreeMap<String, usize>], all: &[usize]| {
            counts[group].get(word).map_or(0, |&n| 1000 * n as i64 / all[group].max(1) as i64)
        };
        let tables = share(&self.of_tables, &self.n_tables);
        let modules = share(&self.of_modules, &self.n_functions);
        let said = tables > 0 || modules > 250 || self.in_routes[group].contains(word);
        if !said && self.files.contains(word) {
            return 0;
        }
        let participle = word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed");
        let poor =
            participle || word.len() < 3 || POOR.contains(&word) || self.said.application.contains(word);
        if !said || poor && tables < 1000 || self.said.prefixes.contains(word) {
            return 250;
        }
        if self.said.tables.contains(word) {
            return 1000;
        }
        1000 + 2 * tables + 2 * share(&self.of_routes, &self.n_routes) + modules
    }
}

/// Names the services of a split.
pub(super) fn name_services(
    said: &Said,
    model: &Model,
    evidence: &Evidence,
    split: &Split,
    wished: &BTreeMap<u32, String>,
) -> Names {
    let nouns = Nouns::new(said, model, evidence, split);
    let mut members: Vec<(u32, i64, &Bag)> = Vec::new();
    for (node, thing) in evidence.nodes.iter() {
        let Some(service) = split.service(node) else { continue };
        let count = match thing {
            NodeRef::Table(_) => 12,
            NodeRef::EntryPoint(_) => 8,
            NodeRef::Function(_) | NodeRef::Type(_) => 2,
            NodeRef::State(_) => 1,
        };
        members.push((service.0, count, &evidence.bags[node as usize]));
    }
    members.extend(nouns.bags.iter().map(|(service, count, bag)| (*service, *count, bag)));
    let fitness = |group: usize, word: &str| nouns.fitness(group, word);
    let mut names = name_groups(split.n, &members, &said.forms, wished, fitness);
    let mut said: Vec<Vec<Vec<String>>> = vec![Vec::new(); split.n];
    let mut crates: Vec<Option<String>> = vec![None; split.n];
    for (node, thing) in evidence.nodes.iter() {
        let Some(service) = split.service(node) else { continue };
        let said = &mut said[service.0 as usize];
        match thing {
            NodeRef::Table(id) => said.push(split_words(&model.tables[id].name)),
            NodeRef::EntryPoint(id) => {
                let entry = &model.entry_points[id];
                said.extend(entry.path.as_deref().unwrap_or("").split('/').map(split_words));
                let path = entry.handler.map(|handler| &model.functions[handler].path);
                let krate = path.and_then(|path| path.segments().first().map(|name| kebab(name)));
                let slot = &mut crates[service.0 as usize];
                *slot = slot.take().or(krate);
            }
            _ => {}
        }
    }
    for (group, said) in said.iter().enumerate().filter(|(group, _)| !wished.contains_key(&(*group as u32))) {
        let better = if names[group].1.is_empty() {
            crates[group].clone()
        } else {
            compound(&names[group].0, said, &nouns)
        };
        if let Some(name) = better.filter(|name| names.iter().all(|(other, _)| other != name)) {
            names[group].0 = name;
        }
    }
    names
}

/// The compound that a word is hardly ever said without: `factor` in two-factor, `emoji` in custom_emoji.
fn compound(word: &str, said: &[Vec<String>], nouns: &Nouns<'_>) -> Option<String> {
    let plain = singular(word);
    let mut all = 0;
    let mut pairs: BTreeMap<(String, String), usize> = BTreeMap::new();
    for words in said {
        let Some(at) = words.iter().position(|other| singular(other) == plain) else { continue };
        all += 1;
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        for (first, second) in [(before, words.get(at)), (words.get(at), words.get(at + 1))] {
            if let (Some(first), Some(second)) = (first, second) {
                *pairs.entry((singular(first).into_owned(), singular(second).into_owned())).or_default() += 1;
            }
        }
    }
    let is_plain = |(first, second): &&(String, String)| first.len() > 1 && second.len() > 1;
    let (pair, n) = pairs
        .iter()
        .filter(|(pair, _)| is_plain(pair))
        .max_by_key(|&(pair, n)| (*n, std::cmp::Reverse(pair)))?;
    let other = if pair.0 == plain { &pair.1 } else { &pair.0 };
    // A table of that very name says that it is no layer: pull_requests.
    let layer = is_trade(other) && !nouns.said.pairs.contains(pair);
    let layer = layer || nouns.said.prefixes.contains(other);
    (*n * 5 >= all * 4 && *n > 1 && !layer).then(|| format!("{}-{}", pair.0, pair.1))
}

/// How each word is written most often where it names something: modules, paths, tables.
fn forms(model: &Model, nouns: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    let mut count = |text: &str, weight: u32| {
        for word in split_words(text) {
            if !is_trade(&word) || nouns.contains(&*singular(&word)) {
                *counts.entry(singular(&word).into_owned()).or_default().entry(word).or_default() += weight;
            }
        }
    };
    for module in model.modules.iter().filter(|module| !module.test) {
        count(module.path.name(), 3);
    }
    for table in &model.tables {
        count(&table.name, 1);
    }
    for entry in &model.entry_points {
        for part in
            entry.path.as_deref().unwrap_or("").split('/').filter(|part| !part.starts_with(['{', ':', '<']))
        {
            count(part, 1);
        }
    }
    counts
        .into_iter()
        .map(|(word, forms)| {
            let best =
                forms.into_iter().max_by_key(|(form, n)| (*n, form.len(), std::cmp::Reverse(form.clone())));
            (word, best.map(|(form, _)| form).unwrap_or_default())
        })
        .collect()
}

/// Kebab case of any name: `nightly_report` → nightly-report.
pub(super) fn kebab(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() {
            name.extend(c.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_end_matches('-').to_owned()
}
