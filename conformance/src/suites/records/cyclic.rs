//! Records of one length in a ring (ISO/IEC 7816-4 §7.3.1): the newest is number 1, and takes the
//! place of the oldest when the file is full. AA01 has four bytes for records of two.

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
/// Object 82: cyclic, two bytes.
const DESCRIPTOR: &str = "060002";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "records.cyclic.newest-first",
        requirement: "The record that was added last is number 1.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 4, DESCRIPTOR)?;
            append(card, "0101")?.is_ok()?.is_bare()?;
            append(card, "0202")?.is_ok()?;
            holds(card, &["0202", "0101"])
        },
    },
    Case {
        id: "records.cyclic.oldest-goes",
        requirement: "When the file is full, a new record takes the place of the oldest.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 4, DESCRIPTOR)?;
            for bytes in ["0101", "0202", "0303"] {
                append(card, bytes)?.is_ok()?;
            }
            holds(card, &["0303", "0202"])
        },
    },
    Case {
        id: "records.cyclic.never-full",
        requirement: "A ring takes records for ever, and has never more than fit.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 4, DESCRIPTOR)?;
            for count in 0..20_u8 {
                append(card, &format!("AA{count:02X}"))?.is_ok()?;
            }
            holds(card, &["AA13", "AA12"])
        },
    },
    Case {
        id: "records.cyclic.empty",
        requirement: "A new ring has no records.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 4, DESCRIPTOR)?;
            holds(card, &[])
        },
    },
    Case {
        id: "records.cyclic.other-length",
        requirement: "A record of another length is not added, and the oldest stays.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 4, DESCRIPTOR)?;
            append(card, "0101")?.is_ok()?;
            append(card, "0202")?.is_ok()?;
            append(card, "030303")?.is_refused()?;
            append(card, "03")?.is_refused()?;
            holds(card, &["0202", "0101"])
        },
    },
    Case {
        id: "records.cyclic.update",
        requirement: "UPDATE RECORD puts a record in the place of one, and the ring does not turn.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 4, DESCRIPTOR)?;
            append(card, "0101")?.is_ok()?;
            append(card, "0202")?.is_ok()?;
            update(card, 2, "0909")?.is_ok()?;
            holds(card, &["0202", "0909"])
        },
    },
    Case {
        id: "records.cyclic.update-none",
        requirement: "UPDATE RECORD of a record that is not there is answered 6A83.",
        sources: &[ISO, TABLE],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 4, DESCRIPTOR)?;
            append(card, "0101")?.is_ok()?;
            update(card, 2, "0909")?.is(Sw::RECORD_NOT_FOUND)?;
            holds(card, &["0101"])
        },
    },
    Case {
        id: "records.cyclic.next-is-older",
        requirement: "P2 = 02 goes from the newest record to the oldest.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 4, DESCRIPTOR)?;
            append(card, "0101")?.is_ok()?;
            append(card, "0202")?.is_ok()?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            card.send("00 B2 00 02 00")?
                .is_ok()?
                .has_data(&[0x02, 0x02])?;
            card.send("00 B2 00 02 00")?
                .is_ok()?
                .has_data(&[0x01, 0x01])?;
            card.send("00 B2 00 02 00")?.is(Sw::RECORD_NOT_FOUND)?;
            Ok(())
        },
    },
];
