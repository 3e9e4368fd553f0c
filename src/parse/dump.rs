//! Prints trees for tests: one line per item, bodies as they were understood.

use std::fmt::Write as _;

use super::ParsedFile;
use super::tree::body::{BlockKind, Body, Expr, ExprId, LoopKind, Pat, PatId, Stmt};
use super::tree::items::{Attrs, Cfg, ItemIdx, ItemKind, ItemTree, UseKind, Variant, Visibility};
use super::tree::types::{Generics, Path, PathStart, TypeRef};

/// The dump of one file.
pub fn dump(file: &ParsedFile) -> String {
    let mut out = String::new();
    if let Some((line, message)) = &file.error {
        writeln!(out, "error on line {line}: {message}").unwrap();
    }
    let tree = &file.tree;
    attrs(&mut out, "", "#!", &tree.attrs);
    for &item in &tree.top {
        dump_item(&mut out, tree, item, 0);
    }
    out
}

fn attrs(out: &mut String, indent: &str, mark: &str, attrs: &Attrs) {
    for attr in &attrs.list {
        writeln!(out, "{indent}{mark}[{} {:?}]", path(&attr.path), attr.args).unwrap();
    }
    if let Some(found) = &attrs.cfg {
        writeln!(out, "{indent}{mark}[cfg {}]", cfg(found)).unwrap();
    }
}

fn cfg(found: &Cfg) -> String {
    let list = |parts: &[Cfg]| parts.iter().map(cfg).collect::<Vec<_>>().join(", ");
    match found {
        Cfg::Flag(name) => name.to_string(),
        Cfg::Value(name, value) => format!("{name}={value}"),
        Cfg::All(parts) => format!("all({})", list(parts)),
        Cfg::Any(parts) => format!("any({})", list(parts)),
        Cfg::Not(part) => format!("not({})", cfg(part)),
    }
}

fn visibility(vis: &Visibility) -> String {
    match vis {
        Visibility::Private => String::new(),
        Visibility::Public => "pub ".to_owned(),
        Visibility::In(at) => format!("pub({}) ", path(at)),
    }
}

fn dump_item(out: &mut String, tree: &ItemTree, idx: ItemIdx, depth: usize) {
    let item = &tree.items[idx];
    let indent = "  ".repeat(depth);
    attrs(out, &indent, "#", &item.attrs);
    write!(out, "{indent}{}", visibility(&item.visibility)).unwrap();
    let name = item.name;
    let mut inner: &[ItemIdx] = &[];
    match &item.kind {
        ItemKind::Mod { content: None } => write!(out, "mod {name};").unwrap(),
        ItemKind::Mod { content: Some(items) } => {
            write!(out, "mod {name}").unwrap();
            inner = items;
        }
        ItemKind::Use(leaves) => {
            let leaf = |leaf: &super::tree::items::UseLeaf| {
                let kind = match leaf.kind {
                    UseKind::Named(name) => format!(" as {name}"),
                    UseKind::Anonymous => " as _".to_owned(),
                    UseKind::Glob => "::*".to_owned(),
                };
                format!("{}{kind}", path(&leaf.path))
            };
            write!(out, "use {}", leaves.iter().map(leaf).collect::<Vec<_>>().join(", ")).unwrap();
        }
        ItemKind::ExternCrate { krate } => write!(out, "extern crate {krate} as {name}").unwrap(),
        ItemKind::Fn(decl) => {
            let mut params = Vec::new();
            if let Some(receiver) = &decl.receiver {
                let and = if receiver.reference { "&" } else { "" };
                let mutable = if receiver.mutable { "mut " } else { "" };
                let typed = receiver.ty.as_ref().map_or_else(String::new, |found| format!(": {}", ty(found)));
                params.push(format!("{and}{mutable}self{typed}"));
            }
            for param in &decl.params {
                let name = param.name.map_or_else(|| "_".to_owned(), |name| name.to_string());
                params.push(format!("{name}: {}", ty(&param.ty)));
            }
            let is_async = if decl.is_async { "async " } else { "" };
            write!(out, "{is_async}fn {name}{}({})", generics(&decl.generics), params.join(", ")).unwrap();
            if let Some(ret) = &decl.ret {
                write!(out, " -> {}", ty(ret)).unwrap();
            }
            out.push_str(&bounds(&decl.generics));
            if let Some(body) = decl.body {
                out.push('\n');
                return dump_body(out, tree, &tree.bodies[body], depth + 1);
            }
            out.push(';');
        }
        ItemKind::Adt(adt) => {
            write!(out, "{:?} {name}{}", adt.kind, generics(&adt.generics)).unwrap();
            let derives: Vec<String> = adt.derives.iter().map(path).collect();
            if !derives.is_empty() {
                write!(out, " derives {}", derives.join(", ")).unwrap();
            }
            let variants: Vec<String> = adt.variants.iter().map(variant).collect();
            write!(out, ": {}{}", variants.join(" | "), bounds(&adt.generics)).unwrap();
        }
        ItemKind::Trait { generics: found, supertraits, items } => {
            let supers = supertraits.iter().map(path).collect::<Vec<_>>().join(" + ");
            write!(out, "trait {name}{}: {supers}{}", generics(found), bounds(found)).unwrap();
            inner = items;
        }
        ItemKind::Impl { generics: found, trait_, negative, ty: self_ty, items } => {
            write!(out, "impl{} ", generics(found)).unwrap();
            if let Some(trait_) = trait_ {
                write!(out, "{}{} for ", if *negative { "!" } else { "" }, path(trait_)).unwrap();
            }
            write!(out, "{}{}", ty(self_ty), bounds(found)).unwrap();
            inner = items;
        }
        ItemKind::TypeAlias { generics: found, bounds: traits, ty: alias } => {
            write!(out, "type {name}{}", generics(found)).unwrap();
            if !traits.is_empty() {
                write!(out, ": {}", traits.iter().map(path).collect::<Vec<_>>().join(" + ")).unwrap();
            }
            if let Some(alias) = alias {
                write!(out, " = {}", ty(alias)).unwrap();
            }
        }
        ItemKind::Value { is_static, mutable, ty: found, body } => {
            let word = if *is_static { "static" } else { "const" };
            write!(out, "{word} {}{name}: {}", if *mutable { "mut " } else { "" }, ty(found)).unwrap();
            if let Some(body) = body {
                out.push('\n');
                return dump_body(out, tree, &tree.bodies[*body], depth + 1);
            }
        }
        ItemKind::MacroRules { exported, .. } => {
            write!(out, "macro_rules! {name}{}", if *exported { " (exported)" } else { "" }).unwrap();
        }
        ItemKind::MacroCall { path: called, .. } => write!(out, "{}!", path(called)).unwrap(),
    }
    out.push('\n');
    for &item in inner {
        dump_item(out, tree, item, depth + 1);
    }
}

fn variant(variant: &Variant) -> String {
    let field = |field: &super::tree::items::Field| {
        format!("{}{}: {}", visibility(&field.visibility), field.name, ty(&field.ty))
    };
    let fields = variant.fields.iter().map(field).collect::<Vec<_>>().join(", ");
    format!("{} {:?}({fields})", variant.name, variant.form)
}

fn generics(generics: &Generics) -> String {
    if generics.params.is_empty() {
        return String::new();
    }
    let params = generics.params.iter().map(|(name, default)| match default {
        Some(default) => format!("{name} = {}", ty(default)),
        None => name.to_string(),
    });
    format!("<{}>", params.collect::<Vec<_>>().join(", "))
}

fn bounds(generics: &Generics) -> String {
    let bounds = generics.bounds.iter().map(|bound| {
        let traits = bound.traits.iter().map(path).collect::<Vec<_>>().join(" + ");
        format!("{}: {traits}", ty(&bound.ty))
    });
    let bounds: Vec<String> = bounds.collect();
    if bounds.is_empty() { String::new() } else { format!(" where {}", bounds.join(", ")) }
}

/// A path as it was understood.
pub fn path(found: &Path) -> String {
    let mut parts = Vec::new();
    match &found.start {
        PathStart::Plain => {}
        PathStart::Global => parts.push(String::new()),
        PathStart::Crate => parts.push("crate".to_owned()),
        PathStart::DollarCrate(name) => parts.push(format!("$crate[{name}]")),
        PathStart::SelfModule => parts.push("self".to_owned()),
        PathStart::Super(n) => parts.extend((0..*n).map(|_| "super".to_owned())),
        PathStart::Qualified { ty: found, n_trait } => parts.push(format!("<{} as {n_trait}>", ty(found))),
    }
    for segment in &found.segments {
        let mut part = segment.name.to_string();
        if let Some(args) = &segment.args {
            let mut list: Vec<String> = args.types.iter().map(ty).collect();
            list.extend(args.bindings.iter().map(|(name, bound)| format!("{name}={}", ty(bound))));
            write!(part, "<{}>", list.join(", ")).unwrap();
        }
        parts.push(part);
    }
    parts.join("::")
}

/// A type as it was understood.
pub fn ty(found: &TypeRef) -> String {
    let list = |types: &[TypeRef]| types.iter().map(ty).collect::<Vec<_>>().join(", ");
    let sum = |paths: &[Path]| paths.iter().map(path).collect::<Vec<_>>().join(" + ");
    match found {
        TypeRef::Path(found) => path(found),
        TypeRef::Ref { mutable, inner } => format!("&{}{}", if *mutable { "mut " } else { "" }, ty(inner)),
        TypeRef::Ptr(inner) => format!("*{}", ty(inner)),
        TypeRef::Tuple(types) => format!("({})", list(types)),
        TypeRef::Slice(inner) => format!("[{}]", ty(inner)),
        TypeRef::Array(inner) => format!("[{}; _]", ty(inner)),
        TypeRef::Fn { params, ret } => format!("fn({}) -> {}", list(params), ty(ret)),
        TypeRef::Impl(bounds) => format!("impl {}", sum(bounds)),
        TypeRef::Dyn(bounds) => format!("dyn {}", sum(bounds)),
        TypeRef::Never => "!".to_owned(),
        TypeRef::Infer => "_".to_owned(),
        TypeRef::Const => "const".to_owned(),
        TypeRef::Macro(name) => format!("{name}!"),
    }
}

fn dump_body(out: &mut String, tree: &ItemTree, body: &Body, depth: usize) {
    let mut printer = Printer { tree, body, out, depth };
    if !body.params.is_empty() {
        let params: Vec<String> = body.params.iter().map(|&pat| printer.pat(pat)).collect();
        printer.line(&format!("params {}", params.join(", ")));
    }
    if let Some(root) = body.root {
        match &body.exprs[root] {
            Expr::Block { .. } => printer.block(root),
            _ => {
                let text = printer.expr(root);
                printer.line(&text);
            }
        }
    }
}

struct Printer<'a> {
    tree: &'a ItemTree,
    body: &'a Body,
    out: &'a mut String,
    depth: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        writeln!(self.out, "{}{text}", "  ".repeat(self.depth)).unwrap();
    }

    fn block(&mut self, id: ExprId) {
        let body = self.body;
        let Expr::Block { items, stmts, tail, .. } = &body.exprs[id] else { return };
        for &item in items {
            dump_item(self.out, self.tree, item, self.depth);
        }
        for stmt in stmts {
            let text = self.stmt(stmt);
            self.line(&text);
        }
        if let Some(tail) = tail {
            let text = self.expr(*tail);
            self.line(&text);
        }
    }

    fn stmt(&self, stmt: &Stmt) -> String {
        match stmt {
            Stmt::Let { pat, ty: found, init, else_ } => {
                let mut text = format!("let {}", self.pat(*pat));
                if let Some(found) = found {
                    write!(text, ": {}", ty(found)).unwrap();
                }
                if let Some(init) = init {
                    write!(text, " = {}", self.expr(*init)).unwrap();
                }
                if let Some(else_) = else_ {
                    write!(text, " else {}", self.expr(*else_)).unwrap();
                }
                text + ";"
            }
            Stmt::Expr { expr, semicolon } => self.expr(*expr) + if *semicolon { ";" } else { "" },
        }
    }

    fn list(&self, exprs: &[ExprId]) -> String {
        exprs.iter().map(|&expr| self.expr(expr)).collect::<Vec<_>>().join(", ")
    }

    fn expr(&self, id: ExprId) -> String {
        match &self.body.exprs[id] {
            Expr::Path(found) => path(found),
            Expr::Literal(literal) => format!("{literal:?}"),
            Expr::Call { callee, args } => format!("{}({})", self.expr(*callee), self.list(args)),
            Expr::MethodCall { receiver, name, generics, args, .. } => {
                let generics = generics.as_ref().map_or_else(String::new, |types| {
                    format!("::<{}>", types.iter().map(ty).collect::<Vec<_>>().join(", "))
                });
                format!("{}.{name}{generics}({})", self.expr(*receiver), self.list(args))
            }
            Expr::Field { base, name } => format!("{}.{name}", self.expr(*base)),
            Expr::Index { base, index } => format!("{}[{}]", self.expr(*base), self.expr(*index)),
            Expr::Block { kind, items, stmts, tail } => {
                let mut parts: Vec<String> =
                    items.iter().map(|&item| format!("item {}", self.tree.items[item].name)).collect();
                parts.extend(stmts.iter().map(|stmt| self.stmt(stmt)));
                parts.extend(tail.map(|tail| self.expr(tail)));
                let kind = match kind {
                    BlockKind::Plain => String::new(),
                    kind => format!("{kind:?} ").to_lowercase(),
                };
                format!("{kind}{{ {} }}", parts.join(" "))
            }
            Expr::If { cond, then, else_ } => {
                let else_ = else_.map_or_else(String::new, |else_| format!(" else {}", self.expr(else_)));
                format!("if {} {}{else_}", self.expr(*cond), self.expr(*then))
            }
            Expr::Let { pat, expr } => format!("let {} = {}", self.pat(*pat), self.expr(*expr)),
            Expr::Match { scrutinee, arms } => {
                let arm = |arm: &super::tree::body::Arm| {
                    let guard =
                        arm.guard.map_or_else(String::new, |guard| format!(" if {}", self.expr(guard)));
                    format!("{}{guard} => {}", self.pat(arm.pat), self.expr(arm.body))
                };
                let arms = arms.iter().map(arm).collect::<Vec<_>>().join(", ");
                format!("match {} {{ {arms} }}", self.expr(*scrutinee))
            }
            Expr::Loop { kind, body } => {
                let head = match kind {
                    LoopKind::Loop => "loop".to_owned(),
                    LoopKind::While { cond } => format!("while {}", self.expr(*cond)),
                    LoopKind::For { pat, iter } => format!("for {} in {}", self.pat(*pat), self.expr(*iter)),
                };
                format!("{head} {}", self.expr(*body))
            }
            Expr::Closure { params, ret, body, is_async } => {
                let param = |(pat, found): &(PatId, TypeRef)| format!("{}: {}", self.pat(*pat), ty(found));
                let params = params.iter().map(param).collect::<Vec<_>>().join(", ");
                let ret = ret.as_ref().map_or_else(String::new, |ret| format!(" -> {}", ty(ret)));
                format!("{}|{params}|{ret} {}", if *is_async { "async " } else { "" }, self.expr(*body))
            }
            Expr::Await(expr) => format!("{}.await", self.expr(*expr)),
            Expr::Try(expr) => format!("{}?", self.expr(*expr)),
            Expr::Ref { mutable, expr } => {
                format!("&{}{}", if *mutable { "mut " } else { "" }, self.expr(*expr))
            }
            Expr::Unary { op, expr } => format!("{op:?}({})", self.expr(*expr)),
            Expr::Binary { op, left, right } => format!("({} {op} {})", self.expr(*left), self.expr(*right)),
            Expr::Assign { left, right } => format!("{} = {}", self.expr(*left), self.expr(*right)),
            Expr::Range { start, end } => {
                let part = |part: &Option<ExprId>| part.map_or_else(String::new, |part| self.expr(part));
                format!("{}..{}", part(start), part(end))
            }
            Expr::Tuple(exprs) => format!("({},)", self.list(exprs)),
            Expr::Array(exprs) => format!("[{}]", self.list(exprs)),
            Expr::Repeat { value, len } => format!("[{}; {}]", self.expr(*value), self.expr(*len)),
            Expr::Struct { path: of, fields, rest } => {
                let mut parts: Vec<String> =
                    fields.iter().map(|(name, expr)| format!("{name}: {}", self.expr(*expr))).collect();
                parts.extend(rest.map(|rest| format!("..{}", self.expr(rest))));
                format!("{} {{ {} }}", path(of), parts.join(", "))
            }
            Expr::Cast { expr, ty: found } => format!("{} as {}", self.expr(*expr), ty(found)),
            Expr::Jump { kind, value } => {
                let value = value.map_or_else(String::new, |value| format!(" {}", self.expr(value)));
                format!("{}{value}", format!("{kind:?}").to_lowercase())
            }
            Expr::Macro(call) => {
                let mentions = call.mentions.iter().map(path).collect::<Vec<_>>().join(", ");
                let mark = if call.complete { String::new() } else { format!(" mentions {mentions}") };
                format!("{}![{}{mark}]", path(&call.path), self.list(&call.args))
            }
            Expr::Other(exprs) => format!("other({})", self.list(exprs)),
            Expr::Missing => "missing".to_owned(),
        }
    }

    fn pat(&self, id: PatId) -> String {
        let list = |pats: &[PatId]| pats.iter().map(|&pat| self.pat(pat)).collect::<Vec<_>>().join(", ");
        let rest = |rest: &Option<u32>| rest.map_or_else(String::new, |at| format!(" (.. at {at})"));
        match &self.body.pats[id] {
            Pat::Bind { name, by_ref, sub } => {
                let sub = sub.map_or_else(String::new, |sub| format!(" @ {}", self.pat(sub)));
                format!("{}{name}{sub}", if *by_ref { "ref " } else { "" })
            }
            Pat::Wild => "_".to_owned(),
            Pat::Path(found) => path(found),
            Pat::TupleStruct { path: of, pats, rest: at } => {
                format!("{}({}{})", path(of), list(pats), rest(at))
            }
            Pat::Struct { path: of, fields } => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, pat)| format!("{name}: {}", self.pat(*pat))).collect();
                format!("{} {{ {} }}", path(of), fields.join(", "))
            }
            Pat::Tuple { pats, rest: at } => format!("({}{})", list(pats), rest(at)),
            Pat::Slice(pats) => format!("[{}]", list(pats)),
            Pat::Ref(pat) => format!("&{}", self.pat(*pat)),
            Pat::Or(pats) => pats.iter().map(|&pat| self.pat(pat)).collect::<Vec<_>>().join(" | "),
            Pat::Typed { pat, ty: found } => format!("{}: {}", self.pat(*pat), ty(found)),
        }
    }
}
