//! HTTP handlers of the reports.

use std::fmt::Write as _;

use actix_web::{HttpResponse, get, web};
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::queries::{self, BestCustomer, CategorySales, MonthRevenue};
use crate::catalog;
use crate::db;
use crate::error::AppError;
use crate::state::AppState;

const N_CUSTOMERS: i64 = 10;

/// The days a report covers.
#[derive(Debug, Deserialize)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The year a report covers; this year if missing.
#[derive(Debug, Deserialize)]
pub struct Year {
    pub year: Option<i32>,
}

/// Sales by category.
#[get("/sales")]
pub async fn sales( //~ entry GET /api/admin/reports/sales
    state: web::Data<AppState>,
    period: web::Query<Period>,
) -> Result<web::Json<Vec<CategorySales>>, AppError> {
    if period.to < period.from {
        return Err(AppError::Invalid("to lies before from".to_owned()));
    }
    let rows = db::with_conn(&state.pool, move |conn| {
        queries::sales(conn, period.from, period.to)
    })
    .await?;
    Ok(web::Json(rows))
}

/// Revenue by month.
#[get("/revenue")]
pub async fn revenue( //~ entry GET /api/admin/reports/revenue
    state: web::Data<AppState>,
    params: web::Query<Year>,
) -> Result<web::Json<Vec<MonthRevenue>>, AppError> {
    let year = params.year.unwrap_or_else(|| state.clock.today().year());
    let rows = db::with_conn(&state.pool, move |conn| queries::revenue(conn, year)).await?;
    Ok(web::Json(rows))
}

/// The customers with most orders.
#[get("/customers")]
pub async fn customers( //~ entry GET /api/admin/reports/customers
    state: web::Data<AppState>,
) -> Result<web::Json<Vec<BestCustomer>>, AppError> {
    let rows = db::with_conn(&state.pool, |conn| {
        queries::best_customers(conn, N_CUSTOMERS)
    })
    .await?;
    Ok(web::Json(rows))
}

/// The price list as a table for spreadsheets.
#[get("/price-list.csv")]
pub async fn price_list(state: web::Data<AppState>) -> Result<HttpResponse, AppError> { //~ entry GET /api/admin/reports/price-list.csv
    let csv = db::with_conn(&state.pool, |conn| {
        let mut csv = String::from("sku;name;price\r\n");
        catalog::service::for_each_active(conn, &mut |product| { //~ calls shop::catalog::service::for_each_active
            let (euros, cents) = (product.price_cents / 100, product.price_cents % 100);
            let _ = write!(
                csv,
                "{};{};{euros},{cents:02}\r\n",
                product.sku, product.name
            );
        })?;
        Ok(csv)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .body(csv))
}
