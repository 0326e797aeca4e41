//! CHANGE REFERENCE DATA of the PIN (ISO/IEC 7816-4 §11.6.7).
//!
//! ```text
//! 00 24 00 P2 10 old new   the old value is charged and compared like a VERIFY
//! 00 24 01 P2 08 new       what the PIN's change condition names must be proven already
//! ```
//! Both values have eight bytes, padded with FF.

use cns_apdu::Sw;
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "CHANGE REFERENCE DATA");
const CLIENTS: Source = source(Document::OpenSc, "change of the PIN", Grade::Verified);
const INFERRED: Source = source(
    Document::CnsFunctional,
    "CHANGE REFERENCE DATA",
    Grade::Inferred,
);
const PIN: &[Needs] = &[Needs::Reference(Secret::Pin)];
const OWN: &[Needs] = &[Needs::Reference(Secret::Pin), Needs::OwnCard];

/// A PIN that is nobody's.
const NEW: [u8; 8] = *b"24681357";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "pin.change.new-replaces-old",
        requirement: "With the old PIN, a new one takes its place: the new one is right, the old one \
                      wrong.",
        sources: &[ISO, CLIENTS],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let old = card.secret(Secret::Pin)?;
            card.change_pin(&old, &NEW)?.is_ok()?.is_bare()?;
            let as_old = card.verify(Secret::Pin, &old)?;
            let as_new = card.verify(Secret::Pin, &NEW)?;
            card.change_pin(&NEW, &old)?.is_ok()?;
            as_old.is_refused()?;
            as_new.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.lasts",
        requirement: "A new PIN is still the PIN after the card was taken out.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let old = card.secret(Secret::Pin)?;
            card.change_pin(&old, &NEW)?.is_ok()?;
            card.power_cycle()?;
            let as_new = card.verify(Secret::Pin, &NEW)?;
            card.change_pin(&NEW, &old)?;
            as_new.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.wrong-old-value",
        requirement: "A wrong old PIN is answered like a wrong PIN, and the PIN stays.",
        sources: &[ISO, INFERRED],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            let wrong = card.wrong_secret(Secret::Pin)?;
            let expected = card.wrong_answer(tries - 1);
            card.change_pin(&wrong, &NEW)?.is(expected)?;
            card.verify_pin()?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.wrong-old-value-is-charged",
        requirement: "A wrong old PIN spends a try of the same counter as VERIFY.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let before = card.ask(Secret::Pin)?;
            let wrong = card.wrong_secret(Secret::Pin)?;
            card.change_pin(&wrong, &NEW)?;
            let after = card.ask(Secret::Pin)?;
            card.verify_pin()?;
            after.is(Sw(before.sw.0 - 1))?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.wrong-old-value-closes",
        requirement: "A wrong old PIN closes what the right one had opened.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            card.verify_pin()?;
            let wrong = card.wrong_secret(Secret::Pin)?;
            card.change_pin(&wrong, &NEW)?.is_refused()?;
            card.ask(Secret::Pin)?.is_not(Sw::OK)?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.blocked",
        requirement: "A blocked PIN cannot be changed: 6983, even with its right value.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            let old = card.secret(Secret::Pin)?;
            card.change_pin(&old, &NEW)?
                .is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.fills-the-counter",
        requirement: "A changed PIN has all its tries.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            let old = card.secret(Secret::Pin)?;
            card.verify_wrong_pin()?;
            card.change_pin(&old, &NEW)?.is_ok()?;
            card.reset()?;
            card.ask(Secret::Pin)?.is(Sw::tries_left(tries))?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.wrong-length",
        requirement: "Data that are not two values are answered 6700, and spend no try.",
        sources: &[ISO, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let before = card.ask(Secret::Pin)?;
            let p2 = card.p2_of(Secret::Pin)?;
            let both = [card.wrong_secret(Secret::Pin)?, NEW].concat();
            let more = [both.as_slice(), &[0xFF]].concat();
            for data in [both.get(..8), both.get(..15), Some(&more[..])] {
                let data = cns_apdu::hex::encode(data.unwrap_or_default());
                let answer = card.send(&format!("00 24 00 {p2:02X} ({data})"))?;
                answer.is(Sw::WRONG_LENGTH)?;
            }
            card.ask(Secret::Pin)?.is(before.sw)?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.too-short",
        requirement: "A new PIN that is shorter than the card's rule is refused, the old one stays.",
        sources: &[
            INFERRED,
            read(Document::OpenSc, "incrypto34: minimum length"),
        ],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let length_min = card.reference(Secret::Pin)?.rules.length_min;
            let old = card.secret(Secret::Pin)?;
            let mut short = [0xFF; 8];
            for place in short.iter_mut().take(usize::from(length_min) - 1) {
                *place = b'1';
            }
            card.change_pin(&old, &short)?.is(Sw::WRONG_DATA)?;
            card.verify_pin()?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.shortest",
        requirement: "A new PIN may be as short as the card's rule, padded with FF; padded with 00 it \
                      is another value.",
        sources: &[
            INFERRED,
            source(Document::OpenSc, "padding with FF", Grade::Verified),
        ],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let length_min = usize::from(card.reference(Secret::Pin)?.rules.length_min);
            let old = card.secret(Secret::Pin)?;
            let padded = |padding: u8| {
                let mut value = [padding; 8];
                value.iter_mut().take(length_min).for_each(|p| *p = b'1');
                value
            };
            card.change_pin(&old, &padded(0xFF))?.is_ok()?;
            card.verify(Secret::Pin, &padded(0x00))?.is_refused()?;
            card.verify(Secret::Pin, &padded(0xFF))?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.new-value-only",
        requirement: "With P1 01 the new PIN comes alone, and is taken only while the old one is \
                      proven.",
        sources: &[ISO, INFERRED],
        level: Level::May,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let p2 = card.p2_of(Secret::Pin)?;
            let command = format!("00 24 01 {p2:02X} ({})", cns_apdu::hex::encode(&NEW));
            card.send(&command)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.verify_pin()?;
            card.send(&command)?.is_ok()?;
            card.reset()?;
            card.verify(Secret::Pin, &NEW)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.p1",
        requirement: "P1 of CHANGE REFERENCE DATA is 00 or 01; anything else is answered 6A86.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let p2 = card.p2_of(Secret::Pin)?;
            let both = cns_apdu::hex::encode(&[card.secret(Secret::Pin)?, NEW].concat());
            for p1 in ["02", "80"] {
                let answer = card.send(&format!("00 24 {p1} {p2:02X} ({both})"))?;
                answer.is(Sw::WRONG_P1_P2)?;
            }
            card.verify_pin()?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.puk-is-never-changed",
        requirement: "A PUK whose change condition is \"never\" is not changed, not even with itself, \
                      and is not tried.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: &[Needs::Reference(Secret::Puk), Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let p2 = card.p2_of(Secret::Puk)?;
            let before = card.ask(Secret::Puk)?;
            let both = cns_apdu::hex::encode(&[card.wrong_secret(Secret::Puk)?, NEW].concat());
            let answer = card.send(&format!("00 24 00 {p2:02X} ({both})"))?;
            answer.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.ask(Secret::Puk)?.is(before.sw)?;
            Ok(())
        },
    },
    Case {
        id: "pin.change.power-cut",
        requirement: "Power that goes at any write of a change leaves the old PIN or the new one, never \
                      neither, and no try for nothing.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Writes,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            let (mut old, mut new) = (card.secret(Secret::Pin)?, NEW);
            let p2 = card.p2_of(Secret::Pin)?;
            for writes in 0..4 {
                let both = cns_apdu::hex::encode(&[old, new].concat());
                let change = format!("00 24 00 {p2:02X} ({both})");
                let was_cut = card.send_and_cut_power(&change, writes)?;
                if !was_cut {
                    std::mem::swap(&mut old, &mut new);
                }
                let left = match (was_cut, writes) {
                    (true, 1..) => tries - 1,
                    _ => tries,
                };
                card.ask(Secret::Pin)?.is(Sw::tries_left(left))?;
                card.verify(Secret::Pin, &old)?.is_ok()?;
            }
            Ok(())
        },
    },
];
