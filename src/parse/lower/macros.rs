//! Macro calls.

use proc_macro2::{TokenStream, TokenTree};

use super::attrs::join;
use super::items::head;
use super::macro_grammar::{self as grammar, Args, Branch, MacroStatic};
use super::{Lower, each};
use crate::base::arena::Arena;
use crate::base::{Name, TextRange};
use crate::parse::tree::body::{Arm, BlockKind, Expr, ExprId, Literal, MacroCall};
use crate::parse::tree::items::{Cfg, ItemIdx};
use crate::parse::tree::types::{GenericArgs, Path, PathStart, Segment, Segments, TypeRef};

/// Calls within calls are read to this depth: each level is parsed anew.
const MAX_DEPTH: u32 = 48;
/// Mentions kept of one call.
const MAX_MENTIONS: usize = 1000;

impl Lower<'_> {
    /// Lowers a macro call among expressions.
    pub(super) fn macro_call(&mut self, mac: &syn::Macro) -> ExprId {
        let delimiter = mac.delimiter.span();
        let first = match (mac.path.leading_colon, each(&mac.path.segments).next()) {
            (Some(colon), _) => colon.spans[0],
            (None, Some(first)) => first.ident.span(),
            (None, None) => mac.bang_token.span,
        };
        let range = TextRange::new(self.start(first), self.end(delimiter.close()));
        let tokens = TextRange::new(self.end(delimiter.open()), self.start(delimiter.close()));
        let path = self.path(&mac.path);
        let mut read = None;
        if self.macro_depth < MAX_DEPTH {
            self.macro_depth += 1;
            read = super::exprs::deep(|| self.macro_args(mac, &path, tokens));
            self.macro_depth -= 1;
        }
        let (args, opaque) = read.unwrap_or_else(|| (Box::default(), Some(mac.tokens.clone())));
        let complete = opaque.is_none();
        let mentions = opaque.map_or_else(Box::default, |opaque| self.mentions(opaque));
        self.add(
            Expr::Macro(Box::new(MacroCall {
                path,
                args,
                tokens,
                complete,
                mentions,
                expanded: false,
                binds: false,
            })),
            range,
        )
    }

    /// The arguments that can be read, and the tokens that cannot; `None` where it is all of them.
    fn macro_args(
        &mut self,
        mac: &syn::Macro,
        path: &Path,
        tokens: TextRange,
    ) -> Option<(Box<[ExprId]>, Option<TokenStream>)> {
        let name = path.last().map_or("", Name::as_str);
        if name == "cfg_if" || name == "cfg_select" {
            let branches = grammar::cfg_branches(mac, syn::Block::parse_within).ok()?;
            let features = self.features;
            let holds = |lower: &mut Self, predicate: &Option<TokenStream>| match predicate {
                Some(predicate) => {
                    lower.predicate(predicate.clone()).is_some_and(|cfg| cfg.holds(features, false))
                }
                None => true,
            };
            let branch = branches.into_iter().find(|branch| holds(self, &branch.predicate));
            let block = branch.map(|branch| self.statements(BlockKind::Plain, &branch.content, tokens));
            return Some((block.into_iter().collect(), None));
        }
        let arena = Arena::open();
        let read = grammar::read(name, mac);
        arena.pause();
        let args = match read? {
            Args::List(exprs) => self.exprs(&exprs),
            Args::Stmts(stmts) => Box::new([self.statements(BlockKind::Plain, &stmts, tokens)]),
            Args::Matches(expr, pat, rest) => {
                let scrutinee = self.expr(&expr);
                let (pat, guard) = self.pat_with_guard(&pat);
                let body = self.add(Expr::Literal(Literal::Bool(true)), tokens);
                let arms = Box::new([Arm { pat, guard, body }]);
                let matched = self.add(Expr::Match { scrutinee, arms }, tokens);
                let rest = self.exprs(&rest);
                std::iter::once(matched).chain(rest).collect()
            }
            Args::Select(branches) => branches.iter().map(|branch| self.branch(branch, tokens)).collect(),
            Args::Salvaged(salvage) => {
                let blocks =
                    salvage.blocks.iter().map(|stmts| self.statements(BlockKind::Plain, stmts, tokens));
                let args = blocks.collect();
                return Some((args, salvage.opaque.then(|| salvage.rest.into_iter().collect())));
            }
        };
        Some((args, None))
    }

    /// A branch of `select!` means `match future.await { pattern => handler }`.
    fn branch(&mut self, branch: &Branch, tokens: TextRange) -> ExprId {
        let Some((pat, future)) = &branch.arm else { return self.expr(&branch.handler) };
        let condition = branch.condition.as_ref().map(|condition| self.expr(condition));
        let future = self.expr(future);
        let range = self.at(future);
        let scrutinee = self.add(Expr::Await(future), range);
        let pat = self.pat(pat);
        let body = self.expr(&branch.handler);
        let arms = Box::new([Arm { pat, guard: None, body }]);
        let matched = self.add(Expr::Match { scrutinee, arms }, tokens);
        match condition {
            Some(cond) => self.add(Expr::If { cond, then: matched, else_: None }, tokens),
            None => matched,
        }
    }

    /// Lowers the items of `lazy_static!`, `thread_local!`, `cfg_if!` and `cfg_select!`; false where it is another
    /// macro.
    pub(super) fn known_item_macro(
        &mut self,
        mac: &syn::Macro,
        attrs: &[syn::Attribute],
        out: &mut Vec<ItemIdx>,
    ) -> bool {
        let Some(last) = each(&mac.path.segments).next_back() else { return false };
        if last.ident == "lazy_static" || last.ident == "thread_local" {
            let Ok(statics) = mac.parse_body_with(grammar::statics) else { return false };
            let local = last.ident == "thread_local";
            for found in &statics {
                let idx = self.macro_static(found, local);
                out.push(idx);
            }
            return true;
        }
        if (last.ident != "cfg_if" && last.ident != "cfg_select") || self.macro_depth >= MAX_DEPTH {
            return false;
        }
        let Ok(branches) = grammar::cfg_branches(mac, grammar::items) else { return false };
        self.macro_depth += 1;
        let around = self.attrs(attrs).cfg;
        let mut before: Vec<Cfg> = around.into_iter().map(|cfg| *cfg).collect();
        for branch in branches {
            let cfg = branch.predicate.and_then(|predicate| self.predicate(predicate));
            let mut items = Vec::new();
            for item in &branch.content {
                self.item(item, &mut items);
            }
            for &idx in &items {
                for predicate in before.iter().chain(&cfg) {
                    join(&mut self.tree.items[idx].attrs.cfg, predicate.clone());
                }
            }
            before.extend(cfg.map(|cfg| Cfg::Not(Box::new(cfg))));
            out.append(&mut items);
        }
        self.macro_depth -= 1;
        true
    }

    fn macro_static(&mut self, found: &MacroStatic, local: bool) -> ItemIdx {
        let last = found.semi.map_or_else(|| syn::spanned::Spanned::span(&found.expr), |semi| semi.spans[0]);
        let head = head(&found.attrs, Some(&found.vis), found.keyword.span, last);
        let idx = self.value(&head, &found.ident, true, false, &found.ty, Some(&found.expr));
        if local && let crate::parse::tree::items::ItemKind::Value { ty, .. } = &mut self.tree.items[idx].kind
        {
            let types = vec![std::mem::replace(ty, TypeRef::Infer)];
            let args = Some(Box::new(GenericArgs { types, bindings: vec![] }));
            let plain = |name: &str| Segment { name: Name::new(name), args: None };
            let segments = [plain("std"), plain("thread"), Segment { name: Name::new("LocalKey"), args }];
            let segments = Segments::from_iter(segments);
            *ty = TypeRef::Path(Path { start: PathStart::Global, segments });
        }
        idx
    }

    /// The paths in tokens that stand directly before `(` or go on with `::`.
    fn mentions(&mut self, tokens: TokenStream) -> Box<[Path]> {
        let mut found = Vec::new();
        let mut open = vec![tokens];
        let mut idents: Vec<proc_macro2::Ident> = Vec::new();
        while let Some(stream) = open.pop() {
            let mut inner = Vec::new();
            let mut scan = Scan::default();
            for token in stream {
                let ends = match &token {
                    TokenTree::Ident(ident) if scan.joins() => {
                        scan.colons = 0;
                        idents.push(ident.clone());
                        false
                    }
                    TokenTree::Punct(punct) if punct.as_char() == ':' && !idents.is_empty() => {
                        scan.colons += 1;
                        scan.colons > 2
                    }
                    _ => true,
                };
                if ends {
                    let called = matches!(&token, TokenTree::Group(group) if grammar::is_paren(group));
                    let is_macro = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '!');
                    let wanted = (called && scan.colons == 0) || idents.len() > 1 || scan.colons == 2;
                    if wanted && !is_macro && !scan.excluded && !idents.is_empty() {
                        self.mention(&idents, &mut found);
                    }
                    idents.clear();
                    scan.colons = 0;
                    scan.excluded = scan.after_dot;
                    if let TokenTree::Ident(ident) = &token {
                        scan.begin(ident, &mut idents);
                    }
                }
                scan.after_dot =
                    matches!(&token, TokenTree::Punct(punct) if matches!(punct.as_char(), '.' | '\''));
                if let TokenTree::Group(group) = token {
                    inner.push(group.stream());
                }
            }
            if idents.len() > 1 && !scan.excluded {
                self.mention(&idents, &mut found);
            }
            idents.clear();
            open.extend(inner.into_iter().rev());
            if found.len() > MAX_MENTIONS {
                break;
            }
        }
        found.into()
    }

    fn mention(&mut self, idents: &[proc_macro2::Ident], found: &mut Vec<Path>) {
        let (start, n) = self.start_of(idents.iter());
        let segments = idents[n..].iter().map(|ident| Segment { name: self.name(ident), args: None });
        let path = Path { start, segments: segments.collect() };
        if !path.segments.is_empty() && !found.contains(&path) {
            found.push(path);
        }
    }
}

/// Where a scan for paths stands.
#[derive(Default)]
struct Scan {
    /// Colons after the last identifier.
    colons: u32,
    /// The last token was a dot or the quote of a lifetime.
    after_dot: bool,
    /// What is being read is a field, method or lifetime, no path.
    excluded: bool,
}

impl Scan {
    fn joins(&self) -> bool {
        self.colons == 2
    }
    fn begin(&mut self, ident: &proc_macro2::Ident, idents: &mut Vec<proc_macro2::Ident>) {
        const KEYWORDS: [&str; 20] = [
            "as", "async", "await", "break", "const", "else", "enum", "fn", "for", "if", "impl", "in", "let",
            "loop", "match", "move", "mut", "ref", "return", "while",
        ];
        if !KEYWORDS.iter().any(|keyword| ident == keyword) {
            idents.push(ident.clone());
        }
    }
}
