//! Looks up written paths among the model's items, the way the code at that place would.
//!
//! The model already says what each item mentions. This second look serves where the model cannot: text
//! from which parts were cut, macros that nobody expanded, type names in signatures.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Id, UnorderedMap};
use crate::model::{
    EntryPointId, EntryPointKind, FunctionId, ImportTarget, ItemId, ItemKind, Model, ModuleIdx, PackageIdx,
};

use super::slice::shape::alias;
use super::slice::types::Ty;

/// What a written path means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Items along the path (the type and its method).
    pub items: BTreeSet<ItemId>,
    /// The items at the path's end.
    pub last: Vec<ItemId>,
    /// The modules at the path's end.
    pub modules: Vec<ModuleIdx>,
    /// External crates, by the name in code.
    pub externs: BTreeSet<String>,
    /// Bound by a `use` of something external.
    pub imported: bool,
    /// Names that were looked for in a module in vain: macros may make them.
    pub missing: BTreeSet<(ModuleIdx, String)>,
    /// The `use` leaves on the way, as indices into the model's imports.
    pub imports: BTreeSet<usize>,
}

/// The handler of an entry point, where it has a name of its own: that of a route's closure is the function around it.
pub(super) fn handler(model: &Model, id: EntryPointId) -> Option<FunctionId> {
    let entry = &model.entry_points[id];
    let handler = entry.handler?;
    let around = &model.functions[handler].place;
    let lines = around.line + 1..around.line + model.functions[handler].n_lines;
    let closure = entry.kind == EntryPointKind::Http
        && entry.declared_at.file == around.file
        && lines.contains(&entry.declared_at.line);
    (!closure).then_some(handler)
}

/// Lookup tables over a model.
pub(super) struct Names<'m> {
    /// The model.
    pub model: &'m Model,
    by_module: UnorderedMap<(ModuleIdx, String), Vec<ItemId>>,
    children: UnorderedMap<(ModuleIdx, String), Vec<ModuleIdx>>,
    imports: UnorderedMap<(ModuleIdx, String), Vec<usize>>,
    globs: UnorderedMap<ModuleIdx, Vec<usize>>,
    members: UnorderedMap<(ItemId, String), Vec<ItemId>>,
    macros: UnorderedMap<(PackageIdx, String), Vec<ItemId>>,
    /// Items in each module, in id order.
    pub top_level: BTreeMap<ModuleIdx, Vec<ItemId>>,
    /// Children of each implementation and trait.
    pub parts: BTreeMap<ItemId, Vec<ItemId>>,
    roots: BTreeMap<(PackageIdx, String), ModuleIdx>,
    /// What suppliers know, once one has asked.
    pub supply: OnceCell<super::supply::Facts>,
    /// What the aliases without parameters stand for.
    pub aliases: BTreeMap<ItemId, Ty>,
}

const SYSROOT: &[&str] = &["std", "core", "alloc", "proc_macro", "test"];

impl<'m> Names<'m> {
    /// The tables of `model`.
    pub fn new(model: &'m Model) -> Self {
        let mut names = Self {
            model,
            by_module: UnorderedMap::new(),
            children: UnorderedMap::new(),
            imports: UnorderedMap::new(),
            globs: UnorderedMap::new(),
            members: UnorderedMap::new(),
            macros: UnorderedMap::new(),
            top_level: BTreeMap::new(),
            parts: BTreeMap::new(),
            roots: BTreeMap::new(),
            supply: OnceCell::new(),
            aliases: BTreeMap::new(),
        };
        for (id, module) in model.modules.iter_enumerated() {
            match module.parent {
                Some(parent) => {
                    let key = (parent, module.path.name().to_owned());
                    names.children.get_or_insert_with(key, Vec::new).push(id);
                }
                None => {
                    // A binary is often called like the library beside it.
                    let is_lib = |id: ModuleIdx| {
                        let file = model.modules[id].content.file;
                        model.files.get(file).is_some_and(|file| file.path.ends_with("lib.rs"))
                    };
                    let key = (module.package, module.krate.clone());
                    if !names.roots.get(&key).is_some_and(|&other| is_lib(other)) {
                        names.roots.insert(key, id);
                    }
                }
            }
        }
        for (id, item) in model.items.iter_enumerated() {
            match item.parent {
                None => {
                    names.top_level.entry(item.module).or_default().push(id);
                    if item.kind != ItemKind::Impl && !item.name.is_empty() {
                        let key = (item.module, item.name.clone());
                        names.by_module.get_or_insert_with(key, Vec::new).push(id);
                    }
                }
                Some(parent) => {
                    names.parts.entry(parent).or_default().push(id);
                    let owner = match model.items[parent].kind {
                        ItemKind::Impl => {
                            model.items[parent].implements.as_ref().and_then(|sides| sides.type_item)
                        }
                        _ => Some(parent),
                    };
                    if let Some(owner) = owner {
                        names.members.get_or_insert_with((owner, item.name.clone()), Vec::new).push(id);
                    }
                }
            }
            if item.kind == ItemKind::Macro {
                let package = model.modules[item.module].package;
                names.macros.get_or_insert_with((package, item.name.clone()), Vec::new).push(id);
            }
        }
        for (idx, import) in model.imports.iter().enumerate() {
            if import.glob {
                names.globs.get_or_insert_with(import.module, Vec::new).push(idx);
            } else if let Some(name) = &import.name {
                names.imports.get_or_insert_with((import.module, name.clone()), Vec::new).push(idx);
            }
        }
        names
    }

    /// Reads what aliases stand for.
    pub fn with_aliases(mut self, sources: &crate::base::Sources) -> Self {
        let model = self.model;
        let aliases = model.items.iter_enumerated().filter(|(_, item)| {
            let at_hand = item.span.file.idx() < sources.files.len();
            item.kind == ItemKind::TypeAlias && item.parent.is_none() && !item.test && at_hand
        });
        self.aliases = aliases
            .filter_map(|(id, item)| Some((id, alias(sources.text(item.span))?)))
            .filter_map(|(id, (params, ty))| params.is_empty().then_some((id, ty)))
            .collect();
        self
    }

    /// The root module of the crate that `module` stands in.
    pub fn root_of(&self, mut module: ModuleIdx) -> ModuleIdx {
        while let Some(parent) = self.model.modules[module].parent {
            module = parent;
        }
        module
    }

    /// The root module of a package's library.
    pub fn library(&self, package: PackageIdx) -> Option<ModuleIdx> {
        let lib = self.model.packages[package].lib.as_ref()?;
        self.roots.get(&(package, lib.replace('-', "_"))).copied()
    }

    /// The crate of this workspace, or the external crate, that `name` means in a package.
    fn krate(&self, package: PackageIdx, name: &str) -> Option<Result<ModuleIdx, String>> {
        if SYSROOT.contains(&name) {
            return Some(Err(name.to_owned()));
        }
        let facts = &self.model.packages[package];
        if let Some(dependency) = facts.dependencies.iter().find(|dependency| dependency.krate == name) {
            return Some(match dependency.local.and_then(|local| self.library(local)) {
                Some(root) => Ok(root),
                None => Err(name.to_owned()),
            });
        }
        (facts.lib.as_deref().map(|lib| lib.replace('-', "_")).as_deref() == Some(name))
            .then(|| self.library(package))
            .flatten()
            .map(Ok)
    }

    /// What a path written in `module` means; `self_type` is what `Self` stands for.
    pub fn resolve(
        &self,
        module: ModuleIdx,
        segments: &[String],
        leading: bool,
        self_type: Option<ItemId>,
    ) -> Found {
        let mut found = Found::default();
        let Some((first, rest)) = segments.split_first() else { return found };
        let package = self.model.modules[module].package;
        if leading {
            match self.krate(package, first) {
                Some(Ok(root)) => self.walk(vec![root], Vec::new(), rest, &mut found, 0),
                Some(Err(name)) => {
                    found.externs.insert(name);
                }
                None => {}
            }
            return found;
        }
        match first.as_str() {
            "crate" => self.walk(vec![self.root_of(module)], Vec::new(), rest, &mut found, 0),
            "self" => self.walk(vec![module], Vec::new(), rest, &mut found, 0),
            "super" => {
                let parent = self.model.modules[module].parent.unwrap_or(module);
                match rest.first().map(String::as_str) {
                    Some("super") => return self.resolve(parent, rest, false, self_type),
                    _ => self.walk(vec![parent], Vec::new(), rest, &mut found, 0),
                }
            }
            "Self" => {
                if let Some(ty) = self_type {
                    self.walk(Vec::new(), vec![ty], rest, &mut found, 0);
                }
            }
            _ => {
                let (modules, items) = self.lookup(module, first, &mut found, 0);
                if modules.is_empty() && items.is_empty() && !found.imported {
                    match self.krate(package, first) {
                        Some(Ok(root)) => self.walk(vec![root], Vec::new(), rest, &mut found, 0),
                        Some(Err(name)) => {
                            found.externs.insert(name);
                        }
                        None => {}
                    }
                } else {
                    // Whoever names a thing together with what it holds means the module.
                    self.walk(modules, items, rest, &mut found, 0);
                }
            }
        }
        found
    }

    /// A `use` leaf as it is written.
    pub fn written(&self, sources: &crate::base::Sources, idx: usize) -> Option<super::slice::uses::Leaf> {
        let import = &self.model.imports[idx];
        let text = sources.text(import.item);
        let (_, leaves) = super::slice::uses::leaves(text)?;
        let position = self
            .model
            .imports
            .iter()
            .filter(|other| other.item == import.item && other.leaf.range.start < import.leaf.range.start)
            .count();
        leaves.into_iter().nth(position)
    }

    /// The macro of a package by its bare name.
    pub fn macros(&self, module: ModuleIdx, name: &str) -> Vec<ItemId> {
        let package = self.model.modules[module].package;
        let own = self.macros.get(&(package, name.to_owned()));
        own.cloned().unwrap_or_default()
    }

    /// Associated items of a type or trait by name.
    pub fn members(&self, owner: ItemId, name: &str) -> &[ItemId] {
        self.members.get(&(owner, name.to_owned())).map_or(&[], Vec::as_slice)
    }

    fn walk(
        &self,
        modules: Vec<ModuleIdx>,
        items: Vec<ItemId>,
        rest: &[String],
        found: &mut Found,
        depth: u32,
    ) {
        for &item in &items {
            found.items.insert(item);
        }
        let Some((next, rest)) = rest.split_first() else {
            found.last.extend(items);
            found.modules.extend(modules);
            return;
        };
        if depth > 32 {
            return;
        }
        let mut next_modules = Vec::new();
        let mut next_items = Vec::new();
        for module in modules {
            if next == "super" {
                next_modules.extend(self.model.modules[module].parent);
            } else {
                let (found_modules, found_items) = self.lookup(module, next, found, depth + 1);
                if found_modules.is_empty() && found_items.is_empty() {
                    found.missing.insert((module, next.clone()));
                }
                next_modules.extend(found_modules);
                next_items.extend(found_items);
            }
        }
        for item in items {
            next_items.extend_from_slice(self.members(item, next));
        }
        if !next_modules.is_empty() || !next_items.is_empty() {
            self.walk(next_modules, next_items, rest, found, depth + 1);
        }
    }

    /// What a name means inside a module; external crates go to `found`.
    fn lookup(
        &self,
        module: ModuleIdx,
        name: &str,
        found: &mut Found,
        depth: u32,
    ) -> (Vec<ModuleIdx>, Vec<ItemId>) {
        let key = (module, name.to_owned());
        let mut modules = self.children.get(&key).cloned().unwrap_or_default();
        let mut items = self.by_module.get(&key).cloned().unwrap_or_default();
        for &idx in self.imports.get(&key).map_or(&[][..], Vec::as_slice) {
            found.imports.insert(idx);
            self.target(idx, &mut modules, &mut items, found);
        }
        if modules.is_empty() && items.is_empty() && depth < 8 {
            for &idx in self.globs.get(&module).map_or(&[][..], Vec::as_slice) {
                for target in &self.model.imports[idx].targets {
                    match *target {
                        ImportTarget::Module(from) if from != module => {
                            let n_before = found.imports.len();
                            let (more_modules, more_items) = self.lookup(from, name, found, depth + 1);
                            // What is imported there may be something that only a macro makes.
                            let goes_on = found.imports.len() > n_before;
                            if goes_on || !more_modules.is_empty() || !more_items.is_empty() {
                                found.imports.insert(idx);
                            }
                            modules.extend(more_modules);
                            items.extend(more_items);
                        }
                        ImportTarget::Item(item) | ImportTarget::Variant(item) => {
                            items.extend_from_slice(self.members(item, name));
                        }
                        _ => {}
                    }
                }
            }
        }
        modules.dedup();
        (modules, items)
    }

    fn target(&self, idx: usize, modules: &mut Vec<ModuleIdx>, items: &mut Vec<ItemId>, found: &mut Found) {
        for target in &self.model.imports[idx].targets {
            match target {
                ImportTarget::Item(item) | ImportTarget::Variant(item) => items.push(*item),
                ImportTarget::Module(module) => modules.push(*module),
                // The crate by its name in code stands in the `use` itself; whether that leaf stays is
                // decided where `use` lists are trimmed.
                ImportTarget::External(_) => found.imported = true,
            }
        }
    }

    /// `functions` of the model by item.
    pub fn function_of_item(&self) -> BTreeMap<ItemId, crate::model::FunctionId> {
        self.model.functions.iter_enumerated().map(|(id, function)| (function.item, id)).collect()
    }

    /// Every module on the way from `module` to its root, itself included.
    pub fn ancestors(&self, module: ModuleIdx) -> impl Iterator<Item = ModuleIdx> {
        std::iter::successors(Some(module), |&module| self.model.modules[module].parent)
    }

    /// Whether an id is of this model; guards against a model and sources that do not belong together.
    pub fn knows(&self, item: ItemId) -> bool {
        item.idx() < self.model.items.len()
    }
}
