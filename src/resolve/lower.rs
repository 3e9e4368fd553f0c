//! From types as written to types as meant.

use std::sync::Arc;

use crate::base::Name;
use crate::parse::tree::function::FnDecl;
use crate::parse::tree::items::ItemKind;
use crate::parse::tree::types::{GenericArgs, Generics, Path, PathStart, TypeRef};

use super::index::Db;
use super::program::{DefId, DefKind, ModuleId};
use super::scope::{Bind, Ns};
use super::ty::{Args, Assoc, FnTy, Pred, TraitHead, TraitRef, Ty};

/// Types and aliases that nest deeper are cut off.
const MAX_NESTING: u32 = 24;

/// What names mean while types of one item are lowered.
pub(super) struct Lowering<'a> {
    pub(super) db: Db<'a>,
    pub(super) scope: ModuleId,
    /// Generic parameters by index; `Self` of a trait is the first.
    pub(super) params: Vec<Name>,
    /// The written generics that bounds are looked up in: each with the scope that it is read in.
    pub(super) generics: Vec<&'a Generics>,
    /// What `Self` is.
    pub(super) self_ty: Option<Ty>,
    /// The trait or implementation around the item.
    pub(super) owner: Option<DefId>,
    /// In a body: the next free inference variable; `_` and left-out arguments become variables.
    pub(super) fresh: Option<u32>,
    /// `impl Trait` in a parameter's place becomes a parameter with these bounds.
    pub(super) anonymous: Option<Vec<Vec<TraitRef>>>,
    /// Bounds on associated types inside bounds: `I: Iterator<Item: Display>`.
    pub(super) extra: Vec<Pred>,
    depth: u32,
}

/// The generics of an item as written.
pub(super) fn generics_of(kind: &ItemKind) -> Option<&Generics> {
    Some(match kind {
        ItemKind::Fn(decl) => &decl.generics,
        ItemKind::Adt(adt) => &adt.generics,
        ItemKind::Trait { generics, .. }
        | ItemKind::Impl { generics, .. }
        | ItemKind::TypeAlias { generics, .. } => generics,
        _ => return None,
    })
}

/// The mark of a projection whose trait is not written: `<T>::Name`.
pub(super) fn any_trait() -> TraitHead {
    TraitHead::Ext(Name::new("?"))
}

impl<'a> Lowering<'a> {
    /// Names as the text of `def` sees them.
    pub(super) fn of(db: Db<'a>, def: DefId) -> Self {
        let data = db.def(def);
        let mut this = Self {
            db,
            scope: data.module,
            params: Vec::new(),
            generics: Vec::new(),
            self_ty: None,
            owner: None,
            fresh: None,
            anonymous: None,
            extra: Vec::new(),
            depth: 0,
        };
        let is_owner = matches!(data.kind, DefKind::Trait | DefKind::Impl);
        let owner = if is_owner { Some(def) } else { data.parent };
        if let Some(owner) = owner {
            this.enter_owner(owner);
        }
        if !is_owner {
            let item = db.item(def);
            if let Some(generics) = generics_of(&item.kind) {
                this.enter(generics);
            }
            if let ItemKind::Adt(adt) = &item.kind {
                let args = (0..adt.generics.params.len() as u32).map(Ty::Param).collect();
                this.self_ty = Some(Ty::Adt(def, args));
            }
        }
        this
    }
    fn enter_owner(&mut self, owner: DefId) {
        match &self.db.item(owner).kind {
            ItemKind::Trait { generics, .. } => {
                self.owner = Some(owner);
                self.params.push(Name::new("Self"));
                self.self_ty = Some(Ty::Param(0));
                self.enter(generics);
            }
            ItemKind::Impl { generics, ty, .. } => {
                self.owner = Some(owner);
                self.enter(generics);
                self.self_ty = Some(self.ty(ty));
            }
            // A function's items do not see its generics.
            _ => {}
        }
    }
    fn enter(&mut self, generics: &'a Generics) {
        self.params.extend(generics.params.iter().map(|(name, _)| *name));
        self.generics.push(generics);
    }
    fn hole(&mut self) -> Ty {
        match &mut self.fresh {
            Some(next) => {
                *next += 1;
                Ty::Var(*next - 1)
            }
            None => Ty::Unknown,
        }
    }

    /// Lowers a type.
    pub(super) fn ty(&mut self, ty: &TypeRef) -> Ty {
        if self.depth >= MAX_NESTING {
            return Ty::Unknown;
        }
        self.depth += 1;
        let lowered = self.ty_inner(ty);
        self.depth -= 1;
        lowered
    }
    fn ty_inner(&mut self, ty: &TypeRef) -> Ty {
        match ty {
            TypeRef::Path(path) => self.path(path),
            TypeRef::Ref { mutable, inner } => Ty::Ref(*mutable, Arc::new(self.ty(inner))),
            TypeRef::Ptr(inner) => Ty::Ptr(Arc::new(self.ty(inner))),
            TypeRef::Tuple(parts) => Ty::tuple(parts.iter().map(|part| self.ty(part)).collect()),
            TypeRef::Slice(inner) => Ty::Slice(Arc::new(self.ty(inner))),
            TypeRef::Array(inner) => Ty::Array(Arc::new(self.ty(inner))),
            TypeRef::Fn { params, ret } => {
                let params = params.iter().map(|param| self.ty(param)).collect();
                Ty::FnPtr(Arc::new(FnTy { params, ret: self.ty(ret) }))
            }
            TypeRef::Impl(bounds) => {
                if self.anonymous.is_some() {
                    let held = self.anonymous.take();
                    let n_named = self.params.len();
                    let bounds: Vec<TraitRef> =
                        bounds.iter().map(|path| self.bound(path, &Ty::Unknown)).collect();
                    let mut held = held.expect("just taken");
                    held.push(bounds);
                    let idx = n_named + held.len() - 1;
                    self.anonymous = Some(held);
                    return Ty::Param(idx as u32);
                }
                Ty::Opaque(bounds.iter().map(|path| self.bound(path, &Ty::Unknown)).collect())
            }
            TypeRef::Dyn(bounds) => {
                Ty::Dyn(bounds.iter().map(|path| self.bound(path, &Ty::Unknown)).collect())
            }
            TypeRef::Never => Ty::Never,
            TypeRef::Infer => self.hole(),
            TypeRef::Const | TypeRef::Macro(_) => Ty::Unknown,
        }
    }

    fn path(&mut self, path: &Path) -> Ty {
        if let PathStart::Qualified { ty, n_trait } = &path.start {
            let self_ty = self.ty(ty);
            let n_trait = usize::from(*n_trait);
            let Some(name) = path.segments.get(n_trait).map(|segment| segment.name) else { return self_ty };
            if n_trait == 0 {
                return self.assoc(self_ty, name);
            }
            let trait_path = Path { start: PathStart::Plain, segments: path.segments[..n_trait].into() };
            let bound = self.bound(&trait_path, &self_ty);
            return Ty::Assoc(Arc::new(Assoc { self_ty, trait_: bound.head, args: bound.args, name }));
        }
        if path.start == PathStart::Plain
            && let Some(first) = path.segments.first()
        {
            let base = if first.name == "Self" { self.self_ty.clone() } else { self.param(first.name) };
            if let Some(mut ty) = base {
                for segment in &path.segments[1..] {
                    ty = self.assoc(ty, segment.name);
                }
                return ty;
            }
        }
        let Ok(found) = self.db.resolve(self.scope, path, Ns::Types) else {
            // What a derive or an unread macro declares is known by its name alone.
            return match path.as_name() {
                Some(name) if name.as_str().starts_with(|first: char| first.is_uppercase()) => {
                    Ty::Ext(name, Args::default())
                }
                _ => Ty::Unknown,
            };
        };
        let args = match found.bind {
            // The arguments of `Enum::<T>::Variant` stand on either segment.
            Bind::Variant(..) => {
                path.segments[..found.used].iter().rev().find_map(|segment| segment.args.as_deref())
            }
            _ => {
                found.used.checked_sub(1).and_then(|at| path.segments.get(at)).and_then(|s| s.args.as_deref())
            }
        };
        let mut ty = self.bind(found.bind, args);
        for segment in &path.segments[found.used.min(path.segments.len())..] {
            ty = self.assoc(ty, segment.name);
        }
        ty
    }

    /// The index of a generic parameter.
    pub(super) fn param(&self, name: Name) -> Option<Ty> {
        self.params.iter().rposition(|&param| param == name).map(|idx| Ty::Param(idx as u32))
    }

    /// The type that a binding in the type namespace names.
    pub(super) fn bind(&mut self, bind: Bind, args: Option<&GenericArgs>) -> Ty {
        match bind {
            Bind::Prim(name) => Ty::Prim(name),
            Bind::Ext(path) => {
                let args: Vec<Ty> =
                    args.map_or(&[][..], |args| &args.types).iter().map(|ty| self.ty(ty)).collect();
                // `FieldResult<T>` and the like are aliases of `Result` nearly always.
                if path.as_str().ends_with("Result")
                    && (1..=2).contains(&args.len())
                    && let Some(result) = self.db.ix.lang.result
                {
                    let mut args = args;
                    args.resize(2, Ty::Unknown);
                    return Ty::Adt(result, Args::new(args));
                }
                Ty::Ext(path, Args::new(args))
            }
            Bind::Variant(def, _) => self.bind(Bind::Def(def), args),
            Bind::Module(_) => Ty::Unknown,
            Bind::Def(def) => {
                let item = self.db.item(def);
                match &item.kind {
                    ItemKind::Adt(adt) => {
                        let args = self.fill(&adt.generics, args, def);
                        Ty::Adt(def, Args::new(args))
                    }
                    ItemKind::TypeAlias { generics, ty: Some(ty), .. } => {
                        let args = self.fill(generics, args, def);
                        self.alias(def, ty).subst(&args)
                    }
                    ItemKind::Trait { .. } => {
                        let bound = self.trait_ref(def, args, &Ty::Unknown);
                        Ty::Dyn([bound].into())
                    }
                    _ => Ty::Unknown,
                }
            }
        }
    }

    /// What an alias stands for, in terms of its own parameters.
    fn alias(&mut self, def: DefId, ty: &TypeRef) -> Ty {
        let mut inner = Lowering::of(self.db, def);
        inner.depth = self.depth + 1;
        inner.ty(ty)
    }

    /// Arguments for `generics`, defaults and holes filled in.
    fn fill(&mut self, generics: &Generics, args: Option<&GenericArgs>, def: DefId) -> Vec<Ty> {
        let given = args.map_or(&[][..], |args| &args.types);
        // Constants among the arguments have no parameter here.
        let mut given = given.iter().filter(|ty| !matches!(ty, TypeRef::Const));
        let mut filled: Vec<Ty> = Vec::with_capacity(generics.params.len());
        for (_, default) in &generics.params {
            let ty = match (given.next(), default) {
                (Some(ty), _) => self.ty(ty),
                (None, Some(default)) if self.depth < MAX_NESTING => {
                    let mut inner = Lowering::of(self.db, def);
                    inner.depth = self.depth + 1;
                    inner.ty(default).subst(&filled)
                }
                _ => self.hole(),
            };
            filled.push(ty);
        }
        filled
    }

    /// Lowers a bound on `self_ty`.
    pub(super) fn bound(&mut self, path: &Path, self_ty: &Ty) -> TraitRef {
        let args = path.segments.last().and_then(|segment| segment.args.as_deref());
        let bind = self.db.resolve(self.scope, path, Ns::Types).map(|found| found.bind);
        match bind {
            Ok(Bind::Def(def)) => self.trait_ref(def, args, self_ty),
            Ok(Bind::Ext(ext)) => self.ext_trait(ext, args),
            _ => self.ext_trait(path.last().unwrap_or(Name::new("?")), args),
        }
    }
    fn ext_trait(&mut self, path: Name, args: Option<&GenericArgs>) -> TraitRef {
        let types = args.map_or(&[][..], |args| &args.types).iter().map(|ty| self.ty(ty)).collect();
        let bindings = args
            .map_or(&[][..], |args| &args.bindings)
            .iter()
            .filter(|(_, ty)| !matches!(ty, TypeRef::Impl(_)))
            .map(|(name, ty)| (*name, self.ty(ty)))
            .collect();
        TraitRef { head: TraitHead::Ext(path), args: types, bindings }
    }
    fn trait_ref(&mut self, def: DefId, args: Option<&GenericArgs>, self_ty: &Ty) -> TraitRef {
        let ItemKind::Trait { generics, .. } = &self.db.item(def).kind else {
            // An alias of a trait, or no trait at all.
            return TraitRef { head: TraitHead::Def(def), args: Args::default(), bindings: [].into() };
        };
        let given = args.map_or(&[][..], |args| &args.types);
        let mut types = Vec::with_capacity(generics.params.len());
        for (at, (_, default)) in generics.params.iter().enumerate() {
            types.push(match (given.get(at), default) {
                (Some(ty), _) => self.ty(ty),
                (None, Some(TypeRef::Path(path))) if path.as_name().is_some_and(|name| name == "Self") => {
                    self_ty.clone()
                }
                (None, Some(default)) if self.depth < MAX_NESTING => {
                    let mut inner = Lowering::of(self.db, def);
                    inner.depth = self.depth + 1;
                    inner.ty(default)
                }
                _ => self.hole(),
            });
        }
        let head = TraitHead::Def(def);
        let args_ty = Args::new(types);
        let mut bindings = Vec::new();
        for (name, ty) in args.map_or(&[][..], |args| &args.bindings) {
            match ty {
                TypeRef::Impl(bounds) if *self_ty != Ty::Unknown => {
                    let assoc = Ty::Assoc(Arc::new(Assoc {
                        self_ty: self_ty.clone(),
                        trait_: head,
                        args: args_ty.clone(),
                        name: *name,
                    }));
                    for bound in bounds {
                        let bound = self.bound(bound, &assoc);
                        self.extra.push(Pred { ty: assoc.clone(), bound });
                    }
                }
                ty => {
                    let held = self.anonymous.take();
                    bindings.push((*name, self.ty(ty)));
                    self.anonymous = held;
                }
            }
        }
        TraitRef { head, args: args_ty, bindings: bindings.into() }
    }

    /// `T::Name` for a type `T`.
    fn assoc(&mut self, self_ty: Ty, name: Name) -> Ty {
        if self.depth >= MAX_NESTING {
            return Ty::Unknown;
        }
        let project = |self_ty: Ty, trait_: TraitHead, args: Args| {
            Ty::Assoc(Arc::new(Assoc { self_ty, trait_, args, name }))
        };
        if Some(&self_ty) == self.self_ty.as_ref()
            && let Some(owner) = self.owner
        {
            match &self.db.item(owner).kind {
                ItemKind::Trait { generics, .. } => {
                    let own = (1..=generics.params.len() as u32).map(Ty::Param).collect();
                    if self.db.member(owner, name).is_some() {
                        return project(self_ty, TraitHead::Def(owner), own);
                    }
                    if let Some(found) = self.super_with(owner, name, 0) {
                        return project(self_ty, found, Args::default());
                    }
                }
                ItemKind::Impl { .. } => {
                    if let Some(member) = self.db.member(owner, name)
                        && let ItemKind::TypeAlias { ty: Some(ty), .. } = &self.db.item(member).kind
                    {
                        return self.ty(ty);
                    }
                }
                _ => {}
            }
        }
        if let Ty::Param(idx) = self_ty {
            let param = self.params.get(idx as usize).copied();
            for generics in self.generics.clone() {
                for bound in &generics.bounds {
                    let TypeRef::Path(path) = &bound.ty else { continue };
                    if path.as_name() != param {
                        continue;
                    }
                    for path in &bound.traits {
                        let Ok(found) = self.db.resolve(self.scope, path, Ns::Types) else { continue };
                        let Bind::Def(def) = found.bind else { continue };
                        if self.db.member(def, name).is_some() {
                            let bound = self.bound(path, &self_ty);
                            return project(self_ty, bound.head, bound.args);
                        }
                        if let Some(found) = self.super_with(def, name, 0) {
                            return project(self_ty, found, Args::default());
                        }
                    }
                }
            }
        }
        if self_ty == Ty::Unknown {
            return Ty::Unknown;
        }
        project(self_ty, any_trait(), Args::default())
    }

    /// The supertrait that declares `name`.
    fn super_with(&self, def: DefId, name: Name, depth: u32) -> Option<TraitHead> {
        if depth > 8 {
            return None;
        }
        let ItemKind::Trait { supertraits, .. } = &self.db.item(def).kind else { return None };
        let scope = self.db.def(def).module;
        supertraits.iter().find_map(|path| match self.db.resolve(scope, path, Ns::Types).ok()?.bind {
            Bind::Def(found) if self.db.member(found, name).is_some() => Some(TraitHead::Def(found)),
            Bind::Def(found) => self.super_with(found, name, depth + 1),
            _ => None,
        })
    }

    /// The bounds of `generics`, as predicates.
    pub(super) fn preds(&mut self, generics: &Generics, out: &mut Vec<Pred>) {
        for bound in &generics.bounds {
            let ty = self.ty(&bound.ty);
            for path in &bound.traits {
                let bound = self.bound(path, &ty);
                out.push(Pred { ty: ty.clone(), bound });
            }
        }
        out.append(&mut self.extra);
    }

    /// The types of a function's parameters without `self`, and the predicates of `impl Trait` ones.
    pub(super) fn fn_params(&mut self, decl: &FnDecl, preds: &mut Vec<Pred>) -> Vec<Ty> {
        let base = self.params.len();
        self.anonymous = Some(Vec::new());
        let params = decl.params.iter().map(|param| self.ty(&param.ty)).collect();
        let anonymous = self.anonymous.take().unwrap_or_default();
        for (at, bounds) in anonymous.into_iter().enumerate() {
            let ty = Ty::Param((base + at) as u32);
            self.params.push(Name::new("impl"));
            preds.extend(bounds.into_iter().map(|bound| Pred { ty: ty.clone(), bound }));
        }
        params
    }
}
