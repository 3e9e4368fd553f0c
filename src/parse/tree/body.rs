//! Bodies: the expressions of a function, constant or static.

use crate::base::{IndexVec, Name, TextRange, define_id};

use super::items::ItemIdx;
use super::types::{Path, TypeRef};

define_id! {
    /// An expression of one [`Body`].
    ExprId
}
define_id! {
    /// A pattern of one [`Body`].
    PatId
}

/// The body of a function, constant or static. A child has the lower id than its parent, so that
/// walking ids upwards is a post-order walk.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The expressions.
    pub exprs: IndexVec<ExprId, Expr>,
    /// Where each expression stands; for a method call `site` of its name see [`Expr::MethodCall`].
    pub ranges: IndexVec<ExprId, TextRange>,
    /// The patterns.
    pub pats: IndexVec<PatId, Pat>,
    /// The function's parameters without `self`, in order.
    pub params: Vec<PatId>,
    /// The outermost expression.
    pub root: Option<ExprId>,
    /// Whether a block may hold items.
    pub holds_items: bool,
}

/// An expression.
#[derive(Clone, Debug)]
pub enum Expr {
    /// `a::b::<C>`.
    Path(Path),
    /// A literal.
    Literal(Literal),
    /// `f(a)`.
    Call { callee: ExprId, args: Box<[ExprId]> },
    /// `r.m::<T>(a)`; `name_at` is the byte offset of `m`.
    MethodCall {
        receiver: ExprId,
        name: Name,
        generics: Option<Box<[TypeRef]>>,
        args: Box<[ExprId]>,
        name_at: u32,
    },
    /// `a.b`, `a.0`.
    Field { base: ExprId, name: Name },
    /// `a[b]`.
    Index { base: ExprId, index: ExprId },
    /// `{ … }`.
    Block { kind: BlockKind, items: Box<[ItemIdx]>, stmts: Box<[Stmt]>, tail: Option<ExprId> },
    /// `if c { } else { }`; `if let` has a [`Expr::Let`] in `cond`.
    If { cond: ExprId, then: ExprId, else_: Option<ExprId> },
    /// `let P = e` as a condition.
    Let { pat: PatId, expr: ExprId },
    /// `match e { … }`.
    Match { scrutinee: ExprId, arms: Box<[Arm]> },
    /// `loop`, `while`, `for`.
    Loop { kind: LoopKind, body: ExprId },
    /// `|a: A| e`.
    Closure { params: Box<[(PatId, TypeRef)]>, ret: Option<Box<TypeRef>>, body: ExprId, is_async: bool },
    /// `e.await`.
    Await(ExprId),
    /// `e?`.
    Try(ExprId),
    /// `&e`, `&mut e`.
    Ref { mutable: bool, expr: ExprId },
    /// `*e`, `-e`, `!e`.
    Unary { op: UnaryOp, expr: ExprId },
    /// `a + b`, `a += b`; the operator as written.
    Binary { op: &'static str, left: ExprId, right: ExprId },
    /// `a = b`.
    Assign { left: ExprId, right: ExprId },
    /// `a..b`.
    Range { start: Option<ExprId>, end: Option<ExprId> },
    /// `(a, b)`; the empty tuple is the unit.
    Tuple(Box<[ExprId]>),
    /// `[a, b]`.
    Array(Box<[ExprId]>),
    /// `[a; n]`.
    Repeat { value: ExprId, len: ExprId },
    /// `P { a: 1, ..rest }`.
    Struct { path: Box<Path>, fields: Box<[(Name, ExprId)]>, rest: Option<ExprId> },
    /// `e as T`.
    Cast { expr: ExprId, ty: Box<TypeRef> },
    /// `return e`, `break e`.
    Jump { kind: JumpKind, value: Option<ExprId> },
    /// A macro call. `args` are the expressions that its tokens hold where they could be read
    /// (`format!`, `vec!`, `json!`, `select!`, …); of other tokens, `args` are the blocks in braces that
    /// could be read, and `mentions` lists the paths elsewhere that stand directly before `(` or `::`.
    Macro(Box<MacroCall>),
    /// Something that splitter does not model; its parts are still visited.
    Other(Box<[ExprId]>),
    /// No expression, e.g. a part that syn gives back verbatim.
    Missing,
}

/// A macro call in a body.
#[derive(Clone, Debug)]
pub struct MacroCall {
    /// `sqlx::query`.
    pub path: Path,
    /// What could be read as expressions, in order; `name = value` arguments give the value.
    pub args: Box<[ExprId]>,
    /// Text between the delimiters.
    pub tokens: TextRange,
    /// Whether the tokens were read completely.
    pub complete: bool,
    /// Where they were not: the paths that are mentioned.
    pub mentions: Box<[Path]>,
    /// Whether this is a `macro_rules!` of the workspace that was expanded: the one of `args` is then
    /// the block that the call stands for.
    pub expanded: bool,
    /// Whether that block binds names of the call's text for the statements after the call.
    pub binds: bool,
}

impl Expr {
    /// Calls `visit` for each direct part that is an expression, in source order.
    pub fn for_each_child(&self, mut visit: impl FnMut(ExprId)) {
        match self {
            Self::Path(_) | Self::Literal(_) | Self::Missing => {}
            Self::Call { callee: first, args } | Self::MethodCall { receiver: first, args, .. } => {
                visit(*first);
                args.iter().copied().for_each(visit);
            }
            Self::Field { base: expr, .. }
            | Self::Let { expr, .. }
            | Self::Await(expr)
            | Self::Try(expr)
            | Self::Ref { expr, .. }
            | Self::Unary { expr, .. }
            | Self::Cast { expr, .. }
            | Self::Closure { body: expr, .. } => visit(*expr),
            Self::Index { base: left, index: right }
            | Self::Binary { left, right, .. }
            | Self::Assign { left, right }
            | Self::Repeat { value: left, len: right } => {
                visit(*left);
                visit(*right);
            }
            Self::Block { stmts, tail, .. } => {
                for stmt in stmts {
                    match stmt {
                        Stmt::Let { init, else_, .. } => {
                            init.iter().chain(else_).copied().for_each(&mut visit)
                        }
                        Stmt::Expr { expr, .. } => visit(*expr),
                    }
                }
                tail.iter().copied().for_each(visit);
            }
            Self::If { cond, then, else_ } => {
                visit(*cond);
                visit(*then);
                else_.iter().copied().for_each(visit);
            }
            Self::Match { scrutinee, arms } => {
                visit(*scrutinee);
                for arm in arms {
                    arm.guard.iter().copied().for_each(&mut visit);
                    visit(arm.body);
                }
            }
            Self::Loop { kind, body } => {
                match kind {
                    LoopKind::Loop => {}
                    LoopKind::While { cond } => visit(*cond),
                    LoopKind::For { iter, .. } => visit(*iter),
                }
                visit(*body);
            }
            Self::Range { start, end } => start.iter().chain(end).copied().for_each(visit),
            Self::Struct { fields, rest, .. } => {
                fields.iter().map(|&(_, expr)| expr).for_each(&mut visit);
                rest.iter().copied().for_each(visit);
            }
            Self::Jump { value, .. } => value.iter().copied().for_each(visit),
            Self::Macro(call) => call.args.iter().copied().for_each(visit),
            Self::Tuple(exprs) | Self::Array(exprs) | Self::Other(exprs) => {
                exprs.iter().copied().for_each(visit);
            }
        }
    }
}

/// Which kind of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// `{ }`.
    Plain,
    /// `async { }`.
    Async,
    /// `unsafe { }`.
    Unsafe,
    /// `const { }`.
    Const,
    /// `try { }`.
    Try,
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `let P: T = e else { d };`.
    Let { pat: PatId, ty: Option<Box<TypeRef>>, init: Option<ExprId>, else_: Option<ExprId> },
    /// `e;` or a block-like expression without one.
    Expr { expr: ExprId, semicolon: bool },
}

/// An arm of a `match`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// The pattern.
    pub pat: PatId,
    /// `if g`.
    pub guard: Option<ExprId>,
    /// The value.
    pub body: ExprId,
}

/// Which loop.
#[derive(Clone, Debug)]
pub enum LoopKind {
    /// `loop`.
    Loop,
    /// `while c`.
    While { cond: ExprId },
    /// `for P in e`.
    For { pat: PatId, iter: ExprId },
}

/// `*`, `-`, `!`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `*`.
    Deref,
    /// `-`.
    Neg,
    /// `!`.
    Not,
}

/// What leaves a block early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JumpKind {
    /// `return`.
    Return,
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `yield`.
    Yield,
}

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `"a"`, `r"a"`, also a byte or C string that is UTF-8; unescaped.
    Str(Box<str>),
    /// `b'a'`, `b"…"` that is no UTF-8, `'a'`.
    Other,
    /// `'a'`.
    Char,
    /// `1`, `1_u8`: the digits, and the suffix where written.
    Int(Box<str>, Option<Name>),
    /// `1.0`.
    Float(Option<Name>),
    /// `true`.
    Bool(bool),
}

/// A pattern.
#[derive(Clone, Debug)]
pub enum Pat {
    /// `a`, `ref mut a`, `a @ p`; may turn out to be a constant or unit variant.
    Bind { name: Name, by_ref: bool, sub: Option<PatId> },
    /// `_`, `..`, a literal, a range.
    Wild,
    /// `a::B`.
    Path(Path),
    /// `A(p, .., q)`; `rest` is the index of `..`.
    TupleStruct { path: Path, pats: Box<[PatId]>, rest: Option<u32> },
    /// `A { x: p, .. }`.
    Struct { path: Path, fields: Box<[(Name, PatId)]> },
    /// `(p, q)`.
    Tuple { pats: Box<[PatId]>, rest: Option<u32> },
    /// `[p, q]`.
    Slice(Box<[PatId]>),
    /// `&p`.
    Ref(PatId),
    /// `p | q`.
    Or(Box<[PatId]>),
    /// `p: T` in a closure's or function's parameters.
    Typed { pat: PatId, ty: Box<TypeRef> },
}
