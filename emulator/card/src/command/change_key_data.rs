//! CHANGE KEY DATA, `90 24 class id Lc value`: a key gets a new value.
//!
//! ```text
//! class 00   a triple-DES key for EXTERNAL AUTHENTICATE
//! class 10   a triple-DES key for PSO ENCIPHER and DECIPHER
//! class 20   an RSA key: its modulus
//! class 21   an RSA key: its private exponent
//! id         b8 = 1: looked for from the current folder upwards
//! ```
//! The key's change condition must be satisfied. A triple-DES key has 16 or 24 bytes. A number of an
//! RSA key is given as it is, without the head that it has in PUT DATA (the vendor's driver); the
//! first of the two begins a new key, as there, and the second makes it. One of 256 bytes takes an
//! extended command: class 90 is not chained.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, Change as ChangeReference, ChangeKey};
use crate::crypto::{RsaPartKind, TripleDesKey};
use crate::key::{KeyMaterial, Number};
use crate::memory::Change;
use crate::reference_data::Secret;

pub(super) fn change_key_data(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let change = match (command.p1, RsaPartKind::of_class(command.p1)) {
        (0x00, _) => new_authentication_key(execution, command)?,
        (0x10, _) => new_cipher_key(execution, command)?,
        (_, Some(kind)) => new_number(execution, command, kind)?,
        _ => return Err(Sw::WRONG_P1_P2),
    };
    execution.memory.commit([change])?;
    Ok(Sw::OK)
}

fn new_authentication_key(execution: &Execution<'_>, command: &Command<'_>) -> Result<Change, Sw> {
    let key = triple_des_key(command)?;
    let object = execution.referenced(command.p2)?;
    let image = execution.image();
    let Secret::Key(_) = image.reference_data(object)?.secret() else {
        return Err(Sw::REFERENCE_NOT_FOUND);
    };
    access::grant::<ChangeReference>(image, &execution.session.rights, object)?;
    Ok(Change::new_secret(object, Secret::Key(key)))
}

fn new_cipher_key(execution: &Execution<'_>, command: &Command<'_>) -> Result<Change, Sw> {
    let key = triple_des_key(command)?;
    let object = execution.referenced_key(command.p2)?;
    let image = execution.image();
    let KeyMaterial::TripleDes(_) = image.key(object)?.material else {
        return Err(Sw::REFERENCE_NOT_FOUND);
    };
    let grant = access::grant::<ChangeKey>(image, &execution.session.rights, object)?;
    Ok(Change::new_key(&grant, KeyMaterial::TripleDes(key)))
}

fn new_number(
    execution: &Execution<'_>,
    command: &Command<'_>,
    kind: RsaPartKind,
) -> Result<Change, Sw> {
    let number = Number::parse(kind, command.data).map_err(|_| Sw::WRONG_DATA)?;
    let object = execution.referenced_key(command.p2)?;
    let image = execution.image();
    let material = &image.key(object)?.material;
    if let KeyMaterial::TripleDes(_) = material {
        return Err(Sw::REFERENCE_NOT_FOUND);
    }
    let grant = access::grant::<ChangeKey>(image, &execution.session.rights, object)?;
    let material = material.with(&number).map_err(|_| Sw::WRONG_DATA)?;
    Ok(Change::new_key(&grant, material))
}

fn triple_des_key(command: &Command<'_>) -> Result<TripleDesKey, Sw> {
    TripleDesKey::new(command.data).ok_or(Sw::WRONG_LENGTH)
}
