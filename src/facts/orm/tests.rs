use expect_test::{Expect, expect};

use crate::facts::tests::tables;

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
