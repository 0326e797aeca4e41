//! When a key works: its PIN proven, and named in an environment.
//!
//! ```text
//! 00 20 00 P2 08 pin            6982 without it
//! 00 22 F3 03 00                an environment: no key is named in it
//! 00 22 F1 B8 03 83 01 key      the key for PSO DECIPHER
//! ```

use cns_apdu::Sw;
use cns_fixtures::KeyPurpose;

use super::block::{Hash, block_type_1, digest_info};
use super::operation::{
    Template, compute, decipher, is_operation_on, name_key, prove, ready, restore, set,
};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{RsaPublicKey, TestCard};

const CNS: Source = source(Document::CnsFunctional, "PSO_DEC", Grade::Verified);
const GUESS: Source = source(Document::CnsFunctional, "MSE, PSO_DEC", Grade::Inferred);
const ISO: Source = read(Document::Iso7816Part4, "MANAGE SECURITY ENVIRONMENT");
const KEY: &[Needs] = &[Needs::Key(KeyPurpose::Authentication)];
const OWN: &[Needs] = &[Needs::Key(KeyPurpose::Authentication), Needs::OwnCard];

/// A key that no card has.
const NO_SUCH_KEY: u8 = 0x1E;

pub(super) const CASES: &[Case<TestCard>] = &[
    case(
        "signature.condition.without-pin",
        "A key does not work before its PIN is proven: 6982.",
        &[CNS],
        Level::Must,
        KEY,
        Effect::Reads,
        |card| {
            let block = block(&card.certified_key(KeyPurpose::Authentication)?);
            name_key(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            decipher(card, &block)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?
                .is_bare()?;
            Ok(())
        },
    ),
    case(
        "signature.condition.compute-without-pin",
        "COMPUTE DIGITAL SIGNATURE asks for the PIN as DECIPHER does: 6982.",
        &[GUESS],
        Level::Must,
        KEY,
        Effect::Reads,
        |card| {
            let block = block(&card.certified_key(KeyPurpose::Authentication)?);
            name_key(card, KeyPurpose::Authentication, Template::DigitalSignature)?;
            compute(card, &block)?.is_refused()?.is_bare()?;
            Ok(())
        },
    ),
    case(
        "signature.condition.after-wrong-pin",
        "A key does not work after a wrong PIN.",
        &[GUESS],
        Level::Must,
        &[Needs::Key(KeyPurpose::Authentication), Needs::OwnCard],
        Effect::SpendsTries,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            card.verify_wrong_pin()?;
            name_key(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            decipher(card, &block(&key))?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    ),
    case(
        "signature.condition.right-ends-with-reset",
        "After a reset the PIN must be proven again: 6982.",
        &[CNS],
        Level::Must,
        KEY,
        Effect::PresentsPin,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            decipher(card, &block(&key))?.is_ok()?;
            card.reset()?;
            name_key(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            decipher(card, &block(&key))?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    ),
    case(
        "signature.condition.environment-ends-with-reset",
        "After a reset no key is named: the PIN alone does not sign.",
        &[ISO, GUESS],
        Level::Should,
        OWN,
        Effect::PresentsPin,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            card.reset()?;
            prove(card, KeyPurpose::Authentication)?;
            card.key(KeyPurpose::Authentication)?;
            decipher(card, &block(&key))?.is_refused()?;
            Ok(())
        },
    ),
    case(
        "signature.condition.many-signatures",
        "One PIN is good for many signatures: a TLS client makes one for each connection.",
        &[CNS],
        Level::Must,
        KEY,
        Effect::PresentsPin,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            for count in 0_u8..5 {
                name_key(card, KeyPurpose::Authentication, Template::Confidentiality)?;
                let info = digest_info(Hash::Sha256, &[count]);
                let block = block_type_1(&info, key.length());
                is_operation_on(decipher(card, &block)?, &key, &block)?;
            }
            Ok(())
        },
    ),
    case(
        "signature.condition.key-from-inner-folder",
        "A key of the master file is found from a folder below it.",
        &[source(
            Document::OpenSc,
            "signing from DF1",
            Grade::Verified,
        )],
        Level::Must,
        &[Needs::Key(KeyPurpose::Authentication), Needs::ClassicTree],
        Effect::PresentsPin,
        |card| {
            let place = card.key(KeyPurpose::Authentication)?;
            if !place.folder.is_empty() {
                return Err(Stop::skip("its key is not in the master file"));
            }
            let key = ready(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            card.select_quietly(&[0x1100])?.is_ok()?;
            let block = block(&key);
            is_operation_on(decipher(card, &block)?, &key, &block)?;
            Ok(())
        },
    ),
    case(
        "signature.condition.unknown-key",
        "A key that is not there is refused, when it is named or when it is used.",
        &[ISO, GUESS],
        Level::Must,
        KEY,
        Effect::PresentsPin,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            restore(card)?;
            if set(card, Template::Confidentiality, NO_SUCH_KEY)?.sw == Sw::OK {
                decipher(card, &block(&key))?.is_refused()?.is_bare()?;
            }
            Ok(())
        },
    ),
    case(
        "signature.condition.restore-names-no-key",
        "An environment that was restored names no key: the one that was set before is gone.",
        &[GUESS],
        Level::Should,
        OWN,
        Effect::PresentsPin,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::Confidentiality)?;
            restore(card)?;
            decipher(card, &block(&key))?.is(Sw::CONDITIONS_NOT_SATISFIED)?;
            Ok(())
        },
    ),
    case(
        "signature.condition.templates-are-apart",
        "A key that is named for signatures alone does not decipher.",
        &[ISO, GUESS],
        Level::Should,
        OWN,
        Effect::PresentsPin,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::DigitalSignature)?;
            decipher(card, &block(&key))?.is_refused()?;
            Ok(())
        },
    ),
];

const fn case(
    id: &'static str,
    requirement: &'static str,
    sources: &'static [Source],
    level: Level,
    needs: &'static [Needs],
    effect: Effect,
    run: fn(&mut TestCard) -> Verdict,
) -> Case<TestCard> {
    Case {
        id,
        requirement,
        sources,
        level,
        needs,
        state: State::Issued,
        effect,
        run,
    }
}

/// A block like those that clients send.
fn block(key: &RsaPublicKey) -> Vec<u8> {
    block_type_1(&digest_info(Hash::Sha256, b"message"), key.length())
}
