//! PERFORM SECURITY OPERATION: the card's private key at work.
//!
//! The host pads, the card does the raw RSA operation: a TLS client's whole PKCS #1 or PSS block
//! goes in, and the signature comes out, by either command. Which one a host takes depends on the
//! certificate: OpenSC signs with DECIPHER where the extended key usage has clientAuth.
//!
//! ```text
//! 00 2A 80 86 Lc 00 block [Le]   DECIPHER; 00 is the padding indicator (also 81 and 02)
//! 00 2A 9E 9A Lc block [Le]      COMPUTE DIGITAL SIGNATURE
//! ```

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, Grant, UseKey};
use crate::key::KeyAlgorithm;

/// What PKCS #1 block type 1 takes at least: 00 01, eight FF, 00 (RFC 8017 §9.2).
const PKCS1_OVERHEAD: usize = 11;

pub(super) fn decipher(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let (key, modulus_length, _) =
        key_in_use(execution, execution.session.environment.decipher_key)?;
    let [0x00 | 0x02 | 0x81, block @ ..] = command.data else {
        return Err(Sw::WRONG_DATA);
    };
    if block.len() != modulus_length {
        return Err(Sw::WRONG_LENGTH);
    }
    execution
        .memory
        .image()
        .raw_rsa(&key, block, execution.reply)?;
    Ok(Sw::OK)
}

/// Takes a whole block, or, with a key of that algorithm, a DigestInfo that the card pads.
pub(super) fn compute_digital_signature(
    execution: &mut Execution<'_>,
    command: &Command<'_>,
) -> Answer {
    let (key, modulus_length, algorithm) =
        key_in_use(execution, execution.session.environment.signature_key)?;
    let image = execution.memory.image();
    if command.data.len() == modulus_length {
        image.raw_rsa(&key, command.data, execution.reply)?;
        return Ok(Sw::OK);
    }
    let padding = modulus_length.checked_sub(command.data.len() + PKCS1_OVERHEAD);
    match (algorithm, padding) {
        (KeyAlgorithm::RsaSignature, Some(more)) => {
            let block = [
                &[0x00, 0x01][..],
                &vec![0xFF; 8 + more],
                &[0x00],
                command.data,
            ]
            .concat();
            image.raw_rsa(&key, &block, execution.reply)?;
            Ok(Sw::OK)
        }
        (KeyAlgorithm::RsaPure, _) | (KeyAlgorithm::RsaSignature, None) => Err(Sw::WRONG_LENGTH),
    }
}

/// The key that the environment names, looked for from the current folder upwards, and the grant to
/// use it. 6985 when none is set, 6A88 when there is no such key, 6982 when its PIN is not proven.
fn key_in_use(
    execution: &Execution<'_>,
    id: Option<u8>,
) -> Result<(Grant<UseKey>, usize, KeyAlgorithm), Sw> {
    let id = id.ok_or(Sw::CONDITIONS_NOT_SATISFIED)?;
    let image = execution.image();
    let object = image
        .find_key(execution.session.folder, id)
        .ok_or(Sw::REFERENCE_NOT_FOUND)?;
    let grant = access::grant::<UseKey>(image, &execution.session.rights, object)?;
    let key = image.key(object)?;
    Ok((grant, key.rsa.modulus_length(), key.algorithm))
}
