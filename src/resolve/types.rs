//! Types for those who look at a body: asked for one body at a time, so that they need not be kept.

use crate::base::{DefPath, Id, Name};
use crate::parse::tree::body::ExprId;

use super::index::Db;
use super::infer::infer_body;
use super::program::{DefId, Program};
use super::ty::{TraitHead, Ty};

/// A type by its outermost constructor, references peeled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeHead {
    /// `shop::orders::Cart`, `std::sync::Arc`, `u8`; of a `dyn` or `impl` type the first trait;
    /// `(tuple)`, `(slice)`, `(fn)`, `_` where not known.
    pub path: DefPath,
    /// The definition, where it is one of the workspace.
    pub local: Option<DefId>,
    /// Its type arguments; the parts of a tuple, the element of a slice.
    pub args: Vec<TypeHead>,
}

impl TypeHead {
    /// The type inside `Box`, `Rc`, `Arc` and `Pin`.
    pub fn pointee(&self) -> &TypeHead {
        let is_pointer = matches!(
            self.path.as_str(),
            "std::boxed::Box" | "std::rc::Rc" | "std::sync::Arc" | "std::pin::Pin"
        );
        match (is_pointer, self.args.first()) {
            (true, Some(inner)) => inner.pointee(),
            _ => self,
        }
    }
}

/// The types of a body's expressions.
#[derive(Debug)]
pub struct BodyTypes<'a> {
    program: &'a Program,
    types: Vec<Ty>,
}

impl BodyTypes<'_> {
    /// The type of an expression; `None` where it is not known.
    pub fn head(&self, expr: ExprId) -> Option<TypeHead> {
        self.program.head_of(self.types.get(expr.idx())?, 0)
    }
}

impl Program {
    /// The types of a definition's body. Each call infers the body anew: ask once per body.
    pub fn types_of(&self, def: DefId) -> BodyTypes<'_> {
        let db = Db { ix: &self.index, files: &self.files };
        BodyTypes { program: self, types: infer_body(db, &self.index.lang, def, true).types }
    }
    /// The type of one expression; see [`Self::types_of`].
    pub fn type_head(&self, def: DefId, expr: ExprId) -> Option<TypeHead> {
        self.types_of(def).head(expr)
    }
    /// The types of a function's parameters without `self`, in order.
    pub fn param_types(&self, def: DefId) -> Vec<Option<TypeHead>> {
        let db = Db { ix: &self.index, files: &self.files };
        db.fn_sig(def).map_or_else(Vec::new, |sig| sig.params.iter().map(|ty| self.head_of(ty, 0)).collect())
    }
    /// The type of a struct's field, constant, static or function's result.
    pub fn declared_type(&self, def: DefId, field: Option<Name>) -> Option<TypeHead> {
        use super::sigs::Sig;
        let db = Db { ix: &self.index, files: &self.files };
        match db.sig(def) {
            Sig::Fn(sig) => self.head_of(&sig.ret, 0),
            Sig::Value(ty) => self.head_of(ty, 0),
            Sig::Alias(alias) => self.head_of(alias.1.as_ref()?, 0),
            Sig::Adt(sig) => {
                let mut fields = sig.variants.iter().flat_map(|variant| &variant.fields);
                let (_, ty) = fields.find(|(name, _)| Some(*name) == field)?;
                self.head_of(ty, 0)
            }
            _ => None,
        }
    }

    fn head_of(&self, ty: &Ty, depth: u32) -> Option<TypeHead> {
        if depth > 6 {
            return None;
        }
        let db = Db { ix: &self.index, files: &self.files };
        let list = |types: &[Ty]| {
            let unknown = || TypeHead { path: DefPath::new("_"), local: None, args: Vec::new() };
            types.iter().map(|ty| self.head_of(ty, depth + 1).unwrap_or_else(unknown)).collect()
        };
        let named =
            |path: &str, args: Vec<TypeHead>| TypeHead { path: DefPath::new(path), local: None, args };
        Some(match ty {
            Ty::Ref(_, inner) | Ty::Ptr(inner) => return self.head_of(inner, depth),
            Ty::Adt(def, args) => {
                let local = Some(*def).filter(|&def| db.is_local(def));
                TypeHead { path: db.path(*def).clone(), local, args: list(args) }
            }
            Ty::Ext(..) if ty.is_open() => return None,
            Ty::Ext(path, args) => named(path.as_str(), list(args)),
            Ty::Prim(name) => named(name.as_str(), Vec::new()),
            Ty::Number => named("i32", Vec::new()),
            Ty::Tuple(parts) => named("(tuple)", list(parts)),
            Ty::Slice(item) | Ty::Array(item) => named("(slice)", list(std::slice::from_ref(item))),
            Ty::FnDef(def, _) => {
                let local = Some(*def).filter(|&def| db.is_local(def));
                TypeHead { path: DefPath::new("(fn)"), local, args: Vec::new() }
            }
            Ty::FnPtr(_) | Ty::Closure(_) | Ty::Ctor(..) => named("(fn)", Vec::new()),
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => {
                let bound = bounds.first()?;
                let args = bound.bindings.iter().map(|(_, ty)| ty.clone());
                let args: Vec<Ty> = bound.args.iter().cloned().chain(args).collect();
                match bound.head {
                    TraitHead::Def(def) => {
                        let local = Some(def).filter(|&def| db.is_local(def));
                        TypeHead { path: db.path(def).clone(), local, args: list(&args) }
                    }
                    TraitHead::Ext(path) => named(path.as_str(), list(&args)),
                }
            }
            Ty::Never | Ty::Unknown | Ty::Param(_) | Ty::Assoc(_) | Ty::Var(_) => return None,
        })
    }
}
