//! Prisma Client Rust: models stand in `schema.prisma`, and a client that is generated from it has a method
//! for each: `client.user_login().find_many(…)`, `.with(user::posts::fetch(…))`.

use std::collections::BTreeMap;

use crate::base::{Name, Place, SourceFile};
use crate::facts::cx::{BodyView, Cx};
use crate::facts::sql::{Change, ColumnDecl, KeyDecl, SchemaChange, TableName};
use crate::facts::tables::Found;
use crate::model::TableOp;
use crate::parse::tree::body::Expr;
use crate::resolve::DefId;

use super::found;
use super::sea_orm::snake;

/// The models, by the name of the client's method.
pub(super) struct Models {
    models: BTreeMap<String, Model>,
    pub(super) schema: Vec<(Place, SchemaChange)>,
}

/// A model of a schema.
struct Model {
    table: TableName,
    /// Which model each of its fields leads to, by its method.
    relations: BTreeMap<String, String>,
}

/// A model as its block says it.
struct Block<'t> {
    name: &'t str,
    line: u32,
    table: &'t str,
    fields: Vec<Field<'t>>,
    /// Of `@@id([a, b])`.
    keys: Vec<&'t str>,
}

/// One line of a block.
struct Field<'t> {
    name: &'t str,
    /// Without `?` and `[]`.
    ty: &'t str,
    optional: bool,
    many: bool,
    attributes: &'t str,
}

impl Models {
    pub(super) fn new(cx: &Cx) -> Self {
        let mut all = Self { models: BTreeMap::new(), schema: Vec::new() };
        let files = cx.workspace.sources.files.iter_enumerated();
        for (id, file) in files.filter(|(_, file)| file.path.ends_with(".prisma")) {
            if !is_for_rust(file) {
                continue;
            }
            let blocks = blocks(&file.text);
            for block in &blocks {
                let place = Place { file: id, line: block.line };
                all.schema.push((place, SchemaChange { at: 0, what: declaration(block, &blocks) }));
                let leads = |field: &Field| {
                    let is_model = blocks.iter().any(|other| other.name == field.ty);
                    is_model.then(|| (snake(field.name), snake(field.ty)))
                };
                let relations = block.fields.iter().filter_map(leads).collect();
                let model = Model { table: table(block.table), relations };
                all.models.insert(snake(block.name), model);
            }
        }
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    /// What a function does through the client.
    pub(super) fn accesses(&self, cx: &Cx, def: DefId, out: &mut Vec<Found>) {
        let Some(view) = BodyView::new(cx.program, def) else { return };
        for (id, expr) in view.body.exprs.iter_enumerated() {
            let (model, op, joined) = match expr {
                Expr::MethodCall { receiver, name, .. } => {
                    let Some(op) = op_of(name.as_str()) else { continue };
                    let Expr::MethodCall { name: model, args, .. } = view.expr(*receiver) else { continue };
                    let model = args.is_empty().then(|| self.models.get(model.as_str())).flatten();
                    (model, op, false)
                }
                Expr::Call { callee, .. } => {
                    let Expr::Path(path) = view.expr(*callee) else { continue };
                    let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
                    let [.., of, field, last] = names[..] else { continue };
                    if last != "fetch" {
                        continue;
                    }
                    let relations = self.models.get(of.as_str()).map(|model| &model.relations);
                    let other = relations.and_then(|relations| relations.get(field.as_str()));
                    (other.and_then(|other| self.models.get(other)), TableOp::Read, true)
                }
                _ => continue,
            };
            if let Some(model) = model {
                let at = cx.expr_start(view.body, id);
                out.extend(found(cx, &view, id, at, model.table.clone(), op, joined));
            }
        }
    }
}

fn table(name: &str) -> TableName {
    TableName { name: name.to_owned(), schema: None }
}

/// What a method of a model's actions does.
fn op_of(name: &str) -> Option<TableOp> {
    Some(match name {
        "find_unique"
        | "find_unique_or_throw"
        | "find_first"
        | "find_first_or_throw"
        | "find_many"
        | "count" => TableOp::Read,
        "create" | "create_many" | "create_unchecked" => TableOp::Insert,
        "update" | "update_many" | "update_unchecked" | "upsert" => TableOp::Update,
        "delete" | "delete_many" => TableOp::Delete,
        _ => return None,
    })
}

/// Whether the schema's client is one in Rust: its generator is run by cargo.
fn is_for_rust(file: &SourceFile) -> bool {
    let lines = file.text.lines().map(str::trim);
    lines.filter(|line| line.starts_with("provider")).any(|line| {
        let value = line.split('"').nth(1).unwrap_or("");
        value.starts_with("cargo ") || value.starts_with("prisma-client-rust")
    })
}

/// The models of a schema.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (line, number) in text.lines().zip(1..) {
        let line = line.split("//").next().unwrap_or("").trim();
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or("");
        if !is_open {
            if let ("model", Some(name)) = (first, words.next()) {
                let name = name.trim_end_matches('{');
                blocks.push(Block { name, line: number, table: name, fields: Vec::new(), keys: Vec::new() });
                is_open = true;
            }
            continue;
        }
        let Some(block) = blocks.last_mut() else { continue };
        if first.starts_with('}') {
            is_open = false;
        } else if let Some(rest) = line.strip_prefix("@@map(") {
            block.table = rest.split('"').nth(1).unwrap_or(block.table);
        } else if let Some(rest) = line.strip_prefix("@@id(") {
            block.keys = names_in(rest);
        } else if !first.starts_with('@')
            && let Some(ty) = words.next()
        {
            let attributes = line.split_once('@').map_or("", |(before, _)| &line[before.len()..]);
            let (optional, many) = (ty.ends_with('?'), ty.ends_with("[]"));
            let ty = ty.trim_end_matches(['?', '[', ']']);
            block.fields.push(Field { name: first, ty, optional, many, attributes });
        }
    }
    blocks
}

/// The names in the first brackets: `[a, b]`.
fn names_in(text: &str) -> Vec<&str> {
    let inner =
        text.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or("", |(inner, _)| inner);
    inner.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// A model as the table that it is.
fn declaration(block: &Block, all: &[Block]) -> Change {
    let column = |name: &str| {
        let field = block.fields.iter().find(|field| field.name == name);
        // ` @map("user_id")`; `@@map` is a line of its own.
        let mapped = field.and_then(|field| field.attributes.split_once("@map(")?.1.split('"').nth(1));
        mapped.unwrap_or(name).to_owned()
    };
    let (mut columns, mut keys) = (Vec::new(), Vec::new());
    for field in &block.fields {
        let Some(other) = all.iter().find(|other| other.name == field.ty) else {
            let id = || field.attributes.split('@').any(|attribute| attribute.trim() == "id");
            columns.push(ColumnDecl {
                name: column(field.name),
                ty: if field.many { format!("{}[]", field.ty) } else { field.ty.to_owned() },
                primary_key: id() || block.keys.contains(&field.name),
                nullable: field.optional,
            });
            continue;
        };
        let Some((_, relation)) = field.attributes.split_once("@relation(") else { continue };
        let Some((_, from)) = relation.split_once("fields:") else { continue };
        let on_delete = relation.split_once("onDelete:").map_or("", |(_, rest)| rest.trim());
        let on_delete = on_delete.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        keys.push(KeyDecl {
            columns: names_in(from).into_iter().map(column).collect(),
            table: table(other.table),
            on_delete: snake(on_delete).replace('_', " "),
            mapped: false,
        });
    }
    Change::Create { table: table(block.table), columns, keys, unless_exists: true }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::facts::tests::tables;

    const APP: &str = r#"
//- /Cargo.toml
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
prisma-client-rust = "0.6"
//- /prisma/schema.prisma
generator client {
  provider = "PROVIDER"
}
model User {
  id       Int      @id @default(autoincrement()) // the number
  name     String?  @map("full_name")
  sessions UserSession[]
  @@map("users")
}
model UserSession {
  id      String @id
  user    User   @relation(fields: [user_id], references: [id], onDelete: Cascade)
  user_id Int
}
//- /src/lib.rs
mod prisma;
use prisma::{user, user_session, PrismaClient};
pub async fn logins(db: &PrismaClient) {
    db.user().find_many(vec![]).with(user::sessions::fetch(vec![])).exec().await;
    db._batch((db.user_session().create("a".into(), 1, vec![]), db.user().update(user::id::equals(1), vec![]))).await;
}
pub async fn leave(state: &State) { state.db.user_session().delete(user_session::id::equals("a".into())).exec().await; }
pub fn other(shop: &Shop) { shop.user(1).delete(); shop.order().delete(); }
"#;

    #[test]
    fn models_of_a_schema_are_tables() {
        expect![[r#"
            table UserSession (user_id)->users
            table users
            app::leave delete UserSession @src/lib.rs:7 certain
            app::logins read UserSession @src/lib.rs:4 certain joined
            app::logins read users @src/lib.rs:4 certain
            app::logins insert UserSession @src/lib.rs:5 certain
            app::logins update users @src/lib.rs:5 certain
        "#]]
        .assert_eq(&tables(&APP.replace("PROVIDER", "cargo prisma")));
    }

    #[test]
    fn a_schema_of_another_languages_client_is_nobodys() {
        assert_eq!(tables(&APP.replace("PROVIDER", "prisma-client-js")), "");
    }
}
