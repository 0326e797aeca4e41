//! MANAGE SECURITY ENVIRONMENT.
//!
//! ```text
//! 00 22 F3 id            RESTORE: the stored environment with this identifier; hosts add an Le or
//!                        Lc of 00, which the specification allows
//! 00 22 F1 crt 03 83 01 key   SET: the key for one template; 84 for 83 is sent too, and 41 for F1
//! crt  B8 decipher   B6 digital signature   A4 authentication
//! ```

use cns_apdu::tlv::{Tag, Tlv};
use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::security_environment::CurrentEnvironment;

const SECRET_KEY_REFERENCE: Tag = Tag(0x83);
const PRIVATE_KEY_REFERENCE: Tag = Tag(0x84);

pub(super) fn restore(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let known = execution.session.folder.upwards().any(|folder| {
        execution.image().folder(folder).is_some_and(|folder| {
            folder
                .environments
                .iter()
                .any(|environment| environment.id == command.p2)
        })
    });
    if !known {
        return Err(Sw::REFERENCE_NOT_FOUND);
    }
    execution.session.environment = CurrentEnvironment::default();
    Ok(Sw::OK)
}

/// Remembers the key. Whether it exists is asked when it is used, from the folder that is current
/// then.
pub(super) fn set(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let (reference, rest) = Tlv::read(command.data).map_err(|_| Sw::WRONG_DATA)?;
    let (SECRET_KEY_REFERENCE | PRIVATE_KEY_REFERENCE, [key], []) =
        (reference.tag, reference.value, rest)
    else {
        return Err(Sw::WRONG_DATA);
    };
    let environment = &mut execution.session.environment;
    let template = match command.p2 {
        0xB8 => &mut environment.decipher_key,
        0xB6 => &mut environment.signature_key,
        0xA4 => &mut environment.authentication_key,
        _ => return Err(Sw::WRONG_P1_P2),
    };
    *template = Some(*key);
    Ok(Sw::OK)
}
