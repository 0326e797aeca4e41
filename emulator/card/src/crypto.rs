//! The card's arithmetic: the only place that names the crypto libraries.

mod rsa;
mod triple_des;

pub(crate) use rsa::BlockTooLarge;
pub use rsa::{KeyError, RsaPart, RsaPartKind, RsaPrivateKey};
pub(crate) use triple_des::BLOCK;
pub use triple_des::TripleDesKey;

use openssl::hash::MessageDigest;
use openssl::pkcs5::pbkdf2_hmac;

/// The work factor of the digest that is kept of a PIN. It cannot protect five digits against
/// somebody who holds the image file; it keeps the digits themselves out of it.
const STRETCH_ROUNDS: usize = 1_000;

/// A digest of a PIN that takes some work: PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2).
pub(crate) fn stretch(value: &[u8], salt: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    pbkdf2_hmac(
        value,
        salt,
        STRETCH_ROUNDS,
        MessageDigest::sha256(),
        &mut digest,
    )
    .expect("PBKDF2 takes any password and salt");
    digest
}

/// Compares in constant time; only the lengths may leak.
pub(crate) fn equal(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && openssl::memcmp::eq(left, right)
}
