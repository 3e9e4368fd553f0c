//! What the gateway tells us on its own account.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use sqlx::{Sqlite, Transaction};

use super::repo;
use super::types::{Payment, WebhookEvent, WebhookReply};
use crate::error::AppError;
use crate::helpers::tokens::signature_is_valid;
use crate::orders;
use crate::state::AppState;

const SIGNATURE_HEADER: &str = "x-signature";

/// Receives a delivery. The signature covers the raw body, so the body is read as bytes.
pub async fn receive( //~ entry POST /api/payments/webhook
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<WebhookReply>, AppError> {
    let signature = headers
        .get(SIGNATURE_HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("sha256="))
        .ok_or(AppError::Unauthorized("unsigned delivery"))?;
    if !signature_is_valid(&state.config.payment_webhook_secret, &body, signature) { //~ calls photo_rental::helpers::tokens::signature_is_valid
        return Err(AppError::Unauthorized("wrong signature"));
    }
    let event: WebhookEvent =
        serde_json::from_slice(&body).map_err(|err| AppError::Malformed(err.to_string()))?;
    let status = apply(&state, &event).await?;
    Ok(Json(WebhookReply { status }))
}

async fn apply(state: &AppState, event: &WebhookEvent) -> Result<&'static str, AppError> {
    let mut tx = state.pool.begin().await?; //~ transaction
    if !repo::note_webhook(&mut *tx, &event.id, &event.kind, &state.now_text()).await? {
        return Ok("duplicate");
    }
    let payment = repo::payment_by_ref(&mut *tx, &event.reference)
        .await?
        .ok_or(AppError::NotFound("payment"))?;
    let status = match event.kind.as_str() {
        "charge.disputed" => {
            repo::set_status(&mut *tx, payment.id, "disputed").await?;
            orders::service::flag_disputed(&mut tx, state, payment.order_id).await?; //~ calls photo_rental::orders::service::flag_disputed
            "processed"
        }
        "deposit.expired" => {
            repo::set_status(&mut *tx, payment.id, "released").await?;
            "processed"
        }
        "charge.refunded" => {
            refunded_elsewhere(&mut tx, state, &payment, event).await?;
            "processed"
        }
        _ => "ignored",
    };
    tx.commit().await?;
    Ok(status)
}

/// Somebody used the gateway's own web page to pay money back.
async fn refunded_elsewhere(
    tx: &mut Transaction<'_, Sqlite>,
    state: &AppState,
    payment: &Payment,
    event: &WebhookEvent,
) -> Result<(), AppError> {
    let amount = event.amount_cents.unwrap_or(payment.amount_cents);
    if !(1..=payment.amount_cents).contains(&amount) {
        return Err(AppError::Invalid("amount_cents is out of range".into()));
    }
    repo::insert_refund(
        &mut **tx,
        payment.id,
        amount,
        "refunded at the gateway",
        &event.id,
        &state.now_text(),
    )
    .await?;
    if amount == payment.amount_cents {
        repo::set_status(&mut **tx, payment.id, "refunded").await?;
    }
    Ok(())
}
