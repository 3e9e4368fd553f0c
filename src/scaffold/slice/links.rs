//! Where a start-up body registers routes, opens its socket and starts background work, whatever the framework.
//!
//! Read by shape: links of method chains (`.service(…)`, `.route(…)`, `.mount(…)`), lists inside macros
//! (`routes![…]`), `let` bindings whose values are registered later, and calls.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::lex;
use crate::base::TextRange;

/// A link of a chain that may register routes.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Link {
    /// From the end of what it is called on.
    pub range: TextRange,
    /// Name of the method.
    pub method: String,
    /// Range of its arguments.
    pub args: TextRange,
    /// Paths that its arguments mention.
    pub paths: Vec<Vec<String>>,
    /// The statement that it is part of, where the statement is nothing but this chain.
    pub chain: Option<usize>,
}

/// A statement that is a chain of links on a variable: `cfg.service(a).service(b);`.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Chain {
    /// The whole statement.
    pub range: TextRange,
    /// How many calls the chain has.
    pub n_calls: usize,
}

/// `let name = …;`.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Local {
    /// The name that it binds.
    pub name: String,
    /// The whole statement.
    pub range: TextRange,
    /// Paths that its value mentions.
    pub paths: Vec<Vec<String>>,
}

/// An element of a list of routes inside a macro.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Element {
    /// With the comma behind it.
    pub range: TextRange,
    /// The path.
    pub path: Vec<String>,
}

/// A call of a function by path, or of a method.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Call {
    /// The whole expression.
    pub range: TextRange,
    /// Path of the function; for a method its name alone.
    pub path: Vec<String>,
    /// Whether it is a method.
    pub method: bool,
    /// Its arguments.
    pub args: Vec<TextRange>,
    /// The statement, where the call (with `.await`, `?` and the like behind it) is one of its own.
    pub statement: Option<TextRange>,
    /// Text of the receiver of a method call.
    pub receiver: Option<TextRange>,
}

/// What a body registers and calls.
#[derive(Clone, Debug, Default)]
pub(in crate::scaffold) struct Body {
    /// Links, outer ones first.
    pub links: Vec<Link>,
    /// Statements that are chains.
    pub chains: Vec<Chain>,
    /// Bindings.
    pub locals: Vec<Local>,
    /// Elements of lists in macros.
    pub elements: Vec<Element>,
    /// Calls.
    pub calls: Vec<Call>,
}

/// Methods by which frameworks register routes and parts of the application.
const REGISTERS: &[&str] = &[
    "at",
    "configure",
    "merge",
    "mount",
    "nest",
    "nest_service",
    "push",
    "register",
    "route",
    "route_service",
    "routes",
    "service",
];

/// Reads a function's text; `None` where it is no function that parses.
pub(in crate::scaffold) fn read(text: &str) -> Option<Body> {
    let block = match syn::parse_str::<syn::ItemFn>(text) {
        Ok(func) => *func.block,
        Err(_) => syn::parse_str::<syn::ImplItemFn>(text).ok()?.block,
    };
    let mut reader = Reader { text, body: Body::default(), chain: None, statement: None };
    reader.visit_block(&block);
    let mut body = reader.body;
    body.links.sort_by_key(|link| (link.range.start, std::cmp::Reverse(link.range.end)));
    proc_macro2::extra::invalidate_current_thread_spans();
    // Only now: scanning resets the spans that the tree above lives on.
    for link in &mut body.links {
        link.paths = mentioned(&text[link.args.as_range()]);
    }
    for local in &mut body.locals {
        local.paths = mentioned(&text[local.range.as_range()]);
    }
    Some(body)
}

fn mentioned(text: &str) -> Vec<Vec<String>> {
    lex::scan(text, &[]).paths.into_iter().map(|path| path.segments).collect()
}

fn range(spanned: &impl Spanned) -> TextRange {
    let bytes = spanned.span().byte_range();
    TextRange::new(bytes.start as u32, bytes.end as u32)
}

struct Reader<'t> {
    text: &'t str,
    body: Body,
    chain: Option<usize>,
    statement: Option<(TextRange, TextRange)>,
}

/// The chain's root and its number of calls.
fn root(mut expr: &syn::Expr) -> (&syn::Expr, usize) {
    let mut n_calls = 0;
    while let syn::Expr::MethodCall(call) = expr {
        n_calls += 1;
        expr = &call.receiver;
    }
    (expr, n_calls)
}

/// The call that `.await`, `?` and calls behind it hang on: `a.b().await.map_err(e)?` gives every call on the way.
fn spine(mut expr: &syn::Expr, out: &mut Vec<TextRange>) {
    loop {
        expr = match expr {
            syn::Expr::Await(inner) => &inner.base,
            syn::Expr::Try(inner) => &inner.expr,
            syn::Expr::MethodCall(call) => {
                out.push(range(call));
                &call.receiver
            }
            syn::Expr::Call(call) => {
                out.push(range(call));
                return;
            }
            _ => return,
        };
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_stmt(&mut self, stmt: &'ast syn::Stmt) {
        let (outer_chain, outer_statement) = (self.chain.take(), self.statement.take());
        if let syn::Stmt::Expr(expr, Some(_)) = stmt {
            let mut on_spine = Vec::new();
            spine(expr, &mut on_spine);
            if let (Some(last), Some(first)) = (on_spine.last(), on_spine.first()) {
                self.statement = Some((range(stmt), TextRange::new(last.start, first.end)));
            }
            let (root, n_calls) = root(expr);
            if n_calls > 0 && matches!(root, syn::Expr::Path(_)) {
                self.chain = Some(self.body.chains.len());
                self.body.chains.push(Chain { range: range(stmt), n_calls });
                // The chain's own links know it; what stands in their arguments does not.
                let mut at = expr;
                let chain = self.chain;
                while let syn::Expr::MethodCall(call) = at {
                    self.chain = chain;
                    self.link(call);
                    self.call(call);
                    self.chain = None;
                    for arg in &call.args {
                        self.visit_expr(arg);
                    }
                    at = &call.receiver;
                }
                (self.chain, self.statement) = (outer_chain, outer_statement);
                return;
            }
        }
        visit::visit_stmt(self, stmt);
        (self.chain, self.statement) = (outer_chain, outer_statement);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        let pat = match &local.pat {
            syn::Pat::Type(typed) => &*typed.pat,
            pat => pat,
        };
        if let syn::Pat::Ident(pat) = pat
            && local.init.is_some()
        {
            self.body.locals.push(Local {
                name: pat.ident.to_string(),
                range: range(local),
                paths: Vec::new(),
            });
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.link(call);
        self.call(call);
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || visit::visit_expr_method_call(self, call));
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            let own = range(call);
            self.body.calls.push(Call {
                range: own,
                path: path.path.segments.iter().map(|segment| segment.ident.to_string()).collect(),
                method: false,
                args: call.args.iter().map(range).collect(),
                statement: self.statement_of(own),
                receiver: None,
            });
        }
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || visit::visit_expr_call(self, call));
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let name = mac.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if name.contains("routes") {
            self.elements(mac);
            return;
        }
        // `tokio::select!` and `join!` hold calls that are read one by one.
        if let Ok(args) =
            mac.parse_body_with(syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated)
        {
            let outer = self.statement.take();
            for arg in &args {
                // Its spans are those of the text, so that the ranges hold.
                self.visit_expr(arg);
            }
            self.statement = outer;
        }
    }
}

impl Reader<'_> {
    fn statement_of(&self, call: TextRange) -> Option<TextRange> {
        self.statement
            .filter(|(_, spine)| spine.start == call.start && spine.contains(call))
            .map(|(all, _)| all)
    }

    fn call(&mut self, call: &syn::ExprMethodCall) {
        let own = range(call);
        self.body.calls.push(Call {
            range: own,
            path: vec![call.method.to_string()],
            method: true,
            args: call.args.iter().map(range).collect(),
            statement: self.statement_of(own),
            receiver: Some(range(&call.receiver)),
        });
    }

    fn link(&mut self, call: &syn::ExprMethodCall) {
        let name = call.method.to_string();
        if !REGISTERS.contains(&name.as_str()) || call.args.is_empty() {
            return;
        }
        let receiver_end = range(&call.receiver).end as usize;
        let dot = range(&call.dot_token).start as usize;
        let args =
            TextRange::new(range(&call.args[0]).start, range(call.args.last().expect("not empty")).end);
        self.body.links.push(Link {
            range: super::routes::link_range(self.text, receiver_end, dot, range(call).end as usize),
            method: name,
            args,
            paths: Vec::new(),
            chain: self.chain,
        });
    }

    /// The comma-separated paths of a macro's body.
    fn elements(&mut self, mac: &syn::Macro) {
        let mut path: Vec<String> = Vec::new();
        let mut start = None;
        let mut end = 0;
        let mut plain = true;
        let mut found = Vec::new();
        for tree in mac.tokens.clone() {
            let bytes = tree.span().byte_range();
            match &tree {
                proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ',' => {
                    if let Some(from) = start.take() {
                        found.push((from, bytes.end as u32, std::mem::take(&mut path)));
                    }
                    continue;
                }
                proc_macro2::TokenTree::Ident(ident) => path.push(ident.to_string()),
                proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ':' => {}
                _ => plain = false,
            }
            start.get_or_insert(bytes.start as u32);
            end = bytes.end as u32;
        }
        if let Some(from) = start {
            found.push((from, end, path));
        }
        if plain {
            self.body.elements.extend(
                found.into_iter().map(|(from, to, path)| Element { range: TextRange::new(from, to), path }),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_statements_and_elements_are_found() {
        let text = r#"fn f(cfg: &mut Cfg) { cfg.service(a).route("/b", web::get().to(b)); let s = scope("x").service(c); rocket.mount("/", routes![d, e::f]); }"#;
        let body = read(text).unwrap();
        let links: Vec<_> = body.links.iter().map(|link| &text[link.range.as_range()]).collect();
        assert_eq!(
            links,
            [
                ".service(a)",
                r#".route("/b", web::get().to(b))"#,
                ".service(c)",
                r#".mount("/", routes![d, e::f])"#
            ]
        );
        assert_eq!(
            &text[body.chains[0].range.as_range()],
            r#"cfg.service(a).route("/b", web::get().to(b));"#
        );
        assert_eq!(body.locals[0].name, "s");
        let elements: Vec<_> = body.elements.iter().map(|element| element.path.join("::")).collect();
        assert_eq!(elements, ["d", "e::f"]);
    }

    #[test]
    fn a_call_knows_the_statement_that_it_makes_up() {
        let text = "fn f() { tokio::spawn(work(x)); scheduler.start().await.map_err(e)?; let y = g(); }";
        let body = read(text).unwrap();
        let of = |name: &str| {
            let call = body.calls.iter().find(|call| call.path.last().unwrap() == name).unwrap();
            call.statement.map(|range| &text[range.as_range()])
        };
        assert_eq!(of("spawn"), Some("tokio::spawn(work(x));"));
        assert_eq!(of("work"), None);
        assert_eq!(of("start"), Some("scheduler.start().await.map_err(e)?;"));
        assert_eq!(of("g"), None);
    }
}
