//! SQL of the payment domain.

use sqlx::{SqliteExecutor, SqlitePool};

use super::types::{NewPayment, Payment, Refund};
use crate::error::AppError;

/// Stores a payment.
pub async fn insert_payment(
    db: impl SqliteExecutor<'_>,
    new: &NewPayment<'_>,
    now: &str,
) -> Result<Payment, AppError> {
    let row = sqlx::query_as::<_, Payment>( //~ inserts payments
        "INSERT INTO payments
             (order_id, user_id, kind, status, amount_cents, gateway, gateway_ref, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING *",
    )
    .bind(new.order_id)
    .bind(new.user_id)
    .bind(new.kind)
    .bind(new.status)
    .bind(new.amount_cents)
    .bind(new.gateway)
    .bind(new.gateway_ref)
    .bind(now)
    .fetch_one(db)
    .await?;
    Ok(row)
}

/// One payment.
pub async fn payment(db: impl SqliteExecutor<'_>, id: i64) -> Result<Option<Payment>, AppError> {
    let row = sqlx::query_as("SELECT * FROM payments WHERE id = ?1") //~ reads payments
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row)
}

/// The payment that the gateway knows by this reference.
pub async fn payment_by_ref(
    db: impl SqliteExecutor<'_>,
    gateway_ref: &str,
) -> Result<Option<Payment>, AppError> {
    let row = sqlx::query_as("SELECT * FROM payments WHERE gateway_ref = ?1 ORDER BY id LIMIT 1") //~ reads payments
        .bind(gateway_ref)
        .fetch_optional(db)
        .await?;
    Ok(row)
}

/// All payments of an order.
pub async fn payments_of_order(
    db: impl SqliteExecutor<'_>,
    order_id: i64,
) -> Result<Vec<Payment>, AppError> {
    let rows = sqlx::query_as("SELECT * FROM payments WHERE order_id = ?1 ORDER BY id") //~ reads payments
        .bind(order_id)
        .fetch_all(db)
        .await?;
    Ok(rows)
}

/// Sets the status of a payment.
pub async fn set_status(
    db: impl SqliteExecutor<'_>,
    id: i64,
    status: &str,
) -> Result<(), AppError> {
    sqlx::query("UPDATE payments SET status = ?2 WHERE id = ?1") //~ updates payments
        .bind(id)
        .bind(status)
        .execute(db)
        .await?;
    Ok(())
}

/// Stores a refund.
pub async fn insert_refund(
    db: impl SqliteExecutor<'_>,
    payment_id: i64,
    amount_cents: i64,
    reason: &str,
    gateway_ref: &str,
    now: &str,
) -> Result<(), AppError> {
    sqlx::query( //~ inserts refunds
        "INSERT INTO refunds (payment_id, amount_cents, reason, gateway_ref, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )
    .bind(payment_id)
    .bind(amount_cents)
    .bind(reason)
    .bind(gateway_ref)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// All refunds of a payment.
pub async fn refunds_of(
    db: impl SqliteExecutor<'_>,
    payment_id: i64,
) -> Result<Vec<Refund>, AppError> {
    let rows = sqlx::query_as("SELECT * FROM refunds WHERE payment_id = ?1 ORDER BY id") //~ reads refunds
        .bind(payment_id)
        .fetch_all(db)
        .await?;
    Ok(rows)
}

/// What the customer has paid for an order and not got back; deposits do not count.
pub async fn paid_total(pool: &SqlitePool, order_id: i64) -> Result<i64, AppError> {
    let cents = sqlx::query_scalar( //~ reads payments, refunds
        "SELECT COALESCE(SUM(p.amount_cents
                - COALESCE((SELECT SUM(r.amount_cents) FROM refunds r WHERE r.payment_id = p.id), 0)
            ), 0)
         FROM payments p WHERE p.order_id = ?1 AND p.kind <> 'deposit'",
    )
    .bind(order_id)
    .fetch_one(pool)
    .await?;
    Ok(cents)
}

/// Notes a webhook delivery; false if it was seen before.
pub async fn note_webhook(
    db: impl SqliteExecutor<'_>,
    event_id: &str,
    kind: &str,
    now: &str,
) -> Result<bool, AppError> {
    let done = sqlx::query( //~ inserts webhook_events
        "INSERT INTO webhook_events (event_id, kind, received_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (event_id) DO NOTHING",
    )
    .bind(event_id)
    .bind(kind)
    .bind(now)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
