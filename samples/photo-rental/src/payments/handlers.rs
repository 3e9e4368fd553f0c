//! HTTP handlers of the payment domain.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::service;
use super::types::{Payment, PaymentView, RefundRequest};
use crate::error::AppError;
use crate::helpers::{JsonBody, PathId};
use crate::state::AppState;
use crate::users::{AdminUser, CurrentUser};

/// One payment.
pub async fn show( //~ entry GET /api/payments/{id}
    State(state): State<AppState>,
    current: CurrentUser,
    PathId(id): PathId,
) -> Result<Json<PaymentView>, AppError> {
    Ok(Json(service::show(&state, &current, id).await?))
}

/// The payments of an order.
pub async fn of_order( //~ entry GET /api/orders/{id}/payments
    State(state): State<AppState>,
    current: CurrentUser,
    PathId(id): PathId,
) -> Result<Json<Vec<Payment>>, AppError> {
    Ok(Json(service::of_order(&state, &current, id).await?))
}

/// Pays money back.
pub async fn refund( //~ entry POST /api/admin/payments/{id}/refunds
    State(state): State<AppState>,
    _admin: AdminUser,
    PathId(id): PathId,
    JsonBody(req): JsonBody<RefundRequest>,
) -> Result<(StatusCode, Json<PaymentView>), AppError> {
    let view = service::refund(&state, id, req).await?;
    Ok((StatusCode::CREATED, Json(view)))
}
