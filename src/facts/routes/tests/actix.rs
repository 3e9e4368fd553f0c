use super::*;

#[test]
fn attributes_scopes_resources_and_configuration() {
    check(
        r#"
//- /src/main.rs deps:actix_web
mod orders;
use actix_web::{App, HttpServer, get, web};
#[get("/health")]
async fn health() {}
async fn home() {}
async fn save() {}
#[actix_web::main]
async fn main() {
    HttpServer::new(move || {
        App::new()
            .service(health)
            .route("/", web::get().to(home))
            .service(web::scope("/api").configure(orders::routes).configure(|cfg| orders::more(cfg, 1)))
            .service(web::resource("/doc/{id}").route(web::put().to(save)).to(home))
    })
    .run()
    .await;
}
//- /src/orders.rs
use actix_web::{delete, route, web::{self, ServiceConfig}};
#[delete("/{id}")]
async fn remove() {}
#[route("/both", method = "GET", method = "POST")]
async fn both() {}
async fn list() {}
#[delete("/lost")]
async fn lost() {}
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::scope("/orders").service((remove, both)).route("", web::get().to(list)));
}
pub fn more(cfg: &mut ServiceConfig, n: u8) {
    cfg.route("/more", web::post().to(list));
}
"#,
        expect![[r#"
            GET / -> app::home @src/main.rs:12
            POST /api/more -> app::orders::list @src/orders.rs:13
            GET /api/orders -> app::orders::list @src/orders.rs:10
            GET /api/orders/both -> app::orders::both @src/orders.rs:10
            POST /api/orders/both -> app::orders::both @src/orders.rs:10
            DELETE /api/orders/{id} -> app::orders::remove @src/orders.rs:10
            ANY /doc/{id} -> app::home @src/main.rs:14
            PUT /doc/{id} -> app::save @src/main.rs:14
            GET /health -> app::health @src/main.rs:11
            startup main -> app::main @src/main.rs:8
        "#]],
    );
}

#[test]
fn attributes_of_another_crate_declare_nothing() {
    check(
        r#"
//- /src/lib.rs deps:other
use other::get;
#[get("/a")]
fn a() {}
pub fn list() { other::service(a) }
"#,
        expect![[""]],
    );
}

#[test]
fn methods_of_a_resource_and_of_headers() {
    check(
        r#"
//- /src/lib.rs deps:actix_web
use actix_web::{HttpRequest, http::header::AUTHORIZATION, web};
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/reviews").get(list).post(list));
}
async fn list(request: HttpRequest) {
    let state = request.app_data::<web::Data<u8>>();
    request.get(AUTHORIZATION);
    request.headers().get(AUTHORIZATION);
}
"#,
        expect![[r#"
            GET /reviews -> app::list @src/lib.rs:3
            POST /reviews -> app::list @src/lib.rs:3
        "#]],
    );
}

#[test]
fn tables_of_paths_and_frameworks_under_another_name() {
    check(
        r#"
//- /Cargo.toml
[package]
name = "app"
version = "0.1.0"
[dependencies]
actix-web = "4"
codegen = { package = "actix-web-codegen", version = "4" }
//- /src/lib.rs
use actix_web::web;
pub struct Auth { login: &'static str, logout: &'static str }
impl Auth { const fn new() -> Auth { Auth { login: "/login", logout: "/logout" } } }
pub struct Routes { auth: Auth }
pub const ROUTES: Routes = Routes { auth: Auth::new() };
pub fn services(cfg: &mut web::ServiceConfig) {
    cfg.route(ROUTES.auth.login, web::post().to(login)).service(logout).service(other);
}
async fn login() {}
#[codegen::post("/logout")]
async fn logout() {}
#[codegen::get(path = "crate::OTHER.path")]
async fn other() {}
"#,
        expect![[r#"
            GET ? -> app::other @src/lib.rs:7 (a part of the path is only known at run time: /…)
            POST /login -> app::login @src/lib.rs:7
            POST /logout -> app::logout @src/lib.rs:7
        "#]],
    );
}

#[test]
fn attributes_with_paths_from_constants() {
    check(
        r#"
//- /Cargo.toml
[package]
name = "app"
version = "0.1.0"
[dependencies]
actix-web = "4"
codegen = { package = "actix-web-codegen", version = "4" }
//- /src/lib.rs
mod routes;
pub use routes::TABLE as ROUTES;
pub use routes::{LIMITS, LOGOUT};
pub fn services(cfg: &mut actix_web::web::ServiceConfig) {
    cfg.service(login).service(logout).service(limits).service(from_settings);
}
#[codegen::post(path = "crate::ROUTES.auth.login")]
async fn login() {}
#[codegen::post(path = "LOGOUT", wrap = "crate::Auth")]
async fn logout() {}
#[codegen::get(path = "&LIMITS.list")]
async fn limits() {}
#[codegen::get(path = "crate::ROUTES.auth.configured")]
async fn from_settings() {}
//- /src/routes.rs
pub static TABLE: Routes = Routes::new();
pub const LOGOUT: &str = concat!("/auth", "/logout");
pub static LIMITS: LazyLock<Limits> = LazyLock::new(|| Limits { list: "/limits" });
pub struct Limits { list: &'static str }
pub struct Routes { auth: Auth }
impl Routes {
    const fn new() -> Routes {
        let auth = Auth::new();
        Routes { auth }
    }
}
pub struct Auth { login: &'static str, configured: &'static str }
impl Auth {
    const fn new() -> Auth {
        let login = "/auth/login";
        Auth { login, configured: env!("LOGIN") }
    }
}
"#,
        expect![[r#"
            GET ? -> app::from_settings @src/lib.rs:5 (a part of the path is only known at run time: /…)
            POST /auth/login -> app::login @src/lib.rs:5
            POST /auth/logout -> app::logout @src/lib.rs:5
            GET /limits -> app::limits @src/lib.rs:5
        "#]],
    );
}

#[test]
fn what_an_attribute_declares_is_public_even_of_a_private_function() {
    check(
        r#"
//- /src/main.rs deps:actix_web
mod users;
use actix_web::{App, HttpServer, web};
use users::*;
#[actix_web::main]
async fn main() {
    HttpServer::new(|| App::new().service(web::scope("/api").service(list).service(show))).run().await;
}
//- /src/users.rs
use actix_web::{get, route};
#[get("/users")]
async fn list() {}
#[route("/users/{id}", method = "GET", method = "HEAD")]
async fn show() {}
"#,
        expect![[r#"
            GET /api/users -> app::users::list @src/main.rs:6
            GET /api/users/{id} -> app::users::show @src/main.rs:6
            HEAD /api/users/{id} -> app::users::show @src/main.rs:6
            startup main -> app::main @src/main.rs:5
        "#]],
    );
}

#[test]
fn patterns_of_parameters_may_hold_a_question_mark() {
    check(
        r#"
//- /src/lib.rs deps:actix_web
use actix_web::{get, web};
#[get("/repo/{site:.+?}/{name}/status")]
async fn status() {}
pub fn configure(cfg: &mut web::ServiceConfig) { cfg.service(status); }
"#,
        expect![[r#"
            GET /repo/{site:.+?}/{name}/status -> app::status @src/lib.rs:4
        "#]],
    );
}
