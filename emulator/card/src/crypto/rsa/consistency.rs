//! Whether the parts of a key belong together, in a millisecond.
//!
//! OpenSSL's own check takes twenty times as long, for it proves anew that the factors are prime. That a card
//! is there soon after its reader is worth more: the relations below hold for no key that would not work.

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::error::ErrorStack;
use openssl::pkey::Private;
use openssl::rsa::Rsa;

/// RFC 8017 §3.2: n = p q; e d = 1, and the parts that speed the operation up, by each factor. That a factor
/// is prime is believed of one that passes Fermat's test with 2.
pub(super) fn holds(key: &Rsa<Private>) -> Result<bool, ErrorStack> {
    let (Some(p), Some(q)) = (key.p(), key.q()) else {
        return Ok(false);
    };
    let (Some(d_p), Some(d_q), Some(q_inverse)) = (key.dmp1(), key.dmq1(), key.iqmp()) else {
        return Ok(false);
    };
    let mut context = BigNumContext::new()?;
    let mut product = BigNum::new()?;
    product.checked_mul(p, q, &mut context)?;
    if product != *key.n() {
        return Ok(false);
    }
    for (factor, exponent) in [(p, d_p), (q, d_q)] {
        if !works_modulo(factor, exponent, key, &mut context)? {
            return Ok(false);
        }
    }
    let mut one = BigNum::new()?;
    one.mod_mul(q_inverse, q, p, &mut context)?;
    Ok(one == BigNum::from_u32(1)? && q_inverse < p)
}

/// Whether the key and its short exponent work modulo one of its factors.
fn works_modulo(
    factor: &BigNumRef,
    exponent: &BigNumRef,
    key: &Rsa<Private>,
    context: &mut BigNumContext,
) -> Result<bool, ErrorStack> {
    let one = BigNum::from_u32(1)?;
    let two = BigNum::from_u32(2)?;
    if *factor <= two || !factor.is_bit_set(0) {
        return Ok(false);
    }
    let mut order = BigNum::new()?;
    order.checked_sub(factor, &one)?;
    let (mut short, mut undone, mut power) = (BigNum::new()?, BigNum::new()?, BigNum::new()?);
    short.nnmod(key.d(), &order, context)?;
    undone.mod_mul(key.e(), key.d(), &order, context)?;
    power.mod_exp(&two, &order, factor, context)?;
    Ok(short == *exponent && undone == one && power == one)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use openssl::rsa::RsaPrivateKeyBuilder;

    use super::*;

    /// A key with its parts, in the order n, e, d, p, q, and those that speed it up.
    fn key(parts: [&BigNumRef; 8]) -> Rsa<Private> {
        let [n, e, d, p, q, d_p, d_q, q_inverse] = parts.map(|part| part.to_owned().unwrap());
        let key = RsaPrivateKeyBuilder::new(n, e, d).unwrap();
        let key = key.set_factors(p, q).unwrap();
        key.set_crt_params(d_p, d_q, q_inverse).unwrap().build()
    }

    fn parts(key: &Rsa<Private>) -> [&BigNumRef; 8] {
        let (p, q) = (key.p().unwrap(), key.q().unwrap());
        let short = (key.dmp1().unwrap(), key.dmq1().unwrap());
        let q_inverse = key.iqmp().unwrap();
        [key.n(), key.e(), key.d(), p, q, short.0, short.1, q_inverse]
    }

    #[test]
    fn it_says_what_openssl_says_of_each_part() {
        let good = Rsa::generate(1024).unwrap();
        assert!(holds(&good).unwrap());
        assert!(holds(&key(parts(&good))).unwrap());
        let two = BigNum::from_u32(2).unwrap();
        for place in 0..8 {
            let right = parts(&good);
            for wrong in [
                &**right.get(place).unwrap() + &two,
                BigNum::from_u32(1).unwrap(),
            ] {
                let mut changed = right;
                if let Some(part) = changed.get_mut(place) {
                    *part = &wrong;
                }
                let changed = key(changed);
                assert!(!holds(&changed).unwrap(), "part {place} is {wrong}");
                assert!(!changed.check_key().unwrap_or(false), "part {place}");
            }
        }
    }

    #[test]
    fn factors_that_are_not_prime_are_found() {
        // Whatever e and d are, they do not undo each other modulo what is no prime's order.
        let good = Rsa::generate(1024).unwrap();
        let three = BigNum::from_u32(3).unwrap();
        let p = &(good.p().unwrap() * &three) + &BigNum::from_u32(2).unwrap();
        let n = &p * good.q().unwrap();
        let [_, e, d, _, q, d_p, d_q, q_inverse] = parts(&good);
        assert!(!holds(&key([&n, e, d, &p, q, d_p, d_q, q_inverse])).unwrap());
    }
}
