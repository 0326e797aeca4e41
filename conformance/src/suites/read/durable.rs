//! What is left of an UPDATE BINARY when the power goes: all of it or nothing, and all of it once it
//! was answered 9000.

use cns_apdu::{Sw, hex};
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, source};
use crate::state::State;
use crate::test_card::TestCard;

const ANSWERED: Source = source(Document::Iso7816Part4, "UPDATE BINARY", Grade::Inferred);
const ATOMIC: Source = source(Document::CnsFunctional, "UPDATE BINARY", Grade::Inferred);
/// The holder's own file.
const NOTES: &[u16] = &[0x1200, 0x1201];
const OWN: &[Needs] = &[
    Needs::OwnCard,
    Needs::Path(NOTES),
    Needs::Reference(Secret::Pin),
];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "read.durable.power-off",
        requirement: "What was answered 9000 is there after power-off.",
        sources: &[ANSWERED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            open_notes(card)?;
            card.send("00 D6 00 10 (0102030405060708)")?.is_ok()?;
            card.power_cycle()?;
            card.select_quietly(NOTES)?.is_ok()?;
            card.read_binary(0x10, 8)?
                .is_ok()?
                .has_data(&[1, 2, 3, 4, 5, 6, 7, 8])?;
            Ok(())
        },
    },
    Case {
        id: "read.durable.reset",
        requirement: "What was answered 9000 is there after a reset.",
        sources: &[ANSWERED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            open_notes(card)?;
            card.send("00 D6 00 10 (0102030405060708)")?.is_ok()?;
            card.reset()?;
            card.select_quietly(NOTES)?.is_ok()?;
            card.read_binary(0x10, 8)?
                .is_ok()?
                .has_data(&[1, 2, 3, 4, 5, 6, 7, 8])?;
            Ok(())
        },
    },
    Case {
        id: "read.durable.torn",
        requirement: "When the power goes while UPDATE BINARY writes, the file is as before or as \
                      it should become.",
        sources: &[ATOMIC],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            open_notes(card)?;
            let before = card.read_current_file()?;
            let mut after = before.clone();
            after.splice(0x10..0x18, [0xA5; 8]);
            card.send_and_cut_power("00 D6 00 10 (A5A5A5A5A5A5A5A5)", 0)?;
            card.select_quietly(NOTES)?.is_ok()?;
            let found = card.read_current_file()?;
            match found == before || found == after {
                true => Ok(()),
                false => Err(Stop::fail(
                    "all of the new bytes or none",
                    hex::encode(&found),
                )),
            }
        },
    },
    Case {
        id: "read.durable.lives-after-tear",
        requirement: "After such a cut, the file can be written again.",
        sources: &[ATOMIC],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            open_notes(card)?;
            card.send_and_cut_power("00 D6 00 10 (A5A5A5A5)", 0)?;
            open_notes(card)?;
            card.send("00 D6 00 10 (5A5A5A5A)")?.is_ok()?;
            card.read_binary(0x10, 4)?.is_ok()?.has_data(&[0x5A; 4])?;
            Ok(())
        },
    },
    Case {
        id: "read.durable.cut-forgets-pin",
        requirement: "When the power goes while UPDATE BINARY writes, the PIN is no longer proven.",
        sources: &[ATOMIC],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            open_notes(card)?;
            card.send_and_cut_power("00 D6 00 10 (A5A5A5A5)", 0)?;
            card.select_quietly(NOTES)?.is_ok()?;
            card.send("00 D6 00 10 (5A)")?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "read.durable.one-write-per-file",
        requirement: "A write to one file leaves every other file as it was.",
        sources: &[ANSWERED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            card.select_quietly(&[0x1200, 0x1203])?.is_ok()?;
            let other = card.read_current_file()?;
            open_notes(card)?;
            card.send("00 D6 00 00 (A5A5A5A5)")?.is_ok()?;
            card.select_quietly(&[0x1200, 0x1203])?.is_ok()?;
            card.read_binary(0, 4)?
                .is_ok()?
                .has_data(other.get(..4).unwrap_or_default())?;
            Ok(())
        },
    },
];

fn open_notes(card: &mut TestCard) -> Result<(), Stop> {
    card.verify_pin()?;
    card.select_quietly(NOTES)?.is_ok()?;
    Ok(())
}
