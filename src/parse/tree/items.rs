//! Items: what a file declares.

use serde::{Deserialize, Serialize};

use crate::base::{IndexVec, Name, TextRange, define_id};

use super::body::Body;
use super::function::FnDecl;
use super::types::{Generics, Path, TypeRef};

define_id! {
    /// An item of one file's [`ItemTree`].
    ItemIdx
}
define_id! {
    /// A body of one file's [`ItemTree`].
    BodyIdx
}

/// Everything that a file declares, also inside functions and inline modules.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct ItemTree {
    /// All items; an item that lies in another has the higher id.
    pub items: IndexVec<ItemIdx, Item>,
    /// The items of the file's own level, in source order.
    pub top: Vec<ItemIdx>,
    /// All bodies.
    #[serde(skip)]
    pub bodies: IndexVec<BodyIdx, Body>,
    /// `#![…]` of the file.
    pub attrs: Attrs,
}

/// One item.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its name; for an `impl`, a `use` and a macro call the empty name.
    pub name: Name,
    /// Who may see it.
    pub visibility: Visibility,
    /// Its outer attributes.
    pub attrs: Attrs,
    /// The whole item with attributes and doc comments, in bytes.
    pub range: TextRange,
    /// Byte offset of the defining keyword (`fn`, `struct`, …) for the place that is shown.
    pub keyword: u32,
    /// The macro call in item position that it was expanded from.
    pub made_by: Option<ItemIdx>,
}

/// `pub` and its forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visibility {
    /// None written.
    Private,
    /// `pub`.
    Public,
    /// `pub(crate)`, `pub(super)`, `pub(in path)`.
    In(Box<Path>),
}

/// The attributes of an item, parameter, field or statement. Doc comments are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attrs {
    /// The attributes; `cfg_attr` is unfolded where its condition holds.
    pub list: Vec<Attr>,
    /// All `cfg`s joined.
    pub cfg: Option<Box<Cfg>>,
}

impl Attrs {
    /// The first attribute whose path ends with `name` (`get` meets `#[actix_web::get(…)]`).
    pub fn find(&self, name: &str) -> Option<&Attr> {
        self.list.iter().find(|attr| attr.path.last().is_some_and(|last| last == name))
    }
}

/// One attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attr {
    /// `tokio::main`.
    pub path: Path,
    /// The text of the arguments without the delimiters; for `#[path = "x"]`, the string's value
    /// (`x`), for another value its text.
    pub args: Box<str>,
    /// The whole attribute.
    pub range: TextRange,
}

/// A configuration predicate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cfg {
    /// `test`, `unix`.
    Flag(Name),
    /// `feature = "x"`.
    Value(Name, Box<str>),
    /// `all(…)`.
    All(Vec<Cfg>),
    /// `any(…)`.
    Any(Vec<Cfg>),
    /// `not(…)`.
    Not(Box<Cfg>),
}

impl Cfg {
    /// Whether the predicate holds with these features on. The place is taken to be a server: 64-bit
    /// Linux, built for development.
    pub fn holds(&self, features: &[String], test: bool) -> bool {
        match self {
            Self::Flag(name) => match name.as_str() {
                "test" => test,
                "unix" | "debug_assertions" | "panic_unwind" => true,
                _ => false,
            },
            Self::Value(name, value) => match (name.as_str(), &**value) {
                ("feature", feature) => features.iter().any(|on| on == feature),
                ("target_os", "linux") | ("target_family", "unix") | ("target_env", "gnu") => true,
                ("target_arch", "x86_64") | ("target_pointer_width", "64") | ("panic", "unwind") => true,
                ("target_endian", "little") | ("target_has_atomic", _) => true,
                _ => false,
            },
            Self::All(parts) => parts.iter().all(|part| part.holds(features, test)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(features, test)),
            Self::Not(part) => !part.holds(features, test),
        }
    }
}

/// What an item is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub enum ItemKind {
    /// `mod a;` (no content) or `mod a { … }`.
    Mod { content: Option<Vec<ItemIdx>> },
    /// One `use` item, flattened to its leaves.
    Use(Vec<UseLeaf>),
    /// `extern crate a as b`.
    ExternCrate { krate: Name },
    /// A function; a method where `parent` is an `impl` or `trait`.
    Fn(FnDecl),
    /// A struct, enum or union.
    Adt(Box<AdtDecl>),
    /// A trait and its items (functions, types, constants).
    Trait { generics: Generics, supertraits: Vec<Path>, items: Vec<ItemIdx> },
    /// An implementation and its items.
    Impl { generics: Generics, trait_: Option<Path>, negative: bool, ty: TypeRef, items: Vec<ItemIdx> },
    /// `type A<T> = B;`, also an associated type with its default.
    TypeAlias { generics: Generics, bounds: Vec<Path>, ty: Option<TypeRef> },
    /// `const` or `static`, also associated.
    Value { is_static: bool, mutable: bool, ty: TypeRef, body: Option<BodyIdx> },
    /// `macro_rules! a { … }`.
    MacroRules { rules: TextRange, exported: bool },
    /// `a! { … }` in item position; `args` is the text between the delimiters. Where it is `expanded`,
    /// the items that it makes follow it.
    MacroCall { path: Path, args: TextRange, expanded: bool },
}

/// One leaf of a `use`: `use a::{b as c, d::*}` has two.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseLeaf {
    /// The path to the leaf without `*`.
    pub path: Path,
    /// What.
    pub kind: UseKind,
    /// The leaf's own text (`b as c`), which lies within the item's range.
    pub range: TextRange,
}

/// The form of a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UseKind {
    /// Bound under its last segment's name, or the one after `as`.
    Named(Name),
    /// `as _`: a trait in scope without a name.
    Anonymous,
    /// `*`.
    Glob,
}

/// A struct, enum or union.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AdtDecl {
    /// Which of the three.
    pub kind: AdtKind,
    /// Generic parameters.
    pub generics: Generics,
    /// One variant of the type's own name for a struct or union.
    pub variants: Vec<Variant>,
    /// Paths in `#[derive(…, Serialize, Deserialize)]`.
    pub derives: Vec<Path>,
}

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdtKind {
    /// `struct`.
    Struct,
    /// `enum`.
    Enum,
    /// `union`.
    Union,
}

/// A variant, or the fields of a struct.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// Its fields; in a tuple variant they are named `0`, `1`, ….
    pub fields: Vec<Field>,
    /// Braces, parentheses or nothing.
    pub form: VariantForm,
    /// Its attributes.
    pub attrs: Attrs,
}

/// How a variant is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VariantForm {
    /// `{ a: A }`.
    Named,
    /// `(A)`.
    Tuple,
    /// Nothing.
    Unit,
}

/// A field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// Its attributes.
    pub attrs: Attrs,
    /// Who may see it.
    pub visibility: Visibility,
}
