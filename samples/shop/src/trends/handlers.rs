//! HTTP handlers of the trends.

use std::collections::BTreeMap;

use actix_web::{get, web};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::catalog;
use crate::catalog::models::ProductCard;
use crate::db;
use crate::error::AppError;
use crate::state::AppState;

const MAX_LIMIT: i64 = 20;

/// Query of `GET /api/trends`.
#[derive(Debug, Deserialize)]
pub struct TrendParams {
    pub limit: Option<i64>,
}

/// A product and how often it was put into a cart.
#[derive(Debug, Serialize)]
pub struct Trend {
    #[serde(flatten)]
    pub card: ProductCard,
    pub times_added: i32,
}

/// What customers put into their carts most often.
#[get("")]
pub async fn trending( //~ entry GET /api/trends
    state: web::Data<AppState>,
    params: web::Query<TrendParams>,
) -> Result<web::Json<Vec<Trend>>, AppError> {
    let limit = params.limit.unwrap_or(5);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(AppError::Invalid(format!(
            "limit must lie between 1 and {MAX_LIMIT}"
        )));
    }
    let trends = db::with_conn(&state.pool, move |conn| most_added(conn, limit)).await?;
    Ok(web::Json(trends))
}

fn most_added(conn: &mut SqliteConnection, limit: i64) -> Result<Vec<Trend>, AppError> {
    use crate::schema::product_interest::dsl::*;

    let rows: Vec<(i32, i32)> = product_interest //~ reads product_interest
        .order((times_added.desc(), product_id.asc()))
        .limit(limit)
        .select((product_id, times_added))
        .load(conn)?;
    let ids: Vec<i32> = rows.iter().map(|row| row.0).collect();
    let counts: BTreeMap<i32, i32> = rows.into_iter().collect();
    let cards = catalog::service::cards_by_ids(conn, &ids)?; //~ calls shop::catalog::service::cards_by_ids
    let trends = cards.into_iter().map(|card| Trend {
        times_added: counts.get(&card.id).copied().unwrap_or(0),
        card,
    });
    Ok(trends.collect())
}
