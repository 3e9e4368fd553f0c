//! Scaffolds of the sample monolith, built and run: they answer what the monolith answers.
//!
//! The generated workspace is compiled with plain cargo; its Lambda binaries talk to a fake Runtime API and
//! its containers to a plain client, all on the loopback.

#[path = "../builds/mod.rs"]
mod builds;
mod crossing;
mod deployables;
mod http;
mod lambda;
mod process;
mod switch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;
use splitter::scaffold::{Cut, Inputs, Request as Wanted, Scaffold, scaffold};

use builds::{cargo, target_dir};
use http::{Answer, Request, send};
use lambda::RuntimeApi;
use process::{Running, free_port, run, start};

/// Tokens of the demonstration data.
const MIRA: &str = "session-of-mira";
const DESK: &str = "session-of-the-desk";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sample() -> PathBuf {
    repository().join("samples/photo-rental")
}

/// Texts of the sample beside its Rust sources.
fn texts(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut dirs = vec![root.to_path_buf()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let kind = entry.file_type().unwrap();
            if kind.is_dir()
                && !["target", "functions", ".git"].contains(&&*entry.file_name().to_string_lossy())
            {
                dirs.push(entry.path());
            } else if kind.is_file() {
                let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(path, std::fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

/// Scaffolds parts of the sample, each named by one of its entry points, one after the other into one
/// workspace.
fn generate(titles: &[&str], out: &Path) -> Vec<Scaffold> {
    generate_in(&sample(), titles, out)
}

fn generate_in(application: &Path, titles: &[&str], out: &Path) -> Vec<Scaffold> {
    generate_for(application, titles, &[], out)
}

/// As [`generate_in`], for some targets.
fn generate_for(application: &Path, titles: &[&str], targets: &[&str], out: &Path) -> Vec<Scaffold> {
    let analysis = splitter::pipeline::analyze(application, &Default::default(), &|_| {}).unwrap();
    let assets = texts(application);
    let text = |path: &str| String::from_utf8(assets[path].clone()).unwrap();
    let manifests = BTreeMap::from([("Cargo.toml".to_owned(), text("Cargo.toml"))]);
    let lock = text("Cargo.lock");
    let mut existing: BTreeMap<String, String> = BTreeMap::new();
    let mut all = Vec::new();
    for title in titles {
        let inputs = Inputs {
            sources: &analysis.sources,
            manifests: &manifests,
            lock: Some(&lock),
            assets: &assets,
            existing: &existing,
        };
        let (id, _) = analysis
            .model
            .entry_points
            .iter_enumerated()
            .find(|(_, entry)| entry.title() == *title)
            .unwrap_or_else(|| panic!("no entry point {title}"));
        // An HTTP route stands for all routes of its service.
        let service = analysis.plan.services.iter().find(|service| service.entry_points.contains(&id));
        let deployable = service.and_then(|service| {
            service.deployables.iter().find(|deployable| deployable.entry_points.contains(&id))
        });
        let what = match deployable {
            Some(deployable) if title.starts_with("GET") => deployable.name.clone(),
            _ => (*title).to_owned(),
        };
        let targets = targets.iter().map(|&target| target.to_owned()).collect();
        let wanted = Wanted { what: Some(what), targets, ..Wanted::default() };
        let made = scaffold(&wanted, &analysis.model, &analysis.plan, &inputs).unwrap();
        for (path, bytes) in &made.files.files {
            let path = out.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        for name in ["Cargo.toml", "Cargo.lock"] {
            existing.insert(name.into(), made.files.get(name).unwrap().to_owned());
        }
        all.push(made);
    }
    all
}

/// Scaffolds every deployable of an application into one workspace, sharing its database where it must.
fn generate_all(app: &App, out: &Path) -> (Scaffold, splitter::pipeline::Analysis) {
    generate_cut(app, None, Cut::Copy, out)
}

/// Scaffolds one function, or all, with a way to cut.
fn generate_cut(
    app: &App,
    what: Option<&str>,
    cut: Cut,
    out: &Path,
) -> (Scaffold, splitter::pipeline::Analysis) {
    let pin = app.pins.iter().map(|(item, service)| splitter::config::Pin {
        item: (*item).into(),
        service: (*service).into(),
        reason: String::new(),
    });
    let config = splitter::config::Config { pin: pin.collect(), ..Default::default() };
    let analysis = splitter::pipeline::analyze(&app.dir(), &config, &|_| {}).unwrap();
    let assets = texts(&app.dir());
    let text = |path: &str| String::from_utf8(assets[path].clone()).unwrap();
    let manifests = BTreeMap::from([("Cargo.toml".to_owned(), text("Cargo.toml"))]);
    let lock = text("Cargo.lock");
    let inputs = Inputs {
        sources: &analysis.sources,
        manifests: &manifests,
        lock: Some(&lock),
        assets: &assets,
        existing: &BTreeMap::new(),
    };
    let targets = vec!["aws-lambda".to_owned(), "container".to_owned()];
    let wanted = Wanted { what: what.map(str::to_owned), cut, targets, ..Wanted::default() };
    let made = scaffold(&wanted, &analysis.model, &analysis.plan, &inputs).unwrap();
    for (path, bytes) in &made.files.files {
        let path = out.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    (made, analysis)
}

fn binary(name: &str) -> PathBuf {
    target_dir().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// A sample application.
struct App {
    /// Its directory below `samples`, and its program.
    name: &'static str,
    /// What comes before the path in `DATABASE_URL`.
    scheme: &'static str,
    /// The variable that pins its clock.
    clock: &'static str,
    /// What belongs to which service here, so that a test says which calls cross.
    pins: &'static [(&'static str, &'static str)],
}

const PHOTO: App = App {
    name: "photo-rental",
    scheme: "sqlite://",
    clock: "RENTAL_NOW",
    pins: &[
        ("table users", "users"),
        ("table items", "inventory"),
        ("table item_popularity", "recommendations"),
        ("table orders", "orders"),
        ("table payments", "payments"),
        ("table refunds", "payments"),
        ("table webhook_events", "payments"),
        ("photo_rental::payments", "payments"),
        ("GET /api/orders", "orders"),
        ("GET /api/orders/{id}", "orders"),
        ("POST /api/orders", "orders"),
        ("POST /api/orders/quote", "orders"),
        ("POST /api/orders/{id}/cancel", "orders"),
        ("GET /api/admin/orders/overdue", "orders"),
        ("photo_rental::orders::service::cancel", "payments"),
    ],
};
const SHOP: App = App { name: "shop", scheme: "", clock: "SHOP_NOW", pins: &[] };

impl App {
    fn dir(&self) -> PathBuf {
        repository().join("samples").join(self.name)
    }

    fn env(&self, database: &Path) -> Vec<(&'static str, String)> {
        vec![
            ("DATABASE_URL", format!("{}{}", self.scheme, database.display())),
            (self.clock, "2026-06-15T09:00:00Z".to_owned()),
            ("RUST_LOG", "warn".to_owned()),
            // No proxy, no credentials, nothing of the machine's.
            ("AWS_REGION", "local".to_owned()),
        ]
    }
}

/// Those who build into the one target directory and run what is there, one after the other.
fn alone() -> std::sync::MutexGuard<'static, ()> {
    static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// An application and its extracted functions, running.
struct World {
    app: &'static App,
    dir: tempfile::TempDir,
    base: PathBuf,
}

impl World {
    /// A database with the demonstration data, to copy from.
    fn new(app: &'static App) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().join("base.db");
        for args in [&["migrate"][..], &["seed", "seed.sql"]] {
            let mut command = Command::new(binary(app.name));
            run(command.args(args).current_dir(app.dir()).envs(app.env(&base)));
        }
        Self { app, dir, base }
    }

    /// A copy of the database.
    fn database(&self, name: &str) -> PathBuf {
        let to = self.dir.path().join(format!("{name}.db"));
        for ending in ["", "-wal"] {
            let from = PathBuf::from(format!("{}{ending}", self.base.display()));
            if from.exists() {
                std::fs::copy(from, format!("{}{ending}", to.display())).unwrap();
            }
        }
        to
    }

    fn log(&self, name: &str) -> PathBuf {
        self.dir.path().join(format!("{name}.log"))
    }

    fn monolith(&self, database: &Path, more: &[(&str, &str)]) -> (Running, u16) {
        self.program(&binary(self.app.name), database, more)
    }

    /// Starts a build of the monolith; on the port that `more` names, if it does.
    fn program(&self, program: &Path, database: &Path, more: &[(&str, &str)]) -> (Running, u16) {
        let wanted = more.iter().find(|(name, _)| *name == "PORT").and_then(|(_, port)| port.parse().ok());
        let port = wanted.unwrap_or_else(free_port);
        let log = self.log(&format!("monolith-{port}"));
        let mut env = self.app.env(database);
        env.push(("PORT", port.to_string()));
        env.extend(more.iter().map(|&(name, value)| (name, value.to_owned())));
        (start(program, &["serve"], &env, &log).listening(port, &log), port)
    }

    fn container(&self, name: &str, database: &Path) -> (Running, u16) {
        self.container_with(name, database, &[])
    }

    fn container_with(&self, name: &str, database: &Path, more: &[(&str, &str)]) -> (Running, u16) {
        let port = free_port();
        let log = self.log(&format!("container-{port}"));
        let mut env = self.app.env(database);
        env.extend([("PORT", port.to_string()), ("HOST", "127.0.0.1".to_owned())]);
        env.extend(more.iter().map(|&(name, value)| (name, value.to_owned())));
        (start(&binary(&format!("{name}-container")), &[], &env, &log).listening(port, &log), port)
    }

    /// The custom handler, as the host of Azure Functions starts it.
    fn azure(&self, name: &str, database: &Path) -> (Running, u16) {
        let port = free_port();
        let log = self.log(&format!("azure-{port}"));
        let mut env = self.app.env(database);
        env.push(("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string()));
        (start(&binary(&format!("{name}-azure")), &[], &env, &log).listening(port, &log), port)
    }

    /// The Lambda's binary without Lambda.
    fn local(&self, name: &str, database: &Path) -> (Running, u16) {
        let port = free_port();
        let log = self.log(&format!("local-{port}"));
        let mut env = self.app.env(database);
        env.push(("PORT", port.to_string()));
        (start(&binary(&format!("{name}-lambda")), &["--local"], &env, &log).listening(port, &log), port)
    }

    fn lambda(&self, name: &str, database: &Path) -> (Running, RuntimeApi) {
        self.lambda_with(name, database, &[])
    }

    fn lambda_with(&self, name: &str, database: &Path, more: &[(&str, &str)]) -> (Running, RuntimeApi) {
        let api = RuntimeApi::start();
        let mut env = self.app.env(database);
        env.extend([
            ("AWS_LAMBDA_RUNTIME_API", format!("127.0.0.1:{}", api.port)),
            ("AWS_LAMBDA_FUNCTION_NAME", name.to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".to_owned()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1".to_owned()),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "group".to_owned()),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "stream".to_owned()),
        ]);
        env.extend(more.iter().map(|&(name, value)| (name, value.to_owned())));
        let log = self.log(&format!("lambda-{}", api.port));
        (start(&binary(&format!("{name}-lambda")), &[], &env, &log), api)
    }
}

fn requests() -> Vec<Request> {
    vec![
        Request::new("GET", "/api/recommendations/popular"),
        Request::new("GET", "/api/recommendations/popular?limit=2&category=lenses"),
        Request::new("GET", "/api/recommendations/popular?limit=0"),
        Request::new("GET", "/api/recommendations/popular?limit=many"),
        Request::new("GET", "/api/recommendations/items/1/together"),
        Request::new("GET", "/api/recommendations/items/999/together"),
        Request::new("GET", "/api/recommendations/items/one/together"),
        Request::new("GET", "/api/recommendations/me"),
        Request::new("GET", "/api/recommendations/me").token("nobody"),
        Request::new("GET", "/api/recommendations/me").token(MIRA),
        Request::new("GET", "/api/recommendations/me?limit=3").token(DESK),
        Request::new("POST", "/api/recommendations/popular").json("{}"),
        Request::new("GET", "/api/recommendations/nothing"),
        Request::new("GET", "/elsewhere"),
    ]
}

/// Waits until `found` gives something, at most 20 s.
fn eventually<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(value) = found() {
            return value;
        }
        assert!(Instant::now() < until, "{what} did not happen");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A copy of the sample with the switches of all functions: the first by `git apply`, the others beside it.
fn switched(made: &[Scaffold], out: &Path) -> PathBuf {
    let relative = "target/tmp-functions/switched";
    let dir = repository().join(relative);
    let _ = std::fs::remove_dir_all(&dir);
    let write = |path: &str, text: &[u8]| {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (path, bytes) in texts(&sample()) {
        write(&path, &bytes);
    }
    let patch = out.join(&made[0].functions[0].name).join("monolith.patch");
    let mut git = Command::new("git");
    git.current_dir(repository()).args(["apply", &format!("--directory={relative}")]).arg(&patch);
    run(&mut git);
    for change in &made[0].monolith {
        assert_eq!(Some(std::fs::read_to_string(dir.join(&change.path)).unwrap()), change.after);
    }
    // With it in place, the other functions' switches go beside it.
    let titles = ["cron nightly-report", "consumer rental.returned"];
    for (title, earlier) in titles.iter().zip(&made[1..]) {
        let again = &generate_in(&dir, &[title], &out.join("again"))[0];
        assert_eq!(again.functions[0].name, earlier.functions[0].name);
        assert!(!again.monolith.is_empty());
        for change in &again.monolith {
            write(&change.path, change.after.as_ref().unwrap().as_bytes());
        }
    }
    let _ = std::fs::remove_dir_all(out.join("again"));
    dir
}

#[test]
fn extracted_functions_answer_like_the_monolith() {
    let _alone = alone();
    let out = repository().join("target/tmp-functions/photo-rental/functions");
    let _ = std::fs::remove_dir_all(&out);
    let made = generate(
        &["GET /api/recommendations/popular", "cron nightly-report", "consumer rental.returned"],
        &out,
    );
    let names: Vec<String> = made.iter().map(|made| made.functions[0].name.clone()).collect();
    for made in &made {
        assert_eq!(made.functions.len(), 1);
        assert_eq!(made.functions[0].gaps, [], "{}", made.functions[0].name);
    }
    // The monolith with every switch, under a name of its own; then the one without.
    let switched = switched(&made, &out);
    run(cargo(&switched).args(["build", "--quiet", "--bins"]));
    let switched = target_dir().join(format!("debug/photo-rental-switched{}", std::env::consts::EXE_SUFFIX));
    std::fs::copy(binary("photo-rental"), &switched).unwrap();
    run(cargo(&sample()).args(["build", "--quiet", "--bins"]));
    run(cargo(&out).args(["build", "--quiet", "--bins"]));
    let world = World::new(&PHOTO);
    switch::http(&world, &switched, &names[0]);
    switch::cron(&world, &switched, &names[1]);
    switch::consumer(&world, &switched, &names[2]);
    http_function(&world, &names[0], &out);
    cron_function(&world, &names[1]);
    consumer_function(&world, &names[2]);
}

#[test]
#[ignore = "builds a second application: cargo test --test scaffold -- --ignored"]
fn an_actix_application_with_a_switch_answers_as_before() {
    let _alone = alone();
    switch::actix();
}

#[test]
#[ignore = "builds what only Vercel's functions need: cargo test --test scaffold -- --ignored"]
fn a_function_compiles_for_vercel() {
    let _alone = alone();
    let out = repository().join("target/tmp-functions/vercel/functions");
    let _ = std::fs::remove_dir_all(&out);
    let made = generate_for(&sample(), &["GET /api/recommendations/popular"], &["vercel"], &out);
    assert_eq!(made[0].functions[0].gaps, []);
    assert!(made[0].functions[0].packages.iter().any(|package| package.ends_with("-vercel")));
    run(cargo(&out).args(["check", "--quiet", "--workspace"]));
}

#[test]
#[ignore = "builds every function of two applications: cargo test --test scaffold -- --ignored"]
fn every_deployable_answers_like_its_monolith() {
    let _alone = alone();
    deployables::all(&PHOTO, crossing::run);
    deployables::all(&SHOP, crossing::shop);
}

fn http_function(world: &World, name: &str, out: &Path) {
    let (_monolith, monolith) = world.monolith(&world.database("http-monolith"), &[]);
    let (_container, container) = world.container(name, &world.database("http-container"));
    let (_lambda, lambda) = world.lambda(name, &world.database("http-lambda"));
    let (_azure, azure) = world.azure(name, &world.database("http-azure"));
    let (_plain, plain) = world.local(name, &world.database("http-local"));
    let mut seen = Vec::new();
    for request in requests() {
        let expected = send(monolith, &request);
        assert_eq!(send(container, &request), expected, "container, {request:?}");
        assert_eq!(lambda.http(&request), expected, "Lambda, {request:?}");
        assert_eq!(send(azure, &request), expected, "Azure, {request:?}");
        assert_eq!(send(plain, &request), expected, "--local, {request:?}");
        seen.push(expected.status);
    }
    for status in [200, 400, 401, 404, 405, 422] {
        assert!(seen.contains(&status), "no request was answered {status}: {seen:?}");
    }
    // The parity test that comes with the function says the same.
    run(cargo(out).args(["test", "--quiet", "-p", &format!("{name}-container")]).envs([
        ("MONOLITH_URL", format!("http://127.0.0.1:{monolith}")),
        ("FUNCTION_URL", format!("http://127.0.0.1:{container}")),
        ("TOKEN", MIRA.to_owned()),
    ]));
}

fn daily(port: u16) -> Answer {
    send(port, &Request::new("GET", "/api/reports/daily?from=2026-06-14&to=2026-06-14").token(DESK))
}

fn cron_function(world: &World, name: &str) {
    // The monolith's own scheduler, every second.
    let (_monolith, monolith) =
        world.monolith(&world.database("cron-monolith"), &[("NIGHTLY_REPORT_CRON", "* * * * * *")]);
    let before = {
        let (_idle, idle) = world.monolith(&world.database("cron-idle"), &[]);
        daily(idle)
    };
    assert_eq!(before.status, 200, "{before:?}");
    let expected =
        eventually("the nightly report", || Some(daily(monolith)).filter(|answer| *answer != before));

    let database = world.database("cron-container");
    let (container, port) = world.container(name, &database);
    let answer = send(port, &Request::new("POST", "/"));
    assert_eq!(answer.status, 200, "{answer:?}");
    drop(container);
    assert_eq!(daily(world.monolith(&database, &[]).1), expected);

    let database = world.database("cron-azure");
    let (azure, port) = world.azure(name, &database);
    let timer = json!({"Data": {"trigger": {"IsPastDue": false}}, "Metadata": {}});
    let answer = send(port, &Request::new("POST", "/run").json(&timer.to_string()));
    assert_eq!(answer.status, 200, "{answer:?}");
    drop(azure);
    assert_eq!(daily(world.monolith(&database, &[]).1), expected);

    let database = world.database("cron-local");
    let mut once = Command::new(binary(&format!("{name}-lambda")));
    run(once.arg("--local").envs(world.app.env(&database)));
    assert_eq!(daily(world.monolith(&database, &[]).1), expected);

    let database = world.database("cron-lambda");
    let (lambda, api) = world.lambda(name, &database);
    api.invoke(&json!({
        "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events",
        "account": "123456789012", "time": "2026-06-15T02:15:00Z", "region": "local", "resources": [], "detail": {}
    }))
    .unwrap();
    drop(lambda);
    assert_eq!(daily(world.monolith(&database, &[]).1), expected);
}

fn learned(port: u16) -> [Answer; 2] {
    [
        send(port, &Request::new("GET", "/api/recommendations/popular?limit=20")),
        send(port, &Request::new("GET", "/api/recommendations/items/1/together?limit=20")),
    ]
}

fn consumer_function(world: &World, name: &str) {
    // In the monolith the event follows from bringing the rental back.
    let (_monolith, monolith) = world.monolith(&world.database("event-monolith"), &[]);
    let before = learned(monolith);
    let returned = send(monolith, &Request::new("POST", "/api/admin/orders/3/return").token(DESK).json("{}"));
    assert_eq!(returned.status, 200, "{returned:?}");
    let expected = eventually("the event", || Some(learned(monolith)).filter(|answers| *answers != before));
    let order = send(monolith, &Request::new("GET", "/api/orders/3").token(MIRA));
    let order: serde_json::Value = serde_json::from_str(&order.body).unwrap();
    let items: Vec<_> =
        order["lines"].as_array().unwrap().iter().map(|line| line["item_id"].clone()).collect();
    let event = json!({"order_id": 3, "user_id": 2, "item_ids": items, "returned_on": "2026-06-15"});

    let database = world.database("event-container");
    let (container, port) = world.container(name, &database);
    let envelope = json!({"specversion": "1.0", "id": "1", "source": "/orders", "type": "rental.returned", "data": event});
    let answer = send(port, &Request::new("POST", "/").json(&envelope.to_string()));
    assert_eq!(answer.status, 200, "{answer:?}");
    let broken = send(port, &Request::new("POST", "/").json("{}"));
    assert_eq!(broken.status, 500, "what cannot be read is sent again");
    drop(container);
    assert_eq!(learned(world.monolith(&database, &[]).1), expected);

    let database = world.database("event-azure");
    let (azure, port) = world.azure(name, &database);
    let queued = json!({"Data": {"trigger": json!(event.to_string()).to_string()}, "Metadata": {}});
    let answer = send(port, &Request::new("POST", "/run").json(&queued.to_string()));
    assert_eq!(answer.status, 200, "{answer:?}");
    drop(azure);
    assert_eq!(learned(world.monolith(&database, &[]).1), expected);

    let database = world.database("event-lambda");
    let (lambda, api) = world.lambda(name, &database);
    let record = |id: &str, body: String| {
        json!({"messageId": id, "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {},
               "md5OfBody": "", "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:local:1:q", "awsRegion": "local"})
    };
    let answer = api
        .invoke(&json!({"Records": [record("good", event.to_string()), record("bad", "{}".into()), record("again", event.to_string())]}))
        .unwrap();
    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "bad"}]}));
    drop(lambda);
    assert_eq!(learned(world.monolith(&database, &[]).1), expected);
}
