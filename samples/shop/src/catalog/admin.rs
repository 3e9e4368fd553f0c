//! The staff's HTTP handlers of the catalog.

use actix_web::{HttpResponse, patch, post, web};

use super::models::{NewCategory, ProductChanges, ProductDetail, ProductForm, StockForm};
use super::service;
use crate::accounts::AuthUser;
use crate::db;
use crate::error::AppError;
use crate::state::AppState;

/// Below `/api/admin`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(create_category)
        .service(create_product)
        .service(update_product)
        .route("/products/{id}/stock", web::put().to(set_stock));
}

/// Adds a category.
#[post("/categories")]
pub async fn create_category( //~ entry POST /api/admin/categories
    state: web::Data<AppState>,
    new: web::Json<NewCategory>,
) -> Result<HttpResponse, AppError> {
    let category = db::with_conn(&state.pool, move |conn| {
        service::create_category(conn, &new)
    })
    .await?;
    Ok(HttpResponse::Created().json(category))
}

/// Adds a product.
#[post("/products")]
pub async fn create_product( //~ entry POST /api/admin/products
    state: web::Data<AppState>,
    staff: web::ReqData<AuthUser>,
    form: web::Json<ProductForm>,
) -> Result<HttpResponse, AppError> {
    let now = state.now();
    let product = db::with_conn(&state.pool, move |conn| {
        service::create_product(conn, &form, now)
    })
    .await?;
    log::info!("{} added {}", staff.email, product.card.sku);
    Ok(HttpResponse::Created().json(product))
}

/// Changes a product.
#[patch("/products/{id}")]
pub async fn update_product( //~ entry PATCH /api/admin/products/{id}
    state: web::Data<AppState>,
    id: web::Path<i32>,
    changes: web::Json<ProductChanges>,
) -> Result<web::Json<ProductDetail>, AppError> {
    let product = db::with_conn(&state.pool, move |conn| {
        service::update_product(conn, *id, &changes)
    })
    .await?;
    Ok(web::Json(product))
}

/// Sets the stock of a product.
pub async fn set_stock( //~ entry PUT /api/admin/products/{id}/stock
    state: web::Data<AppState>,
    id: web::Path<i32>,
    form: web::Json<StockForm>,
) -> Result<HttpResponse, AppError> {
    let now = state.now();
    web::block(move || {
        let mut conn = state.pool.get()?;
        service::offer(&mut conn, *id)?;
        service::set_stock(&mut conn, *id, form.on_hand, now)
    })
    .await??;
    Ok(HttpResponse::NoContent().finish())
}
