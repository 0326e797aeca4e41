//! Records of one length, in the order in which they were added (ISO/IEC 7816-4 §7.3.1): AA01 has
//! twelve bytes for records of four.

use cns_apdu::Sw;

use super::new_file::{append, create, holds, record, update};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "record structures");
const TABLE: Source = read(Document::OpenSc, "incrypto34: table of status words");
const INFERRED: Source = source(Document::Iso7816Part4, "record structures", Grade::Inferred);
const OWN: &[Needs] = &[Needs::OwnCard];
/// Object 82: linear fixed, four bytes.
const DESCRIPTOR: &str = "020004";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "records.linear-fixed.in-order",
        requirement: "Records are numbered from 1 in the order in which they were added.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            for bytes in ["01020304", "11121314", "21222324"] {
                append(card, bytes)?.is_ok()?.is_bare()?;
            }
            holds(card, &["01020304", "11121314", "21222324"])
        },
    },
    Case {
        id: "records.linear-fixed.empty",
        requirement: "A new file has no records.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            holds(card, &[])
        },
    },
    Case {
        id: "records.linear-fixed.full",
        requirement: "A file that is full takes no more: 6A84, and nothing has changed.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, DESCRIPTOR)?;
            append(card, "01020304")?.is_ok()?;
            append(card, "11121314")?.is_ok()?;
            append(card, "21222324")?.is(Sw::NOT_ENOUGH_MEMORY)?;
            holds(card, &["01020304", "11121314"])
        },
    },
    Case {
        id: "records.linear-fixed.append-other-length",
        requirement: "A record of another length is not added.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            append(card, "010203")?.is_refused()?;
            append(card, "0102030405")?.is_refused()?;
            holds(card, &[])
        },
    },
    Case {
        id: "records.linear-fixed.update",
        requirement: "UPDATE RECORD puts a record in the place of one, and leaves the others.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            append(card, "01020304")?.is_ok()?;
            append(card, "11121314")?.is_ok()?;
            update(card, 1, "A1A2A3A4")?.is_ok()?.is_bare()?;
            holds(card, &["A1A2A3A4", "11121314"])
        },
    },
    Case {
        id: "records.linear-fixed.update-other-length",
        requirement: "A record of another length is not put in the place of one.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            append(card, "01020304")?.is_ok()?;
            update(card, 1, "A1A2A3")?.is_refused()?;
            update(card, 1, "A1A2A3A4A5")?.is_refused()?;
            holds(card, &["01020304"])
        },
    },
    Case {
        id: "records.linear-fixed.update-none",
        requirement: "UPDATE RECORD of a record that is not there is answered 6A83, and adds none.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            append(card, "01020304")?.is_ok()?;
            update(card, 2, "A1A2A3A4")?.is(Sw::RECORD_NOT_FOUND)?;
            holds(card, &["01020304"])
        },
    },
    Case {
        id: "records.linear-fixed.beyond",
        requirement: "READ RECORD behind the last record is answered 6A83, also where there is \
                      room.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            append(card, "01020304")?.is_ok()?;
            record(card, 2)?.is(Sw::RECORD_NOT_FOUND)?.is_bare()?;
            record(card, 3)?.is(Sw::RECORD_NOT_FOUND)?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "records.linear-fixed.exact-le",
        requirement: "An Le of the record's length gives the record.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            append(card, "01020304")?.is_ok()?;
            card.send("00 B2 01 04 04")?
                .is_ok()?
                .has_data(&[1, 2, 3, 4])?;
            Ok(())
        },
    },
    Case {
        id: "records.linear-fixed.new-is-current",
        requirement: "The record that was added is the current one.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            append(card, "01020304")?.is_ok()?;
            append(card, "11121314")?.is_ok()?;
            let answer = card.send("00 B2 00 04 00")?;
            answer.is_ok()?.has_data(&[0x11, 0x12, 0x13, 0x14])?;
            Ok(())
        },
    },
    Case {
        id: "records.linear-fixed.descriptor",
        requirement: "SELECT tells structure 02, the length of a record, and the size of the file.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, DESCRIPTOR)?;
            let fci = card.fci(&[0xAA01])?;
            let descriptor = fci.object(0x82).unwrap_or_default();
            let holds = descriptor.first() == Some(&0x02) && descriptor.last() == Some(&0x04);
            fci.must(holds, "object 82 from 02 to 04")?
                .has(0x80, &[0x00, 0x0C])?;
            Ok(())
        },
    },
];
