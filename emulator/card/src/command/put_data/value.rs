//! The value of an object that PUT DATA describes, tag 8F.

use cns_apdu::Sw;
use cns_apdu::tlv::{Tag, Tlv};

const VALUE: u8 = 0x8F;

/// The data object, and what follows it. How long it is depends on what it is the value of.
#[derive(Clone, Copy)]
pub(super) struct Value<'a>(&'a [u8]);

impl<'a> Value<'a> {
    /// Finds it in a description; 6A80 if the description is no row of data objects.
    pub(super) fn find(description: &'a [u8]) -> Result<Option<Self>, Sw> {
        let mut rest = description;
        loop {
            match rest {
                [] => return Ok(None),
                [VALUE, ..] => return Ok(Some(Self(rest))),
                _ => (_, rest) = Tlv::read(rest).map_err(|_| Sw::WRONG_DATA)?,
            }
        }
    }

    /// The value of a PIN, a PUK or a triple-DES key: what the data object holds.
    pub(super) fn plain(self) -> Result<&'a [u8], Sw> {
        let (object, _) = Tlv::read(self.0).map_err(|_| Sw::WRONG_DATA)?;
        debug_assert_eq!(object.tag, Tag(VALUE.into()));
        Ok(object.value)
    }

    /// The value of a number of an RSA key, which has a head of its own.
    ///
    /// ```text
    /// 8F | L+2 | L+1 | 00 | number                     L to 253; a length is one byte, whatever BER says
    /// 8F | BER length | L+1 | 00 | number              L to 254
    /// 8F | BER length | 2 bytes: L+1 | 00 | number     L from 255
    /// ```
    /// The first is the vendor's driver's, for 1024 bits: its `8F 82 81 00` is no BER length. The
    /// others are inferred: the same of a host that writes BER, and, for 2048 bits, with the long
    /// length that EF.KeyPub has.
    pub(super) fn number(self) -> Result<&'a [u8], Sw> {
        if let [VALUE, outer, inner, 0x00, number @ ..] = self.0
            && usize::from(*outer) == number.len() + 2
            && usize::from(*inner) == number.len() + 1
        {
            return Ok(number);
        }
        match self.plain()? {
            [inner, 0x00, number @ ..] if usize::from(*inner) == number.len() + 1 => Ok(number),
            [high, low, 0x00, number @ ..]
                if usize::from(u16::from_be_bytes([*high, *low])) == number.len() + 1 =>
            {
                Ok(number)
            }
            _ => Err(Sw::WRONG_DATA),
        }
    }
}
