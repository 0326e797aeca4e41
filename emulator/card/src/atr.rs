//! The answer to reset (ISO 7816-3 §8).
//!
//! ```text
//! TS | T0 | TA1 TB1 TC1 TD1 ... as T0 and each TDi announce | T1..TK historical | TCK
//! ```

/// An answer to reset whose structure was checked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Atr(Vec<u8>);

/// Why bytes are no answer to reset.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AtrError {
    /// TS is neither the direct nor the inverse convention.
    #[error("TS is {0:02X}; an ATR begins with 3B (direct) or 3F (inverse convention)")]
    Convention(u8),
    /// The bytes end before what T0 and the TDi announce.
    #[error("the bytes end before the interface and historical bytes that are announced")]
    CutOff,
    /// The checksum TCK is wrong: it makes the exclusive-or of T0 to TCK zero.
    #[error("TCK is {seen:02X}, but the bytes before it need {right:02X}")]
    Checksum {
        /// The byte that is there.
        seen: u8,
        /// The byte that would be right.
        right: u8,
    },
    /// More bytes than announced.
    #[error("{0} bytes follow the end of the ATR")]
    Trailing(usize),
}

impl Atr {
    /// Checks and keeps an answer to reset.
    pub fn parse(bytes: &[u8]) -> Result<Self, AtrError> {
        let mut rest = bytes.iter().copied();
        let mut next = || rest.next().ok_or(AtrError::CutOff);
        let convention = next()?;
        if !matches!(convention, 0x3B | 0x3F) {
            return Err(AtrError::Convention(convention));
        }
        let t0 = next()?;
        let mut announced = t0 >> 4;
        let mut has_checksum = false;
        while announced != 0 {
            for _ in 0..(announced & 0x07).count_ones() {
                next()?;
            }
            if announced & 0x08 == 0 {
                break;
            }
            let td = next()?;
            // Any protocol but T=0 brings the checksum (§8.2.5).
            has_checksum |= td & 0x0F != 0;
            announced = td >> 4;
        }
        for _ in 0..t0 & 0x0F {
            next()?;
        }
        if has_checksum {
            let seen = next()?;
            let end = bytes.len() - rest.len() - 1;
            let right = bytes
                .iter()
                .take(end)
                .skip(1)
                .fold(0, |sum, byte| sum ^ byte);
            if seen != right {
                return Err(AtrError::Checksum { seen, right });
            }
        }
        match rest.len() {
            0 => Ok(Self(bytes.to_vec())),
            trailing => Err(AtrError::Trailing(trailing)),
        }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
