//! Types whose methods are routes: `#[OpenApi] impl Api { #[oai(path = "/a", method = "get")] … }`.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Name;
use crate::facts::catalog::Web;
use crate::facts::cx::{BodyView, Cx, is_type};
use crate::facts::sql::HOLE;
use crate::parse::tree::body::{Expr, ExprId};
use crate::parse::tree::items::Attr;
use crate::resolve::{DefId, DefKind, Res};

use super::attributes::{named_text, routes_of};
use super::machine::{Frame, Machine};
use super::value::{Handler, Route, Value};

const MAX_DEPTH: u32 = 24;

/// The routes of traits that describe an API, answered by their implementations:
/// `#[api_description] trait Api { #[endpoint { method = GET, path = "/a" }] fn … }`.
pub(super) fn of_traits(cx: &Cx) -> Vec<Route> {
    let mut routes = Vec::new();
    for web in cx.catalogs.web.iter().filter(|web| !web.attributes.api_trait.is_empty()) {
        let mut declared: BTreeMap<(DefId, Name), DefId> = BTreeMap::new();
        for &def in &cx.def_of {
            let of = cx.def(def).parent.filter(|&parent| cx.def(parent).kind == DefKind::Trait);
            if let Some(of) = of.filter(|&of| cx.item(of).attrs.find(&web.attributes.api_trait).is_some()) {
                declared.insert((of, cx.def(def).name), def);
            }
        }
        if declared.is_empty() {
            continue;
        }
        for &handler in cx.def_of.iter().filter(|&&def| !cx.def(def).is_test) {
            let of = cx.def(handler).parent.and_then(|parent| cx.def(parent).impl_of.as_ref()?.trait_local);
            let of = of.and_then(|of| declared.get(&(of, cx.def(handler).name)));
            let Some(&method) = of else { continue };
            for (verb, path) in routes_of(cx, method, web) {
                routes.push(Route {
                    path: path.unwrap_or_else(|| HOLE.to_owned()),
                    method: verb,
                    handler: Handler::Function(handler),
                    at: (method, cx.item(method).keyword),
                    guards: Vec::new(),
                });
            }
        }
    }
    routes
}

impl<'a> Machine<'_, 'a> {
    /// The routes of the types in `OpenApiService::new((Orders, Users), …)`.
    pub(super) fn api(&mut self, frame: &mut Frame<'_, 'a>, idx: usize, types: ExprId) -> Value {
        let web: &'a Web = &self.cx.catalogs.web[idx];
        let value = self.new_router(idx, "");
        let Value::Router(router) = &value else { return value };
        let mut found = BTreeSet::new();
        self.types_of(frame.view, types, 0, &mut found);
        for ty in found {
            for (method, route, path, at) in methods(self, web, ty) {
                let path = self.join(router, "", &path);
                let handler = Handler::Function(route);
                let route =
                    Route { path, method: Some(method), handler, at: (route, at), guards: Vec::new() };
                self.cells[router.cell].routes.push(route);
            }
        }
        value
    }

    /// The types of the workspace of one value or a tuple of values, through the functions that make them.
    fn types_of(&mut self, view: &BodyView<'a>, expr: ExprId, depth: u32, found: &mut BTreeSet<DefId>) {
        if depth > MAX_DEPTH {
            return;
        }
        let (path, callee) = match view.expr(expr) {
            Expr::Tuple(parts) => {
                return parts.iter().for_each(|&part| self.types_of(view, part, depth + 1, found));
            }
            Expr::MethodCall { receiver, .. } => return self.types_of(view, *receiver, depth + 1, found),
            Expr::Block { tail: Some(tail), .. } => return self.types_of(view, *tail, depth + 1, found),
            Expr::Path(path) => {
                let init =
                    path.as_name().and_then(|name| crate::facts::strings::last_let(view.body, name, expr));
                if let Some(init) = init {
                    return self.types_of(view, init, depth + 1, found);
                }
                (path, expr)
            }
            Expr::Struct { path, .. } => (&**path, expr),
            Expr::Call { callee, .. } => match view.expr(*callee) {
                Expr::Path(path) => (path, *callee),
                _ => return,
            },
            _ => return,
        };
        if let Some(&Res::Def(def)) = view.path(callee) {
            if is_type(self.cx.def(def).kind) {
                found.insert(def);
                return;
            }
            // `Api::new(state)` is of the type that it belongs to, `routes()` of what it ends with.
            let parent = self.cx.def(def).parent.map(|parent| self.cx.def(parent));
            let of = parent.and_then(|parent| parent.impl_of.as_ref()).and_then(|of| of.self_local);
            if of.is_some() {
                found.extend(of);
                return;
            }
            if let Some(inner) = BodyView::new(self.cx.program, def)
                && let Some(root) = inner.body.root
            {
                self.types_of(&inner, root, depth + 1, found);
                return;
            }
        }
        let mentions = self.cx.program.mentions[view.def].iter().copied();
        let names: Vec<_> = path.segments.iter().map(|segment| segment.name).collect();
        found.extend(
            mentions.filter(|&ty| is_type(self.cx.def(ty).kind) && names.contains(&self.cx.def(ty).name)),
        );
    }
}

/// Method, function, path and place of every route that a type's implementations declare.
fn methods(machine: &Machine, web: &Web, ty: DefId) -> Vec<(String, DefId, String, u32)> {
    let cx = machine.cx;
    let attributes = &web.attributes;
    let mut found = Vec::new();
    for &def in &cx.def_of {
        let Some(parent) = cx.def(def).parent.filter(|&parent| {
            let parent = cx.def(parent);
            parent.kind == DefKind::Impl
                && parent.impl_of.as_ref().is_some_and(|of| of.self_local == Some(ty))
        }) else {
            continue;
        };
        let Some(of_impl) = cx.item(parent).attrs.find(&attributes.api) else { continue };
        let Some(attr) = cx.item(def).attrs.find(&attributes.api_method) else { continue };
        let prefix = named_text(&of_impl.args, "prefix_path").unwrap_or_default();
        let path = named_text(&attr.args, "path").unwrap_or_default();
        let path = super::router::join(&prefix, &path, false);
        for method in methods_of(attr) {
            found.push((method, def, path.clone(), cx.item(def).keyword));
        }
    }
    found
}

/// Every `method = "get"`.
fn methods_of(attr: &Attr) -> Vec<String> {
    let mut methods = Vec::new();
    let mut rest = &*attr.args;
    while let Some(at) = rest.find("method") {
        rest = &rest[at + "method".len()..];
        let value = rest.trim_start().strip_prefix('=').map(str::trim_start);
        if let Some(method) = value.and_then(|value| value.strip_prefix('"')?.split('"').next()) {
            methods.push(method.to_ascii_uppercase());
        }
    }
    methods
}
