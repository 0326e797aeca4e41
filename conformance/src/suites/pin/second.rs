//! The PIN of the signature key, on cards that have one: an object of the key's folder, apart from the
//! PIN of the master file.
//!
//! ```text
//! 00 A4 08 0C 04 1400 8110     its folder
//! 00 20 00 9A 08 value         its PIN 1A, looked for from there upwards
//! ```

use cns_apdu::Sw;
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const OPENSC: Source = read(Document::OpenSc, "the PIN of the second key, CNS1");
const INFERRED: Source = source(Document::CnsFunctional, "DF_DS", Grade::Inferred);
const NEEDS: &[Needs] = &[
    Needs::Reference(Secret::Pin),
    Needs::Reference(Secret::SignaturePin),
    Needs::OwnCard,
];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "pin.second.right-value",
        requirement: "The signature PIN is verified from its folder.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let value = card.secret(Secret::SignaturePin)?;
            card.verify(Secret::SignaturePin, &value)?.is_ok()?;
            card.ask(Secret::SignaturePin)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.second.not-by-the-first",
        requirement: "The PIN of the master file does not open what the signature PIN guards.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            card.verify_pin()?;
            card.ask(Secret::SignaturePin)?.is_not(Sw::OK)?;
            Ok(())
        },
    },
    Case {
        id: "pin.second.not-the-first",
        requirement: "The signature PIN does not open what the PIN of the master file guards.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let value = card.secret(Secret::SignaturePin)?;
            card.verify(Secret::SignaturePin, &value)?.is_ok()?;
            card.ask(Secret::Pin)?.is_not(Sw::OK)?;
            Ok(())
        },
    },
    Case {
        id: "pin.second.counter-of-its-own",
        requirement: "Each PIN has its own counter: blocking one leaves the other usable.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |card| {
            card.block_pin()?;
            let value = card.secret(Secret::SignaturePin)?;
            card.verify(Secret::SignaturePin, &value)?.is_ok()?;
            card.ask(Secret::Pin)?.is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "pin.second.not-in-the-master-file",
        requirement: "The signature PIN is not found from the master file.",
        sources: &[INFERRED, read(Document::CieFunctional, "p. 63, P2")],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let p2 = card.p2_of(Secret::SignaturePin)?;
            card.select_quietly(&[])?.is_ok()?;
            for p2 in [p2, p2 & 0x1F] {
                let answer = card.send(&format!("00 20 00 {p2:02X}"))?;
                answer.is(Sw::REFERENCE_NOT_FOUND)?;
            }
            Ok(())
        },
    },
    Case {
        id: "pin.second.first-found-by-backtracking",
        requirement: "The PIN of the master file is found from the signature key's folder with bit 8 of \
                      P2, and is the same.",
        sources: &[read(Document::CieFunctional, "p. 63, P2"), INFERRED],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let id = card.p2_of(Secret::Pin)?;
            card.reference(Secret::SignaturePin)?;
            let pin = cns_apdu::hex::encode(&card.secret(Secret::Pin)?);
            let answer = card.send(&format!("00 20 00 {:02X} ({pin})", id | 0x80))?;
            answer.is_ok()?;
            card.select_quietly(&[])?.is_ok()?;
            card.ask(Secret::Pin)?.is_ok()?;
            Ok(())
        },
    },
];
