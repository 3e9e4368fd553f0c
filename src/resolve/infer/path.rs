//! Paths as values: locals, functions, constructors, constants, items of types.

use crate::base::{DefPath, Name, TextRange};
use crate::parse::tree::body::ExprId;
use crate::parse::tree::items::VariantForm;
use crate::parse::tree::types::{Path, PathStart, Segment};

use super::super::impls::is_of_another_crate;
use super::super::lower::any_trait;
use super::super::paths::{Lost, ext_child};
use super::super::program::{CallKind, CallTarget, DefId, DefKind, Res, UnknownReason};
use super::super::scope::{Bind, Ns};
use super::super::sigs::Sig;
use super::super::ty::{Args, Head, TraitHead, Ty};
use super::{Infer, RawTarget};

/// What a path in a value's place means.
#[derive(Clone, Debug)]
pub(in crate::resolve) enum Value {
    /// A local, with its type.
    Local(Ty),
    /// A function with arguments for all its parameters.
    Fn(DefId, Args),
    /// A tuple struct or variant that is called.
    Ctor(DefId, u32, Args),
    /// A unit struct or variant.
    Unit(DefId, u32, Args),
    /// A constant or static.
    Const(DefId, Ty),
    /// Outside, by its path.
    Ext(Name),
    /// Not known.
    Lost(UnknownReason),
}

impl Infer<'_> {
    /// A path that is not called.
    pub(in crate::resolve) fn path_value(&mut self, id: ExprId, path: &Path) -> Ty {
        let value = self.value(path);
        self.note_path(id, &value);
        let (site, name) = self.site_of(id, path);
        match value {
            Value::Local(ty) => ty,
            Value::Fn(def, args) => {
                self.require_all(def, &args);
                self.record(Some(id), CallKind::Reference, RawTarget::Fn(def, args.clone()), site, name);
                Ty::FnDef(def, args)
            }
            Value::Ctor(def, idx, args) => {
                if self.db.is_local(def) {
                    let target = RawTarget::Done(CallTarget::Constructor(def));
                    self.record(Some(id), CallKind::Reference, target, site, name);
                }
                Ty::Ctor(def, idx, args)
            }
            Value::Unit(def, _, args) => Ty::Adt(def, args),
            Value::Const(_, ty) => ty,
            Value::Ext(path) => {
                let is_fn_like = path
                    .as_str()
                    .rsplit("::")
                    .next()
                    .is_some_and(|last| last.starts_with(|first: char| first.is_lowercase()));
                if is_fn_like {
                    let target = RawTarget::Done(CallTarget::External(DefPath::new(path.as_str())));
                    self.record(Some(id), CallKind::Reference, target, site, name);
                    return Ty::Unknown;
                }
                // `StatusCode::OK`, `Role::Admin`: constants and variants are of the type before them.
                match path.as_str().rsplit_once("::") {
                    Some((base, _)) if is_type_name(base) => Ty::Ext(Name::new(base), Args::default()),
                    _ => Ty::Unknown,
                }
            }
            Value::Lost(_) => Ty::Unknown,
        }
    }

    /// Where the called name stands, and the name.
    pub(in crate::resolve) fn site_of(&self, id: ExprId, path: &Path) -> (TextRange, Name) {
        let range = self.range(id);
        let name = path.last().unwrap_or_else(|| Name::new("self"));
        let has_args = path.segments.last().is_some_and(|segment| segment.args.is_some());
        let len = name.as_str().len() as u32;
        let site = match has_args || range.end < range.start + len {
            true => range,
            false => TextRange::new(range.end - len, range.end),
        };
        (site, name)
    }

    pub(in crate::resolve) fn note_path(&mut self, id: ExprId, value: &Value) {
        let res = match value {
            Value::Local(_) => Res::Local,
            Value::Fn(def, _) | Value::Const(def, _) => self.res(*def),
            Value::Ctor(def, idx, _) | Value::Unit(def, idx, _) => {
                if !self.db.is_local(*def) {
                    self.res(*def)
                } else if self.db.def(*def).kind == DefKind::Enum {
                    match self.variant_name(*def, *idx) {
                        Some(name) => Res::Variant(*def, name),
                        None => Res::Def(*def),
                    }
                } else {
                    Res::Def(*def)
                }
            }
            Value::Ext(path) => Res::External(DefPath::new(path.as_str())),
            Value::Lost(_) => Res::Unknown,
        };
        self.paths.push((id, res));
    }
    fn res(&self, def: DefId) -> Res {
        match self.db.is_local(def) {
            true => Res::Def(def),
            false => Res::External(self.db.outside_path(def)),
        }
    }

    /// What a path means as a value.
    pub(in crate::resolve) fn value(&mut self, path: &Path) -> Value {
        if let Some(name) = path.as_name()
            && let Some(ty) = self.local(name)
        {
            return Value::Local(ty);
        }
        if path.start == PathStart::SelfModule && path.segments.is_empty() {
            let ty = self.local(Name::new("self")).unwrap_or(Ty::Unknown);
            return Value::Local(ty);
        }
        if let PathStart::Qualified { ty, n_trait } = &path.start {
            let self_ty = self.lower(ty);
            let n_trait = usize::from(*n_trait);
            let Some(last) = path.segments.get(n_trait) else {
                return Value::Lost(UnknownReason::UnresolvedPath);
            };
            if n_trait == 0 {
                return self.items_of(self_ty, &path.segments);
            }
            let trait_path = Path { start: PathStart::Plain, segments: path.segments[..n_trait].into() };
            self.names.fresh = Some(self.next_var.get());
            let bound = self.names.bound(&trait_path, &self_ty);
            self.next_var.set(self.names.fresh.take().unwrap_or(0));
            return match bound.head {
                TraitHead::Def(def) => match self.db.member(def, last.name) {
                    Some(member) => self.trait_member(member, self_ty, &bound.args, last),
                    None if self.db.is_local(def) => Value::Lost(UnknownReason::UnresolvedPath),
                    None => {
                        let path = Name::new(self.db.path(def).as_str());
                        self.foreign_value(&self_ty, path, last)
                    }
                },
                TraitHead::Ext(path) => self.foreign_value(&self_ty, path, last),
            };
        }
        if path.start == PathStart::Plain
            && let Some(first) = path.segments.first()
        {
            if first.name == "Self" {
                let Some(self_ty) = self.names.self_ty.clone() else {
                    return Value::Lost(UnknownReason::UnresolvedPath);
                };
                if path.segments.len() == 1 {
                    return match &self_ty {
                        Ty::Adt(def, args) => self.struct_value(*def, 0, args.clone()),
                        _ => Value::Lost(UnknownReason::UnresolvedPath),
                    };
                }
                return self.items_of(self_ty, &path.segments[1..]);
            }
            if path.segments.len() > 1
                && let Some(param) = self.names.param(first.name)
            {
                return self.items_of(param, &path.segments[1..]);
            }
        }
        self.global_value(path)
    }

    fn global_value(&mut self, path: &Path) -> Value {
        let db = self.db;
        let found = match db.resolve(self.scope(), path, Ns::Values) {
            Ok(found) => found,
            Err(Lost::MissingModule) => return Value::Lost(UnknownReason::MissingModule),
            Err(Lost::NoName) => {
                if let [first, last] = &*path.segments
                    && path.start == PathStart::Plain
                    && let Some(found) = self.local_item(ext_child(first.name, last.name), last)
                {
                    return found;
                }
                // `CartBuilder::default()`: what a derive declares is known by its name alone.
                return match &*path.segments {
                    [.., first, last]
                        if first.name.as_str().starts_with(|c: char| c.is_uppercase())
                            && matches!(last.name.as_str(), "default" | "new")
                            && path.start == PathStart::Plain =>
                    {
                        Value::Ext(ext_child(first.name, last.name))
                    }
                    _ => Value::Lost(UnknownReason::UnresolvedPath),
                };
            }
        };
        let rest = &path.segments[found.used.min(path.segments.len())..];
        let at = found.used.checked_sub(1).and_then(|at| path.segments.get(at));
        let written = at.and_then(|segment| segment.args.as_deref());
        match found.bind {
            Bind::Ext(outside) => {
                let outside = rest.iter().fold(outside, |path, segment| ext_child(path, segment.name));
                path.segments
                    .last()
                    .and_then(|last| self.local_item(outside, last))
                    .unwrap_or(Value::Ext(outside))
            }
            Bind::Variant(def, idx) => {
                let on_enum = path.segments[..found.used].iter().rev().find_map(|s| s.args.as_deref());
                let args = match self.lower_bind(Bind::Def(def), on_enum) {
                    Ty::Adt(_, args) => args,
                    _ => Args::default(),
                };
                self.struct_value(def, idx, args)
            }
            Bind::Def(def) => match db.def(def).kind {
                DefKind::Fn => {
                    let mut args = self.fresh_args(db.fn_sig(def).map_or(0, |sig| sig.n_params));
                    self.turbofish(def, at, &mut args);
                    Value::Fn(def, Self::args(args))
                }
                DefKind::Const | DefKind::Static => match db.sig(def) {
                    Sig::Value(ty) => {
                        let ty = self.normalize(ty);
                        Value::Const(def, ty)
                    }
                    _ => Value::Const(def, Ty::Unknown),
                },
                DefKind::Trait if !rest.is_empty() => {
                    let self_ty = self.fresh();
                    self.names.fresh = Some(self.next_var.get());
                    let bound_args = match self.names.bind(found.bind, written) {
                        Ty::Dyn(bounds) => bounds[0].args.clone(),
                        _ => Args::default(),
                    };
                    self.next_var.set(self.names.fresh.take().unwrap_or(0));
                    match db.member(def, rest[0].name) {
                        Some(member) => self.trait_member(member, self_ty, &bound_args, &rest[0]),
                        None if db.is_local(def) => Value::Lost(UnknownReason::UnresolvedPath),
                        None => Value::Ext(ext_child(Name::new(db.path(def).as_str()), rest[0].name)),
                    }
                }
                DefKind::Struct | DefKind::Union if rest.is_empty() => {
                    match self.lower_bind(found.bind, written) {
                        Ty::Adt(def, args) => self.struct_value(def, 0, args),
                        _ => Value::Lost(UnknownReason::UnresolvedPath),
                    }
                }
                _ if !rest.is_empty() => {
                    let ty = self.lower_bind(found.bind, written);
                    self.items_of(ty, rest)
                }
                _ => Value::Lost(UnknownReason::UnresolvedPath),
            },
            Bind::Prim(name) if !rest.is_empty() => self.items_of(Ty::Prim(name), rest),
            Bind::Prim(_) | Bind::Module(_) => Value::Lost(UnknownReason::UnresolvedPath),
        }
    }

    fn struct_value(&mut self, def: DefId, idx: u32, args: Args) -> Value {
        let form =
            self.db.adt_sig(def).and_then(|sig| sig.variants.get(idx as usize)).map(|variant| variant.form);
        match form {
            Some(VariantForm::Unit) => Value::Unit(def, idx, args),
            Some(_) => Value::Ctor(def, idx, args),
            None => Value::Lost(UnknownReason::UnresolvedPath),
        }
    }

    /// Fills a function's own parameters from what is written behind its name.
    pub(in crate::resolve) fn turbofish(&mut self, def: DefId, segment: Option<&Segment>, args: &mut [Ty]) {
        let Some(written) = segment.and_then(|segment| segment.args.as_deref()) else { return };
        self.turbofish_types(def, &written.types, args);
    }
    pub(in crate::resolve) fn turbofish_types(
        &mut self,
        def: DefId,
        types: &[crate::parse::tree::types::TypeRef],
        args: &mut [Ty],
    ) {
        let Some(sig) = self.db.fn_sig(def) else { return };
        let own = sig.n_parent as usize..(sig.n_parent + sig.n_named) as usize;
        for (at, ty) in own.zip(types) {
            if let Some(slot) = args.get_mut(at) {
                *slot = self.lower(ty);
            }
        }
    }

    /// `T::a::b`: items of a type.
    fn items_of(&mut self, self_ty: Ty, segments: &[Segment]) -> Value {
        let [associated @ .., last] = segments else { return Value::Lost(UnknownReason::UnresolvedPath) };
        let mut ty = self_ty;
        for segment in associated {
            let assoc = super::super::ty::Assoc {
                self_ty: ty,
                trait_: any_trait(),
                args: Args::default(),
                name: segment.name,
            };
            ty = self.normalize(&Ty::Assoc(assoc.into()));
        }
        self.item_of_type(ty, last)
    }

    /// `T::name`.
    fn item_of_type(&mut self, ty: Ty, last: &Segment) -> Value {
        let db = self.db;
        let name = last.name;
        let ty = self.shallow(&ty);
        if let Ty::Adt(def, args) = &ty
            && let Some(idx) = db.variant(*def, name)
        {
            return self.struct_value(*def, idx, args.clone());
        }
        if let Some(head) = ty.head() {
            for &(imp, member) in db.ix.impls.inherent(head, name) {
                if let Some(found) = self.match_impl(imp, &ty, None) {
                    return self.member_value(member, found.args, last);
                }
            }
        }
        // Bounds first: in generic code they are all there is.
        for bound in self.bounds_of(&ty) {
            let TraitHead::Def(def) = bound.head else { continue };
            if let Some(member) = db.member(def, name) {
                return self.trait_member(member, ty, &bound.args, last);
            }
        }
        let scope = self.scope();
        for pass in 0..2 {
            for (owner, member) in db.ix.impls.traits_in_scope(db, scope, name, pass == 0) {
                if !self.may_have(&ty, owner) {
                    continue;
                }
                let n = db.trait_sig(owner).map_or(1, |sig| sig.n_params);
                let args = Self::args(self.fresh_args(n - 1));
                return self.trait_member(member, ty, &args, last);
            }
            if pass == 0
                && let Some(found) = self.foreign_member(&ty, name, last)
            {
                return found;
            }
        }
        match self.outside_type(&ty) {
            Some(path) => Value::Ext(ext_child(path, name)),
            None => match &ty {
                Ty::Unknown | Ty::Var(_) => Value::Lost(UnknownReason::UnresolvedPath),
                // What a derive of another crate adds, or a trait that is not read.
                _ if !self.could_be_local(name) || self.has_from_outside(&ty) => {
                    let base = self.type_path(&ty).unwrap_or_else(|| Name::new("_"));
                    Value::Ext(ext_child(base, name))
                }
                _ => Value::Lost(UnknownReason::NoSuchMethod),
            },
        }
    }

    /// Whether a type has a trait, as far as that can be told; a derived one counts.
    pub(in crate::resolve) fn may_have(&mut self, ty: &Ty, owner: DefId) -> bool {
        let db = self.db;
        let head = TraitHead::Def(owner);
        match ty {
            Ty::Var(_) | Ty::Unknown => false,
            Ty::Adt(def, _) if self.derives(*def, head) => true,
            _ => {
                if let Some(key) = ty.head() {
                    for &imp in db.ix.impls.of_trait(head, key) {
                        let start = self.snapshot();
                        let fits = match self.match_impl(imp, ty, None) {
                            Some(found) => self.preds_hold(&found),
                            None => false,
                        };
                        self.rollback(start);
                        if fits {
                            return true;
                        }
                    }
                }
                if matches!(ty, Ty::Param(_) | Ty::Assoc(_) | Ty::Dyn(_) | Ty::Opaque(_))
                    && self.bounds_of(ty).iter().any(|bound| bound.head == head)
                {
                    return true;
                }
                if db.ix.impls.blanket(head).is_empty() {
                    return false;
                }
                let start = self.snapshot();
                let n = db.trait_sig(owner).map_or(1, |sig| sig.n_params);
                let args = self.fresh_args(n - 1);
                let fits = self.find_impl(head, &args, ty).is_some();
                self.rollback(start);
                fits
            }
        }
    }

    /// `Outside::name`, where the workspace implements it for that type.
    fn local_item(&mut self, path: Name, last: &Segment) -> Option<Value> {
        let (base, _) = path.as_str().rsplit_once("::")?;
        let is_type = base.rsplit("::").next()?.starts_with(|first: char| first.is_uppercase());
        if !is_type {
            return None;
        }
        let ty = Ty::Ext(Name::new(base), Args::default());
        if self.db.ix.impls.guard_members(ty.head()?, last.name).is_empty()
            && self.db.ix.impls.inherent(ty.head()?, last.name).is_empty()
            && self.db.ix.impls.traits_with(last.name).iter().all(|&(owner, _)| !self.db.is_local(owner))
        {
            return None;
        }
        match self.item_of_type(ty, last) {
            Value::Fn(def, args) => {
                let owner = self.db.def(def).parent.filter(|&owner| !self.db.is_local(owner));
                // One of a trait outside, whose implementations here may still fit.
                (self.db.is_local(def) || owner.is_some()).then_some(Value::Fn(def, args))
            }
            found @ Value::Const(def, _) if self.db.is_local(def) => Some(found),
            _ => None,
        }
    }

    /// A member of an implementation, with arguments for the implementation's parameters.
    fn member_value(&mut self, member: DefId, mut args: Vec<Ty>, last: &Segment) -> Value {
        let db = self.db;
        match db.sig(member) {
            Sig::Fn(sig) => {
                while args.len() < sig.n_params as usize {
                    args.push(self.fresh());
                }
                self.turbofish(member, Some(last), &mut args);
                Value::Fn(member, Self::args(args))
            }
            Sig::Value(ty) => {
                let ty = self.instantiate(ty, &args);
                Value::Const(member, ty)
            }
            _ => Value::Lost(UnknownReason::UnresolvedPath),
        }
    }

    /// A member of a trait on a type: the implementation's where it can be told at once.
    fn trait_member(&mut self, member: DefId, self_ty: Ty, trait_args: &Args, last: &Segment) -> Value {
        let db = self.db;
        let name = last.name;
        if let Some(owner) = db.def(member).parent
            && !matches!(self.shallow(&self_ty), Ty::Var(_) | Ty::Unknown)
            && let Some(found) = self.find_impl(TraitHead::Def(owner), trait_args, &self_ty)
            && let Some(own) = db.member(found.imp, name)
        {
            return self.member_value(own, found.args, last);
        }
        let mut args = vec![self_ty];
        args.extend(trait_args.iter().cloned());
        self.member_value(member, args, last)
    }

    /// A member of an implementation that no stub declares in its trait.
    fn foreign_member(&mut self, ty: &Ty, name: Name, last: &Segment) -> Option<Value> {
        let db = self.db;
        let direct = ty.head().map_or(&[][..], |head| db.ix.impls.foreign(head, name));
        for &(imp, member) in direct.iter().chain(db.ix.impls.foreign_blanket(name)) {
            if let Some(found) = self.match_impl(imp, ty, None) {
                return Some(self.member_value(member, found.args, last));
            }
        }
        None
    }
    /// The same as a value; outside where the workspace has none.
    fn foreign_value(&mut self, ty: &Ty, of: Name, last: &Segment) -> Value {
        self.foreign_member(ty, last.name, last).unwrap_or_else(|| Value::Ext(ext_child(of, last.name)))
    }

    /// The path of a type that is declared outside.
    pub(in crate::resolve) fn outside_type(&mut self, ty: &Ty) -> Option<Name> {
        match ty {
            Ty::Adt(def, _) if self.db.is_local(*def) => None,
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => bounds.iter().find_map(|bound| match bound.head {
                TraitHead::Def(def) if self.db.is_local(def) => None,
                TraitHead::Def(def) => Some(Name::new(self.db.path(def).as_str())),
                TraitHead::Ext(path) => Some(path),
            }),
            // Of a trait outside, as far as its bounds say.
            Ty::Param(_) | Ty::Assoc(_) => {
                let bounds = self.bounds_of(ty);
                bounds.iter().find_map(|bound| match bound.head {
                    TraitHead::Ext(path) => Some(path),
                    _ => None,
                })
            }
            _ => self.type_path(ty),
        }
    }
    /// A type's path for the name of something outside.
    pub(in crate::resolve) fn type_path(&self, ty: &Ty) -> Option<Name> {
        if let Ty::Ext(path, _) = ty {
            return Some(*path);
        }
        Some(match ty.head()? {
            Head::Adt(def) => Name::new(self.db.path(def).as_str()),
            Head::Ext(path) => path,
            Head::Prim(name) => name,
            Head::Ref => Name::new("std::reference"),
            Head::Ptr => Name::new("std::pointer"),
            Head::Slice => Name::new("std::slice"),
            Head::Array => Name::new("std::array"),
            Head::Tuple(_) => Name::new("std::tuple"),
            Head::Fn => Name::new("std::ops::Fn"),
            Head::Never => Name::new("std::never"),
            Head::Dyn(TraitHead::Def(def)) => Name::new(self.db.path(def).as_str()),
            Head::Dyn(TraitHead::Ext(path)) => path,
        })
    }
    /// Whether a derive or trait of another crate adds items to a type of the workspace.
    pub(in crate::resolve) fn has_from_outside(&self, ty: &Ty) -> bool {
        let Ty::Adt(def, _) = ty else { return false };
        let derives = |head: &TraitHead| is_of_another_crate(self.db, *head);
        self.db.adt_sig(*def).is_some_and(|sig| sig.derives.iter().any(derives))
            || ty.head().is_some_and(|head| self.db.ix.impls.implements_outside(head))
    }
    /// Whether the workspace has a method of this name at all.
    pub(in crate::resolve) fn could_be_local(&self, name: Name) -> bool {
        !self.db.ix.impls.local_methods(name).is_empty()
    }
}

/// Whether a path ends in what looks like a type.
fn is_type_name(path: &str) -> bool {
    path.rsplit("::").next().is_some_and(|last| {
        last.starts_with(|first: char| first.is_uppercase()) && last.contains(|c: char| c.is_lowercase())
    })
}
