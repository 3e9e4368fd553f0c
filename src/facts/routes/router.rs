//! What the methods of routers and of method chains do.

use std::rc::Rc;

use crate::base::Name;
use crate::facts::catalog::Shape;
use crate::facts::sql::HOLE;
use crate::parse::tree::body::{Expr, ExprId};

use super::attributes::routes_of;
use super::machine::{Frame, Machine};
use super::value::{Cell, Handler, Route, RouterRef, Value, Verb};

impl<'a> Machine<'_, 'a> {
    /// Runs a catalogued method of a router; gives the router back, or a handle below it.
    pub(super) fn shape(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        expr: ExprId,
        router: &RouterRef,
        shape: Shape,
        name: Name,
        args: &[ExprId],
    ) -> Value {
        let at = self.cx.expr_start(frame.view.body, expr);
        let same = Value::Router(router.clone());
        match (shape, args) {
            (Shape::Skip, _) => same,
            (Shape::Guard, args) => {
                let guards = self.guards.around(self.cx, frame.view, args);
                let cell = &mut self.cells[router.cell];
                if router.below.is_empty() {
                    cell.guards.extend(guards);
                } else {
                    let inside = cell.routes.iter_mut().filter(|route| route.path.starts_with(&router.below));
                    inside.for_each(|route| route.guard(&guards));
                }
                same
            }
            (Shape::GuardSoFar, args) => {
                let guards = self.guards.around(self.cx, frame.view, args);
                self.cells[router.cell].routes.iter_mut().for_each(|route| route.guard(&guards));
                same
            }
            (Shape::Leave, _) => Value::Unknown,
            (Shape::Route, [path, handlers, ..]) => {
                let path = self.path_text(frame, *path);
                let value = self.verbs_value(frame, *handlers);
                self.add_verbs(frame, router, &path, &value, at);
                same
            }
            (Shape::Route, [handlers]) => {
                let value = self.eval(frame, *handlers);
                self.add_verbs(frame, router, "", &value, at);
                same
            }
            (Shape::RouteService, [path, service, ..]) => {
                let path = self.path_text(frame, *path);
                match self.eval(frame, *service) {
                    Value::Router(inner) => self.absorb(router, &path, &inner),
                    _ if self.serves_files(frame, *service) => {}
                    _ => self.add(frame, router, &path, None, Handler::Service, at),
                }
                same
            }
            (Shape::Handler, [handler, ..]) => {
                let handler = self.handler(frame, *handler);
                self.add(frame, router, "", None, handler, at);
                same
            }
            (Shape::Verb, [handler, ..]) => {
                let handler = self.handler(frame, *handler);
                self.add(frame, router, "", Some(name.as_str().to_ascii_uppercase()), handler, at);
                same
            }
            (Shape::Typed, [handler, ..]) => {
                let handler = self.handler(frame, *handler);
                let method = name.as_str().rsplit('_').next().unwrap_or("").to_ascii_uppercase();
                let path = self.typed_path(&handler).unwrap_or_else(|| HOLE.to_owned());
                self.add(frame, router, &path, Some(method), handler, at);
                same
            }
            (Shape::Nest, [path, inner, ..]) => {
                let path = self.path_text(frame, *path);
                let value = self.eval(frame, *inner);
                self.nest(frame, router, &path, &value, at);
                same
            }
            (Shape::Nest, [inner]) => {
                let value = self.eval(frame, *inner);
                self.nest(frame, router, "", &value, at);
                same
            }
            (Shape::Merge, args) => {
                for &arg in args {
                    let value = self.eval(frame, arg);
                    self.merge(frame, router, &value, self.cx.expr_start(frame.view.body, arg).max(at));
                }
                same
            }
            (Shape::Configure, [function, ..]) => {
                let function = self.eval(frame, *function);
                self.invoke(&function, vec![same.clone()]);
                same
            }
            (Shape::At, [path, ..]) => {
                let path = self.path_text(frame, *path);
                let below = self.join(router, &router.below, &path);
                Value::Router(RouterRef { cell: router.cell, below })
            }
            (Shape::Prefix, [path, ..]) => {
                let path = self.path_text(frame, *path);
                let prefix = self.cells[router.cell].prefix.clone();
                self.cells[router.cell].prefix = self.join(router, &prefix, &path);
                same
            }
            _ => same,
        }
    }

    /// A method that no catalog lists. `(path, verbs)` and `(path, router)` say enough by themselves.
    pub(super) fn unlisted_method(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        expr: ExprId,
        router: &RouterRef,
        args: &[ExprId],
    ) -> Value {
        if let [path, what, ..] = args
            && matches!(frame.view.expr(*what), Expr::Call { .. } | Expr::MethodCall { .. } | Expr::Path(_))
            && let Value::Text(path) = self.eval(frame, *path)
            && (path.is_empty() || path.starts_with('/'))
        {
            let at = self.cx.expr_start(frame.view.body, expr);
            match self.eval(frame, *what) {
                value @ Value::Verbs(_) => self.add_verbs(frame, router, &path, &value, at),
                Value::Router(inner) => self.absorb(router, &path, &inner),
                _ => {}
            }
        }
        Value::Router(router.clone())
    }

    /// Whether arguments are those of a router's method: to tell a router whose making was not seen.
    pub(super) fn looks_like(&mut self, frame: &mut Frame<'_, 'a>, shape: Shape, args: &[ExprId]) -> bool {
        let is_path = |machine: &mut Self, frame: &mut Frame<'_, 'a>, arg: ExprId| matches!(machine.eval(frame, arg), Value::Text(text) if text.is_empty() || text.starts_with('/'));
        match (shape, args) {
            (Shape::Route, [path, verbs]) => {
                is_path(self, frame, *path) && matches!(self.eval(frame, *verbs), Value::Verbs(_))
            }
            (Shape::Nest, [path, inner]) => {
                is_path(self, frame, *path) && !self.eval(frame, *inner).routers().is_empty()
            }
            (Shape::Merge, [inner]) => !self.eval(frame, *inner).routers().is_empty(),
            _ => false,
        }
    }

    /// `get(a).post(b)` and `web::get().to(h)`.
    pub(super) fn verbs_method(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        expr: ExprId,
        verbs: &Rc<Vec<Verb>>,
        name: Name,
        args: &[ExprId],
    ) -> Value {
        let _ = expr;
        let webs = self.cx.catalogs.web.iter().filter(|web| self.cx.depends_on(frame.view.def, &web.crates));
        let mut chosen = None;
        for web in webs {
            let handlers = &web.handlers;
            let is = |list: &[String]| list.iter().any(|known| name == **known);
            if let Some(Shape::Guard | Shape::GuardSoFar) = web.router.methods.get(name.as_str()) {
                chosen = Some(Chain::Guard);
            } else if is(&handlers.set_handler) {
                chosen = Some(Chain::Handler);
            } else if is(&handlers.set_method) {
                chosen = Some(Chain::Method);
            } else if is(&handlers.on) {
                chosen = Some(Chain::On);
            } else if is(&handlers.services) {
                chosen = Some(Chain::Service);
            } else if handlers.set_handler.is_empty()
                && let Some(method) = handlers.verbs.get(name.as_str())
            {
                chosen = Some(Chain::Verb((method != "ANY").then(|| method.clone())));
            }
            if chosen.is_some() {
                break;
            }
        }
        let mut verbs = verbs.to_vec();
        match (chosen, args) {
            (Some(Chain::Handler), [handler, ..]) => {
                let handler = self.handler(frame, *handler);
                verbs.iter_mut().for_each(|verb| verb.handler = Some(handler.clone()));
            }
            (Some(Chain::Method), [method, ..]) => {
                let methods = self.methods_of(frame, *method);
                verbs.iter_mut().for_each(|verb| verb.method = methods.first().cloned());
            }
            (Some(Chain::On), [methods, handler, ..]) => {
                let methods = self.methods_of(frame, *methods);
                let handler = self.handler(frame, *handler);
                verbs
                    .extend(methods.into_iter().map(|method| Verb::new(Some(method), Some(handler.clone()))));
            }
            (Some(Chain::Service), [service, ..]) => {
                verbs.extend(self.service_verb(frame, name.as_str(), *service));
            }
            (Some(Chain::Verb(method)), [handler, ..]) => {
                let handler = Some(self.handler(frame, *handler));
                verbs.push(Verb::new(method, handler));
            }
            (Some(Chain::Guard), args) => {
                let guards = self.guards.around(self.cx, frame.view, args);
                verbs.iter_mut().for_each(|verb| verb.guards.extend(&guards));
                // actix: `.guard(guard::Post())` says the method.
                if let ([guard], "guard") = (args, name.as_str()) {
                    let methods = self.methods_of(frame, *guard);
                    verbs
                        .iter_mut()
                        .filter(|verb| verb.method.is_none())
                        .for_each(|verb| verb.method = methods.first().cloned());
                }
            }
            (None, [other]) if name == "merge" => {
                if let Value::Verbs(more) = self.eval(frame, *other) {
                    verbs.extend(more.iter().cloned());
                }
            }
            _ => {}
        }
        Value::Verbs(Rc::new(verbs))
    }

    fn verbs_value(&mut self, frame: &mut Frame<'_, 'a>, expr: ExprId) -> Value {
        match self.eval(frame, expr) {
            // A bare function or service where methods are expected answers all of them.
            value @ (Value::Function(_) | Value::Closure(_)) => {
                let handler = value.handler();
                Value::Verbs(Rc::new(vec![Verb::new(None, handler)]))
            }
            value => value,
        }
    }

    fn add_verbs(&mut self, frame: &Frame<'_, 'a>, router: &RouterRef, path: &str, value: &Value, at: u32) {
        match value {
            Value::Verbs(verbs) => {
                for verb in verbs.iter() {
                    let handler = verb.handler.clone().unwrap_or(Handler::Unknown);
                    self.add(frame, router, path, verb.method.clone(), handler, at);
                    if let Some(route) = self.cells[router.cell].routes.last_mut() {
                        route.guard(&verb.guards);
                    }
                }
            }
            Value::Router(inner) => self.absorb(router, path, inner),
            _ => self.add(frame, router, path, None, Handler::Unknown, at),
        }
    }

    fn add(
        &mut self,
        frame: &Frame<'_, 'a>,
        router: &RouterRef,
        path: &str,
        method: Option<String>,
        handler: Handler,
        at: u32,
    ) {
        let path = self.join(router, &router.below, path);
        let route = Route { path, method, handler, at: (frame.view.def, at), guards: Vec::new() };
        self.cells[router.cell].routes.push(route);
    }

    pub(super) fn nest(
        &mut self,
        frame: &Frame<'_, 'a>,
        router: &RouterRef,
        path: &str,
        value: &Value,
        at: u32,
    ) {
        match value {
            Value::List(list) => list.iter().for_each(|value| self.nest(frame, router, path, value, at)),
            Value::Router(inner) => self.absorb(router, path, inner),
            Value::Function(_) => {
                let below = RouterRef { cell: router.cell, below: self.join(router, &router.below, path) };
                self.merge(frame, &below, value, at);
            }
            _ => {}
        }
    }

    /// Adds what `value` serves.
    pub(super) fn merge(&mut self, frame: &Frame<'_, 'a>, router: &RouterRef, value: &Value, at: u32) {
        match value {
            Value::Router(inner) => self.absorb(router, "", inner),
            Value::List(list) => list.iter().for_each(|value| self.merge(frame, router, value, at)),
            Value::Function(def) => {
                let web = self.cells[router.cell].web;
                for (method, path) in routes_of(self.cx, *def, &self.cx.catalogs.web[web]) {
                    let path = path.unwrap_or_else(|| HOLE.to_owned());
                    self.add(frame, router, &path, method, Handler::Function(*def), at);
                    let guards = self.guards.of_attributes(self.cx, *def);
                    if let Some(route) = self.cells[router.cell].routes.last_mut() {
                        route.guard(&guards);
                    }
                }
            }
            Value::Verbs(_) => self.add_verbs(frame, router, "", value, at),
            _ => {}
        }
    }

    /// Moves the routes of `inner` below `path` of `router`.
    pub(super) fn absorb(&mut self, router: &RouterRef, path: &str, inner: &RouterRef) {
        if router.cell == inner.cell {
            return;
        }
        let below = self.join(router, &router.below, path);
        let prefix = self.join(router, &below, &self.cells[inner.cell].prefix.clone());
        let Cell { routes, guards, .. } = self.cells[inner.cell].clone();
        self.cells[inner.cell].absorbed = true;
        for mut route in routes {
            route.path = self.join(router, &prefix, &route.path);
            route.guard(&guards);
            let known = &mut self.cells[router.cell].routes;
            let same =
                |old: &&mut Route| old.at == route.at && old.path == route.path && old.method == route.method;
            match known.iter_mut().find(same) {
                Some(old) => old.guard(&route.guards),
                None => known.push(route),
            }
        }
    }

    /// A copy; it takes over the duty to be mounted.
    pub(super) fn cloned(&mut self, router: &RouterRef) -> Value {
        let mut cell = self.cells[router.cell].clone();
        cell.absorbed = false;
        self.cells[router.cell].absorbed = true;
        self.cells.push(cell);
        Value::Router(RouterRef { cell: self.cells.len() - 1, below: router.below.clone() })
    }

    pub(super) fn join(&self, router: &RouterRef, prefix: &str, path: &str) -> String {
        join(prefix, path, self.cx.catalogs.web[self.cells[router.cell].web].router.empty_slash)
    }

    pub(super) fn serves_files(&self, frame: &Frame<'_, 'a>, service: ExprId) -> bool {
        let text = self.cx.text(frame.view.def, frame.view.body.ranges[service]);
        text.contains("ServeDir") || text.contains("ServeFile")
    }

    /// The path that `#[typed_path("/x/{id}")]` gives the type of a handler's first parameter.
    fn typed_path(&self, handler: &Handler) -> Option<String> {
        let Handler::Function(def) = handler else { return None };
        let decl = self.cx.fn_decl(*def)?;
        let mut names = Vec::new();
        crate::facts::render::type_names(&decl.params.first()?.ty, &mut names);
        let mentions = &self.cx.program.mentions[*def];
        let ty = mentions.iter().copied().find(|&ty| names.contains(&self.cx.def(ty).name))?;
        let attr = self.cx.item(ty).attrs.find("typed_path")?;
        super::attributes::first_text(&attr.args)
    }
}

enum Chain {
    Verb(Option<String>),
    Handler,
    Method,
    On,
    Service,
    Guard,
}

/// `prefix` and `path` with one slash between; an empty path adds nothing.
pub(super) fn join(prefix: &str, path: &str, empty_slash: bool) -> String {
    let trimmed = prefix.strip_suffix('/').unwrap_or(prefix);
    if path.is_empty() {
        return prefix.to_owned();
    }
    if path == "/" && empty_slash && !trimmed.is_empty() && !trimmed.ends_with(HOLE) {
        return trimmed.to_owned();
    }
    if path.starts_with('/') { format!("{trimmed}{path}") } else { format!("{trimmed}/{path}") }
}
