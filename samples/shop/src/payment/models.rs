//! Payments in the database and on the wire.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::schema::{payments, refunds};

/// A row of `payments`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable, Serialize)]
#[diesel(table_name = payments)]
pub struct Payment {
    pub id: i32,
    pub order_id: i32,
    #[serde(skip)]
    pub user_id: i32,
    pub provider: String,
    pub reference: String,
    pub status: String,
    pub amount_cents: i64,
    pub created_at: NaiveDateTime,
}

/// A new row of `payments`.
#[derive(Debug, Insertable)]
#[diesel(table_name = payments)]
pub struct NewPayment<'a> {
    pub order_id: i32,
    pub user_id: i32,
    pub provider: &'a str,
    pub reference: &'a str,
    pub status: &'a str,
    pub amount_cents: i64,
    pub created_at: NaiveDateTime,
}

/// A row of `refunds`.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable, Associations, Serialize)]
#[diesel(belongs_to(Payment), table_name = refunds)]
pub struct Refund {
    #[serde(skip)]
    pub id: i32,
    #[serde(skip)]
    pub payment_id: i32,
    pub amount_cents: i64,
    pub reason: String,
    pub created_at: NaiveDateTime,
}

/// A payment with its refunds.
#[derive(Debug, Serialize)]
pub struct PaymentView {
    #[serde(flatten)]
    pub payment: Payment,
    pub refunds: Vec<Refund>,
    pub refunded_cents: i64,
}

/// What the checkout wants to be paid.
#[derive(Clone, Debug)]
pub struct Bill {
    pub order_id: i32,
    pub user_id: i32,
    pub amount_cents: i64,
    pub payment_token: String,
}

/// Body of `POST /api/admin/payments/{id}/refunds`.
#[derive(Debug, Deserialize)]
pub struct RefundForm {
    pub amount_cents: i64,
    pub reason: String,
}

/// What the provider tells of its own accord.
#[derive(Debug, Deserialize)]
pub struct Delivery {
    pub id: String,
    pub kind: String,
    pub reference: String,
}
