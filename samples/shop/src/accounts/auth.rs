//! Who is asking.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::User;
use crate::db;
use crate::error::AppError;
use crate::schema::{sessions, users};
use crate::state::AppState;
use crate::support::tokens::digest;

/// The signed-in user. A handler with this argument answers 401 without a valid session.
#[derive(Clone, Debug)]
pub struct AuthUser {
    pub user: User,
    /// Digest of the token that was presented; logging out deletes it.
    pub token_hash: String,
}

impl Deref for AuthUser {
    type Target = User;

    fn deref(&self) -> &User {
        &self.user
    }
}

impl FromRequest for AuthUser {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let token = bearer_token(request);
        Box::pin(async move {
            let state = state.ok_or_else(|| AppError::Internal("no state".to_owned()))?;
            let token = token.ok_or(AppError::Unauthorized("sign in first"))?;
            find_user(&state, token).await //~ calls shop::accounts::auth::find_user
        })
    }
}

/// The user with a session of this token.
pub async fn find_user(state: &AppState, token: String) -> Result<AuthUser, AppError> {
    let token_hash = digest(&token);
    let now = state.now();
    db::with_conn(&state.pool, move |conn| {
        let user = by_session(conn, &token_hash, now)?; //~ calls shop::accounts::auth::by_session
        Ok(AuthUser { user, token_hash })
    })
    .await
}

fn by_session(
    conn: &mut SqliteConnection,
    token_hash: &str,
    now: NaiveDateTime,
) -> Result<User, AppError> {
    sessions::table //~ reads sessions, users
        .inner_join(users::table)
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::expires_at.gt(now))
        .select(User::as_select())
        .first(conn)
        .optional()?
        .ok_or(AppError::Unauthorized("sign in first"))
}

/// The token of the `Authorization` header.
pub fn bearer_token(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let token = header.strip_prefix("Bearer ")?.trim();
    (!token.is_empty()).then(|| token.to_owned())
}
