//! The counter of the PUK: wrong ones are charged like wrong PINs, and when none is left the card can
//! never be unblocked again.
//!
//! ```text
//! RESET RETRY COUNTER   write 1: one try less   compare   write 2: all tries of the PUK, and the PIN
//! ```

use cns_apdu::Sw;
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const CIE: Source = read(Document::CieFunctional, "p. 63, RESET RETRY COUNTER");
const WEB: Source = source(
    Document::Clients,
    "pages of the regions: three or ten",
    Grade::Web,
);
const INFERRED: Source = source(
    Document::CnsFunctional,
    "RESET RETRY COUNTER",
    Grade::Inferred,
);
const BOTH: &[Needs] = &[Needs::Reference(Secret::Pin), Needs::Reference(Secret::Puk)];
const OWN: &[Needs] = &[
    Needs::Reference(Secret::Pin),
    Needs::Reference(Secret::Puk),
    Needs::OwnCard,
];

/// A PIN that is nobody's.
const NEW: [u8; 8] = *b"24681357";

const SECOND: &[Needs] = &[
    Needs::Reference(Secret::SignaturePin),
    Needs::Reference(Secret::SignaturePuk),
    Needs::OwnCard,
];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "puk.counter.wrong-is-charged",
        requirement: "A wrong PUK is answered like a wrong PIN, and spends a try of the PUK.",
        sources: &[CIE, INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let left = card.reference(Secret::Puk)?.rules.tries_max - 1;
            let expected = card.wrong_answer(left);
            wrong_puk(card)?.is(expected)?;
            card.ask(Secret::Puk)?.is(Sw::tries_left(left))?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.wrong-leaves-the-pin",
        requirement: "A wrong PUK leaves the PIN as it is: its value, its tries.",
        sources: &[CIE],
        level: Level::Must,
        needs: BOTH,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let before = card.ask(Secret::Pin)?;
            let refusal = wrong_puk(card)?;
            let after = card.ask(Secret::Pin)?;
            let (puk, pin) = (card.secret(Secret::Puk)?, card.secret(Secret::Pin)?);
            let as_old = card.verify(Secret::Pin, &pin)?;
            card.unblock_pin(&puk, &pin)?.is_ok()?;
            refusal.is_refused()?;
            after.is(before.sw)?;
            as_old.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.wrong-leaves-it-blocked",
        requirement: "A wrong PUK leaves a blocked PIN blocked.",
        sources: &[CIE],
        level: Level::Must,
        needs: BOTH,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            wrong_puk(card)?;
            let after = card.verify(Secret::Pin, &NEW)?;
            let (puk, pin) = (card.secret(Secret::Puk)?, card.secret(Secret::Pin)?);
            card.unblock_pin(&puk, &pin)?.is_ok()?;
            after.is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.right-fills",
        requirement: "The right PUK gives the PUK all its tries back.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let tries = card.reference(Secret::Puk)?.rules.tries_max;
            wrong_puk(card)?.is_refused()?;
            let (puk, pin) = (card.secret(Secret::Puk)?, card.secret(Secret::Pin)?);
            card.unblock_pin(&puk, &pin)?.is_ok()?;
            card.ask(Secret::Puk)?.is(Sw::tries_left(tries))?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.lasts",
        requirement: "A spent try of the PUK stays spent when the card is taken out.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let left = card.reference(Secret::Puk)?.rules.tries_max - 1;
            wrong_puk(card)?.is_refused()?;
            card.power_cycle()?;
            card.ask(Secret::Puk)?.is(Sw::tries_left(left))?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.of-its-own",
        requirement: "Wrong PINs spend no try of the PUK.",
        sources: &[CIE],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let before = card.ask(Secret::Puk)?;
            card.block_pin()?;
            card.ask(Secret::Puk)?.is(before.sw)?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.exhausted-is-final",
        requirement: "When no try of the PUK is left, the right PUK is refused too, for ever.",
        sources: &[WEB, INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            exhaust(card)?;
            let puk = card.secret(Secret::Puk)?;
            for _ in 0..2 {
                let blocked = Sw::AUTHENTICATION_BLOCKED;
                card.unblock_pin(&puk, &NEW)?.is(blocked)?;
                card.verify(Secret::Puk, &puk)?.is(blocked)?;
                card.power_cycle()?;
            }
            Ok(())
        },
    },
    Case {
        id: "puk.counter.exhausted-after-its-number",
        requirement: "The PUK blocks after as many wrong values as it has tries.",
        sources: &[WEB],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            let tries = card.reference(Secret::Puk)?.rules.tries_max;
            for left in (0..tries).rev() {
                let expected = card.wrong_answer(left);
                wrong_puk(card)?.is(expected)?;
            }
            wrong_puk(card)?.is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.exhausted-leaves-the-pin",
        requirement: "A PIN that is not blocked is used as before when the PUK is exhausted.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            card.verify_pin()?;
            exhaust(card)?;
            card.ask(Secret::Pin)?.is_ok()?;
            card.reset()?;
            card.verify_pin()?;
            let pin = card.secret(Secret::Pin)?;
            card.change_pin(&pin, &NEW)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.exhausted-leaves-it-blocked",
        requirement: "With the PUK exhausted, no form of RESET RETRY COUNTER unblocks the PIN.",
        sources: &[WEB, CIE],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            card.block_pin()?;
            exhaust(card)?;
            let p2 = card.p2_of(Secret::Pin)?;
            let puk = cns_apdu::hex::encode(&card.secret(Secret::Puk)?);
            card.send(&format!("00 2C 01 {p2:02X} ({puk})"))?
                .is_refused()?;
            card.send(&format!("00 2C 03 {p2:02X}"))?.is_refused()?;
            let pin = card.secret(Secret::Pin)?;
            card.verify(Secret::Pin, &pin)?
                .is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.power-cut",
        requirement: "Power that goes at any write leaves the old PIN or the new one, never neither, \
                      and the PUK usable.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            let (mut old, mut new) = (card.secret(Secret::Pin)?, NEW);
            let puk = card.secret(Secret::Puk)?;
            let tries = card.reference(Secret::Puk)?.rules.tries_max;
            let p2 = card.p2_of(Secret::Pin)?;
            for writes in 0..4 {
                let data = cns_apdu::hex::encode(&[puk, new].concat());
                let was_cut =
                    card.send_and_cut_power(&format!("00 2C 00 {p2:02X} ({data})"), writes)?;
                if !was_cut {
                    std::mem::swap(&mut old, &mut new);
                }
                let left = match (was_cut, writes) {
                    (true, 1..) => tries - 1,
                    _ => tries,
                };
                card.ask(Secret::Puk)?.is(Sw::tries_left(left))?;
                card.verify(Secret::Pin, &old)?.is_ok()?;
            }
            Ok(())
        },
    },
    Case {
        id: "puk.counter.power-cut-of-a-wrong-one",
        requirement: "A wrong PUK is charged durably before it is answered.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            let left = card.reference(Secret::Puk)?.rules.tries_max - 1;
            let p2 = card.p2_of(Secret::Pin)?;
            let data = cns_apdu::hex::encode(&[card.wrong_secret(Secret::Puk)?, NEW].concat());
            card.send_and_cut_power(&format!("00 2C 00 {p2:02X} ({data})"), 1)?;
            card.ask(Secret::Puk)?.is(Sw::tries_left(left))?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.second-unblocks-its-own",
        requirement: "The signature PUK unblocks the signature PIN.",
        sources: &[read(Document::OpenSc, "the PIN of the second key, CNS1")],
        level: Level::Must,
        needs: SECOND,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let wrong = card.wrong_secret(Secret::SignaturePin)?;
            let tries = card.reference(Secret::SignaturePin)?.rules.tries_max;
            for _ in 0..tries {
                card.verify(Secret::SignaturePin, &wrong)?.is_refused()?;
            }
            let puk = card.secret(Secret::SignaturePuk)?;
            reset_second(card, &puk)?.is_ok()?;
            card.verify(Secret::SignaturePin, &NEW)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "puk.counter.second-leaves-the-first",
        requirement: "The signature PUK, and whatever is wrong with it, leaves the PUK of the master \
                      file alone.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: SECOND,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let before = card.ask(Secret::Puk)?;
            let wrong = card.wrong_secret(Secret::SignaturePuk)?;
            reset_second(card, &wrong)?.is_refused()?;
            card.select_quietly(&[])?.is_ok()?;
            card.ask(Secret::Puk)?.is(before.sw)?;
            Ok(())
        },
    },
];

/// RESET RETRY COUNTER with a wrong PUK.
fn wrong_puk(card: &mut TestCard) -> Result<crate::test_card::Answer, Stop> {
    let wrong = card.wrong_secret(Secret::Puk)?;
    card.unblock_pin(&wrong, &NEW)
}

/// Wrong PUKs until none is left.
fn exhaust(card: &mut TestCard) -> Result<(), Stop> {
    for _ in 0..=15 {
        if wrong_puk(card)?.sw == Sw::AUTHENTICATION_BLOCKED {
            return Ok(());
        }
    }
    Err(Stop::fail(
        "the PUK blocks",
        "sixteen wrong ones did not block it",
    ))
}

/// RESET RETRY COUNTER of the signature PIN with a new value.
fn reset_second(card: &mut TestCard, puk: &[u8; 8]) -> Result<crate::test_card::Answer, Stop> {
    let p2 = card.p2_of(Secret::SignaturePin)?;
    let data = cns_apdu::hex::encode(&[puk.as_slice(), &NEW].concat());
    card.send(&format!("00 2C 00 {p2:02X} ({data})"))
}
