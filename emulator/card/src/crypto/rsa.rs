//! RSA: the raw operation on a block that the host has padded, with keys of 1024 bits too. OpenSSL
//! has it; ring does not.

mod consistency;
mod parts;

pub use parts::{RsaPart, RsaPartKind};

use core::cmp::Ordering;
use core::fmt;

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa, RsaPrivateKeyBuilder};

use crate::entropy::{Entropy, EntropyFault};

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
    /// A number that is no part of a key that is put in parts.
    #[error("this number is no modulus or private exponent of an RSA key of 1024 or 2048 bits")]
    Part,
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
        if !consistency::holds(&rsa).unwrap_or(false) {
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

impl RsaPrivateKey {
    /// A new key pair with the public exponent 65537, made from the card's own random bytes, so that
    /// the same bytes give the same key.
    pub(crate) fn generate(bits: u16, entropy: &mut dyn Entropy) -> Result<Self, GenerationFailed> {
        let mut context = BigNumContext::new()?;
        let exponent = BigNum::from_u32(65_537)?;
        let (p, q) = loop {
            let first = prime(bits / 2, &exponent, entropy, &mut context)?;
            let second = prime(bits / 2, &exponent, entropy, &mut context)?;
            match first.cmp(&second) {
                Ordering::Greater => break (first, second),
                Ordering::Less => break (second, first),
                Ordering::Equal => {}
            }
        };
        Ok(Self::of_primes(p, q, exponent, &mut context)?)
    }

    /// The key pair of two primes, p the larger one, and a public exponent.
    fn of_primes(
        p: BigNum,
        q: BigNum,
        exponent: BigNum,
        context: &mut BigNumContext,
    ) -> Result<Self, ErrorStack> {
        let one = BigNum::from_u32(1)?;
        let (p_1, q_1) = (&p - &one, &q - &one);
        let mut d = BigNum::new()?;
        d.mod_inverse(&exponent, &(&p_1 * &q_1), context)?;
        let mut q_inverse = BigNum::new()?;
        q_inverse.mod_inverse(&q, &p, context)?;
        let (d_p, d_q) = (&d % &p_1, &d % &q_1);
        let rsa = RsaPrivateKeyBuilder::new(&p * &q, exponent, d)?
            .set_factors(p, q)?
            .set_crt_params(d_p, d_q, q_inverse)?
            .build();
        Ok(Self(rsa))
    }
}

/// No key pair could be generated: no random bytes, or the library failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GenerationFailed;

impl From<ErrorStack> for GenerationFailed {
    fn from(_: ErrorStack) -> Self {
        Self
    }
}

impl From<EntropyFault> for GenerationFailed {
    fn from(EntropyFault: EntropyFault) -> Self {
        Self
    }
}

/// A prime of so many bits whose two top bits are set, so that the product of two has all its bits,
/// and with p - 1 coprime to the exponent.
fn prime(
    bits: u16,
    exponent: &BigNumRef,
    entropy: &mut dyn Entropy,
    context: &mut BigNumContext,
) -> Result<BigNum, GenerationFailed> {
    let one = BigNum::from_u32(1)?;
    loop {
        let mut bytes = vec![0; usize::from(bits / 8)];
        entropy.fill(&mut bytes)?;
        if let Some(top) = bytes.first_mut() {
            *top |= 0xC0;
        }
        if let Some(low) = bytes.last_mut() {
            *low |= 0x01;
        }
        let mut candidate = BigNum::from_slice(&bytes)?;
        while candidate.num_bits() == i32::from(bits) {
            let mut divisor = BigNum::new()?;
            divisor.gcd(&(&candidate - &one), exponent, context)?;
            // Zero rounds stand for as many as the size of the number needs.
            if divisor == one && candidate.is_prime_fasttest(0, context, true)? {
                return Ok(candidate);
            }
            candidate.add_word(2)?;
        }
    }
}
