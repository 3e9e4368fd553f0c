//! The definitions of the stubs that inference itself speaks of.

use crate::base::Name;

use super::index::Db;
use super::program::{DefId, ModuleId};
use super::scope::{Bind, Ns};
use super::ty::{Args, TraitHead, TraitRef, Ty};

macro_rules! lang {
    ($($field:ident: $path:literal,)*) => {
        /// Definitions by their role; `None` where the stubs lack one.
        #[derive(Clone, Debug, Default)]
        pub(super) struct Lang {
            $(pub(super) $field: Option<DefId>,)*
            /// Binary operators with their traits and functions.
            pub(super) operators: Vec<(&'static str, DefId, &'static str)>,
        }
        impl Lang {
            /// Finds them below the root of `std`.
            pub(super) fn find(db: Db<'_>, std: Option<ModuleId>) -> Self {
                Self {
                    $($field: std.and_then(|std| find(db, std, $path)),)*
                    operators: operators(db, std),
                }
            }
        }
    };
}

lang! {
    future: "future::Future",
    into_future: "future::IntoFuture",
    iterator: "iter::Iterator",
    into_iterator: "iter::IntoIterator",
    fn_once: "ops::FnOnce",
    fn_mut: "ops::FnMut",
    fn_: "ops::Fn",
    async_fn_once: "ops::AsyncFnOnce",
    async_fn_mut: "ops::AsyncFnMut",
    async_fn: "ops::AsyncFn",
    deref: "ops::Deref",
    index: "ops::Index",
    neg: "ops::Neg",
    not: "ops::Not",
    option: "option::Option",
    result: "result::Result",
    boxed: "boxed::Box",
    arc: "sync::Arc",
    rc: "rc::Rc",
    pin: "pin::Pin",
    string: "string::String",
    vec: "vec::Vec",
    range: "ops::Range",
    error: "error::Error",
    fmt_error: "fmt::Error",
}

const OPERATORS: &[(&str, &str, &str)] = &[
    ("+", "ops::Add", "add"),
    ("-", "ops::Sub", "sub"),
    ("*", "ops::Mul", "mul"),
    ("/", "ops::Div", "div"),
    ("%", "ops::Rem", "rem"),
    ("&", "ops::BitAnd", "bitand"),
    ("|", "ops::BitOr", "bitor"),
    ("^", "ops::BitXor", "bitxor"),
    ("<<", "ops::Shl", "shl"),
    (">>", "ops::Shr", "shr"),
    ("+=", "ops::AddAssign", "add_assign"),
    ("-=", "ops::SubAssign", "sub_assign"),
    ("*=", "ops::MulAssign", "mul_assign"),
    ("/=", "ops::DivAssign", "div_assign"),
    ("|=", "ops::BitOrAssign", "bitor_assign"),
    ("==", "cmp::PartialEq", "eq"),
    ("!=", "cmp::PartialEq", "ne"),
    ("<", "cmp::PartialOrd", "lt"),
    (">", "cmp::PartialOrd", "gt"),
    ("<=", "cmp::PartialOrd", "le"),
    (">=", "cmp::PartialOrd", "ge"),
];

fn operators(db: Db<'_>, std: Option<ModuleId>) -> Vec<(&'static str, DefId, &'static str)> {
    let Some(std) = std else { return Vec::new() };
    OPERATORS.iter().filter_map(|&(op, path, name)| Some((op, find(db, std, path)?, name))).collect()
}

fn find(db: Db<'_>, std: ModuleId, path: &str) -> Option<DefId> {
    let mut module = std;
    let mut segments = path.split("::").peekable();
    while let Some(segment) = segments.next() {
        let bind = db.ix.scopes[module].get(Ns::Types, Name::new(segment))?.bind;
        match (bind, segments.peek()) {
            (Bind::Module(inner), Some(_)) => module = inner,
            (Bind::Def(def), None) => return Some(def),
            _ => return None,
        }
    }
    None
}

impl Lang {
    /// `impl Future<Output = T>`.
    pub(super) fn future_of(&self, output: Ty) -> Ty {
        self.opaque(self.future, "Output", output)
    }
    /// `impl Iterator<Item = T>`.
    pub(super) fn iterator_of(&self, item: Ty) -> Ty {
        self.opaque(self.iterator, "Item", item)
    }
    fn opaque(&self, def: Option<DefId>, name: &str, ty: Ty) -> Ty {
        let Some(def) = def else { return Ty::Unknown };
        let bindings = [(Name::new(name), ty)].into();
        Ty::Opaque([TraitRef { head: TraitHead::Def(def), args: Args::default(), bindings }].into())
    }
    /// A type of one argument.
    pub(super) fn adt(&self, def: Option<DefId>, args: Vec<Ty>) -> Ty {
        def.map_or(Ty::Unknown, |def| Ty::Adt(def, Args::new(args)))
    }
    /// Whether the trait is one of `Fn`, `FnMut`, `FnOnce`.
    pub(super) fn is_fn_trait(&self, head: TraitHead) -> bool {
        let TraitHead::Def(def) = head else { return false };
        [self.fn_once, self.fn_mut, self.fn_].contains(&Some(def)) || self.is_async_fn(def)
    }
    fn is_async_fn(&self, def: DefId) -> bool {
        [self.async_fn_once, self.async_fn_mut, self.async_fn].contains(&Some(def))
    }
    /// What calling a value with a bound `Fn(A) -> B` gives: for `AsyncFn`, a future of `B`.
    pub(super) fn bound_ret(&self, bound: &TraitRef) -> Ty {
        let ret = bound.bindings.first().map_or(Ty::Unknown, |(_, ty)| ty.clone());
        match bound.head {
            TraitHead::Def(def) if self.is_async_fn(def) => self.future_of(ret),
            _ => ret,
        }
    }
    /// Whether the type only points at its one argument.
    pub(super) fn is_pointer(&self, def: DefId) -> bool {
        [self.boxed, self.arc, self.rc, self.pin].contains(&Some(def))
    }
}
