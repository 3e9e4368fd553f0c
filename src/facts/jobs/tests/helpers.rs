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
