//! Binds what every `use` brings into its scope, to a fixpoint.
//!
//! Each round resolves what is still open and copies along globs; a round that changes nothing ends
//! it. Names only ever become bound, so a cycle of globs or re-exports comes to rest by itself.

use rayon::prelude::*;

use crate::base::{Name, TextRange, UnorderedSet};
use crate::parse::ParsedFiles;
use crate::parse::tree::items::{AdtKind, Attrs, ItemKind, UseKind, VariantForm, Visibility};
use crate::parse::tree::types::PathStart;

use super::index::{Db, Index, is_within, tree_of};
use super::paths::Found;
use super::program::{DefId, DefKind, ModuleId};
use super::scope::{Bind, Entry, ImportDecl, NAMESPACES, Ns, Origin, Vis};

/// An import with what was found for it.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) decl: ImportDecl,
    pub(super) kind: UseKind,
    pub(super) range: TextRange,
    vis: Vis,
    pub(super) found: [Option<Bind>; 3],
    /// Target of a glob.
    pub(super) glob: Option<Bind>,
}

struct GlobEdge {
    from: ModuleId,
    to: ModuleId,
    public: bool,
    n_copied: usize,
}

/// Binds the items that stand in each scope.
pub(super) fn bind_items(index: &mut Index, files: &ParsedFiles) {
    let db = Db { ix: index, files };
    let ids: Vec<DefId> = index.defs.ids().collect();
    let bound: Vec<_> = ids.par_iter().with_min_len(256).map(|&def| named_item(db, def)).collect();
    for (def, named) in ids.into_iter().zip(bound) {
        let Some((spaces, vis)) = named else { continue };
        let data = &index.defs[def];
        let (module, name, krate) = (data.module, data.name, data.krate);
        if data.kind == DefKind::Macro {
            let item = Db { ix: index, files }.item(def);
            let root = index.krates[krate].root;
            let entry = Entry { bind: Bind::Def(def), vis: Vis::Public, origin: Origin::Item };
            if matches!(item.kind, ItemKind::MacroRules { exported: true, .. }) {
                index.scopes[root].bind(Ns::Macros, name, entry);
            }
            let entry = Entry { vis: Vis::In(root), ..entry };
            index.scopes[module].bind(Ns::Macros, name, entry);
            index.krates[krate].macros.insert(name, def);
        }
        // Two items of one name: `#[cfg]` twins whose conditions both hold here; the first counts.
        for &ns in spaces {
            let entry = Entry { bind: Bind::Def(def), vis, origin: Origin::Item };
            index.scopes[module].bind(ns, name, entry);
        }
    }
    for module in index.modules.ids() {
        let data = &index.modules[module];
        let Some((file, item)) = data.declared_by else { continue };
        let Some(parent) = data.parent else { continue };
        let item = &tree_of(files, index.n_files, file).items[item];
        let vis = visibility(&Db { ix: index, files }, parent, &item.visibility);
        let entry = Entry { bind: Bind::Module(module), vis, origin: Origin::Item };
        index.scopes[parent].bind(Ns::Types, item.name, entry);
    }
}

/// The namespaces that an item's name is bound in beside macros, and from where it may be used; `None`
/// for what has no name in a scope.
fn named_item(db: Db<'_>, def: DefId) -> Option<(&'static [Ns], Vis)> {
    let data = db.def(def);
    let in_block = db.ix.modules[data.module].block_of == data.parent;
    if data.parent.is_some() && !in_block {
        return None;
    }
    let item = db.item(def);
    let spaces: &[Ns] = match (data.kind, &item.kind) {
        (DefKind::Fn | DefKind::Const | DefKind::Static, _) => &[Ns::Values],
        (DefKind::Struct, ItemKind::Adt(adt)) => {
            let form = adt.variants.first().map(|variant| variant.form);
            match adt.kind == AdtKind::Struct && form != Some(VariantForm::Named) {
                true => &[Ns::Types, Ns::Values],
                false => &[Ns::Types],
            }
        }
        (DefKind::Struct | DefKind::Enum | DefKind::Union | DefKind::Trait | DefKind::TypeAlias, _) => {
            &[Ns::Types]
        }
        (DefKind::Macro, ItemKind::MacroRules { .. }) => &[],
        _ => return None,
    };
    let vis = match visibility(&db, data.module, &item.visibility) {
        Vis::In(_) if data.kind == DefKind::Fn && is_declared_anew(&item.attrs) => Vis::Public,
        vis => vis,
    };
    Some((spaces, vis))
}

/// Whether an attribute puts a public type of the function's name in its place, as web frameworks do:
/// `#[get("/orders")]`.
fn is_declared_anew(attrs: &Attrs) -> bool {
    const VERBS: &[&str] =
        &["get", "post", "put", "patch", "delete", "head", "options", "trace", "connect", "route", "routes"];
    attrs.list.iter().any(|attr| {
        let is_verb = attr.path.last().is_some_and(|name| VERBS.contains(&name.as_str()));
        is_verb && (attr.args.trim_start().starts_with(['"', 'r']) || attr.args.is_empty())
    })
}

/// From where an item may be used.
pub(super) fn visibility(db: &Db<'_>, scope: ModuleId, visibility: &Visibility) -> Vis {
    match visibility {
        Visibility::Public => Vis::Public,
        Visibility::Private => Vis::In(scope),
        Visibility::In(path) => {
            let module = db.real_module(scope);
            let root = db.ix.krates[db.ix.modules[scope].krate].root;
            match path.start {
                PathStart::SelfModule => Vis::In(module),
                PathStart::Super(1) if path.segments.is_empty() => {
                    Vis::In(db.ix.modules[module].parent.map_or(root, |parent| db.real_module(parent)))
                }
                _ => Vis::In(root),
            }
        }
    }
}

fn import_of(db: Db<'_>, decl: ImportDecl) -> Import {
    let item = &db.tree(decl.file).items[decl.item];
    let vis = visibility(&db, decl.scope, &item.visibility);
    let (kind, range) = match (&item.kind, decl.leaf) {
        (ItemKind::Use(leaves), Some(leaf)) => (leaves[leaf as usize].kind, leaves[leaf as usize].range),
        _ => (UseKind::Named(item.name), item.range),
    };
    Import { decl, kind, range, vis, found: [None; 3], glob: None }
}

/// Names that imports bind or may bind.
struct Claimed {
    names: UnorderedSet<(ModuleId, Name)>,
    /// Where a glob may bring in any name.
    globbed: UnorderedSet<ModuleId>,
}

impl Claimed {
    fn new(imports: &[Import]) -> Self {
        let mut claimed = Self { names: UnorderedSet::new(), globbed: UnorderedSet::new() };
        for import in imports {
            match import.kind {
                UseKind::Named(name) => _ = claimed.names.insert((import.decl.scope, name)),
                UseKind::Glob => _ = claimed.globbed.insert(import.decl.scope),
                UseKind::Anonymous => {}
            }
        }
        claimed
    }

    /// Whether `name` in `scope` is a crate outside the workspace's code whatever imports bring.
    fn leaves_to_crates(&self, db: Db<'_>, scope: ModuleId, name: Name) -> bool {
        db.ix.modules[scope].block_of.is_none()
            && db.ix.scopes[scope].get(Ns::Types, name).is_none()
            && !self.globbed.contains(&scope)
            && !self.names.contains(&(scope, name))
            && db.extern_krate(scope, name).is_some()
    }
}

/// Resolves all imports and binds their names.
pub(super) fn resolve_imports(index: &mut Index, files: &ParsedFiles, decls: Vec<ImportDecl>) -> Vec<Import> {
    let db = Db { ix: index, files };
    let mut imports: Vec<Import> = decls.into_par_iter().map(|decl| import_of(db, decl)).collect();
    let claimed = Claimed::new(&imports);
    let mut globs: Vec<GlobEdge> = Vec::new();
    let mut hints: Vec<Hint> = imports.par_iter().map(|import| among_items(db, import, &claimed)).collect();
    let mut open = false;
    // The bound is never met by a program; it guards against a mistake here.
    for round in 0..10_000 {
        let mut changed = false;
        // Later rounds find little: what they find is asked for beforehand, on all threads.
        let asks = round == 0;
        if !asks {
            let db = Db { ix: index, files };
            hints = imports.par_iter().map(|import| by_now(db, import, open)).collect();
        }
        for (import, hint) in imports.iter_mut().zip(&hints) {
            // Where one namespace is known, the others are rarely anything: they come with the next round.
            let asks = asks && hint.iter().all(Option::is_none);
            changed |= step(index, files, import, hint, asks, &mut globs, open);
        }
        while copy_globs(index, &mut globs) {
            changed = true;
        }
        if !changed && open {
            break;
        }
        // What stubs leave out may be taken for theirs only when nothing else is left to find.
        if !changed {
            open = true;
        }
    }
    inherit_open_globs(index, &globs);
    imports
}

/// What an import means in each namespace, as far as that is known beforehand.
type Hint = [Option<Bind>; 3];

/// What an import means by items alone, which no import can change: asked on all threads. Only paths
/// from a known module or crate; elsewhere the first name may be that of another import.
fn among_items(db: Db<'_>, import: &Import, claimed: &Claimed) -> Hint {
    let (ItemKind::Use(leaves), Some(leaf)) =
        (&db.tree(import.decl.file).items[import.decl.item].kind, import.decl.leaf)
    else {
        return Hint::default();
    };
    let path = &leaves[leaf as usize].path;
    let scope = import.decl.scope;
    let is_known = match path.start {
        PathStart::Crate | PathStart::SelfModule | PathStart::Super(_) => true,
        PathStart::Plain => match &*path.segments {
            [first, _, ..] => claimed.leaves_to_crates(db, scope, first.name),
            _ => false,
        },
        _ => false,
    };
    if !is_known {
        return Hint::default();
    }
    NAMESPACES.map(|ns| whole(db.resolve_from(scope, path, ns, false).ok(), path))
}

/// What an import means in the namespaces in which that was not known, by all that is bound now.
fn by_now(db: Db<'_>, import: &Import, open: bool) -> Hint {
    let (ItemKind::Use(leaves), Some(leaf)) =
        (&db.tree(import.decl.file).items[import.decl.item].kind, import.decl.leaf)
    else {
        return Hint::default();
    };
    if import.kind == UseKind::Glob || open && import.found.iter().any(Option::is_some) {
        return Hint::default();
    }
    let path = &leaves[leaf as usize].path;
    let mut hint = Hint::default();
    for (at, ns) in NAMESPACES.into_iter().enumerate().filter(|&(at, _)| import.found[at].is_none()) {
        hint[at] = whole(db.resolve_from(import.decl.scope, path, ns, open).ok(), path);
    }
    hint
}

/// Tries one import; true where something became known. What no hint tells is asked for only where it
/// `asks`.
fn step(
    index: &mut Index,
    files: &ParsedFiles,
    import: &mut Import,
    hint: &Hint,
    asks: bool,
    globs: &mut Vec<GlobEdge>,
    open: bool,
) -> bool {
    let item = &tree_of(files, index.n_files, import.decl.file).items[import.decl.item];
    let db = Db { ix: index, files };
    let scope = import.decl.scope;
    let leaf = match (&item.kind, import.decl.leaf) {
        (ItemKind::Use(leaves), Some(leaf)) => &leaves[leaf as usize],
        (ItemKind::ExternCrate { krate }, _) => {
            if import.found[0].is_some() {
                return false;
            }
            let bind = match krate.as_str() {
                "self" => Some(Bind::Module(index.krates[index.modules[scope].krate].root)),
                _ => db.extern_krate(scope, *krate).or(Some(Bind::Ext(*krate))),
            };
            import.found[0] = bind;
            if let (Some(bind), UseKind::Named(name)) = (bind, import.kind) {
                let entry = Entry { bind, vis: import.vis, origin: Origin::Import };
                index.scopes[scope].bind(Ns::Types, name, entry);
                // `extern crate a as b` in the root gives the whole crate the name.
                let krate = index.modules[scope].krate;
                if index.krates[krate].root == scope && !index.krates[krate].externs.contains_key(&name) {
                    index.krates[krate].externs.insert(name, bind);
                }
            }
            return true;
        }
        _ => return false,
    };
    if import.kind == UseKind::Glob {
        if import.glob.is_some() {
            return false;
        }
        let target = match leaf.path.segments.is_empty() && leaf.path.start == PathStart::Plain {
            true => Some(Bind::Module(index.krates[index.modules[scope].krate].root)),
            false => whole(db.resolve_from(scope, &leaf.path, Ns::Types, open).ok(), &leaf.path),
        };
        let Some(target) = target else { return false };
        import.glob = Some(target);
        let public = import.vis == Vis::Public;
        match target {
            Bind::Module(from) => {
                let foreign = index.modules[from].krate.0 as usize >= index.n_krates;
                if foreign && (index.modules[scope].krate.0 as usize) < index.n_krates {
                    let path = Name::new(index.modules[from].path.as_str());
                    index.scopes[scope].open_globs.push(path);
                }
                globs.push(GlobEdge { from, to: scope, public, n_copied: 0 });
            }
            Bind::Def(def) => variants(index, files, def, scope, import.vis),
            Bind::Ext(path) => index.scopes[scope].open_globs.push(path),
            Bind::Variant(..) | Bind::Prim(_) => {}
        }
        return true;
    }
    let mut changed = false;
    for (at, ns) in NAMESPACES.into_iter().enumerate() {
        if import.found[at].is_some() || (open && import.found.iter().any(Option::is_some)) {
            continue;
        }
        let db = Db { ix: index, files };
        let found = || whole(db.resolve_from(scope, &leaf.path, ns, open).ok(), &leaf.path);
        let Some(bind) = hint[at].or_else(|| if asks { found() } else { None }) else { continue };
        // `use a::{self}` brings in what is a type or module only.
        let own_name = import.kind == UseKind::Named(leaf.path.last().unwrap_or(item.name));
        let entry = Entry { bind, vis: import.vis, origin: Origin::Import };
        if own_name
            && index.scopes[scope]
                .get(ns, leaf.path.last().unwrap_or(item.name))
                .is_some_and(|old| old.bind == bind && old.origin != Origin::Glob)
        {
            import.found[at] = Some(bind);
            continue;
        }
        import.found[at] = Some(bind);
        changed = true;
        match import.kind {
            UseKind::Named(name) => {
                index.scopes[scope].bind(ns, name, entry);
            }
            UseKind::Anonymous => index.scopes[scope].anonymous_traits.push(bind),
            UseKind::Glob => {}
        }
        if matches!(bind, Bind::Ext(_)) && open {
            import.found = [Some(bind); 3];
            if let UseKind::Named(name) = import.kind {
                for ns in NAMESPACES {
                    index.scopes[scope].bind(ns, name, entry);
                }
            }
        }
    }
    changed
}

/// The binding, where the whole path was followed.
fn whole(found: Option<Found>, path: &crate::parse::tree::types::Path) -> Option<Bind> {
    found.filter(|found| found.used == path.segments.len()).map(|found| found.bind)
}

fn variants(index: &mut Index, files: &ParsedFiles, def: DefId, scope: ModuleId, vis: Vis) {
    let db = Db { ix: index, files };
    let ItemKind::Adt(adt) = &db.item(def).kind else { return };
    if adt.kind != AdtKind::Enum {
        return;
    }
    let names: Vec<Name> = adt.variants.iter().map(|variant| variant.name).collect();
    for (idx, name) in names.into_iter().enumerate() {
        let entry = Entry { bind: Bind::Variant(def, idx as u32), vis, origin: Origin::Glob };
        for ns in [Ns::Types, Ns::Values] {
            index.scopes[scope].bind(ns, name, entry);
        }
    }
}

/// Copies what is new along each glob; true where something was copied.
fn copy_globs(index: &mut Index, globs: &mut [GlobEdge]) -> bool {
    let mut changed = false;
    for glob in globs {
        if glob.from == glob.to {
            continue;
        }
        while glob.n_copied < index.scopes[glob.from].len() {
            let (ns, name, entry) = index.scopes[glob.from].nth(glob.n_copied);
            glob.n_copied += 1;
            let visible = match entry.vis {
                Vis::Public => true,
                Vis::In(module) => is_within(&index.modules, glob.to, module),
            };
            if !visible {
                continue;
            }
            let vis = if glob.public { entry.vis } else { Vis::In(glob.to) };
            let entry = Entry { bind: entry.bind, vis, origin: Origin::Glob };
            changed |= index.scopes[glob.to].bind(ns, name, entry);
        }
    }
    changed
}

/// A module that globs another also sees what that one globs from outside.
fn inherit_open_globs(index: &mut Index, globs: &[GlobEdge]) {
    let mut seen: UnorderedSet<(ModuleId, Name)> = UnorderedSet::new();
    for _ in 0..8 {
        let mut changed = false;
        for glob in globs {
            if index.modules[glob.from].krate != index.modules[glob.to].krate {
                continue;
            }
            for path in index.scopes[glob.from].open_globs.clone() {
                if !index.scopes[glob.to].open_globs.contains(&path) && seen.insert((glob.to, path)) {
                    index.scopes[glob.to].open_globs.push(path);
                    changed = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}
