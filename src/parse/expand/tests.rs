use expect_test::{Expect, expect};

use crate::parse::dump::dump;
use crate::parse::parse;
use crate::testing::fixture;

fn check(text: &str, want: Expect) {
    let parsed = parse(&fixture(text));
    want.assert_eq(&parsed.files.iter().map(dump).collect::<String>());
}

#[test]
fn items_of_every_kind_stand_behind_their_call() {
    check(
        r#"
        macro_rules! handlers {
            ($($vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) => $target:path;)*) => {
                $($vis async fn $name($($arg: $ty),*) -> Reply { $target($($arg),*).await })*
                mod made { pub const N: usize = 0; }
            };
        }
        handlers! {
            pub fn list(page: u32, size: Option<u32>) => store::list;
            fn show(id: Id) => store::show;
        }
        macro_rules! ids { ($($name:ident),+) => { $(
            pub struct $name(u64);
            impl $name { getter!(value -> u64); }
            impl From<u64> for $name { fn from(id: u64) -> Self { $name(id) } }
        )+ } }
        macro_rules! getter { ($name:ident -> $ty:ty) => { pub fn $name(&self) -> $ty { self.0 } } }
        ids!(UserId, OrderId);
        "#,
        expect![[r#"
            macro_rules! handlers
            handlers!
            pub async fn list(page: u32, size: Option<u32>) -> Reply
              params page, size
              store::list(page, size).await
            async fn show(id: Id) -> Reply
              params id
              store::show(id).await
            mod made
              pub const N: usize
                Int("0", None)
            macro_rules! ids
            macro_rules! getter
            ids!
            pub Struct UserId: UserId Tuple(0: u64)
            impl UserId
              getter!
              pub fn value(&self) -> u64
                self.0
            impl From<u64> for UserId
              fn from(id: u64) -> Self
                params id
                UserId(id)
            pub Struct OrderId: OrderId Tuple(0: u64)
            impl OrderId
              getter!
              pub fn value(&self) -> u64
                self.0
            impl From<u64> for OrderId
              fn from(id: u64) -> Self
                params id
                OrderId(id)
        "#]],
    );
}

#[test]
fn expressions_and_statements_stand_in_the_place_of_their_call() {
    check(
        r#"
        macro_rules! fetch { ($db:expr, $id:expr $(, $key:ident = $value:expr)*) => {{
            let found = $crate::store::find(&$db, $id);
            $(found.set(stringify!($key), $value);)*
            found?
        }} }
        macro_rules! open { ($name:ident) => { let $name = connect(); } }
        macro_rules! max { ($x:expr) => { $x }; ($x:expr, $($rest:expr),+) => { $x.max(max!($($rest),+)) } }
        fn f() {
            open!(db);
            let user = fetch!(db.pool(), 1 + 2, name = a(), mail = b());
            max!(x(), y(), z())
        }
        "#,
        expect![[r#"
            macro_rules! fetch
            macro_rules! open
            macro_rules! max
            fn f()
              open![{ let db = connect(); }];
              let user = fetch![{ { let found = $crate[app]::store::find(&db.pool(), (Int("1", None) + Int("2", None))); found.set(stringify![], a()); found.set(stringify![], b()); found? } }];
              max![{ x().max(max![{ y().max(max![{ z() }]) }]) }]
        "#]],
    );
}

#[test]
fn what_does_not_fit_stays_as_it_was() {
    check(
        r#"
        macro_rules! odd { (a) => { b }; }
        macro_rules! nested { ($x:ident) => { macro_rules! $x { ($y:expr) => { $y } } } }
        odd!(c);
        nested!(inner);
        fn f() { odd!(g(1)); other::odd!(a); println!("{}", h()); }
        "#,
        expect![[r#"
            macro_rules! odd
            macro_rules! nested
            odd!
            nested!
            fn f()
              odd![g(Int("1", None))];
              other::odd![{ b }];
              println![Str("{}"), h()];
        "#]],
    );
}

#[test]
fn a_macro_of_another_crate_keeps_its_name() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "app"
        [dependencies]
        tracing = "1"
        //- /src/lib.rs
        mod a;
        macro_rules! info { ($x:expr) => { wrong($x) } }
        //- /src/a.rs
        use tracing::info;
        fn f() { info!("a"); tracing::info!("b"); crate::info!("c"); }
        "#,
        expect![[r#"
            use tracing::info as info
            fn f()
              info![Str("a")];
              tracing::info![Str("b")];
              crate::info![{ wrong(Str("c")) }];
            mod a;
            macro_rules! info
        "#]],
    );
}

#[test]
fn a_macro_of_a_crate_that_is_handed_on_is_not_the_own_one_of_that_name() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "app"
        [dependencies]
        tokio = "1"
        //- /src/lib.rs
        pub use tokio;
        #[macro_export]
        macro_rules! try_join { ($($future:expr),+) => { $crate::tokio::try_join!($(sent($future)),+) } }
        fn both() { try_join!(one(), two()) }
        "#,
        expect![[r#"
            pub use tokio as tokio
            #[macro_export ""]
            macro_rules! try_join (exported)
            fn both()
              try_join![{ $crate[app]::tokio::try_join![sent(one()), sent(two())] }]
        "#]],
    );
}

#[test]
fn doc_comments_are_the_attributes_that_they_stand_for() {
    check(
        r#"
        macro_rules! settings { ($($(#[doc = $doc:literal])+ $name:ident: $ty:ty;)+) => {
            impl Settings { $($(#[doc = $doc])+ pub fn $name(&self) -> $ty { self.read($($doc),+) })+ }
        } }
        settings! {
            /// Where it listens, "host:port"
            listen: String;
        }
        macro_rules! ids { ($($(#[$meta:meta])* $name:ident;)+) => { $($(#[$meta])* pub struct $name(u64);)+ } }
        ids! {
            /// A user
            #[derive(Debug)]
            User;
        }
        "#,
        expect![[r#"
            macro_rules! settings
            settings!
            impl Settings
              pub fn listen(&self) -> String
                self.read(Str(" Where it listens, \"host:port\""))
            macro_rules! ids
            ids!
            #[derive "Debug"]
            pub Struct User derives Debug: User Tuple(0: u64)
        "#]],
    );
}

#[test]
fn a_derive_of_a_model_declares_its_entity() {
    check(
        r#"
        #[derive(DeriveEntityModel)]
        pub struct Model { pub id: i64, pub created_at: Date }
        "#,
        expect![[r##"
            #[derive "DeriveEntityModel"]
            pub Struct Model derives DeriveEntityModel: Model Named(pub id: i64, pub created_at: Date)
            #[derive "Clone, Copy, Debug, Default"]
            pub Struct Entity derives Clone, Copy, Debug, Default: Entity Unit()
            #[derive "Clone, Copy, Debug"]
            pub Enum Column derives Clone, Copy, Debug: Id Unit() | CreatedAt Unit()
            #[derive "Clone, Copy, Debug"]
            pub Enum PrimaryKey derives Clone, Copy, Debug: 
            impl sea_orm::EntityTrait for Entity
              type Model = Model
              type Column = Column
              type Relation = Relation
              type PrimaryKey = PrimaryKey
              type ActiveModel = ActiveModel
            impl sea_orm::ColumnTrait for Column
            impl sea_orm::ModelTrait for Model
              type Entity = Entity
            impl sea_orm::FromQueryResult for Model
            #[derive "Clone, Debug, Default, PartialEq"]
            pub Struct ActiveModel derives Clone, Debug, Default, PartialEq: ActiveModel Named(pub id: sea_orm::ActiveValue<i64>, pub created_at: sea_orm::ActiveValue<Date>)
            impl sea_orm::ActiveModelTrait for ActiveModel
              type Entity = Entity
            impl sea_orm::IntoActiveModel<ActiveModel> for Model
            impl From<Model> for ActiveModel
        "##]],
    );
}
