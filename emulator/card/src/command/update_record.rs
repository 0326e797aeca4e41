//! UPDATE RECORD, `00 DC number mode Lc record`: the modes are those of READ RECORD.

use cns_apdu::{Command, Sw};

use super::read_record::number;
use super::{Answer, Execution};
use crate::access::{self, Update};
use crate::file::Content;
use crate::memory::Change;

/// Puts the record in the place of the one that is there: 6A83 when there is none, 6700 when the
/// file's records have another length, 6A84 when the file would grow beyond its size.
pub(super) fn update_record(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let file = execution.current_file()?;
    let image = execution.memory.image();
    let grant = access::grant::<Update>(image, &execution.session.rights, file)?;
    let content = image
        .elementary_file(file)
        .ok_or(Sw::NO_CURRENT_FILE)?
        .inspect();
    let Content::Records {
        structure,
        size,
        records,
    } = content
    else {
        return Err(Sw::WRONG_FILE_STRUCTURE);
    };
    let number = number(records, execution.session.record, command)?;
    if !structure.takes_length(command.data.len()) {
        return Err(Sw::WRONG_LENGTH);
    }
    let mut records = records.clone();
    let place = number
        .checked_sub(1)
        .and_then(|index| records.get_mut(index));
    *place.ok_or(Sw::RECORD_NOT_FOUND)? = command.data.to_vec();
    if records.iter().map(Vec::len).sum::<usize>() > usize::from(*size) {
        return Err(Sw::NOT_ENOUGH_MEMORY);
    }
    execution
        .memory
        .commit([Change::updated_records(&grant, records)])?;
    execution.session.record = Some(number);
    Ok(Sw::OK)
}
