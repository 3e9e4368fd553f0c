//! Stores whose tables are named by a method: `db.collection::<Order>("orders").insert_one(…)`,
//! `client.put_item().table_name("orders")`.

use std::collections::BTreeMap;

use crate::base::{Id, Name};
use crate::model::{Certainty, TableOp};
use crate::parse::tree::body::{Body, Expr, ExprId, Stmt};
use crate::resolve::{CallTarget, DefId};

use super::catalog::Database;
use super::cx::{BodyView, Callee, Cx, callee, krate_of};
use super::sql::{HOLE, TableName};
use super::strings;
use super::tables::{Found, loop_ranges};

/// Accesses by such methods.
pub(super) fn documents(cx: &Cx) -> Vec<Found> {
    let stores: Vec<&Database> =
        cx.catalogs.databases.iter().filter(|db| !db.table_methods.is_empty()).collect();
    let mut found = Vec::new();
    let mut returned: BTreeMap<DefId, (String, &Database)> = BTreeMap::new();
    let mut fields: BTreeMap<(Name, Name), (String, &Database)> = BTreeMap::new();
    for &def in &cx.def_of {
        let used: Vec<&Database> =
            stores.iter().copied().filter(|db| cx.depends_on(def, &db.crates)).collect();
        if used.is_empty() || cx.def(def).is_test {
            continue;
        }
        let Some(view) = BodyView::new(cx.program, def) else { continue };
        let parents = super::orm::parents(view.body);
        for id in view.body.exprs.ids() {
            let named = used.iter().copied().find_map(|db| Some((table(cx, &view, id, db)?, db)));
            let Some((table, db)) = named else { continue };
            let mut uses = around(&view, &parents, id, db);
            if uses.is_empty() {
                uses = bound_uses(&view, &parents, id, db);
            }
            if uses.is_empty() && is_returned(view.body, &parents, id) {
                returned.insert(def, (table, db));
                continue;
            }
            if uses.is_empty()
                && let Some((owner, field)) = held_in(view.body, &parents, id)
            {
                let own = (owner == "Self").then(|| super::nodes::self_type(cx, def)).flatten();
                fields.insert((own.map_or(owner, |ty| cx.def(ty).name), field), (table, db));
                continue;
            }
            if uses.is_empty() {
                uses.push((TableOp::Read, id));
            }
            add(cx, &view, &table, &uses, &mut found);
        }
    }
    if returned.is_empty() && fields.is_empty() {
        return found;
    }
    for &def in &cx.def_of {
        if cx.def(def).is_test || cx.body(def).is_none() {
            continue;
        }
        let Some(view) = BodyView::new(cx.program, def) else { continue };
        let parents = super::orm::parents(view.body);
        let owner = super::nodes::self_type(cx, def).map(|ty| cx.def(ty).name);
        for (id, expr) in view.body.exprs.iter_enumerated() {
            let known = match (expr, view.target(id)) {
                (_, Some(CallTarget::Resolved(callee))) => returned.get(callee),
                (Expr::Field { name, .. }, _) => owner.and_then(|owner| fields.get(&(owner, *name))),
                _ => None,
            };
            let Some((table, db)) = known else { continue };
            let mut uses = around(&view, &parents, id, db);
            if uses.is_empty() {
                uses = bound_uses(&view, &parents, id, db);
            }
            add(cx, &view, table, &uses, &mut found);
        }
    }
    found
}

/// The table that a method names.
fn table(cx: &Cx, view: &BodyView, id: ExprId, db: &Database) -> Option<String> {
    let Expr::MethodCall { name, args, .. } = view.expr(id) else { return None };
    if !db.table_methods.iter().any(|known| name == &**known) {
        return None;
    }
    match callee(view.target(id)) {
        Callee::External(path) if !db.crates.iter().any(|krate| krate == krate_of(path)) => return None,
        Callee::Own => return None,
        _ => {}
    }
    let text = strings::text_of(cx, view, *args.first()?)?;
    text.exact().filter(|text| !text.is_empty() && !text.contains(HOLE)).map(str::to_owned)
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

fn add(cx: &Cx, view: &BodyView, table: &str, uses: &[(TableOp, ExprId)], found: &mut Vec<Found>) {
    let Some(function) = cx.function_of[view.def] else { return };
    let loops = loop_ranges(view.body);
    for &(op, at) in uses {
        found.push(Found {
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
