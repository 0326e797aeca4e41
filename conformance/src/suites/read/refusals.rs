//! What READ BINARY refuses.
//!
//! ```text
//! 6986 no file is selected    6981 the file has records    6982 a PIN is missing, or nobody reads it
//! 00 B0 8x ..                 a short file identifier: the card has none
//! ```

use cns_apdu::Sw;
use cns_fixtures::{Secret, Source as Content};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "READ BINARY");
const TABLE: Source = read(Document::OpenSc, "incrypto34: table of status words");
const INFERRED: Source = source(Document::Iso7816Part4, "READ BINARY", Grade::Inferred);
const PERSONAL_DATA: &[Needs] = &[Needs::File(Content::PersonalData)];
const OWN_WITH_PIN: &[Needs] = &[Needs::OwnCard, Needs::Reference(Secret::Pin)];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "read.refused.no-file",
        requirement: "Before any file is selected, READ BINARY is answered 6986.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.read_binary(0, 1)?.is(Sw::NO_CURRENT_FILE)?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.folder",
        requirement: "While a folder is selected, READ BINARY is answered 6986.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: &[Needs::Path(&[0x1100])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            card.read_binary(0, 1)?.is(Sw::NO_CURRENT_FILE)?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.records",
        requirement: "A file of records is refused with 6981.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: &[Needs::File(Content::PublicKeyRecords)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let path = card.path_of(Content::PublicKeyRecords)?;
            card.select_quietly(&path)?.is_ok()?;
            card.read_binary(0, 1)?
                .is(Sw::WRONG_FILE_STRUCTURE)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.short-identifier",
        requirement: "P1 with bit 8 names a short file identifier that no file has: nothing is \
                      read.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            selected(card)?;
            card.send("00 B0 9E 00 01")?.is_refused()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.short-identifier-keeps-file",
        requirement: "A short file identifier that no file has leaves the file as it was.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            selected(card)?;
            let before = card.read_binary(0, 6)?.is_ok()?.data;
            card.send("00 B0 9E 00 01")?.is_refused()?;
            card.read_binary(0, 6)?.is_ok()?.has_data(&before)?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.without-le",
        requirement: "Without Le nothing is asked for, and no data come.",
        sources: &[ISO],
        level: Level::Must,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            selected(card)?;
            card.send("00 B0 00 00")?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.with-data",
        requirement: "A READ BINARY with a data field is refused.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            selected(card)?;
            card.send("00 B0 00 00 (AA) 01")?.is_refused()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.in-a-chain",
        requirement: "A READ BINARY cannot be a link of a chain.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: PERSONAL_DATA,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            selected(card)?;
            card.send("10 B0 00 00 01")?.is_refused()?.is_bare()?;
            card.read_binary(0, 1)?.is_ok()?.has_length(1)?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.without-pin",
        requirement: "A file that asks for the PIN is refused with 6982 before VERIFY, and read \
                      after it.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN_WITH_PIN,
        state: State::OpenToFiles,
        effect: Effect::Destroys,
        run: |card| {
            let pin = card.reference(Secret::Pin)?.id;
            new_file(card, &format!("{pin:02X}00"))?;
            card.read_binary(0, 4)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?
                .is_bare()?;
            card.verify_pin()?;
            card.read_binary(0, 4)?.is_ok()?.has_data(&[0; 4])?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.pin-of-yesterday",
        requirement: "After a reset, a file that asks for the PIN is refused again.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN_WITH_PIN,
        state: State::OpenToFiles,
        effect: Effect::Destroys,
        run: |card| {
            let pin = card.reference(Secret::Pin)?.id;
            new_file(card, &format!("{pin:02X}00"))?;
            card.verify_pin()?;
            card.reset()?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            card.read_binary(0, 4)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.after-wrong-pin",
        requirement: "A wrong PIN opens no file.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN_WITH_PIN,
        state: State::OpenToFiles,
        effect: Effect::Destroys,
        run: |card| {
            let pin = card.reference(Secret::Pin)?.id;
            new_file(card, &format!("{pin:02X}00"))?;
            card.verify_wrong_pin()?.is_not(Sw::OK)?;
            card.read_binary(0, 4)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.nobody",
        requirement: "A file that nobody reads is refused with 6982, also after VERIFY.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN_WITH_PIN,
        state: State::OpenToFiles,
        effect: Effect::Destroys,
        run: |card| {
            new_file(card, "FF00")?;
            card.read_binary(0, 4)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.verify_pin()?;
            card.read_binary(0, 4)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "read.refused.old-never",
        requirement: "The access byte 66 means never, as FF does.",
        sources: &[read(Document::OpenSc, "access conditions")],
        level: Level::Should,
        needs: OWN_WITH_PIN,
        state: State::OpenToFiles,
        effect: Effect::Destroys,
        run: |card| {
            new_file(card, "6600")?;
            card.verify_pin()?;
            card.read_binary(0, 4)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
];

fn selected(card: &mut TestCard) -> Result<(), Stop> {
    let path = card.path_of(Content::PersonalData)?;
    card.select_quietly(&path)?.is_ok()?;
    Ok(())
}

/// Creates and selects a transparent file of four bytes, AA01, with these conditions of READ and UPDATE.
fn new_file(card: &mut TestCard, access: &str) -> Result<(), Stop> {
    let command = format!("00 E0 00 00 (62 (80 (0004) 82 (010000) 83 (AA01) 86 ({access})))");
    card.prepare_with(&command).map(drop)
}
