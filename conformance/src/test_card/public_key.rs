//! The key that signatures are judged by. Its arithmetic is neither the card's engine nor ring's.

use ring::signature::{RsaParameters, UnparsedPublicKey};
use x509_parser::num_bigint::BigUint;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

/// An RSA public key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RsaPublicKey {
    modulus: BigUint,
    exponent: BigUint,
    /// RSAPublicKey, DER (RFC 8017 §A.1.1); empty for a key that came in two numbers.
    der: Vec<u8>,
}

impl RsaPublicKey {
    /// The key in a certificate; what follows the certificate does not matter.
    pub fn of_certificate(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let PublicKey::RSA(rsa) = certificate.public_key().parsed().ok()? else {
            return None;
        };
        Some(Self {
            der: certificate.public_key().subject_public_key.data.to_vec(),
            ..Self::new(rsa.modulus, rsa.exponent)
        })
    }

    /// A key from its modulus and exponent, big-endian.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Self {
        Self {
            modulus: BigUint::from_bytes_be(modulus),
            exponent: BigUint::from_bytes_be(exponent),
            der: Vec::new(),
        }
    }

    /// The length of the modulus, in bytes.
    pub fn length(&self) -> usize {
        self.modulus.to_bytes_be().len()
    }

    /// The length of the modulus, in bits.
    pub fn bits(&self) -> u64 {
        self.modulus.bits()
    }

    /// The exponent, big-endian.
    pub fn exponent(&self) -> Vec<u8> {
        self.exponent.to_bytes_be()
    }

    /// The modulus and a small number, as a block.
    pub fn modulus_and(&self, more: i8) -> Vec<u8> {
        let number = match more {
            0.. => &self.modulus + more.unsigned_abs(),
            _ => &self.modulus - more.unsigned_abs(),
        };
        self.block(&number)
    }

    /// The public operation: block^e mod n, as long as the modulus (RFC 8017 §5.1.1).
    pub fn raw(&self, block: &[u8]) -> Vec<u8> {
        let number = BigUint::from_bytes_be(block);
        self.block(&number.modpow(&self.exponent, &self.modulus))
    }

    /// Whether ring takes the signature.
    pub fn verifies(
        &self,
        parameters: &'static RsaParameters,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        UnparsedPublicKey::new(parameters, &self.der)
            .verify(message, signature)
            .is_ok()
    }

    fn block(&self, number: &BigUint) -> Vec<u8> {
        let bytes = number.to_bytes_be();
        let zeros = self.length().saturating_sub(bytes.len());
        [vec![0; zeros], bytes].concat()
    }
}
