//! Names of services from the domain vocabulary.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{Id, IndexVec, Name, UnorderedMap};
use crate::model::{EntryPointId, EntryPointKind, Model, ModuleIdx, NodeRef, TableId};

use super::criteria::Evidence;
use super::split::Split;
use super::vocabulary::is_trade;
use super::words::{Bag, each_word, singular};

/// A name per group and the words that made it, strongest first.
pub(super) type Names = Vec<(String, Vec<String>)>;

/// Names groups of bags: `members` gives each bag's group and how much it counts. `forms` gives for a
/// singular word how it is written (`orders`), `wished` the names that the user gave, and `fitness` how well a
/// word names a group, in thousandths.
pub(super) fn name_groups(
    n_groups: usize,
    members: &[(u32, i64, &Bag)],
    forms: &BTreeMap<Name, Name>,
    wished: &BTreeMap<u32, String>,
    fitness: impl Fn(usize, Name) -> i64,
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
    let ranked: Vec<Vec<(i64, Name)>> = of
        .iter()
        .enumerate()
        .map(|(group, words)| {
            // How often here, times how much of it is here: a word that is spread names nobody.
            let mut ranked: Vec<(i64, Name)> = words
                .iter()
                .map(|(&number, &(word, here))| {
                    let share = here as i128 * 1000 / i128::from(total[number].max(1));
                    let fitness = i128::from(fitness(group, word));
                    ((i128::from(here) * share / 1000 * fitness / 1000) as i64, word)
                })
                .filter(|&(score, _)| score > 0)
                .collect();
            ranked.sort_unstable_by_key(|&(score, word)| (-score, word));
            ranked
        })
        .collect();
    let form = |word: Name| forms.get(&word).copied().unwrap_or(word).as_str().to_owned();
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

/// A word of a name.
#[derive(Clone, Copy)]
struct Word {
    /// As it is written, in lower case.
    form: Name,
    /// In the singular.
    plain: Name,
}

/// A part of a route's path.
struct Part {
    /// It is no parameter.
    is_fixed: bool,
    /// `favicon.ico`.
    is_file: bool,
    words: Vec<Word>,
}

/// What tables, routes and modules are called, whatever the services are.
pub(super) struct Said {
    /// The words of each table's name.
    of_tables: IndexVec<TableId, Vec<Word>>,
    /// The parts of each route's path.
    of_routes: IndexVec<EntryPointId, Vec<Part>>,
    /// Words of the trade that name tables, in the singular: `services`, `builds`.
    tables: BTreeSet<Name>,
    /// Names of tables that are two words.
    pairs: BTreeSet<(Name, Name)>,
    /// Words of nearly all tables, which tell none from another.
    prefixes: BTreeSet<Name>,
    application: BTreeSet<Name>,
    /// Per module, the words of the outermost on its path, which tells the part of the application, and
    /// of the module itself, which tells the thing.
    modules: Vec<BTreeSet<Name>>,
    /// How each word is written.
    forms: BTreeMap<Name, Name>,
}

impl Said {
    /// Reads the model's names.
    pub(super) fn new(model: &Model) -> Self {
        let of_tables = model.tables.iter().map(|table| words(&table.name)).collect::<Vec<_>>();
        let of_routes = model.entry_points.iter().map(|entry| parts(entry.path.as_deref().unwrap_or("")));
        let of_routes = of_routes.collect::<Vec<_>>();
        let is_trade = |word: Name| is_trade(word.as_str()) && word.as_str().len() > 3;
        let (mut tables, mut pairs) = (BTreeSet::new(), BTreeSet::new());
        for words in &of_tables {
            match words[..] {
                [word] if is_trade(word.form) => {
                    tables.insert(word.plain);
                }
                [first, second] => {
                    pairs.insert((first.plain, second.plain));
                }
                _ => {}
            }
        }
        let mut told: BTreeMap<Name, usize> = BTreeMap::new();
        for word in of_tables.iter().flat_map(|words| plain(words)) {
            *told.entry(word).or_default() += 1;
        }
        // What a quarter of the tables is called after is no layer; what nearly all are, a prefix.
        let all = model.tables.len();
        let is_prefix = |n: usize| n > 2 && n * 3 > all * 2;
        let application = plain(&words(&model.name));
        // The application's own name is one sooner.
        let own = |word: &Name, n: usize| n > 2 && n * 3 > all && application.contains(word);
        let prefixes = told.iter().filter(|&(word, &n)| is_prefix(n) || own(word, n));
        let prefixes = prefixes.map(|(word, _)| *word).collect();
        let often = |n: usize| n > 2 && n * 4 >= all && !is_prefix(n);
        let layers = told.into_iter().filter(|&(word, n)| is_trade(word) && often(n));
        tables.extend(layers.map(|(word, _)| word));
        let modules = model.modules.as_slice().par_iter().map(|module| {
            let path = module.path.segments();
            [path.get(1), path.last()].into_iter().flatten().flat_map(|part| plain(&words(part))).collect()
        });
        Self {
            forms: forms(model, &of_tables, &of_routes, &tables),
            of_tables: of_tables.into(),
            of_routes: of_routes.into(),
            pairs,
            prefixes,
            application,
            modules: modules.collect(),
            tables,
        }
    }
}

/// The words of a name.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    each_word(text, |word| {
        words.push(Word { form: Name::new(word), plain: Name::new(&singular(word)) });
    });
    words
}

/// The parts of a path.
fn parts(path: &str) -> Vec<Part> {
    let parts = path.split('/').map(|part| Part {
        is_fixed: !part.starts_with(['{', ':', '<', '*']),
        is_file: part.find('.').is_some_and(|at| at > 0),
        words: words(part),
    });
    parts.collect()
}

/// Words in the singular, each once.
fn plain(words: &[Word]) -> BTreeSet<Name> {
    words.iter().map(|word| word.plain).collect()
}

/// What tables and routes call the things that each service is about.
struct Nouns<'a> {
    said: &'a Said,
    /// Those words where tables and routes say them: service, weight, words.
    bags: Vec<(u32, i64, Bag)>,
    /// Per service and word, how many of its tables have it in their names.
    of_tables: Vec<BTreeMap<Name, usize>>,
    /// Per service and word, how many of its routes begin with it.
    of_routes: Vec<BTreeMap<Name, usize>>,
    /// Per service, all words of its routes.
    in_routes: Vec<BTreeSet<Name>>,
    /// Per service and word, how many of its functions stand in a module of that name, or below one at
    /// the crate's root.
    of_modules: Vec<BTreeMap<Name, usize>>,
    n_tables: Vec<usize>,
    n_routes: Vec<usize>,
    n_functions: Vec<usize>,
    /// Words of names of files: `favicon.ico`.
    files: BTreeSet<Name>,
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
                    let words = plain(&said.of_tables[id]);
                    nouns.n_tables[at] += 1;
                    for &word in &words {
                        *nouns.of_tables[at].entry(word).or_default() += 1;
                    }
                    (12, words)
                }
                NodeRef::EntryPoint(id) => {
                    let fixed = || said.of_routes[id].iter().filter(|part| part.is_fixed);
                    let files = fixed().filter(|part| part.is_file);
                    nouns.files.extend(files.flat_map(|part| plain(&part.words)));
                    let is_noun = |word: &Name| !is_trade(word.as_str()) || said.tables.contains(word);
                    let parts = fixed().filter(|part| !part.is_file);
                    let mut parts: Vec<BTreeSet<Name>> = parts
                        .map(|part| part.words.iter().map(|word| word.plain).filter(is_noun).collect())
                        .collect();
                    // `Query/orders`: the field says more than where it hangs.
                    if model.entry_points[id].kind == EntryPointKind::Graphql {
                        parts.reverse();
                    }
                    nouns.n_routes[at] += 1;
                    for &word in parts.iter().find(|part| !part.is_empty()).into_iter().flatten() {
                        *nouns.of_routes[at].entry(word).or_default() += 1;
                    }
                    let words: BTreeSet<Name> = parts.into_iter().flatten().collect();
                    nouns.in_routes[at].extend(&words);
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
                bag.put(*word, 1000);
            }
            nouns.bags.push((service.0, count, bag));
        }
        within.sort_unstable();
        for same in within.chunk_by(|a, b| a == b) {
            let (at, module) = same[0];
            nouns.n_functions[at] += same.len();
            for &word in said.modules.get(module.idx()).into_iter().flatten() {
                *nouns.of_modules[at].entry(word).or_default() += same.len();
            }
        }
        nouns
    }
    /// How well a word names a service, in thousandths: best what its tables, the beginnings of its routes and
    /// its modules are called.
    fn fitness(&self, group: usize, word: Name) -> i64 {
        let share = |counts: &[BTreeMap<Name, usize>], all: &[usize]| {
            counts[group].get(&word).map_or(0, |&n| 1000 * n as i64 / all[group].max(1) as i64)
        };
        let tables = share(&self.of_tables, &self.n_tables);
        let modules = share(&self.of_modules, &self.n_functions);
        let said = tables > 0 || modules > 250 || self.in_routes[group].contains(&word);
        if !said && self.files.contains(&word) {
            return 0;
        }
        let text = word.as_str();
        let participle = text.len() > 4 && text.ends_with("ed") && !text.ends_with("eed");
        let poor =
            participle || text.len() < 3 || POOR.contains(&text) || self.said.application.contains(&word);
        if !said || poor && tables < 1000 || self.said.prefixes.contains(&word) {
            return 250;
        }
        if self.said.tables.contains(&word) {
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
    let fitness = |group: usize, word: Name| nouns.fitness(group, word);
    let mut names = name_groups(split.n, &members, &said.forms, wished, fitness);
    let mut names_of: Vec<Vec<&[Word]>> = vec![Vec::new(); split.n];
    let mut crates: Vec<Option<String>> = vec![None; split.n];
    for (node, thing) in evidence.nodes.iter() {
        let Some(service) = split.service(node) else { continue };
        let names_of = &mut names_of[service.0 as usize];
        match thing {
            NodeRef::Table(id) => names_of.push(&said.of_tables[id]),
            NodeRef::EntryPoint(id) => {
                names_of.extend(said.of_routes[id].iter().map(|part| &*part.words));
                let path = model.entry_points[id].handler.map(|handler| &model.functions[handler].path);
                let krate = path.and_then(|path| path.segments().first().map(|name| kebab(name)));
                let slot = &mut crates[service.0 as usize];
                *slot = slot.take().or(krate);
            }
            _ => {}
        }
    }
    let unnamed = |&(group, _): &(usize, _)| !wished.contains_key(&(group as u32));
    for (group, said) in names_of.iter().enumerate().filter(unnamed) {
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
fn compound(word: &str, said: &[&[Word]], nouns: &Nouns<'_>) -> Option<String> {
    let plain = Name::new(&singular(word));
    let mut all = 0;
    let mut pairs: BTreeMap<(Name, Name), usize> = BTreeMap::new();
    for words in said {
        let Some(at) = words.iter().position(|other| other.plain == plain) else { continue };
        all += 1;
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        for (first, second) in [(before, words.get(at)), (words.get(at), words.get(at + 1))] {
            if let (Some(first), Some(second)) = (first, second) {
                *pairs.entry((first.plain, second.plain)).or_default() += 1;
            }
        }
    }
    let is_plain = |(first, second): &&(Name, Name)| first.as_str().len() > 1 && second.as_str().len() > 1;
    let (pair, n) = pairs
        .iter()
        .filter(|(pair, _)| is_plain(pair))
        .max_by_key(|&(pair, n)| (*n, std::cmp::Reverse(pair)))?;
    let other = if pair.0 == plain { &pair.1 } else { &pair.0 };
    // A table of that very name says that it is no layer: pull_requests.
    let layer = is_trade(other.as_str()) && !nouns.said.pairs.contains(pair);
    let layer = layer || nouns.said.prefixes.contains(other);
    (*n * 5 >= all * 4 && *n > 1 && !layer).then(|| format!("{}-{}", pair.0, pair.1))
}

/// How each word is written most often where it names something: modules, paths, tables.
fn forms(
    model: &Model,
    of_tables: &[Vec<Word>],
    of_routes: &[Vec<Part>],
    nouns: &BTreeSet<Name>,
) -> BTreeMap<Name, Name> {
    let mut counts: BTreeMap<Name, BTreeMap<Name, u32>> = BTreeMap::new();
    let mut count = |words: &[Word], weight: u32| {
        for word in words {
            if !is_trade(word.form.as_str()) || nouns.contains(&word.plain) {
                *counts.entry(word.plain).or_default().entry(word.form).or_default() += weight;
            }
        }
    };
    for module in model.modules.iter().filter(|module| !module.test) {
        count(&words(module.path.name()), 3);
    }
    of_tables.iter().for_each(|words| count(words, 1));
    for part in of_routes.iter().flatten().filter(|part| part.is_fixed) {
        count(&part.words, 1);
    }
    let best = |forms: BTreeMap<Name, u32>| {
        let forms = forms.into_iter();
        forms.max_by_key(|&(form, n)| (n, form.as_str().len(), std::cmp::Reverse(form))).map(|(form, _)| form)
    };
    counts.into_iter().filter_map(|(word, forms)| Some((word, best(forms)?))).collect()
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
