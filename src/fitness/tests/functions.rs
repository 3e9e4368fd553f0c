//! Checks on what runs as a function.

use expect_test::expect;

use crate::model::{EntryPointKind, Parameter, Resource, ResourceId, ResourceKind, ResourceUse};

use super::{check, check_changed, function};

#[test]
fn state_of_the_process_by_class() {
    check(
        "in-process-state",
        "
service orders
state COUNTER static mut
state PRICES cache mut
state LIMITS static
state POOL handle mut
state EVENTS channel mut
fn orders::place POST /orders
  touch COUNTER
  touch PRICES
  touch LIMITS
  touch POOL
  touch EVENTS
service stock
fn stock::listen
  touch EVENTS
",
        expect![[r#"
            blocker src/orders.rs:7: the static `COUNTER` is changed by `orders::place`
            blocker src/orders.rs:11: the channel `EVENTS` is used by `orders::place` and `stock::listen`
            medium src/orders.rs:8: the cache `PRICES` is changed by `orders::place`
        "#]],
    );
}

#[test]
fn work_that_nobody_waits_for() {
    check(
        "detached-work",
        "
service orders
fn orders::place POST /orders
  spawn
shell
fn main::serve
  spawn
",
        expect![[r#"
            high src/orders.rs:7: `orders::place` starts work with `tokio::spawn` and does not wait for it
        "#]],
    );
}

#[test]
fn files_of_this_machine() {
    check_changed(
        "file-system",
        "
service orders
state POOL handle
fn orders::export GET /export
shell
fn main::serve
",
        |model, _| {
            model.resources.push(Resource { kind: ResourceKind::File, name: "exports/".into() });
            model.resources.push(Resource { kind: ResourceKind::Env, name: "PORT".into() });
            for (name, resource) in [("export", 0), ("serve", 0), ("export", 1)] {
                let function = function(model, name);
                let site = model.functions[function].place;
                model.resource_uses.push(ResourceUse { function, resource: ResourceId(resource), site });
            }
            model.state_cells.iter_mut().for_each(|cell| cell.ty = "SqlitePool".into());
        },
        expect![[r#"
            high src/main.rs:3: the database behind `POOL` is a file of this machine, shared by 1 service
            medium src/orders.rs:6: `orders::export` uses `exports/` of this machine
        "#]],
    );
}

#[test]
fn a_pool_per_instance() {
    let outline = "
service orders
state POOL handle
fn orders::place POST /orders
  touch POOL
service stock
fn stock::list GET /stock
  touch POOL
";
    for (ty, expected) in [
        (
            "PgPool",
            expect![[r#"
        high src/orders.rs:3: the pool `POOL` would exist once per running instance of 2 deployables in 2 services
    "#]],
        ),
        ("SqlitePool", expect![[r#""#]]),
    ] {
        check_changed(
            "connection-fan-out",
            outline,
            |model, _| model.state_cells.iter_mut().for_each(|cell| cell.ty = ty.into()),
            expected,
        );
    }
}

#[test]
fn requests_that_do_not_fit() {
    for (code, expected) in [
        (
            "streaming-socket",
            expect![[r#"
        blocker src/a.rs:6: `GET /chat` keeps a connection open (`WebSocketUpgrade`)
    "#]],
        ),
        (
            "big-payload",
            expect![[r#"
        medium src/a.rs:16: `POST /photos` takes or gives a body without a small limit (`Multipart`)
    "#]],
        ),
    ] {
        check_changed(
            code,
            "
service a
fn a::chat GET /chat
fn a::upload POST /photos
fn a::list GET /list
",
            |model, _| {
                for (name, ty) in [
                    ("chat", "WebSocketUpgrade"),
                    ("upload", "axum::extract::Multipart"),
                    ("list", "Query<MultipartId>"),
                ] {
                    let function = function(model, name);
                    model.functions[function].params = vec![Parameter { name: "x".into(), ty: ty.into() }];
                }
            },
            expected,
        );
    }
}

#[test]
fn work_before_serving() {
    check_changed(
        "start-up-work",
        "
service a
table things id
fn a::load
  read things
fn a::list GET /list
  read things
fn a::reset command reset
  delete things
shell
fn main::main command main
  call main::run_migrations
  call main::prepare
  call a::reset
fn main::run_migrations
fn main::prepare
  call a::load
",
        |model, _| {
            let main = model.entry_points.iter_mut().find(|entry| entry.path.as_deref() == Some("main"));
            main.unwrap().kind = EntryPointKind::Startup;
        },
        expect![[r#"
            medium src/a.rs:13: `a::load` reads `things` before serving: every instance would
            medium src/main.rs:20: `main::run_migrations` does its work before serving: every instance would
        "#]],
    );
}

#[test]
fn caches_metrics_and_holders_are_no_truth() {
    check_changed(
        "in-process-state",
        "
service a
state price_cache shared mut
state App.mailer shared mut
state Mailer.outbox shared mut
state REQUEST_METRICS static mut
state Context.config shared mut
fn a::build
  touch Context.config
fn a::f GET /a
  touch price_cache
  touch App.mailer
  touch Mailer.outbox
  touch REQUEST_METRICS
",
        |model, _| {
            for cell in model.state_cells.iter_mut() {
                let holder = cell.path.as_str().ends_with("App.mailer");
                cell.ty = if holder { "Arc<Mailer>".into() } else { "Mutex<VecDeque<String>>".into() };
            }
        },
        expect![[r#"
            blocker src/a.rs:15: the shared state `Mailer.outbox` is changed by `a::f`
            medium src/a.rs:13: the cache `price_cache` is changed by `a::f`
            note src/a.rs:16: the static `REQUEST_METRICS` is changed by `a::f`
        "#]],
    );
}
