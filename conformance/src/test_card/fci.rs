//! File control information as a SELECT answered it.
//!
//! ```text
//! 6F or 62   80 size of a file   81 of a folder   82 descriptor   83 identifier   84 name
//!            85 01   86 nine access bytes   8A life cycle   CB 24 bytes of messaging conditions
//! ```

use cns_apdu::tlv::{self, Tag};

use super::{Answer, TestCard};
use crate::case::Stop;

/// File control information, and the answer that it came in.
pub struct Fci {
    /// The answer.
    pub answer: Answer,
    /// The objects of the template, in order.
    pub objects: Vec<(u32, Vec<u8>)>,
}

/// Object 82, first byte: a folder.
const FOLDER: u8 = 0x38;

impl TestCard {
    /// SELECT by the path from the master file; anything but 9000 with FCI is a failure.
    pub fn fci(&mut self, path: &[u16]) -> Result<Fci, Stop> {
        self.select(path)?.is_ok()?.fci()
    }
}

impl Answer {
    /// The data field as file control information.
    pub fn fci(self) -> Result<Fci, Stop> {
        let template = match tlv::Tlv::read(&self.data) {
            Ok((tlv, [])) if matches!(tlv.tag, Tag(0x6F | 0x62)) => tlv.value,
            _ => return Err(self.unlike("one object 6F or 62, and nothing behind it")),
        };
        let objects: Result<Vec<_>, _> = tlv::objects(template)
            .map(|object| object.map(|object| (object.tag.0, object.value.to_vec())))
            .collect();
        match objects {
            Ok(objects) => Ok(Fci {
                answer: self,
                objects,
            }),
            Err(_) => Err(self.unlike("a template of data objects that fill it")),
        }
    }

    fn unlike(&self, expected: &str) -> Stop {
        self.wrong(expected, cns_apdu::hex::encode(&self.data))
    }
}

impl Fci {
    /// The value of the object with this tag.
    pub fn object(&self, tag: u32) -> Option<&[u8]> {
        let mut objects = self.objects.iter();
        let found = objects.find(|(found, _)| *found == tag)?;
        Some(found.1.as_slice())
    }

    /// The object with this tag has this value.
    pub fn has(self, tag: u32, value: &[u8]) -> Result<Self, Stop> {
        let holds = self.object(tag) == Some(value);
        self.must(
            holds,
            &format!("object {tag:02X} with {}", cns_apdu::hex::encode(value)),
        )
    }

    /// Whatever the case wants to say of it.
    pub fn must(self, holds: bool, expected: &str) -> Result<Self, Stop> {
        match holds {
            true => Ok(self),
            false => Err(self.answer.unlike(expected)),
        }
    }

    /// Object 82, first byte: 01 transparent, 02 linear fixed, 05 linear variable, 06 cyclic, 38
    /// folder.
    pub fn kind(&self) -> Option<u8> {
        self.object(0x82)?.first().copied()
    }

    /// Whether this is a folder.
    pub fn is_folder(&self) -> bool {
        self.kind() == Some(FOLDER)
    }

    /// Object 80 as a number: how many bytes the file has.
    pub fn size(&self) -> Option<u16> {
        self.object(0x80)?.try_into().ok().map(u16::from_be_bytes)
    }

    /// Object 86: who may do what.
    pub fn access(&self) -> Option<[u8; 9]> {
        self.object(0x86)?.try_into().ok()
    }
}
