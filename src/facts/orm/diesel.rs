//! Diesel: `table!`, the query builder over its modules, and types with a table.

use std::collections::BTreeMap;

use crate::base::{FileId, Name, Place, UnorderedMap};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::sql::{Change, ColumnDecl, KeyDecl, SchemaChange, TableName};
use crate::facts::tables::Found;
use crate::model::TableOp;
use crate::parse::tree::body::{Body, Expr, ExprId};
use crate::parse::tree::items::{ItemKind, UseKind};
use crate::parse::tree::types::Path;
use crate::resolve::{DefId, DefKind};

use super::query::{Queries, Use};
use super::{attr_value, found, is_local, parents, type_of, uses};

/// The tables that `table!` declares.
pub(super) struct Tables {
    /// Module of a table → the table.
    tables: BTreeMap<Name, TableName>,
    /// Types with a table: `#[diesel(table_name = users)]`.
    models: UnorderedMap<Name, Name>,
    /// Names that a file's `use`s bind to tables.
    imported: UnorderedMap<(FileId, Name), Name>,
    /// Other names that a file's `use`s give to the module of a table (`orders as o`) or to its `dsl`.
    renamed: UnorderedMap<(FileId, Name), Name>,
    pub schema: Vec<(Place, SchemaChange)>,
}

impl Tables {
    pub(super) fn new(cx: &Cx) -> Self {
        let mut found = Self {
            tables: BTreeMap::new(),
            models: UnorderedMap::new(),
            imported: UnorderedMap::new(),
            renamed: UnorderedMap::new(),
            schema: Vec::new(),
        };
        let mut joinable: Vec<(DefId, &str)> = Vec::new();
        for (id, def) in cx.program.defs.iter_enumerated() {
            if def.kind == DefKind::MacroCall
                && !def.is_test
                && let ItemKind::MacroCall { path, args, .. } = &cx.item(id).kind
            {
                match path.last().map(Name::as_str) {
                    Some("table") => found.declare(cx, id, cx.text(id, *args)),
                    Some("joinable") => joinable.push((id, cx.text(id, *args))),
                    _ => {}
                }
            }
        }
        for (id, text) in joinable {
            found.joinable(cx, id, text);
        }
        if found.tables.is_empty() {
            return found;
        }
        for (id, def) in cx.program.defs.iter_enumerated() {
            if def.kind == DefKind::Struct {
                let attrs = &cx.item(id).attrs;
                let table = attr_value(attrs, "diesel", "table_name").or_else(|| {
                    attrs.find("table_name").map(|attr| {
                        attr.args.trim_matches(|c: char| c == '"' || c == '=' || c.is_whitespace()).to_owned()
                    })
                });
                let table = table.map(|table| Name::new(table.rsplit("::").next().unwrap_or(&table).trim()));
                let table = table.or_else(|| default_table(cx, id));
                if let Some(table) = table.filter(|table| found.tables.contains_key(table)) {
                    found.models.insert(def.name, table);
                }
            }
        }
        for file in cx.program.files.files.ids() {
            for leaf in uses(cx, file) {
                let names: Vec<Name> = leaf.path.segments.iter().map(|segment| segment.name).collect();
                if let (UseKind::Named(bound), [.., before, last]) = (leaf.kind, &names[..])
                    && bound != *last
                {
                    let table = if *last == "dsl" { *before } else { *last };
                    if found.tables.contains_key(&table) {
                        found.renamed.insert((file, bound), table);
                    }
                }
                // `use orders::table as all_orders`.
                if let (UseKind::Named(bound), [.., before, last]) = (leaf.kind, &names[..])
                    && *last == "table"
                    && found.tables.contains_key(before)
                {
                    found.imported.insert((file, bound), *before);
                }
                let Some(dsl) = names.iter().position(|name| name == "dsl") else { continue };
                match leaf.kind {
                    UseKind::Glob => {
                        if let Some(table) = dsl.checked_sub(1).map(|at| names[at]) {
                            found.imported.insert((file, table), table);
                        }
                    }
                    UseKind::Named(bound) => {
                        if let Some(table) = names.get(dsl + 1).filter(|name| found.tables.contains_key(name))
                        {
                            found.imported.insert((file, bound), *table);
                        }
                    }
                    UseKind::Anonymous => {}
                }
            }
        }
        found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// The table of a type of this name.
    pub(super) fn of_model(&self, name: Name) -> Option<&TableName> {
        self.tables.get(self.models.get(&name)?)
    }

    /// `schema.name (key) { column -> Type, … }`, with `use`s and attributes before it.
    fn declare(&mut self, cx: &Cx, id: DefId, text: &str) {
        let text = without_comments(text);
        let mut sql_name = None;
        let mut head = text.as_str();
        loop {
            head = head.trim_start();
            if let Some(rest) = head.strip_prefix("use ") {
                head = rest.split_once(';').map_or("", |(_, rest)| rest);
            } else if let Some(rest) = head.strip_prefix("#[") {
                let (attr, rest) = rest.split_once(']').unwrap_or((rest, ""));
                if attr.trim_start().starts_with("sql_name") {
                    sql_name = attr.split('"').nth(1).map(str::to_owned);
                }
                head = rest;
            } else {
                break;
            }
        }
        let Some((name, rest)) = head.split_once(['(', '{']) else { return };
        let mut parts = name.trim().rsplit('.').map(str::trim);
        let module = Name::new(parts.next().unwrap_or(""));
        let schema = parts.next().map(str::to_owned).filter(|schema| schema != "public");
        let keys: Vec<String> = match head[name.len()..].starts_with('(') {
            true => {
                rest.split(')').next().unwrap_or("").split(',').map(|key| key.trim().to_owned()).collect()
            }
            false => vec!["id".to_owned()],
        };
        let body = head.split_once('{').map_or("", |(_, body)| body);
        let mut columns = Vec::new();
        let mut renamed: Option<String> = None;
        for line in split_columns(body) {
            let mut line = line.trim();
            while let Some(rest) = line.strip_prefix("#[") {
                let (attr, rest) = rest.split_once(']').unwrap_or((rest, ""));
                if attr.trim_start().starts_with("sql_name") {
                    renamed = attr.split('"').nth(1).map(str::to_owned);
                }
                line = rest.trim_start();
            }
            if let Some((column, ty)) = line.split_once("->") {
                let (column, ty) = (column.trim(), ty.trim().trim_end_matches('}').trim());
                columns.push(ColumnDecl {
                    primary_key: keys.iter().any(|key| key == column),
                    nullable: ty.starts_with("Nullable"),
                    name: renamed.take().unwrap_or_else(|| column.trim_start_matches("r#").to_owned()),
                    ty: ty.to_owned(),
                });
            }
        }
        let name = sql_name.unwrap_or_else(|| module.to_string()).to_lowercase();
        let table = TableName { name, schema };
        self.tables.insert(module, table.clone());
        let change = Change::Create { table, columns, keys: Vec::new(), unless_exists: true };
        self.schema.push((cx.place_of(id), SchemaChange { at: 0, what: change }));
    }

    /// `child -> parent (parent_id)`.
    fn joinable(&mut self, cx: &Cx, id: DefId, text: &str) {
        let Some((child, rest)) = text.split_once("->") else { return };
        let Some((parent, column)) = rest.split_once('(') else { return };
        let table = |name: &str| {
            let module = Name::new(name.trim().rsplit("::").next().unwrap_or("").trim());
            self.tables.get(&module).cloned()
        };
        let (Some(child), Some(parent)) = (table(child), table(parent)) else { return };
        let columns = vec![column.trim_end_matches([')', ' ', ';']).trim().to_owned()];
        let key = KeyDecl { columns, table: parent, on_delete: String::new(), mapped: false };
        let change = Change::AddKey { table: child, key };
        self.schema.push((cx.place_of(id), SchemaChange { at: 0, what: change }));
    }

    pub(super) fn accesses(&self, cx: &Cx, def: DefId, out: &mut Vec<Found>) {
        let Some(body) = cx.body(def).filter(|_| !self.tables.is_empty()) else { return };
        let file = cx.def(def).file;
        let candidate = |path: &Path| self.table_of(file, path).is_some();
        let model = |path: &Path| {
            path.segments.len() >= 2 && self.models.contains_key(&path.segments[path.segments.len() - 2].name)
        };
        let any = body.exprs.iter().any(|expr| match expr {
            Expr::Path(path) => {
                candidate(path)
                    || model(path)
                    || path.last().is_some_and(|name| matches!(name.as_str(), "update" | "delete"))
            }
            Expr::MethodCall { name, .. } => name == "save_changes",
            _ => false,
        });
        let Some(view) = any.then(|| BodyView::new(cx.program, def)).flatten() else { return };
        let parents = parents(body);
        let mut aliased: Vec<Found> = Vec::new();
        let before = out.len();
        for (id, expr) in body.exprs.iter_enumerated() {
            match expr {
                Expr::Path(path) => {
                    if let Some(table) = self.table_of(file, path)
                        && !(path.segments.len() == 1 && is_local(&view, id))
                    {
                        let out = if in_alias(body, &parents, id) { &mut aliased } else { &mut *out };
                        self.table_use(cx, &view, &parents, id, table, out);
                    }
                }
                Expr::Call { callee, args } => {
                    let Expr::Path(path) = &body.exprs[*callee] else { continue };
                    let Some(last) = path.last() else { continue };
                    match (last.as_str(), args.first()) {
                        // `diesel::update(&user)`: the table of the type.
                        ("update" | "delete", Some(&arg)) if self.is_diesel(path, file, cx) => {
                            if self.names_table(&view, file, arg) {
                                continue;
                            }
                            let table = type_of(cx, &view, arg, 0).and_then(|names| {
                                names.iter().rev().find_map(|name| self.models.get(name).copied())
                            });
                            let op = if last == "update" { TableOp::Update } else { TableOp::Delete };
                            if let Some(table) = table {
                                out.extend(found(
                                    cx,
                                    &view,
                                    id,
                                    body.ranges[id].start,
                                    self.tables[&table].clone(),
                                    op,
                                    false,
                                ));
                            }
                        }
                        ("belonging_to" | "belonging_to_many", _) if path.segments.len() >= 2 => {
                            let ty = path.segments[path.segments.len() - 2].name;
                            if let Some(table) = self.models.get(&ty) {
                                out.extend(found(
                                    cx,
                                    &view,
                                    id,
                                    body.ranges[id].start,
                                    self.tables[table].clone(),
                                    TableOp::Read,
                                    false,
                                ));
                            }
                        }
                        ("table", _) if path.segments.len() >= 2 => {
                            // `User::table()` of `HasTable`.
                            let ty = path.segments[path.segments.len() - 2].name;
                            if let Some(&table) = self.models.get(&ty) {
                                self.table_use(cx, &view, &parents, id, table, out);
                            }
                        }
                        _ => {}
                    }
                }
                Expr::MethodCall { name, receiver, name_at, .. } if name == "save_changes" => {
                    let table = type_of(cx, &view, *receiver, 0)
                        .and_then(|names| names.iter().rev().find_map(|name| self.models.get(name).copied()));
                    if let Some(table) = table {
                        out.extend(found(
                            cx,
                            &view,
                            id,
                            *name_at,
                            self.tables[&table].clone(),
                            TableOp::Update,
                            false,
                        ));
                    }
                }
                _ => {}
            }
        }
        // Another name for a table that is read by its own is no read.
        aliased.retain(|alias| !out[before..].iter().any(|known| known.table == alias.table));
        out.append(&mut aliased);
    }

    fn is_diesel(&self, path: &Path, file: FileId, cx: &Cx) -> bool {
        if path.segments.len() > 1 {
            return path.segments[0].name == "diesel";
        }
        uses(cx, file).any(|leaf| {
            leaf.path.segments.first().is_some_and(|first| first.name.as_str().starts_with("diesel"))
                && (leaf.kind == UseKind::Glob || leaf.path.last() == path.last())
        })
    }

    /// Whether a table stands in an expression by its own name.
    fn names_table(&self, view: &BodyView, file: FileId, expr: ExprId) -> bool {
        let range = view.body.ranges[expr];
        view.body.exprs.iter_enumerated().any(|(id, part)| {
            matches!(part, Expr::Path(path) if self.table_of(file, path).is_some())
                && range.contains(view.body.ranges[id])
                && !is_local(view, id)
        })
    }

    /// The table's module that a path names: `users::table`, `dsl::users`, or `users` by a `use` of its
    /// `dsl`.
    fn table_of(&self, file: FileId, path: &Path) -> Option<Name> {
        let last = path.last()?;
        match path.segments.len() {
            1 => self.imported.get(&(file, last)).copied().filter(|table| self.tables.contains_key(table)),
            n => {
                let before = path.segments[n - 2].name;
                let before = match self.renamed.get(&(file, before)) {
                    // `use orders::dsl as o`: `o::orders`.
                    Some(&table) if last == table => return Some(table),
                    Some(&table) => table,
                    None => before,
                };
                if last == "table" && self.tables.contains_key(&before) {
                    Some(before)
                } else if before == "dsl" && self.tables.contains_key(&last) {
                    Some(last)
                } else {
                    None
                }
            }
        }
    }

    /// What the expression around a table does with it.
    fn table_use(
        &self,
        cx: &Cx,
        view: &BodyView,
        parents: &[Option<ExprId>],
        table_at: ExprId,
        table: Name,
        out: &mut Vec<Found>,
    ) {
        let body = view.body;
        let mut current = table_at;
        let mut op = TableOp::Read;
        let mut joined = false;
        let mut at = table_at;
        let mut also_update = false;
        while let Some(parent) = parents[crate::base::Id::idx(current)] {
            match &body.exprs[parent] {
                Expr::Ref { .. } | Expr::Await(_) | Expr::Try(_) => {}
                Expr::Call { callee, args } if args.first() == Some(&current) && op == TableOp::Read => {
                    let Some(does) = op_of(body, *callee) else { break };
                    also_update |= matches!(
                        &body.exprs[*callee],
                        Expr::Path(path) if path.last().is_some_and(|name| name == "replace_into")
                    );
                    op = does;
                    at = parent;
                }
                Expr::MethodCall { receiver, name, args, .. } => {
                    if *receiver == current {
                        if name.as_str().ends_with("join") {
                            joined = true;
                        }
                        if name == "do_update" {
                            also_update = true;
                        }
                    } else if args.contains(&current) {
                        if name == "insert_into" && op == TableOp::Read {
                            op = TableOp::Insert;
                            at = parent;
                        } else if name.as_str().ends_with("join") {
                            joined = true;
                            break;
                        } else if name != "on" {
                            break;
                        }
                    } else {
                        break;
                    }
                }
                _ => break,
            }
            current = parent;
        }
        let name = &self.tables[&table];
        let file = cx.def(view.def).file;
        let starts = |expr: ExprId| match &body.exprs[expr] {
            Expr::Path(path) => self.table_of(file, path).is_some() && !is_local(view, expr),
            Expr::Call { callee, .. } => op_of(body, *callee).is_some(),
            _ => false,
        };
        let does = |call: ExprId| match &body.exprs[call] {
            Expr::Call { callee, .. } => op_of(body, *callee),
            _ => None,
        };
        let queries = Queries { view, parents, starts: &starts, op_of: &does };
        let uses = match op {
            TableOp::Read => queries.uses(at),
            op => vec![Use { op, at }],
        };
        for Use { op, at } in uses {
            let start = cx.expr_start(body, at);
            out.extend(found(cx, view, at, start, name.clone(), op, joined));
            if also_update {
                out.extend(found(cx, view, at, start, name.clone(), TableOp::Update, joined));
            }
        }
    }
}

/// What a function of the query builder does to the table that it is given first.
fn op_of(body: &Body, callee: ExprId) -> Option<TableOp> {
    let Expr::Path(path) = &body.exprs[callee] else { return None };
    match path.last()?.as_str() {
        "insert_into" | "insert_or_ignore_into" | "replace_into" => Some(TableOp::Insert),
        "update" => Some(TableOp::Update),
        "delete" => Some(TableOp::Delete),
        _ => None,
    }
}

/// Whether a table stands in `alias!(orders as late)`.
fn in_alias(body: &Body, parents: &[Option<ExprId>], mut expr: ExprId) -> bool {
    while let Some(parent) = parents[crate::base::Id::idx(expr)] {
        match &body.exprs[parent] {
            Expr::Cast { .. } => expr = parent,
            Expr::Macro(call) => return call.path.last().is_some_and(|name| name == "alias"),
            _ => return false,
        }
    }
    false
}

/// The table of a struct that names none: `OrderLine` is of `order_lines`.
fn default_table(cx: &Cx, id: DefId) -> Option<Name> {
    let ItemKind::Adt(adt) = &cx.item(id).kind else { return None };
    let of_table = adt.derives.iter().filter_map(Path::last).any(|name| {
        matches!(name.as_str(), "Identifiable" | "Insertable" | "AsChangeset" | "Associations" | "Selectable")
    });
    let mut name = String::new();
    for c in cx.def(id).name.as_str().chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    of_table.then(|| Name::new(&(name + "s")))
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| match line.find("//") {
        Some(at) if !line[..at].contains('"') => &line[..at],
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Splits at commas outside of brackets.
fn split_columns(body: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    let mut last = ' ';
    for (at, c) in body.char_indices() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' if last == '-' => {}
            '>' | ')' | ']' => depth -= 1,
            ',' if depth <= 0 => {
                parts.push(&body[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        last = c;
    }
    parts.push(&body[start..]);
    parts
}
