//! Cards that are wrong about records.

use cns_card::{CardImage, Content, RecordStructure};
use cns_fixtures::DEFAULT_PROFILE;

use super::control_information::of_any;
use super::image::{allow, refill};
use super::{Mutant, Seam, When};

const APPENDED: When = When::answered("00E20000*", "9000");
const UPDATED: When = When::answered("00DC*", "9000");
const CREATED: When = When::answered("00E00000*", "9000");
/// The file that cases create.
const NEW: &[u16] = &[0xAA01];
const P1: usize = 2;
const P2: usize = 3;

#[rustfmt::skip]
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("records.counted-from-0", "Records are counted from 0.", &[
        Seam::Hears(When::said("00B2??04*"), |command| add_to_number(command, 1)),
    ]),
    mutant("records.no-more-is-6a82", "A record that is not there is answered 6A82.", &[
        Seam::Says(When::answered("00B2*", "6A83"), |_, answer| *answer = vec![0x6A, 0x82]),
    ]),
    mutant("records.no-more-is-empty", "A record that is not there is read as an empty one.", &[
        Seam::Says(When::answered("00B2*", "6A83"), |_, answer| *answer = vec![0x90, 0x00]),
    ]),
    mutant("records.high-numbers-wrap", "Of the number of a record seven bits are looked at.", &[
        Seam::Hears(When::said("00B2FE*"), |command| put(command, P1, 0x01)),
    ]),
    mutant("records.no-mode-00", "P2 = 00 is not known.", &[Seam::Says(When::said("00B2??00*"), refuse_parameters)]),
    mutant("records.last-is-first", "P2 = 01 gives the first record.", &[
        Seam::Hears(When::said("00B2??01*"), |command| put(command, P2, 0x00)),
    ]),
    mutant("records.next-stays", "P2 = 02 gives the current record again.", &[
        Seam::Hears(When::said("00B20002*"), |command| {
            put(command, P1, 0x01);
            put(command, P2, 0x04);
        }),
    ]),
    mutant("records.no-previous", "P2 = 03 is taken for 02.", &[
        Seam::Hears(When::said("00B2??03*"), |command| put(command, P2, 0x02)),
    ]),
    mutant("records.identifier-as-number", "An identifier in P1 is taken for a number.", &[
        Seam::Hears(When::said("00B21?00*"), |command| put(command, P2, 0x04)),
        Seam::Hears(When::said("00DC1?00*"), |command| put(command, P2, 0x04)),
    ]),
    mutant("records.identifier-ignored", "An identifier in P1 is not looked at.", &[
        Seam::Hears(When::said("00B21?0?*"), |command| put(command, P1, 0x00)),
    ]),
    mutant("records.current-is-first", "The current record is always the first.", &[
        Seam::Hears(When::said("00B20004*"), |command| put(command, P1, 0x01)),
    ]),
    mutant("records.not-found-forgets", "A record that is not there leaves no file selected.", &[
        Seam::LosesSession(When::answered("00B2*", "6A83")),
    ]),
    mutant("records.read-forgets", "READ RECORD makes no record the current one.", &[
        Seam::KeepsSession(When::said("00B2*")),
    ]),
    mutant("records.select-keeps-current", "A file that is selected again keeps its current record.", &[
        Seam::KeepsSession(When::said("00A4000C023F01")),
    ]),
    mutant("records.without-le", "Without Le the whole record comes.", &[
        Seam::Hears(When::said("00B2????"), |command| command.push(0x00)),
    ]),
    mutant("records.short-identifier-ignored", "The short file identifier in P2 is not looked at.", &[
        Seam::Hears(When::said("00B2??F4*"), |command| put(command, P2, 0x04)),
    ]),
    mutant("records.modulus-behind-exponent", "EF.KeyPub has the exponent first.", &[
        Seam::Made(|image| in_records(image, &[0x3F01], |_, records| records.reverse())),
    ]),

    mutant("records.new-first", "A new record of a linear file is number 1.", &[
        Seam::ChangesAfter(APPENDED, |image| in_records(image, NEW, |structure, records| {
            if !matches!(structure, RecordStructure::Cyclic { .. }) {
                records.rotate_right(1);
            }
        })),
    ]),
    mutant("records.filled-with-zeros", "A new file has all the records that it has room for, of zeros.", &[
        Seam::ChangesAfter(CREATED, |image| in_records(image, NEW, |structure, records| {
            let length = match structure {
                RecordStructure::LinearFixed { record_length } | RecordStructure::Cyclic { record_length } => record_length,
                RecordStructure::LinearVariable => 2,
            };
            records.push(vec![0x00; usize::from(length)]);
        })),
    ]),
    mutant("records.full-unsaid", "A record for which there is no room is dropped, with 9000.", &[
        Seam::Says(When::answered("00E2*", "6A84"), done), Seam::Says(When::answered("00DC*", "6A84"), done),
    ]),
    mutant("records.full-is-6a83", "A full file is answered as a record that is not there.", &[
        Seam::Says(When::answered("00??*", "6A84"), |_, answer| *answer = vec![0x6A, 0x83]),
    ]),
    mutant("records.length-cut", "A record that is too long is cut.", &[
        Seam::Hears(When::said("00E20000 05 0102030405"), |command| cut_to(command, 4)),
        Seam::Hears(When::said("00E20000 03 030303"), |command| cut_to(command, 2)),
        Seam::Hears(When::said("00DC0104 05 A1A2A3A4A5"), |command| cut_to(command, 4)),
    ]),
    mutant("records.length-filled", "A record that is too short is filled with 00.", &[
        Seam::Hears(When::said("00E20000 03 010203"), |command| fill_to(command, 4)),
        Seam::Hears(When::said("00E20000 01 03"), |command| fill_to(command, 2)),
        Seam::Hears(When::said("00DC0104 03 A1A2A3"), |command| fill_to(command, 4)),
    ]),
    mutant("records.update-next", "UPDATE RECORD writes the record behind, too.", &[
        Seam::ChangesAfter(UPDATED, |image| in_records(image, NEW, |_, records| {
            let first = records.first().cloned().unwrap_or_default();
            if let Some(second) = records.get_mut(1) {
                *second = first;
            }
        })),
    ]),
    mutant("records.update-adds", "UPDATE RECORD behind the last record adds one.", &[
        Seam::Hears(When::said("00DC0204 04 A1A2A3A4"), |command| command.splice(1..4, [0xE2, 0x00, 0x00]).for_each(drop)),
        Seam::Hears(When::said("00DC0204 03 110166"), |command| command.splice(1..4, [0xE2, 0x00, 0x00]).for_each(drop)),
    ]),
    mutant("records.update-nothing", "UPDATE RECORD of a record that is not there is done, with 9000.", &[
        Seam::Says(When::answered("00DC*", "6A83"), done),
    ]),
    mutant("records.update-keeps-the-rest", "What a shorter record does not cover is left of the old one.", &[
        Seam::ChangesAfter(When::answered("00DC0104 03 100144", "9000"), |image| in_records(image, NEW, |_, records| {
            if let Some(first) = records.first_mut() {
                first.extend([0x22, 0x33]);
            }
        })),
    ]),
    mutant("records.update-same-length-only", "A record of variable length is changed by one of its length only.", &[
        Seam::Says(When::said("00DC0104 04 10025566"), refuse_length),
        Seam::ForgetsChange(When::said("00DC0104 04 10025566")),
    ]),
    mutant("records.one-byte-each", "Each record of variable length takes one byte for its length.", &[
        Seam::Says(When::said("00E20000 04 11026677"), |_, answer| *answer = vec![0x6A, 0x84]),
        Seam::ForgetsChange(When::said("00E20000 04 11026677")),
    ]),
    mutant("records.exact-le-refused", "An Le that is not 00 is a wrong length.", &[
        Seam::Says(When::said("00B2??0404"), refuse_length),
    ]),
    mutant("records.append-forgets-current", "After APPEND RECORD the current record is what it was before.", &[
        Seam::KeepsSession(APPENDED),
    ]),
    mutant("records.record-length-untold", "SELECT does not tell how long records are.", &[
        Seam::Says(When::answered("00A4*", "9000"), |_, answer| of_any(answer, |objects| {
            for (_, descriptor) in objects.iter_mut().filter(|(tag, _)| *tag == 0x82) {
                descriptor.truncate(1);
            }
        })),
    ]),

    mutant("records.ring-at-the-end", "A new record of a ring is its last.", &[
        Seam::ChangesAfter(APPENDED, |image| in_records(image, NEW, |structure, records| {
            if matches!(structure, RecordStructure::Cyclic { .. }) {
                records.rotate_left(1);
            }
        })),
    ]),
    mutant("records.ring-full", "A ring that is full takes no more.", &[
        Seam::Says(When::said("00E20000 02 0303"), |_, answer| *answer = vec![0x6A, 0x84]),
        Seam::ForgetsChange(When::said("00E20000 02 0303")),
    ]),
    mutant("records.ring-of-sixteen", "A ring turns sixteen times.", &[
        Seam::Says(When::said("00E20000 02 AA1?"), |_, answer| *answer = vec![0x65, 0x81]),
        Seam::ForgetsChange(When::said("00E20000 02 AA1?")),
    ]),
    mutant("records.ring-turns", "UPDATE RECORD of a ring turns it.", &[
        Seam::ChangesAfter(UPDATED, |image| in_records(image, NEW, |structure, records| {
            if matches!(structure, RecordStructure::Cyclic { .. }) {
                records.rotate_right(1);
            }
        })),
    ]),
    mutant("records.ring-backwards", "In a ring, P2 = 02 goes to the newer record.", &[
        Seam::Hears(When::said("00B20002*"), |command| put(command, P2, 0x03)),
    ]),

    mutant("records.bytes-are-records", "A file without records has one, its bytes.", &[
        Seam::Says(When::answered("00B2*", "6981"), |_, answer| *answer = vec![0x36, 0x90, 0x00]),
    ]),
    mutant("records.nothing-selected", "The commands for records say 6A82 where no file is selected.", &[
        Seam::Says(When::answered("00??*", "6986"), |_, answer| *answer = vec![0x6A, 0x82]),
    ]),
    mutant("records.written-as-bytes", "A record that is written to a file without records is dropped, with 9000.", &[
        Seam::Says(When::answered("00DC*", "6981"), done), Seam::Says(When::answered("00E2*", "6981"), done),
    ]),
    mutant("records.bytes-dropped", "Bytes that are written to a file of records are dropped, with 9000.", &[
        Seam::Says(When::answered("00D6*", "6981"), done),
    ]),
    mutant("records.no-current-is-first", "Where no record is current, UPDATE RECORD changes the first.", &[
        Seam::Hears(When::said("00DC0004*"), |command| put(command, P1, 0x01)),
    ]),
    mutant("records.without-data", "An UPDATE RECORD without data is done.", &[
        Seam::Says(When::said("00DC0104"), done),
    ]),
    mutant("records.append-anywhere", "P1 of APPEND RECORD is not looked at.", &[
        Seam::Hears(When::said("00E201*"), |command| put(command, P1, 0x00)),
    ]),
    mutant("records.mode-of-four-bits", "Of P2 the three lower bits are taken for a number's.", &[
        Seam::Hears(When::said("00B2??07*"), |command| put(command, P2, 0x04)),
    ]),
    mutant("records.of-no-length", "A record length of zero is taken for variable.", &[
        Seam::Hears(When::said("00E00000*"), |command| {
            if let Some(place) = command.windows(5).position(|bytes| bytes == [0x82, 0x03, 0x02, 0x00, 0x00]) {
                put(command, place + 2, 0x05);
            }
        }),
    ]),

    mutant("records.update-needs-no-pin", "Records are changed whatever the condition of UPDATE.", &[
        Seam::ChangesAfter(CREATED, |image| allow(image, NEW, 1, 0x00)),
    ]),
    mutant("records.append-needs-no-pin", "Records are added whatever the condition of APPEND.", &[
        Seam::ChangesAfter(CREATED, |image| allow(image, NEW, 2, 0x00)),
    ]),
    mutant("records.read-needs-no-pin", "Records are read whatever the condition of READ.", &[
        Seam::ChangesAfter(CREATED, |image| allow(image, NEW, 0, 0x00)),
    ]),
    mutant("records.append-not-stored", "APPEND RECORD is answered before it is stored.", &[
        Seam::LosesWrite(When::said("00E2*"), 0),
    ]),
    mutant("records.torn", "When the power goes, the records are half written.", &[
        Seam::TornWrite(|image| in_records(image, NEW, |_, records| {
            for byte in records.iter_mut().filter_map(|record| record.first_mut()) {
                *byte = 0xA1;
            }
        })),
    ]),
    mutant("records.session-over-reset", "The current record is still current after a reset.", &[
        Seam::SurvivesReset, Seam::KeepsSession(When::said("00A4080C02AA01")),
    ]),
];

/// Edits the records of a file.
fn in_records(
    image: &mut CardImage,
    path: &[u16],
    edit: impl FnOnce(RecordStructure, &mut Vec<Vec<u8>>),
) {
    refill(image, path, |content| {
        if let Content::Records {
            structure, records, ..
        } = content
        {
            edit(*structure, records);
        }
    });
}

fn put(bytes: &mut [u8], place: usize, value: u8) {
    if let Some(byte) = bytes.get_mut(place) {
        *byte = value;
    }
}

fn add_to_number(command: &mut [u8], more: u8) {
    if let Some(number) = command.get_mut(P1) {
        *number = number.wrapping_add(more);
    }
}

fn cut_to(command: &mut Vec<u8>, length: u8) {
    command.truncate(5 + usize::from(length));
    put(command, 4, length);
}

fn fill_to(command: &mut Vec<u8>, length: u8) {
    command.resize(5 + usize::from(length), 0x00);
    put(command, 4, length);
}

fn done(_: &[u8], answer: &mut Vec<u8>) {
    *answer = vec![0x90, 0x00];
}

fn refuse_length(_: &[u8], answer: &mut Vec<u8>) {
    *answer = vec![0x67, 0x00];
}

fn refuse_parameters(_: &[u8], answer: &mut Vec<u8>) {
    *answer = vec![0x6A, 0x86];
}

const fn mutant(id: &'static str, wrong: &'static str, seams: &'static [Seam]) -> Mutant {
    Mutant {
        id,
        wrong,
        profile: DEFAULT_PROFILE,
        seams,
    }
}
