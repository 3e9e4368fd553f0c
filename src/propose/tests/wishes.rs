//! Pins, together, apart, numbers.

use super::super::{Options, ProposeError, propose};
use super::SHOP;
use crate::model::{DecidedBy, Homes, Model, NodeRef, Plan, TableId};
use crate::testing::model;

fn table(model: &Model, name: &str) -> TableId {
    model.tables.iter_enumerated().find(|(_, table)| table.name == name).unwrap().0
}

fn service_of(model: &Model, plan: &Plan, name: &str) -> String {
    let home = Homes::new(model, plan).tables[table(model, name)];
    plan.services[home.service().unwrap()].name.clone()
}

fn options(pins: &[(&str, &str)]) -> Options {
    let pins = pins.iter().map(|&(item, service)| (item.to_owned(), service.to_owned())).collect();
    Options { pins, ..Options::default() }
}

#[test]
fn a_pin_is_obeyed_and_told() {
    let model = model(SHOP);
    let plan =
        propose(&model, &options(&[("table stock", "warehouse"), ("GET /items", "Ware House")])).unwrap();
    assert_eq!(service_of(&model, &plan, "stock"), "warehouse");
    assert!(plan.services.iter().any(|service| service.name == "ware-house"));
    let placement =
        plan.placements.iter().find(|p| p.node == NodeRef::Table(table(&model, "stock"))).unwrap();
    assert_eq!(placement.decided_by, DecidedBy::Pin);
}

#[test]
fn a_module_is_pinned_with_all_in_it_but_what_is_pinned_itself() {
    let model = model(SHOP);
    let pins = [("shop::orders", "sales"), ("cron order-reminder", "mail"), ("shop::orders::remind", "mail")];
    let plan = propose(&model, &options(&pins)).unwrap();
    let sales = plan.services.iter().find(|service| service.name == "sales").unwrap();
    let names: Vec<_> = sales.functions.iter().map(|&id| model.functions[id].name.as_str()).collect();
    assert!(["place", "list", "show"].iter().all(|name| names.contains(name)), "{names:?}");
    assert!(!names.contains(&"remind"));
}

#[test]
fn contradictions_are_errors() {
    let model = model(SHOP);
    let twice = propose(&model, &options(&[("table stock", "a"), ("table stock", "b")])).unwrap_err();
    assert_eq!(twice.to_string(), "`stock` is pinned to both `a` and `b`; keep one of the two pins");
    let mut both = options(&[]);
    both.together = vec![vec!["table stock".into(), "table items".into(), "table users".into()]];
    both.apart = vec![("table users".into(), "table stock".into())];
    let error = propose(&model, &both).unwrap_err();
    assert!(matches!(error, ProposeError::TogetherAndApart { .. }), "{error}");
    let unknown = propose(&model, &options(&[("table stok", "a")])).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "a pin names `table stok`, which does not exist; did you mean `table stock`?"
    );
    let reserved = propose(&model, &options(&[("table stock", "kernel")])).unwrap_err();
    assert!(matches!(reserved, ProposeError::BadServiceName { .. }), "{reserved}");
}

#[test]
fn together_and_apart_are_obeyed() {
    let model = model(SHOP);
    let mut wishes = options(&[]);
    wishes.together = vec![vec!["table users".into(), "table stock".into()]];
    wishes.apart = vec![("table orders".into(), "table order_lines".into())];
    let plan = propose(&model, &wishes).unwrap();
    assert_eq!(service_of(&model, &plan, "users"), service_of(&model, &plan, "stock"));
    assert_ne!(service_of(&model, &plan, "orders"), service_of(&model, &plan, "order_lines"));
}

#[test]
fn a_number_of_services_is_obeyed() {
    let model = model(SHOP);
    for wished in 1..=5 {
        let plan = propose(&model, &Options { services: Some(wished), ..Options::default() }).unwrap();
        assert_eq!(plan.services.len(), wished);
    }
    let error = propose(&model, &Options { services: Some(100), ..Options::default() }).unwrap_err();
    assert!(matches!(error, ProposeError::BadServiceCount { wished: 100, .. }), "{error}");
}
