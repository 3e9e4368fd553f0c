//! Puts what a call expands to into the tree around it: places first, then ids.

use crate::base::{Id, IndexVec, TextRange};
use crate::parse::tree::body::{Arm, Body, Expr, ExprId, LoopKind, Pat, PatId, Stmt};
use crate::parse::tree::items::{Attrs, Item, ItemIdx, ItemKind, ItemTree};

use super::transcribe::Piece;

/// From places in an expansion to places in the text that holds the call.
pub(super) struct Places<'a> {
    /// What came from the call, by its place in the expansion.
    pub(super) pieces: &'a [Piece],
    /// The expansion.
    pub(super) text: &'a str,
    /// The whole call: where items stand that the macro made.
    pub(super) whole: TextRange,
    /// The macro's name: where expressions stand that the macro made.
    pub(super) name: TextRange,
}

impl Places<'_> {
    fn piece(&self, at: u32) -> Option<&Piece> {
        let idx = self.pieces.partition_point(|piece| piece.at <= at).checked_sub(1)?;
        Some(&self.pieces[idx])
    }
    fn start(&self, at: u32) -> Option<u32> {
        let piece = self.piece(at)?;
        (at < piece.at + piece.len).then(|| piece.from + (at - piece.at))
    }
    fn end(&self, at: u32) -> Option<u32> {
        let piece = self.piece(at.checked_sub(1)?)?;
        (at <= piece.at + piece.len).then(|| piece.from + (at - piece.at))
    }
    fn expr(&self, range: TextRange) -> TextRange {
        match (self.start(range.start), self.end(range.end)) {
            (Some(start), Some(end)) if start <= end => TextRange::new(start, end),
            (Some(start), None) => TextRange::new(start, self.whole.end.max(start)),
            (None, Some(end)) => TextRange::new(self.whole.start.min(end), end),
            _ => self.name,
        }
    }
    /// Items, attributes and the like keep a place of their own only where all of them was written.
    fn item(&self, range: TextRange) -> TextRange {
        self.written(range).unwrap_or(self.whole)
    }
    fn written(&self, range: TextRange) -> Option<TextRange> {
        let piece = self.piece(range.start)?;
        (range.end <= piece.at + piece.len && range.start <= range.end).then(|| {
            let moved = |at: u32| piece.from + (at - piece.at);
            TextRange::new(moved(range.start), moved(range.end))
        })
    }
    /// An item is shown at its keyword, or at its name where only that one comes from the call.
    fn keyword(&self, at: u32) -> u32 {
        let rest = self.text.get(at as usize..).unwrap_or("");
        let word = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let space = rest[word..].bytes().take_while(u8::is_ascii_whitespace).count();
        let name = at + (word + space) as u32;
        self.start(at).or_else(|| self.start(name)).unwrap_or(self.name.start)
    }
    fn attrs(&self, attrs: &mut Attrs) {
        for attr in &mut attrs.list {
            attr.range = self.item(attr.range);
        }
    }

    /// Moves all places of a tree.
    pub(super) fn apply(&self, tree: &mut ItemTree) {
        for item in tree.items.iter_mut() {
            self.apply_item(item);
        }
        for body in tree.bodies.iter_mut() {
            self.apply_body(body);
        }
    }
    fn apply_item(&self, item: &mut Item) {
        item.range = self.item(item.range);
        item.keyword = self.keyword(item.keyword);
        self.attrs(&mut item.attrs);
        match &mut item.kind {
            ItemKind::Use(leaves) => leaves.iter_mut().for_each(|leaf| leaf.range = self.item(leaf.range)),
            ItemKind::Fn(decl) => decl.params.iter_mut().for_each(|param| self.attrs(&mut param.attrs)),
            ItemKind::Adt(adt) => {
                for variant in &mut adt.variants {
                    self.attrs(&mut variant.attrs);
                    variant.fields.iter_mut().for_each(|field| self.attrs(&mut field.attrs));
                }
            }
            ItemKind::MacroRules { rules: range, .. } | ItemKind::MacroCall { args: range, .. } => {
                *range = self.written(*range).unwrap_or(TextRange::new(self.whole.end, self.whole.end));
            }
            _ => {}
        }
    }
    fn apply_body(&self, body: &mut Body) {
        for id in body.exprs.ids() {
            let mut range = self.expr(body.ranges[id]);
            // What holds something that was written lies around it.
            body.exprs[id].for_each_child(|child| {
                let inner = body.ranges[child];
                range = TextRange::new(range.start.min(inner.start), range.end.max(inner.end));
            });
            body.ranges[id] = range;
        }
        for expr in body.exprs.iter_mut() {
            match expr {
                Expr::MethodCall { name_at, .. } => {
                    *name_at = self.start(*name_at).unwrap_or(self.name.start);
                }
                Expr::Macro(call) => {
                    let nowhere = TextRange::new(self.whole.end, self.whole.end);
                    call.tokens = self.written(call.tokens).unwrap_or(nowhere);
                }
                _ => {}
            }
        }
    }
}

/// Appends the items and bodies of `part`; gives how far their ids moved.
pub(super) fn append(tree: &mut ItemTree, part: ItemTree) -> (u32, u32) {
    let (items, bodies) = (tree.items.len() as u32, tree.bodies.len() as u32);
    for mut item in part.items.into_vec() {
        match &mut item.kind {
            ItemKind::Mod { content: Some(list) }
            | ItemKind::Trait { items: list, .. }
            | ItemKind::Impl { items: list, .. } => shift(list, items),
            ItemKind::Fn(decl) => decl.body = decl.body.map(|body| moved(body, bodies)),
            ItemKind::Value { body, .. } => *body = body.map(|body| moved(body, bodies)),
            _ => {}
        }
        item.made_by = item.made_by.map(|call| moved(call, items));
        tree.items.push(item);
    }
    for mut body in part.bodies.into_vec() {
        for expr in body.exprs.iter_mut() {
            if let Expr::Block { items: list, .. } = expr {
                shift(list, items);
            }
        }
        tree.bodies.push(body);
    }
    (items, bodies)
}

/// An id after others were put before it.
pub(super) fn moved<I: Id>(id: I, by: u32) -> I {
    I::from_usize(id.idx() + by as usize)
}

fn shift(list: &mut [ItemIdx], by: u32) {
    for idx in list {
        *idx = moved(*idx, by);
    }
}

/// What a call in a body expands to.
pub(super) struct Insert {
    /// The call.
    pub(super) call: ExprId,
    /// The body that stands for it.
    pub(super) body: Body,
    /// Whether names that it binds are those of the call's text, in the block around it.
    pub(super) binds: bool,
}

/// Puts expansions in the place of their calls; `inserts` are in the order of the calls.
pub(super) fn merge(body: &mut Body, inserts: Vec<Insert>) {
    for insert in &inserts {
        forget(body, insert.call);
    }
    let old_exprs = std::mem::take(&mut body.exprs);
    let old_ranges = std::mem::take(&mut body.ranges);
    let mut map: IndexVec<ExprId, ExprId> = IndexVec::with_capacity(old_exprs.len());
    let mut inserts = inserts.into_iter().peekable();
    let ranges = old_ranges.into_vec().into_iter();
    for (idx, (mut expr, range)) in old_exprs.into_vec().into_iter().zip(ranges).enumerate() {
        let id = ExprId::from_usize(idx);
        children(&mut expr, &mut |child| *child = map[*child], &mut |_| {});
        if inserts.peek().is_some_and(|insert| insert.call == id) {
            let insert = inserts.next().expect("just seen");
            let base = body.exprs.len() as u32;
            let pats = body.pats.len() as u32;
            let part = insert.body;
            body.holds_items |= part.holds_items;
            for mut expr in part.exprs.into_vec() {
                children(&mut expr, &mut |child| *child = moved(*child, base), &mut |pat| {
                    *pat = moved(*pat, pats);
                });
                body.exprs.push(expr);
            }
            for range in part.ranges.into_vec() {
                body.ranges.push(range);
            }
            for mut pat in part.pats.into_vec() {
                sub_patterns(&mut pat, &mut |pat| *pat = moved(*pat, pats));
                body.pats.push(pat);
            }
            if let (Expr::Macro(call), Some(root)) = (&mut expr, part.root) {
                call.args = Box::new([moved(root, base)]);
                call.complete = true;
                call.mentions = Box::default();
                call.expanded = true;
                call.binds = insert.binds;
            }
        }
        map.push(body.exprs.push(expr));
        body.ranges.push(range);
    }
    body.root = body.root.map(|root| map[root]);
}

/// Takes out what was read of a call's tokens before it was expanded.
fn forget(body: &mut Body, call: ExprId) {
    let mut open = vec![call];
    while let Some(id) = open.pop() {
        body.exprs[id].for_each_child(|child| open.push(child));
        if id != call {
            body.exprs[id] = Expr::Missing;
        }
    }
}

/// All ids of expressions and patterns in an expression.
fn children(expr: &mut Expr, visit: &mut dyn FnMut(&mut ExprId), pats: &mut dyn FnMut(&mut PatId)) {
    match expr {
        Expr::Path(_) | Expr::Literal(_) | Expr::Missing => {}
        Expr::Call { callee: first, args } | Expr::MethodCall { receiver: first, args, .. } => {
            visit(first);
            args.iter_mut().for_each(visit);
        }
        Expr::Field { base: expr, .. }
        | Expr::Await(expr)
        | Expr::Try(expr)
        | Expr::Ref { expr, .. }
        | Expr::Unary { expr, .. }
        | Expr::Cast { expr, .. } => visit(expr),
        Expr::Let { pat, expr } => {
            pats(pat);
            visit(expr);
        }
        Expr::Closure { params, body, .. } => {
            params.iter_mut().for_each(|(pat, _)| pats(pat));
            visit(body);
        }
        Expr::Index { base: left, index: right }
        | Expr::Binary { left, right, .. }
        | Expr::Assign { left, right }
        | Expr::Repeat { value: left, len: right } => {
            visit(left);
            visit(right);
        }
        Expr::Block { stmts, tail, .. } => {
            for stmt in stmts {
                match stmt {
                    Stmt::Let { pat, init, else_, .. } => {
                        pats(pat);
                        init.iter_mut().chain(else_).for_each(&mut *visit);
                    }
                    Stmt::Expr { expr, .. } => visit(expr),
                }
            }
            tail.iter_mut().for_each(visit);
        }
        Expr::If { cond, then, else_ } => {
            visit(cond);
            visit(then);
            else_.iter_mut().for_each(visit);
        }
        Expr::Match { scrutinee, arms } => {
            visit(scrutinee);
            for Arm { pat, guard, body } in arms {
                pats(pat);
                guard.iter_mut().for_each(&mut *visit);
                visit(body);
            }
        }
        Expr::Loop { kind, body } => {
            match kind {
                LoopKind::Loop => {}
                LoopKind::While { cond } => visit(cond),
                LoopKind::For { pat, iter } => {
                    pats(pat);
                    visit(iter);
                }
            }
            visit(body);
        }
        Expr::Range { start, end } => start.iter_mut().chain(end).for_each(visit),
        Expr::Struct { fields, rest, .. } => {
            fields.iter_mut().for_each(|(_, expr)| visit(expr));
            rest.iter_mut().for_each(visit);
        }
        Expr::Jump { value, .. } => value.iter_mut().for_each(visit),
        Expr::Macro(call) => call.args.iter_mut().for_each(visit),
        Expr::Tuple(exprs) | Expr::Array(exprs) | Expr::Other(exprs) => exprs.iter_mut().for_each(visit),
    }
}

fn sub_patterns(pat: &mut Pat, visit: &mut dyn FnMut(&mut PatId)) {
    match pat {
        Pat::Wild | Pat::Path(_) => {}
        Pat::Bind { sub, .. } => sub.iter_mut().for_each(visit),
        Pat::TupleStruct { pats, .. } | Pat::Tuple { pats, .. } => pats.iter_mut().for_each(visit),
        Pat::Slice(pats) | Pat::Or(pats) => pats.iter_mut().for_each(visit),
        Pat::Struct { fields, .. } => fields.iter_mut().for_each(|(_, pat)| visit(pat)),
        Pat::Ref(pat) | Pat::Typed { pat, .. } => visit(pat),
    }
}
