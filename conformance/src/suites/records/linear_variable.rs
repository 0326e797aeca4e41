//! Records of any length, in the order in which they were added (ISO/IEC 7816-4 §7.3.1). On a CNS each
//! is a tag, a length and a value; the tag is its identifier. AA01 has eight bytes.

use cns_apdu::Sw;

use super::new_file::{append, create, holds, update};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "record structures");
const TABLE: Source = read(Document::OpenSc, "incrypto34: table of status words");
const INFERRED: Source = source(Document::Iso7816Part4, "record structures", Grade::Inferred);
const OWN: &[Needs] = &[Needs::OwnCard];
/// Object 82: linear variable.
const DESCRIPTOR: &str = "050000";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "records.linear-variable.in-order",
        requirement: "Records of any length are numbered in the order in which they were added.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, DESCRIPTOR)?;
            append(card, "100155")?.is_ok()?.is_bare()?;
            append(card, "11026677")?.is_ok()?;
            holds(card, &["100155", "11026677"])
        },
    },
    Case {
        id: "records.linear-variable.full",
        requirement: "Records take no more than the file's size: 6A84, and nothing has changed.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, DESCRIPTOR)?;
            append(card, "1003112233")?.is_ok()?;
            append(card, "11026677")?.is(Sw::NOT_ENOUGH_MEMORY)?;
            holds(card, &["1003112233"])
        },
    },
    Case {
        id: "records.linear-variable.to-the-last-byte",
        requirement: "The file's size can be used to the last byte.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, DESCRIPTOR)?;
            append(card, "10021122")?.is_ok()?;
            append(card, "11026677")?.is_ok()?;
            holds(card, &["10021122", "11026677"])
        },
    },
    Case {
        id: "records.linear-variable.grows",
        requirement: "UPDATE RECORD may make a record longer where there is room.",
        sources: &[ISO],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, DESCRIPTOR)?;
            append(card, "100155")?.is_ok()?;
            append(card, "110166")?.is_ok()?;
            update(card, 1, "10025566")?.is_ok()?;
            holds(card, &["10025566", "110166"])
        },
    },
    Case {
        id: "records.linear-variable.shrinks",
        requirement: "UPDATE RECORD may make a record shorter, and nothing of the old one is left.",
        sources: &[ISO],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, DESCRIPTOR)?;
            append(card, "1003112233")?.is_ok()?;
            update(card, 1, "100144")?.is_ok()?;
            holds(card, &["100144"])
        },
    },
    Case {
        id: "records.linear-variable.grows-too-much",
        requirement: "UPDATE RECORD beyond the file's size is answered 6A84, and nothing has \
                      changed.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, DESCRIPTOR)?;
            append(card, "100155")?.is_ok()?;
            append(card, "11026677")?.is_ok()?;
            update(card, 1, "1003556677")?.is(Sw::NOT_ENOUGH_MEMORY)?;
            holds(card, &["100155", "11026677"])
        },
    },
    Case {
        id: "records.linear-variable.update-none",
        requirement: "UPDATE RECORD of a record that is not there is answered 6A83, and adds none.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, DESCRIPTOR)?;
            append(card, "100155")?.is_ok()?;
            update(card, 2, "110166")?.is(Sw::RECORD_NOT_FOUND)?;
            holds(card, &["100155"])
        },
    },
    Case {
        id: "records.linear-variable.by-identifier",
        requirement: "Of the records with an identifier, P2 = 00 gives the first and 01 the last.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 16, DESCRIPTOR)?;
            for bytes in ["100155", "110166", "100177"] {
                append(card, bytes)?.is_ok()?;
            }
            card.send("00 B2 10 00 00")?
                .is_ok()?
                .has_data(&[0x10, 0x01, 0x55])?;
            card.send("00 B2 10 01 00")?
                .is_ok()?
                .has_data(&[0x10, 0x01, 0x77])?;
            card.send("00 B2 11 00 00")?
                .is_ok()?
                .has_data(&[0x11, 0x01, 0x66])?;
            Ok(())
        },
    },
    Case {
        id: "records.linear-variable.next-of-identifier",
        requirement: "P2 = 02 gives the next record with an identifier, over those with another.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 16, DESCRIPTOR)?;
            for bytes in ["100155", "110166", "100177"] {
                append(card, bytes)?.is_ok()?;
            }
            card.send("00 B2 10 00 00")?.is_ok()?;
            card.send("00 B2 10 02 00")?
                .is_ok()?
                .has_data(&[0x10, 0x01, 0x77])?;
            card.send("00 B2 10 02 00")?.is(Sw::RECORD_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "records.linear-variable.update-by-identifier",
        requirement: "UPDATE RECORD finds a record by its identifier, too.",
        sources: &[INFERRED],
        level: Level::May,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 16, DESCRIPTOR)?;
            append(card, "100155")?.is_ok()?;
            append(card, "110166")?.is_ok()?;
            card.send("00 DC 11 00 (110177)")?.is_ok()?;
            holds(card, &["100155", "110177"])
        },
    },
];
