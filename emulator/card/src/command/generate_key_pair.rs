//! GENERATE KEY PAIR, `00 46 00 id 08 20 id FID FID 00 10 00 20`: a key object gets a new RSA key
//! pair, and the public half goes to a record file. The vendor's driver has 00 for the first id: then
//! the key that the data name is looked for from the current folder upwards.
//!
//! The last four bytes are the vendor driver's, and their sense is not public: they are taken as
//! they come. The length of the modulus is that of the key object.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, GenerateKey};
use crate::crypto::RsaPrivateKey;
use crate::file::path::Path;
use crate::file::{Content, FileId, RecordStructure};
use crate::image::CardImage;
use crate::key::KeyMaterial;
use crate::memory::Change;

/// The class of an RSA key object, whose data the command's begin with.
const PRIVATE_KEY: u8 = 0x20;

pub(super) fn generate_key_pair(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let [PRIVATE_KEY, id, high, low, _, _, _, _] = *command.data else {
        return Err(Sw::WRONG_DATA);
    };
    let object = match command.p2 {
        0x00 => execution
            .image()
            .find_key(execution.session.folder, id)
            .ok_or(Sw::REFERENCE_NOT_FOUND)?,
        p2 => execution.referenced_key(p2)?,
    };
    if id != object.id {
        return Err(Sw::WRONG_DATA);
    }
    let image = execution.memory.image();
    let grant = access::grant::<GenerateKey>(image, &execution.session.rights, object)?;
    let bits = match &image.key(object)?.material {
        KeyMaterial::Rsa(key) => (key.modulus_length() * 8) as u16,
        KeyMaterial::RsaPart(part) => part.bits(),
        KeyMaterial::Absent { bits } => *bits,
        KeyMaterial::TripleDes(_) => return Err(Sw::REFERENCE_DATA_NOT_USABLE),
    };
    let id = FileId(u16::from_be_bytes([high, low]));
    let (file, size) = record_file(image, execution.session.folder, id)?;

    let key = RsaPrivateKey::generate(bits, execution.entropy)
        .map_err(|_| Sw::CONDITIONS_NOT_SATISFIED)?;
    let records = key.public_key_records();
    if records.iter().map(Vec::len).sum::<usize>() > size {
        return Err(Sw::NOT_ENOUGH_MEMORY);
    }
    let published = Change::public_key(&grant, file, records);
    execution
        .memory
        .commit([Change::generated_key(&grant, key), published])?;
    Ok(Sw::OK)
}

/// The file of records with this identifier, looked for from the current folder upwards, and its
/// size in bytes.
fn record_file(image: &CardImage, folder: Path, id: FileId) -> Result<(Path, usize), Sw> {
    let (path, file) = folder
        .upwards()
        .filter_map(|folder| folder.child(id).ok())
        .find_map(|path| Some((path, image.elementary_file(path)?)))
        .ok_or(Sw::FILE_NOT_FOUND)?;
    match file.inspect() {
        Content::Records {
            structure: RecordStructure::LinearVariable,
            size,
            ..
        } => Ok((path, usize::from(*size))),
        Content::Records { .. } | Content::Transparent(_) => Err(Sw::WRONG_FILE_STRUCTURE),
    }
}
