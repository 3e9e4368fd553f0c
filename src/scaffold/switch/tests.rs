//! Fixtures in, what is added to the monolith out.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};

use crate::model::{EntryPointId, EntryPointKind};
use crate::scaffold::deployable::Unit;
use crate::scaffold::manifest::Manifests;
use crate::scaffold::names::Names;
use crate::scaffold::slice::testing::Fixture;
use crate::scaffold::{Inputs, patch};

const MANIFEST: &str =
    "[package]\nname = \"shop\"\n\n[dependencies]\naxum = \"0.8\"\ntracing = \"0.1\"\n\n[features]\n";

/// Method, path, handler, and the text of its declaration.
type Entry = (&'static str, &'static str, &'static str, &'static str);

/// The patch for those of `entries` whose handlers stand in the module `ours`, new files left out but for their routes; or
/// why there is none.
fn check(text: &str, entries: &[Entry], ours: &str, expected: Expect) {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix("//- /"), files.last_mut()) {
            (Some(path), _) => files.push((path.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    let mut fixture = Fixture::new(&files, &[("shop", "src/lib.rs")], &["axum", "tracing"]);
    for (method, path, handler, declared) in entries {
        fixture.entry(EntryPointKind::Http, method, path, handler, declared);
    }
    let manifests = BTreeMap::from([("Cargo.toml".to_owned(), MANIFEST.to_owned())]);
    let (assets, existing) = (BTreeMap::<String, Vec<u8>>::new(), BTreeMap::new());
    let inputs = Inputs {
        sources: &fixture.sources,
        manifests: &manifests,
        lock: None,
        assets: &assets,
        existing: &existing,
    };
    let model = &fixture.model;
    let entry_points: Vec<EntryPointId> = model
        .entry_points
        .iter_enumerated()
        .filter(|(_, entry)| {
            entry.handler.is_some_and(|handler| {
                let module = model.functions[handler].module;
                model.modules[module].path.as_str().ends_with(ours)
            })
        })
        .map(|(id, _)| id)
        .collect();
    let unit = Unit {
        name: "orders-http".into(),
        service: "orders".into(),
        entry_points,
        kind: EntryPointKind::Http,
    };
    let shown = match super::seam(&unit, &Names::new(model), &inputs, &Manifests::new(&inputs)) {
        Err(gap) => gap.what,
        Ok(None) => "there already".into(),
        Ok(Some(seam)) => {
            let (new, old): (Vec<_>, Vec<_>) =
                seam.changes(&inputs).into_iter().partition(|change| change.before.is_none());
            let mut shown = patch::render(&old);
            for line in new.iter().flat_map(|change| change.after.as_deref().unwrap_or_default().lines()) {
                if line.trim_start().starts_with("Route {") || line.contains("OriginalUri") {
                    shown += &format!("{}\n", line.trim());
                }
            }
            shown
        }
    };
    // An empty line of context has a blank that editors take away.
    expected.assert_eq(&shown.replace("\n \n", "\n\n"));
}

#[test]
fn the_layer_follows_the_routers_last_link_and_its_comment() {
    check(
        r#"
//- /src/lib.rs
//! A shop.

mod orders;
mod stock;
#[cfg(test)]
mod tests {}

use axum::Router;
use axum::routing::get;

pub fn app(state: u8) -> Router {
    Router::new()
        .nest("/orders", orders::router())
        .route("/orders/{id}/stock", get(stock::of_order))
        .with_state(state) // last
}
//- /src/orders.rs
use axum::Router;
use axum::routing::get;

pub fn router() -> Router<u8> {
    Router::new().route("/", get(list).post(place)).route("/{id}/{part}", get(show))
}
async fn list() {}
async fn place() {}
async fn show() {}
//- /src/stock.rs
pub async fn of_order() {}
"#,
        &[
            ("GET", "/orders", "orders::list", "get(list)"),
            ("POST", "/orders", "orders::place", "post(place)"),
            ("GET", "/orders/{id}/{part}", "orders::show", "get(show)"),
            ("GET", "/orders/{id}/stock", "stock::of_order", "get(stock::of_order)"),
        ],
        "orders",
        expect![[r#"
            diff --git a/Cargo.toml b/Cargo.toml
            --- a/Cargo.toml
            +++ b/Cargo.toml
            @@ -4,5 +4,7 @@
             [dependencies]
             axum = "0.8"
             tracing = "0.1"
            +reqwest = { version = "0.12", default-features = false, features = ["rustls-tls"] }
            +tokio = { version = "1", features = ["rt"] }

             [features]
            diff --git a/src/lib.rs b/src/lib.rs
            --- a/src/lib.rs
            +++ b/src/lib.rs
            @@ -2,6 +2,7 @@

             mod orders;
             mod stock;
            +mod switch_orders_http;
             #[cfg(test)]
             mod tests {}

            @@ -13,4 +14,5 @@
                     .nest("/orders", orders::router())
                     .route("/orders/{id}/stock", get(stock::of_order))
                     .with_state(state) // last
            +        .layer(axum::middleware::from_fn(crate::switch_orders_http::switch))
             }
            Route { method: "GET", path: "/orders", moved: true, reads: true },
            Route { method: "POST", path: "/orders", moved: true, reads: false },
            Route { method: "GET", path: "/orders/{id}/stock", moved: false, reads: false },
            Route { method: "GET", path: "/orders/{id}/{part}", moved: true, reads: true },
        "#]],
    );
}

#[test]
fn results_and_early_ends_each_get_the_layer() {
    check(
        r#"
//- /src/lib.rs
use axum::Router;
use axum::routing::get;

pub fn app(open: bool) -> Result<Router, String> {
    let router = Router::new().route("/orders", get(list));
    if open {
        return Ok(router);
    }
    closed(router)
}
fn closed(router: Router) -> Result<Router, String> {
    Ok(router)
}
async fn list() {}
"#,
        &[("GET", "/orders", "list", "get(list)")],
        "shop",
        expect![[r#"
            diff --git a/Cargo.toml b/Cargo.toml
            --- a/Cargo.toml
            +++ b/Cargo.toml
            @@ -4,5 +4,7 @@
             [dependencies]
             axum = "0.8"
             tracing = "0.1"
            +reqwest = { version = "0.12", default-features = false, features = ["rustls-tls"] }
            +tokio = { version = "1", features = ["rt"] }

             [features]
            diff --git a/src/lib.rs b/src/lib.rs
            --- a/src/lib.rs
            +++ b/src/lib.rs
            @@ -1,12 +1,15 @@
             use axum::Router;
             use axum::routing::get;
            +mod switch_orders_http;

             pub fn app(open: bool) -> Result<Router, String> {
                 let router = Router::new().route("/orders", get(list));
                 if open {
            -        return Ok(router);
            +        return Ok(router
            +            .layer(axum::middleware::from_fn(crate::switch_orders_http::switch)));
                 }
                 closed(router)
            +        .map(|router| router.layer(axum::middleware::from_fn(crate::switch_orders_http::switch)))
             }
             fn closed(router: Router) -> Result<Router, String> {
                 Ok(router)
            Route { method: "GET", path: "/orders", moved: true, reads: true },
        "#]],
    );
}

#[test]
fn a_router_in_a_form_that_nothing_can_follow_gets_no_switch() {
    check(
        r#"
//- /src/lib.rs
use axum::Router;
use axum::routing::get;

pub fn app() -> Router {
    loop {
        break Router::new().route("/orders", get(list));
    }
}
async fn list() {}
"#,
        &[("GET", "/orders", "list", "get(list)")],
        "shop",
        expect![
            "the monolith gets no switch: `shop::app` gives its router back in a way that is not understood; end it with the router in a variable"
        ],
    );
}
