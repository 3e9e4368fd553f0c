//! What runs before a handler: types that the framework makes of a request, and middleware.

use std::collections::BTreeSet;

use crate::base::{Name, UnorderedSet};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::render::type_names;
use crate::facts::strings::last_let;
use crate::model::TypeId;
use crate::parse::tree::body::{Expr, ExprId};
use crate::parse::tree::types::TypeRef;
use crate::resolve::{CallTarget, Def, DefId, DefKind, Res};

use super::attributes::named_text;

const MAX_DEPTH: u32 = 6;

/// Layers that see a request and let it through, whatever functions they are given.
const BESIDE: &[&str] = &[
    "AddExtensionLayer",
    "CatchPanicLayer",
    "Cors",
    "CorsLayer",
    "DefaultHeaders",
    "ErrorHandlers",
    "Extension",
    "HandleErrorLayer",
    "Logger",
    "TraceLayer",
    "TracingLogger",
];

/// Types of the workspace by what the framework does with them.
pub(super) struct Guards {
    /// Made of a request before a handler is called.
    extractors: BTreeSet<DefId>,
    /// Stand around handlers.
    middleware: BTreeSet<DefId>,
}

impl Guards {
    pub(super) fn new(cx: &Cx) -> Self {
        let names = |list: fn(&crate::facts::catalog::Web) -> &[String]| {
            let mut names: UnorderedSet<Name> = UnorderedSet::new();
            for name in cx.catalogs.web.iter().flat_map(list) {
                names.insert(Name::new(name));
            }
            names
        };
        let (extractors, middleware) = (names(|web| &web.guards.traits), names(|web| &web.guards.middleware));
        let mut found = Self { extractors: BTreeSet::new(), middleware: BTreeSet::new() };
        for (id, def) in cx.program.defs.iter_enumerated().filter(|(_, def)| def.kind == DefKind::Impl) {
            let Some((of, ty)) = def.impl_of.as_ref().and_then(|of| Some((of, of.self_local?))) else {
                continue;
            };
            let name = of.trait_external.as_ref().map(|path| Name::new(path.name()));
            if name.is_some_and(|name| extractors.contains(&name)) {
                found.extractors.insert(ty);
            }
            if name.is_some_and(|name| middleware.contains(&name))
                || cx.item(id).attrs.find("handler").is_some()
            {
                found.middleware.insert(ty);
            }
        }
        // A fairing may do anything; it stands before handlers where it asks for requests.
        let asks = cx.def_of.iter().filter(|&&def| cx.def(def).name == "on_request");
        let impls = asks.filter_map(|&def| cx.def(cx.def(def).parent?).impl_of.as_ref());
        let fairings = impls
            .filter(|of| of.trait_external.as_ref().is_some_and(|path| path.name() == "Fairing"))
            .filter_map(|of| of.self_local);
        found.middleware.extend(fairings);
        found
    }

    /// Extractors among a handler's parameters.
    pub(super) fn of(&self, cx: &Cx, handler: DefId) -> Vec<TypeId> {
        let Some(decl) = cx.fn_decl(handler) else { return Vec::new() };
        let mut names = Vec::new();
        decl.params.iter().for_each(|param| type_names(&param.ty, &mut names));
        let mentions = cx.program.mentions[handler].iter();
        let guards =
            mentions.filter(|def| self.extractors.contains(def) && names.contains(&cx.def(**def).name));
        let mut guards: Vec<TypeId> = guards.filter_map(|&def| cx.type_of[def]).collect();
        guards.sort_unstable();
        guards
    }

    /// Functions and types of the workspace that `.layer(…)`, `.wrap(…)` and the like put around routes.
    pub(super) fn around(&self, cx: &Cx, view: &BodyView, args: &[ExprId]) -> Vec<DefId> {
        let mut walk = Walk { cx, guards: self, found: Vec::new() };
        args.iter().for_each(|&arg| walk.value(view, arg, false, 0));
        walk.found
    }

    /// The same of an attribute's `wrap = "Signed"` and `guard = "is_json"`.
    pub(super) fn of_attributes(&self, cx: &Cx, def: DefId) -> Vec<DefId> {
        let texts = cx
            .item(def)
            .attrs
            .list
            .iter()
            .flat_map(|attr| ["wrap", "guard"].into_iter().filter_map(|key| named_text(&attr.args, key)));
        let mut found = Vec::new();
        for text in texts {
            let paths = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            for path in paths.filter(|path| !path.is_empty()) {
                let named = cx.program.value_at(cx.def(def).module, path);
                found.extend(named.filter(|&def| self.is_one(cx, def)));
            }
        }
        found
    }

    fn is_one(&self, cx: &Cx, def: DefId) -> bool {
        cx.def(def).kind == DefKind::Fn || self.middleware.contains(&def)
    }
}

/// Looks through one expression that makes middleware.
struct Walk<'c, 'a> {
    cx: &'c Cx<'a>,
    guards: &'c Guards,
    found: Vec<DefId>,
}

impl Walk<'_, '_> {
    fn push(&mut self, def: DefId) {
        if !self.found.contains(&def) {
            self.found.push(def);
        }
    }

    /// Functions that are given away as values, types of middleware, and in a closure what it calls.
    fn value(&mut self, view: &BodyView, expr: ExprId, in_closure: bool, depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        let parts = |walk: &mut Self, in_closure: bool| {
            view.expr(expr).for_each_child(|part| walk.value(view, part, in_closure, depth));
        };
        match view.expr(expr) {
            Expr::Path(path) => {
                if let Some(&Res::Def(def)) = view.path(expr) {
                    if self.guards.is_one(self.cx, def) {
                        self.push(def);
                    }
                } else if let Some(init) = path.as_name().and_then(|name| last_let(view.body, name, expr)) {
                    self.value(view, init, in_closure, depth + 1);
                }
            }
            Expr::Struct { path, .. } => {
                let of = self.cx.program.mentions[view.def].iter().copied();
                let last = path.last();
                let ty = of.filter(|&ty| last == Some(self.cx.def(ty).name));
                let ty: Vec<DefId> = ty.filter(|ty| self.guards.middleware.contains(ty)).collect();
                ty.into_iter().for_each(|ty| self.push(ty));
                parts(self, in_closure);
            }
            Expr::Closure { body, .. } => self.value(view, *body, true, depth),
            Expr::Call { callee, args } => {
                if self.called(view, expr, Some(*callee), in_closure, depth) {
                    args.iter().for_each(|&arg| self.value(view, arg, in_closure, depth));
                }
            }
            Expr::MethodCall { receiver, args, .. } => {
                if self.called(view, expr, None, in_closure, depth) {
                    self.value(view, *receiver, in_closure, depth);
                    // What methods are given inside a closure works on the request.
                    if !in_closure {
                        args.iter().for_each(|&arg| self.value(view, arg, in_closure, depth));
                    }
                }
            }
            _ => parts(self, in_closure),
        }
    }

    /// What a call makes; whether its arguments may hold more.
    fn called(
        &mut self,
        view: &BodyView,
        expr: ExprId,
        callee: Option<ExprId>,
        in_closure: bool,
        depth: u32,
    ) -> bool {
        let external = match (view.target(expr), callee.and_then(|callee| view.path(callee))) {
            (Some(CallTarget::External(path)), _) | (_, Some(Res::External(path))) => Some(path.as_str()),
            _ => None,
        };
        if let Some(path) = external {
            return !path.split("::").any(|name| BESIDE.contains(&name));
        }
        let def = match view.target(expr) {
            Some(CallTarget::Resolved(def)) => *def,
            Some(&CallTarget::Constructor(ty)) => {
                if self.guards.middleware.contains(&ty) {
                    self.push(ty);
                }
                return true;
            }
            _ => return !self.is_beside(view, callee),
        };
        let of = |def: &Def| self.cx.def(def.parent?).impl_of.as_ref()?.self_local;
        if let Some(ty) = of(self.cx.def(def)) {
            if self.guards.middleware.contains(&ty) {
                self.push(ty);
                return true;
            }
            let makes_value = matches!(self.cx.def(def).name.as_str(), "new" | "from" | "default");
            if in_closure && callee.is_some() && !makes_value {
                self.push(def);
                return false;
            }
        } else if in_closure {
            self.push(def);
            return false;
        }
        match self.cx.fn_decl(def).and_then(|decl| decl.ret.as_ref()) {
            // `from_fn(allow(Role::Admin))`: the function that makes it is the nearest name.
            Some(ret) if makes_function(ret) => self.push(def),
            Some(ret) if makes_layer(ret) => {
                if let Some((inner, root)) = BodyView::new(self.cx.program, def)
                    .and_then(|inner| inner.body.root.map(|root| (inner, root)))
                {
                    self.value(&inner, root, false, depth + 1);
                }
            }
            _ => {}
        }
        false
    }

    fn is_beside(&self, view: &BodyView, callee: Option<ExprId>) -> bool {
        let Some(Expr::Path(path)) = callee.map(|callee| view.expr(callee)) else { return false };
        path.segments.iter().any(|segment| BESIDE.contains(&segment.name.as_str()))
    }
}

/// Whether a function gives back middleware of the framework's.
fn makes_layer(ret: &TypeRef) -> bool {
    let mut names = Vec::new();
    type_names(ret, &mut names);
    const WORDS: &[&str] =
        &["Layer", "Middleware", "Transform", "FromFn", "HttpAuthentication", "Condition", "Guard"];
    names.iter().any(|name| WORDS.iter().any(|word| name.as_str().contains(word)))
}

fn makes_function(ret: &TypeRef) -> bool {
    match ret {
        TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
            bounds.iter().any(|bound| bound.last().is_some_and(|name| name.as_str().starts_with("Fn")))
        }
        TypeRef::Path(path) => path
            .segments
            .iter()
            .filter_map(|segment| segment.args.as_ref())
            .any(|args| args.types.iter().any(makes_function)),
        _ => false,
    }
}
