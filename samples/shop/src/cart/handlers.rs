//! HTTP handlers of the cart.

use actix_web::{HttpResponse, delete, get, post, put, web};

use super::models::{AddForm, CartView, QuantityForm};
use super::service;
use crate::accounts::AuthUser;
use crate::db;
use crate::error::AppError;
use crate::events::{CART_ITEM_ADDED, CartItemAdded};
use crate::state::AppState;

/// The cart with names and prices.
#[get("")]
pub async fn show( //~ entry GET /api/cart
    state: web::Data<AppState>,
    current: AuthUser,
) -> Result<web::Json<CartView>, AppError> {
    let view = db::with_conn(&state.pool, move |conn| service::view(conn, current.id)).await?;
    Ok(web::Json(view))
}

/// Puts something into the cart.
#[post("")]
pub async fn add( //~ entry POST /api/cart/lines
    state: web::Data<AppState>,
    current: AuthUser,
    form: web::Json<AddForm>,
) -> Result<HttpResponse, AppError> {
    let (form, user_id, now) = (form.into_inner(), current.id, state.now());
    let view = db::with_conn(&state.pool, move |conn| {
        service::add(conn, user_id, form, now)?; //~ calls shop::cart::service::add
        service::view(conn, user_id)
    })
    .await?;
    let event = CartItemAdded {
        user_id,
        product_id: form.product_id,
        quantity: form.quantity,
    };
    state.events.emit(CART_ITEM_ADDED, &event); //~ calls shop::events::EventBus::emit
    Ok(HttpResponse::Created().json(view))
}

/// Sets the quantity of a line.
#[put("/{product_id}")]
pub async fn change( //~ entry PUT /api/cart/lines/{product_id}
    state: web::Data<AppState>,
    current: AuthUser,
    product_id: web::Path<i32>,
    form: web::Json<QuantityForm>,
) -> Result<web::Json<CartView>, AppError> {
    let now = state.now();
    let view = db::with_conn(&state.pool, move |conn| {
        service::set_quantity(conn, current.id, *product_id, form.quantity, now)?;
        service::view(conn, current.id)
    })
    .await?;
    Ok(web::Json(view))
}

/// Takes a line out.
#[delete("/{product_id}")]
pub async fn remove( //~ entry DELETE /api/cart/lines/{product_id}
    state: web::Data<AppState>,
    current: AuthUser,
    product_id: web::Path<i32>,
) -> Result<HttpResponse, AppError> {
    let now = state.now();
    db::with_conn(&state.pool, move |conn| {
        service::remove(conn, current.id, *product_id, now)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Empties the cart.
#[delete("")]
pub async fn clear( //~ entry DELETE /api/cart
    state: web::Data<AppState>,
    current: AuthUser,
) -> Result<HttpResponse, AppError> {
    db::with_conn(&state.pool, move |conn| service::clear(conn, current.id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
