//! What SELECT answers when it succeeds (ISO/IEC 7816-4 §7.1.1).
//!
//! ```text
//! P2 00, Le there      file control information
//! P2 00, no Le         9000 and nothing else: a client in the field repeats itself until it sees that
//! P2 0C                9000 and nothing else
//! ```

use cns_apdu::Sw;
use cns_fixtures::Secret;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "SELECT");
const OPENSC: Source = source(Document::OpenSc, "SELECT", Grade::Verified);
const RUBY: Source = source(Document::Clients, "SELECT without Le", Grade::Client);
const DF1: &[Needs] = &[Needs::ClassicTree];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "select.answer.with-le",
        requirement: "P2 = 00 with Le is answered with file control information.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 00 (1100 1102) 00")?
                .is_ok()?
                .fci()
                .map(drop)
        },
    },
    Case {
        id: "select.answer.without-le",
        requirement: "P2 = 00 without Le is answered 9000 and nothing else.",
        sources: &[RUBY],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 00 (1100 1102)")?.is_ok()?.is_bare()?;
            card.send("00 A4 08 00 (1000 1003)")?.is_ok()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.answer.no-data-wanted",
        requirement: "P2 = 0C is answered 9000 and nothing else.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (1100 1102)")?.is_ok()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.answer.no-data-wanted-with-le",
        requirement: "P2 = 0C is answered 9000 and nothing else also where Le is there.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (1100 1102) 00")?
                .is_ok()?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.answer.quietly-selects",
        requirement: "A SELECT that tells nothing selects all the same.",
        sources: &[ISO, RUBY],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (1100 1102)")?.is_ok()?;
            card.read_binary(0, 6)?.is_ok()?.has_length(6)?;
            card.send("00 A4 08 00 (1000 1003)")?.is_ok()?;
            card.read_binary(0, 17)?
                .is(Sw::END_OF_FILE)?
                .has_length(16)?;
            Ok(())
        },
    },
    Case {
        id: "select.answer.same-by-every-way",
        requirement: "However a file is selected, SELECT tells the same of it.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let by_path = card.send("00 A4 08 00 (1100 1102) 00")?.is_ok()?.data;
            card.send("00 A4 00 0C (1100)")?.is_ok()?;
            card.send("00 A4 00 00 (1102) 00")?
                .is_ok()?
                .has_data(&by_path)?;
            card.send("00 A4 09 00 (1102) 00")?
                .is_ok()?
                .has_data(&by_path)?;
            Ok(())
        },
    },
    Case {
        id: "select.answer.short-le",
        requirement: "An Le that is too small for the file control information is no wrong length \
                      (6700).",
        sources: &[read(Document::OpenSc, "answers that end a connection")],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let answer = card.send("00 A4 08 00 (1100 1102) 05")?;
            let holds = answer.data.len() <= 5;
            answer
                .is_not(Sw::WRONG_LENGTH)?
                .must(holds, "at most the five bytes that were asked for")?;
            Ok(())
        },
    },
    Case {
        id: "select.answer.folder-ends-file",
        requirement: "When a folder is selected, no file is selected any more.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (1100 1102)")?.is_ok()?;
            card.send("00 A4 08 0C (1100)")?.is_ok()?;
            card.read_binary(0, 1)?.is(Sw::NO_CURRENT_FILE)?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.answer.pin-stays-proven",
        requirement: "The PIN of the master file stays proven when other files are selected: \
                      OpenSC needs it.",
        sources: &[source(
            Document::OpenSc,
            "PIN, then SELECT, then signature",
            Grade::Inferred,
        )],
        level: Level::Must,
        needs: &[Needs::ClassicTree, Needs::Reference(Secret::Pin)],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            card.verify_pin()?;
            card.send("00 A4 08 0C (1100 1102)")?.is_ok()?;
            card.send("00 A4 08 0C (1000)")?.is_ok()?;
            card.send("00 A4 00 0C (3F00)")?.is_ok()?;
            card.ask(Secret::Pin)?.is_ok()?;
            Ok(())
        },
    },
];
