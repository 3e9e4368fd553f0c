use super::*;

#[test]
fn lists_mounted_at_a_base() {
    check(
        r#"
//- /src/main.rs deps:rocket
#[macro_use] extern crate rocket;
mod orders;
#[get("/item/<id>?<q>")]
fn item(id: u8, q: u8) {}
#[launch]
fn rocket() -> _ {
    let mut all = routes![item];
    all.append(&mut orders::routes());
    rocket::build().mount("/api/", all).mount("/", routes![orders::list])
}
//- /src/orders.rs
use rocket::{Route, routes, post, get};
#[post(
    "/orders",
    data = "<order>"
)]
pub fn create(order: u8) {}
#[get("/orders/<path..>")]
pub fn list(path: u8) {}
pub fn routes() -> Vec<Route> { routes![create] }
"#,
        expect![[r#"
            GET /api/item/<id> -> app::item @src/main.rs:7
            POST /api/orders -> app::orders::create @src/orders.rs:9
            GET /orders/<path..> -> app::orders::list @src/main.rs:9
        "#]],
    );
}

#[test]
fn a_base_path_that_is_known_at_run_time() {
    check(
        r#"
//- /src/main.rs deps:rocket
#[macro_use] extern crate rocket;
#[get("/item/<id>")]
fn item(id: u8) {}
#[launch]
fn rocket() -> _ {
    let base = &domain_path();
    rocket::build().mount([base, "/api"].concat(), routes![item])
}
fn domain_path() -> String { std::env::var("BASE").unwrap() }
"#,
        expect![[r#"
            GET /api/item/<id> -> app::item @src/main.rs:7 (below a base path that is only known at run time)
        "#]],
    );
}
