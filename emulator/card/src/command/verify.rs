//! VERIFY, `00 20 00 id 08 value`, and `00 20 00 id`, which asks how the PIN stands.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::reference_data::{ReferenceValue, Secret};

/// | state | data | answer |
/// |---|---|---|
/// | tries left | right value | 9000, the counter is full again, the right is granted |
/// | tries left | wrong value | 63Cx or 6300, one try less |
/// | blocked | any | 6983 |
/// | proven | none | 9000 |
/// | not proven | none | 63Cx; 6983 when blocked |
/// | any | not 8 bytes | 6700, nothing is charged |
/// | no value yet, or a transport PIN | any | what the dialect says; nothing is charged |
pub(super) fn verify(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let object = execution.referenced(command.p2)?;
    let datum = execution.image().reference_data(object)?;
    match datum.secret() {
        Secret::Key(_) => return Err(Sw::REFERENCE_NOT_FOUND),
        Secret::Unset => return Err(execution.image().dialect.unset_reference),
        Secret::Transport(_) => return Err(execution.image().dialect.transport_reference),
        Secret::Value(_) => {}
    }
    if command.data.is_empty() {
        if execution.session.rights.hold(object) {
            return Ok(Sw::OK);
        }
        return Err(match datum.tries_left() {
            0 => Sw::AUTHENTICATION_BLOCKED,
            left => Sw::tries_left(left),
        });
    }
    let candidate = ReferenceValue::from_wire(command.data)?;
    let proven = execution.prove(object, &candidate)?;
    execution.accept(&proven)?;
    Ok(Sw::OK)
}
