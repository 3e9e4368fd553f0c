//! Rules of the payment domain.

use sqlx::{Sqlite, Transaction};

use super::gateway::{GatewayError, GatewayRequest};
use super::repo;
use super::types::{NewPayment, OrderCharge, Payment, PaymentView, RefundRequest};
use crate::error::AppError;
use crate::helpers::{Validator, percent_of};
use crate::orders;
use crate::state::AppState;
use crate::users::CurrentUser;

impl From<GatewayError> for AppError {
    fn from(err: GatewayError) -> Self {
        match err {
            GatewayError::Declined(reason) => AppError::PaymentDeclined(reason),
            GatewayError::UnknownReference(_) => AppError::Internal(err.to_string()),
        }
    }
}

/// Takes the rent and blocks the deposit, inside the transaction that stores the order.
pub async fn charge_order( //~ unsendable
    tx: &mut Transaction<'_, Sqlite>,
    state: &AppState,
    order: &OrderCharge,
) -> Result<Vec<Payment>, AppError> {
    let key = format!("order-{}", order.order_id);
    let request = GatewayRequest {
        idempotency_key: &key,
        payment_token: &order.payment_token,
        amount_cents: order.total_cents,
    };
    let charged = match state.gateway.charge(request).await { //~ one-of photo_rental::payments::gateway::SandboxGateway::charge ; one-of photo_rental::payments::gateway::DecliningGateway::charge
        Ok(reference) => reference,
        Err(err) => {
            state.metrics.payment_declined();
            return Err(err.into());
        }
    };
    let now = state.now_text();
    let mut payments = vec![
        repo::insert_payment(
            &mut **tx,
            &NewPayment {
                order_id: order.order_id,
                user_id: order.user_id,
                kind: "charge",
                status: "captured",
                amount_cents: order.total_cents,
                gateway: state.gateway.name(), //~ one-of photo_rental::payments::gateway::SandboxGateway::name ; one-of photo_rental::payments::gateway::DecliningGateway::name
                gateway_ref: &charged,
            },
            &now,
        )
        .await?,
    ];
    if order.deposit_cents > 0 {
        let key = format!("deposit-{}", order.order_id);
        let request = GatewayRequest {
            idempotency_key: &key,
            payment_token: &order.payment_token,
            amount_cents: order.deposit_cents,
        };
        let held = match state.gateway.hold(request).await { //~ one-of photo_rental::payments::gateway::SandboxGateway::hold ; one-of photo_rental::payments::gateway::DecliningGateway::hold
            Ok(reference) => reference,
            Err(err) => {
                // The rows vanish with the transaction, the money does not.
                state.gateway.refund(&charged, order.total_cents).await?; //~ one-of photo_rental::payments::gateway::SandboxGateway::refund ; one-of photo_rental::payments::gateway::DecliningGateway::refund
                state.metrics.payment_declined();
                return Err(err.into());
            }
        };
        let deposit = NewPayment {
            order_id: order.order_id,
            user_id: order.user_id,
            kind: "deposit",
            status: "held",
            amount_cents: order.deposit_cents,
            gateway: state.gateway.name(),
            gateway_ref: &held,
        };
        payments.push(repo::insert_payment(&mut **tx, &deposit, &now).await?);
    }
    Ok(payments)
}

/// Pays back a share of the rent and gives back the deposit of a cancelled order. Returns the
/// refunded cents.
pub async fn refund_order( //~ unsendable
    tx: &mut Transaction<'_, Sqlite>,
    state: &AppState,
    order_id: i64,
    percent: i64,
) -> Result<i64, AppError> {
    let mut refunded = 0;
    for payment in repo::payments_of_order(&mut **tx, order_id).await? {
        if payment.kind == "deposit" && payment.status == "held" {
            release_deposit(tx, state, &payment, 0).await?;
        } else if payment.is_refundable() { //~ calls photo_rental::payments::types::Payment::is_refundable
            let share = percent_of(payment.amount_cents, percent);
            refunded += refund_payment(tx, state, &payment, share, "order cancelled").await?;
        }
    }
    Ok(refunded)
}

/// Gives back the deposit of a returned order and keeps the late fee, as far as the deposit
/// covers it. Returns the fee that was kept.
pub async fn settle_return( //~ unsendable
    tx: &mut Transaction<'_, Sqlite>,
    state: &AppState,
    order_id: i64,
    late_fee_cents: i64,
) -> Result<i64, AppError> {
    let payments = repo::payments_of_order(&mut **tx, order_id).await?;
    let mut open = late_fee_cents;
    for deposit in payments
        .iter()
        .filter(|p| p.kind == "deposit" && p.status == "held")
    {
        let kept = open.min(deposit.amount_cents);
        release_deposit(tx, state, deposit, kept).await?;
        open -= kept;
    }
    Ok(late_fee_cents - open)
}

async fn release_deposit(
    tx: &mut Transaction<'_, Sqlite>,
    state: &AppState,
    deposit: &Payment,
    keep_cents: i64,
) -> Result<(), AppError> {
    let reference = state
        .gateway
        .release(&deposit.gateway_ref, keep_cents) //~ one-of photo_rental::payments::gateway::SandboxGateway::release ; one-of photo_rental::payments::gateway::DecliningGateway::release
        .await?;
    repo::set_status(&mut **tx, deposit.id, "released").await?;
    if keep_cents > 0 {
        let fee = NewPayment {
            order_id: deposit.order_id,
            user_id: deposit.user_id,
            kind: "late_fee",
            status: "captured",
            amount_cents: keep_cents,
            gateway: state.gateway.name(),
            gateway_ref: &reference,
        };
        repo::insert_payment(&mut **tx, &fee, &state.now_text()).await?;
    }
    Ok(())
}

async fn refund_payment(
    tx: &mut Transaction<'_, Sqlite>,
    state: &AppState,
    payment: &Payment,
    amount_cents: i64,
    reason: &str,
) -> Result<i64, AppError> {
    let refunds = repo::refunds_of(&mut **tx, payment.id).await?;
    let before: i64 = refunds.iter().map(|r| r.amount_cents).sum();
    let amount = amount_cents.min(payment.amount_cents - before);
    if amount <= 0 {
        return Ok(0);
    }
    let reference = state.gateway.refund(&payment.gateway_ref, amount).await?;
    repo::insert_refund(
        &mut **tx,
        payment.id,
        amount,
        reason,
        &reference,
        &state.now_text(),
    )
    .await?;
    if before + amount == payment.amount_cents {
        repo::set_status(&mut **tx, payment.id, "refunded").await?;
    }
    Ok(amount)
}

/// Pays back part of one payment; asked for by the staff.
pub async fn refund(
    state: &AppState,
    payment_id: i64,
    req: RefundRequest,
) -> Result<PaymentView, AppError> {
    Validator::new()
        .check(req.amount_cents > 0, "amount_cents must be positive")
        .text("reason", &req.reason, 200)
        .finish()?;
    let mut tx = state.pool.begin_with("BEGIN IMMEDIATE").await?; //~ transaction
    let payment = repo::payment(&mut *tx, payment_id)
        .await?
        .ok_or(AppError::NotFound("payment"))?;
    if !payment.is_refundable() {
        return Err(AppError::conflict(
            "not_refundable",
            format!(
                "a {} that is {} has no refund",
                payment.kind, payment.status
            ),
        ));
    }
    let refunded = refund_payment(
        &mut tx,
        state,
        &payment,
        req.amount_cents,
        req.reason.trim(),
    )
    .await?;
    if refunded < req.amount_cents {
        return Err(AppError::conflict(
            "refund_too_high",
            format!("only {refunded} cents are left to refund"),
        ));
    }
    orders::service::note_refund(&mut tx, state, payment.order_id, refunded).await?; //~ calls photo_rental::orders::service::note_refund
    tx.commit().await?;
    view(state, payment_id).await
}

/// What the customer has paid for an order and not got back.
pub async fn paid_total(state: &AppState, order_id: i64) -> Result<i64, AppError> {
    repo::paid_total(&state.pool, order_id).await
}

/// The payments of an order, for its owner or the staff.
pub async fn of_order(
    state: &AppState,
    current: &CurrentUser,
    order_id: i64,
) -> Result<Vec<Payment>, AppError> {
    // Someone else's order does not exist for the asker.
    orders::service::require_order(state, current, order_id).await?; //~ calls photo_rental::orders::service::require_order
    repo::payments_of_order(&state.pool, order_id).await
}

/// One payment, for its owner or the staff.
pub async fn show(
    state: &AppState,
    current: &CurrentUser,
    id: i64,
) -> Result<PaymentView, AppError> {
    let view = view(state, id).await?;
    if view.payment.user_id != current.id() && !current.user.is_admin() { //~ calls photo_rental::users::types::UserRow::is_admin
        return Err(AppError::NotFound("payment"));
    }
    Ok(view)
}

async fn view(state: &AppState, id: i64) -> Result<PaymentView, AppError> {
    let payment = repo::payment(&state.pool, id)
        .await?
        .ok_or(AppError::NotFound("payment"))?;
    let refunds = repo::refunds_of(&state.pool, id).await?;
    Ok(PaymentView {
        refunded_cents: refunds.iter().map(|r| r.amount_cents).sum(),
        payment,
        refunds,
    })
}
