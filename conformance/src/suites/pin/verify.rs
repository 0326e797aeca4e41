//! VERIFY of the PIN (ISO/IEC 7816-4 §11.6.6).
//!
//! ```text
//! 00 20 00 P2 08 value      present a value; P2 is the identifier, with bit 8 when a folder's
//! 00 20 00 P2               ask: proven already, or how many tries are left
//! ```

use cns_apdu::Sw;
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "VERIFY");
const CNS: Source = source(Document::CnsFunctional, "VERIFY", Grade::Client);
const PIN: &[Needs] = &[Needs::Reference(Secret::Pin)];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "pin.verify.right-value",
        requirement: "The right PIN is answered 9000, without data.",
        sources: &[ISO, CNS],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            card.verify_pin()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify.counts-down",
        requirement: "Each wrong PIN takes one try off the counter.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            for left in (0..tries).rev() {
                let expected = card.wrong_answer(left);
                card.verify_wrong_pin()?.is(expected)?;
            }
            card.verify_wrong_pin()?.is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify.charges-before-compare",
        requirement: "The try is taken off before the PIN is compared: power that goes in between \
                      gives no free guess.",
        sources: &[source(Document::CnsFunctional, "VERIFY", Grade::Inferred)],
        level: Level::Must,
        needs: &[Needs::Reference(Secret::Pin), Needs::OwnCard],
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            let pin = cns_apdu::hex::encode(&card.secret(Secret::Pin)?);
            let p2 = card.p2_of(Secret::Pin)?;
            // The second write would fill the counter again.
            let was_cut = card.send_and_cut_power(&format!("00 20 00 {p2:02X} ({pin})"), 1)?;
            let answer = card.ask(Secret::Pin)?;
            let expected = Sw::tries_left(tries - 1);
            let answer = answer.must(
                was_cut,
                "a second write, when the right PIN fills the counter",
            )?;
            answer.is(expected)?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify.right-ends-with-reset",
        requirement: "What the PIN has opened is closed again by a reset.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            card.verify_pin()?.is_ok()?;
            card.ask(Secret::Pin)?.is_ok()?;
            card.reset()?;
            card.ask(Secret::Pin)?.is_not(Sw::OK)?;
            Ok(())
        },
    },
];
