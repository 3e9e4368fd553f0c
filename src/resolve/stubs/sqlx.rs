// sqlx: pools, transactions, queries and the rows that they give.
use std::future::Future;
pub use pool::{Pool, PoolConnection};
pub use query::{Map, Query, QueryAs, QueryScalar};
pub use error::{Error, Result};

pub trait Database {
    type Row;
    type QueryResult;
}
#[derive(Debug)]
pub struct Postgres {}
impl Database for Postgres {
    type Row = postgres::PgRow;
    type QueryResult = postgres::PgQueryResult;
}
#[derive(Debug)]
pub struct MySql {}
impl Database for MySql {
    type Row = mysql::MySqlRow;
    type QueryResult = mysql::MySqlQueryResult;
}
#[derive(Debug)]
pub struct Sqlite {}
impl Database for Sqlite {
    type Row = sqlite::SqliteRow;
    type QueryResult = sqlite::SqliteQueryResult;
}
#[derive(Debug)]
pub struct Any {}

pub type PgPool = Pool<Postgres>;
pub type MySqlPool = Pool<MySql>;
pub type SqlitePool = Pool<Sqlite>;
pub type AnyPool = Pool<Any>;

pub mod pool {
    #[derive(Debug)]
    pub struct Pool<DB> {}
    impl<DB> Clone for Pool<DB> {}
    impl<DB> Pool<DB> {
        pub async fn connect(url: &str) -> crate::Result<Pool<DB>> {}
        pub async fn connect_with<O>(options: O) -> crate::Result<Pool<DB>> {}
        pub fn connect_lazy(url: &str) -> crate::Result<Pool<DB>> {}
        pub fn connect_lazy_with<O>(options: O) -> Pool<DB> {}
        pub async fn acquire(&self) -> crate::Result<PoolConnection<DB>> {}
        pub fn try_acquire(&self) -> Option<PoolConnection<DB>> {}
        pub async fn begin(&self) -> crate::Result<crate::Transaction<DB>> {}
        pub async fn try_begin(&self) -> crate::Result<Option<crate::Transaction<DB>>> {}
        pub async fn close(&self) {}
        pub fn is_closed(&self) -> bool {}
        pub fn size(&self) -> u32 {}
        pub fn num_idle(&self) -> usize {}
    }
    #[derive(Debug)]
    pub struct PoolConnection<DB> {}
    impl<DB> PoolConnection<DB> {
        pub async fn begin(&mut self) -> crate::Result<crate::Transaction<DB>> {}
    }
    impl std::ops::Deref for PoolConnection<crate::Postgres> {
        type Target = crate::postgres::PgConnection;
    }
    impl std::ops::Deref for PoolConnection<crate::Sqlite> {
        type Target = crate::sqlite::SqliteConnection;
    }
    impl std::ops::Deref for PoolConnection<crate::MySql> {
        type Target = crate::mysql::MySqlConnection;
    }
    #[derive(Clone, Debug)]
    pub struct PoolOptions<DB> {}
    impl<DB> PoolOptions<DB> {
        pub fn new() -> PoolOptions<DB> {}
        pub fn max_connections(self, max: u32) -> PoolOptions<DB> {}
        pub fn min_connections(self, min: u32) -> PoolOptions<DB> {}
        pub fn acquire_timeout(self, timeout: std::time::Duration) -> PoolOptions<DB> {}
        pub fn idle_timeout<T>(self, timeout: T) -> PoolOptions<DB> {}
        pub fn max_lifetime<T>(self, lifetime: T) -> PoolOptions<DB> {}
        pub fn test_before_acquire(self, test: bool) -> PoolOptions<DB> {}
        pub fn after_connect<F>(self, callback: F) -> PoolOptions<DB> {}
        pub async fn connect(self, url: &str) -> crate::Result<Pool<DB>> {}
        pub async fn connect_with<O>(self, options: O) -> crate::Result<Pool<DB>> {}
        pub fn connect_lazy(self, url: &str) -> crate::Result<Pool<DB>> {}
        pub fn connect_lazy_with<O>(self, options: O) -> Pool<DB> {}
    }
}

#[derive(Debug)]
pub struct Transaction<DB> {}
impl<DB> Transaction<DB> {
    pub async fn commit(self) -> Result<()> {}
    pub async fn rollback(self) -> Result<()> {}
    pub async fn begin(&mut self) -> Result<Transaction<DB>> {}
}
impl std::ops::Deref for Transaction<Postgres> {
    type Target = postgres::PgConnection;
}
impl std::ops::Deref for Transaction<Sqlite> {
    type Target = sqlite::SqliteConnection;
}
impl std::ops::Deref for Transaction<MySql> {
    type Target = mysql::MySqlConnection;
}

pub trait Executor {
    fn execute<E>(self, query: E) -> impl Future<Output = Result<()>>;
    fn fetch_one<E>(self, query: E) -> impl Future<Output = Result<()>>;
    fn fetch_optional<E>(self, query: E) -> impl Future<Output = Result<Option<()>>>;
    fn fetch_all<E>(self, query: E) -> impl Future<Output = Result<Vec<()>>>;
}
pub trait Acquire {}
pub trait Connection {
    fn begin(&mut self) -> impl Future<Output = Result<Transaction<Any>>>;
    fn close(self) -> impl Future<Output = Result<()>>;
    fn ping(&mut self) -> impl Future<Output = Result<()>>;
}
impl Connection for postgres::PgConnection {
    fn begin(&mut self) -> impl Future<Output = Result<Transaction<Postgres>>> {}
}
impl Connection for sqlite::SqliteConnection {
    fn begin(&mut self) -> impl Future<Output = Result<Transaction<Sqlite>>> {}
}
pub trait Row {
    fn get<T, I>(&self, index: I) -> T {}
    fn try_get<T, I>(&self, index: I) -> Result<T> {}
    fn columns(&self) -> &[()] {}
    fn is_empty(&self) -> bool {}
    fn len(&self) -> usize {}
}
pub trait FromRow<R> {
    fn from_row(row: &R) -> Result<Self>;
}
pub trait ConnectOptions {
    fn log_statements<L>(self, level: L) -> Self {}
    fn connect(&self) -> impl Future<Output = Result<()>> {}
}
pub trait Type<DB> {}
pub trait Encode<DB> {}
pub trait Decode<DB> {}

pub fn query<DB: Database>(sql: &str) -> Query<DB> {}
pub fn query_with<DB: Database, A>(sql: &str, arguments: A) -> Query<DB> {}
pub fn query_as<DB: Database, O>(sql: &str) -> QueryAs<DB, O> {}
pub fn query_as_with<DB: Database, O, A>(sql: &str, arguments: A) -> QueryAs<DB, O> {}
pub fn query_scalar<DB: Database, O>(sql: &str) -> QueryScalar<DB, O> {}
pub fn query_scalar_with<DB: Database, O, A>(sql: &str, arguments: A) -> QueryScalar<DB, O> {}
pub fn raw_sql(sql: &str) -> Query<Any> {}

pub mod query {
    use std::future::Future;
    pub struct Query<DB> {}
    impl<DB: crate::Database> Query<DB> {
        pub fn bind<T>(self, value: T) -> Query<DB> {}
        pub fn persistent(self, value: bool) -> Query<DB> {}
        pub fn map<F: FnMut(<DB as crate::Database>::Row) -> O, O>(self, f: F) -> Map<O> {}
        pub fn try_map<F: FnMut(<DB as crate::Database>::Row) -> crate::Result<O>, O>(self, f: F) -> Map<O> {}
        pub async fn execute<E>(self, executor: E) -> crate::Result<<DB as crate::Database>::QueryResult> {}
        pub async fn fetch_all<E>(self, executor: E) -> crate::Result<Vec<<DB as crate::Database>::Row>> {}
        pub async fn fetch_one<E>(self, executor: E) -> crate::Result<<DB as crate::Database>::Row> {}
        pub async fn fetch_optional<E>(self, executor: E) -> crate::Result<Option<<DB as crate::Database>::Row>> {}
        pub fn fetch<E>(self, executor: E) -> impl futures::Stream<Item = crate::Result<<DB as crate::Database>::Row>> {}
    }
    pub struct QueryAs<DB, O> {}
    impl<DB: crate::Database, O> QueryAs<DB, O> {
        pub fn bind<T>(self, value: T) -> QueryAs<DB, O> {}
        pub fn persistent(self, value: bool) -> QueryAs<DB, O> {}
        pub async fn fetch_all<E>(self, executor: E) -> crate::Result<Vec<O>> {}
        pub async fn fetch_one<E>(self, executor: E) -> crate::Result<O> {}
        pub async fn fetch_optional<E>(self, executor: E) -> crate::Result<Option<O>> {}
        pub fn fetch<E>(self, executor: E) -> impl futures::Stream<Item = crate::Result<O>> {}
    }
    pub struct QueryScalar<DB, O> {}
    impl<DB: crate::Database, O> QueryScalar<DB, O> {
        pub fn bind<T>(self, value: T) -> QueryScalar<DB, O> {}
        pub async fn fetch_all<E>(self, executor: E) -> crate::Result<Vec<O>> {}
        pub async fn fetch_one<E>(self, executor: E) -> crate::Result<O> {}
        pub async fn fetch_optional<E>(self, executor: E) -> crate::Result<Option<O>> {}
        pub fn fetch<E>(self, executor: E) -> impl futures::Stream<Item = crate::Result<O>> {}
    }
    pub struct Map<O> {}
    impl<O> Map<O> {
        pub fn map<F: FnMut(O) -> P, P>(self, f: F) -> Map<P> {}
        pub fn try_map<F: FnMut(O) -> crate::Result<P>, P>(self, f: F) -> Map<P> {}
        pub async fn fetch_all<E>(self, executor: E) -> crate::Result<Vec<O>> {}
        pub async fn fetch_one<E>(self, executor: E) -> crate::Result<O> {}
        pub async fn fetch_optional<E>(self, executor: E) -> crate::Result<Option<O>> {}
        pub async fn execute<E>(self, executor: E) -> crate::Result<crate::postgres::PgQueryResult> {}
        pub fn fetch<E>(self, executor: E) -> impl futures::Stream<Item = crate::Result<O>> {}
    }
}
pub struct QueryBuilder<DB> {}
impl<DB: Database> QueryBuilder<DB> {
    pub fn new<S>(init: S) -> QueryBuilder<DB> {}
    pub fn push<D>(&mut self, sql: D) -> &mut QueryBuilder<DB> {}
    pub fn push_bind<T>(&mut self, value: T) -> &mut QueryBuilder<DB> {}
    pub fn push_values<I: IntoIterator, F: FnMut(Separated, <I as IntoIterator>::Item)>(&mut self, tuples: I, push_tuple: F) -> &mut QueryBuilder<DB> {}
    pub fn separated<S>(&mut self, separator: S) -> Separated {}
    pub fn build(&mut self) -> Query<DB> {}
    pub fn build_query_as<T>(&mut self) -> QueryAs<DB, T> {}
    pub fn build_query_scalar<T>(&mut self) -> QueryScalar<DB, T> {}
    pub fn sql(&self) -> &str {}
}
pub struct Separated {}
impl Separated {
    pub fn push<D>(&mut self, sql: D) -> &mut Separated {}
    pub fn push_bind<T>(&mut self, value: T) -> &mut Separated {}
    pub fn push_unseparated<D>(&mut self, sql: D) -> &mut Separated {}
}

pub mod error {
    pub type Result<T, E = Error> = std::result::Result<T, E>;
    #[derive(Debug)]
    pub enum Error {
        Configuration(Box<dyn std::error::Error>),
        Database(Box<dyn DatabaseError>),
        Io(std::io::Error),
        RowNotFound,
        PoolTimedOut,
        PoolClosed,
        WorkerCrashed,
        ColumnNotFound(String),
        Protocol(String),
        Decode(Box<dyn std::error::Error>),
    }
    impl Error {
        pub fn as_database_error(&self) -> Option<&dyn DatabaseError> {}
        pub fn into_database_error(self) -> Option<Box<dyn DatabaseError>> {}
    }
    impl std::error::Error for Error {}
    pub trait DatabaseError: std::error::Error {
        fn message(&self) -> &str;
        fn code(&self) -> Option<std::borrow::Cow<str>>;
        fn constraint(&self) -> Option<&str>;
        fn table(&self) -> Option<&str>;
        fn is_unique_violation(&self) -> bool;
        fn is_foreign_key_violation(&self) -> bool;
        fn is_check_violation(&self) -> bool;
    }
    pub type BoxDynError = Box<dyn std::error::Error>;
}
pub mod postgres {
    pub use crate::{PgPool, Postgres};
    pub type PgPoolOptions = crate::pool::PoolOptions<crate::Postgres>;
    #[derive(Debug)]
    pub struct PgConnection {}
    #[derive(Debug)]
    pub struct PgRow {}
    impl crate::Row for PgRow {}
    #[derive(Debug, Default)]
    pub struct PgQueryResult {}
    impl PgQueryResult {
        pub fn rows_affected(&self) -> u64 {}
        pub fn last_insert_rowid(&self) -> i64 {}
        pub fn last_insert_id(&self) -> u64 {}
    }
    #[derive(Clone, Debug, Default)]
    pub struct PgConnectOptions {}
    impl PgConnectOptions {
        pub fn new() -> PgConnectOptions {}
        pub fn host(self, host: &str) -> PgConnectOptions {}
        pub fn port(self, port: u16) -> PgConnectOptions {}
        pub fn username(self, username: &str) -> PgConnectOptions {}
        pub fn password(self, password: &str) -> PgConnectOptions {}
        pub fn database(self, database: &str) -> PgConnectOptions {}
        pub fn ssl_mode(self, mode: PgSslMode) -> PgConnectOptions {}
        pub fn log_statements<L>(self, level: L) -> PgConnectOptions {}
    }
    pub enum PgSslMode {
        Disable,
        Allow,
        Prefer,
        Require,
        VerifyCa,
        VerifyFull,
    }
    pub struct PgListener {}
    impl PgListener {
        pub async fn connect_with(pool: &crate::PgPool) -> crate::Result<PgListener> {}
        pub async fn listen(&mut self, channel: &str) -> crate::Result<()> {}
        pub async fn recv(&mut self) -> crate::Result<PgNotification> {}
    }
    pub struct PgNotification {}
    impl PgNotification {
        pub fn payload(&self) -> &str {}
        pub fn channel(&self) -> &str {}
    }
}
pub use postgres::PgConnection;
pub use sqlite::SqliteConnection;
pub use mysql::MySqlConnection;
pub mod mysql {
    pub use crate::{MySql, MySqlPool};
    pub type MySqlPoolOptions = crate::pool::PoolOptions<crate::MySql>;
    #[derive(Debug)]
    pub struct MySqlConnection {}
    #[derive(Debug)]
    pub struct MySqlRow {}
    impl crate::Row for MySqlRow {}
    #[derive(Debug, Default)]
    pub struct MySqlQueryResult {}
    impl MySqlQueryResult {
        pub fn rows_affected(&self) -> u64 {}
        pub fn last_insert_id(&self) -> u64 {}
    }
}
pub mod sqlite {
    pub use crate::{Sqlite, SqlitePool};
    pub type SqlitePoolOptions = crate::pool::PoolOptions<crate::Sqlite>;
    #[derive(Debug)]
    pub struct SqliteConnection {}
    #[derive(Debug)]
    pub struct SqliteRow {}
    impl crate::Row for SqliteRow {}
    #[derive(Debug, Default)]
    pub struct SqliteQueryResult {}
    impl SqliteQueryResult {
        pub fn rows_affected(&self) -> u64 {}
        pub fn last_insert_rowid(&self) -> i64 {}
    }
    #[derive(Clone, Debug, Default)]
    pub struct SqliteConnectOptions {}
    impl SqliteConnectOptions {
        pub fn new() -> SqliteConnectOptions {}
        pub fn filename<P>(self, filename: P) -> SqliteConnectOptions {}
        pub fn create_if_missing(self, create: bool) -> SqliteConnectOptions {}
        pub fn foreign_keys(self, on: bool) -> SqliteConnectOptions {}
        pub fn journal_mode<M>(self, mode: M) -> SqliteConnectOptions {}
        pub fn busy_timeout(self, timeout: std::time::Duration) -> SqliteConnectOptions {}
    }
    impl std::str::FromStr for SqliteConnectOptions {
        type Err = crate::Error;
    }
}
pub mod types {
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Json<T>(pub T);
    impl<T> std::ops::Deref for Json<T> {
        type Target = T;
    }
    pub use uuid::Uuid;
    pub use chrono;
}
pub mod migrate {
    pub struct Migrator {}
    impl Migrator {
        pub async fn run<A>(&self, migrator: A) -> Result<(), MigrateError> {}
    }
    #[derive(Debug)]
    pub struct MigrateError {}
}
