//! The expressions whose values a function gives back, or hands to a server.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::base::TextRange;

/// An expression in a function's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::scaffold) struct Value {
    /// Its range.
    pub range: TextRange,
    /// Whether it is a `Result` of the value.
    pub wrapped: bool,
}

fn range(spanned: &impl Spanned) -> TextRange {
    let bytes = spanned.span().byte_range();
    TextRange::new(bytes.start as u32, bytes.end as u32)
}

fn block(text: &str) -> Option<syn::Block> {
    match syn::parse_str::<syn::ItemFn>(text) {
        Ok(func) => Some(*func.block),
        Err(_) => Some(syn::parse_str::<syn::ImplItemFn>(text).ok()?.block),
    }
}

/// The values that a function gives back; `fallible` where it returns a `Result` of them. `None` where one of
/// them is no expression that a method call can follow.
pub(in crate::scaffold) fn given_back(text: &str, fallible: bool) -> Option<Vec<Value>> {
    let block = block(text)?;
    let mut leaves = Leaves { fallible, out: Vec::new(), failed: false };
    leaves.visit_block(&block);
    leaves.tail(&block);
    proc_macro2::extra::invalidate_current_thread_spans();
    leaves.out.sort();
    (!leaves.failed && !leaves.out.is_empty()).then_some(leaves.out)
}

struct Leaves {
    fallible: bool,
    out: Vec<Value>,
    failed: bool,
}

impl Leaves {
    fn tail(&mut self, block: &syn::Block) {
        match block.stmts.last() {
            Some(syn::Stmt::Expr(expr, None)) => self.leaf(expr),
            // `return x;` is found by the visit.
            Some(syn::Stmt::Expr(syn::Expr::Return(_), Some(_))) => {}
            _ => self.failed = true,
        }
    }

    fn leaf(&mut self, expr: &syn::Expr) {
        match expr {
            syn::Expr::If(branches) => {
                self.tail(&branches.then_branch);
                match &branches.else_branch {
                    Some((_, other)) => self.leaf(other),
                    None => self.failed = true,
                }
            }
            syn::Expr::Match(cases) => cases.arms.iter().for_each(|arm| self.leaf(&arm.body)),
            syn::Expr::Block(inner) => self.tail(&inner.block),
            syn::Expr::Return(_) => {}
            syn::Expr::Call(call) if self.fallible => {
                let name = match &*call.func {
                    syn::Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
                    _ => None,
                };
                match (name.as_deref(), call.args.first()) {
                    (Some("Ok"), Some(inner)) => self.value(inner, false),
                    (Some("Err"), _) => {}
                    _ => self.value(expr, true),
                }
            }
            _ => self.value(expr, self.fallible),
        }
    }

    fn value(&mut self, expr: &syn::Expr, wrapped: bool) {
        match expr {
            syn::Expr::MethodCall(_)
            | syn::Expr::Call(_)
            | syn::Expr::Path(_)
            | syn::Expr::Field(_)
            | syn::Expr::Await(_)
            | syn::Expr::Try(_)
            | syn::Expr::Paren(_)
            | syn::Expr::Macro(_) => self.out.push(Value { range: range(expr), wrapped }),
            _ => self.failed = true,
        }
    }
}

impl<'ast> Visit<'ast> for Leaves {
    fn visit_expr_return(&mut self, expr: &'ast syn::ExprReturn) {
        if let Some(value) = &expr.expr {
            self.leaf(value);
        }
    }
    // A `return` in there leaves something else.
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// The routers that a function hands to axum's server, without what makes a service of them.
pub(in crate::scaffold) fn served(text: &str) -> Vec<TextRange> {
    let Some(block) = block(text) else { return Vec::new() };
    let mut serving = Serving::default();
    serving.visit_block(&block);
    proc_macro2::extra::invalidate_current_thread_spans();
    serving.found
}

#[derive(Default)]
struct Serving {
    found: Vec<TextRange>,
}

impl Serving {
    fn add(&mut self, expr: &syn::Expr) {
        match expr {
            syn::Expr::MethodCall(call) if call.method.to_string().starts_with("into_make_service") => {
                self.add(&call.receiver);
            }
            syn::Expr::MethodCall(_) | syn::Expr::Call(_) | syn::Expr::Path(_) | syn::Expr::Field(_) => {
                self.found.push(range(expr));
            }
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Serving {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && path.path.segments.last().is_some_and(|last| last.ident == "serve")
            && call.args.len() == 2
        {
            self.add(&call.args[1]);
        }
        visit::visit_expr_call(self, call);
    }
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "serve" && call.args.len() == 1 {
            self.add(&call.args[0]);
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// The chains that start from `App::new()`, as far as they go in one expression.
pub(in crate::scaffold) fn apps(text: &str) -> Vec<TextRange> {
    let Some(block) = block(text) else { return Vec::new() };
    let mut chains = Chains::default();
    chains.visit_block(&block);
    proc_macro2::extra::invalidate_current_thread_spans();
    chains.found
}

/// Where a chain that [`apps`] found goes on behind `App::new()`.
pub(in crate::scaffold) fn behind_new(text: &str, chain: TextRange) -> Option<u32> {
    let made = text.get(chain.as_range())?;
    let at = made.find("new")? + "new".len();
    let close = at + made[at..].find(')')? + 1;
    Some(chain.start + close as u32)
}

#[derive(Default)]
struct Chains {
    found: Vec<TextRange>,
}

fn starts_app(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::MethodCall(call) => starts_app(&call.receiver),
        syn::Expr::Call(call) => match &*call.func {
            syn::Expr::Path(path) => {
                let names: Vec<_> = path.path.segments.iter().map(|part| part.ident.to_string()).collect();
                names.ends_with(&["App".to_owned(), "new".to_owned()])
            }
            _ => false,
        },
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Chains {
    fn visit_expr(&mut self, expr: &'ast syn::Expr) {
        if starts_app(expr) {
            self.found.push(range(expr));
        } else {
            visit::visit_expr(self, expr);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, fallible: bool) -> Option<Vec<&str>> {
        let found = given_back(text, fallible)?;
        Some(found.into_iter().map(|value| &text[value.range.as_range()]).collect())
    }

    #[test]
    fn the_end_of_a_function_is_its_value() {
        assert_eq!(values("fn f() -> R { R::new().with(s) }", false), Some(vec!["R::new().with(s)"]));
        assert_eq!(values("fn f() -> R { let r = R::new(); r }", false), Some(vec!["r"]));
        assert_eq!(values("async fn f(&self) -> R { self.r.clone() }", false), Some(vec!["self.r.clone()"]));
    }

    #[test]
    fn branches_and_early_ends_count_each() {
        let text = "fn f() -> R { if dev { return a(); } match kind { 1 => b(), _ => { c() } } }";
        assert_eq!(values(text, false), Some(vec!["a()", "b()", "c()"]));
        assert_eq!(values("fn f() -> R { let g = || { return 1; }; d() }", false), Some(vec!["d()"]));
    }

    #[test]
    fn results_are_looked_into() {
        let text = "fn f() -> Result<R, E> { if bad { return Err(e); } Ok(r) }";
        assert_eq!(values(text, true), Some(vec!["r"]));
        let found = given_back("fn f() -> Result<R, E> { g() }", true).unwrap();
        assert!(found[0].wrapped);
    }

    #[test]
    fn what_no_method_call_can_follow_is_not_understood() {
        assert_eq!(values("fn f() -> R { R { a } }", false), None);
    }

    #[test]
    fn a_chain_from_app_new_is_one() {
        let text = "fn f() { HttpServer::new(move || { App::new().wrap(l(App::x())).configure(c) }).run() }";
        let found: Vec<_> = apps(text).iter().map(|range| &text[range.as_range()]).collect();
        assert_eq!(found, ["App::new().wrap(l(App::x())).configure(c)"]);
    }

    #[test]
    fn servers_are_given_a_router() {
        let text = "async fn main() { axum::serve(l, app.into_make_service()).await.unwrap() }";
        assert_eq!(served(text).iter().map(|range| &text[range.as_range()]).collect::<Vec<_>>(), ["app"]);
        let text = "async fn main() { axum::Server::bind(&a).serve(app(s).into_make_service()).await }";
        assert_eq!(served(text).iter().map(|range| &text[range.as_range()]).collect::<Vec<_>>(), ["app(s)"]);
    }
}
