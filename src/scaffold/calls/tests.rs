//! Fixtures of two services in; which calls become ports, and what is written for them, out.

mod ask;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::Site;
use crate::base::{IndexVec, Place};
use crate::model::{
    CallEdge, CallKind, Certainty, Deployable, EntryPointKind, FunctionId, Model, Plan, ServiceCandidate,
    Table, TableAccess, TableId, TableOp, Transaction,
};
use crate::scaffold::manifest::Manifests;
use crate::scaffold::names::Names;
use crate::scaffold::slice::testing::{Fixture, parses};
use crate::scaffold::{Inputs, Request, Scaffold, scaffold};

const MANIFEST: &str = r#"[package]
name = "shop"
edition = "2024"

[dependencies]
anyhow = "1"
axum = "0.8"
chrono = { version = "0.4", features = ["serde"] }
sqlx = "0.8"
uuid = "1"
"#;

/// Orders ask users; `USERS` stands for the text of `users.rs`.
const SHOP: &str = r#"
//- /src/lib.rs
pub mod orders;
pub mod users;

use axum::Router;
use axum::routing::get;
use sqlx::PgPool;

pub struct AppState { pub pool: PgPool }

impl AppState {
    pub fn make() -> Self { todo!() }
}

pub enum Error { NotFound(&'static str), Taken { name: String }, Database(sqlx::Error), Internal(String) }

pub fn app(state: AppState) -> Router {
    Router::new().route("/orders", get(orders::list)).route("/users", get(users::list)).with_state(state)
}
//- /src/orders.rs
use axum::extract::State;
use crate::{AppState, users};

pub async fn list(State(state): State<AppState>) {
    CALLS
}
//- /src/users.rs
use axum::extract::State;
use sqlx::PgPool;
use crate::{AppState, Error};

pub async fn list(State(state): State<AppState>) {}

"#;

struct Shop {
    fixture: Fixture,
    plan: Plan,
}

fn id(model: &Model, path: &str) -> FunctionId {
    let found =
        model.functions.iter_enumerated().find(|(_, function)| function.path.as_str().ends_with(path));
    found.unwrap_or_else(|| panic!("no function {path}")).0
}

/// The shop with some functions of users, each called from `orders::list` and reading the table `users`.
fn shop(users: &str) -> Shop {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in (SHOP.to_owned() + users).split_inclusive('\n') {
        match (line.strip_prefix("//- /"), files.last_mut()) {
            (Some(path), _) => files.push((path.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    let mut calls = String::new();
    for part in users.split("fn ").skip(1) {
        let name: String =
            part.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        calls += &format!("users::{name}();");
    }
    for (_, text) in &mut files {
        *text = text.replace("CALLS", &calls);
    }
    let dependencies = ["anyhow", "axum", "chrono", "sqlx", "uuid"];
    let mut fixture = Fixture::new(&files, &[("shop", "src/lib.rs")], &dependencies);
    fixture.entry(EntryPointKind::Http, "GET", "/orders", "orders::list", "get(orders::list)");
    fixture.entry(EntryPointKind::Http, "GET", "/users", "users::list", "get(users::list)");
    let model = &mut fixture.model;
    let table = model.tables.push(Table {
        name: "users".into(),
        view: false,
        declared_at: None,
        columns: Vec::new(),
        foreign_keys: Vec::new(),
        derived_from: Vec::new(),
    });
    let caller = id(model, "shop::orders::list");
    let of = |model: &Model, module: &str| -> Vec<FunctionId> {
        let inside =
            |id: &FunctionId| model.functions[*id].path.as_str().starts_with(&format!("shop::{module}::"));
        model.functions.ids().filter(inside).collect()
    };
    for callee in of(model, "users") {
        let site = model.functions[callee].place;
        model.calls.push(CallEdge {
            caller,
            site,
            callee,
            kind: CallKind::Path,
            certainty: Certainty::Certain,
            in_loop: false,
            needs_result: true,
        });
        access(model, callee, table, site);
    }
    model.calls.sort();
    let mut services = IndexVec::default();
    for name in ["orders", "users"] {
        let entry_points: Vec<_> = model
            .entry_points
            .iter_enumerated()
            .filter(|(_, entry)| entry.path.as_deref() == Some(&format!("/{name}")))
            .map(|(id, _)| id)
            .collect();
        services.push(ServiceCandidate {
            name: name.into(),
            deployables: vec![Deployable {
                name: format!("{name}-http"),
                trigger: "http".into(),
                entry_points: entry_points.clone(),
            }],
            entry_points,
            functions: of(model, name),
            tables: if name == "users" { vec![table] } else { Vec::new() },
            ..ServiceCandidate::default()
        });
    }
    Shop { fixture, plan: Plan { services, ..Plan::default() } }
}

fn access(model: &mut Model, function: FunctionId, table: TableId, site: Place) {
    let op = if model.functions[function].name.starts_with("add") { TableOp::Insert } else { TableOp::Read };
    model.accesses.push(TableAccess {
        function,
        site,
        table,
        op,
        certainty: Certainty::Certain,
        in_loop: false,
        joined: false,
    });
}

impl Shop {
    fn with<T>(&self, look: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let manifests = BTreeMap::from([("Cargo.toml".to_owned(), MANIFEST.to_owned())]);
        let (assets, existing) = (BTreeMap::<String, Vec<u8>>::new(), BTreeMap::new());
        look(&Inputs {
            sources: &self.fixture.sources,
            manifests: &manifests,
            lock: None,
            assets: &assets,
            existing: &existing,
        })
    }

    /// What orders can ask of users, and what they cannot.
    fn crossing(&self) -> String {
        self.with(|inputs| {
            let (names, manifests) = (Names::new(&self.fixture.model), Manifests::new(inputs));
            let site = Site::new(&names, &self.plan, inputs, &manifests);
            let kept: BTreeSet<FunctionId> = self.fixture.model.functions.ids().collect();
            let entries: Vec<_> = self.fixture.model.entry_points.ids().take(1).collect();
            let crossing = site.crossing(site.service("orders"), &entries, &kept);
            let mut out = String::new();
            for group in &crossing.groups {
                for port in super::render::ports(group, &|own| own.text.clone()) {
                    let reads = if port.reads { ", reads" } else { "" };
                    _ = writeln!(out, "{}({}) -> {} ! {}{reads}", port.name, port.takes, port.ok, port.error);
                }
            }
            for copied in &crossing.copied {
                let name = &self.fixture.model.functions[copied.function].name;
                _ = writeln!(out, "{name} stays: {}; {}", copied.why.reason, copied.why.remedy);
            }
            out
        })
    }

    fn generate(&self, what: &str) -> Scaffold {
        self.with(|inputs| {
            let request =
                Request { what: Some(what.into()), targets: vec!["container".into()], ..Request::default() };
            let made = scaffold(&request, &self.fixture.model, &self.plan, inputs).unwrap();
            for path in made.files.files.keys().filter(|path| path.ends_with(".rs")) {
                let text = made.files.get(path).unwrap();
                assert!(parses(text), "{path} does not parse:\n{text}");
            }
            made
        })
    }
}

fn check(users: &str, expected: Expect) {
    expected.assert_eq(&shop(users).crossing());
}

#[test]
fn plain_data_crosses_and_each_side_has_its_own_state() {
    check(
        r#"
pub struct User { pub id: i64, pub email: String, pub since: chrono::NaiveDate }
pub struct NewUser { pub name: String, pub tags: Vec<String> }
pub type Fallible<T> = Result<T, Error>;

pub async fn by_id(state: &AppState, id: i64) -> Result<User, Error> { todo!() }
pub async fn by_name(pool: &PgPool, name: &str, domain: Option<&str>) -> Fallible<Option<User>> { todo!() }
pub async fn many(pool: PgPool, ids: &[i64]) -> Result<Vec<(i64, User)>, Error> { todo!() }
pub async fn add(state: &AppState, new: &NewUser) -> anyhow::Result<i64> { todo!() }
"#,
        expect![[r#"
            by_id(id: &i64) -> User ! Error, reads
            by_name(name: &&str, domain: &Option<&str>) -> Option<User> ! Error, reads
            many(ids: &&[i64]) -> Vec<(i64, User)> ! Error, reads
            add(new: &&crate::users::NewUser) -> i64 ! String
        "#]],
    );
}

#[test]
fn what_cannot_cross_stays_with_the_reason() {
    check(
        r#"
pub struct Secret { hash: String }
pub enum Bare { Missing, Wrong(String) }
mod inner { pub struct Session<'a> { pub token: &'a str } }

pub async fn inside(tx: &mut sqlx::PgConnection, id: i64) -> Result<i64, Error> { todo!() }
pub async fn generic(db: impl Send, id: i64) -> Result<i64, Error> { todo!() }
pub async fn counted(state: &AppState) -> i64 { todo!() }
pub async fn secret(state: &AppState) -> Result<Secret, Error> { todo!() }
pub async fn bare(state: &AppState) -> Result<i64, Bare> { todo!() }
pub async fn seen(state: &AppState, by: &dyn Fn(i64)) -> Result<i64, Error> { todo!() }
pub async fn token(state: &AppState, id: uuid::Uuid) -> Result<i64, Error> { todo!() }
pub async fn session(state: &AppState) -> Result<inner::Session<'static>, Error> { todo!() }
pub fn blocking(state: &AppState) -> Result<i64, Error> { todo!() }
pub async fn unnamed(state: &AppState, (a, b): (i64, i64)) -> Result<i64, Error> { todo!() }
"#,
        expect![[r#"
            inside stays: `tx` is a `&mut sqlx::PgConnection`: what changes here cannot change there too, and a connection may be inside of a transaction; hand over the pool and plain data, and give back what changes
            generic stays: it has type parameters; give it concrete types, such as a pool
            counted stays: it gives back no `Result`, so that a failure of the network has no way back; let it return a `Result`
            secret stays: what it gives back is or holds a `Secret`, whose field `hash` is private; make it `pub(crate)`
            bare stays: it fails with a `Bare`, none of whose variants can say that another service failed; give `Bare` a variant such as `Internal(String)`
            seen stays: `by` is or holds a `dyn Fn(i64)`, which cannot be written down; hand over plain data
            token stays: `id` is or holds a `uuid::Uuid`, which `uuid` writes with its feature `serde` only; turn that feature on
            session stays: what it gives back is or holds a `Session`, which has parameters or is no struct or enum; use a type of plain data
            blocking stays: it is not `async`, and would block its thread; make it `async`
            unnamed stays: one of its parameters has no name of its own; give each parameter a name
        "#]],
    );
}

#[test]
fn pure_code_and_code_of_no_service_is_copied() {
    let mut own = shop("pub async fn by_id(state: &AppState, id: i64) -> Result<i64, Error> { todo!() }\n");
    own.fixture.model.accesses.clear();
    assert_eq!(own.crossing(), "", "it touches nothing of its service");
    let mut own = shop("pub async fn by_id(state: &AppState, id: i64) -> Result<i64, Error> { todo!() }\n");
    let users = &mut own.plan.services.iter_mut().nth(1).unwrap().functions;
    users.clear();
    assert_eq!(own.crossing(), "", "nobody owns it");
}

#[test]
fn a_call_inside_of_a_transaction_does_not_cross() {
    let mut own = shop("pub async fn by_id(state: &AppState, id: i64) -> Result<i64, Error> { todo!() }\n");
    let model = &mut own.fixture.model;
    let (opened_by, by_id) = (id(model, "orders::list"), id(model, "users::by_id"));
    model.transactions.push(Transaction {
        opened_by,
        site: model.functions[opened_by].place,
        functions: vec![opened_by, by_id],
        tables: Vec::new(),
        escapes: Vec::new(),
    });
    expect![[r#"
        by_id stays: it runs inside of a transaction that `shop::orders::list` opens; split the transaction first: an outbox or a saga
    "#]]
    .assert_eq(&own.crossing());
}

const CONTACT: &str = r#"
pub struct Contact { pub email: String }

/// Where to reach a user.
pub async fn contact_of(state: &AppState, user_id: i64) -> Result<Contact, Error> {
    // One row.
    todo!()
}
pub async fn touch(state: &AppState) -> Result<(), Error> { todo!() }
"#;

/// The files of a function whose path contains one of `only`.
fn shown(made: &Scaffold, only: &[&str]) -> String {
    let mut out = String::new();
    for path in made.files.files.keys() {
        if only.iter().any(|part| path.contains(part)) {
            out += &format!("//- /{path}\n{}", made.files.get(path).unwrap());
        }
    }
    out
}

/// The part of a text from one mark to another.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let text = &text[text.find(from).unwrap_or_else(|| panic!("no {from}"))..];
    &text[..text.find(to).unwrap_or(text.len())]
}

#[test]
fn the_port_stands_around_the_users_own_text() {
    let made = shop(CONTACT).generate("orders-http");
    let calls = shown(&made, &["calls_users.rs"]);
    let mut text = between(&calls, "static CALL_CONTACT_OF", "static CALL_TOUCH").to_owned();
    text += between(&calls, "/// What travels", "/// A text that lives");
    text += between(&calls, "fn contact_of_keeps", "#[test]");
    text += &shown(&made, &["src/users.rs"]);
    text += between(&shown(&made, &["src/function.rs"]), "pub async fn router", "END");
    expect![[r##"
        static CALL_CONTACT_OF: calls::Call =
            calls::Call { path: "/internal/users/contact_of", version: "cd6c7c9d80854208", reads: true };
        /// Asks for `users::contact_of`, where it shall be asked for.
        pub(crate) struct AskContactOf(Option<(calls::Mode, ContactOfAsked)>);

        /// `users::contact_of`.
        pub(crate) fn contact_of(user_id: &i64) -> AskContactOf {
            let mode = SERVICE.mode();
            AskContactOf((mode != calls::Mode::Local).then(|| (mode, ContactOfAsked { user_id: *user_id })))
        }

        impl AskContactOf {
            /// The other side's answer, or what `local` gives.
            pub(crate) async fn or<F>(self, local: F) -> Result<crate::users::Contact, crate::Error>
            where
                F: std::future::Future<Output = Result<crate::users::Contact, crate::Error>>,
            {
                let Some((mode, asked)) = self.0 else { return local.await };
                if mode == calls::Mode::Shadow {
                    let here = local.await;
                    let form = match &here {
                        Ok(value) => Ok(Contact::of(value)),
                        Err(error) => Err(Error::of(error)),
                    };
                    calls::compare::<_, Contact, Error>(&SERVICE, &CALL_CONTACT_OF, asked, form);
                    return here;
                }
                match calls::ask::<_, Contact, Error>(&SERVICE, &CALL_CONTACT_OF, &asked).await {
                    Ok(Ok(value)) => Ok(value.back()),
                    Ok(Err(error)) => Err(error.back()),
                    Err(failure) => {
                        let text = failure.message(&SERVICE);
                        Err(crate::Error::Internal(text))
                    }
                }
            }
        }

        /// What travels. The other side has the same text; the tests hold it still.
        pub mod contract {
            use serde::{Deserialize, Serialize};

            /// What `users::contact_of` is asked.
            #[derive(Clone, Debug, Serialize, Deserialize)]
            pub struct ContactOfAsked {
                pub user_id: i64,
            }

            /// What `users::touch` is asked.
            #[derive(Clone, Debug, Serialize, Deserialize)]
            pub struct TouchAsked {
            }

            /// `users::Contact` as it travels.
            #[derive(Clone, Debug, Serialize, Deserialize)]
            pub struct Contact {
                pub email: String,
            }

            impl Contact {
                pub(crate) fn of(value: &crate::users::Contact) -> Self {
                    Self { email: value.email.clone() }
                }

                pub(crate) fn back(self) -> crate::users::Contact {
                    crate::users::Contact { email: self.email }
                }
            }

            /// `Error` as it travels.
            #[derive(Clone, Debug, Serialize, Deserialize)]
            #[serde(tag = "kind", content = "value")]
            pub enum Error {
                NotFound(String),
                Taken { name: String },
                Internal(String),
                /// What cannot travel, in words.
                Unsaid(String),
            }

            impl Error {
                pub(crate) fn of(value: &crate::Error) -> Self {
                    match value {
                        crate::Error::NotFound(v0) => Self::NotFound((*v0).to_owned()),
                        crate::Error::Taken { name } => Self::Taken { name: name.clone() },
                        crate::Error::Internal(v0) => Self::Internal(v0.clone()),
                        other => Self::Unsaid({ let _ = other; "it failed".to_owned() }),
                    }
                }

                pub(crate) fn back(self) -> crate::Error {
                    match self {
                        Self::NotFound(v0) => crate::Error::NotFound(fixed(v0)),
                        Self::Taken { name } => crate::Error::Taken { name: name },
                        Self::Internal(v0) => crate::Error::Internal(v0),
                        Self::Unsaid(text) => crate::Error::Internal(text),
                    }
                }
            }

            fn contact_of_keeps_its_form() {
                    keeps::<ContactOfAsked>(r#"{"user_id":1}"#);
                    keeps::<Contact>(r#"{"email":"text"}"#);
                }

                //- /orders-http/shop/src/users.rs
        use axum::extract::State;
        use sqlx::PgPool;
        use crate::{AppState, Error};

        pub async fn list(State(state): State<AppState>) {}


        pub struct Contact { pub email: String }

        /// Where to reach a user.
        pub async fn contact_of(state: &AppState, user_id: i64) -> Result<Contact, Error> {
            crate::calls_users::contact_of(&user_id).or(async move {
            // One row.
            todo!()
            })
            .await
        }
        pub async fn touch(state: &AppState) -> Result<(), Error> { crate::calls_users::touch().or(async move { todo!() }).await }
        pub async fn router() -> Result<axum::Router, Error> {
            let app_state = crate::AppState::make();
            Ok(crate::app(app_state)
                .layer(axum::middleware::from_fn(crate::service_calls::within)))
        }
    "##]].assert_eq(&text);
}

#[test]
fn the_other_side_answers_in_its_own_function() {
    let made = shop(CONTACT).generate("users-http");
    let answers = shown(&made, &["answers_users.rs"]);
    let mut text = between(&answers, "async fn contact_of", "async fn touch").to_owned();
    text += between(&shown(&made, &["src/function.rs"]), "pub async fn router", "END");
    expect![[r#"
        async fn contact_of(context: &Context, body: &[u8]) -> Response {
            use self::contract::*;
            let asked: ContactOfAsked = match serde_json::from_slice(body) {
                Ok(asked) => asked,
                Err(error) => return said(StatusCode::BAD_REQUEST, &error.to_string()),
            };
            let user_id: i64 = asked.user_id;
            match crate::users::contact_of(&context.app_state, user_id).await {
                Ok(value) => {
                    let value: Contact = Contact::of(&value);
                    told(StatusCode::OK, &value)
                }
                Err(error) => {
                    let error: Error = Error::of(&error);
                    told(StatusCode::UNPROCESSABLE_ENTITY, &error)
                }
            }
        }

        pub async fn router() -> Result<axum::Router, Error> {
            let app_state = crate::AppState::make();
            Ok(crate::app(app_state.clone())
                .layer(axum::middleware::from_fn_with_state(crate::answers_users::Context { app_state: app_state }, crate::answers_users::answer)))
        }
    "#]].assert_eq(&text);
    let asking = shop(CONTACT).generate("orders-http");
    let contract = |made: &Scaffold, path: &str| {
        let text = shown(made, &[path]);
        text[text.find("/// What travels.").unwrap()..].to_owned()
    };
    assert_eq!(contract(&made, "answers_users.rs"), contract(&asking, "calls_users.rs"));
}

#[test]
fn the_monolith_answers_while_the_other_service_has_not_moved() {
    let made = shop(CONTACT).generate("orders-http");
    let change = made.monolith.iter().find(|change| change.path == "src/lib.rs").unwrap();
    let mut patch = crate::scaffold::patch::render(std::slice::from_ref(change));
    for change in made.monolith.iter().filter(|change| change.path.contains("answers")) {
        let text = change.after.as_deref().unwrap();
        let from = text.find("/// What the functions need").unwrap();
        let to = text.find("/// The layer").unwrap();
        patch += &format!("//- /{}\n{}", change.path, &text[from..to]);
    }
    expect![[r#"
        diff --git a/src/lib.rs b/src/lib.rs
        --- a/src/lib.rs
        +++ b/src/lib.rs
        @@ -1,5 +1,7 @@
         pub mod orders;
         pub mod users;
        +mod answers_orders_http_users;
        +mod switch_orders_http;
 
         use axum::Router;
         use axum::routing::get;
        @@ -14,5 +16,8 @@
         pub enum Error { NotFound(&'static str), Taken { name: String }, Database(sqlx::Error), Internal(String) }
 
         pub fn app(state: AppState) -> Router {
        +    let answers_orders_http_users = crate::answers_orders_http_users::Context::of(&state);
             Router::new().route("/orders", get(orders::list)).route("/users", get(users::list)).with_state(state)
        +        .layer(axum::middleware::from_fn(crate::switch_orders_http::switch))
        +        .layer(axum::middleware::from_fn_with_state(answers_orders_http_users, crate::answers_orders_http_users::answer))
         }
        //- /src/answers_orders_http_users.rs
        /// What the functions need beside what travels.
        #[derive(Clone)]
        pub(crate) struct Context {
            pub(crate) app_state: crate::AppState,
        }

        impl Context {
            pub(crate) fn of(own: &crate::AppState) -> Self {
                Self { app_state: own.clone(), }
            }
        }

    "#]].assert_eq(&patch.replace("\n \n", "\n\n"));
}
