//! Runs the functions that build routers, as far as routes care.
//!
//! Both sides of every condition are taken: a route that exists under some setting exists. Calls into the
//! workspace are followed with their arguments, so that wrappers of the application's own need no
//! catalog. Depth and steps are bounded; where a bound is met, what was found so far stays.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::base::{Name, UnorderedSet};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::sql::HOLE;
use crate::facts::strings;
use crate::parse::tree::body::{Body, Expr, ExprId, JumpKind, Literal, LoopKind, Pat, PatId, Stmt, UnaryOp};
use crate::parse::tree::types::{Path, PathStart};
use crate::resolve::{DefId, DefKind, Res};

use super::guards::Guards;
use super::relevant::Relevant;
use super::value::{Cell, Closure, RouterRef, Value};

const MAX_DEPTH: usize = 24;
const MAX_STEPS: u32 = 200_000;
const MAX_UNROLLED: usize = 64;

/// The state of a run.
pub(super) struct Machine<'c, 'a> {
    pub cx: &'c Cx<'a>,
    pub relevant: &'c Relevant,
    pub guards: &'c Guards,
    pub cells: Vec<Cell>,
    /// Functions that were run.
    pub ran: UnorderedSet<DefId>,
    stack: Vec<DefId>,
    steps: u32,
}

/// A function or closure that runs.
pub(super) struct Frame<'v, 'a> {
    pub view: &'v BodyView<'a>,
    pub env: Vec<(Name, Value)>,
    pub returned: Vec<Value>,
}

impl Frame<'_, '_> {
    pub(super) fn local(&self, name: Name) -> Option<&Value> {
        self.env.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
    pub(super) fn set(&mut self, name: Name, value: Value) {
        match self.env.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = value,
            None => self.env.push((name, value)),
        }
    }
}

impl<'c, 'a> Machine<'c, 'a> {
    pub(super) fn new(cx: &'c Cx<'a>, relevant: &'c Relevant, guards: &'c Guards) -> Self {
        let (cells, ran, stack) = (Vec::new(), UnorderedSet::new(), Vec::new());
        Self { cx, relevant, guards, cells, ran, stack, steps: 0 }
    }

    /// Runs a function from outside: its parameters are not known, but a router is an empty one.
    pub(super) fn run_root(&mut self, def: DefId) {
        self.steps = 0;
        self.call(def, None, Vec::new());
    }

    /// Runs a function of the workspace.
    pub(super) fn call(&mut self, def: DefId, receiver: Option<Value>, args: Vec<Value>) -> Value {
        if self.stack.len() >= MAX_DEPTH || self.stack.contains(&def) || self.steps > MAX_STEPS {
            return passed_on(receiver.into_iter().chain(args));
        }
        let (Some(view), Some(decl)) = (BodyView::new(self.cx.program, def), self.cx.fn_decl(def)) else {
            return passed_on(receiver.into_iter().chain(args));
        };
        self.ran.insert(def);
        self.stack.push(def);
        let mut frame = Frame { view: &view, env: Vec::new(), returned: Vec::new() };
        if let Some(receiver) = receiver {
            frame.env.push((Name::new("self"), receiver));
        }
        let mut args = args.into_iter();
        for (&pat, param) in view.body.params.iter().zip(&decl.params) {
            let mut value = args.next().unwrap_or_default();
            if value.is_unknown()
                && let Some(web) = self.relevant.router_type(self.cx, def, &param.ty)
            {
                value = self.new_router(web, "");
            }
            self.bind(&mut frame, pat, &value);
        }
        let tail = view.body.root.map_or(Value::Unknown, |root| self.eval(&mut frame, root));
        self.stack.pop();
        let values: Vec<Value> = frame.returned.into_iter().chain([tail]).collect();
        self.union(values)
    }

    /// Calls a closure or function value.
    pub(super) fn invoke(&mut self, callee: &Value, args: Vec<Value>) -> Value {
        match callee {
            Value::Function(def) => self.call(*def, None, args),
            Value::Closure(closure) => {
                if self.stack.len() >= MAX_DEPTH || self.steps > MAX_STEPS {
                    return Value::Unknown;
                }
                let Some(view) = BodyView::new(self.cx.program, closure.owner) else { return Value::Unknown };
                let Expr::Closure { params, body, .. } = view.expr(closure.expr) else {
                    return Value::Unknown;
                };
                let mut frame = Frame { view: &view, env: closure.env.clone(), returned: Vec::new() };
                let mut args = args.into_iter();
                for (pat, _) in params {
                    self.bind(&mut frame, *pat, &args.next().unwrap_or_default());
                }
                self.stack.push(closure.owner);
                // The owner's name on the stack must not keep the closure from calling its owner's callees.
                let tail = self.eval(&mut frame, *body);
                self.stack.pop();
                let values: Vec<Value> = frame.returned.into_iter().chain([tail]).collect();
                self.union(values)
            }
            _ => Value::Unknown,
        }
    }

    pub(super) fn new_router(&mut self, web: usize, prefix: &str) -> Value {
        let prefix = prefix.to_owned();
        self.cells.push(Cell { web, prefix, routes: Vec::new(), absorbed: false, guards: Vec::new() });
        Value::Router(RouterRef { cell: self.cells.len() - 1, below: String::new() })
    }

    /// A value that is one of several.
    pub(super) fn union(&mut self, values: Vec<Value>) -> Value {
        let mut result = Value::Unknown;
        for value in values {
            result = match (result, value) {
                (Value::Unknown, value) => value,
                (result, Value::Unknown) => result,
                (Value::Router(left), Value::Router(right)) if left.cell != right.cell => {
                    let web = self.cells[left.cell].web;
                    let both = self.new_router(web, "");
                    if let Value::Router(both) = &both {
                        self.absorb(both, "", &left);
                        self.absorb(both, "", &right);
                    }
                    both
                }
                (Value::Verbs(left), Value::Verbs(right)) => {
                    let more =
                        right.iter().filter(|verb| !left.iter().any(|known| known.method == verb.method));
                    Value::Verbs(Rc::new(left.iter().chain(more).cloned().collect()))
                }
                (result, _) => result,
            };
        }
        result
    }

    /// Gives every name of a pattern its value; parts of routers and of what wraps them are the whole.
    pub(super) fn bind(&mut self, frame: &mut Frame, pat: PatId, value: &Value) {
        match &frame.view.body.pats[pat] {
            Pat::Bind { name, sub, .. } => {
                frame.env.push((*name, value.clone()));
                if let Some(sub) = *sub {
                    self.bind(frame, sub, value);
                }
            }
            Pat::Typed { pat, .. } | Pat::Ref(pat) => self.bind(frame, *pat, value),
            Pat::Tuple { pats, .. } | Pat::Slice(pats) => {
                let parts: Vec<Value> = match value {
                    Value::List(list) => list.to_vec(),
                    // `let (router, api) = router.split_for_parts()`.
                    value if value.matters() => vec![value.clone()],
                    _ => Vec::new(),
                };
                let mut parts = parts.into_iter();
                for &pat in pats {
                    self.bind(frame, pat, &parts.next().unwrap_or_default());
                }
            }
            Pat::TupleStruct { pats, .. } => pats.iter().for_each(|&pat| self.bind(frame, pat, value)),
            Pat::Struct { fields, .. } => {
                for &(name, pat) in fields {
                    let field = match value {
                        Value::Struct(fields) => fields.borrow().get(&name).cloned().unwrap_or_default(),
                        _ => Value::Unknown,
                    };
                    self.bind(frame, pat, &field);
                }
            }
            Pat::Or(pats) => pats.iter().take(1).for_each(|&pat| self.bind(frame, pat, value)),
            Pat::Wild | Pat::Path(_) => {}
        }
    }

    pub(super) fn eval(&mut self, frame: &mut Frame<'_, 'a>, expr: ExprId) -> Value {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Value::Unknown;
        }
        stacker::maybe_grow(64 * 1024, 2 * 1024 * 1024, || self.eval_expr(frame, expr))
    }

    fn eval_expr(&mut self, frame: &mut Frame<'_, 'a>, expr: ExprId) -> Value {
        let view = frame.view;
        match view.expr(expr) {
            Expr::Literal(Literal::Str(text)) => Value::Text(text.to_string()),
            Expr::Path(path) => {
                if let Some(name) = local_name(path)
                    && let Some(value) = frame.local(name)
                {
                    return value.clone();
                }
                self.path(frame, expr)
            }
            Expr::Await(inner)
            | Expr::Try(inner)
            | Expr::Ref { expr: inner, .. }
            | Expr::Cast { expr: inner, .. } => self.eval(frame, *inner),
            Expr::Unary { op: UnaryOp::Deref, expr: inner } => self.eval(frame, *inner),
            Expr::Call { callee, args } => self.call_expr(frame, expr, *callee, args),
            Expr::MethodCall { receiver, name, args, .. } => {
                self.method_expr(frame, expr, *receiver, *name, args)
            }
            Expr::Macro(call) => self.macro_expr(frame, expr, call),
            Expr::Block { stmts, tail, .. } => {
                let outer = frame.env.len();
                for stmt in stmts {
                    self.stmt(frame, stmt);
                }
                let value = tail.map_or(Value::Unknown, |tail| self.eval(frame, tail));
                frame.env.truncate(outer);
                value
            }
            Expr::If { cond, then, else_ } => {
                let outer = frame.env.len();
                self.eval(frame, *cond);
                let then = self.eval(frame, *then);
                frame.env.truncate(outer);
                let else_ = else_.map_or(Value::Unknown, |else_| self.eval(frame, else_));
                self.union(vec![then, else_])
            }
            Expr::Let { pat, expr } => {
                let value = self.eval(frame, *expr);
                self.bind(frame, *pat, &value);
                Value::Unknown
            }
            Expr::Match { scrutinee, arms } => {
                let value = self.eval(frame, *scrutinee);
                // `match self { Self::Orders => "/orders", … }` of a variant that is known.
                let taken = match &value {
                    Value::Variant(name) => arms.iter().find(|arm| takes(view.body, arm.pat, *name)),
                    _ => None,
                };
                let arms = taken.map_or(&arms[..], std::slice::from_ref);
                let mut values = Vec::new();
                for arm in arms {
                    let outer = frame.env.len();
                    self.bind(frame, arm.pat, &value);
                    values.push(self.eval(frame, arm.body));
                    frame.env.truncate(outer);
                }
                self.union(values)
            }
            Expr::Loop { kind, body } => {
                self.run_loop(frame, kind, *body);
                Value::Unknown
            }
            Expr::Closure { .. } => {
                Value::Closure(Rc::new(Closure { owner: view.def, expr, env: frame.env.clone() }))
            }
            Expr::Tuple(parts) | Expr::Array(parts) => {
                let values: Vec<Value> = parts.iter().map(|&part| self.eval(frame, part)).collect();
                Value::List(Rc::new(values))
            }
            Expr::Struct { fields, rest, .. } => {
                let mut values = BTreeMap::new();
                if let Some(Value::Struct(rest)) = rest.map(|rest| self.eval(frame, rest)) {
                    values.extend(rest.borrow().iter().map(|(name, value)| (*name, value.clone())));
                }
                for &(name, field) in fields {
                    values.insert(name, self.eval(frame, field));
                }
                Value::Struct(Rc::new(RefCell::new(values)))
            }
            Expr::Field { base, name } => match self.eval(frame, *base) {
                Value::Struct(fields) => fields.borrow().get(name).cloned().unwrap_or_default(),
                Value::List(list) => name
                    .as_str()
                    .parse::<usize>()
                    .ok()
                    .and_then(|idx| list.get(idx).cloned())
                    .unwrap_or_default(),
                _ => self.text(frame, expr),
            },
            Expr::Assign { left, right } => {
                let value = self.eval(frame, *right);
                self.assign(frame, *left, value);
                Value::Unknown
            }
            Expr::Binary { op: "+", .. } => self.text(frame, expr),
            Expr::Binary { left, right, .. } => {
                self.eval(frame, *left);
                self.eval(frame, *right);
                Value::Unknown
            }
            Expr::Jump { kind, value } => {
                let value = value.map_or(Value::Unknown, |value| self.eval(frame, value));
                if *kind == JumpKind::Return {
                    frame.returned.push(value);
                }
                Value::Unknown
            }
            Expr::Other(parts) => {
                for &part in parts {
                    self.eval(frame, part);
                }
                Value::Unknown
            }
            Expr::Literal(_)
            | Expr::Unary { .. }
            | Expr::Index { .. }
            | Expr::Range { .. }
            | Expr::Repeat { .. }
            | Expr::Missing => Value::Unknown,
        }
    }

    fn stmt(&mut self, frame: &mut Frame<'_, 'a>, stmt: &Stmt) {
        match stmt {
            Stmt::Let { pat, init, .. } => {
                let value = init.map_or(Value::Unknown, |init| self.eval(frame, init));
                self.bind(frame, *pat, &value);
            }
            Stmt::Expr { expr, .. } => {
                self.eval(frame, *expr);
            }
        }
    }

    fn run_loop(&mut self, frame: &mut Frame<'_, 'a>, kind: &LoopKind, body: ExprId) {
        let outer = frame.env.len();
        match kind {
            LoopKind::For { pat, iter } => {
                let list = match self.eval(frame, *iter) {
                    Value::List(list) => list,
                    value => Rc::new(vec![value]),
                };
                for value in list.iter().take(MAX_UNROLLED) {
                    self.bind(frame, *pat, value);
                    self.eval(frame, body);
                    frame.env.truncate(outer);
                }
            }
            LoopKind::While { cond } => {
                self.eval(frame, *cond);
                self.eval(frame, body);
            }
            LoopKind::Loop => {
                self.eval(frame, body);
            }
        }
        frame.env.truncate(outer);
    }

    fn assign(&mut self, frame: &mut Frame<'_, 'a>, left: ExprId, value: Value) {
        match frame.view.expr(left) {
            Expr::Path(path) => {
                if let Some(name) = path.as_name() {
                    frame.set(name, value);
                }
            }
            Expr::Field { base, name } => {
                if let Value::Struct(fields) = self.eval(frame, *base) {
                    fields.borrow_mut().insert(*name, value);
                }
            }
            _ => {}
        }
    }

    fn path(&mut self, frame: &Frame<'_, 'a>, expr: ExprId) -> Value {
        match frame.view.path(expr) {
            Some(Res::Def(def)) if self.cx.def(*def).kind == DefKind::Fn => Value::Function(*def),
            Some(Res::Def(def)) if matches!(self.cx.def(*def).kind, DefKind::Const | DefKind::Static) => {
                match strings::constant_text(self.cx, *def) {
                    Some(text) => Value::Text(text),
                    None => self.constant(*def),
                }
            }
            Some(Res::Variant(_, name)) => Value::Variant(*name),
            _ => frame.view.function(expr).map_or(Value::Unknown, Value::Function),
        }
    }

    /// A constant table of routes.
    fn constant(&mut self, def: DefId) -> Value {
        if self.stack.contains(&def) || self.stack.len() >= MAX_DEPTH {
            return Value::Unknown;
        }
        let Some(view) = BodyView::new(self.cx.program, def) else { return Value::Unknown };
        let Some(root) = view.body.root else { return Value::Unknown };
        self.stack.push(def);
        let value = self.eval(&mut Frame { view: &view, env: Vec::new(), returned: Vec::new() }, root);
        self.stack.pop();
        value
    }

    /// An expression of text, with the locals of the run.
    pub(super) fn text(&mut self, frame: &mut Frame<'_, 'a>, expr: ExprId) -> Value {
        let locals = |name: Name| match frame.local(name) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        match strings::text_with(self.cx, frame.view, expr, &locals) {
            Some(text) => Value::Text(text.values.into_iter().next().unwrap_or_else(|| HOLE.to_owned())),
            None => Value::Unknown,
        }
    }
}

/// The local that a path may be: a single name, or `self`.
pub(super) fn local_name(path: &Path) -> Option<Name> {
    match (&path.start, path.segments.is_empty()) {
        (PathStart::SelfModule, true) => Some(Name::new("self")),
        _ => path.as_name(),
    }
}

/// Whether an arm of this pattern takes a variant without fields.
fn takes(body: &Body, pat: PatId, variant: Name) -> bool {
    match &body.pats[pat] {
        Pat::Path(path) => path.last() == Some(variant),
        Pat::Bind { name, sub, .. } => {
            // A name in capitals is a variant that is imported.
            let is_local = name.as_str().starts_with(|c: char| c.is_lowercase() || c == '_');
            sub.map_or(is_local || *name == variant, |sub| takes(body, sub, variant))
        }
        Pat::Or(pats) => pats.iter().any(|&pat| takes(body, pat, variant)),
        Pat::Ref(pat) | Pat::Typed { pat, .. } => takes(body, *pat, variant),
        Pat::Wild => true,
        _ => false,
    }
}

/// What a call that is not followed gives back: the router that went in.
pub(super) fn passed_on(values: impl Iterator<Item = Value>) -> Value {
    values.into_iter().find(Value::matters).unwrap_or_default()
}
