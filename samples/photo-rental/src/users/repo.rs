//! SQL of the user domain.

use sqlx::{SqliteExecutor, SqlitePool};

use super::types::{Address, Contact, NewAddress, UserRow};
use crate::error::AppError;
use crate::helpers::paging::Window;

const ADDRESS_BY_ID: &str =
    "SELECT id, user_id, label, line1, line2, postcode, city, country, is_default
     FROM addresses WHERE id = ?1 AND user_id = ?2";

/// Adds a user and returns the new id.
pub async fn insert_user(
    db: impl SqliteExecutor<'_>,
    email: &str,
    display_name: &str,
    phone: Option<&str>,
    password_hash: &str,
    role: &str,
    now: &str,
) -> Result<i64, AppError> {
    let id = sqlx::query_scalar( //~ inserts users
        "INSERT INTO users (email, display_name, phone, password_hash, role, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
    )
    .bind(email)
    .bind(display_name)
    .bind(phone)
    .bind(password_hash)
    .bind(role)
    .bind(now)
    .fetch_one(db)
    .await?;
    Ok(id)
}

/// Finds a user by address, which must be normalised.
pub async fn by_email(pool: &SqlitePool, email: &str) -> Result<Option<UserRow>, AppError> {
    let row = sqlx::query_as::<_, UserRow>("SELECT * FROM users WHERE email = ?1") //~ reads users
        .bind(email)
        .fetch_optional(pool)
        .await?;
    Ok(row)
}

/// Finds a user by id.
pub async fn by_id(db: impl SqliteExecutor<'_>, id: i64) -> Result<Option<UserRow>, AppError> {
    let row = sqlx::query_as::<_, UserRow>("SELECT * FROM users WHERE id = ?1") //~ reads users
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row)
}

/// Name and address of a user.
pub async fn contact(pool: &SqlitePool, id: i64) -> Result<Option<Contact>, AppError> {
    let row = sqlx::query_as("SELECT email, display_name FROM users WHERE id = ?1") //~ reads users
        .bind(id)
        .fetch_optional(pool)
        .await?;
    Ok(row)
}

/// Overwrites name and telephone number.
pub async fn update_profile(
    pool: &SqlitePool,
    id: i64,
    display_name: &str,
    phone: Option<&str>,
) -> Result<(), AppError> {
    sqlx::query("UPDATE users SET display_name = ?2, phone = ?3 WHERE id = ?1") //~ updates users
        .bind(id)
        .bind(display_name)
        .bind(phone)
        .execute(pool)
        .await?;
    Ok(())
}

/// One page of all users, and how many there are.
pub async fn list(pool: &SqlitePool, window: Window) -> Result<(Vec<UserRow>, i64), AppError> {
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM users") //~ reads users
        .fetch_one(pool)
        .await?;
    let rows = sqlx::query_as("SELECT * FROM users ORDER BY id LIMIT ?1 OFFSET ?2") //~ reads users
        .bind(window.per_page)
        .bind(window.offset())
        .fetch_all(pool)
        .await?;
    Ok((rows, total))
}

/// Stores a session.
pub async fn insert_session(
    pool: &SqlitePool,
    token_hash: &str,
    user_id: i64,
    now: &str,
    expires_at: &str,
) -> Result<(), AppError> {
    sqlx::query( //~ inserts sessions
        "INSERT INTO sessions (token_hash, user_id, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4)",
    )
    .bind(token_hash)
    .bind(user_id)
    .bind(now)
    .bind(expires_at)
    .execute(pool)
    .await?;
    Ok(())
}

/// The user behind a session that has not expired.
pub async fn by_session(
    pool: &SqlitePool,
    token_hash: &str,
    now: &str,
) -> Result<Option<UserRow>, AppError> {
    let row = sqlx::query_as::<_, UserRow>( //~ reads sessions, users
        "SELECT u.* FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = ?1 AND s.expires_at > ?2",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(pool)
    .await?;
    Ok(row)
}

/// Ends one session.
pub async fn delete_session(pool: &SqlitePool, token_hash: &str) -> Result<(), AppError> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = ?1") //~ deletes sessions
        .bind(token_hash)
        .execute(pool)
        .await?;
    Ok(())
}

/// Forgets the expired sessions of a user.
pub async fn purge_sessions(pool: &SqlitePool, user_id: i64, now: &str) -> Result<u64, AppError> {
    let done = sqlx::query("DELETE FROM sessions WHERE user_id = ?1 AND expires_at <= ?2") //~ deletes sessions
        .bind(user_id)
        .bind(now)
        .execute(pool)
        .await?;
    Ok(done.rows_affected())
}

/// All addresses of a user, the default one first.
pub async fn addresses(pool: &SqlitePool, user_id: i64) -> Result<Vec<Address>, AppError> {
    let rows = sqlx::query_as::<_, Address>( //~ reads addresses
        "SELECT * FROM addresses WHERE user_id = ?1 ORDER BY is_default DESC, id",
    )
    .bind(user_id)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// One address, if the user owns it.
pub async fn address(
    db: impl SqliteExecutor<'_>,
    user_id: i64,
    id: i64,
) -> Result<Option<Address>, AppError> {
    let row = sqlx::query_as(ADDRESS_BY_ID) //~ reads addresses
        .bind(id)
        .bind(user_id)
        .fetch_optional(db)
        .await?;
    Ok(row)
}

/// Adds an address and returns its id.
pub async fn insert_address(
    db: impl SqliteExecutor<'_>,
    user_id: i64,
    new: &NewAddress,
) -> Result<i64, AppError> {
    let sql = "INSERT INTO addresses
               (user_id, label, line1, line2, postcode, city, country, is_default)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0) RETURNING id";
    let id = sqlx::query_scalar(sql) //~ inserts addresses
        .bind(user_id)
        .bind(new.label.trim())
        .bind(new.line1.trim())
        .bind(new.line2.as_deref())
        .bind(new.postcode.trim())
        .bind(new.city.trim())
        .bind(new.country.trim())
        .fetch_one(db)
        .await?;
    Ok(id)
}

/// Makes one address the default and every other one not.
pub async fn set_default_address(
    db: impl SqliteExecutor<'_>,
    user_id: i64,
    id: i64,
) -> Result<(), AppError> {
    sqlx::query("UPDATE addresses SET is_default = (id = ?2) WHERE user_id = ?1") //~ updates addresses
        .bind(user_id)
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

/// Removes an address.
pub async fn delete_address(pool: &SqlitePool, id: i64) -> Result<(), AppError> {
    sqlx::query("DELETE FROM addresses WHERE id = ?1") //~ deletes addresses
        .bind(id)
        .execute(pool)
        .await?;
    Ok(())
}
