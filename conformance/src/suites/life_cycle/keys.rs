//! Keys that are generated on the card: GENERATE KEY PAIR.
//!
//! ```text
//! 00 46 00 id 08 20 id FID FID 00 10 00 20   the public half goes to the file of records
//! record   tag | L+2 | L+1 | 00 | number      tag 10 modulus, 11 exponent, of 1024 bits
//! ```
//! The card has a place for key 07 of 1024 bits, which the PIN opens and generates.

use cns_apdu::Sw;
use cns_fixtures::Source as Content;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{PublicKey, TestCard};

const VENDOR: Source = read(Document::OpenSc, "incrypto34: GENERATE KEY PAIR");
const INFERRED: Source = source(
    Document::CnsFunctional,
    "GENERATE KEY PAIR",
    Grade::Inferred,
);
const OWN: &[Needs] = &[Needs::OwnCard];
const FILE: &[Needs] = &[Needs::File(Content::PublicKeyRecords), Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "life-cycle.keys.generated",
        requirement: "A generated key signs, and its public half is in its file.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: FILE,
        state: State::PlaceForKey,
        effect: Effect::Destroys,
        run: |card| {
            let command = generate(card)?;
            card.verify_pin()?;
            card.send(&command)?.is_ok()?.is_bare()?;
            let path = card.path_of(Content::PublicKeyRecords)?;
            card.select_quietly(&path)?.is_ok()?;
            let modulus = card.send("00 B2 01 04 00")?.is_ok()?;
            let exponent = card.send("00 B2 02 04 00")?.is_ok()?;
            let modulus_is_there = modulus.data.starts_with(&[0x10, 0x82, 0x81, 0x00]);
            let modulus = modulus.must(modulus_is_there, "10 82 81 00 and the modulus")?;
            let number = |record: &[u8]| record.get(4..).unwrap_or_default().to_vec();
            let key = PublicKey::new(&number(&modulus.data), &number(&exponent.data));
            let block = card.block(&key);
            card.prepare_with("00 22 F1 B6 (83 (07))")?;
            card.sign(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.keys.none-yet",
        requirement: "A key that was not generated yet cannot be used: 6984.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::PlaceForKey,
        effect: Effect::Destroys,
        run: |card| {
            card.verify_pin()?;
            card.prepare_with("00 22 F1 B6 (83 (07))")?;
            card.send("00 2A 9E 9A (01 02 03) 00")?
                .is(Sw::REFERENCE_DATA_NOT_USABLE)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.keys.generating-needs-its-right",
        requirement: "GENERATE KEY PAIR is answered 6982 until its condition is satisfied.",
        sources: &[VENDOR, INFERRED],
        level: Level::Must,
        needs: FILE,
        state: State::PlaceForKey,
        effect: Effect::Destroys,
        run: |card| {
            let command = generate(card)?;
            card.send(&command)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.keys.not-the-citizens",
        requirement: "The authentication key of a card that was handed out is not generated anew.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: &[
            Needs::File(Content::PublicKeyRecords),
            Needs::Profile("cns11-st2021"),
            Needs::OwnCard,
        ],
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            card.verify_pin()?;
            card.send("00 46 00 01 (20 01 3F 01 00 10 00 20)")?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.keys.refusals",
        requirement: "What names no key, no file or no file of records is refused before anything is \
                      generated.",
        sources: &[VENDOR, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::PlaceForKey,
        effect: Effect::Destroys,
        run: |card| {
            card.verify_pin()?;
            for (command, refusal) in [
                (
                    "00 46 00 08 (20 08 3F 01 00 10 00 20)",
                    Sw::REFERENCE_NOT_FOUND,
                ),
                ("00 46 00 07 (20 06 3F 01 00 10 00 20)", Sw::WRONG_DATA),
                ("00 46 00 07 (21 07 3F 01 00 10 00 20)", Sw::WRONG_DATA),
                ("00 46 00 07 (20 07 3F 01)", Sw::WRONG_DATA),
                ("00 46 00 07 (20 07 7F 7F 00 10 00 20)", Sw::FILE_NOT_FOUND),
                (
                    "00 46 00 07 (20 07 2F 02 00 10 00 20)",
                    Sw::WRONG_FILE_STRUCTURE,
                ),
                ("00 46 01 07 (20 07 3F 01 00 10 00 20)", Sw::WRONG_P1_P2),
            ] {
                card.send(command)?.is(refusal)?;
            }
            Ok(())
        },
    },
];

/// GENERATE KEY PAIR of key 07, with the public half in EF.KeyPub.
fn generate(card: &mut TestCard) -> Result<String, crate::case::Stop> {
    let path = card.path_of(Content::PublicKeyRecords)?;
    let file = path.last().copied().unwrap_or_default();
    Ok(format!("00 46 00 07 (20 07 {file:04X} 00 10 00 20)"))
}
