//! Expands calls of the workspace's own `macro_rules!`, in item position and in bodies.
//!
//! In: the parsed files. Out: the same, where a call that could be followed has its items beside it,
//! or its expressions in the place of its arguments. A call that fits no rule, whose rules use what is
//! not followed, or that goes beyond a bound stays as it was. What comes from a call's text keeps its
//! place; what the macro adds stands at the call.

mod derives;
mod matcher;
mod registry;
mod rules;
mod splice;
mod transcribe;

#[cfg(test)]
mod tests;

use std::str::FromStr as _;

use proc_macro2::{TokenStream, TokenTree};
use rayon::prelude::*;

use super::fragment::parse_expansion;
use super::tree::body::{Body, Expr, ExprId, Pat, Stmt};
use super::tree::items::{BodyIdx, ItemIdx, ItemKind, ItemTree};
use super::tree::types::Path;
use super::{ParsedFile, nesting, on_stack};
use crate::base::{FileId, Id, Name, TextRange};
use crate::discover::Workspace;
use registry::{Definition, Place, Registry};
use splice::{Insert, Places};
use transcribe::{Expansion, Transcriber};

/// Expansions within expansions are followed this deep, as by the compiler.
const MAX_DEPTH: u32 = 128;
/// What one call may expand to, in all its steps together.
const MAX_CALL: Allowance = Allowance { bytes: 1024 * 1024, steps: 5_000 };
/// The same for all calls of a file.
const MAX_FILE: Allowance = Allowance { bytes: 8 * 1024 * 1024, steps: 20_000 };

/// What may still be done.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    bytes: usize,
    steps: usize,
}

impl Allowance {
    /// Takes one step that gives so many bytes; none where that is too much.
    fn step(&mut self, bytes: usize) -> Option<()> {
        *self = Self { bytes: self.bytes.checked_sub(bytes)?, steps: self.steps.checked_sub(1)? };
        Some(())
    }
}

/// Expands what can be expanded.
pub(super) fn expand(workspace: &Workspace, files: &mut [ParsedFile]) {
    macros(workspace, files);
    files.par_iter_mut().for_each(|parsed| derives::declare(&mut parsed.tree));
}

fn macros(workspace: &Workspace, files: &mut [ParsedFile]) {
    let registry = Registry::new(workspace, files);
    if registry.is_empty() {
        return;
    }
    files.par_iter_mut().enumerate().for_each(|(file, parsed)| {
        if !calls_any(&parsed.tree, &registry) {
            return;
        }
        let source = &workspace.sources.files[FileId::from_usize(file)];
        let place = Place::new(workspace, file, &parsed.tree, &registry);
        let features = place.package.map_or(&[][..], |package| &workspace.packages[package].default_features);
        let mut expander = Expander {
            registry: &registry,
            place,
            features,
            of_file: MAX_FILE,
            of_call: MAX_CALL,
            given_up: Vec::new(),
        };
        expander.tree(&mut parsed.tree, &source.text, 0);
        proc_macro2::extra::invalidate_current_thread_spans();
    });
}

/// Whether a tree holds a call of something that has the name of a known macro.
fn calls_any(tree: &ItemTree, registry: &Registry) -> bool {
    let in_items = |kind: &ItemKind| matches!(kind, ItemKind::MacroCall { path, .. } if registry.knows(path));
    let in_body = |body: &Body| {
        body.exprs.iter().any(|expr| matches!(expr, Expr::Macro(call) if registry.knows(&call.path)))
    };
    tree.items.iter().any(|item| in_items(&item.kind)) || tree.bodies.iter().any(in_body)
}

/// What a call stands among, and so what it expands to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Among {
    Items,
    Impl,
    Trait,
    Exprs,
}

impl Among {
    /// What makes the expansion a file.
    fn around(self) -> (&'static str, &'static str) {
        match self {
            Self::Items => ("", ""),
            Self::Impl => ("impl It {", "\n}"),
            Self::Trait => ("trait It {", "\n}"),
            Self::Exprs => ("fn it() {", "\n}"),
        }
    }
}

/// A call: where all of it, its name and its arguments stand.
struct Call<'a> {
    path: &'a Path,
    whole: TextRange,
    args: TextRange,
    among: Among,
}

struct Expander<'a> {
    registry: &'a Registry,
    place: Place<'a>,
    features: &'a [String],
    /// What is left for the file and for the outermost call at hand.
    of_file: Allowance,
    of_call: Allowance,
    /// Macros of which a call used up all that it may.
    given_up: Vec<Name>,
}

impl Expander<'_> {
    /// Expands the calls in a tree that was read from `text`.
    fn tree(&mut self, tree: &mut ItemTree, text: &str, depth: u32) {
        if !calls_any(tree, self.registry) {
            return;
        }
        self.items(tree, text, depth);
        for body in 0..tree.bodies.len() {
            self.body(tree, BodyIdx::from_usize(body), text, depth);
        }
    }

    fn items(&mut self, tree: &mut ItemTree, text: &str, depth: u32) {
        let among = among(tree);
        let mut made: Vec<(ItemIdx, Vec<ItemIdx>)> = Vec::new();
        for (idx, among) in among.into_iter().enumerate() {
            let idx = ItemIdx::from_usize(idx);
            let item = &tree.items[idx];
            let ItemKind::MacroCall { path, args, .. } = &item.kind else { continue };
            let call = Call { path, whole: item.range, args: *args, among };
            let Some(mut part) = self.call(&call, item.keyword, text, depth) else { continue };
            let tops = match among {
                Among::Items | Among::Exprs => std::mem::take(&mut part.top),
                Among::Impl | Among::Trait => match part.top.first().map(|&top| &mut part.items[top].kind) {
                    Some(ItemKind::Impl { items, .. } | ItemKind::Trait { items, .. }) => {
                        std::mem::take(items)
                    }
                    _ => continue,
                },
            };
            if let ItemKind::MacroCall { expanded, .. } = &mut tree.items[idx].kind {
                *expanded = true;
            }
            made.push((idx, adopt(tree, idx, part, &tops)));
        }
        if !made.is_empty() {
            insert(tree, &made);
        }
    }

    fn body(&mut self, tree: &mut ItemTree, body_idx: BodyIdx, text: &str, depth: u32) {
        let body = &tree.bodies[body_idx];
        let calls: Vec<ExprId> = body
            .exprs
            .iter_enumerated()
            .filter(|(_, expr)| matches!(expr, Expr::Macro(call) if self.registry.knows(&call.path)))
            .map(|(id, _)| id)
            .collect();
        if calls.is_empty() {
            return;
        }
        let statements = statements(body);
        let mut inserts: Vec<Insert> = Vec::new();
        // An inner call stands in the text of the outer one and comes anew with its expansion.
        let mut outer = vec![false; calls.len()];
        let mut is_within = vec![false; body.exprs.len()];
        for (at, &call) in calls.iter().enumerate().rev() {
            outer[at] = !is_within[call.idx()];
            if outer[at] && self.find(body, call).is_some() {
                mark(body, call, &mut is_within);
            }
        }
        for (&id, outer) in calls.iter().zip(outer) {
            let body = &tree.bodies[body_idx];
            let Expr::Macro(mac) = &body.exprs[id] else { continue };
            if !outer || mac.expanded {
                continue;
            }
            let call =
                Call { path: &mac.path, whole: body.ranges[id], args: mac.tokens, among: Among::Exprs };
            let Some(part) = self.call(&call, body.ranges[id].start, text, depth) else { continue };
            let Some(root) = part.top.first().copied() else { continue };
            let ItemKind::Fn(decl) = &part.items[root].kind else { continue };
            let Some(part_body) = decl.body else { continue };
            let names = bound_names(&part.bodies[part_body]);
            let args = mac_text(text, &tree.bodies[body_idx], id);
            let binds = statements[id.idx()] && names.iter().any(|name| has_word(args, name.as_str()));
            let (_, base) = splice::append(tree, part);
            let body = std::mem::take(&mut tree.bodies[splice::moved(part_body, base)]);
            inserts.push(Insert { call: id, body, binds });
        }
        if !inserts.is_empty() {
            splice::merge(&mut tree.bodies[body_idx], inserts);
        }
    }

    fn find(&self, body: &Body, call: ExprId) -> Option<&Definition> {
        let Expr::Macro(mac) = &body.exprs[call] else { return None };
        self.registry.find(&self.place, &mac.path, body.ranges[call].start)
    }

    /// What a call expands to, the calls in it expanded; places are those of `text`.
    fn call(&mut self, call: &Call<'_>, name_at: u32, text: &str, depth: u32) -> Option<ItemTree> {
        if depth >= MAX_DEPTH {
            self.of_call.steps = 0;
        }
        if depth > 0 && self.of_call.steps == 0 {
            return None;
        }
        let at = if depth == 0 { call.whole.start } else { u32::MAX };
        let definition = self.registry.find(&self.place, call.path, at)?;
        let macro_name = call.path.last()?;
        if depth == 0 {
            if self.given_up.contains(&macro_name) {
                return None;
            }
            self.of_call = MAX_CALL;
        }
        let args = text.get(call.args.as_range())?;
        let left = self.of_call.bytes.min(self.of_file.bytes);
        let expansion = once(definition, args, call.args.start, left)?;
        let bytes = expansion.text.len();
        if self.of_call.step(bytes).is_none() {
            self.of_call.steps = 0;
            return None;
        }
        self.of_file.step(bytes)?;
        let (before, after) = call.among.around();
        let full = format!("{before}{}{after}", expansion.text);
        let mut pieces = expansion.pieces;
        for piece in &mut pieces {
            piece.at += before.len() as u32;
        }
        let mut tree = parse_expansion(&full, self.features)?;
        stacker::maybe_grow(96 * 1024, 1024 * 1024, || self.tree(&mut tree, &full, depth + 1));
        if depth == 0 && self.of_call.steps == 0 {
            self.given_up.push(macro_name);
            return None;
        }
        let name_len = text.get(name_at as usize..call.args.start as usize)?.find('!')? as u32 + 1;
        let name = TextRange::new(name_at, name_at + name_len);
        Places { pieces: &pieces, text: &full, whole: call.whole, name }.apply(&mut tree);
        Some(tree)
    }
}

/// One step: the first rule that fits, written out.
fn once(definition: &Definition, args: &str, args_start: u32, limit: usize) -> Option<Expansion> {
    let rules = definition.rules()?;
    let stack = nesting::stack_for(args).ok()?;
    let expanded = on_stack(stack, || {
        let tokens: Vec<TokenTree> = TokenStream::from_str(args).ok()?.into_iter().collect();
        let found = rules
            .0
            .iter()
            .find_map(|rule| matcher::matches(&rule.matcher, &tokens).map(|bindings| (rule, bindings)));
        let (rule, bindings) = found?;
        let krate = &definition.krate;
        let mut writer = Transcriber { args, args_start, krate, limit, out: Expansion::default() };
        writer.write(&rule.parts, &bindings)?;
        Some(writer.out)
    });
    proc_macro2::extra::invalidate_current_thread_spans();
    expanded
}

/// What each item stands among.
fn among(tree: &ItemTree) -> Vec<Among> {
    let mut found = vec![Among::Items; tree.items.len()];
    for item in &tree.items {
        let (items, among) = match &item.kind {
            ItemKind::Impl { items, .. } => (items, Among::Impl),
            ItemKind::Trait { items, .. } => (items, Among::Trait),
            _ => continue,
        };
        for idx in items {
            found[idx.idx()] = among;
        }
    }
    found
}

/// Appends what the item `made_by` stands for; its outermost items, which come to be only where that one
/// does, by their ids in `tree`.
fn adopt(tree: &mut ItemTree, made_by: ItemIdx, mut part: ItemTree, tops: &[ItemIdx]) -> Vec<ItemIdx> {
    if let Some(cfg) = tree.items[made_by].attrs.cfg.clone() {
        for &top in tops {
            super::lower::join_cfg(&mut part.items[top].attrs.cfg, (*cfg).clone());
        }
    }
    let (base, _) = splice::append(tree, part);
    for at in base as usize..tree.items.len() {
        tree.items[ItemIdx::from_usize(at)].made_by = Some(made_by);
    }
    tops.iter().map(|&top| splice::moved(top, base)).collect()
}

/// Puts the items that calls made behind the calls, wherever those stand.
fn insert(tree: &mut ItemTree, made: &[(ItemIdx, Vec<ItemIdx>)]) {
    let widen = |list: &mut Vec<ItemIdx>| {
        let of = |idx: &ItemIdx| made.binary_search_by_key(idx, |(call, _)| *call);
        if !list.iter().any(|idx| of(idx).is_ok()) {
            return;
        }
        let mut wide = Vec::with_capacity(list.len() + 1);
        for idx in list.drain(..) {
            wide.push(idx);
            if let Ok(found) = of(&idx) {
                wide.extend(&made[found].1);
            }
        }
        *list = wide;
    };
    widen(&mut tree.top);
    for item in tree.items.iter_mut() {
        match &mut item.kind {
            ItemKind::Mod { content: Some(items) }
            | ItemKind::Impl { items, .. }
            | ItemKind::Trait { items, .. } => widen(items),
            _ => {}
        }
    }
    for body in tree.bodies.iter_mut() {
        for expr in body.exprs.iter_mut() {
            if let Expr::Block { items, .. } = expr
                && !items.is_empty()
            {
                let mut list = std::mem::take(items).into_vec();
                widen(&mut list);
                *items = list.into();
            }
        }
    }
}

/// Marks everything below an expression.
fn mark(body: &Body, root: ExprId, within: &mut [bool]) {
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        body.exprs[id].for_each_child(|child| {
            within[child.idx()] = true;
            open.push(child);
        });
    }
}

/// The names that the statements of a body's outermost block bind.
fn bound_names(body: &Body) -> Vec<Name> {
    let mut names = Vec::new();
    let Some(Expr::Block { stmts, .. }) = body.root.map(|root| &body.exprs[root]) else { return names };
    for stmt in stmts {
        let Stmt::Let { pat, .. } = stmt else { continue };
        let mut open = vec![*pat];
        while let Some(pat) = open.pop() {
            match &body.pats[pat] {
                Pat::Bind { name, sub, .. } => {
                    names.push(*name);
                    open.extend(sub);
                }
                Pat::TupleStruct { pats, .. } | Pat::Tuple { pats, .. } => open.extend(pats),
                Pat::Slice(pats) | Pat::Or(pats) => open.extend(pats),
                Pat::Struct { fields, .. } => open.extend(fields.iter().map(|(_, pat)| pat)),
                Pat::Ref(pat) | Pat::Typed { pat, .. } => open.push(*pat),
                Pat::Wild | Pat::Path(_) => {}
            }
        }
    }
    names
}

/// Which expressions are statements of their own.
fn statements(body: &Body) -> Vec<bool> {
    let mut found = vec![false; body.exprs.len()];
    for expr in &body.exprs {
        let Expr::Block { stmts, .. } = expr else { continue };
        for stmt in stmts {
            if let Stmt::Expr { expr, .. } = stmt {
                found[expr.idx()] = true;
            }
        }
    }
    found
}

fn mac_text<'t>(text: &'t str, body: &Body, call: ExprId) -> &'t str {
    match &body.exprs[call] {
        Expr::Macro(mac) => text.get(mac.tokens.as_range()).unwrap_or(""),
        _ => "",
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c: char| !is_word(c)).any(|found| found == word)
}
