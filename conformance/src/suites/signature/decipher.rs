//! PSO DECIPHER as the raw operation that it is on a CNS: what goes in, what comes out.
//!
//! ```text
//! 00 2A 80 86 Lc 00 | block | Le      00 the padding indicator, the block as long as the modulus
//! ```

use cns_apdu::{Command, Le, Sw};
use cns_fixtures::KeyPurpose;

use super::block::{block_type_2, message_of_type_2};
use super::operation::{DECIPHER, Template, decipher, is_operation_on, perform, ready};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{RsaPublicKey, TestCard};

const CNS: Source = source(Document::CnsFunctional, "PSO_DEC", Grade::Verified);
const GUESS: &[Source] = &[source(Document::CnsFunctional, "PSO_DEC", Grade::Inferred)];
const RANGE: &[Source] = &[
    read(Document::Pkcs1, "5.1.2"),
    source(Document::CnsFunctional, "PSO_DEC", Grade::Inferred),
];
const KEY: &[Needs] = &[Needs::Key(KeyPurpose::Authentication)];
const OWN: &[Needs] = &[Needs::Key(KeyPurpose::Authentication), Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    case(
        "signature.decipher.gives-padding-back",
        "A PKCS #1 cryptogram comes back with its padding: the host takes it off.",
        &[CNS, read(Document::Pkcs1, "7.2.2")],
        Level::Must,
        KEY,
        |card| {
            let key = authentication_key(card)?;
            let message = card.random(48);
            let padded = block_type_2(&message, key.length());
            let answer = decipher(card, &key.raw(&padded))?.is_ok()?;
            let found = message_of_type_2(&answer.data).map(<[u8]>::to_vec);
            let answer = answer.has_data(&padded)?;
            answer.must(found == Some(message), "the message behind its padding")?;
            Ok(())
        },
    ),
    case(
        "signature.decipher.keeps-leading-zeros",
        "A result that begins with zeros is as long as the modulus all the same.",
        &[CNS, read(Document::Pkcs1, "4.1")],
        Level::Must,
        KEY,
        |card| {
            let key = authentication_key(card)?;
            let mut result = card.random(key.length());
            for byte in result.iter_mut().take(3) {
                *byte = 0x00;
            }
            decipher(card, &key.raw(&result))?
                .is_ok()?
                .has_data(&result)?;
            Ok(())
        },
    ),
    case(
        "signature.decipher.one",
        "The block of the number 1 becomes 1: nothing is padded.",
        RANGE,
        Level::Should,
        OWN,
        |card| {
            let key = authentication_key(card)?;
            let mut one = vec![0x00; key.length()];
            if let Some(last) = one.last_mut() {
                *last = 0x01;
            }
            decipher(card, &one)?.is_ok()?.has_data(&one)?;
            Ok(())
        },
    ),
    case(
        "signature.decipher.largest-block",
        "The largest number below the modulus is taken: it becomes itself.",
        RANGE,
        Level::Must,
        OWN,
        |card| {
            let key = authentication_key(card)?;
            let largest = key.modulus_and(-1);
            decipher(card, &largest)?.is_ok()?.has_data(&largest)?;
            Ok(())
        },
    ),
    case(
        "signature.decipher.modulus",
        "The modulus itself is refused: it is no number below the modulus.",
        RANGE,
        Level::Must,
        KEY,
        |card| {
            let key = authentication_key(card)?;
            decipher(card, &key.modulus_and(0))?
                .is_refused()?
                .is_bare()?;
            Ok(())
        },
    ),
    case(
        "signature.decipher.above-modulus",
        "A block above the modulus is answered 6A80.",
        RANGE,
        Level::Should,
        OWN,
        |card| {
            let key = authentication_key(card)?;
            decipher(card, &key.modulus_and(1))?.is(Sw::WRONG_DATA)?;
            decipher(card, &vec![0xFF; key.length()])?.is(Sw::WRONG_DATA)?;
            Ok(())
        },
    ),
    case(
        "signature.decipher.short-block",
        "A block that is shorter than the modulus is refused.",
        GUESS,
        Level::Must,
        KEY,
        |card| {
            let key = authentication_key(card)?;
            let block = card.random(key.length() - 1);
            decipher(card, &block)?.is_refused()?.is_bare()?;
            Ok(())
        },
    ),
    case(
        "signature.decipher.long-block",
        "A block that is longer than the modulus is refused, even if its first byte is 00.",
        GUESS,
        Level::Must,
        KEY,
        |card| {
            let key = authentication_key(card)?;
            let mut block = card.random(key.length() + 1);
            for byte in block.iter_mut().take(2) {
                *byte = 0x00;
            }
            decipher(card, &block)?.is_refused()?.is_bare()?;
            Ok(())
        },
    ),
    case(
        "signature.decipher.other-indicators",
        "The padding indicators 02 and 81 are taken as 00 is.",
        &[read(Document::Iso7816Part8, "DECIPHER"), GUESS_ONE],
        Level::May,
        OWN,
        |card| {
            let key = authentication_key(card)?;
            let block = below(card, &key);
            for indicator in [0x02, 0x81] {
                let data = [&[indicator], block.as_slice()].concat();
                is_operation_on(perform(card, DECIPHER, &data)?, &key, &block)?;
            }
            Ok(())
        },
    ),
    case(
        "signature.decipher.unknown-indicator",
        "A padding indicator that means nothing is refused.",
        &[read(Document::Iso7816Part8, "DECIPHER"), GUESS_ONE],
        Level::Should,
        OWN,
        |card| {
            let key = authentication_key(card)?;
            let data = [&[0x7F], below(card, &key).as_slice()].concat();
            perform(card, DECIPHER, &data)?.is_refused()?.is_bare()?;
            Ok(())
        },
    ),
    case(
        "signature.decipher.same-block-same-result",
        "The same block becomes the same number each time: the card adds nothing random.",
        &[CNS, read(Document::Pkcs1, "5.1.2")],
        Level::Must,
        KEY,
        |card| {
            let key = authentication_key(card)?;
            let block = below(card, &key);
            let first = decipher(card, &block)?.is_ok()?.data;
            for _ in 0..3 {
                decipher(card, &block)?.is_ok()?.has_data(&first)?;
            }
            Ok(())
        },
    ),
    case(
        "signature.decipher.extended",
        "The block is taken in one extended command too.",
        &[source(
            Document::OpenSc,
            "SC_CARD_CAP_APDU_EXT",
            Grade::Read,
        )],
        Level::Must,
        &[
            Needs::Key(KeyPurpose::Authentication),
            Needs::ExtendedLength,
        ],
        |card| {
            let key = authentication_key(card)?;
            let block = below(card, &key);
            let data = [&[0x00], block.as_slice()].concat();
            let command = Command::new([0x00, 0x2A, 0x80, 0x86], &data, Le::Maximum);
            is_operation_on(card.send_command(&command)?, &key, &block)?;
            Ok(())
        },
    ),
];

const GUESS_ONE: Source = source(Document::CnsFunctional, "PSO_DEC", Grade::Inferred);

const fn case(
    id: &'static str,
    requirement: &'static str,
    sources: &'static [Source],
    level: Level,
    needs: &'static [Needs],
    run: fn(&mut TestCard) -> Verdict,
) -> Case<TestCard> {
    Case {
        id,
        requirement,
        sources,
        level,
        needs,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run,
    }
}

fn authentication_key(card: &mut TestCard) -> Result<RsaPublicKey, Stop> {
    ready(card, KeyPurpose::Authentication, Template::Confidentiality)
}

/// A block that is below any modulus of its length.
fn below(card: &mut TestCard, key: &RsaPublicKey) -> Vec<u8> {
    let mut block = card.random(key.length());
    if let Some(first) = block.first_mut() {
        *first = 0x00;
    }
    block
}
