//! What the command line does.

use std::net::TcpListener;
use std::path::Path;

use diesel::connection::SimpleConnection;

use crate::accounts::models::{Registration, User};
use crate::accounts::service::create_account;
use crate::config::Config;
use crate::error::AppError;
use crate::state::build_state;
use crate::{catalog, db, server};

/// Serves requests until the process is asked to stop.
pub async fn serve(config: &Config) -> Result<(), AppError> { //~ entry command serve
    let (state, receiver) = build_state(config)?;
    let address = format!("{}:{}", config.host, config.port);
    let listener =
        TcpListener::bind(&address).map_err(|err| AppError::Config(format!("{address}: {err}")))?;
    log::info!("listening on {address}");
    server::run(listener, state, receiver).await
}

/// Brings the database schema up to date.
pub fn migrate(config: &Config) -> Result<(), AppError> { //~ entry command migrate
    let pool = db::open_pool(config)?;
    db::migrate(&mut *pool.get()?) //~ calls shop::db::migrate
}

/// Runs a file of SQL statements against a migrated database; for demonstration data.
pub fn seed(config: &Config, file: &Path) -> Result<(), AppError> { //~ entry command seed
    let sql = read(file)?;
    let (state, _) = build_state(config)?;
    state.pool.get()?.batch_execute(&sql)?; //~ unknown-sql
    Ok(())
}

/// Adds a member of the staff.
pub fn create_admin(config: &Config, registration: &Registration) -> Result<User, AppError> { //~ entry command create-admin
    let (state, _) = build_state(config)?;
    let mut conn = state.pool.get()?;
    create_account(&mut conn, registration, "staff", state.now()) //~ calls shop::accounts::service::create_account
}

/// Reads products from a file of semicolon-separated values; returns how many.
pub fn import_products(config: &Config, file: &Path) -> Result<usize, AppError> { //~ entry command import-products
    let text = read(file)?;
    let (state, _) = build_state(config)?;
    let mut conn = state.pool.get()?;
    catalog::import::import(&mut conn, &text, state.now()) //~ calls shop::catalog::import::import
}

fn read(file: &Path) -> Result<String, AppError> {
    std::fs::read_to_string(file)
        .map_err(|err| AppError::Config(format!("{}: {err}", file.display())))
}
