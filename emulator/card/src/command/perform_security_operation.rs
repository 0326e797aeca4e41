//! PERFORM SECURITY OPERATION: the card's keys at work.
//!
//! With an RSA key the host pads and the card does the raw operation: a TLS client's whole PKCS #1 or
//! PSS block goes in, and the signature comes out, by either of the first two commands. Which one a
//! host takes depends on the certificate: OpenSC signs with DECIPHER where the extended key usage has
//! clientAuth.
//!
//! ```text
//! 00 2A 80 86 Lc 00 block [Le]   DECIPHER; 00 is the padding indicator (also 81 and 02)
//! 00 2A 9E 9A Lc block [Le]      COMPUTE DIGITAL SIGNATURE
//! 00 2A 86 80 Lc data [Le]       ENCIPHER, with a triple-DES key: 00 and the cryptogram come out
//! ```
//! Triple DES is in CBC mode from zeros, on whole blocks that the host has padded.

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, Grant, UseKey};
use crate::key::{Key, KeyAlgorithm, KeyMaterial};

/// What PKCS #1 block type 1 takes at least: 00 01, eight FF, 00 (RFC 8017 §9.2).
const PKCS1_OVERHEAD: usize = 11;

/// The padding indicator of a cryptogram: the host has padded as it likes.
const NO_INDICATION: u8 = 0x00;

pub(super) fn decipher(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let grant = key_in_use(execution, execution.session.environment.decipher_key)?;
    let image = execution.memory.image();
    let [NO_INDICATION | 0x02 | 0x81, block @ ..] = command.data else {
        return Err(Sw::WRONG_DATA);
    };
    match &image.key(*grant.target())?.material {
        KeyMaterial::TripleDes(_) => {
            let plain = image
                .triple_des(&grant)?
                .decipher(block)
                .ok_or(Sw::WRONG_LENGTH)?;
            execution.reply.extend_from_slice(&plain);
        }
        KeyMaterial::Rsa(rsa) if block.len() != rsa.modulus_length() => {
            return Err(Sw::WRONG_LENGTH);
        }
        KeyMaterial::Rsa(_) | KeyMaterial::RsaPart(_) | KeyMaterial::Absent { .. } => {
            image.raw_rsa(&grant, block, execution.reply)?;
        }
    }
    Ok(Sw::OK)
}

/// Takes a whole block, or, with a key of that algorithm, a DigestInfo that the card pads.
pub(super) fn compute_digital_signature(
    execution: &mut Execution<'_>,
    command: &Command<'_>,
) -> Answer {
    let grant = key_in_use(execution, execution.session.environment.signature_key)?;
    let image = execution.memory.image();
    let Key {
        algorithm,
        material: KeyMaterial::Rsa(rsa),
        ..
    } = image.key(*grant.target())?
    else {
        return Err(Sw::REFERENCE_DATA_NOT_USABLE);
    };
    let modulus_length = rsa.modulus_length();
    if command.data.len() == modulus_length {
        image.raw_rsa(&grant, command.data, execution.reply)?;
        return Ok(Sw::OK);
    }
    let padding = modulus_length.checked_sub(command.data.len() + PKCS1_OVERHEAD);
    let (KeyAlgorithm::RsaSignature, Some(more)) = (algorithm, padding) else {
        return Err(Sw::WRONG_LENGTH);
    };
    let block = [
        &[0x00, 0x01][..],
        &vec![0xFF; 8 + more],
        &[0x00],
        command.data,
    ]
    .concat();
    image.raw_rsa(&grant, &block, execution.reply)?;
    Ok(Sw::OK)
}

pub(super) fn encipher(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let grant = key_in_use(execution, execution.session.environment.decipher_key)?;
    let key = execution.memory.image().triple_des(&grant)?;
    let cryptogram = key.encipher(command.data).ok_or(Sw::WRONG_LENGTH)?;
    execution.reply.push(NO_INDICATION);
    execution.reply.extend_from_slice(&cryptogram);
    Ok(Sw::OK)
}

/// The grant to use the key that the environment names, looked for from the current folder upwards.
/// 6985 when none is set, 6A88 when there is no such key, 6982 when its PIN is not proven.
fn key_in_use(execution: &Execution<'_>, id: Option<u8>) -> Result<Grant<UseKey>, Sw> {
    let id = id.ok_or(Sw::CONDITIONS_NOT_SATISFIED)?;
    let image = execution.image();
    let key = image
        .find_key(execution.session.folder, id)
        .ok_or(Sw::REFERENCE_NOT_FOUND)?;
    access::grant::<UseKey>(image, &execution.session.rights, key)
}
