//! Reasons that many things share: a module, a path, a word of the domain, the concern of who the users
//! are. Each is a hub that its things are tied to.

use std::collections::BTreeMap;

use crate::base::{Id, Place};
use crate::model::{Model, NodeRef, TableId};

use super::criteria::{Criterion, Gather, What, narrow, write_factor};
use super::roles::Role;
use super::vocabulary::is_trade;
use super::words::{singular, split};

/// How much each module and each type is about a few tables (1) and not about everybody's (0): a
/// repository or a module that writes all tables is a layer, and says nothing about the domain.
pub(super) struct Layers {
    modules: Vec<f64>,
    pub types: Vec<f64>,
}

/// Looks for layers.
pub(super) fn layers(model: &Model) -> Layers {
    let mut all = Amounts::new();
    let mut modules = vec![Amounts::new(); model.modules.len()];
    let mut types = vec![Amounts::new(); model.types.len()];
    for access in model.accesses.iter().filter(|access| !model.functions[access.function].test) {
        let amount = write_factor(access.op);
        let function = &model.functions[access.function];
        *all.entry(access.table).or_default() += amount;
        let mut module = model.modules.get(function.module).map(|_| function.module);
        while let Some(at) = module {
            *modules[at.idx()].entry(access.table).or_default() += amount;
            module = model.modules[at].parent;
        }
        if let Some(ty) = function.self_type {
            *types[ty.idx()].entry(access.table).or_default() += amount;
        }
    }
    let whole = effective(&all);
    let share = |amounts: &Amounts| {
        if amounts.is_empty() || whole <= FEW_TABLES {
            return 1.0;
        }
        let beyond = (effective(amounts) - FEW_TABLES).max(0.0);
        (1.0 - beyond / (whole - FEW_TABLES)).max(0.05)
    };
    Layers { modules: modules.iter().map(share).collect(), types: types.iter().map(share).collect() }
}

/// Accesses per table, writes counted more.
type Amounts = BTreeMap<TableId, f64>;

/// A module about as many tables is a domain for sure.
const FEW_TABLES: f64 = 4.0;

/// The effective number of tables: e to the entropy.
fn effective(amounts: &Amounts) -> f64 {
    let sum: f64 = amounts.values().sum();
    (-amounts.values().map(|amount| amount / sum * (amount / sum).ln()).sum::<f64>()).exp()
}

impl Gather<'_> {
    /// Things of one module, less for the modules above.
    pub(super) fn modules(&mut self, layers: &Layers) {
        let model = self.model;
        let mut own: Vec<Vec<(u32, Place)>> = vec![Vec::new(); model.modules.len()];
        for (id, function) in model.functions.iter_enumerated() {
            if self.roles.functions[id] == Role::Domain {
                own[function.module.idx()].push((self.nodes.function(id), function.place));
            }
        }
        for (id, ty) in model.types.iter_enumerated() {
            if self.roles.types[id.idx()] == Role::Domain {
                own[ty.module.idx()].push((self.nodes.ty(id), ty.place));
            }
        }
        let mut under: Vec<usize> = own.iter().map(Vec::len).collect();
        let all: usize = under.iter().sum();
        // Modules are sorted by path, so a parent stands before its children.
        for id in model.modules.ids().rev() {
            if let Some(parent) = model.modules[id].parent {
                under[parent.idx()] += under[id.idx()];
            }
        }
        let mut hub_of: Vec<Option<u32>> = vec![None; model.modules.len()];
        for (id, module) in model.modules.iter_enumerated() {
            if under[id.idx()] == 0 || under[id.idx()] == all {
                continue;
            }
            let hub = self.hub(format!("stands in module {}", module.path));
            hub_of[id.idx()] = Some(hub);
            let share = narrow(under[id.idx()], all) * layers.modules[id.idx()];
            for &(node, place) in &own[id.idx()] {
                self.tie(node, hub, Criterion::Module, share, Some(place), What::In);
            }
            if let Some(parent) = module.parent.and_then(|parent| hub_of[parent.idx()]) {
                let parent_id = module.parent.expect("it has one");
                let parent_share = narrow(under[parent_id.idx()], all) * layers.modules[parent_id.idx()];
                let share = parent_share * (under[id.idx()] as f64).sqrt();
                self.tie(hub, parent, Criterion::Module, share, None, What::In);
            }
        }
    }
    /// Entry points under one path.
    pub(super) fn routes(&mut self) {
        let mut prefixes: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut all = 0;
        for (id, entry) in self.model.entry_points.iter_enumerated() {
            let (true, Some(path)) = (entry.method.is_some(), &entry.path) else { continue };
            all += 1;
            for prefix in route_prefixes(path) {
                prefixes.entry(prefix).or_default().push(self.nodes.entry(id));
            }
        }
        prefixes.retain(|_, entries| entries.len() > 1 && entries.len() < all);
        let mut n_prefixes: BTreeMap<u32, usize> = BTreeMap::new();
        for &entry in prefixes.values().flatten() {
            *n_prefixes.entry(entry).or_default() += 1;
        }
        for (prefix, entries) in prefixes {
            let hub = self.hub(format!("lies under the path {prefix}"));
            for &node in &entries {
                let share = narrow(entries.len(), all) / (n_prefixes[&node] as f64).cbrt();
                let place = match self.nodes.thing(node) {
                    NodeRef::EntryPoint(id) => Some(self.model.entry_points[id].declared_at),
                    _ => None,
                };
                self.tie(node, hub, Criterion::Route, share, place, What::In);
            }
        }
    }
    /// Words that name tables, and also paths or modules of entry points.
    pub(super) fn nouns(&mut self) {
        let (holders, all) = self.holders();
        for (word, (tables, entries)) in holders {
            if !tables.is_empty() && !entries.is_empty() {
                let share = NOUNS * narrow(tables.len() + entries.len(), all);
                self.gather_at(format!("is about {word}"), share, tables.into_iter().chain(entries));
            }
        }
    }
    /// Nearly every application has one part that knows who its users are. Its tables and paths share
    /// no word, and everybody refers to it: only the meaning of its words tells.
    pub(super) fn callers(&mut self) {
        let (holders, all) = self.holders();
        let mut shares: BTreeMap<u32, f64> = BTreeMap::new();
        for (word, (tables, entries)) in holders {
            if CALLERS.contains(&word.as_str()) {
                for (node, share) in tables.into_iter().chain(entries) {
                    *shares.entry(node).or_default() += share;
                }
            }
        }
        let share = ABOUT_CALLERS * narrow(shares.len(), all);
        self.gather_at("is about who the users are".into(), share, shares.into_iter());
    }
    fn gather_at(&mut self, text: String, share: f64, holders: impl Iterator<Item = (u32, f64)>) {
        let hub = self.hub(text);
        for (node, part) in holders {
            let place = match self.nodes.thing(node) {
                NodeRef::EntryPoint(id) => Some(self.model.entry_points[id].declared_at),
                NodeRef::Table(id) => self.model.tables[id].declared_at,
                _ => None,
            };
            self.tie(node, hub, Criterion::Words, share * part, place, What::In);
        }
    }
    /// Per word of the domain, the tables and the routes that hold it, each with the word's share of its
    /// words; and how many tables and routes there are.
    fn holders(&self) -> (BTreeMap<String, Holders>, usize) {
        let model = self.model;
        let words_of = |text: &str| -> Vec<String> {
            split(text)
                .iter()
                .map(|word| singular(word).into_owned())
                .filter(|word| !is_trade(word))
                .collect()
        };
        let mut holders: BTreeMap<String, Holders> = BTreeMap::new();
        for (id, table) in model.tables.iter_enumerated() {
            let words = words_of(&table.name);
            let share = 1.0 / words.len() as f64;
            for word in words {
                holders.entry(word).or_default().0.push((self.nodes.table(id), share));
            }
        }
        let mut all = model.tables.len();
        for (id, entry) in model.entry_points.iter_enumerated().filter(|(_, entry)| entry.method.is_some()) {
            all += 1;
            let mut words: BTreeMap<String, f64> = BTreeMap::new();
            let path = entry.path.as_deref().unwrap_or("");
            for part in path.split('/').filter(|part| !part.starts_with(['{', ':', '<', '*'])) {
                words.extend(words_of(part).into_iter().map(|word| (word, 1.0)));
            }
            if let Some(module) = entry.handler.and_then(|f| model.modules.get(model.functions[f].module)) {
                for word in words_of(module.path.name()) {
                    *words.entry(word).or_default() += 1.0;
                }
            }
            let sum: f64 = words.values().sum();
            for (word, share) in words {
                holders.entry(word).or_default().1.push((self.nodes.entry(id), share / sum));
            }
        }
        (holders, all)
    }
}

/// Tables, then routes, each with its share.
type Holders = (Vec<(u32, f64)>, Vec<(u32, f64)>);

/// What a word of the domain weighs against a pair of like names.
const NOUNS: f64 = 3.0;
/// What the concern of who the users are weighs against a pair of like names: it has to hold together
/// what nothing but its meaning does.
const ABOUT_CALLERS: f64 = 20.0;
/// Words about who the users are, singular.
const CALLERS: [&str; 21] = [
    "auth",
    "authentication",
    "authorize",
    "credential",
    "identity",
    "login",
    "logout",
    "mfa",
    "oauth",
    "oidc",
    "otp",
    "passkey",
    "password",
    "profile",
    "registration",
    "session",
    "signin",
    "signup",
    "sso",
    "totp",
    "user",
];

/// `/api/orders/{id}/items` → `/api`, `/api/orders`, `/api/orders/*/items`.
fn route_prefixes(path: &str) -> Vec<String> {
    let mut prefix = String::new();
    let mut prefixes = Vec::new();
    let path = path.split('?').next().unwrap_or("");
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part.starts_with(['{', ':', '<', '*']) {
            prefix.push_str("/*");
        } else {
            prefix.push('/');
            prefix.push_str(part);
            prefixes.push(prefix.clone());
        }
    }
    prefixes
}
