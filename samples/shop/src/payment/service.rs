//! Rules of payments.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::{Bill, NewPayment, Payment, PaymentView, Refund, RefundForm};
use super::provider::{ChargeRequest, PaymentProvider, ProviderError};
use crate::accounts::AuthUser;
use crate::checkout;
use crate::error::AppError;
use crate::schema::{payments, refunds};
use crate::state::AppState;
use crate::support::Checks;

impl From<ProviderError> for AppError {
    fn from(err: ProviderError) -> Self {
        match err {
            ProviderError::Declined(reason) => AppError::PaymentDeclined(reason.to_owned()),
            ProviderError::UnknownReference(_) => AppError::Internal(err.to_string()),
        }
    }
}

/// Asks the provider for the money, inside the transaction that stores the order.
pub fn charge( //~ unsendable
    conn: &mut SqliteConnection,
    provider: &dyn PaymentProvider,
    bill: &Bill,
    now: NaiveDateTime,
) -> Result<Payment, AppError> {
    let key = format!("order-{}", bill.order_id);
    let receipt = provider.charge(&ChargeRequest { //~ one-of shop::payment::provider::CardProvider::charge ; one-of shop::payment::provider::InvoiceProvider::charge
        idempotency_key: &key,
        payment_token: &bill.payment_token,
        amount_cents: bill.amount_cents,
    })?;
    let payment = diesel::insert_into(payments::table) //~ inserts payments
        .values(NewPayment {
            order_id: bill.order_id,
            user_id: bill.user_id,
            provider: provider.name(), //~ one-of shop::payment::provider::CardProvider::name ; one-of shop::payment::provider::InvoiceProvider::name
            reference: &receipt.reference,
            status: if receipt.captured {
                "captured"
            } else {
                "pending"
            },
            amount_cents: bill.amount_cents,
            created_at: now,
        })
        .returning(Payment::as_returning())
        .get_result(conn)?;
    Ok(payment)
}

/// The payments of an order, oldest first.
pub fn of_order(conn: &mut SqliteConnection, order: i32) -> Result<Vec<Payment>, AppError> {
    use crate::schema::payments::dsl::*;

    let rows = payments //~ reads payments
        .filter(order_id.eq(order))
        .order(id)
        .select(Payment::as_select())
        .load(conn)?;
    Ok(rows)
}

/// What the customer has paid for an order and not got back.
pub fn paid_cents(conn: &mut SqliteConnection, order_id: i32) -> Result<i64, AppError> {
    let mut paid = 0;
    for payment in of_order(conn, order_id)? {
        if payment.status != "pending" {
            paid += payment.amount_cents - refunded_cents(conn, &payment)?;
        }
    }
    Ok(paid)
}

fn refunded_cents(conn: &mut SqliteConnection, payment: &Payment) -> Result<i64, AppError> {
    let amounts: Vec<i64> = Refund::belonging_to(payment) //~ reads refunds
        .select(refunds::amount_cents)
        .load(conn)?;
    Ok(amounts.iter().sum())
}

/// One payment with its refunds, for its owner or the staff.
pub fn view(
    conn: &mut SqliteConnection,
    current: &AuthUser,
    payment_id: i32,
) -> Result<PaymentView, AppError> {
    let payment = payments::table //~ reads payments
        .find(payment_id)
        .select(Payment::as_select())
        .first(conn)
        .optional()?
        .filter(|payment| payment.user_id == current.id || current.is_staff())
        .ok_or(AppError::NotFound("payment"))?;
    let refunds: Vec<Refund> = Refund::belonging_to(&payment) //~ reads refunds
        .order(refunds::id)
        .select(Refund::as_select())
        .load(conn)?;
    Ok(PaymentView {
        refunded_cents: refunds.iter().map(|refund| refund.amount_cents).sum(),
        payment,
        refunds,
    })
}

/// Pays part of a payment back; asked for by the staff.
pub fn refund(
    conn: &mut SqliteConnection,
    state: &AppState,
    staff: &AuthUser,
    payment_id: i32,
    form: &RefundForm,
) -> Result<PaymentView, AppError> {
    Checks::new()
        .that(form.amount_cents > 0, "amount_cents must be positive")
        .text("reason", &form.reason, 200)
        .done()?;
    conn.immediate_transaction(|conn| { //~ transaction
        let before = view(conn, staff, payment_id)?;
        if before.payment.status != "captured" {
            return Err(AppError::conflict(
                "not_refundable",
                format!("the payment is {}", before.payment.status),
            ));
        }
        let left = before.payment.amount_cents - before.refunded_cents;
        if form.amount_cents > left {
            return Err(AppError::conflict(
                "refund_too_high",
                format!("only {left} cents are left to refund"),
            ));
        }
        pay_back(
            conn,
            state,
            &before.payment,
            form.amount_cents,
            &form.reason,
        )?;
        view(conn, staff, payment_id)
    })
}

/// Pays back what is left of the payments of an order; part of the transaction that cancels it.
pub fn refund_order( //~ unsendable
    conn: &mut SqliteConnection,
    state: &AppState,
    order_id: i32,
) -> Result<i64, AppError> {
    let mut refunded = 0;
    for payment in of_order(conn, order_id)? {
        let left = payment.amount_cents - refunded_cents(conn, &payment)?;
        if payment.status == "captured" && left > 0 {
            pay_back(conn, state, &payment, left, "order cancelled")?;
            refunded += left;
        }
    }
    Ok(refunded)
}

fn pay_back(
    conn: &mut SqliteConnection,
    state: &AppState,
    payment: &Payment,
    cents: i64,
    why: &str,
) -> Result<(), AppError> {
    use crate::schema::refunds::dsl::*;

    state.provider.refund(&payment.reference, cents)?; //~ one-of shop::payment::provider::CardProvider::refund ; one-of shop::payment::provider::InvoiceProvider::refund
    diesel::insert_into(refunds) //~ inserts refunds
        .values((
            payment_id.eq(payment.id),
            amount_cents.eq(cents),
            reason.eq(why.trim()),
            created_at.eq(state.now()),
        ))
        .execute(conn)?;
    if refunded_cents(conn, payment)? == payment.amount_cents {
        set_status(conn, payment, "refunded")?;
    }
    Ok(())
}

/// Sets the status of a payment.
pub fn set_status(
    conn: &mut SqliteConnection,
    payment: &Payment,
    status: &str,
) -> Result<(), AppError> {
    diesel::update(payment) //~ updates payments
        .set(payments::status.eq(status))
        .execute(conn)?;
    Ok(())
}

/// The payments of an order, if the user may see the order.
pub fn of_visible_order(
    conn: &mut SqliteConnection,
    current: &AuthUser,
    order_id: i32,
) -> Result<Vec<Payment>, AppError> {
    // Someone else's order does not exist for the asker.
    checkout::service::require_order(conn, current, order_id)?; //~ calls shop::checkout::service::require_order
    of_order(conn, order_id)
}
