//! HTTP handlers of the recommendation domain.

use axum::Json;
use axum::extract::State;

use super::service;
use super::types::{LimitParams, PopularItem, PopularParams, Suggestion};
use crate::error::AppError;
use crate::helpers::{PathId, QueryParams};
use crate::state::AppState;
use crate::users::CurrentUser;

/// The most rented items.
pub async fn popular( //~ entry GET /api/recommendations/popular
    State(state): State<AppState>,
    QueryParams(params): QueryParams<PopularParams>,
) -> Result<Json<Vec<PopularItem>>, AppError> {
    let limit = service::checked_limit(params.limit)?;
    let items = service::popular(&state, params.category.as_deref(), limit).await?;
    Ok(Json(items))
}

/// What is rented together with an item.
pub async fn together( //~ entry GET /api/recommendations/items/{id}/together
    State(state): State<AppState>,
    PathId(id): PathId,
    QueryParams(params): QueryParams<LimitParams>,
) -> Result<Json<Vec<Suggestion>>, AppError> {
    let limit = service::checked_limit(params.limit)?;
    Ok(Json(service::together(&state, id, limit).await?))
}

/// Suggestions for the signed-in user.
pub async fn for_me( //~ entry GET /api/recommendations/me
    State(state): State<AppState>,
    current: CurrentUser,
    QueryParams(params): QueryParams<LimitParams>,
) -> Result<Json<Vec<Suggestion>>, AppError> {
    let limit = service::checked_limit(params.limit)?;
    Ok(Json(service::for_user(&state, current.id(), limit).await?))
}
