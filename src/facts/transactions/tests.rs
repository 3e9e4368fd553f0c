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
