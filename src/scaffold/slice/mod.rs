//! Cuts the user's text: each file with what stays, byte for byte, and without the rest.
//!
//! Nothing is printed anew but `use` lists that lose leaves. What is not understood stays.

pub(in crate::scaffold) mod edit;
pub(in crate::scaffold) mod form;
pub(in crate::scaffold) mod lex;
pub(in crate::scaffold) mod links;
pub(in crate::scaffold) mod lists;
pub(in crate::scaffold) mod routes;
pub(in crate::scaffold) mod shape;
#[cfg(test)]
pub(in crate::scaffold) mod testing;
pub(in crate::scaffold) mod types;
pub(in crate::scaffold) mod uses;
pub(in crate::scaffold) mod values;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{FileId, Place, Sources, Span, TextRange};
use crate::model::{ImportTarget, ItemId, ItemKind, ModuleIdx, PackageIdx};

use self::edit::Edits;
use super::Gap;
use super::closure::{Closure, is_trait};
use super::names::Names;

/// A crate of the application, sliced.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Slice {
    /// Its package.
    pub package: PackageIdx,
    /// Its root module.
    pub root: ModuleIdx,
    /// Path of the root file, relative to the package.
    pub root_file: String,
    /// Path relative to the package → text.
    pub files: BTreeMap<String, String>,
    /// External crates that it needs, by the name in code.
    pub externs: BTreeSet<String>,
    /// Root modules of the other crates of the workspace that it needs.
    pub locals: BTreeSet<ModuleIdx>,
    /// Lines of the user's that were moved.
    pub lines: u32,
}

/// Further changes to the user's text, and what is added to it.
#[derive(Clone, Debug, Default)]
pub(in crate::scaffold) struct Changes {
    /// Replacements by file.
    pub edits: BTreeMap<FileId, Vec<(TextRange, String)>>,
    /// Items that generated code names: visible in their whole crate from now on.
    pub widen: BTreeSet<ItemId>,
    /// Text that is appended to a crate's root file.
    pub appended: BTreeMap<ModuleIdx, String>,
}

/// The sliced crates, libraries first as they are needed, and what could not be sliced.
pub(in crate::scaffold) fn slices(
    names: &Names<'_>,
    sources: &Sources,
    closure: &Closure,
    changes: &Changes,
) -> (Vec<Slice>, Vec<Gap>) {
    let roots: BTreeSet<ModuleIdx> = closure.modules.iter().map(|&module| names.root_of(module)).collect();
    let mut gaps = Vec::new();
    let slices = roots
        .iter()
        .map(|&root| Slicer { names, sources, closure, changes, root, gaps: &mut gaps }.slice(&roots))
        .collect();
    (slices, gaps)
}

struct Slicer<'a, 'm> {
    names: &'a Names<'m>,
    sources: &'a Sources,
    closure: &'a Closure,
    changes: &'a Changes,
    root: ModuleIdx,
    gaps: &'a mut Vec<Gap>,
}

/// Traits that are often imported for their methods alone, with names that betray their use.
const METHOD_TRAITS: &[(&str, &[&str])] = &[
    ("BufRead", &["lines", "read_line"]),
    ("Datelike", &["year", "month", "day", "weekday", "ordinal"]),
    ("Digest", &["update", "finalize", "digest", "new"]),
    ("Engine", &["encode", "decode"]),
    ("FromRequest", &["from_request"]),
    ("FromRequestParts", &["from_request_parts"]),
    ("FromStr", &["from_str"]),
    ("Hash", &["hash"]),
    ("Hasher", &["finish"]),
    ("IntoResponse", &["into_response"]),
    ("Mac", &["new_from_slice", "update", "finalize", "verify_slice"]),
    ("OptionalExtension", &["optional"]),
    ("PasswordHasher", &["hash_password", "hash_password_simple", "hash_password_customized"]),
    ("PasswordVerifier", &["verify_password"]),
    ("Read", &["read", "read_to_string", "read_to_end"]),
    ("Row", &["get", "try_get"]),
    ("Rng", &["random", "random_range", "gen_range", "gen"]),
    ("RngCore", &["fill_bytes", "try_fill_bytes", "next_u32", "next_u64"]),
    ("Timelike", &["hour", "minute", "second", "nanosecond"]),
    ("ToString", &["to_string"]),
    ("Write", &["write", "write_all", "write_str", "write_fmt", "flush", "writeln"]),
];

impl Slicer<'_, '_> {
    fn slice(self, roots: &BTreeSet<ModuleIdx>) -> Slice {
        let model = self.names.model;
        let module = &model.modules[self.root];
        let package = &model.packages[module.package];
        let modules: Vec<ModuleIdx> =
            self.closure.modules.iter().copied().filter(|&id| self.names.root_of(id) == self.root).collect();
        let mut slice = Slice {
            package: module.package,
            root: self.root,
            root_file: self.relative(module.content.file, &package.dir).unwrap_or_default(),
            files: BTreeMap::new(),
            externs: BTreeSet::new(),
            locals: BTreeSet::new(),
            lines: 0,
        };
        let mut edits: BTreeMap<FileId, Edits> = BTreeMap::new();
        for &id in &modules {
            let file = model.modules[id].content.file;
            let edits = edits.entry(file).or_default();
            self.items(id, edits);
            self.children(id, edits);
            slice.externs.extend(self.closure.externs.get(&id).into_iter().flatten().cloned());
        }
        for &id in &modules {
            let edits = edits.entry(model.modules[id].content.file).or_default();
            self.uses(id, edits, &mut slice);
        }
        for (file, mut edits) in edits {
            for (range, with) in self.changes.edits.get(&file).into_iter().flatten() {
                edits.replace(*range, with.clone());
            }
            let source = &self.sources.files[file];
            let mut text = edit::without_hollow(edits.apply(&source.text));
            slice.lines += text.lines().filter(|line| !line.trim().is_empty()).count() as u32;
            if file == module.content.file && !module.inline {
                text = relaxed(&text);
                for name in extern_crates(&text) {
                    slice.externs.insert(name);
                }
                text.push_str(self.changes.appended.get(&self.root).map_or("", String::as_str));
            }
            match self.relative(file, &package.dir) {
                Some(path) => {
                    slice.files.insert(path, text);
                }
                None => self.gaps.push(Gap::new(
                    Some(Place { file, line: 1 }),
                    "the file lies outside of its package; move it inside or copy it by hand",
                )),
            }
        }
        for (name, root) in self.local_crates(module.package) {
            let mentioned = modules
                .iter()
                .any(|id| self.closure.idents.get(id).is_some_and(|idents| idents.contains(&name)))
                || slice.files.values().any(|text| text.contains(&format!("{name}::")));
            if mentioned && roots.contains(&root) && root != self.root {
                slice.locals.insert(root);
            }
        }
        slice
    }

    /// Crates of the workspace by the name that a package's code uses for them.
    fn local_crates(&self, package: PackageIdx) -> Vec<(String, ModuleIdx)> {
        let facts = &self.names.model.packages[package];
        let mut found: Vec<_> = facts
            .dependencies
            .iter()
            .filter_map(|dependency| Some((dependency.krate.clone(), self.names.library(dependency.local?)?)))
            .collect();
        if let (Some(lib), Some(root)) = (&facts.lib, self.names.library(package)) {
            found.push((lib.replace('-', "_"), root));
        }
        found
    }

    fn relative(&self, file: FileId, dir: &str) -> Option<String> {
        let path = &self.sources.files.get(file)?.path;
        if dir.is_empty() {
            return Some(path.clone());
        }
        path.strip_prefix(dir)?.strip_prefix('/').map(str::to_owned)
    }

    /// Cuts the items of a module that stay behind.
    fn items(&self, module: ModuleIdx, edits: &mut Edits) {
        let model = self.names.model;
        for &id in self.names.top_level.get(&module).map_or(&[][..], Vec::as_slice) {
            let item = &model.items[id];
            if item.made_by.is_some() {
                continue;
            }
            let text = &*self.sources.files[item.span.file].text;
            if !self.closure.kept.contains(&id) {
                edits.cut_item(text, item.span.range);
                continue;
            }
            self.widen(id, edits);
            let trait_impl = item.implements.as_ref().is_some_and(is_trait);
            if item.kind == ItemKind::Impl && !trait_impl {
                for &part in self.names.parts.get(&id).map_or(&[][..], Vec::as_slice) {
                    if model.items[part].made_by.is_some() {
                        continue;
                    }
                    if self.closure.kept.contains(&part) {
                        self.widen(part, edits);
                    } else {
                        edits.cut_item(text, model.items[part].span.range);
                    }
                }
            }
        }
    }

    /// Makes an item visible in its crate where generated code names it.
    fn widen(&self, id: ItemId, edits: &mut Edits) {
        if self.names.model.items[id].made_by.is_some() {
            return;
        }
        if self.changes.widen.contains(&id) {
            self.widen_span(self.names.model.items[id].span, edits);
        }
    }

    fn widen_span(&self, span: Span, edits: &mut Edits) {
        let (vis, at) = lex::visibility(self.sources.text(span));
        let offset = |at: u32| span.range.start + at;
        match vis {
            None => edits.replace(TextRange::new(offset(at), offset(at)), "pub(crate) "),
            Some((range, text)) if text != "pub" && text.replace(' ', "") != "pub(crate)" => {
                edits.replace(TextRange::new(offset(range.start), offset(range.end)), "pub(crate)");
            }
            Some(_) => {}
        }
    }

    /// Cuts the declarations of child modules that stay behind.
    fn children(&self, module: ModuleIdx, edits: &mut Edits) {
        let model = self.names.model;
        let widened: BTreeSet<ModuleIdx> = self
            .changes
            .widen
            .iter()
            .flat_map(|&item| self.names.ancestors(model.items[item].module))
            .collect();
        for (id, child) in model.modules.iter_enumerated() {
            let Some(declared) = child.declared_at.filter(|_| child.parent == Some(module)) else { continue };
            if !self.closure.modules.contains(&id) {
                edits.cut_item(&self.sources.files[declared.file].text, declared.range);
            } else if widened.contains(&id) && model.modules[module].parent.is_some() {
                self.widen_span(declared, edits);
            }
        }
    }

    /// Trims the `use` items of a module.
    fn uses(&self, module: ModuleIdx, edits: &mut Edits, slice: &mut Slice) {
        let model = self.names.model;
        let mut groups: BTreeMap<Span, Vec<usize>> = BTreeMap::new();
        for (idx, import) in model.imports.iter().enumerate() {
            if import.module == module {
                groups.entry(import.item).or_default().push(idx);
            }
        }
        let bodies: Vec<Span> = self
            .names
            .top_level
            .get(&module)
            .map_or(Vec::new(), |items| items.iter().map(|&item| model.items[item].span).collect());
        for (span, mut leaves) in groups {
            if bodies.iter().any(|body| body.file == span.file && body.range.contains(span.range)) {
                continue; // Inside a body: that text stays as it is.
            }
            leaves.sort_by_key(|&idx| model.imports[idx].leaf.range);
            let text = self.sources.text(span);
            let Some((public, written)) = uses::leaves(text) else { continue };
            if written.len() != leaves.len() {
                // cfg'd or half-understood: it stays, and with it the crate.
                slice.externs.extend(written.iter().filter_map(|leaf| leaf.segments.first().cloned()));
                continue;
            }
            let whole = self.closure.whole.contains(&module);
            let keep: Vec<bool> = leaves
                .iter()
                .zip(&written)
                .map(|(&idx, leaf)| whole && self.leads(idx) || self.leaf_stays(idx, leaf, public, module))
                .collect();
            for (leaf, _) in written.iter().zip(&keep).filter(|(_, keep)| **keep) {
                let first = leaf.segments.first().map_or("", String::as_str);
                if !matches!(first, "crate" | "self" | "super") {
                    slice.externs.insert(first.to_owned());
                }
            }
            let file_text = &*self.sources.files[span.file].text;
            if keep.iter().all(|keep| !keep) {
                edits.cut_item(file_text, span.range);
            } else if !keep.iter().all(|keep| *keep)
                && let Some(trimmed) = uses::trim(text, &keep)
            {
                edits.replace(span.range, trimmed);
            }
        }
    }

    /// Whether what a leaf of a module that stays whole means is there.
    fn leads(&self, idx: usize) -> bool {
        let targets = &self.names.model.imports[idx].targets;
        targets.is_empty()
            || targets.iter().any(|target| match target {
                ImportTarget::Item(item) | ImportTarget::Variant(item) => self.closure.kept.contains(item),
                ImportTarget::Module(module) => self.closure.modules.contains(module),
                ImportTarget::External(_) => true,
            })
    }

    /// Whether a module that stays imports what a public leaf passes on.
    fn is_passed_on(&self, idx: usize) -> bool {
        let imports = &self.names.model.imports;
        imports.iter().enumerate().any(|(other, import)| {
            other != idx
                && import.name == imports[idx].name
                && self.closure.modules.contains(&import.module)
                && self.names.written(self.sources, other).is_some_and(|leaf| {
                    let found = self.names.resolve(import.module, &leaf.segments, leaf.leading, None);
                    found.imports.contains(&idx)
                })
        })
    }

    /// Whether a macro on a kept type makes what a leaf means: `SetupArgs` beside a `Setup`. Only another macro's output may
    /// name it.
    fn is_derived(&self, leaf: &uses::Leaf, module: ModuleIdx) -> bool {
        let Some((last, above)) = leaf.segments.split_last() else { return false };
        let model = self.names.model;
        let makes = |&id: &ItemId| {
            let item = &model.items[id];
            matches!(item.kind, ItemKind::Struct | ItemKind::Enum)
                && self.closure.kept.contains(&id)
                && last.len() > item.name.len()
                && last.starts_with(&item.name)
                && self.sources.text(item.span).contains("derive(")
        };
        let found = self.names.resolve(module, above, leaf.leading, None);
        found
            .modules
            .iter()
            .filter_map(|module| self.names.top_level.get(module))
            .any(|items| items.iter().any(makes))
    }

    fn leaf_stays(&self, idx: usize, leaf: &uses::Leaf, public: bool, module: ModuleIdx) -> bool {
        let import = &self.names.model.imports[idx];
        let mut local = false;
        let mut alive = false;
        let mut is_trait = false;
        for target in &import.targets {
            match target {
                ImportTarget::Item(item) | ImportTarget::Variant(item) => {
                    local = true;
                    alive |= self.closure.kept.contains(item);
                    is_trait |= self.names.model.items[*item].kind == ItemKind::Trait;
                }
                ImportTarget::Module(target) => {
                    local = true;
                    alive |= self.closure.modules.contains(target);
                }
                ImportTarget::External(_) => {}
            }
        }
        let used = self.closure.imports.contains(&idx);
        if local {
            return alive && (used || is_trait || import.glob || public);
        }
        if used {
            return true;
        }
        let first = leaf.segments.first().map_or("", String::as_str);
        let outside = import.targets.iter().any(|target| match target {
            ImportTarget::External(path) => !matches!(path.krate(), "crate" | "self" | "super"),
            _ => false,
        });
        if matches!(first, "crate" | "self" | "super") && !outside {
            // Else it leads nowhere that is known, and nobody asks for it.
            return self.is_derived(leaf, module);
        }
        if import.glob {
            return true;
        }
        if public {
            return self.is_passed_on(idx);
        }
        // A trait may be imported for its methods alone.
        let last = leaf.segments.last().map_or("", String::as_str);
        if !last.starts_with(|first: char| first.is_uppercase()) {
            return false;
        }
        let idents = self.closure.idents.get(&module);
        let has = |name: &str| idents.is_some_and(|idents| idents.contains(name));
        match METHOD_TRAITS.iter().find(|(name, _)| *name == last) {
            Some((_, methods)) => methods.iter().any(|method| has(method)),
            None => !self.named_in(module, last) && !idents.is_none_or(BTreeSet::is_empty),
        }
    }

    /// Whether the items of a module name something, kept or not.
    fn named_in(&self, module: ModuleIdx, name: &str) -> bool {
        let items = self.names.top_level.get(&module).map_or(&[][..], Vec::as_slice);
        items.iter().any(|&item| {
            let text = self.sources.text(self.names.model.items[item].span);
            // A comment may speak of it.
            has_word(text, name) && lex::scan(text, &[]).idents.contains_key(name)
        })
    }
}

/// A crate's root file whose lints only warn: what others used to read is unused here, and no mistake.
fn relaxed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let head = line.trim_start();
        match ["#![deny(", "#![forbid("].iter().find(|lint| head.starts_with(**lint)) {
            Some(lint) => out += &line.replacen(lint, "#![warn(", 1),
            None => out += line,
        }
    }
    out
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let part = |letter: char| letter.is_alphanumeric() || letter == '_';
        !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part)
    })
}

/// Names in `extern crate` items.
fn extern_crates(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("extern crate "))
        .filter_map(|rest| rest.split([';', ' ']).next().map(str::to_owned))
        .filter(|name| name != "self")
        .collect()
}
