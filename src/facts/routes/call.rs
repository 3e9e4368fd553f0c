//! Calls in a run: of catalogued functions, of the workspace's own, and of everything else.

use std::rc::Rc;

use crate::base::Name;
use crate::facts::catalog::{Shape, Web, names_path};
use crate::facts::render::path_names;
use crate::parse::tree::body::{Body, Expr, ExprId, MacroCall};
use crate::resolve::{CallTarget, DefId, Res};

use super::machine::{Frame, Machine, passed_on};
use super::value::{Handler, RouterRef, Value, Verb};

impl<'a> Machine<'_, 'a> {
    pub(super) fn call_expr(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        expr: ExprId,
        callee: ExprId,
        args: &[ExprId],
    ) -> Value {
        let view = frame.view;
        match view.target(expr) {
            Some(CallTarget::Resolved(def)) => return self.workspace_call(frame, *def, None, args),
            Some(CallTarget::OneOf(defs)) => {
                let Some(&def) = defs.iter().find(|&&def| self.cx.body(def).is_some()) else {
                    return Value::Unknown;
                };
                return self.workspace_call(frame, def, None, args);
            }
            _ => {}
        }
        if let Expr::Path(path) = view.expr(callee)
            && let Some(value) = path.as_name().and_then(|name| frame.local(name).cloned())
        {
            let args = self.args(frame, args);
            return self.invoke(&value, args);
        }
        let external = match (view.target(expr), view.path(callee)) {
            (Some(CallTarget::External(path)), _) | (_, Some(Res::External(path))) => {
                Some(path.as_str().to_owned())
            }
            _ => None,
        };
        let written = match view.expr(callee) {
            Expr::Path(path) => path_names(path),
            _ => String::new(),
        };
        if let Some(value) = self.catalogued(frame, expr, external.as_deref(), &written, args) {
            return value;
        }
        if matches!(view.target(expr), Some(CallTarget::Constructor(_))) {
            let args = self.args(frame, args);
            return if args.len() == 1 {
                args.into_iter().next().unwrap_or_default()
            } else {
                Value::List(Rc::new(args))
            };
        }
        self.other_call(frame, args)
    }

    pub(super) fn args(&mut self, frame: &mut Frame<'_, 'a>, args: &[ExprId]) -> Vec<Value> {
        args.iter().map(|&arg| self.eval(frame, arg)).collect()
    }

    /// A function of the workspace: followed where routes may hang on it.
    fn workspace_call(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        def: DefId,
        receiver: Option<Value>,
        args: &[ExprId],
    ) -> Value {
        let args = self.args(frame, args);
        if self.relevant.is(def) || receiver.iter().chain(&args).any(Value::matters) {
            return self.call(def, receiver, args);
        }
        // A small function may give a path, or a table of paths; one that chooses by a variant has many arms.
        let most = if matches!(receiver, Some(Value::Variant(_))) { 400 } else { 40 };
        if self
            .cx
            .body(def)
            .is_some_and(|body| body.exprs.len() <= most && (self.gives_text(def) || gives_struct(body)))
        {
            return self.call(def, receiver, args);
        }
        Value::Unknown
    }

    fn gives_text(&self, def: DefId) -> bool {
        let mut names = Vec::new();
        if let Some(ret) = self.cx.fn_decl(def).and_then(|decl| decl.ret.as_ref()) {
            crate::facts::render::type_names(ret, &mut names);
        }
        names.iter().any(|name| matches!(name.as_str(), "str" | "String" | "Cow" | "Self"))
    }

    /// A call outside that no catalog knows: closures are run (`HttpServer::new(|| App::new())`), and a
    /// router comes back as it went in.
    fn other_call(&mut self, frame: &mut Frame<'_, 'a>, args: &[ExprId]) -> Value {
        let values = self.args(frame, args);
        let mut results = Vec::new();
        for value in &values {
            if let Value::Closure(_) = value {
                results.push(self.invoke(value, Vec::new()));
            }
        }
        passed_on(values.into_iter().chain(results))
    }

    /// A function of a web framework.
    fn catalogued(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        expr: ExprId,
        external: Option<&str>,
        written: &str,
        args: &[ExprId],
    ) -> Option<Value> {
        let all: Vec<(usize, &'a Web)> = self.cx.catalogs.web.iter().enumerate().collect();
        for (idx, web) in all {
            let path = match external {
                Some(path) if web.crates.iter().any(|krate| path.split("::").next() == Some(krate)) => path,
                Some(_) => continue,
                // A glob import of the framework: only what is written is known.
                None if !written.is_empty() && self.cx.depends_on(frame.view.def, &web.crates) => written,
                None => continue,
            };
            let is = |list: &[String]| match external {
                Some(_) => names_path(&web.crates, list, path),
                None => list.iter().any(|name| crate::facts::catalog::ends_with(path, name)),
            };
            if is(&web.router.new) {
                let value = self.new_router(idx, "");
                // `Router::with_hoop(signed_in)`.
                if let Value::Router(router) = &value {
                    self.cells[router.cell].guards = self.guards.around(self.cx, frame.view, args);
                }
                return Some(value);
            }
            if is(&web.router.scopes) && !args.is_empty() {
                let path = self.path_text(frame, args[0]);
                return Some(self.new_router(idx, &path));
            }
            if is(&web.router.api) && !args.is_empty() {
                return Some(self.api(frame, idx, args[0]));
            }
            if external.is_some() {
                let at = self.cx.expr_start(frame.view.body, expr);
                if let Some(filter) = self.filter_function(frame, idx, path, args, at) {
                    return Some(filter);
                }
            }
            let last = path.rsplit("::").next().unwrap_or(path);
            if external.is_some() && is(&web.handlers.empty) {
                return Some(Value::Verbs(Rc::new(vec![Verb::new(None, None)])));
            }
            if is(&web.handlers.services) && !args.is_empty() {
                return Some(Value::Verbs(Rc::new(
                    self.service_verb(frame, last, args[0]).into_iter().collect(),
                )));
            }
            if is(&web.handlers.on) && args.len() >= 2 {
                let methods = self.methods_of(frame, args[0]);
                let handler = self.handler(frame, args[1]);
                let verbs = methods.into_iter().map(|method| Verb::new(Some(method), Some(handler.clone())));
                return Some(Value::Verbs(Rc::new(verbs.collect())));
            }
            if let Some(method) = web.handlers.verbs.get(last) {
                let method = (method != "ANY").then(|| method.clone());
                let handler = args.first().map(|&arg| self.handler(frame, arg));
                if external.is_none()
                    && !matches!(handler, Some(Handler::Function(_) | Handler::Closure { .. }))
                {
                    continue;
                }
                return Some(Value::Verbs(Rc::new(vec![Verb::new(method, handler)])));
            }
        }
        None
    }

    /// `post_service(create.layer(limit))`; files that are served are no entry point.
    pub(super) fn service_verb(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        name: &str,
        service: ExprId,
    ) -> Option<Verb> {
        if self.serves_files(frame, service) {
            return None;
        }
        let handler = Some(self.handler(frame, service));
        let method = name.trim_end_matches("_service").to_ascii_uppercase();
        Some(Verb::new((method != "ANY").then_some(method), handler))
    }

    /// `MethodFilter::GET.or(MethodFilter::POST)`, `Method::GET`: the words in capitals.
    pub(super) fn methods_of(&mut self, frame: &Frame<'_, 'a>, expr: ExprId) -> Vec<String> {
        const METHODS: &[&str] =
            &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
        let text = self.cx.text(frame.view.def, frame.view.body.ranges[expr]);
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let words = words.map(str::to_ascii_uppercase);
        let mut methods: Vec<String> = words.filter(|word| METHODS.contains(&word.as_str())).collect();
        methods.dedup();
        methods
    }

    /// The function that answers, through what may be wrapped around it.
    pub(super) fn handler(&mut self, frame: &mut Frame<'_, 'a>, expr: ExprId) -> Handler {
        let view = frame.view;
        match view.expr(expr) {
            Expr::Closure { .. } => Handler::Closure { owner: view.def, expr },
            Expr::Path(path) => {
                if let Some(value) = path.as_name().and_then(|name| frame.local(name)) {
                    return value.handler().unwrap_or(Handler::Unknown);
                }
                self.eval(frame, expr).handler().unwrap_or(Handler::Service)
            }
            // `handler.layer(auth)`, `wrap(handler)`, `Box::new(handler)`.
            Expr::MethodCall { receiver, args, .. } => {
                let parts: Vec<ExprId> = std::iter::once(*receiver).chain(args.iter().copied()).collect();
                self.first_handler(frame, &parts)
            }
            Expr::Call { callee, args } => {
                let found = self.first_handler(frame, args);
                if matches!(found, Handler::Function(_) | Handler::Closure { .. }) {
                    return found;
                }
                // `get(make_handler(config))`: the function that makes it is the nearest name.
                view.target(expr)
                    .and_then(|target| match target {
                        CallTarget::Resolved(def) => Some(Handler::Function(*def)),
                        _ => None,
                    })
                    .or_else(|| view.function(*callee).map(Handler::Function))
                    .unwrap_or(Handler::Service)
            }
            Expr::Ref { expr, .. } | Expr::Cast { expr, .. } => self.handler(frame, *expr),
            Expr::Block { tail: Some(_), .. } => self.eval(frame, expr).handler().unwrap_or(Handler::Unknown),
            _ => Handler::Unknown,
        }
    }

    fn first_handler(&mut self, frame: &mut Frame<'_, 'a>, parts: &[ExprId]) -> Handler {
        for &part in parts {
            if !matches!(
                frame.view.expr(part),
                Expr::Path(_) | Expr::Closure { .. } | Expr::Call { .. } | Expr::MethodCall { .. }
            ) {
                continue;
            }
            let found = self.handler(frame, part);
            if matches!(found, Handler::Function(_) | Handler::Closure { .. }) {
                return found;
            }
        }
        Handler::Service
    }

    pub(super) fn macro_expr(&mut self, frame: &mut Frame<'_, 'a>, expr: ExprId, call: &MacroCall) -> Value {
        let Some(name) = call.path.last() else { return Value::Unknown };
        let all: Vec<(usize, &'a Web)> = self.cx.catalogs.web.iter().enumerate().collect();
        let listing: Vec<(usize, &'a Web)> = all
            .into_iter()
            .filter(|(_, web)| {
                web.router.list_macros.iter().any(|known| name == **known)
                    && self.cx.depends_on(frame.view.def, &web.crates)
            })
            .collect();
        // Of two frameworks beside each other the macro's path says which, else what it lists.
        let by_path = call.path.segments.first().filter(|_| call.path.segments.len() > 1).and_then(|first| {
            let krate = self.cx.crate_called(frame.view.def, first.name);
            listing.iter().find(|(_, web)| web.crates.iter().any(|known| krate == **known))
        });
        let by_attributes = || {
            let functions = call.args.iter().filter_map(|&arg| frame.view.function(arg));
            let functions: Vec<DefId> = if listing.len() > 1 { functions.collect() } else { Vec::new() };
            let declares = |web: &Web| {
                functions.iter().any(|&def| !super::attributes::routes_of(self.cx, def, web).is_empty())
            };
            listing.iter().find(|(_, web)| declares(web))
        };
        if let Some(&(idx, _)) = by_path.or_else(by_attributes).or(listing.first()) {
            let list = self.new_router(idx, "");
            if let Value::Router(router) = &list {
                for &arg in &call.args {
                    let value = self.eval(frame, arg);
                    self.merge(frame, router, &value, frame.view.body.ranges[arg].start);
                }
            }
            return list;
        }
        if let Some(filter) = self.filter_macro(frame, call, frame.view.body.ranges[expr].start) {
            return filter;
        }
        if let Some(mounted) = self.mounting_macro(frame, name, call) {
            return mounted;
        }
        match name.as_str() {
            "format" | "concat" | "formatcp" | "concatcp" | "stringify" => self.text(frame, expr),
            "vec" => Value::List(Rc::new(self.args(frame, &call.args))),
            _ => {
                let values = self.args(frame, &call.args);
                passed_on(values.into_iter())
            }
        }
    }

    /// `mount_all! { router, base, settings, "/a" => routes, … }`.
    fn mounting_macro(&mut self, frame: &mut Frame<'_, 'a>, name: Name, call: &MacroCall) -> Option<Value> {
        let known = self.cx.catalogs.web.iter().any(|web| {
            web.router.mount_macros.iter().any(|known| name == **known)
                && self.cx.depends_on(frame.view.def, &web.crates)
        });
        let [router, base, _, pairs @ ..] = &*call.args else { return None };
        let Value::Router(router) = known.then(|| self.eval(frame, *router))? else { return None };
        let base = self.path_text(frame, *base);
        let below = RouterRef { cell: router.cell, below: self.join(&router, &router.below, &base) };
        for pair in pairs.chunks_exact(2) {
            let path = self.path_text(frame, pair[0]);
            let value = self.eval(frame, pair[1]);
            self.nest(frame, &below, &path, &value, frame.view.body.ranges[pair[1]].start);
        }
        Some(Value::Router(router))
    }

    /// A path: exact where it is constant, with holes where it is not.
    pub(super) fn path_text(&mut self, frame: &mut Frame<'_, 'a>, expr: ExprId) -> String {
        match self.eval(frame, expr) {
            Value::Text(text) => text,
            _ => match self.text(frame, expr) {
                Value::Text(text) => text,
                _ => crate::facts::sql::HOLE.to_owned(),
            },
        }
    }

    pub(super) fn method_expr(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        expr: ExprId,
        receiver: ExprId,
        name: Name,
        args: &[ExprId],
    ) -> Value {
        let view = frame.view;
        let value = self.eval(frame, receiver);
        match &value {
            Value::Router(router) => {
                let web = &self.cx.catalogs.web[self.cells[router.cell].web];
                // A method of the workspace's own (an extension trait) is followed, whatever its name.
                if let Some(CallTarget::Resolved(def)) = view.target(expr) {
                    return self.workspace_call(frame, *def, Some(value), args);
                }
                if name == "clone" {
                    return self.cloned(router);
                }
                if web.router.filters {
                    let at = self.cx.expr_start(frame.view.body, expr);
                    return self.filter_method(frame, &router.clone(), name, args, at);
                }
                if let Some(&shape) = web.router.methods.get(name.as_str()) {
                    let router = router.clone();
                    return self.shape(frame, expr, &router, shape, name, args);
                }
                self.unlisted_method(frame, expr, &router.clone(), args)
            }
            Value::Verbs(verbs) => {
                let verbs = verbs.clone();
                self.verbs_method(frame, expr, &verbs, name, args)
            }
            Value::Text(_) => match name.as_str() {
                "to_string" | "to_owned" | "into" | "as_str" | "clone" | "as_ref" => value,
                _ => self.text(frame, expr),
            },
            Value::List(list) => match name.as_str() {
                "concat" | "join" if !list.iter().any(Value::matters) => self.text(frame, expr),
                "into_iter" | "iter" | "concat" | "to_vec" | "clone" | "collect" => value,
                _ => self.method_of_unknown(frame, expr, receiver, value, name, args),
            },
            _ => self.method_of_unknown(frame, expr, receiver, value, name, args),
        }
    }

    fn method_of_unknown(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        expr: ExprId,
        receiver: ExprId,
        value: Value,
        name: Name,
        args: &[ExprId],
    ) -> Value {
        let view = frame.view;
        let target: Option<DefId> = match view.target(expr) {
            Some(CallTarget::Resolved(def)) => Some(*def),
            Some(CallTarget::OneOf(defs)) => defs.iter().copied().find(|&def| self.cx.body(def).is_some()),
            _ => None,
        };
        if let Some(def) = target {
            let receiver = (!value.is_unknown()).then_some(value);
            return self.workspace_call(frame, def, receiver, args);
        }
        // A router whose making was not seen.
        let all: Vec<(usize, &'a Web)> = self.cx.catalogs.web.iter().enumerate().collect();
        for (idx, web) in all {
            let Some(&shape) = web.router.methods.get(name.as_str()) else { continue };
            // Requests, maps and headers have methods of those names, too.
            let is_handler = |machine: &mut Self, frame: &mut Frame<'_, 'a>| {
                let handler = args.first().map(|&arg| machine.handler(frame, arg));
                matches!(handler, Some(Handler::Function(_) | Handler::Closure { .. }))
            };
            match shape {
                Shape::Skip | Shape::Leave | Shape::Guard | Shape::GuardSoFar => continue,
                Shape::Verb | Shape::Handler if !is_handler(self, frame) => continue,
                _ => {}
            }
            let sure = matches!(view.target(expr), Some(CallTarget::External(path)) if web.crates.iter().any(|krate| krate == path.krate()));
            let known = sure
                || self.cx.depends_on(view.def, &web.crates) && {
                    // What the arguments build while being looked at is built again below.
                    let first = self.cells.len();
                    let fits = self.looks_like(frame, shape, args);
                    self.cells[first..].iter_mut().for_each(|cell| cell.absorbed = true);
                    fits
                };
            if !known {
                continue;
            }
            let router = self.new_router(idx, "");
            if let Expr::Path(path) = view.expr(receiver)
                && let Some(name) = path.as_name()
            {
                frame.set(name, router.clone());
            }
            let Value::Router(router) = router else { return Value::Unknown };
            return self.shape(frame, expr, &router, shape, name, args);
        }
        self.other_call(frame, args)
    }
}

/// Whether a body does nothing but fill a struct: `Self { list: "/orders", … }`.
fn gives_struct(body: &Body) -> bool {
    let root = body.root.map(|root| &body.exprs[root]);
    let Some(Expr::Block { stmts, tail: Some(tail), .. }) = root else { return false };
    stmts.is_empty() && matches!(body.exprs[*tail], Expr::Struct { .. })
}
