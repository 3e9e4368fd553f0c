use super::*;

#[test]
fn what_only_serves_one_client_is_no_consumer() {
    check(
        r#"
//- /src/main.rs deps:tokio
mod session;
mod mail;
#[tokio::main]
async fn main() {
    let (mails, inbox) = tokio::sync::mpsc::channel(8);
    tokio::spawn(mail::deliver(inbox));
    let listener = tokio::net::TcpListener::bind("0.0.0.0:7").await.unwrap();
    while let Ok((stream, _)) = listener.accept().await {
        let mails = mails.clone();
        tokio::spawn(async move {
            session::client(stream, mails).await;
        });
    }
}
//- /src/session.rs
use tokio::sync::mpsc::{Receiver, Sender};
pub async fn client(stream: Stream, mails: Sender<String>) {
    let (out, inbox) = tokio::sync::mpsc::channel(8);
    tokio::spawn(write(stream, inbox));
    loop {
        tokio::time::sleep(BEAT).await;
        beat(&out).await;
    }
}
async fn beat(out: &Sender<String>) {}
async fn write(stream: Stream, mut inbox: Receiver<String>) {
    while let Some(line) = inbox.recv().await { put(line).await; }
}
async fn put(line: String) {}
//- /src/mail.rs
use tokio::sync::mpsc::Receiver;
pub async fn deliver(mut inbox: Receiver<String>) {
    while let Some(text) = inbox.recv().await { post(text).await; }
}
async fn post(text: String) {}
"#,
        expect![[r#"
            consumer post -> app::mail::post @src/mail.rs:3
            command app -> app::main @src/main.rs:4
        "#]],
    );
}

#[test]
fn loops_that_try_again_or_gather_are_no_background_work() {
    check(
        r#"
//- /src/main.rs deps:tokio
use tokio::sync::mpsc::Receiver;
#[tokio::main]
async fn main() {
    tokio::spawn(deliver());
    tokio::spawn(async { gather(inbox()).await.len() });
    tokio::spawn(until_told(stop()));
}
async fn deliver() -> Result<(), Error> {
    loop {
        match send().await {
            Ok(_) => return Ok(()),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
async fn send() -> Result<(), Error> { Ok(()) }
async fn gather(mut inbox: Receiver<u8>) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(one) = inbox.recv().await { all.push(weigh(one).await); }
    all
}
async fn weigh(one: u8) -> u8 { one }
async fn until_told(mut stop: Receiver<()>) -> Fallible<()> {
    loop {
        match stop.try_recv() {
            Ok(()) => return Ok(()),
            Err(_) => purge().await,
        }
        tokio::time::sleep(PAUSE).await;
    }
}
async fn purge() {}
"#,
        expect![[r#"
            loop until-told -> app::until_told @src/main.rs:24
            command app -> app::main @src/main.rs:3
        "#]],
    );
}

#[test]
fn a_maker_keeps_its_own_house() {
    check(
        r#"
//- /src/main.rs deps:tokio
#[tokio::main]
async fn main() {
    let cache = Cache::new();
    let outbox = Outbox::new();
    tokio::spawn(wait_for_end());
}
struct Cache { map: moka::Cache }
impl Cache {
    fn new() -> Cache {
        let map = moka::Cache::default();
        let gauge = map.clone();
        tokio::spawn(async move {
            let mut interval = tokio::time::interval(SECONDS);
            loop {
                interval.tick().await;
                gauge.run_pending_tasks().await;
                SIZE.record(gauge.weighted_size());
            }
        });
        Cache { map }
    }
}
struct Outbox {}
impl Outbox {
    fn new() -> Outbox {
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(SECONDS).await;
                deliver().await;
            }
        });
        Outbox {}
    }
}
async fn deliver() {}
async fn wait_for_end() {
    loop {
        tokio::time::sleep(SECONDS).await;
        println!("still {} alive", alive());
    }
}
fn alive() -> usize { 0 }
"#,
        expect![[r#"
            loop deliver -> app::deliver @src/main.rs:27
            command app -> app::main @src/main.rs:2
        "#]],
    );
}

#[test]
fn jobs_are_named_by_what_they_do() {
    check(
        r#"
//- /src/main.rs deps:tokio
mod thumbnails;
mod stock;
#[tokio::main]
async fn main() {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(DAY).await;
            clean_guests().await;
        }
    });
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(DAY).await;
            rotate_keys().await;
        }
    });
    tokio::spawn(thumbnails::run());
    again(stock::task);
}
async fn clean_guests() {}
async fn rotate_keys() {}
fn again(work: fn()) {
    loop {
        work();
        std::thread::sleep(DAY);
    }
}
//- /src/thumbnails.rs
pub async fn run() {
    loop {
        tokio::time::sleep(DAY).await;
        draw().await;
    }
}
async fn draw() {}
//- /src/stock.rs
pub fn task() {
    loop {
        count();
        std::thread::sleep(DAY);
    }
}
fn count() {}
"#,
        expect![[r#"
            cron stock-task -> app::stock::task @src/main.rs:18
            loop clean-guests -> app::clean_guests @src/main.rs:6
            loop rotate-keys -> app::rotate_keys @src/main.rs:12
            loop thumbnails -> app::thumbnails::run @src/thumbnails.rs:2
            command app -> app::main @src/main.rs:4
        "#]],
    );
}

#[test]
fn a_schedule_that_runs_a_kind_of_job() {
    check(
        r#"
//- /src/lib.rs deps:tokio_cron_scheduler
use tokio_cron_scheduler::{Job, JobScheduler};
pub enum Work { Purge, Report }
impl Work {
    const ALL: &[Work] = &[Work::Purge, Work::Report];
    fn needs(&self) -> Option<Feature> {
        match self { Work::Purge => None, Work::Report => Some(Feature::Reports) }
    }
    async fn run(&self) {
        match self {
            Work::Purge => purge().await,
            Work::Report => report().await,
        }
    }
}
pub async fn schedule(scheduler: &JobScheduler) {
    for work in Work::ALL {
        let job = Job::new_async("0 0 2 * * *", move |_, _| Box::pin(async move {
            if let Some(feature) = work.needs() { return; }
            work.run().await;
        }));
        scheduler.add(job.unwrap()).await;
    }
}
async fn purge() {}
async fn report() {}
"#,
        expect![[r#"
            cron purge -> app::purge @src/lib.rs:17 every 0 0 2 * * *
            cron report -> app::report @src/lib.rs:17 every 0 0 2 * * *
        "#]],
    );
}

#[test]
fn consumers_named_by_their_type() {
    check(
        r#"
//- /src/lib.rs deps:lapin
pub trait Consumer { async fn consume(&self, delivery: Delivery); fn queue() -> &'static str; }
pub struct AckConsumer;
impl Consumer for AckConsumer {
    async fn consume(&self, delivery: Delivery) {}
    fn queue() -> &'static str { "acks" }
}
pub struct IdleConsumer;
impl Consumer for IdleConsumer {
    async fn consume(&self, delivery: Delivery) {}
    fn queue() -> &'static str { "idle" }
}
pub async fn start(channel: lapin::Channel) { make_queue_and_consume::<AckConsumer>(channel).await; }
async fn make_queue_and_consume<C: Consumer>(channel: lapin::Channel) {}
"#,
        expect![[r#"
            consumer ack-consumer -> app::<AckConsumer as Consumer>::consume @src/lib.rs:4
        "#]],
    );
}

#[test]
fn the_heartbeat_of_an_actor_for_one_socket_is_no_job_and_that_of_the_program_is() {
    check(
        r#"
//- /src/main.rs deps:actix,actix-web-actors,tokio
use actix::prelude::*;
use actix_web_actors::ws;
use std::time::Duration;
fn main() {}
struct Session { out: tokio::sync::mpsc::Receiver<String> }
impl Session {
    fn beat(&self, ctx: &mut ws::WebsocketContext<Self>) {
        ctx.run_interval(Duration::from_secs(5), |session, ctx| session.ping(ctx));
    }
    fn ping(&self, ctx: &mut ws::WebsocketContext<Self>) {}
}
impl Actor for Session {
    type Context = ws::WebsocketContext<Self>;
    fn started(&mut self, ctx: &mut Self::Context) {
        self.beat(ctx);
        actix::spawn(async move { while let Some(text) = self.out.recv().await { send(text).await; } });
    }
}
async fn send(text: String) {}
struct Cleaner;
impl Actor for Cleaner {
    type Context = Context<Self>;
    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.run_interval(Duration::from_secs(3600), |_, _| purge());
    }
}
fn purge() {}
"#,
        expect![[r#"
            cron purge -> app::purge @src/main.rs:24 every Duration::from_secs(3600)
            command app -> app::main @src/main.rs:4
        "#]],
    );
}

#[test]
fn who_waits_for_an_answer_sends_no_event() {
    check(
        r#"
//- /src/main.rs deps:tokio
use tokio::sync::{mpsc, oneshot};
enum Command {
    Insert { text: String, result: oneshot::Sender<u64> },
    Get(u64, oneshot::Sender<String>),
    Forget { id: u64 },
}
struct Lookup { id: u64, back: oneshot::Sender<String> }
#[tokio::main]
async fn main() {
    let (_, commands) = mpsc::channel(8);
    let (_, lookups) = mpsc::channel(8);
    tokio::spawn(work(commands));
    tokio::spawn(look_up(lookups));
    serve().await;
}
async fn work(mut commands: mpsc::Receiver<Command>) {
    while let Some(command) = commands.recv().await {
        match command {
            Command::Insert { text, result } => {
                let _ = result.send(insert(text).await);
            }
            Command::Get(id, back) => {
                let found = get(id).await;
                let _ = back.send(found);
            }
            Command::Forget { id } => forget(id).await,
        }
    }
}
async fn look_up(mut lookups: mpsc::Receiver<Lookup>) {
    while let Some(lookup) = lookups.recv().await {
        let found = get(lookup.id).await;
        let _ = lookup.back.send(found);
    }
}
async fn insert(text: String) -> u64 { 0 }
async fn get(id: u64) -> String { String::new() }
async fn forget(id: u64) {}
async fn serve() {}
"#,
        expect![[r#"
            consumer forget -> app::forget @src/main.rs:17
            command app -> app::main @src/main.rs:9
        "#]],
    );
}

#[test]
fn a_server_that_is_started_again_is_no_job() {
    check(
        r#"
//- /src/main.rs deps:tokio
#[tokio::main]
async fn main() {
    tokio::spawn(async move {
        loop {
            let shutdown_rx = shutdown_tx.subscribe();
            match start_server(shutdown_rx).await {
                Ok(()) => break,
                Err(e) => tokio::time::sleep(Duration::from_secs(5)).await,
            }
        }
    });
}
async fn start_server(shutdown: Receiver<()>) -> Result<(), Error> { Ok(()) }
"#,
        expect![[r#"
            command app -> app::main @src/main.rs:2
        "#]],
    );
}

#[test]
fn what_ends_with_a_loop_and_says_so_stands_for_it() {
    check(
        r#"
//- /src/main.rs deps:tokio
#[tokio::main]
async fn main() { tokio::spawn(run_worker_until_stopped(Settings)); }
struct Settings;
async fn worker_loop(pool: &Pool) -> Result<(), Error> {
    loop {
        if deliver(pool).await.is_err() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}
async fn deliver(pool: &Pool) -> Result<(), Error> { Ok(()) }
async fn run_worker_until_stopped(settings: Settings) -> Result<(), Error> {
    let pool = Pool::connect(settings);
    worker_loop(&pool).await?;
    Ok(())
}
"#,
        expect![[r#"
            loop run-worker-until-stopped -> app::run_worker_until_stopped @src/main.rs:5
            command app -> app::main @src/main.rs:2
        "#]],
    );
}
