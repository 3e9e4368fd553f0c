//! Jobs by way of the application's own helpers, builders and threads.

use super::*;

#[test]
fn threads_that_are_waited_for_and_what_failed() {
    check(
        r#"
//- /src/main.rs deps:tokio,crossbeam_channel
fn write_all(logs: u8) {
    std::thread::scope(|scope| {
        let (tx, rx) = std::sync::mpsc::sync_channel::<u8>(32);
        scope.spawn(move || while let Ok(log) = rx.recv() { write(log); });
    });
}
fn write(log: u8) {}
fn start(rx: crossbeam_channel::Receiver<u8>, db: Db) {
    std::thread::spawn(move || loop {
        let result = rx.recv().unwrap();
        if let Err(e) = db.record(result) { report_failure(&e); }
    });
}
pub struct Db;
impl Db { pub fn record(&self, result: u8) -> Result<(), u8> { Ok(()) } }
fn report_failure(error: &u8) {}
fn main() { write_all(1); start(todo!(), Db); }
"#,
        expect![[r#"
            consumer record -> app::Db::record @src/main.rs:9
            command app -> app::main @src/main.rs:17
        "#]],
    );
}

#[test]
fn jobs_of_a_builder_and_of_own_helpers() {
    check(
        r#"
//- /src/main.rs deps:tokio_cron_scheduler
use tokio_cron_scheduler::JobBuilder;
fn main() {
    JobBuilder::new().with_cron_job_type().with_schedule("0 1 15 * * *").unwrap().with_run_async(Box::new(move |_id, _lock| {
        Box::pin(async move { match import_prices().await { Ok(_) => {} Err(_) => {} } })
    })).build();
}
async fn import_prices() -> Result<(), u8> { Ok(()) }
fn clean(lock: u8) {
    JobBuilder::new().with_schedule("0 0 2 * * *").unwrap().with_run_async(Box::new(move |_id, _lock| {
        Box::pin(async move { with_lock(lock, || async { clean_up().await }).await; })
    })).build();
}
async fn with_lock<F>(lock: u8, work: F) {}
async fn clean_up() {}
"#,
        expect![[r#"
            cron clean-up -> app::clean_up @src/main.rs:9 every 0 0 2 * * *
            cron import-prices -> app::import_prices @src/main.rs:3 every 0 1 15 * * *
            command app -> app::main @src/main.rs:2
        "#]],
    );
    check(
        r#"
//- /src/main.rs deps:tokio,tokio_stream,async_nats
use std::time::Duration;
pub struct Scheduler;
impl Scheduler {
    pub fn run<F: FnMut() -> R, R>(&mut self, interval: Duration, mut task: F) {
        let work = IntervalStream::new(tokio::time::interval(interval)).for_each_concurrent(2, move |_| task());
        tokio::spawn(work);
    }
}
pub struct Queue;
impl Queue {
    pub async fn run<F: Fn(u8) -> R, R>(self, handler: F) {
        let mut messages = self.messages().await;
        loop {
            let message = match messages.next().await { Some(message) => message, None => break };
            let handler = handler.clone();
            tokio::spawn(async move { handler(message).await; });
        }
    }
}
fn main() {
    let mut scheduler = Scheduler;
    scheduler.run(Duration::from_secs(60), move || async move { index_all().await; });
    scheduler.run(Duration::from_secs(900), move || async move { release().await; });
    tokio::spawn(mails(Queue));
}
async fn mails(queue: Queue) { queue.run(move |job| async move { send_mail(job).await }).await }
async fn index_all() {}
async fn release() {}
async fn send_mail(job: u8) {}
"#,
        expect![[r#"
            cron index-all -> app::index_all @src/main.rs:22 every Duration::from_secs(60)
            cron release -> app::release @src/main.rs:23 every Duration::from_secs(900)
            consumer send-mail -> app::send_mail @src/main.rs:26
            command app -> app::main @src/main.rs:20
        "#]],
    );
}

#[test]
fn own_ways_to_let_time_pass() {
    check(
        r#"
//- /src/main.rs deps:tokio,axum
mod work;
const EVERY: u64 = 5;
#[tokio::main]
async fn main() {
    tokio::spawn(async move {
        loop {
            pause(600).await;
            if let Err(e) = work::read_feeds().await { report(e); }
        }
    });
    tokio::spawn(clean_up(todo!()));
    every("teams", EVERY, || work::read_teams());
    axum::serve(todo!(), axum::Router::new()).await.unwrap();
}
async fn pause(seconds: u64) { tokio::time::sleep(std::time::Duration::from_secs(seconds)).await; }
async fn stopped(period: std::time::Duration, shutdown: Shutdown) -> bool {
    tokio::time::timeout(period, shutdown.wait()).await.is_ok()
}
async fn clean_up(shutdown: Shutdown) {
    loop {
        if stopped(PERIOD, shutdown.clone()).await { break; }
        work::clean().await;
    }
}
fn every<F: Fn()>(name: &'static str, minutes: u64, work: F) {
    std::thread::spawn(move || loop { work(); std::thread::sleep(of(minutes)); });
}
fn report(e: u8) {}
//- /src/work.rs
pub async fn read_feeds() -> Result<(), u8> { Ok(()) }
pub async fn clean() {}
pub fn read_teams() {}
"#,
        expect![[r#"
            cron teams -> app::work::read_teams @src/main.rs:12
            loop clean-up -> app::clean_up @src/main.rs:20
            loop read-feeds -> app::work::read_feeds @src/main.rs:6
            startup main -> app::main @src/main.rs:4
        "#]],
    );
}

#[test]
fn workers_of_a_queue_in_redis() {
    check(
        r#"
//- /src/main.rs deps:redis,tokio
fn main() { block_on(work(todo!(), todo!())); block_on(sweep(todo!())); }
async fn work(stop: Stop, mut redis: Redis) {
    loop {
        if stop.is_terminated() { break; }
        let found: Result<Vec<String>, u8> =
            redis::cmd("brpoplpush").arg("orders").arg("orders-at-work").arg(1.0).query_async(&mut redis).await;
        let Ok(found) = found else { continue };
        let order: Order = parse(&found[0]);
        match ship(order.clone()).await {
            Ok(_) => {}
            Err(error) => put_back(order, error).await,
        }
    }
}
fn parse(text: &str) -> Order { Order }
#[derive(Clone)] struct Order;
async fn ship(order: Order) -> Result<(), u8> { Ok(()) }
async fn put_back(order: Order, error: u8) {}
async fn sweep(stop: Stop) {
    loop {
        if stop.is_terminated() { return; }
        remove_old().await;
        tokio::time::sleep(PERIOD).await;
    }
}
async fn remove_old() {}
"#,
        expect![[r#"
            consumer orders -> app::ship @src/main.rs:3
            loop sweep -> app::sweep @src/main.rs:20
            command app -> app::main @src/main.rs:1
        "#]],
    );
}
