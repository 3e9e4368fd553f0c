// Diesel: connections, transactions, and the rows that a query is loaded into.
pub use result::{QueryResult, ConnectionResult};
pub use connection::Connection;
pub use query_dsl::{RunQueryDsl, QueryDsl};
pub use pg::PgConnection;
pub use sqlite::SqliteConnection;
pub use mysql::MysqlConnection;
pub mod prelude {
    pub use crate::connection::Connection;
    pub use crate::pg::PgConnection;
    pub use crate::sqlite::SqliteConnection;
    pub use crate::mysql::MysqlConnection;
    pub use crate::query_dsl::{RunQueryDsl, QueryDsl};
    pub use crate::expression::{ExpressionMethods, BoolExpressionMethods, TextExpressionMethods, OptionalExtension};
    pub use crate::result::{QueryResult, ConnectionResult};
    pub use crate::{insert_into, update, delete, sql_query};
}
pub mod result {
    pub type QueryResult<T> = Result<T, Error>;
    pub type ConnectionResult<T> = Result<T, ConnectionError>;
    #[derive(Debug)]
    pub enum Error {
        NotFound,
        DatabaseError(DatabaseErrorKind, Box<dyn std::error::Error>),
        RollbackTransaction,
        QueryBuilderError(Box<dyn std::error::Error>),
        DeserializationError(Box<dyn std::error::Error>),
        SerializationError(Box<dyn std::error::Error>),
        AlreadyInTransaction,
    }
    #[derive(Debug)]
    pub enum DatabaseErrorKind {
        UniqueViolation,
        ForeignKeyViolation,
        CheckViolation,
        NotNullViolation,
        Unknown,
    }
    #[derive(Debug)]
    pub enum ConnectionError {
        BadConnection(String),
    }
    pub trait OptionalExtension<T> {
        fn optional(self) -> Result<Option<T>, Error>;
    }
    impl<T> OptionalExtension<T> for Result<T, Error> {
        fn optional(self) -> Result<Option<T>, Error> {}
    }
}
pub use result::OptionalExtension;
pub mod connection {
    pub trait Connection {
        fn establish(url: &str) -> crate::result::ConnectionResult<Self>;
        fn transaction<T, E, F: FnOnce(&mut Self) -> Result<T, E>>(&mut self, f: F) -> Result<T, E> {}
        fn test_transaction<T, E, F: FnOnce(&mut Self) -> Result<T, E>>(&mut self, f: F) -> T {}
        fn begin_test_transaction(&mut self) -> crate::result::QueryResult<()> {}
    }
    impl Connection for crate::pg::PgConnection {}
    impl Connection for crate::sqlite::SqliteConnection {}
    impl Connection for crate::mysql::MysqlConnection {}
    impl<C: Connection> Connection for crate::r2d2::PooledConnection<C> {}
}
pub mod pg {
    pub struct PgConnection {}
    pub struct Pg {}
}
pub mod sqlite {
    pub struct SqliteConnection {}
    pub struct Sqlite {}
}
pub mod mysql {
    pub struct MysqlConnection {}
}
pub mod r2d2 {
    pub struct ConnectionManager<C> {}
    impl<C> ConnectionManager<C> {
        pub fn new<T>(url: T) -> ConnectionManager<C> {}
    }
    pub struct Pool<M> {}
    impl<M> Clone for Pool<M> {}
    impl<C> Pool<ConnectionManager<C>> {
        pub fn new(manager: ConnectionManager<C>) -> Result<Pool<ConnectionManager<C>>, PoolError> {}
        pub fn builder() -> Builder {}
        pub fn get(&self) -> Result<PooledConnection<ConnectionManager<C>>, PoolError> {}
    }
    pub struct Builder {}
    impl Builder {
        pub fn max_size(self, max: u32) -> Builder {}
        pub fn build<M>(self, manager: M) -> Result<Pool<M>, PoolError> {}
    }
    pub struct PooledConnection<M> {}
    impl<C> std::ops::Deref for PooledConnection<ConnectionManager<C>> {
        type Target = C;
    }
    #[derive(Debug)]
    pub struct PoolError {}
}
pub mod query_dsl {
    pub trait RunQueryDsl<Conn> {
        fn execute(self, conn: &mut Conn) -> crate::result::QueryResult<usize>;
        fn load<U>(self, conn: &mut Conn) -> crate::result::QueryResult<Vec<U>>;
        fn get_result<U>(self, conn: &mut Conn) -> crate::result::QueryResult<U>;
        fn get_results<U>(self, conn: &mut Conn) -> crate::result::QueryResult<Vec<U>>;
        fn first<U>(self, conn: &mut Conn) -> crate::result::QueryResult<U>;
    }
    pub trait QueryDsl {}
}
pub mod expression {
    pub use crate::result::OptionalExtension;
    pub trait ExpressionMethods {}
    pub trait BoolExpressionMethods {}
    pub trait TextExpressionMethods {}
}
pub fn insert_into<T>(target: T) -> query_builder::Statement {}
pub fn update<T>(source: T) -> query_builder::Statement {}
pub fn delete<T>(source: T) -> query_builder::Statement {}
pub fn sql_query<T>(query: T) -> query_builder::Statement {}
pub mod query_builder {
    pub struct Statement {}
    impl Statement {
        pub fn values<V>(self, records: V) -> Statement {}
        pub fn set<V>(self, values: V) -> Statement {}
        pub fn filter<P>(self, predicate: P) -> Statement {}
        pub fn bind<ST, V>(self, value: V) -> Statement {}
        pub fn returning<E>(self, returns: E) -> Statement {}
        pub fn on_conflict<T>(self, target: T) -> Statement {}
        pub fn do_update(self) -> Statement {}
        pub fn do_nothing(self) -> Statement {}
        pub fn execute<C>(self, conn: &mut C) -> crate::result::QueryResult<usize> {}
        pub fn load<U, C>(self, conn: &mut C) -> crate::result::QueryResult<Vec<U>> {}
        pub fn get_result<U, C>(self, conn: &mut C) -> crate::result::QueryResult<U> {}
        pub fn get_results<U, C>(self, conn: &mut C) -> crate::result::QueryResult<Vec<U>> {}
    }
}
