//! Accounts in the database and on the wire.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::schema::{addresses, sessions, users};

/// A row of `users`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable, Serialize)]
#[diesel(table_name = users, check_for_backend(diesel::sqlite::Sqlite))]
pub struct User {
    pub id: i32,
    pub email: String,
    pub name: String,
    #[serde(skip)]
    pub password_hash: String,
    pub role: String,
    pub newsletter: bool,
    pub created_at: NaiveDateTime,
}

impl User {
    /// The account with this address.
    pub fn by_email(conn: &mut SqliteConnection, wanted: &str) -> Result<Option<Self>, AppError> {
        use crate::schema::users::dsl::*;

        let user = users //~ reads users
            .filter(email.eq(wanted))
            .select(Self::as_select())
            .first(conn)
            .optional()?;
        Ok(user)
    }

    /// The account with this id.
    pub fn by_id(conn: &mut SqliteConnection, id: i32) -> Result<Self, AppError> {
        users::table //~ reads users
            .find(id)
            .select(Self::as_select())
            .first(conn)
            .optional()?
            .ok_or(AppError::NotFound("user"))
    }

    /// Whether the account belongs to the staff.
    pub fn is_staff(&self) -> bool {
        self.role == "staff"
    }
}

/// A new row of `users`.
#[derive(Debug, Insertable)]
#[diesel(table_name = users)]
pub struct NewUser<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub password_hash: &'a str,
    pub role: &'a str,
    pub newsletter: bool,
    pub created_at: NaiveDateTime,
}

/// Body of `PATCH /api/me`; what is missing stays.
#[derive(Debug, Deserialize, AsChangeset)]
#[diesel(table_name = users)]
pub struct ProfileChanges {
    pub name: Option<String>,
    pub newsletter: Option<bool>,
}

/// A new row of `sessions`.
#[derive(Debug, Insertable)]
#[diesel(table_name = sessions)]
pub struct NewSession<'a> {
    pub token_hash: &'a str,
    pub user_id: i32,
    pub created_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
}

/// A row of `addresses`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable, Associations, Serialize)]
#[diesel(belongs_to(User), table_name = addresses)]
pub struct Address {
    pub id: i32,
    #[serde(skip)]
    pub user_id: i32,
    pub label: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub country: String,
}

/// Body of `POST /api/me/addresses` and of `PUT /api/me/addresses/{id}`.
#[derive(Clone, Debug, Deserialize, Insertable, AsChangeset)]
#[diesel(table_name = addresses)]
pub struct AddressForm {
    pub label: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub country: String,
}

/// Body of `POST /api/auth/register`.
#[derive(Debug, Deserialize)]
pub struct Registration {
    pub email: String,
    pub name: String,
    pub password: String,
    #[serde(default)]
    pub newsletter: bool,
}

/// Body of `POST /api/auth/login`.
#[derive(Debug, Deserialize)]
pub struct Credentials {
    pub email: String,
    pub password: String,
}

/// Answer to a registration or a login.
#[derive(Debug, Serialize)]
pub struct SignedIn {
    pub token: String,
    pub expires_at: NaiveDateTime,
    pub user: User,
}

/// Whom to write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub email: String,
}

/// A user in the staff's list.
#[derive(Debug, Serialize)]
pub struct UserEntry {
    #[serde(flatten)]
    pub user: User,
    pub orders: i64,
    pub city: Option<String>,
}
