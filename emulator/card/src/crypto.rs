//! The card's arithmetic: the only module that names the crypto library.
//!
//! The library is OpenSSL because a CNS card does the raw RSA operation on a block that the host has
//! padded, with keys of 1024 bits too; ring has neither.

use core::cmp::Ordering;
use core::fmt;

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkcs5::pbkdf2_hmac;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa, RsaPrivateKeyBuilder};
use openssl::symm::{Cipher, Crypter, Mode};
use zeroize::Zeroize;

use crate::entropy::{Entropy, EntropyFault};

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

/// Compares in constant time; only the lengths may leak.
pub(crate) fn equal(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && openssl::memcmp::eq(left, right)
}

/// A triple-DES key of two or three parts. It has no `Debug` that shows the key.
#[derive(Clone, Eq, PartialEq)]
pub struct TripleDesKey([u8; 24]);

impl TripleDesKey {
    /// A key of 16 bytes (the third part is the first again) or 24 bytes; none of another length.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut key = [0; 24];
        match bytes.len() {
            16 => {
                let (whole, first) = key.split_at_mut(16);
                whole.copy_from_slice(bytes);
                first.copy_from_slice(bytes.get(..8)?);
            }
            24 => key.copy_from_slice(bytes),
            _ => return None,
        }
        Some(Self(key))
    }

    /// The three parts, 24 bytes.
    pub(crate) fn as_bytes(&self) -> &[u8; 24] {
        &self.0
    }

    /// Enciphers whole blocks of 8 bytes in CBC mode from an initial vector of zeros.
    pub(crate) fn encipher(&self, blocks: &[u8]) -> Option<Vec<u8>> {
        self.run(Mode::Encrypt, blocks)
    }

    /// Deciphers whole blocks of 8 bytes in CBC mode from an initial vector of zeros.
    pub(crate) fn decipher(&self, blocks: &[u8]) -> Option<Vec<u8>> {
        self.run(Mode::Decrypt, blocks)
    }

    fn run(&self, mode: Mode, blocks: &[u8]) -> Option<Vec<u8>> {
        if blocks.is_empty() || !blocks.len().is_multiple_of(8) {
            return None;
        }
        let mut crypter =
            Crypter::new(Cipher::des_ede3_cbc(), mode, &self.0, Some(&[0; 8])).ok()?;
        crypter.pad(false);
        // The library wants room for a block more than it writes.
        let mut out = vec![0; blocks.len() + 8];
        let written = crypter.update(blocks, &mut out).ok()?;
        out.truncate(written);
        Some(out)
    }
}

impl fmt::Debug for TripleDesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TripleDesKey")
    }
}

impl Drop for TripleDesKey {
    fn drop(&mut self) {
        self.0.zeroize();
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
        let one = BigNum::from_u32(1)?;
        let (p_1, q_1) = (&p - &one, &q - &one);
        let mut d = BigNum::new()?;
        d.mod_inverse(&exponent, &(&p_1 * &q_1), &mut context)?;
        let mut q_inverse = BigNum::new()?;
        q_inverse.mod_inverse(&q, &p, &mut context)?;
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
