use expect_test::{Expect, expect};

use super::{Schema, analyze, looks_like_sql, read_schema};

fn check(sql: &str, expected: Expect) {
    let statement = analyze(sql);
    let mut out = String::new();
    for (table, op) in &statement.accesses {
        let schema = table.schema.as_ref().map_or(String::new(), |schema| format!("{schema}."));
        out += &format!("{} {schema}{}\n", op.as_str(), table.name);
    }
    if !statement.exact {
        out += "scanned\n";
    }
    expected.assert_eq(&out);
}

fn check_schema(files: &[&str], expected: Expect) {
    let mut schema = Schema::default();
    for (n, file) in files.iter().enumerate() {
        for change in read_schema(file) {
            schema.apply(change.what, (n, change.at));
        }
    }
    let mut out = String::new();
    for (name, decl) in &schema.tables {
        out += &format!("{} {}\n", if decl.view { "view" } else { "table" }, name.name);
        for column in &decl.columns {
            let flags = format!(
                "{}{}",
                if column.primary_key { " pk" } else { "" },
                if column.nullable { " null" } else { "" }
            );
            out += &format!("  {} {}{flags}\n", column.name, column.ty);
        }
        for key in &decl.keys {
            out += &format!("  ({}) -> {} {}\n", key.columns.join(", "), key.table.name, key.on_delete);
        }
        for (table, op) in &decl.derived {
            out += &format!("  {} {}\n", op.as_str(), table.name);
        }
    }
    for (table, _) in &schema.twice {
        out += &format!("twice {}\n", table.name);
    }
    expected.assert_eq(&out);
}

#[test]
fn a_cte_is_no_table_and_what_it_writes_counts() {
    check(
        r#"with inserted as (insert into article (slug) values ($1) returning id)
           select a.id, u.name from inserted a inner join "user" u on u.id = $2"#,
        expect![[r#"
            insert article
            read user
        "#]],
    );
}

#[test]
fn joins_subqueries_and_table_functions() {
    check(
        "select t.x, (select count(*) from favorite) from shop.item i, unnest(i.tags) t(x)
         left join stock on true where i.id in (select id from hidden) and exists(select 1 from bans)",
        expect![[r#"
            read bans
            read favorite
            read hidden
            read shop.item
            read stock
        "#]],
    );
}

#[test]
fn an_upsert_updates_too() {
    check(
        "INSERT INTO carts (id, n) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET n = excluded.n",
        expect![[r#"
            insert carts
            update carts
        "#]],
    );
    check(
        "INSERT INTO carts (id) VALUES (?) ON DUPLICATE KEY UPDATE id = id",
        expect![[r#"
            insert carts
            update carts
        "#]],
    );
    check(
        "INSERT OR IGNORE INTO carts (id) VALUES (?)",
        expect![[r#"
        insert carts
    "#]],
    );
}

#[test]
fn insert_select_writes_one_and_reads_another() {
    check(
        "INSERT INTO queue (id, email) SELECT $1, email FROM subscriptions WHERE status = 'confirmed'",
        expect![[r#"
            insert queue
            read subscriptions
        "#]],
    );
}

#[test]
fn update_and_delete_with_other_tables() {
    check(
        "UPDATE orders o SET total = s.total FROM sums s WHERE s.id = o.id",
        expect![[r#"
            update orders
            read sums
        "#]],
    );
    check(
        "DELETE FROM items USING orders WHERE orders.id = items.order_id",
        expect![[r#"
            delete items
            read orders
        "#]],
    );
}

#[test]
fn a_locking_clause_is_no_update() {
    check(
        "SELECT id FROM jobs WHERE at < now() FOR UPDATE SKIP LOCKED LIMIT 1",
        expect![[r#"
            read jobs
        "#]],
    );
}

#[test]
fn what_no_dialect_takes_is_scanned() {
    check(
        "select a, b frobnicate !! from orders o join lines l on l.id = o.id where extract(day from o.at) = 1 and a is distinct from b",
        expect![[r#"
            read lines
            read orders
            scanned
        "#]],
    );
    check(
        "SELECT 1 !! FROM (SELECT * FROM inner_t) x, outer_t; INSERT INTO w SELECT !! FROM r ON CONFLICT DO UPDATE SET a = 1; DELETE FROM gone !! WHERE 1",
        expect![[r#"
            delete gone
            read inner_t
            read outer_t
            read r
            insert w
            update w
            scanned
        "#]],
    );
}

#[test]
fn comments_quotes_and_casts() {
    check(
        "select id as \"id!: i64\", `a` -- from nothing\n from `order` /* join nobody */ where x = 'from me'",
        expect![[r#"
            read order
        "#]],
    );
    check(
        "select $1::text[] from \"Shop\".\"Item\"",
        expect![[r#"
        read shop.item
    "#]],
    );
}

#[test]
fn prose_is_no_statement() {
    assert!(looks_like_sql("SELECT id FROM a", true));
    assert!(looks_like_sql("\n  -- all\n select * from a", true));
    assert!(looks_like_sql("with x as (select 1) select * from x", true));
    assert!(!looks_like_sql("Select a file from the list", true));
    assert!(!looks_like_sql("select a file from the list", true));
    assert!(!looks_like_sql("Update failed", false));
    assert!(!looks_like_sql("/api/select", false));
    assert!(!looks_like_sql("with", false));
}

#[test]
fn migrations_add_up() {
    check_schema(
        &[
            "CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name VARCHAR(10) NOT NULL, UNIQUE (name));
             create table orders (id bigserial primary key, user_id bigint not null references users (id) on delete cascade,
               total numeric(10, 2) default (0), constraint fk foreign key (total, id) references public.users(id) on delete set null);",
            "ALTER TABLE orders ADD COLUMN note TEXT; ALTER TABLE orders RENAME COLUMN note TO remark; alter table users rename to people;
             CREATE TABLE gone (id int); CREATE TABLE users2 (a int, b int, PRIMARY KEY (a, b));",
            "DROP TABLE gone; ALTER TABLE orders DROP COLUMN remark; CREATE VIEW open AS SELECT * FROM orders JOIN people ON true;
             CREATE TRIGGER t AFTER INSERT ON orders BEGIN UPDATE people SET n = n + 1; INSERT INTO log VALUES (new.id); END;
             CREATE TABLE users2 (c int);",
        ],
        expect![[r#"
            view open
              read orders
              read people
            table orders
              id bigserial pk
              user_id bigint
              total numeric(10, 2) null
              (user_id) -> people cascade
              (total, id) -> people set null
              insert log
              update people
            table people
              id INTEGER pk
              name VARCHAR(10)
            table users2
              a int pk
              b int pk
            twice users2
        "#]],
    );
}

#[test]
fn triggers_call_routines() {
    check_schema(
        &["create table a (id int); create table b (id int);
           create function touch() returns trigger as $$ begin update b set id = 1; return new; end; $$ language plpgsql;
           create trigger t after insert on a for each row execute function touch();"],
        expect![[r#"
            table a
              id int null
              update b
            table b
              id int null
        "#]],
    );
}

#[test]
fn only_the_way_up() {
    check_schema(
        &["-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;"],
        expect![[r#"
        table a
          id int null
    "#]],
    );
}

#[test]
fn blocks_change_the_schema() {
    check_schema(
        &["CREATE TABLE old_orders (id int);
           CREATE TABLE legacy (id int);
           DO $$ BEGIN
               IF NOT EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'orders') THEN
                   CREATE TABLE orders (id int PRIMARY KEY);
               ELSE
                   ALTER TABLE orders ADD COLUMN total int;
               END IF;
               DROP TABLE old_orders;
               EXECUTE 'CREATE TABLE parts (name text DEFAULT ''none'')';
               EXECUTE format('CREATE TABLE %I (id int)', name);
           END $$;
           CREATE FUNCTION forget() RETURNS void AS $f$ BEGIN DROP TABLE legacy; END; $f$ LANGUAGE plpgsql;
           CREATE FUNCTION never() RETURNS void AS $f$ BEGIN DROP TABLE orders; END; $f$ LANGUAGE plpgsql;
           SELECT forget();"],
        expect![[r#"
            table orders
              id int pk
              total int null
            table parts
              name text null
        "#]],
    );
}

#[test]
fn a_part_of_a_statement() {
    let found = super::fragment(" AND u.status <> 'retired' AND NOT EXISTS (SELECT 1 FROM reservations r");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn partitions_and_tables_named_at_run_time_are_none() {
    check_schema(
        &["CREATE TABLE logs (id int) PARTITION BY RANGE (id);
           CREATE TABLE logs_2024 PARTITION OF logs FOR VALUES FROM (1) TO (2);
           CREATE TABLE IF NOT EXISTS splitter_hole_ (id int);
           CREATE MATERIALIZED VIEW splitter_hole_.splitter_hole_ AS SELECT id FROM logs;
           ALTER TABLE logs RENAME TO splitter_hole_;"],
        expect![[r#"
            table logs
              id int null
        "#]],
    );
}

#[test]
fn a_hole_in_quotes_is_no_table() {
    check("SELECT id FROM \"{table}\"", expect![""]);
}

#[test]
fn commands_of_psql_are_no_statements() {
    check_schema(
        &[
            "CREATE DATABASE shop;\n\\connect shop\n\nCREATE TABLE orders (id int);\nCOPY orders (id) FROM stdin;\n\\N\n\\.\nCREATE TABLE lines (id int);",
        ],
        expect![[r#"
            table lines
              id int null
            table orders
              id int null
        "#]],
    );
}
