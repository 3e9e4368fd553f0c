//! The search in the catalog.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use super::models::{Product, ProductCard, SearchParams, Sort};
use super::service;
use crate::error::AppError;
use crate::schema::{categories, products, stock_levels};
use crate::support::{Page, PageParams};

/// One page of the active products that match.
pub fn search(
    conn: &mut SqliteConnection,
    params: &SearchParams,
) -> Result<Page<ProductCard>, AppError> {
    let window = PageParams {
        page: params.page,
        per_page: params.per_page,
    };
    let (limit, offset) = window.limit_offset()?;
    let total = matching(params).count().get_result(conn)?; //~ calls shop::catalog::search::matching
    let query = match params.sort {
        Sort::Name => matching(params).order((products::name.asc(), products::id.asc())),
        Sort::Cheapest => matching(params).order((products::price_cents.asc(), products::id.asc())),
        Sort::Newest => matching(params).order((products::created_at.desc(), products::id.desc())),
    };
    let rows: Vec<Product> = query
        .limit(limit)
        .offset(offset)
        .select(Product::as_select())
        .load(conn)?;
    let items = service::cards(conn, rows)?;
    Ok(Page { items, total })
}

fn matching(params: &SearchParams) -> products::BoxedQuery<'_, Sqlite> {
    let mut query = products::table //~ reads products, categories, stock_levels
        .into_boxed()
        .filter(products::active.eq(true));
    if let Some(text) = params.q.as_deref().filter(|q| !q.trim().is_empty()) {
        let pattern = format!("%{}%", text.trim().replace(['%', '_'], ""));
        query = query.filter(
            products::name
                .like(pattern.clone())
                .or(products::description.like(pattern)),
        );
    }
    if let Some(slug) = &params.category {
        let wanted = categories::table.filter(categories::slug.eq(slug));
        query = query.filter(products::category_id.eq_any(wanted.select(categories::id)));
    }
    if let Some(cents) = params.max_price_cents {
        query = query.filter(products::price_cents.le(cents));
    }
    if params.in_stock {
        let stocked = stock_levels::table.filter(stock_levels::on_hand.gt(0));
        query = query.filter(products::id.eq_any(stocked.select(stock_levels::product_id)));
    }
    query
}
