//! Gives every path and call its meaning: name resolution and type inference over what was parsed.
//!
//! In: a [`Workspace`] and its [`ParsedFiles`]. Out: a [`Program`]. Cannot happen here: I/O, and
//! failure — what cannot be followed is a value with a reason.
//!
//! The steps, each in its file: modules and definitions of all crates and stubs (`module_tree`), what
//! each name is bound to (`imports`), signatures (`sigs`), implementations (`impls`), then every body
//! for itself and in parallel (`infer`), and what text mentions without calling it (`mentions`,
//! `hooks`). The stubs of the standard library and common crates go through the same steps as the
//! workspace's own code; their ids follow the workspace's.

mod cfg;
mod hooks;
mod impls;
mod imports;
mod index;
mod infer;
mod lang;
mod lower;
mod mentions;
mod methods;
mod module_tree;
mod paths;
mod program;
mod scope;
mod sigs;
mod stubs;
mod ty;
mod types;

#[cfg(test)]
mod tests;

pub use index::Index;
pub use program::*;
pub use types::{BodyTypes, TypeHead};

use rayon::prelude::*;

use crate::base::{Code, DefPath, Diagnostic, FileId, Id, IndexVec, Name, Place, UnorderedMap};
use crate::discover::{PackageId, TargetKind, Workspace};
use crate::parse::ParsedFiles;
use crate::parse::tree::items::{AdtKind, ItemKind};

use cfg::CfgOptions;
use impls::ImplTable;
use imports::{Import, bind_items, resolve_imports};
use index::{ByItem, Db, KrateData};
use infer::infer_body;
use lang::Lang;
use module_tree::{Collected, Collector};
use scope::{Bind, Scope};

/// Resolves the workspace.
pub fn resolve(workspace: &Workspace, files: ParsedFiles) -> Program {
    let (mut index, collected) = collect(workspace, &files);
    let module_tree::Collected { imports, blocks, mut diagnostics, shared, .. } = collected;
    index.blocks = blocks.into_iter().collect();
    bind_items(&mut index, &files);
    for (scope, item, file, target) in shared {
        let item = &index::tree_of(&files, index.n_files, file).items[item];
        let vis = imports::visibility(&Db { ix: &index, files: &files }, scope, &item.visibility);
        let entry = scope::Entry { bind: Bind::Module(target), vis, origin: scope::Origin::Item };
        index.scopes[scope].bind(scope::Ns::Types, item.name, entry);
    }
    let std_root = index.krates.get(KrateId::from_usize(index.n_krates)).map(|krate| krate.root);
    let imports = resolve_imports(&mut index, &files, imports);
    index.prelude = std_root.and_then(|root| prelude(&index, root));
    let lang = Lang::find(Db { ix: &index, files: &files }, std_root);
    index.lang = lang;
    index.sigs = sigs::lower_all(Db { ix: &index, files: &files }, &index.lang);
    index.impls = ImplTable::build(Db { ix: &index, files: &files });

    let db = Db { ix: &index, files: &files };
    let ids: Vec<DefId> = (0..index.n_defs).map(DefId::from_usize).collect();
    let results: Vec<_> = ids
        .par_iter()
        .with_min_len(8)
        .with_max_len(128)
        .map_init(mentions::Known::new, |known, &def| {
            let mut result = infer_body(db, &index.lang, def, false);
            hooks::calls(db, def, &mut result.calls);
            result.calls.extend(infer::instrumented(db, &index.lang, def));
            let (mentions, externs) = mentions::of(db, def, &result, known);
            (result.calls, result.paths, mentions, externs)
        })
        .collect();
    let mut calls: Vec<Vec<Call>> = Vec::with_capacity(ids.len());
    let mut paths = IndexVec::with_capacity(ids.len());
    let mut mentions = IndexVec::with_capacity(ids.len());
    let mut extern_mentions = IndexVec::with_capacity(ids.len());
    for (called, pathed, mentioned, externs) in results {
        calls.push(called);
        paths.push(pathed);
        mentions.push(mentioned);
        extern_mentions.push(externs);
    }
    hooks::guards(db, &mut calls);
    let opaque = ids.par_iter().filter_map(|&def| opaque_macro(db, workspace, def));
    diagnostics.par_extend(opaque);
    diagnostics.sort();
    let (imports, defs) = rayon::join(
        || imports.par_iter().filter_map(|import| resolved_import(db, import)).collect(),
        || ids.par_iter().map(|&def| public_def(db, def)).collect::<Vec<_>>().into(),
    );
    Program {
        krates: public_krates(&index),
        modules: public_modules(&index),
        defs,
        calls: calls.into(),
        paths,
        mentions,
        extern_mentions,
        imports,
        diagnostics,
        files,
        index,
    }
}

/// Walks all crates, the workspace's and the stubs', and numbers what they declare.
fn collect(workspace: &Workspace, files: &ParsedFiles) -> (Index, Collected) {
    let n_files = workspace.sources.files.len();
    let mut index = Index { n_files, ..Index::default() };
    let (libs, (stubs, stub_krates)) =
        rayon::join(|| collect_own(workspace, files, &mut index), || collect_stubs(workspace, files));
    let (mut collected, libs) = libs;
    let first_stub_module = collected.modules.len();
    let mut stub_roots: UnorderedMap<Name, ModuleId> = UnorderedMap::new();
    for (names, root) in stub_krates {
        let root = ModuleId::from_usize(root.idx() + first_stub_module);
        for &name in &names {
            stub_roots.insert(name, root);
        }
        index.krates.push(KrateData {
            name: names[0],
            package: PackageId(u32::MAX),
            root,
            is_test: false,
            externs: UnorderedMap::new(),
            extern_list: Vec::new(),
            macros: UnorderedMap::new(),
        });
    }
    module_tree::append(&mut collected, stubs, index.n_krates);
    index.modules = std::mem::take(&mut collected.modules);
    index.defs = std::mem::take(&mut collected.defs);
    index.scopes = index.modules.iter().map(|_| Scope::default()).collect();
    extern_names(workspace, &mut index, &libs, &stub_roots);
    index.stub_roots = stub_roots;
    let n_trees = n_files + stubs::STUBS.len() + files.stubs.len();
    index.by_item = ByItem::new(n_trees, &index.defs);
    for (id, def) in index.defs.iter_enumerated() {
        if let Some(parent) = def.parent
            && matches!(index.defs[parent].kind, DefKind::Trait | DefKind::Impl)
            && !index.members.contains_key(&(parent, def.name))
        {
            index.members.insert((parent, def.name), id);
        }
        if def.kind == DefKind::Enum
            && let ItemKind::Adt(adt) = &index::tree_of(files, n_files, def.file).items[def.item].kind
            && adt.kind == AdtKind::Enum
            && adt.variants.len() > 16
        {
            for (at, variant) in adt.variants.iter().enumerate() {
                index.variants.insert((id, variant.name), at as u32);
            }
        }
    }
    (index, collected)
}

/// What packages' libraries are called in code.
type Libs = UnorderedMap<PackageId, (KrateId, Name)>;

/// Walks the workspace's crates.
fn collect_own(workspace: &Workspace, files: &ParsedFiles, index: &mut Index) -> (Collected, Libs) {
    let n_files = index.n_files;
    let mut walk = Collector { files, sources: &workspace.sources, n_files, out: Collected::default() };
    let mut libs = Libs::new();
    for (id, package) in workspace.packages.iter_enumerated() {
        for target in &package.targets {
            if walk.out.of_file.contains_key(&target.root) {
                continue;
            }
            let krate = index.krates.next_id();
            let is_test = target.kind.is_test_code();
            let name = Name::new(&target.krate);
            let root = walk.krate(krate, &target.krate, target.root, CfgOptions::of(package), is_test);
            if matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro) {
                libs.insert(id, (krate, name));
            }
            index.krates.push(KrateData {
                name,
                package: id,
                root,
                is_test,
                externs: UnorderedMap::new(),
                extern_list: Vec::new(),
                macros: UnorderedMap::new(),
            });
        }
    }
    let mut collected = walk.out;
    index.n_krates = index.krates.len();
    index.n_modules = module_tree::sort(&mut collected);
    index.n_defs = collected.defs.len();
    for (id, module) in collected.modules.iter_enumerated() {
        if module.parent.is_none() {
            index.krates[module.krate].root = id;
        }
    }
    collected.diagnostics.extend(module_tree::orphans(&collected, files, &workspace.sources));
    (collected, libs)
}

/// Walks the wanted stubs, as if they were alone: each crate's names, and its root. Those of the user
/// come last and win.
fn collect_stubs(workspace: &Workspace, files: &ParsedFiles) -> (Collected, Vec<(Vec<Name>, ModuleId)>) {
    let n_files = workspace.sources.files.len();
    let mut walk = Collector { files, sources: &workspace.sources, n_files, out: Collected::default() };
    let built_in = stubs::STUBS.iter().map(|stub| stub.names.to_vec());
    let own = files.stubs.iter().map(|(name, _)| vec![name.as_str()]);
    let wanted = wanted_stubs(workspace, !files.stubs.is_empty());
    stubs::read(&wanted);
    let mut krates = Vec::new();
    for (idx, names) in built_in.chain(own).enumerate() {
        if !wanted.get(idx).is_none_or(|&wanted| wanted) {
            continue;
        }
        let krate = KrateId::from_usize(krates.len());
        let file = FileId::from_usize(n_files + idx);
        let root = walk.krate(krate, names[0], file, CfgOptions { features: &[] }, false);
        krates.push((names.into_iter().map(Name::new).collect(), root));
    }
    (walk.out, krates)
}

/// Reads the stubs that [`resolve`] will want, on two threads: it would do so itself, but here it can
/// be done beside other work. `own` says whether the user declares crates, which may name any stub.
pub fn read_stubs(workspace: &Workspace, own: bool) {
    stubs::read(&wanted_stubs(workspace, own));
}

/// Whether each built-in stub is wanted.
fn wanted_stubs(workspace: &Workspace, own: bool) -> Vec<bool> {
    if own {
        return vec![true; stubs::STUBS.len()];
    }
    let dependencies = workspace.packages.iter().flat_map(|package| &package.dependencies);
    let named: Vec<String> = dependencies.map(|dependency| dependency.package.replace('-', "_")).collect();
    stubs::wanted(named.iter().map(String::as_str))
}

/// What each crate's code may call other crates.
fn extern_names(
    workspace: &Workspace,
    index: &mut Index,
    libs: &Libs,
    stub_roots: &UnorderedMap<Name, ModuleId>,
) {
    let std_names = ["std", "core", "alloc", "test", "proc_macro"].map(Name::new);
    for krate in index.krates.ids() {
        let mut externs: UnorderedMap<Name, Bind> = UnorderedMap::new();
        let mut extern_list: Vec<(Name, Name)> = Vec::new();
        let known = |name: Name| match stub_roots.get(&name) {
            Some(&root) => Bind::Module(root),
            None => Bind::Ext(name),
        };
        if krate.idx() >= index.n_krates {
            // Stubs may name each other.
            for stub in &stubs::STUBS {
                for name in stub.names {
                    externs.insert(Name::new(name), known(Name::new(name)));
                }
            }
        } else {
            let package = index.krates[krate].package;
            let data = &workspace.packages[package];
            for dependency in &data.dependencies {
                let name = Name::new(&dependency.krate);
                let local = dependency.local.and_then(|local| libs.get(&local));
                let bind = match local {
                    Some(&(lib, _)) => Bind::Module(index.krates[lib].root),
                    None => known(Name::new(&dependency.package.replace('-', "_"))),
                };
                externs.insert(name, bind);
                if local.is_none() {
                    extern_list.push((name, Name::new(&dependency.package.replace('-', "_"))));
                }
            }
            if let Some(&(lib, name)) = libs.get(&package)
                && lib != krate
            {
                externs.insert(name, Bind::Module(index.krates[lib].root));
            }
            for name in std_names {
                externs.insert(name, known(name));
            }
            for (_, package) in extern_list.clone() {
                for name in other_names(package.as_str()).map(|name| Name::new(&name)) {
                    if !externs.contains_key(&name) {
                        externs.insert(name, known(package));
                    }
                }
            }
        }
        index.krates[krate].externs = externs;
        index.krates[krate].extern_list = extern_list;
    }
}

/// What the library of a package outside may be called in code: that of `rust-argon2` is `argon2`,
/// that of `md-5` is `md5`.
fn other_names(package: &str) -> impl Iterator<Item = String> {
    let affixes = [package.strip_prefix("rust_"), package.strip_suffix("_rs"), package.strip_suffix("_rust")];
    let plain = package.replace('_', "");
    affixes.into_iter().flatten().map(str::to_owned).chain((plain != package).then_some(plain))
}

/// Notes a call of one of the workspace's macros, among items, that was not expanded.
fn opaque_macro(db: Db<'_>, workspace: &Workspace, def: DefId) -> Option<Diagnostic> {
    let item = db.item(def);
    let ItemKind::MacroCall { path, expanded: false, .. } = &item.kind else { return None };
    let data = db.def(def);
    let found = db.resolve_from(data.module, path, scope::Ns::Macros, false).ok()?;
    let name = path.last()?;
    matches!(found.bind, Bind::Def(of) if db.is_local(of) && db.def(of).kind == DefKind::Macro).then(|| {
        let line = workspace.sources.files[data.file].line(item.keyword);
        Diagnostic::note(
            Code::new("opaque-macro"),
            Some(Place { file: data.file, line }),
            format!("`{name}!` could not be expanded"),
        )
        .with_help("what it declares stays unknown")
    })
}

fn prelude(index: &Index, std_root: ModuleId) -> Option<ModuleId> {
    match index.scopes[std_root].get(scope::Ns::Types, Name::new("prelude"))?.bind {
        Bind::Module(module) => Some(module),
        _ => None,
    }
}

fn public_krates(index: &Index) -> IndexVec<KrateId, Krate> {
    let krates = index.krates.iter().take(index.n_krates);
    krates
        .map(|krate| Krate {
            name: krate.name,
            package: krate.package,
            root: krate.root,
            is_test: krate.is_test,
        })
        .collect()
}

fn public_modules(index: &Index) -> IndexVec<ModuleId, Module> {
    let modules = index.modules.iter().take(index.n_modules);
    modules
        .map(|module| Module {
            path: module.path.clone(),
            krate: module.krate,
            parent: module.parent.map(|parent| real(index, parent)),
            file: module.file,
            declared_by: module.declared_by,
            inline: module.inline,
            is_test: module.is_test,
        })
        .collect()
}

fn real(index: &Index, mut module: ModuleId) -> ModuleId {
    while let (Some(_), Some(parent)) = (index.modules[module].block_of, index.modules[module].parent) {
        module = parent;
    }
    module
}

fn public_def(db: Db<'_>, def: DefId) -> Def {
    let data = db.def(def);
    let impl_of = db.impl_sig(def).map(|sig| {
        let (trait_local, trait_external) = match sig.trait_.as_ref().map(|bound| bound.head) {
            Some(ty::TraitHead::Def(found)) if db.is_local(found) => (Some(found), None),
            Some(ty::TraitHead::Def(found)) => (None, Some(db.outside_path(found))),
            Some(ty::TraitHead::Ext(path)) => (None, Some(DefPath::new(path.as_str()))),
            None => (None, None),
        };
        let self_local = match &sig.self_ty {
            ty::Ty::Adt(found, _) if db.is_local(*found) => Some(*found),
            ty::Ty::Ref(_, inner) => match &**inner {
                ty::Ty::Adt(found, _) if db.is_local(*found) => Some(*found),
                _ => None,
            },
            _ => None,
        };
        ImplOf { trait_local, trait_external, self_local }
    });
    Def {
        kind: data.kind,
        path: data.path.clone(),
        name: data.name,
        module: db.real_module(data.module),
        krate: data.krate,
        parent: data.parent,
        file: data.file,
        item: data.item,
        is_test: data.is_test,
        impl_of,
    }
}

fn resolved_import(db: Db<'_>, import: &Import) -> Option<ResolvedImport> {
    if db.ix.modules[import.decl.scope].krate.idx() >= db.ix.n_krates {
        return None;
    }
    let item = &db.tree(import.decl.file).items[import.decl.item];
    let (name, glob) = match import.kind {
        crate::parse::tree::items::UseKind::Named(name) => (Some(name), false),
        crate::parse::tree::items::UseKind::Anonymous => (None, false),
        crate::parse::tree::items::UseKind::Glob => (None, true),
    };
    let mut targets: Vec<Res> = Vec::new();
    for bind in import.found.iter().chain([&import.glob]).flatten() {
        let res = db.res_of(*bind);
        if !targets.contains(&res) {
            targets.push(res);
        }
    }
    Some(ResolvedImport {
        module: db.real_module(import.decl.scope),
        item: crate::base::Span { file: import.decl.file, range: item.range },
        leaf: import.range,
        made: item.made_by.is_some(),
        name,
        glob,
        targets,
    })
}
