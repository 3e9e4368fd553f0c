//! Frameworks whose routes are filters that are combined: `path("a").and(get()).and_then(list).or(…)`.
//!
//! A filter is a router with one unfinished route; `and` combines every route of two filters, `or` lists
//! them, and a handler finishes those that have none.

use crate::base::Name;
use crate::facts::catalog::Web;
use crate::parse::tree::body::{ExprId, MacroCall};

use super::machine::{Frame, Machine};
use super::value::{Handler, Route, RouterRef, Value};

impl<'a> Machine<'_, 'a> {
    /// A function of such a framework: `path("a")`, `path::param()`, `get()`, `body::json()`.
    pub(super) fn filter_function(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        idx: usize,
        path: &str,
        args: &[ExprId],
        at: u32,
    ) -> Option<Value> {
        let web: &'a Web = &self.cx.catalogs.web[idx];
        if !web.router.filters {
            return None;
        }
        let mut names = path.rsplit("::");
        let last = names.next().unwrap_or("");
        let parent = names.next().unwrap_or("");
        let method = web.handlers.verbs.get(last).cloned();
        let text = match (parent, last, args) {
            (_, "path", [text, ..]) => self.path_text(frame, *text),
            ("path", "param", _) => "{param}".to_owned(),
            ("path", "tail" | "peek", _) => "{*tail}".to_owned(),
            // What serves is given the filters and is none.
            (_, "serve" | "service" | "test", _) => return None,
            _ => String::new(),
        };
        Some(self.filter(frame, idx, &text, method, at))
    }

    /// `path!("orders" / u32 / "lines")`.
    pub(super) fn filter_macro(&mut self, frame: &Frame<'_, 'a>, call: &MacroCall, at: u32) -> Option<Value> {
        if call.path.last().is_none_or(|name| name != "path") {
            return None;
        }
        let idx = self
            .cx
            .catalogs
            .web
            .iter()
            .position(|web| web.router.filters && self.cx.depends_on(frame.view.def, &web.crates))?;
        let tokens = self.cx.text(frame.view.def, call.tokens);
        let mut path = String::new();
        for part in tokens.split('/').map(str::trim).filter(|part| !part.is_empty() && *part != "..") {
            path.push('/');
            match part.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(text) => path.push_str(text),
                None => path.push_str("{param}"),
            }
        }
        Some(self.filter(frame, idx, &path, None, at))
    }

    fn filter(
        &mut self,
        frame: &Frame<'_, 'a>,
        idx: usize,
        path: &str,
        method: Option<String>,
        at: u32,
    ) -> Value {
        let value = self.new_router(idx, "");
        if let Value::Router(router) = &value {
            self.cells[router.cell].routes.push(Route {
                path: path.to_owned(),
                method,
                handler: Handler::Unknown,
                at: (frame.view.def, at),
                guards: Vec::new(),
            });
        }
        value
    }

    /// A method of a filter.
    pub(super) fn filter_method(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        router: &RouterRef,
        name: Name,
        args: &[ExprId],
        at: u32,
    ) -> Value {
        let same = Value::Router(router.clone());
        match (name.as_str(), args) {
            ("and", [other]) => {
                let Value::Router(other) = self.eval(frame, *other) else { return same };
                self.both(router, &other)
            }
            ("or", [other]) => {
                let Value::Router(other) = self.eval(frame, *other) else { return same };
                let either = self.new_router(self.cells[router.cell].web, "");
                if let Value::Router(either) = &either {
                    self.absorb(either, "", router);
                    self.absorb(either, "", &other);
                }
                either
            }
            ("map" | "then" | "and_then" | "untuple_one", [handler]) => {
                let handler = self.handler(frame, *handler);
                let def = frame.view.def;
                let cell = self.cloned(router);
                if let Value::Router(new) = &cell {
                    for route in &mut self.cells[new.cell].routes {
                        if route.handler == Handler::Unknown {
                            route.handler = handler.clone();
                            route.at = (def, at);
                        }
                    }
                }
                cell
            }
            _ => same,
        }
    }

    fn both(&mut self, left: &RouterRef, right: &RouterRef) -> Value {
        let web = self.cells[left.cell].web;
        let (first, second) = (self.cells[left.cell].routes.clone(), self.cells[right.cell].routes.clone());
        self.cells[left.cell].absorbed = true;
        self.cells[right.cell].absorbed = true;
        let value = self.new_router(web, "");
        let Value::Router(both) = &value else { return value };
        for left in &first {
            for right in &second {
                // `any().map(move || pool.clone())` gives a value, no answer; the function that makes one
                // of a request guards what comes behind it.
                let gives_value = |route: &Route| route.path.is_empty() && route.method.is_none();
                let answer = if gives_value(right) || right.handler == Handler::Unknown && !gives_value(left)
                {
                    left
                } else {
                    right
                };
                let beside = if std::ptr::eq(answer, left) { right } else { left };
                let mut route = Route {
                    path: self.join(both, &left.path, &right.path),
                    method: left.method.clone().or_else(|| right.method.clone()),
                    handler: answer.handler.clone(),
                    at: answer.at,
                    guards: answer.guards.clone(),
                };
                route.guard(&beside.guards);
                if let Handler::Function(def) = beside.handler {
                    route.guard(&[def]);
                }
                self.cells[both.cell].routes.push(route);
            }
        }
        value
    }
}
