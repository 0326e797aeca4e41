//! Bytes that are no command APDU, and lengths that do not go with the command (ISO/IEC 7816-3 §12.1.3).
//!
//! ```text
//! CLA INS P1 P2                case 1      CLA INS P1 P2 Lc data       case 3
//! CLA INS P1 P2 Le             case 2      CLA INS P1 P2 Lc data Le    case 4
//! ```

use cns_apdu::Sw;
use cns_fixtures::{Secret, Source as Content};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part3, "command APDUs");
const INFERRED: Source = source(Document::CnsFunctional, "status words", Grade::Inferred);
const OWN: &[Needs] = &[Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "class.lengths.no-header",
        requirement: "Fewer than four bytes are answered 6700.",
        sources: &[ISO, INFERRED],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for bytes in [&[][..], &[0x00], &[0x00, 0xA4], &[0x00, 0xA4, 0x00]] {
                let answer = card.send_past_the_reader(bytes)?;
                answer.is(Sw::WRONG_LENGTH)?.is_bare()?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.lengths.lc-too-large",
        requirement: "An Lc that announces more data than follow is answered 6700.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C 03 3F 00")?.is(Sw::WRONG_LENGTH)?;
            card.send("00 A4 00 0C FF 3F 00")?.is(Sw::WRONG_LENGTH)?;
            Ok(())
        },
    },
    Case {
        id: "class.lengths.lc-too-small",
        requirement: "Bytes behind the data that are no Le are answered 6700.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C 02 3F 00 00 00")?
                .is(Sw::WRONG_LENGTH)?;
            card.send("00 A4 00 0C 01 3F 00 00 00")?
                .is(Sw::WRONG_LENGTH)?;
            Ok(())
        },
    },
    Case {
        id: "class.lengths.data-where-none-are",
        requirement: "Data in a command that has none are answered 6700.",
        sources: &[ISO, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let file = [0x2F02];
            card.select_quietly(&file)?.is_ok()?;
            for command in ["00 B0 00 00", "00 B2 01 04", "00 84 00 00", "00 C0 00 00"] {
                let answer = card.send(&format!("{command} (01) 00"))?;
                answer.is(Sw::WRONG_LENGTH)?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.lengths.no-data-where-some-are",
        requirement: "A command that lacks its data is answered 6700.",
        sources: &[ISO, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for command in [
                "00 22 F1 B8",
                "00 24 00 10",
                "90 24 00 05",
                "00 2A 80 86",
                "00 2A 9E 9A",
                "00 46 00 01",
                "00 82 00 05",
                "80 86 00 00",
                "00 D6 00 00",
                "00 DA 01 6E",
                "00 DC 01 04",
                "00 E0 00 00",
                "00 E2 00 00",
            ] {
                card.send(command)?.is(Sw::WRONG_LENGTH)?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.lengths.no-le-where-one-is",
        requirement: "A command that reads and does not say how much is answered 6700.",
        sources: &[ISO, INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x2F02])?.is_ok()?;
            for command in ["00 B0 00 00", "00 B2 01 04", "00 84 00 00"] {
                card.send(command)?.is(Sw::WRONG_LENGTH)?;
            }
            Ok(())
        },
    },
    Case {
        id: "class.lengths.refused-changes-nothing",
        requirement: "Bytes that are no command leave the current file.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::File(Content::PersonalData)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let file = card.path_of(Content::PersonalData)?;
            card.select_quietly(&file)?.is_ok()?;
            let before = card.read_binary(0, 6)?.is_ok()?;
            card.send("00 A4 00 0C 03 3F 00")?;
            card.send("00 A4 00 0C 02 3F 00 00 00")?;
            card.read_binary(0, 6)?.is_ok()?.has_data(&before.data)?;
            Ok(())
        },
    },
    Case {
        id: "class.lengths.refused-closes-nothing",
        requirement: "Bytes that are no command leave open what the PIN has opened, and charge \
                      nothing.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::Reference(Secret::Pin), Needs::OwnCard],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            card.verify_pin()?;
            card.send("00 20 00 10 09 31 32 33 34")?
                .is(Sw::WRONG_LENGTH)?;
            card.send_past_the_reader(&[0x00, 0x20])?
                .is(Sw::WRONG_LENGTH)?;
            card.ask(Secret::Pin)?.is_ok()?;
            Ok(())
        },
    },
];
