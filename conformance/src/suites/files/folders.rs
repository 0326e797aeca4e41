//! What SELECT tells of a folder (ISO/IEC 7816-4 §7.4.3). A real card of 2025 tells of its CNS
//! application, which answers as a master file:
//!
//! ```text
//! 6F 46 | 81 02 702C | 82 03 38 00 00 | 84 0C name | 83 02 3F00 | 85 01 01 | 86 09 FF.. | 8A 01 05 | CB 18 FF..
//! ```

use cns_card::{DedicatedFile, File};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{Fci, TestCard};

const ISO: Source = read(Document::Iso7816Part4, "file control information");
const REAL: Source = read(Document::Logs, "OpenSC #3804");
const DF1: &[Needs] = &[Needs::Path(&[0x1100])];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "files.folders.template",
        requirement: "SELECT tells of a folder in one template of data objects, 6F or 62.",
        sources: &[ISO, REAL],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| df1(card).map(drop),
    },
    Case {
        id: "files.folders.descriptor",
        requirement: "The descriptor of a folder is 38.",
        sources: &[ISO, REAL],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = df1(card)?;
            let holds = fci.is_folder();
            fci.must(holds, "38 in object 82").map(drop)
        },
    },
    Case {
        id: "files.folders.size",
        requirement: "A folder tells its size in object 81, in two bytes, and has no object 80: \
                      that is a file's.",
        sources: &[REAL, read(Document::OpenSc, "file sizes")],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = df1(card)?;
            let holds = matches!(fci.object(0x81), Some([_, _])) && fci.object(0x80).is_none();
            fci.must(holds, "object 81 of two bytes, and no object 80")
                .map(drop)
        },
    },
    Case {
        id: "files.folders.identifier",
        requirement: "Object 83 is the identifier of the folder that was selected.",
        sources: &[ISO, REAL],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| df1(card)?.has(0x83, &[0x11, 0x00]).map(drop),
    },
    Case {
        id: "files.folders.master-file-identifier",
        requirement: "Object 83 of the master file is 3F00.",
        sources: &[ISO, REAL],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| card.fci(&[])?.has(0x83, &[0x3F, 0x00]).map(drop),
    },
    Case {
        id: "files.folders.access-bytes",
        requirement: "Object 86 of a folder has nine access bytes.",
        sources: &[REAL, read(Document::OpenSc, "access conditions")],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = df1(card)?;
            let holds = fci.access().is_some();
            fci.must(holds, "object 86 of nine bytes").map(drop)
        },
    },
    Case {
        id: "files.folders.name",
        requirement: "Object 84 is the name of a folder that is selected by it.",
        sources: &[REAL, ISO],
        level: Level::Must,
        needs: &[Needs::Application],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let (path, name) = application(card)?;
            card.fci(&path)?.has(0x84, &name).map(drop)
        },
    },
    Case {
        id: "files.folders.no-name",
        requirement: "A folder without a name has no object 84.",
        sources: &[source(
            Document::Iso7816Part4,
            "file control information",
            Grade::Inferred,
        )],
        level: Level::Must,
        needs: &[Needs::OwnCard, Needs::Path(&[0x1100])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = df1(card)?;
            let holds = fci.object(0x84).is_none();
            fci.must(holds, "no object 84").map(drop)
        },
    },
    Case {
        id: "files.folders.as-a-real-card",
        requirement: "SELECT tells of the CNS application, byte for byte, what a real card tells.",
        sources: &[REAL],
        level: Level::Should,
        needs: &[Needs::Profile("ace-2025")],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let answer = card.select(&[])?.is_ok()?;
            let ones = |count| "FF".repeat(count);
            let expected = cns_apdu::hex::decode(&format!(
                "6F 46 81 02 702C 82 03 380000 84 0C A000000530000B104001021A 83 02 3F00 85 01 01 \
                 86 09 {} 8A 01 05 CB 18 {}",
                ones(9),
                ones(24)
            ));
            answer.has_data(&expected.unwrap_or_default()).map(drop)
        },
    },
    Case {
        id: "files.folders.every-folder",
        requirement: "SELECT tells size, identifier and access bytes of every folder as it was \
                      made.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let image = card.issue()?.image.clone();
            as_made(card.fci(&[])?, &image.master_file)?;
            walk(
                &image.master_file,
                &mut Vec::new(),
                &mut |path, file| match file {
                    File::Dedicated(folder) => as_made(card.fci(path)?, folder),
                    File::Elementary(_) => Ok(()),
                },
            )
        },
    },
];

fn df1(card: &mut TestCard) -> Result<Fci, Stop> {
    card.fci(&[0x1100])
}

fn application(card: &TestCard) -> Result<(Vec<u16>, Vec<u8>), Stop> {
    let application = card.subject().profile.application();
    let (path, name) = application.ok_or_else(|| Stop::skip("no folder has a name"))?;
    Ok((path, name.to_vec()))
}

fn as_made(fci: Fci, folder: &DedicatedFile) -> Verdict {
    let holds = fci.is_folder();
    fci.must(holds, "38 in object 82")?
        .has(0x81, &folder.size.to_be_bytes())?
        .has(0x83, &folder.id.0.to_be_bytes())?
        .has(0x86, &folder.access.0)
        .map(drop)
}

/// Everything in a folder, and in the folders in it.
pub(super) fn walk(
    folder: &DedicatedFile,
    path: &mut Vec<u16>,
    visit: &mut impl FnMut(&[u16], &File) -> Verdict,
) -> Verdict {
    for file in &folder.files {
        path.push(match file {
            File::Dedicated(folder) => folder.id.0,
            File::Elementary(file) => file.id.0,
        });
        visit(path, file)?;
        if let File::Dedicated(inner) = file {
            walk(inner, path, visit)?;
        }
        path.pop();
    }
    Ok(())
}
