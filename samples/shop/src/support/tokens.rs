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
pub fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// HMAC-SHA-256 as lower-case hex.
pub fn sign(secret: &str, body: &[u8]) -> String {
    hex::encode(keyed(secret, body).finalize().into_bytes())
}

/// Compares a signature in constant time.
pub fn verify(secret: &str, body: &[u8], signature_hex: &str) -> bool {
    hex::decode(signature_hex)
        .is_ok_and(|signature| keyed(secret, body).verify_slice(&signature).is_ok())
}

fn keyed(secret: &str, body: &[u8]) -> Hmac<Sha256> {
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
        assert!(verify("secret", b"body", &signature));
        assert!(!verify("other", b"body", &signature));
        assert!(!verify("secret", b"bod", &signature));
        assert!(!verify("secret", b"body", "not hex"));
    }
}
