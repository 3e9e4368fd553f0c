//! Names of services from the domain vocabulary.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Name, UnorderedMap};
use crate::model::{Model, NodeRef};

use super::criteria::Evidence;
use super::split::Split;
use super::vocabulary::is_trade;
use super::words::{Bag, singular, split as split_words};

/// A name per group and the words that made it, strongest first.
pub(super) type Names = Vec<(String, Vec<String>)>;

/// Names groups of bags: `members` gives each bag's group and how much it counts. `forms` gives for a
/// singular word how it is written (`orders`), and `wished` the names that the user gave.
pub(super) fn name_groups(
    n_groups: usize,
    members: &[(u32, i64, &Bag)],
    forms: &BTreeMap<String, String>,
    wished: &BTreeMap<u32, String>,
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
        .map(|words| {
            // How often here, times how much of it is here: a word that is spread names nobody.
            let mut ranked: Vec<(i64, &str)> = words
                .iter()
                .map(|(&number, &(word, here))| {
                    let share = here as i128 * 1000 / i128::from(total[number].max(1));
                    ((i128::from(here) * share / 1000) as i64, word.as_str())
                })
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

/// Names the services of a split.
pub(super) fn name_services(
    model: &Model,
    evidence: &Evidence,
    split: &Split,
    wished: &BTreeMap<u32, String>,
) -> Names {
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
    let mut names = name_groups(split.n, &members, &forms(model), wished);
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
        let better =
            if names[group].1.is_empty() { crates[group].clone() } else { compound(&names[group].0, said) };
        if let Some(name) = better.filter(|name| names.iter().all(|(other, _)| other != name)) {
            names[group].0 = name;
        }
    }
    names
}

/// The compound that a word is hardly ever said without: `factor` in two-factor, `emoji` in custom_emoji.
fn compound(word: &str, said: &[Vec<String>]) -> Option<String> {
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
    let layer = is_trade(other);
    (*n * 5 >= all * 4 && *n > 1 && !layer).then(|| format!("{}-{}", pair.0, pair.1))
}

/// How each word is written most often where it names something: modules, paths, tables.
fn forms(model: &Model) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    let mut count = |text: &str, weight: u32| {
        for word in split_words(text) {
            if !is_trade(&word) {
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
