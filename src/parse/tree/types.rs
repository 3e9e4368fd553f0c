//! Paths and types as they are written.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::base::Name;

/// Where a written path starts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PathStart {
    /// `a::b`: looked up in scope.
    Plain,
    /// `::a::b`: a crate name.
    Global,
    /// `crate::a`.
    Crate,
    /// `$crate::a` in an expanded `macro_rules!`: the crate that defines the macro.
    DollarCrate(Name),
    /// `self::a`; without segments in an expression, the value `self`.
    SelfModule,
    /// `super::a`, `super::super::a`: how many times.
    Super(u8),
    /// `<T>::a` and `<T as Trait>::a`; with a trait, `path.segments` holds the trait's path followed
    /// by the item, and `n_trait` says how many segments are the trait's.
    Qualified { ty: Box<TypeRef>, n_trait: u8 },
}

/// The segments of a path. Most paths have one, which lies in the path itself.
pub type Segments = SmallVec<[Segment; 1]>;

/// A path as written. The keyword start is not among the segments: `crate::a::b` has two segments.
/// `Self` is a plain segment of that name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Path {
    /// Where it starts.
    pub start: PathStart,
    /// The segments, at least one unless `start` is a keyword (`self`, `super`, `crate` alone).
    pub segments: Segments,
}

impl Path {
    /// The last segment's name.
    pub fn last(&self) -> Option<Name> {
        self.segments.last().map(|segment| segment.name)
    }
    /// The name of a plain path of one segment.
    pub fn as_name(&self) -> Option<Name> {
        match (&self.start, &*self.segments) {
            (PathStart::Plain, [segment]) => Some(segment.name),
            _ => None,
        }
    }
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Segment {
    /// Its name.
    pub name: Name,
    /// `<A, B = C>` or `(A) -> B`.
    pub args: Option<Box<GenericArgs>>,
}

/// Generic arguments of a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GenericArgs {
    /// Type arguments, in order; lifetimes and constants left out (a constant is `TypeRef::Const`).
    pub types: Vec<TypeRef>,
    /// `Item = T`; a bound `Item: Trait` becomes `TypeRef::Impl`. For `Fn(A, B) -> C` sugar, `types`
    /// is one tuple and this holds `Output`.
    pub bindings: Vec<(Name, TypeRef)>,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TypeRef {
    /// A path.
    Path(Path),
    /// `&T`, `&mut T`.
    Ref { mutable: bool, inner: Box<TypeRef> },
    /// `*const T`, `*mut T`.
    Ptr(Box<TypeRef>),
    /// `(A, B)`; the empty tuple is the unit.
    Tuple(Vec<TypeRef>),
    /// `[T]`.
    Slice(Box<TypeRef>),
    /// `[T; n]`.
    Array(Box<TypeRef>),
    /// `fn(A) -> B`.
    Fn { params: Vec<TypeRef>, ret: Box<TypeRef> },
    /// `impl A + B`; the bounds that are traits.
    Impl(Vec<Path>),
    /// `dyn A + B`.
    Dyn(Vec<Path>),
    /// `!`.
    Never,
    /// `_`, or a type that was left out.
    Infer,
    /// A constant in type position.
    Const,
    /// A type written by a macro.
    Macro(Name),
}

/// `T: A + B` of a generic item, from its parameter list or its where clause.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bound {
    /// The bounded type.
    pub ty: TypeRef,
    /// The traits.
    pub traits: Vec<Path>,
}

/// Generic parameters of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Generics {
    /// Type parameters in order, with default; lifetimes and constants left out.
    pub params: Vec<(Name, Option<TypeRef>)>,
    /// Bounds of the list and the where clause.
    pub bounds: Vec<Bound>,
}
