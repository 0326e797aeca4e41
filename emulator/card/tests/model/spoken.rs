//! Commands as the tests speak them, before they are bytes.

use std::fmt;

use cns_apdu::hex;

/// A command before its secrets are known.
#[derive(Clone)]
pub struct Spoken {
    pub header: [u8; 4],
    pub data: Vec<Part>,
    /// Ne; 0 stands for the most that the form can ask for.
    pub le: Option<u16>,
    pub extended: bool,
}

/// A part of a data field.
#[derive(Clone)]
pub enum Part {
    Bytes(Vec<u8>),
    /// The value that the PIN or PUK with this identifier has at that moment.
    ValueOf(u8),
    /// What the key with this identifier makes of the card's last challenge.
    CryptogramOf(u8),
}

impl Spoken {
    /// The extended form, if there is a length to be written in it, or one that no other form takes.
    pub fn is_extended(&self, data: &[u8]) -> bool {
        let has_length = !data.is_empty() || self.le.is_some();
        (self.extended && has_length) || data.len() > 255
    }

    pub fn encode(&self, data: &[u8]) -> Vec<u8> {
        let mut bytes = self.header.to_vec();
        if self.is_extended(data) {
            bytes.push(0);
            if !data.is_empty() {
                bytes.extend((data.len() as u16).to_be_bytes());
                bytes.extend(data);
            }
            bytes.extend(self.le.map(u16::to_be_bytes).into_iter().flatten());
        } else {
            if !data.is_empty() {
                bytes.push(data.len() as u8);
                bytes.extend(data);
            }
            bytes.extend(self.le.map(|le| le as u8));
        }
        bytes
    }
}

/// Bytes in hexadecimal, of many only the first.
pub fn shown(bytes: &[u8]) -> String {
    match bytes.get(..48) {
        Some(first) => format!("{} and so on, {} bytes", hex::encode(first), bytes.len()),
        None => hex::encode(bytes),
    }
}

/// In one line, so that a long sequence can be read.
impl fmt::Debug for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", hex::encode(&self.header))?;
        for part in &self.data {
            write!(f, " | {part:?}")?;
        }
        if let Some(le) = self.le {
            write!(f, " | Le {le}")?;
        }
        write!(f, "{}", if self.extended { ", extended" } else { "" })
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{}", shown(bytes)),
            Self::ValueOf(id) => write!(f, "value of {id:02X}"),
            Self::CryptogramOf(id) => write!(f, "cryptogram of {id:02X}"),
        }
    }
}
