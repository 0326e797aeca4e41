//! The forms of VERIFY that prove nothing: without a value, of a wrong length, of an unknown object.
//!
//! ```text
//! 00 20 00 P2            9000 proven, 63Cx x tries are left, 6983 blocked
//! 00 20 00 P2 Lc value   6700 unless Lc is 08
//! P2   b8 = 0 object of the master file   b8 = 1 from the current folder upwards
//!      b7 b6 zero                         b5..b1 identifier
//! ```
//! The bits of P2 are those of the CIE's RESET RETRY COUNTER (functional specification 2.0, p. 63).

use cns_apdu::Sw;
use cns_fixtures::{Secret, Source as Content};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "VERIFY");
const ASKED: Source = source(
    Document::Clients,
    "they ask how many tries are left",
    Grade::Client,
);
const P2: Source = read(Document::CieFunctional, "p. 63, P2");
const PIN: &[Needs] = &[Needs::Reference(Secret::Pin)];
const OWN: &[Needs] = &[Needs::Reference(Secret::Pin), Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "pin.verify-forms.asking-tells-the-tries",
        requirement: "VERIFY without a value tells the tries that are left, as 63Cx.",
        sources: &[ISO, ASKED],
        level: Level::Should,
        needs: PIN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            let full = Sw::tries_left(tries);
            let answer = card.ask(Secret::Pin)?;
            let told = match card.issue() {
                Ok(_) => answer.sw == full,
                Err(_) => answer.sw.0 & 0xFFF0 == 0x63C0,
            };
            answer.must(told, "63Cx with the tries that are left")?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify-forms.asking-costs-nothing",
        requirement: "VERIFY without a value spends no try.",
        sources: &[ISO, ASKED],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let first = card.ask(Secret::Pin)?;
            card.ask(Secret::Pin)?.is(first.sw)?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify-forms.asking-closes-nothing",
        requirement: "VERIFY without a value leaves open what the PIN has opened.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            card.verify_pin()?;
            card.ask(Secret::Pin)?.is_ok()?.is_bare()?;
            card.ask(Secret::Pin)?.is_ok()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify-forms.wrong-length",
        requirement: "A value that is not as long as the stored one is answered 6700.",
        sources: &[source(
            Document::Clients,
            "they pad and try again after 6700",
            Grade::Client,
        )],
        level: Level::Should,
        needs: PIN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let pin = card.secret(Secret::Pin)?;
            let long = [pin.as_slice(), &[0xFF]].concat();
            for value in [&pin[..1], &pin[..5], &pin[..7], &long] {
                card.verify(Secret::Pin, value)?.is(Sw::WRONG_LENGTH)?;
                card.verify_pin()?;
            }
            Ok(())
        },
    },
    Case {
        id: "pin.verify-forms.wrong-length-costs-nothing",
        requirement: "A value of a wrong length spends no try.",
        sources: &[source(
            Document::Clients,
            "they pad and try again after 6700",
            Grade::Client,
        )],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let tries = card.reference(Secret::Pin)?.rules.tries_max;
            let pin = card.secret(Secret::Pin)?;
            card.verify(Secret::Pin, &pin[..7])?;
            card.ask(Secret::Pin)?.is(Sw::tries_left(tries))?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify-forms.unknown-reference",
        requirement: "VERIFY of an object that is not there is answered 6A88.",
        sources: &[ISO, read(Document::OpenSc, "incrypto34: 6A88 or 6F86")],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for id in ["05", "1E", "1F", "85"] {
                let answer = card.send(&format!("00 20 00 {id}"))?;
                answer.is(Sw::REFERENCE_NOT_FOUND)?;
            }
            let pin = cns_apdu::hex::encode(&card.secret(Secret::Pin)?);
            let answer = card.send(&format!("00 20 00 1E ({pin})"))?;
            answer.is(Sw::REFERENCE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify-forms.reserved-bits-of-p2",
        requirement: "P2 with bit 6 or 7 set refers to nothing.",
        sources: &[P2, ISO],
        level: Level::Should,
        needs: PIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let p2 = card.p2_of(Secret::Pin)?;
            let pin = cns_apdu::hex::encode(&card.secret(Secret::Pin)?);
            for bit in [0x20, 0x40] {
                let answer = card.send(&format!("00 20 00 {:02X} ({pin})", p2 | bit))?;
                answer.is_one_of(&[Sw::WRONG_P1_P2, Sw::REFERENCE_NOT_FOUND])?;
            }
            Ok(())
        },
    },
    Case {
        id: "pin.verify-forms.p1",
        requirement: "P1 of VERIFY is 00; anything else is answered 6A86.",
        sources: &[ISO],
        level: Level::Must,
        needs: PIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let p2 = card.p2_of(Secret::Pin)?;
            let pin = cns_apdu::hex::encode(&card.secret(Secret::Pin)?);
            for p1 in ["01", "80"] {
                let answer = card.send(&format!("00 20 {p1} {p2:02X} ({pin})"))?;
                answer.is(Sw::WRONG_P1_P2)?;
            }
            card.ask(Secret::Pin)?.is_not(Sw::OK)?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify-forms.backtracking",
        requirement: "With bit 8 of P2 the PIN is looked for from the current folder upwards, and \
                      found in the master file.",
        sources: &[
            P2,
            source(
                Document::OpenSc,
                "P2 90 on cards of STIncard",
                Grade::Verified,
            ),
        ],
        level: Level::Must,
        needs: &[
            Needs::Reference(Secret::Pin),
            Needs::File(Content::PersonalData),
        ],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let is_stincard = |w: &[u8]| matches!(w, [0x00, 0x6B, _, 0x09, ..]);
            if card.issue().is_err() && !card.atr().windows(4).any(is_stincard) {
                return Err(crate::case::Stop::skip("it is about masks of STIncard"));
            }
            let file = card.path_of(Content::PersonalData)?;
            let pin = cns_apdu::hex::encode(&card.secret(Secret::Pin)?);
            card.select_quietly(&file)?.is_ok()?;
            card.send(&format!("00 20 00 90 ({pin})"))?.is_ok()?;
            // It is the same PIN by either name.
            card.send("00 20 00 10")?.is_ok()?;
            card.select_quietly(&[])?.is_ok()?;
            card.send("00 20 00 90")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "pin.verify-forms.master-file-from-anywhere",
        requirement: "Without bit 8 of P2 the PIN is the master file's, whichever folder is current.",
        sources: &[P2, source(Document::OpenSc, "VERIFY", Grade::Verified)],
        level: Level::Must,
        needs: &[
            Needs::Reference(Secret::Pin),
            Needs::File(Content::PersonalData),
        ],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let file = card.path_of(Content::PersonalData)?;
            let p2 = card.p2_of(Secret::Pin)?;
            let pin = cns_apdu::hex::encode(&card.secret(Secret::Pin)?);
            card.select_quietly(&file)?.is_ok()?;
            card.send(&format!("00 20 00 {p2:02X} ({pin})"))?.is_ok()?;
            Ok(())
        },
    },
];
