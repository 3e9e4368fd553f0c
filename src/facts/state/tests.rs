use expect_test::{Expect, expect};

use crate::facts::tests::state;

fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&state(fixture));
}

#[test]
fn statics_and_fields_of_shared_state() {
    check(
        r#"
//- /src/lib.rs deps:axum,sqlx,tokio
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, atomic::{AtomicBool, Ordering}};
use axum::extract::State;
static RUNNING: AtomicBool = AtomicBool::new(false);
static PATTERN: LazyLock<String> = LazyLock::new(|| String::new());
static NAMES: [&str; 1] = ["a"];
#[derive(Clone)]
pub struct AppState {
    pub pool: sqlx::PgPool,
    pub config: Arc<Config>,
    pub prices: Arc<Mutex<HashMap<u8, u8>>>,
    pub bus: Bus,
}
pub struct Config { pub port: u16 }
#[derive(Clone)]
pub struct Bus { sender: tokio::sync::broadcast::Sender<u8>, name: String }
impl Bus { pub fn publish(&self, n: u8) { self.sender.send(n); } }
pub async fn handler(State(state): State<AppState>) {
    state.prices.lock().unwrap().insert(1, 2);
    state.bus.publish(1);
    RUNNING.store(true, Ordering::Relaxed);
}
pub fn is_running() -> bool { RUNNING.load(Ordering::Relaxed) }
pub fn sum(a: u8, b: u8) -> u8 { double(a) + b }
fn double(a: u8) -> u8 { a * 2 }
"#,
        expect![[r#"
            Channel app::AppState.bus @src/lib.rs:12 changes
              app::handler writes @src/lib.rs:20
            Shared app::AppState.config @src/lib.rs:10
            Handle app::AppState.pool @src/lib.rs:9
            Shared app::AppState.prices @src/lib.rs:11 changes
              app::handler writes @src/lib.rs:19
            Channel app::Bus.sender @src/lib.rs:16 changes
              app::Bus::publish writes @src/lib.rs:17
            Static app::PATTERN @src/lib.rs:5
            Static app::RUNNING @src/lib.rs:4 changes
              app::handler writes @src/lib.rs:21
              app::is_running reads @src/lib.rs:23
            pure: app::double, app::sum
        "#]],
    );
}

#[test]
fn resources_and_detached_tasks() {
    check(
        r#"
//- /src/lib.rs deps:tokio,reqwest
const KEY: &str = "API_KEY";
pub async fn a(client: &reqwest::Client) {
    let key = std::env::var(KEY).unwrap();
    std::fs::read_to_string("data/seed.sql").unwrap();
    client.post("https://api.example.com/v1/pay").send().await;
    reqwest::get(&format!("https://{}/x", key)).await;
    tokio::spawn(async move { b().await });
    let kept = tokio::spawn(b());
    kept.await;
}
async fn b() {}
pub fn get(map: &std::collections::HashMap<u8, u8>) { map.get(&1); }
"#,
        expect![[r#"
            Env API_KEY @src/lib.rs:3
            File data/seed.sql @src/lib.rs:4
            Host (known at run time) @src/lib.rs:6
            Host api.example.com @src/lib.rs:5
            detached tokio::spawn @src/lib.rs:7
            pure: app::get
        "#]],
    );
}

#[test]
fn keys_buckets_and_queues() {
    check(
        r#"
//- /src/lib.rs deps:redis,aws_sdk_s3,aws_sdk_sqs
use redis::AsyncCommands;
pub struct Stores { s3: aws_sdk_s3::Client, sqs: aws_sdk_sqs::Client, bucket: String }
pub async fn a(conn: &mut redis::aio::MultiplexedConnection, id: u8, headers: &Headers) {
    conn.set(format!("session:{id}"), 1).await;
    redis::cmd("INCR").arg("visits").query_async(conn).await;
    headers.get("authorization");
}
impl Stores {
    pub async fn b(&self) {
        self.s3.put_object().bucket("photos").key("a").send().await;
        self.s3.get_object().bucket(&self.bucket).send().await;
        self.sqs.send_message().queue_url("https://queue/orders").send().await;
    }
}
pub fn c(paint: &Paint) { paint.bucket("red"); }
"#,
        expect![[r#"
            Bucket (known at run time) @src/lib.rs:11
            Bucket photos @src/lib.rs:10
            Queue https://queue/orders @src/lib.rs:12
            Key session:… @src/lib.rs:4
            Key visits @src/lib.rs:5
            pure: app::c
        "#]],
    );
}

#[test]
fn parts_of_the_state_that_handlers_take_by_themselves() {
    check(
        r#"
//- /src/lib.rs deps:axum,tokio
use std::sync::{Arc, Mutex};
use axum::extract::{FromRef, State};
#[derive(Clone, FromRef)]
pub struct AppState { pub prices: Arc<Mutex<u8>>, pub config: Arc<Config>, pub unused: Arc<Names> }
pub struct Config { pub port: u16 }
pub struct Names;
pub type Settings = State<Arc<Config>>;
pub async fn all(State(AppState { config, .. }): State<AppState>) {}
pub async fn price(State(prices): State<Arc<Mutex<u8>>>) { prices.lock(); }
pub async fn port(State(config): Settings) -> u16 { config.port }
pub async fn other(State(n): State<u8>) {}
"#,
        expect![[r#"
            Shared app::AppState.config @src/lib.rs:4
              app::all reads @src/lib.rs:8
              app::port reads @src/lib.rs:10
            Shared app::AppState.prices @src/lib.rs:4 changes
              app::price writes @src/lib.rs:9
            Shared app::AppState.unused @src/lib.rs:4
            pure: 
        "#]],
    );
}

#[test]
fn a_swapped_value_is_looked_at_and_replaced() {
    check(
        r#"
//- /src/lib.rs deps:axum,arc-swap
use arc_swap::ArcSwap;
use axum::extract::State;
use std::sync::Arc;
pub struct AppState { pub config: Arc<ArcSwap<u16>> }
pub async fn port(State(state): State<AppState>) -> u16 { *state.config.load_full() }
pub async fn reload(State(state): State<AppState>) { state.config.store(Arc::new(1)); }
"#,
        expect![[r#"
            Shared app::AppState.config @src/lib.rs:4 changes
              app::port reads @src/lib.rs:5
              app::reload writes @src/lib.rs:6
            pure: 
        "#]],
    );
}
