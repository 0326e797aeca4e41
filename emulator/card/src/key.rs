//! Private keys on the card.

use crate::access::{Condition, Grant, UseKey};
use crate::crypto::{BlockTooLarge, RsaPrivateKey};
use crate::image::CardImage;
use cns_apdu::Sw;

/// A private key as a security object of a folder.
#[derive(Clone, Debug)]
pub struct PrivateKey {
    /// The identifier that MSE SET names.
    pub id: u8,
    /// What must be proven before each use.
    pub usage: Condition,
    /// What the key does with input shorter than its modulus when it signs.
    pub algorithm: KeyAlgorithm,
    /// The key.
    pub rsa: RsaPrivateKey,
}

/// The algorithm byte of a key object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyAlgorithm {
    /// 0C: the raw operation on a block as long as the modulus, nothing else.
    RsaPure,
    /// 88: a shorter input to PSO COMPUTE DIGITAL SIGNATURE is padded as PKCS #1 block type 1.
    RsaSignature,
}

impl CardImage {
    /// The raw RSA operation with the key that the grant was given for.
    pub(crate) fn raw_rsa(
        &self,
        grant: &Grant<UseKey>,
        block: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Sw> {
        let key = self.key(*grant.target())?;
        key.rsa
            .raw(block, out)
            .map_err(|BlockTooLarge| Sw::WRONG_DATA)
    }
}

impl KeyAlgorithm {
    /// The byte that stands for it.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::RsaPure => 0x0C,
            Self::RsaSignature => 0x88,
        }
    }

    /// Reads the byte.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0x0C => Some(Self::RsaPure),
            0x88 => Some(Self::RsaSignature),
            _ => None,
        }
    }
}
