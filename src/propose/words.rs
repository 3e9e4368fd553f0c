//! Domain vocabulary: names split into words, words weighed, nodes likened by their words.

use std::collections::BTreeMap;

use rayon::prelude::*;

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

/// The words of all nodes in numbers.
struct Vocabulary<'a> {
    /// Per node its words, in the order of the alphabet, with the weight of where they stand.
    rows: Vec<Vec<(u32, i64)>>,
    /// Per word, the nodes that hold it.
    holders: Vec<Vec<u32>>,
    /// What the numbers are for, in the order met.
    words: Vec<&'a str>,
}

impl<'a> Vocabulary<'a> {
    fn new(bags: &'a [Bag]) -> Self {
        let mut numbers: UnorderedMap<&str, u32> = UnorderedMap::new();
        let (mut words, mut holders): (Vec<&str>, Vec<Vec<u32>>) = (Vec::new(), Vec::new());
        let mut rows = Vec::with_capacity(bags.len());
        for (node, bag) in bags.iter().enumerate() {
            let mut row = Vec::with_capacity(bag.len());
            for (word, &weight) in bag {
                let number = *numbers.get_or_insert_with(word, || words.len() as u32);
                if number as usize == words.len() {
                    words.push(word.as_str());
                    holders.push(Vec::new());
                }
                holders[number as usize].push(node as u32);
                row.push((number, weight));
            }
            rows.push(row);
        }
        Self { rows, holders, words }
    }
    /// What each word is worth; `None` where it says nothing: its rarity, times how much the nodes that
    /// hold it are tied by other evidence beyond what their strengths let expect. Words of the trade
    /// (`controller`, `get`) are spread over everything and weigh little; words of the domain weigh much.
    fn values(&self, edges: &[(u32, u32, i64)], strengths: &[i64], rules: &Rules) -> Vec<Option<f64>> {
        let n = self.rows.len();
        let total: i64 = strengths.iter().sum();
        let mean = total as f64 / n.max(1) as f64;
        // Weight of the ties within the holders of each word.
        let mut within = vec![0_i64; self.words.len()];
        for &(a, b, weight) in edges {
            let (small, large) = (&self.rows[a as usize], &self.rows[b as usize]);
            for (word, _) in small {
                if large.iter().any(|(other, _)| other == word) {
                    within[*word as usize] += weight;
                }
            }
        }
        let most = (n * rules.common / 1000).clamp(2, MOST_HOLDERS);
        let value = |(nodes, within): (&Vec<u32>, i64)| {
            if nodes.len() < 2 || nodes.len() > most {
                return None;
            }
            let volume: i64 = nodes.iter().map(|&node| strengths[node as usize]).sum();
            let expected = if total > 0 { (volume as f64).powi(2) / (2.0 * total as f64) } else { 0.0 };
            let lift = if mean > 0.0 { (within as f64 + mean) / (expected + mean) } else { 1.0 };
            let rarity = (n as f64 / nodes.len() as f64).ln().max(0.0);
            Some(rarity * lift.min(4.0))
        };
        self.holders.iter().zip(within).map(value).collect()
    }
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
    let vocabulary = Vocabulary::new(bags);
    let values = vocabulary.values(edges, strengths, rules);
    let mean = (strengths.iter().sum::<i64>() / n.max(1) as i64).max(1000);
    let vectors: Vec<Vec<(u32, f64)>> = vocabulary
        .rows
        .par_iter()
        .map(|row| {
            let mut row: Vec<(u32, f64)> = row
                .iter()
                .filter_map(|&(word, place)| Some((word, values[word as usize]? * place as f64 / 1000.0)))
                .collect();
            let length = row.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
            if length > 0.0 {
                row.iter_mut().for_each(|(_, value)| *value /= length);
            }
            row
        })
        .collect();
    // Per word, how much it says about each of its holders.
    let mut holders: Vec<Vec<(u32, f64)>> = vec![Vec::new(); values.len()];
    for (node, row) in vectors.iter().enumerate() {
        for &(word, value) in row {
            holders[word as usize].push((node as u32, value));
        }
    }
    let nearest = |likeness: &mut Vec<f64>, (node, row): (usize, &Vec<(u32, f64)>)| {
        let mut seen: Vec<u32> = Vec::new();
        for &(word, value) in row {
            for &(other, weight) in holders[word as usize].iter().filter(|(other, _)| *other as usize != node)
            {
                if likeness[other as usize] == 0.0 {
                    seen.push(other);
                }
                likeness[other as usize] += value * weight;
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
        best.truncate(rules.neighbours);
        let need = (1000 - strengths[node] * 1_000_000 / (mean * rules.enough)).clamp(0, 1000);
        let factor = rules.always + rules.lonely * need / 1000;
        best.into_iter()
            .map(|(like, other)| {
                let (a, b) = (other.min(node as u32), other.max(node as u32));
                (a, b, like * factor / 1000 * mean / 2000)
            })
            .collect::<Vec<_>>()
    };
    let rows = vectors.par_iter().enumerate().with_min_len(256);
    let found: Vec<Vec<(u32, u32, i64)>> = rows.map_init(|| vec![0.0_f64; n], nearest).collect();
    let mut ties = found.concat();
    ties.par_sort_unstable();
    ties.dedup_by(|tie, kept| {
        let same = (tie.0, tie.1) == (kept.0, kept.1);
        if same {
            kept.2 += tie.2;
        }
        same
    });
    ties.retain(|&(_, _, weight)| weight > 0);
    ties
}
