//! The counter of the PIN: what fills it, what lasts, and what is found when power goes in between.
//!
//! ```text
//! VERIFY   write 1: one try less   compare   write 2, when right: all tries again
//! ```
//! The order is not in any document that could be read; a card that compares first gives free guesses.

use cns_apdu::Sw;
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "VERIFY");
const TEARING: Source = source(Document::CnsFunctional, "VERIFY", Grade::Inferred);
const PIN: &[Needs] = &[Needs::Reference(Secret::Pin)];
const OWN: &[Needs] = &[Needs::Reference(Secret::Pin), Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "pin.counter.right-value-fills",
        requirement: "The right PIN gives all tries back.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            card.verify_wrong_pin()?.is_refused()?;
            card.verify_pin()?;
            card.reset()?;
            card.ask(Secret::Pin)?.is(Sw::tries_left(tries))?;
            Ok(())
        },
    },
    Case {
        id: "pin.counter.does-not-overfill",
        requirement: "The right PIN, presented often, gives no more tries than there are.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            for _ in 0..3 {
                card.verify_pin()?;
            }
            card.reset()?;
            card.ask(Secret::Pin)?.is(Sw::tries_left(tries))?;
            Ok(())
        },
    },
    Case {
        id: "pin.counter.lasts-over-reset",
        requirement: "A spent try stays spent over a reset.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            card.verify_wrong_pin()?;
            let before = card.ask(Secret::Pin)?;
            card.reset()?;
            let after = card.ask(Secret::Pin)?;
            card.verify_pin()?;
            after.is(before.sw)?;
            is_spent(card, before.sw)
        },
    },
    Case {
        id: "pin.counter.lasts-over-power-off",
        requirement: "A spent try stays spent when the card is taken out.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            card.verify_wrong_pin()?;
            card.power_cycle()?;
            let after = card.ask(Secret::Pin)?;
            card.verify_pin()?;
            is_spent(card, after.sw)
        },
    },
    Case {
        id: "pin.counter.lasts-over-select",
        requirement: "SELECT gives no try back.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            card.verify_wrong_pin()?;
            card.select_quietly(&[])?.is_ok()?;
            let after = card.ask(Secret::Pin)?;
            card.verify_pin()?;
            is_spent(card, after.sw)
        },
    },
    Case {
        id: "pin.counter.blocked-lasts",
        requirement: "A blocked PIN is still blocked after the card was taken out.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            card.power_cycle()?;
            let pin = card.secret(Secret::Pin)?;
            card.verify(Secret::Pin, &pin)?
                .is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "pin.counter.blocks-after-its-number",
        requirement: "The PIN blocks after as many wrong values in a row as it has tries, not sooner \
                      and not later.",
        sources: &[
            ISO,
            source(Document::Clients, "pages of the regions: three", Grade::Web),
        ],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            match card.block_pin()? {
                count if count == tries => Ok(()),
                count => Err(Stop::fail(
                    format!("{tries} wrong values block it"),
                    format!("{count} did"),
                )),
            }
        },
    },
    Case {
        id: "pin.counter.cut-before-the-charge",
        requirement: "Power that goes before the try is taken off leaves the PIN as it was.",
        sources: &[TEARING],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            let command = verify(card, card.wrong_secret(Secret::Pin)?)?;
            let was_cut = card.send_and_cut_power(&command, 0)?;
            let answer = card.ask(Secret::Pin)?;
            let answer = answer.must(was_cut, "a first write, when the try is taken off")?;
            answer.is(Sw::tries_left(tries))?;
            card.verify_pin()?;
            Ok(())
        },
    },
    Case {
        id: "pin.counter.cut-after-a-wrong-value",
        requirement: "A wrong PIN is charged durably before it is answered.",
        sources: &[TEARING],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            let command = verify(card, card.wrong_secret(Secret::Pin)?)?;
            card.send_and_cut_power(&command, 1)?;
            card.ask(Secret::Pin)?.is(Sw::tries_left(tries - 1))?;
            Ok(())
        },
    },
    Case {
        id: "pin.counter.cut-opens-nothing",
        requirement: "Power that goes while the right PIN is presented leaves nothing open.",
        sources: &[TEARING],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            for writes in 0..3 {
                let command = verify(card, card.secret(Secret::Pin)?)?;
                card.send_and_cut_power(&command, writes)?;
                card.ask(Secret::Pin)?.is_not(Sw::OK)?;
                card.verify_pin()?;
            }
            Ok(())
        },
    },
    Case {
        id: "pin.counter.cut-at-the-last-try",
        requirement: "Power that goes while the last try is compared leaves the PIN blocked: there is \
                      no try more than the counter says.",
        sources: &[TEARING],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            for _ in 1..tries {
                card.verify_wrong_pin()?.is_refused()?;
            }
            let command = verify(card, card.secret(Secret::Pin)?)?;
            card.send_and_cut_power(&command, 1)?;
            card.ask(Secret::Pin)?.is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
];

/// The counter that was told has one try less than it can have.
fn is_spent(card: &mut TestCard, told: Sw) -> Result<(), Stop> {
    let tries = card.reference(Secret::Pin)?.rules.tries_max;
    match told == Sw::tries_left(tries - 1) {
        true => Ok(()),
        false => Err(Stop::fail(
            format!("{:04X}: one try is spent", Sw::tries_left(tries - 1).0),
            format!("{:04X}", told.0),
        )),
    }
}

/// VERIFY of the PIN with this value, in the notation of cases.
fn verify(card: &mut TestCard, value: [u8; 8]) -> Result<String, Stop> {
    let p2 = card.p2_of(Secret::Pin)?;
    let value = cns_apdu::hex::encode(&value);
    Ok(format!("00 20 00 {p2:02X} ({value})"))
}
