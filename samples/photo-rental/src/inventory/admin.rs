//! The staff's HTTP handlers of the inventory domain.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::service;
use super::types::{
    Category, ItemDetail, ItemPatch, MaintenanceJob, NewCategory, NewItem, NewMaintenance,
    NewUnits, Unit,
};
use crate::error::AppError;
use crate::helpers::{JsonBody, PathId};
use crate::state::AppState;
use crate::users::AdminUser;

/// Adds a category.
pub async fn create_category( //~ entry POST /api/admin/categories
    State(state): State<AppState>,
    _admin: AdminUser,
    JsonBody(new): JsonBody<NewCategory>,
) -> Result<(StatusCode, Json<Category>), AppError> {
    let category = service::create_category(&state, new).await?;
    Ok((StatusCode::CREATED, Json(category)))
}

/// Adds an item and its first units.
pub async fn create_item( //~ entry POST /api/admin/items
    State(state): State<AppState>,
    _admin: AdminUser,
    JsonBody(new): JsonBody<NewItem>,
) -> Result<(StatusCode, Json<ItemDetail>), AppError> {
    let item = service::create_item(&state, new).await?;
    Ok((StatusCode::CREATED, Json(item)))
}

/// Changes an item.
pub async fn update_item( //~ entry PATCH /api/admin/items/{id}
    State(state): State<AppState>,
    _admin: AdminUser,
    PathId(id): PathId,
    JsonBody(patch): JsonBody<ItemPatch>,
) -> Result<Json<ItemDetail>, AppError> {
    Ok(Json(service::update_item(&state, id, patch).await?))
}

/// The units of an item.
pub async fn list_units( //~ entry GET /api/admin/items/{id}/units
    State(state): State<AppState>,
    _admin: AdminUser,
    PathId(id): PathId,
) -> Result<Json<Vec<Unit>>, AppError> {
    Ok(Json(service::list_units(&state, id).await?))
}

/// Adds units to an item.
pub async fn add_units( //~ entry POST /api/admin/items/{id}/units
    State(state): State<AppState>,
    _admin: AdminUser,
    PathId(id): PathId,
    JsonBody(new): JsonBody<NewUnits>,
) -> Result<(StatusCode, Json<Vec<Unit>>), AppError> {
    let units = service::add_units(&state, id, &new.serials).await?;
    Ok((StatusCode::CREATED, Json(units)))
}

/// Takes a unit out of service.
pub async fn schedule_maintenance( //~ entry POST /api/admin/units/{id}/maintenance
    State(state): State<AppState>,
    _admin: AdminUser,
    PathId(id): PathId,
    JsonBody(new): JsonBody<NewMaintenance>,
) -> Result<(StatusCode, Json<MaintenanceJob>), AppError> {
    let job = service::schedule_maintenance(&state, id, new).await?;
    Ok((StatusCode::CREATED, Json(job)))
}

/// Puts a unit back into service.
pub async fn finish_maintenance( //~ entry POST /api/admin/maintenance/{id}/finish
    State(state): State<AppState>,
    _admin: AdminUser,
    PathId(id): PathId,
) -> Result<Json<MaintenanceJob>, AppError> {
    Ok(Json(service::finish_maintenance(&state, id).await?))
}
