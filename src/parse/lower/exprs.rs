//! Expressions and statements.

use syn::{BinOp, Expr as Syn, Lit, Stmt as SynStmt, UnOp};

use super::written::{asked_elsewhere, is_added};
use super::{Lower, each};
use crate::base::{Name, TextRange};
use crate::parse::tree::body::{Arm, BlockKind, Expr, ExprId, JumpKind, Literal, LoopKind, Stmt, UnaryOp};
use crate::parse::tree::items::ItemIdx;

/// Runs a step of the recursion with enough stack.
pub(super) fn deep<T>(step: impl FnOnce() -> T) -> T {
    const RED_ZONE: usize = 128 * 1024;
    stacker::maybe_grow(RED_ZONE, 4 * 1024 * 1024, step)
}

impl Lower<'_> {
    pub(super) fn add(&mut self, expr: Expr, range: TextRange) -> ExprId {
        self.body.ranges.push(range);
        self.body.exprs.push(expr)
    }

    /// Where a lowered expression stands.
    pub(super) fn at(&self, expr: ExprId) -> TextRange {
        self.body.ranges[expr]
    }

    pub(super) fn expr(&mut self, expr: &Syn) -> ExprId {
        deep(|| self.shallow(expr))
    }

    fn boxed(&mut self, expr: &Option<Box<Syn>>) -> Option<ExprId> {
        expr.as_ref().map(|expr| self.expr(expr))
    }

    pub(super) fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Syn>) -> Box<[ExprId]> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }

    fn shallow(&mut self, expr: &Syn) -> ExprId {
        match expr {
            Syn::Path(expr) => {
                let path = self.qualified(expr.qself.as_ref(), &expr.path);
                let range = match (path.as_name(), expr.path.get_ident()) {
                    (Some(name), Some(ident)) => self.ident_range(ident, name),
                    _ => self.path_range(expr.qself.as_ref(), &expr.path),
                };
                self.add(Expr::Path(path), range)
            }
            Syn::Lit(expr) => {
                let literal = self.literal(&expr.lit);
                let range = self.range(expr.lit.span());
                self.add(Expr::Literal(literal), range)
            }
            Syn::Call(call) => {
                let callee = self.expr(&call.func);
                let args = self.exprs(each(&call.args));
                let range = TextRange::new(self.at(callee).start, self.end(call.paren_token.span.close()));
                self.add(Expr::Call { callee, args }, range)
            }
            Syn::MethodCall(call) => self.method_call(call),
            Syn::Field(expr) => {
                let base = self.expr(&expr.base);
                let name = self.member(&expr.member);
                let last = match &expr.member {
                    syn::Member::Named(ident) => ident.span(),
                    syn::Member::Unnamed(index) => index.span,
                };
                let range = TextRange::new(self.at(base).start, self.end(last));
                self.add(Expr::Field { base, name }, range)
            }
            Syn::Index(expr) => {
                let base = self.expr(&expr.expr);
                let index = self.expr(&expr.index);
                let range = TextRange::new(self.at(base).start, self.end(expr.bracket_token.span.close()));
                self.add(Expr::Index { base, index }, range)
            }
            Syn::Await(expr) => {
                if let Some(own) = asked_elsewhere(&expr.base) {
                    return self.plain_block(own);
                }
                let base = self.expr(&expr.base);
                let range = TextRange::new(self.at(base).start, self.end(expr.await_token.span));
                self.add(Expr::Await(base), range)
            }
            Syn::Try(expr) => {
                let inner = self.expr(&expr.expr);
                let range = TextRange::new(self.at(inner).start, self.end(expr.question_token.spans[0]));
                self.add(Expr::Try(inner), range)
            }
            Syn::Reference(expr) => {
                let inner = self.expr(&expr.expr);
                let range = TextRange::new(self.start(expr.and_token.spans[0]), self.at(inner).end);
                self.add(Expr::Ref { mutable: expr.mutability.is_some(), expr: inner }, range)
            }
            Syn::RawAddr(expr) => {
                let inner = self.expr(&expr.expr);
                let mutable = matches!(expr.mutability, syn::PointerMutability::Mut(_));
                let range = TextRange::new(self.start(expr.and_token.spans[0]), self.at(inner).end);
                self.add(Expr::Ref { mutable, expr: inner }, range)
            }
            Syn::Unary(expr) => {
                let inner = self.expr(&expr.expr);
                let (op, span) = match &expr.op {
                    UnOp::Deref(token) => (UnaryOp::Deref, token.spans[0]),
                    UnOp::Neg(token) => (UnaryOp::Neg, token.spans[0]),
                    UnOp::Not(token) => (UnaryOp::Not, token.spans[0]),
                    _ => return inner,
                };
                let range = TextRange::new(self.start(span), self.at(inner).end);
                self.add(Expr::Unary { op, expr: inner }, range)
            }
            Syn::Binary(expr) => {
                let left = self.expr(&expr.left);
                let right = self.expr(&expr.right);
                let range = TextRange::new(self.at(left).start, self.at(right).end);
                self.add(Expr::Binary { op: operator(&expr.op), left, right }, range)
            }
            Syn::Assign(expr) => {
                let left = self.expr(&expr.left);
                let right = self.expr(&expr.right);
                let range = TextRange::new(self.at(left).start, self.at(right).end);
                self.add(Expr::Assign { left, right }, range)
            }
            Syn::Range(expr) => {
                let start = self.boxed(&expr.start);
                let end = self.boxed(&expr.end);
                let dots = match &expr.limits {
                    syn::RangeLimits::HalfOpen(token) => (token.spans[0], token.spans[1]),
                    syn::RangeLimits::Closed(token) => (token.spans[0], token.spans[2]),
                };
                let from = start.map_or_else(|| self.start(dots.0), |start| self.at(start).start);
                let to = end.map_or_else(|| self.end(dots.1), |end| self.at(end).end);
                self.add(Expr::Range { start, end }, TextRange::new(from, to))
            }
            // The range of what stands in parentheses takes them in, so that what is around begins
            // and ends right.
            Syn::Paren(expr) => {
                let inner = self.expr(&expr.expr);
                self.body.ranges[inner] = self.range(expr.paren_token.span.join());
                inner
            }
            Syn::Group(expr) => self.expr(&expr.expr),
            Syn::Tuple(expr) => {
                let elems = self.exprs(each(&expr.elems));
                let range = self.range(expr.paren_token.span.join());
                self.add(Expr::Tuple(elems), range)
            }
            Syn::Array(expr) => {
                let elems = self.exprs(each(&expr.elems));
                let range = self.range(expr.bracket_token.span.join());
                self.add(Expr::Array(elems), range)
            }
            Syn::Repeat(expr) => {
                let value = self.expr(&expr.expr);
                let len = self.expr(&expr.len);
                let range = self.range(expr.bracket_token.span.join());
                self.add(Expr::Repeat { value, len }, range)
            }
            Syn::Struct(expr) => self.struct_literal(expr),
            Syn::Cast(cast) => {
                let expr = self.expr(&cast.expr);
                let ty = Box::new(self.ty(&cast.ty));
                let last = syn::spanned::Spanned::span(&*cast.ty);
                let range = TextRange::new(self.at(expr).start, self.end(last));
                self.add(Expr::Cast { expr, ty }, range)
            }
            Syn::Closure(expr) => self.closure(expr),
            Syn::Macro(expr) => self.macro_call(&expr.mac),
            _ => self.block_like(expr),
        }
    }

    /// Blocks, branches, loops and jumps.
    fn block_like(&mut self, expr: &Syn) -> ExprId {
        match expr {
            Syn::Block(expr) => {
                let block = self.plain_block(&expr.block);
                if let Some(label) = &expr.label {
                    self.body.ranges[block].start = self.start(label.name.span());
                }
                block
            }
            Syn::Async(expr) => self.block(BlockKind::Async, &expr.block, expr.async_token.span),
            Syn::Unsafe(expr) => self.block(BlockKind::Unsafe, &expr.block, expr.unsafe_token.span),
            Syn::Const(expr) => self.block(BlockKind::Const, &expr.block, expr.const_token.span),
            Syn::TryBlock(expr) => self.block(BlockKind::Try, &expr.block, expr.try_token.span),
            Syn::If(expr) => self.if_chain(expr),
            Syn::Let(expr) => {
                let scrutinee = self.expr(&expr.expr);
                let pat = self.pat(&expr.pat);
                let range = TextRange::new(self.start(expr.let_token.span), self.at(scrutinee).end);
                self.add(Expr::Let { pat, expr: scrutinee }, range)
            }
            Syn::Match(expr) => {
                let scrutinee = self.expr(&expr.expr);
                let mut arms = Vec::with_capacity(expr.arms.len());
                for arm in expr.arms.iter() {
                    if self.is_there(&arm.attrs) {
                        let (pat, guard) = self.pat_with_guard(&arm.pat);
                        arms.push(Arm { pat, guard, body: self.expr(&arm.body) });
                    }
                }
                let range = TextRange::new(
                    self.start(expr.match_token.span),
                    self.end(expr.brace_token.span.close()),
                );
                self.add(Expr::Match { scrutinee, arms: arms.into() }, range)
            }
            Syn::Loop(expr) => {
                let body = self.plain_block(&expr.body);
                self.looped(LoopKind::Loop, body, expr.label.as_ref(), expr.loop_token.span)
            }
            Syn::While(expr) => {
                let cond = self.expr(&expr.cond);
                let body = self.plain_block(&expr.body);
                self.looped(LoopKind::While { cond }, body, expr.label.as_ref(), expr.while_token.span)
            }
            Syn::ForLoop(expr) => {
                let iter = self.expr(&expr.expr);
                let pat = self.pat(&expr.pat);
                let body = self.plain_block(&expr.body);
                self.looped(LoopKind::For { pat, iter }, body, expr.label.as_ref(), expr.for_token.span)
            }
            Syn::Return(expr) => {
                let value = self.boxed(&expr.expr);
                self.jump(JumpKind::Return, value, expr.return_token.span, expr.return_token.span)
            }
            Syn::Break(expr) => {
                let value = self.boxed(&expr.expr);
                let last = expr.label.as_ref().map_or(expr.break_token.span, syn::Lifetime::span);
                self.jump(JumpKind::Break, value, expr.break_token.span, last)
            }
            Syn::Continue(expr) => {
                let last = expr.label.as_ref().map_or(expr.continue_token.span, syn::Lifetime::span);
                self.jump(JumpKind::Continue, None, expr.continue_token.span, last)
            }
            Syn::Yield(expr) => {
                let value = self.boxed(&expr.expr);
                self.jump(JumpKind::Yield, value, expr.yield_token.span, expr.yield_token.span)
            }
            expr => {
                let range = match expr {
                    Syn::Infer(expr) => self.range(expr.underscore_token.span),
                    Syn::Verbatim(tokens) if !tokens.is_empty() => {
                        self.range(syn::spanned::Spanned::span(tokens))
                    }
                    _ => TextRange::default(),
                };
                self.add(Expr::Missing, range)
            }
        }
    }

    /// Where an identifier stands. Its end is its start and its length, where its text is its name.
    fn ident_range(&self, ident: &syn::Ident, name: Name) -> TextRange {
        let (start, name) = (self.start(ident.span()), name.as_str());
        let end = start as usize + name.len();
        match self.file.text.get(start as usize..end) == Some(name) && self.call_site.is_none() {
            true => TextRange::new(start, end as u32),
            false => self.range(ident.span()),
        }
    }

    fn path_range(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> TextRange {
        let last = each(&path.segments).next_back();
        let start = match (qself, path.leading_colon) {
            (Some(qself), _) => qself.lt_token.spans[0],
            (None, Some(colon)) => colon.spans[0],
            (None, None) => match each(&path.segments).next() {
                Some(first) => first.ident.span(),
                None => return TextRange::default(),
            },
        };
        let end = match last.map(|last| (&last.arguments, last)) {
            Some((syn::PathArguments::AngleBracketed(args), _)) => args.gt_token.spans[0],
            Some((syn::PathArguments::Parenthesized(args), _)) => args.paren_token.span.close(),
            Some((syn::PathArguments::None, last)) => last.ident.span(),
            None => start,
        };
        TextRange::new(self.start(start), self.end(end))
    }

    fn method_call(&mut self, call: &syn::ExprMethodCall) -> ExprId {
        let receiver = self.expr(&call.receiver);
        let name = self.name(&call.method);
        let generics = call.turbofish.as_ref().map(|list| self.turbofish(list));
        let args = self.exprs(each(&call.args));
        let name_at = self.start(call.method.span());
        let range = TextRange::new(self.at(receiver).start, self.end(call.paren_token.span.close()));
        self.add(Expr::MethodCall { receiver, name, generics, args, name_at }, range)
    }

    fn struct_literal(&mut self, expr: &syn::ExprStruct) -> ExprId {
        let start = self.path_range(expr.qself.as_ref(), &expr.path).start;
        let path = Box::new(self.qualified(expr.qself.as_ref(), &expr.path));
        let mut fields: Vec<(Name, ExprId)> = Vec::with_capacity(expr.fields.len());
        for field in each(&expr.fields) {
            if self.is_there(&field.attrs) {
                let name = self.member(&field.member);
                fields.push((name, self.expr(&field.expr)));
            }
        }
        let rest = self.boxed(&expr.rest);
        let range = TextRange::new(start, self.end(expr.brace_token.span.close()));
        self.add(Expr::Struct { path, fields: fields.into(), rest }, range)
    }

    fn closure(&mut self, expr: &syn::ExprClosure) -> ExprId {
        let mut params = Vec::with_capacity(expr.inputs.len());
        for input in each(&expr.inputs) {
            params.push(match input {
                syn::Pat::Type(typed) => (self.pat(&typed.pat), self.ty(&typed.ty)),
                pat => (self.pat(pat), crate::parse::tree::types::TypeRef::Infer),
            });
        }
        let ret = self.written_return(&expr.output).map(Box::new);
        let body = self.expr(&expr.body);
        let befores = [
            expr.lifetimes.as_ref().map(|lifetimes| lifetimes.for_token.span),
            expr.constness.map(|token| token.span),
            expr.asyncness.map(|token| token.span),
            expr.capture.map(|token| token.span),
        ];
        let first = befores.into_iter().flatten().next().unwrap_or(expr.inputs_begin.spans[0]);
        let range = TextRange::new(self.start(first), self.at(body).end);
        let is_async = expr.asyncness.is_some();
        self.add(Expr::Closure { params: params.into(), ret, body, is_async }, range)
    }

    /// `if … else if … else`, from the end; a long chain does not recurse.
    fn if_chain(&mut self, first: &syn::ExprIf) -> ExprId {
        let mut links = vec![first];
        let mut end = None;
        while let Some((_, else_)) = &links[links.len() - 1].else_branch {
            match &**else_ {
                Syn::If(next) => links.push(next),
                other => {
                    end = Some(other);
                    break;
                }
            }
        }
        let parts: Vec<(ExprId, ExprId)> =
            links.iter().map(|link| (self.expr(&link.cond), self.plain_block(&link.then_branch))).collect();
        let mut else_ = end.map(|end| self.expr(end));
        for (link, (cond, then)) in links.iter().zip(parts).rev() {
            let end = self.at(else_.unwrap_or(then)).end;
            let range = TextRange::new(self.start(link.if_token.span), end);
            else_ = Some(self.add(Expr::If { cond, then, else_ }, range));
        }
        else_.expect("a chain has one link at least")
    }

    fn looped(
        &mut self,
        kind: LoopKind,
        body: ExprId,
        label: Option<&syn::Label>,
        keyword: proc_macro2::Span,
    ) -> ExprId {
        let start = self.start(label.map_or(keyword, |label| label.name.span()));
        let range = TextRange::new(start, self.at(body).end);
        self.add(Expr::Loop { kind, body }, range)
    }

    fn jump(
        &mut self,
        kind: JumpKind,
        value: Option<ExprId>,
        first: proc_macro2::Span,
        last: proc_macro2::Span,
    ) -> ExprId {
        let end = value.map_or_else(|| self.end(last), |value| self.at(value).end);
        let range = TextRange::new(self.start(first), end);
        self.add(Expr::Jump { kind, value }, range)
    }

    pub(super) fn plain_block(&mut self, block: &syn::Block) -> ExprId {
        self.block(BlockKind::Plain, block, block.brace_token.span.open())
    }

    fn block(&mut self, kind: BlockKind, block: &syn::Block, first: proc_macro2::Span) -> ExprId {
        let range = TextRange::new(self.start(first), self.end(block.brace_token.span.close()));
        self.statements(kind, &block.stmts, range)
    }

    /// Lowers statements into a block.
    pub(super) fn statements(&mut self, kind: BlockKind, stmts: &[SynStmt], range: TextRange) -> ExprId {
        let mut items: Vec<ItemIdx> = Vec::new();
        let mut lowered = Vec::with_capacity(stmts.len());
        let mut tail = None;
        for (idx, stmt) in stmts.iter().enumerate() {
            let is_last = idx + 1 == stmts.len();
            match stmt {
                SynStmt::Local(local) => {
                    if self.is_there(&local.attrs) && !is_added(stmt) {
                        lowered.push(self.local(local));
                    }
                }
                SynStmt::Item(item) => self.item(item, &mut items),
                SynStmt::Expr(expr, semi) => {
                    if !self.is_there(attrs_of(expr)) || is_added(stmt) {
                        continue;
                    }
                    let expr = self.expr(expr);
                    if is_last && semi.is_none() {
                        tail = Some(expr);
                    } else {
                        lowered.push(Stmt::Expr { expr, semicolon: semi.is_some() });
                    }
                }
                SynStmt::Macro(stmt) => {
                    if !self.is_there(&stmt.attrs)
                        || self.known_item_macro(&stmt.mac, &stmt.attrs, &mut items)
                    {
                        continue;
                    }
                    let expr = self.macro_call(&stmt.mac);
                    if is_last && stmt.semi_token.is_none() {
                        tail = Some(expr);
                    } else {
                        lowered.push(Stmt::Expr { expr, semicolon: stmt.semi_token.is_some() });
                    }
                }
            }
        }
        self.body.holds_items |= !items.is_empty();
        self.add(Expr::Block { kind, items: items.into(), stmts: lowered.into(), tail }, range)
    }

    fn local(&mut self, local: &syn::Local) -> Stmt {
        let init = local.init.as_ref().map(|init| self.expr(&init.expr));
        let (pat, ty) = match &local.pat {
            syn::Pat::Type(typed) => (self.pat(&typed.pat), Some(Box::new(self.ty(&typed.ty)))),
            pat => (self.pat(pat), None),
        };
        let diverge = local.init.as_ref().and_then(|init| init.diverge.as_ref());
        let else_ = diverge.map(|(_, diverge)| self.expr(diverge));
        Stmt::Let { pat, ty, init, else_ }
    }

    fn literal(&self, lit: &Lit) -> Literal {
        let suffix = |suffix: &str| (!suffix.is_empty()).then(|| Name::new(suffix));
        match lit {
            Lit::Str(lit) => Literal::Str(lit.value().into()),
            Lit::ByteStr(lit) => match String::from_utf8(lit.value()) {
                Ok(text) => Literal::Str(text.into()),
                Err(_) => Literal::Other,
            },
            Lit::CStr(lit) => match lit.value().into_string() {
                Ok(text) => Literal::Str(text.into()),
                Err(_) => Literal::Other,
            },
            Lit::Char(_) => Literal::Char,
            Lit::Int(lit) => Literal::Int(lit.base10_digits().into(), suffix(lit.suffix())),
            Lit::Float(lit) => Literal::Float(suffix(lit.suffix())),
            Lit::Bool(lit) => Literal::Bool(lit.value),
            _ => Literal::Other,
        }
    }
}

fn attrs_of(expr: &Syn) -> &[syn::Attribute] {
    match expr {
        Syn::Assign(expr) => &expr.attrs,
        Syn::Await(expr) => &expr.attrs,
        Syn::Binary(expr) => &expr.attrs,
        Syn::Block(expr) => &expr.attrs,
        Syn::Call(expr) => &expr.attrs,
        Syn::ForLoop(expr) => &expr.attrs,
        Syn::If(expr) => &expr.attrs,
        Syn::Loop(expr) => &expr.attrs,
        Syn::Macro(expr) => &expr.attrs,
        Syn::Match(expr) => &expr.attrs,
        Syn::MethodCall(expr) => &expr.attrs,
        Syn::Path(expr) => &expr.attrs,
        Syn::Return(expr) => &expr.attrs,
        Syn::Struct(expr) => &expr.attrs,
        Syn::Try(expr) => &expr.attrs,
        Syn::Unsafe(expr) => &expr.attrs,
        Syn::While(expr) => &expr.attrs,
        _ => &[],
    }
}

fn operator(op: &BinOp) -> &'static str {
    match op {
        BinOp::Add(_) => "+",
        BinOp::Sub(_) => "-",
        BinOp::Mul(_) => "*",
        BinOp::Div(_) => "/",
        BinOp::Rem(_) => "%",
        BinOp::And(_) => "&&",
        BinOp::Or(_) => "||",
        BinOp::BitXor(_) => "^",
        BinOp::BitAnd(_) => "&",
        BinOp::BitOr(_) => "|",
        BinOp::Shl(_) => "<<",
        BinOp::Shr(_) => ">>",
        BinOp::Eq(_) => "==",
        BinOp::Lt(_) => "<",
        BinOp::Le(_) => "<=",
        BinOp::Ne(_) => "!=",
        BinOp::Ge(_) => ">=",
        BinOp::Gt(_) => ">",
        BinOp::AddAssign(_) => "+=",
        BinOp::SubAssign(_) => "-=",
        BinOp::MulAssign(_) => "*=",
        BinOp::DivAssign(_) => "/=",
        BinOp::RemAssign(_) => "%=",
        BinOp::BitXorAssign(_) => "^=",
        BinOp::BitAndAssign(_) => "&=",
        BinOp::BitOrAssign(_) => "|=",
        BinOp::ShlAssign(_) => "<<=",
        BinOp::ShrAssign(_) => ">>=",
        _ => "?",
    }
}
