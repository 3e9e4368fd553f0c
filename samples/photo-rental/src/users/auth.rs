//! Who is asking: extractors for handlers.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::repo;
use super::types::UserRow;
use crate::error::AppError;
use crate::helpers::tokens::sha256_hex;
use crate::state::AppState;

const SIGN_IN: AppError = AppError::Unauthorized("sign in first");

/// The signed-in user. A handler with this argument answers 401 without a valid session.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    pub user: UserRow,
    /// Hash of the token that was presented; logging out deletes it.
    pub token_hash: String,
}

impl CurrentUser {
    /// The user's id.
    pub fn id(&self) -> i64 {
        self.user.id
    }
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = AppError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let token = bearer_token(parts).ok_or(SIGN_IN)?;
        let token_hash = sha256_hex(token);
        let user = repo::by_session(&state.pool, &token_hash, &state.now_text())
            .await?
            .ok_or(SIGN_IN)?;
        Ok(Self { user, token_hash })
    }
}

/// A signed-in member of the staff; others are answered 403.
#[derive(Clone, Debug)]
pub struct AdminUser(pub CurrentUser);

impl FromRequestParts<AppState> for AdminUser {
    type Rejection = AppError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let current = CurrentUser::from_request_parts(parts, state).await?; //~ calls photo_rental::users::auth::CurrentUser::from_request_parts
        if !current.user.is_admin() {
            return Err(AppError::Forbidden("staff only"));
        }
        Ok(Self(current))
    }
}

fn bearer_token(parts: &Parts) -> Option<&str> {
    let header = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let token = header.strip_prefix("Bearer ")?.trim();
    (!token.is_empty()).then_some(token)
}
