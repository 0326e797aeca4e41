//! An RSA key that comes as two numbers, one after the other: the modulus n and the private exponent
//! d. OpenSSL works with the primes, which n and d give away together (NIST SP 800-56B, appendix C).

use core::fmt;

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::error::ErrorStack;

use super::{KeyError, RsaPrivateKey};

/// One of the two numbers, without the other. It has no `Debug` that shows it.
#[derive(Clone)]
pub struct RsaPart {
    kind: RsaPartKind,
    /// Big-endian, without leading zeros.
    number: Vec<u8>,
}

/// Which of the two numbers a part is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RsaPartKind {
    /// The modulus, n.
    Modulus,
    /// The private exponent, d.
    PrivateExponent,
}

/// The lengths of a modulus that is put in parts, in bits: what CNS cards have.
const LENGTHS: [u16; 2] = [1024, 2048];

/// The public exponents that are tried, the usual one first. A part does not say which one is its
/// key's: these are the Fermat primes, and hosts generate with nothing else.
const PUBLIC_EXPONENTS: [u32; 5] = [65_537, 3, 17, 5, 257];

/// The numbers whose powers are looked at for a factor. Each finds the factors of half of all keys,
/// so all of them miss one key in 2^32; and they bound what a key that is none can cost.
const BASES: [u32; 32] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131,
];

impl RsaPart {
    /// Reads a big-endian number. A modulus is odd and has 1024 or 2048 bits; a private exponent is
    /// odd, not 1, and has at most 2048.
    pub(crate) fn parse(kind: RsaPartKind, bytes: &[u8]) -> Result<Self, KeyError> {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let number = bytes.get(zeros..).unwrap_or_default().to_vec();
        let [length_min, length_max] = LENGTHS.map(|bits| usize::from(bits / 8));
        let is_usable = match (kind, number.as_slice()) {
            (RsaPartKind::Modulus, [top, ..]) => {
                *top >= 0x80 && [length_min, length_max].contains(&number.len())
            }
            (RsaPartKind::PrivateExponent, number) => number > &[1] && number.len() <= length_max,
            (RsaPartKind::Modulus, []) => false,
        };
        let is_odd = number.last().is_some_and(|low| low & 1 == 1);
        match is_usable && is_odd {
            true => Ok(Self { kind, number }),
            false => Err(KeyError::Part),
        }
    }

    /// Which number it is.
    pub fn kind(&self) -> RsaPartKind {
        self.kind
    }

    /// The length of its key's modulus, in bits; of an exponent, the shortest one that it can have.
    pub fn bits(&self) -> u16 {
        let [short, long] = LENGTHS;
        match self.number.len() <= usize::from(short / 8) {
            true => short,
            false => long,
        }
    }

    /// The number, big-endian, without leading zeros.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.number
    }
}

impl fmt::Debug for RsaPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPart({:?})", self.kind)
    }
}

impl RsaPrivateKey {
    /// The key that a modulus and a private exponent belong to. [`KeyError::Inconsistent`] if there
    /// is none.
    pub(crate) fn join(modulus: &RsaPart, exponent: &RsaPart) -> Result<Self, KeyError> {
        match join(modulus, exponent) {
            Ok(Some(key)) if key.0.check_key().unwrap_or(false) => Ok(key),
            Ok(_) | Err(_) => Err(KeyError::Inconsistent),
        }
    }
}

fn join(modulus: &RsaPart, exponent: &RsaPart) -> Result<Option<RsaPrivateKey>, ErrorStack> {
    let n = BigNum::from_slice(&modulus.number)?;
    let d = BigNum::from_slice(&exponent.number)?;
    if d >= n {
        return Ok(None);
    }
    let mut context = BigNumContext::new()?;
    let Some(e) = public_exponent(&n, &d, &mut context)? else {
        return Ok(None);
    };
    let one = BigNum::from_u32(1)?;
    let Some(factor) = factor(&n, &(&(&e * &d) - &one), &mut context)? else {
        return Ok(None);
    };
    let cofactor = &n / &factor;
    let (p, q) = match factor > cofactor {
        true => (factor, cofactor),
        false => (cofactor, factor),
    };
    RsaPrivateKey::of_primes(p, q, e, &mut context).map(Some)
}

/// The exponent that undoes d modulo n.
fn public_exponent(
    n: &BigNumRef,
    d: &BigNumRef,
    context: &mut BigNumContext,
) -> Result<Option<BigNum>, ErrorStack> {
    let plain = BigNum::from_u32(2)?;
    let (mut signed, mut verified) = (BigNum::new()?, BigNum::new()?);
    signed.mod_exp(&plain, d, n, context)?;
    for e in PUBLIC_EXPONENTS {
        let e = BigNum::from_u32(e)?;
        verified.mod_exp(&signed, &e, n, context)?;
        if verified == plain {
            return Ok(Some(e));
        }
    }
    Ok(None)
}

/// A factor of n, when every number to the power of `multiple`, which is even, is 1 modulo n.
///
/// A number that is neither 1 nor -1, and whose square is 1, is 1 modulo one prime and -1 modulo the
/// other.
fn factor(
    n: &BigNumRef,
    multiple: &BigNumRef,
    context: &mut BigNumContext,
) -> Result<Option<BigNum>, ErrorStack> {
    let one = BigNum::from_u32(1)?;
    let minus_one = n - &one;
    for base in BASES {
        let base = BigNum::from_u32(base)?;
        let Some(root) = root_of_one(&base, multiple, n, context)? else {
            return Ok(None);
        };
        if root != one && root != minus_one {
            let mut factor = BigNum::new()?;
            factor.gcd(&(&root - &one), n, context)?;
            return Ok(Some(factor));
        }
    }
    Ok(None)
}

/// The power of the base, its exponent `multiple` halved as often as need be, that is not 1 itself
/// and has the square 1; or 1, if there is none. Nothing if base^multiple is not 1 modulo n.
fn root_of_one(
    base: &BigNumRef,
    multiple: &BigNumRef,
    n: &BigNumRef,
    context: &mut BigNumContext,
) -> Result<Option<BigNum>, ErrorStack> {
    let halvings = (0..multiple.num_bits())
        .take_while(|bit| !multiple.is_bit_set(*bit))
        .count();
    let (mut odd, one) = (BigNum::new()?, BigNum::from_u32(1)?);
    odd.rshift(multiple, halvings as i32)?;
    let (mut root, mut square) = (BigNum::new()?, BigNum::new()?);
    root.mod_exp(base, &odd, n, context)?;
    for _ in 0..halvings {
        square.mod_sqr(&root, n, context)?;
        if square == one {
            return Ok(Some(root));
        }
        core::mem::swap(&mut root, &mut square);
    }
    Ok(None)
}
