use expect_test::{Expect, expect};

use crate::facts::tests::tables;

fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&tables(fixture));
}

#[test]
fn statements_of_macros_functions_and_methods() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
use sqlx::{PgPool, query_as};
const BY_ID: &str = "SELECT * FROM items WHERE id = $1";
pub async fn one(pool: &PgPool) {
    sqlx::query!("INSERT INTO orders (id) VALUES ($1)", 1).execute(pool).await;
    let all = query_as::<_, (i64,)>(
        "SELECT o.id FROM orders o JOIN items i ON true",
    )
    .fetch_all(pool)
    .await;
    sqlx::query(BY_ID).fetch_one(pool).await;
    for id in [1] {
        let sql = "UPDATE items SET n = 1";
        sqlx::query(sql).execute(pool).await;
    }
    pool.execute("DELETE FROM orders").await;
    sqlx::query("SELECT 1").execute(pool).await;
}
"#,
        expect![[r#"
            table items
            table orders
            app::one insert orders @src/lib.rs:4 certain
            app::one read items @src/lib.rs:5 certain joined
            app::one read orders @src/lib.rs:5 certain joined
            app::one read items @src/lib.rs:10 certain
            app::one update items @src/lib.rs:13 certain in-loop
            app::one delete orders @src/lib.rs:15 certain
        "#]],
    );
}

#[test]
fn a_statement_under_construction_belongs_to_where_it_is_made() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
use sqlx::{QueryBuilder, Sqlite};
pub async fn search(term: &str) {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM items i WHERE 1 = 1");
    push_filters(&mut query);
    query.push(" ORDER BY id");
}
fn push_filters(query: &mut QueryBuilder<Sqlite>) {
    query
        .push(" AND EXISTS (SELECT 1 FROM units u WHERE u.item_id = i.id")
        .push(" AND u.status <> 'retired' AND NOT EXISTS (SELECT 1 FROM reservations r")
        .push_bind(1)
        .push(") AND NOT EXISTS (SELECT 1 FROM jobs m WHERE true)");
}
"#,
        expect![[r#"
            table items
            table jobs
            table reservations
            table units
            app::search read items @src/lib.rs:3 certain
            app::search read jobs @src/lib.rs:3 likely joined
            app::search read reservations @src/lib.rs:3 likely joined
            app::search read units @src/lib.rs:3 likely joined
        "#]],
    );
}

#[test]
fn what_is_put_together_at_run_time_is_unknown() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
use sqlx::PgPool;
pub async fn a(pool: &PgPool, table: &str, column: &str) {
    sqlx::query(&format!("SELECT * FROM {table}")).fetch_all(pool).await;
    sqlx::query(&format!("SELECT {column} FROM items")).fetch_all(pool).await;
    let sql = std::fs::read_to_string("a.sql").unwrap();
    sqlx::query(&sql).execute(pool).await;
    let sql = "SELECT * FROM items";
    let sql = format!("{sql} LIMIT 1");
    sqlx::query(&sql).execute(pool).await;
}
"#,
        expect![[r#"
            table items
            app::a read items @src/lib.rs:4 likely
            app::a read items @src/lib.rs:9 certain
            app::a unknown @src/lib.rs:3 built-at-run-time
            app::a unknown @src/lib.rs:6 built-at-run-time
        "#]],
    );
}

#[test]
fn a_text_that_is_bound_anew_by_its_own_name() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
pub async fn run(pool: &sqlx::PgPool) {
    let sql = std::fs::read_to_string("a.sql").unwrap();
    let sql = sql.trim();
    sqlx::query(sql).execute(pool).await;
}
"#,
        expect![[r#"
            app::run unknown @src/lib.rs:4 built-at-run-time
        "#]],
    );
}

#[test]
fn files_beside_the_code() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
pub async fn a(pool: &sqlx::PgPool) {
    sqlx::query_file!("queries/a.sql").fetch_all(pool).await;
    sqlx::query(include_str!("b.sql")).fetch_all(pool).await;
    sqlx::query_file!("queries/none.sql").fetch_all(pool).await;
}
//- /src/b.sql
SELECT * FROM b
//- /queries/a.sql
SELECT * FROM a
"#,
        expect![[r#"
            table a
            table b
            app::a read a @src/lib.rs:2 certain
            app::a read b @src/lib.rs:3 certain
            app::a unknown @src/lib.rs:4 missing-file
        "#]],
    );
}

#[test]
fn migrations_declare_tables_and_take_them_away() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
pub async fn a(pool: &sqlx::PgPool) {
    sqlx::query("SELECT * FROM items, old_things").fetch_all(pool).await;
}
//- /migrations/0001_init.up.sql
CREATE TABLE items (id INT PRIMARY KEY, owner INT REFERENCES people (id));
CREATE TABLE people (id INT PRIMARY KEY);
CREATE TABLE gone (id INT);
//- /migrations/0001_init.down.sql
DROP TABLE items;
//- /migrations/0002_view.up.sql
DROP TABLE gone;
CREATE VIEW owned AS SELECT * FROM items;
//- /assets/sample.sql
CREATE TABLE sample (id INT);
"#,
        expect![[r#"
            table items (owner)->people
            view owned from items
            table people
            app::a read items @src/lib.rs:2 certain joined
        "#]],
    );
}

#[test]
fn days_without_a_time_tests_and_bookkeeping() {
    check(
        r#"
//- /src/lib.rs deps:diesel
//- /migrations/2018-01-18-000001_init/up.sql
CREATE TABLE entries (id INT);
//- /migrations/2019-11-28_places/up.sql
DROP TABLE entries;
CREATE TABLE places (id INT);
//- /migrations/2020-01-01_tests/up.sql
CREATE TABLE tests (id INT);
//- /test_runner/sql/setup.sql
CREATE TABLE made_up (id INT);
//- /schema.sql
CREATE TABLE _sqlx_migrations (version INT);
CREATE TABLE sqlite_sequence (name, seq);
"#,
        expect![[r#"
            table places
            table tests
        "#]],
    );
}

#[test]
fn tables_of_one_connection() {
    check(
        r#"
//- /src/lib.rs deps:tokio_postgres
pub async fn load(client: &Client) {
    client.execute("CREATE TEMP TABLE IF NOT EXISTS bulk (id INT)", &[]).await;
    client.execute("INSERT INTO bulk (id) VALUES (1)", &[]).await;
    client.execute("INSERT INTO orders SELECT id FROM bulk", &[]).await;
}
"#,
        expect![[r#"
            table orders
            app::load insert orders @src/lib.rs:4 certain joined
        "#]],
    );
}

#[test]
fn statements_in_pieces() {
    check(
        r##"
//- /src/lib.rs deps:sqlx
use sqlx::QueryBuilder;
const USER: &str = "id, (SELECT count(*) FROM orders) AS orders";
pub async fn a(db: &PgPool) {
    query_joined_as!(User, "SELECT ", USER, r#" FROM "users" WHERE id = $1"#; id).fetch_one(db).await;
    paged_query!(User, "users", ["id"], limit);
}
pub async fn b(db: &PgPool, table: &str, done: bool) {
    let mut query = QueryBuilder::new("UPDATE tasks ");
    if done {
        query.push("SET done = ");
        query.push_bind(true);
    }
    query.push(" FROM late");
    let mut query = QueryBuilder::new("WITH busy AS (UPDATE workers SET n = ");
    query.push_bind(1).push(" RETURNING id) SELECT * FROM busy");
    let mut query = QueryBuilder::new("SELECT * FROM ");
    query.push(table);
}
"##,
        expect![[r#"
            table late
            table orders
            table tasks
            table users
            table workers
            app::a read orders @src/lib.rs:4 certain joined
            app::a read users @src/lib.rs:4 certain joined
            app::b read late @src/lib.rs:8 likely joined
            app::b update tasks @src/lib.rs:8 likely joined
            app::b update workers @src/lib.rs:14 likely
            app::b unknown @src/lib.rs:16 built-at-run-time
        "#]],
    );
}

#[test]
fn text_that_is_no_statement() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
pub fn a() {
    println!("SELECT * FROM printed");
    let help = "select a file from the list";
    let loose = "SELECT id FROM loose";
}
"#,
        expect![[r#"
            table loose
            app::a read loose @src/lib.rs:4 certain
        "#]],
    );
}

#[test]
fn without_a_database_layer_a_method_takes_no_statement() {
    check(
        r#"
//- /src/lib.rs
pub struct Shell;
impl Shell { pub fn execute(&self, text: &str) {} }
pub fn a(shell: &Shell) { shell.execute("select x from y"); }
"#,
        expect![[""]],
    );
}

/// Each layer's methods take statements where the package depends on it, and nowhere else.
#[test]
fn statements_of_other_layers() {
    for (krate, call) in [
        ("rusqlite", "conn.query_row"),
        ("tokio_postgres", "conn.query_opt"),
        ("mysql_async", "conn.exec_drop"),
        ("diesel", "diesel::sql_query"),
        ("sea_orm", "conn.execute_unprepared"),
    ] {
        let code = format!("pub fn a(conn: &Conn) {{ {call}(\"insert into lower_case values (1)\"); }}\n");
        let with = tables(&format!("//- /src/lib.rs deps:{krate}\n{code}"));
        assert!(with.contains("app::a insert lower_case"), "{krate}: {with}");
        if call.starts_with(krate) {
            continue;
        }
        let without = tables(&format!("//- /src/lib.rs deps:other\n{}", code.replace("values (1)", "now")));
        assert_eq!(without, "", "{krate}");
    }
}

#[test]
fn bad_input_is_reported_at_its_place() {
    let fixture = r#"
//- /src/lib.rs deps:sqlx,diesel,axum
use axum::{Router, routing::get};
mod schema;
pub async fn a(pool: &sqlx::PgPool, path: &str) {
    sqlx::query("SELECT FROM FROM orders WHERE ((").fetch_all(pool).await;
}
pub fn app(path: &str) -> Router {
    Router::new().route("/twice", get(a)).route(path, get(a)).route("/gone", get(handlers[0]))
        .route("/twice", get(b))
}
async fn b() {}
//- /src/schema.rs
diesel::table! { orders (id) { id -> Integer, colour -> Text, } }
diesel::table! { ghosts (id) { id -> Integer, } }
//- /migrations/0001_init.up.sql
CREATE TABLE orders (id INT PRIMARY KEY);
CREATE TABLE (id INT);
CREATE TABLE orders (id INT PRIMARY KEY);
CREATE TABLE open_end (id INT, name TEXT
"#;
    expect![[r#"
        migrations/0001_init.up.sql:2 sql-not-understood: cannot read a table without a name
        migrations/0001_init.up.sql:3 table-declared-twice: table orders is declared again without having been dropped
        migrations/0001_init.up.sql:4 sql-not-understood: cannot read the declaration of open_end, which does not end
        src/lib.rs:4 sql-scanned: no dialect's parser takes this statement; its tables were read word by word
        src/lib.rs:7 route-unresolved: /gone: the handler was not found
        src/lib.rs:7 route-unresolved: a part of the path is only known at run time: /…
        src/lib.rs:8 route-declared-twice: GET /twice is declared more than once
        src/schema.rs:1 schema-contradicts-migrations: orders has columns here that no migration makes: colour
        src/schema.rs:2 schema-contradicts-migrations: ghosts is declared here, but no migration makes it
    "#]].assert_eq(&crate::facts::tests::spots(fixture));
    check(
        fixture,
        expect![[r#"
        table ghosts
        table open_end
        table orders
        app::a read orders @src/lib.rs:4 likely
    "#]],
    );
}

#[test]
fn histories_of_two_database_systems_are_one_schema() {
    let fixture = r#"
//- /src/lib.rs deps:sqlx
pub fn a() {}
//- /migrations/mysql/0001_init.sql
CREATE TABLE users (id INT);
CREATE TABLE tokens (id INT);
//- /migrations/sqlite/0001_init.sql
CREATE TABLE users (id INT);
CREATE TABLE tokens_new (id INT);
CREATE TABLE old (id INT);
//- /migrations/sqlite/0002_rename.sql
DROP TABLE old;
ALTER TABLE tokens_new RENAME TO tokens;
//- /more/migrations/0003_later.sql
ALTER TABLE users ADD COLUMN name TEXT;
CREATE TABLE notes (id INT, user_id INT REFERENCES users (id));
"#;
    assert_eq!(crate::facts::tests::spots(fixture), "");
    check(
        fixture,
        expect![[r#"
        table notes (user_id)->users
        table tokens
        table users
    "#]],
    );
}

#[test]
fn a_large_migration_ends_soon() {
    let mut sql = "CREATE TABLE big (id INT);\n".to_owned();
    while sql.len() < 5 * 1024 * 1024 {
        sql.push_str("INSERT INTO big VALUES (1), (2), (3), ('a (text) with; marks');\n");
    }
    sql.push_str("CREATE TABLE last (id INT);\n");
    let start = std::time::Instant::now();
    check(
        &format!("//- /src/lib.rs deps:sqlx\npub fn a() {{}}\n//- /migrations/1_big.sql\n{sql}"),
        expect![[r#"
            table big
            table last
        "#]],
    );
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn what_tests_create_is_no_table() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
pub async fn create(pool: &sqlx::PgPool) { sqlx::query("CREATE TABLE made_here (id INT)").execute(pool).await; }
#[cfg(test)]
mod tests {
    async fn set_up(pool: &sqlx::PgPool) {
        sqlx::query("CREATE TABLE made_by_tests (id INT)").execute(pool).await;
        sqlx::query("INSERT INTO made_by_tests VALUES (1)").execute(pool).await;
    }
}
"#,
        expect![[r#"
            table made_here
        "#]],
    );
}

#[test]
fn prepared_statements_say_what_a_macro_hides() {
    check(
        r##"
//- /src/lib.rs deps:sqlx
pub async fn list(pool: &sqlx::PgPool, order: &str) {
    sqlx::query!("SELECT id FROM orders WHERE id IN (SELECT " + column!() + " FROM lines)").fetch_all(pool).await;
}
pub async fn report(pool: &sqlx::PgPool) { sqlx::query_file!("queries/gone.sql").fetch_all(pool).await; }
pub async fn one(pool: &sqlx::PgPool) { sqlx::query!("SELECT id FROM users").fetch_one(pool).await; }
//- /.sqlx/query-1.json
{ "db_name": "PostgreSQL", "query": "SELECT id\n FROM users" }
//- /.sqlx/query-2.json
{ "db_name": "PostgreSQL", "query": "SELECT id FROM orders WHERE id IN (SELECT line FROM lines)" }
//- /.sqlx/query-3.json
{ "db_name": "PostgreSQL", "query": "INSERT INTO reports SELECT * FROM months" }
"##,
        expect![[r#"
            table lines
            table months
            table orders
            table reports
            table users
            app::list read lines @src/lib.rs:2 certain joined
            app::list read orders @src/lib.rs:2 certain joined
            app::one read users @src/lib.rs:5 certain
            app::report read months @src/lib.rs:4 likely
            app::report insert reports @src/lib.rs:4 likely
        "#]],
    );
}

#[test]
fn prepared_statements_of_another_time_are_nobodys() {
    check(
        r##"
//- /src/lib.rs deps:sqlx
pub async fn a(pool: &sqlx::PgPool) { sqlx::query_file!("queries/gone.sql").fetch_all(pool).await; }
pub async fn b(pool: &sqlx::PgPool) { sqlx::query_file!("queries/lost.sql").fetch_all(pool).await; }
//- /.sqlx/query-1.json
{ "db_name": "PostgreSQL", "query": "DELETE FROM old" }
"##,
        expect![[r#"
            app::a unknown @src/lib.rs:1 missing-file
            app::b unknown @src/lib.rs:2 missing-file
        "#]],
    );
}

#[test]
fn a_slice_of_the_whole_text_is_the_text() {
    check(
        r#"
//- /src/lib.rs deps:sqlx
use std::fmt::Write;
pub async fn list(pool: &sqlx::PgPool, id: Option<u8>) {
    let mut query = "SELECT * FROM orders WHERE ".to_string();
    write!(query, "id = {} ", id.unwrap()).unwrap();
    let text: &str = &query[..];
    sqlx::query(text).fetch_all(pool).await;
    sqlx::query(&query[4..]).fetch_all(pool).await;
}
"#,
        expect![[r#"
            table orders
            app::list read orders @src/lib.rs:6 likely
            app::list unknown @src/lib.rs:7 built-at-run-time
        "#]],
    );
}
