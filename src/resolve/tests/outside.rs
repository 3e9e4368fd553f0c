//! What passes through code of other crates.

use expect_test::expect;

use super::check;

#[test]
fn an_entity_of_a_derive_gives_its_model() {
    check(
        r#"
        //- /src/lib.rs deps:sea_orm
        pub mod orders;
        pub mod users;
        use sea_orm::{DatabaseConnection, EntityTrait, IntoActiveModel};
        async fn f(db: &DatabaseConnection) {
            let order = orders::Entity::find_by_id(1).one(db).await?.unwrap();
            order.total();
            users::Entity::find().all(db).await?[0].greet();
            let mut open = order.into_active_model();
            open.touch();
        }
        //- /src/orders.rs
        use sea_orm::entity::prelude::*;
        #[derive(Clone, Debug, DeriveEntityModel)]
        #[sea_orm(table_name = "orders")]
        pub struct Model { pub id: i64, pub total: i64 }
        impl Model { pub fn total(&self) {} }
        impl ActiveModel { pub fn touch(&mut self) {} }
        //- /src/users.rs
        use sea_orm::entity::prelude::*;
        #[derive(Clone, Debug, DeriveEntityModel)]
        #[sea_orm(table_name = "users")]
        pub struct Model { pub id: i64 }
        impl Model { pub fn greet(&self) {} }
        "#,
        expect![[r#"
            app::f -> app::orders::Model::total
            app::f -> app::users::Model::greet
            app::f -> app::orders::ActiveModel::touch
        "#]],
    );
}

#[test]
fn what_is_asked_for_comes_out_of_an_unknown_result() {
    check(
        r#"
        //- /src/lib.rs deps:store
        struct Id;
        impl From<i64> for Id { fn from(n: i64) -> Self { Self } }
        impl From<u32> for Id { fn from(n: u32) -> Self { Self } }
        fn f(row: &store::Row) -> store::Result<Id> {
            Ok(Id::from(row.get::<_, i64>(0)?))
        }
        "#,
        expect![[r#"
            app::f -> app::<Id as From<i64>>::from
        "#]],
    );
}

#[test]
fn elements_of_something_unknown_are_what_they_are_collected_to() {
    check(
        r#"
        //- /src/lib.rs deps:directory
        struct User;
        impl TryFrom<directory::Entry> for User {
            type Error = String;
            fn try_from(entry: directory::Entry) -> Result<Self, String> { Err(String::new()) }
        }
        fn f(found: directory::Found) -> Result<Vec<User>, String> {
            found.success()?.0.into_iter().map(TryFrom::try_from).collect::<Result<Vec<User>, String>>()
        }
        "#,
        expect![[r#"
            app::f refers to app::<User as TryFrom<Entry>>::try_from
        "#]],
    );
}

#[test]
fn a_bound_on_an_outside_type_holds_where_the_function_asks_for_it() {
    check(
        r#"
        //- /src/lib.rs deps:axum
        use axum::extract::{FromRef, FromRequestParts};
        struct App;
        struct Key;
        impl FromRef<App> for Key { fn from_ref(app: &App) -> Self { Self } }
        struct Uids;
        impl<S> FromRequestParts<S> for Uids where Key: FromRef<S> {
            type Rejection = ();
            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ()> { Err(()) }
        }
        async fn f<S>(parts: &mut Parts, state: &S) where Key: FromRef<S> {
            <Uids as FromRequestParts<S>>::from_request_parts(parts, state).await;
        }
        "#,
        expect![[r#"
            app::f -> app::<Uids as FromRequestParts<S>>::from_request_parts
        "#]],
    );
}

#[test]
fn a_member_that_a_stub_leaves_out_is_the_implementations_or_outside() {
    super::check_all(
        r#"
        //- /src/lib.rs deps:sqlx
        struct Tag;
        impl sqlx::Type<sqlx::Postgres> for Tag { fn type_info() { <String as sqlx::Type<sqlx::Postgres>>::type_info() } }
        fn f() { <Tag as sqlx::Type<sqlx::Postgres>>::type_info() }
        fn g() { Tag::type_info() }
        "#,
        expect![[r#"
            app::<Tag as Type<Postgres>>::type_info -> outside sqlx::Type::type_info
            app::f -> app::<Tag as Type<Postgres>>::type_info
            app::g -> app::<Tag as Type<Postgres>>::type_info
        "#]],
    );
}

#[test]
fn groups_and_guards_hold_what_they_were_made_of() {
    check(
        r#"
        //- /src/lib.rs deps:arc-swap,itertools
        use itertools::Itertools;
        struct Rules { all: Vec<Rule> }
        struct Rule { key: u32 }
        impl Rules { fn allow(&self) {} }
        impl Rule { fn apply(&self) {} }
        fn f(rules: &arc_swap::ArcSwap<Rules>) {
            rules.load().allow();
            for (_, group) in &rules.load().all.iter().chunk_by(|rule| rule.key) {
                for rule in group { rule.apply(); }
            }
        }
        "#,
        expect![[r#"
            app::f -> app::Rules::allow
            app::f -> app::Rule::apply
        "#]],
    );
}

#[test]
fn a_library_may_be_called_otherwise_than_its_package() {
    super::check_all(
        r#"
        //- /src/lib.rs deps:rust-argon2,md-5
        use md5::Digest;
        fn f() { argon2::hash_raw(); md5::Md5::digest("") }
        "#,
        expect![[r#"
            app::f -> outside rust_argon2::hash_raw
            app::f -> outside md_5::Md5::digest
        "#]],
    );
}

#[test]
fn what_code_outside_gives_has_no_methods_of_the_workspace() {
    super::check_all(
        r#"
        //- /src/lib.rs deps:forge
        struct Client { forge: forge::Forge }
        impl Client {
            async fn add_labels_to_change(&self) {
                self.forge.issues("a").open().await?.add_labels_to_change().await;
            }
        }
        "#,
        expect![[r#"
            app::Client::add_labels_to_change -> outside forge::Forge::issues
            app::Client::add_labels_to_change -> outside _::open
            app::Client::add_labels_to_change -> outside _::add_labels_to_change
        "#]],
    );
}

#[test]
fn a_function_of_an_outside_type_is_told_from_an_extension_by_its_arguments() {
    super::check_all(
        r#"
        //- /src/lib.rs deps:proto
        use proto::Error;
        trait ErrorExt { fn invalid(text: &str) -> Self; fn with_hint(self, hint: &str) -> Self; }
        impl ErrorExt for Error {
            fn invalid(text: &str) -> Self { Error::invalid(text, None) }
            fn with_hint(self, hint: &str) -> Self { self.with_hint(hint, 1) }
        }
        fn f(error: Error) { Error::invalid("a"); error.with_hint("b"); }
        "#,
        expect![[r#"
            app::<Error as ErrorExt>::invalid -> outside proto::Error::invalid
            app::<Error as ErrorExt>::with_hint -> outside proto::Error::with_hint
            app::f -> app::<Error as ErrorExt>::invalid
            app::f -> app::<Error as ErrorExt>::with_hint
        "#]],
    );
}

#[test]
fn a_trait_outside_may_provide_any_method() {
    super::check_all(
        r#"
        //- /src/lib.rs deps:migration
        struct Migrator;
        impl migration::MigratorTrait for Migrator { fn all() {} }
        struct Step;
        impl Step { fn up(&self) {} }
        fn f() { Migrator::up(); Migrator.up(); }
        "#,
        expect![[r#"
            app::f -> outside app::Migrator::up
            app::f -> outside app::Migrator::up
        "#]],
    );
}

#[test]
fn a_type_converts_into_itself() {
    check(
        r#"
        struct Error;
        impl From<String> for Error { fn from(text: String) -> Self { Self } }
        trait Told { fn told(self) -> Self; }
        impl<E: Into<Error>> Told for Result<(), E> { fn told(self) -> Self { self } }
        fn f(done: Result<(), Error>) { done.told(); }
        "#,
        expect![[r#"
            app::f -> app::<Result<(), E> as Told>::told
        "#]],
    );
}

#[test]
fn an_operator_calls_the_method_that_it_names() {
    check(
        r#"
        use std::cmp::Ordering;
        struct Role;
        impl PartialEq for Role { fn eq(&self, other: &Role) -> bool { true } }
        impl PartialOrd for Role { fn partial_cmp(&self, other: &Role) -> Option<Ordering> { None } }
        fn equal(a: Role, b: Role) -> bool { a == b }
        fn through_std(a: Role, b: Role) -> bool { a != b || a < b }
        "#,
        expect![[r#"
            app::equal -> app::<Role as PartialEq>::eq
        "#]],
    );
}
