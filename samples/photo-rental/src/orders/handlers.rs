//! HTTP handlers of the order domain.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::service;
use super::types::{
    ListParams, OrderSummary, OrderView, OverdueOrder, OverdueParams, PlaceOrderRequest, Quote,
    QuoteRequest,
};
use crate::error::AppError;
use crate::helpers::{JsonBody, Page, PathId, QueryParams, RentalPeriod};
use crate::state::AppState;
use crate::users::{AdminUser, CurrentUser};

/// What a rental would cost; open to everyone.
pub async fn quote( //~ entry POST /api/orders/quote
    State(state): State<AppState>,
    JsonBody(req): JsonBody<QuoteRequest>,
) -> Result<Json<Quote>, AppError> {
    let period = RentalPeriod::parse(&req.from, &req.to)?; //~ calls photo_rental::helpers::dates::RentalPeriod::parse
    Ok(Json(service::quote(&state, period, &req.lines).await?)) //~ calls photo_rental::orders::service::quote
}

/// Places an order.
pub async fn place( //~ entry POST /api/orders
    State(state): State<AppState>,
    current: CurrentUser,
    JsonBody(req): JsonBody<PlaceOrderRequest>,
) -> Result<(StatusCode, Json<OrderView>), AppError> {
    let order = service::place(&state, &current, req).await?; //~ calls photo_rental::orders::service::place
    Ok((StatusCode::CREATED, Json(order)))
}

/// The own orders.
pub async fn list( //~ entry GET /api/orders
    State(state): State<AppState>,
    current: CurrentUser,
    QueryParams(params): QueryParams<ListParams>,
) -> Result<Json<Page<OrderSummary>>, AppError> {
    Ok(Json(service::list(&state, current.id(), &params).await?))
}

/// One order.
pub async fn show( //~ entry GET /api/orders/{id}
    State(state): State<AppState>,
    current: CurrentUser,
    PathId(id): PathId,
) -> Result<Json<OrderView>, AppError> {
    Ok(Json(service::show(&state, &current, id).await?))
}

/// Cancels an order.
pub async fn cancel( //~ entry POST /api/orders/{id}/cancel
    State(state): State<AppState>,
    current: CurrentUser,
    PathId(id): PathId,
) -> Result<Json<OrderView>, AppError> {
    Ok(Json(service::cancel(&state, &current, id).await?))
}

/// Late orders.
pub async fn overdue( //~ entry GET /api/admin/orders/overdue
    State(state): State<AppState>,
    _admin: AdminUser,
    QueryParams(params): QueryParams<OverdueParams>,
) -> Result<Json<Vec<OverdueOrder>>, AppError> {
    Ok(Json(service::overdue(&state, params.on.as_deref()).await?))
}

/// Hands the units out.
pub async fn pick_up( //~ entry POST /api/admin/orders/{id}/pick-up
    State(state): State<AppState>,
    AdminUser(staff): AdminUser,
    PathId(id): PathId,
) -> Result<Json<OrderView>, AppError> {
    Ok(Json(service::pick_up(&state, &staff, id).await?))
}

/// Takes the units back.
pub async fn give_back( //~ entry POST /api/admin/orders/{id}/return
    State(state): State<AppState>,
    AdminUser(staff): AdminUser,
    PathId(id): PathId,
) -> Result<Json<OrderView>, AppError> {
    Ok(Json(service::give_back(&state, &staff, id).await?))
}
