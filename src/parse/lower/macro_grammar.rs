//! What stands between a macro's delimiters, as far as it can be read without expanding it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Block, Expr, Ident, Lit, Pat, Result, Stmt, Token, Type, braced, bracketed, token};

/// The arguments of a macro call.
pub(super) enum Args {
    /// Expressions.
    List(Vec<Expr>),
    /// Statements.
    Stmts(Vec<Stmt>),
    /// `matches!(e, P if g)` and what follows the pattern.
    Matches(Box<Expr>, Box<Pat>, Vec<Expr>),
    /// `P = future, if condition => handler`, and handlers without a future.
    Select(Vec<Branch>),
    /// Blocks within something that is no Rust.
    Salvaged(Salvage),
}

/// What could be read of tokens that follow a grammar of their own.
#[derive(Default)]
pub(super) struct Salvage {
    /// Blocks in braces that are Rust.
    pub blocks: Vec<Vec<Stmt>>,
    /// What is left.
    pub rest: Vec<TokenTree>,
    /// Whether that is more than labels around the blocks.
    pub opaque: bool,
}

/// A branch of `select!`.
pub(super) struct Branch {
    /// What is bound of which future.
    pub arm: Option<(Pat, Expr)>,
    /// `, if condition`.
    pub condition: Option<Expr>,
    /// What follows `=>`.
    pub handler: Expr,
}

/// A `static` in `lazy_static!` or `thread_local!`.
pub(super) struct MacroStatic {
    pub attrs: Vec<syn::Attribute>,
    pub vis: syn::Visibility,
    pub keyword: Token![static],
    pub ident: Ident,
    pub ty: Type,
    pub expr: Expr,
    pub semi: Option<Token![;]>,
}

/// A branch of `cfg_if!` or `cfg_select!`: the predicate's tokens (none for `else`) and the content.
pub(super) struct CfgBranch<T> {
    pub predicate: Option<TokenStream>,
    pub content: Vec<T>,
}

/// Reads the arguments of the macro called `name`; `None` where no grammar fits.
pub(super) fn read(name: &str, mac: &syn::Macro) -> Option<Args> {
    if mac.tokens.is_empty() {
        return Some(Args::List(vec![]));
    }
    match name {
        // Code as data: nothing of it runs here. `uri!(show(id = 1))` is the address of a route.
        "uri" | "quote" | "quote_spanned" | "parse_quote" | "parse_quote_spanned" | "stringify" | "Token" => {
            return Some(Args::List(vec![]));
        }
        "json" | "doc" | "bson" | "rawdoc" | "rawbson" => {
            let braced = matches!(mac.delimiter, syn::MacroDelimiter::Brace(_)) || name.ends_with("doc");
            let parser = if braced { json_members } else { json_values };
            if let Ok(values) = mac.parse_body_with(parser) {
                return Some(Args::List(values));
            }
        }
        "matches" | "assert_matches" | "debug_assert_matches" => {
            if let Ok(args) = mac.parse_body_with(matches) {
                return Some(args);
            }
        }
        "select" | "select_biased" => {
            if let Ok(branches) = mac.parse_body_with(select) {
                return Some(Args::Select(branches));
            }
        }
        _ => {}
    }
    if let Ok(exprs) = mac.parse_body_with(list) {
        return Some(Args::List(exprs));
    }
    if let Ok(stmts) = mac.parse_body_with(Block::parse_within) {
        return Some(Args::Stmts(stmts));
    }
    let mut salvage = Salvage::default();
    salvage.read(mac.tokens.clone(), 0);
    (!salvage.blocks.is_empty()).then_some(Args::Salvaged(salvage))
}

impl Salvage {
    /// Groups are looked into to this depth: each level is parsed anew.
    const MAX_DEPTH: u32 = 12;

    fn read(&mut self, tokens: TokenStream, depth: u32) {
        for token in tokens {
            match token {
                TokenTree::Group(group)
                    if group.delimiter() == Delimiter::Brace && depth < Self::MAX_DEPTH =>
                {
                    match Parser::parse2(Block::parse_within, group.stream()) {
                        Ok(stmts) => self.blocks.push(stmts),
                        Err(_) => {
                            self.opaque = true;
                            self.read(group.stream(), depth + 1);
                        }
                    }
                }
                token => {
                    self.opaque |= match &token {
                        TokenTree::Group(_) => true,
                        TokenTree::Punct(punct) => {
                            !matches!(punct.as_char(), ',' | ':' | ';' | '=' | '>' | '|' | '@')
                        }
                        _ => false,
                    };
                    self.rest.push(token);
                }
            }
        }
    }
}

/// Expressions with what may stand around them: `name = e`, `"key": e`, `%e`, `?e`, `@e`,
/// `@word e`, `a => b`.
fn list(input: ParseStream) -> Result<Vec<Expr>> {
    let mut exprs = Vec::new();
    if input.peek(Ident) && input.peek2(Token![;]) && input.fork().parse::<Ident>()? == "biased" {
        input.parse::<Ident>()?;
    }
    while !input.is_empty() {
        if input.peek(Token![,]) || input.peek(Token![;]) {
            separator(input)?;
            continue;
        }
        entry(input, &mut exprs)?;
        if !input.is_empty() {
            separator(input)?;
        }
    }
    Ok(exprs)
}

fn at_separator(input: ParseStream) -> bool {
    input.is_empty() || input.peek(Token![,]) || input.peek(Token![;]) || input.peek(Token![=>])
}

fn separator(input: ParseStream) -> Result<()> {
    if input.peek(Token![,]) {
        input.parse::<Token![,]>().map(drop)
    } else if input.peek(Token![;]) {
        input.parse::<Token![;]>().map(drop)
    } else {
        input.parse::<Token![=>]>().map(drop)
    }
}

fn entry(input: ParseStream, exprs: &mut Vec<Expr>) -> Result<()> {
    skip_label(input)?;
    if input.peek(Token![%]) {
        input.parse::<Token![%]>()?;
    } else if input.peek(Token![?]) {
        input.parse::<Token![?]>()?;
    } else if input.peek(Token![@]) {
        input.parse::<Token![@]>()?;
        if input.peek(Ident) && !input.peek2(token::Paren) && !input.peek2(Token![::]) {
            input.parse::<Ident>()?;
        }
        if at_separator(input) {
            return Ok(());
        }
    }
    let ahead = input.fork();
    let error = match ahead.parse::<Expr>() {
        Ok(expr) if at_separator(&ahead) => {
            input.advance_to(&ahead);
            exprs.push(expr);
            return Ok(());
        }
        Ok(_) => ahead.error("expected a separator"),
        Err(error) => error,
    };
    if input.peek(token::Brace) {
        let content;
        braced!(content in input);
        exprs.extend(list(&content)?);
        return if at_separator(input) { Ok(()) } else { Err(error) };
    }
    if input.peek(token::Bracket) {
        let content;
        bracketed!(content in input);
        exprs.extend(list(&content)?);
        return if at_separator(input) { Ok(()) } else { Err(error) };
    }
    let ahead = input.fork();
    if ahead.parse::<Type>().is_ok() && at_separator(&ahead) {
        input.advance_to(&ahead);
        return Ok(());
    }
    Err(error)
}

/// Skips `name =`, `a.b =`, `"text" =`, `name:`, `"text":`.
fn skip_label(input: ParseStream) -> Result<()> {
    let has_label_sign = |input: ParseStream| {
        (input.peek(Token![=]) && !input.peek(Token![==]) && !input.peek(Token![=>]))
            || (input.peek(Token![:]) && !input.peek(Token![::]))
    };
    let ahead = input.fork();
    if ahead.peek(Lit) {
        ahead.parse::<Lit>()?;
    } else if ahead.peek(Ident::peek_any) {
        ahead.call(Ident::parse_any)?;
        while ahead.peek(Token![.]) && ahead.peek2(Ident::peek_any) {
            ahead.parse::<Token![.]>()?;
            ahead.call(Ident::parse_any)?;
        }
    } else {
        return Ok(());
    }
    if !has_label_sign(&ahead) {
        return Ok(());
    }
    if ahead.peek(Token![=]) {
        ahead.parse::<Token![=]>()?;
    } else {
        ahead.parse::<Token![:]>()?;
    }
    if !ahead.is_empty() {
        input.advance_to(&ahead);
    }
    Ok(())
}

/// The expressions of one or more JSON values.
fn json_values(input: ParseStream) -> Result<Vec<Expr>> {
    let mut exprs = Vec::new();
    while !input.is_empty() {
        json_value(input, &mut exprs)?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(exprs)
}

fn json_value(input: ParseStream, exprs: &mut Vec<Expr>) -> Result<()> {
    if input.peek(token::Brace) {
        let content;
        braced!(content in input);
        exprs.extend(json_members(&content)?);
    } else if input.peek(token::Bracket) {
        let content;
        bracketed!(content in input);
        exprs.extend(json_values(&content)?);
    } else {
        let expr: Expr = input.parse()?;
        if !matches!(&expr, Expr::Path(path) if path.path.is_ident("null")) {
            exprs.push(expr);
        }
    }
    Ok(())
}

fn json_members(input: ParseStream) -> Result<Vec<Expr>> {
    let mut exprs = Vec::new();
    while !input.is_empty() {
        let key: Expr = input.parse()?;
        if !matches!(key, Expr::Lit(_)) {
            exprs.push(key);
        }
        input.parse::<Token![:]>()?;
        json_value(input, &mut exprs)?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(exprs)
}

fn matches(input: ParseStream) -> Result<Args> {
    let expr: Expr = input.parse()?;
    input.parse::<Token![,]>()?;
    let mut pat = Pat::parse_multi_with_leading_vert(input)?;
    if input.peek(Token![if]) {
        let if_token = input.parse()?;
        let guard = Box::new(input.parse()?);
        pat = Pat::Guard(syn::PatGuard { attrs: vec![], pat: Box::new(pat), if_token, guard });
    }
    let mut rest = Vec::new();
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
        rest = list(input)?;
    }
    Ok(Args::Matches(Box::new(expr), Box::new(pat), rest))
}

fn select(input: ParseStream) -> Result<Vec<Branch>> {
    let mut branches = Vec::new();
    if input.peek(Ident) && input.peek2(Token![;]) {
        input.parse::<Ident>()?;
        input.parse::<Token![;]>()?;
    }
    while !input.is_empty() {
        let mut branch = Branch { arm: None, condition: None, handler: Expr::Verbatim(TokenStream::new()) };
        if input.peek(Token![else]) || (input.peek(Ident) && input.peek2(Token![=>])) {
            input.call(Ident::parse_any)?;
        } else {
            let pat = Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<Token![=]>()?;
            branch.arm = Some((pat, input.parse()?));
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                input.parse::<Token![if]>()?;
                branch.condition = Some(input.parse()?);
            }
        }
        input.parse::<Token![=>]>()?;
        branch.handler = Expr::parse_with_earlier_boundary_rule(input)?;
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        branches.push(branch);
    }
    Ok(branches)
}

/// The statics of `lazy_static!` and `thread_local!`.
pub(super) fn statics(input: ParseStream) -> Result<Vec<MacroStatic>> {
    let mut statics = Vec::new();
    while !input.is_empty() {
        let attrs = input.call(syn::Attribute::parse_outer)?;
        let vis = input.parse()?;
        let keyword = input.parse()?;
        input.parse::<Option<Token![ref]>>()?;
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        input.parse::<Token![=]>()?;
        let expr = input.parse()?;
        let semi: Option<Token![;]> = input.parse()?;
        if semi.is_none() && !input.is_empty() {
            return Err(input.error("expected `;`"));
        }
        statics.push(MacroStatic { attrs, vis, keyword, ident, ty, expr, semi });
    }
    Ok(statics)
}

/// The branches of `cfg_if!` or `cfg_select!`, their content read by `parser`.
pub(super) fn cfg_branches<T>(
    mac: &syn::Macro,
    parser: fn(ParseStream) -> Result<Vec<T>>,
) -> Result<Vec<CfgBranch<T>>> {
    let is_select = mac.path.segments.last().is_some_and(|last| last.ident == "cfg_select");
    let branches = |input: ParseStream| {
        let mut branches = Vec::new();
        while !input.is_empty() {
            let predicate = match is_select {
                true => select_predicate(input)?,
                false => if_predicate(input, branches.is_empty())?,
            };
            let content;
            braced!(content in input);
            branches.push(CfgBranch { predicate, content: parser(&content)? });
            if is_select && input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(branches)
    };
    Parser::parse2(branches, mac.tokens.clone())
}

/// `else if #[cfg(predicate)]`, or `else`.
fn if_predicate(input: ParseStream, is_first: bool) -> Result<Option<TokenStream>> {
    if !is_first {
        input.parse::<Token![else]>()?;
        if !input.peek(Token![if]) {
            return Ok(None);
        }
    }
    input.parse::<Token![if]>()?;
    let attr = input.call(syn::Attribute::parse_outer)?.into_iter().next();
    let attr = attr.ok_or_else(|| input.error("expected #[cfg]"))?;
    Ok(Some(attr.meta.require_list()?.tokens.clone()))
}

/// `predicate =>`, or `_ =>`.
fn select_predicate(input: ParseStream) -> Result<Option<TokenStream>> {
    let mut tokens = Vec::new();
    while !input.peek(Token![=>]) {
        tokens.push(input.parse::<TokenTree>()?);
    }
    input.parse::<Token![=>]>()?;
    let is_rest = matches!(tokens.as_slice(), [TokenTree::Ident(ident)] if ident == "_");
    Ok((!is_rest).then(|| tokens.into_iter().collect()))
}

/// Items until the end.
pub(super) fn items(input: ParseStream) -> Result<Vec<syn::Item>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(input.parse()?);
    }
    Ok(items)
}

/// A call of a macro is parenthesised or bracketed when it cannot hold statements.
pub(super) fn is_paren(group: &proc_macro2::Group) -> bool {
    group.delimiter() == Delimiter::Parenthesis
}
