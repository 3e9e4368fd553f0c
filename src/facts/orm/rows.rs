//! Tables whose rows are structs with methods of their own, as an attribute or a derive makes them:
//! `#[derive(Model)] #[ormlite(table = "orders")] struct Order`, `Order::select().fetch_all(db)`,
//! `order.delete(db)`.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Name, UnorderedSet};
use crate::facts::catalog::Database;
use crate::facts::cx::{BodyView, Cx};
use crate::facts::sql::TableName;
use crate::facts::tables::Found;
use crate::model::{Certainty, TableOp};
use crate::parse::tree::body::{Expr, ExprId};
use crate::parse::tree::items::{Attr, Attrs, ItemKind};
use crate::resolve::{CallTarget, DefId, DefKind};

use super::sea_orm::snake;
use super::{attr_value, found, type_of};

/// Keys under which an attribute names a table.
const KEYS: &[&str] = &["table", "table_name", "tablename", "name", "collection", "collection_name"];

/// A struct that is a row.
struct Row<'a> {
    db: &'a Database,
    /// Where nothing names the table, what it may be called.
    tables: Vec<String>,
    named: bool,
}

/// The rows of the workspace, by the struct's name: a body shows no more of a type.
pub(super) struct Rows<'a> {
    rows: BTreeMap<Name, Row<'a>>,
    /// Methods of any of them, to pass over bodies quickly.
    methods: UnorderedSet<Name>,
    insert_macros: UnorderedSet<Name>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(cx: &Cx<'a>) -> Self {
        let mut found =
            Self { rows: BTreeMap::new(), methods: UnorderedSet::new(), insert_macros: UnorderedSet::new() };
        let layers = || cx.catalogs.databases.iter().filter(|db| !db.rows.is_empty());
        let has_migrations = cx.workspace.sources.files.iter().any(|file| file.path.ends_with(".sql"));
        // What the same derive makes of the structs that name no table.
        let mut derives: BTreeSet<Name> = BTreeSet::new();
        let mut unnamed: Vec<(DefId, &'a Database)> = Vec::new();
        for (id, def) in cx.program.defs.iter_enumerated() {
            let is_struct = def.kind == DefKind::Struct && !def.is_test && !cx.program.is_derived(id);
            let ItemKind::Adt(adt) = &cx.item(id).kind else { continue };
            let attrs = &cx.item(id).attrs;
            if !is_struct || attrs.list.is_empty() && adt.derives.is_empty() {
                continue;
            }
            let derived = |db: &Database| {
                let names = adt.derives.iter().filter_map(|path| path.last());
                names.filter(|name| db.rows.derives.iter().any(|known| *name == **known)).collect::<Vec<_>>()
            };
            for db in layers() {
                let uses = if db.crates.is_empty() {
                    !cx.depends_on(id, &["diesel".to_owned(), "sea_orm".to_owned()])
                } else {
                    cx.depends_on(id, &db.crates)
                };
                if !uses {
                    continue;
                }
                if let Some(table) = named_table(attrs, db) {
                    derives.extend(derived(db));
                    found.rows.insert(def.name, Row { db, tables: vec![table], named: true });
                    break;
                }
                let by_attribute = db.rows.marks.iter().any(|mark| attrs.find(mark).is_some());
                if by_attribute || !derived(db).is_empty() {
                    unnamed.push((id, db));
                    break;
                }
            }
        }
        for (id, db) in unnamed {
            let ItemKind::Adt(adt) = &cx.item(id).kind else { continue };
            let known =
                || adt.derives.iter().filter_map(|path| path.last()).any(|name| derives.contains(&name));
            // A derive that nobody knows makes tables only where it is seen to, and is believed only where
            // the schema has such a table.
            if db.crates.is_empty() && !(has_migrations && known()) {
                continue;
            }
            let name = cx.def(id).name;
            let called = if db.rows.as_written { name.to_string() } else { snake(name.as_str()) };
            let mut tables = vec![if db.rows.plural { plural(called) } else { called }];
            if db.crates.is_empty() {
                tables.push(name.as_str().to_lowercase());
                tables.dedup();
            }
            found.rows.entry(name).or_insert(Row { db, tables, named: !db.crates.is_empty() });
        }
        for (name, table, db) in item_macros(cx, layers()) {
            // `impl_select!(Order { … })` beside `crud!(Order {}, "orders")` names no other table.
            match table {
                Some(table) => {
                    found.rows.insert(name, Row { db, tables: vec![table], named: true });
                }
                None => {
                    let tables = vec![snake(name.as_str())];
                    found.rows.entry(name).or_insert(Row { db, tables, named: true });
                }
            }
        }
        for row in found.rows.values() {
            let operations = &row.db.rows;
            for name in [&operations.insert, &operations.update, &operations.delete, &operations.read]
                .into_iter()
                .flatten()
            {
                found.methods.insert(Name::new(name.trim_end_matches('*')));
            }
            for name in &operations.insert_macros {
                found.insert_macros.insert(Name::new(name));
            }
        }
        found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn accesses(&self, cx: &Cx, def: DefId, out: &mut Vec<Found>) {
        let Some(body) = cx.body(def) else { return };
        let calls = &cx.program.calls[def];
        let is_open = |target: &CallTarget| {
            matches!(target, CallTarget::Unknown(_) | CallTarget::External(_) | CallTarget::OneOf(_))
        };
        let inserted = |expr: &Expr| match expr {
            Expr::Macro(call) if call.path.last().is_some_and(|name| self.insert_macros.contains(&name)) => {
                Some(call.tokens)
            }
            _ => None,
        };
        let by_macro =
            !self.insert_macros.is_empty() && body.exprs.iter().any(|expr| inserted(expr).is_some());
        if !by_macro && !calls.iter().any(|call| is_open(&call.target) && self.may_be(call.name)) {
            return;
        }
        let Some(view) = BodyView::new(cx.program, def) else { return };
        for (id, expr) in body.exprs.iter_enumerated() {
            if by_macro && let Some(args) = inserted(expr) {
                let ty = first_type(cx.text(def, args));
                if let Some(row) = ty.and_then(|ty| self.rows.get(&ty)) {
                    let table = TableName { name: row.tables[0].clone(), schema: None };
                    let at = body.ranges[id].start;
                    out.extend(found(cx, &view, id, at, table, TableOp::Insert, false));
                }
                continue;
            }
            if !view.target(id).is_some_and(is_open) {
                continue;
            }
            let (row, name, at) = match expr {
                Expr::Call { callee, .. } => {
                    let Expr::Path(path) = view.expr(*callee) else { continue };
                    let [.., ty, name] = &path.segments[..] else { continue };
                    let row = match ty.name.as_str() {
                        "Self" => super::super::nodes::self_type(cx, def).map(|ty| cx.def(ty).name),
                        _ => Some(ty.name),
                    };
                    (row, name.name, body.ranges[id].start)
                }
                Expr::MethodCall { receiver, name, name_at, .. } if self.may_be(*name) => {
                    let types = type_of(cx, &view, *receiver, 0).unwrap_or_default();
                    // `Order::select().limit(1)` was read at its start.
                    let row = types.into_iter().find(|ty| self.rows.contains_key(ty));
                    (row.filter(|_| !starts_query(&view, *receiver)), *name, *name_at)
                }
                _ => continue,
            };
            let Some(row) = row.and_then(|name| self.rows.get(&name)) else { continue };
            for op in ops_of(row.db, name.as_str()) {
                for table in &row.tables {
                    let table = TableName { name: table.clone(), schema: None };
                    let access = found(cx, &view, id, at, table, op, false);
                    out.extend(access.map(|access| {
                        let certainty = if row.named { Certainty::Certain } else { Certainty::Likely };
                        Found { certainty, ..access }
                    }));
                }
            }
        }
    }

    fn may_be(&self, name: Name) -> bool {
        self.methods.contains(&name) || {
            let name = name.as_str();
            ["find", "select", "delete", "update", "insert", "get"]
                .iter()
                .any(|start| name.starts_with(start))
        }
    }
}

/// A name in the plural: `orders`, `categories`, `boxes`.
fn plural(name: String) -> String {
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if ["s", "x", "ch", "sh"].iter().any(|end| name.ends_with(end)) => name + "es",
        _ => name + "s",
    }
}

/// The type of the struct that a macro is given first: of `shop::Order { … }, "orders"`.
fn first_type(args: &str) -> Option<Name> {
    let path = args.split(['{', '(', ',']).next()?;
    path.trim().rsplit("::").next().filter(|name| !name.is_empty()).map(Name::new)
}

/// What a method of a row does to its table; `find_by_*` stands for all that begin so.
fn ops_of(db: &Database, name: &str) -> Vec<TableOp> {
    let is = |list: &[String]| {
        list.iter().any(|known| match known.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => known == name,
        })
    };
    let rows = &db.rows;
    [
        (&rows.read, TableOp::Read),
        (&rows.insert, TableOp::Insert),
        (&rows.update, TableOp::Update),
        (&rows.delete, TableOp::Delete),
    ]
    .into_iter()
    .filter_map(|(list, op)| is(list).then_some(op))
    .collect()
}

/// Whether an expression is a query that a type's own function began.
fn starts_query(view: &BodyView, mut expr: ExprId) -> bool {
    loop {
        match view.expr(expr) {
            Expr::MethodCall { receiver, .. } => expr = *receiver,
            Expr::Call { .. } => return true,
            _ => return false,
        }
    }
}

/// The table that a struct's attributes name.
fn named_table(attrs: &Attrs, db: &Database) -> Option<String> {
    let of = |attr: &Attr| {
        db.rows.attributes.iter().any(|known| attr.path.last().is_some_and(|name| name == **known))
    };
    attrs.list.iter().filter(|attr| of(attr)).find_map(|attr| {
        let args = attr.args.trim();
        let name = args.trim_matches('"');
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !name.is_empty() && name.chars().all(is_name) {
            return Some(name.to_owned());
        }
        let own = Attrs { list: vec![attr.clone()], cfg: None };
        let attr = attr.path.last()?;
        KEYS.iter()
            .find_map(|key| attr_value(&own, attr.as_str(), key))
            .filter(|name| name.chars().all(is_name))
    })
}

/// `crud!(Order {}, "orders");` of modules: the struct, and the table where it is named.
fn item_macros<'a>(
    cx: &Cx<'a>,
    layers: impl Iterator<Item = &'a Database>,
) -> Vec<(Name, Option<String>, &'a Database)> {
    let layers: Vec<&Database> =
        layers.filter(|db| !db.rows.macros.is_empty() && cx.workspace_depends_on(&db.crates)).collect();
    let mut found = Vec::new();
    if layers.is_empty() {
        return found;
    }
    for (file, parsed) in cx.program.files.files.iter_enumerated() {
        for item in &parsed.tree.items {
            let ItemKind::MacroCall { path, args, .. } = &item.kind else { continue };
            let Some(name) = path.last() else { continue };
            let Some(db) = layers.iter().find(|db| db.rows.macros.iter().any(|known| name == **known)) else {
                continue;
            };
            let text = cx.workspace.sources.files[file].slice(*args);
            let Some(ty) = first_type(text) else { continue };
            // Behind the statements of `impl_select!`, which are texts, too.
            let is_name = |text: &&str| {
                !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_.-".contains(c))
            };
            let table = text.split('"').skip(1).step_by(2).filter(is_name).last();
            found.push((ty, table.map(str::to_owned), *db));
        }
    }
    found
}
