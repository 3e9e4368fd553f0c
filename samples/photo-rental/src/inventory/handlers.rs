//! Public HTTP handlers of the inventory domain.

use axum::Json;
use axum::extract::State;

use super::calendar::AvailabilityCalendar;
use super::types::{CategoryView, ItemCard, ItemDetail, PeriodParams, SearchParams};
use super::{repo, service};
use crate::error::AppError;
use crate::helpers::{Page, PathId, QueryParams, RentalPeriod};
use crate::state::AppState;

/// All categories.
pub async fn categories( //~ entry GET /api/categories
    State(state): State<AppState>,
) -> Result<Json<Vec<CategoryView>>, AppError> {
    Ok(Json(repo::categories(&state.pool).await?))
}

/// Searches the catalogue.
pub async fn search( //~ entry GET /api/items
    State(state): State<AppState>,
    QueryParams(params): QueryParams<SearchParams>,
) -> Result<Json<Page<ItemCard>>, AppError> {
    Ok(Json(service::search(&state, &params).await?))
}

/// One item.
pub async fn show( //~ entry GET /api/items/{id}
    State(state): State<AppState>,
    PathId(id): PathId,
) -> Result<Json<ItemDetail>, AppError> {
    Ok(Json(service::detail(&state, id).await?))
}

/// The availability calendar of an item.
pub async fn availability( //~ entry GET /api/items/{id}/availability
    State(state): State<AppState>,
    PathId(id): PathId,
    QueryParams(params): QueryParams<PeriodParams>,
) -> Result<Json<AvailabilityCalendar>, AppError> {
    let period = RentalPeriod::parse(&params.from, &params.to)?;
    Ok(Json(service::calendar(&state, id, period).await?))
}
