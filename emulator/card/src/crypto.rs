//! The card's arithmetic: the only module that names the crypto library.
//!
//! The library is OpenSSL because a CNS card does the raw RSA operation on a block that the host has
//! padded, with keys of 1024 bits too; ring has neither.

use core::fmt;

use openssl::hash::MessageDigest;
use openssl::pkcs5::pbkdf2_hmac;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};

/// The work factor of the digest that is kept of a PIN. It cannot protect five digits against
/// somebody who holds the image file; it keeps the digits themselves out of it.
const STRETCH_ROUNDS: usize = 1_000;

/// An RSA private key and its engine. It has no `Debug` that shows the key.
#[derive(Clone)]
pub struct RsaPrivateKey(Rsa<Private>);

/// Why bytes are no usable RSA key.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// Not PKCS #8 or PKCS #1.
    #[error("these bytes are no RSA private key in PKCS #8 or PKCS #1 form")]
    NotAKey,
    /// The parts of the key contradict each other.
    #[error("the parts of this RSA key contradict each other")]
    Inconsistent,
    /// A modulus that no CNS card has.
    #[error("a CNS card has RSA keys of 1024 to 4096 bits, this one has {0}")]
    Size(u32),
}

/// The input is not less than the modulus.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockTooLarge;

impl RsaPrivateKey {
    /// Reads a private key, PKCS #8 or PKCS #1, PEM or DER.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let key = PKey::private_key_from_pem(bytes)
            .or_else(|_| PKey::private_key_from_der(bytes))
            .map_err(|_| KeyError::NotAKey)?;
        let rsa = key.rsa().map_err(|_| KeyError::NotAKey)?;
        if !rsa.check_key().unwrap_or(false) {
            return Err(KeyError::Inconsistent);
        }
        let bits = rsa.size() * 8;
        match (1024..=4096).contains(&bits) {
            true => Ok(Self(rsa)),
            false => Err(KeyError::Size(bits)),
        }
    }

    /// The length of the modulus, and so of every block, in bytes.
    pub fn modulus_length(&self) -> usize {
        self.0.size() as usize
    }

    /// The modulus, big-endian.
    pub fn modulus(&self) -> Vec<u8> {
        self.0.n().to_vec()
    }

    /// The public exponent, big-endian.
    pub fn public_exponent(&self) -> Vec<u8> {
        self.0.e().to_vec()
    }

    /// The public key as DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): what a certifier signs.
    pub fn public_key_der(&self) -> Result<Vec<u8>, KeyError> {
        self.0.public_key_to_der().map_err(|_| KeyError::NotAKey)
    }

    /// The private key as DER, PKCS #1.
    pub(crate) fn to_der(&self) -> Result<Vec<u8>, KeyError> {
        self.0.private_key_to_der().map_err(|_| KeyError::NotAKey)
    }

    /// Appends block^d mod n. The block has the length of the modulus: the caller has checked that.
    pub(crate) fn raw(&self, block: &[u8], out: &mut Vec<u8>) -> Result<(), BlockTooLarge> {
        let start = out.len();
        out.resize(start + self.modulus_length(), 0);
        let place = out.get_mut(start..).unwrap_or_default();
        self.0
            .private_encrypt(block, place, Padding::NONE)
            .map_err(|_| BlockTooLarge)?;
        Ok(())
    }
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPrivateKey({} bits)", self.0.size() * 8)
    }
}

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

/// Compares in constant time.
pub(crate) fn equal(left: &[u8; 32], right: &[u8; 32]) -> bool {
    openssl::memcmp::eq(left, right)
}
