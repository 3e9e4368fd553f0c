//! The customers' HTTP handlers of orders.

use actix_web::{HttpResponse, get, post, rt, web};

use super::models::{OrderForm, OrderSummary, OrderView, Quote, QuoteForm};
use super::service;
use crate::accounts::AuthUser;
use crate::db;
use crate::error::AppError;
use crate::state::AppState;
use crate::support::{Page, PageParams};

/// The customer's orders.
pub async fn list( //~ entry GET /api/orders
    state: web::Data<AppState>,
    current: AuthUser,
    params: web::Query<PageParams>,
) -> Result<web::Json<Page<OrderSummary>>, AppError> {
    let page = db::with_conn(&state.pool, move |conn| {
        service::list(conn, &current, params.into_inner())
    })
    .await?;
    Ok(web::Json(page))
}

/// What the cart would cost.
#[post("/quote")]
pub async fn quote( //~ entry POST /api/orders/quote
    state: web::Data<AppState>,
    current: AuthUser,
    form: web::Json<QuoteForm>,
) -> Result<web::Json<Quote>, AppError> {
    let quote = web::block(move || {
        let mut conn = state.pool.get()?;
        service::quote(&mut conn, &state, current.id, form.voucher.as_deref())
    })
    .await??;
    Ok(web::Json(quote))
}

/// Orders what is in the cart. The confirmation follows by mail.
pub async fn place( //~ entry POST /api/orders
    state: web::Data<AppState>,
    current: AuthUser,
    form: web::Json<OrderForm>,
) -> Result<HttpResponse, AppError> {
    let mailer = state.mailer.clone();
    let email = current.email.clone();
    let view = web::block(move || {
        let mut conn = state.pool.get()?;
        service::place(&mut conn, &state, &current, &form) //~ calls shop::checkout::service::place
    })
    .await??;

    let (order_id, total) = (view.order.id, view.total.clone());
    rt::spawn(async move { //~ detached
        let body = format!("Thank you for your order {order_id} over {total}.");
        mailer.send(&email, "Your order", body); //~ calls shop::mailer::Mailer::send
    });
    Ok(HttpResponse::Created().json(view))
}

/// One order with its lines.
#[get("/{id}")]
pub async fn show( //~ entry GET /api/orders/{id}
    state: web::Data<AppState>,
    current: AuthUser,
    id: web::Path<i32>,
) -> Result<web::Json<OrderView>, AppError> {
    let view = db::with_conn(&state.pool, move |conn| service::show(conn, &current, *id)).await?;
    Ok(web::Json(view))
}

/// Cancels an order.
#[post("/{id}/cancel")]
pub async fn cancel( //~ entry POST /api/orders/{id}/cancel
    state: web::Data<AppState>,
    current: AuthUser,
    id: web::Path<i32>,
) -> Result<web::Json<OrderView>, AppError> {
    let view = web::block(move || {
        let mut conn = state.pool.get()?;
        service::cancel(&mut conn, &state, &current, *id)
    })
    .await??;
    Ok(web::Json(view))
}
