//! Certificate serial numbers.

use std::fmt;
use std::str::FromStr;

use ring::rand::{SecureRandom, SystemRandom};
use thiserror::Error;

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

/// From hexadecimal digits, as [`fmt::Display`] writes them.
impl FromStr for SerialNumber {
    type Err = SerialNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || SerialNumberError {
            text: text.to_owned(),
        };
        let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(text, 16).map_err(|_| refused())?;
        let positive = number != 0 && number >> 127 == 0;
        (digits && positive)
            .then(|| Self(number.to_be_bytes()))
            .ok_or_else(refused)
    }
}

/// What is no serial number that is given here.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "{text:?} is not a serial number: 1 to 32 hexadecimal digits, not all of them 0, below 80..."
)]
pub struct SerialNumberError {
    /// What was given.
    pub text: String,
}

/// Hexadecimal digits, two a byte, as `openssl x509 -serial` prints them.
impl fmt::Display for SerialNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_bytes()
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02X}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let serial = SerialNumber::random().unwrap();
        assert_eq!(serial.to_string().parse(), Ok(serial));
        assert_eq!("1234".parse(), Ok(SerialNumber::from(0x1234)));
        for wrong in [
            "",
            "0",
            "-1",
            "+1",
            "12g4",
            &"f".repeat(32),
            &"1".repeat(33),
        ] {
            assert!(wrong.parse::<SerialNumber>().is_err(), "{wrong:?}");
        }
    }
}
