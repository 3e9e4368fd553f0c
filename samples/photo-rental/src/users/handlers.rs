//! HTTP handlers of the user domain.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::types::{
    Address, LoginRequest, NewAddress, ProfilePatch, RegisterRequest, SessionView, UserListEntry,
    UserView,
};
use super::{AdminUser, CurrentUser, repo, service};
use crate::error::AppError;
use crate::helpers::{JsonBody, Page, PageParams, PathId, QueryParams};
use crate::state::AppState;

/// Creates an account.
pub async fn register( //~ entry POST /api/auth/register
    State(state): State<AppState>,
    JsonBody(req): JsonBody<RegisterRequest>,
) -> Result<(StatusCode, Json<SessionView>), AppError> {
    let session = service::register(&state, req).await?;
    Ok((StatusCode::CREATED, Json(session)))
}

/// Signs in.
pub async fn login( //~ entry POST /api/auth/login
    State(state): State<AppState>,
    JsonBody(req): JsonBody<LoginRequest>,
) -> Result<Json<SessionView>, AppError> {
    Ok(Json(service::login(&state, req).await?))
}

/// Signs out: the presented token is worthless afterwards.
pub async fn logout( //~ entry POST /api/auth/logout
    State(state): State<AppState>,
    current: CurrentUser,
) -> Result<StatusCode, AppError> {
    repo::delete_session(&state.pool, &current.token_hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The own profile.
pub async fn me(current: CurrentUser) -> Json<UserView> { //~ entry GET /api/me
    Json(current.user.into())
}

/// Changes the own profile.
pub async fn update_me( //~ entry PATCH /api/me
    State(state): State<AppState>,
    current: CurrentUser,
    JsonBody(patch): JsonBody<ProfilePatch>,
) -> Result<Json<UserView>, AppError> {
    let view = service::update_profile(&state, current.user, patch).await?;
    Ok(Json(view))
}

/// The own addresses.
pub async fn addresses( //~ entry GET /api/me/addresses
    State(state): State<AppState>,
    current: CurrentUser,
) -> Result<Json<Vec<Address>>, AppError> {
    Ok(Json(repo::addresses(&state.pool, current.id()).await?))
}

/// Adds an address.
pub async fn add_address( //~ entry POST /api/me/addresses
    State(state): State<AppState>,
    current: CurrentUser,
    JsonBody(new): JsonBody<NewAddress>,
) -> Result<(StatusCode, Json<Address>), AppError> {
    let address = service::add_address(&state, current.id(), new).await?;
    Ok((StatusCode::CREATED, Json(address)))
}

/// Removes an address.
pub async fn remove_address( //~ entry DELETE /api/me/addresses/{id}
    State(state): State<AppState>,
    current: CurrentUser,
    PathId(id): PathId,
) -> Result<StatusCode, AppError> {
    service::remove_address(&state, current.id(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Chooses the default address.
pub async fn make_default_address( //~ entry PUT /api/me/addresses/{id}/default
    State(state): State<AppState>,
    current: CurrentUser,
    PathId(id): PathId,
) -> Result<Json<Vec<Address>>, AppError> {
    let addresses = service::make_default_address(&state, current.id(), id).await?;
    Ok(Json(addresses))
}

/// All users, for the staff.
pub async fn list_users( //~ entry GET /api/admin/users
    State(state): State<AppState>,
    _admin: AdminUser,
    QueryParams(params): QueryParams<PageParams>,
) -> Result<Json<Page<UserListEntry>>, AppError> {
    Ok(Json(service::list_users(&state, params).await?))
}
