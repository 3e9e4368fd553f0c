//! Random tokens and digests.

use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::{Digest, Sha256};

/// A fresh session token: 32 random bytes as hex.
pub fn random_token() -> String {
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// SHA-256 as lower-case hex.
pub fn sha256_hex(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// HMAC-SHA-256 as lower-case hex.
pub fn sign(secret: &str, body: &[u8]) -> String {
    hex::encode(mac(secret, body).finalize().into_bytes())
}

/// Compares a signature in constant time.
pub fn signature_is_valid(secret: &str, body: &[u8], signature_hex: &str) -> bool {
    match hex::decode(signature_hex) {
        Ok(signature) => mac(secret, body).verify_slice(&signature).is_ok(),
        Err(_) => false,
    }
}

fn mac(secret: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_depend_on_secret_and_body() {
        let signature = sign("secret", b"body");
        assert!(signature_is_valid("secret", b"body", &signature));
        assert!(!signature_is_valid("other", b"body", &signature));
        assert!(!signature_is_valid("secret", b"bod", &signature));
        assert!(!signature_is_valid("secret", b"body", "not hex"));
    }

    #[test]
    fn tokens_differ() {
        assert_ne!(random_token(), random_token());
        assert_eq!(random_token().len(), 64);
    }
}
