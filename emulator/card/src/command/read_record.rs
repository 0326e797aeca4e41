//! READ RECORD, `00 B2 number mode Le` (ISO 7816-4 §7.3.3).
//!
//! ```text
//! mode  04  P1 is a record number, 00 the current record
//!       00  first    01  last    02  next    03  previous: the record whose identifier, its first
//!           byte, is P1; any record when P1 is 00
//! ```

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, Read};
use crate::file::Content;

/// 6A83 when there is no such record: hosts count up until they see it.
pub(super) fn read_record(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let file = execution.current_file()?;
    let image = execution.memory.image();
    let grant = access::grant::<Read>(image, &execution.session.rights, file)?;
    let Content::Records { records, .. } = image.content(&grant)? else {
        return Err(Sw::WRONG_FILE_STRUCTURE);
    };
    let number = number(records, execution.session.record, command)?;
    let index = number.checked_sub(1).ok_or(Sw::RECORD_NOT_FOUND)?;
    let record = records.get(index).ok_or(Sw::RECORD_NOT_FOUND)?;
    execution.reply.extend_from_slice(record);
    execution.session.record = Some(number);
    Ok(Sw::OK)
}

/// Which record is meant, counted from 1.
pub(super) fn number(
    records: &[Vec<u8>],
    current: Option<usize>,
    command: &Command<'_>,
) -> Result<usize, Sw> {
    let is_meant = |record: &&Vec<u8>| command.p1 == 0 || record.first() == Some(&command.p1);
    let mut numbered = (1..).zip(records).filter(|(_, record)| is_meant(record));
    let found = match command.p2 {
        0x04 => match command.p1 {
            0 => current,
            number => Some(usize::from(number)),
        },
        0x00 => numbered.next().map(|(number, _)| number),
        0x01 => numbered.last().map(|(number, _)| number),
        0x02 => numbered
            .map(|(number, _)| number)
            .find(|number| Some(*number) > current),
        0x03 => numbered
            .map(|(number, _)| number)
            .take_while(|number| current.is_none_or(|current| *number < current))
            .last(),
        // A short file identifier in the upper bits: the card has none.
        0x08..=0xFF => return Err(Sw::FILE_NOT_FOUND),
        0x05..=0x07 => return Err(Sw::WRONG_P1_P2),
    };
    found.ok_or(Sw::RECORD_NOT_FOUND)
}
