//! Certificate serial numbers.

use std::fmt;

use ring::rand::{SecureRandom, SystemRandom};

use crate::certifier::CertifierError;

/// A positive serial number of at most 16 bytes, well inside the 20 of RFC 5280 §4.1.2.2.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SerialNumber([u8; 16]);

impl SerialNumber {
    /// A serial number nobody can guess, of 127 random bits.
    pub fn random() -> Result<Self, CertifierError> {
        let mut bytes = [0; 16];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| CertifierError::Randomness)?;
        let [first, ..] = &mut bytes;
        // A leading 01xx_xxxx keeps the number positive and its length the same every time.
        *first = *first & 0x7F | 0x40;
        Ok(Self(bytes))
    }

    /// The number in the content of a DER INTEGER. None if it is negative or longer than any that is
    /// given here.
    pub fn from_integer(content: &[u8]) -> Option<Self> {
        let negative = content.first().is_none_or(|&first| 0x7F < first);
        let zeroes = content.iter().take_while(|&&byte| byte == 0).count();
        let digits = content.get(zeroes..)?;
        let mut bytes = [0; 16];
        let place = bytes.len().checked_sub(digits.len())?;
        bytes.get_mut(place..)?.copy_from_slice(digits);
        (!negative).then_some(Self(bytes))
    }

    /// The number, big-endian, without leading zeroes.
    pub fn to_bytes(&self) -> &[u8] {
        let zeroes = self.0.iter().take_while(|&&byte| byte == 0).count();
        self.0.get(zeroes.min(15)..).unwrap_or(&self.0)
    }
}

impl From<u64> for SerialNumber {
    fn from(number: u64) -> Self {
        Self(u128::from(number).to_be_bytes())
    }
}

/// Hexadecimal digits, two a byte, as `openssl x509 -serial` prints them.
impl fmt::Display for SerialNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_bytes()
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02X}"))
    }
}
