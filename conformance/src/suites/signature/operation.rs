//! The conversation that every use of a key is: PIN, environment, key, operation.

use cns_apdu::{Command, Le, Sw};
use cns_fixtures::{KeyPurpose, Secret};

use crate::case::{Stop, Verdict};
use crate::test_card::{Answer, RsaPublicKey, TestCard};

/// What MSE SET names a key for.
#[derive(Clone, Copy)]
pub(super) enum Template {
    /// B8, for PSO DECIPHER.
    Confidentiality,
    /// B6, for PSO COMPUTE DIGITAL SIGNATURE.
    DigitalSignature,
}

/// PSO DECIPHER, PSO COMPUTE DIGITAL SIGNATURE, PSO ENCIPHER: P1 and P2.
pub(super) const DECIPHER: [u8; 2] = [0x80, 0x86];
pub(super) const COMPUTE: [u8; 2] = [0x9E, 0x9A];
pub(super) const ENCIPHER: [u8; 2] = [0x86, 0x80];

/// Makes the card ready to use the key: the PIN proven, the environment restored, the key named.
pub(super) fn ready(
    card: &mut TestCard,
    purpose: KeyPurpose,
    template: Template,
) -> Result<RsaPublicKey, Stop> {
    let key = card.certified_key(purpose)?;
    prove(card, purpose)?;
    name_key(card, purpose, template)?;
    Ok(key)
}

/// Presents the PIN that guards the key.
pub(super) fn prove(card: &mut TestCard, purpose: KeyPurpose) -> Verdict {
    let secret = match purpose {
        KeyPurpose::Authentication => Secret::Pin,
        KeyPurpose::Signature => Secret::SignaturePin,
    };
    let value = card.secret(secret)?;
    prepared("VERIFY", &card.verify(secret, &value)?)
}

/// Restores the environment and names the key, whose folder is current afterwards.
pub(super) fn name_key(card: &mut TestCard, purpose: KeyPurpose, template: Template) -> Verdict {
    let id = card.key(purpose)?.id;
    restore(card)?;
    prepared("MSE SET", &set(card, template, id)?)
}

/// MSE RESTORE of environment 03, as clients do before each signature.
pub(super) fn restore(card: &mut TestCard) -> Verdict {
    card.prepare_with("00 22 F3 03 00").map(drop)
}

/// MSE SET of a key.
pub(super) fn set(card: &mut TestCard, template: Template, id: u8) -> Result<Answer, Stop> {
    let template = match template {
        Template::Confidentiality => "B8",
        Template::DigitalSignature => "B6",
    };
    card.send(&format!("00 22 F1 {template} (83 01 {id:02X})"))
}

/// PSO DECIPHER of a block: padding indicator 00 goes before it.
pub(super) fn decipher(card: &mut TestCard, block: &[u8]) -> Result<Answer, Stop> {
    perform(card, DECIPHER, &[&[0x00], block].concat())
}

/// PSO COMPUTE DIGITAL SIGNATURE.
pub(super) fn compute(card: &mut TestCard, data: &[u8]) -> Result<Answer, Stop> {
    perform(card, COMPUTE, data)
}

/// PERFORM SECURITY OPERATION with data of any length: in one command, in a chain, or extended, as
/// the card takes it.
pub(super) fn perform(card: &mut TestCard, [p1, p2]: [u8; 2], data: &[u8]) -> Result<Answer, Stop> {
    let chains = card.subject().profile.dialect.command_chaining;
    let mut rest = data;
    while let Some((part, more)) = rest.split_at_checked(Command::SHORT_DATA_MAX)
        && chains
        && !more.is_empty()
    {
        let answer = card.send_command(&Command::new([0x10, 0x2A, p1, p2], part, Le::Absent))?;
        if answer.sw != Sw::OK {
            return Ok(answer);
        }
        rest = more;
    }
    card.send_command(&Command::new([0x00, 0x2A, p1, p2], rest, Le::Maximum))
}

/// The answer is what only the private key can make of the block.
pub(super) fn is_operation_on(
    answer: Answer,
    key: &RsaPublicKey,
    block: &[u8],
) -> Result<Answer, Stop> {
    let answer = answer.is_ok()?.has_length(key.length())?;
    let is_right = key.raw(&answer.data) == block;
    answer.must(
        is_right,
        "a number that the public key turns into the block again",
    )
}

fn prepared(what: &str, answer: &Answer) -> Verdict {
    match answer.sw {
        Sw::OK => Ok(()),
        sw => Err(Stop::broken(format!(
            "{what} should only prepare the card, and was answered {:04X}",
            sw.0
        ))),
    }
}
