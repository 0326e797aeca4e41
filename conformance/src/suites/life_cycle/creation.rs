//! CREATE FILE.
//!
//! ```text
//! 00 E0 00 00 Lc 6F { 80 size | 82 descriptor | 83 identifier | 85 01 | 86 access bytes }
//! ```
//! In creation everybody creates files, later whom the folder's CREATE byte allows. How the CNS's own
//! life cycle decides is inferred; the template is the older vendor driver's.

use cns_apdu::Sw;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const VENDOR: Source = read(Document::OpenSc, "incrypto34: CREATE FILE");
const STATES: Source = source(Document::CnsFunctional, "life cycle", Grade::Inferred);
const OWN: &[Needs] = &[Needs::OwnCard];

/// CREATE FILE of 3F00/AA01: four bytes, read and written by everybody.
const CREATE: &str =
    "00 E0 00 00 (6F (80 (0004) 82 (010000) 83 (AA01) 85 (01) 86 (00 00 FF FF FF FF 00 FF FF)))";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "life-cycle.creation.there",
        requirement: "A file that was created can be written, read and selected.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(CREATE)?.is_ok()?.is_bare()?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            card.send("00 D6 00 00 (01 02 03 04)")?.is_ok()?;
            card.send("00 B0 00 00 04")?
                .is_ok()?
                .has_data(&[1, 2, 3, 4])?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.current",
        requirement: "A file that was created is the current one.",
        sources: &[STATES],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(CREATE)?.is_ok()?;
            card.send("00 B0 00 00 04")?.is_ok()?.has_length(4)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.zeros",
        requirement: "A new file holds zeros, whatever was there before.",
        sources: &[STATES],
        level: Level::May,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(CREATE)?.is_ok()?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            card.send("00 B0 00 00 04")?.is_ok()?.has_data(&[0; 4])?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.lasts",
        requirement: "A file that was created is there after the card was taken out.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(CREATE)?.is_ok()?;
            card.power_cycle()?;
            card.select(&[0xAA01])?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.folder",
        requirement: "A folder that was created takes files.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            let folder = "00 E0 00 00 (6F (81 (0100) 82 (380000) 83 (AA00) 85 (01) 86 (00)))";
            card.send(folder)?.is_ok()?;
            card.select_quietly(&[0xAA00])?.is_ok()?;
            card.send(CREATE)?.is_ok()?;
            card.select(&[0xAA00, 0xAA01])?.is_ok()?;
            card.select(&[0xAA01])?.is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.records",
        requirement: "A file of records that was created takes records.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send("00 E0 00 00 (6F (80 (0020) 82 (050000) 83 (AA02) 86 (00 00 00)))")?
                .is_ok()?;
            card.send("00 E2 00 00 (01 02 AA BB)")?.is_ok()?;
            let record = card.send("00 B2 01 04 00")?.is_ok()?;
            record.has_data(&[0x01, 0x02, 0xAA, 0xBB])?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.duplicate",
        requirement: "An identifier that the folder has already is answered 6A89, and what was there \
                      stays.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(CREATE)?.is_ok()?;
            card.send("00 D6 00 00 (01 02 03 04)")?.is_ok()?;
            card.select_quietly(&[])?.is_ok()?;
            card.send(CREATE)?.is(Sw::ALREADY_EXISTS)?;
            card.send("00 E0 00 00 (6F (80 (0004) 82 (010000) 83 (1100)))")?
                .is(Sw::ALREADY_EXISTS)?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            card.send("00 B0 00 00 04")?
                .is_ok()?
                .has_data(&[1, 2, 3, 4])?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.closed-by-default",
        requirement: "Access bytes that are not given are FF: never.",
        sources: &[VENDOR],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send("00 E0 00 00 (6F (80 (0004) 82 (010000) 83 (AA01) 86 (00)))")?
                .is_ok()?;
            card.send("00 B0 00 00 04")?.is_ok()?;
            card.send("00 D6 00 00 (01)")?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.wrong-data",
        requirement: "A description that is none is answered 6A80.",
        sources: &[VENDOR, STATES],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            for data in [
                "6F (80 (0004) 82 (010000))",
                "6F (80 (0004) 83 (AA01))",
                "6F (82 (010000) 83 (AA01))",
                "6F (80 (0004) 82 (070000) 83 (AA01))",
                "6F (80 (0004) 82 (010000) 83 (AA))",
                "61 (80 (0004) 82 (010000) 83 (AA01))",
                "6F 7F 80 02",
            ] {
                card.send(&format!("00 E0 00 00 ({data})"))?
                    .is(Sw::WRONG_DATA)?;
            }
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.tag-62",
        requirement: "The description may be in a template 62 too.",
        sources: &[VENDOR],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send("00 E0 00 00 (62 (80 (0004) 82 (010000) 83 (AA01) 86 (00)))")?
                .is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.too-large",
        requirement: "A file of which offsets do not reach the end is answered 6A84.",
        sources: &[STATES],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            card.send("00 E0 00 00 (6F (80 (8000) 82 (010000) 83 (AA01) 86 (00)))")?
                .is(Sw::NOT_ENOUGH_MEMORY)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.power-cut",
        requirement: "Power that goes while a file is created leaves none, and it can be created \
                      again.",
        sources: &[STATES],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            let was_cut = card.send_and_cut_power(CREATE, 0)?;
            let answer = card.select(&[0xAA01])?.is(Sw::FILE_NOT_FOUND)?;
            answer.must(was_cut, "a write, when the file is created")?;
            card.send(CREATE)?.is_ok()?;
            card.power_cycle()?;
            card.select(&[0xAA01])?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.not-in-personalisation",
        requirement: "In personalisation the folder decides: 6982 where it is closed.",
        sources: &[STATES],
        level: Level::Should,
        needs: OWN,
        state: State::Personalisation,
        effect: Effect::Destroys,
        run: |card| {
            card.send(CREATE)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.not-for-the-citizen",
        requirement: "On a card that was handed out nobody creates a file in a closed folder.",
        sources: &[STATES],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Destroys,
        run: |card| {
            card.send(CREATE)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.select(&[0xAA01])?.is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.creation.open-folder",
        requirement: "On a card that was handed out an open folder takes files.",
        sources: &[STATES],
        level: Level::Should,
        needs: OWN,
        state: State::OpenToFiles,
        effect: Effect::Destroys,
        run: |card| {
            card.send(CREATE)?.is_ok()?;
            card.select(&[0xAA01])?.is_ok()?;
            Ok(())
        },
    },
];
