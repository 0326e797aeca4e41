//! CHANGE KEY DATA, `90 24 class id Lc key`: a triple-DES key gets a new value.
//!
//! ```text
//! class 00   a key for EXTERNAL AUTHENTICATE: its change condition must be satisfied
//! class 10   a key for PSO ENCIPHER and DECIPHER: the same
//! id         b8 = 1: looked for from the current folder upwards
//! ```
//! The key has 16 or 24 bytes.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, Change as ChangeReference, ChangeKey};
use crate::crypto::TripleDesKey;
use crate::key::KeyMaterial;
use crate::memory::Change;
use crate::reference_data::Secret;

pub(super) fn change_key_data(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let key = TripleDesKey::new(command.data).ok_or(Sw::WRONG_LENGTH)?;
    let change = match command.p1 {
        0x00 => {
            let object = execution.referenced(command.p2)?;
            let image = execution.image();
            let Secret::Key(_) = image.reference_data(object)?.secret() else {
                return Err(Sw::REFERENCE_NOT_FOUND);
            };
            access::grant::<ChangeReference>(image, &execution.session.rights, object)?;
            Change::new_secret(object, Secret::Key(key))
        }
        0x10 => {
            let object = execution.referenced_key(command.p2)?;
            let image = execution.image();
            let KeyMaterial::TripleDes(_) = image.key(object)?.material else {
                return Err(Sw::REFERENCE_NOT_FOUND);
            };
            let grant = access::grant::<ChangeKey>(image, &execution.session.rights, object)?;
            Change::new_key(&grant, KeyMaterial::TripleDes(key))
        }
        _ => return Err(Sw::WRONG_P1_P2),
    };
    execution.memory.commit([change])?;
    Ok(Sw::OK)
}
