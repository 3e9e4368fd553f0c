use expect_test::{Expect, expect};

use crate::facts::tests::entries;

fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&entries(fixture));
}

#[test]
fn a_scheduler_and_its_closure() {
    check(
        r#"
//- /src/lib.rs deps:tokio_cron_scheduler
use tokio_cron_scheduler::{Job, JobScheduler};
const NIGHTLY: &str = "0 0 2 * * *";
pub async fn schedule(scheduler: &JobScheduler, state: u8) {
    scheduler.add(Job::new_async(NIGHTLY, move |_, _| {
        Box::pin(async move { if let Err(err) = nightly_report(state).await { log(err); } })
    }).unwrap()).await;
}
async fn nightly_report(state: u8) -> Result<(), ()> { Ok(()) }
fn log(err: ()) {}
pub struct Own;
impl Own { pub fn new_async(text: &str, f: impl Fn()) {} }
pub fn none() { Own::new_async("no job", || log(())); }
"#,
        expect![[r#"
            cron nightly-report -> app::nightly_report @src/lib.rs:4 every 0 0 2 * * *
        "#]],
    );
}

#[test]
fn chained_schedules() {
    check(
        r#"
//- /src/lib.rs deps:clokwerk
use clokwerk::{Scheduler, TimeUnits};
pub fn setup(scheduler: &mut Scheduler) {
    scheduler.every(1.day()).at("3:20 pm").run(|| purge());
}
fn purge() {}
"#,
        expect![[r#"
            cron purge -> app::purge @src/lib.rs:3 every every(1.day()).at("3:20 pm")
        "#]],
    );
}

#[test]
fn loops_that_wait_and_retries_that_do_not_count() {
    check(
        r#"
//- /src/main.rs deps:tokio
mod work;
#[tokio::main]
async fn main() {
    tokio::spawn(work::overdue_reminder());
    work::start_cleaner();
    work::every("gather metrics", std::time::Duration::from_secs(30), || work::gather());
    work::connect().await;
    work::retry(|| work::gather()).await;
}
//- /src/work.rs
pub async fn overdue_reminder() {
    let mut interval = tokio::time::interval(std::time::Duration::from_secs(1));
    loop {
        interval.tick().await;
        remind().await;
    }
}
async fn remind() {}
pub fn start_cleaner() {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            if done() { break; }
        }
    });
}
fn done() -> bool { false }
pub fn every<F: Fn() -> Fut + Send + 'static, Fut: Future>(name: &str, period: std::time::Duration, exec: F) {
    tokio::spawn(async move {
        let mut interval = tokio::time::interval(period);
        loop {
            interval.tick().await;
            exec().await;
        }
    });
}
pub async fn gather() {}
pub async fn connect() -> u8 {
    loop {
        if done() { return 1; }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}
pub async fn retry<F: Fn() -> Fut, Fut: Future>(exec: F) {
    loop {
        exec().await;
        if done() { break; }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}
"#,
        expect![[r#"
            cron gather-metrics -> app::main @src/main.rs:6 every std::time::Duration::from_secs(30)
            loop overdue-reminder -> app::work::overdue_reminder @src/work.rs:3
            loop start-cleaner -> app::work::start_cleaner @src/work.rs:11
            command app -> app::main @src/main.rs:3
        "#]],
    );
}

#[test]
fn consumers_by_topic_and_event() {
    check(
        r#"
//- /src/main.rs deps:tokio
mod events;
#[tokio::main]
async fn main() {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move { events::consume(receiver).await });
    tokio::spawn(events::deliver_all(other));
}
//- /src/events.rs
use tokio::sync::mpsc::Receiver;
pub const RETURNED: &str = "rental.returned";
pub struct Envelope { pub topic: &'static str, pub order: u8 }
pub enum Event { Paid(u8), Shipped { id: u8 } }
pub async fn consume(mut receiver: Receiver<Envelope>) {
    loop {
        match receiver.recv().await {
            Some(envelope) => dispatch(envelope).await,
            None => break,
        }
    }
}
async fn dispatch(envelope: Envelope) {
    match envelope.topic {
        RETURNED => on_returned(envelope.order).await,
        _ => {}
    }
}
async fn on_returned(order: u8) {}
pub async fn deliver_all(mut rx: Receiver<Event>) {
    while let Some(event) = rx.recv().await {
        match event {
            Event::Paid(id) => on_paid(id).await,
            Event::Shipped { id } => on_shipped(id).await,
        }
    }
}
async fn on_paid(id: u8) {}
async fn on_shipped(id: u8) {}
"#,
        expect![[r#"
            consumer paid -> app::events::on_paid @src/events.rs:21
            consumer rental.returned -> app::events::on_returned @src/events.rs:6
            consumer shipped -> app::events::on_shipped @src/events.rs:21
            command app -> app::main @src/main.rs:3
        "#]],
    );
}

#[test]
fn commands_of_the_command_line() {
    check(
        r#"
//- /src/main.rs deps:clap
use clap::{Parser, Subcommand};
#[derive(Parser)]
struct Cli { #[command(subcommand)] command: Command }
#[derive(Subcommand)]
enum Command {
    CreateAdmin { name: String },
    #[command(name = "up")]
    Migrate,
    User(UserCommand),
}
#[derive(Subcommand)]
enum UserCommand { Remove { id: u8 } }
fn main() {
    match Cli::parse().command {
        Command::CreateAdmin { name } => create_admin(&name),
        Command::Migrate => migrate(),
        Command::User(command) => match command {
            UserCommand::Remove { id } => remove(id),
        },
    }
}
fn create_admin(name: &str) {}
fn migrate() {}
fn remove(id: u8) {}
"#,
        expect![[r#"
            command create-admin -> app::create_admin @src/main.rs:15
            command up -> app::migrate @src/main.rs:16
            command user remove -> app::remove @src/main.rs:18
        "#]],
    );
}

#[test]
fn workers_intervals_and_brokers() {
    check(
        r#"
//- /src/main.rs deps:apalis,actix,lapin,job_scheduler
mod mail;
use apalis::prelude::*;
use job_scheduler::{Job, JobScheduler};
#[tokio::main]
async fn main() {
    WorkerBuilder::new("email").backend(1).build_fn(mail::send);
    JobScheduler::new().add(Job::new("0 0 * * * *".parse().unwrap(), || mail::purge()));
    ctx.run_interval(std::time::Duration::from_secs(1), |actor, ctx| mail::beat());
    tokio::spawn(async move { mail::listen(channel).await });
}
//- /src/mail.rs
pub async fn send() {}
pub fn purge() {}
pub fn beat() {}
pub async fn listen(channel: lapin::Channel) {
    let mut consumer = channel.basic_consume("orders", "me").await;
    while let Some(delivery) = consumer.next().await {
        handle(delivery).await;
    }
}
async fn handle<T>(delivery: T) {}
"#,
        expect![[r#"
            cron beat -> app::mail::beat @src/main.rs:8 every std::time::Duration::from_secs(1)
            cron purge -> app::mail::purge @src/main.rs:7 every 0 0 * * * *
            consumer email -> app::mail::send @src/main.rs:6
            consumer orders -> app::mail::handle @src/mail.rs:6
            command app -> app::main @src/main.rs:5
        "#]],
    );
}

#[test]
fn methods_of_those_names_elsewhere_are_no_jobs() {
    check(
        r#"
//- /src/lib.rs deps:other
pub fn a(builder: other::Builder, ctx: other::Context) {
    builder.build_fn(b);
    ctx.run_interval(1, || b());
    for n in names.iter() { b(); }
    while let Some(part) = multipart.next_field().await { b(); }
}
fn b() {}
"#,
        expect![[""]],
    );
}
