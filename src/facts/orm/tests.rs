use expect_test::{Expect, expect};

use crate::facts::tests::tables;

mod generic;
mod links;

fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&tables(fixture));
}

#[test]
fn diesel_tables_by_module_and_dsl() {
    check(
        r#"
//- /src/lib.rs deps:diesel
mod schema;
use diesel::prelude::*;
use schema::{orders, items};
#[derive(Insertable)]
#[diesel(table_name = orders)]
struct NewOrder { total: i32 }
#[derive(Identifiable)]
#[diesel(table_name = schema::items)]
pub struct Item { id: i32 }
pub fn place(conn: &mut SqliteConnection, new: NewOrder) {
    diesel::insert_into(orders::table).values(&new).execute(conn);
    let all = orders::table.inner_join(items::table).filter(orders::total.gt(1)).load::<Item>(conn);
    diesel::update(items::table.find(1)).set(items::name.eq("a")).execute(conn);
    for n in 0..3 {
        diesel::delete(orders::table.filter(orders::id.eq(n))).execute(conn);
    }
    diesel::insert_into(items::table).values(1).on_conflict(items::id).do_update().set(1).execute(conn);
    diesel::sql_query("SELECT * FROM raw_things").load::<Item>(conn);
}
pub fn by_dsl(conn: &mut SqliteConnection, item: &Item) {
    {
        use crate::schema::tags::dsl::*;
        tags.filter(label.eq("x")).load::<Item>(conn);
        diesel::insert_into(tags).values(label.eq("y")).execute(conn);
    }
    use crate::schema::items::dsl;
    diesel::update(dsl::items).set(dsl::name.eq("b")).execute(conn);
    diesel::update(item).set(dsl::name.eq("b")).execute(conn);
    let tags = 1;
    println!("{}", tags);
}
//- /src/schema.rs
diesel::table! {
    use diesel::sql_types::*;
    /// The orders.
    orders (id) {
        id -> Integer,
        total -> Nullable<Integer>,
    }
}
diesel::table! {
    items (id) { id -> Integer, name -> Text, #[sql_name = "type"] kind -> Text, order_id -> Integer, }
}
diesel::table! {
    #[sql_name = "item_tags"]
    shop.tags (id, label) { id -> Integer, label -> Text, }
}
diesel::joinable!(items -> orders (order_id));
diesel::allow_tables_to_appear_in_same_query!(orders, items);
"#,
        expect![[r#"
            table item_tags
            table items (order_id)->orders
            table orders
            app::by_dsl read item_tags @src/lib.rs:23 certain
            app::by_dsl insert item_tags @src/lib.rs:24 certain
            app::by_dsl update items @src/lib.rs:27 certain
            app::by_dsl update items @src/lib.rs:28 certain
            app::place insert orders @src/lib.rs:11 certain
            app::place read items @src/lib.rs:12 certain joined
            app::place read orders @src/lib.rs:12 certain joined
            app::place update items @src/lib.rs:13 certain
            app::place delete orders @src/lib.rs:15 certain in-loop
            app::place insert items @src/lib.rs:17 certain
            app::place update items @src/lib.rs:17 certain
        "#]],
    );
}

#[test]
fn sea_orm_entities_models_and_relations() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm
pub mod entity;
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use entity::user::{self, Entity as User};
pub async fn list(db: &sea_orm::DatabaseConnection) {
    User::find().all(db).await;
    let found = entity::order::Entity
        ::find_by_id(1).find_also_related(user::Entity).one(db).await;
    entity::order::Entity::delete_many().exec(db).await;
}
pub async fn save(db: &sea_orm::DatabaseConnection, order: entity::order::Model) {
    let new = user::ActiveModel { name: Set(1) };
    new.insert(db).await;
    let mut order: entity::order::ActiveModel = order.into();
    order.update(db).await;
    if let Some(model) = User::find_by_id(1).one(db).await {
        model.delete(db).await;
    }
    let mut map = std::collections::HashMap::new();
    map.insert(1, 2);
}
//- /src/entity.rs
pub mod user;
pub mod order;
//- /src/entity/user.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model { #[sea_orm(primary_key)] pub id: i32, pub name: Option<String> }
//- /src/entity/order.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "order", schema_name = "public")]
pub struct Model { #[sea_orm(primary_key)] pub id: i32, pub user_id: i32 }
pub async fn up(manager: &SchemaManager) {
    manager.create_table(sea_query::Table::create().table("order").col(uuid("user_id")).foreign_key(
        ForeignKey::create().from("order", "user_id").to("users", "id")));
}
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id", on_delete = "Cascade")]
    User,
}
"#,
        expect![[r#"
            table order (user_id)->users
            table users
            app::list read users @src/lib.rs:5 certain
            app::list read order @src/lib.rs:6 certain
            app::list read users @src/lib.rs:7 certain joined
            app::list delete order @src/lib.rs:8 certain
            app::save insert users @src/lib.rs:12 certain
            app::save update order @src/lib.rs:14 certain
            app::save read users @src/lib.rs:15 certain
            app::save delete users @src/lib.rs:16 certain
        "#]],
    );
}

#[test]
fn diesel_queries_that_are_parts_of_others() {
    check(
        r#"
//- /src/lib.rs deps:diesel
mod schema;
use diesel::prelude::*;
use schema::items::dsl as i;
use schema::{orders, tags as labels};
pub fn a(conn: &mut SqliteConnection, max: Option<i32>) {
    let late = orders::table.filter(orders::total.gt(1));
    diesel::delete(late).execute(conn);
    let tagged = labels::table.filter(labels::id.eq(1));
    let mut query = i::items
        .into_boxed()
        .filter(diesel::dsl::exists(tagged));
    if let Some(max) = max {
        let cheap = orders::table.filter(orders::total.lt(max));
        query = query.filter(i::id.eq_any(cheap.select(orders::id)));
    }
    let page = query.load::<i32>(conn);
    diesel::update(
        i::items.filter(i::id.eq_any(orders::table.select(orders::id))),
    ).set(1).execute(conn);
    let base = labels::table.filter(labels::id.gt(2));
    let n = base.count().get_result(conn);
}
#[derive(Identifiable)]
pub struct Tag { id: i32 }
pub fn b(conn: &mut SqliteConnection, tag: &Tag, sql: &str) {
    let tag = diesel::update(tag).set(1).execute(conn);
    let other = diesel::alias!(orders as other);
    orders::table.inner_join(other.on(1)).load::<i32>(conn);
    conn.batch_execute(&sql);
}
//- /src/schema.rs
diesel::table! { orders (id) { id -> Integer, total -> Integer, } }
diesel::table! { items (id) { id -> Integer, } }
diesel::table! { tags (id) { id -> Integer, } }
"#,
        expect![[r#"
            table items
            table orders
            table tags
            app::a delete orders @src/lib.rs:7 certain
            app::a read items @src/lib.rs:9 certain
            app::a read orders @src/lib.rs:9 certain
            app::a read tags @src/lib.rs:9 certain
            app::a update items @src/lib.rs:17 certain
            app::a read orders @src/lib.rs:17 certain
            app::a read tags @src/lib.rs:20 certain
            app::b update tags @src/lib.rs:26 certain
            app::b read orders @src/lib.rs:28 certain joined
            app::b unknown @src/lib.rs:29 built-at-run-time
        "#]],
    );
}

#[test]
fn sea_orm_modules_and_entities_under_other_names() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm
pub mod entity;
pub mod users;
pub mod orders;
//- /src/users.rs
use super::entity::user as user_entity;
use crate::entity::prelude::Order as Orders;
pub async fn show(db: &sea_orm::DatabaseConnection) {
    user_entity::Entity::find_by_id(1).one(db).await;
    Orders::find().all(db).await;
}
//- /src/orders.rs
use crate::entity::order::*;
pub async fn clear(db: &sea_orm::DatabaseConnection) { Entity::delete_many().exec(db).await; }
//- /src/entity.rs
pub mod user;
pub mod order;
pub mod prelude { pub use super::order::Entity as Order; }
//- /src/entity/user.rs
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model { pub id: i32 }
//- /src/entity/order.rs
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model { pub id: i32 }
"#,
        expect![[r#"
            table orders
            table users
            app::orders::clear delete orders @src/orders.rs:2 certain
            app::users::show read users @src/users.rs:4 certain
            app::users::show read orders @src/users.rs:5 certain
        "#]],
    );
}

#[test]
fn tables_that_only_migrations_in_rust_make() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm_migration
pub mod m20240101_users;
pub mod m20240102_orders;
pub mod m20240103_changes;
//- /src/m20240101_users.rs
use sea_orm_migration::prelude::*;
pub struct Migration;
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(
            Table::create().table(User::Table).if_not_exists()
                .col(ColumnDef::new(User::Id).uuid().not_null().primary_key())
                .col(string_null(User::FirstName))
                .to_owned(),
        ).await?;
        manager.create_table(Table::create().table(Alias::new("legacy")).col(pk_auto(User::Id)).to_owned()).await
    }
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(User::Table).to_owned()).await
    }
}
#[derive(DeriveIden)]
pub enum User { #[sea_orm(iden = "app_user")] Table, Id, FirstName }
//- /src/m20240102_orders.rs
use super::m20240101_users::User;
use sea_orm_migration::prelude::*;
pub struct Migration;
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(
            Table::create().table(OrderLine::Table)
                .col(ColumnDef::new(OrderLine::UserId).uuid().not_null())
                .foreign_key(
                    ForeignKey::create().name("fk").from(OrderLine::Table, OrderLine::UserId)
                        .to(User::Table, User::Id).on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        ).await?;
        manager.get_connection().execute_unprepared("CREATE VIEW busy AS SELECT * FROM order_line").await?;
        manager.get_connection().execute_unprepared("INSERT INTO order_line_new SELECT * FROM order_line").await
    }
}
#[derive(Iden)]
enum OrderLine { Table, #[iden = "owner_id"] UserId }
//- /src/m20240103_changes.rs
use sea_orm_migration::prelude::*;
pub struct Migration;
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Alias::new("legacy")).to_owned()).await?;
        manager.rename_table(renamed()).await
    }
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> { manager.drop_table(dropped()).await }
}
fn dropped() -> TableDropStatement { Table::drop().table(Alias::new("line")).to_owned() }
fn renamed() -> TableRenameStatement { Table::rename().table(Alias::new("order_line"), Alias::new("line")).to_owned() }
mod old {
    #[derive(DeriveEntityModel)]
    #[sea_orm(table_name = "ancient")]
    pub struct Model { pub id: i32 }
}
"#,
        expect![[r#"
            table app_user
            view busy from line
            table line (owner_id)->app_user
        "#]],
    );
}

#[test]
fn sql_files_that_migrations_in_rust_run_take_their_turn() {
    check(
        r#"
//- /Cargo.toml
[package]
name = "app"
version = "0.1.0"
[dependencies]
sea-orm-migration = "1"
//- /src/lib.rs
mod m1_init;
mod m2_changes;
//- /src/m1_init_up.sql
CREATE TABLE orders (id int);
CREATE TABLE legacy (id int);
//- /src/other.sql
CREATE TABLE audit (id int);
//- /src/m1_init.rs
use sea_orm_migration::prelude::*;
pub struct Migration;
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = include_str!("m1_init_up.sql");
        manager.get_connection().execute_unprepared(sql).await
    }
}
//- /src/m2_changes.rs
use sea_orm_migration::prelude::*;
pub struct Migration;
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Legacy::Table).to_owned()).await
    }
}
#[derive(DeriveIden)]
enum Legacy { Table }
"#,
        expect![[r#"
            table audit
            table orders
        "#]],
    );
}

#[test]
fn tables_of_migrations_that_name_entities() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm_migration,sea_orm
mod migration;
pub mod event {
    #[derive(DeriveEntityModel)]
    #[sea_orm(table_name = "event_entity")]
    pub struct Model { #[sea_orm(primary_key)] pub id: i32 }
}
pub mod prelude { pub use super::event::Entity as Event; }
//- /src/migration.rs
use crate::{event, prelude::Event};
use sea_orm_migration::prelude::*;
pub struct Migration;
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(
            Table::create().table(event::Entity).col(ColumnDef::new(event::Column::Id).integer().primary_key()).to_owned(),
        ).await?;
        manager.create_table(
            Table::create().table(Alias::new("seen")).col(ColumnDef::new(Alias::new("event")).integer())
                .foreign_key(ForeignKey::create().from(Alias::new("seen"), Alias::new("event")).to(Event, event::Column::Id))
                .to_owned(),
        ).await
    }
}
"#,
        expect![[r#"
            table event_entity
            table seen (event)->event_entity
        "#]],
    );
}

#[test]
fn statements_that_sea_query_builds_are_known() {
    check(
        r#"
//- /src/lib.rs deps:sea_query,sqlx
use schema::Lines as LineSchema;
use sea_query::{PostgresQueryBuilder, Query};
mod schema {
    #[derive(Iden)]
    pub enum Lines { Table, Id }
}
#[derive(Iden)]
enum Orders { Table, Id }
pub async fn list(pool: &sqlx::PgPool) {
    let mut query = Query::select();
    query.column(Orders::Id).from(Orders::Table);
    let (sql, values) = query.build_sqlx(PostgresQueryBuilder);
    sqlx::query_with(&sql, values).fetch_all(pool).await;
    let lines = Query::delete().from_table(LineSchema::Table).to_string(PostgresQueryBuilder);
    sqlx::query(&lines).execute(pool).await;
}
pub async fn other(pool: &sqlx::PgPool, given: Given) {
    let (sql, values) = given.parts();
    sqlx::query_with(&sql, values).fetch_all(pool).await;
}
"#,
        expect![[r#"
            table lines
            table orders
            app::list read orders @src/lib.rs:10 certain
            app::list delete lines @src/lib.rs:14 certain
            app::other unknown @src/lib.rs:19 built-at-run-time
        "#]],
    );
}

#[test]
fn tables_of_barrel_and_none_of_a_drop_outside_of_migrations() {
    check(
        r#"
//- /src/lib.rs deps:barrel,sea_query
use barrel::{Migration, types};
pub fn migration() -> String {
    let mut m = Migration::new();
    m.create_table("uploads", |t| {
        t.add_column("id", types::primary());
        t.add_column("claimed_at", types::datetime().nullable(true));
    });
    m.create_table("old", |t| {});
    m.drop_table("old");
    String::new()
}
pub fn reset() { sea_query::Table::drop().table(Alias::new("uploads")).to_owned(); }
"#,
        expect![[r#"
            table uploads
        "#]],
    );
}

#[test]
fn sea_orm_methods_of_what_the_derive_makes() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm
pub mod order;
pub async fn add(db: &sea_orm::DatabaseConnection) {
    let order = order::ActiveModel::new(1);
    let pair = (order, 2);
    let (order, n) = pair;
    order.insert(db).await;
}
//- /src/order.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model { pub id: i32 }
impl ActiveModel {
    pub fn new(id: i32) -> Self { Self { id: Set(id) } }
    pub async fn remove(self, db: &DatabaseConnection) { self.delete(db).await; }
}
impl Entity {
    pub fn open() -> Select<Entity> { Self::find().filter(Column::Id.eq(1)) }
}
"#,
        expect![[r#"
            table orders
            app::add insert orders @src/lib.rs:6 certain
            app::order::ActiveModel::remove delete orders @src/order.rs:7 certain
            app::order::Entity::open read orders @src/order.rs:10 certain
        "#]],
    );
}

#[test]
fn queries_that_sea_query_builds() {
    check(
        r#"
//- /src/lib.rs deps:sea_query,sqlx
use sea_query::{Alias, Expr, Query};
#[derive(Iden)]
enum Orders { Table, Id }
pub async fn list(pool: &sqlx::PgPool) {
    let (sql, values) = Query::select().column(Orders::Id).from(Orders::Table)
        .left_join(Alias::new("items"), Expr::val(1)).build(PostgresQueryBuilder);
}
pub fn add() { Query::insert().into_table(Orders::Table).columns([Orders::Id]).to_owned(); }
pub fn step_by_step() {
    let mut query = Query::delete();
    query.from_table(Orders::Table);
}
pub struct Query2;
pub fn other() { Query2::select().from("nothing"); }
"#,
        expect![[r#"
            table items
            table orders
            app::add insert orders @src/lib.rs:8 certain
            app::list read items @src/lib.rs:5 certain joined
            app::list read orders @src/lib.rs:5 certain
            app::step_by_step delete orders @src/lib.rs:10 certain
        "#]],
    );
}

#[test]
fn a_table_by_another_name_and_entities_of_another_package() {
    check(
        r#"
//- /src/lib.rs deps:diesel
diesel::table! { triages (user_id) { user_id -> Text, } }
pub fn get(conn: &mut Conn) { use self::triages::dsl as t; use self::triages::table as all; all.filter(t::user_id.eq(1)).first(conn); }
pub fn forget(conn: &mut Conn) { use self::triages::table as all; diesel::delete(all.filter(1)).execute(conn); }
"#,
        expect![[r#"
            table triages
            app::forget delete triages @src/lib.rs:3 certain
            app::get read triages @src/lib.rs:2 certain
        "#]],
    );
    check(
        r#"
//- /src/lib.rs deps:entity
use entity::{files, EntityTrait};
pub async fn list(db: &Db) { files::Entity::find().all(db).await; }
//- /entity/src/lib.rs crate:entity deps:sea_orm
pub mod files;
pub use sea_orm::EntityTrait;
//- /entity/src/files.rs
#[derive(DeriveEntityModel)]
#[sea_orm(table_name = "files")]
pub struct Model { pub id: i32 }
"#,
        expect![[r#"
            table files
            app::list read files @src/lib.rs:2 certain
        "#]],
    );
}
