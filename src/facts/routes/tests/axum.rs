use super::*;

#[test]
fn routes_nested_and_merged_over_files() {
    check(
        r#"
//- /src/lib.rs deps:axum
mod orders;
mod items;
use axum::{Router, routing::get};
pub fn app() -> Router {
    let api = Router::new().merge(orders::router()).nest("/items", items::router());
    Router::new().route("/health", get(health)).nest("/api", api).fallback(health)
}
async fn health() {}
//- /src/orders.rs
use axum::{Router, routing::{get, post}};
pub fn router() -> Router {
    Router::new().route("/orders", get(list).post(create)).route("/orders/{id}", axum::routing::delete(remove))
}
async fn list() {}
async fn create() {}
async fn remove() {}
//- /src/items.rs
use axum::{Router, routing::get};
pub fn router() -> Router { Router::new().route("/", get(list)).route("/{id}", get(|| async { "one" })) }
async fn list() {}
"#,
        expect![[r#"
            GET /api/items -> app::items::list @src/items.rs:2
            GET /api/items/{id} -> app::items::router @src/items.rs:2
            GET /api/orders -> app::orders::list @src/orders.rs:3
            POST /api/orders -> app::orders::create @src/orders.rs:3
            DELETE /api/orders/{id} -> app::orders::remove @src/orders.rs:3
            GET /health -> app::health @src/lib.rs:6
        "#]],
    );
}

#[test]
fn wrappers_prefixes_and_conditions() {
    check(
        r#"
//- /src/lib.rs deps:axum
use axum::{Router, handler::Handler, routing::{MethodRouter, get, post, on, MethodFilter}};
const PREFIX: &str = "/v1";
fn get_static<H: Handler<T, S>, T, S>(handler: H) -> MethodRouter<S> { get(handler).layer(1) }
fn add<H>(router: Router, path: &str, handler: H) -> Router { router.route(path, post(handler)) }
pub fn app(debug: bool) -> Router {
    let mut app = Router::new().route("/a", get_static(a));
    app = add(app, "/b", b);
    if debug {
        app = app.route("/debug", get(a));
    }
    for (path, n) in [("/x", 1), ("/y", 2)] {
        app = app.route(path, get(b));
    }
    let app = app.route(&format!("{PREFIX}/c"), on(MethodFilter::PUT, a));
    Router::new().nest(&format!("{PREFIX}/{}", "in"), app)
}
async fn a() {}
async fn b() {}
"#,
        expect![[r#"
            GET /v1/in/a -> app::a @src/lib.rs:6
            POST /v1/in/b -> app::b @src/lib.rs:4
            GET /v1/in/debug -> app::a @src/lib.rs:9
            PUT /v1/in/v1/c -> app::a @src/lib.rs:14
            GET /v1/in/x -> app::b @src/lib.rs:12
            GET /v1/in/y -> app::b @src/lib.rs:12
        "#]],
    );
}

#[test]
fn a_trait_of_its_own_and_a_router_passed_in() {
    check(
        r#"
//- /src/lib.rs deps:axum
use axum::{Router, routing::get};
trait Health { fn with_health(self) -> Self; }
impl Health for Router { fn with_health(self) -> Self { self.route("/health", get(health)) } }
fn admin(router: Router) -> Router { router.route("/admin", get(health)) }
pub fn app() -> Router { admin(Router::new()).with_health() }
async fn health() {}
"#,
        expect![[r#"
            GET /admin -> app::health @src/lib.rs:4
            GET /health -> app::health @src/lib.rs:3
        "#]],
    );
}

#[test]
fn unknown_paths_unmounted_routers_and_doubles() {
    check(
        r#"
//- /src/lib.rs deps:axum
use axum::{Router, routing::get};
pub fn app(prefix: &str) -> Router {
    Router::new().route(prefix, get(a)).route("/twice", get(a)).route("/twice", get(a)).route_service("/files", service())
}
pub fn never_mounted() -> Router { Router::new().route("/alone", get(a)) }
fn service() -> u8 { 1 }
async fn a() {}
#[cfg(test)]
mod tests {
    fn app() -> axum::Router { axum::Router::new().route("/test", axum::routing::get(super::a)) }
}
"#,
        expect![[r#"
            GET ? -> app::a @src/lib.rs:3 (a part of the path is only known at run time: /…)
            GET /alone -> app::a @src/lib.rs:5
            ANY /files -> - @src/lib.rs:3 (answered by a service, not by a function)
            GET /twice -> app::a @src/lib.rs:3
        "#]],
    );
}

#[test]
fn what_is_known_of_a_prefix_stays_where_another_is_made_of_it() {
    check(
        r#"
//- /src/lib.rs deps:axum
use axum::{Router, routing::get};
async fn a() {}
async fn b() {}
fn version() -> String { format!("/v{}", env!("CARGO_PKG_VERSION").split('.').next().unwrap()) }
pub fn app() -> Router {
    let prefix = version();
    let own = format!("{prefix}/own");
    Router::new().nest(&prefix, Router::new().route("/a", get(a))).nest(&own, Router::new().route("/b", get(b)))
}
"#,
        expect![[r#"
            GET ? -> app::a @src/lib.rs:8 (a part of the path is only known at run time: /v…/a)
            GET ? -> app::b @src/lib.rs:8 (a part of the path is only known at run time: /v…/own/b)
        "#]],
    );
}

#[test]
fn guards_are_extractors_of_the_workspace() {
    check(
        r#"
//- /src/lib.rs deps:axum
use axum::{Router, routing::get, extract::FromRequestParts};
pub struct User;
impl<S> FromRequestParts<S> for User { type Rejection = (); }
pub struct Body;
pub fn app() -> Router { Router::new().route("/me", get(me)) }
async fn me(user: User, body: axum::Json<Body>) {}
"#,
        expect![[r#"
            GET /me -> app::me @src/lib.rs:5 guard User
        "#]],
    );
}

#[test]
fn another_crates_router_is_none() {
    check(
        r#"
//- /src/lib.rs
pub struct Router;
impl Router {
    pub fn new() -> Self { Router }
    pub fn route(self, path: &str, handler: fn()) -> Self { self }
}
pub fn get(handler: fn()) -> fn() { handler }
pub fn app() -> Router { Router::new().route("/a", get(a)) }
fn a() {}
"#,
        expect![[""]],
    );
}

#[test]
fn verbs_of_services_and_documented_verbs() {
    check(
        r#"
//- /src/lib.rs deps:axum,aide,tower_http
use axum::{Router, routing::{get, post_service, MethodFilter, on}, handler::Handler};
pub fn app() -> Router {
    Router::new()
        .route("/key", get(show).post_service(store.layer(limit()).with_state(1)))
        .route("/file", axum::routing::get_service(tower_http::services::ServeFile::new("a.html")))
        .route("/two", on(MethodFilter::GET.or(MethodFilter::PUT), show))
        .merge(documented())
}
fn documented() -> aide::axum::ApiRouter {
    use aide::axum::routing::get_with;
    aide::axum::ApiRouter::new().api_route_with("/health", get_with(show, |op| op).head_with(show, |op| op), |op| op)
}
async fn show() {}
async fn store() {}
fn limit() -> u8 { 1 }
"#,
        expect![[r#"
            GET /health -> app::show @src/lib.rs:11
            HEAD /health -> app::show @src/lib.rs:11
            GET /key -> app::show @src/lib.rs:4
            POST /key -> app::store @src/lib.rs:4
            GET /two -> app::show @src/lib.rs:6
            PUT /two -> app::show @src/lib.rs:6
        "#]],
    );
}

#[test]
fn a_router_that_nobody_asks_for_beside_the_one_that_is_served() {
    check(
        r#"
//- /src/main.rs deps:axum
mod orders;
#[tokio::main]
async fn main() {
    let app = axum::Router::new().nest("/api", axum::Router::new().merge(orders::routes()));
    axum::serve(todo!(), app).await.unwrap();
}
//- /src/orders.rs
use axum::{Router, routing::get};
pub fn routes() -> Router { Router::new().route("/orders", get(list)) }
pub fn all() -> Router { Router::new().merge(routes()).route("/orders/alone", get(alone)) }
async fn list() {}
async fn alone() {}
"#,
        expect![[r#"
            GET /api/orders -> app::orders::list @src/orders.rs:2
            GET /orders/alone -> app::orders::alone @src/orders.rs:3
            startup main -> app::main @src/main.rs:3
        "#]],
    );
}

#[test]
fn closures_that_only_pass_on() {
    check(
        r#"
//- /src/main.rs deps:axum
use axum::{Router, routing::get};
#[tokio::main]
async fn main() {
    let app = Router::new()
        .route("/up", get(|| async { "up" }))
        .route("/about", get({ let name = name(); move |query| about(name, query) }))
        .route("/health", get(|| async { health().await }));
    axum::serve(todo!(), app).await.unwrap();
}
fn name() -> &'static str { "shop" }
async fn about(name: &'static str, query: Query<u8>) {}
async fn health() {}
"#,
        expect![[r#"
            GET /about -> app::about @src/main.rs:6
            GET /health -> app::main @src/main.rs:7
            GET /up -> app::main @src/main.rs:5
            startup main -> app::main @src/main.rs:3
        "#]],
    );
}

#[test]
fn paths_that_an_enum_lists() {
    check(
        r#"
//- /src/lib.rs deps:axum
use axum::{Router, routing::get};
use Page::Home;
enum Page { Home, Orders, Order }
impl Page {
    fn path(&self) -> String {
        let path = match self {
            Home => "/",
            Self::Orders => "/orders",
            Page::Order => "/orders/{id}",
        };
        format!("/shop{path}")
    }
}
pub fn app() -> Router {
    Router::new()
        .route(&Page::Order.path(), get(order))
        .route(&Page::Orders.path(), get(orders))
        .route(&Home.path(), get(home))
}
async fn order() {}
async fn orders() {}
async fn home() {}
"#,
        expect![[r#"
            GET /shop/ -> app::home @src/lib.rs:18
            GET /shop/orders -> app::orders @src/lib.rs:17
            GET /shop/orders/{id} -> app::order @src/lib.rs:16
        "#]],
    );
}
