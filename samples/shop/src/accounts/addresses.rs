//! Delivery addresses: handlers and the little logic behind them.

use actix_web::{HttpResponse, web};
use diesel::prelude::*;

use super::auth::AuthUser;
use super::models::{Address, AddressForm};
use crate::checkout;
use crate::db;
use crate::error::AppError;
use crate::schema::addresses;
use crate::state::AppState;
use crate::support::Checks;

/// The user's addresses.
pub async fn list( //~ entry GET /api/me/addresses
    state: web::Data<AppState>,
    current: AuthUser,
) -> Result<web::Json<Vec<Address>>, AppError> {
    let rows = db::with_conn(&state.pool, move |conn| {
        let rows = Address::belonging_to(&current.user) //~ reads addresses
            .order(addresses::id)
            .select(Address::as_select())
            .load(conn)?;
        Ok(rows)
    })
    .await?;
    Ok(web::Json(rows))
}

/// Adds an address.
pub async fn create( //~ entry POST /api/me/addresses
    state: web::Data<AppState>,
    current: AuthUser,
    body: web::Json<AddressForm>,
) -> Result<HttpResponse, AppError> {
    let form = checked(body.into_inner())?;
    let address = db::with_conn(&state.pool, move |conn| {
        let address = diesel::insert_into(addresses::table) //~ inserts addresses
            .values((&form, addresses::user_id.eq(current.id)))
            .returning(Address::as_returning())
            .get_result(conn)?;
        Ok(address)
    })
    .await?;
    Ok(HttpResponse::Created().json(address))
}

/// Replaces an address.
pub async fn update( //~ entry PUT /api/me/addresses/{id}
    state: web::Data<AppState>,
    current: AuthUser,
    id: web::Path<i32>,
    body: web::Json<AddressForm>,
) -> Result<web::Json<Address>, AppError> {
    let form = checked(body.into_inner())?;
    let address = db::with_conn(&state.pool, move |conn| {
        let address = owned_by(conn, current.id, *id)?;
        diesel::update(&address).set(&form).execute(conn)?; //~ updates addresses
        owned_by(conn, current.id, *id)
    })
    .await?;
    Ok(web::Json(address))
}

/// Removes an address that no order is delivered to.
pub async fn delete( //~ entry DELETE /api/me/addresses/{id}
    state: web::Data<AppState>,
    current: AuthUser,
    id: web::Path<i32>,
) -> Result<HttpResponse, AppError> {
    db::with_conn(&state.pool, move |conn| {
        let address = owned_by(conn, current.id, *id)?;
        if checkout::service::address_in_use(conn, address.id)? { //~ calls shop::checkout::service::address_in_use
            return Err(AppError::conflict(
                "address_in_use",
                "orders are delivered to this address",
            ));
        }
        diesel::delete(&address).execute(conn)?; //~ deletes addresses
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn checked(form: AddressForm) -> Result<AddressForm, AppError> {
    Checks::new()
        .text("label", &form.label, 40)
        .text("street", &form.street, 120)
        .text("postcode", &form.postcode, 12)
        .text("city", &form.city, 80)
        .that(
            form.country.len() == 2,
            "country must be a code of two letters",
        )
        .done()?;
    Ok(form)
}

/// An address, if it belongs to the user.
pub fn owned_by(
    conn: &mut SqliteConnection,
    owner: i32,
    address_id: i32,
) -> Result<Address, AppError> {
    use crate::schema::addresses::dsl;

    dsl::addresses //~ reads addresses
        .filter(dsl::id.eq(address_id).and(dsl::user_id.eq(owner)))
        .select(Address::as_select())
        .first(conn)
        .optional()?
        .ok_or(AppError::NotFound("address"))
}
