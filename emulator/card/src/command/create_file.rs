//! CREATE FILE, `00 E0 00 00 Lc FCI`: a new file in the current folder. It becomes the current file.
//!
//! ```text
//! 62 or 6F   80 2 bytes: size of an elementary file    81 size of a folder
//!            82 file descriptor: 01 transparent, 02 nn length linear fixed, 05 linear variable,
//!               06 nn length cyclic, 38 folder
//!            83 identifier   84 name of a folder   86 up to nine access bytes, FF for the rest
//!            CB 24 bytes of messaging conditions, if any
//! ```

use cns_apdu::tlv::{self, Tag, Tlv};
use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, AccessConditions, CreateFile};
use crate::file::{Content, DedicatedFile, ElementaryFile, File, FileId, RecordStructure};
use crate::memory::Change;
use crate::secure_messaging::FileMessaging;

/// Offsets have 15 bits, so a transparent file ends there.
const SIZE_MAX: u16 = 0x7FFF;

pub(super) fn create_file(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let file = parse(command.data)?;
    let folder = execution.session.folder;
    let image = execution.memory.image();
    let grant = access::grant::<CreateFile>(image, &execution.session.rights, folder)?;
    let path = folder.child(file.id()).map_err(|_| Sw::NOT_ENOUGH_MEMORY)?;
    let parent = image.folder(folder).ok_or(Sw::FILE_NOT_FOUND)?;
    if parent.file(file.id()).is_some() || file.id() == FileId::MASTER_FILE {
        return Err(Sw::ALREADY_EXISTS);
    }
    let is_folder = matches!(file, File::Dedicated(_));
    execution.memory.commit([Change::new_file(&grant, file)])?;
    match is_folder {
        true => execution.session.select_folder(path),
        false => execution.session.select_file(path),
    }
    Ok(Sw::OK)
}

fn parse(data: &[u8]) -> Result<File, Sw> {
    let (template, rest) = Tlv::read(data).map_err(|_| Sw::WRONG_DATA)?;
    if !matches!(template.tag, Tag(0x62) | Tag(0x6F)) || !rest.is_empty() {
        return Err(Sw::WRONG_DATA);
    }
    let field = |tag| tlv::find(template.value, Tag(tag)).ok_or(Sw::WRONG_DATA);
    let number = |tag| {
        field(tag)?
            .try_into()
            .map(u16::from_be_bytes)
            .map_err(|_| Sw::WRONG_DATA)
    };
    let id = FileId(number(0x83)?);
    let access = access_conditions(tlv::find(template.value, Tag(0x86)).unwrap_or_default())?;
    let content = match *field(0x82)? {
        [0x38, ..] => {
            return Ok(File::Dedicated(DedicatedFile {
                id,
                name: tlv::find(template.value, Tag(0x84)).map(<[u8]>::to_vec),
                size: number(0x81)?,
                access,
                reference_data: Vec::new(),
                keys: Vec::new(),
                environments: Vec::new(),
                files: Vec::new(),
            }));
        }
        [0x01, ..] => Content::Transparent(vec![0; usize::from(size(number(0x80)?)?)]),
        [kind, _, record_length] => Content::Records {
            structure: RecordStructure::from_bytes([kind, record_length]).ok_or(Sw::WRONG_DATA)?,
            size: size(number(0x80)?)?,
            records: Vec::new(),
        },
        _ => return Err(Sw::WRONG_DATA),
    };
    let file = ElementaryFile::new(id, access, content);
    Ok(File::Elementary(
        match tlv::find(template.value, Tag(0xCB)) {
            Some(bytes) => {
                let bytes = bytes.try_into().map_err(|_| Sw::WRONG_DATA)?;
                file.with_messaging(FileMessaging(bytes))
            }
            None => file,
        },
    ))
}

fn size(size: u16) -> Result<u16, Sw> {
    match size <= SIZE_MAX {
        true => Ok(size),
        false => Err(Sw::NOT_ENOUGH_MEMORY),
    }
}

/// Nine bytes; what is not said is closed.
pub(super) fn access_conditions(bytes: &[u8]) -> Result<AccessConditions, Sw> {
    let mut access = AccessConditions([0xFF; 9]);
    access
        .0
        .get_mut(..bytes.len())
        .ok_or(Sw::WRONG_DATA)?
        .copy_from_slice(bytes);
    Ok(access)
}
