//! What users look like in the database and on the wire.

use serde::{Deserialize, Serialize};

/// A row of `users`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserRow {
    pub id: i64,
    pub email: String,
    pub display_name: String,
    pub phone: Option<String>,
    pub password_hash: String,
    pub role: String,
    pub created_at: String,
}

impl UserRow {
    /// Whether the user belongs to the shop's staff.
    pub fn is_admin(&self) -> bool {
        self.role == "admin"
    }
}

/// A user as clients see one.
#[derive(Clone, Debug, Serialize)]
pub struct UserView {
    pub id: i64,
    pub email: String,
    pub display_name: String,
    pub phone: Option<String>,
    pub role: String,
    pub created_at: String,
}

impl From<UserRow> for UserView {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id,
            email: row.email,
            display_name: row.display_name,
            phone: row.phone,
            role: row.role,
            created_at: row.created_at,
        }
    }
}

/// A line of the staff's user list.
#[derive(Debug, Serialize)]
pub struct UserListEntry {
    #[serde(flatten)]
    pub user: UserView,
    pub open_orders: i64,
}

/// Where to reach a user.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Contact {
    pub email: String,
    pub display_name: String,
}

/// Body of `POST /api/auth/register`.
#[derive(Debug, Deserialize)]
pub struct RegisterRequest {
    pub email: String,
    pub display_name: String,
    pub password: String,
    pub phone: Option<String>,
}

/// Body of `POST /api/auth/login`.
#[derive(Debug, Deserialize)]
pub struct LoginRequest {
    pub email: String,
    pub password: String,
}

/// A started session.
#[derive(Debug, Serialize)]
pub struct SessionView {
    pub token: String,
    pub expires_at: String,
    pub user: UserView,
}

/// Body of `PATCH /api/me`; a missing field stays as it is.
#[derive(Debug, Default, Deserialize)]
pub struct ProfilePatch {
    pub display_name: Option<String>,
    pub phone: Option<String>,
}

/// A row of `addresses`.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct Address {
    pub id: i64,
    #[serde(skip)]
    pub user_id: i64,
    pub label: String,
    pub line1: String,
    pub line2: Option<String>,
    pub postcode: String,
    pub city: String,
    pub country: String,
    pub is_default: bool,
}

/// Body of `POST /api/me/addresses`.
#[derive(Debug, Deserialize)]
pub struct NewAddress {
    pub label: String,
    pub line1: String,
    pub line2: Option<String>,
    pub postcode: String,
    pub city: String,
    pub country: String,
    #[serde(default)]
    pub is_default: bool,
}
