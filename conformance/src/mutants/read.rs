//! Cards that read and write bytes wrongly.

use cns_card::CardImage;
use cns_fixtures::DEFAULT_PROFILE;

use super::image::{allow, bytes, refill};
use super::{Mutant, Seam, When};

const READ: When = When::said("00B0*");
const READ_TO_END: When = When::answered("00B0*", "6282");
const WRITTEN: When = When::answered("00D6*", "9000");
const NOTES: &[u16] = &[0x1200, 0x1201];
const P1: usize = 2;
const P2: usize = 3;
const LE: usize = 4;

#[rustfmt::skip]
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("read.low-offset-only", "P1 is not part of the offset.", &[Seam::Hears(READ, |command| put(command, P1, 0))]),
    mutant("read.offset-in-words", "The offset counts words of two bytes.", &[
        Seam::Hears(READ, |command| {
            let doubled = command.get(P2).map_or(0, |low| low.wrapping_mul(2));
            put(command, P2, doubled);
        }),
    ]),
    mutant("read.offset-signed", "The low byte of the offset is taken for a signed number.", &[
        Seam::Hears(READ, |command| {
            if let [_, _, high @ 0x01..=0x7F, 0x80..=0xFF, _] = command.as_mut_slice() {
                *high -= 1;
            }
        }),
    ]),
    mutant("read.le-zero-is-nothing", "An Le of 00 is no byte at all.", &[
        Seam::Says(When::said("00B0????00"), |_, answer| *answer = vec![0x90, 0x00]),
    ]),
    mutant("read.le-zero-is-255", "An Le of 00 asks for 255 bytes.", &[
        Seam::Hears(When::said("00B0????00"), |command| put(command, LE, 0xFF)),
    ]),
    mutant("read.le-zero-refused", "An Le of 00 is a wrong length where the file is shorter.", &[
        Seam::Says(When::answered("00B0????00", "6282"), |_, answer| *answer = vec![0x67, 0x00]),
    ]),
    mutant("read.six-bytes-refused", "00 B0 00 00 00 00 is a wrong length.", &[
        Seam::Says(When::said("00B0????0000"), |_, answer| *answer = vec![0x67, 0x00]),
    ]),
    mutant("read.most-is-128", "A response has at most 128 bytes.", &[
        Seam::Says(When::answered("00B0*", "9000"), |_, answer| if answer.len() > 130 {
            answer.drain(128..answer.len() - 2);
        }),
    ]),
    mutant("read.moves", "READ BINARY moves the beginning of the file by what was read.", &[
        Seam::ChangesAfter(When::said("00B0????02"), |image| refill(image, &[0x1100, 0x1102], |content| {
            bytes(content).rotate_left(2);
        })),
    ]),
    mutant("read.wears-out", "A file is other bytes after each power-off.", &[
        Seam::ChangesAtReset(|image| refill(image, &[0x1100, 0x1102], |content| {
            if let Some(byte) = bytes(content).get_mut(200) {
                *byte = byte.wrapping_add(1);
            }
        })),
    ]),
    mutant("read.deselects", "READ BINARY leaves no file selected.", &[Seam::LosesSession(READ)]),
    mutant("read.extended-as-short", "The first byte of an extended Le is taken for a short one.", &[
        Seam::Hears(When::said("00B0????00????"), |command| command.truncate(5)),
    ]),
    mutant_of("cns10-lombardia-crs", "read.extended-all-the-same", "An extended Le is read although the make has none.", &[
        Seam::Hears(When::said("00B0????00????"), |command| command.truncate(5)),
    ]),

    mutant("read.end-unsaid", "A response that is shorter than Le is answered 9000.", &[
        Seam::Says(READ_TO_END, |_, answer| end_with(answer, [0x90, 0x00])),
    ]),
    mutant("read.end-refused", "A READ BINARY beyond the end is refused as a whole.", &[
        Seam::Says(READ_TO_END, |_, answer| *answer = vec![0x6B, 0x00]),
    ]),
    mutant("read.end-padded", "Beyond the end of a file, zeros are read.", &[
        Seam::Says(READ_TO_END, |command, answer| {
            let wanted = command.get(LE).map_or(0, |le| usize::from(*le));
            answer.truncate(answer.len() - 2);
            answer.resize(wanted, 0x00);
            answer.extend([0x90, 0x00]);
        }),
    ]),
    mutant("read.end-is-6b00", "At the end of a file the offset is wrong.", &[
        Seam::Says(READ_TO_END, |_, answer| if answer.len() == 2 {
            *answer = vec![0x6B, 0x00];
        }),
    ]),
    mutant("read.end-one-early", "The last byte of a file is behind its end.", &[
        Seam::Hears(When::said("00B0000F01"), |command| put(command, P2, 0x10)),
        Seam::Hears(When::said("00B0000808"), |command| put(command, LE, 0x09)),
    ]),
    mutant("read.end-deselects", "Beyond its end, a file is no longer selected.", &[Seam::LosesSession(READ_TO_END)]),
    mutant("read.offset-of-14-bits", "The offset has 14 bits.", &[
        Seam::Hears(READ, |command| {
            let high = command.get(P1).map_or(0, |high| high & 0x3F);
            put(command, P1, high);
        }),
        Seam::Hears(When::said("00B07FFF*"), |command| {
            put(command, P1, 0);
            put(command, P2, 0);
        }),
    ]),
    mutant("read.six-pages", "The certificate's file ends with the certificate, and behind it the offset is wrong.", &[
        Seam::Made(|image| refill(image, &[0x1100, 0x1101], |content| bytes(content).truncate(1300))),
        Seam::Says(READ_TO_END, |_, answer| if answer.len() == 2 {
            *answer = vec![0x6B, 0x00];
        }),
    ]),

    mutant("read.nothing-selected", "READ BINARY without a file is answered with no bytes.", &[
        Seam::Says(When::answered("00B0*", "6986"), |_, answer| *answer = vec![0x62, 0x82]),
    ]),
    mutant("read.records-as-bytes", "A file of records is read as the bytes of its first record.", &[
        Seam::Says(When::answered("00B0*", "6981"), |_, answer| *answer = vec![0x10, 0x90, 0x00]),
    ]),
    mutant("read.short-identifier-ignored", "Bit 8 of P1 is not looked at.", &[
        Seam::Hears(When::said("00B09E*"), |command| put(command, P1, 0x00)),
        Seam::Hears(When::said("00D69E*"), |command| put(command, P1, 0x00)),
    ]),
    mutant("read.short-identifier-deselects", "A short file identifier that no file has ends the selection.", &[
        Seam::LosesSession(When::said("00B09E*")),
    ]),
    mutant("read.without-le", "Without Le, 256 bytes come.", &[
        Seam::Hears(When::said("00B0????"), |command| command.push(0x00)),
    ]),
    mutant("read.data-ignored", "A data field of READ BINARY is dropped.", &[
        Seam::Hears(When::said("00B0????01AA01"), |command| {
            command.drain(4..6);
        }),
    ]),
    mutant("read.chained", "The bit of chains is not looked at.", &[
        Seam::Hears(When::said("10B0*"), |command| put(command, 0, 0x00)),
    ]),
    mutant("read.reading-needs-no-pin", "A new file that asks for the PIN is read without it.", &[
        Seam::ChangesAfter(When::answered("00E00000*", "9000"), |image| allow(image, &[0xAA01], 0, 0x00)),
    ]),
    mutant("read.pin-opens-all-new", "The PIN opens what nobody reads.", &[
        Seam::ChangesAfter(When::answered("00200010*", "9000"), |image| allow(image, &[0xAA01], 0, 0x00)),
    ]),
    mutant("read.pin-for-ever", "What asks for the PIN is open for ever once it was presented.", &[Seam::SurvivesReset]),
    mutant("read.wrong-pin-opens", "A file is open once a PIN was presented, right or wrong.", &[
        Seam::ChangesAfter(When::answered("00200010*", "63C?"), |image| allow(image, &[0xAA01], 0, 0x00)),
    ]),

    mutant("read.update-forgotten", "UPDATE BINARY is answered 9000, and writes nothing.", &[Seam::ForgetsChange(WRITTEN)]),
    mutant("read.update-at-the-start", "UPDATE BINARY writes at the beginning, whatever the offset.", &[
        Seam::Hears(When::said("00D600*"), |command| put(command, P2, 0x00)),
    ]),
    mutant("read.update-clears", "UPDATE BINARY clears what is behind the data.", &[
        Seam::ChangesAfter(WRITTEN, |image| refill(image, NOTES, |content| {
            let bytes = bytes(content);
            bytes.iter_mut().skip(200).for_each(|byte| *byte = 0xFF);
        })),
    ]),
    mutant("read.update-128-at-most", "UPDATE BINARY writes the first 128 bytes of what it is given.", &[
        Seam::Hears(When::said("00D6????FF*"), |command| {
            command.truncate(5 + 128);
            put(command, LE, 128);
        }),
    ]),
    mutant("read.update-shrinks", "UPDATE BINARY makes the file as long as the data.", &[
        Seam::ChangesAfter(When::answered("00D60000 03*", "9000"), |image| refill(image, NOTES, |content| {
            bytes(content).truncate(3);
        })),
    ]),
    mutant("read.update-as-far-as-it-goes", "Of data that reach beyond the end, the first are written.", &[
        Seam::ChangesAfter(When::answered("00D6*", "6A84"), |image| refill(image, NOTES, |content| {
            if let Some(byte) = bytes(content).last_mut() {
                *byte = 0xA5;
            }
        })),
    ]),
    mutant("read.update-last-byte-closed", "The last byte of a file cannot be written.", &[
        Seam::Says(When::answered("00D600FF*", "9000"), |_, answer| *answer = vec![0x6B, 0x00]),
    ]),
    mutant("read.update-outside-unsaid", "Data outside a file are dropped, with 9000.", &[
        Seam::Says(When::answered("00D6*", "6B00"), |_, answer| *answer = vec![0x90, 0x00]),
    ]),
    mutant("read.update-needs-no-pin", "The holder's file is written without the PIN.", &[
        Seam::Made(|image| allow(image, NOTES, 1, 0x00)),
    ]),
    mutant("read.update-without-data", "An UPDATE BINARY without data is done.", &[
        Seam::Says(When::said("00D60000"), |_, answer| *answer = vec![0x90, 0x00]),
    ]),
    mutant("read.update-nowhere", "UPDATE BINARY without a file is done.", &[
        Seam::Says(When::answered("00D6*", "6986"), |_, answer| *answer = vec![0x90, 0x00]),
    ]),
    mutant("read.update-echoes", "UPDATE BINARY answers what was there before.", &[
        Seam::Says(WRITTEN, |_, answer| *answer = vec![0x00, 0x90, 0x00]),
    ]),
    mutant("read.update-until-power-off", "What was written is gone when the card is reset.", &[
        Seam::ChangesAtReset(forget_notes),
    ]),
    mutant("read.update-not-stored", "UPDATE BINARY is answered before it is stored.", &[
        Seam::LosesWrite(When::said("00D6*"), 0),
    ]),
    mutant("read.update-torn", "When the power goes, half of the data is written.", &[
        Seam::TornWrite(|image| refill(image, NOTES, |content| {
            bytes(content).iter_mut().skip(0x10).take(4).for_each(|byte| *byte = 0xA5);
        })),
    ]),
    mutant("read.update-next-file", "UPDATE BINARY writes into the file that comes behind, too.", &[
        Seam::ChangesAfter(WRITTEN, |image| refill(image, &[0x1200, 0x1203], |content| {
            if let Some(byte) = bytes(content).first_mut() {
                *byte = 0xA5;
            }
        })),
    ]),
];

fn forget_notes(image: &mut CardImage) {
    refill(image, NOTES, |content| bytes(content).fill(0x00));
}

fn put(bytes: &mut [u8], place: usize, value: u8) {
    if let Some(byte) = bytes.get_mut(place) {
        *byte = value;
    }
}

fn end_with(answer: &mut Vec<u8>, sw: [u8; 2]) {
    answer.truncate(answer.len().saturating_sub(2));
    answer.extend(sw);
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
