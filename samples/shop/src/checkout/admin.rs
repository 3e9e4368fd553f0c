//! The staff's HTTP handlers of orders and vouchers.

use actix_web::{HttpResponse, web};

use super::models::{StaffOrder, StaffParams, Voucher};
use super::{service, vouchers};
use crate::db;
use crate::error::AppError;
use crate::state::AppState;

/// The orders, to be packed.
pub async fn list( //~ entry GET /api/admin/orders
    state: web::Data<AppState>,
    params: web::Query<StaffParams>,
) -> Result<web::Json<Vec<StaffOrder>>, AppError> {
    let orders = db::with_conn(&state.pool, move |conn| service::staff_list(conn, &params)).await?;
    Ok(web::Json(orders))
}

/// Notes that an order has left the house.
pub async fn ship( //~ entry POST /api/admin/orders/{id}/ship
    state: web::Data<AppState>,
    id: web::Path<i32>,
) -> Result<HttpResponse, AppError> {
    web::block(move || {
        let mut conn = state.pool.get()?;
        let contact = service::ship(&mut conn, &state, *id)?;
        let body = format!("Hello {}, your order {id} is on its way.", contact.name);
        state.mailer.send(&contact.email, "On its way", body);
        Ok::<_, AppError>(())
    })
    .await??;
    Ok(HttpResponse::NoContent().finish())
}

/// All vouchers.
pub async fn vouchers(state: web::Data<AppState>) -> Result<web::Json<Vec<Voucher>>, AppError> { //~ entry GET /api/admin/vouchers
    let rows = db::with_conn(&state.pool, vouchers::all).await?; //~ calls shop::checkout::vouchers::all
    Ok(web::Json(rows))
}

/// Adds a voucher or changes it.
pub async fn save_voucher( //~ entry POST /api/admin/vouchers
    state: web::Data<AppState>,
    voucher: web::Json<Voucher>,
) -> Result<HttpResponse, AppError> {
    let voucher = voucher.into_inner();
    let saved = voucher.clone();
    db::with_conn(&state.pool, move |conn| vouchers::save(conn, &voucher)).await?;
    Ok(HttpResponse::Created().json(saved))
}
