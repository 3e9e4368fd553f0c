//! Domain vocabulary: names split into words, words weighed, nodes likened by their words.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::base::{Name, UnorderedMap};

use super::sums::Sums;

/// Splits a name or path into lower-case words: `HTTPServer::list_items2` → http, server, list, items.
/// Digits end a word and are left out.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, |word| words.push(word.to_owned()));
    words
}

/// Calls `take` for each word of [`split`].
pub(super) fn each_word(text: &str, mut take: impl FnMut(&str)) {
    let mut word = String::with_capacity(24);
    let mut before: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphabetic() {
            let starts = c.is_uppercase()
                && before.is_some_and(|before| {
                    before.is_lowercase() || chars.peek().is_some_and(|next| next.is_lowercase())
                });
            if starts && !word.is_empty() {
                take(&word);
                word.clear();
            }
            if c.is_ascii() { word.push(c.to_ascii_lowercase()) } else { word.extend(c.to_lowercase()) }
        } else if !word.is_empty() {
            take(&word);
            word.clear();
        }
        before = Some(c);
    }
    if !word.is_empty() {
        take(&word);
    }
}

/// A word without its plural ending: `orders` → order, `categories` → category, `boxes` → box.
pub(super) fn singular(word: &str) -> Cow<'_, str> {
    let n = word.len();
    if n > 4 && word.ends_with("ies") {
        return format!("{}y", &word[..n - 3]).into();
    }
    if n > 4 && ["sses", "xes", "ches", "shes", "zes"].iter().any(|end| word.ends_with(end)) {
        return word[..n - 2].into();
    }
    if n > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        return word[..n - 1].into();
    }
    word.into()
}

/// The words of one node in the order of the alphabet, each with the weight of where it stands in
/// thousandths (a name's words 1000, words of what is inside less).
#[derive(Clone, Debug, Default)]
pub(super) struct Bag(Vec<(Name, i64)>);

impl Bag {
    /// Adds a word; of several weights the largest counts.
    pub(super) fn put(&mut self, word: Name, weight: i64) {
        match self.0.binary_search_by(|(other, _)| other.cmp(&word)) {
            Ok(at) => self.0[at].1 = self.0[at].1.max(weight),
            Err(at) => self.0.insert(at, (word, weight)),
        }
    }
    /// The words with their weights.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Name, i64)> {
        self.0.iter().copied()
    }
    /// The weight of a word.
    pub(super) fn get(&self, word: Name) -> Option<i64> {
        self.0.iter().find(|(other, _)| *other == word).map(|&(_, weight)| weight)
    }
}

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
struct Vocabulary {
    /// Per node its words, in the order of the alphabet, with the weight of where they stand.
    rows: Vec<Vec<(u32, i64)>>,
    /// Per word, the nodes that hold it.
    holders: Vec<Vec<u32>>,
}

impl Vocabulary {
    fn new(bags: &[Bag]) -> Self {
        let mut numbers: UnorderedMap<Name, u32> = UnorderedMap::new();
        let mut holders: Vec<Vec<u32>> = Vec::new();
        let mut rows = Vec::with_capacity(bags.len());
        for (node, bag) in bags.iter().enumerate() {
            let mut row = Vec::with_capacity(bag.0.len());
            for (word, weight) in bag.iter() {
                let number = *numbers.get_or_insert_with(word, || holders.len() as u32);
                if number as usize == holders.len() {
                    holders.push(Vec::new());
                }
                holders[number as usize].push(node as u32);
                row.push((number, weight));
            }
            rows.push(row);
        }
        Self { rows, holders }
    }
    /// What each word is worth; `None` where it says nothing: its rarity, times how much the nodes that
    /// hold it are tied by other evidence beyond what their strengths let expect. Words of the trade
    /// (`controller`, `get`) are spread over everything and weigh little; words of the domain weigh much.
    fn values(&self, edges: &[(u32, u32, i64)], strengths: &[i64], rules: &Rules) -> Vec<Option<f64>> {
        let n = self.rows.len();
        let total: i64 = strengths.iter().sum();
        let mean = total as f64 / n.max(1) as f64;
        // Weight of the ties within the holders of each word. Most ends of a tie share none: a bit for each
        // of a node's words says so soon.
        let bit = |word: u32| 1_u64 << (word % 64);
        let bits = |row: &Vec<(u32, i64)>| row.iter().fold(0, |bits, &(word, _)| bits | bit(word));
        let bits: Vec<u64> = self.rows.iter().map(bits).collect();
        let mut within = vec![0_i64; self.holders.len()];
        for &(a, b, weight) in edges {
            let both = bits[a as usize] & bits[b as usize];
            if both == 0 {
                continue;
            }
            for &(word, _) in self.rows[a as usize].iter().filter(|&&(word, _)| both & bit(word) != 0) {
                if self.rows[b as usize].iter().any(|&(other, _)| other == word) {
                    within[word as usize] += weight;
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

/// How alike all nodes are to one, cleared by each use.
struct Likeness {
    sums: Sums<f64>,
    best: Vec<(i64, u32)>,
}

impl Likeness {
    fn new(n: usize) -> Self {
        Self { sums: Sums::new(n), best: Vec::new() }
    }
    /// Those that are more like `node` than `least`, in thousandths, as they were met.
    fn take(&mut self, node: u32, least: i64) -> &mut Vec<(i64, u32)> {
        let Self { sums, best } = self;
        best.clear();
        // Most are hardly alike: whole numbers only of those that count.
        let likes = sums.drain().map(|(other, like)| (like * 1000.0, other));
        let likes = likes.filter(|&(like, other)| like >= (least + 1) as f64 && other != node);
        best.extend(likes.map(|(like, other)| (like as i64, other)));
        best
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
    let sizes = vocabulary.holders.iter().map(Vec::len);
    let mut holders: Vec<Vec<(u32, f64)>> = sizes.map(Vec::with_capacity).collect();
    for (node, row) in vectors.iter().enumerate() {
        for &(word, value) in row {
            holders[word as usize].push((node as u32, value));
        }
    }
    let nearest = |likeness: &mut Likeness, (node, row): (usize, &Vec<(u32, f64)>)| {
        for &(word, value) in row {
            likeness.sums.add(&holders[word as usize], value);
        }
        let best = likeness.take(node as u32, rules.least);
        if best.len() > rules.neighbours {
            best.select_nth_unstable_by_key(rules.neighbours, |&(like, other)| (-like, other));
            best.truncate(rules.neighbours);
        }
        best.sort_unstable_by_key(|&(like, other)| (-like, other));
        let need = (1000 - strengths[node] * 1_000_000 / (mean * rules.enough)).clamp(0, 1000);
        let factor = rules.always + rules.lonely * need / 1000;
        best.iter()
            .map(|&(like, other)| {
                let (a, b) = (other.min(node as u32), other.max(node as u32));
                (a, b, like * factor / 1000 * mean / 2000)
            })
            .collect::<Vec<_>>()
    };
    let rows = vectors.par_iter().enumerate().with_min_len(256);
    let found: Vec<Vec<(u32, u32, i64)>> = rows.map_init(|| Likeness::new(n), nearest).collect();
    let mut ties = found.concat();
    ties.par_sort_unstable_by_key(|&(a, b, _)| u64::from(a) << 32 | u64::from(b));
    // Each of two nodes may have found the other.
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
