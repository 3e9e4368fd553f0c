//! Each check where it must fire, and where it must not.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use expect_test::{Expect, expect};

use crate::model::{Model, Plan};
use crate::testing::sample;

use super::{DETECTORS, fitness};

mod boundary;
mod functions;

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
