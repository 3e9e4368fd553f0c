//! Types as inference sees them, and what is done with them whatever their meaning: substitution,
//! walking, bounds on their size.

use std::ops::Deref;
use std::sync::Arc;

use crate::base::Name;

use super::program::DefId;

/// Types deeper than this are cut off with [`Ty::Unknown`], so that no recursion in types can run away.
pub(super) const MAX_DEPTH: u32 = 48;

/// Generic arguments; empty ones take no room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Args(Option<Arc<[Ty]>>);

impl Args {
    pub(super) fn new(args: Vec<Ty>) -> Self {
        if args.is_empty() { Self(None) } else { Self(Some(args.into())) }
    }
    fn map(&self, depth: u32, leaf: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Self {
        self.changed(depth, leaf).unwrap_or_else(|| self.clone())
    }
    /// Each of them mapped, where that changes one.
    fn changed(&self, depth: u32, leaf: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Option<Self> {
        let mut args = self.iter();
        let (at, new) =
            args.by_ref().enumerate().find_map(|(at, ty)| Some((at, ty.changed(depth, leaf)?)))?;
        let before = self[..at].iter().cloned();
        Some(before.chain([new]).chain(args.map(|ty| ty.map(depth, leaf))).collect())
    }
}

impl Deref for Args {
    type Target = [Ty];
    fn deref(&self) -> &[Ty] {
        self.0.as_deref().unwrap_or(&[])
    }
}

impl FromIterator<Ty> for Args {
    fn from_iter<I: IntoIterator<Item = Ty>>(iter: I) -> Self {
        let iter = iter.into_iter();
        if iter.size_hint().1 == Some(0) {
            return Self(None);
        }
        // Where it is known how many they are, memory is asked for once.
        let args: Arc<[Ty]> = iter.collect();
        Self((!args.is_empty()).then_some(args))
    }
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    /// Not known.
    Unknown,
    /// `!`.
    Never,
    /// The type of an unsuffixed number: meets every number type.
    Number,
    /// `str`, `u8`, `bool`, ….
    Prim(Name),
    /// A struct, enum or union, of the workspace or of a stub.
    Adt(DefId, Args),
    /// A type that no stub declares, by its path.
    Ext(Name, Args),
    /// `&T`, `&mut T`.
    Ref(bool, Arc<Ty>),
    /// `*const T`.
    Ptr(Arc<Ty>),
    /// `[T]`.
    Slice(Arc<Ty>),
    /// `[T; n]`.
    Array(Arc<Ty>),
    /// `(A, B)`.
    Tuple(Args),
    /// A function as a value, with the arguments of its parent's and its own generics.
    FnDef(DefId, Args),
    /// A tuple struct or variant as a value.
    Ctor(DefId, u32, Args),
    /// `fn(A) -> B`.
    FnPtr(Arc<FnTy>),
    /// A closure.
    Closure(Arc<FnTy>),
    /// `dyn A + B`.
    Dyn(Arc<[TraitRef]>),
    /// `impl A + B` as a result.
    Opaque(Arc<[TraitRef]>),
    /// A generic parameter: the parent's first, then the item's own; in a trait, 0 is `Self`.
    Param(u32),
    /// `<T as Trait<..>>::Name`.
    Assoc(Arc<Assoc>),
    /// An inference variable of the body at hand.
    Var(u32),
}

/// Parameters and result of a function type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FnTy {
    pub(super) params: Vec<Ty>,
    pub(super) ret: Ty,
}

/// A projection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assoc {
    pub(super) self_ty: Ty,
    pub(super) trait_: TraitHead,
    pub(super) args: Args,
    pub(super) name: Name,
}

/// A trait, declared here or in a stub, or known by its path only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum TraitHead {
    Def(DefId),
    Ext(Name),
}

/// `Trait<A, Item = B>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TraitRef {
    pub(super) head: TraitHead,
    pub(super) args: Args,
    pub(super) bindings: Arc<[(Name, Ty)]>,
}

/// `T: Trait`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pred {
    pub(super) ty: Ty,
    pub(super) bound: TraitRef,
}

/// What a type is looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Head {
    Adt(DefId),
    Ext(Name),
    Prim(Name),
    Ref,
    Ptr,
    Slice,
    Array,
    Tuple(u32),
    Fn,
    Dyn(TraitHead),
    Never,
}

/// The path of a type outside of which no more is known; with an argument, it holds that type.
const OPEN: &str = "_";

impl Ty {
    /// What code outside gave that got nothing of the workspace: no type that is declared here.
    pub(super) fn outside() -> Self {
        Self::Ext(Name::new(OPEN), Args::default())
    }
    /// Something outside that holds a value of a type that was asked for.
    pub(super) fn outside_of(asked: Self) -> Self {
        Self::Ext(Name::new(OPEN), [asked].into_iter().collect())
    }
    /// Whether no more is known of a type than that it is outside.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Ext(path, _) if path.as_str() == OPEN)
    }
    /// What was asked for, of the unknown type around it.
    pub(super) fn asked(&self) -> Option<&Self> {
        match self {
            Self::Ext(_, args) if self.is_open() => args.first(),
            _ => None,
        }
    }

    pub(super) fn unit() -> Self {
        Self::Tuple(Args::default())
    }
    pub(super) fn prim(name: &str) -> Self {
        Self::Prim(Name::new(name))
    }
    pub(super) fn reference(self) -> Self {
        Self::Ref(false, Arc::new(self))
    }
    pub(super) fn tuple(parts: Vec<Ty>) -> Self {
        Self::Tuple(Args::new(parts))
    }
    /// The key of implementations for this type; none for parameters, variables and projections.
    pub(super) fn head(&self) -> Option<Head> {
        Some(match self {
            Self::Adt(def, _) => Head::Adt(*def),
            // The same type may be imported by several paths.
            Self::Ext(path, _) => Head::Ext(last_segment(*path)),
            Self::Prim(name) => Head::Prim(*name),
            Self::Number => Head::Prim(Name::new("i32")),
            Self::Ref(..) => Head::Ref,
            Self::Ptr(_) => Head::Ptr,
            Self::Slice(_) => Head::Slice,
            Self::Array(_) => Head::Array,
            Self::Tuple(parts) => Head::Tuple(parts.len() as u32),
            Self::FnDef(..) | Self::Ctor(..) | Self::FnPtr(_) | Self::Closure(_) => Head::Fn,
            Self::Dyn(bounds) => Head::Dyn(bounds.first()?.head),
            Self::Never => Head::Never,
            Self::Unknown | Self::Opaque(_) | Self::Param(_) | Self::Assoc(_) | Self::Var(_) => return None,
        })
    }
    /// Rebuilds the type with `leaf` applied where it gives something; children are rebuilt otherwise.
    pub(super) fn map(&self, depth: u32, leaf: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Ty {
        self.changed(depth, leaf).unwrap_or_else(|| self.clone())
    }
    /// [`Ty::map`] where that gives another type; what stays is shared.
    fn changed(&self, depth: u32, leaf: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Option<Ty> {
        if let Some(new) = leaf(self) {
            return Some(new);
        }
        if depth >= MAX_DEPTH {
            return Some(Self::Unknown);
        }
        let d = depth + 1;
        Some(match self {
            Self::Adt(def, args) => Self::Adt(*def, args.changed(d, leaf)?),
            Self::Ext(path, args) => Self::Ext(*path, args.changed(d, leaf)?),
            Self::Ref(mutable, inner) => Self::Ref(*mutable, Arc::new(inner.changed(d, leaf)?)),
            Self::Ptr(inner) => Self::Ptr(Arc::new(inner.changed(d, leaf)?)),
            Self::Slice(inner) => Self::Slice(Arc::new(inner.changed(d, leaf)?)),
            Self::Array(inner) => Self::Array(Arc::new(inner.changed(d, leaf)?)),
            Self::Tuple(parts) => Self::Tuple(parts.changed(d, leaf)?),
            Self::FnDef(def, args) => Self::FnDef(*def, args.changed(d, leaf)?),
            Self::Ctor(def, idx, args) => Self::Ctor(*def, *idx, args.changed(d, leaf)?),
            Self::FnPtr(sig) => Self::FnPtr(Arc::new(sig.map(d, leaf))),
            Self::Closure(sig) => Self::Closure(Arc::new(sig.map(d, leaf))),
            Self::Dyn(bounds) => Self::Dyn(bounds.iter().map(|bound| bound.map(d, leaf)).collect()),
            Self::Opaque(bounds) => Self::Opaque(bounds.iter().map(|bound| bound.map(d, leaf)).collect()),
            Self::Assoc(assoc) => Self::Assoc(Arc::new(Assoc {
                self_ty: assoc.self_ty.map(d, leaf),
                trait_: assoc.trait_,
                args: assoc.args.map(d, leaf),
                name: assoc.name,
            })),
            _ => return None,
        })
    }
    /// Replaces generic parameters by `args`; one that has no argument becomes unknown.
    pub(super) fn subst(&self, args: &[Ty]) -> Ty {
        if matches!(self, Self::Prim(_) | Self::Unknown | Self::Never) {
            return self.clone();
        }
        self.map(0, &mut |ty| match ty {
            Self::Param(idx) => Some(args.get(*idx as usize).cloned().unwrap_or(Self::Unknown)),
            _ => None,
        })
    }
    /// Whether `test` holds for the type or a part of it.
    pub(super) fn any(&self, depth: u32, test: &dyn Fn(&Ty) -> bool) -> bool {
        if test(self) {
            return true;
        }
        if depth >= MAX_DEPTH {
            return false;
        }
        let d = depth + 1;
        match self {
            Self::Adt(_, args)
            | Self::Ext(_, args)
            | Self::Tuple(args)
            | Self::FnDef(_, args)
            | Self::Ctor(_, _, args) => args.iter().any(|ty| ty.any(d, test)),
            Self::Ref(_, inner) | Self::Ptr(inner) | Self::Slice(inner) | Self::Array(inner) => {
                inner.any(d, test)
            }
            Self::FnPtr(sig) | Self::Closure(sig) => {
                sig.ret.any(d, test) || sig.params.iter().any(|ty| ty.any(d, test))
            }
            Self::Dyn(bounds) | Self::Opaque(bounds) => bounds.iter().any(|bound| {
                bound.args.iter().any(|ty| ty.any(d, test))
                    || bound.bindings.iter().any(|(_, ty)| ty.any(d, test))
            }),
            Self::Assoc(assoc) => assoc.self_ty.any(d, test) || assoc.args.iter().any(|ty| ty.any(d, test)),
            _ => false,
        }
    }
}

/// The last segment of a path.
pub(super) fn last_segment(path: Name) -> Name {
    match path.as_str().rsplit_once("::") {
        Some((_, last)) => Name::new(last),
        None => path,
    }
}

impl FnTy {
    fn map(&self, depth: u32, leaf: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Self {
        Self {
            params: self.params.iter().map(|ty| ty.map(depth, leaf)).collect(),
            ret: self.ret.map(depth, leaf),
        }
    }
}

impl TraitRef {
    pub(super) fn map(&self, depth: u32, leaf: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Self {
        Self {
            head: self.head,
            args: self.args.map(depth, leaf),
            bindings: if self.bindings.is_empty() {
                self.bindings.clone()
            } else {
                self.bindings.iter().map(|(name, ty)| (*name, ty.map(depth, leaf))).collect()
            },
        }
    }
    pub(super) fn subst(&self, args: &[Ty]) -> Self {
        self.map(0, &mut |ty| match ty {
            Ty::Param(idx) => Some(args.get(*idx as usize).cloned().unwrap_or(Ty::Unknown)),
            _ => None,
        })
    }
}
