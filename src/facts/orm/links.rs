//! How SeaORM's entities hang together: the tables between two of them, and the statements that follow from
//! it. Of relations written out (`fn via()`, `impl Linked`) and of those that are fields of the model
//! (`#[sea_orm(has_many, via = "post_tag")] tags: HasMany<super::tag::Entity>`), which bring loaders
//! (`post::Entity::load().with(tag::Entity)`) and nested writes (`post::ActiveModel::builder().add_tag(…)`).

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Name;
use crate::facts::cx::{BodyView, Cx};
use crate::facts::render::type_names;
use crate::facts::sql::{Change, KeyDecl, SchemaChange};
use crate::facts::tables::Found;
use crate::model::TableOp;
use crate::parse::tree::body::{Expr, ExprId};
use crate::parse::tree::items::{Field, ItemKind};
use crate::resolve::{DefId, DefKind};

use super::sea_orm::{Entities, active_op, snake, static_op};
use super::{attr_value, found};

/// What leads from an entity to others.
#[derive(Default)]
pub(super) struct Links {
    /// Entities between two others.
    between: BTreeMap<(usize, usize), BTreeSet<usize>>,
    /// What a type that is `Linked` leads through, its end last.
    linked: BTreeMap<Name, Vec<usize>>,
}

/// Fields that hold other entities.
pub(super) fn is_relation(field: &Field) -> bool {
    let mut names = Vec::new();
    type_names(&field.ty, &mut names);
    names.first().is_some_and(|name| matches!(name.as_str(), "HasOne" | "HasMany" | "BelongsTo"))
}

impl Links {
    pub(super) fn new(cx: &Cx, entities: &Entities) -> Self {
        let mut links = Self::default();
        for (id, def) in cx.program.defs.iter_enumerated() {
            if def.is_test {
                continue;
            }
            match (&cx.item(id).kind, def.kind) {
                (ItemKind::Adt(adt), DefKind::Struct) => {
                    let Some(owner) = entities.of_model(id) else { continue };
                    for field in adt.variants.iter().flat_map(|variant| &variant.fields) {
                        let via = attr_value(&field.attrs, "sea_orm", "via").and_then(|via| {
                            entities.of_names(cx, Some(def.module), &[Name::new(&via), Name::new("Entity")])
                        });
                        let target = entities.of_field(cx, id, field);
                        if let (Some(via), Some(target)) = (via, target) {
                            links.between.entry((owner, target)).or_default().insert(via);
                        }
                    }
                }
                (ItemKind::Impl { trait_: Some(path), ty, .. }, DefKind::Impl) => {
                    let mut own = Vec::new();
                    type_names(ty, &mut own);
                    match path.last().map(Name::as_str) {
                        Some("Related") => {
                            let mut of = Vec::new();
                            type_names(&crate::parse::tree::types::TypeRef::Path(path.clone()), &mut of);
                            let owner = entities.of_written(cx, id, &own);
                            let target = entities.of_written(cx, id, &of);
                            if let (Some(owner), Some(target)) = (owner, target) {
                                let via = links.relations_in(cx, entities, id, "via");
                                let via = via.into_iter().filter(|&via| via != owner && via != target);
                                links.between.entry((owner, target)).or_default().extend(via);
                            }
                        }
                        Some("Linked") => {
                            let through = links.relations_in(cx, entities, id, "link");
                            links.linked.extend(own.last().map(|&name| (name, through)));
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        links
    }

    /// The entities whose relations a function of an implementation names, and those that these lead to.
    fn relations_in(&self, cx: &Cx, entities: &Entities, of: DefId, function: &str) -> Vec<usize> {
        let mut through = Vec::new();
        let functions = cx
            .program
            .defs
            .iter_enumerated()
            .filter(|(_, def)| def.parent == Some(of) && def.name == function);
        for (id, _) in functions {
            let Some(body) = cx.body(id) else { continue };
            for expr in &body.exprs {
                let Expr::Path(path) = expr else { continue };
                let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
                let [.., relation, variant] = &names[..] else { continue };
                if *relation != "Relation" {
                    continue;
                }
                through.extend(entities.of_written(cx, id, &names[..names.len() - 1]));
                through.extend(entities.of_module_name(Name::new(&snake(variant.as_str()))));
            }
        }
        let mut seen = BTreeSet::new();
        through.retain(|&entity| seen.insert(entity));
        through
    }

    pub(super) fn between(&self, from: usize, to: usize) -> impl Iterator<Item = usize> + '_ {
        self.between.get(&(from, to)).into_iter().flatten().copied()
    }

    pub(super) fn linked(&self, name: Name) -> &[usize] {
        self.linked.get(&name).map_or(&[], Vec::as_slice)
    }
}

/// Keys of `#[sea_orm(belongs_to, from = "user_id", to = "id")] author: HasOne<super::user::Entity>`.
pub(super) fn keys(cx: &Cx, entities: &Entities) -> Vec<(DefId, SchemaChange)> {
    let mut keys = Vec::new();
    for (id, def) in cx.program.defs.iter_enumerated() {
        let ItemKind::Adt(adt) = &cx.item(id).kind else { continue };
        let (DefKind::Struct, Some(owner)) = (def.kind, entities.of_model(id)) else { continue };
        for field in adt.variants.iter().flat_map(|variant| &variant.fields) {
            let belongs = field.attrs.list.iter().any(|attr| {
                attr.path.last().is_some_and(|name| name == "sea_orm") && attr.args.contains("belongs_to")
            });
            let Some(target) = belongs.then(|| entities.of_field(cx, id, field)).flatten() else { continue };
            let from = attr_value(&field.attrs, "sea_orm", "from").unwrap_or_default();
            let columns =
                from.trim_matches(['(', ')']).split(',').map(|column| snake(column.trim())).collect();
            let on_delete = attr_value(&field.attrs, "sea_orm", "on_delete")
                .map(|action| snake(&action).replace('_', " "))
                .filter(|action| action != "no action")
                .unwrap_or_default();
            let key = KeyDecl { columns, table: entities.table(target).clone(), on_delete, mapped: false };
            let what = Change::AddKey { table: entities.table(owner).clone(), key };
            keys.push((id, SchemaChange { at: 0, what }));
        }
    }
    keys
}

impl Entities {
    /// The entity that a field of a model holds.
    fn of_field(&self, cx: &Cx, model: DefId, field: &Field) -> Option<usize> {
        if !is_relation(field) {
            return None;
        }
        let mut names = Vec::new();
        type_names(&field.ty, &mut names);
        match names.last().copied().zip(names.len().checked_sub(2).map(|at| names[at])) {
            Some((last, before)) if last == "Entity" && before.as_str().starts_with(char::is_uppercase) => {
                self.of_model(model)
            }
            _ => self.of_written(cx, model, &names),
        }
    }

    /// `….with(comment::Entity)` and `….with((comment::Entity, user::Entity))` on `post::Entity::load()`.
    pub(super) fn loads(&self, cx: &Cx, view: &BodyView, call: ExprId, out: &mut Vec<Found>) {
        let Expr::MethodCall { receiver, name, args, name_at, .. } = view.expr(call) else { return };
        let Some(mut from) = self.loader(cx, view, *receiver).filter(|_| name == "with") else { return };
        let parts: Vec<ExprId> = match args.first().map(|&arg| view.expr(arg)) {
            Some(Expr::Tuple(parts)) => parts.to_vec(),
            _ => args.to_vec(),
        };
        for part in parts {
            let Expr::Path(path) = view.expr(part) else { continue };
            let Some(to) = self.of_path(cx, view.def, path) else { continue };
            for entity in self.links.between(from, to).chain([to]) {
                let table = self.table(entity).clone();
                out.extend(found(cx, view, call, *name_at, table, TableOp::Read, true));
            }
            from = to;
        }
    }

    /// The entity of `post::Entity::load()` at the start of a chain.
    fn loader(&self, cx: &Cx, view: &BodyView, mut expr: ExprId) -> Option<usize> {
        loop {
            match view.expr(expr) {
                Expr::MethodCall { receiver, .. } => expr = *receiver,
                Expr::Call { callee, .. } => {
                    let Expr::Path(path) = view.expr(*callee) else { return None };
                    let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
                    let (last, owner) = names.split_last()?;
                    return (*last == "load").then(|| self.of_written(cx, view.def, owner)).flatten();
                }
                Expr::Path(path) => {
                    expr = crate::facts::strings::last_let(view.body, path.as_name()?, expr)?;
                }
                _ => return None,
            }
        }
    }

    /// Models that are written with another: `post::ActiveModel::builder().add_tag(tag::ActiveModel::builder())`
    /// behind `save`, or pushed to a field of what is saved.
    pub(super) fn nested(&self, cx: &Cx, view: &BodyView, out: &mut Vec<Found>) {
        let body = view.body;
        let mut built: Vec<(ExprId, usize)> = Vec::new();
        let mut saved: Vec<(ExprId, TableOp, usize)> = Vec::new();
        for (id, expr) in body.exprs.iter_enumerated() {
            match expr {
                Expr::Call { callee, .. } => {
                    let Expr::Path(path) = &body.exprs[*callee] else { continue };
                    let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
                    if let Some((last, owner)) = names.split_last()
                        && *last == "builder"
                        && let Some(entity) = self.of_written(cx, view.def, owner)
                    {
                        built.push((id, entity));
                    }
                }
                Expr::MethodCall { receiver, name, args, .. } if args.len() == 1 => {
                    if let Some(op) = active_op(name.as_str()).filter(|op| *op != TableOp::Delete)
                        && let Some(entity) = self.of_type(cx, view, *receiver)
                        && !self.is_query(view, *receiver)
                    {
                        saved.push((*receiver, op, entity));
                    }
                }
                _ => {}
            }
        }
        for (id, entity) in built {
            let range = body.ranges[id];
            // The model itself is counted where it is saved.
            let own = saved.iter().any(|&(receiver, ..)| root(view, receiver) == id);
            let around = saved.iter().find(|&&(receiver, ..)| body.ranges[receiver].contains(range));
            let with = around
                .or_else(|| saved.iter().find(|&&(receiver, ..)| body.ranges[receiver].start > range.end));
            let Some(&(_, _, owner)) = with.filter(|_| !own) else { continue };
            let between = self.links.between(owner, entity);
            for entity in between.chain([entity]) {
                let table = self.table(entity).clone();
                out.extend(found(cx, view, id, range.start, table, TableOp::Insert, false));
            }
        }
    }
}

/// The start of a chain of methods.
fn root(view: &BodyView, mut expr: ExprId) -> ExprId {
    while let Expr::MethodCall { receiver, .. } = view.expr(expr) {
        expr = *receiver;
    }
    expr
}

/// What a function of an entity does that the derive makes for a unique column: `find_by_email`.
pub(super) fn unique_op(name: &str) -> Option<TableOp> {
    static_op(name).or_else(|| match name {
        "load" => Some(TableOp::Read),
        _ if name.starts_with("find_by_") => Some(TableOp::Read),
        _ if name.starts_with("delete_by_") => Some(TableOp::Delete),
        _ => None,
    })
}
