//! What the provider tells us of its own accord.

use actix_web::{HttpRequest, HttpResponse, web};
use diesel::prelude::*;
use serde_json::json;

use super::models::{Delivery, Payment};
use super::service;
use crate::checkout;
use crate::error::AppError;
use crate::schema::{payments, webhook_deliveries};
use crate::state::AppState;
use crate::support::tokens;

/// Receives a delivery. The signature covers the raw body, so the body is read as bytes.
pub async fn receive( //~ entry POST /api/payments/webhook
    state: web::Data<AppState>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, AppError> {
    let signature = request
        .headers()
        .get("x-signature")
        .and_then(|value| value.to_str().ok())
        .ok_or(AppError::Unauthorized("unsigned delivery"))?;
    if !tokens::verify(&state.config.webhook_secret, &body, signature) { //~ calls shop::support::tokens::verify
        return Err(AppError::Unauthorized("wrong signature"));
    }
    let delivery: Delivery =
        serde_json::from_slice(&body).map_err(|err| AppError::Malformed(err.to_string()))?;
    let outcome = web::block(move || {
        let mut conn = state.pool.get()?;
        apply(&mut conn, &state, &delivery)
    })
    .await??;
    Ok(HttpResponse::Ok().json(json!({ "status": outcome })))
}

fn apply(
    conn: &mut SqliteConnection,
    state: &AppState,
    delivery: &Delivery,
) -> Result<&'static str, AppError> {
    conn.immediate_transaction(|conn| { //~ transaction
        let n_new = diesel::insert_or_ignore_into(webhook_deliveries::table) //~ inserts webhook_deliveries
            .values((
                webhook_deliveries::id.eq(&delivery.id),
                webhook_deliveries::kind.eq(&delivery.kind),
                webhook_deliveries::received_at.eq(state.now()),
            ))
            .execute(conn)?;
        if n_new == 0 {
            return Ok("duplicate");
        }
        let payment = payments::table //~ reads payments
            .filter(payments::reference.eq(&delivery.reference))
            .select(Payment::as_select())
            .first(conn)
            .optional()?
            .ok_or(AppError::NotFound("payment"))?;
        let (status, order_status) = match delivery.kind.as_str() {
            "payment.captured" => ("captured", "paid"),
            "payment.disputed" => ("disputed", "disputed"),
            _ => return Ok("ignored"),
        };
        service::set_status(conn, &payment, status)?;
        checkout::service::set_status(conn, payment.order_id, order_status)?; //~ calls shop::checkout::service::set_status
        Ok("processed")
    })
}
