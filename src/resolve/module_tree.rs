//! Walks from the roots of crates through `mod` items, and gathers modules, definitions and imports.
//!
//! A file that several targets of a package declare (`mod a;` in `lib.rs` and `main.rs`) belongs to
//! the first; the others see the same module, so that nothing is there twice.

use std::rc::Rc;

use rayon::prelude::*;

use crate::base::{Code, DefPath, Diagnostic, FileId, Id, IndexVec, Name, Place, Sources, UnorderedMap};
use crate::parse::ParsedFiles;
use crate::parse::tree::body::{BlockKind, Expr, ExprId};
use crate::parse::tree::items::{AdtKind, BodyIdx, Item, ItemIdx, ItemKind, ItemTree};
use crate::parse::tree::types::{Path, PathStart, TypeRef};

use super::cfg::{CfgOptions, Presence, is_test_fn};
use super::index::{DefData, ModuleData, tree_of};
use super::program::{DefId, DefKind, KrateId, ModuleId};
use super::scope::ImportDecl;

/// What the walk gathers.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) modules: IndexVec<ModuleId, ModuleData>,
    pub(super) defs: IndexVec<DefId, DefData>,
    pub(super) imports: Vec<ImportDecl>,
    pub(super) blocks: Vec<((FileId, BodyIdx, ExprId), ModuleId)>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// `mod` items whose file an earlier crate has already: the name is bound to that module.
    pub(super) shared: Vec<(ModuleId, ItemIdx, FileId, ModuleId)>,
    /// The module of each file that was reached.
    pub(super) of_file: UnorderedMap<FileId, ModuleId>,
}

/// The walk.
pub(super) struct Collector<'a> {
    pub(super) files: &'a ParsedFiles,
    pub(super) sources: &'a Sources,
    pub(super) n_files: usize,
    pub(super) out: Collected,
}

/// Where the walk is.
#[derive(Clone)]
struct Here<'a> {
    krate: KrateId,
    scope: ModuleId,
    file: FileId,
    /// Directory that `mod a;` looks in, and that `#[path]` is relative to.
    dir: Rc<str>,
    path_dir: Rc<str>,
    parent: Option<DefId>,
    is_test: bool,
    cfg: CfgOptions<'a>,
}

impl<'a> Collector<'a> {
    /// Walks a crate from its root file and gives its root module.
    pub(super) fn krate(
        &mut self,
        krate: KrateId,
        name: &str,
        root: FileId,
        cfg: CfgOptions<'a>,
        is_test: bool,
    ) -> ModuleId {
        let scope = self.out.modules.push(ModuleData {
            path: DefPath::new(name),
            krate,
            parent: None,
            file: root,
            declared_by: None,
            inline: false,
            is_test,
            block_of: None,
            missing: false,
        });
        self.out.of_file.insert(root, scope);
        let dir: Rc<str> = match root.idx() < self.n_files {
            true => parent_dir(&self.sources.files[root].path).into(),
            false => "".into(),
        };
        let here = Here { krate, scope, file: root, path_dir: dir.clone(), dir, parent: None, is_test, cfg };
        let tree = self.tree(root);
        if cfg.presence(&tree.attrs) != Presence::Absent {
            self.items(&tree.top, &here);
        }
        scope
    }

    fn tree(&self, file: FileId) -> &'a ItemTree {
        tree_of(self.files, self.n_files, file)
    }

    fn items(&mut self, items: &[ItemIdx], here: &Here<'a>) {
        for &item in items {
            self.item(item, here);
        }
    }

    fn item(&mut self, idx: ItemIdx, here: &Here<'a>) {
        let item = &self.tree(here.file).items[idx];
        let mut here = here.clone();
        match here.cfg.presence(&item.attrs) {
            Presence::Absent => return,
            Presence::Test => here.is_test = true,
            Presence::Normal => {}
        }
        let kind = match &item.kind {
            ItemKind::Mod { content } => return self.module(idx, item, content.as_deref(), &here),
            ItemKind::Use(leaves) => {
                for leaf in 0..leaves.len() as u32 {
                    let (scope, file) = (here.scope, here.file);
                    self.out.imports.push(ImportDecl { scope, file, item: idx, leaf: Some(leaf) });
                }
                return;
            }
            ItemKind::ExternCrate { .. } => {
                let (scope, file) = (here.scope, here.file);
                self.out.imports.push(ImportDecl { scope, file, item: idx, leaf: None });
                return;
            }
            ItemKind::Fn(_) => DefKind::Fn,
            ItemKind::Adt(adt) => match adt.kind {
                AdtKind::Struct => DefKind::Struct,
                AdtKind::Enum => DefKind::Enum,
                AdtKind::Union => DefKind::Union,
            },
            ItemKind::Trait { .. } => DefKind::Trait,
            ItemKind::Impl { .. } => DefKind::Impl,
            ItemKind::TypeAlias { .. } => DefKind::TypeAlias,
            ItemKind::Value { is_static: true, .. } => DefKind::Static,
            ItemKind::Value { .. } => DefKind::Const,
            ItemKind::MacroRules { .. } => DefKind::Macro,
            ItemKind::MacroCall { .. } => DefKind::MacroCall,
        };
        here.is_test |= kind == DefKind::Fn && is_test_fn(&item.attrs);
        let def = self.out.defs.push(DefData {
            kind,
            name: item.name,
            path: self.path_of(item, &here),
            module: here.scope,
            krate: here.krate,
            parent: here.parent,
            file: here.file,
            item: idx,
            is_test: here.is_test,
        });
        let members = match &item.kind {
            ItemKind::Trait { items, .. } | ItemKind::Impl { items, .. } => Some(items),
            _ => None,
        };
        if let Some(members) = members {
            here.parent = Some(def);
            self.items(members, &here);
            return;
        }
        let body = match &item.kind {
            ItemKind::Fn(decl) => decl.body,
            ItemKind::Value { body, .. } => *body,
            _ => None,
        };
        if let Some(body) = body {
            here.parent = Some(def);
            self.blocks(body, def, &here);
        }
    }

    /// Items in the blocks of a body.
    fn blocks(&mut self, body_idx: BodyIdx, def: DefId, here: &Here<'a>) {
        let body = &self.tree(here.file).bodies[body_idx];
        if !body.holds_items {
            return;
        }
        let mut blocks: Vec<(ExprId, &[ItemIdx])> = Vec::new();
        for (expr, value) in body.exprs.iter_enumerated() {
            if let Expr::Block { items, kind, .. } = value {
                debug_assert!(matches!(
                    kind,
                    BlockKind::Plain
                        | BlockKind::Async
                        | BlockKind::Unsafe
                        | BlockKind::Const
                        | BlockKind::Try
                ));
                if !items.is_empty() {
                    blocks.push((expr, items));
                }
            }
        }
        if blocks.is_empty() {
            return;
        }
        // Outer blocks first: a later expression id contains the earlier ones of its range.
        blocks.sort_by_key(|&(expr, _)| (body.ranges[expr].start, std::cmp::Reverse(expr)));
        let mut open: Vec<(ExprId, ModuleId)> = Vec::new();
        for (expr, items) in blocks {
            while open.last().is_some_and(|&(outer, _)| !body.ranges[outer].contains(body.ranges[expr])) {
                open.pop();
            }
            let parent = open.last().map_or(here.scope, |&(_, scope)| scope);
            let scope = self.out.modules.push(ModuleData {
                path: self.out.defs[def].path.clone(),
                krate: here.krate,
                parent: Some(parent),
                file: here.file,
                declared_by: None,
                inline: true,
                is_test: here.is_test,
                block_of: Some(def),
                missing: false,
            });
            self.out.blocks.push(((here.file, body_idx, expr), scope));
            open.push((expr, scope));
            let mut inner = here.clone();
            inner.scope = scope;
            self.items(items, &inner);
        }
    }

    fn module(&mut self, idx: ItemIdx, item: &'a Item, content: Option<&'a [ItemIdx]>, here: &Here<'a>) {
        let name = item.name;
        let path = self.out.modules[here.scope].path.child(name);
        let explicit = item.attrs.find("path").map(|attr| &*attr.args);
        let mut data = ModuleData {
            path,
            krate: here.krate,
            parent: Some(here.scope),
            file: here.file,
            declared_by: Some((here.file, idx)),
            inline: content.is_some(),
            is_test: here.is_test,
            block_of: None,
            missing: false,
        };
        if let Some(content) = content {
            let scope = self.out.modules.push(data);
            let sub = explicit.map_or(name.as_str(), str::trim);
            let dir: Rc<str> = join(&here.dir, sub).into();
            let inner = Here { scope, path_dir: dir.clone(), dir, parent: None, ..here.clone() };
            self.items(content, &inner);
            return;
        }
        let found = match explicit {
            Some(path) => {
                let at = join(&here.path_dir, unquote(path));
                let dir: Rc<str> = parent_dir(&at).into();
                self.sources.find(&at).map(|file| (file, dir.clone(), dir))
            }
            None => {
                let flat = join(&here.dir, &format!("{name}.rs"));
                let nested = join(&here.dir, &format!("{name}/mod.rs"));
                let dir: Rc<str> = join(&here.dir, name.as_str()).into();
                self.sources
                    .find(&flat)
                    .map(|file| (file, dir.clone(), here.dir.clone()))
                    .or_else(|| self.sources.find(&nested).map(|file| (file, dir.clone(), dir)))
            }
        };
        let Some((file, dir, path_dir)) = found.filter(|_| here.file.idx() < self.n_files) else {
            data.missing = true;
            self.out.modules.push(data);
            let line = self.sources.files.get(here.file).map_or(0, |source| source.line(item.keyword));
            self.out.diagnostics.push(
                Diagnostic::note(
                    Code::new("missing-module"),
                    Some(Place { file: here.file, line }),
                    format!("no file for module `{name}`"),
                )
                .with_help("if a build script writes it, what it declares stays unknown"),
            );
            return;
        };
        if let Some(&module) = self.out.of_file.get(&file) {
            self.out.shared.push((here.scope, idx, here.file, module));
            return;
        }
        data.file = file;
        data.missing = self.files.files[file].error.is_some();
        let tree = self.tree(file);
        let mut inner = Here { file, dir, path_dir, parent: None, ..here.clone() };
        match inner.cfg.presence(&tree.attrs) {
            Presence::Absent => return,
            Presence::Test => inner.is_test = true,
            Presence::Normal => {}
        }
        data.is_test = inner.is_test;
        inner.scope = self.out.modules.push(data);
        self.out.of_file.insert(file, inner.scope);
        let top = &tree.top;
        // `mod` chains nest as deep as the directories; each level is one frame here.
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.items(top, &inner));
    }

    fn path_of(&self, item: &Item, here: &Here<'_>) -> DefPath {
        let base = match here.parent {
            Some(parent) => &self.out.defs[parent].path,
            None => &self.out.modules[here.scope].path,
        };
        match &item.kind {
            ItemKind::Impl { trait_, ty, .. } => {
                let mut text = String::new();
                match trait_ {
                    Some(path) => {
                        text.push('<');
                        write_type(ty, true, &mut text, 0);
                        text.push_str(" as ");
                        write_path(path, true, &mut text, 0);
                        text.push('>');
                    }
                    None => write_type(ty, false, &mut text, 0),
                }
                base.child(text)
            }
            ItemKind::MacroCall { path, .. } => {
                let name = path.last().map_or("", Name::as_str);
                base.child(format_args!("{name}!"))
            }
            _ => base.child(item.name),
        }
    }
}

/// A type in a definition's path: last segments only, arguments only where they tell two
/// implementations of a trait apart.
fn write_type(ty: &TypeRef, args: bool, out: &mut String, depth: u32) {
    if depth > 8 {
        out.push('_');
        return;
    }
    let list = |types: &[TypeRef], out: &mut String| {
        for (at, ty) in types.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            write_type(ty, args, out, depth + 1);
        }
    };
    match ty {
        TypeRef::Path(path) => write_path(path, args, out, depth),
        TypeRef::Ref { mutable, inner } => {
            out.push_str(if *mutable { "&mut " } else { "&" });
            write_type(inner, args, out, depth + 1);
        }
        TypeRef::Ptr(inner) => {
            out.push('*');
            write_type(inner, args, out, depth + 1);
        }
        TypeRef::Tuple(parts) => {
            out.push('(');
            list(parts, out);
            out.push(')');
        }
        TypeRef::Slice(inner) | TypeRef::Array(inner) => {
            out.push('[');
            write_type(inner, args, out, depth + 1);
            out.push(']');
        }
        TypeRef::Fn { params, .. } => {
            out.push_str("fn(");
            list(params, out);
            out.push(')');
        }
        TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
            out.push_str(if matches!(ty, TypeRef::Impl(_)) { "impl " } else { "dyn " });
            for (at, bound) in bounds.iter().enumerate() {
                if at > 0 {
                    out.push_str(" + ");
                }
                write_path(bound, args, out, depth + 1);
            }
        }
        TypeRef::Never => out.push('!'),
        TypeRef::Infer | TypeRef::Const => out.push('_'),
        TypeRef::Macro(name) => out.push_str(name.as_str()),
    }
}

fn write_path(path: &Path, args: bool, out: &mut String, depth: u32) {
    let Some(last) = path.segments.last() else {
        out.push_str(match path.start {
            PathStart::Crate => "crate",
            _ => "self",
        });
        return;
    };
    out.push_str(last.name.as_str());
    let types = last.args.as_ref().map_or(&[][..], |args| &args.types);
    if args && !types.is_empty() {
        out.push('<');
        for (at, ty) in types.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            write_type(ty, args, out, depth + 1);
        }
        out.push('>');
    }
}

fn unquote(text: &str) -> &str {
    text.trim().trim_matches('"')
}

fn parent_dir(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// Joins relative paths with `/` and resolves `.` and `..`.
fn join(dir: &str, sub: &str) -> String {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in unquote(sub).split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Sorts modules and definitions by path, then place, and renumbers everything that names them.
/// Blocks come after all modules.
pub(super) fn sort(collected: &mut Collected) -> usize {
    let modules = &collected.modules;
    let mut order: Vec<ModuleId> = modules.ids().collect();
    order.par_sort_unstable_by(|&a, &b| {
        let key = |id: ModuleId| (modules[id].block_of.is_some(), &modules[id].path, modules[id].file, id);
        key(a).cmp(&key(b))
    });
    let n_modules = order.iter().filter(|&&id| modules[id].block_of.is_none()).count();
    let module_map = inverse(&order);
    let defs = &collected.defs;
    let mut def_order: Vec<DefId> = defs.ids().collect();
    def_order.par_sort_unstable_by(|&a, &b| {
        let key = |id: DefId| (&defs[id].path, defs[id].file, defs[id].item, id);
        key(a).cmp(&key(b))
    });
    let def_map = inverse(&def_order);
    collected.modules = reordered(std::mem::take(&mut collected.modules), &order);
    collected.defs = reordered(std::mem::take(&mut collected.defs), &def_order);
    for module in collected.modules.iter_mut() {
        module.parent = module.parent.map(|parent| module_map[parent]);
        module.block_of = module.block_of.map(|def| def_map[def]);
    }
    for def in collected.defs.iter_mut() {
        def.module = module_map[def.module];
        def.parent = def.parent.map(|parent| def_map[parent]);
    }
    for import in &mut collected.imports {
        import.scope = module_map[import.scope];
    }
    for (_, scope) in &mut collected.blocks {
        *scope = module_map[*scope];
    }
    for (scope, _, _, target) in &mut collected.shared {
        *scope = module_map[*scope];
        *target = module_map[*target];
    }
    for id in collected.modules.ids() {
        let module = &collected.modules[id];
        if module.block_of.is_none() && !module.inline && !module.missing {
            collected.of_file.insert(module.file, id);
        }
    }
    n_modules
}

fn reordered<I: Id, T>(values: IndexVec<I, T>, order: &[I]) -> IndexVec<I, T> {
    let mut values: Vec<Option<T>> = values.into_vec().into_iter().map(Some).collect();
    order.iter().map(|&id| values[id.idx()].take().expect("an order holds each id once")).collect()
}

fn inverse<I: Id>(order: &[I]) -> IndexVec<I, I> {
    let mut map: IndexVec<I, I> = order.to_vec().into();
    for (new, &old) in order.iter().enumerate() {
        map[old] = I::from_usize(new);
    }
    map
}

/// Adds the stubs' modules and definitions behind those of the workspace's `n_krates` crates.
pub(super) fn append(collected: &mut Collected, stubs: Collected, n_krates: usize) {
    let module_base = collected.modules.len();
    let def_base = collected.defs.len();
    let module = |id: ModuleId| ModuleId::from_usize(id.idx() + module_base);
    let def = |id: DefId| DefId::from_usize(id.idx() + def_base);
    let krate = |id: KrateId| KrateId::from_usize(id.idx() + n_krates);
    for mut data in stubs.modules.into_vec() {
        data.parent = data.parent.map(module);
        data.block_of = data.block_of.map(def);
        data.krate = krate(data.krate);
        collected.modules.push(data);
    }
    for mut data in stubs.defs.into_vec() {
        data.module = module(data.module);
        data.parent = data.parent.map(def);
        data.krate = krate(data.krate);
        collected.defs.push(data);
    }
    for mut import in stubs.imports {
        import.scope = module(import.scope);
        collected.imports.push(import);
    }
}

/// Notes the files of the workspace that no crate reached.
pub(super) fn orphans(collected: &Collected, files: &ParsedFiles, sources: &Sources) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (file, source) in sources.files.iter_enumerated() {
        let is_rust = source.path.ends_with(".rs");
        let has_items = !files.files[file].tree.top.is_empty();
        if is_rust && has_items && !collected.of_file.contains_key(&file) {
            found.push(
                Diagnostic::note(
                    Code::new("orphan-file"),
                    Some(Place { file, line: 0 }),
                    "no crate of the workspace declares this file as a module",
                )
                .with_help("declare it with `mod`, or leave it out of the analysis"),
            );
        }
    }
    found
}
