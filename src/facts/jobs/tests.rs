use expect_test::{Expect, expect};

use crate::facts::tests::entries;

fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&entries(fixture));
}

mod helpers;

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
            cron gather-metrics -> app::work::gather @src/main.rs:6 every std::time::Duration::from_secs(30)
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

#[test]
fn commands_inside_of_options_and_of_enums_that_share_a_name() {
    check(
        r#"
//- /src/main.rs deps:clap
mod keys;
#[derive(clap::Parser)]
struct Args { #[command(subcommand)] command: Option<Command> }
#[derive(clap::Subcommand)]
enum Command { Migrate, Keys { #[command(subcommand)] command: keys::Command }, Ping { url: String } }
fn main() {
    let args = Args::parse();
    if let Some(Command::Ping { url }) = args.command { return ping(&url); }
    let context = open();
    match args.command {
        Some(Command::Migrate) => { let pool = connect(&context); run_migrations(pool).unwrap(); }
        Some(Command::Keys { command: keys::Command::Generate }) => keys::generate(),
        Some(Command::Keys { command }) => keys::run(command),
        Some(Command::Ping { .. }) => unreachable!(),
        None => {}
    }
}
fn open() -> u8 { 1 }
fn connect(context: &u8) -> u8 { 1 }
fn run_migrations(pool: u8) -> Result<(), ()> { Ok(()) }
fn ping(url: &str) {}
//- /src/keys.rs
#[derive(clap::Subcommand)]
pub enum Command { Generate, Drop, Migrate }
pub fn generate() {}
pub fn run(command: Command) {
    match command {
        Command::Drop => drop_all(),
        Command::Migrate => migrate(),
        Command::Generate => {}
    }
}
fn drop_all() {}
fn migrate() {}
"#,
        expect![[r#"
            command keys drop -> app::keys::drop_all @src/keys.rs:6
            command keys generate -> app::keys::generate @src/main.rs:12
            command keys migrate -> app::keys::migrate @src/keys.rs:7
            command migrate -> app::run_migrations @src/main.rs:11
            command ping -> app::ping @src/main.rs:8
        "#]],
    );
}

#[test]
fn a_schedule_that_runs_several_things() {
    check(
        r#"
//- /src/lib.rs deps:clokwerk
use clokwerk::{AsyncScheduler, TimeUnits};
pub fn setup(scheduler: &mut AsyncScheduler, state: u8) {
    scheduler.every(10.minutes()).run(move || {
        let state = copy(state);
        async move {
            update_ranks(&pool(state)).await.inspect_err(|e| warn(e)).ok();
            publish(state).await.ok();
            hook("ten");
        }
    });
    scheduler.every(1.day()).run(move || async move {
        if let Err(e) = purge(state).await { warn(&e) }
        hook("day");
    });
    scheduler.every(1.hour()).run(|| hook("hour"));
}
fn copy(state: u8) -> u8 { state }
fn pool(state: u8) -> u8 { state }
fn hook(name: &str) {}
fn warn(e: &()) {}
async fn update_ranks(pool: &u8) -> Result<(), ()> { Ok(()) }
async fn publish(state: u8) -> Result<(), ()> { Ok(()) }
async fn purge(state: u8) -> Result<(), ()> { Ok(()) }
"#,
        expect![[r#"
            cron hook -> app::hook @src/lib.rs:15 every every(1.hour())
            cron publish -> app::publish @src/lib.rs:3 every every(10.minutes())
            cron purge -> app::purge @src/lib.rs:11 every every(1.day())
            cron update-ranks -> app::update_ranks @src/lib.rs:3 every every(10.minutes())
        "#]],
    );
}

#[test]
fn jobs_that_are_registered_by_type() {
    check(
        r#"
//- /src/lib.rs deps:fang
pub trait BackgroundJob { const JOB_NAME: &'static str; async fn run(&self); }
pub struct Runner;
impl Runner { pub fn register_job_type<J: BackgroundJob>(self) -> Self { self } }
pub struct SendInvoice;
impl BackgroundJob for SendInvoice { const JOB_NAME: &'static str = "send_invoice"; async fn run(&self) { send() } }
pub struct NeverRegistered;
impl BackgroundJob for NeverRegistered { const JOB_NAME: &'static str = "never"; async fn run(&self) {} }
pub struct Cleanup;
impl fang::AsyncRunnable for Cleanup { async fn run(&self) {} }
pub trait Shape { fn run(&self); }
pub struct Circle;
impl Shape for Circle { fn run(&self) {} }
pub fn start(runner: Runner, shapes: Shapes) { runner.register_job_type::<SendInvoice>(); shapes.register::<Circle>(); }
fn send() {}
"#,
        expect![[r#"
            consumer cleanup -> app::<Cleanup as AsyncRunnable>::run @src/lib.rs:9
            consumer send_invoice -> app::<SendInvoice as BackgroundJob>::run @src/lib.rs:5
        "#]],
    );
}

#[test]
fn streams_of_data_are_no_messages_and_joined_loops_are_tasks() {
    check(
        r#"
//- /src/main.rs deps:tokio,reqwest,sqlx
mod work;
#[tokio::main]
async fn main() {
    work::download(response).await;
    let (a, b) = tokio::join!(async { work::serve().await }, async { work::clean_up().await });
}
//- /src/work.rs
pub async fn serve() {}
pub async fn download(response: reqwest::Response) {
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await { keep(chunk); }
    let mut row_stream = sqlx::query("SELECT id FROM items").fetch(pool());
    while let Some(row) = row_stream.next().await { keep(row); }
}
fn keep<T>(chunk: T) {}
fn pool() -> u8 { 1 }
pub async fn clean_up() -> Result<(), ()> {
    loop {
        if stopping() { break; }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    Ok(())
}
fn stopping() -> bool { false }
pub async fn drain(queue: Queue) { loop { for task in queue.receive_all(1).await.unwrap() { handle(task).await; } } }
async fn handle<T>(task: T) {}
"#,
        expect![[r#"
            consumer work -> app::work::handle @src/work.rs:18
            loop clean-up -> app::work::clean_up @src/work.rs:11
            command app -> app::main @src/main.rs:3
        "#]],
    );
}

#[test]
fn a_function_that_is_a_lambda_already() {
    check(
        r#"
//- /src/main.rs deps:lambda_runtime,tower
use lambda_runtime::{LambdaEvent, run, service_fn};
#[tokio::main]
async fn main() {
    tower::service_fn(other);
    run(service_fn(on_upload)).await;
}
async fn on_upload(event: LambdaEvent<u8>) {}
async fn other() {}
"#,
        expect![[r#"
            consumer on-upload -> app::on_upload @src/main.rs:5
            command app -> app::main @src/main.rs:3
        "#]],
    );
}

#[test]
fn retries_streams_of_data_and_screens_are_no_jobs() {
    check(
        r#"
//- /src/lib.rs deps:tokio
pub async fn handle(event: u8) {
    while let Err(err) = insert(event).await { tokio::time::sleep(second()).await; }
}
async fn insert(event: u8) -> Result<(), u8> { Ok(()) }
fn second() -> u8 { 1 }
pub async fn migrate(repo: u8) {
    let mut stream = hashes(repo);
    while let Some(hash) = stream.next().await { move_one(hash).await; }
}
fn hashes(repo: u8) -> u8 { repo }
async fn move_one(hash: u8) {}
pub async fn search(repo: u8) {
    let (tx, mut rx) = tokio::sync::mpsc::channel(8);
    tokio::task::spawn_blocking(move || walk(repo, tx));
    while let Some(file) = rx.recv().await { collect(file).await; }
}
fn walk(repo: u8, tx: u8) {}
async fn collect(file: u8) {}
"#,
        expect![[r#""#]],
    );
    check(
        r#"
//- /src/lib.rs deps:tokio,crossterm
pub async fn keys(mut rx: tokio::sync::mpsc::Receiver<u8>) {
    while let Some(key) = rx.recv().await { draw(key).await; }
}
async fn draw(key: u8) {}
"#,
        expect![[r#""#]],
    );
}

#[test]
fn what_a_loop_in_a_constructor_does() {
    check(
        r#"
//- /src/lib.rs deps:tokio
pub struct Sweeper;
impl Sweeper {
    pub fn new() -> Self {
        tokio::spawn(async move { loop { tokio::time::sleep(1).await; sweep_all().await; } });
        Self
    }
}
async fn sweep_all() {}
pub struct Cache { entries: u8 }
impl Cache {
    pub fn new(entries: u8) -> Self {
        tokio::spawn(async move { loop { tokio::time::sleep(1).await; entries.clear(); } });
        Self { entries }
    }
}
pub enum Event { Placed(u8), Level(u8), Cancelled(u8) }
impl Event { fn value(&self) -> u8 { 1 } }
pub async fn listen(mut rx: tokio::sync::mpsc::Receiver<Event>) {
    while let Some(event) = rx.recv().await {
        match event {
            Event::Placed(id) => { let level = level_of(id); reserve(id).await; }
            Event::Level(id) => { level_of(id); }
            Event::Cancelled(id) => release(id),
        }
    }
}
fn level_of(id: u8) -> u8 { id }
async fn reserve(id: u8) {}
fn release(id: u8) {}
"#,
        expect![[r#"
            consumer cancelled -> app::release @src/lib.rs:19
            consumer placed -> app::reserve @src/lib.rs:19
            loop sweep-all -> app::sweep_all @src/lib.rs:4
        "#]],
    );
}

#[test]
fn the_loops_of_a_client_that_no_program_links_run_elsewhere() {
    check(
        r#"
//- /Cargo.toml
[workspace]
members = ["server", "client"]
//- /server/Cargo.toml
[package]
name = "server"
[dependencies]
tokio = "1"
[dev-dependencies]
client = { path = "../client" }
//- /server/src/main.rs
use std::time::Duration;
#[tokio::main]
async fn main() {
    tokio::spawn(async { loop { tokio::time::sleep(Duration::from_secs(60)).await; purge().await; } });
}
async fn purge() {}
//- /client/Cargo.toml
[package]
name = "client"
[dependencies]
tokio = "1"
//- /client/src/lib.rs
use std::time::Duration;
pub fn connect() {
    tokio::spawn(async { loop { tokio::time::sleep(Duration::from_secs(60)).await; ping().await; } });
}
async fn ping() {}
"#,
        expect![[r#"
            loop purge -> server::purge @server/src/main.rs:4
            command server -> server::main @server/src/main.rs:3
        "#]],
    );
}

mod commands;
mod loops;
