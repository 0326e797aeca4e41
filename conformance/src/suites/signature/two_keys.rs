//! A card with a second key in DF_DS, for signatures: each key has its own PIN and certificate.

use cns_apdu::Sw;
use cns_fixtures::KeyPurpose;

use super::block::{Hash, block_type_1, digest_info};
use super::operation::{Template, compute, decipher, is_operation_on, name_key, prove, ready};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, source};
use crate::state::State;
use crate::test_card::TestCard;

const OPENSC: Source = source(Document::OpenSc, "CNS1: keys, PINs and files", Grade::Read);
const GUESS: Source = source(Document::CnsFileSystem, "DF_DS", Grade::Inferred);
const TWO_KEYS: &[Needs] = &[
    Needs::Key(KeyPurpose::Authentication),
    Needs::Key(KeyPurpose::Signature),
];

pub(super) const CASES: &[Case<TestCard>] = &[
    case(
        "signature.two-keys.second-key-signs",
        "The second key signs what its own certificate proves, by both commands.",
        Effect::PresentsPin,
        |card| {
            for template in [Template::DigitalSignature, Template::Confidentiality] {
                let key = ready(card, KeyPurpose::Signature, template)?;
                let block = block_type_1(&digest_info(Hash::Sha256, b"contract"), key.length());
                let answer = match template {
                    Template::DigitalSignature => compute(card, &block)?,
                    Template::Confidentiality => decipher(card, &block)?,
                };
                is_operation_on(answer, &key, &block)?;
            }
            Ok(())
        },
    ),
    case(
        "signature.two-keys.keys-differ",
        "The two certificates have two keys.",
        Effect::Reads,
        |card| {
            let authentication = card.certified_key(KeyPurpose::Authentication)?;
            let signature = card.certified_key(KeyPurpose::Signature)?;
            match authentication == signature {
                false => Ok(()),
                true => Err(Stop::fail(
                    "two keys",
                    "both certificates have the same key",
                )),
            }
        },
    ),
    case(
        "signature.two-keys.first-pin-opens-first-key",
        "The PIN of the card does not open the signature key: 6982.",
        Effect::PresentsPin,
        |card| refuses_after(card, KeyPurpose::Authentication, KeyPurpose::Signature),
    ),
    case(
        "signature.two-keys.second-pin-opens-second-key",
        "The signature PIN does not open the authentication key: 6982.",
        Effect::PresentsPin,
        |card| {
            refuses_after(card, KeyPurpose::Signature, KeyPurpose::Authentication)?;
            Ok(())
        },
    ),
];

const fn case(
    id: &'static str,
    requirement: &'static str,
    effect: Effect,
    run: fn(&mut TestCard) -> Verdict,
) -> Case<TestCard> {
    Case {
        id,
        requirement,
        sources: &[OPENSC, GUESS],
        level: Level::Must,
        needs: TWO_KEYS,
        state: State::Issued,
        effect,
        run,
    }
}

/// The PIN of one key is proven, and the other key does not work.
fn refuses_after(card: &mut TestCard, proven: KeyPurpose, used: KeyPurpose) -> Verdict {
    let key = card.certified_key(used)?;
    prove(card, proven)?;
    card.select_quietly(&[])?;
    name_key(card, used, Template::Confidentiality)?;
    let block = block_type_1(&digest_info(Hash::Sha256, b"message"), key.length());
    decipher(card, &block)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
    Ok(())
}
