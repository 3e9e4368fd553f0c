use expect_test::expect;

use super::check;

#[test]
fn functions_for_many_tables() {
    check(
        r#"
//- /src/lib.rs deps:sqlx,sea_query
use sea_query::Query;
pub trait Bmc { const TABLE: &'static str; fn table_ref() -> TableRef; }
pub async fn create<MC: Bmc, E>(mm: &Manager, data: E) {
    let mut query = Query::insert();
    query.into_table(MC::table_ref()).values(data);
    run(query).await;
}
pub async fn get<MC: Bmc>(mm: &Manager, id: i64) {
    sqlx::query(&format!("SELECT * FROM {} WHERE id = $1", MC::TABLE)).fetch_one(mm).await;
}
pub async fn get_or_create<MC: Bmc>(mm: &Manager, id: i64) {
    get::<MC>(mm, id).await;
    create::<MC, _>(mm, id).await;
}
pub struct TaskBmc;
impl Bmc for TaskBmc { const TABLE: &'static str = "task"; }
impl TaskBmc {
    pub async fn create(mm: &Manager, task: Task) { create::<Self, _>(mm, task).await; }
    pub async fn touch(mm: &Manager) { get_or_create::<TaskBmc>(mm, 1).await; }
}
//- /migrations/1_init.sql
CREATE TABLE task (id INT);
"#,
        expect![[r#"
            table task
            app::TaskBmc::create insert task @src/lib.rs:18 certain
            app::TaskBmc::touch read task @src/lib.rs:19 certain
            app::TaskBmc::touch insert task @src/lib.rs:19 certain
            app::get unknown @src/lib.rs:9 built-at-run-time
        "#]],
    );
}

#[test]
fn methods_of_a_trait_for_many_tables() {
    check(
        r#"
//- /src/lib.rs deps:diesel
mod schema;
use diesel::prelude::*;
use schema::{orders, users};
pub trait Crud: HasTable + Sized {
    fn read(conn: &mut PgConnection, id: i32) -> Self { Self::table().find(id).first(conn) }
    fn remove(conn: &mut PgConnection, id: i32) { diesel::delete(Self::table().find(id)).execute(conn); }
}
#[derive(Identifiable)]
#[diesel(table_name = users)]
pub struct User { id: i32 }
#[derive(Identifiable)]
#[diesel(table_name = orders)]
pub struct Order { id: i32 }
impl Crud for User {}
impl Crud for Order {
    fn read(conn: &mut PgConnection, id: i32) -> Self { orders::table.inner_join(users::table).find(id).first(conn) }
}
pub fn user(conn: &mut PgConnection) { User::read(conn, 1); }
pub fn order(conn: &mut PgConnection) { Order::read(conn, 1); Order::remove(conn, 1); }
//- /src/schema.rs
diesel::table! { users (id) { id -> Integer, } }
diesel::table! { orders (id) { id -> Integer, } }
"#,
        expect![[r#"
            table orders
            table users
            app::<Order as Crud>::read read orders @src/lib.rs:16 certain joined
            app::<Order as Crud>::read read users @src/lib.rs:16 certain joined
            app::order delete orders @src/lib.rs:19 certain
            app::user read users @src/lib.rs:18 certain
        "#]],
    );
}

#[test]
fn entities_that_a_function_is_given() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm
pub mod user;
use sea_orm::*;
pub trait Storage {
    fn save_all<E, A>(&self, models: Vec<A>) where E: EntityTrait, A: ActiveModelTrait<Entity = E> {
        Self::save_with(self, models, None)
    }
    fn save_with<E, A>(&self, models: Vec<A>, conflict: Option<OnConflict>) where E: EntityTrait, A: ActiveModelTrait<Entity = E> {
        E::insert_many(models).exec(self.db());
    }
}
pub fn all<E: EntityTrait>(db: &DatabaseConnection) -> Vec<E::Model> { E::find().all(db) }
pub struct Store;
impl Storage for Store {}
impl Store {
    pub fn fill(&self, names: Vec<String>) {
        let models: Vec<user::ActiveModel> = names.into_iter().map(made).collect();
        self.save_all(models);
    }
}
pub fn list(db: &DatabaseConnection) { all::<user::Entity>(db); }
//- /src/user.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model { #[sea_orm(primary_key)] pub id: i32 }
"#,
        expect![[r#"
            table users
            app::Store::fill insert users @src/lib.rs:17 certain
            app::list read users @src/lib.rs:20 certain
        "#]],
    );
}
