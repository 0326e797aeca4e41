//! How the desk knows a code again that it does not keep.

use std::fmt;
use std::num::NonZeroU32;

use ring::pbkdf2;
use serde::{Deserialize, Serialize};

use crate::entropy::{Entropy, EntropyFault};

/// A salted digest of a code, and how often it may still be tried.
///
/// Six or eight digits are few: who has this in hand can try them all, whatever the digest. It is there
/// so that nothing shows, logs or compares digits; against guessing there are the tries.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verifier {
    salt: [u8; 16],
    digest: [u8; ring::digest::SHA256_OUTPUT_LEN],
    tries_left: u8,
}

const TRIES: u8 = 3;
/// Few, because more would cost each page and protect no code of so few digits.
const ROUNDS: NonZeroU32 = NonZeroU32::new(1_000).expect("a thousand is not zero");

impl Verifier {
    pub(super) fn of(digits: &[u8], entropy: &mut dyn Entropy) -> Result<Self, EntropyFault> {
        let mut verifier = Self {
            salt: [0; 16],
            digest: [0; ring::digest::SHA256_OUTPUT_LEN],
            tries_left: TRIES,
        };
        entropy.fill(&mut verifier.salt)?;
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        pbkdf2::derive(
            algorithm,
            ROUNDS,
            &verifier.salt,
            digits,
            &mut verifier.digest,
        );
        Ok(verifier)
    }

    /// Whether it has as many tries as one can have.
    pub(super) fn can_be(&self) -> bool {
        self.tries_left <= TRIES
    }

    /// Whether these are the digits. The try is taken off before it is compared, and given back only
    /// if they are.
    pub(super) fn accepts(&mut self, digits: &[u8]) -> bool {
        let Some(tries_left) = self.tries_left.checked_sub(1) else {
            return false;
        };
        self.tries_left = tries_left;
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        let accepted = pbkdf2::verify(algorithm, ROUNDS, &self.salt, digits, &self.digest).is_ok();
        if accepted {
            self.tries_left = TRIES;
        }
        accepted
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Verifier(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_wrong_codes_in_a_row_are_the_end() {
        let mut verifier = Verifier::of(b"123456", &mut |_: &mut [u8]| Ok(())).unwrap();
        assert!(!verifier.accepts(b"123457"));
        assert!(!verifier.accepts(b"12345"));
        assert!(verifier.accepts(b"123456"));
        for _ in 0..TRIES {
            assert!(!verifier.accepts(b"000000"));
        }
        assert!(!verifier.accepts(b"123456"));
    }
}
