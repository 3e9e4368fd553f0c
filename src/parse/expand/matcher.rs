//! Which rule fits the tokens of a call, and what its variables stand for.
//!
//! Repetitions take as much as they can; the language has no macro that would need another choice.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::Result;
use syn::parse::{ParseStream, Parser};

use super::rules::{Kind, Matcher, trees};

/// What a variable stands for: bytes of the call's text, or one thing per repetition.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Fragment { start: u32, end: u32, kind: Kind, n_tokens: u32 },
    Repeated(Vec<Bound>),
}

/// Variables by name.
pub(super) type Bindings = Vec<(Box<str>, Bound)>;

/// The bindings, where the whole of `tokens` fits.
pub(super) fn matches(matcher: &[Matcher], tokens: &[TokenTree]) -> Option<Bindings> {
    let mut found = Bindings::new();
    (sequence(matcher, tokens, &mut found)? == tokens.len()).then_some(found)
}

/// How many tokens fit.
fn sequence(matcher: &[Matcher], tokens: &[TokenTree], found: &mut Bindings) -> Option<usize> {
    let mut at = 0;
    for part in matcher {
        match part {
            Matcher::Token(want) => {
                if !is_token(tokens.get(at)?, want) {
                    return None;
                }
                at += 1;
            }
            Matcher::Group(delimiter, inner) => {
                let TokenTree::Group(group) = tokens.get(at)? else { return None };
                if group.delimiter() != *delimiter {
                    return None;
                }
                let content = trees(group.stream());
                if sequence(inner, &content, found)? != content.len() {
                    return None;
                }
                at += 1;
            }
            Matcher::Var(name, kind) => {
                let n = fragment(*kind, &tokens[at..])?;
                let start = tokens.get(at).map_or(0, |token| token.span().byte_range().start as u32);
                let end = match n {
                    0 => start,
                    n => tokens[at + n - 1].span().byte_range().end as u32,
                };
                let n_tokens = n as u32;
                found.push((name.clone(), Bound::Fragment { start, end, kind: *kind, n_tokens }));
                at += n;
            }
            Matcher::Repeat { inner, separator, op } => {
                at += repeat(inner, separator, *op, &tokens[at..], found)?;
            }
        }
    }
    Some(at)
}

fn repeat(
    inner: &[Matcher],
    separator: &[Box<str>],
    op: char,
    tokens: &[TokenTree],
    found: &mut Bindings,
) -> Option<usize> {
    let mut names = Vec::new();
    variables(inner, &mut names);
    let mut lists: Vec<Vec<Bound>> = vec![Vec::new(); names.len()];
    let mut at = 0;
    let mut n_times = 0;
    loop {
        let mut from = at;
        if n_times > 0 {
            let separated = separator
                .iter()
                .enumerate()
                .all(|(n, want)| tokens.get(at + n).is_some_and(|token| is_token(token, want)));
            if !separated {
                break;
            }
            from += separator.len();
        }
        if from >= tokens.len() {
            break;
        }
        let mut once = Bindings::new();
        let Some(n) = sequence(inner, &tokens[from..], &mut once) else { break };
        if n == 0 {
            break;
        }
        for (name, bound) in once {
            if let Some(list) = names.iter().position(|known| **known == *name) {
                lists[list].push(bound);
            }
        }
        at = from + n;
        n_times += 1;
        if op == '?' {
            break;
        }
    }
    if op == '+' && n_times == 0 {
        return None;
    }
    let bound = names.into_iter().zip(lists);
    found.extend(bound.map(|(name, list)| (name.into(), Bound::Repeated(list))));
    Some(at)
}

/// The variables in a matcher, also within repetitions.
fn variables<'m>(matcher: &'m [Matcher], names: &mut Vec<&'m str>) {
    for part in matcher {
        match part {
            Matcher::Token(_) => {}
            Matcher::Var(name, _) => names.push(name),
            Matcher::Group(_, inner) | Matcher::Repeat { inner, .. } => variables(inner, names),
        }
    }
}

fn is_token(token: &TokenTree, want: &str) -> bool {
    match token {
        TokenTree::Punct(punct) => want.chars().eq([punct.as_char()]),
        TokenTree::Ident(ident) => ident == want,
        TokenTree::Literal(literal) => literal.to_string() == want,
        TokenTree::Group(_) => false,
    }
}

/// How many tokens a variable of this kind takes.
fn fragment(kind: Kind, tokens: &[TokenTree]) -> Option<usize> {
    let sign = |at: usize| match tokens.get(at) {
        Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
        _ => None,
    };
    match kind {
        Kind::Ident => match tokens.first()? {
            TokenTree::Ident(ident) if ident != "_" => Some(1),
            _ => None,
        },
        Kind::Lifetime => {
            (sign(0) == Some('\'') && matches!(tokens.get(1), Some(TokenTree::Ident(_)))).then_some(2)
        }
        Kind::Literal => match tokens {
            [TokenTree::Literal(_), ..] => Some(1),
            [TokenTree::Punct(minus), TokenTree::Literal(_), ..] if minus.as_char() == '-' => Some(2),
            [TokenTree::Ident(ident), ..] if ident == "true" || ident == "false" => Some(1),
            _ => None,
        },
        Kind::Tree => {
            tokens.first()?;
            if sign(0) == Some('\'') {
                return Some(2.min(tokens.len()));
            }
            Some(operator(tokens))
        }
        Kind::Vis => Some(match tokens {
            [TokenTree::Ident(ident), TokenTree::Group(group), ..]
                if ident == "pub" && is_restriction(group) =>
            {
                2
            }
            [TokenTree::Ident(ident), ..] if ident == "pub" => 1,
            _ => 0,
        }),
        Kind::Block => match tokens.first()? {
            TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace => Some(1),
            _ => None,
        },
        Kind::Expr => prefix(tokens, |input| input.parse::<syn::Expr>().map(drop)),
        Kind::Ty => prefix(tokens, |input| input.parse::<syn::Type>().map(drop)),
        Kind::Path => prefix(tokens, |input| input.parse::<syn::TypePath>().map(drop)),
        Kind::Pat => prefix(tokens, |input| syn::Pat::parse_multi_with_leading_vert(input).map(drop)),
        Kind::Item => prefix(tokens, |input| input.parse::<syn::Item>().map(drop)),
        Kind::Meta => prefix(tokens, |input| input.parse::<syn::Meta>().map(drop)),
        Kind::Stmt => match tokens.first()? {
            TokenTree::Ident(ident) if ident == "let" => {
                Some((0..tokens.len()).position(|at| sign(at) == Some(';')).unwrap_or(tokens.len()))
            }
            _ => prefix(tokens, |input| input.parse::<syn::Expr>().map(drop)),
        },
    }
}

/// `(crate)`, `(super)`, `(in path)` behind `pub`.
fn is_restriction(group: &proc_macro2::Group) -> bool {
    group.delimiter() == proc_macro2::Delimiter::Parenthesis
        && matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(first))
            if ["crate", "super", "self", "in"].iter().any(|word| first == word))
}

/// The signs of one operator: a `tt` is the longest that they make.
fn operator(tokens: &[TokenTree]) -> usize {
    const OPERATORS: [&str; 24] = [
        "..=", "...", "<<=", ">>=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=",
        "/=", "%=", "^=", "&=", "|=", "<<", ">>", "..",
    ];
    let mut text = String::new();
    for token in tokens.iter().take(3) {
        let TokenTree::Punct(punct) = token else { break };
        text.push(punct.as_char());
        if punct.spacing() == Spacing::Alone {
            break;
        }
    }
    let longest =
        OPERATORS.iter().filter(|operator| text.starts_with(**operator)).map(|found| found.len()).max();
    longest.unwrap_or(1)
}

/// How many of the first tokens `parser` reads. A window that grows keeps long lists linear.
fn prefix(tokens: &[TokenTree], parser: fn(ParseStream) -> Result<()>) -> Option<usize> {
    if tokens.is_empty() {
        return None;
    }
    let mut window = 16;
    loop {
        let taken = &tokens[..window.min(tokens.len())];
        let stream: TokenStream = taken.iter().cloned().collect();
        let read = Parser::parse2(
            |input: ParseStream| {
                parser(input)?;
                let mut left = 0;
                while !input.is_empty() {
                    input.parse::<TokenTree>()?;
                    left += 1;
                }
                Ok(left)
            },
            stream,
        );
        match read {
            Ok(left) if left > 0 || taken.len() == tokens.len() => {
                return Some(taken.len() - left).filter(|&n| n > 0);
            }
            Err(_) if taken.len() == tokens.len() => return None,
            // What was read reaches the end of the window, or breaks off there.
            _ => window *= 4,
        }
    }
}
