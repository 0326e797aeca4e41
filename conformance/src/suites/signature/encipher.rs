//! PSO with a triple-DES key, on a card that was given one. The command is remembered from the
//! specification; nobody in the field sends it.
//!
//! ```text
//! 00 2A 86 80 Lc blocks [Le]            ENCIPHER: 00 and the cryptogram, CBC from zeros
//! 00 2A 80 86 Lc 00 | cryptogram [Le]   DECIPHER: the blocks
//! ```

use cns_apdu::{Sw, hex};
use cns_card::{
    Condition, Key, KeyAlgorithm, KeyMaterial, KeyRules, ObjectMessaging, TripleDesKey,
};
use cns_fixtures::{KeyPurpose, Secret};

use super::operation::{ENCIPHER, Template, decipher, perform, prove, restore, set};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, source};
use crate::state::State;
use crate::test_card::TestCard;

const CNS: Source = source(Document::CnsFunctional, "PSO_ENC", Grade::Remembered);

const KEY_ID: u8 = 0x05;
const KEY: &str = "0123456789ABCDEF 23456789ABCDEF01 456789ABCDEF0123";
const PLAIN: &str = "0011223344556677 8899AABBCCDDEEFF";
/// What `openssl enc -des-ede3-cbc -nopad` makes of it, with an initial vector of zeros.
const CRYPTOGRAM: &str = "109AEAC4D79BFADD 00D623DE611EBB31";

pub(super) const CASES: &[Case<TestCard>] = &[
    case(
        "signature.encipher.known-answer",
        "ENCIPHER with triple DES in CBC mode gives 00 and the cryptogram.",
        Effect::Destroys,
        |card| {
            give_key(card)?;
            prove(card, KeyPurpose::Authentication)?;
            name(card)?;
            let cryptogram = [vec![0x00], bytes(CRYPTOGRAM)?].concat();
            perform(card, ENCIPHER, &bytes(PLAIN)?)?
                .is_ok()?
                .has_data(&cryptogram)?;
            Ok(())
        },
    ),
    case(
        "signature.encipher.and-back",
        "DECIPHER with the same key gives the blocks back.",
        Effect::Destroys,
        |card| {
            give_key(card)?;
            prove(card, KeyPurpose::Authentication)?;
            name(card)?;
            let plain = bytes(PLAIN)?;
            decipher(card, &bytes(CRYPTOGRAM)?)?
                .is_ok()?
                .has_data(&plain)?;
            Ok(())
        },
    ),
    case(
        "signature.encipher.whole-blocks",
        "What is not a whole number of blocks is refused: the host pads.",
        Effect::Destroys,
        |card| {
            give_key(card)?;
            prove(card, KeyPurpose::Authentication)?;
            name(card)?;
            let odd = card.random(13);
            perform(card, ENCIPHER, &odd)?.is_refused()?.is_bare()?;
            decipher(card, &odd)?.is_refused()?.is_bare()?;
            Ok(())
        },
    ),
    case(
        "signature.encipher.without-pin",
        "A triple-DES key asks for its PIN too: 6982.",
        Effect::Destroys,
        |card| {
            give_key(card)?;
            name(card)?;
            perform(card, ENCIPHER, &bytes(PLAIN)?)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
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
        sources: &[CNS],
        level: Level::Must,
        needs: &[Needs::OwnCard, Needs::Reference(Secret::Pin)],
        state: State::Issued,
        effect,
        run,
    }
}

/// Another card, with a triple-DES key in the master file that the PIN opens.
fn give_key(card: &mut TestCard) -> Verdict {
    let pin = card.reference(Secret::Pin)?.id;
    let material = TripleDesKey::new(&bytes(KEY)?).ok_or_else(|| Stop::broken("no key"))?;
    card.replace(|image| {
        image.master_file.keys.push(Key {
            id: KEY_ID,
            rules: KeyRules {
                usage: Condition::Proven(pin),
                change: Condition::Never,
                generate: Condition::Never,
            },
            algorithm: KeyAlgorithm::TripleDes,
            material: KeyMaterial::TripleDes(material),
            messaging: ObjectMessaging::NONE,
        });
    })
}

fn name(card: &mut TestCard) -> Verdict {
    card.select_quietly(&[])?;
    restore(card)?;
    set(card, Template::Confidentiality, KEY_ID)?.is_ok()?;
    Ok(())
}

fn bytes(hexadecimal: &str) -> Result<Vec<u8>, Stop> {
    hex::decode(hexadecimal).ok_or_else(|| Stop::broken("no hexadecimal"))
}
