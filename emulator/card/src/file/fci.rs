//! File control information: what SELECT tells of a file (ISO 7816-4 §5.3.3; the form was read off
//! a real card of 2025, public OpenSC issue 3804).
//!
//! ```text
//! 6F  80 02 size | 82 03 01 00 00 | 83 02 id | 85 01 01 | 86 09 access | 8A 01 05 | CB 18 FF..   EF
//!     of a record file: 82 03 02 00 length (linear fixed), 05 00 00 (variable TLV), 06 00 length (cyclic)
//! 6F  81 02 size | 82 03 38 00 00 | 84 n name | 83 02 id | 85 01 01 | 86 09 access | 8A .. | CB ..  DF
//! ```

use cns_apdu::tlv::{self, Tag};

use super::{Content, DedicatedFile, ElementaryFile, FileId, RecordStructure};
use crate::access::AccessConditions;
use crate::dialect::FciLayout;
use crate::secure_messaging::FileMessaging;

/// Object 82, first byte: what kind of file this is.
const TRANSPARENT: u8 = 0x01;
const LINEAR_VARIABLE_TLV: u8 = 0x05;
const DEDICATED: u8 = 0x38;

/// Object 8A: operational, activated.
const ACTIVATED: u8 = 0x05;

pub(crate) fn of_elementary_file(file: &ElementaryFile, layout: FciLayout, out: &mut Vec<u8>) {
    let [filler_1, filler_2] = layout.descriptor_filler;
    let descriptor = match file.inspect() {
        Content::Transparent(_) => [TRANSPARENT, filler_1, filler_2],
        Content::Records {
            structure: RecordStructure::LinearVariable,
            ..
        } => [LINEAR_VARIABLE_TLV, filler_1, filler_2],
        Content::Records { structure, .. } => {
            let [kind, record_length] = structure.to_bytes();
            [kind, filler_1, record_length]
        }
    };
    let size = u16::try_from(file.inspect().size()).unwrap_or(u16::MAX);
    tlv::write_nested(out, Tag(0x6F), |fci| {
        tlv::write(fci, Tag(0x80), &size.to_be_bytes());
        tlv::write(fci, Tag(0x82), &descriptor);
        write_common(fci, file.id, &file.access, file.messaging(), layout);
    });
}

pub(crate) fn of_dedicated_file(folder: &DedicatedFile, layout: FciLayout, out: &mut Vec<u8>) {
    tlv::write_nested(out, Tag(0x6F), |fci| {
        tlv::write(fci, Tag(0x81), &folder.size.to_be_bytes());
        let [filler_1, filler_2] = layout.descriptor_filler;
        tlv::write(fci, Tag(0x82), &[DEDICATED, filler_1, filler_2]);
        if let Some(name) = &folder.name {
            tlv::write(fci, Tag(0x84), name);
        }
        write_common(fci, folder.id, &folder.access, FileMessaging::NONE, layout);
    });
}

fn write_common(
    fci: &mut Vec<u8>,
    id: FileId,
    access: &AccessConditions,
    messaging: FileMessaging,
    layout: FciLayout,
) {
    tlv::write(fci, Tag(0x83), &id.0.to_be_bytes());
    tlv::write(fci, Tag(0x85), &[0x01]);
    tlv::write(fci, Tag(0x86), &access.0);
    if layout.life_cycle {
        tlv::write(fci, Tag(0x8A), &[ACTIVATED]);
    }
    if layout.secure_messaging {
        tlv::write(fci, Tag(0xCB), &messaging.0);
    }
}
