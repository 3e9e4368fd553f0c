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
            startup main -> app::rocket @src/main.rs:6
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
            startup main -> app::rocket @src/main.rs:5
        "#]],
    );
}

#[test]
fn lists_that_are_appended_to_a_vector_are_mounted_once() {
    check(
        r#"
//- /src/main.rs deps:rocket
#[macro_use] extern crate rocket;
mod orders;
fn all() -> Vec<rocket::Route> {
    let mut all = Vec::new();
    all.append(&mut orders::routes());
    all
}
pub fn stage() -> rocket::fairing::AdHoc {
    rocket::fairing::AdHoc::on_ignite("orders", |rocket| async { rocket.mount("/staged", routes![orders::list]) })
}
#[launch]
fn rocket() -> _ { rocket::build().mount("/api", all()).attach(stage()) }
//- /src/orders.rs
#[get("/orders")]
pub fn list() {}
pub fn routes() -> Vec<rocket::Route> { routes![list] }
"#,
        expect![[r#"
            GET /api/orders -> app::orders::list @src/orders.rs:3
            GET /staged/orders -> app::orders::list @src/main.rs:9
            startup main -> app::rocket @src/main.rs:12
        "#]],
    );
}

#[test]
fn documented_lists_and_their_mounting_macro() {
    check(
        r#"
//- /src/main.rs deps:rocket,rocket_okapi
use rocket_okapi::{mount_endpoints_and_merged_docs, openapi, openapi_get_routes_spec};
#[openapi]
#[rocket::get("/orders")]
fn list() {}
#[rocket::get("/plain")]
fn plain() {}
fn orders(settings: &Settings) -> (Vec<rocket::Route>, Spec) { openapi_get_routes_spec![settings: list] }
#[rocket::main]
async fn main() {
    let mut rocket = rocket::build().mount("/", rocket::routes![plain]);
    let settings = Settings::default();
    mount_endpoints_and_merged_docs! { rocket, "/v1".to_owned(), settings, "/shop" => orders(&settings) };
    rocket.launch().await;
}
"#,
        expect![[r#"
            GET /plain -> app::plain @src/main.rs:10
            GET /v1/shop/orders -> app::list @src/main.rs:7
            startup main -> app::main @src/main.rs:9
        "#]],
    );
}

#[test]
fn a_router_that_is_put_together_in_two_ways_has_each_route_once() {
    check(
        r#"
//- /src/lib.rs deps:rocket
use rocket::{Build, Rocket, get, routes};
pub fn mount(rocket: Rocket<Build>, hooks: bool) -> Rocket<Build> {
    if hooks {
        rocket.mount("/", routes![root, hook])
    } else {
        rocket.mount("/", routes![root]).mount("/old", routes![root])
    }
}
#[get("/")]
fn root() {}
#[get("/hook")]
fn hook() {}
"#,
        expect![[r#"
            GET / -> app::root @src/lib.rs:4
            GET /hook -> app::hook @src/lib.rs:4
            GET /old/ -> app::root @src/lib.rs:6
        "#]],
    );
}

#[test]
fn a_list_beside_another_framework() {
    check(
        r#"
//- /src/lib.rs deps:rocket,axum
pub mod of_rocket {
    #[rocket::get("/limits")]
    fn limits() {}
    pub fn routes() -> Vec<rocket::Route> { rocket::routes![limits] }
}
pub mod of_axum {
    use axum::{Router, routing::get};
    pub fn routes() -> Router { Router::new().route("/limits", get(limits)) }
    async fn limits() {}
}
"#,
        expect![[r#"
            GET /limits -> app::of_rocket::limits @src/lib.rs:4
            GET /limits -> app::of_axum::limits @src/lib.rs:8
        "#]],
    );
}

#[test]
fn what_a_server_says_of_itself_is_no_server() {
    check(
        r#"
//- /src/main.rs deps:rocket
#[macro_use] extern crate rocket;
#[get("/version")]
fn version() {}
fn start(rocket: rocket::Rocket) -> rocket::Rocket {
    let config = rocket.config().clone();
    std::thread::spawn(move || connect(&config));
    rocket.mount("/", routes![version])
}
fn connect(config: &rocket::Config) {}
fn main() { start(rocket::ignite()).launch(); }
"#,
        expect![[r#"
            GET /version -> app::version @src/main.rs:7
            startup main -> app::main @src/main.rs:10
        "#]],
    );
}
