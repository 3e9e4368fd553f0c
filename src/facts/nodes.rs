//! Files, packages, modules, items, imports, functions and types of the model.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::{Id, Span, TextRange};
use crate::discover::TargetKind;
use crate::model::{
    DependencyRef, File, Function, Implements, Import, ImportTarget, Item, ItemId, ItemKind, Module,
    ModuleIdx, Package, PackageIdx, Parameter, Type,
};
use crate::parse::tree::function::Receiver;
use crate::parse::tree::items::{self, AdtKind, Visibility};
use crate::parse::tree::types::TypeRef;
use crate::resolve::{Def, DefId, DefKind, ModuleId, Res};

use super::cx::Cx;
use super::render::type_text;

/// The model's item of a definition: both are sorted alike.
pub(super) fn item_id(def: DefId) -> ItemId {
    ItemId::from_usize(def.idx())
}

/// The model's module of a module.
pub(super) fn module_idx(module: ModuleId) -> ModuleIdx {
    ModuleIdx::from_usize(module.idx())
}

pub(super) fn files(cx: &Cx) -> Vec<File> {
    let parsed = &cx.program.files.files;
    let sources = cx.workspace.sources.files.as_slice();
    let file = |(n, source): (usize, &crate::base::SourceFile)| File {
        path: source.path.clone(),
        hash: blake3::hash(source.text.as_bytes()).to_hex().to_string(),
        n_lines: source.n_lines(),
        parsed: source.path.ends_with(".rs")
            && parsed.get(Id::from_usize(n)).is_some_and(|file| file.error.is_none()),
    };
    sources.par_iter().enumerate().map(file).collect()
}

pub(super) fn packages(cx: &Cx) -> Vec<Package> {
    let package = |package: &crate::discover::Package| {
        let targets = |kind: TargetKind| package.targets.iter().filter(move |target| target.kind == kind);
        let lib = targets(TargetKind::Lib).chain(targets(TargetKind::ProcMacro)).next();
        let keys = manifest_keys(&package.manifest_text);
        let mut dependencies: Vec<DependencyRef> = package
            .dependencies
            .iter()
            .filter(|dep| !dep.dev)
            .map(|dep| DependencyRef {
                krate: dep.krate.clone(),
                package: dep.package.clone(),
                local: dep.local.map(|local| PackageIdx::from_usize(local.idx())),
                key: keys
                    .iter()
                    .find(|key| key.replace('-', "_") == dep.krate)
                    .unwrap_or(&dep.package)
                    .clone(),
            })
            .collect();
        dependencies.sort();
        dependencies.dedup();
        Package {
            name: package.name.clone(),
            dir: package.dir.clone(),
            manifest: package.manifest.clone(),
            edition: package.edition.clone(),
            lib: lib.map(|target| target.krate.clone()),
            bins: targets(TargetKind::Bin).map(|target| target.krate.clone()).collect(),
            dependencies,
            linked: true,
        }
    };
    let mut packages: Vec<Package> = cx.workspace.packages.iter().map(package).collect();
    for (package, linked) in packages.iter_mut().zip(linked(cx.workspace)) {
        package.linked = linked;
    }
    packages
}

/// Which packages have a program, or are linked by one, whatever features it takes: all where there is no
/// program.
fn linked(workspace: &crate::discover::Workspace) -> Vec<bool> {
    let packages = workspace.packages.as_slice();
    let mut linked: Vec<bool> = packages
        .iter()
        .map(|package| package.targets.iter().any(|target| target.kind == TargetKind::Bin))
        .collect();
    if !linked.contains(&true) {
        return vec![true; linked.len()];
    }
    let mut open: Vec<usize> = (0..linked.len()).filter(|&package| linked[package]).collect();
    while let Some(package) = open.pop() {
        let used = packages[package].dependencies.iter().filter(|dep| !dep.dev);
        for local in used.filter_map(|dep| dep.local) {
            if !std::mem::replace(&mut linked[local.idx()], true) {
                open.push(local.idx());
            }
        }
    }
    linked
}

/// Keys of every dependency table of a manifest, target-specific ones included.
fn manifest_keys(manifest: &str) -> Vec<String> {
    let Ok(toml::Value::Table(table)) = manifest.parse::<toml::Table>().map(toml::Value::Table) else {
        return Vec::new();
    };
    let tables = std::iter::once(&table).chain(
        table
            .get("target")
            .and_then(toml::Value::as_table)
            .into_iter()
            .flat_map(|targets| targets.values())
            .filter_map(toml::Value::as_table),
    );
    let mut keys: Vec<String> = tables
        .filter_map(|table| table.get("dependencies")?.as_table())
        .flat_map(|deps| deps.keys().cloned())
        .collect();
    keys.sort();
    keys
}

pub(super) fn modules(cx: &Cx) -> Vec<Module> {
    let program = cx.program;
    let module = |module: &crate::resolve::Module| {
        let krate = &program.krates[module.krate];
        let source = &cx.workspace.sources.files[module.file];
        let declared_at = module
            .declared_by
            .map(|(file, item)| (file, &program.files.files[file].tree.items[item]))
            // One that a macro makes has no text of its own.
            .filter(|(_, item)| item.made_by.is_none())
            .map(|(file, item)| Span { file, range: item.range });
        let whole = TextRange::new(0, source.text.len() as u32);
        let content = match (module.inline, module.declared_by) {
            (true, Some((file, item))) => {
                let item = &program.files.files[file].tree.items[item];
                braces(&source.text, item.keyword, item.range).unwrap_or(item.range)
            }
            _ => whole,
        };
        Module {
            path: module.path.clone(),
            package: PackageIdx::from_usize(krate.package.idx()),
            krate: krate.name.to_string(),
            parent: module.parent.map(module_idx),
            content: Span { file: module.file, range: content },
            declared_at,
            inline: module.inline,
            test: module.is_test || krate.is_test,
        }
    };
    program.modules.iter().map(module).collect()
}

/// What stands between the braces of `mod a { … }`.
fn braces(text: &str, keyword: u32, range: TextRange) -> Option<TextRange> {
    let head = text.get(keyword as usize..range.end as usize)?;
    let open = head.find('{')? as u32 + keyword + 1;
    let close = head.rfind('}')? as u32 + keyword;
    Some(TextRange::new(open, close.max(open)))
}

pub(super) fn items(cx: &Cx) -> Vec<Item> {
    let program = cx.program;
    let mut made: BTreeMap<DefId, Vec<DefId>> = BTreeMap::new();
    for id in program.defs.ids() {
        if let Some(call) = program.made_by(id) {
            made.entry(call).or_default().push(id);
        }
    }
    let item = |idx: usize| {
        let id = DefId::from_usize(idx);
        let def = &program.defs[id];
        let item = program.item(id);
        // The text of a macro call stands for what it makes.
        let of_text = std::iter::once(id).chain(made.get(&id).into_iter().flatten().copied());
        let mut mentions: Vec<ItemId> =
            of_text.clone().flat_map(|def| &program.mentions[def]).map(|&def| item_id(def)).collect();
        let mut externs: Vec<String> =
            of_text.flat_map(|def| &program.extern_mentions[def]).map(ToString::to_string).collect();
        mentions.sort_unstable();
        mentions.dedup();
        mentions.retain(|&other| other != item_id(id));
        externs.sort_unstable();
        externs.dedup();
        Item {
            path: def.path.clone(),
            kind: item_kind(def.kind),
            name: def.name.to_string(),
            module: module_idx(def.module),
            parent: def.parent.map(item_id),
            made_by: program.made_by(id).map(item_id),
            span: Span { file: def.file, range: item.range },
            line: cx.place_of(id).line,
            test: def.is_test,
            mentions,
            externs,
            implements: def.impl_of.as_ref().map(|of| Implements {
                trait_item: of.trait_local.map(item_id),
                trait_path: of.trait_external.clone(),
                type_item: of.self_local.map(item_id),
            }),
        }
    };
    (0..program.defs.len()).into_par_iter().map(item).collect()
}

fn item_kind(kind: DefKind) -> ItemKind {
    match kind {
        DefKind::Fn => ItemKind::Function,
        DefKind::Struct => ItemKind::Struct,
        DefKind::Enum => ItemKind::Enum,
        DefKind::Union => ItemKind::Union,
        DefKind::Trait => ItemKind::Trait,
        DefKind::Impl => ItemKind::Impl,
        DefKind::TypeAlias => ItemKind::TypeAlias,
        DefKind::Const => ItemKind::Const,
        DefKind::Static => ItemKind::Static,
        DefKind::Macro => ItemKind::Macro,
        DefKind::MacroCall => ItemKind::MacroCall,
    }
}

pub(super) fn imports(cx: &Cx) -> Vec<Import> {
    let mut imports: Vec<Import> = cx
        .program
        .imports
        .iter()
        .filter(|import| !import.made)
        .map(|import| Import {
            module: module_idx(import.module),
            item: import.item,
            leaf: Span { file: import.item.file, range: import.leaf },
            name: import.name.map(|name| name.to_string()),
            glob: import.glob,
            targets: import.targets.iter().filter_map(import_target).collect(),
        })
        .collect();
    imports.par_sort_by_key(|import| (import.leaf, import.module));
    imports
}

fn import_target(res: &Res) -> Option<ImportTarget> {
    match res {
        Res::Def(def) => Some(ImportTarget::Item(item_id(*def))),
        Res::Variant(def, _) => Some(ImportTarget::Variant(item_id(*def))),
        Res::Module(module) => Some(ImportTarget::Module(module_idx(*module))),
        Res::External(path) => Some(ImportTarget::External(path.clone())),
        Res::Local | Res::Unknown => None,
    }
}

pub(super) fn functions(cx: &Cx) -> Vec<Function> {
    let function = |&id: &DefId| {
        let def = cx.def(id);
        let item = cx.item(id);
        let decl = cx.fn_decl(id);
        let source = &cx.workspace.sources.files[def.file];
        let parent = def.parent.map(|parent| (parent, cx.def(parent)));
        Function {
            path: def.path.clone(),
            name: def.name.to_string(),
            item: item_id(id),
            module: module_idx(def.module),
            place: cx.place_of(id),
            n_lines: source.line(item.range.end.saturating_sub(1)) + 1 - source.line(item.range.start),
            self_type: self_type(cx, id).and_then(|ty| cx.type_of[ty]),
            of_trait: parent.and_then(|(id, parent)| trait_name(cx, id, parent)),
            params: decl.map_or_else(Vec::new, |decl| {
                let params = decl.params.iter();
                params
                    .map(|param| Parameter {
                        name: param.name.map_or_else(String::new, |name| name.to_string()),
                        ty: type_text(&param.ty),
                    })
                    .collect()
            }),
            ret: decl.and_then(|decl| decl.ret.as_ref()).map_or_else(String::new, type_text),
            receiver: decl.and_then(|decl| decl.receiver.as_ref()).map(receiver_text),
            is_async: decl.is_some_and(|decl| decl.is_async),
            is_generic: decl.is_some_and(|decl| {
                !decl.generics.params.is_empty() || decl.params.iter().any(|param| has_impl(&param.ty))
            }),
            is_public: item.visibility != Visibility::Private,
            test: def.is_test,
            pure: false,
        }
    };
    cx.def_of.as_slice().par_iter().map(function).collect()
}

/// The type whose method a function is.
pub(super) fn self_type(cx: &Cx, function: DefId) -> Option<DefId> {
    let parent = cx.def(function).parent?;
    match cx.def(parent).kind {
        DefKind::Impl => cx.def(parent).impl_of.as_ref()?.self_local,
        DefKind::Trait => Some(parent),
        _ => None,
    }
}

fn trait_name(cx: &Cx, id: DefId, parent: &Def) -> Option<String> {
    match (parent.kind, &cx.item(id).kind) {
        (DefKind::Trait, _) => Some(parent.name.to_string()),
        (DefKind::Impl, items::ItemKind::Impl { trait_: Some(path), .. }) => {
            path.last().map(|name| name.to_string())
        }
        _ => None,
    }
}

fn receiver_text(receiver: &Receiver) -> String {
    match (&receiver.ty, receiver.reference, receiver.mutable) {
        (Some(ty), false, _) => format!("self: {}", type_text(ty)),
        (_, true, true) => "&mut self".to_owned(),
        (_, true, false) => "&self".to_owned(),
        (None, false, _) => "self".to_owned(),
    }
}

fn has_impl(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Impl(_) => true,
        TypeRef::Ref { inner, .. } | TypeRef::Slice(inner) | TypeRef::Array(inner) => has_impl(inner),
        TypeRef::Tuple(types) => types.iter().any(has_impl),
        TypeRef::Path(path) => path
            .segments
            .iter()
            .filter_map(|segment| segment.args.as_ref())
            .any(|args| args.types.iter().any(has_impl)),
        _ => false,
    }
}

pub(super) fn types(cx: &Cx) -> Vec<Type> {
    let all = cx.program.defs.iter_enumerated().filter(|&(id, _)| cx.type_of[id].is_some());
    all.map(|(id, def)| {
        let (fields, derives) = match &cx.item(id).kind {
            items::ItemKind::Adt(adt) => {
                let fields = adt.variants.iter().flat_map(|variant| {
                    let prefix =
                        if adt.kind == AdtKind::Enum { format!("{}.", variant.name) } else { String::new() };
                    variant.fields.iter().map(move |field| Parameter {
                        name: format!("{prefix}{}", field.name),
                        ty: type_text(&field.ty),
                    })
                });
                let mut derives: Vec<String> =
                    adt.derives.iter().filter_map(|path| path.last()).map(|name| name.to_string()).collect();
                derives.sort();
                derives.dedup();
                (fields.collect(), derives)
            }
            _ => (Vec::new(), Vec::new()),
        };
        Type {
            path: def.path.clone(),
            name: def.name.to_string(),
            item: item_id(id),
            module: module_idx(def.module),
            place: cx.place_of(id),
            fields,
            derives,
            test: def.is_test,
        }
    })
    .collect()
}
