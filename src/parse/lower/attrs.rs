//! Attributes and configuration predicates.

use proc_macro2::{TokenStream, TokenTree};
use syn::{AttrStyle, Attribute, Meta};

use super::Lower;
use crate::base::{Name, TextRange};
use crate::parse::tree::items::{Attr, Attrs, Cfg};
use crate::parse::tree::types::{Path, PathStart, Segment, Segments};

/// Predicates below this depth are left out.
const MAX_DEPTH: u32 = 64;

impl Lower<'_> {
    pub(super) fn attrs(&mut self, attrs: &[Attribute]) -> Attrs {
        let mut out = Attrs::default();
        for attr in attrs.iter().filter(|attr| !attr.path().is_ident("doc")) {
            let range = TextRange::new(
                self.start(attr.pound_token.spans[0]),
                self.end(attr.bracket_token.span.close()),
            );
            self.attr(attr, range, &mut out);
        }
        out.list.shrink_to_fit();
        out
    }

    fn attr(&mut self, attr: &Attribute, range: TextRange, out: &mut Attrs) {
        let args: Box<str> = match &attr.meta {
            Meta::Path(_) => "".into(),
            Meta::List(list) if list.path.is_ident("cfg") => {
                let mut tokens = list.tokens.clone().into_iter().peekable();
                if let Some(cfg) = self.cfg(&mut tokens, 0) {
                    join(&mut out.cfg, cfg);
                }
                return;
            }
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                return self.cfg_attr(list.tokens.clone(), range, out, 0);
            }
            Meta::List(list) => {
                let span = list.delimiter.span();
                self.text_between(span.open(), span.close()).trim().into()
            }
            Meta::NameValue(pair) => match &pair.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => text.value().into(),
                _ => self.text_between(pair.eq_token.span, attr.bracket_token.span.close()).trim().into(),
            },
        };
        let path = self.path(attr.path());
        out.list.push(Attr { path, args, range });
    }

    /// Reads one predicate and a comma after it.
    fn cfg(
        &mut self,
        tokens: &mut std::iter::Peekable<proc_macro2::token_stream::IntoIter>,
        depth: u32,
    ) -> Option<Cfg> {
        let Some(TokenTree::Ident(ident)) = tokens.next() else { return None };
        let name = self.name(&ident);
        let cfg = match tokens.peek() {
            Some(TokenTree::Group(group)) if depth < MAX_DEPTH => {
                let mut inner = group.stream().into_iter().peekable();
                tokens.next();
                let mut parts = Vec::new();
                while inner.peek().is_some() {
                    parts.push(self.cfg(&mut inner, depth + 1)?);
                }
                match name.as_str() {
                    "all" => Cfg::All(parts),
                    "any" => Cfg::Any(parts),
                    "not" => Cfg::Not(Box::new(parts.into_iter().next()?)),
                    _ => Cfg::Flag(name),
                }
            }
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                tokens.next();
                let Some(TokenTree::Literal(literal)) = tokens.next() else { return None };
                Cfg::Value(name, string(&literal)?.into())
            }
            _ => Cfg::Flag(name),
        };
        if matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',') {
            tokens.next();
        }
        Some(cfg)
    }

    /// `cfg_attr(condition, attribute, …)`: the attributes, where the condition holds.
    fn cfg_attr(&mut self, tokens: TokenStream, range: TextRange, out: &mut Attrs, depth: u32) {
        let mut tokens = tokens.into_iter().peekable();
        let Some(cfg) = self.cfg(&mut tokens, 0) else { return };
        if depth > MAX_DEPTH || !cfg.holds(self.features, false) {
            return;
        }
        while tokens.peek().is_some() {
            let mut segments = Segments::new();
            let mut args: Box<str> = "".into();
            while let Some(token) = tokens.next() {
                match token {
                    TokenTree::Ident(ident) => segments.push(Segment { name: self.name(&ident), args: None }),
                    TokenTree::Punct(punct) if punct.as_char() == ',' => break,
                    TokenTree::Punct(punct) if punct.as_char() == '=' => {
                        if let Some(TokenTree::Literal(literal)) = tokens.peek() {
                            args = string(literal).unwrap_or_else(|| literal.to_string()).into();
                        }
                    }
                    TokenTree::Group(group) => match segments.last() {
                        Some(Segment { name, .. }) if *name == "cfg_attr" => {
                            self.cfg_attr(group.stream(), range, out, depth + 1);
                            segments.clear();
                        }
                        Some(Segment { name, .. }) if *name == "cfg" && segments.len() == 1 => {
                            let mut inner = group.stream().into_iter().peekable();
                            if let Some(cfg) = self.cfg(&mut inner, 0) {
                                join(&mut out.cfg, cfg);
                            }
                            segments.clear();
                        }
                        _ => args = self.text_between(group.span_open(), group.span_close()).trim().into(),
                    },
                    _ => {}
                }
            }
            if !segments.is_empty() && segments[0].name != "doc" {
                let path = Path { start: PathStart::Plain, segments };
                out.list.push(Attr { path, args, range });
            }
        }
    }

    /// Whether something with these attributes is there in a build that is no test.
    pub(super) fn is_there(&mut self, attrs: &[Attribute]) -> bool {
        if !attrs.iter().any(|attr| attr.path().is_ident("cfg")) {
            return true;
        }
        let features = self.features;
        self.attrs(attrs).cfg.is_none_or(|cfg| cfg.holds(features, false))
    }

    /// The predicate of `#[cfg(…)]`, its tokens given.
    pub(super) fn predicate(&mut self, tokens: TokenStream) -> Option<Cfg> {
        self.cfg(&mut tokens.into_iter().peekable(), 0)
    }

    /// The paths of all `#[derive(…)]`.
    pub(super) fn derives(&mut self, attrs: &Attrs) -> Vec<Path> {
        let lists = attrs.list.iter().filter(|attr| attr.path.as_name().is_some_and(|name| name == "derive"));
        let mut derives = Vec::new();
        for piece in lists.flat_map(|attr| attr.args.split(',')) {
            // A comment within the list hides what stands on its line.
            let piece = piece.lines().map(|line| line.split("//").next().unwrap_or("").trim());
            let piece = piece.collect::<String>();
            let (start, piece) = match piece.strip_prefix("::") {
                Some(rest) => (PathStart::Global, rest),
                None => match piece.strip_prefix("crate::") {
                    Some(rest) => (PathStart::Crate, rest),
                    None => (PathStart::Plain, piece.as_str()),
                },
            };
            let names = piece.split("::").map(str::trim).filter(|name| !name.is_empty());
            let segments: Segments =
                names.map(|name| Segment { name: Name::new(name), args: None }).collect();
            if !segments.is_empty() {
                derives.push(Path { start, segments });
            }
        }
        derives
    }

    /// Start of an item: its first outer attribute or doc comment, else `otherwise`.
    pub(super) fn item_start(&mut self, attrs: &[Attribute], otherwise: u32) -> u32 {
        let outer = attrs.iter().find(|attr| matches!(attr.style, AttrStyle::Outer));
        let start = outer.map_or(otherwise, |attr| self.start(attr.pound_token.spans[0]));
        let docs = self.survey.and_then(|survey| survey.docs_of(start as usize));
        docs.map_or(start, |docs| docs as u32)
    }
}

/// Joins a further predicate.
pub(in crate::parse) fn join(all: &mut Option<Box<Cfg>>, further: Cfg) {
    *all = Some(Box::new(match all.take().map(|first| *first) {
        None => further,
        Some(Cfg::All(mut parts)) => {
            parts.push(further);
            Cfg::All(parts)
        }
        Some(first) => Cfg::All(vec![first, further]),
    }));
}

/// The text of a string literal.
fn string(literal: &proc_macro2::Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}
