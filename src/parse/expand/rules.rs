//! The rules of a `macro_rules!`, read once and kept for every thread.

use std::str::FromStr as _;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The rules of one macro.
#[derive(Debug)]
pub(super) struct Rules(pub(super) Vec<Rule>);

/// `(matcher) => { transcriber }`.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) matcher: Vec<Matcher>,
    pub(super) parts: Vec<Part>,
}

/// A part of a matcher.
#[derive(Debug)]
pub(super) enum Matcher {
    /// A word, literal or sign.
    Token(Box<str>),
    /// Something in delimiters.
    Group(Delimiter, Vec<Matcher>),
    /// `$name:kind`.
    Var(Box<str>, Kind),
    /// `$( … ) separator op`.
    Repeat { inner: Vec<Matcher>, separator: Vec<Box<str>>, op: char },
}

/// A part of a transcriber.
#[derive(Debug)]
pub(super) enum Part {
    /// Text that is copied.
    Text(Box<str>),
    /// `$name`; whether `::` follows.
    Var(Box<str>, bool),
    /// `$crate`.
    Crate,
    /// `$( … ) separator op`.
    Repeat { inner: Vec<Part>, separator: Box<str> },
}

/// What a variable stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ident,
    Lifetime,
    Literal,
    Tree,
    Vis,
    Block,
    Expr,
    Ty,
    Path,
    Pat,
    Stmt,
    Item,
    Meta,
}

impl Kind {
    fn new(name: &str) -> Option<Self> {
        Some(match name {
            "ident" => Self::Ident,
            "lifetime" => Self::Lifetime,
            "literal" => Self::Literal,
            "tt" => Self::Tree,
            "vis" => Self::Vis,
            "block" => Self::Block,
            "expr" | "expr_2021" => Self::Expr,
            "ty" => Self::Ty,
            "path" => Self::Path,
            "pat" | "pat_param" => Self::Pat,
            "stmt" => Self::Stmt,
            "item" => Self::Item,
            "meta" => Self::Meta,
            _ => return None,
        })
    }
}

impl Rules {
    /// Reads what stands between the delimiters of a `macro_rules!`; none where it cannot be followed.
    pub(super) fn read(text: &str) -> Option<Self> {
        let tokens: Vec<TokenTree> = TokenStream::from_str(text).ok()?.into_iter().collect();
        let mut rules = Vec::new();
        let mut rest = tokens.as_slice();
        while let [TokenTree::Group(matcher), more @ ..] = rest {
            let [TokenTree::Punct(equals), TokenTree::Punct(arrow), TokenTree::Group(body), more @ ..] = more
            else {
                return None;
            };
            if equals.as_char() != '=' || arrow.as_char() != '>' {
                return None;
            }
            let matcher = read_matcher(matcher.stream())?;
            let open = body.span_open().byte_range().end;
            let close = body.span_close().byte_range().start;
            let parts = read_parts(text, &trees(body.stream()), open, close)?;
            rules.push(Rule { matcher, parts });
            rest = more;
            while let [TokenTree::Punct(semi), more @ ..] = rest
                && semi.as_char() == ';'
            {
                rest = more;
            }
        }
        rest.is_empty().then_some(Self(rules))
    }
}

/// The trees of a stream.
pub(super) fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn read_matcher(stream: TokenStream) -> Option<Vec<Matcher>> {
    let tokens = trees(stream);
    let mut found = Vec::new();
    let mut rest = tokens.as_slice();
    while let [first, more @ ..] = rest {
        rest = more;
        if is_punct(first, '$') {
            match more {
                [TokenTree::Ident(name), colon, TokenTree::Ident(kind), more @ ..]
                    if is_punct(colon, ':') =>
                {
                    found
                        .push(Matcher::Var(name.to_string().into_boxed_str(), Kind::new(&kind.to_string())?));
                    rest = more;
                }
                [TokenTree::Group(group), more @ ..] if group.delimiter() == Delimiter::Parenthesis => {
                    let (separator, op, n) = read_repeat(more)?;
                    let separator =
                        separator.iter().map(|token| token.to_string().into_boxed_str()).collect();
                    found.push(Matcher::Repeat { inner: read_matcher(group.stream())?, separator, op });
                    rest = &more[n..];
                }
                _ => return None,
            }
            continue;
        }
        found.push(match first {
            TokenTree::Group(group) => Matcher::Group(group.delimiter(), read_matcher(group.stream())?),
            token => Matcher::Token(token.to_string().into_boxed_str()),
        });
    }
    Some(found)
}

/// Separator and operator behind `$( … )`, and how many tokens they are.
fn read_repeat(tokens: &[TokenTree]) -> Option<(&[TokenTree], char, usize)> {
    let op = |token: &TokenTree| match token {
        TokenTree::Punct(punct) if matches!(punct.as_char(), '*' | '+' | '?') => Some(punct.as_char()),
        _ => None,
    };
    if let Some(found) = op(tokens.first()?) {
        return Some((&[], found, 1));
    }
    let mut n = 1;
    // A separator of several signs: `=>`.
    while let Some(TokenTree::Punct(punct)) = tokens.get(n - 1)
        && punct.spacing() == Spacing::Joint
        && op(tokens.get(n)?).is_none()
    {
        n += 1;
    }
    Some((&tokens[..n], op(tokens.get(n)?)?, n + 1))
}

/// The transcriber between `from` and `to` of the text.
fn read_parts(text: &str, tokens: &[TokenTree], from: usize, to: usize) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut done = from;
    gather(text, tokens, &mut done, &mut parts)?;
    push_text(&mut parts, text.get(done..to)?);
    Some(parts)
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Text(text.into()));
    }
}

/// Everything up to the last variable or repetition among `tokens`; `done` is where text is copied from.
fn gather(text: &str, tokens: &[TokenTree], done: &mut usize, parts: &mut Vec<Part>) -> Option<()> {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if let TokenTree::Group(group) = token {
            gather(text, &trees(group.stream()), done, parts)?;
            continue;
        }
        if !is_punct(token, '$') {
            continue;
        }
        let start = token.span().byte_range().start;
        match tokens.get(at) {
            Some(TokenTree::Ident(name)) => {
                push_text(parts, text.get(*done..start)?);
                *done = name.span().byte_range().end;
                at += 1;
                let colons = tokens.get(at).is_some_and(|token| is_punct(token, ':'))
                    && tokens.get(at + 1).is_some_and(|token| is_punct(token, ':'));
                parts.push(match *name == "crate" {
                    true => Part::Crate,
                    false => Part::Var(name.to_string().into_boxed_str(), colons),
                });
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                push_text(parts, text.get(*done..start)?);
                let (separator, _, n) = read_repeat(&tokens[at + 1..])?;
                let separator: String = separator.iter().map(ToString::to_string).collect();
                let open = group.span_open().byte_range().end;
                let close = group.span_close().byte_range().start;
                let inner = read_parts(text, &trees(group.stream()), open, close)?;
                parts.push(Part::Repeat { inner, separator: separator.into() });
                at += 1 + n;
                *done = tokens[at - 1].span().byte_range().end;
            }
            // `${…}` and other forms that are not stable.
            _ => return None,
        }
    }
    Some(())
}
