//! The forms of RESET RETRY COUNTER (CIE functional specification 2.0, p. 63).
//!
//! ```text
//! 00 2C 00 P2 10 PUK new   the PUK is charged and compared; the PIN gets a new value
//! 00 2C 01 P2 08 PUK       the same; the PIN keeps its value
//! 00 2C 03 P2              the PUK must be proven already
//! ```
//! P2 is the PIN's. P1 02, which OpenSC sends when it was given no PUK, is not in the table.

use cns_apdu::Sw;
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{Answer, TestCard};

const CIE: Source = read(Document::CieFunctional, "p. 63, RESET RETRY COUNTER");
const CLIENTS: Source = source(Document::OpenSc, "unblocking with the PUK", Grade::Verified);
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

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "puk.forms.unblocks",
        requirement: "With the PUK and a new PIN, a blocked PIN can be used again.",
        sources: &[CIE, CLIENTS],
        level: Level::Must,
        needs: BOTH,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            let (puk, pin) = (card.secret(Secret::Puk)?, card.secret(Secret::Pin)?);
            card.unblock_pin(&puk, &pin)?.is_ok()?.is_bare()?;
            card.verify_pin()?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.new-replaces-old",
        requirement: "The new PIN that comes with the PUK is the PIN from then on, and the old one is \
                      wrong.",
        sources: &[CIE, CLIENTS],
        level: Level::Must,
        needs: BOTH,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let (puk, old) = (card.secret(Secret::Puk)?, card.secret(Secret::Pin)?);
            card.unblock_pin(&puk, &NEW)?.is_ok()?;
            let as_old = card.verify(Secret::Pin, &old)?;
            let as_new = card.verify(Secret::Pin, &NEW)?;
            card.unblock_pin(&puk, &old)?.is_ok()?;
            as_old.is_refused()?;
            as_new.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.lasts",
        requirement: "The new PIN is still the PIN after the card was taken out.",
        sources: &[CIE],
        level: Level::Must,
        needs: BOTH,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let (puk, old) = (card.secret(Secret::Puk)?, card.secret(Secret::Pin)?);
            card.unblock_pin(&puk, &NEW)?.is_ok()?;
            card.power_cycle()?;
            let as_new = card.verify(Secret::Pin, &NEW)?;
            card.unblock_pin(&puk, &old)?.is_ok()?;
            as_new.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.all-tries",
        requirement: "An unblocked PIN has all its tries.",
        sources: &[CIE],
        level: Level::Must,
        needs: BOTH,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            card.block_pin()?;
            let (puk, pin) = (card.secret(Secret::Puk)?, card.secret(Secret::Pin)?);
            card.unblock_pin(&puk, &pin)?.is_ok()?;
            card.ask(Secret::Pin)?.is(Sw::tries_left(tries))?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.proves-nothing",
        requirement: "After RESET RETRY COUNTER the PIN is not proven: its holder presents it anew.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.verify_pin()?;
            let (puk, pin) = (card.secret(Secret::Puk)?, card.secret(Secret::Pin)?);
            card.unblock_pin(&puk, &pin)?.is_ok()?;
            card.ask(Secret::Pin)?.is_not(Sw::OK)?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.puk-alone",
        requirement: "With P1 01 the PUK comes alone: the PIN keeps its value and gets its tries \
                      back.",
        sources: &[CIE],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            let puk = card.secret(Secret::Puk)?;
            reset(card, 0x01, &puk)?.is_ok()?.is_bare()?;
            card.verify_pin()?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.puk-alone-wrong",
        requirement: "With P1 01 a wrong PUK is charged, and the PIN stays blocked.",
        sources: &[CIE, INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            let left = card.reference(Secret::Puk)?.rules.tries_max - 1;
            let wrong = card.wrong_secret(Secret::Puk)?;
            let expected = card.wrong_answer(left);
            reset(card, 0x01, &wrong)?.is(expected)?;
            card.ask(Secret::Puk)?.is(Sw::tries_left(left))?;
            card.ask(Secret::Pin)?.is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.nothing",
        requirement: "With P1 03 nothing comes, and the PUK must be proven already: 6982 when it is \
                      not.",
        sources: &[CIE],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            reset(card, 0x03, &[])?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.ask(Secret::Pin)?.is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.nothing-after-verify",
        requirement: "With P1 03, after VERIFY of the PUK, a blocked PIN keeps its value and gets its \
                      tries back.",
        sources: &[CIE],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            let puk = card.secret(Secret::Puk)?;
            card.verify(Secret::Puk, &puk)?.is_ok()?;
            reset(card, 0x03, &[])?.is_ok()?;
            card.verify_pin()?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.nothing-by-the-pin",
        requirement: "With P1 03 the PIN does not unblock itself: that it is proven gives no right.",
        sources: &[CIE, INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            card.verify_pin()?;
            reset(card, 0x03, &[])?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.nothing-is-empty",
        requirement: "With P1 03 there are no data.",
        sources: &[CIE],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let puk = card.secret(Secret::Puk)?;
            card.verify(Secret::Puk, &puk)?.is_ok()?;
            reset(card, 0x03, &puk)?.is_one_of(&[Sw::WRONG_LENGTH, Sw::WRONG_DATA])?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.p1",
        requirement: "P1 02, and whatever else is not in the table, is answered 6A86, and the PUK is \
                      not tried.",
        sources: &[CIE],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let before = card.ask(Secret::Puk)?;
            for p1 in [0x02, 0x04, 0x09, 0x80] {
                reset(card, p1, &NEW)?.is(Sw::WRONG_P1_P2)?;
            }
            card.verify_pin()?;
            card.ask(Secret::Puk)?.is(before.sw)?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.wrong-length",
        requirement: "Data that are not a PUK and a PIN are answered 6700, and the PUK is not tried.",
        sources: &[CIE, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let before = card.ask(Secret::Puk)?;
            let both = [card.wrong_secret(Secret::Puk)?, NEW].concat();
            let more = [both.as_slice(), &[0xFF]].concat();
            for data in [both.get(..8), both.get(..15), Some(&more[..])] {
                reset(card, 0x00, data.unwrap_or_default())?.is(Sw::WRONG_LENGTH)?;
            }
            reset(card, 0x01, &both)?.is(Sw::WRONG_LENGTH)?;
            card.ask(Secret::Puk)?.is(before.sw)?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.too-short",
        requirement: "A new PIN that is shorter than the rule is refused, and neither PUK nor PIN \
                      changes.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let before = card.ask(Secret::Puk)?;
            let puk = card.secret(Secret::Puk)?;
            let short = *b"1\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
            card.unblock_pin(&puk, &short)?.is(Sw::WRONG_DATA)?;
            card.ask(Secret::Puk)?.is(before.sw)?;
            card.verify_pin()?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.unknown-object",
        requirement: "RESET RETRY COUNTER of an object that is not there is answered 6A88.",
        sources: &[CIE],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let both = [card.secret(Secret::Puk)?, NEW].concat();
            let both = cns_apdu::hex::encode(&both);
            let answer = card.send(&format!("00 2C 00 1E ({both})"))?;
            answer.is(Sw::REFERENCE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "puk.forms.puk-has-none",
        requirement: "Nothing unblocks the PUK itself.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            let p2 = card.p2_of(Secret::Puk)?;
            let puk = card.secret(Secret::Puk)?;
            let both = cns_apdu::hex::encode(&[puk, NEW].concat());
            let answer = card.send(&format!("00 2C 00 {p2:02X} ({both})"))?;
            answer.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.verify(Secret::Puk, &puk)?.is_ok()?;
            Ok(())
        },
    },
];

/// RESET RETRY COUNTER of the PIN.
fn reset(card: &mut TestCard, p1: u8, data: &[u8]) -> Result<Answer, Stop> {
    let p2 = card.p2_of(Secret::Pin)?;
    match data {
        [] => card.send(&format!("00 2C {p1:02X} {p2:02X}")),
        _ => card.send(&format!(
            "00 2C {p1:02X} {p2:02X} ({})",
            cns_apdu::hex::encode(data)
        )),
    }
}
