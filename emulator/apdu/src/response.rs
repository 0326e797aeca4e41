//! Response APDUs (ISO 7816-3 §12.1.4).

use crate::status::Sw;

/// A response APDU.
///
/// ```text
/// data (0 or more bytes) SW1 SW2
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Response<'a> {
    /// The response data field.
    pub data: &'a [u8],
    /// SW1 SW2.
    pub sw: Sw,
}

impl<'a> Response<'a> {
    /// Reads a response APDU; none when there are fewer than the two bytes of a status word.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (data, &sw) = bytes.split_last_chunk::<2>()?;
        Some(Self {
            data,
            sw: Sw(u16::from_be_bytes(sw)),
        })
    }

    /// The encoded response.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.data, &self.sw.to_bytes()].concat()
    }
}
