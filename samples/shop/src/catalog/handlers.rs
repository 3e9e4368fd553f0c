//! Public HTTP handlers of the catalog.

use actix_web::{get, web};

use super::models::{CategoryView, ProductCard, ProductDetail, SearchParams};
use super::{search as finder, service};
use crate::db;
use crate::error::AppError;
use crate::state::AppState;
use crate::support::Page;

/// All categories.
#[get("/categories")]
pub async fn categories( //~ entry GET /api/catalog/categories
    state: web::Data<AppState>,
) -> Result<web::Json<Vec<CategoryView>>, AppError> {
    let views = db::with_conn(&state.pool, service::category_tree).await?; //~ calls shop::catalog::service::category_tree
    Ok(web::Json(views))
}

/// Searches the catalog.
#[get("")]
pub async fn search( //~ entry GET /api/catalog/products
    state: web::Data<AppState>,
    params: web::Query<SearchParams>,
) -> Result<web::Json<Page<ProductCard>>, AppError> {
    let params = params.into_inner();
    let page = db::with_conn(&state.pool, move |conn| finder::search(conn, &params)).await?; //~ calls shop::catalog::search::search
    Ok(web::Json(page))
}

/// One product.
#[get("/{sku}")]
pub async fn show( //~ entry GET /api/catalog/products/{sku}
    state: web::Data<AppState>,
    sku: web::Path<String>,
) -> Result<web::Json<ProductDetail>, AppError> {
    let detail = db::with_conn(&state.pool, move |conn| service::detail(conn, &sku)).await?;
    Ok(web::Json(detail))
}
