//! The monolith with its switches: it answers as before, passes on what it shall, and says clearly what is down.

use std::io::{BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::http::{Answer, Message, Request, read_message, send};
use crate::process::{free_port, run};
use crate::{DESK, MIRA, World, daily, eventually, learned, requests};

const HTTP: &str = "FUNCTION_RECOMMENDATIONS_HTTP";

/// A server that tells what it was asked and always gives the same answer; none at all for `None`.
pub fn spy(answer: Option<&'static str>) -> (String, Receiver<Message>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (seen, messages) = channel();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let Some(message) = read_message(&mut BufReader::new(stream.try_clone().unwrap())) else {
                continue;
            };
            if seen.send(message).is_err() {
                return;
            }
            if let Some(answer) = answer {
                let _ = stream.write_all(answer.as_bytes());
            } else {
                // Kept open, so that the other side waits.
                open.push(stream);
            }
        }
    });
    (url, messages)
}

const TEAPOT: &str = "HTTP/1.1 418 I'm a teapot\r\ncontent-type: text/plain\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\
                      connection: close\r\ncontent-length: 5\r\n\r\nshort";

pub fn code(answer: &Answer) -> String {
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
    body["error"]["code"].as_str().unwrap_or_default().to_owned()
}

/// Local, remote and shadow for HTTP, with the function up, down, slow and different.
pub fn http(world: &World, switched: &Path, name: &str) {
    let (_plain, plain) = world.monolith(&world.database("switch-plain"), &[]);
    let (_container, container) = world.container(name, &world.database("switch-container"));
    let url = format!("http://127.0.0.1:{container}");
    let url_variable = format!("{HTTP}_URL");
    let start =
        |database: &str, more: &[(&str, &str)]| world.program(switched, &world.database(database), more);
    let (_local, local) = start("switch-local", &[]);
    let (_remote, remote) = start("switch-remote", &[(HTTP, "remote"), (&url_variable, &url)]);
    let (shadow_log, (_shadow, shadow)) = {
        let started = start("switch-shadow", &[(HTTP, "shadow"), (&url_variable, &url)]);
        (world.log(&format!("monolith-{}", started.1)), started)
    };
    for request in requests() {
        let expected = send(plain, &request);
        for (mode, port) in [("local", local), ("remote", remote), ("shadow", shadow)] {
            assert_eq!(send(port, &request), expected, "{mode}, {request:?}");
        }
    }

    // The request goes along whole, and the answer comes back whole.
    let (spied, messages) = spy(Some(TEAPOT));
    let (_asked, asked) = start("switch-asked", &[(HTTP, "remote"), (&url_variable, &spied)]);
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = Request::new("GET", "/api/recommendations/popular?limit=2&category=a%20b")
        .header("traceparent", trace)
        .header("tracestate", "rental=1")
        .header("x-request-id", "order-7")
        .token(MIRA);
    let answer = send(asked, &request);
    assert_eq!((answer.status, answer.body.as_str()), (418, "short"));
    assert_eq!(answer.headers.iter().filter(|(name, _)| name == "set-cookie").count(), 2);
    let (first, headers, _) = messages.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(first, "GET /api/recommendations/popular?limit=2&category=a%20b HTTP/1.1");
    let header =
        |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    assert_eq!(header("traceparent"), Some(trace));
    assert_eq!(header("tracestate"), Some("rental=1"));
    assert_eq!(header("x-correlation-id"), Some("order-7"));
    assert_eq!(header("authorization"), Some(format!("Bearer {MIRA}").as_str()));
    assert_eq!(header("x-forwarded-host"), Some("localhost"));
    // What was not moved stays, and so do other methods.
    assert_eq!(send(asked, &Request::new("GET", "/health")).status, 200);
    assert_eq!(send(asked, &Request::new("POST", "/api/recommendations/popular").json("{}")).status, 405);

    down(&start, &url_variable);
    shadows(world, &start, &url_variable, plain);
    let log = std::fs::read_to_string(shadow_log).unwrap();
    assert!(!log.contains("differs") && !log.contains("not compared"), "{log}");
}

type Start<'a> = dyn Fn(&str, &[(&str, &str)]) -> (crate::process::Running, u16) + 'a;

fn down(start: &Start<'_>, url_variable: &str) {
    let popular = Request::new("GET", "/api/recommendations/popular");
    let began = Instant::now();
    let closed = format!("http://127.0.0.1:{}", free_port());
    let (_down, down) = start("switch-down", &[(HTTP, "remote"), (url_variable, &closed)]);
    let answer = send(down, &popular);
    assert_eq!((answer.status, code(&answer).as_str()), (503, "function_unreachable"), "{answer:?}");
    assert_eq!(send(down, &Request::new("GET", "/health")).status, 200);

    let (_unset, unset) = start("switch-unset", &[(HTTP, "remote")]);
    let answer = send(unset, &popular);
    assert_eq!((answer.status, code(&answer).as_str()), (503, "function_not_configured"), "{answer:?}");

    let (silent, _messages) = spy(None);
    let timeout = format!("{HTTP}_TIMEOUT_MS");
    let (_slow, slow) = start("switch-slow", &[(HTTP, "remote"), (url_variable, &silent), (&timeout, "300")]);
    let answer = send(slow, &popular);
    assert_eq!((answer.status, code(&answer).as_str()), (504, "function_timed_out"), "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(60), "nothing hangs");

    // A switch that points at its own process ends at the second turn.
    let port = free_port();
    let own = format!("http://127.0.0.1:{port}");
    let port = port.to_string();
    let (_circle, circle) =
        start("switch-circle", &[(HTTP, "remote"), (url_variable, &own), ("PORT", &port)]);
    assert_eq!(code(&send(circle, &popular)), "function_calls_back");

    let (_wrong, wrong) = start("switch-wrong", &[(HTTP, "sideways")]);
    assert_eq!(send(wrong, &popular).status, 200, "what is not understood changes nothing");
}

fn shadows(world: &World, start: &Start<'_>, url_variable: &str, plain: u16) {
    let (spied, messages) = spy(Some(TEAPOT));
    let (_shadow, shadow) = start("switch-differs", &[(HTTP, "shadow"), (url_variable, &spied)]);
    let log = world.log(&format!("monolith-{shadow}"));
    let popular = Request::new("GET", "/api/recommendations/popular");
    assert_eq!(send(shadow, &popular), send(plain, &popular));
    eventually("the difference in the log", || {
        let text = std::fs::read_to_string(&log).unwrap();
        text.contains("/api/recommendations/popular differs: status 200 here, 418 there").then_some(())
    });
    assert!(messages.recv_timeout(Duration::from_secs(5)).is_ok());
    // It writes, though it is a GET.
    let me = Request::new("GET", "/api/recommendations/me").token(MIRA);
    assert_eq!(send(shadow, &me).status, 200);
    assert!(messages.recv_timeout(Duration::from_millis(300)).is_err(), "what writes is not done twice");
}

/// The scheduler of the monolith leaves the work to the function.
pub fn cron(world: &World, switched: &Path, name: &str) {
    let variable = format!("FUNCTION_{}", name.replace('-', "_").to_uppercase());
    let often = ("NIGHTLY_REPORT_CRON", "* * * * * *");
    let (_local, local) = world.program(switched, &world.database("switch-cron-local"), &[often]);
    let (_remote, remote) =
        world.program(switched, &world.database("switch-cron-remote"), &[often, (&variable, "remote")]);
    let before = daily(remote);
    eventually("the report of the one that works", || (daily(local) != before).then_some(()));
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(daily(remote), before, "the other one does nothing");
}

/// The monolith hands the event to the function, which learns from it in the shared database.
pub fn consumer(world: &World, switched: &Path, name: &str) {
    let variable = format!("FUNCTION_{}", name.replace('-', "_").to_uppercase());
    let returning = Request::new("POST", "/api/admin/orders/3/return").token(DESK).json("{}");
    let (_plain, plain) = world.monolith(&world.database("switch-event-plain"), &[]);
    let before = learned(plain);
    assert_eq!(send(plain, &returning).status, 200);
    let expected = eventually("the event", || Some(learned(plain)).filter(|answers| *answers != before));

    let database = world.database("switch-event");
    let (_container, container) = world.container(name, &database);
    let url = (format!("{variable}_URL"), format!("http://127.0.0.1:{container}"));
    let remote = (variable.as_str(), "remote");
    let (_switched, port) = world.program(switched, &database, &[remote, (&url.0, &url.1)]);
    assert_eq!(send(port, &returning).status, 200);
    eventually("the event at the function", || (learned(port) == expected).then_some(()));

    // Without the function, the order is returned all the same, and the log has the event.
    let closed = format!("http://127.0.0.1:{}", free_port());
    let (_down, port) =
        world.program(switched, &world.database("switch-event-down"), &[remote, (&url.0, &closed)]);
    let answer = send(port, &returning);
    assert_eq!(answer.status, 200, "{answer:?}");
    let log = world.log(&format!("monolith-{port}"));
    eventually("the lost event in the log", || {
        std::fs::read_to_string(&log)
            .unwrap()
            .contains("was not delivered (function_unreachable")
            .then_some(())
    });
    assert_eq!(learned(port), before);
}

/// An actix-web application with a switch: as itself, passing on to a second process of it, and with that down.
pub fn actix() {
    let sample = crate::repository().join("samples/shop");
    let dir = crate::repository().join("target/tmp-functions/shop");
    let _ = std::fs::remove_dir_all(&dir);
    let write = |path: &str, text: &[u8]| {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (path, bytes) in crate::texts(&sample) {
        write(&path, &bytes);
    }
    let made = &crate::generate_in(&sample, &["GET /api/catalog/categories"], &dir.join("functions"))[0];
    // How the service is called is not this test's matter.
    let name = made.functions[0].name.replace('-', "_");
    let file = format!("src/switch_{name}.rs");
    let patched: Vec<&str> = made.monolith.iter().map(|change| change.path.as_str()).collect();
    let answers = file.replace("switch", "answers").replace(".rs", "_accounts.rs");
    assert_eq!(patched, ["Cargo.toml", &answers, "src/lib.rs", "src/server.rs", &file]);
    for change in &made.monolith {
        write(&change.path, change.after.as_ref().unwrap().as_bytes());
    }
    run(crate::cargo(&dir).args(["build", "--quiet", "--bins"]));
    let program = crate::binary("shop");

    let temp = tempfile::tempdir().unwrap();
    let start = |name: &str, more: &[(&str, &str)]| {
        let database = temp.path().join(name).display().to_string();
        let port = free_port();
        let mut env = vec![
            ("DATABASE_URL", database),
            ("SHOP_NOW", "2026-06-15T09:00:00Z".to_owned()),
            ("RUST_LOG", "warn".to_owned()),
            ("PORT", port.to_string()),
        ];
        env.extend(more.iter().map(|&(name, value)| (name, value.to_owned())));
        for args in [&["migrate"][..], &["seed", "seed.sql"]] {
            run(std::process::Command::new(&program).args(args).current_dir(&dir).envs(env.clone()));
        }
        let log = temp.path().join(format!("{name}.log"));
        (crate::process::start(&program, &["serve"], &env, &log).listening(port, &log), port)
    };
    let mode = format!("FUNCTION_{}", name.to_uppercase());
    let mode = (mode.as_str(), &*format!("{mode}_URL"));
    let (_plain, plain) = start("plain", &[]);
    let (_function, function) = start("function", &[]);
    let url = format!("http://127.0.0.1:{function}");
    let (_remote, remote) = start("remote", &[(mode.0, "remote"), (mode.1, &url)]);
    let (_shadow, shadow) = start("shadow", &[(mode.0, "shadow"), (mode.1, &url)]);
    let new = r#"{"slug":"mugs","name":"Mugs"}"#;
    for request in [
        Request::new("GET", "/api/catalog/categories"),
        Request::new("GET", "/api/catalog/products?q=tea&limit=2"),
        Request::new("GET", "/api/catalog/products/nothing"),
        Request::new("POST", "/api/admin/categories").json(new),
        Request::new("POST", "/api/catalog/categories").json(new),
        Request::new("GET", "/elsewhere"),
    ] {
        let expected = send(plain, &request);
        assert_eq!(send(remote, &request), expected, "remote, {request:?}");
        assert_eq!(send(shadow, &request), expected, "shadow, {request:?}");
    }

    let (spied, messages) = spy(Some(TEAPOT));
    let (_asked, asked) = start("asked", &[(mode.0, "remote"), (mode.1, &spied)]);
    let answer = send(asked, &Request::new("POST", "/api/admin/categories").json(new).token("someone"));
    assert_eq!((answer.status, answer.body.as_str()), (418, "short"));
    assert_eq!(answer.headers.iter().filter(|(name, _)| name == "set-cookie").count(), 2);
    let (first, headers, body) = messages.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!((first.as_str(), body.as_str()), ("POST /api/admin/categories HTTP/1.1", new));
    assert!(headers.contains(&("authorization".into(), "Bearer someone".into())), "{headers:?}");

    let (_differs, differs) = start("differs", &[(mode.0, "shadow"), (mode.1, &spied)]);
    assert_eq!(send(differs, &Request::new("GET", "/api/catalog/categories")).status, 200);
    let log = temp.path().join("differs.log");
    eventually("the difference in the log", || {
        let text = std::fs::read_to_string(&log).unwrap();
        text.contains("/api/catalog/categories differs: status 200 here, 418 there").then_some(())
    });

    let closed = format!("http://127.0.0.1:{}", free_port());
    let (_down, down) = start("down", &[(mode.0, "remote"), (mode.1, &closed)]);
    let answer = send(down, &Request::new("GET", "/api/catalog/categories"));
    assert_eq!((answer.status, code(&answer).as_str()), (503, "function_unreachable"), "{answer:?}");
    assert_eq!(send(down, &Request::new("GET", "/health")).status, 200);
}
