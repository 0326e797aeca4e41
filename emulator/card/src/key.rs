//! Keys on the card.

use cns_apdu::Sw;

use crate::access::{Condition, Grant, UseKey};
use crate::crypto::{BlockTooLarge, RsaPrivateKey, TripleDesKey};
use crate::image::CardImage;
use crate::secure_messaging::ObjectMessaging;

/// A key for security operations, as an object of a folder.
#[derive(Clone, Debug)]
pub struct Key {
    /// The identifier that MSE SET names.
    pub id: u8,
    /// What may be done with it.
    pub rules: KeyRules,
    /// What it does with its input.
    pub algorithm: KeyAlgorithm,
    /// The key itself.
    pub material: KeyMaterial,
    /// Which keys secure its use.
    pub messaging: ObjectMessaging,
}

/// The conditions of a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeyRules {
    /// What must be proven before each use.
    pub usage: Condition,
    /// What must be proven before CHANGE KEY DATA.
    pub change: Condition,
    /// What must be proven before GENERATE KEY PAIR.
    pub generate: Condition,
}

/// What a key does with its input.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyAlgorithm {
    /// The raw operation on a block as long as the modulus, nothing else.
    RsaPure,
    /// The same, and a shorter input to PSO COMPUTE DIGITAL SIGNATURE is padded as PKCS #1 block
    /// type 1.
    RsaSignature,
    /// Triple DES in CBC mode, for PSO ENCIPHER and PSO DECIPHER.
    TripleDes,
}

/// What a key consists of.
#[derive(Clone, Debug)]
pub enum KeyMaterial {
    /// An RSA key pair.
    Rsa(RsaPrivateKey),
    /// A triple-DES key.
    TripleDes(TripleDesKey),
    /// Nothing yet: a place for an RSA key pair that is still to be generated.
    Absent {
        /// The length of the modulus to be, in bits.
        bits: u16,
    },
}

/// Algorithm bytes of RSA key objects (the older vendor driver's table).
const RSA_PURE: u8 = 0x0C;
const RSA_SIGNATURE: u8 = 0x88;

impl KeyAlgorithm {
    /// The byte that stands for it on a card whose triple-DES byte is this.
    pub const fn to_byte(self, triple_des: u8) -> u8 {
        match self {
            Self::RsaPure => RSA_PURE,
            Self::RsaSignature => RSA_SIGNATURE,
            Self::TripleDes => triple_des,
        }
    }

    /// Reads the byte on a card whose triple-DES byte is this.
    pub const fn from_byte(byte: u8, triple_des: u8) -> Option<Self> {
        match byte {
            RSA_PURE => Some(Self::RsaPure),
            RSA_SIGNATURE => Some(Self::RsaSignature),
            _ if byte == triple_des => Some(Self::TripleDes),
            _ => None,
        }
    }
}

impl CardImage {
    /// The raw RSA operation with the key that the grant was given for.
    pub(crate) fn raw_rsa(
        &self,
        grant: &Grant<UseKey>,
        block: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Sw> {
        match &self.key(*grant.target())?.material {
            KeyMaterial::Rsa(rsa) => rsa.raw(block, out).map_err(|BlockTooLarge| Sw::WRONG_DATA),
            KeyMaterial::TripleDes(_) | KeyMaterial::Absent { .. } => {
                Err(Sw::REFERENCE_DATA_NOT_USABLE)
            }
        }
    }

    /// The triple-DES key that the grant was given for.
    pub(crate) fn triple_des(&self, grant: &Grant<UseKey>) -> Result<&TripleDesKey, Sw> {
        match &self.key(*grant.target())?.material {
            KeyMaterial::TripleDes(key) => Ok(key),
            KeyMaterial::Rsa(_) | KeyMaterial::Absent { .. } => Err(Sw::REFERENCE_DATA_NOT_USABLE),
        }
    }
}

impl RsaPrivateKey {
    /// The public key as EF.KeyPub holds it: record 1 with tag 10 the modulus, record 2 with tag 11
    /// the exponent.
    ///
    /// ```text
    /// tag | L+2 | L+1 | 00 | value        L the length of the value, while L+2 fits one byte
    /// tag | FF | 2 bytes: L+3 | 2 bytes: L+1 | 00 | value    otherwise
    /// ```
    /// The short form was read in a vendor's driver for 1024 bits; the long one is inferred from how
    /// OpenSC reads record heads, and no client in the field depends on it.
    pub fn public_key_records(&self) -> Vec<Vec<u8>> {
        vec![
            key_record(0x10, &self.modulus()),
            key_record(0x11, &self.public_exponent()),
        ]
    }
}

fn key_record(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len();
    let head = match u8::try_from(length + 2) {
        Ok(outer @ 0..=0xFE) => vec![tag, outer, outer - 1, 0x00],
        _ => {
            let [outer_high, outer_low] = (length as u16 + 3).to_be_bytes();
            let [inner_high, inner_low] = (length as u16 + 1).to_be_bytes();
            vec![
                tag, 0xFF, outer_high, outer_low, inner_high, inner_low, 0x00,
            ]
        }
    };
    [head.as_slice(), value].concat()
}
