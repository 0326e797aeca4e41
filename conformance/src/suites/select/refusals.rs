//! What SELECT refuses, and that what it refuses leaves folder and file as they were: middleware asks
//! for many files that no card has, and goes on from where it was.

use cns_apdu::Sw;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "SELECT");
const INFERRED: Source = source(Document::Iso7816Part4, "SELECT", Grade::Inferred);
const OPENSC: Source = source(Document::OpenSc, "SELECT", Grade::Verified);
const DF1: &[Needs] = &[Needs::ClassicTree];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "select.refused.unknown-identifier",
        requirement: "An identifier that is nowhere is answered 6A82, without data.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 00 (AAAA) 00")?
                .is(Sw::FILE_NOT_FOUND)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.refused.identifier-keeps-folder",
        requirement: "An identifier that is nowhere leaves the folder as it was.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (1100)")?.is_ok()?;
            card.send("00 A4 00 0C (AAAA)")?.is(Sw::FILE_NOT_FOUND)?;
            card.send("00 A4 09 0C (1102)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.refused.identifier-keeps-file",
        requirement: "An identifier that is nowhere leaves the file as it was.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| selected_stays(card, "00 A4 00 0C (AAAA)"),
    },
    Case {
        id: "select.refused.path-keeps-file",
        requirement: "A path that leads nowhere leaves the file as it was, also where its first \
                      part exists.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| selected_stays(card, "00 A4 08 0C (1000 AAAA)"),
    },
    Case {
        id: "select.refused.path-keeps-folder",
        requirement: "A path that leads nowhere leaves the folder as it was.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (1100)")?.is_ok()?;
            card.send("00 A4 08 0C (1000 AAAA)")?
                .is(Sw::FILE_NOT_FOUND)?;
            card.send("00 A4 09 0C (1102)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.refused.name-keeps-folder",
        requirement: "An unknown name leaves the folder as it was.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (1100)")?.is_ok()?;
            card.send("00 A4 04 0C (F000000042)")?
                .is(Sw::FILE_NOT_FOUND)?;
            card.send("00 A4 09 0C (1102)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.refused.p1",
        requirement: "A P1 that ISO/IEC 7816-4 reserves is refused.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 05 0C (1100)")?.is_refused()?;
            card.send("00 A4 0A 0C (1100)")?.is_refused()?;
            card.send("00 A4 FF 0C (1100)")?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "select.refused.p1-says-so",
        requirement: "A P1 that ISO/IEC 7816-4 reserves is refused with 6A86.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 05 0C (1100)")?.is(Sw::WRONG_P1_P2)?;
            Ok(())
        },
    },
    Case {
        id: "select.refused.p2",
        requirement: "A P2 that ISO/IEC 7816-4 reserves is refused.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 F0 (1100) 00")?
                .is_refused()?
                .is_bare()?;
            card.send("00 A4 00 FF (1100) 00")?
                .is_refused()?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.refused.parameters-keep-file",
        requirement: "A SELECT whose P1 or P2 is refused leaves the file as it was.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            selected_stays(card, "00 A4 05 0C (1100)")?;
            selected_stays(card, "00 A4 00 F0 (1100)")
        },
    },
    Case {
        id: "select.refused.one-byte",
        requirement: "Half an identifier is refused.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (11)")?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "select.refused.three-bytes",
        requirement: "An identifier and a half is refused.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (110011)")?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "select.refused.length-keeps-file",
        requirement: "A SELECT of a wrong length leaves the file as it was.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            selected_stays(card, "00 A4 00 0C (110011)")?;
            selected_stays(card, "00 A4 08 0C (100010)")
        },
    },
    Case {
        id: "select.refused.lc-beyond-data",
        requirement: "A SELECT that announces more data than it has is refused with 6700.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C 03 11 00")?.is(Sw::WRONG_LENGTH)?;
            Ok(())
        },
    },
];

/// EF.Dati_Personali is selected, the command is refused, and the file is still selected.
fn selected_stays(card: &mut TestCard, refused: &str) -> Result<(), Stop> {
    card.send("00 A4 08 0C (1100 1102)")?.is_ok()?;
    let before = card.read_binary(0, 6)?.is_ok()?.data;
    card.send(refused)?.is_refused()?;
    card.read_binary(0, 6)?.is_ok()?.has_data(&before)?;
    Ok(())
}
