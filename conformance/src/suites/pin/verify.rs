//! VERIFY of the PIN (ISO/IEC 7816-4 §11.6.6).
//!
//! ```text
//! 00 20 00 P2 08 value      present a value; P2 is the identifier, with bit 8 when a folder's
//! 00 20 00 P2               ask: proven already, or how many tries are left
//! ```

use cns_apdu::Sw;
use cns_fixtures::{Secret, Source as Content};

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
    Case {
        id: "pin.verify.wrong-closes",
        requirement: "A wrong PIN closes what the right one had opened.",
        sources: &[source(Document::CnsFunctional, "VERIFY", Grade::Inferred)],
        level: Level::Should,
        needs: PIN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            card.verify_pin()?.is_ok()?;
            card.verify_wrong_pin()?.is_refused()?;
            let answer = card.ask(Secret::Pin)?.is_not(Sw::OK)?;
            card.verify_pin()?;
            let is_told = answer.sw.0 >> 8 == 0x63;
            answer.must(is_told, "the tries that are left")?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify.wrong-tells-no-data",
        requirement: "A wrong PIN is answered with a status word and no data.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            card.verify_wrong_pin()?.is_bare()?;
            card.verify_pin()?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify.blocked-refuses-the-right-value",
        requirement: "A blocked PIN refuses its right value too, with 6983.",
        sources: &[ISO, CNS],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            let pin = card.secret(Secret::Pin)?;
            let blocked = Sw::AUTHENTICATION_BLOCKED;
            card.verify(Secret::Pin, &pin)?.is(blocked)?;
            card.ask(Secret::Pin)?.is(blocked)?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify.right-survives-select",
        requirement: "What the PIN of the master file has opened stays open while other files are \
                      selected.",
        sources: &[
            source(
                Document::OpenSc,
                "it selects the key's folder after VERIFY",
                Grade::Verified,
            ),
            source(Document::CnsFunctional, "VERIFY", Grade::Inferred),
        ],
        level: Level::Must,
        needs: &[
            Needs::Reference(Secret::Pin),
            Needs::File(Content::PersonalData),
        ],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            card.verify_pin()?;
            let file = card.path_of(Content::PersonalData)?;
            card.select_quietly(&file)?.is_ok()?;
            card.ask(Secret::Pin)?.is_ok()?;
            card.select_quietly(&[])?.is_ok()?;
            card.ask(Secret::Pin)?.is_ok()?;
            // Not even a name that is unknown closes it.
            card.send("00 A4 04 0C (A0 00 00 01 51 00)")?;
            card.ask(Secret::Pin)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify.again",
        requirement: "The right PIN may be presented again, and is answered 9000 again.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            card.verify_pin()?;
            card.verify_pin()?.is_bare()?;
            card.ask(Secret::Pin)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify.nothing-proven-at-first",
        requirement: "After a reset nothing is proven.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.ask(Secret::Pin)?.is_not(Sw::OK)?;
            Ok(())
        },
    },
];
