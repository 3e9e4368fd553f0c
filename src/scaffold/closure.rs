//! What has to move along: every item that the kept ones need.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Sources, Span, TextRange};
use crate::model::{FunctionId, Item, ItemId, ItemKind, Model, ModuleIdx};

use super::manifest::is_called;
use super::mend::Demand;
use super::names::Names;
use super::slice::lex::{self, AssetMention, Scan};

/// Items to move, and what their text needs beside items.
#[derive(Clone, Debug, Default)]
pub(super) struct Closure {
    /// Top-level items and, of implementations, the parts; sorted.
    pub kept: BTreeSet<ItemId>,
    /// Modules of which something stays, with the way to their roots.
    pub modules: BTreeSet<ModuleIdx>,
    /// External crates that kept text names in paths, per module.
    pub externs: BTreeMap<ModuleIdx, BTreeSet<String>>,
    /// Identifiers of the kept text, per module.
    pub idents: BTreeMap<ModuleIdx, BTreeSet<String>>,
    /// Files read while compiling, per module.
    pub assets: BTreeMap<ModuleIdx, BTreeSet<AssetMention>>,
    /// String literals of the kept text.
    pub strings: BTreeSet<String>,
    /// `use` leaves that kept text goes through, as indices into the model's imports.
    pub imports: BTreeSet<usize>,
    /// Modules that stay as they are, with all of their `use` items.
    pub whole: BTreeSet<ModuleIdx>,
}

/// Derives whose output names further items of the module without saying so: an entity of SeaORM needs its
/// `Relation` and the behaviour of its `ActiveModel`.
const BY_CONVENTION: &[&str] = &["DeriveEntityModel"];

/// Ranges of files that are cut out of kept items before anything else is looked at.
pub(super) type Cuts = BTreeMap<crate::base::FileId, Vec<TextRange>>;

/// Follows what `roots` need.
pub(super) fn closure(
    names: &Names<'_>,
    sources: &Sources,
    roots: &[ItemId],
    cuts: &Cuts,
    demand: &Demand,
) -> Closure {
    let mut walk = Walk::new(names, sources, cuts);
    walk.queue.extend(roots);
    walk.queue.extend(demand.items.iter().copied().filter(|&item| names.knows(item)));
    for (id, module) in names.model.modules.iter_enumerated() {
        if !module.test && (demand.modules.contains(&id) || demand.crates.contains(&names.root_of(id))) {
            walk.whole_module(id);
        }
    }
    walk.run();
    walk.out
}

struct Walk<'a, 'm> {
    names: &'a Names<'m>,
    model: &'m Model,
    sources: &'a Sources,
    cuts: &'a Cuts,
    out: Closure,
    queue: Vec<ItemId>,
    /// What a round asked for.
    asked: BTreeSet<ItemId>,
    functions: BTreeMap<ItemId, FunctionId>,
    /// Names of methods whose receiver nobody knows.
    loose: BTreeSet<String>,
    /// Names that were looked for in vain; macro calls may define them.
    missing: BTreeSet<(ModuleIdx, String)>,
    generated: BTreeMap<(ModuleIdx, String), Vec<ItemId>>,
    externs: BTreeSet<String>,
    /// Modules that macros fill by convention.
    conventional: BTreeSet<ModuleIdx>,
    /// Modules that import each trait.
    importers: BTreeMap<ItemId, BTreeSet<ModuleIdx>>,
    /// What the heads of implementations mention.
    heads: BTreeMap<ItemId, Scan>,
}

impl<'a, 'm> Walk<'a, 'm> {
    fn new(names: &'a Names<'m>, sources: &'a Sources, cuts: &'a Cuts) -> Self {
        let model = names.model;
        let mut generated: BTreeMap<_, Vec<ItemId>> = BTreeMap::new();
        for (id, item) in model.items.iter_enumerated() {
            if item.kind == ItemKind::MacroCall && !item.test {
                for ident in lex::scan(sources.text(item.span), &[]).idents.into_keys() {
                    generated.entry((item.module, ident)).or_default().push(id);
                }
            }
        }
        Self {
            names,
            model,
            sources,
            cuts,
            out: Closure::default(),
            queue: Vec::new(),
            asked: BTreeSet::new(),
            functions: names.function_of_item(),
            loose: BTreeSet::new(),
            missing: BTreeSet::new(),
            generated,
            externs: BTreeSet::new(),
            conventional: model
                .items
                .iter()
                .filter(|item| matches!(item.kind, ItemKind::Struct | ItemKind::Enum) && !item.test)
                .filter(|item| BY_CONVENTION.iter().any(|derive| sources.text(item.span).contains(derive)))
                .map(|item| item.module)
                .collect(),
            importers: importers(model),
            heads: BTreeMap::new(),
        }
    }

    fn run(&mut self) {
        loop {
            while let Some(item) = self.queue.pop() {
                self.keep(item);
            }
            self.implementations();
            self.loose_methods();
            self.macro_calls();
            // What was asked for in vain, because it is test code, is not asked for again.
            let asked = &mut self.asked;
            self.queue.retain(|&item| asked.insert(item));
            if self.queue.is_empty() {
                return;
            }
        }
    }

    /// Keeps an item: the whole of it, or the part of an implementation together with its head.
    fn keep(&mut self, id: ItemId) {
        let Some(item) = self.model.items.get(id) else { return };
        if self.out.kept.contains(&id) || item.test {
            return;
        }
        if let Some(call) = item.made_by {
            self.whole_call(id, call);
            return;
        }
        match item.parent {
            Some(parent) if self.model.items[parent].kind == ItemKind::Impl => {
                self.out.kept.insert(id);
                self.read(id, item, item.span);
                if self.model.items[parent].implements.as_ref().is_some_and(is_trait) {
                    self.whole_impl(parent);
                } else {
                    self.head(parent);
                }
            }
            Some(parent) => self.queue.push(parent),
            None if item.kind == ItemKind::Impl => {
                if item.implements.as_ref().is_some_and(is_trait) {
                    self.whole_impl(id)
                } else {
                    self.head(id)
                }
            }
            None => {
                self.out.kept.insert(id);
                self.read(id, item, item.span);
            }
        }
    }

    /// Keeps everything of a module, and what its `use` items lead to.
    fn whole_module(&mut self, module: ModuleIdx) {
        self.out.whole.insert(module);
        for module in self.names.ancestors(module) {
            self.out.modules.insert(module);
        }
        for &item in self.names.top_level.get(&module).map_or(&[][..], Vec::as_slice) {
            self.queue.push(item);
            if self.model.items[item].kind == ItemKind::Impl && !self.model.items[item].test {
                self.whole_impl(item);
            }
        }
        for (idx, import) in self.model.imports.iter().enumerate() {
            if import.module != module {
                continue;
            }
            self.out.imports.insert(idx);
            for target in &import.targets {
                match target {
                    crate::model::ImportTarget::Item(item) | crate::model::ImportTarget::Variant(item) => {
                        self.queue.push(*item);
                    }
                    crate::model::ImportTarget::Module(target) => {
                        for module in self.names.ancestors(*target) {
                            self.out.modules.insert(module);
                        }
                    }
                    crate::model::ImportTarget::External(_) => {}
                }
            }
        }
    }

    /// Keeps what a macro makes: its call moves as one.
    fn whole_call(&mut self, id: ItemId, call: ItemId) {
        self.out.kept.insert(id);
        self.queue.push(call);
        self.calls(id, &self.model.items[id], &Scan::default());
    }

    fn head(&mut self, imp: ItemId) {
        if let Some(call) = self.model.items[imp].made_by {
            self.whole_call(imp, call);
            return;
        }
        if self.out.kept.insert(imp) {
            let item = &self.model.items[imp];
            self.read(imp, item, head_span(self.sources, item));
            self.queue.extend(item.implements.as_ref().and_then(|sides| sides.type_item));
        }
    }

    fn whole_impl(&mut self, imp: ItemId) {
        self.head(imp);
        for &part in self.names.parts.get(&imp).map_or(&[][..], Vec::as_slice) {
            if self.out.kept.insert(part) {
                self.read(part, &self.model.items[part], self.model.items[part].span);
            }
        }
        if let Some(trait_item) = self.model.items[imp].implements.as_ref().and_then(|sides| sides.trait_item)
        {
            self.queue.push(trait_item);
        }
    }

    /// The type that `Self` stands for inside an item.
    fn self_type(&self, item: &Item) -> Option<ItemId> {
        let owner = item.parent.map_or(item, |parent| &self.model.items[parent]);
        match owner.kind {
            ItemKind::Impl => owner.implements.as_ref().and_then(|sides| sides.type_item),
            ItemKind::Trait => item.parent,
            _ => None,
        }
    }

    /// Reads the text of a kept item and queues what it mentions.
    fn read(&mut self, id: ItemId, item: &Item, span: Span) {
        for module in self.names.ancestors(item.module) {
            self.out.modules.insert(module);
        }
        let cuts: Vec<TextRange> = self.cuts.get(&span.file).map_or(Vec::new(), |cuts| {
            cuts.iter()
                .filter(|cut| span.range.contains(**cut))
                .map(|cut| TextRange::new(cut.start - span.range.start, cut.end - span.range.start))
                .collect()
        });
        let scan = lex::scan(self.sources.text(span), &cuts);
        let self_type = self.self_type(item);
        for path in &scan.paths {
            let found = self.names.resolve(item.module, &path.segments, path.leading, self_type);
            if path.is_macro && found.items.is_empty() {
                let name = path.segments.last().expect("a path has segments");
                self.queue.extend(self.names.macros(item.module, name));
            }
            if found.items.is_empty() && found.externs.is_empty() && !found.imported {
                // A library may have another name than its package.
                let own = item.externs.iter().filter(|krate| is_called(krate, &path.segments[0]));
                self.out.externs.entry(item.module).or_default().extend(own.cloned());
                self.missing.insert((item.module, path.segments[0].clone()));
            }
            self.missing.extend(found.missing);
            self.queue.extend(found.items);
            for idx in found.imports {
                self.import(idx);
            }
            for krate in found.externs {
                self.externs.insert(krate.clone());
                self.out.externs.entry(item.module).or_default().insert(krate);
            }
        }
        if cuts.is_empty() {
            // Of a head, only what the model says about it; parts come by themselves.
            self.queue.extend(item.mentions.iter().copied().filter(|&other| {
                let other = &self.model.items[other];
                other.parent.is_none() && other.kind != ItemKind::Impl
            }));
            self.calls(id, item, &scan);
        } else {
            self.loose.extend(scan.methods.iter().map(|(name, _)| name.clone()));
        }
        if BY_CONVENTION.iter().any(|derive| scan.idents.contains_key(*derive)) {
            self.whole_module(item.module);
        }
        let out = &mut self.out;
        out.idents.entry(item.module).or_default().extend(scan.idents.into_keys());
        if !scan.assets.is_empty() {
            out.assets.entry(item.module).or_default().extend(scan.assets);
        }
        out.strings.extend(scan.strings);
    }

    /// Keeps a `use` leaf with the leaves that it goes through in turn, and the modules in which it leads to
    /// something that nobody knows.
    fn import(&mut self, idx: usize) {
        let mut queue = vec![idx];
        while let Some(idx) = queue.pop() {
            if !self.out.imports.insert(idx) {
                continue;
            }
            self.externs.extend(self.imported_crate(idx));
            let import = &self.model.imports[idx];
            for module in self.names.ancestors(import.module) {
                self.out.modules.insert(module);
            }
            let Some(leaf) = self.names.written(self.sources, idx) else { continue };
            let found = self.names.resolve(import.module, &leaf.segments, leaf.leading, None);
            queue.extend(found.imports);
            for (module, name) in found.missing {
                for module in self.names.ancestors(module) {
                    self.out.modules.insert(module);
                }
                self.missing.insert((module, name));
            }
        }
    }

    /// The external crate that a `use` leaf starts with, as written.
    fn imported_crate(&self, idx: usize) -> Option<String> {
        let import = &self.model.imports[idx];
        if !import.targets.iter().any(|target| matches!(target, crate::model::ImportTarget::External(_))) {
            return None;
        }
        let text = self.sources.text(import.item);
        let (_, after) = text.rsplit_once("use ")?;
        let name: String = after
            .trim_start_matches(':')
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect();
        (!name.is_empty()).then_some(name)
    }

    fn calls(&mut self, id: ItemId, item: &Item, scan: &Scan) {
        let Some(&function) = self.functions.get(&id) else {
            if item.kind != ItemKind::Impl {
                self.loose.extend(scan.methods.iter().map(|(name, _)| name.clone()));
            }
            // A trait's default bodies are functions of their own.
            for part in self.names.parts.get(&id).cloned().unwrap_or_default() {
                if item.kind == ItemKind::Trait && self.functions.contains_key(&part) {
                    self.calls(part, &self.model.items[part], &Scan::default());
                }
            }
            return;
        };
        let from = self.model.calls.partition_point(|call| call.caller < function);
        for call in self.model.calls[from..].iter().take_while(|call| call.caller == function) {
            self.queue.push(self.model.functions[call.callee].item);
        }
        let from = self.model.unresolved.partition_point(|call| call.caller < function);
        for call in self.model.unresolved[from..].iter().take_while(|call| call.caller == function) {
            self.loose.insert(call.name.clone());
        }
    }

    /// Trait implementations for what is kept.
    fn implementations(&mut self) {
        for (id, item) in self.model.items.iter_enumerated() {
            let Some(sides) = &item.implements else { continue };
            if item.kind != ItemKind::Impl || item.test || self.out.kept.contains(&id) || !is_trait(sides) {
                continue;
            }
            let type_kept = sides.type_item.map(|ty| self.out.kept.contains(&ty));
            let trait_kept = sides.trait_item.map(|item| self.out.kept.contains(&item));
            let wanted = match (type_kept, trait_kept) {
                (Some(ty), Some(tr)) => ty && tr,
                (Some(ty), None) => ty,
                (None, Some(tr)) => tr,
                // Of something foreign for something foreign, with an argument of ours: `From<&Name> for Value`.
                (None, None) => true,
            };
            if !wanted {
                continue;
            }
            if !self.heads.contains_key(&id) {
                let head = head_span(self.sources, item);
                self.heads.insert(id, lex::scan(self.sources.text(head), &[]));
            }
            if !self.head_is_at_home(id, item) {
                continue;
            }
            self.whole_impl(id);
        }
    }

    /// Whether everything that the head of an implementation names is there anyway: a conversion from
    /// an error of a part that stays behind would only drag that part along.
    fn head_is_at_home(&self, id: ItemId, item: &Item) -> bool {
        let scan = self.heads.get(&id).expect("read when it was looked at");
        let self_type = item.implements.as_ref().and_then(|sides| sides.type_item);
        let is_foreign = item
            .implements
            .as_ref()
            .is_some_and(|sides| sides.type_item.is_none() && sides.trait_item.is_none());
        let of_ours = |path: &lex::PathMention| {
            let found = self.names.resolve(item.module, &path.segments, path.leading, self_type);
            found.items.iter().any(|item| self.out.kept.contains(item))
        };
        if is_foreign && !scan.paths.iter().any(of_ours) {
            return false;
        }
        scan.paths.iter().all(|path| {
            let found = self.names.resolve(item.module, &path.segments, path.leading, self_type);
            let bound = self.model.modules.get(item.module).is_some();
            bound
                && found.items.iter().all(|item| self.out.kept.contains(item))
                && (found.externs.iter().all(|krate| self.at_home(krate))
                    // The trait itself, not its arguments.
                    || item.implements.as_ref().is_some_and(|sides| {
                        sides.trait_path.as_ref().is_some_and(|tr| {
                            Some(tr.name()) == path.segments.last().map(String::as_str)
                        })
                    }))
        })
    }

    fn at_home(&self, krate: &str) -> bool {
        matches!(krate, "std" | "core" | "alloc") || self.externs.contains(krate)
    }

    fn loose_methods(&mut self) {
        for (&imp, parts) in &self.names.parts {
            let item = &self.model.items[imp];
            let inherent = item.kind == ItemKind::Impl
                && item.implements.as_ref().is_none_or(|sides| !is_trait(sides))
                && item
                    .implements
                    .as_ref()
                    .and_then(|sides| sides.type_item)
                    .is_some_and(|ty| self.out.kept.contains(&ty));
            if inherent {
                for &part in parts {
                    if self.loose.contains(&self.model.items[part].name) && !self.out.kept.contains(&part) {
                        self.queue.push(part);
                    }
                }
            }
            // An extension trait of ours, called by method syntax on something foreign.
            if item.kind == ItemKind::Trait
                && !self.out.kept.contains(&imp)
                && parts.iter().any(|&part| self.loose.contains(&self.model.items[part].name))
                && self
                    .importers
                    .get(&imp)
                    .is_some_and(|modules| modules.iter().any(|module| self.out.modules.contains(module)))
            {
                self.queue.push(imp);
            }
        }
    }

    fn macro_calls(&mut self) {
        for (module, name) in std::mem::take(&mut self.missing) {
            for &item in self.generated.get(&(module, name)).map_or(&[][..], Vec::as_slice) {
                self.queue.push(item);
            }
            if self.conventional.contains(&module) && !self.out.whole.contains(&module) {
                self.whole_module(module);
            }
        }
        self.queue.retain(|item| !self.out.kept.contains(item));
    }
}

/// Modules that import each trait.
fn importers(model: &Model) -> BTreeMap<ItemId, BTreeSet<ModuleIdx>> {
    let mut out: BTreeMap<ItemId, BTreeSet<ModuleIdx>> = BTreeMap::new();
    for import in &model.imports {
        for target in &import.targets {
            if let crate::model::ImportTarget::Item(item) = target
                && model.items[*item].kind == ItemKind::Trait
            {
                out.entry(*item).or_default().insert(import.module);
            }
        }
    }
    out
}

/// Whether an implementation is of a trait.
pub(super) fn is_trait(sides: &crate::model::Implements) -> bool {
    sides.trait_item.is_some() || sides.trait_path.is_some()
}

/// The text of an item up to its opening brace.
pub(super) fn head_span(sources: &Sources, item: &Item) -> Span {
    let text = sources.text(item.span);
    let end = lex::body_start(text).unwrap_or(text.len() as u32);
    Span { file: item.span.file, range: TextRange::new(item.span.range.start, item.span.range.start + end) }
}
