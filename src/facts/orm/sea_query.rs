//! SeaQuery's builders: schemas that `Table::create()` makes in migrations of SeaORM, and tables that
//! `Query::select()` uses.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::base::{FileId, Name, Place};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::sql::{self, Change, ColumnDecl, KeyDecl, SchemaChange, TableName};
use crate::facts::strings;
use crate::facts::tables::Found;
use crate::model::TableOp;
use crate::parse::tree::body::{Expr, ExprId};
use crate::parse::tree::items::ItemKind;
use crate::parse::tree::types::Path;
use crate::resolve::{CallTarget, DefId, DefKind, Res};

use super::sea_orm::{Entities, snake};
use super::{found, parents};

mod barrel;

/// Files that implement migrations: what their functions do to tables makes the schema.
pub(in crate::facts) fn migration_files(cx: &Cx) -> BTreeSet<FileId> {
    let impls =
        cx.program.defs.iter_enumerated().filter(|(_, def)| def.kind == DefKind::Impl && !def.is_test);
    impls.filter(|&(id, _)| is_migration(cx, id)).map(|(_, def)| def.file).collect()
}

/// Changes of one function, with their places.
pub(in crate::facts) type Changes = Vec<(Place, SchemaChange)>;

/// Schema changes that code makes, a list per package: what each migration does on its way up, in the order
/// of files, then what other functions declare.
pub(in crate::facts) fn migrations(cx: &Cx, files: &BTreeSet<FileId>) -> Vec<Changes> {
    // Asked for by few migrations: `.table(user::Entity)`.
    let entities = OnceCell::new();
    let entity = |def: DefId, path: &Path| {
        let entities: &Entities = entities.get_or_init(|| Entities::new(cx));
        entities.of_path(cx, def, path).map(|entity| entities.table(entity).clone())
    };
    let mut maker = Maker {
        cx,
        entity: &entity,
        files: files.clone(),
        sea: ["sea_orm_migration", "sea_query", "sea_orm", "sea_schema", "loco_rs"].map(str::to_owned),
        barrel: ["barrel".to_owned()],
        seen: BTreeSet::new(),
    };
    let mut functions: Vec<DefId> = cx.def_of.as_slice().to_vec();
    functions.retain(|&def| {
        (cx.depends_on(def, &maker.sea) || cx.depends_on(def, &maker.barrel))
            && !cx.def(def).is_test
            && cx.body(def).is_some()
    });
    functions.sort_by_cached_key(|&def| {
        let file = cx.def(def).file;
        (
            cx.program.krates[cx.def(def).krate].package,
            cx.workspace.sources.files[file].path.clone(),
            cx.item(def).keyword,
        )
    });
    let of_migration = |def: DefId, name: &str| {
        cx.def(def).name == name && cx.def(def).parent.is_some_and(|parent| is_migration(cx, parent))
    };
    // What only the way down does is not done.
    let mut down = Maker { seen: BTreeSet::new(), files: maker.files.clone(), ..maker.clone() };
    let mut made: Vec<(DefId, Changes)> = Vec::new();
    for &def in functions.iter().filter(|&&def| of_migration(def, "up")) {
        made.push((def, maker.changes(def, 0)));
    }
    for &def in functions.iter().filter(|&&def| of_migration(def, "down")) {
        down.changes(def, 0);
    }
    maker.seen.extend(down.seen);
    for &def in functions.iter().filter(|&&def| cx.def(def).name != "down") {
        if !maker.seen.contains(&def) {
            made.push((def, maker.own(def).into_iter().flat_map(|(_, changes)| changes).collect()));
        }
    }
    let mut histories: Vec<Changes> = Vec::new();
    let mut packages = Vec::new();
    for (def, changes) in made.into_iter().filter(|(_, changes)| !changes.is_empty()) {
        let package = cx.program.krates[cx.def(def).krate].package;
        match packages.iter().position(|known| *known == package) {
            Some(at) => histories[at].extend(changes),
            None => {
                packages.push(package);
                histories.push(changes);
            }
        }
    }
    histories
}

fn is_migration(cx: &Cx, implementation: DefId) -> bool {
    matches!(&cx.item(implementation).kind, ItemKind::Impl { trait_: Some(path), .. }
        if path.last().is_some_and(|name| name == "MigrationTrait"))
}

/// The table of an entity that a body names by a path.
type EntityOf<'c> = &'c dyn Fn(DefId, &Path) -> Option<TableName>;

#[derive(Clone)]
struct Maker<'c, 'a> {
    cx: &'c Cx<'a>,
    entity: EntityOf<'c>,
    files: BTreeSet<FileId>,
    sea: [String; 5],
    barrel: [String; 1],
    /// Functions whose changes were taken.
    seen: BTreeSet<DefId>,
}

impl Maker<'_, '_> {
    /// What a function does, with what the functions of its package do that it calls, in order.
    fn changes(&mut self, def: DefId, depth: u32) -> Changes {
        if depth > 8 || !self.seen.insert(def) {
            return Vec::new();
        }
        let mut parts = self.own(def);
        let krate = self.cx.def(def).krate;
        for call in &self.cx.program.calls[def] {
            if let CallTarget::Resolved(callee) = call.target
                && self.cx.def(callee).krate == krate
            {
                parts.push((call.site.start, self.changes(callee, depth + 1)));
            }
        }
        parts.sort_by_key(|(start, _)| *start);
        parts.into_iter().flat_map(|(_, changes)| changes).collect()
    }

    /// What a function's own body does, each with where it starts.
    fn own(&self, def: DefId) -> Vec<(u32, Changes)> {
        let path = &self.cx.workspace.sources.files[self.cx.def(def).file].path;
        let in_migration = self.files.contains(&self.cx.def(def).file) || path.contains("migration");
        let Some(builders) = Builders::new(self.cx, self.entity, def) else { return Vec::new() };
        let mut found =
            if self.cx.depends_on(def, &self.sea) { builders.changes(in_migration) } else { Vec::new() };
        if found.is_empty() && self.cx.depends_on(def, &self.barrel) {
            found = builders.barrel();
        }
        let one = |(start, place, what)| (start, vec![(place, SchemaChange { at: 0, what })]);
        found.into_iter().map(one).collect()
    }
}

/// Tables that `Query::select().from(User::Table)` and its kin use, also where the query is put together in
/// several statements.
pub(super) fn accesses(cx: &Cx, def: DefId, entities: &Entities, out: &mut Vec<Found>) {
    let makes = |expr: &Expr| matches!(expr, Expr::Call { callee, .. } if matches!(&cx.body(def).map(|body| &body.exprs[*callee]), Some(Expr::Path(path)) if path.segments.len() >= 2 && path.segments[path.segments.len() - 2].name == "Query"));
    let known = ["sea_query", "sea_orm", "sea_orm_migration"].map(str::to_owned);
    if !cx.depends_on(def, &known) || !cx.body(def).is_some_and(|body| body.exprs.iter().any(makes)) {
        return;
    }
    let entity =
        |def: DefId, path: &Path| entities.of_path(cx, def, path).map(|of| entities.table(of).clone());
    let Some(builders) = Builders::new(cx, &entity, def) else { return };
    for (_, expr) in builders.view.body.exprs.iter_enumerated() {
        let Expr::MethodCall { receiver, name, args, .. } = expr else { continue };
        let (table, joined) = match (name.as_str(), &**args) {
            ("from" | "into_table" | "table" | "from_table" | "from_as", [table, ..]) => (*table, false),
            ("left_join" | "inner_join" | "right_join" | "full_outer_join" | "cross_join", [table, ..]) => {
                (*table, true)
            }
            ("join", [_, table, ..]) => (*table, true),
            _ => continue,
        };
        let Some((root, kind)) = builders.query_of(*receiver) else { continue };
        let op = match kind.as_str() {
            _ if joined => TableOp::Read,
            "select" => TableOp::Read,
            "insert" => TableOp::Insert,
            "update" => TableOp::Update,
            "delete" => TableOp::Delete,
            _ => continue,
        };
        let entity = match builders.view.expr(table) {
            Expr::Path(path) => entities.of_path(cx, def, path),
            _ => None,
        };
        let table = match entity {
            Some(entity) => Some(entities.table(entity).clone()),
            None => builders.table_name(table),
        };
        if let Some(table) = table {
            let start = builders.view.body.ranges[root].start;
            out.extend(found(cx, &builders.view, root, start, table, op, joined));
        }
    }
}

/// The builders in one body.
struct Builders<'c, 'a> {
    cx: &'c Cx<'a>,
    entity: EntityOf<'c>,
    view: BodyView<'a>,
    parents: Vec<Option<ExprId>>,
}

/// A builder's start and the methods called on it.
type Chain<'a> = Vec<(Name, &'a [ExprId])>;

impl<'c, 'a> Builders<'c, 'a> {
    fn new(cx: &'c Cx<'a>, entity: EntityOf<'c>, def: DefId) -> Option<Self> {
        let view = BodyView::new(cx.program, def)?;
        let parents = parents(view.body);
        Some(Self { cx, entity, view, parents })
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

    /// The `Query::select()` that a receiver is made of, and what it is called.
    fn query_of(&self, mut expr: ExprId) -> Option<(ExprId, Name)> {
        loop {
            match self.view.expr(expr) {
                Expr::MethodCall { receiver, .. } => expr = *receiver,
                Expr::Ref { expr: inner, .. } | Expr::Unary { expr: inner, .. } => expr = *inner,
                Expr::Path(path) => expr = strings::last_let(self.view.body, path.as_name()?, expr)?,
                _ => return Some((expr, self.is_root(expr, "Query")?)),
            }
        }
    }

    fn is_root(&self, expr: ExprId, ty: &str) -> Option<Name> {
        let Expr::Call { callee, .. } = self.view.expr(expr) else { return None };
        let Expr::Path(path) = self.view.expr(*callee) else { return None };
        let [.., owner, name] = &*path.segments else { return None };
        (owner.name == ty).then_some(name.name)
    }

    fn changes(&self, in_migration: bool) -> Vec<(u32, Place, Change)> {
        let mut found: Vec<(u32, Place, Change)> = Vec::new();
        for expr in self.view.body.exprs.ids() {
            let start = self.view.body.ranges[expr].start;
            if in_migration && let Some((text, file)) = self.raw(expr) {
                found.extend(sql::read_schema(&text).into_iter().map(|change| {
                    let place = file.map(|id| Place {
                        file: id,
                        line: self.cx.workspace.sources.files[id].line(change.at),
                    });
                    (start, place.unwrap_or_else(|| self.place(expr)), change.what)
                }));
                continue;
            }
            let mut changes = Vec::new();
            if let Some(name) = self.is_root(expr, "Table") {
                self.table(name.as_str(), &self.chain(expr), in_migration, &mut changes);
            } else if in_migration && self.is_root(expr, "ForeignKey").is_some_and(|name| name == "create") {
                let key = self.key(&self.chain(expr));
                if let (Some((Some(table), key)), false) = (key, self.is_part_of_table(expr)) {
                    changes.push(Change::AddKey { table, key });
                }
            }
            found.extend(changes.into_iter().map(|change| (start, self.place(expr), change)));
        }
        found.sort_by_key(|(start, ..)| *start);
        found
    }

    /// A statement that is run as it stands, and the file that holds it, where it is one.
    fn raw(&self, expr: ExprId) -> Option<(String, Option<FileId>)> {
        let args = match self.view.expr(expr) {
            Expr::MethodCall { name, args, .. } if name == "execute_unprepared" => args,
            Expr::Call { args, .. } if self.is_root(expr, "Statement").is_some() => args,
            _ => return None,
        };
        let text = |arg: ExprId| strings::text_of(self.cx, &self.view, arg)?.exact().map(str::to_owned);
        args.iter().rev().find_map(|&arg| Some((text(arg)?, strings::file_of(self.cx, &self.view, arg))))
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
        Some((from, KeyDecl { columns, table: to?, on_delete, mapped: false }))
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
            (
                plain,
                helper.starts_with("pk_") || helper.contains("primary") || has("primary_key"),
                helper.ends_with("_null"),
            )
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
                let is_entity = path.segments.len() == 1 || path.last().is_some_and(|name| name == "Entity");
                if let Some(table) = is_entity.then(|| (self.entity)(self.view.def, path)).flatten() {
                    return Some(table.name);
                }
                let [.., owner, variant] = &*path.segments else { return None };
                let declared = match self.view.path(expr) {
                    Some(&Res::Variant(def, _)) => Some(def),
                    Some(Res::Def(_)) => None,
                    _ => self.enum_called(owner.name),
                };
                let named = match declared {
                    Some(def) => self.declared(def, variant.name),
                    None if variant.name == "Table" => self.made_of_struct(owner.name),
                    None => None,
                };
                if variant.name == "Entity" {
                    return Some(snake(owner.name.as_str()));
                }
                Some(named.unwrap_or_else(|| {
                    // `use schema::Orders as OrderSchema`: the enum is called as it is declared.
                    let owner = declared.map_or(owner.name, |def| self.cx.def(def).name);
                    snake(if variant.name == "Table" { owner.as_str() } else { variant.name.as_str() })
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

    /// The table of the enum that `#[enum_def(table_name = "users")]` makes of a struct `User`: `UserIden`.
    fn made_of_struct(&self, name: Name) -> Option<String> {
        let makes = |(def, known): (DefId, &crate::resolve::Def)| {
            if known.kind != DefKind::Struct || !name.as_str().contains(known.name.as_str()) {
                return None;
            }
            let attrs = &self.cx.item(def).attrs;
            attrs.find("enum_def")?;
            let part = |key: &str, default: &str| {
                super::attr_value(attrs, "enum_def", key).unwrap_or_else(|| default.to_owned())
            };
            (name == *format!("{}{}{}", part("prefix", ""), known.name, part("suffix", "Iden")))
                .then(|| part("table_name", &snake(known.name.as_str())))
        };
        self.cx.program.defs.iter_enumerated().find_map(makes)
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
}
