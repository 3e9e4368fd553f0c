//! Constant text: what a string expression is where that can be known.

use crate::base::{FileId, Name};
use crate::discover::Workspace;
use crate::parse::tree::body::{Body, Expr, ExprId, Literal, MacroCall, Pat, Stmt};
use crate::parse::tree::items::ItemKind;
use crate::resolve::{CallTarget, DefId, DefKind, Res};

use super::cx::{BodyView, Cx};
use super::sql::HOLE;

/// Values of a string expression: one, or one per branch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// The values; a part that is known at run time only is [`HOLE`].
    pub values: Vec<String>,
    /// The literals and paths of the body that the values were made of.
    pub used: Vec<ExprId>,
}

impl Text {
    fn one(value: impl Into<String>, expr: ExprId) -> Self {
        Self { values: vec![value.into()], used: vec![expr] }
    }
    /// The value, where there is one without a hole.
    pub(super) fn exact(&self) -> Option<&str> {
        match &self.values[..] {
            [only] if !only.contains(HOLE) => Some(only),
            _ => None,
        }
    }
    fn joined(mut self, other: Text) -> Text {
        let values: Vec<String> = self
            .values
            .iter()
            .flat_map(|left| other.values.iter().map(move |right| format!("{left}{right}")))
            .collect();
        self.used.extend(other.used);
        Text { values: values.into_iter().take(MAX_VALUES).collect(), used: self.used }
    }
}

const MAX_VALUES: usize = 16;
const MAX_DEPTH: u32 = 12;

/// The text of `expr`, or `None` where nothing of it is known.
pub(super) fn text_of(cx: &Cx, view: &BodyView, expr: ExprId) -> Option<Text> {
    Eval { cx, depth: 0, locals: None }.expr(view, expr)
}

/// The same, where the values of some locals are known.
pub(super) fn text_with(cx: &Cx, view: &BodyView, expr: ExprId, locals: Locals) -> Option<Text> {
    Eval { cx, depth: 0, locals: Some(locals) }.expr(view, expr)
}

/// Known values of locals.
type Locals<'l> = &'l dyn Fn(Name) -> Option<String>;

/// The text of a constant or static.
pub(super) fn constant_text(cx: &Cx, def: DefId) -> Option<String> {
    Eval { cx, depth: 0, locals: None }.constant(def).and_then(|text| text.exact().map(str::to_owned))
}

/// The text at `fields` of a constant or static: `ROUTES.orders.list`.
pub(super) fn field_text(cx: &Cx, def: DefId, fields: &[Name]) -> Option<String> {
    let eval = Eval { cx, depth: 0, locals: None };
    eval.field_of_constant(def, fields).and_then(|text| text.exact().map(str::to_owned))
}

struct Eval<'c, 'a> {
    cx: &'c Cx<'a>,
    depth: u32,
    locals: Option<Locals<'c>>,
}

impl Eval<'_, '_> {
    fn deeper(&self) -> Self {
        Self { cx: self.cx, depth: self.depth + 1, locals: self.locals }
    }
    /// In another body: locals mean something else there.
    fn elsewhere(&self) -> Self {
        Self { cx: self.cx, depth: self.depth + 1, locals: None }
    }

    fn expr(&self, view: &BodyView, expr: ExprId) -> Option<Text> {
        if self.depth > MAX_DEPTH {
            return None;
        }
        let next = self.deeper();
        match view.expr(expr) {
            Expr::Literal(Literal::Str(text)) => Some(Text::one(&**text, expr)),
            Expr::Literal(Literal::Int(digits, _)) => Some(Text::one(&**digits, expr)),
            Expr::Ref { expr: inner, .. }
            | Expr::Unary { expr: inner, .. }
            | Expr::Try(inner)
            | Expr::Await(inner) => next.expr(view, *inner),
            Expr::Cast { expr: inner, .. } => next.expr(view, *inner),
            // `&sql[..]`.
            Expr::Index { base, index } => match view.expr(*index) {
                Expr::Range { start: None, end: None } => next.expr(view, *base),
                _ => None,
            },
            Expr::Field { base, name } => {
                let mut text = next.field(view, *base, &[*name])?;
                text.used = vec![expr];
                Some(text)
            }
            Expr::Path(path) => match view.path(expr) {
                Some(Res::Def(def)) => {
                    let mut text = next.constant(*def)?;
                    text.used = vec![expr];
                    Some(text)
                }
                Some(Res::External(_) | Res::Module(_) | Res::Variant(..)) => None,
                _ => next.local(view, path.as_name()?, expr),
            },
            Expr::Binary { op: "+", left, right } => {
                let left = next.expr(view, *left)?;
                let right = next.expr(view, *right).unwrap_or_else(hole);
                Some(left.joined(right))
            }
            Expr::Macro(call) => next.macro_call(view, call, expr),
            Expr::MethodCall { receiver, name, args, .. } => match name.as_str() {
                // What is put into a template is a value; the statement around it stays.
                "replace" | "replacen" => next.expr(view, *receiver),
                "to_string" | "to_owned" | "into" | "as_str" | "clone" | "as_ref" | "into_boxed_str"
                | "trim" | "borrow" | "unwrap" | "parse" | "to_string_lossy" | "build" | "sql"
                    if args.is_empty() =>
                {
                    next.expr(view, *receiver)
                }
                // `[base, "/api"].concat()`.
                "concat" | "join" => {
                    let Expr::Array(parts) = view.expr(*receiver) else { return None };
                    let separator =
                        args.first().and_then(|&arg| next.expr(view, arg)?.exact().map(str::to_owned));
                    let mut text = Text::one("", expr);
                    for (n, &part) in parts.iter().enumerate() {
                        if let (true, Some(separator)) = (n > 0, &separator) {
                            text = text.joined(Text::one(separator, expr));
                        }
                        text = text.joined(next.expr(view, part).unwrap_or_else(hole));
                    }
                    Some(text)
                }
                _ => match view.target(expr)? {
                    CallTarget::Resolved(def) => next.returned(*def, expr),
                    _ => None,
                },
            },
            Expr::Call { callee, args } => match view.target(expr) {
                Some(CallTarget::Resolved(def)) => next.returned(*def, expr),
                _ if args.len() == 1 && wraps_text(view, *callee) => next.expr(view, args[0]),
                _ => None,
            },
            Expr::Block { tail: Some(tail), .. } => next.expr(view, *tail),
            Expr::If { then, else_: Some(else_), .. } => next.branches(view, &[*then, *else_]),
            Expr::Match { arms, .. } => {
                let arms: Vec<ExprId> = arms.iter().map(|arm| arm.body).collect();
                next.branches(view, &arms)
            }
            _ => None,
        }
    }

    /// The text at `fields` of a struct: of a literal, or of what a constant, local or function holds.
    fn field(&self, view: &BodyView, base: ExprId, fields: &[Name]) -> Option<Text> {
        let Some((first, deeper)) = fields.split_first() else { return self.expr(view, base) };
        if self.depth > MAX_DEPTH {
            return None;
        }
        match view.expr(base) {
            Expr::Field { base, name } => {
                let fields: Vec<Name> = std::iter::once(*name).chain(fields.iter().copied()).collect();
                self.field(view, *base, &fields)
            }
            Expr::Ref { expr, .. } | Expr::Unary { expr, .. } | Expr::Block { tail: Some(expr), .. } => {
                self.field(view, *expr, fields)
            }
            Expr::Struct { fields: given, rest, .. } => match given.iter().find(|(name, _)| name == first) {
                Some(&(_, value)) => self.field(view, value, deeper),
                None => self.field(view, (*rest)?, fields),
            },
            Expr::Path(path) => match view.path(base) {
                Some(Res::Def(def)) => self.field_of_constant(*def, fields),
                _ => self.field(view, last_let(view.body, path.as_name()?, base)?, fields),
            },
            Expr::Call { args, .. } | Expr::MethodCall { args, .. } => match view.target(base)? {
                CallTarget::Resolved(def) => self.field_in_body(*def, fields),
                // `LazyLock::new(|| Routes::new())`.
                CallTarget::External(_) => match args[..] {
                    [only] => match view.expr(only) {
                        Expr::Closure { body, .. } => self.field(view, *body, fields),
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    fn field_of_constant(&self, def: DefId, fields: &[Name]) -> Option<Text> {
        if fields.is_empty() {
            return self.constant(def);
        }
        matches!(self.cx.def(def).kind, DefKind::Const | DefKind::Static)
            .then(|| self.field_in_body(def, fields))?
    }

    fn field_in_body(&self, def: DefId, fields: &[Name]) -> Option<Text> {
        let view = BodyView::new(self.cx.program, def)?;
        self.elsewhere().field(&view, view.body.root?, fields)
    }

    fn branches(&self, view: &BodyView, branches: &[ExprId]) -> Option<Text> {
        let mut all = Text::default();
        for &branch in branches {
            if matches!(view.expr(branch), Expr::Jump { .. } | Expr::Macro(_))
                && self.expr(view, branch).is_none()
            {
                continue;
            }
            let text = self.expr(view, branch).unwrap_or_else(hole);
            all.values.extend(text.values);
            all.used.extend(text.used);
        }
        all.values.truncate(MAX_VALUES);
        (all.values.iter().any(|value| value != HOLE)).then_some(all)
    }

    fn constant(&self, def: DefId) -> Option<Text> {
        if self.depth > MAX_DEPTH || !matches!(self.cx.def(def).kind, DefKind::Const | DefKind::Static) {
            return None;
        }
        let view = BodyView::new(self.cx.program, def)?;
        self.elsewhere().expr(&view, view.body.root?)
    }

    /// What a small function without a choice gives.
    fn returned(&self, def: DefId, site: ExprId) -> Option<Text> {
        let view = BodyView::new(self.cx.program, def)?;
        if view.body.exprs.len() > 12 {
            return None;
        }
        let mut text = self.elsewhere().expr(&view, view.body.root?)?;
        text.used = vec![site];
        Some(text)
    }

    /// The last `let` of that name before `at` (by place in the text), where nothing is pushed to it.
    fn local(&self, view: &BodyView, name: Name, at: ExprId) -> Option<Text> {
        if let Some(value) = self.locals.and_then(|locals| locals(name)) {
            return Some(Text::one(value, at));
        }
        let init = last_let(view.body, name, at)?;
        let mut text = self.expr(view, init)?;
        if is_grown(view.body, name) {
            text.values.iter_mut().for_each(|value| value.push_str(HOLE));
        }
        Some(text)
    }

    fn macro_call(&self, view: &BodyView, call: &MacroCall, expr: ExprId) -> Option<Text> {
        if call.expanded {
            return self.expr(view, *call.args.first()?);
        }
        let name = call.path.last()?;
        match name.as_str() {
            "concat" | "concatcp" | "concat_str" => {
                let mut text = Text::one("", expr);
                for &arg in &call.args {
                    text = text.joined(self.expr(view, arg).unwrap_or_else(hole));
                }
                Some(text)
            }
            "format" | "formatcp" | "formatdoc" | "indoc" | "const_format" | "format_args" | "formatc" => {
                self.format(view, call, expr)
            }
            "include_str" => {
                let path = self.expr(view, *call.args.first()?)?;
                let file = included(self.cx.workspace, self.cx.def(view.def).file, path.exact()?)?;
                Some(Text::one(&*self.cx.workspace.sources.files[file].text, expr))
            }
            "stringify" => Some(Text::one(self.cx.text(view.def, call.tokens).trim(), expr)),
            "vec" | "env" | "option_env" => None,
            _ => None,
        }
    }

    fn format(&self, view: &BodyView, call: &MacroCall, expr: ExprId) -> Option<Text> {
        let (first, rest) = call.args.split_first()?;
        let template = self.expr(view, *first)?;
        let mut used = template.used.clone();
        used.push(expr);
        let template = template.exact()?.to_owned();
        let mut out = String::new();
        let mut next_arg = 0;
        let mut chars = template.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '{' if chars.peek().is_some_and(|&(_, next)| next == '{') => {
                    chars.next();
                    out.push('{');
                }
                '}' if chars.peek().is_some_and(|&(_, next)| next == '}') => {
                    chars.next();
                    out.push('}');
                }
                '{' => {
                    let close = template[at..].find('}').map_or(template.len(), |len| at + len);
                    let inner = template.get(at + 1..close).unwrap_or("");
                    while chars.peek().is_some_and(|&(at, _)| at <= close) {
                        chars.next();
                    }
                    let key = inner.split(':').next().unwrap_or("").trim();
                    let value = if let Ok(idx) = key.parse::<usize>() {
                        rest.get(idx).and_then(|&arg| self.expr(view, arg))
                    } else if key.is_empty() {
                        next_arg += 1;
                        rest.get(next_arg - 1).and_then(|&arg| self.expr(view, arg))
                    } else {
                        self.captured(view, call, key, expr, rest)
                    };
                    match &value {
                        Some(value) => {
                            // What is known of a part stays: `{version}/orders` of `/v…`.
                            match &value.values[..] {
                                [text] => out.push_str(text),
                                _ => out.push_str(HOLE),
                            }
                            used.extend(&value.used);
                        }
                        None => out.push_str(HOLE),
                    }
                }
                c => out.push(c),
            }
        }
        Some(Text { values: vec![out], used })
    }

    /// `{name}` of a format text: a named argument, a local, or a constant in scope.
    fn captured(
        &self,
        view: &BodyView,
        call: &MacroCall,
        key: &str,
        at: ExprId,
        rest: &[ExprId],
    ) -> Option<Text> {
        let tokens = self.cx.text(view.def, call.tokens);
        if let Some(idx) = named_argument(tokens, key) {
            return rest.get(idx.checked_sub(1)?).and_then(|&arg| self.expr(view, arg));
        }
        let name = Name::new(key);
        if let Some(text) = self.local(view, name, at) {
            return Some(text);
        }
        if is_bound(view.body, name) {
            return None;
        }
        self.constant(self.cx.constant_named(view.def, name)?)
    }
}

/// `String::from(a)`, `Cow::Borrowed(a)`, `AssertSqlSafe(a)`.
fn wraps_text(view: &BodyView, callee: ExprId) -> bool {
    let Expr::Path(path) = view.expr(callee) else { return false };
    path.last().is_some_and(|name| {
        let name = name.as_str();
        matches!(name, "from" | "Borrowed" | "Owned" | "Some" | "Ok" | "new" | "from_static" | "into" | "raw")
            || name.contains("Sql")
    })
}

fn hole() -> Text {
    Text { values: vec![HOLE.to_owned()], used: Vec::new() }
}

/// Position of `key = …` among the comma-separated arguments of a macro.
fn named_argument(tokens: &str, key: &str) -> Option<usize> {
    let mut depth = 0_i32;
    let mut idx = 0;
    let mut in_text = false;
    let bytes = tokens.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if at == 0 || bytes[at - 1] != b'\\' => in_text = !in_text,
            _ if in_text => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                idx += 1;
                let rest = tokens[at + 1..].trim_start();
                let matches =
                    rest.strip_prefix(key).map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
                if matches.is_some_and(|rest| !rest.starts_with('=')) {
                    return Some(idx);
                }
            }
            _ => {}
        }
    }
    None
}

/// The value of the last `let name = …` that stands before `at`.
pub(super) fn last_let(body: &Body, name: Name, at: ExprId) -> Option<ExprId> {
    let before = body.ranges[at].start;
    let mut found: Option<(u32, ExprId)> = None;
    for expr in &body.exprs {
        let Expr::Block { stmts, .. } = expr else { continue };
        for stmt in stmts {
            let Stmt::Let { pat, init: Some(init), .. } = stmt else { continue };
            let (start, end) = (body.ranges[*init].start, body.ranges[*init].end);
            // `let sql = format!("{sql} …")`: the old one is meant.
            if binds(body, *pat, name) && end <= before && found.is_none_or(|(best, _)| start > best) {
                found = Some((start, *init));
            }
        }
    }
    found.map(|(_, init)| init)
}

pub(super) fn binds(body: &Body, pat: crate::parse::tree::body::PatId, wanted: Name) -> bool {
    match &body.pats[pat] {
        Pat::Bind { name, .. } => *name == wanted,
        Pat::Typed { pat, .. } => binds(body, *pat, wanted),
        _ => false,
    }
}

fn is_bound(body: &Body, wanted: Name) -> bool {
    body.pats.iter().any(|pat| matches!(pat, Pat::Bind { name, .. } if *name == wanted))
}

/// Whether a local is assigned or appended to.
fn is_grown(body: &Body, wanted: Name) -> bool {
    let is_it =
        |expr: ExprId| matches!(&body.exprs[expr], Expr::Path(path) if path.as_name() == Some(wanted));
    body.exprs.iter().any(|expr| match expr {
        Expr::Assign { left, .. } => is_it(*left),
        Expr::Binary { op, left, .. } => {
            op.ends_with('=') && !matches!(*op, "==" | "<=" | ">=" | "!=") && is_it(*left)
        }
        Expr::MethodCall { receiver, name, .. } => {
            (name == "push_str" || name == "push" || name == "insert_str") && is_it(*receiver)
        }
        Expr::Macro(call) if call.path.last().is_some_and(|name| name == "write" || name == "writeln") => {
            call.args.first().is_some_and(|&arg| match &body.exprs[arg] {
                Expr::Ref { expr, .. } => is_it(*expr),
                _ => is_it(arg),
            })
        }
        _ => false,
    })
}

/// The file that a text is read from when the application is compiled.
pub(super) fn file_of(cx: &Cx, view: &BodyView, expr: ExprId) -> Option<FileId> {
    match view.expr(expr) {
        Expr::Macro(call) if call.path.last().is_some_and(|name| name == "include_str") => {
            let path = text_of(cx, view, *call.args.first()?)?;
            included(cx.workspace, cx.def(view.def).file, path.exact()?)
        }
        Expr::Path(path) => file_of(cx, view, last_let(view.body, path.as_name()?, expr)?),
        Expr::Ref { expr, .. } => file_of(cx, view, *expr),
        _ => None,
    }
}

/// The file that `include_str!("path")` in `from` means.
pub(super) fn included(workspace: &Workspace, from: FileId, path: &str) -> Option<FileId> {
    let dir = workspace.sources.files[from].path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let joined = join(dir, path)?;
    workspace.sources.find(&joined).or_else(|| {
        // `concat!(env!("CARGO_MANIFEST_DIR"), "/a.sql")` and paths that start at the package.
        let path = path.trim_start_matches(HOLE).trim_start_matches('/');
        let mut dirs: Vec<&str> = workspace.packages.iter().map(|package| package.dir.as_str()).collect();
        dirs.push("");
        dirs.into_iter().find_map(|dir| workspace.sources.find(&join(dir, path)?))
    })
}

/// `a/b` and `../c` give `a/c`.
pub(super) fn join(dir: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The value of a `const` or `static` of text, without looking into its body twice.
pub(super) fn is_text_constant(cx: &Cx, def: DefId) -> bool {
    match &cx.item(def).kind {
        ItemKind::Value { ty, body: Some(_), .. } => {
            let mut names = Vec::new();
            super::render::type_names(ty, &mut names);
            names.last().is_some_and(|name| name == "str" || name == "String")
        }
        _ => false,
    }
}
