//! UPDATE BINARY, `00 D6 offset Lc data`, the offset in 15 bits.

use cns_apdu::{Command, Sw};

use super::read_binary::offset;
use super::{Answer, Execution};
use crate::access::{self, Update};
use crate::file::Content;
use crate::memory::Change;

/// Overwrites bytes; 6B00 when the offset lies outside the file, 6A84 when the data reach beyond
/// its end. All of the data are written, or nothing.
pub(super) fn update_binary(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let offset = offset(command)?;
    let file = execution.current_file()?;
    let image = execution.memory.image();
    let grant = access::grant::<Update>(image, &execution.session.rights, file)?;
    let content = image
        .elementary_file(file)
        .ok_or(Sw::NO_CURRENT_FILE)?
        .inspect();
    let Content::Transparent(bytes) = content else {
        return Err(Sw::WRONG_FILE_STRUCTURE);
    };
    let room = bytes.len().checked_sub(offset).ok_or(Sw::WRONG_OFFSET)?;
    if command.data.len() > room {
        return Err(Sw::NOT_ENOUGH_MEMORY);
    }
    execution
        .memory
        .commit([Change::bytes(&grant, offset, command.data)])?;
    Ok(Sw::OK)
}
