//! Who reads, changes and adds records, and what of them lasts.
//!
//! ```text
//! 86 09   READ   UPDATE   APPEND   ...      00 always   FF never   10 the PIN
//! ```

use cns_apdu::Sw;
use cns_fixtures::Secret;

use super::new_file::{append, create, create_with, holds, record, update};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const CONDITIONS: Source = read(Document::OpenSc, "access conditions");
const ATOMIC: Source = source(
    Document::CnsFunctional,
    "UPDATE RECORD, APPEND RECORD",
    Grade::Inferred,
);
const POINTER: Source = source(Document::Iso7816Part4, "record structures", Grade::Inferred);
const OWN: &[Needs] = &[Needs::OwnCard];
const OWN_WITH_PIN: &[Needs] = &[Needs::OwnCard, Needs::Reference(Secret::Pin)];
const VARIABLE: &str = "050000";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "records.access.update-with-pin",
        requirement: "A record whose file asks for the PIN is changed after VERIFY only.",
        sources: &[CONDITIONS],
        level: Level::Must,
        needs: OWN_WITH_PIN,
        state: State::OpenToFiles,
        effect: Effect::Destroys,
        run: |card| {
            let pin = card.reference(Secret::Pin)?.id;
            create_with(card, 8, VARIABLE, &format!("00{pin:02X}00"))?;
            append(card, "100155")?.is_ok()?;
            update(card, 1, "100166")?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            holds(card, &["100155"])?;
            card.verify_pin()?;
            update(card, 1, "100166")?.is_ok()?;
            holds(card, &["100166"])
        },
    },
    Case {
        id: "records.access.append-with-pin",
        requirement: "A record is added after VERIFY only where APPEND asks for the PIN.",
        sources: &[CONDITIONS],
        level: Level::Must,
        needs: OWN_WITH_PIN,
        state: State::OpenToFiles,
        effect: Effect::Destroys,
        run: |card| {
            let pin = card.reference(Secret::Pin)?.id;
            create_with(card, 8, VARIABLE, &format!("0000{pin:02X}"))?;
            append(card, "100155")?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            holds(card, &[])?;
            card.verify_pin()?;
            append(card, "100155")?.is_ok()?;
            holds(card, &["100155"])
        },
    },
    Case {
        id: "records.access.read-with-pin",
        requirement: "Records are read after VERIFY only where READ asks for the PIN.",
        sources: &[CONDITIONS],
        level: Level::Must,
        needs: OWN_WITH_PIN,
        state: State::OpenToFiles,
        effect: Effect::Destroys,
        run: |card| {
            let pin = card.reference(Secret::Pin)?.id;
            create_with(card, 8, VARIABLE, &format!("{pin:02X}0000"))?;
            append(card, "100155")?.is_ok()?;
            record(card, 1)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?
                .is_bare()?;
            card.verify_pin()?;
            holds(card, &["100155"])
        },
    },
    Case {
        id: "records.access.update-is-not-append",
        requirement: "Who may change records may not therefore add them.",
        sources: &[CONDITIONS],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create_with(card, 8, VARIABLE, "0000FF")?;
            append(card, "100155")?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            holds(card, &[])
        },
    },
    Case {
        id: "records.access.append-is-not-update",
        requirement: "Who may add records may not therefore change them.",
        sources: &[CONDITIONS],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create_with(card, 8, VARIABLE, "00FF00")?;
            append(card, "100155")?.is_ok()?;
            update(card, 1, "100166")?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            holds(card, &["100155"])
        },
    },
    Case {
        id: "records.access.lasting",
        requirement: "Records that were added and changed are there after power-off.",
        sources: &[ATOMIC],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 16, VARIABLE)?;
            append(card, "100155")?.is_ok()?;
            append(card, "110166")?.is_ok()?;
            update(card, 1, "100177")?.is_ok()?;
            card.power_cycle()?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            holds(card, &["100177", "110166"])
        },
    },
    Case {
        id: "records.access.torn-append",
        requirement: "When the power goes while a record is added, it is there as a whole or not \
                      at all.",
        sources: &[ATOMIC],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 8, "060002")?;
            append(card, "0101")?.is_ok()?;
            card.send_and_cut_power("00 E2 00 00 (0202)", 0)?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            let first = record(card, 1)?.is_ok()?;
            match first.data.as_slice() {
                [0x01, 0x01] => holds(card, &["0101"]),
                _ => holds(card, &["0202", "0101"]),
            }
        },
    },
    Case {
        id: "records.access.torn-update",
        requirement: "When the power goes while a record is changed, it is the old one or the new \
                      one.",
        sources: &[ATOMIC],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 12, "020004")?;
            append(card, "01020304")?.is_ok()?;
            card.send_and_cut_power("00 DC 01 04 (A1A2A3A4)", 0)?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            let answer = record(card, 1)?.is_ok()?;
            let whole = [[0x01, 0x02, 0x03, 0x04], [0xA1, 0xA2, 0xA3, 0xA4]];
            let holds = whole.iter().any(|record| answer.data == record);
            answer
                .must(holds, "the old record or the new one")
                .map(drop)
        },
    },
    Case {
        id: "records.access.reset-forgets-current",
        requirement: "After a reset no record is current.",
        sources: &[POINTER],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            create(card, 16, VARIABLE)?;
            append(card, "100155")?.is_ok()?;
            append(card, "110166")?.is_ok()?;
            card.reset()?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            card.send("00 B2 00 02 00")?
                .is_ok()?
                .has_data(&[0x10, 0x01, 0x55])?;
            Ok(())
        },
    },
];
