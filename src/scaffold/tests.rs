//! Fixtures in, generated files out.

mod brought;

use std::collections::BTreeMap;

use expect_test::{Expect, expect};

use super::slice::testing::Fixture;
use super::*;
use crate::model::{
    Deployable, EntryPointId, EntryPointKind, ServiceCandidate, StateCell, StateKind, StateUse, TableOp,
};

/// The files of a fixture: `//- /src/lib.rs` before each.
pub(super) fn files(text: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("//- /") {
            Some(path) => out.push((path.trim().to_owned(), String::new())),
            None => {
                if let Some((_, text)) = out.last_mut() {
                    text.push_str(line);
                }
            }
        }
    }
    out
}

/// Every entry point in one deployable of one service.
pub(super) fn plan(model: &Model, service: &str) -> Plan {
    plan_of(model.entry_points.ids().collect(), service)
}

/// Some entry points in one deployable of one service.
pub(super) fn plan_of(all: Vec<EntryPointId>, service: &str) -> Plan {
    let mut plan = Plan::default();
    plan.services.push(ServiceCandidate {
        name: service.into(),
        deployables: vec![Deployable {
            name: format!("{service}-http"),
            trigger: "http".into(),
            entry_points: all.clone(),
        }],
        entry_points: all,
        ..ServiceCandidate::default()
    });
    plan
}

const MANIFEST: &str = r#"[package]
name = "shop"
version = "1.2.3"
edition = "2024"

[dependencies]
axum = { version = "0.8", features = ["macros"] }
anyhow = "1"
serde = { version = "1", features = ["derive"] }
tokio = { version = "1", features = ["full"] }
uuid = "1"
"#;

pub(super) fn application(text: &str) -> Fixture {
    Fixture::new(&files(text), &[("shop", "src/lib.rs")], &["axum", "anyhow", "serde", "tokio", "uuid"])
}

pub(super) fn generate(
    fixture: &Fixture,
    request: &Request,
    existing: &BTreeMap<String, String>,
) -> Result<Scaffold, Refusal> {
    let manifests = BTreeMap::from([("Cargo.toml".to_owned(), MANIFEST.to_owned())]);
    let assets: BTreeMap<String, Vec<u8>> = fixture
        .sources
        .files
        .iter()
        .map(|file| (file.path.clone(), file.text.as_bytes().to_vec()))
        .chain([("src/terms.txt".to_owned(), b"Be kind.\n".to_vec())])
        .collect();
    let inputs =
        Inputs { sources: &fixture.sources, manifests: &manifests, lock: None, assets: &assets, existing };
    scaffold(request, &fixture.model, &plan(&fixture.model, "orders"), &inputs)
}

/// The generated files whose path contains `only`, one after the other.
fn check(fixture: &Fixture, only: &[&str], expected: Expect) {
    let made = generate(fixture, &Request::default(), &BTreeMap::new()).unwrap();
    for (path, text) in made.files.files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let text = std::str::from_utf8(text).unwrap();
        syn_parses(path, text);
    }
    let mut shown = String::new();
    for path in made.files.files.keys() {
        if only.iter().any(|part| path.contains(part)) {
            shown += &format!("//- /{path}\n{}", made.files.get(path).unwrap());
        }
    }
    for function in &made.functions {
        for gap in &function.gaps {
            shown += &format!("gap: {}\n", gap.what);
        }
    }
    expected.assert_eq(&shown);
}

fn syn_parses(path: &str, text: &str) {
    assert!(super::slice::testing::parses(text), "{path} does not parse:\n{text}");
}

const SHOP: &str = r#"
//- /src/lib.rs
//! A shop.

mod orders;
mod stock;
pub mod state;

use axum::Router;
use axum::routing::{delete, get, post};

use crate::state::AppState;

/// Everything.
pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/health", get(health))
        .nest("/orders", orders::router()) // ours
        .nest("/stock", stock::router())
        .fallback(missing)
        .with_state(state)
}

async fn health() -> &'static str {
    "up"
}

async fn missing() -> &'static str {
    "nothing here"
}
//- /src/state.rs
use std::sync::Arc;

use anyhow::Result;

#[derive(Clone)]
pub struct AppState {
    pub limit: Arc<u32>,
}

// How it is opened.
pub async fn open(config: &Config) -> Result<AppState> {
    Ok(AppState { limit: Arc::new(config.limit) })
}

pub struct Config {
    limit: u32,
}

impl Config {
    pub fn from_env() -> Self {
        Self { limit: 3 }
    }

    /// Not used by orders.
    pub fn other() -> u8 {
        1
    }
}
//- /src/stock.rs
use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::state::AppState;

pub fn router() -> Router<AppState> {
    Router::new().route("/{id}", get(show))
}

async fn show() -> String {
    Uuid::new_v4().to_string()
}

pub(crate) fn reserve(n: u32) -> bool {
    n < MAX
}

const MAX: u32 = 10;
//- /src/orders/mod.rs
mod handlers;
mod types;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

pub fn router() -> Router<AppState> {
    Router::new().route("/", get(handlers::list).post(handlers::place)).route("/{id}", get(handlers::show))
}
//- /src/orders/handlers.rs
//! Handlers.

use axum::Json;
use axum::extract::{Path, State};

use super::types::{Order, Unused};
use crate::state::AppState;
use crate::stock;

// ------------------------------------------------------------------ reading

/// One   order,
/// oddly   formatted.
pub async fn show( State(state) : State<AppState> , Path(id): Path<u32> ) -> Json<Order> {
    let _ = state; // kept as it is
    Json( Order { id, text: include_str!("../terms.txt") } )
}

/// All orders.
pub async fn list() -> Json<Vec<Unused>> { Json(vec![]) }

// ------------------------------------------------------------------ writing

pub async fn place(State(state): State<AppState>) -> String {
    format!("{}", stock::reserve(*state.limit))
}

#[cfg(test)]
mod tests {
    use super::*;
}
//- /src/orders/types.rs
use serde::Serialize;

#[derive(Serialize)]
pub struct Order {
    pub id: u32,
    pub text: &'static str,
}

#[derive(Serialize)]
pub struct Unused;
"#;

fn shop() -> Fixture {
    application(SHOP)
}

#[test]
fn one_route_moves_with_what_it_needs_and_nothing_else() {
    let mut fixture = shop();
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    check(
        &fixture,
        &["/shop/"],
        expect![[r#"
            //- /orders-http/shop/Cargo.toml
            [package]
            name = "orders-http-shop"
            version = "1.2.3"
            edition = "2024"
            publish = false
            autobins = false
            autoexamples = false
            autotests = false
            autobenches = false

            [lib]
            name = "shop"
            path = "src/lib.rs"
            doctest = false
            test = false

            [dependencies]
            anyhow = "1"
            axum = { version = "0.8", features = ["macros"] }
            serde = { version = "1", features = ["derive"] }

            [lints.rust]
            dead_code = "allow"
            //- /orders-http/shop/src/function.rs
            //! What the binaries of the extracted function call. Generated by splitter; everything else in this crate
            //! is the application's own text.

            /// What can go wrong before the first request.
            pub type Error = Box<dyn std::error::Error + Send + Sync>;

            /// The application's router with the routes of this function, over the application's own state.
            ///
            /// # Errors
            /// Those of the functions that make the state.
            pub async fn router() -> Result<axum::Router, Error> {
                let config = crate::state::Config::from_env();
                let app_state = crate::state::open(&config).await?;
                Ok(crate::app(app_state))
            }
            //- /orders-http/shop/src/lib.rs
            //! A shop.

            mod orders;
            pub mod state;

            use axum::Router;

            use crate::state::AppState;

            /// Everything.
            pub fn app(state: AppState) -> Router {
                Router::new()
                    .nest("/orders", orders::router()) // ours
                    .fallback(missing)
                    .with_state(state)
            }

            async fn missing() -> &'static str {
                "nothing here"
            }

            /// What the binaries of the extracted function call; generated by splitter.
            pub mod function;
            //- /orders-http/shop/src/orders/handlers.rs
            //! Handlers.

            use axum::Json;
            use axum::extract::{Path, State};

            use super::types::Order;
            use crate::state::AppState;

            // ------------------------------------------------------------------ reading

            /// One   order,
            /// oddly   formatted.
            pub async fn show( State(state) : State<AppState> , Path(id): Path<u32> ) -> Json<Order> {
                let _ = state; // kept as it is
                Json( Order { id, text: include_str!("../terms.txt") } )
            }

            // ------------------------------------------------------------------ writing
            //- /orders-http/shop/src/orders/mod.rs
            mod handlers;
            mod types;

            use axum::Router;
            use axum::routing::get;

            use crate::state::AppState;

            pub fn router() -> Router<AppState> {
                Router::new().route("/{id}", get(handlers::show))
            }
            //- /orders-http/shop/src/orders/types.rs
            use serde::Serialize;

            #[derive(Serialize)]
            pub struct Order {
                pub id: u32,
                pub text: &'static str,
            }
            //- /orders-http/shop/src/state.rs
            use std::sync::Arc;

            use anyhow::Result;

            #[derive(Clone)]
            pub struct AppState {
                pub limit: Arc<u32>,
            }

            // How it is opened.
            pub async fn open(config: &Config) -> Result<AppState> {
                Ok(AppState { limit: Arc::new(config.limit) })
            }

            pub struct Config {
                limit: u32,
            }

            impl Config {
                pub fn from_env() -> Self {
                    Self { limit: 3 }
                }
            }
            //- /orders-http/shop/src/terms.txt
            Be kind.
        "#]],
    );
}

#[test]
fn a_method_of_a_route_moves_alone() {
    let mut fixture = shop();
    fixture.entry(EntryPointKind::Http, "POST", "/orders", "handlers::place", "get(handlers::list)");
    check(
        &fixture,
        &["shop/src/orders/", "shop/src/stock.rs"],
        expect![[r#"
        //- /orders-http/shop/src/orders/handlers.rs
        //! Handlers.

        use axum::extract::State;

        use crate::state::AppState;
        use crate::stock;

        // ------------------------------------------------------------------ reading

        // ------------------------------------------------------------------ writing

        pub async fn place(State(state): State<AppState>) -> String {
            format!("{}", stock::reserve(*state.limit))
        }
        //- /orders-http/shop/src/orders/mod.rs
        mod handlers;

        use axum::Router;

        use crate::state::AppState;

        pub fn router() -> Router<AppState> {
            Router::new().route("/", axum::routing::post(handlers::place))
        }
        //- /orders-http/shop/src/stock.rs
        pub(crate) fn reserve(n: u32) -> bool {
            n < MAX
        }

        const MAX: u32 = 10;
    "#]],
    );
}

#[test]
fn adding_a_second_function_keeps_the_first() {
    let mut fixture = shop();
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    let existing = BTreeMap::from([(
        "Cargo.toml".to_owned(),
        "# mine\n[workspace]\nmembers = [\"other/lambda\"]\nresolver = \"3\"\n".to_owned(),
    )]);
    let made = generate(&fixture, &Request::default(), &existing).unwrap();
    expect![[r##"
        # mine
        [workspace]
        members = [
            "orders-http/azure",
            "orders-http/container",
            "orders-http/lambda",
            "orders-http/shop",
            "other/lambda",
        ]
        resolver = "3"

        [workspace.metadata.lambda.watch.router]
        "/orders/{p1}" = [{ function = "orders-http-lambda", method = "GET" }]
    "##]]
    .assert_eq(made.files.get("Cargo.toml").unwrap());
    let again = generate(&fixture, &Request::default(), &existing).unwrap();
    assert_eq!(again.files, made.files, "the same bytes");
}

#[test]
fn hostile_names_stay_inside_the_output() {
    let mut fixture = shop();
    fixture.entry(EntryPointKind::Consumer, "", "../../etc/passwd", "handlers::list", "get(handlers::list)");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    assert_eq!(made.functions[0].name, "orders-http");
    let request = Request { what: Some("consumer ../../etc/passwd".into()), ..Request::default() };
    let made = generate(&fixture, &request, &BTreeMap::new()).unwrap();
    assert!(made.files.files.keys().all(|path| file_set::is_inside(path)));
}

#[test]
fn what_nobody_makes_is_a_gap_and_a_todo() {
    let mut fixture = application(
        &SHOP.replace("pub async fn open(config: &Config)", "pub async fn open(config: &Config, url: &str)"),
    );
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    check(
        &fixture,
        &["function.rs"],
        expect![[r#"
            //- /orders-http/shop/src/function.rs
            //! What the binaries of the extracted function call. Generated by splitter; everything else in this crate
            //! is the application's own text.

            /// What can go wrong before the first request.
            pub type Error = Box<dyn std::error::Error + Send + Sync>;

            /// The application's router with the routes of this function, over the application's own state.
            ///
            /// # Errors
            /// Those of the functions that make the state.
            pub async fn router() -> Result<axum::Router, Error> {
                Ok(crate::app(todo!("make a value of type AppState for `shop::app`")))
            }
            gap: `shop::app` needs a `AppState`, and no function of the application makes one from nothing; write that line in the generated entry
        "#]],
    );
}

#[test]
fn an_unknown_name_is_refused_with_what_is_known() {
    let mut fixture = shop();
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    let request = Request { what: Some("ordrs".into()), ..Request::default() };
    let refusal = generate(&fixture, &request, &BTreeMap::new()).unwrap_err();
    expect!["no service, deployable or entry point is called `ordrs`; choose one of orders, or an entry point such as `GET /orders/{id}`"]
        .assert_eq(&format!("{}; {}", refusal.reason, refusal.remedy));
}

/// State that lives in the process and is truth is not copied silently.
#[test]
fn mutable_truth_is_refused_unless_copied() {
    let mut fixture = shop();
    fixture.entry(EntryPointKind::Http, "POST", "/orders", "handlers::place", "get(handlers::list)");
    let model = &mut fixture.model;
    let id_of = |name: &str| {
        model
            .functions
            .iter_enumerated()
            .find(|(_, function)| function.name == name)
            .map(|(id, _)| id)
            .unwrap()
    };
    let (place, show) = (id_of("place"), id_of("show"));
    let site = model.functions[place].place;
    let cell = model.state_cells.push(StateCell {
        path: crate::base::DefPath::new("shop::COUNTS"),
        kind: StateKind::Static,
        ty: "Mutex<HashMap<u32, u32>>".into(),
        place: site,
        item: None,
        mutable: true,
    });
    for (function, write) in [(place, true), (show, false)] {
        model.state_uses.push(StateUse { function, cell, site, write });
    }
    let request = Request { what: Some("orders".into()), ..Request::default() };
    let refusal = generate(&fixture, &request, &BTreeMap::new()).unwrap_err();
    assert!(refusal.reason.contains("shop::COUNTS"), "{}", refusal.reason);
    let copying = Request { cut: Cut::Copy, ..request.clone() };
    assert!(generate(&fixture, &copying, &BTreeMap::new()).is_ok());
    assert!(TableOp::Insert.is_write());
    // What each thread has for itself was never shared.
    fixture.model.state_cells[cell].ty = "RefCell<HashMap<u32, u32>>".into();
    assert!(generate(&fixture, &request, &BTreeMap::new()).is_ok());
}
