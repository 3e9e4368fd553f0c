//! What the text of a definition mentions: every path in it, whether it is called or not.

use crate::base::{Id, Name, UnorderedMap, UnorderedSet};
use crate::parse::tree::body::{Body, Expr, Pat, Stmt};
use crate::parse::tree::items::{Attrs, ItemKind, Visibility};
use crate::parse::tree::types::{GenericArgs, Generics, Path, PathStart, TypeRef};

use super::index::Db;
use super::infer::BodyResult;
use super::program::{CallTarget, DefId, ModuleId};
use super::scope::{Bind, Ns};

/// What names of one segment were found to mean; the functions of a module mention much the same.
pub(super) struct Known {
    meanings: UnorderedMap<(ModuleId, Name), [Option<Bind>; 3]>,
    /// Those that the definition at hand mentions.
    asked: UnorderedSet<Name>,
}

impl Known {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { meanings: UnorderedMap::new(), asked: UnorderedSet::new() }
    }
}

/// The definitions of the workspace and the external crates that a definition's text mentions.
pub(super) fn of(db: Db<'_>, def: DefId, result: &BodyResult, known: &mut Known) -> (Vec<DefId>, Vec<Name>) {
    known.asked.clear();
    let data = db.def(def);
    let mut cx =
        Mentions { db, scopes: vec![data.module], defs: Vec::new(), externs: Vec::new(), known, depth: 0 };
    let item = db.item(def);
    cx.attrs(&item.attrs);
    if let Visibility::In(path) = &item.visibility {
        cx.path(path);
    }
    match &item.kind {
        ItemKind::Fn(decl) => {
            cx.generics(&decl.generics);
            if let Some(ty) = decl.receiver.as_ref().and_then(|receiver| receiver.ty.as_ref()) {
                cx.ty(ty);
            }
            for param in &decl.params {
                cx.attrs(&param.attrs);
                cx.ty(&param.ty);
            }
            decl.ret.iter().for_each(|ty| cx.ty(ty));
        }
        ItemKind::Adt(adt) => {
            cx.generics(&adt.generics);
            adt.derives.iter().for_each(|path| cx.path(path));
            for variant in &adt.variants {
                cx.attrs(&variant.attrs);
                for field in &variant.fields {
                    cx.attrs(&field.attrs);
                    cx.ty(&field.ty);
                }
            }
        }
        ItemKind::Trait { generics, supertraits, .. } => {
            cx.generics(generics);
            supertraits.iter().for_each(|path| cx.path(path));
        }
        ItemKind::Impl { generics, trait_, ty, .. } => {
            cx.generics(generics);
            trait_.iter().for_each(|path| cx.path(path));
            cx.ty(ty);
        }
        ItemKind::TypeAlias { generics, bounds, ty } => {
            cx.generics(generics);
            bounds.iter().for_each(|path| cx.path(path));
            ty.iter().for_each(|ty| cx.ty(ty));
        }
        ItemKind::Value { ty, .. } => cx.ty(ty),
        ItemKind::MacroCall { path, .. } => cx.macro_path(path),
        _ => {}
    }
    if let (Some(body), Some(idx)) = (db.body(def), db.body_idx(def)) {
        for (expr, value) in body.exprs.iter_enumerated().filter(|_| body.holds_items) {
            if let Expr::Block { items, .. } = value
                && !items.is_empty()
                && let Some(&scope) = db.ix.blocks.get(&(data.file, idx, expr))
            {
                cx.scopes.push(scope);
            }
        }
        cx.scopes.reverse();
        if cx.scopes.len() > 1 {
            // The blocks may say something else about a name than the module does.
            cx.known.asked.clear();
        }
        cx.body(body);
    }
    for call in &result.calls {
        match &call.target {
            CallTarget::Resolved(target) | CallTarget::Constructor(target) => {
                cx.defs.push(*target);
            }
            CallTarget::OneOf(targets) => cx.defs.extend(targets.iter().take(1)),
            CallTarget::External(path) => cx.external(Name::new(path.krate())),
            CallTarget::Local | CallTarget::Unknown(_) => {}
        }
    }
    let Mentions { mut defs, mut externs, .. } = cx;
    defs.retain(|&found| found != def && db.is_local(found));
    defs.sort_unstable();
    defs.dedup();
    externs.sort_unstable();
    externs.dedup();
    (defs, externs)
}

struct Mentions<'a, 'k> {
    db: Db<'a>,
    /// The innermost block first; the module last.
    scopes: Vec<ModuleId>,
    defs: Vec<DefId>,
    externs: Vec<Name>,
    /// Most names without a path are locals, and come again and again.
    known: &'k mut Known,
    depth: u32,
}

impl Mentions<'_, '_> {
    fn path(&mut self, path: &Path) {
        if let PathStart::Qualified { ty, n_trait } = &path.start {
            self.ty(ty);
            if *n_trait > 0 {
                let segments = path.segments[..usize::from(*n_trait)].into();
                self.resolve(&Path { start: PathStart::Plain, segments });
            }
        } else {
            self.resolve(path);
        }
        for segment in &path.segments {
            if let Some(args) = &segment.args {
                self.args(args);
            }
        }
    }
    fn args(&mut self, args: &GenericArgs) {
        args.types.iter().for_each(|ty| self.ty(ty));
        args.bindings.iter().for_each(|(_, ty)| self.ty(ty));
    }
    fn resolve(&mut self, path: &Path) {
        let name = path.as_name();
        if name.is_some_and(|name| !self.known.asked.insert(name)) {
            return;
        }
        for at in 0..self.scopes.len() {
            let scope = self.scopes[at];
            let resolve = || self.db.resolve_in_all(scope, path);
            let binds = match name {
                Some(name) => *self.known.meanings.get_or_insert_with((scope, name), resolve),
                None => resolve(),
            };
            binds.iter().flatten().for_each(|&bind| self.bind(bind));
            if binds.iter().any(Option::is_some) {
                return;
            }
        }
    }
    fn macro_path(&mut self, path: &Path) {
        let scope = self.scopes[self.scopes.len() - 1];
        if let Ok(found) = self.db.resolve_from(scope, path, Ns::Macros, true) {
            self.bind(found.bind);
        }
    }
    fn bind(&mut self, bind: Bind) {
        match bind {
            Bind::Def(def) if self.db.is_local(def) => {
                self.defs.push(def);
            }
            Bind::Variant(def, _) if self.db.is_local(def) => {
                self.defs.push(def);
            }
            Bind::Def(def) | Bind::Variant(def, _) => self.stub(self.db.def(def).module),
            Bind::Module(module) => self.stub(module),
            Bind::Ext(path) => {
                let krate = path.as_str().split("::").next().unwrap_or("");
                self.external(Name::new(krate));
            }
            Bind::Prim(_) => {}
        }
    }
    fn stub(&mut self, module: ModuleId) {
        let krate = self.db.ix.modules[module].krate;
        if krate.idx() >= self.db.ix.n_krates {
            self.external(self.db.ix.krates[krate].name);
        }
    }
    /// Notes a crate by the name that it has in code here.
    fn external(&mut self, krate: Name) {
        if matches!(krate.as_str(), "std" | "core" | "alloc" | "_" | "") {
            return;
        }
        let own = &self.db.ix.krates[self.db.ix.modules[self.scopes[0]].krate];
        if let Some((name, _)) = own.extern_list.iter().find(|(_, package)| *package == krate) {
            self.externs.push(*name);
        }
    }

    fn ty(&mut self, ty: &TypeRef) {
        if self.depth > 64 {
            return;
        }
        self.depth += 1;
        match ty {
            TypeRef::Path(path) => self.path(path),
            TypeRef::Ref { inner, .. }
            | TypeRef::Ptr(inner)
            | TypeRef::Slice(inner)
            | TypeRef::Array(inner) => {
                self.ty(inner);
            }
            TypeRef::Tuple(parts) => parts.iter().for_each(|ty| self.ty(ty)),
            TypeRef::Fn { params, ret } => {
                params.iter().for_each(|ty| self.ty(ty));
                self.ty(ret);
            }
            TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => bounds.iter().for_each(|path| self.path(path)),
            TypeRef::Never | TypeRef::Infer | TypeRef::Const | TypeRef::Macro(_) => {}
        }
        self.depth -= 1;
    }
    fn generics(&mut self, generics: &Generics) {
        for (_, default) in &generics.params {
            default.iter().for_each(|ty| self.ty(ty));
        }
        for bound in &generics.bounds {
            self.ty(&bound.ty);
            bound.traits.iter().for_each(|path| self.path(path));
        }
    }

    /// Attribute paths, and paths in their arguments: `#[serde(with = "crate::time::iso")]`.
    fn attrs(&mut self, attrs: &Attrs) {
        for attr in &attrs.list {
            self.macro_path(&attr.path);
            self.path(&attr.path);
            for text in super::hooks::paths_in(&attr.args) {
                self.path(&text.path);
                // The module of `with = "…"` stands for the functions in it.
                if text.key == "with" {
                    for def in
                        super::hooks::with_functions(self.db, self.scopes[self.scopes.len() - 1], &text.path)
                    {
                        self.defs.push(def);
                    }
                }
            }
        }
    }

    fn body(&mut self, body: &Body) {
        for expr in &body.exprs {
            match expr {
                Expr::Path(path) => self.path(path),
                Expr::MethodCall { generics: Some(types), .. } => types.iter().for_each(|ty| self.ty(ty)),
                Expr::Block { stmts, .. } => {
                    for stmt in stmts {
                        if let Stmt::Let { ty: Some(ty), .. } = stmt {
                            self.ty(ty);
                        }
                    }
                }
                Expr::Closure { params, ret, .. } => {
                    params.iter().for_each(|(_, ty)| self.ty(ty));
                    ret.iter().for_each(|ty| self.ty(ty));
                }
                Expr::Struct { path, .. } => self.path(path),
                Expr::Cast { ty, .. } => self.ty(ty),
                Expr::Macro(call) => {
                    self.macro_path(&call.path);
                    call.mentions.iter().for_each(|path| self.path(path));
                }
                _ => {}
            }
        }
        for pat in &body.pats {
            match pat {
                Pat::Path(path) | Pat::TupleStruct { path, .. } | Pat::Struct { path, .. } => self.path(path),
                Pat::Typed { ty, .. } => self.ty(ty),
                Pat::Bind { name, sub: None, .. } if name.as_str().starts_with(char::is_uppercase) => {
                    let scope = self.scopes[0];
                    if let Some(bind) = self.db.lookup(scope, *name, Ns::Values, false) {
                        self.bind(bind);
                    }
                }
                _ => {}
            }
        }
    }
}
