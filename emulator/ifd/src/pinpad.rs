//! The pinpad: what a host asks for, what was typed, and the command that comes of both (PC/SC part
//! 10 §2.5.2 and §2.5.3).
//!
//! ```text
//! VERIFY   0 bTimerOut  1 bTimerOut2  2 bmFormatString  3 bmPINBlockString  4 bmPINLengthFormat
//!          5 wPINMaxExtraDigit  7 bEntryValidationCondition  8 bNumberMessage  9 wLangId
//!         11 bMsgIndex  12 bTeoPrologue, 3 bytes  15 ulDataLength  19 abData, the command
//! MODIFY   the same up to 4; 5 bInsertionOffsetOld  6 bInsertionOffsetNew  7 wPINMaxExtraDigit
//!          9 bConfirmPIN  10 bEntryValidationCondition  11 bNumberMessage  12 wLangId
//!         14 bMsgIndex 1 to 3  17 bTeoPrologue  20 ulDataLength  24 abData
//! ```
//! Numbers are little-endian. `bmFormatString` is `80` (the next in bytes, not bits) | place of the
//! PIN in the data field << 3 | `04` (justified to the right) | `02` (ASCII).

use std::time::Duration;

use cns_reader::control::Digits;
use zeroize::Zeroizing;

/// What somebody does at the pinpad, the next time and every time after it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Typist {
    /// What is typed.
    pub typed: Typed,
    /// How long that takes. Some hosts do not expect an answer at once.
    pub delay: Duration,
}

/// What is typed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Typed {
    /// Nothing: the time runs out.
    #[default]
    Nothing,
    /// The key "cancel".
    Cancel,
    /// The PIN, and the new PIN where one is asked for.
    Pins {
        /// The PIN.
        pin: Digits,
        /// The new PIN.
        new_pin: Option<Digits>,
    },
}

/// What the host reads instead of a response when no command was sent: the time ran out.
pub const TIMED_OUT: [u8; 2] = [0x64, 0x00];
/// The same: the user has cancelled.
pub const CANCELLED: [u8; 2] = [0x64, 0x01];
/// The same: the PIN is one that does not fit the command.
pub const WRONG_LENGTH: [u8; 2] = [0x64, 0x03];

/// Where a PIN goes, in a command that the host gives.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// The command: header, length of the data field, data field with filling where PINs go.
    command: Vec<u8>,
    /// Where the data field's places are: of the PIN, and of the new one.
    places: Vec<usize>,
    /// The most digits of one, if the host says.
    block: Option<usize>,
    /// Whether the old PIN is typed too when the PIN is changed.
    asks_for_old: bool,
}

/// The header of a command and the length of its data.
const HEADER: usize = 5;

impl Entry {
    /// Reads a PIN_VERIFY_STRUCTURE. None if it is none, or asks for what this pinpad cannot do.
    pub fn verify(structure: &[u8]) -> Option<Self> {
        let &[_, _, format, block, ..] = structure.first_chunk::<19>()?;
        let command = data(structure, 15)?;
        Self::new(command, format, block, &[0], true)
    }

    /// Reads a PIN_MODIFY_STRUCTURE. None if it is none, or asks for what this pinpad cannot do.
    pub fn modify(structure: &[u8]) -> Option<Self> {
        const ASK_FOR_OLD: u8 = 0x02;
        let head = structure.first_chunk::<24>()?;
        let &[_, _, format, block, _, old, new, _, _, confirm, ..] = head;
        let command = data(structure, 20)?;
        let asks_for_old = confirm & ASK_FOR_OLD != 0;
        let places: &[u8] = match asks_for_old {
            true => &[old, new],
            false => &[new],
        };
        Self::new(command, format, block, places, asks_for_old)
    }

    fn new(
        command: &[u8],
        format: u8,
        block: u8,
        places: &[u8],
        asks_for_old: bool,
    ) -> Option<Self> {
        const IN_BYTES: u8 = 0x80;
        const RIGHT: u8 = 0x04;
        const ENCODING: u8 = 0x03;
        const ASCII: u8 = 0x02;
        let shift = usize::from(format >> 3 & 0x0F);
        let in_bytes = format & IN_BYTES != 0 || shift == 0;
        let is_ours = in_bytes && format & RIGHT == 0 && format & ENCODING == ASCII;
        if !is_ours || command.len() < HEADER - 1 || block & 0xF0 != 0 {
            return None;
        }
        Some(Self {
            command: command.to_vec(),
            places: places
                .iter()
                .map(|place| usize::from(*place) + shift)
                .collect(),
            block: Some(usize::from(block & 0x0F)).filter(|block| 0 < *block),
            asks_for_old,
        })
    }

    /// The command with what was typed in it; or what the host reads when none is sent.
    pub fn fill(&self, typed: &Typed) -> Result<Zeroizing<Vec<u8>>, [u8; 2]> {
        let (pin, new_pin) = match typed {
            Typed::Nothing => return Err(TIMED_OUT),
            Typed::Cancel => return Err(CANCELLED),
            Typed::Pins { pin, new_pin } => (pin, new_pin.as_ref().unwrap_or(pin)),
        };
        let pins: &[&str] = match (self.asks_for_old, self.places.len()) {
            (true, 2) => &[pin, new_pin],
            (true, _) => &[pin],
            (false, _) => &[new_pin],
        };
        let mut command = Zeroizing::new(self.command.clone());
        for (place, digits) in self.places.iter().zip(pins) {
            if self.block.is_some_and(|block| block < digits.len()) {
                return Err(WRONG_LENGTH);
            }
            let start = HEADER + place;
            let length = self.block.unwrap_or(digits.len());
            if command.len() < start + length {
                command.resize(start + length, 0xFF);
            }
            let field = command.get_mut(start..).ok_or(WRONG_LENGTH)?;
            for (byte, digit) in field.iter_mut().zip(digits.bytes()) {
                *byte = digit;
            }
        }
        let data = command.len() - HEADER;
        if let Some(length) = command.get_mut(HEADER - 1) {
            *length = u8::try_from(data).map_err(|_| WRONG_LENGTH)?;
        }
        Ok(command)
    }
}

/// The command of a structure: as many bytes as the number at `at` says, and no others.
fn data(structure: &[u8], at: usize) -> Option<&[u8]> {
    let (length, data) = structure.get(at..)?.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    (data.len() == length).then_some(data)
}
