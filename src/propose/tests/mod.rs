//! Fixtures in, printed plans out.

mod grouping;
mod names;
mod observed;
mod properties;
mod roles;
mod wishes;

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::{Options, ProposeError, propose};
use crate::model::{Model, NodeRef, Plan};
use crate::testing::model;

/// A small shop with three contexts, a guard, helpers, and wiring.
pub(super) const SHOP: &str = "
table users
table sessions -> users
table items
table stock -> items
table orders -> users
table order_lines -> orders, items
type shop::error::AppError
type shop::users::User
type shop::catalog::Item
type shop::orders::Order
fn main
    calls shop::routes::router
fn shop::routes::router
fn shop::guard::current_user
    reads sessions, users
fn shop::money::round
    pure
fn shop::users::register
    writes users, sessions
    uses shop::users::User, shop::error::AppError
fn shop::users::login
    reads users
    writes sessions
    uses shop::users::User, shop::error::AppError
fn shop::users::me
    guard shop::guard::current_user
    reads users
    uses shop::users::User, shop::error::AppError
fn shop::catalog::list
    reads items
    calls shop::money::round
    uses shop::catalog::Item, shop::error::AppError
fn shop::catalog::show
    reads items, stock
    calls shop::money::round
    uses shop::catalog::Item, shop::error::AppError
fn shop::catalog::add
    guard shop::guard::current_user
    writes items, stock
    uses shop::catalog::Item, shop::error::AppError
fn shop::catalog::reserve
    writes stock
fn shop::orders::place
    guard shop::guard::current_user
    transaction
    writes orders, order_lines
    calls shop::money::round
    loops shop::catalog::reserve
    uses shop::orders::Order, shop::error::AppError
fn shop::orders::list
    guard shop::guard::current_user
    reads orders
    joins order_lines, items
    uses shop::orders::Order, shop::error::AppError
fn shop::orders::show
    guard shop::guard::current_user
    reads orders, order_lines
    calls shop::money::round
    uses shop::orders::Order, shop::error::AppError
fn shop::orders::remind
    reads orders, users
    calls shop::money::round
GET /health -> shop::routes::router
POST /users -> shop::users::register
POST /users/login -> shop::users::login
GET /users/me -> shop::users::me
GET /items -> shop::catalog::list
GET /items/{id} -> shop::catalog::show
POST /items -> shop::catalog::add
POST /orders -> shop::orders::place
GET /orders -> shop::orders::list
GET /orders/{id} -> shop::orders::show
cron order-reminder -> shop::orders::remind
";

/// Services with what they hold, then kernel and shell.
pub(super) fn dump(model: &Model, plan: &Plan) -> String {
    let mut out = String::new();
    for service in &plan.services {
        let entries = service.entry_points.iter().map(|&id| model.entry_points[id].title());
        let tables = service.tables.iter().map(|&id| model.tables[id].name.clone());
        let functions = service.functions.iter().map(|&id| model.functions[id].path.to_string());
        _ = writeln!(out, "{}", service.name);
        for (kind, names) in [
            ("entry points", entries.collect::<Vec<_>>()),
            ("tables", tables.collect()),
            ("functions", functions.collect()),
            ("deployables", service.deployables.iter().map(|deployable| deployable.name.clone()).collect()),
        ] {
            _ = writeln!(out, "  {kind}: {}", names.join(", "));
        }
    }
    for (name, group) in [("kernel", &plan.kernel), ("shell", &plan.shell)] {
        let functions = group.functions.iter().map(|&id| model.functions[id].path.to_string());
        let types = group.types.iter().map(|&id| model.types[id].path.to_string());
        let entries = group.entry_points.iter().map(|&id| model.entry_points[id].title());
        _ = writeln!(out, "{name}: {}", functions.chain(types).chain(entries).collect::<Vec<_>>().join(", "));
    }
    out
}

fn check(text: &str, expect: Expect) {
    let model = model(text);
    let plan = propose(&model, &Options::default()).unwrap();
    expect.assert_eq(&dump(&model, &plan));
}

#[test]
fn a_shop_is_split_by_its_data_and_its_words() {
    check(
        SHOP,
        expect![[r#"
            catalog
              entry points: GET /items, POST /items, GET /items/{id}
              tables: items, stock
              functions: shop::catalog::add, shop::catalog::list, shop::catalog::reserve, shop::catalog::show
              deployables: catalog-http
            orders
              entry points: GET /orders, POST /orders, GET /orders/{id}, cron order-reminder
              tables: order_lines, orders
              functions: shop::orders::list, shop::orders::place, shop::orders::remind, shop::orders::show
              deployables: orders-http, orders-order-reminder
            users
              entry points: POST /users, POST /users/login, GET /users/me
              tables: sessions, users
              functions: shop::guard::current_user, shop::users::login, shop::users::me, shop::users::register
              deployables: users-http
            kernel: shop::money::round, shop::error::AppError
            shell: main, shop::routes::router, GET /health
        "#]],
    );
}

#[test]
fn an_empty_model_is_left_alone() {
    let model = Model::default();
    let plan = propose(&model, &Options::default()).unwrap();
    assert!(plan.services.is_empty());
    expect![[r#"
        Leave: no entry point was found, so there is nothing that a function could serve
    "#]]
    .assert_eq(&format!("{:?}: {}\n", plan.verdict.kind, plan.verdict.summary));
}

#[test]
fn what_crosses_is_cut_with_a_remedy() {
    let model = model(SHOP);
    let plan = propose(&model, &Options::default()).unwrap();
    let mut out = String::new();
    for cut in &plan.cuts {
        let function = &model.functions[cut.function].path;
        let target = super::explain::title(&model, cut.target);
        let (from, to) = (&plan.services[cut.from].name, &plan.services[cut.to].name);
        _ = writeln!(
            out,
            "{} {from} -> {to}, {function} -> {target}, {}: {}",
            cut.kind.as_str(),
            cut.severity.as_str(),
            cut.remedy
        );
    }
    expect![[r#"
        call catalog -> users, shop::catalog::add -> `current_user`, low: check the caller's token in the function itself; ask users only where the token cannot tell
        call orders -> catalog, shop::orders::place -> `reserve`, high: a call per turn becomes a request per turn: give catalog a batch version of `reserve`
        data orders -> catalog, shop::orders::list -> items, high: the join over items breaks: ask catalog for a batch by id, or keep a read copy in orders
        transaction orders -> catalog, shop::orders::place -> stock, blocker: keep the writes of stock in one service, or write an outbox row here and let catalog follow, with a compensation
        call orders -> users, shop::orders::place -> `current_user`, low: check the caller's token in the function itself; ask users only where the token cannot tell
        call orders -> users, shop::orders::list -> `current_user`, low: check the caller's token in the function itself; ask users only where the token cannot tell
        call orders -> users, shop::orders::show -> `current_user`, low: check the caller's token in the function itself; ask users only where the token cannot tell
        data orders -> users, shop::orders::remind -> users, medium: read users through users, or keep a read copy in orders
    "#]].assert_eq(&out);
}

#[test]
fn steps_begin_with_what_is_easy() {
    let model = model(SHOP);
    let plan = propose(&model, &Options::default()).unwrap();
    let mut out = String::new();
    for step in &plan.steps {
        _ = writeln!(out, "{} ({}): {}", step.deployable, step.risk.as_str(), step.why.join("; "));
        if !step.blocked_by.is_empty() {
            _ = writeln!(out, "  blocked by {}", step.blocked_by.join("; "));
        }
    }
    _ = writeln!(out, "{:?}: {}", plan.verdict.kind, plan.verdict.summary);
    expect![[r#"
        orders-order-reminder (low): nobody waits for it: it already runs by itself, so a failure is retried and not seen; it only reads, so it can run beside the monolith and be switched back at any time; it keeps no state in the process; it is 1 entry point with 1 function
        catalog-http (low): its handlers do not ask who calls: send it 2 of the 3 routes of catalog-http first, the others when it has proved itself; it only reads, so it can run beside the monolith and be switched back at any time; it needs nothing of the other services to answer; no handler asks who calls, so no session has to travel unless a middleware wants one; it keeps no state in the process; it is 2 entry points with 2 functions
        users-http (low): it writes only its own data (2 tables); it needs nothing of the other services to answer; it keeps no state in the process; it is 3 entry points with 3 functions
        catalog-http (low): it writes only its own data (2 tables); it needs nothing of the other services to answer; it keeps no state in the process; it is 1 entry point with 1 function
        orders-http (high): no other service touches the data that it writes; it keeps no state in the process; it is 3 entry points with 3 functions
          blocked by 1 transaction write over tables of several services; writes to 1 table of other services
        Leave: leave it as it is: what a split would cut is worth more than what it would give
    "#]].assert_eq(&out);
}

#[test]
fn what_could_not_be_followed_is_said_where_nothing_was_found() {
    let shop = SHOP.replace(
        "    reads items\n    calls shop::money::round",
        "    lost load, send\n    calls shop::money::round",
    );
    let shop = shop.replace("    reads items, stock\n", "    reads items, stock\n    lost load\n");
    let shop = format!(
        "{shop}\nfn shop::events::tell\n    calls shop::money::round\nconsumer told -> shop::events::tell\n"
    );
    let plan = propose(&model(&shop), &Options::default()).unwrap();
    let mut out = String::new();
    for step in plan.steps.iter().filter(|step| !step.why.iter().any(|why| why.contains("its own data"))) {
        let why = step.why.iter().filter(|why| why.contains("table") || why.contains("only reads"));
        let why = why.chain(&step.blocked_by).cloned().collect::<Vec<_>>();
        _ = writeln!(out, "{} ({}): {}", step.deployable, step.risk.as_str(), why.join("; "));
    }
    expect![[r#"
        orders-order-reminder (low): it only reads, so it can run beside the monolith and be switched back at any time
        catalog-http (low): it only reads as far as can be seen; 1 call (at src/lib.rs:36) could not be followed
        orders-http (high): 1 transaction write over tables of several services; writes to 1 table of other services
        orders-told (medium): not known what it works on: no table and nothing outside of the process was found
    "#]].assert_eq(&out);
}

#[test]
fn a_placement_names_its_reasons() {
    let model = model(SHOP);
    let plan = propose(&model, &Options::default()).unwrap();
    let mut out = String::new();
    for name in ["orders", "stock"] {
        let table = model.tables.iter_enumerated().find(|(_, table)| table.name == name).unwrap().0;
        let placement = plan.placements.iter().find(|p| p.node == NodeRef::Table(table)).unwrap();
        _ = writeln!(
            out,
            "{name} is in {} ({:?}), not in {:?}",
            placement.service,
            placement.decided_by,
            placement.runner_up.as_ref().map(|r| &r.0)
        );
        for reason in &placement.evidence {
            _ = writeln!(out, "  {}: {}", reason.criterion, reason.text);
        }
    }
    expect![[r#"
        orders is in orders (Ownership), not in Some("users")
          flow: is filled for POST /orders in `place`
          tables: is filled by `place`
          transaction: takes part in the transaction of `place`
        stock is in catalog (Engine), not in Some("orders")
          flow: is filled for POST /items in `add`
          tables: is filled by `reserve`
          tables: is filled by `add`
    "#]]
    .assert_eq(&out);
}

#[test]
fn an_unknown_criterion_is_told() {
    let weights = [("cals".to_owned(), 5)].into();
    let error = propose(&model(SHOP), &Options { weights, ..Options::default() }).unwrap_err();
    assert!(matches!(error, ProposeError::UnknownCriterion { .. }), "{error}");
}

/// The verdict on an application of grown functions, with its reasons.
fn verdict(text: &str) -> String {
    let mut model = model(text);
    model.functions.iter_mut().for_each(|function| function.n_lines = 200);
    let verdict = propose(&model, &Options::default()).unwrap().verdict;
    format!("{:?}: {}\n  {}\n", verdict.kind, verdict.summary, verdict.reasons.join("\n  "))
}

#[test]
fn the_verdict_names_what_speaks_for_a_split_and_what_against() {
    expect![[r#"
        Extract: extract users and leave the rest together; orders-order-reminder can go before
          1 transaction of 1 would break
          no table would have writers in two services, and of 6 tables 67% would be touched by one alone
          83% of the calls between functions would cross services; beyond 35%, they hold together too much
    "#]]
    .assert_eq(&verdict(SHOP));
}

#[test]
fn where_no_step_is_easy_the_one_that_stands_in_nobodys_way_is_named() {
    // Whatever serves requests looks into a cache of the process.
    let mut text = SHOP.replace("    guard ", "    state shop::cache::PRICES\n    guard ");
    for function in ["users::register", "users::login", "catalog::list", "catalog::show"] {
        let head = format!("fn shop::{function}\n");
        text = text.replace(&head, &format!("{head}    state shop::cache::PRICES\n"));
    }
    text = text.replace("cron order-reminder", "loop order-reminder");
    expect![[r#"
        Extract: extract orders-order-reminder and leave the rest together for now
          1 transaction of 1 would break
          no table would have writers in two services, and of 6 tables 67% would be touched by one alone
          83% of the calls between functions would cross services; beyond 35%, they hold together too much
          no step is of low risk
    "#]]
    .assert_eq(&verdict(&format!("state shop::cache::PRICES\n{text}")));
}

#[test]
fn what_a_request_asks_of_other_services_is_counted() {
    let model = model(SHOP);
    let plan = propose(&model, &Options::default()).unwrap();
    // Placing an order reserves stock in a loop, listing them joins items; guards are checked where they are asked.
    assert_eq!(plan.metrics["hops-of-worst-request"].value, 1.0);
    let asked = 9.0;
    assert_eq!(plan.metrics["hops-per-request"].value, (2.0_f64 / asked * 1000.0).round() / 1000.0);
}
