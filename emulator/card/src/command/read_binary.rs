//! READ BINARY, `00 B0 offset Le`, the offset in 15 bits.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, Read};
use crate::file::Content;

/// Reads up to Le bytes. Where the file ends earlier, what there is comes with 6282: readers in the
/// field ask beyond the end, and take 6B00 for a failure.
pub(super) fn read_binary(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let offset = offset(command)?;
    let file = execution.current_file()?;
    let image = execution.memory.image();
    let grant = access::grant::<Read>(image, &execution.session.rights, file)?;
    let Content::Transparent(bytes) = image.content(&grant)? else {
        return Err(Sw::WRONG_FILE_STRUCTURE);
    };
    let rest = bytes.get(offset..).unwrap_or_default();
    let wanted = command.expected_max().unwrap_or(0);
    match rest.get(..wanted) {
        Some(part) => {
            execution.reply.extend_from_slice(part);
            Ok(Sw::OK)
        }
        None => {
            execution.reply.extend_from_slice(rest);
            Ok(Sw::END_OF_FILE)
        }
    }
}

/// P1 and P2 as an offset. With the top bit set they name a short file identifier, and the card has
/// none.
pub(super) fn offset(command: &Command<'_>) -> Result<usize, Sw> {
    match u16::from_be_bytes([command.p1, command.p2]) {
        offset @ 0x0000..=0x7FFF => Ok(usize::from(offset)),
        0x8000..=0xFFFF => Err(Sw::FILE_NOT_FOUND),
    }
}
