//! Router-building functions, and what of them stays when only some routes move.
//!
//! The monolith's own router function is kept and the routes of others are cut out of it, so that
//! layers, fallbacks and state stay as they are.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::base::TextRange;

/// One link of a chain that adds routes.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Segment {
    /// `.route(…)` with the dot, from the end of what it is called on.
    pub range: TextRange,
    /// What it adds.
    pub kind: SegmentKind,
    /// The path, where it is a literal.
    pub path: Option<String>,
    /// Paths of called functions among its arguments.
    pub calls: Vec<Vec<String>>,
    /// The router is a local variable of this name.
    pub local: Option<String>,
    /// Stands in the initialiser of the local variable of this name.
    pub inside: Option<String>,
}

/// What a segment adds.
#[derive(Clone, Debug)]
pub(in crate::scaffold) enum SegmentKind {
    /// A path with its method handlers.
    Route(Vec<Verb>),
    /// Another router.
    Nest,
}

/// A method of a route: `get(show)` or `.post(create)`.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Verb {
    /// Upper case; `ANY`.
    pub method: String,
    /// The name of the method, to the end of its call.
    pub range: TextRange,
    /// From the end of what it is called on, for a method call.
    pub with_dot: TextRange,
    /// First of its chain.
    pub first: bool,
    /// Written with a path before its name.
    pub qualified: bool,
    /// Identifiers in its arguments.
    pub names: Vec<String>,
}

const VERBS: &[&str] =
    &["get", "post", "put", "patch", "delete", "head", "options", "trace", "connect", "any"];

/// What a router-building function does.
#[derive(Clone, Debug)]
pub(in crate::scaffold) struct Building {
    /// Its segments, outer ones first.
    pub segments: Vec<Segment>,
    /// Paths of functions called outside of them: what the chains start from.
    pub bases: Vec<Vec<String>>,
}

/// Reads a function's text; `None` where it is no function that parses.
pub(in crate::scaffold) fn segments(text: &str) -> Option<Building> {
    let block = match syn::parse_str::<syn::ItemFn>(text) {
        Ok(func) => *func.block,
        Err(_) => syn::parse_str::<syn::ImplItemFn>(text).ok()?.block,
    };
    let mut finder = Finder { text, found: Vec::new(), inside: None };
    finder.visit_block(&block);
    finder.found.sort_by_key(|segment| (segment.range.start, std::cmp::Reverse(segment.range.end)));
    let mut calls = Calls::default();
    calls.visit_block(&block);
    let inside =
        |at: u32| finder.found.iter().any(|segment| segment.range.start <= at && at < segment.range.end);
    let bases =
        calls.paths.into_iter().zip(calls.at).filter(|(_, at)| !inside(*at)).map(|(path, _)| path).collect();
    proc_macro2::extra::invalidate_current_thread_spans();
    Some(Building { segments: finder.found, bases })
}

struct Finder<'t> {
    text: &'t str,
    found: Vec<Segment>,
    inside: Option<String>,
}

fn range(spanned: &impl Spanned) -> TextRange {
    let bytes = spanned.span().byte_range();
    TextRange::new(bytes.start as u32, bytes.end as u32)
}

/// The text of one link of a chain: with the white space before its dot and the comment behind it, without
/// the comment behind the link before.
pub(super) fn link_range(text: &str, receiver_end: usize, dot: usize, end: usize) -> TextRange {
    let between = &text[receiver_end..dot];
    let mut end = end;
    if between.contains('\n') {
        let rest = text[end..].split('\n').next().unwrap_or("");
        if rest.trim_start().starts_with("//") {
            end += rest.len();
        }
    }
    let commented = between.contains("//") || between.contains("/*");
    let start = match between.rfind('\n') {
        Some(newline) if commented && text[end..].starts_with('\n') => receiver_end + newline,
        _ if commented => dot,
        _ => receiver_end,
    };
    TextRange::new(start as u32, end as u32)
}

fn literal(expr: Option<&syn::Expr>) -> Option<String> {
    match expr {
        Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => Some(text.value()),
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let outer = self.inside.take();
        self.inside = match &local.pat {
            syn::Pat::Ident(pat) => Some(pat.ident.to_string()),
            syn::Pat::Type(typed) => match &*typed.pat {
                syn::Pat::Ident(pat) => Some(pat.ident.to_string()),
                _ => None,
            },
            _ => None,
        };
        visit::visit_local(self, local);
        self.inside = outer;
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        let kind = match (name.as_str(), call.args.len()) {
            ("route", 2) => {
                let mut verbs = Vec::new();
                read_verbs(&call.args[1], &mut verbs);
                Some(SegmentKind::Route(verbs))
            }
            ("nest", 2) | ("merge", 1) => Some(SegmentKind::Nest),
            _ => None,
        };
        if let Some(kind) = kind {
            let path = if name == "merge" { Some(String::new()) } else { literal(call.args.first()) };
            let target = call.args.last().expect("a router is given");
            let mut calls = Calls::default();
            calls.visit_expr(target);
            self.found.push(Segment {
                range: link_range(
                    self.text,
                    range(&call.receiver).end as usize,
                    range(&call.dot_token).start as usize,
                    range(call).end as usize,
                ),
                kind,
                path,
                calls: calls.paths,
                local: match target {
                    syn::Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
                    _ => None,
                },
                inside: self.inside.clone(),
            });
        }
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || visit::visit_expr_method_call(self, call));
    }
}

#[derive(Default)]
struct Calls {
    paths: Vec<Vec<String>>,
    at: Vec<u32>,
}

impl<'ast> Visit<'ast> for Calls {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            self.at.push(range(&path.path).start);
            self.paths.push(path.path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_expr_call(self, call);
    }
}

fn read_verbs(expr: &syn::Expr, out: &mut Vec<Verb>) {
    let names = |args: &syn::punctuated::Punctuated<syn::Expr, syn::Token![,]>| {
        let mut names = Names::default();
        for arg in args {
            names.visit_expr(arg);
        }
        names.idents
    };
    match expr {
        syn::Expr::MethodCall(call) => {
            read_verbs(&call.receiver, out);
            let method = call.method.to_string();
            if VERBS.contains(&method.as_str()) {
                let end = range(call).end;
                out.push(Verb {
                    method: method.to_uppercase(),
                    range: TextRange::new(range(&call.method).start, end),
                    with_dot: TextRange::new(range(&call.receiver).end, end),
                    first: false,
                    qualified: false,
                    names: names(&call.args),
                });
            }
        }
        syn::Expr::Call(call) => {
            if let syn::Expr::Path(path) = &*call.func
                && let Some(last) = path.path.segments.last()
                && VERBS.contains(&last.ident.to_string().as_str())
            {
                let whole = TextRange::new(range(&last.ident).start, range(call).end);
                out.push(Verb {
                    method: last.ident.to_string().to_uppercase(),
                    range: whole,
                    with_dot: whole,
                    first: true,
                    qualified: path.path.segments.len() > 1,
                    names: names(&call.args),
                });
            }
        }
        _ => {}
    }
}

#[derive(Default)]
struct Names {
    idents: Vec<String>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.idents.push(ident.to_string());
    }
}

/// What to replace so that of `verbs` only those stay for which `alive` has true (one at least).
pub(in crate::scaffold) fn cut_verbs(verbs: &[Verb], alive: &[bool]) -> Vec<(TextRange, String)> {
    let mut edits = Vec::new();
    let Some(stays) = alive.iter().position(|alive| *alive) else { return edits };
    for (idx, verb) in verbs.iter().enumerate() {
        if alive[idx] {
            continue;
        }
        if verb.first {
            // `get(a).post(b)` becomes `axum::routing::post(b)`: the method's name as a function.
            let prefix = if verb.qualified { "" } else { "axum::routing::" };
            edits.push((TextRange::new(verb.range.start, verbs[stays].range.start), prefix.to_owned()));
        } else if idx > stays {
            edits.push((verb.with_dot, String::new()));
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_and_verbs_are_found() {
        let text = r#"fn f() -> Router { Router::new().route("/a", get(x).post(y)).nest("/b", orders::router()).layer(z) }"#;
        let found = segments(text).unwrap().segments;
        let shown: Vec<_> = found.iter().map(|segment| &text[segment.range.as_range()]).collect();
        assert_eq!(shown, [r#".route("/a", get(x).post(y))"#, r#".nest("/b", orders::router())"#]);
        let SegmentKind::Route(verbs) = &found[0].kind else { panic!("a route") };
        assert_eq!(verbs.iter().map(|verb| verb.method.as_str()).collect::<Vec<_>>(), ["GET", "POST"]);
        let edits = cut_verbs(verbs, &[false, true]);
        assert_eq!(&text[edits[0].0.as_range()], "get(x).");
        assert_eq!(edits[0].1, "axum::routing::");
    }
}
