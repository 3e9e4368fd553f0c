//! SeaORM: entities, and what is done with them, their models and active models.

use std::collections::BTreeMap;

use crate::base::{FileId, Name, Place, UnorderedMap};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::render::type_text;
use crate::facts::sql::{Change, ColumnDecl, KeyDecl, SchemaChange, TableName};
use crate::facts::tables::Found;
use crate::model::TableOp;
use crate::parse::tree::body::{Expr, ExprId, Literal};
use crate::parse::tree::items::{ItemKind, UseKind};
use crate::parse::tree::types::Path;
use crate::resolve::{CallTarget, DefId, DefKind, ModuleId, Res};

use super::links::{self, Links};
use super::nearest::nearest;
use super::{attr_value, found, type_of, uses};

/// Types that the entity's derive makes.
const PARTS: &[&str] =
    &["Entity", "ActiveModel", "Model", "Column", "PrimaryKey", "Relation", "ActiveModelEx", "ModelEx"];

/// The entities of the workspace.
pub(super) struct Entities {
    entities: Vec<TableName>,
    /// Entities by the name of their module; several crates may have one of that name.
    by_module_name: BTreeMap<Name, Vec<(ModuleId, usize)>>,
    by_module: UnorderedMap<ModuleId, usize>,
    /// What a file's `use`s bind to an entity or one of its parts.
    imported: UnorderedMap<(FileId, Name), usize>,
    /// What is bound for all to import: `pub use super::user::Entity as User`.
    aliases: UnorderedMap<Name, usize>,
    /// What a file calls the module of an entity: `use entity::user as user_entity`.
    renamed: UnorderedMap<(FileId, Name), Name>,
    /// What a file calls the modules of entities that its `use`s lead to.
    modules: UnorderedMap<(FileId, Name), usize>,
    /// Packages that may use entities: SeaORM's own users, and those of the packages that hold entities and
    /// may pass SeaORM on.
    users: Vec<bool>,
    /// The struct of each entity's model.
    models: UnorderedMap<DefId, usize>,
    pub(super) links: Links,
    pub schema: Vec<(Place, SchemaChange)>,
}

impl Entities {
    pub(super) fn new(cx: &Cx) -> Self {
        let mut found = Self {
            entities: Vec::new(),
            by_module_name: BTreeMap::new(),
            by_module: UnorderedMap::new(),
            imported: UnorderedMap::new(),
            aliases: UnorderedMap::new(),
            renamed: UnorderedMap::new(),
            modules: UnorderedMap::new(),
            users: Vec::new(),
            models: UnorderedMap::new(),
            links: Links::default(),
            schema: Vec::new(),
        };
        // Migrations carry copies of entities as they were.
        let of_migrations = super::migration_files(cx);
        for (id, def) in cx.program.defs.iter_enumerated() {
            if def.kind == DefKind::Struct && !def.is_test && !of_migrations.contains(&def.file) {
                found.entity(cx, id);
            }
        }
        if found.entities.is_empty() {
            return found;
        }
        found.users = users(cx);
        found.imports(cx);
        found.relations(cx);
        let keys = links::keys(cx, &found);
        found.schema.extend(keys.into_iter().map(|(model, change)| (cx.place_of(model), change)));
        found.links = Links::new(cx, &found);
        found
    }

    pub(super) fn table(&self, entity: usize) -> &TableName {
        &self.entities[entity]
    }

    pub(super) fn of_model(&self, model: DefId) -> Option<usize> {
        self.models.get(&model).copied()
    }

    pub(super) fn of_module_name(&self, module: Name) -> Option<usize> {
        self.by_module_name.get(&module).and_then(|all| all.first()).map(|&(_, entity)| entity)
    }

    /// What the `use`s of all files bind.
    fn imports(&mut self, cx: &Cx) {
        let mut left = Vec::new();
        for file in cx.program.files.files.ids() {
            for leaf in uses(cx, file) {
                let names: Vec<Name> = leaf.path.segments.iter().map(|segment| segment.name).collect();
                let Some(&last) = names.last() else { continue };
                match leaf.kind {
                    UseKind::Named(bound) => {
                        if let Some(entity) = self.of_names(cx, None, &names) {
                            self.imported.insert((file, bound), entity);
                            if last != bound {
                                self.aliases.insert(bound, entity);
                            }
                        } else if last != bound {
                            if self.by_module_name.contains_key(&last) {
                                self.renamed.insert((file, bound), last);
                            }
                            left.push((file, bound, last));
                        }
                    }
                    // `use entity::user::*` brings its parts.
                    UseKind::Glob => {
                        let named: Vec<Name> = names.into_iter().chain([Name::new("Entity")]).collect();
                        if let Some(entity) = self.of_names(cx, None, &named) {
                            for part in PARTS {
                                self.imported.insert((file, Name::new(part)), entity);
                            }
                        }
                    }
                    UseKind::Anonymous => {}
                }
            }
        }
        // `use prelude::User as Users` of what another file bound.
        for (file, bound, last) in left {
            if let Some(&entity) = self.aliases.get(&last) {
                self.imported.insert((file, bound), entity);
            }
        }
        // Where a path leads to is known better than what it is called: `schema` is the module of each entity.
        for import in &cx.program.imports {
            let file = import.item.file;
            for target in &import.targets {
                match (target, import.name) {
                    (Res::Module(module), Some(bound)) => {
                        if let Some(&entity) = self.by_module.get(module) {
                            self.modules.insert((file, bound), entity);
                        }
                    }
                    (Res::Module(module), None) if import.glob => {
                        let entity = self.by_module.get(module).copied();
                        for part in PARTS.iter().filter(|_| entity.is_some()) {
                            entity.map(|entity| self.imported.insert((file, Name::new(part)), entity));
                        }
                    }
                    (Res::Def(def), Some(bound)) if PARTS.contains(&cx.def(*def).name.as_str()) => {
                        if let Some(&entity) = self.by_module.get(&cx.def(*def).module) {
                            self.imported.insert((file, bound), entity);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    fn entity(&mut self, cx: &Cx, id: DefId) {
        let def = cx.def(id);
        let ItemKind::Adt(adt) = &cx.item(id).kind else { return };
        let derives =
            adt.derives.iter().any(|path| path.last().is_some_and(|name| name == "DeriveEntityModel"));
        let expanded = adt.derives.iter().any(|path| path.last().is_some_and(|name| name == "DeriveModel"));
        let table = attr_value(&cx.item(id).attrs, "sea_orm", "table_name");
        let table = match table {
            Some(table) => table,
            None if derives || expanded => match self.expanded_name(cx, def.module) {
                Some(name) => name,
                None => return,
            },
            None => return,
        };
        let schema =
            attr_value(&cx.item(id).attrs, "sea_orm", "schema_name").filter(|schema| schema != "public");
        let fields = adt.variants.iter().flat_map(|variant| &variant.fields);
        let columns = fields.filter(|field| !links::is_relation(field)).map(|field| {
            let primary = field.attrs.list.iter().any(|attr| attr.args.contains("primary_key"));
            let ty = type_text(&field.ty);
            ColumnDecl {
                name: attr_value(&field.attrs, "sea_orm", "column_name")
                    .unwrap_or_else(|| field.name.to_string()),
                primary_key: primary,
                nullable: ty.starts_with("Option<"),
                ty,
            }
        });
        let table =
            TableName { name: table.to_lowercase(), schema: schema.map(|schema| schema.to_lowercase()) };
        let change = Change::Create {
            table: table.clone(),
            columns: columns.collect(),
            keys: Vec::new(),
            unless_exists: true,
        };
        self.schema.push((cx.place_of(id), SchemaChange { at: 0, what: change }));
        let idx = self.entities.len();
        self.entities.push(table);
        self.models.insert(id, idx);
        let module_name = Name::new(cx.program.modules[def.module].path.name());
        self.by_module_name.entry(module_name).or_default().push((def.module, idx));
        self.by_module.insert(def.module, idx);
    }

    /// `impl EntityName for Entity { fn table_name(&self) -> &str { "cake" } }` of the long form.
    fn expanded_name(&self, cx: &Cx, module: ModuleId) -> Option<String> {
        let mut functions = cx.def_of.iter().copied();
        let function =
            functions.find(|&def| cx.def(def).module == module && cx.def(def).name == "table_name")?;
        cx.body(function)?.exprs.iter().find_map(|expr| match expr {
            Expr::Literal(Literal::Str(text)) => Some(text.to_string()),
            _ => None,
        })
    }

    /// Foreign keys of `#[sea_orm(belongs_to = "super::user::Entity", …)]`.
    fn relations(&mut self, cx: &Cx) {
        for (id, def) in cx.program.defs.iter_enumerated() {
            if def.kind != DefKind::Enum || def.name != "Relation" {
                continue;
            }
            let (Some(&owner), ItemKind::Adt(adt)) = (self.by_module.get(&def.module), &cx.item(id).kind)
            else {
                continue;
            };
            for variant in &adt.variants {
                let Some(target) = attr_value(&variant.attrs, "sea_orm", "belongs_to") else { continue };
                let names: Vec<Name> = target.split("::").map(|part| Name::new(part.trim())).collect();
                let target = match &names[..] {
                    [only] if *only == "Entity" => Some(owner),
                    names => self.of_names(cx, Some(def.module), names),
                };
                let Some(target) = target else { continue };
                let column = attr_value(&variant.attrs, "sea_orm", "from").unwrap_or_default();
                let column = snake(column.rsplit("::").next().unwrap_or("").trim_matches(['(', ')', ' ']));
                let on_delete = attr_value(&variant.attrs, "sea_orm", "on_delete")
                    .map(|action| snake(&action).replace('_', " "));
                let on_delete = on_delete.filter(|action| action != "no action").unwrap_or_default();
                let table = self.entities[target].clone();
                let key = KeyDecl { columns: vec![column], table, on_delete, mapped: false };
                let change = Change::AddKey { table: self.entities[owner].clone(), key };
                self.schema.push((cx.place_of(id), SchemaChange { at: 0, what: change }));
            }
        }
    }

    /// The entity of a path's names: `entity::user::Entity`, `user::ActiveModel`, `user`.
    pub(super) fn of_names(&self, cx: &Cx, near: Option<ModuleId>, names: &[Name]) -> Option<usize> {
        let last = names.last()?;
        let module = if PARTS.contains(&last.as_str()) {
            names.len().checked_sub(2).map(|at| names[at])?
        } else {
            return None;
        };
        match &self.by_module_name.get(&module)?[..] {
            [(_, only)] => Some(*only),
            all => nearest(cx, near, &names[..names.len() - 1], all),
        }
    }

    /// The entity of names as a body writes them.
    pub(super) fn of_written(&self, cx: &Cx, def: DefId, names: &[Name]) -> Option<usize> {
        let (file, module) = (cx.def(def).file, cx.def(def).module);
        if let [called, part] = names
            && PARTS.contains(&part.as_str())
            && let Some(&entity) = self.modules.get(&(file, *called))
        {
            return Some(entity);
        }
        if let Some(found) = self.of_names(cx, Some(cx.def(def).module), names) {
            return Some(found);
        }
        let last = *names.last()?;
        if let [.., called, part] = names
            && let Some(&module) = self.renamed.get(&(file, *called))
        {
            return self.of_names(cx, Some(cx.def(def).module), &[module, *part]);
        }
        if last == "Self"
            && let Some(own) = super::impl_names(cx, def).filter(|own| own.iter().all(|name| *name != "Self"))
        {
            return self.of_written(cx, def, &own);
        }
        match names {
            [_] if PARTS.contains(&last.as_str()) && self.by_module.contains_key(&module) => {
                self.by_module.get(&module).copied()
            }
            _ => self.imported.get(&(file, last)).or_else(|| self.aliases.get(&last)).copied(),
        }
    }

    pub(super) fn of_path(&self, cx: &Cx, def: DefId, path: &Path) -> Option<usize> {
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        self.of_written(cx, def, &names)
    }

    pub(super) fn accesses(&self, cx: &Cx, def: DefId, out: &mut Vec<Found>) {
        let Some(body) = cx.body(def).filter(|_| !self.entities.is_empty()) else { return };
        let may = body.exprs.iter().any(|expr| match expr {
            Expr::Call { .. } => true,
            Expr::MethodCall { name, .. } => {
                is_write(name.as_str()) || is_related(name.as_str()) || name == "with"
            }
            _ => false,
        });
        if !may || !self.users[cx.package_of(def)] {
            return;
        }
        let Some(view) = BodyView::new(cx.program, def) else { return };
        self.nested(cx, &view, out);
        for (id, expr) in body.exprs.iter_enumerated() {
            match expr {
                Expr::Call { callee, args } => {
                    let Expr::Path(path) = &body.exprs[*callee] else { continue };
                    let own = matches!(view.target(id), Some(CallTarget::Resolved(_)));
                    let op = path.last().and_then(|name| match own {
                        true => static_op(name.as_str()),
                        false => links::unique_op(name.as_str()),
                    });
                    let Some(op) = op else { continue };
                    let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
                    let entity =
                        self.of_written(cx, def, &names[..names.len().saturating_sub(1)]).or_else(|| {
                            // `Insert::one(model)`, `Update::one(model)`, `Delete::many(entity)`.
                            let by_type = names.len() >= 2
                                && matches!(
                                    names[names.len() - 2].as_str(),
                                    "Insert" | "Update" | "Delete" | "Select"
                                );
                            let arg = args.first().filter(|_| by_type)?;
                            self.of_type(cx, &view, *arg)
                        });
                    if let Some(entity) = entity {
                        let start = body.ranges[id].start;
                        out.extend(found(cx, &view, id, start, self.entities[entity].clone(), op, false));
                        if op == TableOp::Insert && self.upserts(&view, id) {
                            out.extend(found(
                                cx,
                                &view,
                                id,
                                start,
                                self.entities[entity].clone(),
                                TableOp::Update,
                                false,
                            ));
                        }
                    }
                }
                Expr::MethodCall { receiver, name, args, name_at, .. } => {
                    if name == "with" {
                        self.loads(cx, &view, id, out);
                    } else if is_related(name.as_str()) {
                        for &arg in args {
                            let Expr::Path(path) = &body.exprs[arg] else {
                                self.relation(cx, &view, arg, *name_at, out);
                                continue;
                            };
                            let target = self.of_path(cx, def, path);
                            let linked = path.last().map_or(&[][..], |name| self.links.linked(name));
                            if target.is_none() && linked.is_empty() {
                                continue;
                            }
                            let from = self.of_type(cx, &view, *receiver);
                            let between = from.zip(target).into_iter();
                            let between = between.flat_map(|(from, to)| self.links.between(from, to));
                            let linked = linked.iter().copied().filter(|&entity| Some(entity) != from);
                            for entity in target.into_iter().chain(between).chain(linked) {
                                let table = self.entities[entity].clone();
                                out.extend(found(cx, &view, id, *name_at, table, TableOp::Read, true));
                            }
                        }
                    } else if let Some(op) = active_op(name.as_str())
                        && args.len() == 1
                        && let Some(entity) = self.of_type(cx, &view, *receiver)
                        && !self.is_query(&view, *receiver)
                    {
                        out.extend(found(cx, &view, id, *name_at, self.entities[entity].clone(), op, false));
                        if name == "save" {
                            out.extend(found(
                                cx,
                                &view,
                                id,
                                *name_at,
                                self.entities[entity].clone(),
                                TableOp::Update,
                                false,
                            ));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// `x::Relation::Y.def()` in a join: the entity that `Y` belongs to, by its name.
    fn relation(&self, cx: &Cx, view: &BodyView, arg: ExprId, at: u32, out: &mut Vec<Found>) {
        let Expr::MethodCall { receiver, name, .. } = view.expr(arg) else { return };
        let Expr::Path(path) = view.expr(*receiver) else { return };
        if name != "def" && name != "rev" {
            return;
        }
        let Some(variant) = path.last() else { return };
        let module = Name::new(&snake(variant.as_str()));
        if let Some(&(_, entity)) = self.by_module_name.get(&module).and_then(|all| all.first()) {
            out.extend(found(cx, view, arg, at, self.entities[entity].clone(), TableOp::Read, true));
        }
    }

    pub(super) fn of_type(&self, cx: &Cx, view: &BodyView, expr: ExprId) -> Option<usize> {
        if let Some(entity) = self.returned(cx, view, expr, 0) {
            return Some(entity);
        }
        let names = type_of(cx, view, expr, 0)?;
        let own = self.of_written(cx, view.def, &names);
        // `Option<user::Model>`: some window of the names is the path.
        own.or_else(|| (1..names.len()).rev().find_map(|end| self.of_written(cx, view.def, &names[..end])))
            .or_else(|| (0..names.len()).find_map(|start| self.of_written(cx, view.def, &names[start..])))
    }

    /// The entity that a function gives, whose type is written as its own file calls it.
    fn returned(&self, cx: &Cx, view: &BodyView, expr: ExprId, depth: u32) -> Option<usize> {
        if depth > 12 {
            return None;
        }
        match view.expr(expr) {
            Expr::Call { .. } | Expr::MethodCall { .. } => {
                if let Some(CallTarget::Resolved(def)) = view.target(expr)
                    && let Some(ret) = cx.fn_decl(*def).and_then(|decl| decl.ret.as_ref())
                {
                    let names = super::names_of(ret);
                    let part = names.iter().position(|name| PARTS.contains(&name.as_str()))?;
                    return (0..=part).find_map(|at| self.of_written(cx, *def, &names[at..=part]));
                }
                match view.expr(expr) {
                    Expr::MethodCall { receiver, .. } => self.returned(cx, view, *receiver, depth + 1),
                    _ => None,
                }
            }
            Expr::Try(inner)
            | Expr::Await(inner)
            | Expr::Ref { expr: inner, .. }
            | Expr::Unary { expr: inner, .. } => self.returned(cx, view, *inner, depth + 1),
            Expr::Path(path) => {
                let bound = crate::facts::strings::last_let(view.body, path.as_name()?, expr)?;
                self.returned(cx, view, bound, depth + 1)
            }
            _ => None,
        }
    }

    /// Whether an expression is a query under construction, not a model.
    pub(super) fn is_query(&self, view: &BodyView, mut expr: ExprId) -> bool {
        loop {
            match view.expr(expr) {
                Expr::MethodCall { receiver, .. } => expr = *receiver,
                Expr::Call { callee, .. } => {
                    return matches!(view.expr(*callee), Expr::Path(path) if path.last().is_some_and(|name| links::unique_op(name.as_str()).is_some()));
                }
                _ => return false,
            }
        }
    }

    fn upserts(&self, view: &BodyView, insert: ExprId) -> bool {
        let range = view.body.ranges[insert];
        view.body.exprs.iter_enumerated().any(|(id, expr)| match expr {
            Expr::MethodCall { name, .. } => {
                matches!(name.as_str(), "update_column" | "update_columns" | "value") && view.body.ranges[id].start <= range.start
                    || name == "on_conflict" && view.body.ranges[id].contains(range) && {
                        let around = view.body.ranges[id];
                        view.body.exprs.iter_enumerated().any(|(other, expr)| {
                            matches!(expr, Expr::MethodCall { name, .. } if name.as_str().starts_with("update_column")) && around.contains(view.body.ranges[other])
                        })
                    }
            }
            _ => false,
        })
    }
}

/// Packages that depend on SeaORM, by themselves or by way of other packages of the workspace.
fn users(cx: &Cx) -> Vec<bool> {
    let packages = cx.workspace.packages.as_slice();
    let own = |package: &crate::discover::Package| {
        package.dependencies.iter().any(|dep| matches!(&*dep.package, "sea-orm" | "sea_orm" | "sea-orm-sync"))
    };
    let mut users: Vec<bool> = packages.iter().map(own).collect();
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for (at, package) in packages.iter().enumerate() {
            let passed_on = |dep: &crate::discover::Dependency| {
                packages.iter().zip(&users).any(|(other, uses)| *uses && other.name == dep.package)
            };
            if !users[at] && package.dependencies.iter().any(passed_on) {
                users[at] = true;
                changed = true;
            }
        }
    }
    users
}

/// Functions of an entity.
pub(super) fn static_op(name: &str) -> Option<TableOp> {
    match name {
        "find" | "find_by_id" | "find_by_statement" | "find_related" | "find_with_related"
        | "find_linked" | "load_one" | "load_many" => Some(TableOp::Read),
        "insert" | "insert_many" | "one" => Some(TableOp::Insert),
        "update" | "update_many" => Some(TableOp::Update),
        "delete" | "delete_many" | "delete_by_id" => Some(TableOp::Delete),
        _ => None,
    }
}

/// Methods of an active model.
pub(super) fn active_op(name: &str) -> Option<TableOp> {
    match name {
        "insert" | "save" => Some(TableOp::Insert),
        "update" => Some(TableOp::Update),
        "delete" => Some(TableOp::Delete),
        _ => None,
    }
}

fn is_write(name: &str) -> bool {
    active_op(name).is_some()
}

/// Methods that name a second entity.
fn is_related(name: &str) -> bool {
    matches!(
        name,
        "find_also_related"
            | "find_with_related"
            | "find_related"
            | "find_also_linked"
            | "find_with_linked"
            | "find_linked"
            | "join"
            | "join_rev"
            | "join_as"
            | "inner_join"
            | "left_join"
            | "right_join"
            | "load_one"
            | "load_many"
            | "load_many_to_many"
            | "find_both_related"
    )
}

/// `UserId` is `user_id`, `ScorePPHigh` is `score_pp_high`.
pub(super) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    let mut behind_small = false;
    for (at, &c) in chars.iter().enumerate() {
        let before_small = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && at > 0 && (behind_small || before_small) && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(c.to_lowercase());
        // A digit is of the word before.
        behind_small = c.is_lowercase() || behind_small && !c.is_uppercase();
    }
    out
}
