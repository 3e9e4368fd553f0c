//! Payment providers. Both live in the process; a real one would sit behind the same trait.

use crate::support::tokens::digest;

/// A request to take money.
#[derive(Clone, Debug)]
pub struct ChargeRequest<'a> {
    /// The shop's own name for the payment; the same key never charges twice.
    pub idempotency_key: &'a str,
    /// What the checkout page got from the provider in exchange for the card.
    pub payment_token: &'a str,
    pub amount_cents: i64,
}

/// What a provider answers to a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub reference: String,
    /// Whether the money is here already.
    pub captured: bool,
}

/// Why a provider said no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    #[error("{0}")]
    Declined(&'static str),
    #[error("unknown reference {0}")]
    UnknownReference(String),
}

/// What the shop needs from a payment provider.
pub trait PaymentProvider: Send + Sync {
    /// A short name, stored with every payment.
    fn name(&self) -> &'static str;

    /// Takes money or asks for it.
    fn charge(&self, request: &ChargeRequest<'_>) -> Result<Receipt, ProviderError>;

    /// Pays part of a charge back.
    fn refund(&self, reference: &str, amount_cents: i64) -> Result<(), ProviderError>;
}

/// Takes the money at once, except for tokens that ask for a failure.
#[derive(Clone, Debug)]
pub struct CardProvider {
    limit_cents: i64,
}

impl Default for CardProvider {
    fn default() -> Self {
        Self {
            limit_cents: 500_000,
        }
    }
}

impl PaymentProvider for CardProvider {
    fn name(&self) -> &'static str {
        "card"
    }

    fn charge(&self, request: &ChargeRequest<'_>) -> Result<Receipt, ProviderError> {
        match request.payment_token {
            "" => return Err(ProviderError::Declined("no card")),
            "tok_declined" => return Err(ProviderError::Declined("card declined")),
            _ => {}
        }
        if request.amount_cents > self.limit_cents {
            return Err(ProviderError::Declined("amount above the limit"));
        }
        Ok(Receipt {
            reference: reference("card", request),
            captured: true,
        })
    }

    fn refund(&self, reference: &str, _: i64) -> Result<(), ProviderError> {
        if reference.starts_with("card_") {
            Ok(())
        } else {
            Err(ProviderError::UnknownReference(reference.to_owned()))
        }
    }
}

/// Sends an invoice; the webhook tells when the money has come.
#[derive(Clone, Copy, Debug)]
pub struct InvoiceProvider;

impl PaymentProvider for InvoiceProvider {
    fn name(&self) -> &'static str {
        "invoice"
    }

    fn charge(&self, request: &ChargeRequest<'_>) -> Result<Receipt, ProviderError> {
        Ok(Receipt {
            reference: reference("inv", request),
            captured: false,
        })
    }

    fn refund(&self, _: &str, _: i64) -> Result<(), ProviderError> {
        Err(ProviderError::Declined("transfers are paid back by hand"))
    }
}

fn reference(prefix: &str, request: &ChargeRequest<'_>) -> String {
    let digest = digest(&format!(
        "{}/{}",
        request.idempotency_key, request.amount_cents
    ));
    format!("{prefix}_{}", &digest[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(payment_token: &str, amount_cents: i64) -> ChargeRequest<'_> {
        ChargeRequest {
            idempotency_key: "order-1",
            payment_token,
            amount_cents,
        }
    }

    #[test]
    fn the_same_charge_has_the_same_reference() {
        let provider = CardProvider::default();
        let first = provider.charge(&request("tok_visa", 100)).unwrap();
        assert_eq!(
            provider.charge(&request("tok_visa", 100)),
            Ok(first.clone())
        );
        assert!(provider.refund(&first.reference, 50).is_ok());
        assert!(provider.refund("inv_1", 50).is_err());
    }

    #[test]
    fn cards_are_declined_on_request() {
        let provider = CardProvider::default();
        for (token, cents) in [("", 1), ("tok_declined", 1), ("tok_visa", 500_001)] {
            assert!(provider.charge(&request(token, cents)).is_err());
        }
    }
}
