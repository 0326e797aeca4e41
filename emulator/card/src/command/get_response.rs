//! GET RESPONSE, `00 C0 00 00 Le`: what the last response had no room for.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};

pub(super) fn get_response(execution: &mut Execution<'_>, _: &Command<'_>) -> Answer {
    if execution.pending.is_empty() {
        return Err(Sw::CONDITIONS_NOT_SATISFIED);
    }
    execution.reply.append(&mut execution.pending);
    Ok(Sw::OK)
}
