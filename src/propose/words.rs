//! Domain vocabulary: names split into words, words weighed, nodes likened by their words.

use std::collections::BTreeMap;

use crate::base::UnorderedMap;

/// Splits a name or path into lower-case words: `HTTPServer::list_items2` → http, server, list, items.
/// Digits end a word and are left out.
pub(super) fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_alphabetic() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let starts = c.is_uppercase()
            && at > 0
            && (chars[at - 1].is_lowercase() || chars.get(at + 1).is_some_and(|next| next.is_lowercase()));
        if starts && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// A word without its plural ending: `orders` → order, `categories` → category, `boxes` → box.
pub(super) fn singular(word: &str) -> String {
    let n = word.len();
    if n > 4 && word.ends_with("ies") {
        return format!("{}y", &word[..n - 3]);
    }
    if n > 4 && ["sses", "xes", "ches", "shes", "zes"].iter().any(|end| word.ends_with(end)) {
        return word[..n - 2].into();
    }
    if n > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        return word[..n - 1].into();
    }
    word.into()
}

/// The words of one node: word → weight of where it stands in thousandths (a name's words 1000,
/// words of what is inside less).
pub(super) type Bag = BTreeMap<String, i64>;

/// How words become ties.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// Words on more than this share of the nodes say nothing; in thousandths.
    pub common: usize,
    /// How many most alike nodes each node is tied to.
    pub neighbours: usize,
    /// Likeness below which there is no tie; in thousandths.
    pub least: i64,
    /// Tie of two like nodes whatever else ties them; in thousandths of the mean strength.
    pub always: i64,
    /// Tie of a node that nothing else ties; in thousandths of the mean strength.
    pub lonely: i64,
    /// A node of this share of the mean strength is not lonely; in thousandths.
    pub enough: i64,
}

/// No word on more than this many nodes is followed, to keep the cost linear.
const MOST_HOLDERS: usize = 256;

/// What each word is worth: its rarity, times how much the nodes that hold it are tied by other
/// evidence beyond what their strengths let expect. Words of the trade (`controller`, `get`) are
/// spread over everything and weigh little; words of the domain weigh much.
pub(super) fn values(
    bags: &[Bag],
    edges: &[(u32, u32, i64)],
    strengths: &[i64],
    rules: &Rules,
) -> UnorderedMap<String, (f64, Vec<u32>)> {
    let n = bags.len();
    let mut holders: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (node, bag) in bags.iter().enumerate() {
        for word in bag.keys() {
            holders.entry(word).or_default().push(node as u32);
        }
    }
    let total: i64 = strengths.iter().sum();
    let mean = total as f64 / n.max(1) as f64;
    // Weight of the ties within the holders of each word.
    let mut within: UnorderedMap<&str, i64> = UnorderedMap::new();
    for &(a, b, weight) in edges {
        let (small, large) = (&bags[a as usize], &bags[b as usize]);
        let (small, large) = if small.len() <= large.len() { (small, large) } else { (large, small) };
        for word in small.keys() {
            if large.contains_key(word) {
                *within.get_or_insert_with(word, || 0) += weight;
            }
        }
    }
    let most = (n * rules.common / 1000).clamp(2, MOST_HOLDERS);
    let mut values = UnorderedMap::new();
    for (word, nodes) in holders {
        if nodes.len() < 2 || nodes.len() > most {
            continue;
        }
        let volume: i64 = nodes.iter().map(|&node| strengths[node as usize]).sum();
        let expected = if total > 0 { (volume as f64).powi(2) / (2.0 * total as f64) } else { 0.0 };
        let found = within.get(word).copied().unwrap_or(0) as f64;
        let lift = if mean > 0.0 { (found + mean) / (expected + mean) } else { 1.0 };
        let rarity = (n as f64 / nodes.len() as f64).ln().max(0.0);
        values.insert(word.to_owned(), (rarity * lift.min(4.0), nodes));
    }
    values
}

/// Ties between nodes of like vocabulary: `(a, b, weight)` with `a < b`, sorted. Structure comes
/// first: the less other evidence a node has, the more its words count.
pub(super) fn ties(
    bags: &[Bag],
    edges: &[(u32, u32, i64)],
    strengths: &[i64],
    rules: &Rules,
) -> Vec<(u32, u32, i64)> {
    let n = bags.len();
    let values = values(bags, edges, strengths, rules);
    let mean = (strengths.iter().sum::<i64>() / n.max(1) as i64).max(1000);
    let vectors: Vec<Vec<(&str, f64)>> = bags
        .iter()
        .map(|bag| {
            let mut row: Vec<(&str, f64)> = bag
                .iter()
                .filter_map(|(word, place)| {
                    values
                        .get(word.as_str())
                        .map(|(value, _)| (word.as_str(), value * *place as f64 / 1000.0))
                })
                .collect();
            let length = row.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
            if length > 0.0 {
                row.iter_mut().for_each(|(_, value)| *value /= length);
            }
            row
        })
        .collect();
    let weights: Vec<UnorderedMap<&str, f64>> =
        vectors.iter().map(|row| row.iter().copied().collect()).collect();
    let mut likeness = vec![0.0_f64; n];
    let mut ties: BTreeMap<(u32, u32), i64> = BTreeMap::new();
    for (node, row) in vectors.iter().enumerate() {
        let mut seen: Vec<u32> = Vec::new();
        for (word, value) in row {
            let Some((_, holders)) = values.get(*word) else { continue };
            for &other in holders {
                if other as usize == node {
                    continue;
                }
                if likeness[other as usize] == 0.0 {
                    seen.push(other);
                }
                likeness[other as usize] += value * weights[other as usize].get(word).copied().unwrap_or(0.0);
            }
        }
        let mut best: Vec<(i64, u32)> = seen
            .iter()
            .map(|&other| ((likeness[other as usize] * 1000.0) as i64, other))
            .filter(|&(like, _)| like > rules.least)
            .collect();
        for other in seen {
            likeness[other as usize] = 0.0;
        }
        best.sort_unstable_by_key(|&(like, other)| (-like, other));
        let need = (1000 - strengths[node] * 1_000_000 / (mean * rules.enough)).clamp(0, 1000);
        let factor = rules.always + rules.lonely * need / 1000;
        for &(like, other) in best.iter().take(rules.neighbours) {
            let pair = (other.min(node as u32), other.max(node as u32));
            *ties.entry(pair).or_default() += like * factor / 1000 * mean / 2000;
        }
    }
    ties.into_iter().filter(|&(_, weight)| weight > 0).map(|((a, b), weight)| (a, b, weight)).collect()
}
