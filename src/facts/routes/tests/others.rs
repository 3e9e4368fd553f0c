use super::*;

#[test]
fn poem_paths_with_methods() {
    check(
        r#"
//- /src/lib.rs deps:poem
use poem::{Route, get, handler, post};
#[handler]
fn list() {}
#[handler]
fn create() {}
pub fn app() -> Route {
    Route::new().at("/orders", get(list).post(create)).nest("/api", Route::new().at("/more", post(create)))
}
pub struct Own;
impl Own { pub fn at(&self, path: &str, n: u8) {} }
pub fn none(own: &Own) { own.at("/no", 1); }
"#,
        expect![[r#"
            POST /api/more -> app::create @src/lib.rs:7
            GET /orders -> app::list @src/lib.rs:7
            POST /orders -> app::create @src/lib.rs:7
        "#]],
    );
}

#[test]
fn salvo_routers_pushed_into_routers() {
    check(
        r#"
//- /src/lib.rs deps:salvo
use salvo::Router;
#[salvo::handler]
async fn list() {}
#[salvo::handler]
async fn show() {}
pub fn app() -> Router {
    Router::new().push(Router::with_path("orders").get(list).push(Router::with_path("{id}").get(show).delete(show)))
}
pub fn none(map: &std::collections::HashMap<u8, u8>) { map.get(&1); }
"#,
        expect![[r#"
            GET /orders -> app::list @src/lib.rs:7
            DELETE /orders/{id} -> app::show @src/lib.rs:7
            GET /orders/{id} -> app::show @src/lib.rs:7
        "#]],
    );
}

#[test]
fn tide_handles_below_the_server() {
    check(
        r#"
//- /src/main.rs deps:tide
async fn list() {}
async fn show() {}
#[async_std::main]
async fn main() {
    let mut app = tide::new();
    app.at("/orders").get(list).post(show);
    app.at("/orders/:id").get(show);
    app.listen("0.0.0.0:80").await;
    let names = vec![1];
    names.get(0);
}
"#,
        expect![[r#"
            GET /orders -> app::list @src/main.rs:6
            POST /orders -> app::show @src/main.rs:6
            GET /orders/:id -> app::show @src/main.rs:7
            startup main -> app::main @src/main.rs:4
        "#]],
    );
}

#[test]
fn methods_of_a_grpc_service() {
    check(
        r#"
//- /src/main.rs deps:tonic
mod pb {}
pub struct Shop;
#[tonic::async_trait]
impl pb::orders_server::Orders for Shop {
    async fn place(&self) {}
    async fn cancel_all(&self) {}
}
#[async_trait::async_trait]
impl Other for Shop { async fn no(&self) {} }
fn main() {}
"#,
        expect![[r#"
            grpc Orders/CancelAll -> app::<Shop as Orders>::cancel_all @src/main.rs:6
            grpc Orders/Place -> app::<Shop as Orders>::place @src/main.rs:5
            command app -> app::main @src/main.rs:10
        "#]],
    );
}

#[test]
fn loco_controllers_below_their_prefix() {
    check(
        r#"
//- /src/lib.rs deps:loco_rs,axum
use loco_rs::prelude::*;
use loco_rs::controller::AppRoutes;
pub struct App;
impl App { fn routes() -> AppRoutes { AppRoutes::with_default_routes().prefix("/api").add_route(notes()) } }
pub fn notes() -> Routes { Routes::new().prefix("notes").add("/", get(list)).add("/{id}", axum::routing::delete(list)) }
pub async fn list() {}
pub fn none(map: &mut std::collections::HashMap<u8, u8>) { map.insert("/no", 1); }
"#,
        expect![[r#"
            GET /api/notes/ -> app::list @src/lib.rs:5
            DELETE /api/notes/{id} -> app::list @src/lib.rs:5
        "#]],
    );
}

#[test]
fn warp_filters_that_are_combined() {
    check(
        r#"
//- /src/main.rs deps:warp
use warp::Filter;
#[tokio::main]
async fn main() {
    let db = 1;
    let hello = warp::path!("hello" / String).and(warp::get()).map(|name| name);
    let api = warp::path("api").and(orders(db).or(hello));
    warp::serve(api.with(warp::log("app"))).run(([0, 0, 0, 0], 80)).await;
}
fn orders(db: u8) -> impl Filter<Extract = (u8,)> + Clone {
    let list = warp::path("orders")
        .and(warp::get())
        .and(warp::path::end())
        .and(with_db(db))
        .and_then(list_orders);
    list.or(create(db))
}
fn create(db: u8) -> impl Filter<Extract = (u8,)> + Clone {
    warp::path!("orders" / u32 / "lines").and(warp::post()).and(warp::body::json()).and(with_db(db)).and_then(create_order)
}
fn with_db(db: u8) -> impl Filter<Extract = (u8,)> + Clone { warp::any().map(move || db) }
async fn list_orders(db: u8) {}
async fn create_order(id: u32, body: u8, db: u8) {}
"#,
        expect![[r#"
            GET /api/hello/{param} -> app::main @src/main.rs:5
            GET /api/orders -> app::list_orders @src/main.rs:14
            POST /api/orders/{param}/lines -> app::create_order @src/main.rs:18
            startup main -> app::main @src/main.rs:3
        "#]],
    );
}

#[test]
fn poem_openapi_methods_of_types() {
    check(
        r#"
//- /src/lib.rs deps:poem,poem_openapi
use poem::Route;
use poem_openapi::{OpenApi, OpenApiService};
struct Orders;
#[OpenApi(prefix_path = "/orders")]
impl Orders {
    /// Lists.
    #[oai(path = "/", method = "get", operation_id = "list")]
    async fn list(&self) {}
    #[oai(path = "/:id", method = "put", method = "patch")]
    async fn change(&self) {}
    async fn helper(&self) {}
}
struct Users { n: u8 }
#[OpenApi]
impl Users { #[oai(path = "/me", method = "get")] async fn me(&self) {} }
struct Unused;
#[OpenApi]
impl Unused { #[oai(path = "/no", method = "get")] async fn no(&self) {} }
pub fn app() -> Route {
    let api = OpenApiService::new((Orders, Users { n: 1 }), "Shop", "1.0").server("http://localhost/api");
    let ui = api.swagger_ui();
    Route::new().nest("/api", api).nest("/", ui)
}
"#,
        expect![[r#"
            GET /api/me -> app::Users::me @src/lib.rs:15
            GET /api/orders/ -> app::Orders::list @src/lib.rs:8
            PATCH /api/orders/:id -> app::Orders::change @src/lib.rs:10
            PUT /api/orders/:id -> app::Orders::change @src/lib.rs:10
        "#]],
    );
}

#[test]
fn fields_of_graphql_roots() {
    check(
        r#"
//- /src/lib.rs deps:async_graphql
use async_graphql::{EmptySubscription, MergedObject, Object, Schema, SimpleObject};
#[derive(MergedObject, Default)]
pub struct Query(OrderQuery);
#[derive(Default)]
pub struct OrderQuery;
#[Object]
impl OrderQuery {
    async fn order(&self, id: u8) -> Order { Order }
    #[graphql(skip)]
    pub async fn hidden(&self) {}
}
pub struct Mutation;
#[Object]
impl Mutation { async fn place_order(&self) -> bool { true } }
#[derive(SimpleObject)]
pub struct Order;
pub struct Line;
#[Object]
impl Line { async fn total(&self) -> u8 { 1 } }
pub fn schema() { Schema::build(Query::default(), Mutation, EmptySubscription).finish(); }
"#,
        expect![[r#"
            graphql Mutation/placeOrder -> app::Mutation::place_order @src/lib.rs:14
            graphql Query/order -> app::OrderQuery::order @src/lib.rs:8
        "#]],
    );
}

#[test]
fn poem_openapi_types_that_functions_give() {
    check(
        r#"
//- /src/lib.rs deps:poem,poem_openapi
use poem_openapi::{OpenApi, OpenApiService};
pub mod orders;
pub mod users;
pub fn app() -> poem::Route {
    poem::Route::new().nest("/api", OpenApiService::new(all(), "Shop", "1.0"))
}
fn all() -> impl OpenApi { (orders::Api, users::get()) }
//- /src/orders.rs
pub struct Api;
#[poem_openapi::OpenApi]
impl Api {
    #[oai(path = "/orders", method = "get")]
    async fn list(&self) {}
}
//- /src/users.rs
pub struct Api { pool: u8 }
pub struct Unused;
pub fn get() -> impl poem_openapi::OpenApi { Api::new(1) }
#[poem_openapi::OpenApi]
impl Api {
    fn new(pool: u8) -> Self { Self { pool } }
    #[oai(path = "/users/:id", method = "put", operation_id = "update")]
    async fn update(&self) {}
}
#[poem_openapi::OpenApi]
impl Unused {
    #[oai(path = "/nothing", method = "get")]
    async fn nothing(&self) {}
}
"#,
        expect![[r#"
            GET /api/orders -> app::orders::Api::list @src/orders.rs:5
            PUT /api/users/:id -> app::users::Api::update @src/users.rs:8
        "#]],
    );
}

#[test]
fn types_of_those_names_are_no_routers_without_the_framework() {
    check(
        r#"
//- /src/lib.rs deps:tauri
pub struct Store;
pub fn init(app: &mut App) { let store = load(app.handle()); store.servers(); }
fn load(handle: &AppHandle) -> Store { handle.store_builder("a").build() }
pub trait Servers { fn servers(&self) -> u8; }
impl Servers for Store { fn servers(&self) -> u8 { self.get("servers").map(number).unwrap_or_default() } }
fn number(value: u8) -> u8 { value }
"#,
        expect![[r#""#]],
    );
}

#[test]
fn dropshot_endpoints_that_are_registered() {
    check(
        r#"
//- /src/lib.rs deps:dropshot
use dropshot::{ApiDescription, endpoint};
#[endpoint { method = GET, path = "/orders/{id}", tags = ["orders"] }]
async fn show() {}
#[endpoint { method = PUT, path = "/orders" }]
async fn create() {}
#[dropshot::channel { protocol = WEBSOCKETS, path = "/feed" }]
async fn feed() {}
pub fn api() -> ApiDescription<u8> {
    let mut api = ApiDescription::new().tag_config(1);
    api.register(show).expect("registers");
    api.register(create).expect("registers");
    api.register(feed).unwrap();
    api
}
"#,
        expect![[r#"
            GET /feed -> app::feed @src/lib.rs:12
            PUT /orders -> app::create @src/lib.rs:11
            GET /orders/{id} -> app::show @src/lib.rs:10
        "#]],
    );
}

#[test]
fn dropshot_traits_that_are_implemented() {
    check(
        r#"
//- /src/lib.rs deps:dropshot
#[dropshot::api_description]
pub trait OrdersApi {
    type Context;
    #[endpoint { method = GET, path = "/orders" }]
    async fn list(rq: u8) -> u8;
    #[endpoint { method = DELETE, path = "/orders/{id}" }]
    async fn remove(rq: u8) -> u8;
    fn helper() {}
}
pub enum Server {}
impl OrdersApi for Server {
    type Context = u8;
    async fn list(rq: u8) -> u8 { rq }
    async fn remove(rq: u8) -> u8 { rq }
}
"#,
        expect![[r#"
            GET /orders -> app::<Server as OrdersApi>::list @src/lib.rs:5
            DELETE /orders/{id} -> app::<Server as OrdersApi>::remove @src/lib.rs:7
        "#]],
    );
}
