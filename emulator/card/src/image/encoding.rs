//! A card image as bytes: BER-TLV, with the tags of ISO 7816-4 where there is one.
//!
//! ```text
//! E0 image
//!   C0 profile name, UTF-8
//!   C1 answer to reset
//!   E2 dialect     80 wrong reference (00 classic, 01 modern) | 82 descriptor filler
//!                  8A life-cycle object | CB secure-messaging object | 83 chaining
//!                  84 extended length (one byte each, 00 or 01) | 85 challenge max | 86 data max
//!   E3 dedicated file
//!     83 identifier | 84 name, if any | 81 size | 86 access
//!     E4 PIN or PUK     80 id | 81 change | 82 unblock | 83 tries max | 84 tries left
//!                       85 shortest | 86 salt | 87 digest
//!     E5 private key    80 id | 81 usage | 82 algorithm | 83 PKCS #1 DER
//!     E6 environment    80 id | 81 six components
//!     E3 dedicated file in it
//!     E7 elementary file   83 identifier | 86 access
//!                          53 bytes  or  80 announced size and a 54 for each record
//! ```
//! Numbers are big-endian. Files keep their order.

use cns_apdu::tlv::{self, Tag, TlvError};

use super::CardImage;
use crate::access::{AccessConditions, Condition};
use crate::atr::{Atr, AtrError};
use crate::crypto::{KeyError, RsaPrivateKey};
use crate::dialect::{Dialect, FciLayout, WrongReference};
use crate::file::path::{Path, PathTooDeep};
use crate::file::{Content, DedicatedFile, ElementaryFile, File, FileId};
use crate::key::{KeyAlgorithm, PrivateKey};
use crate::reference_data::{ReferenceData, ReferenceRules, Verifier};
use crate::security_environment::SecurityEnvironment;

/// Why bytes are no card image.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ImageError {
    /// The bytes are no data objects.
    #[error("it is damaged: {0}")]
    Tlv(#[from] TlvError),
    /// An object is missing.
    #[error("it is incomplete: object {0} is missing")]
    Missing(Tag),
    /// An object holds something that it cannot hold.
    #[error("object {0} holds something that no card has")]
    Value(Tag),
    /// The answer to reset is none.
    #[error("its answer to reset is wrong: {0}")]
    Atr(#[from] AtrError),
    /// A key is none.
    #[error("one of its keys is wrong: {0}")]
    Key(#[from] KeyError),
    /// Folders in folders in folders.
    #[error("{0}")]
    TooDeep(#[from] PathTooDeep),
}

const IMAGE: Tag = Tag(0xE0);
const PROFILE: Tag = Tag(0xC0);
const ATR: Tag = Tag(0xC1);
const DIALECT: Tag = Tag(0xE2);
const DEDICATED_FILE: Tag = Tag(0xE3);
const REFERENCE_DATA: Tag = Tag(0xE4);
const KEY: Tag = Tag(0xE5);
const ENVIRONMENT: Tag = Tag(0xE6);
const ELEMENTARY_FILE: Tag = Tag(0xE7);
const BYTES: Tag = Tag(0x53);
const RECORD: Tag = Tag(0x54);

impl CardImage {
    /// The image as bytes.
    pub fn encode(&self) -> Result<Vec<u8>, ImageError> {
        let mut content = Vec::new();
        tlv::write(&mut content, PROFILE, self.profile.as_bytes());
        tlv::write(&mut content, ATR, self.atr.as_bytes());
        tlv::write_nested(&mut content, DIALECT, |out| {
            encode_dialect(&self.dialect, out)
        });
        encode_dedicated_file(&self.master_file, &mut content)?;
        let mut image = Vec::new();
        tlv::write(&mut image, IMAGE, &content);
        Ok(image)
    }

    /// Reads an image.
    pub fn decode(bytes: &[u8]) -> Result<Self, ImageError> {
        let image = object(bytes, IMAGE)?;
        let profile = String::from_utf8(object(image, PROFILE)?.to_vec())
            .map_err(|_| ImageError::Value(PROFILE))?;
        Ok(Self {
            profile,
            atr: Atr::parse(object(image, ATR)?)?,
            dialect: decode_dialect(object(image, DIALECT)?)?,
            master_file: decode_dedicated_file(object(image, DEDICATED_FILE)?, Path::MASTER_FILE)?,
        })
    }
}

fn encode_dialect(dialect: &Dialect, out: &mut Vec<u8>) {
    let modern = dialect.wrong_reference == WrongReference::Modern;
    tlv::write(out, Tag(0x80), &[u8::from(modern)]);
    tlv::write(out, Tag(0x82), &dialect.fci.descriptor_filler);
    tlv::write(out, Tag(0x8A), &[u8::from(dialect.fci.life_cycle)]);
    tlv::write(out, Tag(0xCB), &[u8::from(dialect.fci.secure_messaging)]);
    tlv::write(out, Tag(0x83), &[u8::from(dialect.command_chaining)]);
    tlv::write(out, Tag(0x84), &[u8::from(dialect.extended_length)]);
    tlv::write(out, Tag(0x85), &dialect.challenge_max.to_be_bytes());
    tlv::write(out, Tag(0x86), &dialect.command_data_max.to_be_bytes());
}

fn decode_dialect(bytes: &[u8]) -> Result<Dialect, ImageError> {
    Ok(Dialect {
        wrong_reference: match flag(bytes, Tag(0x80))? {
            false => WrongReference::Classic,
            true => WrongReference::Modern,
        },
        fci: FciLayout {
            descriptor_filler: array(bytes, Tag(0x82))?,
            life_cycle: flag(bytes, Tag(0x8A))?,
            secure_messaging: flag(bytes, Tag(0xCB))?,
        },
        command_chaining: flag(bytes, Tag(0x83))?,
        extended_length: flag(bytes, Tag(0x84))?,
        challenge_max: number(bytes, Tag(0x85))?,
        command_data_max: number(bytes, Tag(0x86))?,
    })
}

fn encode_dedicated_file(folder: &DedicatedFile, out: &mut Vec<u8>) -> Result<(), ImageError> {
    let mut content = Vec::new();
    let to = &mut content;
    tlv::write(to, Tag(0x83), &folder.id.0.to_be_bytes());
    if let Some(name) = &folder.name {
        tlv::write(to, Tag(0x84), name);
    }
    tlv::write(to, Tag(0x81), &folder.size.to_be_bytes());
    tlv::write(to, Tag(0x86), &folder.access.0);
    for datum in &folder.reference_data {
        tlv::write_nested(to, REFERENCE_DATA, |out| encode_reference_data(datum, out));
    }
    for key in &folder.keys {
        let der = key.rsa.to_der()?;
        tlv::write_nested(to, KEY, |out| {
            tlv::write(out, Tag(0x80), &[key.id]);
            tlv::write(out, Tag(0x81), &[key.usage.into()]);
            tlv::write(out, Tag(0x82), &[key.algorithm.to_byte()]);
            tlv::write(out, Tag(0x83), &der);
        });
    }
    for environment in &folder.environments {
        tlv::write_nested(to, ENVIRONMENT, |out| {
            tlv::write(out, Tag(0x80), &[environment.id]);
            tlv::write(out, Tag(0x81), &environment.components);
        });
    }
    for file in &folder.files {
        match file {
            File::Dedicated(folder) => encode_dedicated_file(folder, to)?,
            File::Elementary(file) => {
                tlv::write_nested(to, ELEMENTARY_FILE, |out| encode_elementary_file(file, out));
            }
        }
    }
    tlv::write(out, DEDICATED_FILE, &content);
    Ok(())
}

fn decode_dedicated_file(bytes: &[u8], path: Path) -> Result<DedicatedFile, ImageError> {
    let mut folder = DedicatedFile {
        id: FileId(number(bytes, Tag(0x83))?),
        name: tlv::find(bytes, Tag(0x84)).map(<[u8]>::to_vec),
        size: number(bytes, Tag(0x81))?,
        access: AccessConditions(array(bytes, Tag(0x86))?),
        reference_data: Vec::new(),
        keys: Vec::new(),
        environments: Vec::new(),
        files: Vec::new(),
    };
    for object in tlv::objects(bytes) {
        let object = object?;
        match object.tag {
            REFERENCE_DATA => folder
                .reference_data
                .push(decode_reference_data(object.value)?),
            KEY => folder.keys.push(decode_key(object.value)?),
            ENVIRONMENT => folder.environments.push(SecurityEnvironment {
                id: byte(object.value, Tag(0x80))?,
                components: array(object.value, Tag(0x81))?,
            }),
            DEDICATED_FILE => {
                let inner = path.child(FileId(number(object.value, Tag(0x83))?))?;
                folder
                    .files
                    .push(File::Dedicated(decode_dedicated_file(object.value, inner)?));
            }
            ELEMENTARY_FILE => {
                let file = decode_elementary_file(object.value)?;
                path.child(file.id)?;
                folder.files.push(File::Elementary(file));
            }
            // The scalar objects were read above; an object that a later version adds is not ours.
            _ => {}
        }
    }
    Ok(folder)
}

fn encode_reference_data(datum: &ReferenceData, out: &mut Vec<u8>) {
    tlv::write(out, Tag(0x80), &[datum.id]);
    tlv::write(out, Tag(0x81), &[datum.rules.change.into()]);
    tlv::write(out, Tag(0x82), &[datum.rules.unblock.into()]);
    tlv::write(out, Tag(0x83), &[datum.rules.tries_max]);
    tlv::write(out, Tag(0x84), &[datum.tries_left()]);
    tlv::write(out, Tag(0x85), &[datum.rules.length_min]);
    tlv::write(out, Tag(0x86), &datum.verifier().salt);
    tlv::write(out, Tag(0x87), &datum.verifier().digest);
}

fn decode_reference_data(bytes: &[u8]) -> Result<ReferenceData, ImageError> {
    let rules = ReferenceRules {
        change: Condition::from(byte(bytes, Tag(0x81))?),
        unblock: Condition::from(byte(bytes, Tag(0x82))?),
        tries_max: byte(bytes, Tag(0x83))?,
        length_min: byte(bytes, Tag(0x85))?,
    };
    let left = byte(bytes, Tag(0x84))?;
    if left > rules.tries_max {
        return Err(ImageError::Value(Tag(0x84)));
    }
    let verifier = Verifier {
        salt: array(bytes, Tag(0x86))?,
        digest: array(bytes, Tag(0x87))?,
    };
    Ok(ReferenceData::stored(
        byte(bytes, Tag(0x80))?,
        rules,
        left,
        verifier,
    ))
}

fn decode_key(bytes: &[u8]) -> Result<PrivateKey, ImageError> {
    Ok(PrivateKey {
        id: byte(bytes, Tag(0x80))?,
        usage: Condition::from(byte(bytes, Tag(0x81))?),
        algorithm: KeyAlgorithm::from_byte(byte(bytes, Tag(0x82))?)
            .ok_or(ImageError::Value(Tag(0x82)))?,
        rsa: RsaPrivateKey::parse(object(bytes, Tag(0x83))?)?,
    })
}

fn encode_elementary_file(file: &ElementaryFile, out: &mut Vec<u8>) {
    tlv::write(out, Tag(0x83), &file.id.0.to_be_bytes());
    tlv::write(out, Tag(0x86), &file.access.0);
    match file.inspect() {
        Content::Transparent(bytes) => tlv::write(out, BYTES, bytes),
        Content::LinearVariable { size, records } => {
            tlv::write(out, Tag(0x80), &size.to_be_bytes());
            for record in records {
                tlv::write(out, RECORD, record);
            }
        }
    }
}

fn decode_elementary_file(bytes: &[u8]) -> Result<ElementaryFile, ImageError> {
    let content = match tlv::find(bytes, BYTES) {
        Some(bytes) => Content::Transparent(bytes.to_vec()),
        None => Content::LinearVariable {
            size: number(bytes, Tag(0x80))?,
            records: tlv::objects(bytes)
                .filter_map(Result::ok)
                .filter(|object| object.tag == RECORD)
                .map(|object| object.value.to_vec())
                .collect(),
        },
    };
    let access = AccessConditions(array(bytes, Tag(0x86))?);
    Ok(ElementaryFile::new(
        FileId(number(bytes, Tag(0x83))?),
        access,
        content,
    ))
}

fn object(bytes: &[u8], tag: Tag) -> Result<&[u8], ImageError> {
    for object in tlv::objects(bytes) {
        let object = object?;
        if object.tag == tag {
            return Ok(object.value);
        }
    }
    Err(ImageError::Missing(tag))
}

fn array<const LENGTH: usize>(bytes: &[u8], tag: Tag) -> Result<[u8; LENGTH], ImageError> {
    object(bytes, tag)?
        .try_into()
        .map_err(|_| ImageError::Value(tag))
}

fn number(bytes: &[u8], tag: Tag) -> Result<u16, ImageError> {
    array(bytes, tag).map(u16::from_be_bytes)
}

fn byte(bytes: &[u8], tag: Tag) -> Result<u8, ImageError> {
    array(bytes, tag).map(|[byte]| byte)
}

fn flag(bytes: &[u8], tag: Tag) -> Result<bool, ImageError> {
    match byte(bytes, tag)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(ImageError::Value(tag)),
    }
}
