//! MSE RESTORE: a security environment that is stored on the card.
//!
//! ```text
//! 00 22 F3 id      restore
//! 00 22 F3 id 00   the same; the last byte is an Lc of the specification, and an Le for OpenSC
//! ```

use cns_apdu::Sw;
use cns_fixtures::{KeyPurpose, Source as Content};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const OPENSC: Source = source(
    Document::OpenSc,
    "MSE RESTORE before each signature",
    Grade::Verified,
);
const VENDOR: Source = read(Document::OpenSc, "incrypto34: MSE RESTORE");
const INFERRED: Source = source(Document::CnsFunctional, "MSE RESTORE", Grade::Inferred);
const KEY: &[Needs] = &[Needs::Key(KeyPurpose::Authentication)];
const OWN: &[Needs] = &[Needs::Key(KeyPurpose::Authentication), Needs::OwnCard];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "environment.restore.four-bytes",
        requirement: "MSE RESTORE of environment 03 in four bytes is answered 9000, without data.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 22 F3 03")?.is_ok()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "environment.restore.five-bytes",
        requirement: "A fifth byte of 00 is taken, and gives no data.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 22 F3 03 00")?.is_ok()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "environment.restore.from-a-folder",
        requirement: "The environment is found from the folder of the personal data too.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[Needs::File(Content::PersonalData)],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let file = card.path_of(Content::PersonalData)?;
            card.select_quietly(&file)?.is_ok()?;
            card.send("00 22 F3 03 00")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "environment.restore.unknown",
        requirement: "An environment that is not there is answered 6A88.",
        sources: &[
            read(Document::Iso7816Part4, "MANAGE SECURITY ENVIRONMENT"),
            INFERRED,
        ],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for id in ["00", "04", "7E"] {
                let answer = card.send(&format!("00 22 F3 {id}"))?;
                answer.is(Sw::REFERENCE_NOT_FOUND)?;
            }
            Ok(())
        },
    },
    Case {
        id: "environment.restore.no-data",
        requirement: "MSE RESTORE has no data field.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 22 F3 03 (83 (01))")?.is(Sw::WRONG_LENGTH)?;
            Ok(())
        },
    },
    Case {
        id: "environment.restore.sets-no-key",
        requirement: "MSE RESTORE alone names no key: what was set before is forgotten, and a \
                      security operation is refused.",
        sources: &[INFERRED],
        level: Level::May,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            card.prepare_with("00 22 F3 03")?;
            card.decipher(&block)?.is(Sw::CONDITIONS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "environment.restore.keeps-the-proof",
        requirement: "MSE RESTORE closes nothing that the PIN has opened.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            // The PIN comes before the environment.
            card.prepare_key(0xB8)?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "environment.restore.p1",
        requirement: "Of the forms of MSE, only F1 (SET), 41 and F3 (RESTORE) are there: F2 (STORE) \
                      and F4 (ERASE) are answered 6A86.",
        sources: &[read(Document::CnsFunctional, "table of contents")],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for p1 in ["F2", "F4", "81", "00"] {
                let answer = card.send(&format!("00 22 {p1} 03"))?;
                answer.is(Sw::WRONG_P1_P2)?;
            }
            card.send("00 22 F3 03")?.is_ok()?;
            Ok(())
        },
    },
];
