//! Payment gateways. Both live in the process; a real one would sit behind the same trait.

use async_trait::async_trait;

use crate::helpers::tokens::sha256_hex;

/// A request to take or to block money.
#[derive(Clone, Debug)]
pub struct GatewayRequest<'a> {
    /// The shop's own name for the payment; the same key never charges twice.
    pub idempotency_key: &'a str,
    /// What the checkout page got from the gateway in exchange for the card.
    pub payment_token: &'a str,
    pub amount_cents: i64,
}

/// Why a gateway said no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    #[error("{0}")]
    Declined(String),
    #[error("unknown reference {0}")]
    UnknownReference(String),
}

/// What the shop needs from a payment provider. Each call returns the gateway's reference.
#[async_trait]
pub trait PaymentGateway: Send + Sync {
    /// A short name, stored with every payment.
    fn name(&self) -> &'static str;

    /// Takes money.
    async fn charge(&self, request: GatewayRequest<'_>) -> Result<String, GatewayError>;

    /// Blocks money without taking it.
    async fn hold(&self, request: GatewayRequest<'_>) -> Result<String, GatewayError>;

    /// Pays back part of a charge.
    async fn refund(&self, reference: &str, amount_cents: i64) -> Result<String, GatewayError>;

    /// Gives a hold back, keeping `keep_cents` of it.
    async fn release(&self, reference: &str, keep_cents: i64) -> Result<String, GatewayError>;
}

/// Accepts everything up to a limit, except for tokens that ask for a failure.
#[derive(Clone, Debug)]
pub struct SandboxGateway {
    limit_cents: i64,
}

impl Default for SandboxGateway {
    fn default() -> Self {
        Self {
            limit_cents: 2_000_000,
        }
    }
}

impl SandboxGateway {
    /// A sandbox with its own limit per payment.
    pub fn with_limit(limit_cents: i64) -> Self {
        Self { limit_cents }
    }

    fn check(&self, request: &GatewayRequest<'_>) -> Result<(), GatewayError> {
        if request.payment_token.trim().is_empty() {
            return Err(GatewayError::Declined("no payment method".into()));
        }
        if request.payment_token == "tok_declined" {
            return Err(GatewayError::Declined("card declined".into()));
        }
        if request.amount_cents > self.limit_cents {
            return Err(GatewayError::Declined("amount above the limit".into()));
        }
        Ok(())
    }

    fn reference(prefix: &str, key: &str, amount_cents: i64) -> String {
        let digest = sha256_hex(&format!("{key}/{amount_cents}"));
        format!("{prefix}_{}", &digest[..16])
    }
}

#[async_trait]
impl PaymentGateway for SandboxGateway {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    async fn charge(&self, request: GatewayRequest<'_>) -> Result<String, GatewayError> {
        self.check(&request)?;
        Ok(Self::reference(
            "ch",
            request.idempotency_key,
            request.amount_cents,
        ))
    }

    async fn hold(&self, request: GatewayRequest<'_>) -> Result<String, GatewayError> {
        self.check(&request)?;
        if request.payment_token == "tok_no_deposit" {
            return Err(GatewayError::Declined("the card cannot be blocked".into()));
        }
        Ok(Self::reference(
            "ho",
            request.idempotency_key,
            request.amount_cents,
        ))
    }

    async fn refund(&self, reference: &str, amount_cents: i64) -> Result<String, GatewayError> {
        if !reference.starts_with("ch_") {
            return Err(GatewayError::UnknownReference(reference.to_owned()));
        }
        Ok(Self::reference("re", reference, amount_cents))
    }

    async fn release(&self, reference: &str, keep_cents: i64) -> Result<String, GatewayError> {
        if !reference.starts_with("ho_") {
            return Err(GatewayError::UnknownReference(reference.to_owned()));
        }
        // What is kept of a hold becomes a charge of its own.
        Ok(Self::reference("ch", reference, keep_cents))
    }
}

/// Says no to everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecliningGateway;

#[async_trait]
impl PaymentGateway for DecliningGateway {
    fn name(&self) -> &'static str {
        "declining"
    }

    async fn charge(&self, _: GatewayRequest<'_>) -> Result<String, GatewayError> {
        Err(GatewayError::Declined("all cards are declined".into()))
    }

    async fn hold(&self, _: GatewayRequest<'_>) -> Result<String, GatewayError> {
        Err(GatewayError::Declined("all cards are declined".into()))
    }

    async fn refund(&self, reference: &str, _: i64) -> Result<String, GatewayError> {
        Err(GatewayError::UnknownReference(reference.to_owned()))
    }

    async fn release(&self, reference: &str, _: i64) -> Result<String, GatewayError> {
        Err(GatewayError::UnknownReference(reference.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(payment_token: &str, amount_cents: i64) -> GatewayRequest<'_> {
        GatewayRequest {
            idempotency_key: "order-1",
            payment_token,
            amount_cents,
        }
    }

    #[tokio::test]
    async fn the_sandbox_is_repeatable() {
        let gateway = SandboxGateway::default();
        let first = gateway.charge(request("tok_ok", 100)).await.unwrap();
        let second = gateway.charge(request("tok_ok", 100)).await.unwrap();
        assert_eq!(first, second);
        assert!(first.starts_with("ch_"));
    }

    #[tokio::test]
    async fn the_sandbox_declines_on_request() {
        let gateway = SandboxGateway::with_limit(1_000);
        for (token, cents) in [("tok_declined", 1), ("", 1), ("tok_ok", 1_001)] {
            let answer = gateway.charge(request(token, cents)).await;
            assert!(matches!(answer, Err(GatewayError::Declined(_))));
        }
    }

    #[tokio::test]
    async fn only_charges_are_refunded() {
        let gateway = SandboxGateway::default();
        let hold = gateway.hold(request("tok_ok", 100)).await.unwrap();
        assert!(gateway.refund(&hold, 100).await.is_err());
        assert!(gateway.release(&hold, 0).await.is_ok());
    }
}
