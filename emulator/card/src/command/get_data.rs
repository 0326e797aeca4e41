//! GET DATA, `00 CA P1 P2 Le`: what the maker tells of the card. Not a command of the CNS
//! specification: a card whose profile has nothing to tell does not have it.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};

pub(super) fn get_data(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let data = &execution.memory.image().dialect.vendor_data;
    if data.is_empty() {
        return Err(Sw::INSTRUCTION_NOT_SUPPORTED);
    }
    let parameters = u16::from_be_bytes([command.p1, command.p2]);
    let (_, bytes) = data
        .iter()
        .find(|(known, _)| *known == parameters)
        .ok_or(Sw::REFERENCE_NOT_FOUND)?;
    execution.reply.extend_from_slice(bytes);
    Ok(Sw::OK)
}
