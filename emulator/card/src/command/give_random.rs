//! GIVE RANDOM, `80 86 00 00 08 number`: the host's random number, which goes into the check value of
//! a secured response.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};

pub(super) fn give_random(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let number = command.data.try_into().map_err(|_| Sw::WRONG_LENGTH)?;
    execution.session.host_random = Some(number);
    Ok(Sw::OK)
}
