// SeaORM: entities by their models, queries by the models that they give.
use std::future::Future;
pub use error::{DbErr, TransactionError};
pub use entity::*;
pub use query::*;
pub use database::*;
pub mod prelude {
    pub use crate::entity::*;
    pub use crate::error::DbErr;
    pub use crate::query::{QueryFilter, QueryOrder, QuerySelect};
    pub use uuid::Uuid;
    pub use chrono::NaiveDateTime as DateTime;
}
pub mod error {
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum DbErr {
        Conn(()),
        Exec(()),
        Query(()),
        RecordNotFound(String),
        Custom(String),
        Type(String),
        Json(String),
        Migration(String),
        RecordNotInserted,
        RecordNotUpdated,
    }
    #[derive(Debug)]
    pub enum TransactionError<E> {
        Connection(DbErr),
        Transaction(E),
    }
}
pub mod database {
    use std::future::Future;
    use crate::error::{DbErr, TransactionError};
    #[derive(Clone, Debug, Default)]
    pub struct DatabaseConnection {}
    impl DatabaseConnection {
        pub async fn ping(&self) -> Result<(), DbErr> {}
        pub async fn close(self) -> Result<(), DbErr> {}
    }
    pub type DbConn = DatabaseConnection;
    #[derive(Debug)]
    pub struct DatabaseTransaction {}
    impl DatabaseTransaction {
        pub async fn commit(self) -> Result<(), DbErr> {}
        pub async fn rollback(self) -> Result<(), DbErr> {}
    }
    pub struct Database {}
    impl Database {
        pub async fn connect<C>(opt: C) -> Result<DatabaseConnection, DbErr> {}
    }
    #[derive(Clone, Debug)]
    pub struct ConnectOptions {}
    impl ConnectOptions {
        pub fn new<T>(url: T) -> ConnectOptions {}
        pub fn max_connections(&mut self, value: u32) -> &mut ConnectOptions {}
        pub fn sqlx_logging(&mut self, value: bool) -> &mut ConnectOptions {}
    }
    pub trait TransactionTrait {
        fn begin(&self) -> impl Future<Output = Result<DatabaseTransaction, DbErr>>;
        fn transaction<F: FnOnce(&DatabaseTransaction) -> Fut, T, E, Fut: Future<Output = Result<T, E>>>(&self, callback: F) -> impl Future<Output = Result<T, TransactionError<E>>>;
    }
    impl TransactionTrait for DatabaseConnection {}
    impl TransactionTrait for DatabaseTransaction {}
    pub trait ConnectionTrait {
        fn get_database_backend(&self) -> DbBackend;
        fn execute(&self, stmt: Statement) -> impl Future<Output = Result<ExecResult, DbErr>>;
        fn query_one(&self, stmt: Statement) -> impl Future<Output = Result<Option<QueryResult>, DbErr>>;
        fn query_all(&self, stmt: Statement) -> impl Future<Output = Result<Vec<QueryResult>, DbErr>>;
    }
    impl ConnectionTrait for DatabaseConnection {}
    impl ConnectionTrait for DatabaseTransaction {}
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum DbBackend {
        MySql,
        Postgres,
        Sqlite,
    }
    impl DbBackend {
        pub fn build<S>(&self, statement: &S) -> Statement {}
    }
    pub type DatabaseBackend = DbBackend;
    #[derive(Clone, Debug)]
    pub struct Statement {}
    #[derive(Debug)]
    pub struct ExecResult {}
    impl ExecResult {
        pub fn rows_affected(&self) -> u64 {}
    }
    #[derive(Debug)]
    pub struct QueryResult {}
    impl QueryResult {
        pub fn try_get<T>(&self, pre: &str, col: &str) -> Result<T, DbErr> {}
        pub fn try_get_by<T, I>(&self, index: I) -> Result<T, DbErr> {}
    }
}
pub mod entity {
    use std::future::Future;
    use crate::error::DbErr;
    use crate::query::{Delete, DeleteMany, Insert, InsertMany, Select, Update, UpdateMany, UpdateOne, DeleteOne};
    // What an entity's derive declares beside it cannot be told by a type here: the model of an
    // entity is found by the name `Model` in the entity's own module.
    pub trait EntityTrait {
        type Model;
        type Column;
        type Relation;
        type PrimaryKey;
        type ActiveModel;
        fn find() -> Select<Self> {}
        fn find_by_id<T>(values: T) -> Select<Self> {}
        fn find_related<R>(r: R) -> Select<R> {}
        fn insert<A>(model: A) -> Insert<A> {}
        fn insert_many<A, I>(models: I) -> Insert<A> {}
        fn update<A>(model: A) -> UpdateOne<A> {}
        fn update_many() -> UpdateMany<Self> {}
        fn delete<A>(model: A) -> DeleteOne<A> {}
        fn delete_by_id<T>(values: T) -> DeleteMany<Self> {}
        fn delete_many() -> DeleteMany<Self> {}
    }
    pub trait ModelTrait {
        type Entity;
        fn find_related<R>(&self, r: R) -> Select<R> {}
        fn delete<C>(self, db: &C) -> impl Future<Output = Result<crate::query::DeleteResult, DbErr>> {}
    }
    pub trait FromQueryResult {
        fn from_query_result(res: &crate::database::QueryResult, pre: &str) -> Result<Self, DbErr>;
        fn find_by_statement(stmt: crate::database::Statement) -> crate::query::Selector<Self> {}
    }
    pub trait ActiveModelTrait {
        type Entity;
        fn insert<C>(self, db: &C) -> impl Future<Output = Result<<Self::Entity as EntityTrait>::Model, DbErr>> {}
        fn update<C>(self, db: &C) -> impl Future<Output = Result<<Self::Entity as EntityTrait>::Model, DbErr>> {}
        fn save<C>(self, db: &C) -> impl Future<Output = Result<Self, DbErr>> {}
        fn delete<C>(self, db: &C) -> impl Future<Output = Result<crate::query::DeleteResult, DbErr>> {}
    }
    pub trait ActiveModelBehavior {}
    pub trait ColumnTrait {
        fn eq<V>(&self, v: V) -> SimpleExpr {}
        fn ne<V>(&self, v: V) -> SimpleExpr {}
        fn gt<V>(&self, v: V) -> SimpleExpr {}
        fn gte<V>(&self, v: V) -> SimpleExpr {}
        fn lt<V>(&self, v: V) -> SimpleExpr {}
        fn lte<V>(&self, v: V) -> SimpleExpr {}
        fn between<V>(&self, a: V, b: V) -> SimpleExpr {}
        fn like<T>(&self, s: T) -> SimpleExpr {}
        fn contains<T>(&self, s: T) -> SimpleExpr {}
        fn starts_with<T>(&self, s: T) -> SimpleExpr {}
        fn is_null(&self) -> SimpleExpr {}
        fn is_not_null(&self) -> SimpleExpr {}
        fn is_in<V, I>(&self, v: I) -> SimpleExpr {}
        fn is_not_in<V, I>(&self, v: I) -> SimpleExpr {}
        fn into_expr(self) -> SimpleExpr {}
        fn def(&self) -> ColumnDef {}
        fn count(&self) -> SimpleExpr {}
        fn max(&self) -> SimpleExpr {}
        fn sum(&self) -> SimpleExpr {}
    }
    #[derive(Clone, Debug)]
    pub struct SimpleExpr {}
    impl SimpleExpr {
        pub fn and(self, right: SimpleExpr) -> SimpleExpr {}
        pub fn or(self, right: SimpleExpr) -> SimpleExpr {}
    }
    #[derive(Clone, Debug)]
    pub struct ColumnDef {}
    pub trait RelationTrait {
        fn def(&self) -> RelationDef;
    }
    #[derive(Debug)]
    pub struct RelationDef {}
    impl RelationDef {
        pub fn rev(self) -> RelationDef {}
    }
    pub trait Related<R> {
        fn to() -> RelationDef;
        fn via() -> Option<RelationDef> {}
    }
    pub trait PrimaryKeyTrait {}
    pub trait Iden {}
    #[derive(Clone, Debug, PartialEq)]
    pub enum ActiveValue<V> {
        Set(V),
        Unchanged(V),
        NotSet,
    }
    impl<V> ActiveValue<V> {
        pub fn set(value: V) -> ActiveValue<V> {}
        pub fn unwrap(self) -> V {}
        pub fn take(&mut self) -> Option<V> {}
        pub fn is_set(&self) -> bool {}
        pub fn as_ref(&self) -> &V {}
    }
    pub use ActiveValue::{NotSet, Set, Unchanged};
    pub trait IntoActiveModel<A> {
        fn into_active_model(self) -> A;
    }
}
pub mod query {
    use std::future::Future;
    use crate::error::DbErr;
    use crate::entity::EntityTrait;
    #[derive(Clone, Debug)]
    pub struct Select<E> {}
    impl<E: EntityTrait> Select<E> {
        pub async fn one<C>(self, db: &C) -> Result<Option<<E as EntityTrait>::Model>, DbErr> {}
        pub async fn all<C>(self, db: &C) -> Result<Vec<<E as EntityTrait>::Model>, DbErr> {}
        pub async fn count<C>(self, db: &C) -> Result<u64, DbErr> {}
        pub async fn stream<C>(self, db: &C) -> Result<std::pin::Pin<Box<dyn futures::Stream<Item = Result<<E as EntityTrait>::Model, DbErr>>>>, DbErr> {}
        pub fn into_model<M>(self) -> Selector<M> {}
        pub fn into_partial_model<M>(self) -> Selector<M> {}
        pub fn into_tuple<T>(self) -> Selector<T> {}
        pub fn into_json(self) -> Selector<serde_json::Value> {}
        pub fn find_also_related<R: EntityTrait>(self, r: R) -> Selector<(<E as EntityTrait>::Model, Option<<R as EntityTrait>::Model>)> {}
        pub fn find_with_related<R: EntityTrait>(self, r: R) -> Selector<(<E as EntityTrait>::Model, Vec<<R as EntityTrait>::Model>)> {}
        pub fn paginate<C>(self, db: &C, page_size: u64) -> Paginator<<E as EntityTrait>::Model> {}
    }
    pub struct Selector<M> {}
    impl<M> Selector<M> {
        pub async fn one<C>(self, db: &C) -> Result<Option<M>, DbErr> {}
        pub async fn all<C>(self, db: &C) -> Result<Vec<M>, DbErr> {}
        pub async fn stream<C>(self, db: &C) -> Result<std::pin::Pin<Box<dyn futures::Stream<Item = Result<M, DbErr>>>>, DbErr> {}
    }
    pub struct Paginator<M> {}
    impl<M> Paginator<M> {
        pub async fn fetch_page(&self, page: u64) -> Result<Vec<M>, DbErr> {}
        pub async fn fetch(&self) -> Result<Vec<M>, DbErr> {}
        pub async fn num_items(&self) -> Result<u64, DbErr> {}
        pub async fn num_pages(&self) -> Result<u64, DbErr> {}
    }
    pub trait QueryFilter {
        fn filter<F>(self, filter: F) -> Self {}
        fn belongs_to<M>(self, model: &M) -> Self {}
    }
    pub trait QueryOrder {
        fn order_by<C, O>(self, col: C, ord: O) -> Self {}
        fn order_by_asc<C>(self, col: C) -> Self {}
        fn order_by_desc<C>(self, col: C) -> Self {}
    }
    pub trait QuerySelect {
        fn select_only(self) -> Self {}
        fn column<C>(self, col: C) -> Self {}
        fn column_as<C, I>(self, col: C, alias: I) -> Self {}
        fn columns<C>(self, cols: C) -> Self {}
        fn expr<E>(self, expr: E) -> Self {}
        fn limit<T>(self, limit: T) -> Self {}
        fn offset<T>(self, offset: T) -> Self {}
        fn group_by<C>(self, col: C) -> Self {}
        fn having<F>(self, filter: F) -> Self {}
        fn distinct(self) -> Self {}
        fn join<J, R>(self, join: J, rel: R) -> Self {}
        fn join_rev<J, R>(self, join: J, rel: R) -> Self {}
        fn lock_exclusive(self) -> Self {}
    }
    pub trait QueryTrait {
        fn build<B>(&self, backend: B) -> crate::database::Statement {}
        fn apply_if<T, F: FnOnce(Self, T) -> Self>(self, val: Option<T>, if_some: F) -> Self {}
    }
    pub trait PaginatorTrait {}
    impl<E> QueryFilter for Select<E> {}
    impl<E> QueryOrder for Select<E> {}
    impl<E> QuerySelect for Select<E> {}
    impl<E> QueryTrait for Select<E> {}
    impl<M> QueryFilter for Selector<M> {}
    impl<M> QueryOrder for Selector<M> {}
    impl<M> QuerySelect for Selector<M> {}
    impl<E> QueryFilter for UpdateMany<E> {}
    impl<E> QueryFilter for DeleteMany<E> {}
    impl<A> QueryFilter for UpdateOne<A> {}
    pub struct Insert<A> {}
    impl<A> Insert<A> {
        pub fn on_conflict<O>(self, on_conflict: O) -> Insert<A> {}
        pub async fn exec<C>(self, db: &C) -> Result<InsertResult, DbErr> {}
        pub async fn exec_with_returning<C>(self, db: &C) -> Result<<<A as crate::entity::ActiveModelTrait>::Entity as EntityTrait>::Model, DbErr> {}
        pub async fn exec_without_returning<C>(self, db: &C) -> Result<u64, DbErr> {}
    }
    pub type InsertMany<A> = Insert<A>;
    pub struct InsertResult {}
    pub struct UpdateOne<A> {}
    impl<A> UpdateOne<A> {
        pub async fn exec<C>(self, db: &C) -> Result<<<A as crate::entity::ActiveModelTrait>::Entity as EntityTrait>::Model, DbErr> {}
    }
    pub struct UpdateMany<E> {}
    impl<E> UpdateMany<E> {
        pub fn set<A>(self, model: A) -> UpdateMany<E> {}
        pub fn col_expr<C, X>(self, col: C, expr: X) -> UpdateMany<E> {}
        pub async fn exec<C>(self, db: &C) -> Result<UpdateResult, DbErr> {}
    }
    pub struct UpdateResult {
        pub rows_affected: u64,
    }
    pub struct DeleteOne<A> {}
    impl<A> DeleteOne<A> {
        pub async fn exec<C>(self, db: &C) -> Result<DeleteResult, DbErr> {}
    }
    pub struct DeleteMany<E> {}
    impl<E> DeleteMany<E> {
        pub async fn exec<C>(self, db: &C) -> Result<DeleteResult, DbErr> {}
    }
    pub struct DeleteResult {
        pub rows_affected: u64,
    }
    pub struct Update {}
    pub struct Delete {}
    #[derive(Clone, Debug)]
    pub struct Condition {}
    impl Condition {
        pub fn all() -> Condition {}
        pub fn any() -> Condition {}
        pub fn add<C>(self, condition: C) -> Condition {}
        pub fn add_option<C>(self, other: Option<C>) -> Condition {}
        pub fn not(self) -> Condition {}
    }
}
