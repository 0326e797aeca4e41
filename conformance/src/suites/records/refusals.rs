//! What the commands for records refuse.
//!
//! ```text
//! 00 B2 number mode Le        READ RECORD       6986 no file is selected
//! 00 DC number mode Lc data   UPDATE RECORD     6981 the file has no records
//! 00 E2 00 00 Lc data         APPEND RECORD     6A86 P1 or P2
//! ```

use cns_apdu::Sw;
use cns_fixtures::Source as Content;

use super::new_file::{append, create, holds, record, update};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "commands for records");
const TABLE: Source = read(Document::OpenSc, "incrypto34: table of status words");
const INFERRED: Source = source(
    Document::Iso7816Part4,
    "commands for records",
    Grade::Inferred,
);
const OWN: &[Needs] = &[Needs::OwnCard];
const CARD_NUMBER: &[Needs] = &[Needs::File(Content::CardNumber)];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "records.refused.read-transparent",
        requirement: "READ RECORD of a file without records is answered 6981.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: CARD_NUMBER,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let path = card.path_of(Content::CardNumber)?;
            card.select_quietly(&path)?.is_ok()?;
            record(card, 1)?.is(Sw::WRONG_FILE_STRUCTURE)?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "records.refused.read-no-file",
        requirement: "While no file is selected, READ RECORD is answered 6986.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            record(card, 1)?.is(Sw::NO_CURRENT_FILE)?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "records.refused.write-transparent",
        requirement: "UPDATE RECORD and APPEND RECORD of a file without records are answered 6981.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 4, "010000")?;
            update(card, 1, "A5")?.is(Sw::WRONG_FILE_STRUCTURE)?;
            append(card, "A5")?.is(Sw::WRONG_FILE_STRUCTURE)?;
            card.read_binary(0, 4)?.is_ok()?.has_data(&[0; 4])?;
            Ok(())
        },
    },
    Case {
        id: "records.refused.write-no-file",
        requirement: "While no file is selected, UPDATE RECORD and APPEND RECORD are answered \
                      6986.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            update(card, 1, "A5")?.is(Sw::NO_CURRENT_FILE)?;
            append(card, "A5")?.is(Sw::NO_CURRENT_FILE)?;
            Ok(())
        },
    },
    Case {
        id: "records.refused.bytes-of-records",
        requirement: "UPDATE BINARY of a file of records is answered 6981.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, "050000")?;
            append(card, "100155")?.is_ok()?;
            card.send("00 D6 00 00 (A5)")?
                .is(Sw::WRONG_FILE_STRUCTURE)?;
            holds(card, &["100155"])
        },
    },
    Case {
        id: "records.refused.update-no-current",
        requirement: "UPDATE RECORD of the current record is refused where none is current.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, "050000")?;
            append(card, "100155")?.is_ok()?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            update(card, 0, "100166")?.is_refused()?;
            holds(card, &["100155"])
        },
    },
    Case {
        id: "records.refused.without-data",
        requirement: "UPDATE RECORD and APPEND RECORD without data are refused.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, "050000")?;
            append(card, "100155")?.is_ok()?;
            card.send("00 DC 01 04")?.is_refused()?;
            card.send("00 E2 00 00")?.is_refused()?;
            holds(card, &["100155"])
        },
    },
    Case {
        id: "records.refused.append-parameters",
        requirement: "APPEND RECORD has P1 = 00.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, "050000")?;
            card.send("00 E2 01 00 (100155)")?.is_refused()?;
            holds(card, &[])
        },
    },
    Case {
        id: "records.refused.mode",
        requirement: "A mode that CNS do not have is refused, and no record is read.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, "050000")?;
            append(card, "100155")?.is_ok()?;
            card.send("00 B2 01 07 00")?.is_refused()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "records.refused.no-length",
        requirement: "A file whose records have one length, and that one is zero, is not created.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send("00 E0 00 00 (62 (80 (000C) 82 (020000) 83 (AA01)))")?
                .is_refused()?;
            card.select(&[0xAA01])?.is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
];
