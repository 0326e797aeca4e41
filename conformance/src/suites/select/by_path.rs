//! SELECT by path (ISO/IEC 7816-4 §7.1.1): `00 A4 08 P2 Lc ids` from the master file, whose own
//! identifier is left out, and `00 A4 09 P2 Lc ids` from the current folder. OpenSC and most readers
//! use nothing else.

use cns_apdu::Sw;
use cns_fixtures::Source as Content;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const ISO: Source = read(Document::Iso7816Part4, "SELECT");
const INFERRED: Source = source(Document::Iso7816Part4, "SELECT", Grade::Inferred);
const OPENSC: Source = source(Document::OpenSc, "SELECT", Grade::Verified);
const CLIENTS: Source = source(Document::Clients, "SELECT by path", Grade::Client);
const DF1: &[Needs] = &[Needs::ClassicTree];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "select.path.file",
        requirement: "A file is found by the identifiers from below the master file.",
        sources: &[ISO, OPENSC, CLIENTS],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let fci = card.send("00 A4 08 00 (1100 1102) 00")?.is_ok()?.fci()?;
            fci.has(0x83, &[0x11, 0x02]).map(drop)
        },
    },
    Case {
        id: "select.path.from-anywhere",
        requirement: "A path from the master file does not depend on what is selected.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (1000)")?.is_ok()?;
            card.send("00 A4 08 0C (1100 1102)")?.is_ok()?;
            card.send("00 A4 08 0C (1000 1003)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.path.one-identifier",
        requirement: "A path of one identifier names a file or folder of the master file.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::ClassicTree, Needs::Path(&[0x2F02])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.select_quietly(&[0x1100])?.is_ok()?;
            card.send("00 A4 08 00 (2F02) 00")?
                .is_ok()?
                .fci()?
                .has(0x83, &[0x2F, 0x02])?;
            card.send("00 A4 08 00 (1100) 00")?
                .is_ok()?
                .fci()?
                .has(0x83, &[0x11, 0x00])?;
            Ok(())
        },
    },
    Case {
        id: "select.path.deep",
        requirement: "The certificate is found by its path, however deep it is.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let wrapped = card.path_of(Content::WrappedCertificate);
            let path = wrapped.or_else(|_| card.path_of(Content::Certificate))?;
            let id = path.last().copied().unwrap_or_default();
            card.fci(&path)?.has(0x83, &id.to_be_bytes()).map(drop)
        },
    },
    Case {
        id: "select.path.makes-folder-current",
        requirement: "The folder of a file that was selected by path is the current one.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[Needs::ClassicTree, Needs::Path(&[0x1100, 0x1101])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (1100 1102)")?.is_ok()?;
            card.send("00 A4 00 0C (1101)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.path.relative",
        requirement: "A path from the current folder finds what is in it.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (1100)")?.is_ok()?;
            card.send("00 A4 09 00 (1102) 00")?
                .is_ok()?
                .fci()?
                .has(0x83, &[0x11, 0x02])?;
            Ok(())
        },
    },
    Case {
        id: "select.path.relative-two-levels",
        requirement: "A path from the current folder may go down more than one folder.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (3F00)")?.is_ok()?;
            card.send("00 A4 09 0C (1100 1102)")?.is_ok()?;
            card.read_binary(0, 1)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.path.relative-is-not-absolute",
        requirement: "A path from the current folder does not find what is elsewhere.",
        sources: &[ISO],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 00 0C (1000)")?.is_ok()?;
            card.send("00 A4 09 0C (1100 1102)")?
                .is(Sw::FILE_NOT_FOUND)?;
            card.send("00 A4 09 0C (1003)")?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "select.path.unknown-file",
        requirement: "A path that ends in nothing is answered 6A82, without data.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 00 (1100 AAAA) 00")?
                .is(Sw::FILE_NOT_FOUND)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.path.unknown-folder",
        requirement: "A path through a folder that is not there is answered 6A82.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 00 (AAAA 1102) 00")?
                .is(Sw::FILE_NOT_FOUND)?
                .is_bare()?;
            Ok(())
        },
    },
    Case {
        id: "select.path.through-a-file",
        requirement: "A path through a file is answered 6A82.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: &[Needs::Path(&[0x2F02])],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (2F02 1102)")?
                .is(Sw::FILE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "select.path.opensc-looks-elsewhere",
        requirement: "The files that other cards have are answered 6A82, or are there: OpenSC \
                      gives up at anything else.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for path in [
                "2F00",
                "5015",
                "5031",
                "2FFF 8228",
                "1400 9010",
                "1400 9001 2002",
            ] {
                card.send(&format!("00 A4 08 00 ({path}) 00"))?
                    .is_one_of(&[Sw::OK, Sw::FILE_NOT_FOUND])?;
            }
            Ok(())
        },
    },
    Case {
        id: "select.path.too-deep",
        requirement: "A path of more folders than any card has is refused.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (1100 1100 1100 1100 1100 1100 1100 1102)")?
                .is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "select.path.half-an-identifier",
        requirement: "A path of an odd number of bytes is refused.",
        sources: &[INFERRED],
        level: Level::Must,
        needs: DF1,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 08 0C (1100 11)")?.is_refused()?;
            card.send("00 A4 09 0C (11)")?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "select.path.empty",
        requirement: "A path without identifiers from the current folder is refused.",
        sources: &[INFERRED],
        level: Level::Should,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 A4 09 0C")?.is_refused()?;
            card.send("00 A4 08 0C")?.is_refused()?;
            Ok(())
        },
    },
];
