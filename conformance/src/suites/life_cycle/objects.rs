//! PUT DATA: PINs, environments and access bytes from outside.
//!
//! ```text
//! 00 DA 01 6E   83 class id | 85 option, tries, algorithm .. | 86 use change unblock .. | 8F value
//! 00 DA 01 6D   83 id | 8F six key identifiers
//! 00 DA 01 6F   86 access bytes of the current file
//! ```
//! Objects are put freely in creation and personalisation, later by whom the folder allows.

use cns_apdu::Sw;
use cns_fixtures::Source as Content;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const VENDOR: Source = read(Document::OpenSc, "incrypto34: PUT DATA");
const STATES: Source = source(Document::CnsFunctional, "life cycle", Grade::Inferred);
const OWN: &[Needs] = &[Needs::OwnCard];

/// A PIN 08 with the value 31313131.
const PUT_PIN: &str = "00 DA 01 6E (83 (0008) 85 (02 03 87 00 FF 00 00 04) 86 (00 08 11) \
                       8F (31 31 31 31 FF FF FF FF))";

/// VERIFY of it.
const VERIFY: &str = "00 20 00 08 (31 31 31 31 FF FF FF FF)";

/// Environment 07.
const PUT_ENVIRONMENT: &str = "00 DA 01 6D (83 (07) 8F (00 00 00 00 00 01))";

/// Everything of the current file free.
const PUT_ACCESS: &str = "00 DA 01 6F (86 (00 00 00 00 00 00 00 00 00))";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "life-cycle.objects.pin",
        requirement: "A PIN that was put is verified, blocks, and has its tries.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: OWN,
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(PUT_PIN)?.is_ok()?.is_bare()?;
            card.send("00 20 00 08")?.is(Sw::tries_left(3))?;
            card.send(VERIFY)?.is_ok()?;
            let expected = card.wrong_answer(2);
            card.send("00 20 00 08 (32 32 32 32 FF FF FF FF)")?
                .is(expected)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.in-creation",
        requirement: "In creation a PIN is put too.",
        sources: &[VENDOR, STATES],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(PUT_PIN)?.is_ok()?;
            card.send(VERIFY)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.replaced",
        requirement: "A PIN that is put again takes the place of the first.",
        sources: &[VENDOR, STATES],
        level: Level::Must,
        needs: OWN,
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(PUT_PIN)?.is_ok()?;
            card.send(&PUT_PIN.replace("31 31 31 31", "39 39 39 39"))?
                .is_ok()?;
            card.send(VERIFY)?.is_refused()?;
            card.send(&VERIFY.replace("31 31 31 31", "39 39 39 39"))?
                .is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.lasts",
        requirement: "A PIN that was put is there after the card was taken out.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: OWN,
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(PUT_PIN)?.is_ok()?;
            card.power_cycle()?;
            card.send(VERIFY)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.folder",
        requirement: "A PIN belongs to the folder that it was put in.",
        sources: &[VENDOR, read(Document::CieFunctional, "p. 63, P2")],
        level: Level::Must,
        needs: OWN,
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            card.send(PUT_PIN)?.is_ok()?;
            card.send("00 20 00 88")?.is(Sw::tries_left(3))?;
            card.send("00 20 00 08")?.is(Sw::REFERENCE_NOT_FOUND)?;
            card.select_quietly(&[])?.is_ok()?;
            card.send("00 20 00 88")?.is(Sw::REFERENCE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.environment",
        requirement: "An environment that was put is restored.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: OWN,
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            card.send("00 22 F3 07")?.is(Sw::REFERENCE_NOT_FOUND)?;
            card.send(PUT_ENVIRONMENT)?.is_ok()?.is_bare()?;
            card.send("00 22 F3 07")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.access",
        requirement: "Access bytes that were put count from then on.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: &[Needs::File(Content::TeamNumber), Needs::OwnCard],
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            let file = card.path_of(Content::TeamNumber)?;
            card.select_quietly(&file)?.is_ok()?;
            card.send("00 D6 00 00 (5A)")?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.send(PUT_ACCESS)?.is_ok()?;
            card.send("00 D6 00 00 (5A)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.access-of-nothing",
        requirement: "Access bytes without a current file are answered 6986.",
        sources: &[STATES],
        level: Level::Should,
        needs: OWN,
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(PUT_ACCESS)?.is(Sw::NO_CURRENT_FILE)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.wrong-data",
        requirement: "A description that is none, of an identifier or a class that there is not, is \
                      answered 6A80.",
        sources: &[VENDOR, STATES],
        level: Level::Must,
        needs: OWN,
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            let rest = "85 (02 03 87 00 FF 00 00 04) 86 (00 08 11)";
            for data in [
                rest.to_owned(),
                format!("83 (0000) {rest}"),
                format!("83 (0020) {rest}"),
                format!("83 (3008) {rest}"),
                format!("83 (08) {rest}"),
                "83 (0008) 86 (00 08 11)".to_owned(),
                "83 (0008) 85 (02 03 87 00 FF 00 00 04)".to_owned(),
                format!("83 (0008) {rest} 8F (31 31 31 31)"),
            ] {
                card.send(&format!("00 DA 01 6E ({data})"))?
                    .is(Sw::WRONG_DATA)?;
            }
            card.send("00 DA 01 6D (83 (07) 8F (01))")?
                .is(Sw::WRONG_DATA)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.not-for-the-citizen",
        requirement: "On a card that was handed out nobody puts anything in a closed folder or file.",
        sources: &[STATES],
        level: Level::Must,
        needs: &[Needs::File(Content::TeamNumber), Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            let closed = Sw::SECURITY_STATUS_NOT_SATISFIED;
            card.verify_pin()?;
            card.send(PUT_PIN)?.is(closed)?;
            card.send(PUT_ENVIRONMENT)?.is(closed)?;
            // The citizen's own PIN neither.
            card.send(&PUT_PIN.replace("0008", "0010"))?.is(closed)?;
            let file = card.path_of(Content::TeamNumber)?;
            card.select_quietly(&file)?.is_ok()?;
            card.send(PUT_ACCESS)?.is(closed)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.objects.parameters",
        requirement: "PUT DATA of something else is answered 6A86.",
        sources: &[VENDOR],
        level: Level::Should,
        needs: OWN,
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            for parameters in ["01 6C", "01 70", "00 6E"] {
                let answer = card.send(&format!("00 DA {parameters} (83 (0008))"))?;
                answer.is(Sw::WRONG_P1_P2)?;
            }
            Ok(())
        },
    },
];
