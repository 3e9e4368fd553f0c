//! Every deployable of an application, compiled as written: each answers in a container and on Lambda what the monolith
//! answers, over databases of the same content, reads after writes included.

use std::time::Instant;

use serde_json::{Value, json};

use crate::http::{Answer, Request, send};
use crate::process::run;
use crate::{App, World, binary, cargo, eventually, generate_all, repository};

/// Tokens of the demonstration data, by application.
fn tokens(app: &App) -> (&'static str, &'static str) {
    match app.name {
        "shop" => ("session-of-lena", "session-of-the-staff"),
        _ => (crate::MIRA, crate::DESK),
    }
}

/// What people do with an application, in this order; who is not signed in asks for the same.
fn story(app: &App) -> Vec<Request> {
    let (user, staff) = tokens(app);
    let ask = |method: &str, path: &str, token: &str, body: &str| {
        let request = Request::new(method, path);
        let request = if token.is_empty() { request } else { request.token(token) };
        if body.is_empty() { request } else { request.json(body) }
    };
    let lines: &[(&str, &str, &str, &str)] = if app.name == "shop" {
        &[
            ("GET", "/api/me", "user", ""),
            ("PATCH", "/api/me", "user", r#"{"name":"Lena M."}"#),
            ("GET", "/api/me/addresses", "user", ""),
            ("DELETE", "/api/me/addresses/2", "user", ""),
            ("GET", "/api/me/addresses", "user", ""),
            ("GET", "/api/admin/users", "staff", ""),
            ("GET", "/api/admin/users", "user", ""),
            ("GET", "/api/catalog/products?category=green&sort=cheapest", "", ""),
            ("GET", "/api/catalog/products/G-1", "", ""),
            ("PUT", "/api/admin/products/4/stock", "staff", r#"{"on_hand":12}"#),
            ("GET", "/api/catalog/products/B-2", "", ""),
            ("POST", "/api/catalog/products/G-1/reviews", "user", r#"{"rating":5,"body":"Good"}"#),
            ("GET", "/api/catalog/products/G-1/reviews", "", ""),
            ("POST", "/api/admin/categories", "staff", r#"{"slug":"mugs","name":"Mugs"}"#),
            ("GET", "/api/catalog/categories", "", ""),
            ("POST", "/api/cart/lines", "user", r#"{"product_id":5,"quantity":1}"#),
            ("PUT", "/api/cart/lines/1", "user", r#"{"quantity":3}"#),
            ("GET", "/api/cart", "user", ""),
            ("DELETE", "/api/cart/lines/3", "user", ""),
            ("GET", "/api/cart", "user", ""),
            ("POST", "/api/orders/quote", "user", r#"{"voucher":"SPRING"}"#),
            (
                "POST",
                "/api/orders",
                "user",
                r#"{"address_id":1,"voucher":"SPRING","payment_token":"tok_ok"}"#,
            ),
            ("POST", "/api/orders", "user", r#"{"address_id":3,"payment_token":"tok_ok"}"#),
            ("GET", "/api/orders", "user", ""),
            ("POST", "/api/admin/orders/3/ship", "staff", "{}"),
            ("POST", "/api/orders/3/cancel", "user", "{}"),
            ("GET", "/api/orders/3", "user", ""),
            ("GET", "/api/admin/reports/revenue", "staff", ""),
            ("GET", "/api/admin/reports/price-list.csv", "staff", ""),
            ("POST", "/api/admin/payments/3/refunds", "staff", r#"{"amount_cents":100,"reason":"late"}"#),
            ("GET", "/api/orders/3/payments", "user", ""),
            ("POST", "/api/payments/webhook", "", r#"{"id":"1","kind":"paid","reference":"card_seed0003"}"#),
            ("GET", "/api/trends", "", ""),
        ]
    } else {
        &[
            ("GET", "/api/me", "user", ""),
            ("PATCH", "/api/me", "user", r#"{"display_name":"Mira M."}"#),
            (
                "POST",
                "/api/me/addresses",
                "user",
                r#"{"label":"Sea","line1":"Quay 1","postcode":"1","city":"Oldport","country":"DE"}"#,
            ),
            ("PUT", "/api/me/addresses/2/default", "user", "{}"),
            ("DELETE", "/api/me/addresses/1", "user", ""),
            ("GET", "/api/me/addresses", "user", ""),
            ("GET", "/api/admin/users", "staff", ""),
            ("GET", "/api/items?category=lenses&sort=rate_asc", "", ""),
            ("GET", "/api/items/1/availability?from=2026-07-01&to=2026-07-09", "", ""),
            ("POST", "/api/admin/items/1/units", "staff", r#"{"serials":["K5-9001"]}"#),
            ("PATCH", "/api/admin/items/1", "staff", r#"{"daily_rate_cents":4700}"#),
            ("GET", "/api/items/1", "", ""),
            ("GET", "/api/admin/items/1/units", "staff", ""),
            ("PUT", "/api/cart/items/6", "user", r#"{"quantity":2}"#),
            ("GET", "/api/cart", "user", ""),
            (
                "POST",
                "/api/orders/quote",
                "",
                r#"{"from":"2026-06-21","to":"2026-06-22","lines":[{"item_id":4,"quantity":1}]}"#,
            ),
            (
                "POST",
                "/api/orders",
                "user",
                r#"{"from":"2026-07-01","to":"2026-07-03","lines":[{"item_id":1,"quantity":1}],"address_id":1,"payment_token":"tok_ok"}"#,
            ),
            (
                "POST",
                "/api/orders",
                "user",
                r#"{"from":"2026-07-01","to":"2026-07-03","lines":[{"item_id":1,"quantity":1}],"address_id":3,"payment_token":"tok_ok"}"#,
            ),
            (
                "POST",
                "/api/orders",
                "user",
                r#"{"from":"2026-07-01","to":"2026-07-03","lines":[{"item_id":1,"quantity":1}],"payment_token":"tok_declined"}"#,
            ),
            ("GET", "/api/orders", "user", ""),
            ("GET", "/api/orders/3", "user", ""),
            ("GET", "/api/admin/orders/overdue?on=2026-07-30", "staff", ""),
            ("POST", "/api/admin/orders/3/return", "staff", "{}"),
            ("POST", "/api/orders/1/cancel", "user", "{}"),
            ("GET", "/api/orders/1/payments", "user", ""),
            ("POST", "/api/admin/payments/1/refunds", "staff", r#"{"amount_cents":200,"reason":"dust"}"#),
            ("GET", "/api/payments/1", "user", ""),
            ("POST", "/api/payments/webhook", "", r#"{"id":"1","type":"x","reference":"ch_seed0001"}"#),
            ("GET", "/api/reports/utilisation?from=2026-06-01&to=2026-06-10", "staff", ""),
            ("POST", "/api/reports/daily/2026-06-14", "staff", "{}"),
            ("GET", "/api/reports/daily?from=2026-06-10&to=2026-06-14", "staff", ""),
            ("GET", "/api/reports/daily.csv?from=2026-06-10&to=2026-06-14", "staff", ""),
            ("GET", "/api/recommendations/items/1/together", "", ""),
            ("GET", "/api/recommendations/me", "user", ""),
            ("GET", "/api/recommendations/popular?limit=3", "", ""),
        ]
    };
    lines
        .iter()
        .map(|(method, path, who, body)| {
            let token = match *who {
                "user" => user,
                "staff" => staff,
                _ => "",
            };
            ask(method, path, token, body)
        })
        .collect()
}

/// Whether a request is for a route.
fn fits(request: &Request, (method, path): &(String, String)) -> bool {
    let own = request.path.split('?').next().unwrap_or_default();
    let same = |(own, part): (&str, &str)| part.starts_with('{') || own == part;
    request.method == *method
        && own.split('/').count() == path.split('/').count()
        && own.split('/').zip(path.split('/')).all(same)
}

/// The requests that were generated with a function.
fn recorded(text: &str, token: &str) -> Vec<Request> {
    let list: Vec<Value> = serde_json::from_str(text).unwrap();
    list.iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap();
            let mut request = Request::new(text("method"), text("path"));
            for (name, value) in one["headers"].as_object().unwrap() {
                request = request.header(name, &value.as_str().unwrap().replace("${TOKEN}", token));
            }
            if !one["body"].is_null() {
                request.body = one["body"].to_string();
            }
            request
        })
        .collect()
}

/// Scaffolds, builds and runs every deployable; `then` runs in the same world.
pub fn all(app: &'static App, then: impl FnOnce(&World, &splitter::scaffold::Scaffold)) {
    let out = repository().join("target/tmp-functions/every").join(app.name).join("functions");
    let _ = std::fs::remove_dir_all(&out);
    let (made, analysis) = generate_all(app, &out);
    let deployables = || analysis.plan.services.iter().flat_map(|service| &service.deployables);
    assert!(made.refused.is_empty(), "{:?}", made.refused);
    assert_eq!(made.functions.len(), deployables().count());

    let began = Instant::now();
    run(cargo(&app.dir()).args(["build", "--quiet", "--bins"]));
    run(cargo(&out).args(["build", "--quiet", "--workspace", "--bins"]));
    eprintln!("{}: {} functions built in {:?}", app.name, made.functions.len(), began.elapsed());
    // One stands for all: each would be built anew.
    if let Some(file) = made.files.files.keys().find(|path| path.contains("/contract/")) {
        let manifest = format!("{}/Cargo.toml", file.split("/contract/").next().unwrap());
        run(cargo(&out).args(["test", "--quiet", "--lib", "--manifest-path", &manifest]));
    }
    let world = World::new(app);
    for function in &made.functions {
        let deployable = deployables().find(|deployable| deployable.name == function.name).unwrap();
        let entries = deployable.entry_points.iter().map(|&id| &analysis.model.entry_points[id]);
        if deployable.trigger == "http" {
            let routes: Vec<(String, String)> =
                entries.map(|entry| (entry.method.clone().unwrap(), entry.path.clone().unwrap())).collect();
            let mut requests: Vec<Request> = story(app)
                .into_iter()
                .filter(|request| routes.iter().any(|route| fits(request, route)))
                .collect();
            for path in function.files.iter().filter(|path| path.contains("/requests/")) {
                requests.extend(recorded(made.files.get(path).unwrap(), tokens(app).0));
            }
            // After it the token is worth nothing.
            requests.sort_by_key(|request| request.path.ends_with("/logout"));
            answers(&world, &function.name, &requests, &routes);
        } else if deployable.trigger == "loop" {
            goes_on(&world, &function.name);
        } else {
            works(&world, &function.name);
        }
    }
    then(&world, &made);
}

/// A body without what is drawn by lot: the tokens of sessions.
fn without_lots(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(mut value) if value["token"].is_string() => {
            value["token"] = Value::Null;
            value.to_string()
        }
        _ => body.to_owned(),
    }
}

fn answers(world: &World, name: &str, requests: &[Request], routes: &[(String, String)]) {
    let database = |kind: &str| world.database(&format!("{name}-{kind}"));
    let (_monolith, monolith) = world.monolith(&database("monolith"), &[]);
    let (_container, container) = world.container(name, &database("container"));
    let (_lambda, lambda) = world.lambda(name, &database("lambda"));
    let mut fine = 0;
    for request in requests {
        let expected = send(monolith, request);
        let expected = Answer { body: without_lots(&expected.body), ..expected };
        let same = |answer: Answer, place: &str| {
            let answer = Answer { body: without_lots(&answer.body), ..answer };
            assert_eq!(answer, expected, "{name} {place}, {request:?}");
        };
        same(send(container, request), "in a container");
        same(lambda.http(request), "on Lambda");
        fine += usize::from(expected.status < 300);
    }
    let asked = routes.iter().filter(|route| requests.iter().any(|request| fits(request, route))).count();
    assert_eq!(asked, routes.len(), "{name}: every route is asked");
    assert!(fine > 0, "{name}: at least one request of {} is answered as wished", requests.len());
}

const SCHEDULE: &str = r#"{"version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events",
    "account": "123456789012", "time": "2026-06-15T02:15:00Z", "region": "local", "resources": [], "detail": {}}"#;

/// A loop: it does what the monolith's own would do, and then the run ends.
fn goes_on(world: &World, name: &str) {
    let done = match name {
        name if name.ends_with("overdue-reminder") => "late customers reminded",
        name if name.ends_with("session-sweeper") => "old sessions deleted",
        other => panic!("nobody says what {other} does"),
    };
    // A year later there is work for it.
    let later = [(world.app.clock, "2027-06-15T09:00:00Z"), ("RUST_LOG", "info"), ("WORKS_FOR_SECONDS", "2")];
    let is_left = |database: &std::path::Path| {
        let (_monolith, port) = world.monolith(database, &later);
        std::thread::sleep(std::time::Duration::from_secs(2));
        std::fs::read_to_string(world.log(&format!("monolith-{port}"))).unwrap().contains(done)
    };
    assert!(
        is_left(&world.database(&format!("{name}-before"))),
        "{name}: the monolith's own loop finds work"
    );

    let database = world.database(&format!("{name}-container"));
    let (container, port) = world.container_with(name, &database, &later);
    let answer = send(port, &Request::new("POST", "/"));
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
    drop(container);
    assert!(!is_left(&database), "{name} in a container");

    let database = world.database(&format!("{name}-lambda"));
    let (lambda, api) = world.lambda_with(name, &database, &later);
    api.invoke(&serde_json::from_str(SCHEDULE).unwrap()).unwrap();
    drop(lambda);
    assert!(!is_left(&database), "{name} on Lambda");
}

/// A job or consumer: what it leaves behind is what the monolith's own leaves.
fn works(world: &World, name: &str) {
    let schedule: Value = serde_json::from_str(SCHEDULE).unwrap();
    let (event, seen): (Value, fn(&World, &std::path::Path) -> String) = match name {
        // Which service has the job is not this test's matter.
        name if name.ends_with("-nightly-report") => (Value::Null, |world, database| {
            let (_monolith, port) = world.monolith(database, &[]);
            let path = "/api/reports/daily?from=2026-06-14&to=2026-06-14";
            send(port, &Request::new("GET", path).token(crate::DESK)).body
        }),
        name if name.ends_with("rental-returned") => (
            json!({"order_id": 3, "user_id": 2, "item_ids": [1, 3], "returned_on": "2026-06-15"}),
            |world, database| {
                let (_monolith, port) = world.monolith(database, &[]);
                send(port, &Request::new("GET", "/api/recommendations/items/1/together")).body
            },
        ),
        name if name.ends_with("-cart-item-added") => {
            (json!({"user_id": 2, "product_id": 3, "quantity": 1}), |world, database| {
                let (_monolith, port) = world.monolith(database, &[]);
                send(port, &Request::new("GET", "/api/trends")).body
            })
        }
        // How many customers are left to be reminded of their cart.
        name if name.ends_with("abandoned-carts") => (Value::Null, |world, database| {
            let often = [("ABANDONED_CARTS_CRON", "* * * * * *"), ("RUST_LOG", "info")];
            let (_monolith, port) = world.monolith(database, &often);
            let log = world.log(&format!("monolith-{port}"));
            eventually("the search for abandoned carts", || {
                let text = std::fs::read_to_string(&log).unwrap();
                let line = text.lines().find(|line| line.contains("customers reminded"))?.to_owned();
                line.rsplit_once("] ").map(|(_, said)| said.to_owned())
            })
        }),
        other => panic!("nobody says what {other} leaves behind"),
    };
    let before = seen(world, &world.database(&format!("{name}-before")));
    let database = world.database(&format!("{name}-container"));
    let (container, port) = world.container(name, &database);
    let body = if event.is_null() { String::new() } else { event.to_string() };
    let answer = send(port, &Request::new("POST", "/").json(&body));
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
    drop(container);
    let after = seen(world, &database);
    assert_ne!(after, before, "{name} leaves something behind");

    let database = world.database(&format!("{name}-lambda"));
    let (lambda, api) = world.lambda(name, &database);
    if event.is_null() {
        api.invoke(&schedule).unwrap();
    } else {
        let record = json!({"messageId": "1", "receiptHandle": "r", "body": event.to_string(), "attributes": {},
            "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:local:1:q", "awsRegion": "local"});
        assert_eq!(api.invoke(&json!({"Records": [record]})).unwrap(), json!({"batchItemFailures": []}));
    }
    drop(lambda);
    assert_eq!(seen(world, &database), after, "{name} on Lambda");
    assert!(binary(&format!("{name}-lambda")).exists());
}
