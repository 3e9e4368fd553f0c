//! Services that were extracted together ask each other over the wire: they answer as the monolith does, and say
//! clearly which of them is down.

use std::path::Path;
use std::time::{Duration, Instant};

use splitter::scaffold::{Cut, Scaffold};

use crate::http::{Request, send};
use crate::process::free_port;
use crate::switch::{code, spy};
use crate::{DESK, MIRA, World, cargo, eventually, repository, texts};

const TOKEN: &str = "a secret of both";

fn order(address: Option<i64>) -> Request {
    let address = address.map_or(String::new(), |id| format!(r#""address_id":{id},"#));
    let body = format!(
        r#"{{"from":"2026-07-01","to":"2026-07-03","lines":[{{"item_id":1,"quantity":1}}],{address}"payment_token":"tok_ok"}}"#
    );
    Request::new("POST", "/api/orders").token(MIRA).json(&body)
}

/// What leads over the wire: sessions, addresses and contacts of users, prices and stock of inventory.
fn requests() -> Vec<Request> {
    let quote = r#"{"from":"2026-06-21","to":"2026-06-22","lines":[{"item_id":4,"quantity":1}]}"#;
    let none = r#"{"from":"2026-06-21","to":"2026-06-22","lines":[{"item_id":999,"quantity":1}]}"#;
    vec![
        Request::new("GET", "/api/orders"),
        Request::new("GET", "/api/orders").token("nobody"),
        Request::new("GET", "/api/orders").token(MIRA),
        Request::new("GET", "/api/admin/orders/overdue?on=2026-07-30").token(DESK),
        Request::new("GET", "/api/admin/orders/overdue?on=2026-07-30").token(MIRA),
        Request::new("POST", "/api/orders/quote").json(quote),
        Request::new("POST", "/api/orders/quote").json(none),
        order(Some(1)),
        order(Some(3)),
        order(None),
        Request::new("GET", "/api/orders").token(MIRA),
        Request::new("GET", "/api/orders/6").token(MIRA),
    ]
}

fn remote<'v>(service: &str, url: &'v str) -> Vec<(String, &'v str)> {
    let variable = format!("SERVICE_{}", service.to_uppercase());
    vec![(variable.clone(), "remote"), (format!("{variable}_URL"), url), (format!("{variable}_TOKEN"), TOKEN)]
}

fn orders(world: &World, database: &Path, more: &[(String, &str)]) -> (crate::Running, u16) {
    let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    world.container_with("orders-http", database, &more)
}

/// Orders, users and inventory in processes of their own.
pub fn run(world: &World, made: &Scaffold) {
    // What travels keeps its form on both sides.
    let out = repository().join("target/tmp-functions/every").join(world.app.name).join("functions");
    let packages = ["-p", "orders-http-photo-rental", "-p", "users-http-photo-rental"];
    crate::process::run(cargo(&out).args(["test", "--quiet", "--lib"]).args(packages));
    together(world);
    down(world);
    on_the_wire(world);
    shadow(world);
    monolith(world, made);
    left_behind(world);
}

/// With `--cut ask` the code of the other services is not there; the answers are.
fn left_behind(world: &World) {
    let out = repository().join("target/tmp-functions/every/ask");
    let _ = std::fs::remove_dir_all(&out);
    let name = "recommendations-http";
    let (made, _) = crate::generate_cut(world.app, Some(name), Cut::Ask, &out);
    let text = made.files.get("recommendations-http/photo-rental/src/users/repo.rs").unwrap();
    assert!(!text.contains("FROM sessions"), "{text}");
    crate::process::run(cargo(&out).args(["build", "--quiet", "--bins"]));
    let (_monolith, monolith) = world.monolith(&world.database("asking-monolith"), &[]);
    let database = world.database("asking");
    let (_users, users) = world.container_with("users-http", &database, &[("SERVICE_USERS_TOKEN", TOKEN)]);
    let (_stock, stock) =
        world.container_with("inventory-http", &database, &[("SERVICE_INVENTORY_TOKEN", TOKEN)]);
    let (users, stock) = (format!("http://127.0.0.1:{users}"), format!("http://127.0.0.1:{stock}"));
    let more = [remote("users", &users), remote("inventory", &stock)].concat();
    let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let (asking, port) = world.container_with(name, &database, &more);
    for request in crate::requests() {
        assert_eq!(send(port, &request), send(monolith, &request), "{request:?}");
    }
    drop(asking);
    // Nothing here could answer instead.
    let (_alone, port) = world.container_with(name, &database, &[]);
    let answer = send(port, &Request::new("GET", "/api/recommendations/me").token(MIRA));
    assert_eq!((answer.status, code(&answer).as_str()), (503, "service_not_configured"), "{answer:?}");
}

fn together(world: &World) {
    let (_monolith, monolith) = world.monolith(&world.database("crossing-monolith"), &[]);
    let database = world.database("crossing");
    let (_users, users) = world.container_with("users-http", &database, &[("SERVICE_USERS_TOKEN", TOKEN)]);
    let (_stock, stock) =
        world.container_with("inventory-http", &database, &[("SERVICE_INVENTORY_TOKEN", TOKEN)]);
    let (users, stock) = (format!("http://127.0.0.1:{users}"), format!("http://127.0.0.1:{stock}"));
    let more = [remote("users", &users), remote("inventory", &stock)].concat();
    let (_orders, orders) = orders(world, &database, &more);
    let mut statuses = Vec::new();
    for request in requests() {
        let expected = send(monolith, &request);
        assert_eq!(send(orders, &request), expected, "{request:?}");
        statuses.push(expected.status);
    }
    for status in [200, 201, 401, 403, 404] {
        assert!(statuses.contains(&status), "no request was answered {status}: {statuses:?}");
    }
}

/// With a service down: a clear error, no hang, and nothing of an order is left.
fn down(world: &World) {
    let database = world.database("crossing-down");
    let closed = format!("http://127.0.0.1:{}", free_port());
    let written = |database: &Path| {
        let (_monolith, port) = world.monolith(database, &[]);
        let ask = |path: &str| send(port, &Request::new("GET", path).token(MIRA)).body;
        [ask("/api/orders"), ask("/api/items/1/availability?from=2026-07-01&to=2026-07-03"), ask("/api/cart")]
    };
    let before = written(&database);
    for service in ["users", "inventory"] {
        let began = Instant::now();
        let (running, port) = orders(world, &database, &remote(service, &closed));
        let answer = send(port, &order(Some(1)));
        assert_eq!((answer.status, code(&answer).as_str()), (503, "service_unreachable"), "{answer:?}");
        assert!(answer.body.contains(&format!("the service {service} cannot be reached")), "{answer:?}");
        assert!(began.elapsed() < Duration::from_secs(20), "nothing hangs");
        drop(running);
        assert_eq!(written(&database), before, "no half-written order");
    }

    let (silent, _messages) = spy(None);
    let mut more = remote("users", &silent);
    more.push(("SERVICE_USERS_TIMEOUT_MS".to_owned(), "300"));
    let (_orders, port) = orders(world, &database, &more);
    let began = Instant::now();
    let answer = send(port, &order(Some(1)));
    assert_eq!((answer.status, code(&answer).as_str()), (504, "service_timed_out"), "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "nothing hangs");

    // The other side answers nobody who has not its secret, and nobody at all where it has none.
    for (own, expected) in [(Some("another"), "service_refused"), (None, "service_refused")] {
        let own: Vec<(&str, &str)> = own.iter().map(|token| ("SERVICE_USERS_TOKEN", *token)).collect();
        let (_users, users) = world.container_with("users-http", &database, &own);
        let url = format!("http://127.0.0.1:{users}");
        let (_orders, port) = orders(world, &database, &remote("users", &url));
        let answer = send(port, &order(Some(1)));
        assert_eq!((answer.status, code(&answer).as_str()), (502, expected), "{answer:?}");
    }
    assert_eq!(written(&database), before);
}

const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Reads are asked for again with the same key, within the trace of the request.
fn on_the_wire(world: &World) {
    let database = world.database("crossing-wire");
    let (busy, messages) = spy(Some(BUSY));
    let (_orders, port) = orders(world, &database, &remote("users", &busy));
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = Request::new("GET", "/api/orders").token(MIRA);
    let request = request.header("traceparent", trace).header("x-correlation-id", "order-7");
    let answer = send(port, &request);
    assert_eq!((answer.status, code(&answer).as_str()), (502, "service_refused"), "{answer:?}");
    let mut keys = Vec::new();
    for _ in 0..3 {
        let (first, headers, body) = messages.recv_timeout(Duration::from_secs(5)).unwrap();
        let header = |wanted: &str| {
            let found = headers.iter().find(|(name, _)| name == wanted);
            found.map_or_else(String::new, |(_, value)| value.clone())
        };
        assert_eq!(first, "POST /internal/users/by_session HTTP/1.1");
        assert_eq!(header("traceparent"), trace);
        assert_eq!(header("x-correlation-id"), "order-7");
        assert_eq!(header("x-internal-token"), TOKEN);
        assert!(body.starts_with(r#"{"token_hash":""#), "{body}");
        keys.push(header("idempotency-key"));
    }
    assert!(keys[0].len() == 32 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert!(messages.recv_timeout(Duration::from_millis(500)).is_err(), "three attempts");

    // What writes is asked for once, where it may have arrived.
    let (busy, messages) = spy(Some(BUSY));
    let (_orders, port) = orders(world, &database, &remote("payments", &busy));
    let answer = send(port, &Request::new("POST", "/api/orders/4/cancel").token(MIRA).json("{}"));
    assert_eq!((answer.status, code(&answer).as_str()), (502, "service_refused"), "{answer:?}");
    assert!(messages.recv_timeout(Duration::from_secs(5)).is_ok());
    assert!(messages.recv_timeout(Duration::from_millis(700)).is_err(), "one attempt");
}

fn shadow(world: &World) {
    let database = world.database("crossing-shadow");
    let (differs, messages) = spy(Some(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 4\r\n\r\nnull",
    ));
    let mut more = remote("users", &differs);
    more[0].1 = "shadow";
    let (_orders, port) = orders(world, &database, &more);
    let (_monolith, monolith) = world.monolith(&world.database("crossing-shadowed"), &[]);
    let request = Request::new("GET", "/api/orders").token(MIRA);
    assert_eq!(send(port, &request), send(monolith, &request));
    let log = world.log(&format!("container-{port}"));
    eventually("the difference in the log", || {
        let text = std::fs::read_to_string(&log).unwrap();
        text.contains("shadow of users: /internal/users/by_session differs: what it gives back").then_some(())
    });
    assert!(messages.recv_timeout(Duration::from_secs(5)).is_ok());
}

/// The carts of an actix-web application and its accounts in processes of their own: who is asking is asked there.
pub fn shop(world: &World, made: &Scaffold) {
    let requests = || {
        let lines = r#"{"product_id":5,"quantity":1}"#;
        vec![
            Request::new("GET", "/api/cart"),
            Request::new("GET", "/api/cart").token("nobody"),
            Request::new("GET", "/api/cart").token("session-of-lena"),
            Request::new("POST", "/api/cart/lines").token("session-of-lena").json(lines),
            Request::new("POST", "/api/cart/lines").json(lines),
            Request::new("GET", "/api/cart").token("session-of-lena"),
        ]
    };
    let cart = |database: &Path, more: &[(String, &str)]| {
        let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        world.container_with("cart-http", database, &more)
    };
    let secret = [("SERVICE_ACCOUNTS_TOKEN", TOKEN)];
    let (_plain, plain) = world.monolith(&world.database("crossing-monolith"), &[]);
    let database = world.database("crossing");
    let (accounts, port) = world.container_with("accounts-http", &database, &secret);
    let url = format!("http://127.0.0.1:{port}");
    let (_cart, asking) = cart(&database, &remote("accounts", &url));
    let mut statuses = Vec::new();
    for request in requests() {
        let expected = send(plain, &request);
        assert_eq!(send(asking, &request), expected, "{request:?}");
        statuses.push(expected.status);
    }
    assert!(statuses.contains(&200) && statuses.contains(&401), "{statuses:?}");
    let (spied, messages) = spy(Some(BUSY));
    let (_spied, port) = cart(&database, &remote("accounts", &spied));
    assert!(send(port, &Request::new("GET", "/api/cart").token("session-of-lena")).status >= 500);
    let (first, _, body) = messages.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(first, "POST /internal/accounts/find_user HTTP/1.1");
    assert_eq!(body, r#"{"token":"session-of-lena"}"#);

    // With accounts down: an error that says so, and no hang.
    drop(accounts);
    let began = Instant::now();
    let answer = send(asking, &Request::new("GET", "/api/cart").token("session-of-lena"));
    assert!(answer.status >= 500, "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(20), "nothing hangs");

    // While accounts has not moved, the monolith answers for it.
    let program = patched(world, made, &["cart-http"]);
    let database = world.database("answering");
    let (_answering, port) = world.program(&program, &database, &secret);
    let url = format!("http://127.0.0.1:{port}");
    let (_cart, asking) = cart(&database, &remote("accounts", &url));
    let (_other, other) = world.program(&program, &world.database("answering-plain"), &[]);
    for request in requests() {
        assert_eq!(send(asking, &request), send(other, &request), "{request:?}");
    }
    let probe = Request::new("POST", "/internal/accounts/find_user").json(r#"{"token":"x"}"#);
    assert_eq!((send(other, &probe).status, send(port, &probe).status), (404, 401));
}

/// While users has not moved, the monolith answers for it, by the patch of orders.
fn monolith(world: &World, made: &Scaffold) {
    let program = patched(world, made, &["orders-http", "users-http"]);

    let (_plain, plain) = world.program(&program, &world.database("answering-plain"), &[]);
    let database = world.database("answering");
    let (_answering, answering) = world.program(&program, &database, &[("SERVICE_USERS_TOKEN", TOKEN)]);
    let url = format!("http://127.0.0.1:{answering}");
    let (_orders, orders) = orders(world, &database, &remote("users", &url));
    for request in requests() {
        let expected = send(plain, &request);
        assert_eq!(send(orders, &request), expected, "{request:?}");
    }
    // To all others it is not there.
    let probe = Request::new("POST", "/internal/users/contact_of").json(r#"{"user_id":1}"#);
    assert_eq!(send(plain, &probe).status, 404);
    assert_eq!(send(answering, &probe).status, 401);
    let log = std::fs::read_to_string(world.log(&format!("container-{orders}"))).unwrap();
    assert!(!log.contains("/internal/"), "{log}");
    asking(world, &program);
}

/// Builds the monolith with all patches; those of `names` apply as they are.
fn patched(world: &World, made: &Scaffold, names: &[&str]) -> std::path::PathBuf {
    let dir = repository().join("target/tmp-functions/every/answering").join(world.app.name);
    let _ = std::fs::remove_dir_all(&dir);
    let write = |path: &str, text: &[u8]| {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (path, bytes) in texts(&world.app.dir()) {
        write(&path, &bytes);
    }
    for name in names {
        let patch = made.files.get(&format!("{name}/monolith.patch")).unwrap();
        write("one.patch", patch.as_bytes());
        let mut git = std::process::Command::new("git");
        git.current_dir(&dir).env("GIT_CEILING_DIRECTORIES", repository());
        crate::process::run(git.args(["apply", "--check", "one.patch"]));
    }
    for change in &made.monolith {
        write(&change.path, change.after.as_deref().unwrap().as_bytes());
    }
    crate::process::run(cargo(&dir).args(["build", "--quiet", "--bins"]));
    crate::binary(world.app.name)
}

/// What the monolith calls in users is asked of the function that was extracted.
fn asking(world: &World, program: &Path) {
    let start = |database: &Path, more: &[(String, &str)]| {
        let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        world.program(program, database, &more)
    };
    let (_plain, plain) = start(&world.database("asked-plain"), &[]);
    let database = world.database("asked");
    let (_users, users) = world.container_with("users-http", &database, &[("SERVICE_USERS_TOKEN", TOKEN)]);
    let url = format!("http://127.0.0.1:{users}");
    let (_asking, asking) = start(&database, &remote("users", &url));
    for request in requests() {
        assert_eq!(send(asking, &request), send(plain, &request), "{request:?}");
    }
    let began = Instant::now();
    let closed = format!("http://127.0.0.1:{}", free_port());
    let (_alone, alone) = start(&database, &remote("users", &closed));
    let answer = send(alone, &order(Some(1)));
    assert_eq!((answer.status, code(&answer).as_str()), (503, "service_unreachable"), "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(20), "nothing hangs");
    // It went over the wire, and in the trace of the request.
    let (busy, messages) = spy(Some(BUSY));
    let (_spied, spied) = start(&database, &remote("users", &busy));
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = Request::new("GET", "/api/orders").token(MIRA).header("traceparent", trace);
    assert_eq!(send(spied, &request).status, 502);
    let (first, headers, _) = messages.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(first, "POST /internal/users/by_session HTTP/1.1");
    assert!(headers.contains(&("traceparent".to_owned(), trace.to_owned())), "{headers:?}");
}
