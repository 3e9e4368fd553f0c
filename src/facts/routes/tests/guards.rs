use super::*;

#[test]
fn a_layer_stands_around_what_was_added_before() {
    check(
        r#"
//- /src/lib.rs deps:axum,tower
use axum::{Router, routing::{get, post}, middleware::{from_fn, from_fn_with_state}};
use tower::ServiceBuilder;
#[derive(Clone)]
pub struct State;
pub fn app(state: State) -> Router {
    let inner = Router::new().route("/orders", get(list).post(create).route_layer(from_fn_with_state(state.clone(), may_write)));
    let open = Router::new().route("/health", get(health));
    Router::new()
        .nest("/v1", inner)
        .route_layer(from_fn(|req, next| signed_in(state.clone(), req, next)))
        .merge(open)
        .layer(ServiceBuilder::new().layer(from_fn(count)).layer(axum::Extension(connect)))
        .route("/late", get(health))
}
async fn list() {}
async fn create() {}
async fn health() {}
async fn signed_in(state: State, req: u8, next: u8) {}
async fn may_write() {}
async fn count() {}
fn connect() {}
"#,
        expect![[r#"
            GET /health -> app::health @src/lib.rs:7 behind count
            GET /late -> app::health @src/lib.rs:13
            GET /v1/orders -> app::list @src/lib.rs:6 behind count behind may_write behind signed_in
            POST /v1/orders -> app::create @src/lib.rs:6 behind count behind may_write behind signed_in
        "#]],
    );
}

#[test]
fn a_layer_made_elsewhere_is_followed() {
    check(
        r#"
//- /src/lib.rs deps:axum,tower,axum_login
use axum::{Router, routing::get, middleware::from_fn};
pub struct AuthLayer;
impl<S> tower::Layer<S> for AuthLayer { type Service = S; }
impl AuthLayer { pub fn new(role: u8) -> Self { Self } }
pub struct Config;
impl Config { pub fn new() -> Self { Config } }
pub fn app() -> Router {
    let by_role = from_fn(allow(1));
    Router::new()
        .route("/a", get(a)).layer(AuthLayer::new(1)).layer(by_role)
        .route("/b", get(a)).layer(limits(Config::new()))
        .with_state(Config::new())
}
fn allow(role: u8) -> impl Fn(u8) -> u8 { move |req| req }
fn limits(config: Config) -> tower::layer::util::Stack<FromFnLayer, u8> { axum::middleware::from_fn(limit) }
async fn limit() {}
async fn a() {}
"#,
        expect![[r#"
            GET /a -> app::a @src/lib.rs:10 behind AuthLayer behind allow behind limit
            GET /b -> app::a @src/lib.rs:11 behind limit
        "#]],
    );
}

#[test]
fn a_scope_wraps_all_that_is_in_it() {
    check(
        r#"
//- /src/main.rs deps:actix_web,actix_web_httpauth
use actix_web::{dev::Transform, get, guard, middleware::{from_fn, Logger}, web, App, HttpServer};
use actix_web_httpauth::middleware::HttpAuthentication;
struct Signed;
impl<S, B> Transform<S, B> for Signed { type Response = B; }
fn main() {
    HttpServer::new(|| {
        let auth = HttpAuthentication::bearer(validate);
        App::new()
            .wrap(Logger::default())
            .service(
                web::scope("/admin")
                    .wrap(Signed)
                    .guard(guard::fn_guard(is_json))
                    .service(list)
                    .route("/x", web::post().guard(guard::Header("a", "b")).to(x)),
            )
            .service(web::scope("/me").service(wrapped).wrap(auth))
            .service(web::resource("/open").route(web::get().to(x)))
    });
}
#[get("/list")]
async fn list() {}
#[get("/wrapped", wrap = "from_fn(limit)")]
async fn wrapped() {}
async fn limit() {}
async fn x() {}
async fn validate() {}
fn is_json(ctx: u8) -> bool { true }
"#,
        expect![[r#"
            GET /admin/list -> app::list @src/main.rs:14 behind Signed behind is_json
            POST /admin/x -> app::x @src/main.rs:15 behind Signed behind is_json
            GET /me/wrapped -> app::wrapped @src/main.rs:17 behind limit behind validate
            GET /open -> app::x @src/main.rs:18
            startup main -> app::main @src/main.rs:5
        "#]],
    );
}

#[test]
fn the_other_frameworks() {
    check(
        r#"
//- /src/lib.rs deps:warp
use warp::Filter;
pub fn routes() -> impl Filter {
    let list = warp::path("orders").and(warp::get()).and(with_auth()).and(with_pool()).and_then(list);
    let first = with_auth().and(warp::path("first")).and_then(first);
    list.or(first)
}
fn with_auth() -> impl Filter { warp::header("authorization").and_then(authorize) }
fn with_pool() -> impl Filter { warp::any().map(move || 1) }
async fn authorize(token: u8) {}
async fn list() {}
async fn first() {}
"#,
        expect![[r#"
            ANY /first -> app::first @src/lib.rs:4 behind authorize
            GET /orders -> app::list @src/lib.rs:3 behind authorize
        "#]],
    );
    check(
        r#"
//- /src/lib.rs deps:salvo
use salvo::prelude::*;
#[handler]
async fn signed_in() {}
#[handler]
async fn list() {}
pub struct Quota;
#[handler]
impl Quota { async fn handle(&self) {} }
pub fn router() -> Router {
    Router::new()
        .push(Router::with_path("open").get(list))
        .push(Router::with_hoop(signed_in).path("orders").get(list).hoop(Quota))
}
"#,
        expect![[r#"
            GET /open -> app::list @src/lib.rs:11
            GET /orders -> app::list @src/lib.rs:12 behind Quota behind signed_in
        "#]],
    );
    check(
        r#"
//- /src/lib.rs deps:poem
use poem::{get, Endpoint, EndpointExt, Middleware, Route};
pub struct Signed;
impl<E: Endpoint> Middleware<E> for Signed { type Output = E; }
async fn list() {}
pub fn routes() -> Route {
    Route::new().at("/a", get(list).with(Signed)).nest("/b", Route::new().at("/c", get(list)).around(limit))
}
async fn limit() {}
"#,
        expect![[r#"
            GET /a -> app::list @src/lib.rs:6 behind Signed
            GET /b/c -> app::list @src/lib.rs:6 behind limit
        "#]],
    );
    check(
        r#"
//- /src/main.rs deps:rocket
use rocket::fairing::{Fairing, Info, Kind};
pub struct Cors;
#[rocket::async_trait]
impl Fairing for Cors { fn info(&self) -> Info { Info } async fn on_response(&self) {} }
pub struct Tenant;
#[rocket::async_trait]
impl Fairing for Tenant { fn info(&self) -> Info { Info } async fn on_request(&self) {} }
#[rocket::get("/a")]
fn list() {}
#[rocket::launch]
fn rocket() -> _ { rocket::build().mount("/v1", rocket::routes![list]).attach(Cors).attach(Tenant) }
"#,
        expect![[r#"
            GET /v1/a -> app::list @src/main.rs:11 behind Tenant
            startup main -> app::rocket @src/main.rs:11
        "#]],
    );
}
