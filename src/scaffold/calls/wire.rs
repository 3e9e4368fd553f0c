//! What travels with a call: each type as `serde` writes it, with the way there and back.
//!
//! The application's own types stay as they are. Beside each stands one of the same fields that derives
//! `Serialize` and `Deserialize`, so that neither a derive is added nor what a client of the application sees
//! is mistaken for what another service must know.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ImportTarget, ItemId, ItemKind, ModuleIdx};
use crate::scaffold::Inputs;
use crate::scaffold::manifest::Manifests;
use crate::scaffold::names::Names;
use crate::scaffold::slice::shape::{self, Field, Fields, Shape, ShapeKind};
use crate::scaffold::slice::types::Ty;
use crate::scaffold::supply::path_from;

/// A type on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) enum Wire {
    /// `()`.
    Unit,
    /// Copied: `i64`.
    Plain(String),
    /// Cloned: `String`, `chrono::NaiveDate`.
    Cloned(String),
    /// `&str`; fixed where it lives as long as the program.
    Str {
        /// `&'static str`.
        fixed: bool,
    },
    /// `Option<T>`.
    Option(Box<Wire>),
    /// A list or set, by its own name.
    List(String, Box<Wire>),
    /// `[T]` behind a reference.
    Slice(Box<Wire>),
    /// A map, by its own name.
    Map(String, Box<Wire>, Box<Wire>),
    /// `(A, B)`.
    Tuple(Vec<Wire>),
    /// `Box<T>` or `Arc<T>`.
    Boxed(&'static str, Box<Wire>),
    /// `&T`.
    Ref(Box<Wire>),
    /// A type of the application, as an index into the contract's declarations.
    Named(usize),
}

impl Wire {
    /// Whether some part of it is of a kind.
    pub fn any(&self, is: &dyn Fn(&Wire) -> bool) -> bool {
        is(self)
            || match self {
                Self::Option(inner)
                | Self::List(_, inner)
                | Self::Slice(inner)
                | Self::Boxed(_, inner)
                | Self::Ref(inner) => inner.any(is),
                Self::Map(_, key, value) => key.any(is) || value.any(is),
                Self::Tuple(parts) => parts.iter().any(|part| part.any(is)),
                Self::Unit | Self::Plain(_) | Self::Cloned(_) | Self::Str { .. } | Self::Named(_) => false,
            }
    }
}

/// An error on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) enum ErrorWire {
    /// An enum of the application; what cannot travel in it travels as text.
    Named {
        /// Its declaration.
        decl: usize,
        /// The expression that makes one from a `text`.
        failed: String,
    },
    /// An error from outside: the type, the text of an `error`, and the way back from a `text`.
    Text {
        /// As code here writes the type.
        own: String,
        /// Expression over `error`.
        there: String,
        /// Expression over `text`.
        back: String,
    },
}

/// A type of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) struct Decl {
    /// Its name in the contract.
    pub name: String,
    /// The application's type.
    pub path: String,
    /// What it is made of.
    pub kind: DeclKind,
    /// Variants that travel as text.
    pub opaque: bool,
    /// The expression that makes one from a `text`, and the one that describes an `other`.
    pub text: Option<(String, &'static str)>,
}

/// Struct or enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) enum DeclKind {
    /// A struct.
    Struct(Parts),
    /// An enum: its variants by name.
    Enum(Vec<(String, Parts)>),
}

/// The fields of a struct or variant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::scaffold) struct Parts {
    /// Whether they have names.
    pub named: bool,
    /// Names, or indices, with types.
    pub all: Vec<(String, Wire)>,
}

/// Why something cannot travel: a reason that follows the name of what it is about, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scaffold) struct Stuck {
    /// Why.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

/// Why something cannot travel.
pub(super) fn stuck(reason: impl Into<String>, remedy: impl Into<String>) -> Stuck {
    Stuck { reason: reason.into(), remedy: remedy.into() }
}

/// The types that calls into one crate need.
pub(in crate::scaffold) struct Contract<'a, 'm> {
    pub(super) names: &'a Names<'m>,
    inputs: &'a Inputs<'a>,
    manifests: &'a Manifests,
    /// Root module of the crate in which the contract stands.
    root: ModuleIdx,
    /// The types, in the order in which they were asked for.
    pub decls: Vec<Decl>,
    pub(super) by_item: BTreeMap<ItemId, usize>,
    /// Items of the application that the contract names.
    pub items: BTreeSet<ItemId>,
}

const PLAIN: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
    "u128", "usize",
];

/// Types from outside that `serde` writes where their crate is built for it, with a sample.
pub(in crate::scaffold) const OUTSIDE: &[(&str, &str, &str)] = &[
    ("bigdecimal", "BigDecimal", "\"1.5\""),
    ("chrono", "NaiveDate", "\"2026-01-31\""),
    ("chrono", "NaiveDateTime", "\"2026-01-31T12:00:00\""),
    ("chrono", "NaiveTime", "\"12:00:00\""),
    ("rust_decimal", "Decimal", "\"1.5\""),
    ("url", "Url", "\"https://example.org/\""),
    ("uuid", "Uuid", "\"67e55044-10b1-426f-9247-bb680e5fe0c8\""),
];

impl<'a, 'm> Contract<'a, 'm> {
    /// An empty contract in the crate of `root`.
    pub fn new(
        names: &'a Names<'m>,
        inputs: &'a Inputs<'a>,
        manifests: &'a Manifests,
        root: ModuleIdx,
    ) -> Self {
        Self {
            names,
            inputs,
            manifests,
            root,
            decls: Vec::new(),
            by_item: BTreeMap::new(),
            items: BTreeSet::new(),
        }
    }

    /// Root module of the crate in which it stands.
    pub fn root(&self) -> ModuleIdx {
        self.root
    }

    /// The two sides of a `Result` that is written in `module`, and where they are written.
    pub fn result_parts(&self, ty: &Ty, module: ModuleIdx) -> Option<(Ty, Ty, ModuleIdx)> {
        let Ty::Path(segments, args) = ty else { return None };
        let found = self.names.resolve(module, segments, false, None);
        if let Some(&item) = found.last.first() {
            if self.names.model.items[item].kind != ItemKind::TypeAlias {
                return None;
            }
            let (ty, module) = self.aliased(item, args).ok()?;
            return self.result_parts(&ty, module);
        }
        match args.as_slice() {
            [ok, error] if ty.name() == "Result" => Some((ok.clone(), error.clone(), module)),
            [ok] if ty.name() == "Result" => {
                let path = self.outside_path(segments, module)?;
                let (of, _) = path.rsplit_once("::")?;
                let error = of.split("::").map(str::to_owned).chain(["Error".to_owned()]).collect();
                Some((ok.clone(), Ty::Path(error, Vec::new()), module))
            }
            _ => None,
        }
    }

    /// Runs `make`, and forgets what it declared where it fails.
    pub fn attempt<T, E>(&mut self, make: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let before = (self.decls.len(), self.by_item.clone(), self.items.clone());
        let made = make(self);
        if made.is_err() {
            self.decls.truncate(before.0);
            (self.by_item, self.items) = (before.1, before.2);
        }
        made
    }

    /// How a type travels that stands in `module`; `fixed` where its references live as long as the program.
    pub fn wire(&mut self, ty: &Ty, module: ModuleIdx, fixed: bool) -> Result<Wire, Stuck> {
        match ty {
            Ty::Unit => Ok(Wire::Unit),
            Ty::Ref(inner) if inner.name() == "str" => Ok(Wire::Str { fixed }),
            Ty::Ref(inner) => match &**inner {
                Ty::Slice(element) => {
                    let element = self.wire(element, module, fixed)?;
                    Ok(Wire::Ref(Box::new(Wire::Slice(Box::new(element)))))
                }
                inner => Ok(Wire::Ref(Box::new(self.wire(inner, module, fixed)?))),
            },
            Ty::Tuple(parts) => {
                let parts: Result<_, _> = parts.iter().map(|part| self.wire(part, module, fixed)).collect();
                Ok(Wire::Tuple(parts?))
            }
            Ty::Path(segments, args) => self.path(segments, args, module, fixed),
            Ty::Slice(_) => Err(stuck("holds a slice without a length", "let it hold a `Vec`")),
            Ty::Other(text) => Err(stuck(
                format!("is or holds a `{text}`, which cannot be written down"),
                "hand over plain data",
            )),
        }
    }

    fn path(
        &mut self,
        segments: &[String],
        args: &[Ty],
        module: ModuleIdx,
        fixed: bool,
    ) -> Result<Wire, Stuck> {
        let found = self.names.resolve(module, segments, false, None);
        if let Some(&item) = found.last.first() {
            if self.names.model.items[item].kind == ItemKind::TypeAlias {
                let (ty, module) = self.aliased(item, args)?;
                return self.wire(&ty, module, fixed);
            }
            return self.own(item);
        }
        let name = segments.last().map_or("", String::as_str);
        if let ([only], []) = (segments, args)
            && PLAIN.contains(&only.as_str())
        {
            return Ok(Wire::Plain(only.clone()));
        }
        let mut inner =
            |idx: usize| args.get(idx).map(|arg| self.wire(arg, module, fixed).map(Box::new)).transpose();
        match name {
            "String" => return Ok(Wire::Cloned("String".into())),
            "Option" => {
                if let Some(inner) = inner(0)? {
                    return Ok(Wire::Option(inner));
                }
            }
            "Vec" | "BTreeSet" | "HashSet" | "VecDeque" => {
                if let Some(inner) = inner(0)? {
                    let own = if name == "Vec" { "Vec".into() } else { format!("std::collections::{name}") };
                    return Ok(Wire::List(own, inner));
                }
            }
            "BTreeMap" | "HashMap" if args.len() == 2 => {
                let (key, value) = (inner(0)?, inner(1)?);
                if let (Some(key), Some(value)) = (key, value) {
                    if !matches!(*key, Wire::Plain(_) | Wire::Cloned(_)) {
                        return Err(stuck("holds a map whose keys are no text", "use keys of plain data"));
                    }
                    return Ok(Wire::Map(format!("std::collections::{name}"), key, value));
                }
            }
            "Box" | "Arc" => {
                if let Some(inner) = inner(0)? {
                    return Ok(Wire::Boxed(if name == "Box" { "Box" } else { "std::sync::Arc" }, inner));
                }
            }
            _ => {}
        }
        self.outside(segments, args, module)
    }

    /// What an alias stands for, its parameters filled in, and where that is written.
    pub(super) fn aliased(&self, item: ItemId, args: &[Ty]) -> Result<(Ty, ModuleIdx), Stuck> {
        let facts = &self.names.model.items[item];
        let (params, ty) = shape::alias(self.inputs.sources.text(facts.span)).ok_or_else(|| {
            stuck(format!("is a `{}`, which is not understood", facts.name), "write the type out")
        })?;
        let values: BTreeMap<&str, &Ty> = params
            .iter()
            .enumerate()
            .filter_map(|(idx, (name, default))| Some((name.as_str(), args.get(idx).or(default.as_ref())?)))
            .collect();
        Ok((filled(&ty, &values), facts.module))
    }

    /// The path under which the contract writes a type from outside.
    pub fn outside_path(&self, segments: &[String], module: ModuleIdx) -> Option<String> {
        let found = self.names.resolve(module, segments, false, None);
        let first = segments.first()?;
        for idx in found.imports {
            let import = &self.names.model.imports[idx];
            if import.name.as_deref() == Some(first)
                && let Some(ImportTarget::External(path)) =
                    import.targets.iter().find(|target| matches!(target, ImportTarget::External(_)))
            {
                let rest: String = segments[1..].iter().map(|segment| format!("::{segment}")).collect();
                return Some(format!("{path}{rest}"));
            }
        }
        (segments.len() > 1).then(|| segments.join("::"))
    }

    fn outside(&mut self, segments: &[String], args: &[Ty], module: ModuleIdx) -> Result<Wire, Stuck> {
        let name = segments.last().map_or("", String::as_str);
        let no = || {
            let text = segments.join("::");
            stuck(format!("is or holds a `{text}`, which stays in its process"), "hand over plain data")
        };
        let path = self.outside_path(segments, module).ok_or_else(no)?;
        let krate = path.split("::").next().unwrap_or_default().to_owned();
        if path == "serde_json::Value" {
            return Ok(Wire::Cloned(path));
        }
        if path.starts_with("std::time::Duration") || path.starts_with("std::net::IpAddr") {
            return Ok(Wire::Cloned(path));
        }
        let known = OUTSIDE.iter().any(|(own, ty, _)| *own == krate && *ty == name);
        let zoned = krate == "chrono" && name == "DateTime" && args.len() == 1 && args[0].name() == "Utc";
        if !known && !zoned {
            return Err(no());
        }
        let package = &self.names.model.packages[self.names.model.modules[module].package];
        let dependency = package.dependencies.iter().find(|dependency| dependency.krate == krate);
        let value = dependency.and_then(|own| self.manifests.dependency(&package.manifest, &own.key));
        if !value.is_some_and(|(value, _)| value.to_string().contains("serde")) {
            return Err(stuck(
                format!("is or holds a `{path}`, which `{krate}` writes with its feature `serde` only"),
                "turn that feature on",
            ));
        }
        Ok(Wire::Cloned(if zoned { format!("{path}<chrono::Utc>") } else { path }))
    }

    /// A struct or enum of the application.
    fn own(&mut self, item: ItemId) -> Result<Wire, Stuck> {
        if let Some(&known) = self.by_item.get(&item) {
            return Ok(Wire::Named(known));
        }
        let facts = &self.names.model.items[item];
        let (shape, path) = self.shape_of(item)?;
        let idx = self.declare(item, path.clone());
        let module = facts.module;
        let kind = match &shape.kind {
            ShapeKind::Struct(fields) => {
                self.open(item, fields)?;
                DeclKind::Struct(self.parts(fields, module, &facts.name)?)
            }
            ShapeKind::Enum(variants) => {
                let mut out = Vec::new();
                for (name, fields, always) in variants {
                    if !always {
                        return Err(stuck(
                            format!(
                                "is or holds a `{}`, which has not the same variants in every build",
                                facts.name
                            ),
                            "take the condition away",
                        ));
                    }
                    out.push((name.clone(), self.parts(fields, module, &facts.name)?));
                }
                DeclKind::Enum(out)
            }
        };
        self.decls[idx].kind = kind;
        Ok(Wire::Named(idx))
    }

    pub(super) fn shape_of(&self, item: ItemId) -> Result<(Shape, String), Stuck> {
        let facts = &self.names.model.items[item];
        let path = path_from(self.names, self.root, item).filter(|path| path.starts_with("crate::"));
        let shape = shape::shape(self.inputs.sources.text(facts.span));
        match (shape, path) {
            (_, None) => Err(stuck(
                format!("is or holds a `{}` of another crate", facts.name),
                "let the function and its types stand in one crate",
            )),
            (None, _) => Err(stuck(
                format!("is or holds a `{}`, which has parameters or is no struct or enum", facts.name),
                "use a type of plain data",
            )),
            (Some(shape), Some(path)) => Ok((shape, path)),
        }
    }

    pub(super) fn declare(&mut self, item: ItemId, path: String) -> usize {
        let idx = self.decls.len();
        let base = self.names.model.items[item].name.clone();
        let (mut name, mut n) = (base.clone(), 2);
        while self.decls.iter().any(|decl| decl.name == name) {
            name = format!("{base}{n}");
            n += 1;
        }
        let kind = DeclKind::Struct(Parts::default());
        self.decls.push(Decl { name, path, kind, opaque: false, text: None });
        self.by_item.insert(item, idx);
        self.items.insert(item);
        idx
    }

    /// Refuses fields that the contract cannot see.
    fn open(&self, item: ItemId, fields: &Fields) -> Result<(), Stuck> {
        let facts = &self.names.model.items[item];
        let hidden = fields.all.iter().find(|field| !field.open && facts.module != self.root);
        match hidden {
            Some(field) => Err(stuck(
                format!("is or holds a `{}`, whose field `{}` is private", facts.name, field.name),
                "make it `pub(crate)`",
            )),
            None => Ok(()),
        }
    }

    pub(super) fn parts(&mut self, fields: &Fields, module: ModuleIdx, of: &str) -> Result<Parts, Stuck> {
        let mut all = Vec::new();
        for field in &fields.all {
            all.push((field.name.clone(), self.field(field, module, of)?));
        }
        Ok(Parts { named: fields.named, all })
    }

    fn field(&mut self, field: &Field, module: ModuleIdx, of: &str) -> Result<Wire, Stuck> {
        if field.conditional {
            return Err(stuck(
                format!("is or holds a `{of}`, whose field `{}` is not there in every build", field.name),
                "take the condition away",
            ));
        }
        self.wire(&field.ty, module, true)
    }
}

/// A type with an alias's parameters filled in.
fn filled(ty: &Ty, values: &BTreeMap<&str, &Ty>) -> Ty {
    match ty {
        Ty::Path(segments, args) => {
            if let ([only], []) = (segments.as_slice(), args.as_slice())
                && let Some(value) = values.get(only.as_str())
            {
                return (*value).clone();
            }
            Ty::Path(segments.clone(), args.iter().map(|arg| filled(arg, values)).collect())
        }
        Ty::Ref(inner) => Ty::Ref(Box::new(filled(inner, values))),
        Ty::Slice(inner) => Ty::Slice(Box::new(filled(inner, values))),
        Ty::Tuple(parts) => Ty::Tuple(parts.iter().map(|part| filled(part, values)).collect()),
        Ty::Unit | Ty::Other(_) => ty.clone(),
    }
}
