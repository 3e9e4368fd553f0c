use expect_test::{Expect, expect};

use crate::facts::tests::transactions;

fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&transactions(fixture));
}

#[test]
fn the_extent_follows_the_value_into_callees() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
use sqlx::{PgPool, PgConnection};
pub async fn place(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT * FROM before").execute(pool).await?;
    let mut tx = pool.begin().await?;
    sqlx::query("INSERT INTO orders VALUES (1)").execute(&mut *tx).await?;
    reserve(&mut tx, 1).await?;
    audit(pool).await?;
    sqlx::query("SELECT * FROM outside").fetch_all(pool).await?;
    tx.commit().await?;
    sqlx::query("SELECT * FROM after").execute(pool).await?;
    Ok(())
}
async fn reserve(conn: &mut PgConnection, n: i32) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE stock SET n = 1").execute(conn).await?;
    Ok(())
}
async fn audit(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO audit VALUES (1)").execute(pool).await?;
    Ok(())
}
"#,
        expect![[r#"
            @src/lib.rs:4 app::place, app::reserve | insert orders, update stock | escapes @src/lib.rs:7 | escapes @src/lib.rs:8
        "#]],
    );
}

#[test]
fn a_transaction_that_is_given_back_goes_on_in_the_caller() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
use sqlx::{PgPool, Postgres, Transaction};
pub enum Step { Go(Transaction<'static, Postgres>), Stop }
pub async fn start(pool: &PgPool) -> Result<Step, sqlx::Error> {
    let mut tx = pool.begin().await?;
    sqlx::query("INSERT INTO keys VALUES (1)").execute(&mut *tx).await?;
    Ok(Step::Go(tx))
}
pub async fn handle(pool: &PgPool) -> Result<(), sqlx::Error> {
    let mut transaction = match start(pool).await? {
        Step::Go(t) => t,
        Step::Stop => return Ok(()),
    };
    let query = sqlx::query("INSERT INTO issues VALUES (1)");
    transaction.execute(query).await?;
    transaction.commit().await?;
    Ok(())
}
"#,
        expect![[r#"
            @src/lib.rs:4 app::handle, app::start | insert issues, insert keys
        "#]],
    );
}

#[test]
fn closures_and_what_is_no_transaction() {
    check(
        r#"
//- /src/lib.rs deps:diesel
mod schema { diesel::table! { orders (id) { id -> Integer, } } diesel::table! { items (id) { id -> Integer, } } }
use diesel::prelude::*;
pub struct Story;
impl Story { pub fn begin(&self) {} }
pub fn place(conn: &mut SqliteConnection, story: &Story) {
    story.begin();
    conn.transaction::<_, diesel::result::Error, _>(|c| {
        diesel::insert_into(schema::orders::table).values(1).execute(c)?;
        stock(c)
    });
    schema::items::table.load::<i32>(conn);
}
fn stock(conn: &mut SqliteConnection) -> Result<(), diesel::result::Error> {
    diesel::update(schema::items::table).set(1).execute(conn)?;
    Ok(())
}
"#,
        expect![[r#"
            @src/lib.rs:7 app::place, app::stock | update items, insert orders
        "#]],
    );
}

#[test]
fn requests_that_prisma_runs_together() {
    check(
        r#"
//- /schema.prisma
generator client {
  provider = "cargo prisma"
}
model Order {
  id Int @id
}
model Line {
  id Int @id
}
//- /src/lib.rs deps:prisma_client_rust
pub async fn place(db: &PrismaClient) {
    db._transaction().run(|client| async move { client.order().create(1).exec().await; client.line().create(1).exec().await }).await;
    db._batch((db.order().delete(1), db.line().delete(1))).await;
    let (tx, client) = db._transaction().begin().await.unwrap();
    client.line().update(1).exec().await;
    tx.commit(client).await;
    run(|| db.order().delete(1));
}
pub fn run(work: impl Fn()) { work() }
"#,
        expect![[r#"
            @src/lib.rs:2 app::place | insert Line, insert Order
            @src/lib.rs:3 app::place | delete Line, delete Order
            @src/lib.rs:4 app::place | update Line
        "#]],
    );
}

#[test]
fn each_caller_of_a_function_that_only_opens_has_a_transaction_of_its_own() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm
use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
pub mod order { #[derive(DeriveEntityModel)] #[sea_orm(table_name = "orders")] pub struct Model { pub id: i32 } }
pub mod stock { #[derive(DeriveEntityModel)] #[sea_orm(table_name = "stock")] pub struct Model { pub id: i32 } }
pub struct Database { inner: DatabaseConnection }
impl Database {
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> { Ok(self.inner.begin().await?) }
}
pub async fn place(db: &Database) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    order::Entity::insert_many(vec![]).exec(&tx).await?;
    tx.commit().await
}
pub async fn refill(db: &Database) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    stock::Entity::delete_many().exec(&tx).await?;
    tx.commit().await
}
"#,
        expect![[r#"
            @src/lib.rs:9 app::Database::begin, app::place | insert orders
            @src/lib.rs:14 app::Database::begin, app::refill | delete stock
        "#]],
    );
}

#[test]
fn helpers_that_run_a_closure_and_connections_under_another_name() {
    check(
        r#"
//- /src/lib.rs deps:diesel
mod schema { diesel::table! { orders (id) { id -> Integer, } } diesel::table! { items (id) { id -> Integer, } } }
use diesel::prelude::*;
pub fn in_transaction<T>(conn: &mut SqliteConnection, work: impl FnOnce(&mut SqliteConnection) -> T) -> T {
    conn.transaction(|conn| work(conn))
}
pub fn place(conn: &mut SqliteConnection) {
    in_transaction(conn, |c| {
        let db = c;
        diesel::insert_into(schema::orders::table).values(1).execute(db)
    });
}
pub fn clear(conn: &mut SqliteConnection) {
    in_transaction(conn, |c| {
        cheap().load::<i32>(c);
        diesel::delete(schema::items::table).execute(c)
    });
}
fn cheap() -> u8 { schema::orders::table.filter(schema::orders::id.eq(1)) }
"#,
        expect![[r#"
            @src/lib.rs:7 app::place | insert orders
            @src/lib.rs:13 app::cheap, app::clear | delete items, read orders
        "#]],
    );
}

#[test]
fn the_next_value_of_a_name_and_methods_on_the_transaction_itself() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
use sqlx::{Acquire, PgPool, Postgres};
pub trait Methods<'c>: Acquire<'c, Database = Postgres> + Sized {
    async fn count(self, n: i32) -> Result<(), sqlx::Error> {
        let mut conn = self.acquire().await?;
        sqlx::query("UPDATE counters SET n = 1").execute(&mut *conn).await?;
        Ok(())
    }
}
impl<'c, T> Methods<'c> for T where T: Acquire<'c, Database = Postgres> {}
pub async fn twice(pool: &PgPool) -> Result<(), sqlx::Error> {
    let mut tx = pool.begin().await?;
    tx.count(1).await?;
    tx.commit().await?;
    sqlx::query("SELECT * FROM between").fetch_all(pool).await?;
    let mut tx = pool.begin().await?;
    sqlx::query("DELETE FROM orders").execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}
"#,
        expect![[r#"
            @src/lib.rs:11 app::Methods::count, app::twice | update counters
            @src/lib.rs:15 app::twice | delete orders
        "#]],
    );
}
