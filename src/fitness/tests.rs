//! Each check where it must fire, and where it must not.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use expect_test::{Expect, expect};

use crate::base::Place;
use crate::model::{
    CallKind, Certainty, EntryPointKind, Model, Parameter, Plan, Resource, ResourceId, ResourceKind,
    ResourceUse, TypeId, TypeRole, TypeUse,
};
use crate::testing::sample;

use super::{DETECTORS, fitness};

/// What one check says about an outline, changed by `change` first.
fn check_changed(code: &str, outline: &str, change: impl Fn(&mut Model, &mut Plan), expected: Expect) {
    let (_, mut model, mut plan) = sample::build(outline);
    change(&mut model, &mut plan);
    let mut text = String::new();
    for finding in fitness(&model, &plan).iter().filter(|finding| finding.code.as_str() == code) {
        let place = finding
            .place
            .map_or(String::new(), |place| format!(" {}:{}", model.files[place.file].path, place.line));
        let _ = writeln!(text, "{}{place}: {}", finding.severity.as_str(), finding.message);
    }
    expected.assert_eq(&text);
}

fn check(code: &str, outline: &str, expected: Expect) {
    check_changed(code, outline, |_, _| {}, expected);
}

fn function(model: &Model, name: &str) -> crate::model::FunctionId {
    model.functions.iter_enumerated().find(|(_, function)| function.name == name).unwrap().0
}

const TWO: &str = "
service orders
table orders id
fn orders::place POST /orders
  insert orders
service stock
table stock id
fn stock::reserve
  update stock
";

#[test]
fn every_check_is_known_once_and_says_what_to_do() {
    let codes: BTreeSet<_> = DETECTORS.iter().map(|detector| detector.code).collect();
    assert_eq!(codes.len(), DETECTORS.len());
    assert!(DETECTORS.iter().all(|detector| !detector.remedy.is_empty()));
}

#[test]
fn each_owner_alone_is_clean() {
    let (_, model, plan) = sample::build(TWO);
    let codes: Vec<_> = fitness(&model, &plan).into_iter().map(|finding| finding.code.to_string()).collect();
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn a_table_with_two_writers() {
    check(
        "shared-table-write",
        "
service orders
table orders id
fn orders::place POST /orders
  insert orders
  update stock
fn orders::show GET /orders
  read stock
service stock
table stock id
fn stock::reserve
  update stock
",
        expect![[r#"
            blocker src/orders.rs:8: `stock` belongs to stock and is also written by orders, in `orders::place`
        "#]],
    );
}

#[test]
fn an_outbox_may_have_many_writers() {
    check(
        "shared-table-write",
        "
service orders
table outbox id
fn orders::place POST /orders
  insert outbox
service stock
fn stock::reserve POST /stock
  insert outbox
",
        expect![[r#"
            note src/stock.rs:7: `outbox` belongs to orders and is also written by stock, in `stock::reserve`
        "#]],
    );
}

#[test]
fn a_transaction_over_two_owners() {
    check(
        "cross-boundary-transaction",
        "
service orders
table orders id
table lines id
fn orders::place POST /orders
  tx
  insert orders
  insert lines
  update stock
fn orders::amend PUT /orders
  tx
  update orders
  update lines
  read stock
service stock
table stock id
fn stock::reserve
",
        expect![[r#"
            blocker src/orders.rs:17: the transaction in `orders::place` writes `lines` and `orders` of orders; `stock` of stock
        "#]],
    );
}

#[test]
fn a_call_that_escapes_its_transaction() {
    check_changed(
        "cross-boundary-transaction",
        "
service orders
table orders id
fn orders::place POST /orders
  tx
  insert orders
",
        |model, _| {
            let site = model.transactions[0].site;
            model.transactions[0].escapes.push(Place { line: site.line + 1, ..site });
        },
        expect![[r#"
            high src/orders.rs:8: inside the transaction of `orders::place`, this call uses the pool: it is not rolled back with the rest, today already
        "#]],
    );
}

#[test]
fn foreign_keys_between_owners() {
    check(
        "cross-boundary-foreign-key",
        "
service orders
table orders id user_id>users! stock_id>stock
table lines id order_id>orders!
service users
table users id
service stock
table stock id
",
        expect![[r#"
            high migrations/0001_init.sql:3: `orders.user_id` of orders refers to `users` of users, on delete cascade
            medium migrations/0001_init.sql:3: `orders.stock_id` of orders refers to `stock` of stock
        "#]],
    );
}

#[test]
fn a_join_over_two_owners() {
    check(
        "cross-boundary-join",
        "
service orders
table orders id
table lines id
fn orders::show GET /orders
  join orders lines
fn orders::report GET /report
  join orders users
service users
table users id
",
        expect![[r#"
            high src/orders.rs:7: one statement in `orders::report` joins `orders` (orders) and `users` (users)
        "#]],
    );
}

#[test]
fn a_loop_that_crosses_each_turn() {
    check(
        "n-plus-one-across-cut",
        "
service orders
fn orders::show GET /orders
  each stock::find
  each orders::price
fn orders::one GET /orders/one
  call stock::find
  each orders::round
fn orders::price
  call stock::find
fn orders::round
service stock
fn stock::find
",
        expect![[r#"
            high src/orders.rs:28: each turn of a loop in `orders::show` calls `stock::find` of stock
            high src/orders.rs:31: each turn of a loop in `orders::show` calls `orders::price`, which reaches into stock
        "#]],
    );
}

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
fn signatures_that_stay_at_home() {
    let outline = "
service orders
fn orders::place POST /orders
  call stock::reserve
  call stock::find
  call stock::each
service stock
fn stock::reserve
fn stock::find
fn stock::each
";
    check_changed(
        "unsendable-type",
        outline,
        |model, _| {
            let param = |name: &str, ty: &str| Parameter { name: name.into(), ty: ty.into() };
            let reserve = function(model, "reserve");
            model.functions[reserve].params =
                vec![param("tx", "&mut Transaction<'_, Sqlite>"), param("cart", "&mut Cart")];
            let each = function(model, "each");
            model.functions[each].params = vec![param("f", "impl Fn(&Unit) -> bool")];
            model.functions[each].ret = "impl Iterator<Item = &Unit> + '_".into();
            // Pools are dependencies, borrowed values go by value, words are whole words.
            let find = function(model, "find");
            model.functions[find].params =
                vec![param("db", "&SqlitePool"), param("names", "&[String]"), param("p", "Profile")];
            model.functions[find].ret = "Result<Option<FileName>, StockError>".into();
        },
        expect![[r#"
            high src/orders.rs:7: `stock::reserve` cannot be called over a wire as it is: `tx: &mut Transaction<'_, Sqlite>` is an open transaction and `cart: &mut Cart` is changed in place
            high src/orders.rs:9: `stock::each` cannot be called over a wire as it is: `f: impl Fn(&Unit) -> bool` is a function and it gives `impl Iterator<Item = &Unit> + '_`, made while it is read
        "#]],
    );
}

#[test]
fn services_that_need_each_other() {
    check(
        "service-cycle",
        "
service orders
fn orders::place POST /orders
  call stock::reserve
  call stock::find
  call users::find
service stock
fn stock::reserve
fn stock::find
  call orders::place
service users
fn users::find
",
        expect![[r#"
            high src/stock.rs:7: orders and stock need each other; the weakest direction is stock → orders, at 1 place
        "#]],
    );
}

#[test]
fn a_part_that_is_too_small() {
    check(
        "too-many-parts",
        "
service money
fn money::round GET /round
service orders
table orders id
fn orders::place POST /orders
  call money::round
service nightly
fn nightly::run cron nightly
",
        expect![[r#"
            medium: money has 1 function and no table of its own
        "#]],
    );
}

#[test]
fn what_is_not_known_is_counted_per_service() {
    check_changed(
        "uncertain-edge",
        "
service orders
fn orders::place POST /orders
  opaque send untyped-receiver
  opaque post untyped-receiver
  call orders::pay
fn orders::pay
service stock
fn stock::find
  raw
",
        |model, _| model.calls[0].certainty = Certainty::OneOf,
        expect![[r#"
            low src/stock.rs:7: stock has 1 SQL statement that could not be read
            note src/orders.rs:12: orders has 2 calls that could not be followed and 1 call through a trait object or generic
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
fn a_guard_of_another_service() {
    check_changed(
        "hidden-context",
        "
service orders
fn orders::place POST /orders
  call users::from_request
fn orders::show GET /orders
  call users::from_request
service users
fn users::from_request
fn users::me GET /me
  call users::from_request
",
        |model, _| model.calls.iter_mut().for_each(|call| call.kind = CallKind::Guard),
        expect![[r#"
            medium src/orders.rs:7: 2 handlers of orders run the guard `users::from_request` of users before anything else
        "#]],
    );
}

#[test]
fn a_struct_that_everybody_takes() {
    check_changed(
        "hub",
        "
service a
fn a::f GET /a
service b
fn b::g GET /b
service c
fn c::h GET /c
",
        |model, _| {
            for (name, n_fields) in [("AppState", 6), ("Id", 1)] {
                let ty = TypeId(model.types.len() as u32);
                model.types.push(crate::model::Type {
                    path: crate::base::DefPath::new(format!("rental::{name}")),
                    name: name.into(),
                    item: crate::model::ItemId(0),
                    module: crate::model::ModuleIdx(0),
                    place: model.functions.as_slice()[0].place,
                    fields: vec![Parameter { name: "x".into(), ty: "u8".into() }; n_fields],
                    derives: Vec::new(),
                    test: false,
                });
                let uses =
                    model.functions.ids().map(|function| TypeUse { function, ty, role: TypeRole::Parameter });
                model.type_uses.extend(uses.collect::<Vec<_>>());
            }
        },
        expect![[r#"
            medium src/a.rs:6: `AppState` with its 6 fields is taken by 3 of 3 services: a, b and c
        "#]],
    );
}

#[test]
fn many_calls_between_two() {
    let outline: String = "service a\nfn a::f GET /a\n".to_string()
        + &(0..6).map(|n| format!("  call b::g{n}\n")).collect::<String>()
        + "service b\n"
        + &(0..6).map(|n| format!("fn b::g{n}\n")).collect::<String>()
        + "fn b::up GET /b\n  call a::f\n";
    check(
        "chatty-interface",
        &outline,
        expect![[r#"
        medium src/a.rs:7: a calls 6 functions of b at 6 places
    "#]],
    );
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
            blocker src/a.rs:9: the shared state `Mailer.outbox` is changed by `a::f`
            medium src/a.rs:7: the cache `price_cache` is changed by `a::f`
            note src/a.rs:10: the static `REQUEST_METRICS` is changed by `a::f`
        "#]],
    );
}

#[test]
fn the_whole_rental_platform() {
    let (_, model, plan) = sample::build(sample::RENTAL);
    let mut text = String::new();
    for finding in fitness(&model, &plan) {
        let _ = writeln!(text, "{} {}: {}", finding.severity.as_str(), finding.code, finding.message);
    }
    expect![[r#"
        blocker cross-boundary-transaction: the transaction in `orders::handlers::place` writes `units` of inventory; `orders` and `rental_items` of orders; `payments` of payments
        blocker cross-boundary-transaction: the transaction in `payments::handlers::webhook` writes `orders` of orders; `payments` of payments
        blocker shared-table-write: `units` belongs to inventory and is also written by orders, in `orders::handlers::place`
        blocker shared-table-write: `payments` belongs to payments and is also written by orders, in `orders::handlers::place`
        blocker shared-table-write: `orders` belongs to orders and is also written by payments, in `payments::handlers::pay` and `payments::handlers::webhook`
        high cross-boundary-foreign-key: `carts.user_id` of orders refers to `users` of users, on delete cascade
        high cross-boundary-join: one statement in `reporting::handlers::customers` joins `orders` (orders), `payments` (payments) and `users` (users)
        high cross-boundary-join: one statement in `reporting::handlers::utilisation` joins `products` (inventory), `rental_items` (orders) and `units` (inventory)
        high cross-boundary-join: one statement in `reporting::nightly::run` joins `orders` (orders) and `payments` (payments)
        high detached-work: `orders::handlers::place` starts work with `tokio::spawn` and does not wait for it
        high n-plus-one-across-cut: each turn of a loop in `orders::handlers::show` calls `inventory::store::product` of inventory
        high n-plus-one-across-cut: each turn of a loop in `orders::overdue::remind` calls `users::store::contact_of` of users
        high n-plus-one-across-cut: each turn of a loop in `orders::pricing::total` calls `inventory::store::product` of inventory
        high n-plus-one-across-cut: each turn of a loop in `recommendations::handlers::for_product` calls `inventory::store::product` of inventory
        high service-cycle: inventory, orders and payments need each other; the weakest direction is inventory → orders, at 1 place
        medium cross-boundary-foreign-key: `cart_items.product_id` of orders refers to `products` of inventory
        medium cross-boundary-foreign-key: `orders.user_id` of orders refers to `users` of users
        medium cross-boundary-foreign-key: `payments.order_id` of payments refers to `orders` of orders
        medium cross-boundary-foreign-key: `rental_items.unit_id` of orders refers to `units` of inventory
        medium cross-boundary-foreign-key: `similar.other_id` of recommendations refers to `products` of inventory
        medium cross-boundary-foreign-key: `similar.product_id` of recommendations refers to `products` of inventory
        medium cross-boundary-foreign-key: `views.product_id` of recommendations refers to `products` of inventory
        medium cross-boundary-foreign-key: `views.user_id` of recommendations refers to `users` of users
        medium in-process-state: the cache `AVAILABILITY` is changed by `inventory::availability::cached` and `inventory::stock::reserve`
        medium in-process-state: the cache `TRENDING` is changed by `recommendations::handlers::trending`
        low uncertain-edge: reporting has 1 SQL statement that could not be read
        note uncertain-edge: orders has 1 call that could not be followed
        note uncertain-edge: payments has 1 call that could not be followed
    "#]].assert_eq(&text);
}
