//! The class byte CLA.
//!
//! ```text
//! 00 plain   10 chained   80 GIVE RANDOM   90 CHANGE KEY DATA   B0 the maker's
//! 01..03, 40..4F logical channels: a CNS has none   X4 X8 XC secure messaging
//! FF is never a card's: readers take it for themselves
//! ```

use cns_apdu::Sw;
use cns_fixtures::{Secret, Source as Content};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "class byte");
const LIST: Source = source(Document::CnsFunctional, "list of commands", Grade::Read);
const INFERRED: Source = source(Document::CnsFunctional, "secure messaging", Grade::Inferred);
const OWN: &[Needs] = &[Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "class.classes.unknown",
        requirement: "SELECT is answered in class 00 alone; every other class is refused.",
        sources: &[ISO, LIST],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for class in 0x01..=0xFE {
                let answer = card.send(&format!("{class:02X} A4 00 0C (3F00)"))?;
                answer.is_refused()?.is_bare()?;
            }
            card.send("00 A4 00 0C (3F00)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "class.classes.unknown-is-6e00",
        requirement: "A class that the card does not know is answered 6E00.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for class in (0x01..=0xFE).filter(|class| *class != 0x10) {
                let answer = card.send(&format!("{class:02X} A4 00 0C (3F00)"))?;
                answer.is(Sw::CLASS_NOT_SUPPORTED)?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.classes.logical-channels",
        requirement: "There are no logical channels: 6881 or 6E00.",
        sources: &[ISO, LIST],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for class in ["01", "02", "03", "40", "4F"] {
                let answer = card.send(&format!("{class} A4 00 0C (3F00)"))?;
                answer.is_one_of(&[Sw(0x6881), Sw::CLASS_NOT_SUPPORTED])?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.classes.secure-messaging",
        requirement: "A secured command without a key for it is refused, and gives nothing away.",
        sources: &[ISO, INFERRED],
        level: Level::Must,
        needs: &[Needs::File(Content::PersonalData)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let file = card.path_of(Content::PersonalData)?;
            card.select_quietly(&file)?.is_ok()?;
            for class in ["04", "08", "0C"] {
                let answer = card.send(&format!("{class} B0 00 00 06"))?.is_bare()?;
                answer.is_one_of(&[
                    Sw::CLASS_NOT_SUPPORTED,
                    Sw::MESSAGING_NOT_SUPPORTED,
                    Sw::MESSAGING_OBJECT_MISSING,
                    Sw::MESSAGING_OBJECT_WRONG,
                ])?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.classes.refused-changes-nothing",
        requirement: "A command of an unknown class leaves the current file.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::File(Content::PersonalData)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let file = card.path_of(Content::PersonalData)?;
            card.select_quietly(&file)?.is_ok()?;
            let before = card.read_binary(0, 6)?.is_ok()?;
            for class in ["01", "20", "80", "A0"] {
                card.send(&format!("{class} A4 00 0C (3F00)"))?;
            }
            card.read_binary(0, 6)?.is_ok()?.has_data(&before.data)?;
            Ok(())
        },
    },
    Case {
        id: "class.classes.pin-in-another-class",
        requirement: "VERIFY in another class is refused, and spends no try.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::Reference(Secret::Pin), Needs::OwnCard],
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |card| {
            let before = card.ask(Secret::Pin)?;
            let p2 = card.p2_of(Secret::Pin)?;
            let wrong = cns_apdu::hex::encode(&card.wrong_secret(Secret::Pin)?);
            for class in ["01", "04", "0C", "80", "90", "B0"] {
                let answer = card.send(&format!("{class} 20 00 {p2:02X} ({wrong})"))?;
                answer.is(Sw::CLASS_NOT_SUPPORTED)?;
            }
            card.ask(Secret::Pin)?.is(before.sw)?;
            Ok(())
        },
    },
    Case {
        id: "class.classes.of-their-own",
        requirement: "GIVE RANDOM is of class 80 and CHANGE KEY DATA of class 90; nothing else is.",
        sources: &[
            LIST,
            source(Document::CnsFunctional, "GIVE RANDOM", Grade::Remembered),
        ],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("80 86 00 00 (01 02 03 04 05 06 07 08)")?
                .is_ok()?;
            for command in ["00 86", "90 86", "80 24", "80 84", "90 84", "B0 84"] {
                let answer = card.send(&format!("{command} 00 00 08"))?;
                answer.is(Sw::CLASS_NOT_SUPPORTED)?;
            }
            Ok(())
        },
    },
];
