mod hostile;
mod outside;

use expect_test::{Expect, expect};

use super::*;
use crate::parse::parse;
use crate::testing::fixture;

#[test]
fn what_a_macro_makes_is_a_blind_spot_where_it_is_not_expanded() {
    let workspace = fixture("macro_rules! odd { (a) => {}; }\nodd!(b);\nodd!(a);\nfn f() { odd!(g()) }\n");
    let program = resolve(&workspace, parse(&workspace));
    let notes: Vec<_> = program.diagnostics.iter().map(|note| (note.line, note.code.as_str())).collect();
    assert_eq!(notes, [(2, "opaque-macro")]);
    let unknown = |call: &Call| call.target == CallTarget::Unknown(UnknownReason::OpaqueMacro);
    assert_eq!(program.calls.iter().flatten().filter(|call| unknown(call)).count(), 1);
}

/// The edges of every function of the fixture: caller, kind, target.
fn edges(text: &str) -> String {
    use std::fmt::Write as _;
    let workspace = fixture(text);
    let program = resolve(&workspace, parse(&workspace));
    let mut out = String::new();
    for (def, calls) in program.calls.iter_enumerated() {
        for call in calls {
            let target = match &call.target {
                CallTarget::Resolved(to) => program.defs[*to].path.to_string(),
                CallTarget::OneOf(to) => {
                    let list: Vec<&str> = to.iter().map(|&to| program.defs[to].path.as_str()).collect();
                    format!("one of {}", list.join(", "))
                }
                CallTarget::External(path) => format!("outside {path}"),
                CallTarget::Constructor(_) | CallTarget::Local => continue,
                CallTarget::Unknown(reason) => format!("{} is unknown: {}", call.name, reason.as_str()),
            };
            let kind = match call.kind {
                CallKind::Path | CallKind::Method => "->",
                CallKind::Reference => "refers to",
                CallKind::Attribute => "attribute",
                CallKind::Guard => "guard",
            };
            let sure = if call.certainty == Certainty::Likely { " likely" } else { "" };
            writeln!(out, "{} {kind}{sure} {target}", program.defs[def].path).unwrap();
        }
    }
    out
}

/// Edges inside the workspace, and what is unknown.
fn check(text: &str, want: Expect) {
    let inside: String = edges(text)
        .lines()
        .filter(|line| !line.contains("outside "))
        .map(|line| format!("{line}\n"))
        .collect();
    want.assert_eq(&inside);
}

/// All edges.
fn check_all(text: &str, want: Expect) {
    want.assert_eq(&edges(text));
}

#[test]
fn glob_reexport_resolves_to_its_definition() {
    check(
        r#"
        //- /src/lib.rs
        pub mod orders;
        pub use orders::*;
        fn f() { place() }
        //- /src/orders.rs
        pub fn place() {}
        "#,
        expect![[r#"
            app::f -> app::orders::place
        "#]],
    );
}

#[test]
fn methods_by_the_types_of_locals() {
    check_all(
        r#"
        use std::sync::Arc;
        struct Cart { items: Vec<Item> }
        struct Item { price: u32 }
        impl Item { fn total(&self) -> u32 { self.price } }
        impl Cart {
            fn new() -> Self { Self { items: vec![] } }
            fn first(&self) -> Option<&Item> { self.items.first() }
            fn sum(&self) -> u32 { self.items.iter().map(|item| item.total()).sum() }
            fn all(&self) -> Vec<u32> { self.items.iter().map(Item::total).collect() }
        }
        async fn load() -> Result<Arc<Cart>, String> { Ok(Arc::new(Cart::new())) }
        async fn f() -> Result<(), String> {
            let cart = load().await?;
            cart.sum();
            let Some(item) = cart.first() else { return Ok(()) };
            item.total();
            for item in &cart.items { item.total(); }
            Ok(())
        }
        "#,
        expect![[r#"
            app::Cart::all -> outside std::slice::[T]::iter
            app::Cart::all -> outside std::iter::Iterator::map
            app::Cart::all refers to app::Item::total
            app::Cart::all -> outside std::iter::Iterator::collect
            app::Cart::first -> outside std::slice::[T]::first
            app::Cart::sum -> outside std::slice::[T]::iter
            app::Cart::sum -> outside std::iter::Iterator::map
            app::Cart::sum -> app::Item::total
            app::Cart::sum -> outside std::iter::Iterator::sum
            app::f -> app::load
            app::f -> app::Cart::sum
            app::f -> app::Cart::first
            app::f -> outside std::result::Result::Ok
            app::f -> app::Item::total
            app::f -> app::Item::total
            app::f -> outside std::result::Result::Ok
            app::load -> outside std::result::Result::Ok
            app::load -> outside std::sync::Arc::new
            app::load -> app::Cart::new
        "#]],
    );
}

#[test]
fn a_function_of_a_trait_is_decided_by_what_is_collected() {
    check(
        r#"
        struct Raw;
        struct User;
        type Result<T> = std::result::Result<T, String>;
        impl TryFrom<Raw> for User {
            type Error = String;
            fn try_from(raw: Raw) -> Result<Self> { Ok(User) }
        }
        fn load(raw: Vec<Raw>) -> Result<Vec<User>> {
            raw.into_iter().map(TryFrom::try_from).collect::<Result<Vec<User>>>()
        }
        fn one(raw: Vec<Raw>) -> Result<Vec<User>> {
            raw.into_iter().map(User::try_from).collect()
        }
        "#,
        expect![[r#"
            app::load refers to app::<User as TryFrom<Raw>>::try_from
            app::one refers to app::<User as TryFrom<Raw>>::try_from
        "#]],
    );
}

#[test]
fn a_trait_implemented_for_a_type_outside() {
    check(
        r#"
        //- /src/lib.rs deps:graph
        use graph::http::Request;
        struct Raw;
        impl<S> From<Raw> for Request<S> {
            fn from(raw: Raw) -> Self { todo!() }
        }
        trait Named { fn name(&self) -> String; }
        impl Named for graph::Request<u8> { fn name(&self) -> String { String::new() } }
        fn f(raw: Raw, other: graph::Request<u8>) { Request::from(raw); other.name(); }
        "#,
        expect![[r#"
            app::f -> app::<Request<S> as From<Raw>>::from
            app::f -> app::<Request<u8> as Named>::name
        "#]],
    );
}

#[test]
fn values_that_instrument_records() {
    check(
        r#"
        //- /src/lib.rs deps:tracing
        struct Id(u32);
        impl Id { fn show(&self) -> u32 { self.0 } }
        #[tracing::instrument(skip_all, fields(id = %id.show(), kind = "a,b"))]
        fn f(id: &Id) {}
        "#,
        expect![[r#"
            app::f -> app::Id::show
        "#]],
    );
}

#[test]
fn generated_builders_give_what_they_build() {
    check(
        r#"
        //- /src/lib.rs deps:typed_builder
        #[derive(typed_builder::TypedBuilder)]
        struct Mail { to: String }
        impl Mail { fn send(&self) {} fn build(&self) {} fn to(&self) {} }
        fn f() { Mail::builder().to("a").build().send(); }
        "#,
        expect![[r#"
            app::f -> app::Mail::send
        "#]],
    );
}

#[test]
fn guards_of_handlers_and_functions_in_attributes() {
    check(
        r#"
        //- /src/lib.rs deps:axum,serde
        use axum::{Router, extract::FromRequestParts, routing::get};
        struct User;
        impl<S> FromRequestParts<S> for User {
            type Rejection = ();
            async fn from_request_parts(parts: &mut (), state: &S) -> Result<Self, ()> { Ok(User) }
        }
        async fn show(user: User) {}
        fn routes() -> Router { Router::new().route("/", get(show)) }
        #[derive(serde::Deserialize)]
        struct Page { #[serde(default = "ten")] size: u32, #[serde(with = "iso")] at: u32 }
        fn ten() -> u32 { 10 }
        mod iso { pub fn serialize() {} pub fn deserialize() {} }
        "#,
        expect![[r#"
            app::Page attribute app::ten
            app::Page attribute app::iso::serialize
            app::Page attribute app::iso::deserialize
            app::routes refers to app::show
            app::show guard app::<User as FromRequestParts<S>>::from_request_parts
        "#]],
    );
}

#[test]
fn macros_of_the_workspace_are_followed() {
    check(
        r#"
        struct Store; struct Row;
        impl Store { fn find(&self, id: u32) -> Result<Row, ()> { todo!() } }
        impl Row { fn name(&self) -> u8 { 0 } fn save(self) {} }
        macro_rules! fetch { ($store:expr, $id:expr) => {{ audit($id); $store.find($id)? }} }
        macro_rules! open { ($name:ident) => { let $name = connect(); } }
        macro_rules! handler { ($name:ident, $id:expr) => {
            fn $name() -> Result<(), ()> { open!(store); let row = fetch!(store, $id); row.name(); row.save(); Ok(()) }
        } }
        fn connect() -> Store { Store }
        fn audit(id: u32) {}
        fn id() -> u32 { 1 }
        handler!(show, id());
        fn f() -> Result<(), ()> { open!(db); fetch!(db, id()).save(); show() }
        "#,
        expect![[r#"
            app::f -> app::connect
            app::f -> app::Store::find
            app::f -> app::audit
            app::f -> app::id
            app::f -> app::id
            app::f -> app::Row::save
            app::f -> app::show
            app::show -> app::Store::find
            app::show -> app::Row::name
            app::show -> app::Row::save
            app::show -> app::connect
            app::show -> app::audit
            app::show -> app::id
            app::show -> app::id
        "#]],
    );
}

#[test]
fn closures_passed_to_async_bounds() {
    check(
        r#"
        trait Db { fn delete(&mut self, id: u32) -> u32; }
        struct Pool; struct Out;
        impl Out { fn send(self) {} }
        impl Pool {
            async fn transaction<A, R>(&self, action: A) -> R where A: AsyncFnOnce(&mut dyn Db) -> R { action(todo!()).await }
        }
        async fn f(pool: Pool) { pool.transaction(async |db| { db.delete(1); Out }).await.send() }
        "#,
        expect![[r#"
            app::f -> app::Pool::transaction
            app::f -> one of app::Db::delete
            app::f -> app::Out::send
        "#]],
    );
}

#[test]
fn derives_and_attributes_that_give_a_type_a_trait() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "app"
        [dependencies]
        clap = "4"
        derive_more = "1"
        wrapping = "1"
        far = "1"
        //- /src/lib.rs
        use clap::Parser;
        use derive_more::Deref;
        #[derive(Parser)] struct Cli; impl Cli { fn run(self) {} }
        struct App { limiter: Limiter } struct Limiter; impl Limiter { fn check(&self) {} }
        #[derive(Clone, Deref)] struct State(std::sync::Arc<App>);
        #[enum_dispatch] trait Store { fn load(&self) -> u8; }
        struct Disk; impl Store for Disk { fn load(&self) -> u8 { 0 } }
        struct Net; impl Store for Net { fn load(&self) -> u8 { 1 } }
        #[enum_dispatch(Store)] enum Any { Disk(Disk), Net(Net) }
        #[enum_dispatch(Both)] trait Clear { fn clear(&self) {} }
        #[enum_dispatch] enum Both { Disk(Disk) }
        impl Clear for Disk {}
        fn g(both: &Both) { both.clear() }
        fn f(state: State, any: Any) { Cli::parse().run(); state.limiter.check(); any.load(); }
        "#,
        expect![[r#"
            app::f -> app::Cli::run
            app::f -> app::Limiter::check
            app::f -> one of app::Store::load, app::<Disk as Store>::load, app::<Net as Store>::load
            app::g -> app::Clear::clear
        "#]],
    );
}

#[test]
fn values_behind_wrappers_of_crates_that_nobody_read() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "app"
        [dependencies]
        clap = "4"
        derive_more = "1"
        wrapping = "1"
        far = "1"
        //- /src/lib.rs
        use wrapping::web::Data;
        struct App { mailer: Mailer, store: Box<dyn Store> } struct Mailer;
        impl Mailer { fn post(&self) {} }
        trait Store { fn save(&self); }
        fn f(app: Data<App>, store: Data<dyn Store>) { app.mailer.post(); app.store.save(); store.save(); }
        "#,
        expect![[r#"
            app::f -> app::Mailer::post
            app::f -> one of app::Store::save
            app::f -> one of app::Store::save
        "#]],
    );
}

#[test]
fn methods_that_only_one_trait_in_scope_can_mean_are_likely() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "app"
        [dependencies]
        clap = "4"
        derive_more = "1"
        wrapping = "1"
        far = "1"
        //- /src/lib.rs
        mod ext {
            pub trait WithCode<T> { fn with_code(self, code: u8) -> Result<T, Coded>; fn get(&self) {} }
            impl<T, E> WithCode<T> for Result<T, E> { fn with_code(self, code: u8) -> Result<T, Coded> { todo!() } }
            pub struct Coded; impl Coded { pub fn log_with_code_and_place(&self) {} pub fn code(&self) {} }
        }
        mod near {
            use super::ext::WithCode;
            fn f() {
                if let Err(error) = far::away().with_code(1) { error.code(); }
                far::away().with_code(1, 2);
                far::away().get();
                far::away().code();
                far::away().log_with_code_and_place();
            }
        }
        mod away { fn f() { far::away().with_code(1); } }
        "#,
        expect![[r#"
            app::away::f -> with_code is unknown: untyped-receiver
            app::near::f -> likely one of app::ext::WithCode::with_code, app::ext::<Result<T, E> as WithCode<T>>::with_code
            app::near::f -> app::ext::Coded::code
            app::near::f -> with_code is unknown: untyped-receiver
            app::near::f -> get is unknown: untyped-receiver
            app::near::f -> code is unknown: untyped-receiver
            app::near::f -> likely app::ext::Coded::log_with_code_and_place
        "#]],
    );
}

#[test]
fn queries_of_unknown_type_give_what_their_trait_says() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "app"
        [dependencies]
        diesel = "2"
        diesel-async = "0.5"
        //- /src/lib.rs
        use diesel::prelude::*;
        use diesel_async::{AsyncPgConnection, RunQueryDsl};
        struct User; impl User { fn rename(&self) {} }
        trait Coded<T> { fn coded(self) -> Result<T, u8>; }
        impl<T, E> Coded<T> for Result<T, E> { fn coded(self) -> Result<T, u8> { todo!() } }
        async fn f(conn: &mut AsyncPgConnection) -> Result<(), u8> {
            let user: User = users::table.filter(users::id.eq(1)).first(conn).await.coded()?;
            user.rename();
            for user in users::table.limit(3).load::<User>(conn).await.unwrap() { user.rename(); }
            if let Some(user) = users::table.get_result::<User>(conn).await.optional().coded()? { user.rename() }
            Ok(())
        }
        "#,
        expect![[r#"
            app::f -> app::<Result<T, E> as Coded<T>>::coded
            app::f -> app::User::rename
            app::f -> app::User::rename
            app::f -> app::<Result<T, E> as Coded<T>>::coded
            app::f -> app::User::rename
        "#]],
    );
}

#[test]
fn into_is_decided_by_the_type_that_is_wanted() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "app"
        [dependencies]
        far = "1"
        //- /src/lib.rs
        use far::{Link, Place};
        struct Saved; impl Saved { fn keep(&self) {} }
        impl Into<Saved> for Link { fn into(self) -> Saved { Saved } }
        struct Row { place: Place<u8>, saved: Saved }
        fn f(a: Link, b: Link) { Row { place: a.into(), saved: b.into() }.saved.keep(); }
        fn g(a: Link) { let saved: Saved = a.into(); saved.keep(); let uri = far::uri!(f(1)); }
        "#,
        expect![[r#"
            app::f -> app::<Link as Into<Saved>>::into
            app::f -> app::Saved::keep
            app::g -> app::<Link as Into<Saved>>::into
            app::g -> app::Saved::keep
        "#]],
    );
}

#[test]
fn what_the_user_declares_of_a_crate_wins() {
    let workspace = fixture(
        r#"
        //- /Cargo.toml
        [package]
        name = "app"
        [dependencies]
        far = "1"
        uuid = "1"
        //- /src/lib.rs
        struct Job; impl Job { fn run(&self) {} }
        fn f(queue: far::Queue<Job>) { queue.next().run(); }
        fn g(id: uuid::Uuid<Job>) { id.inside().run(); }
        "#,
    );
    let mut parsed = parse(&workspace);
    for (name, text) in [
        ("far", "pub struct Queue<T> {} impl<T> Queue<T> { pub fn next(&self) -> T {} }"),
        ("uuid", "pub struct Uuid<T> {} impl<T> Uuid<T> { pub fn inside(&self) -> T {} }"),
    ] {
        let file = crate::base::SourceFile::new(name, text);
        parsed.stubs.push((name.to_owned(), crate::parse::parse_file(&file, &[]).tree));
    }
    let program = resolve(&workspace, parsed);
    let n_run = program
        .calls
        .iter()
        .flatten()
        .filter(|call| matches!(call.target, CallTarget::Resolved(to) if program.defs[to].name == "run"));
    assert_eq!(n_run.count(), 2);
}
