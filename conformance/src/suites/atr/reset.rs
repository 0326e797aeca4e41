//! What a reset does, warm (the reset contact) or cold (power): the same answer, and the card as it
//! was when it was handed out.
//!
//! EF.ATR, 3F00/2F01, has the answer to reset for those who cannot reset the card: one byte of
//! length, the answer, zeros.

use cns_apdu::Sw;
use cns_fixtures::Source as Content;

use super::decoded::decode;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const VENDOR: Source = read(Document::OpenSc, "incrypto34: EF.ATR");
const FIRST: Source = source(
    Document::OpenSc,
    "first SELECT after reset",
    Grade::Verified,
);

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "atr.reset.warm-as-cold",
        requirement: "A warm reset is answered as a cold one.",
        sources: &[source(
            Document::Iso7816Part3,
            "6.2 activation and resets",
            Grade::Inferred,
        )],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let cold = card.atr().to_vec();
            card.reset()?;
            same(&cold, card.atr())
        },
    },
    Case {
        id: "atr.reset.ef-atr",
        requirement: "EF.ATR holds the answer to reset behind its length.",
        sources: &[VENDOR],
        level: Level::Should,
        needs: &[Needs::File(Content::Atr)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let expected = card.atr().to_vec();
            same(&expected, &in_file(card)?)
        },
    },
    Case {
        id: "atr.reset.ef-atr-structure",
        requirement: "What stands in EF.ATR is an answer to reset with fifteen historical bytes, \
                      also where a reader made up another one.",
        sources: &[VENDOR],
        level: Level::Should,
        needs: &[Needs::Path(&[0x2F01])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let atr = in_file(card)?;
            let decoded = decode(&atr)?;
            match (decoded.historical.len(), decoded.trailing) {
                (15, []) => Ok(()),
                _ => Err(Stop::fail(
                    "length, and an answer to reset with fifteen historical bytes",
                    cns_apdu::hex::encode(&atr),
                )),
            }
        },
    },
    Case {
        id: "atr.reset.master-file",
        requirement: "After a reset the master file is selected.",
        sources: &[FIRST, read(Document::Iso7816Part4, "file selection")],
        level: Level::Must,
        needs: &[Needs::ClassicTree],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            card.reset()?;
            // Its file is found in the folder 1100 only.
            card.send("00 A4 00 0C (1102)")?.is(Sw::FILE_NOT_FOUND)?;
            card.send("00 A4 00 0C (1000)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "atr.reset.no-current-file",
        requirement: "After a reset no elementary file is selected.",
        sources: &[read(Document::Iso7816Part4, "file selection")],
        level: Level::Must,
        needs: &[Needs::File(Content::PersonalData)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let path = card.path_of(Content::PersonalData)?;
            card.select_quietly(&path)?.is_ok()?;
            card.reset()?;
            card.read_binary(0, 1)?.is(Sw::NO_CURRENT_FILE)?.is_bare()?;
            Ok(())
        },
    },
];

/// What EF.ATR says.
fn in_file(card: &mut TestCard) -> Result<Vec<u8>, Stop> {
    card.select_quietly(&[0x2F01])?.is_ok()?;
    let bytes = card.read_current_file()?;
    let said = bytes
        .split_first()
        .and_then(|(length, rest)| rest.get(..usize::from(*length)));
    let said = said.map(<[u8]>::to_vec);
    said.ok_or_else(|| {
        Stop::fail(
            "length, then answer to reset",
            cns_apdu::hex::encode(&bytes),
        )
    })
}

fn same(expected: &[u8], seen: &[u8]) -> Verdict {
    match expected == seen {
        true => Ok(()),
        false => Err(Stop::fail(
            cns_apdu::hex::encode(expected),
            cns_apdu::hex::encode(seen),
        )),
    }
}
