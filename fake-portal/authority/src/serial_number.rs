//! Certificate serial numbers.

use ring::rand::{SecureRandom, SystemRandom};

use crate::certifier::CertifierError;

/// A positive serial number of at most 16 bytes, well inside the 20 of RFC 5280 §4.1.2.2.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
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
