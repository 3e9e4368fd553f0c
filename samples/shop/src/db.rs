//! The connection pool and the way to it from async code.

use std::error::Error;
use std::fmt;

use actix_web::web;
use diesel::connection::SimpleConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::config::Config;
use crate::error::AppError;

/// The schema, compiled into the binary.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The pool that all handlers and jobs share.
pub type DbPool = Pool<ConnectionManager<SqliteConnection>>;

/// Settings that SQLite forgets with each connection.
struct Pragmas;

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for Pragmas {
    fn on_acquire(&self, conn: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;")
            .map_err(diesel::r2d2::Error::QueryError)
    }
}

impl fmt::Debug for Pragmas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pragmas")
    }
}

/// Opens the database.
pub fn open_pool(config: &Config) -> Result<DbPool, AppError> {
    let manager = ConnectionManager::new(&config.database_url);
    let pool = Pool::builder()
        .max_size(config.pool_size)
        .connection_customizer(Box::new(Pragmas))
        .build(manager)
        .map_err(|err| AppError::Config(format!("{}: {err}", config.database_url)))?;
    Ok(pool)
}

/// Brings the schema up to date.
pub fn migrate(conn: &mut SqliteConnection) -> Result<(), AppError> {
    conn.batch_execute("PRAGMA journal_mode = WAL;")?;
    conn.run_pending_migrations(MIGRATIONS)
        .map_err(|err: Box<dyn Error + Send + Sync>| AppError::Internal(err.to_string()))?;
    Ok(())
}

/// Runs `work` with a connection on the pool of blocking threads.
pub async fn with_conn<T, F>(pool: &DbPool, work: F) -> Result<T, AppError>
where
    T: Send + 'static,
    F: FnOnce(&mut SqliteConnection) -> Result<T, AppError> + Send + 'static,
{
    let pool = pool.clone();
    web::block(move || {
        let mut conn = pool.get()?;
        work(&mut conn)
    })
    .await?
}
