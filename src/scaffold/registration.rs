//! Which registrations of routes in the monolith's start-up stay, whatever its framework.
//!
//! A registration goes where everything that it registers is known to belong to others. What is not
//! understood stays.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::rc::Rc;

use crate::base::TextRange;
use crate::model::{EntryPointId, EntryPointKind, FunctionId, ItemId, Model};

use super::Inputs;
use super::names::{Names, handler};
use super::slice::edit;
use super::slice::links::{self, Body, Link};

/// Replacements by function, in ranges of its file.
pub(super) type FunctionEdits = BTreeMap<FunctionId, Vec<(TextRange, String)>>;

/// Looks into the bodies that lead to the handlers.
pub(super) struct Registrations<'a, 'm> {
    names: &'a Names<'m>,
    model: &'m Model,
    inputs: &'a Inputs<'a>,
    by_item: BTreeMap<ItemId, FunctionId>,
    /// Handlers of HTTP entry points.
    handlers: BTreeSet<FunctionId>,
    wanted: BTreeSet<EntryPointId>,
    /// Functions that lead to any handler, and those that lead to a wanted one; handlers lead to themselves.
    any: BTreeSet<FunctionId>,
    to_wanted: BTreeSet<FunctionId>,
    bodies: BTreeMap<FunctionId, Option<Rc<Body>>>,
    /// Functions that each function names or calls.
    next: BTreeMap<FunctionId, BTreeSet<FunctionId>>,
}

impl<'a, 'm> Registrations<'a, 'm> {
    /// For the HTTP entry points `wanted`.
    pub fn new(names: &'a Names<'m>, inputs: &'a Inputs<'a>, wanted: &[EntryPointId]) -> Self {
        let model = names.model;
        let http = |id: EntryPointId| model.entry_points[id].kind == EntryPointKind::Http;
        let handlers: BTreeSet<FunctionId> =
            model.entry_points.ids().filter(|&id| http(id)).filter_map(|id| handler(model, id)).collect();
        let wanted_handlers: BTreeSet<FunctionId> =
            wanted.iter().filter_map(|&id| handler(model, id)).collect();
        let by_item = names.function_of_item();
        let next = neighbours(model, &by_item);
        let any = leading_to(&next, &handlers, &handlers);
        let to_wanted = leading_to(&next, &wanted_handlers, &handlers);
        Self {
            names,
            model,
            inputs,
            by_item,
            handlers,
            wanted: wanted.iter().copied().collect(),
            any,
            to_wanted,
            bodies: BTreeMap::new(),
            next,
        }
    }

    /// The text of a function.
    pub fn text(&self, function: FunctionId) -> &'a str {
        self.inputs.sources.text(self.model.items[self.model.functions[function].item].span)
    }

    /// The lines of a range of a function's text.
    pub fn lines(&self, function: FunctionId, range: TextRange) -> RangeInclusive<u32> {
        let span = self.model.items[self.model.functions[function].item].span;
        let file = &self.inputs.sources.files[span.file];
        file.line(span.range.start + range.start)..=file.line(span.range.start + range.end)
    }

    /// What a function's body registers and calls.
    pub fn body(&mut self, function: FunctionId) -> Option<Rc<Body>> {
        let text = self.text(function);
        self.bodies.entry(function).or_insert_with(|| links::read(text).map(Rc::new)).clone()
    }

    /// The functions that a written path means in a function.
    pub fn functions(&self, function: FunctionId, path: &[String]) -> Vec<FunctionId> {
        let function = &self.model.functions[function];
        let item = &self.model.items[function.item];
        let self_type = item.parent.and_then(|parent| {
            self.model.items[parent].implements.as_ref().and_then(|sides| sides.type_item)
        });
        let found = self.names.resolve(function.module, path, false, self_type);
        found.last.iter().filter_map(|item| self.by_item.get(item).copied()).collect()
    }

    /// Everything that some functions lead to, up to handlers, which are left out.
    pub fn way(&self, from: impl IntoIterator<Item = FunctionId>) -> BTreeSet<FunctionId> {
        let mut seen = BTreeSet::new();
        let mut stack: Vec<FunctionId> = from.into_iter().collect();
        while let Some(function) = stack.pop() {
            if !self.handlers.contains(&function) && seen.insert(function) {
                stack.extend(self.next.get(&function).into_iter().flatten());
            }
        }
        seen
    }

    /// Whether a function leads to a wanted route.
    pub fn leads(&self, function: FunctionId) -> bool {
        self.to_wanted.contains(&function) || self.way([function]).iter().any(|&id| self.declares_wanted(id))
    }

    fn declares_wanted(&self, function: FunctionId) -> bool {
        self.wanted.iter().any(|&id| self.declares(function, id))
    }

    fn declares_any(&self, function: FunctionId) -> bool {
        self.model.entry_points.ids().any(|id| self.declares(function, id))
    }

    fn declares(&self, function: FunctionId, entry: EntryPointId) -> bool {
        let function = &self.model.functions[function];
        let at = self.model.entry_points[entry].declared_at;
        at.file == function.place.file
            && (function.place.line..function.place.line + function.n_lines).contains(&at.line)
    }

    /// Functions that some paths in a function mean; locals stand for what they were made from.
    fn targets(
        &self,
        function: FunctionId,
        paths: &[Vec<String>],
        body: &Body,
        depth: u32,
    ) -> BTreeSet<FunctionId> {
        let mut out = BTreeSet::new();
        for path in paths {
            if let [name] = path.as_slice()
                && depth < 8
            {
                for local in body.locals.iter().filter(|local| local.name == *name) {
                    out.extend(self.targets(function, &local.paths, body, depth + 1));
                }
            }
            out.extend(self.functions(function, path).into_iter().filter(|id| self.any.contains(id)));
        }
        out
    }

    /// Whether a registration is known to belong to others.
    fn dead(&self, function: FunctionId, link: &Link, body: &Body) -> bool {
        let span = self.model.items[self.model.functions[function].item].span;
        let lines = self.lines(function, link.args);
        let targets = self.targets(function, &link.paths, body, 0);
        let declared: Vec<EntryPointId> = self
            .model
            .entry_points
            .iter_enumerated()
            .filter(|(id, entry)| {
                entry.kind == EntryPointKind::Http
                    && entry.declared_at.file == span.file
                    && lines.contains(&entry.declared_at.line)
                    && handler(self.model, *id).is_none_or(|handler| targets.contains(&handler))
            })
            .map(|(id, _)| id)
            .collect();
        if declared.iter().any(|id| self.wanted.contains(id)) {
            return false;
        }
        // A handler that serves another path here is not wanted for this one.
        let here: BTreeSet<FunctionId> = declared.iter().filter_map(|&id| handler(self.model, id)).collect();
        let alive = targets.iter().any(|target| self.to_wanted.contains(target) && !here.contains(target));
        !alive && (!targets.is_empty() || !declared.is_empty() || self.foreign(function, link, body))
    }

    /// Whether a registration is of something from outside that nobody here handles: pages of documentation, static
    /// files. The monolith goes on serving them.
    fn foreign(&self, function: FunctionId, link: &Link, body: &Body) -> bool {
        let module = self.model.functions[function].module;
        let package = &self.model.packages[self.model.modules[module].package];
        let uses = |name: &str| package.dependencies.iter().any(|dependency| dependency.package == name);
        let registers = match link.method.as_str() {
            "service" => uses("actix-web") || uses("ntex"),
            "mount" => uses("rocket"),
            "merge" | "nest_service" => uses("axum"),
            _ => false,
        };
        let is_local = |path: &Vec<String>| {
            path.len() == 1 && body.locals.iter().any(|local| local.name == path[0])
                || !self.functions(function, path).is_empty()
        };
        let is_outside = |path: &Vec<String>| {
            let found = self.names.resolve(module, path, false, None);
            path.len() > 1 && found.items.is_empty() && (found.imported || !found.externs.is_empty())
        };
        registers && !link.paths.iter().any(is_local) && link.paths.iter().any(is_outside)
    }

    /// What to cut in the functions on the way from `top`.
    pub fn cuts(&mut self, top: FunctionId) -> FunctionEdits {
        let mut out = FunctionEdits::new();
        for function in self.way([top]) {
            if !self.any.contains(&function) && !self.declares_any(function) {
                continue;
            }
            let Some(body) = self.body(function) else { continue };
            let edits = self.cuts_in(function, &body);
            if !edits.is_empty() {
                let start = self.model.items[self.model.functions[function].item].span.range.start;
                let edits = edits
                    .into_iter()
                    .map(|range| (TextRange::new(range.start + start, range.end + start), String::new()))
                    .collect();
                out.insert(function, edits);
            }
        }
        out
    }

    fn cuts_in(&self, function: FunctionId, body: &Body) -> Vec<TextRange> {
        let mut edits: Vec<TextRange> = Vec::new();
        let mut in_chain: BTreeMap<usize, usize> = BTreeMap::new();
        for link in &body.links {
            if edits.iter().any(|cut| cut.contains(link.range)) || !self.dead(function, link, body) {
                continue;
            }
            edits.push(link.range);
            if let Some(chain) = link.chain {
                *in_chain.entry(chain).or_default() += 1;
            }
        }
        for (chain, n_cut) in in_chain {
            // A chain of which nothing is left would be a bare variable.
            if body.chains[chain].n_calls == n_cut {
                edits.push(edit::item_range(self.text(function), body.chains[chain].range));
            }
        }
        for local in &body.locals {
            let used = body.links.iter().any(|link| {
                link.paths.iter().any(|path| path.as_slice() == [local.name.as_str()])
                    && !edits.iter().any(|cut| cut.contains(link.range))
            });
            let registered = body
                .links
                .iter()
                .any(|link| link.paths.iter().any(|path| path.as_slice() == [local.name.as_str()]));
            let elsewhere = || mentioned_outside(self.text(function), &local.name, local.range, &edits);
            if registered && !used && !edits.iter().any(|cut| cut.contains(local.range)) && !elsewhere() {
                let targets = self.targets(function, &local.paths, body, 0);
                if !targets.is_empty() && targets.iter().all(|target| !self.to_wanted.contains(target)) {
                    edits.push(edit::item_range(self.text(function), local.range));
                }
            }
        }
        for element in &body.elements {
            if edits.iter().any(|cut| cut.contains(element.range)) {
                continue;
            }
            let targets = self.targets(function, std::slice::from_ref(&element.path), body, 0);
            if !targets.is_empty() && targets.iter().all(|target| !self.to_wanted.contains(target)) {
                edits.push(element.range);
            }
        }
        edits
    }
}

/// Whether a text names a local outside of where it is bound and of what is cut.
fn mentioned_outside(text: &str, name: &str, own: TextRange, cuts: &[TextRange]) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(at, _)| {
        let end = at + name.len();
        let whole = !text[..at].ends_with(is_word) && !text[end..].starts_with(is_word);
        let range = TextRange::new(at as u32, end as u32);
        whole && !own.contains(range) && !cuts.iter().any(|cut| cut.contains(range))
    })
}

/// Functions that each function names or calls.
fn neighbours(
    model: &Model,
    by_item: &BTreeMap<ItemId, FunctionId>,
) -> BTreeMap<FunctionId, BTreeSet<FunctionId>> {
    let mut next: BTreeMap<FunctionId, BTreeSet<FunctionId>> = BTreeMap::new();
    for (id, function) in model.functions.iter_enumerated().filter(|(_, function)| !function.test) {
        let named = model.items[function.item].mentions.iter().filter_map(|item| by_item.get(item).copied());
        next.insert(id, named.filter(|&other| other != id).collect());
    }
    for call in &model.calls {
        if let Some(callees) = next.get_mut(&call.caller)
            && call.caller != call.callee
            && !model.functions[call.callee].test
        {
            callees.insert(call.callee);
        }
    }
    next
}

/// Functions from which some handlers can be reached without passing through others.
fn leading_to(
    next: &BTreeMap<FunctionId, BTreeSet<FunctionId>>,
    wanted: &BTreeSet<FunctionId>,
    handlers: &BTreeSet<FunctionId>,
) -> BTreeSet<FunctionId> {
    let mut callers: BTreeMap<FunctionId, Vec<FunctionId>> = BTreeMap::new();
    for (&caller, callees) in next {
        for &callee in callees {
            callers.entry(callee).or_default().push(caller);
        }
    }
    let mut found = wanted.clone();
    let mut stack: Vec<FunctionId> = wanted.iter().copied().collect();
    while let Some(function) = stack.pop() {
        for &caller in callers.get(&function).into_iter().flatten() {
            if !handlers.contains(&caller) && found.insert(caller) {
                stack.push(caller);
            }
        }
    }
    found
}
