//! Reviews: handlers and the little logic behind them.

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::{NewReview, ReviewForm, ReviewView};
use crate::accounts::AuthUser;
use crate::checkout;
use crate::db;
use crate::error::AppError;
use crate::schema::{reviews, users};
use crate::state::AppState;
use crate::support::Checks;

/// The reviews of a product, newest first.
pub async fn list( //~ entry GET /api/catalog/products/{sku}/reviews
    state: web::Data<AppState>,
    sku: web::Path<String>,
) -> Result<web::Json<Vec<ReviewView>>, AppError> {
    let views = db::with_conn(&state.pool, move |conn| {
        let id = product_id(conn, &sku)?;
        of_product(conn, id)
    })
    .await?;
    Ok(web::Json(views))
}

/// Writes the customer's review, in place of an older one.
pub async fn write( //~ entry POST /api/catalog/products/{sku}/reviews
    state: web::Data<AppState>,
    current: AuthUser,
    sku: web::Path<String>,
    form: web::Json<ReviewForm>,
) -> Result<HttpResponse, AppError> {
    let now = state.now();
    let views = db::with_conn(&state.pool, move |conn| {
        let id = product_id(conn, &sku)?;
        store(conn, id, current.id, &form, now)?;
        of_product(conn, id)
    })
    .await?;
    Ok(HttpResponse::Created().json(views))
}

fn product_id(conn: &mut SqliteConnection, wanted: &str) -> Result<i32, AppError> {
    use crate::schema::products::dsl::*;

    let found = products.filter(sku.eq(wanted)).select(id).first(conn); //~ reads products
    found.optional()?.ok_or(AppError::NotFound("product"))
}

fn of_product(conn: &mut SqliteConnection, id: i32) -> Result<Vec<ReviewView>, AppError> {
    let views = reviews::table //~ reads reviews, users
        .inner_join(users::table)
        .filter(reviews::product_id.eq(id))
        .order((reviews::created_at.desc(), reviews::id.desc()))
        .select((
            users::name,
            reviews::rating,
            reviews::body,
            reviews::created_at,
        ))
        .load(conn)?;
    Ok(views)
}

fn store(
    conn: &mut SqliteConnection,
    product_id: i32,
    user_id: i32,
    form: &ReviewForm,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    Checks::new()
        .that(
            (1..=5).contains(&form.rating),
            "rating must lie between 1 and 5",
        )
        .text("body", &form.body, 1000)
        .done()?;
    if !checkout::service::has_bought(conn, user_id, product_id)? { //~ calls shop::checkout::service::has_bought
        return Err(AppError::Forbidden("only customers review a product"));
    }
    let review = NewReview {
        product_id,
        user_id,
        rating: form.rating,
        body: form.body.trim(),
        created_at: now,
    };
    diesel::insert_into(reviews::table) //~ inserts reviews ; updates reviews
        .values(&review)
        .on_conflict((reviews::product_id, reviews::user_id))
        .do_update()
        .set((
            reviews::rating.eq(review.rating),
            reviews::body.eq(review.body),
            reviews::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
