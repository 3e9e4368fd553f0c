//! What belongs together, and what takes no part.

use super::super::{Options, propose};
use super::{SHOP, dump};
use crate::base::Id;
use crate::model::{DependencyRef, Home, Homes, MigrationStep, Model, Package, PackageIdx, Plan, Risk};
use crate::testing::model;

fn package(name: &str, linked: bool) -> Package {
    Package {
        name: name.into(),
        dir: name.into(),
        manifest: format!("{name}/Cargo.toml"),
        edition: "2024".into(),
        lib: Some(name.into()),
        bins: Vec::new(),
        dependencies: Vec::<DependencyRef>::new(),
        linked,
    }
}

/// The services of entry points and tables, by their names.
fn service(model: &Model, plan: &Plan, name: &str) -> Option<String> {
    let homes = Homes::new(model, plan);
    let home = match model.tables.iter_enumerated().find(|(_, table)| table.name == name) {
        Some((id, _)) => homes.tables[id],
        None => {
            let found = model.entry_points.iter_enumerated().find(|(_, entry)| entry.title() == name);
            homes.entry_points[found.expect("it is in the model").0]
        }
    };
    match home {
        Home::Service(service) => Some(plan.services[service].name.clone()),
        _ => None,
    }
}

#[test]
fn what_no_program_links_has_no_say() {
    let text = format!(
        "{SHOP}
type zoo::FakeOrder
fn zoo::fake_release
    writes orders, order_lines, stock, items
    calls shop::users::register
    uses zoo::FakeOrder
fn zoo::fake_user
    writes users, sessions, orders
    uses zoo::FakeOrder
"
    );
    let mut with = model(&text);
    with.packages = [package("shop", true), package("zoo", false)].into_iter().collect();
    for id in with.modules.ids() {
        let zoo = with.modules[id].path.to_string().starts_with("zoo");
        with.modules[id].package = PackageIdx::from_usize(usize::from(zoo));
    }
    let without = model(SHOP);
    let plan = propose(&with, &Options::default()).unwrap();
    assert_eq!(dump(&with, &plan), dump(&without, &propose(&without, &Options::default()).unwrap()));
    // Linked, it is code like any other.
    with.packages[PackageIdx::from_usize(1)].linked = true;
    let plan = propose(&with, &Options::default()).unwrap();
    assert!(dump(&with, &plan).contains("zoo::fake_user"));
}

#[test]
fn readers_of_foreign_data_are_no_service() {
    // Three pages read what others write; the log is written and read by nobody else.
    let text = format!(
        "{SHOP}
table audit_log
fn shop::pages::front
    reads items, orders
fn shop::pages::offers
    reads items
fn shop::pages::popular
    reads items, order_lines
fn shop::audit::record
    writes audit_log
fn shop::audit::history
    reads audit_log
fn shop::audit::purge
    writes audit_log
GET /pages/front -> shop::pages::front
GET /pages/offers -> shop::pages::offers
GET /pages/popular -> shop::pages::popular
POST /audit -> shop::audit::record
GET /audit -> shop::audit::history
DELETE /audit -> shop::audit::purge
"
    );
    let model = model(&text);
    let plan = propose(&model, &Options::default()).unwrap();
    for page in ["GET /pages/front", "GET /pages/offers", "GET /pages/popular"] {
        let home = service(&model, &plan, page).unwrap();
        let owned = plan.services.iter().find(|service| service.name == home).unwrap().tables.len();
        assert!(owned > 0, "{page} is in {home}, which owns nothing");
    }
    assert_eq!(service(&model, &plan, "GET /audit"), service(&model, &plan, "audit_log"));
    assert_ne!(service(&model, &plan, "audit_log"), service(&model, &plan, "items"));
}

#[test]
fn who_the_users_are_is_one_concern() {
    // No call, type or word ties the login to the password reset, but both are about the same thing: of
    // three services they are one.
    let text = "
table users
table password_resets
table items
table prices -> items
table orders
table parcels -> orders
fn app::login::enter
    reads users
fn app::login::leave
    reads users
fn app::signup::join
    writes users
fn app::password::ask
    writes password_resets
fn app::password::change
    writes password_resets
fn app::items::list
    reads items, prices
fn app::items::add
    writes items, prices
fn app::items::drop
    writes items
fn app::orders::place
    writes orders, parcels
fn app::orders::list
    reads orders, parcels
fn app::orders::cancel
    writes orders
POST /login -> app::login::enter
POST /logout -> app::login::leave
POST /signup -> app::signup::join
POST /password/forgotten -> app::password::ask
POST /password -> app::password::change
GET /items -> app::items::list
POST /items -> app::items::add
DELETE /items -> app::items::drop
POST /orders -> app::orders::place
GET /orders -> app::orders::list
DELETE /orders -> app::orders::cancel
";
    let model = model(text);
    let plan = propose(&model, &Options { services: Some(3), ..Options::default() }).unwrap();
    let users = service(&model, &plan, "users");
    for other in ["password_resets", "POST /login", "POST /signup", "POST /password"] {
        assert_eq!(service(&model, &plan, other), users, "{other}");
    }
    for other in ["items", "orders"] {
        assert_ne!(service(&model, &plan, other), users, "{other}");
    }
}

#[test]
fn what_a_request_waits_for_is_no_job_of_its_own() {
    // The report is written by a loop that a route calls; the sweeper runs by itself.
    let text = format!(
        "{SHOP}
table reports
fn shop::reports::build
    reads orders
    writes reports
fn shop::reports::fresh
    calls shop::reports::build
fn shop::users::sweep
    writes sessions
GET /reports/fresh -> shop::reports::fresh
consumer report-lines -> shop::reports::build
cron sweeper -> shop::users::sweep
"
    );
    let model = model(&text);
    let plan = propose(&model, &Options::default()).unwrap();
    let step = |end: &str| plan.steps.iter().find(|step| step.deployable.ends_with(end)).unwrap();
    assert_eq!(step("report-lines").risk, Risk::High);
    assert_eq!(step("report-lines").blocked_by, ["1 entry point whose work runs through it"]);
    assert_eq!(step("sweeper").risk, Risk::Low);
    // Every entry point is moved once.
    let mut moved: Vec<_> = plan.steps.iter().flat_map(|step| step.entry_points.clone()).collect();
    moved.sort_unstable();
    let all: Vec<_> = plan.services.iter().flat_map(|service| &service.deployables).collect();
    let mut all: Vec<_> = all.iter().flat_map(|deployable| deployable.entry_points.clone()).collect();
    all.sort_unstable();
    assert_eq!(moved, all);
    // Steps that break nothing come before those that do.
    let breaks = |step: &MigrationStep| step.blocked_by.iter().any(|why| why.contains("transaction"));
    assert!(plan.steps.is_sorted_by_key(breaks));
}

/// Three domains, each with its tables; every statement stands in one repository, every page in another
/// module.
fn layered(more: &str) -> String {
    let mut text = String::from("type app::repo::Repo\n");
    for (domain, line) in [("order", "order_line"), ("member", "member_card"), ("book", "book_copy")] {
        text += &format!(
            "table {domain}s
table {line}s -> {domain}s
fn app::repo::save_{domain}
    writes {domain}s, {line}s
    uses app::repo::Repo
fn app::repo::all_{domain}s
    reads {domain}s
    uses app::repo::Repo
fn app::repo::drop_{domain}
    writes {domain}s, {line}s
    uses app::repo::Repo
fn app::pages::add_{domain}
    calls app::repo::save_{domain}
fn app::pages::list_{domain}s
    calls app::repo::all_{domain}s
fn app::pages::end_{domain}
    calls app::repo::drop_{domain}
POST /{domain}s -> app::pages::add_{domain}
GET /{domain}s -> app::pages::list_{domain}s
DELETE /{domain}s -> app::pages::end_{domain}
"
        );
    }
    text + more
}

#[test]
fn a_layer_is_no_service() {
    let model = model(&layered(""));
    let plan = propose(&model, &Options::default()).unwrap();
    assert_eq!(plan.services.len(), 3);
    for (domain, line) in [("order", "order_line"), ("member", "member_card"), ("book", "book_copy")] {
        let home = service(&model, &plan, &format!("{domain}s"));
        for other in [format!("{line}s"), format!("POST /{domain}s"), format!("GET /{domain}s")] {
            assert_eq!(service(&model, &plan, &other), home, "{other}");
        }
    }
}

#[test]
fn a_large_front_may_own_nothing() {
    let topics = ["north", "south", "east", "west", "spring", "summer", "autumn", "winter", "noon", "dusk"];
    let pages: String = topics
        .iter()
        .map(|topic| {
            format!(
                "fn app::front::{topic}
    reads orders, members, books
    calls app::front::frame
GET /front/{topic} -> app::front::{topic}
"
            )
        })
        .collect();
    let model = model(&layered(&format!("fn app::front::frame\n{pages}")));
    let plan = propose(&model, &Options::default()).unwrap();
    let front = service(&model, &plan, "GET /front/north");
    for topic in topics {
        assert_eq!(service(&model, &plan, &format!("GET /front/{topic}")), front);
    }
    for table in ["orders", "members", "books"] {
        assert_ne!(service(&model, &plan, table), front, "{table}");
    }
}

#[test]
fn what_is_only_written_along_stays_with_it() {
    // Nothing but the transaction ties the points to the orders.
    let points = "table points
fn app::points::show
    reads points
fn app::points::top
    reads points
fn app::points::add
    writes points
GET /points/own -> app::points::show
GET /points/top -> app::points::top
";
    let apart = model(&layered(&format!("{points}POST /points -> app::points::add\n")));
    let plan = propose(&apart, &Options::default()).unwrap();
    assert_ne!(service(&apart, &plan, "points"), service(&apart, &plan, "orders"));
    let placed = "fn app::checkout::place
    calls app::repo::save_order, app::points::add
    transaction app::repo::save_order, app::points::add
POST /checkout -> app::checkout::place
";
    let whole = model(&layered(&format!("{points}{placed}")));
    let plan = propose(&whole, &Options::default()).unwrap();
    assert_eq!(service(&whole, &plan, "points"), service(&whole, &plan, "orders"));
    assert!(plan.cuts.iter().all(|cut| cut.kind != crate::model::CutKind::Transaction));
}

#[test]
fn a_word_that_is_only_said_in_a_compound_brings_it_along() {
    let text = layered("").replace("member", "two_factor").replace("/two_factors", "/two-factor");
    let model = model(&text);
    let plan = propose(&model, &Options::default()).unwrap();
    assert_eq!(service(&model, &plan, "GET /two-factor").as_deref(), Some("two-factor"));
}

#[test]
fn what_nothing_starts_is_no_service() {
    // Nobody touches `leftovers`; `coupons` is touched by code that no entry point reaches.
    let text = format!(
        "{SHOP}
table leftovers
table coupons
fn shop::coupons::import
    writes coupons
fn shop::coupons::purge
    writes coupons
fn shop::coupons::find
    reads coupons
"
    );
    let model = model(&text);
    let plan = propose(&model, &Options::default()).unwrap();
    assert_eq!(service(&model, &plan, "leftovers"), None);
    for service in &plan.services {
        assert!(!service.entry_points.is_empty(), "{} has no entry point", service.name);
    }
    // Unless the user wants it.
    let pins = vec![("table leftovers".to_owned(), "attic".to_owned())];
    let plan = propose(&model, &Options { pins, ..Options::default() }).unwrap();
    assert_eq!(service(&model, &plan, "leftovers").as_deref(), Some("attic"));
}
