//! GET CHALLENGE, `00 84 00 00 Le`: random bytes.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};

pub(super) fn get_challenge(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let length = command.expected_max().unwrap_or(0);
    if length > usize::from(execution.image().dialect.challenge_max) {
        return Err(Sw::WRONG_LENGTH);
    }
    execution.reply.resize(length, 0);
    execution
        .entropy
        .fill(execution.reply)
        .map_err(|_| Sw::CONDITIONS_NOT_SATISFIED)?;
    // What EXTERNAL AUTHENTICATE answers; a shorter number is good for nothing but itself.
    execution.session.challenge = execution.reply.last_chunk().copied();
    Ok(Sw::OK)
}
