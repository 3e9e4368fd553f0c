//! Schemas that Rust code makes: SeaQuery's `Table::create()` in the migrations of SeaORM, and barrel's
//! `create_table("users", |t| …)`.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::base::{FileId, Name, Place};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::sql::{self, Change, ColumnDecl, KeyDecl, SchemaChange, TableName};
use crate::facts::strings;
use crate::parse::tree::body::{Expr, ExprId};
use crate::parse::tree::items::ItemKind;
use crate::resolve::{DefId, DefKind, Res};

use super::parents;
use super::sea_orm::snake;

/// Files that implement migrations: what their functions do to tables makes the schema.
pub(in crate::facts) fn migration_files(cx: &Cx) -> BTreeSet<FileId> {
    let impls =
        cx.program.defs.iter_enumerated().filter(|(_, def)| def.kind == DefKind::Impl && !def.is_test);
    impls
        .filter(|&(id, _)| {
            matches!(&cx.item(id).kind, ItemKind::Impl { trait_: Some(path), .. }
                if path.last().is_some_and(|name| name == "MigrationTrait"))
        })
        .map(|(_, def)| def.file)
        .collect()
}

/// Schema changes that code makes, a list per package, in the order of files and lines.
pub(in crate::facts) fn migrations(cx: &Cx) -> Vec<Vec<(Place, SchemaChange)>> {
    let sea = ["sea_orm_migration", "sea_query", "sea_orm", "sea_schema", "loco_rs"].map(str::to_owned);
    let barrel = ["barrel".to_owned()];
    let files = migration_files(cx);
    let per_function: Vec<(DefId, Vec<(Place, SchemaChange)>)> = cx
        .def_of
        .as_slice()
        .par_iter()
        .filter(|&&def| !cx.def(def).is_test && cx.def(def).name != "down" && cx.body(def).is_some())
        .filter_map(|&def| {
            let path = &cx.workspace.sources.files[cx.def(def).file].path;
            let in_migration = files.contains(&cx.def(def).file) || path.contains("migration");
            let mut found = Vec::new();
            if cx.depends_on(def, &sea) {
                found = Builders::new(cx, def)?.changes(in_migration);
            }
            if found.is_empty() && cx.depends_on(def, &barrel) {
                found = Builders::new(cx, def)?.barrel();
            }
            (!found.is_empty()).then_some((def, found))
        })
        .collect();
    let mut per_function: Vec<_> = per_function
        .into_iter()
        .map(|(def, changes)| {
            let path = cx.workspace.sources.files[cx.def(def).file].path.clone();
            (cx.program.krates[cx.def(def).krate].package, path, cx.item(def).keyword, changes)
        })
        .collect();
    per_function.sort_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2)));
    let mut histories: Vec<Vec<(Place, SchemaChange)>> = Vec::new();
    let mut last = None;
    for (package, _, _, changes) in per_function {
        match histories.last_mut() {
            Some(history) if last == Some(package) => history.extend(changes),
            _ => histories.push(changes),
        }
        last = Some(package);
    }
    histories
}

/// The builders in one body.
struct Builders<'c, 'a> {
    cx: &'c Cx<'a>,
    view: BodyView<'a>,
    parents: Vec<Option<ExprId>>,
}

/// A builder's start and the methods called on it.
type Chain<'a> = Vec<(Name, &'a [ExprId])>;

impl<'c, 'a> Builders<'c, 'a> {
    fn new(cx: &'c Cx<'a>, def: DefId) -> Option<Self> {
        let view = BodyView::new(cx.program, def)?;
        let parents = parents(view.body);
        Some(Self { cx, view, parents })
    }

    fn place(&self, expr: ExprId) -> Place {
        self.cx.place_at(self.view.def, self.view.body.ranges[expr].start)
    }

    /// The methods that are called on `root`, innermost first.
    fn chain(&self, root: ExprId) -> Chain<'a> {
        let mut chain = Vec::new();
        let mut at = root;
        while let Some(parent) = self.parents[crate::base::Id::idx(at)] {
            match self.view.expr(parent) {
                Expr::MethodCall { receiver, name, args, .. } if *receiver == at => {
                    chain.push((*name, &**args))
                }
                Expr::Ref { .. } | Expr::Unary { .. } => {}
                _ => break,
            }
            at = parent;
        }
        chain
    }

    /// The methods called on the call that an argument ends in, with that call: `ColumnDef::new(a).uuid()`.
    fn inside(&self, mut expr: ExprId) -> (ExprId, Chain<'a>) {
        let mut chain = Vec::new();
        loop {
            match self.view.expr(expr) {
                Expr::MethodCall { receiver, name, args, .. } => {
                    chain.push((*name, &**args));
                    expr = *receiver;
                }
                Expr::Ref { expr: inner, .. } | Expr::Unary { expr: inner, .. } => expr = *inner,
                _ => break,
            }
        }
        chain.reverse();
        (expr, chain)
    }

    fn is_root(&self, expr: ExprId, ty: &str) -> Option<Name> {
        let Expr::Call { callee, .. } = self.view.expr(expr) else { return None };
        let Expr::Path(path) = self.view.expr(*callee) else { return None };
        let [.., owner, name] = &*path.segments else { return None };
        (owner.name == ty).then_some(name.name)
    }

    fn changes(&self, in_migration: bool) -> Vec<(Place, SchemaChange)> {
        let mut found: Vec<(u32, Place, Change)> = Vec::new();
        for expr in self.view.body.exprs.ids() {
            let start = self.view.body.ranges[expr].start;
            let mut changes = Vec::new();
            if let Some(name) = self.is_root(expr, "Table") {
                self.table(name.as_str(), &self.chain(expr), in_migration, &mut changes);
            } else if in_migration && self.is_root(expr, "ForeignKey").is_some_and(|name| name == "create") {
                let key = self.key(&self.chain(expr));
                if let (Some((Some(table), key)), false) = (key, self.is_part_of_table(expr)) {
                    changes.push(Change::AddKey { table, key });
                }
            } else if in_migration && let Some(text) = self.raw(expr) {
                changes.extend(sql::read_schema(&text).into_iter().map(|change| change.what));
            }
            found.extend(changes.into_iter().map(|change| (start, self.place(expr), change)));
        }
        found.sort_by_key(|(start, ..)| *start);
        found.into_iter().map(|(_, place, what)| (place, SchemaChange { at: 0, what })).collect()
    }

    /// A statement that is run as it stands.
    fn raw(&self, expr: ExprId) -> Option<String> {
        let args = match self.view.expr(expr) {
            Expr::MethodCall { name, args, .. } if name == "execute_unprepared" => args,
            Expr::Call { args, .. } if self.is_root(expr, "Statement").is_some() => args,
            _ => return None,
        };
        let texts = args.iter().filter_map(|&arg| strings::text_of(self.cx, &self.view, arg));
        texts.filter_map(|text| text.exact().map(str::to_owned)).next_back()
    }

    /// Whether a foreign key is made inside of a table's own builder.
    fn is_part_of_table(&self, expr: ExprId) -> bool {
        let mut at = expr;
        while let Some(parent) = self.parents[crate::base::Id::idx(at)] {
            if let Expr::MethodCall { args, name, .. } = self.view.expr(parent)
                && args.contains(&at)
                && matches!(name.as_str(), "foreign_key" | "add_foreign_key")
            {
                return true;
            }
            at = parent;
        }
        false
    }

    fn table(&self, kind: &str, chain: &Chain<'a>, in_migration: bool, out: &mut Vec<Change>) {
        let named: Vec<TableName> = chain
            .iter()
            .filter(|(name, _)| name == "table")
            .flat_map(|(_, args)| args.iter().filter_map(|&arg| self.table_name(arg)))
            .collect();
        let Some(table) = named.first().cloned() else { return };
        match kind {
            "create" => {
                let (mut columns, mut keys) = (Vec::new(), Vec::new());
                let mut primary = Vec::new();
                for (name, args) in chain {
                    match (name.as_str(), args) {
                        ("col", [column]) => columns.extend(self.column(*column)),
                        ("foreign_key", [key]) => keys.extend(self.nested_key(*key)),
                        ("primary_key", [index]) => {
                            let (_, inner) = self.inside(*index);
                            let of_column = inner.iter().filter(|(name, _)| name == "col");
                            primary.extend(of_column.filter_map(|(_, args)| self.iden(*args.first()?)));
                        }
                        _ => {}
                    }
                }
                sql::mark_primary(&mut columns, &primary);
                out.push(Change::Create { table, columns, keys, unless_exists: true });
            }
            "alter" => {
                for (name, args) in chain {
                    match (name.as_str(), args) {
                        ("add_column" | "add_column_if_not_exists", [column]) => {
                            let column = self.column(*column);
                            out.extend(column.map(|column| Change::AddColumn {
                                table: table.clone(),
                                column,
                                keys: Vec::new(),
                            }));
                        }
                        ("drop_column" | "drop_column_if_exists", [column]) => {
                            let column = self.iden(*column);
                            out.extend(
                                column.map(|column| Change::DropColumn { table: table.clone(), column }),
                            );
                        }
                        ("rename_column", [from, to]) => {
                            if let (Some(from), Some(to)) = (self.iden(*from), self.iden(*to)) {
                                out.push(Change::RenameColumn { table: table.clone(), from, to });
                            }
                        }
                        ("add_foreign_key", [key]) => {
                            let key = self.nested_key(*key);
                            out.extend(key.map(|key| Change::AddKey { table: table.clone(), key }));
                        }
                        _ => {}
                    }
                }
            }
            "drop" if in_migration => out.extend(named.into_iter().map(|table| Change::Drop { table })),
            "rename" if in_migration => {
                if let [from, to] = &named[..] {
                    out.push(Change::Rename { from: from.clone(), to: to.clone() });
                }
            }
            _ => {}
        }
    }

    fn nested_key(&self, key: ExprId) -> Option<KeyDecl> {
        let (_, chain) = self.inside(key);
        self.key(&chain).map(|(_, key)| key)
    }

    /// The table and the key of `ForeignKey::create().from(A::Table, A::Id).to(B::Table, B::Id)`.
    fn key(&self, chain: &Chain<'a>) -> Option<(Option<TableName>, KeyDecl)> {
        let (mut from, mut to, mut columns, mut on_delete) = (None, None, Vec::new(), String::new());
        for (name, args) in chain {
            match (name.as_str(), args) {
                ("from", [table, column]) => {
                    from = self.table_name(*table);
                    columns.extend(self.idens(*column));
                }
                ("to", [table, _]) => to = self.table_name(*table),
                ("from_tbl", [table]) => from = self.table_name(*table),
                ("to_tbl", [table]) => to = self.table_name(*table),
                ("from_col", [column]) => columns.extend(self.idens(*column)),
                ("on_delete", [action]) => {
                    let Expr::Path(path) = self.view.expr(*action) else { continue };
                    on_delete =
                        path.last().map_or_else(String::new, |name| snake(name.as_str()).replace('_', " "));
                }
                _ => {}
            }
        }
        if on_delete == "no action" {
            on_delete.clear();
        }
        Some((from, KeyDecl { columns, table: to?, on_delete }))
    }

    /// `ColumnDef::new(User::Id).uuid().not_null()`, or `string_null(User::Name)` of the helpers.
    fn column(&self, expr: ExprId) -> Option<ColumnDecl> {
        let (call, chain) = self.inside(expr);
        let Expr::Call { callee, args } = self.view.expr(call) else { return None };
        let Expr::Path(path) = self.view.expr(*callee) else { return None };
        let name = self.iden(*args.first()?)?;
        let helper = path.last()?;
        let helper = helper.as_str();
        let has = |wanted: &str| chain.iter().any(|(name, _)| name == wanted);
        let (ty, primary, nullable) = if helper == "new" || helper == "new_with_type" {
            let ty = chain.iter().map(|(name, _)| name.as_str());
            let mut ty = ty.filter(|name| {
                !matches!(
                    *name,
                    "not_null"
                        | "null"
                        | "primary_key"
                        | "auto_increment"
                        | "unique_key"
                        | "default"
                        | "to_owned"
                )
            });
            (ty.next().unwrap_or_default(), has("primary_key"), !has("not_null") && !has("primary_key"))
        } else {
            let plain = helper.trim_end_matches("_null").trim_end_matches("_uniq");
            (plain, helper.starts_with("pk_") || has("primary_key"), helper.ends_with("_null"))
        };
        Some(ColumnDecl { name, ty: ty.to_owned(), primary_key: primary, nullable })
    }

    fn table_name(&self, expr: ExprId) -> Option<TableName> {
        let (schema, table) = match self.view.expr(expr) {
            Expr::Tuple(parts) => {
                let [.., schema, table] = &**parts else { return None };
                (self.iden(*schema).filter(|schema| schema != "public"), *table)
            }
            _ => (None, expr),
        };
        Some(TableName { name: self.iden(table)?.to_lowercase(), schema })
    }

    fn idens(&self, expr: ExprId) -> Vec<String> {
        match self.view.expr(expr) {
            Expr::Tuple(parts) => parts.iter().filter_map(|&part| self.iden(part)).collect(),
            _ => self.iden(expr).into_iter().collect(),
        }
    }

    /// The name that an identifier stands for: `User::Table`, `User::FirstName`, `Alias::new("user")`, `"user"`.
    fn iden(&self, expr: ExprId) -> Option<String> {
        match self.view.expr(expr) {
            Expr::Ref { expr, .. } => self.iden(*expr),
            Expr::MethodCall { receiver, .. } => self.iden(*receiver),
            Expr::Call { args, .. } => self.iden(*args.first()?),
            Expr::Path(path) => {
                if let Some(text) = strings::text_of(self.cx, &self.view, expr) {
                    return text.exact().map(str::to_owned);
                }
                let [.., owner, variant] = &*path.segments else { return None };
                let declared = match self.view.path(expr) {
                    Some(&Res::Variant(def, _)) => Some(def),
                    Some(Res::Def(_)) => None,
                    _ => self.enum_called(owner.name),
                };
                let named = declared.and_then(|def| self.declared(def, variant.name));
                if variant.name == "Entity" {
                    return Some(snake(owner.name.as_str()));
                }
                Some(named.unwrap_or_else(|| {
                    snake(if variant.name == "Table" { owner.name.as_str() } else { variant.name.as_str() })
                }))
            }
            _ => strings::text_of(self.cx, &self.view, expr)?.exact().map(str::to_owned),
        }
    }

    fn enum_called(&self, name: Name) -> Option<DefId> {
        let mentions = self.cx.program.mentions[self.view.def].iter().copied();
        mentions
            .into_iter()
            .find(|&def| self.cx.def(def).kind == DefKind::Enum && self.cx.def(def).name == name)
    }

    /// The name that attributes give a variant: `#[sea_orm(iden = "users")]`, `#[iden = "users"]`.
    fn declared(&self, def: DefId, variant: Name) -> Option<String> {
        let item = self.cx.item(def);
        let ItemKind::Adt(adt) = &item.kind else { return None };
        let of = |attrs: &crate::parse::tree::items::Attrs| {
            let plain = || attrs.find("iden").map(|attr| attr.args.trim_matches('"').to_owned());
            super::attr_value(attrs, "sea_orm", "iden").or_else(plain)
        };
        let own =
            adt.variants.iter().find(|known| known.name == variant).and_then(|variant| of(&variant.attrs));
        own.or_else(|| of(&item.attrs).filter(|_| variant == "Table"))
    }

    /// barrel: `migration.create_table("users", |t| { t.add_column("id", types::primary()); })`.
    fn barrel(&self) -> Vec<(Place, SchemaChange)> {
        let mut found = Vec::new();
        for (id, expr) in self.view.body.exprs.iter_enumerated() {
            let Expr::MethodCall { name, args, .. } = expr else { continue };
            let text = |at: usize| {
                let text = strings::text_of(self.cx, &self.view, *args.get(at)?)?;
                text.exact().map(|text| TableName { name: text.to_lowercase(), schema: None })
            };
            let Some(table) = text(0) else { continue };
            let change = match name.as_str() {
                "create_table" | "create_table_if_not_exists" => {
                    let columns = args.get(1).map_or_else(Vec::new, |&body| self.barrel_columns(body));
                    Change::Create { table, columns, keys: Vec::new(), unless_exists: true }
                }
                "drop_table" | "drop_table_if_exists" => Change::Drop { table },
                "rename_table" => match text(1) {
                    Some(to) => Change::Rename { from: table, to },
                    None => continue,
                },
                _ => continue,
            };
            found.push((self.view.body.ranges[id].start, self.place(id), change));
        }
        found.sort_by_key(|(start, ..)| *start);
        found.into_iter().map(|(_, place, what)| (place, SchemaChange { at: 0, what })).collect()
    }

    fn barrel_columns(&self, closure: ExprId) -> Vec<ColumnDecl> {
        let range = self.view.body.ranges[closure];
        let inside = self
            .view
            .body
            .exprs
            .iter_enumerated()
            .filter(|(id, _)| range.contains(self.view.body.ranges[*id]));
        let mut columns: Vec<(u32, ColumnDecl)> = inside
            .filter_map(|(id, expr)| {
                let Expr::MethodCall { name, args, .. } = expr else { return None };
                let (column, ty) = match (name.as_str(), &**args) {
                    ("add_column", [column, ty, ..]) => (*column, *ty),
                    _ => return None,
                };
                let name = strings::text_of(self.cx, &self.view, column)?.exact()?.to_owned();
                let (call, chain) = self.inside(ty);
                let ty = match self.view.expr(call) {
                    Expr::Call { callee, .. } => match self.view.expr(*callee) {
                        Expr::Path(path) => path.last()?.to_string(),
                        _ => return None,
                    },
                    _ => return None,
                };
                let nullable = chain.iter().any(|(name, _)| name == "nullable");
                let start = self.view.body.ranges[id].start;
                Some((start, ColumnDecl { name, primary_key: ty == "primary", ty, nullable }))
            })
            .collect();
        columns.sort_by_key(|(start, _)| *start);
        columns.into_iter().map(|(_, column)| column).collect()
    }
}
