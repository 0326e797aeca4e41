//! Cards that select wrongly.

use cns_fixtures::DEFAULT_PROFILE;

use super::control_information::of_file;
use super::{Mutant, Seam, When};

const BY_IDENTIFIER: When = When::said("00A400??02*");
const BY_PATH: When = When::said("00A408*");
const FROM_HERE: When = When::said("00A409*");
const PERSONAL_DATA_QUIETLY: When = When::said("00A4 0800 04 1100 1102");

/// Where P1 and P2 are in a command.
const P1: usize = 2;
const P2: usize = 3;

#[rustfmt::skip]
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("select.master-file-is-a-child", "3F00 is looked for in the current folder.", &[
        Seam::Hears(When::said("00A400??02 3F00*"), |command| put(command, P1, 0x09)),
    ]),
    mutant("select.no-data-refused", "SELECT without data is a wrong length.", &[
        Seam::Says(When::said("00A4000C"), refuse), Seam::Says(When::said("00A4000000"), refuse),
    ]),
    mutant("select.no-data-stays", "SELECT without data selects nothing new.", &[
        Seam::KeepsSession(When::said("00A4000C")),
    ]),
    mutant("select.from-master-file-only", "An identifier is looked for in the master file, wherever the host is.", &[
        Seam::LosesSessionBefore(BY_IDENTIFIER),
    ]),
    mutant("select.everywhere", "An identifier is looked for on the whole card.", &[
        Seam::Hears(When::said("00A400??02 1102*"), |command| {
            command.splice(P1..7, [0x08, 0x0C, 0x04, 0x11, 0x00, 0x11, 0x02]);
        }),
    ]),
    mutant("select.children-only", "An identifier is looked for in the current folder only.", &[
        Seam::Hears(BY_IDENTIFIER, |command| children_only(command)),
    ]),
    mutant_of("signing", "select.children-only-deep", "The same, on a card with a folder in a folder.", &[
        Seam::Hears(BY_IDENTIFIER, |command| children_only(command)),
    ]),
    mutant("select.no-p1-02", "P1 = 02 is not known.", &[Seam::Says(When::said("00A402*"), refuse_parameters)]),
    mutant("select.p1-02-as-00", "P1 = 02 is taken for 00, and finds folders.", &[
        Seam::Hears(When::said("00A402*"), |command| put(command, P1, 0x00)),
    ]),
    mutant("select.no-p1-03", "P1 = 03 is not known.", &[Seam::Says(When::said("00A403*"), refuse_parameters)]),
    mutant_of("signing", "select.p1-03-to-the-top", "P1 = 03 selects the master file from everywhere.", &[
        Seam::Hears(When::said("00A403*"), |command| put(command, P1, 0x00)),
    ]),
    mutant("select.relative-as-absolute", "P1 = 09 is taken for 08.", &[
        Seam::Hears(FROM_HERE, |command| put(command, P1, 0x08)),
    ]),
    mutant("select.absolute-as-relative", "P1 = 08 is taken for 09.", &[
        Seam::Hears(BY_PATH, |command| put(command, P1, 0x09)),
    ]),
    mutant_of("idemia-2021", "select.two-levels", "A path has at most two identifiers.", &[
        Seam::Says(When::said("00A408??06*"), refuse),
    ]),
    mutant("select.path-loosely", "The folders of a path are not looked at when its file is on the card.", &[
        Seam::Hears(When::said("00A408??04 ???? 1102*"), |command| {
            put(command, 5, 0x11);
            put(command, 6, 0x00);
        }),
    ]),
    mutant("select.path-as-far-as-it-goes", "A path is followed as far as it exists.", &[
        Seam::Hears(When::said("00A408??04 ???? AAAA*"), |command| {
            command.drain(7..9);
            put(command, 4, 0x02);
        }),
    ]),
    mutant("select.path-ends-in-file", "A path ends at the first file in it.", &[
        Seam::Hears(When::said("00A408??04 2F02*"), |command| {
            command.drain(7..9);
            put(command, 4, 0x02);
        }),
    ]),
    mutant("select.opensc-gives-up", "What lacks in the master file is answered 6A88.", &[
        Seam::Says(When::answered("00A4080002*", "6A82"), |_, answer| *answer = vec![0x6A, 0x88]),
    ]),
    mutant("select.deep-path-cut", "A path that is too long is cut.", &[
        Seam::Hears(When::said("00A408??10*"), |command| {
            command.truncate(7);
            put(command, 4, 0x02);
        }),
    ]),
    mutant("select.odd-byte-dropped", "The odd byte of a path is dropped.", &[
        Seam::Hears(When::said("00A408??03*"), |command| {
            command.truncate(7);
            put(command, 4, 0x02);
        }),
    ]),
    mutant("select.empty-path", "A path without identifiers stays in the current folder.", &[
        Seam::Says(When::said("00A4090C"), |_, answer| *answer = vec![0x90, 0x00]),
    ]),
    mutant("select.not-found-is-lost", "A SELECT that fails leaves the master file selected.", &[
        Seam::LosesSession(When::answered("00A4*", "6A8?")),
    ]),
    mutant("select.folder-on-the-way", "A path that leads nowhere stops in its last folder.", &[
        Seam::Hears(When::said("00A408??04 1000 AAAA*"), |command| {
            command.drain(7..9);
            put(command, 4, 0x02);
        }),
        Seam::Says(When::said("00A408??04 1000 AAAA*"), |_, answer| *answer = vec![0x6A, 0x82]),
    ]),

    mutant("select.any-name", "Every name is taken for the card's own.", &[
        Seam::Says(When::answered("00A404*", "6A82"), |_, answer| *answer = vec![0x90, 0x00]),
    ]),
    mutant("select.name-resets", "A name selects the master file, also where it is refused.", &[
        Seam::LosesSession(When::answered("00A404*", "6A82")),
    ]),
    mutant("select.name-is-a-wrong-parameter", "SELECT by name is not known.", &[
        Seam::Says(When::said("00A404*"), refuse_parameters),
    ]),
    mutant("select.get-data-for-all", "GET DATA answers nothing, with 9000.", &[
        Seam::Says(When::said("00CA*"), |_, answer| *answer = vec![0x90, 0x00]),
    ]),
    mutant("select.no-name-stays", "A SELECT by name without a name is taken for one of the current folder.", &[
        Seam::Hears(When::said("00A404 0000"), |command| *command = vec![0x00, 0xA4, 0x00, 0x00, 0x02, 0x11, 0x00, 0x00]),
    ]),
    mutant_of("st2022-nfc", "select.application-unknown", "The application's name is not known.", &[
        Seam::Says(When::said("00A404??08 A00000009501004D*"), |_, answer| *answer = vec![0x6A, 0x82]),
        Seam::KeepsSession(When::said("00A404??08 A00000009501004D*")),
    ]),
    mutant_of("st2022-nfc", "select.name-begins-so", "A name is compared as far as the card's own goes.", &[
        Seam::Hears(When::said("00A404??09 A00000009501004D*"), |command| {
            command.truncate(13);
            put(command, 4, 0x08);
        }),
    ]),
    mutant_of("st2022-nfc", "select.application-untold", "SELECT by name tells nothing.", &[
        Seam::Hears(When::said("00A404*"), |command| put(command, P2, 0x0C)),
    ]),
    mutant_of("st2022-nfc", "select.application-quietly-nowhere", "SELECT by name leaves the folder as it was.", &[
        Seam::KeepsSession(When::said("00A404*")),
    ]),

    mutant("select.tells-unasked", "SELECT with P2 = 00 tells of the file also without Le.", &[
        Seam::Hears(PERSONAL_DATA_QUIETLY, |command| command.push(0x00)),
    ]),
    mutant("select.tells-although-0c", "SELECT with P2 = 0C and Le tells of the file.", &[
        Seam::Hears(When::said("00A4 080C 04 1100 1102 00"), |command| put(command, P2, 0x00)),
    ]),
    mutant("select.0c-unknown", "P2 = 0C is not known.", &[Seam::Says(When::said("00A4??0C*"), refuse_parameters)]),
    mutant("select.tells-nothing", "SELECT tells nothing of a file.", &[
        Seam::Hears(When::said("00A4 0800 04 *"), |command| put(command, P2, 0x0C)),
    ]),
    mutant("select.quietly-nowhere", "A SELECT without Le finds the file and does not select it.", &[
        Seam::KeepsSession(When::said("00A4 0800 04 1000 1003")),
    ]),
    mutant("select.by-path-in-brief", "Selected by its identifier, a file tells no messaging conditions.", &[
        Seam::Says(When::answered("00A4 0000 02*", "9000"), |_, answer| {
            of_file(answer, |objects| objects.retain(|(tag, _)| *tag != 0xCB));
        }),
    ]),
    mutant("select.short-le-refused", "An Le that is too small is a wrong length.", &[
        Seam::Says(When::said("00A4 0800 04 1100 1102 05"), refuse),
    ]),
    mutant("select.folder-keeps-file", "A folder is selected, and the file stays selected.", &[
        Seam::KeepsSession(When::said("00A4 08?? 02 1100*")),
    ]),
    mutant("select.forgets-pin", "SELECT of the master file forgets what was proven.", &[
        Seam::LosesSession(When::answered("00A4 00?? 02 3F00*", "9000")),
    ]),
    mutant("select.unknown-is-6a88", "An identifier that is nowhere is answered as a PIN that is nowhere.", &[
        Seam::Says(When::answered("00A400??02*", "6A82"), |_, answer| *answer = vec![0x6A, 0x88]),
    ]),
    mutant("select.reserved-p1", "A reserved P1 is taken for 00.", &[
        Seam::Hears(When::said("00A405*"), |command| put(command, P1, 0x00)),
    ]),
    mutant("select.reserved-p1-not-found", "A reserved P1 is answered as a file that is not found.", &[
        Seam::Says(When::said("00A405*"), |_, answer| *answer = vec![0x6A, 0x82]),
    ]),
    mutant("select.reserved-p2", "A reserved P2 is taken for 00.", &[
        Seam::Hears(When::said("00A4??F0*"), |command| put(command, P2, 0x00)),
    ]),
    mutant("select.half-an-identifier", "Half an identifier is filled with 00.", &[
        Seam::Hears(When::said("00A400??01 11"), |command| {
            command.push(0x00);
            put(command, 4, 0x02);
        }),
    ]),
    mutant("select.identifier-and-a-half", "What follows an identifier is dropped.", &[
        Seam::Hears(When::said("00A400??03*"), |command| {
            command.truncate(7);
            put(command, 4, 0x02);
        }),
    ]),
    mutant("select.lc-unchecked", "Lc is not compared with the data that came.", &[
        Seam::Hears(When::said("00A400??03 1100"), |command| put(command, 4, 0x02)),
    ]),
];

fn put(command: &mut [u8], place: usize, value: u8) {
    if let Some(byte) = command.get_mut(place) {
        *byte = value;
    }
}

/// P1 = 09 in the place of 00, but for 3F00.
fn children_only(command: &mut [u8]) {
    if command.get(5..7) != Some(&[0x3F, 0x00]) {
        put(command, P1, 0x09);
    }
}

fn refuse(_: &[u8], answer: &mut Vec<u8>) {
    *answer = vec![0x67, 0x00];
}

fn refuse_parameters(_: &[u8], answer: &mut Vec<u8>) {
    *answer = vec![0x6A, 0x86];
}

const fn mutant(id: &'static str, wrong: &'static str, seams: &'static [Seam]) -> Mutant {
    mutant_of(DEFAULT_PROFILE, id, wrong, seams)
}

const fn mutant_of(
    profile: &'static str,
    id: &'static str,
    wrong: &'static str,
    seams: &'static [Seam],
) -> Mutant {
    Mutant {
        id,
        wrong,
        profile,
        seams,
    }
}
