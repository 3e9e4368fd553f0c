//! Layers in which a table is a type: Diesel, SeaORM, and those that make a struct the row of one.

mod diesel;
mod generic;
mod links;
mod nearest;
mod prisma;
mod query;
mod rows;
mod sea_orm;
mod sea_query;

use rayon::prelude::*;

use crate::base::{Name, Place};
use crate::model::TableOp;
use crate::parse::tree::body::{Body, Expr, ExprId, Pat, PatId, Stmt};
use crate::parse::tree::items::{Attrs, ItemKind, UseLeaf};
use crate::parse::tree::types::TypeRef;
use crate::resolve::{DefId, Res};

use super::cx::{BodyView, Cx};
use super::render::type_names;
use super::sql::{SchemaChange, TableName};
use super::tables::{Found, loop_ranges};

pub(super) use sea_query::{Changes, migration_files, migrations};

/// What typed tables say.
#[derive(Default)]
pub(super) struct OrmFacts {
    pub accesses: Vec<Found>,
    /// Declarations of tables, with their places.
    pub schema: Vec<(Place, SchemaChange)>,
}

pub(super) fn orm(cx: &Cx) -> OrmFacts {
    let diesel = diesel::Tables::new(cx);
    let entities = sea_orm::Entities::new(cx);
    let rows = rows::Rows::new(cx);
    let prisma = prisma::Models::new(cx);
    let generic = generic::Generic::new(cx, &diesel, &entities);
    let mut facts = OrmFacts::default();
    facts.schema.extend(diesel.schema.iter().cloned());
    facts.schema.extend(entities.schema.iter().cloned());
    facts.schema.extend(prisma.schema.iter().cloned());
    let of_function = |&def: &DefId| {
        let mut found = Vec::new();
        if !diesel.is_empty() {
            diesel.accesses(cx, def, &mut found);
        }
        if !entities.is_empty() {
            entities.accesses(cx, def, &mut found);
        }
        if !rows.is_empty() {
            rows.accesses(cx, def, &mut found);
        }
        if !prisma.is_empty() {
            prisma.accesses(cx, def, &mut found);
        }
        sea_query::accesses(cx, def, &entities, &mut found);
        generic.accesses(cx, def, &mut found);
        found
    };
    facts.accesses = cx.def_of.as_slice().par_iter().flat_map_iter(of_function).collect();
    facts
}

/// An access at an expression.
fn found(
    cx: &Cx,
    view: &BodyView,
    expr: ExprId,
    at: u32,
    table: TableName,
    op: TableOp,
    joined: bool,
) -> Option<Found> {
    let range = view.body.ranges[expr];
    Some(Found {
        function: cx.function_of[view.def]?,
        site: cx.place_at(view.def, at),
        table,
        op,
        certainty: crate::model::Certainty::Certain,
        in_loop: loop_ranges(view.body).iter().any(|around| around.contains(range)),
        joined,
    })
}

/// The parent of each expression.
pub(super) fn parents(body: &Body) -> Vec<Option<ExprId>> {
    let mut parents = vec![None; body.exprs.len()];
    for (id, expr) in body.exprs.iter_enumerated() {
        expr.for_each_child(|child| parents[crate::base::Id::idx(child)] = Some(id));
    }
    parents
}

/// Every leaf of every `use` of a definition's file.
fn uses<'a>(cx: &Cx<'a>, file: crate::base::FileId) -> impl Iterator<Item = &'a UseLeaf> {
    cx.program.files.files[file].tree.items.iter().flat_map(|item| match &item.kind {
        ItemKind::Use(leaves) => &leaves[..],
        _ => &[],
    })
}

/// `key = value` or `key = "value"` of an attribute's text.
fn attr_value(attrs: &Attrs, attr: &str, key: &str) -> Option<String> {
    attrs.list.iter().filter(|found| found.path.last().is_some_and(|name| name == attr)).find_map(|found| {
        let mut rest = &*found.args;
        loop {
            let at = rest.find(key)?;
            let before = rest[..at].chars().next_back();
            let after = rest[at + key.len()..].trim_start();
            if before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
                && let Some(value) = after.strip_prefix('=')
            {
                let value = value.trim_start();
                let value = match value.strip_prefix('"') {
                    Some(text) => text.split('"').next().unwrap_or(""),
                    None => value.split([',', ')']).next().unwrap_or(value).trim(),
                };
                return Some(value.to_owned());
            }
            rest = &rest[at + key.len()..];
        }
    })
}

/// The names of the type that an expression has, as far as the text of the body shows it: of
/// `user::ActiveModel { … }` and of what is bound to it `user`, `ActiveModel`.
pub(super) fn type_of(cx: &Cx, view: &BodyView, expr: ExprId, depth: u32) -> Option<Vec<Name>> {
    if depth > 12 {
        return None;
    }
    let body = view.body;
    match view.expr(expr) {
        Expr::Struct { path, .. } => Some(path.segments.iter().map(|segment| segment.name).collect()),
        Expr::Call { callee, args } => {
            if let Some(crate::resolve::CallTarget::Resolved(def)) = view.target(expr)
                && let Some(ret) = cx.fn_decl(*def).and_then(|decl| decl.ret.as_ref())
            {
                let names = names_of(ret);
                // `user::ActiveModel::new()` is of the type that it is called on.
                match view.expr(*callee) {
                    Expr::Path(path)
                        if path.segments.len() > 1 && names.iter().any(|name| name == "Self") => {}
                    _ => return Some(names),
                }
            }
            match view.expr(*callee) {
                Expr::Path(path) if path.segments.len() > 1 => {
                    let names = path.segments.iter().map(|segment| segment.name);
                    Some(names.take(path.segments.len() - 1).collect())
                }
                // `Some(x)`, `Ok(x)`.
                Expr::Path(_) if args.len() == 1 => type_of(cx, view, args[0], depth + 1),
                _ => None,
            }
        }
        Expr::MethodCall { receiver, .. } => {
            if let Some(crate::resolve::CallTarget::Resolved(def)) = view.target(expr) {
                let names = cx.fn_decl(*def).and_then(|decl| decl.ret.as_ref()).map(names_of)?;
                if !names.iter().any(|name| name == "Self") {
                    return Some(names);
                }
            }
            type_of(cx, view, *receiver, depth + 1)
        }
        Expr::Try(inner)
        | Expr::Await(inner)
        | Expr::Ref { expr: inner, .. }
        | Expr::Unary { expr: inner, .. } => type_of(cx, view, *inner, depth + 1),
        Expr::Cast { ty, .. } => Some(names_of(ty)),
        Expr::Path(path) => {
            let Some(name) = path.as_name() else {
                return path.segments.is_empty().then(|| impl_names(cx, view.def)).flatten();
            };
            binding(cx, view, name, body.ranges[expr].start, depth)
        }
        Expr::Block { tail: Some(tail), .. } => type_of(cx, view, *tail, depth + 1),
        Expr::If { then, .. } => type_of(cx, view, *then, depth + 1),
        Expr::Match { arms, .. } => arms.iter().find_map(|arm| type_of(cx, view, arm.body, depth + 1)),
        _ => None,
    }
}

/// The names of the type that a method's implementation is for, also of one that a derive makes.
fn impl_names(cx: &Cx, def: DefId) -> Option<Vec<Name>> {
    match &cx.item(cx.def(def).parent?).kind {
        ItemKind::Impl { ty, .. } => Some(names_of(ty)),
        _ => None,
    }
}

fn names_of(ty: &TypeRef) -> Vec<Name> {
    let mut names = Vec::new();
    type_names(ty, &mut names);
    names
}

/// The type of the nearest binding of a name before a place.
fn binding(cx: &Cx, view: &BodyView, name: Name, before: u32, depth: u32) -> Option<Vec<Name>> {
    let body = view.body;
    let mut best: Option<(u32, Source)> = None;
    let mut note = |at: u32, source: Source| {
        if at < before && best.as_ref().is_none_or(|(known, _)| at >= *known) {
            best = Some((at, source));
        }
    };
    for (id, expr) in body.exprs.iter_enumerated() {
        match expr {
            Expr::Block { stmts, .. } => {
                for stmt in stmts {
                    if let Stmt::Let { pat, ty, init: Some(init), .. } = stmt
                        && binds(body, *pat, name)
                        // `let user = update(user)`: the old one is meant.
                        && body.ranges[*init].end <= before
                    {
                        match ty {
                            Some(ty) if **ty != TypeRef::Infer => {
                                note(body.ranges[*init].start, Source::Type(names_of(ty)))
                            }
                            _ => {
                                let part = tuple_part(view, *pat, *init, name).unwrap_or(*init);
                                note(body.ranges[*init].start, Source::Expr(part));
                            }
                        }
                    }
                }
            }
            Expr::Let { pat, expr } if binds(body, *pat, name) && body.ranges[*expr].end <= before => {
                note(body.ranges[*expr].start, Source::Expr(*expr))
            }
            Expr::Match { scrutinee, arms } => {
                for arm in arms.iter().filter(|arm| binds(body, arm.pat, name)) {
                    if body.ranges[arm.body].end >= before {
                        note(body.ranges[*scrutinee].start, Source::Expr(*scrutinee));
                    }
                }
            }
            Expr::Loop { kind: crate::parse::tree::body::LoopKind::For { pat, iter }, .. }
                if binds(body, *pat, name) =>
            {
                note(body.ranges[*iter].start, Source::Expr(*iter));
            }
            Expr::Closure { params, .. } if params.iter().any(|(pat, _)| binds(body, *pat, name)) => {
                let _ = id;
            }
            _ => {}
        }
    }
    match best {
        Some((_, Source::Type(names))) => Some(names),
        Some((_, Source::Expr(expr))) => type_of(cx, view, expr, depth + 1),
        None => {
            let at = body.params.iter().position(|&pat| binds(body, pat, name))?;
            cx.fn_decl(view.def)?.params.get(at).map(|param| names_of(&param.ty))
        }
    }
}

enum Source {
    Type(Vec<Name>),
    Expr(ExprId),
}

/// Of `let (order, lines) = pair`, where `pair` is a tuple of the body, the part that a name is.
fn tuple_part(view: &BodyView, pat: PatId, init: ExprId, name: Name) -> Option<ExprId> {
    let Pat::Tuple { pats, .. } = &view.body.pats[pat] else { return None };
    let at = pats.iter().position(|&pat| binds(view.body, pat, name))?;
    let mut init = init;
    if let Expr::Path(path) = view.expr(init) {
        init = super::strings::last_let(view.body, path.as_name()?, init)?;
    }
    match view.expr(init) {
        Expr::Tuple(parts) if parts.len() == pats.len() => parts.get(at).copied(),
        _ => None,
    }
}

fn binds(body: &Body, pat: PatId, wanted: Name) -> bool {
    match &body.pats[pat] {
        Pat::Bind { name, sub, .. } => *name == wanted || sub.is_some_and(|sub| binds(body, sub, wanted)),
        Pat::Typed { pat, .. } | Pat::Ref(pat) => binds(body, *pat, wanted),
        Pat::Tuple { pats, .. } | Pat::TupleStruct { pats, .. } => {
            pats.iter().any(|&pat| binds(body, pat, wanted))
        }
        Pat::Slice(pats) | Pat::Or(pats) => pats.iter().any(|&pat| binds(body, pat, wanted)),
        Pat::Struct { fields, .. } => fields.iter().any(|&(_, pat)| binds(body, pat, wanted)),
        Pat::Wild | Pat::Path(_) => false,
    }
}

/// Whether a path is certainly a local variable.
fn is_local(view: &BodyView, expr: ExprId) -> bool {
    matches!(view.path(expr), Some(Res::Local))
}

#[cfg(test)]
mod tests;
