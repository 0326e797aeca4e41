//! SELECT by an identifier that stands alone (ISO/IEC 7816-4 §7.1.1).
//!
//! ```text
//! 00 A4 00 P2 02 id    in the current folder, the folder itself, beside it, above it; 3F00 from anywhere
//! 00 A4 00 P2          the master file
//! 00 A4 02 P2 02 id    a file in the current folder
//! 00 A4 03 P2          the folder above
//! ```
//! 02 and 03 are on newer masks only: a card that refuses the form with 6A86 is not judged.

use cns_apdu::Sw;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{Answer, TestCard};

const ISO: Source = read(Document::Iso7816Part4, "SELECT");
const AROUND: Source = source(Document::Iso7816Part4, "SELECT", Grade::Inferred);
const CLIENTS: Source = source(Document::Clients, "SELECT by identifier", Grade::Client);
const OPENSC: Source = source(Document::OpenSc, "SELECT", Grade::Verified);
const DF1: &[Needs] = &[Needs::ClassicTree];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "select.identifier.master-file",
        requirement: "3F00 is the master file, from wherever it is asked for.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            card.send("00 A4 00 00 (3F00) 00")?
                .is_ok()?
                .fci()?
                .has(0x83, &[0x3F, 0x00])?;
            // A file of DF1 is not found any more.
            card.send("00 A4 00 0C (1102)")?.is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "select.identifier.no-data",
        requirement: "SELECT without data selects the master file.",
        sources: &[
            ISO,
            source(Document::CnsFunctional, "SELECT", Grade::Remembered),
        ],
        level: Level::Should,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            card.send("00 A4 00 0C")?.is_ok()?.is_bare()?;
            // Its file is in DF1, and DF1 is no longer selected.
            card.send("00 A4 00 0C (1102)")?.is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "select.identifier.no-data-with-le",
        requirement: "SELECT without data tells of the master file where Le asks for it.",
        sources: &[ISO],
        level: Level::Should,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            let fci = card.send("00 A4 00 00 00")?.is_ok()?.fci()?;
            fci.has(0x83, &[0x3F, 0x00]).map(drop)
        },
    },
    Case {
        id: "select.identifier.child-folder",
        requirement: "A folder is found in the current folder.",
        sources: &[ISO, CLIENTS],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 00 (1100) 00")?
                .is_ok()?
                .fci()?
                .has(0x83, &[0x11, 0x00])
                .map(drop)
        },
    },
    Case {
        id: "select.identifier.child-file",
        requirement: "A file is found in the current folder.",
        sources: &[ISO, CLIENTS],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (1100)")?.is_ok()?;
            let fci = card.send("00 A4 00 00 (1102) 00")?.is_ok()?.fci()?;
            fci.has(0x83, &[0x11, 0x02]).map(drop)
        },
    },
    Case {
        id: "select.identifier.file-beside-file",
        requirement: "While a file is selected, another one of its folder is found.",
        sources: &[ISO, CLIENTS],
        level: Level::Must,
        needs: &[Needs::ClassicTree, Needs::Path(&[0x1100, 0x1101])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (1100)")?.is_ok()?;
            card.send("00 A4 00 0C (1102)")?.is_ok()?;
            card.send("00 A4 00 0C (1101)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.identifier.folder-beside-folder",
        requirement: "A folder beside the current one is found.",
        sources: &[AROUND],
        level: Level::Should,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1000])?.is_ok()?;
            card.send("00 A4 00 0C (1100)")?.is_ok()?;
            card.send("00 A4 00 0C (1102)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.identifier.folder-above",
        requirement: "The folder above the current one is found by its identifier.",
        sources: &[AROUND],
        level: Level::Should,
        needs: &[Needs::Path(&[0x1400, 0x8110])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1400, 0x8110])?.is_ok()?;
            card.send("00 A4 00 0C (1400)")?.is_ok()?;
            card.send("00 A4 00 0C (9010)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.identifier.current-folder",
        requirement: "The current folder is found by its own identifier.",
        sources: &[AROUND],
        level: Level::Should,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            card.send("00 A4 00 0C (1100)")?.is_ok()?;
            card.send("00 A4 00 0C (1102)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.identifier.not-below",
        requirement: "A file in a folder of the current folder is not found.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 00 (1102) 00")?
                .is(Sw::FILE_NOT_FOUND)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.identifier.not-in-another-folder",
        requirement: "A file of a folder beside the current one is not found.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1000])?.is_ok()?;
            card.send("00 A4 00 0C (1102)")?.is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "select.identifier.python-reader",
        requirement: "A reader in the field goes from 3F00 to 1100 to 1102 without Le and without \
                      P2 = 0C.",
        sources: &[CLIENTS],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for id in ["3F00", "1100", "1102"] {
                card.send(&format!("00 A4 00 00 ({id})"))?
                    .is_ok()?
                    .is_bare()?;
            }
            card.read_binary(0, 6)?.is_ok()?.has_length(6)?;
            Ok(())
        },
    },
    Case {
        id: "select.identifier.file-only",
        requirement: "P1 = 02 finds a file in the current folder.",
        sources: &[ISO],
        level: Level::May,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            let answer = card.send("00 A4 02 00 (1102) 00")?;
            offered(card, answer)?
                .is_ok()?
                .fci()?
                .has(0x83, &[0x11, 0x02])
                .map(drop)
        },
    },
    Case {
        id: "select.identifier.file-only-no-folder",
        requirement: "P1 = 02 finds no folder.",
        sources: &[ISO],
        level: Level::May,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let answer = card.send("00 A4 02 0C (1100)")?;
            offered(card, answer)?.is(Sw::FILE_NOT_FOUND).map(drop)
        },
    },
    Case {
        id: "select.identifier.above",
        requirement: "P1 = 03 selects the folder above the current one.",
        sources: &[ISO],
        level: Level::May,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100, 0x1102])?.is_ok()?;
            let answer = card.send("00 A4 03 00 00")?;
            offered(card, answer)?
                .is_ok()?
                .fci()?
                .has(0x83, &[0x3F, 0x00])
                .map(drop)
        },
    },
    Case {
        id: "select.identifier.one-above",
        requirement: "P1 = 03 goes up by one folder, not to the master file.",
        sources: &[ISO],
        level: Level::May,
        needs: &[Needs::Path(&[0x1400, 0x8110])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1400, 0x8110])?.is_ok()?;
            let answer = card.send("00 A4 03 00 00")?;
            offered(card, answer)?
                .is_ok()?
                .fci()?
                .has(0x83, &[0x14, 0x00])
                .map(drop)
        },
    },
    Case {
        id: "select.identifier.nothing-above",
        requirement: "Above the master file there is nothing.",
        sources: &[AROUND],
        level: Level::May,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (3F00)")?.is_ok()?;
            let answer = card.send("00 A4 03 0C")?;
            offered(card, answer)?.is_refused().map(drop)
        },
    },
];

/// The answer of a card that has this form of SELECT.
fn offered(card: &TestCard, answer: Answer) -> Result<Answer, Stop> {
    match answer.sw == Sw::WRONG_P1_P2 && card.subject().issue.is_none() {
        true => Err(Stop::skip("the card does not have this form of SELECT")),
        false => Ok(answer),
    }
}
