// diesel-async: what runs queries.
use diesel::result::{ConnectionResult, QueryResult};
pub trait RunQueryDsl<Conn> {
    async fn execute(self, conn: &mut Conn) -> QueryResult<usize>;
    async fn load<U>(self, conn: &mut Conn) -> QueryResult<Vec<U>>;
    async fn load_stream<U>(self, conn: &mut Conn) -> QueryResult<futures::stream::BoxStream<QueryResult<U>>>;
    async fn get_result<U>(self, conn: &mut Conn) -> QueryResult<U>;
    async fn get_results<U>(self, conn: &mut Conn) -> QueryResult<Vec<U>>;
    async fn first<U>(self, conn: &mut Conn) -> QueryResult<U>;
}
pub trait SaveChangesDsl<Conn> {
    async fn save_changes<U>(self, conn: &mut Conn) -> QueryResult<U>;
}
pub trait TransactionManager<Conn> {
    async fn begin_transaction(conn: &mut Conn) -> QueryResult<()>;
    async fn commit_transaction(conn: &mut Conn) -> QueryResult<()>;
    async fn rollback_transaction(conn: &mut Conn) -> QueryResult<()>;
}
pub trait AsyncConnection: Sized {
    type TransactionManager: TransactionManager<Self>;
    async fn establish(url: &str) -> ConnectionResult<Self>;
    async fn transaction<R, E, F: AsyncFnOnce(&mut Self) -> Result<R, E>>(&mut self, callback: F) -> Result<R, E>;
    async fn begin_test_transaction(&mut self) -> QueryResult<()>;
}
pub struct AsyncPgConnection {}
pub struct AsyncMysqlConnection {}
impl AsyncConnection for AsyncPgConnection {}
impl AsyncConnection for AsyncMysqlConnection {}
pub mod pooled_connection {
    pub struct AsyncDieselConnectionManager<C> {}
    impl<C> AsyncDieselConnectionManager<C> {
        pub fn new(url: impl Into<String>) -> Self {}
    }
    pub mod deadpool {
        #[derive(Clone)]
        pub struct Pool<C> {}
        impl<C> Pool<C> {
            pub async fn get(&self) -> Result<Object<C>, PoolError> {}
        }
        pub struct Object<C> {}
        impl<C> std::ops::Deref for Object<C> {
            type Target = C;
        }
        #[derive(Debug)]
        pub struct PoolError {}
        impl std::error::Error for PoolError {}
    }
    pub mod bb8 {
        #[derive(Clone)]
        pub struct Pool<C> {}
        impl<C> Pool<C> {
            pub async fn get(&self) -> Result<PooledConnection<C>, RunError> {}
        }
        pub struct PooledConnection<C> {}
        impl<C> std::ops::Deref for PooledConnection<C> {
            type Target = C;
        }
        #[derive(Debug)]
        pub struct RunError {}
        impl std::error::Error for RunError {}
    }
}
