//! Checks on the cuts.

use expect_test::expect;

use crate::base::Place;
use crate::model::{CallKind, Certainty, Parameter, TypeId, TypeRole, TypeUse};

use super::{check, check_changed, function};

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
