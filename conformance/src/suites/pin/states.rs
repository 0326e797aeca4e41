//! A PIN before its holder can use it: a transport PIN, which must be changed first, and a PIN that has
//! no value yet.
//!
//! ```text
//! VERIFY of a transport PIN   what the make answers (6985 is the guess), nothing is charged
//! VERIFY of an unset PIN      what the make answers (6984 is the guess)
//! ```
//! That such states exist is the CNS's; how they are told is a guess, stated in the profile.

use cns_apdu::Sw;
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, source};
use crate::state::State;
use crate::test_card::TestCard;

const GUESSED: Source = source(Document::CnsFunctional, "PIN states", Grade::Inferred);
const BOTH: &[Needs] = &[Needs::Reference(Secret::Pin), Needs::Reference(Secret::Puk)];
const PIN: &[Needs] = &[Needs::Reference(Secret::Pin)];

const NEW: [u8; 8] = *b"24681357";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "pin.states.transport-opens-nothing",
        requirement: "A transport PIN is refused by VERIFY, even with its right value, as its make says.",
        sources: &[GUESSED],
        level: Level::Should,
        needs: PIN,
        state: State::TransportPin,
        effect: Effect::PresentsPin,
        run: |card| {
            let refusal = card.subject().profile.dialect.transport_reference;
            let pin = card.secret(Secret::Pin)?;
            card.verify(Secret::Pin, &pin)?.is(refusal)?.is_bare()?;
            card.ask(Secret::Pin)?.is(refusal)?;
            Ok(())
        },
    },
    Case {
        id: "pin.states.transport-verify-costs-nothing",
        requirement: "VERIFY spends no try of a transport PIN.",
        sources: &[GUESSED],
        level: Level::Should,
        needs: PIN,
        state: State::TransportPin,
        effect: Effect::SpendsTries,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            for _ in 0..=tries {
                card.verify_wrong_pin()?.is_refused()?;
            }
            let old = card.secret(Secret::Pin)?;
            card.change_pin(&old, &NEW)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.states.transport-is-changed",
        requirement: "A transport PIN, changed with its value, is a PIN like any other.",
        sources: &[GUESSED],
        level: Level::Must,
        needs: PIN,
        state: State::TransportPin,
        effect: Effect::Writes,
        run: |card| {
            let old = card.secret(Secret::Pin)?;
            card.change_pin(&old, &NEW)?.is_ok()?;
            card.reset()?;
            card.verify(Secret::Pin, &NEW)?.is_ok()?;
            card.verify(Secret::Pin, &old)?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "pin.states.transport-wrong-value",
        requirement: "A wrong value in the change of a transport PIN spends a try, and too many block it.",
        sources: &[GUESSED],
        level: Level::Must,
        needs: PIN,
        state: State::TransportPin,
        effect: Effect::BlocksPin,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            let wrong = card.wrong_secret(Secret::Pin)?;
            for left in (0..tries).rev() {
                let expected = card.wrong_answer(left);
                card.change_pin(&wrong, &NEW)?.is(expected)?;
            }
            let old = card.secret(Secret::Pin)?;
            card.change_pin(&old, &NEW)?
                .is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "pin.states.transport-wrong-change-keeps-it",
        requirement: "A transport PIN that was not changed is one still, over resets too.",
        sources: &[GUESSED],
        level: Level::Must,
        needs: PIN,
        state: State::TransportPin,
        effect: Effect::SpendsTries,
        run: |card| {
            let refusal = card.subject().profile.dialect.transport_reference;
            let wrong = card.wrong_secret(Secret::Pin)?;
            card.change_pin(&wrong, &NEW)?.is_refused()?;
            card.power_cycle()?;
            let pin = card.secret(Secret::Pin)?;
            card.verify(Secret::Pin, &pin)?.is(refusal)?;
            Ok(())
        },
    },
    Case {
        id: "pin.states.transport-puk",
        requirement: "The PUK gives a transport PIN a value that can be used at once.",
        sources: &[GUESSED],
        level: Level::Should,
        needs: BOTH,
        state: State::TransportPin,
        effect: Effect::Writes,
        run: |card| {
            let puk = card.secret(Secret::Puk)?;
            card.unblock_pin(&puk, &NEW)?.is_ok()?;
            card.verify(Secret::Pin, &NEW)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.states.unset-is-refused",
        requirement: "A PIN without a value is refused by VERIFY, as its make says, whatever is presented.",
        sources: &[GUESSED],
        level: Level::Should,
        needs: PIN,
        state: State::UnsetPin,
        effect: Effect::PresentsPin,
        run: |card| {
            let refusal = card.subject().profile.dialect.unset_reference;
            let pin = card.secret(Secret::Pin)?;
            for value in [pin, [0xFF; 8], [0x00; 8]] {
                card.verify(Secret::Pin, &value)?.is(refusal)?;
            }
            card.ask(Secret::Pin)?.is(refusal)?;
            Ok(())
        },
    },
    Case {
        id: "pin.states.unset-is-not-changed",
        requirement: "A PIN without a value has no old value to change it with.",
        sources: &[GUESSED],
        level: Level::Must,
        needs: PIN,
        state: State::UnsetPin,
        effect: Effect::Writes,
        run: |card| {
            for old in [[0xFF; 8], [0x00; 8]] {
                card.change_pin(&old, &NEW)?.is_refused()?;
            }
            card.verify(Secret::Pin, &NEW)?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "pin.states.unset-puk",
        requirement: "The PUK gives a value to a PIN that has none.",
        sources: &[GUESSED],
        level: Level::Should,
        needs: BOTH,
        state: State::UnsetPin,
        effect: Effect::Writes,
        run: |card| {
            let puk = card.secret(Secret::Puk)?;
            card.unblock_pin(&puk, &NEW)?.is_ok()?;
            card.reset()?;
            card.verify(Secret::Pin, &NEW)?.is_ok()?;
            Ok(())
        },
    },
];
