//! A card image as bytes: BER-TLV, with the tags of ISO 7816-4 where there is one.
//!
//! ```text
//! E0 image
//!   C0 profile name, UTF-8
//!   C1 answer to reset
//!   C2 life cycle: 00 creation, 01 personalisation, 02 operational
//!   E2 dialect     80 wrong reference (00 classic, 01 modern) | 82 descriptor filler
//!                  8A life-cycle object | CB secure-messaging object | 83 chaining
//!                  84 extended length (one byte each, 00 or 01) | 85 challenge max | 86 data max
//!                  87, 88 answers for an unset and a transport PIN | 89 triple-DES byte
//!                  8B secure messaging
//!                  AA vendor data: 80 P1 P2 | 81 bytes
//!   E3 dedicated file
//!     83 identifier | 84 name, if any | 81 size | 86 access
//!     E4 reference      80 id | 81 change | 82 unblock | 83 tries max | 84 tries left
//!                       85 shortest | then a value: 86 salt | 87 digest, with an empty 88 if it
//!                       is a transport PIN; or 89 triple-DES key; or nothing: unset
//!                       8B messaging, if any, here and in a key
//!     E5 key            80 id | 81 usage | 84 change | 85 generate | 82 algorithm
//!                       83 PKCS #1 DER, or 86 triple-DES key, or 87 bits of a key to be, or
//!                       one part of an RSA key: 88 modulus, 89 private exponent
//!     E6 environment    80 id | 81 six components
//!     E3 dedicated file in it
//!     E7 elementary file   83 identifier | 86 access
//!                          CB messaging, if any
//!                          53 bytes  or  80 announced size, 82 structure (02 fixed, 05 variable,
//!                          06 cyclic) and record length, and a 54 for each record
//! ```
//! Numbers are big-endian. Files keep their order.

use cns_apdu::tlv::{self, Tag};

use super::fields::{ImageError, array, byte, flag, number, object};
use super::objects::{
    decode_environment, decode_key, decode_reference_data, encode_environment, encode_key,
    encode_reference_data,
};
use super::{CardImage, LifeCycle};
use crate::access::AccessConditions;
use crate::atr::Atr;
use crate::dialect::{Dialect, FciLayout, WrongReference};
use crate::file::path::Path;
use crate::file::{Content, DedicatedFile, ElementaryFile, File, FileId, RecordStructure};
use crate::secure_messaging::FileMessaging;
use cns_apdu::Sw;

const IMAGE: Tag = Tag(0xE0);
const PROFILE: Tag = Tag(0xC0);
const ATR: Tag = Tag(0xC1);
const LIFE_CYCLE: Tag = Tag(0xC2);
const DIALECT: Tag = Tag(0xE2);
const VENDOR_DATA: Tag = Tag(0xAA);
const DEDICATED_FILE: Tag = Tag(0xE3);
const REFERENCE_DATA: Tag = Tag(0xE4);
const KEY: Tag = Tag(0xE5);
const ENVIRONMENT: Tag = Tag(0xE6);
const ELEMENTARY_FILE: Tag = Tag(0xE7);
const BYTES: Tag = Tag(0x53);
const RECORD: Tag = Tag(0x54);
const STRUCTURE: Tag = Tag(0x82);
const MESSAGING: Tag = Tag(0xCB);

impl CardImage {
    /// The image as bytes.
    pub fn encode(&self) -> Result<Vec<u8>, ImageError> {
        let mut content = Vec::new();
        tlv::write(&mut content, PROFILE, self.profile.as_bytes());
        tlv::write(&mut content, ATR, self.atr.as_bytes());
        tlv::write(&mut content, LIFE_CYCLE, &[self.life_cycle as u8]);
        tlv::write_nested(&mut content, DIALECT, |out| {
            encode_dialect(&self.dialect, out)
        });
        let triple_des = self.dialect.triple_des_algorithm;
        encode_dedicated_file(&self.master_file, triple_des, &mut content)?;
        let mut image = Vec::new();
        tlv::write(&mut image, IMAGE, &content);
        Ok(image)
    }

    /// Reads an image.
    pub fn decode(bytes: &[u8]) -> Result<Self, ImageError> {
        let image = object(bytes, IMAGE)?;
        let profile = String::from_utf8(object(image, PROFILE)?.to_vec())
            .map_err(|_| ImageError::Value(PROFILE))?;
        let dialect = decode_dialect(object(image, DIALECT)?)?;
        let master_file = object(image, DEDICATED_FILE)?;
        Ok(Self {
            profile,
            atr: Atr::parse(object(image, ATR)?)?,
            life_cycle: match byte(image, LIFE_CYCLE)? {
                0 => LifeCycle::Creation,
                1 => LifeCycle::Personalisation,
                2 => LifeCycle::Operational,
                _ => return Err(ImageError::Value(LIFE_CYCLE)),
            },
            master_file: decode_dedicated_file(
                master_file,
                dialect.triple_des_algorithm,
                Path::MASTER_FILE,
            )?,
            dialect,
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
    tlv::write(out, Tag(0x87), &dialect.unset_reference.to_bytes());
    tlv::write(out, Tag(0x88), &dialect.transport_reference.to_bytes());
    tlv::write(out, Tag(0x89), &[dialect.triple_des_algorithm]);
    tlv::write(out, Tag(0x8B), &[u8::from(dialect.secure_messaging)]);
    for (parameters, bytes) in &dialect.vendor_data {
        tlv::write_nested(out, VENDOR_DATA, |out| {
            tlv::write(out, Tag(0x80), &parameters.to_be_bytes());
            tlv::write(out, Tag(0x81), bytes);
        });
    }
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
        unset_reference: Sw(number(bytes, Tag(0x87))?),
        transport_reference: Sw(number(bytes, Tag(0x88))?),
        triple_des_algorithm: byte(bytes, Tag(0x89))?,
        secure_messaging: flag(bytes, Tag(0x8B))?,
        vendor_data: tlv::objects(bytes)
            .filter_map(Result::ok)
            .filter(|object| object.tag == VENDOR_DATA)
            .map(|datum| {
                let bytes = object(datum.value, Tag(0x81))?.to_vec();
                Ok((number(datum.value, Tag(0x80))?, bytes))
            })
            .collect::<Result<_, ImageError>>()?,
    })
}

fn encode_dedicated_file(
    folder: &DedicatedFile,
    triple_des: u8,
    out: &mut Vec<u8>,
) -> Result<(), ImageError> {
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
        let mut fields = Vec::new();
        encode_key(key, triple_des, &mut fields)?;
        tlv::write(to, KEY, &fields);
    }
    for environment in &folder.environments {
        tlv::write_nested(to, ENVIRONMENT, |out| encode_environment(environment, out));
    }
    for file in &folder.files {
        match file {
            File::Dedicated(folder) => encode_dedicated_file(folder, triple_des, to)?,
            File::Elementary(file) => {
                tlv::write_nested(to, ELEMENTARY_FILE, |out| encode_elementary_file(file, out));
            }
        }
    }
    tlv::write(out, DEDICATED_FILE, &content);
    Ok(())
}

fn decode_dedicated_file(
    bytes: &[u8],
    triple_des: u8,
    path: Path,
) -> Result<DedicatedFile, ImageError> {
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
            KEY => folder.keys.push(decode_key(object.value, triple_des)?),
            ENVIRONMENT => folder.environments.push(decode_environment(object.value)?),
            DEDICATED_FILE => {
                let inner = path.child(FileId(number(object.value, Tag(0x83))?))?;
                let inner = decode_dedicated_file(object.value, triple_des, inner)?;
                folder.files.push(File::Dedicated(inner));
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

fn encode_elementary_file(file: &ElementaryFile, out: &mut Vec<u8>) {
    tlv::write(out, Tag(0x83), &file.id.0.to_be_bytes());
    tlv::write(out, Tag(0x86), &file.access.0);
    if file.messaging() != FileMessaging::NONE {
        tlv::write(out, MESSAGING, &file.messaging().0);
    }
    match file.inspect() {
        Content::Transparent(bytes) => tlv::write(out, BYTES, bytes),
        Content::Records {
            structure,
            size,
            records,
        } => {
            tlv::write(out, Tag(0x80), &size.to_be_bytes());
            tlv::write(out, STRUCTURE, &structure.to_bytes());
            for record in records {
                tlv::write(out, RECORD, record);
            }
        }
    }
}

fn decode_elementary_file(bytes: &[u8]) -> Result<ElementaryFile, ImageError> {
    let content = match tlv::find(bytes, BYTES) {
        Some(bytes) => Content::Transparent(bytes.to_vec()),
        None => Content::Records {
            structure: RecordStructure::from_bytes(array(bytes, STRUCTURE)?)
                .ok_or(ImageError::Value(STRUCTURE))?,
            size: number(bytes, Tag(0x80))?,
            records: tlv::objects(bytes)
                .filter_map(Result::ok)
                .filter(|object| object.tag == RECORD)
                .map(|object| object.value.to_vec())
                .collect(),
        },
    };
    let access = AccessConditions(array(bytes, Tag(0x86))?);
    let file = ElementaryFile::new(FileId(number(bytes, Tag(0x83))?), access, content);
    Ok(match tlv::find(bytes, MESSAGING) {
        Some(_) => file.with_messaging(FileMessaging(array(bytes, MESSAGING)?)),
        None => file,
    })
}
