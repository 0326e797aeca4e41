//! What a card answered, and the judgements that cases make of it.

use cns_apdu::{Sw, hex};

use crate::case::{Finding, Stop};

/// What a card answered. Each judgement gives the answer back, so that several can follow.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The data field.
    pub data: Vec<u8>,
    /// The status word.
    pub sw: Sw,
    pub(super) exchange: usize,
}

impl Answer {
    /// The status word is this.
    pub fn is(self, sw: Sw) -> Result<Self, Stop> {
        self.is_one_of(&[sw])
    }

    /// 9000.
    pub fn is_ok(self) -> Result<Self, Stop> {
        self.is(Sw::OK)
    }

    /// The status word is one of these.
    pub fn is_one_of(self, expected: &[Sw]) -> Result<Self, Stop> {
        match expected.contains(&self.sw) {
            true => Ok(self),
            false => {
                let expected: Vec<String> = expected.iter().copied().map(words).collect();
                let seen = words(self.sw);
                Err(self.wrong(expected.join(" or "), seen))
            }
        }
    }

    /// The status word says no: neither 9000 nor a warning (62xx), nor that there is more (61xx).
    pub fn is_refused(self) -> Result<Self, Stop> {
        match self.sw.0 >> 8 {
            0x90 | 0x61 | 0x62 => {
                let seen = words(self.sw);
                Err(self.wrong("a refusal", seen))
            }
            _ => Ok(self),
        }
    }

    /// The status word is any but this.
    pub fn is_not(self, sw: Sw) -> Result<Self, Stop> {
        match self.sw == sw {
            false => Ok(self),
            true => Err(self.wrong(format!("anything but {}", words(sw)), words(sw))),
        }
    }

    /// The data field is this.
    pub fn has_data(self, data: &[u8]) -> Result<Self, Stop> {
        match self.data == data {
            true => Ok(self),
            false => {
                let seen = shown(&self.data);
                Err(self.wrong(shown(data), seen))
            }
        }
    }

    /// The data field has so many bytes.
    pub fn has_length(self, length: usize) -> Result<Self, Stop> {
        match self.data.len() == length {
            true => Ok(self),
            false => {
                let seen = format!("{} bytes", self.data.len());
                Err(self.wrong(format!("{length} bytes of data"), seen))
            }
        }
    }

    /// There is no data field.
    pub fn is_bare(self) -> Result<Self, Stop> {
        self.has_length(0)
    }

    /// Whatever the case wants to say of the answer.
    pub fn must(self, holds: bool, expected: &str) -> Result<Self, Stop> {
        match holds {
            true => Ok(self),
            false => {
                let seen = format!("{} {:04X}", shown(&self.data), self.sw.0);
                Err(self.wrong(expected, seen))
            }
        }
    }

    /// A failure that this answer shows.
    pub fn wrong(&self, expected: impl Into<String>, seen: impl Into<String>) -> Stop {
        Stop::Fail(Finding {
            expected: expected.into(),
            seen: seen.into(),
            exchange: Some(self.exchange),
        })
    }
}

fn words(sw: Sw) -> String {
    format!("{:04X} ({})", sw.0, sw.meaning())
}

/// The most bytes that a finding shows.
const SHOWN_MAX: usize = 32;

fn shown(bytes: &[u8]) -> String {
    match bytes.get(..SHOWN_MAX) {
        Some(first) if SHOWN_MAX < bytes.len() => {
            format!("{} ... ({} bytes)", hex::encode(first), bytes.len())
        }
        _ if bytes.is_empty() => "no data".to_owned(),
        _ => hex::encode(bytes),
    }
}
