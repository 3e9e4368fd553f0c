//! Stores whose tables are named by a method: `db.collection::<Order>("orders").insert_one(…)`,
//! `client.put_item().table_name("orders")`.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Id, Name};
use crate::model::{Certainty, TableOp};
use crate::parse::tree::body::{Body, Expr, ExprId, Stmt};
use crate::parse::tree::items::ItemKind;
use crate::parse::tree::types::{PathStart, TypeRef};
use crate::resolve::{CallTarget, DefId, DefKind};

use super::catalog::Database;
use super::cx::{BodyView, Callee, Cx, callee, krate_of};
use super::sql::{HOLE, TableName};
use super::strings::{self, Text};
use super::tables::{Found, loop_ranges};

/// Calls through several wrappers are followed that often.
const MAX_ROUNDS: usize = 4;

/// What names a table.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    /// A text.
    Text(String),
    /// A parameter of the function: its callers say which.
    Parameter(usize),
}

/// What wrappers of the application's own around a store do.
#[derive(Default)]
struct Wrappers<'d> {
    /// Functions that give a table's handle.
    givers: BTreeMap<DefId, (Named, &'d Database)>,
    /// What functions do to the table that a parameter names.
    doers: BTreeMap<(DefId, usize), BTreeSet<TableOp>>,
    /// Handles that are kept in fields of structs.
    fields: BTreeMap<(Name, Name), (String, &'d Database)>,
    found: BTreeSet<Found>,
}

/// Accesses by such methods.
pub(super) fn documents(cx: &Cx) -> Vec<Found> {
    let stores: Vec<&Database> =
        cx.catalogs.databases.iter().filter(|db| !db.table_methods.is_empty()).collect();
    let mut all = Wrappers::default();
    let used_by = |def: DefId| -> Vec<&Database> {
        stores.iter().copied().filter(|db| cx.depends_on(def, &db.crates)).collect()
    };
    let live = cx.def_of.iter().copied().filter(|&def| !cx.def(def).is_test && cx.body(def).is_some());
    let defs: Vec<(DefId, Vec<&Database>)> =
        live.map(|def| (def, used_by(def))).filter(|(_, used)| !used.is_empty()).collect();
    for (def, used) in &defs {
        let Some(view) = BodyView::new(cx.program, *def) else { continue };
        let named = |id| used.iter().copied().find_map(|db| Some((table(cx, &view, id, db)?, db)));
        let handles: Vec<(ExprId, Named, &Database)> =
            view.body.exprs.ids().filter_map(|id| named(id).map(|(named, db)| (id, named, db))).collect();
        all.read(cx, &view, handles, true);
    }
    all.typed_fields(cx, &defs);
    if all.givers.is_empty() && all.doers.is_empty() && all.fields.is_empty() {
        return all.found.into_iter().collect();
    }
    for _ in 0..MAX_ROUNDS {
        let before =
            (all.givers.len(), all.fields.len(), all.doers.values().map(BTreeSet::len).sum::<usize>());
        for &def in &cx.def_of {
            if !cx.def(def).is_test
                && all.may_matter(cx, def)
                && let Some(view) = BodyView::new(cx.program, def)
            {
                all.through_wrappers(cx, &view);
            }
        }
        let after =
            (all.givers.len(), all.fields.len(), all.doers.values().map(BTreeSet::len).sum::<usize>());
        if before == after {
            break;
        }
    }
    all.found.into_iter().collect()
}

impl<'d> Wrappers<'d> {
    /// What is done with handles of tables; `direct` ones are at least read.
    fn read(&mut self, cx: &Cx, view: &BodyView, handles: Vec<(ExprId, Named, &'d Database)>, direct: bool) {
        if handles.is_empty() {
            return;
        }
        let parents = super::orm::parents(view.body);
        for (id, named, db) in handles {
            let mut uses = around(view, &parents, id, db);
            if uses.is_empty() {
                uses = bound_uses(view, &parents, id, db);
            }
            if uses.is_empty() && is_returned(view.body, &parents, id) {
                self.givers.entry(view.def).or_insert((named, db));
                continue;
            }
            match named {
                Named::Parameter(at) => {
                    self.doers.entry((view.def, at)).or_default().extend(uses.iter().map(|&(op, _)| op));
                }
                Named::Text(table) => {
                    if uses.is_empty()
                        && let Some((owner, field)) = held_in(view.body, &parents, id)
                    {
                        let own = (owner == "Self").then(|| super::nodes::self_type(cx, view.def)).flatten();
                        let owner = own.map_or(owner, |ty| cx.def(ty).name);
                        self.fields.entry((owner, field)).or_insert((table, db));
                        continue;
                    }
                    if uses.is_empty() && direct {
                        uses.push((TableOp::Read, id));
                    }
                    add(cx, view, &table, &uses, &mut self.found);
                }
            }
        }
    }

    /// Fields that are collections of a type, `users: Collection<User>`, and that nothing gave a name: the
    /// field's own.
    fn typed_fields(&mut self, cx: &Cx, defs: &[(DefId, Vec<&'d Database>)]) {
        let Some(db) = defs.iter().flat_map(|(_, used)| used).copied().find(|db| !db.handles.is_empty())
        else {
            return;
        };
        for (id, def) in cx.program.defs.iter_enumerated() {
            let ItemKind::Adt(adt) = &cx.item(id).kind else { continue };
            if def.is_test || def.kind != DefKind::Struct || !cx.depends_on(id, &db.crates) {
                continue;
            }
            for field in adt.variants.iter().flat_map(|variant| &variant.fields) {
                let TypeRef::Path(path) = &field.ty else { continue };
                if path.last().is_some_and(|name| db.handles.iter().any(|handle| name == **handle)) {
                    self.fields.entry((def.name, field.name)).or_insert((field.name.to_string(), db));
                }
            }
        }
    }

    /// A cheap first look at a body.
    fn may_matter(&self, cx: &Cx, def: DefId) -> bool {
        let is_wrapper = |target: &CallTarget| match target {
            CallTarget::Resolved(callee) => {
                self.givers.contains_key(callee)
                    || self.doers.range((*callee, 0)..=(*callee, usize::MAX)).next().is_some()
            }
            _ => false,
        };
        cx.program.calls[def].iter().any(|call| is_wrapper(&call.target))
            || !self.fields.is_empty()
                && cx.body(def).is_some_and(|body| {
                    let fields = |name: &Name| self.fields.keys().any(|(_, field)| field == name);
                    body.exprs.iter().any(|expr| matches!(expr, Expr::Field { name, .. } if fields(name)))
                })
    }

    /// Calls of wrappers in one body, and fields that hold handles.
    fn through_wrappers(&mut self, cx: &Cx, view: &BodyView) {
        let mut handles = Vec::new();
        let own = super::nodes::self_type(cx, view.def).map(|ty| cx.def(ty).name);
        for (id, expr) in view.body.exprs.iter_enumerated() {
            let args = match expr {
                Expr::Call { args, .. } | Expr::MethodCall { args, .. } => &args[..],
                Expr::Field { base, name } => {
                    let mut owners = self.fields.keys().filter(|(_, field)| field == name).peekable();
                    if owners.peek().is_none() {
                        continue;
                    }
                    let types = match view.expr(*base) {
                        Expr::Path(path) if path.start == PathStart::SelfModule => own.into_iter().collect(),
                        _ => super::orm::type_of(cx, view, *base, 0).unwrap_or_default(),
                    };
                    let owner = owners.find(|(owner, _)| types.contains(owner));
                    if let Some((table, db)) = owner.and_then(|key| self.fields.get(key)) {
                        handles.push((id, Named::Text(table.clone()), *db));
                    }
                    continue;
                }
                _ => continue,
            };
            let Some(&CallTarget::Resolved(callee)) = view.target(id) else { continue };
            let name_of = |at: usize| args.get(at).and_then(|&arg| named(cx, view, arg));
            match self.givers.get(&callee) {
                Some((Named::Text(table), db)) => handles.push((id, Named::Text(table.clone()), *db)),
                Some(&(Named::Parameter(at), db)) => {
                    handles.extend(name_of(at).map(|named| (id, named, db)));
                }
                None => {}
            }
            let done: Vec<(usize, Vec<TableOp>)> = (self.doers.range((callee, 0)..=(callee, usize::MAX)))
                .map(|(&(_, at), ops)| (at, ops.iter().copied().collect()))
                .collect();
            for (at, ops) in done {
                match name_of(at) {
                    Some(Named::Text(table)) => {
                        let uses: Vec<(TableOp, ExprId)> = ops.into_iter().map(|op| (op, id)).collect();
                        add(cx, view, &table, &uses, &mut self.found);
                    }
                    Some(Named::Parameter(outer)) => {
                        self.doers.entry((view.def, outer)).or_default().extend(ops);
                    }
                    None => {}
                }
            }
        }
        self.read(cx, view, handles, false);
    }
}

/// The table that a method names.
fn table(cx: &Cx, view: &BodyView, id: ExprId, db: &Database) -> Option<Named> {
    let Expr::MethodCall { receiver, name, args, .. } = view.expr(id) else { return None };
    if !db.table_methods.iter().any(|known| name == &**known) {
        return None;
    }
    match callee(view.target(id)) {
        Callee::External(path) if !db.crates.iter().any(|krate| krate == krate_of(path)) => return None,
        Callee::Own => return None,
        // Maps have an `insert`, too.
        Callee::Open if op_of(db, *name).is_some() && !is_database(cx, view, *receiver) => return None,
        _ => {}
    }
    named(cx, view, *args.first()?)
}

/// Whether a value whose type is not known is called as a database is.
fn is_database(cx: &Cx, view: &BodyView, receiver: ExprId) -> bool {
    let text = cx.text(view.def, view.body.ranges[receiver]).to_ascii_lowercase();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.into_iter().any(|word| {
        matches!(word, "db" | "database" | "client" | "conn" | "connection" | "pool" | "surreal" | "store")
    })
}

/// What an argument names a table by.
fn named(cx: &Cx, view: &BodyView, arg: ExprId) -> Option<Named> {
    // `("orders", id)` is a record of the table.
    if let Expr::Tuple(parts) = view.expr(arg) {
        return named(cx, view, *parts.first()?);
    }
    let text = strings::text_of(cx, view, arg);
    if let Some(text) = text.as_ref().and_then(Text::exact)
        && !text.is_empty()
        && !text.contains(HOLE)
    {
        return Some(Named::Text(text.split(':').next().unwrap_or(text).to_owned()));
    }
    let mut arg = arg;
    while let Expr::Ref { expr, .. } = view.expr(arg) {
        arg = *expr;
    }
    let Expr::Path(path) = view.expr(arg) else { return None };
    let name = path.as_name()?;
    let at = view.body.params.iter().position(|&pat| strings::binds(view.body, pat, name))?;
    Some(Named::Parameter(at))
}

fn op_of(db: &Database, name: Name) -> Option<TableOp> {
    let is = |list: &[String]| list.iter().any(|known| name == **known);
    let operations = &db.operations;
    if is(&operations.insert) {
        Some(TableOp::Insert)
    } else if is(&operations.update) {
        Some(TableOp::Update)
    } else if is(&operations.delete) {
        Some(TableOp::Delete)
    } else {
        is(&operations.read).then_some(TableOp::Read)
    }
}

/// What a function is for that is given a handle: `update_one_by_id(&db.users, …)`.
fn op_of_helper(db: &Database, name: Name) -> Option<TableOp> {
    op_of(db, name).or_else(|| {
        let starts = |list: &[String]| list.iter().any(|known| name.as_str().starts_with(&**known));
        let operations = &db.operations;
        [
            (&operations.insert, TableOp::Insert),
            (&operations.update, TableOp::Update),
            (&operations.delete, TableOp::Delete),
            (&operations.read, TableOp::Read),
        ]
        .into_iter()
        .find_map(|(list, op)| starts(list).then_some(op))
    })
}

/// What the chain of methods around an expression does.
fn around(view: &BodyView, parents: &[Option<ExprId>], id: ExprId, db: &Database) -> Vec<(TableOp, ExprId)> {
    let mut below = id;
    while let Expr::MethodCall { receiver, name, .. } = view.expr(below) {
        if let Some(op) = op_of(db, *name) {
            return vec![(op, id)];
        }
        below = *receiver;
    }
    let mut above = id;
    while let Some(parent) = parents[above.idx()] {
        match view.expr(parent) {
            Expr::MethodCall { receiver, name, .. } if *receiver == above => {
                if let Some(op) = op_of(db, *name) {
                    return vec![(op, parent)];
                }
            }
            // `batch.insert(&orders, id, order)`.
            Expr::MethodCall { name, args, .. } if args.contains(&above) => {
                return op_of(db, *name).map(|op| (op, parent)).into_iter().collect();
            }
            Expr::Call { callee, args } if args.contains(&above) => {
                let Expr::Path(path) = view.expr(*callee) else { break };
                let op = path.last().and_then(|name| op_of_helper(db, name));
                return op.map(|op| (op, parent)).into_iter().collect();
            }
            Expr::Await(_) | Expr::Try(_) | Expr::Ref { .. } => {}
            _ => break,
        }
        above = parent;
    }
    Vec::new()
}

/// What is done with the local that an expression is bound to.
fn bound_uses(
    view: &BodyView,
    parents: &[Option<ExprId>],
    id: ExprId,
    db: &Database,
) -> Vec<(TableOp, ExprId)> {
    let body = view.body;
    let bound = body.exprs.iter().find_map(|expr| match expr {
        Expr::Block { stmts, .. } => stmts.iter().find_map(|stmt| match stmt {
            Stmt::Let { pat, init: Some(init), .. } if body.ranges[*init].contains(body.ranges[id]) => {
                match &body.pats[*pat] {
                    crate::parse::tree::body::Pat::Bind { name, .. } => Some((*name, *init)),
                    _ => None,
                }
            }
            _ => None,
        }),
        _ => None,
    });
    let Some((name, init)) = bound else { return Vec::new() };
    let mut uses = Vec::new();
    for (other, expr) in body.exprs.iter_enumerated() {
        let is_it = matches!(expr, Expr::Path(path) if path.as_name() == Some(name))
            && strings::last_let(body, name, other) == Some(init);
        if is_it {
            uses.extend(around(view, parents, other, db));
        }
    }
    uses
}

fn is_returned(body: &Body, parents: &[Option<ExprId>], mut id: ExprId) -> bool {
    while let Some(parent) = parents[id.idx()] {
        match &body.exprs[parent] {
            Expr::Block { tail: Some(tail), .. } if *tail == id => {}
            Expr::Jump { .. } | Expr::Ref { .. } | Expr::Await(_) | Expr::Try(_) => {}
            Expr::MethodCall { receiver, .. } if *receiver == id => {}
            _ => return false,
        }
        id = parent;
    }
    body.root == Some(id)
}

/// The struct and field that an expression is put into.
fn held_in(body: &Body, parents: &[Option<ExprId>], mut id: ExprId) -> Option<(Name, Name)> {
    loop {
        let parent = parents[id.idx()]?;
        match &body.exprs[parent] {
            Expr::Struct { path, fields, .. } => {
                let (field, _) = fields.iter().find(|(_, value)| *value == id)?;
                return Some((path.last()?, *field));
            }
            Expr::MethodCall { receiver, .. } if *receiver == id => {}
            Expr::Ref { .. } | Expr::Await(_) | Expr::Try(_) => {}
            _ => return None,
        }
        id = parent;
    }
}

fn add(cx: &Cx, view: &BodyView, table: &str, uses: &[(TableOp, ExprId)], found: &mut BTreeSet<Found>) {
    let Some(function) = cx.function_of[view.def] else { return };
    let loops = loop_ranges(view.body);
    for &(op, at) in uses {
        found.insert(Found {
            function,
            site: cx.place_at(view.def, cx.expr_start(view.body, at)),
            table: TableName { name: table.to_owned(), schema: None },
            op,
            certainty: Certainty::Certain,
            in_loop: loops.iter().any(|around| around.contains(view.body.ranges[at])),
            joined: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::facts::tests::tables;

    #[test]
    fn collections_of_mongodb() {
        expect![[r#"
            table lines
            table orders
            table stock
            table users
            app::Repo::drop_line delete lines @src/lib.rs:6 certain
            app::place insert orders @src/lib.rs:9 certain
            app::place read users @src/lib.rs:11 certain
            app::place update users @src/lib.rs:12 certain
            app::place read stock @src/lib.rs:13 certain
        "#]]
        .assert_eq(&tables(
            r#"
//- /src/lib.rs deps:mongodb
use mongodb::{Collection, Database, bson::doc};
const ORDERS: &str = "orders";
pub struct Repo { lines: Collection<u8> }
impl Repo {
    pub fn new(db: &Database) -> Self { Self { lines: db.collection("lines") } }
    pub async fn drop_line(&self) { self.lines.delete_one(doc! { "a": 1 }).await; }
}
pub async fn place(db: &Database) {
    db.collection::<u8>(ORDERS).insert_one(1).await;
    let users = db.collection::<u8>("users");
    let found = users.find_one(doc! {}).await;
    users.update_one(doc! {}, doc! {}).await;
    stock(db).find(doc! {}).await;
}
fn stock(db: &Database) -> Collection<u8> { db.collection("stock") }
"#,
        ));
    }

    #[test]
    fn collections_through_wrappers_of_the_application() {
        expect![[r#"
            table channels
            table names
            table servers
            table stats
            app::Db::add insert channels @src/lib.rs:12 certain
            app::Db::rename update names @src/lib.rs:14 certain
            app::Db::show read channels @src/lib.rs:13 certain
            app::prune delete stats @src/lib.rs:20 certain
            app::prune update servers @src/lib.rs:21 certain
        "#]]
        .assert_eq(&tables(
            r#"
//- /src/lib.rs deps:mongodb,mungos
use mongodb::{Collection, bson::doc};
pub struct Db(mongodb::Database);
impl Db {
    pub fn col<T>(&self, collection: &str) -> Collection<T> { self.0.collection(collection) }
    pub async fn insert_one<T>(&self, collection: &'static str, document: T) { self.col::<T>(collection).insert_one(document).await; }
    pub async fn find_one(&self, collection: &'static str, filter: u8) { self.col::<u8>(collection).find_one(filter).await; }
    pub async fn find_by_id(&self, collection: &'static str, id: u8) { self.find_one(collection, id).await }
}
macro_rules! query { ($self:ident, $method:ident, $collection:expr, $($rest:expr),+) => { $self.$method($collection, $($rest),+).await }; }
static COL: &str = "channels";
impl Db {
    pub async fn add(&self, channel: u8) { query!(self, insert_one, COL, channel) }
    pub async fn show(&self, id: u8) { self.find_by_id(COL, id).await }
    pub async fn rename(&self, id: u8) { self.col::<u8>("names").update_one(doc! {}, doc! {}).await; }
}
pub struct Client { pub servers: Collection<u8>, pub stats: Collection<u8> }
pub fn client() -> &'static Client { todo!() }
pub fn connect(db: Db) -> Client { Client { servers: db.col("Server"), stats: mungos::indexed(&db.0) } }
pub async fn prune() {
    client().stats.delete_many(doc! {}).await;
    mungos::by_id::update_one_by_id(&client().servers, 1).await;
}
"#,
        ));
    }

    #[test]
    fn tables_of_dynamodb() {
        expect![[r#"
            table orders
            table users
            app::place insert orders @src/lib.rs:2 certain
            app::place read users @src/lib.rs:3 certain
        "#]]
        .assert_eq(&tables(
            r#"
//- /src/lib.rs deps:aws_sdk_dynamodb
pub async fn place(client: &aws_sdk_dynamodb::Client) {
    client.put_item().table_name("orders").item("id", 1).send().await;
    let request = client.query().table_name("users");
    request.send().await;
    client.delete_item().table_name(std::env::var("T").unwrap()).send().await;
}
"#,
        ));
    }

    #[test]
    fn without_such_a_store_they_are_methods_of_something_else() {
        let fixture = r#"
//- /src/lib.rs deps:other
pub fn a(ui: &other::Ui) { ui.collection("stamps").insert_one(1); ui.table_name("orders"); }
"#;
        assert_eq!(tables(fixture), "");
    }
}
