//! Functions that are written once for many tables: `create::<TaskBmc, _>(…)` of a function that inserts into
//! `T::TABLE`, `Comment::read(…)` of a trait whose method reads `Self::table()`, `save_all(models)` of one that
//! does `E::insert_many(models)`. What they do is counted where the type is known.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::{Id, Name, UnorderedMap};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::render::type_names;
use crate::facts::sql::TableName;
use crate::facts::strings;
use crate::facts::tables::Found;
use crate::model::TableOp;
use crate::parse::tree::body::{Expr, ExprId, Literal};
use crate::parse::tree::items::ItemKind;
use crate::parse::tree::types::{Path, TypeRef};
use crate::resolve::{CallTarget, DefId, DefKind};

use super::diesel::Tables;
use super::sea_orm::{Entities, static_op};
use super::{found, parents, type_of};

/// Rounds in which what generic functions do goes up to generic callers.
const ROUNDS: usize = 6;

/// A type that a function leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Open {
    /// `Self` of a trait's method.
    Own,
    /// The type parameter at this place of the function's list.
    Param(usize),
}

type Ops = BTreeSet<(Open, TableOp)>;

/// What is known of types and of generic functions.
pub(super) struct Generic<'g> {
    diesel: &'g Tables,
    entities: &'g Entities,
    /// Types whose implementation of a trait names a table.
    named: UnorderedMap<Name, TableName>,
    ops: UnorderedMap<DefId, Ops>,
}

impl<'g> Generic<'g> {
    pub(super) fn new(cx: &Cx, diesel: &'g Tables, entities: &'g Entities) -> Self {
        let named = named_tables(cx);
        let mut found = Self { diesel, entities, named, ops: UnorderedMap::new() };
        let open: Vec<DefId> = cx.def_of.iter().copied().filter(|&def| leaves_open(cx, def)).collect();
        let own: Vec<Ops> = open.par_iter().map(|&def| found.own(cx, def)).collect();
        let mut any = false;
        for (&def, ops) in open.iter().zip(own).filter(|(_, ops)| !ops.is_empty()) {
            any = true;
            found.ops.insert(def, ops);
        }
        for _ in 0..if any { ROUNDS } else { 0 } {
            let more: Vec<Ops> = open.par_iter().map(|&def| found.passed_on(cx, def)).collect();
            let mut changed = false;
            for (&def, ops) in open.iter().zip(more) {
                let known = found.ops.get_or_insert_with(def, Ops::new);
                let before = known.len();
                known.extend(ops);
                changed |= known.len() > before;
            }
            if !changed {
                break;
            }
        }
        found
    }

    /// What a function does to tables by way of generic functions, where it says the type.
    pub(super) fn accesses(&self, cx: &Cx, def: DefId, out: &mut Vec<Found>) {
        self.calls(cx, def, |view, expr, names, op| {
            let Some(table) = self.table(cx, def, names) else { return };
            out.extend(found(cx, view, expr, cx.expr_start(view.body, expr), table, op, false));
        });
    }

    /// What a generic function does by way of others to a type that it leaves open itself.
    fn passed_on(&self, cx: &Cx, def: DefId) -> Ops {
        let mut ops = Ops::new();
        self.calls(cx, def, |_, _, names, op| {
            ops.extend(names.last().and_then(|&name| open_type(cx, def, name)).map(|open| (open, op)));
        });
        ops
    }

    /// Every call of a generic function, with the names of the type that it is called with and what it does
    /// to its table.
    fn calls(&self, cx: &Cx, def: DefId, mut each: impl FnMut(&BodyView, ExprId, &[Name], TableOp)) {
        if self.ops.is_empty() {
            return;
        }
        let callee = |target: &CallTarget| match target {
            CallTarget::Resolved(callee) => Some(*callee),
            CallTarget::OneOf(all) => all.first().copied(),
            _ => None,
        };
        let generic = |target: &CallTarget| callee(target).filter(|callee| self.ops.contains_key(callee));
        if !cx.program.calls[def].iter().any(|call| generic(&call.target).is_some()) {
            return;
        }
        let Some(view) = BodyView::new(cx.program, def) else { return };
        for expr in view.body.exprs.ids() {
            let Some(callee) = view.target(expr).and_then(generic) else { continue };
            let Some(ops) = self.ops.get(&callee) else { continue };
            for &(open, op) in ops {
                for names in self.type_at(cx, &view, expr, callee, open) {
                    if open_type(cx, def, *names.last().unwrap_or(&Name::new(""))).is_some()
                        || self.table(cx, def, &names).is_some()
                    {
                        each(&view, expr, &names, op);
                        break;
                    }
                }
            }
        }
    }

    /// The names that a type may have with which a generic function is called, the best first.
    fn type_at(&self, cx: &Cx, view: &BodyView, call: ExprId, callee: DefId, open: Open) -> Vec<Vec<Name>> {
        let mut all = Vec::new();
        let (path, turbofish, receiver, args): (_, Option<&[TypeRef]>, _, &[ExprId]) = match view.expr(call) {
            Expr::Call { callee, args } => {
                let Expr::Path(path) = view.expr(*callee) else { return all };
                let last = path.segments.last();
                let types = last.and_then(|last| last.args.as_ref()).map(|args| &*args.types);
                (Some(path), types, None, args)
            }
            Expr::MethodCall { receiver, generics, args, .. } => {
                (None, generics.as_deref(), Some(*receiver), args)
            }
            _ => return all,
        };
        match open {
            Open::Own => {
                if let Some(path) = path {
                    let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
                    all.extend(names.split_last().map(|(_, ty)| ty.to_vec()).filter(|ty| !ty.is_empty()));
                }
                let receiver = receiver.or_else(|| args.first().copied().filter(|_| path.is_some()));
                all.extend(receiver.and_then(|receiver| type_of(cx, view, receiver, 0)));
            }
            Open::Param(at) => {
                if let Some(ty) =
                    turbofish.and_then(|types| types.get(at)).filter(|ty| **ty != TypeRef::Infer)
                {
                    let mut names = Vec::new();
                    type_names(ty, &mut names);
                    all.push(names);
                }
                let decl = cx.fn_decl(callee);
                let param = decl.and_then(|decl| Some(decl.generics.params.get(at)?.0));
                let takes = |at: usize| {
                    let mut names = Vec::new();
                    if let Some(given) = decl.and_then(|decl| decl.params.get(at)) {
                        type_names(&given.ty, &mut names);
                    }
                    param.is_some_and(|param| names.contains(&param))
                };
                // `Trait::f(self, a)` gives the receiver first.
                let skipped = usize::from(path.is_some() && decl.is_some_and(|decl| decl.is_method));
                let args: Vec<(usize, ExprId)> = args.iter().copied().skip(skipped).enumerate().collect();
                let (direct, other): (Vec<_>, Vec<_>) = args.into_iter().partition(|&(at, _)| takes(at));
                for (_, arg) in direct.into_iter().chain(other) {
                    all.extend(type_of(cx, view, arg, 0));
                }
            }
        }
        all
    }

    /// The table of a type, by its names.
    fn table(&self, cx: &Cx, def: DefId, names: &[Name]) -> Option<TableName> {
        let last = *names.last()?;
        if last == "Self" {
            let own = super::impl_names(cx, def).filter(|own| own.iter().all(|name| *name != "Self"))?;
            return self.table(cx, def, &own);
        }
        let entity = (0..names.len()).find_map(|start| self.entities.of_written(cx, def, &names[start..]));
        let entity = entity.map(|entity| self.entities.table(entity).clone());
        entity.or_else(|| {
            names.iter().rev().find_map(|name| {
                self.named.get(name).cloned().or_else(|| self.diesel.of_model(*name).cloned())
            })
        })
    }

    /// What a function's own body does to tables of types that it leaves open.
    fn own(&self, cx: &Cx, def: DefId) -> Ops {
        let mut ops = Ops::new();
        let Some(body) = cx.body(def) else { return ops };
        let open = |path: &Path| match &path.segments[..] {
            [ty, .., _] => open_type(cx, def, ty.name),
            _ => None,
        };
        if !body.exprs.iter().any(|expr| matches!(expr, Expr::Path(path) if open(path).is_some())) {
            return ops;
        }
        let Some(view) = BodyView::new(cx.program, def) else { return ops };
        let parents = parents(body);
        for (id, expr) in body.exprs.iter_enumerated() {
            let Expr::Path(path) = expr else { continue };
            let (Some(ty), Some(last)) = (open(path), path.last()) else { continue };
            let called = parents[id.idx()]
                .filter(|&parent| matches!(&body.exprs[parent], Expr::Call { callee, .. } if *callee == id));
            // `E::find()` of a trait outside.
            if let Some(call) = called
                && let Some(op) = static_op(last.as_str())
                && path.segments.len() == 2
                && !matches!(view.target(call), Some(CallTarget::Resolved(_) | CallTarget::OneOf(_)))
                && cx.depends_on(def, &["sea_orm".to_owned()])
            {
                ops.insert((ty, op));
            } else if names_table(last) {
                ops.extend(used(&view, &parents, called.unwrap_or(id)).map(|op| (ty, op)));
            }
        }
        ops
    }
}

/// `TABLE`, `table_name()`, `table()`: what a type says of its table.
fn names_table(name: Name) -> bool {
    let name = name.as_str().to_ascii_lowercase();
    matches!(name.as_str(), "table" | "table_name" | "tablename" | "table_ref" | "db_table" | "sql_table")
}

/// What is done to a table that stands at an expression: by the query around it, or by the text that it is
/// put into.
fn used(view: &BodyView, parents: &[Option<ExprId>], at: ExprId) -> Option<TableOp> {
    let mut current = at;
    let mut op = None;
    while let Some(parent) = parents[current.idx()] {
        match view.expr(parent) {
            Expr::Macro(call) => {
                let name = call.path.last()?;
                let text = call.args.iter().find_map(|&arg| match view.expr(arg) {
                    Expr::Literal(Literal::Str(text)) => Some(text),
                    _ => None,
                });
                return match name.as_str() {
                    "format" | "formatcp" | "concatcp" | "concat" => verb(text?),
                    _ => None,
                };
            }
            Expr::MethodCall { receiver, name, args, .. } if args.contains(&current) => {
                return match name.as_str() {
                    "into_table" | "insert_into" => Some(TableOp::Insert),
                    "from_table" => Some(TableOp::Delete),
                    "table" => Some(TableOp::Update),
                    "from" | "inner_join" | "left_join" | "join" => match root(view, *receiver) {
                        Some("delete") => Some(TableOp::Delete),
                        _ => Some(TableOp::Read),
                    },
                    _ => op,
                };
            }
            Expr::Call { callee, .. } if *callee != current => {
                let Expr::Path(path) = view.expr(*callee) else { return op };
                return match path.last()?.as_str() {
                    "insert_into" => Some(TableOp::Insert),
                    "update" => Some(TableOp::Update),
                    "delete" => Some(TableOp::Delete),
                    _ => op,
                };
            }
            Expr::MethodCall { .. } => op = Some(TableOp::Read),
            Expr::Ref { .. } | Expr::Call { .. } | Expr::Await(_) | Expr::Try(_) => {}
            _ => break,
        }
        current = parent;
    }
    op
}

/// The function at the start of a chain: of `Query::delete().from(…)` it is `delete`.
fn root<'v>(view: &BodyView<'v>, mut expr: ExprId) -> Option<&'v str> {
    loop {
        match view.expr(expr) {
            Expr::MethodCall { receiver, .. } => expr = *receiver,
            Expr::Call { callee, .. } => {
                let Expr::Path(path) = view.expr(*callee) else { return None };
                return path.segments.last().map(|segment| segment.name.as_str());
            }
            Expr::Path(path) => expr = strings::last_let(view.body, path.as_name()?, expr)?,
            _ => return None,
        }
    }
}

/// What a statement does to its first table, by its first word.
fn verb(text: &str) -> Option<TableOp> {
    let word = text.split_whitespace().next()?;
    match word.to_ascii_uppercase().as_str() {
        "SELECT" => Some(TableOp::Read),
        "INSERT" | "REPLACE" => Some(TableOp::Insert),
        "UPDATE" => Some(TableOp::Update),
        "DELETE" | "TRUNCATE" => Some(TableOp::Delete),
        _ => None,
    }
}

/// Whether a function may be called with types that it does not know.
fn leaves_open(cx: &Cx, def: DefId) -> bool {
    if cx.body(def).is_none() || cx.def(def).is_test {
        return false;
    }
    let of_trait = cx.def(def).parent.is_some_and(|parent| cx.def(parent).kind == DefKind::Trait);
    of_trait || cx.fn_decl(def).is_some_and(|decl| !decl.generics.params.is_empty())
}

/// What a name of a type leaves open in a function.
fn open_type(cx: &Cx, def: DefId, name: Name) -> Option<Open> {
    if name == "Self" {
        let parent = cx.def(def).parent?;
        return (cx.def(parent).kind == DefKind::Trait).then_some(Open::Own);
    }
    let generics = &cx.fn_decl(def)?.generics;
    generics.params.iter().position(|(param, _)| *param == name).map(Open::Param)
}

/// Tables that implementations of traits name: `const TABLE: &str = "tasks"`, `fn table_name() -> &str`.
fn named_tables(cx: &Cx) -> UnorderedMap<Name, TableName> {
    let mut found: BTreeMap<Name, Option<TableName>> = BTreeMap::new();
    for (id, def) in cx.program.defs.iter_enumerated() {
        if def.is_test || !matches!(def.kind, DefKind::Const | DefKind::Fn) || !names_table(def.name) {
            continue;
        }
        let Some(parent) = def.parent else { continue };
        let ItemKind::Impl { ty, trait_: Some(_), .. } = &cx.item(parent).kind else { continue };
        let mut names = Vec::new();
        type_names(ty, &mut names);
        let text = match def.kind {
            DefKind::Const => strings::constant_text(cx, id),
            _ => returned(cx, id),
        };
        let Some((ty, text)) = names.last().copied().zip(text) else { continue };
        let mut parts = text.rsplitn(2, '.');
        let name = parts.next().unwrap_or_default().trim_matches('"').to_lowercase();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_name {
            continue;
        }
        let table = TableName { name, schema: parts.next().map(str::to_lowercase) };
        // Two types of one name: which is meant, a body does not say.
        let known = found.entry(ty).or_insert_with(|| Some(table.clone()));
        if known.as_ref() != Some(&table) {
            *known = None;
        }
    }
    found.into_iter().filter_map(|(ty, table)| Some((ty, table?))).collect()
}

/// The text that is all a function gives.
fn returned(cx: &Cx, def: DefId) -> Option<String> {
    let view = BodyView::new(cx.program, def)?;
    let text = strings::text_of(cx, &view, view.body.root?)?;
    text.exact().map(str::to_owned)
}
