//! For every catalog one fixture where it fires, and one where names of its crates mean something else.

use crate::facts::tests::{entries, tables};

use super::super::{DATABASES, JOBS, WEB};

/// What a catalog finds in one piece of code, and that it finds nothing in another.
struct Case {
    /// The catalog's file.
    catalog: &'static str,
    fires: &'static str,
    /// The lines of the dump.
    finds: &'static [&'static str],
    silent: &'static str,
}

#[test]
fn every_catalog_fires_and_keeps_silent() {
    for (file, _) in WEB.iter().chain(DATABASES).chain(JOBS) {
        assert!(CASES.iter().any(|case| case.catalog == *file), "{file} has no fixtures");
    }
    let mut wrong = Vec::new();
    for case in CASES {
        let dump = |text: &str| if case.catalog.starts_with("db/") { tables(text) } else { entries(text) };
        let (fired, silent) = (dump(case.fires), dump(case.silent));
        if fired.lines().ne(case.finds.iter().copied()) {
            wrong.push(format!("{}: wanted {:?}, found\n{fired}", case.catalog, case.finds));
        }
        if !silent.is_empty() {
            wrong.push(format!("{} where it means something else:\n{silent}", case.catalog));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const CASES: &[Case] = &[
    Case {
        catalog: "web/axum.toml",
        fires: r#"
//- /src/lib.rs deps:axum
use axum::{Router, routing::get};
pub fn app() -> Router { Router::new().route("/a", get(list)) }
async fn list() {}
"#,
        finds: &["GET /a -> app::list @src/lib.rs:2"],
        silent: r#"
//- /src/lib.rs deps:axum
pub struct Router;
impl Router { pub fn new() -> Self { Self } pub fn route(self, path: &str, to: u8) -> Self { self } }
pub fn wires() -> Router { Router::new().route("/a", get(1)) }
fn get(pin: u8) -> u8 { pin }
"#,
    },
    Case {
        catalog: "web/actix-web.toml",
        fires: r#"
//- /src/lib.rs deps:actix_web
use actix_web::{get, web};
#[get("/a")]
async fn list() {}
pub fn configure(cfg: &mut web::ServiceConfig) { cfg.service(web::scope("/v1").service(list)); }
"#,
        finds: &["GET /v1/a -> app::list @src/lib.rs:4"],
        silent: r#"
//- /src/lib.rs deps:actix_web
pub mod web { pub fn scope(path: &str) -> Span { Span } pub struct Span; impl Span { pub fn service(self, f: fn()) -> Self { self } } }
pub fn trace() { web::scope("/v1").service(list); }
fn list() {}
"#,
    },
    Case {
        catalog: "web/rocket.toml",
        fires: r#"
//- /src/lib.rs deps:rocket
#[rocket::get("/a")]
fn list() {}
#[rocket::launch]
fn rocket() -> _ { rocket::build().mount("/v1", rocket::routes![list]) }
"#,
        finds: &["GET /v1/a -> app::list @src/lib.rs:4"],
        silent: r#"
//- /src/lib.rs deps:rocket
pub struct Disk;
impl Disk { pub fn mount(self, path: &str, what: Vec<fn()>) -> Self { self } }
pub fn disks(disk: Disk) { disk.mount("/v1", vec![list]); }
fn list() {}
"#,
    },
    Case {
        catalog: "web/poem.toml",
        fires: r#"
//- /src/lib.rs deps:poem
use poem::{Route, get, handler};
#[handler]
fn list() {}
pub fn app() -> Route { Route::new().at("/a", get(list)) }
"#,
        finds: &["GET /a -> app::list @src/lib.rs:4"],
        silent: r#"
//- /src/lib.rs deps:poem
pub struct Route;
impl Route { pub fn new() -> Self { Self } pub fn at(self, place: &str, stop: u8) -> Self { self } }
pub fn tour() -> u8 { Route::new().at("/a", 1); 1 }
"#,
    },
    Case {
        catalog: "web/salvo.toml",
        fires: r#"
//- /src/lib.rs deps:salvo
use salvo::prelude::*;
#[handler]
async fn list() {}
pub fn app() -> salvo::Router { salvo::Router::with_path("a").get(list) }
"#,
        finds: &["GET /a -> app::list @src/lib.rs:4"],
        silent: r#"
//- /src/lib.rs deps:salvo
pub struct Tree;
impl Tree { pub fn with_path(path: &str) -> Self { Self } pub fn get(self, leaf: fn()) -> Self { self } }
pub fn leaves() { Tree::with_path("a").get(leaf); }
fn leaf() {}
"#,
    },
    Case {
        catalog: "web/tide.toml",
        fires: r#"
//- /src/lib.rs deps:tide
pub fn app() { let mut app = tide::new(); app.at("/a").get(list); }
async fn list(request: tide::Request<()>) {}
"#,
        finds: &["GET /a -> app::list @src/lib.rs:1"],
        silent: r#"
//- /src/lib.rs deps:tide
pub struct Grid;
impl Grid { pub fn at(&self, key: &str) -> Cell { Cell } }
pub struct Cell;
impl Cell { pub fn get(&self, f: fn()) {} }
pub fn cells(grid: Grid) { grid.at("/a").get(fill); }
fn fill() {}
"#,
    },
    Case {
        catalog: "web/loco.toml",
        fires: r#"
//- /src/lib.rs deps:loco_rs,axum
use loco_rs::prelude::*;
use axum::routing::get;
pub fn routes() -> Routes { loco_rs::controller::Routes::new().prefix("v1").add("/a", get(list)) }
async fn list() {}
"#,
        finds: &["GET /v1/a -> app::list @src/lib.rs:3"],
        silent: r#"
//- /src/lib.rs deps:loco_rs
pub struct Routes;
impl Routes { pub fn new() -> Self { Self } pub fn add(self, path: &str, cost: u8) -> Self { self } }
pub fn network() -> u8 { Routes::new().add("/a", 3); 1 }
"#,
    },
    Case {
        catalog: "web/warp.toml",
        fires: r#"
//- /src/lib.rs deps:warp
use warp::Filter;
pub fn app() -> impl Filter { warp::path!("a").and(warp::get()).and_then(list) }
async fn list() {}
"#,
        finds: &["GET /a -> app::list @src/lib.rs:2"],
        silent: r#"
//- /src/lib.rs deps:warp
pub struct Path;
pub fn path(name: &str) -> Path { Path }
impl Path { pub fn and(self, other: Path) -> Self { self } pub fn and_then(self, f: fn()) -> Self { self } }
pub fn files() { path("a").and(path("b")).and_then(open); }
fn open() {}
"#,
    },
    Case {
        catalog: "web/poem-openapi.toml",
        fires: r#"
//- /src/lib.rs deps:poem,poem_openapi
use poem_openapi::{OpenApi, OpenApiService};
pub struct Api;
#[OpenApi]
impl Api {
    #[oai(path = "/a", method = "get")]
    async fn list(&self) {}
}
pub fn app() -> poem::Route { poem::Route::new().nest("/v1", OpenApiService::new(Api, "t", "1")) }
"#,
        finds: &["GET /v1/a -> app::Api::list @src/lib.rs:6"],
        silent: r#"
//- /src/lib.rs deps:poem,poem_openapi
pub struct Api;
#[derive(poem_openapi::Object)]
pub struct Order { #[oai(rename = "nr")] id: u8 }
impl Api {
    #[oai(path = "/a", method = "get")]
    async fn list(&self) {}
}
pub fn app() -> Service { Service::new(Api) }
pub struct Service;
impl Service { fn new(api: Api) -> Self { Self } }
"#,
    },
    Case {
        catalog: "db/sqlx.toml",
        fires: r#"
//- /src/lib.rs deps:sqlx
pub async fn list(pool: &sqlx::PgPool) { sqlx::query("SELECT id FROM orders").fetch_all(pool).await; }
"#,
        finds: &["table orders", "app::list read orders @src/lib.rs:1 certain"],
        silent: r#"
//- /src/lib.rs deps:sqlx
pub fn query(text: &str) -> u8 { 1 }
pub fn search() { query("orders from yesterday"); }
"#,
    },
    Case {
        catalog: "db/rusqlite.toml",
        fires: r#"
//- /src/lib.rs deps:rusqlite
pub fn add(db: &rusqlite::Connection) { db.execute("INSERT INTO orders VALUES (1)", []); }
"#,
        finds: &["table orders", "app::add insert orders @src/lib.rs:1 certain"],
        silent: r#"
//- /src/lib.rs deps:rusqlite
pub struct Shell;
impl Shell { pub fn execute(&self, line: &str) {} }
pub fn add(shell: &Shell) { shell.execute("insert the disk into drive a"); }
"#,
    },
    Case {
        catalog: "db/tokio-postgres.toml",
        fires: r#"
//- /src/lib.rs deps:tokio_postgres
pub async fn drop_all(client: &tokio_postgres::Client) { client.batch_execute("DELETE FROM orders").await; }
"#,
        finds: &["table orders", "app::drop_all delete orders @src/lib.rs:1 certain"],
        silent: r#"
//- /src/lib.rs deps:tokio_postgres
pub struct Index;
impl Index { pub fn query_one(&self, words: &str) {} }
pub fn find(index: &Index) { index.query_one("select the best from all"); }
"#,
    },
    Case {
        catalog: "db/mysql.toml",
        fires: r#"
//- /src/lib.rs deps:mysql_async
use mysql_async::prelude::*;
pub async fn list(conn: &mut mysql_async::Conn) { conn.query_iter("SELECT id FROM orders").await; }
"#,
        finds: &["table orders", "app::list read orders @src/lib.rs:2 certain"],
        silent: r#"
//- /src/lib.rs deps:mysql_async
pub struct Pipeline;
impl Pipeline { pub fn exec(&self, step: &str) {} }
pub fn run(pipeline: &Pipeline) { pipeline.exec("update"); }
"#,
    },
    Case {
        catalog: "db/diesel.toml",
        fires: r#"
//- /src/lib.rs deps:diesel
diesel::table! { orders (id) { id -> Integer, } }
pub fn clear(conn: &mut diesel::PgConnection) { diesel::delete(orders::table).execute(conn); }
"#,
        finds: &["table orders", "app::clear delete orders @src/lib.rs:2 certain"],
        silent: r#"
//- /src/lib.rs deps:diesel
pub mod orders { pub const table: u8 = 1; }
pub fn delete(what: u8) {}
pub fn clear() { delete(orders::table); }
"#,
    },
    Case {
        catalog: "db/sea-orm.toml",
        fires: r#"
//- /src/lib.rs deps:sea_orm
pub mod order {
    #[derive(Clone, DeriveEntityModel)]
    #[sea_orm(table_name = "orders")]
    pub struct Model { pub id: i32 }
}
pub async fn list(db: &sea_orm::DatabaseConnection) { order::Entity::find().all(db).await; }
"#,
        finds: &["table orders", "app::list read orders @src/lib.rs:6 certain"],
        silent: r#"
//- /src/lib.rs deps:sea_orm
pub mod order { pub struct Entity; impl Entity { pub fn find() -> u8 { 1 } } }
pub fn list() { order::Entity::find(); }
"#,
    },
    Case {
        catalog: "db/mongodb.toml",
        fires: r#"
//- /src/lib.rs deps:mongodb
pub async fn list(db: &mongodb::Database) { db.collection::<u8>("orders").find_one(1).await; }
"#,
        finds: &["table orders", "app::list read orders @src/lib.rs:1 certain"],
        silent: r#"
//- /src/lib.rs deps:mongodb
pub struct Album;
impl Album { pub fn collection(&self, name: &str) -> Self { Album } pub fn find_one(&self, at: u8) {} }
pub fn list(album: &Album) { album.collection("orders").find_one(1); }
"#,
    },
    Case {
        catalog: "db/dynamodb.toml",
        fires: r#"
//- /src/lib.rs deps:aws_sdk_dynamodb
pub async fn add(client: &aws_sdk_dynamodb::Client) { client.put_item().table_name("orders").send().await; }
"#,
        finds: &["table orders", "app::add insert orders @src/lib.rs:1 certain"],
        silent: r#"
//- /src/lib.rs deps:aws_sdk_dynamodb
pub struct Chart;
impl Chart { pub fn put_item(&self) -> &Self { self } pub fn table_name(&self, name: &str) -> &Self { self } }
pub fn add(chart: &Chart) { chart.put_item().table_name("orders"); }
"#,
    },
    Case {
        catalog: "jobs/tokio-cron-scheduler.toml",
        fires: r#"
//- /src/lib.rs deps:tokio_cron_scheduler
use tokio_cron_scheduler::Job;
pub fn plan() { Job::new_async("0 0 2 * * *", |_, _| Box::pin(purge())); }
async fn purge() {}
"#,
        finds: &["cron purge -> app::purge @src/lib.rs:2 every 0 0 2 * * *"],
        silent: r#"
//- /src/lib.rs deps:tokio_cron_scheduler
pub struct Job;
impl Job { pub fn new_async(title: &str, f: fn()) -> Self { Self } }
pub fn offer() { Job::new_async("clerk", hire); }
fn hire() {}
"#,
    },
    Case {
        catalog: "jobs/job-scheduler.toml",
        fires: r#"
//- /src/lib.rs deps:job_scheduler_ng
use job_scheduler_ng::Job;
pub fn plan() { Job::new("0 0 2 * * *".parse().unwrap(), || purge()); }
fn purge() {}
"#,
        finds: &["cron purge -> app::purge @src/lib.rs:2 every 0 0 2 * * *"],
        silent: r#"
//- /src/lib.rs deps:job_scheduler_ng
pub struct Job;
impl Job { pub fn new(title: &str, f: fn()) -> Self { Self } }
pub fn offer() { Job::new("clerk", hire); }
fn hire() {}
"#,
    },
    Case {
        catalog: "jobs/clokwerk.toml",
        fires: r#"
//- /src/lib.rs deps:clokwerk
use clokwerk::{Scheduler, TimeUnits};
pub fn plan(scheduler: &mut Scheduler) { scheduler.every(1.day()).at("3:20").run(|| purge()); }
fn purge() {}
"#,
        finds: &[r#"cron purge -> app::purge @src/lib.rs:2 every every(1.day()).at("3:20")"#],
        silent: r#"
//- /src/lib.rs deps:clokwerk
pub struct Race;
impl Race { pub fn run(&self, f: fn()) {} }
pub fn start(race: &Race) { race.run(go); }
fn go() {}
"#,
    },
    Case {
        catalog: "jobs/apalis.toml",
        fires: r#"
//- /src/lib.rs deps:apalis
use apalis::prelude::WorkerBuilder;
pub fn workers(storage: u8) { WorkerBuilder::new("email").backend(storage).build_fn(send); }
async fn send(job: u8) {}
"#,
        finds: &["consumer email -> app::send @src/lib.rs:2"],
        silent: r#"
//- /src/lib.rs deps:apalis
pub struct Form;
impl Form { pub fn new(name: &str) -> Self { Self } pub fn build_fn(self, f: fn()) {} }
pub fn forms() { Form::new("email").build_fn(check); }
fn check() {}
"#,
    },
    Case {
        catalog: "jobs/actix-rt.toml",
        fires: r#"
//- /src/lib.rs deps:actix
pub struct Clock;
impl actix::Actor for Clock {
    fn started(&mut self, ctx: &mut actix::Context<Self>) { ctx.run_interval(MINUTE, |_, _| purge()); }
}
fn purge() {}
"#,
        finds: &["cron purge -> app::purge @src/lib.rs:3 every MINUTE"],
        silent: r#"
//- /src/lib.rs deps:actix
pub struct Runner;
impl Runner { pub fn run_interval(&self, f: fn()) {} }
pub fn train(runner: &Runner) { runner.run_interval(sprint); }
fn sprint() {}
"#,
    },
    Case {
        catalog: "jobs/brokers.toml",
        fires: r#"
//- /src/lib.rs deps:rdkafka
use rdkafka::consumer::{Consumer, StreamConsumer};
pub async fn listen(consumer: StreamConsumer) {
    consumer.subscribe(&["orders"]);
    loop { let message = consumer.recv().await; take(message).await; }
}
async fn take<T>(message: T) {}
"#,
        finds: &["consumer orders -> app::take @src/lib.rs:4"],
        silent: r#"
//- /src/lib.rs deps:rdkafka
pub fn drain(consumer: &mut Vec<u8>) { while let Some(byte) = consumer.pop() { keep(byte); } }
fn keep(byte: u8) {}
"#,
    },
    Case {
        catalog: "jobs/brokers.toml",
        fires: r#"
//- /src/lib.rs deps:async_nats
pub async fn listen(client: async_nats::Client) {
    let mut subscriber = client.subscribe("orders.placed").await.unwrap();
    while let Some(message) = subscriber.next().await { take(message).await; }
}
async fn take<T>(message: T) {}
"#,
        finds: &["consumer orders.placed -> app::take @src/lib.rs:3"],
        silent: r#"
//- /src/lib.rs deps:async_nats
pub async fn list(store: &Store) {
    let mut stream = store.objects();
    while let Some(object) = stream.next().await { keep(object).await; }
}
async fn keep<T>(object: T) {}
"#,
    },
    Case {
        catalog: "jobs/brokers.toml",
        fires: r#"
//- /src/lib.rs deps:redis
pub async fn listen(client: redis::Client) {
    let mut pubsub = client.get_async_pubsub().await.unwrap();
    pubsub.subscribe("orders").await;
    let mut stream = pubsub.on_message();
    while let Some(message) = stream.next().await { take(message).await; }
}
async fn take<T>(message: T) {}
"#,
        finds: &["consumer orders -> app::take @src/lib.rs:5"],
        silent: r#"
//- /src/lib.rs deps:redis
pub async fn keys(conn: &mut redis::aio::Connection) {
    let mut iter = conn.scan_match("order:*").await.unwrap();
    while let Some(key) = iter.next_item().await { forget(key).await; }
}
async fn forget<T>(key: T) {}
"#,
    },
    Case {
        catalog: "jobs/brokers.toml",
        fires: r#"
//- /src/lib.rs deps:redis
use redis::AsyncCommands;
pub async fn work(mut conn: redis::aio::MultiplexedConnection) {
    loop {
        let reply = conn.xread_options(&["orders"], &[">"], &options()).await;
        take(reply).await;
    }
}
fn options() -> u8 { 1 }
async fn take<T>(reply: T) {}
"#,
        finds: &["consumer orders -> app::take @src/lib.rs:3"],
        silent: r#"
//- /src/lib.rs deps:redis
pub async fn add(mut conn: redis::aio::MultiplexedConnection) {
    for id in 0..9 { conn.xadd("orders", "*", &[("id", id)]).await; }
}
"#,
    },
    Case {
        catalog: "jobs/brokers.toml",
        fires: r#"
//- /src/lib.rs deps:sqlx
use sqlx::postgres::PgListener;
pub async fn listen(pool: &sqlx::PgPool) {
    let mut listener = PgListener::connect_with(pool).await.unwrap();
    listener.listen("orders").await;
    while let Ok(notification) = listener.recv().await { take(notification).await; }
}
async fn take<T>(notification: T) {}
"#,
        finds: &["consumer orders -> app::take @src/lib.rs:5"],
        silent: r#"
//- /src/lib.rs deps:sqlx
pub async fn serve(listener: tokio::net::TcpListener) {
    while let Ok(socket) = listener.accept().await { talk(socket).await; }
}
async fn talk<T>(socket: T) {}
"#,
    },
    Case {
        catalog: "jobs/brokers.toml",
        fires: r#"
//- /src/lib.rs deps:aws_sdk_sqs
pub async fn poll(client: &aws_sdk_sqs::Client) {
    loop {
        let got = client.receive_message().queue_url("orders").send().await.unwrap();
        for message in got.messages() { take(message).await; }
    }
}
async fn take<T>(message: T) {}
"#,
        finds: &["consumer orders -> app::take @src/lib.rs:2"],
        silent: r#"
//- /src/lib.rs deps:aws_sdk_sqs
pub async fn send_all(client: &aws_sdk_sqs::Client, orders: Vec<u8>) {
    for order in orders { client.send_message().queue_url("orders").send().await; }
}
"#,
    },
    Case {
        catalog: "jobs/queues.toml",
        fires: r#"
//- /src/lib.rs deps:fang
pub struct SendInvoice;
impl fang::AsyncRunnable for SendInvoice { async fn run(&self) {} }
"#,
        finds: &["consumer send-invoice -> app::<SendInvoice as AsyncRunnable>::run @src/lib.rs:2"],
        silent: r#"
//- /src/lib.rs deps:fang
pub trait Runnable { fn run(&self); }
pub struct Mill;
impl Runnable for Mill { fn run(&self) {} }
"#,
    },
    Case {
        catalog: "jobs/lambda.toml",
        fires: r#"
//- /src/lib.rs deps:lambda_runtime
use lambda_runtime::{run, service_fn};
pub async fn start() { run(service_fn(handle)).await; }
async fn handle(event: u8) {}
"#,
        finds: &["consumer handle -> app::handle @src/lib.rs:2"],
        silent: r#"
//- /src/lib.rs deps:lambda_runtime
pub fn start() { service_fn(handle); }
fn service_fn(f: fn()) {}
fn handle() {}
"#,
    },
    Case {
        catalog: "db/ormlite.toml",
        fires: r#"
//- /src/lib.rs deps:ormlite
#[derive(ormlite::Model)]
#[ormlite(table = "people")]
pub struct Person { pub id: i64 }
#[derive(ormlite::Model)]
pub struct OpenOrder { pub id: i64 }
pub async fn run(db: &mut Db, person: Person) {
    Person::select().limit(1).fetch_all(db).await;
    person.delete(db).await;
    OpenOrder { id: 1 }.insert(db).await;
}
"#,
        finds: &[
            "table open_order",
            "table people",
            "app::run read people @src/lib.rs:7 certain",
            "app::run delete people @src/lib.rs:8 certain",
            "app::run insert open_order @src/lib.rs:9 certain",
        ],
        silent: r#"
//- /src/lib.rs deps:ormlite
#[derive(Clone)]
pub struct Person;
pub fn run(person: Person, list: List) { list.insert(person); Person::select(); }
"#,
    },
    Case {
        catalog: "db/welds.toml",
        fires: r#"
//- /src/lib.rs deps:welds
#[derive(welds::WeldsModel)]
#[welds(schema = "shop", table = "orders")]
pub struct Order { pub id: i64 }
pub async fn run(client: &Client) { Order::find_by_id(client, 1).await; }
"#,
        finds: &["table orders", "app::run read orders @src/lib.rs:4 certain"],
        silent: r#"
//- /src/lib.rs deps:welds
pub struct Order;
pub async fn run(client: &Client) { Order::find_by_id(client, 1).await; }
"#,
    },
    Case {
        catalog: "db/butane.toml",
        fires: r#"
//- /src/lib.rs deps:butane
#[butane::model]
pub struct BlogPost { pub id: i64 }
pub fn run(conn: &Connection, mut post: BlogPost) { post.save(conn); }
"#,
        finds: &[
            "table BlogPost",
            "app::run insert BlogPost @src/lib.rs:3 certain",
            "app::run update BlogPost @src/lib.rs:3 certain",
        ],
        silent: r#"
//- /src/lib.rs deps:butane
pub struct BlogPost;
pub fn run(conn: &Connection, mut post: BlogPost) { post.save(conn); }
"#,
    },
    Case {
        catalog: "db/rbatis.toml",
        fires: r#"
//- /src/lib.rs deps:rbatis
pub struct Activity { pub id: i64 }
rbatis::crud!(Activity {}, "biz_activity");
pub struct SysUser { pub id: i64 }
crud!(SysUser {});
#[py_sql("`delete from sys_dict where a = #{a}`")]
async fn forget(rb: &RBatis, a: &str) -> u8 { impled!() }
pub async fn run(rb: &RBatis, activity: Activity) {
    Activity::insert(rb, &activity).await;
    SysUser::select_by_column(rb, "id", 1).await;
    rb.query("select * from sys_role", vec![]).await;
}
"#,
        finds: &[
            "table biz_activity",
            "table sys_dict",
            "table sys_role",
            "table sys_user",
            "app::forget delete sys_dict @src/lib.rs:5 likely",
            "app::run insert biz_activity @src/lib.rs:8 certain",
            "app::run read sys_user @src/lib.rs:9 certain",
            "app::run read sys_role @src/lib.rs:10 certain",
        ],
        silent: r#"
//- /src/lib.rs deps:other
pub struct Activity;
other::crud!(Activity {}, "biz_activity");
pub async fn run(rb: &Other, activity: Activity) { Activity::insert(rb, &activity).await; }
"#,
    },
    Case {
        catalog: "db/wither.toml",
        fires: r#"
//- /src/lib.rs deps:wither
#[derive(wither::Model)]
#[model(collection_name = "users")]
pub struct User { pub id: i64 }
pub async fn run(db: &Database) { User::find_one(db, None, None).await; }
"#,
        finds: &["table users", "app::run read users @src/lib.rs:4 certain"],
        silent: r#"
//- /src/lib.rs deps:other
#[derive(other::Wire)]
#[model(collection_name = "users")]
pub struct User { pub id: i64 }
pub async fn run(db: &Database) { User::find_one(db, None, None).await; }
"#,
    },
    Case {
        catalog: "db/surrealdb.toml",
        fires: r#"
//- /src/lib.rs deps:surrealdb
use surrealdb::{Surreal, engine::any::Any};
pub async fn run(db: &Surreal<Any>, id: &str) {
    db.select(("orders", id)).await;
    db.create("lines").content(1).await;
    db.query("SELECT * FROM users WHERE a = $a").bind(1).await;
}
"#,
        finds: &[
            "table lines",
            "table orders",
            "table users",
            "app::run read orders @src/lib.rs:3 certain",
            "app::run insert lines @src/lib.rs:4 certain",
            "app::run read users @src/lib.rs:5 certain",
        ],
        silent: r#"
//- /src/lib.rs deps:surrealdb
pub fn run(mut seen: Other) { seen.insert("orders"); seen.delete("lines"); }
"#,
    },
    Case {
        catalog: "db/own-rows.toml",
        fires: r#"
//- /migrations/1_init.sql
CREATE TABLE orders (id INT);
CREATE TABLE device (id INT);
//- /src/lib.rs deps:sqlx,model_derive
#[derive(model_derive::Model)]
#[table(orders)]
pub struct Order { pub id: i64 }
#[derive(model_derive::Model)]
pub struct Device { pub id: i64 }
#[derive(model_derive::Model)]
pub struct Draft { pub id: i64 }
pub async fn run(pool: &Pool, mut order: Order) {
    order.save(pool).await;
    Device::find_by_id(pool, 1).await;
    Draft::all(pool).await;
}
"#,
        finds: &[
            "table device",
            "table orders",
            "app::run insert orders @src/lib.rs:9 certain",
            "app::run update orders @src/lib.rs:9 certain",
            "app::run read device @src/lib.rs:10 likely",
        ],
        silent: r#"
//- /src/lib.rs deps:view
#[derive(view::Model)]
pub struct Row { pub id: i64 }
pub fn run(row: Row, pool: &Pool) { row.save(pool); Row::all(pool); }
"#,
    },
];
