//! HTTP handlers of payments.

use actix_web::{HttpResponse, get, web};

use super::models::{Payment, PaymentView, RefundForm};
use super::service;
use crate::accounts::AuthUser;
use crate::db;
use crate::error::AppError;
use crate::state::AppState;

/// One payment.
#[get("/{id}")]
pub async fn show( //~ entry GET /api/payments/{id}
    state: web::Data<AppState>,
    current: AuthUser,
    id: web::Path<i32>,
) -> Result<web::Json<PaymentView>, AppError> {
    let view = db::with_conn(&state.pool, move |conn| service::view(conn, &current, *id)).await?;
    Ok(web::Json(view))
}

/// The payments of an order.
#[get("/{id}/payments")]
pub async fn of_order( //~ entry GET /api/orders/{id}/payments
    state: web::Data<AppState>,
    current: AuthUser,
    id: web::Path<i32>,
) -> Result<web::Json<Vec<Payment>>, AppError> {
    let rows = db::with_conn(&state.pool, move |conn| {
        service::of_visible_order(conn, &current, *id)
    })
    .await?;
    Ok(web::Json(rows))
}

/// Pays money back.
pub async fn refund( //~ entry POST /api/admin/payments/{id}/refunds
    state: web::Data<AppState>,
    staff: web::ReqData<AuthUser>,
    id: web::Path<i32>,
    form: web::Json<RefundForm>,
) -> Result<HttpResponse, AppError> {
    let staff = staff.into_inner();
    let view = web::block(move || {
        let mut conn = state.pool.get()?;
        service::refund(&mut conn, &state, &staff, *id, &form)
    })
    .await??;
    Ok(HttpResponse::Created().json(view))
}
