//! APPEND RECORD, `00 E2 00 00 Lc record`.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, Append};
use crate::file::{Content, RecordStructure};
use crate::memory::Change;

/// Records are numbered from 01 to FE (ISO 7816-4 §7.3.1): the next could not be read.
const RECORDS_MAX: usize = 0xFE;

/// Adds a record: at the end of a linear file, at the front of a cyclic one, where it takes the
/// place of the oldest if need be. 6A84 when a linear file has no room, 6700 when the file's records
/// have another length.
pub(super) fn append_record(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let file = execution.current_file()?;
    let image = execution.memory.image();
    let grant = access::grant::<Append>(image, &execution.session.rights, file)?;
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
    if !structure.takes_length(command.data.len()) {
        return Err(Sw::WRONG_LENGTH);
    }
    let size = usize::from(*size);
    let mut records = records.clone();
    let number = match structure {
        RecordStructure::Cyclic { record_length } => {
            records.insert(0, command.data.to_vec());
            records.truncate(RECORDS_MAX.min(size / usize::from(*record_length)));
            1
        }
        RecordStructure::LinearFixed { .. } | RecordStructure::LinearVariable => {
            records.push(command.data.to_vec());
            records.len()
        }
    };
    let is_full = records.len() > RECORDS_MAX || records.iter().map(Vec::len).sum::<usize>() > size;
    if records.is_empty() || is_full {
        return Err(Sw::NOT_ENOUGH_MEMORY);
    }
    execution
        .memory
        .commit([Change::appended_records(&grant, records)])?;
    execution.session.record = Some(number);
    Ok(Sw::OK)
}
