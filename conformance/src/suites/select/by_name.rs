//! SELECT by name, `00 A4 04 P2 Lc name` (ISO/IEC 7816-4 §7.1.1). Most CNS have no application with a
//! name. Middleware asks every card for dozens of names, and takes any that does not refuse them for
//! another make.

use cns_apdu::{Command, Le, Sw};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{Answer, TestCard};

const ISO: Source = read(Document::Iso7816Part4, "SELECT");
const LOGS: Source = read(Document::Logs, "OpenSC #3804, #3806");
const PROBES: Source = source(Document::OpenSc, "probes of other drivers", Grade::Verified);
const NAMED: &[Needs] = &[Needs::Application];

/// What OpenSC 0.23 asks every card for before it looks for a CNS, each with P2.
const NAMES: &[(&str, u8)] = &[
    ("627601FF000000", 0x00),
    ("A00000000101", 0x00),
    ("E82B0601040181C31F0201", 0x00),
    ("D23300000045737445494420763335", 0x0C),
    ("A00000030800001000", 0x00),
    ("A000000116DB00", 0x0C),
    ("A0000000791000", 0x0C),
    ("A0000000790100", 0x0C),
    ("A0000000790101", 0x0C),
    ("A000000079010F", 0x0C),
    // The applications of other Italian cards.
    ("A0000000308000000009816001", 0x0C),
    ("A00000000039", 0x0C),
];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "select.name.application",
        requirement: "The CNS application is found by its name.",
        sources: &[LOGS, ISO],
        level: Level::Must,
        needs: NAMED,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            by_name(card, 0x0C, Le::Absent)?.is_ok()?.is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.name.tells-its-name",
        requirement: "Selected by its name, the application tells it, and its identifier is 3F00.",
        sources: &[LOGS],
        level: Level::Must,
        needs: NAMED,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let name = application(card)?.1;
            let fci = by_name(card, 0x00, Le::Maximum)?.is_ok()?.fci()?;
            fci.has(0x84, &name)?.has(0x83, &[0x3F, 0x00]).map(drop)
        },
    },
    Case {
        id: "select.name.holds-the-cns",
        requirement: "In the application that was selected by its name are the files of a CNS.",
        sources: &[LOGS],
        level: Level::Must,
        needs: &[Needs::Application, Needs::ClassicTree],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1000])?.is_ok()?;
            by_name(card, 0x0C, Le::Absent)?.is_ok()?;
            card.send("00 A4 09 0C (1100 1102)")?.is_ok()?;
            card.read_binary(0, 1)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.name.longer",
        requirement: "A name with one byte more is another name.",
        sources: &[ISO],
        level: Level::Must,
        needs: NAMED,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let mut name = application(card)?.1;
            name.push(0x00);
            card.send_command(&Command::new([0x00, 0xA4, 0x04, 0x0C], &name, Le::Absent))?
                .is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "select.name.unknown",
        requirement: "An unknown name is answered 6A82, without data.",
        sources: &[
            ISO,
            source(Document::Clients, "probing of names", Grade::Verified),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 04 00 (F0 00 00 00 42 4E 4F) 00")?
                .is(Sw::FILE_NOT_FOUND)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.name.probes",
        requirement: "None of the names that OpenSC asks for is on a CNS: each is answered 6A82.",
        sources: &[PROBES],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for (name, p2) in NAMES {
                let name = cns_apdu::hex::decode(name).unwrap_or_default();
                let le = if *p2 == 0x00 { Le::Maximum } else { Le::Absent };
                card.send_command(&Command::new([0x00, 0xA4, 0x04, *p2], &name, le))?
                    .is(Sw::FILE_NOT_FOUND)?
                    .is_bare()?;
            }
            Ok(())
        },
    },
    Case {
        id: "select.name.probes-of-data",
        requirement: "The data that OpenSC asks for to find cards of other makes are not on a CNS.",
        sources: &[PROBES],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 CA DF 30 05")?.is_refused()?.is_bare()?;
            card.send("00 CB 3F FF (5C017E) 08")?
                .is_refused()?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.name.probes-change-nothing",
        requirement: "After all those names, the file that was selected before is still selected.",
        sources: &[PROBES],
        level: Level::Must,
        needs: &[Needs::ClassicTree],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100, 0x1102])?.is_ok()?;
            let before = card.read_binary(0, 6)?.is_ok()?.data;
            for (name, p2) in NAMES {
                card.send(&format!("00 A4 04 {p2:02X} ({name})"))?;
            }
            card.read_binary(0, 6)?.is_ok()?.has_data(&before)?;
            Ok(())
        },
    },
    Case {
        id: "select.name.first-after-reset",
        requirement: "The probes may come before anything else: the master file is still selected \
                      after them.",
        sources: &[PROBES],
        level: Level::Must,
        needs: &[Needs::ClassicTree],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 04 00 (A00000000101) 00")?
                .is(Sw::FILE_NOT_FOUND)?;
            card.send("00 A4 00 0C (1100)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.name.empty",
        requirement: "A SELECT by name without a name is refused, or selects the master file.",
        sources: &[source(Document::Iso7816Part4, "SELECT", Grade::Inferred)],
        level: Level::Should,
        needs: &[Needs::ClassicTree],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            let answer = card.send("00 A4 04 00 00")?;
            match answer.sw {
                Sw::OK => answer.fci()?.has(0x83, &[0x3F, 0x00]).map(drop),
                _ => answer.is_refused()?.is_bare().map(drop),
            }
        },
    },
];

fn application(card: &TestCard) -> Result<(Vec<u16>, Vec<u8>), Stop> {
    let application = card.subject().profile.application();
    let (path, name) = application.ok_or_else(|| Stop::skip("no folder has a name"))?;
    Ok((path, name.to_vec()))
}

fn by_name(card: &mut TestCard, p2: u8, le: Le) -> Result<Answer, Stop> {
    let name = application(card)?.1;
    card.send_command(&Command::new([0x00, 0xA4, 0x04, p2], &name, le))
}
