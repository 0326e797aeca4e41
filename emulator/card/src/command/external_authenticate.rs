//! EXTERNAL AUTHENTICATE, `00 82 00 id 08 cryptogram`: the host proves to have a triple-DES key by
//! enciphering the card's last challenge with it.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::reference_data::{Secret, charge};

/// 6985 without a challenge of eight bytes or more, whose last eight count; a challenge is good for
/// one try. The key's counter is charged before the cryptogram is compared, as for a PIN.
pub(super) fn external_authenticate(
    execution: &mut Execution<'_>,
    command: &Command<'_>,
) -> Answer {
    let object = execution.referenced(command.p2)?;
    let Secret::Key(_) = execution.image().reference_data(object)?.secret() else {
        return Err(Sw::REFERENCE_NOT_FOUND);
    };
    if command.data.len() != 8 {
        return Err(Sw::WRONG_LENGTH);
    }
    let challenge = execution
        .session
        .challenge
        .take()
        .ok_or(Sw::CONDITIONS_NOT_SATISFIED)?;
    execution.session.rights.remove(object);
    let charged = charge(execution.memory, object)?;
    let outcome = charged.compare_cryptogram(execution.image(), &challenge, command.data)?;
    let proven = execution.told(outcome)?;
    execution.accept(&proven)?;
    Ok(Sw::OK)
}
