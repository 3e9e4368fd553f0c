//! Payments in the database and on the wire.

use serde::{Deserialize, Serialize};

/// A row of `payments`.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct Payment {
    pub id: i64,
    pub order_id: i64,
    #[serde(skip)]
    pub user_id: i64,
    pub kind: String,
    pub status: String,
    pub amount_cents: i64,
    pub gateway: String,
    pub gateway_ref: String,
    pub created_at: String,
}

impl Payment {
    /// Whether the money is with the shop and may be paid back.
    pub fn is_refundable(&self) -> bool {
        self.kind != "deposit" && self.status == "captured"
    }
}

/// A payment that is about to be stored.
#[derive(Clone, Debug)]
pub struct NewPayment<'a> {
    pub order_id: i64,
    pub user_id: i64,
    pub kind: &'a str,
    pub status: &'a str,
    pub amount_cents: i64,
    pub gateway: &'a str,
    pub gateway_ref: &'a str,
}

/// A row of `refunds`.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct Refund {
    pub id: i64,
    pub payment_id: i64,
    pub amount_cents: i64,
    pub reason: String,
    pub gateway_ref: String,
    pub created_at: String,
}

/// A payment with its refunds.
#[derive(Debug, Serialize)]
pub struct PaymentView {
    #[serde(flatten)]
    pub payment: Payment,
    pub refunded_cents: i64,
    pub refunds: Vec<Refund>,
}

/// What an order costs and how it is paid.
#[derive(Clone, Debug)]
pub struct OrderCharge {
    pub order_id: i64,
    pub user_id: i64,
    pub total_cents: i64,
    pub deposit_cents: i64,
    pub payment_token: String,
}

/// Body of `POST /api/admin/payments/{id}/refunds`.
#[derive(Debug, Deserialize)]
pub struct RefundRequest {
    pub amount_cents: i64,
    pub reason: String,
}

/// Body of a webhook delivery.
#[derive(Debug, Deserialize)]
pub struct WebhookEvent {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// The gateway's name for the payment.
    pub reference: String,
    pub amount_cents: Option<i64>,
}

/// Answer to a webhook delivery.
#[derive(Debug, Serialize)]
pub struct WebhookReply {
    pub status: &'static str,
}
