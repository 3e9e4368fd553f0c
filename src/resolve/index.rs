//! What `resolve` knows of all definitions, those of the workspace and those of the stubs alike.

use std::sync::OnceLock;

use crate::base::{DefPath, FileId, Id, IndexVec, Name, UnorderedMap};
use crate::discover::PackageId;
use crate::parse::ParsedFiles;
use crate::parse::tree::body::{Body, ExprId};
use crate::parse::tree::items::{BodyIdx, Item, ItemIdx, ItemKind, ItemTree};

use super::impls::ImplTable;
use super::lang::Lang;
use super::program::{DefId, DefKind, KrateId, ModuleId, Res};
use super::scope::{Bind, Ns, Scope};
use super::sigs::Sig;
use super::stubs;
use super::ty::{TraitHead, Ty};

/// What `resolve` keeps for itself: the workspace's definitions first, then those of the stubs. Ids
/// of the workspace are those of the [`Program`](super::Program); higher ones are stubs' (and scopes
/// of blocks among the modules).
#[derive(Debug, Default)]
pub struct Index {
    pub(super) krates: IndexVec<KrateId, KrateData>,
    pub(super) modules: IndexVec<ModuleId, ModuleData>,
    pub(super) defs: IndexVec<DefId, DefData>,
    pub(super) n_krates: usize,
    pub(super) n_modules: usize,
    pub(super) n_defs: usize,
    /// Number of files of the workspace; the stubs' follow.
    pub(super) n_files: usize,
    pub(super) scopes: IndexVec<ModuleId, Scope>,
    /// Scopes of blocks that hold items.
    pub(super) blocks: UnorderedMap<(FileId, BodyIdx, ExprId), ModuleId>,
    /// Items of traits and implementations.
    pub(super) members: UnorderedMap<(DefId, Name), DefId>,
    /// The definition of an item.
    pub(super) by_item: ByItem,
    /// Variants of large enums.
    pub(super) variants: UnorderedMap<(DefId, Name), u32>,
    /// Names that are in scope everywhere.
    pub(super) prelude: Option<ModuleId>,
    /// See [`Db::sig`].
    pub(super) sigs: IndexVec<DefId, OnceLock<Sig>>,
    pub(super) impls: ImplTable,
    pub(super) lang: Lang,
    pub(super) stub_roots: UnorderedMap<Name, ModuleId>,
}

/// A crate, of the workspace or a stub.
#[derive(Debug)]
pub(super) struct KrateData {
    pub(super) name: Name,
    pub(super) package: PackageId,
    pub(super) root: ModuleId,
    pub(super) is_test: bool,
    /// Crates by their names in this crate's code.
    pub(super) externs: UnorderedMap<Name, Bind>,
    /// Names of outside crates in this crate's code, and in the registry (with `_`).
    pub(super) extern_list: Vec<(Name, Name)>,
    /// `macro_rules!` of the whole crate, by name.
    pub(super) macros: UnorderedMap<Name, DefId>,
}

/// The definition of each item of each file, where it has one.
#[derive(Debug, Default)]
pub(super) struct ByItem(IndexVec<FileId, Vec<Option<DefId>>>);

impl ByItem {
    /// Of the definitions in their order; of several of one item, the last.
    pub(super) fn new(n_files: usize, defs: &IndexVec<DefId, DefData>) -> Self {
        let mut of: IndexVec<FileId, Vec<Option<DefId>>> = (0..n_files).map(|_| Vec::new()).collect();
        for (id, def) in defs.iter_enumerated() {
            let items = &mut of[def.file];
            if items.len() <= def.item.idx() {
                items.resize(def.item.idx() + 1, None);
            }
            items[def.item.idx()] = Some(id);
        }
        Self(of)
    }
    pub(super) fn get(&self, file: FileId, item: ItemIdx) -> Option<DefId> {
        *self.0.get(file)?.get(item.idx())?
    }
}

/// A module, or a block with items.
#[derive(Debug, Clone)]
pub(super) struct ModuleData {
    pub(super) path: DefPath,
    pub(super) krate: KrateId,
    pub(super) parent: Option<ModuleId>,
    pub(super) file: FileId,
    pub(super) declared_by: Option<(FileId, ItemIdx)>,
    pub(super) inline: bool,
    pub(super) is_test: bool,
    /// For a block: the definition whose body it is in.
    pub(super) block_of: Option<DefId>,
    /// Its file was not found or did not parse.
    pub(super) missing: bool,
}

/// A definition, of the workspace or a stub.
#[derive(Debug, Clone)]
pub(super) struct DefData {
    pub(super) kind: DefKind,
    pub(super) name: Name,
    pub(super) path: DefPath,
    /// The scope that its text is read in: a module or a block.
    pub(super) module: ModuleId,
    pub(super) krate: KrateId,
    pub(super) parent: Option<DefId>,
    pub(super) file: FileId,
    pub(super) item: ItemIdx,
    pub(super) is_test: bool,
}

/// The index together with the trees that it speaks of.
#[derive(Clone, Copy)]
pub(super) struct Db<'a> {
    pub(super) ix: &'a Index,
    pub(super) files: &'a ParsedFiles,
}

/// The tree of a file of the workspace or a stub.
pub(super) fn tree_of(files: &ParsedFiles, n_files: usize, file: FileId) -> &ItemTree {
    match file.idx().checked_sub(n_files) {
        None => &files.files[file].tree,
        Some(stub) => match stub.checked_sub(stubs::STUBS.len()) {
            None => stubs::STUBS[stub].tree(),
            Some(own) => &files.stubs[own].1,
        },
    }
}

impl<'a> Db<'a> {
    pub(super) fn tree(&self, file: FileId) -> &'a ItemTree {
        tree_of(self.files, self.ix.n_files, file)
    }
    pub(super) fn item(&self, def: DefId) -> &'a Item {
        let data = &self.ix.defs[def];
        &self.tree(data.file).items[data.item]
    }
    pub(super) fn def(&self, def: DefId) -> &'a DefData {
        &self.ix.defs[def]
    }
    pub(super) fn is_local(&self, def: DefId) -> bool {
        def.idx() < self.ix.n_defs
    }
    pub(super) fn body_idx(&self, def: DefId) -> Option<BodyIdx> {
        match &self.item(def).kind {
            ItemKind::Fn(decl) => decl.body,
            ItemKind::Value { body, .. } => *body,
            _ => None,
        }
    }
    pub(super) fn body(&self, def: DefId) -> Option<&'a Body> {
        let body = self.body_idx(def)?;
        Some(&self.tree(self.ix.defs[def].file).bodies[body])
    }
    /// The member of a trait or implementation.
    pub(super) fn member(&self, parent: DefId, name: Name) -> Option<DefId> {
        self.ix.members.get(&(parent, name)).copied()
    }
    /// The nearest enclosing module that is no block.
    pub(super) fn real_module(&self, mut scope: ModuleId) -> ModuleId {
        while self.ix.modules[scope].block_of.is_some() {
            match self.ix.modules[scope].parent {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        scope
    }
    /// The path of a stub's or workspace's definition.
    pub(super) fn path(&self, def: DefId) -> &'a DefPath {
        &self.ix.defs[def].path
    }
    /// The path that something outside is known by: a member of an implementation of a trait goes by
    /// the trait's name.
    pub(super) fn outside_path(&self, def: DefId) -> DefPath {
        let data = self.def(def);
        if let Some(parent) = data.parent
            && let Some(sig) = self.impl_sig(parent)
        {
            match sig.trait_.as_ref().map(|bound| bound.head) {
                Some(TraitHead::Def(owner)) => return self.path(owner).child(data.name),
                Some(TraitHead::Ext(path)) => return DefPath::new(path.as_str()).child(data.name),
                None => {}
            }
            if let Ty::Adt(of, _) = &sig.self_ty {
                return self.path(*of).child(data.name);
            }
        }
        data.path.clone()
    }
    /// A binding as others see it.
    pub(super) fn res_of(&self, bind: Bind) -> Res {
        match bind {
            Bind::Module(module) if module.idx() < self.ix.n_modules => Res::Module(module),
            Bind::Module(module) => Res::External(self.ix.modules[module].path.clone()),
            Bind::Def(def) if self.is_local(def) => Res::Def(def),
            Bind::Def(def) => Res::External(self.outside_path(def)),
            Bind::Variant(def, idx) => {
                let name = match &self.item(def).kind {
                    ItemKind::Adt(adt) => adt.variants.get(idx as usize).map(|variant| variant.name),
                    _ => None,
                };
                match name {
                    Some(name) if self.is_local(def) => Res::Variant(def, name),
                    Some(name) => Res::External(self.path(def).child(name)),
                    None => Res::Unknown,
                }
            }
            Bind::Ext(path) => Res::External(DefPath::new(path.as_str())),
            Bind::Prim(name) => Res::External(DefPath::new(name.as_str())),
        }
    }
    /// A type of a stub by its path.
    pub(super) fn stub_type(&self, path: &str) -> Option<DefId> {
        let mut segments = path.split("::");
        let mut bind = Bind::Module(*self.ix.stub_roots.get(&Name::new(segments.next()?))?);
        for segment in segments {
            let Bind::Module(module) = bind else { return None };
            bind = self.ix.scopes[module].get(Ns::Types, Name::new(segment))?.bind;
        }
        match bind {
            Bind::Def(def) => Some(def),
            _ => None,
        }
    }
}

/// Whether `scope` lies in `outer` or is it.
pub(super) fn is_within(modules: &IndexVec<ModuleId, ModuleData>, scope: ModuleId, outer: ModuleId) -> bool {
    let mut at = Some(scope);
    while let Some(module) = at {
        if module == outer {
            return true;
        }
        at = modules[module].parent;
    }
    false
}
