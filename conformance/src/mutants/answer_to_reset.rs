//! Cards whose answer to reset is wrong.

use cns_fixtures::DEFAULT_PROFILE;

use super::{Mutant, Reset, Seam, image};

/// Places in the answer of the default profile,
/// `3B FF 18 00 FF 81 31 FE 55 | 00 6B 02 09 16 17 01 11 01 43 4E 53 11 31 80 | 8D`.
const T0: usize = 1;
const TA1: usize = 2;
const TB1: usize = 3;
const TC1: usize = 4;
const TD1: usize = 5;
const TD2: usize = 6;
const TA3: usize = 7;
const TB3: usize = 8;
const H1: usize = 9;
const H2: usize = 10;
const H4: usize = 12;
const H5: usize = 13;
const H7: usize = 15;
const H9: usize = 17;
const H10: usize = 18;
const H13: usize = 21;
const H15: usize = 23;

pub(super) const MUTANTS: &[Mutant] = &[
    on_default(
        "atr.inverse-convention",
        "TS says inverse convention.",
        &[Seam::AnswersToReset(|_, atr| put(atr, 0, 0x3F))],
    ),
    on_default(
        "atr.checksum-of-all",
        "TCK is the exclusive-or of TS too.",
        &[Seam::AnswersToReset(|_, atr| {
            if let Some(tck) = atr.last_mut() {
                *tck ^= 0x3B;
            }
        })],
    ),
    on_default(
        "atr.checksum-missing",
        "TCK is not sent.",
        &[Seam::AnswersToReset(|_, atr| {
            atr.pop();
        })],
    ),
    on_default(
        "atr.one-byte-more",
        "A byte follows TCK.",
        &[Seam::AnswersToReset(|_, atr| {
            atr.push(0x00);
        })],
    ),
    on_default(
        "atr.longer-than-allowed",
        "Nine bytes follow TCK.",
        &[Seam::AnswersToReset(|_, atr| atr.extend([0x00; 9]))],
    ),
    on_default(
        "atr.another-lot",
        "The mask's version is another lot's.",
        &[Seam::AnswersToReset(|_, atr| change(atr, H5, 0x17))],
    ),
    on_default(
        "atr.t0-first",
        "T=0 is offered before T=1.",
        &[Seam::AnswersToReset(|_, atr| {
            change(atr, TD1, 0x80);
        })],
    ),
    on_default(
        "atr.no-block-waiting-time",
        "TD2 announces no TB3.",
        &[Seam::AnswersToReset(|_, atr| {
            put(atr, TD2, 0x11);
            atr.remove(TB3);
            mend(atr);
        })],
    ),
    on_default(
        "atr.speed-reserved",
        "TA1 is a speed that does not exist.",
        &[Seam::AnswersToReset(|_, atr| change(atr, TA1, 0x7F))],
    ),
    on_default(
        "atr.programming-voltage",
        "TB1 asks for a programming voltage.",
        &[Seam::AnswersToReset(|_, atr| change(atr, TB1, 0x25))],
    ),
    on_default(
        "atr.long-guard-time",
        "TC1 asks for a long guard time.",
        &[Seam::AnswersToReset(|_, atr| change(atr, TC1, 0x40))],
    ),
    on_default(
        "atr.blocks-of-255",
        "TA3 is FF, which is no block size.",
        &[Seam::AnswersToReset(|_, atr| change(atr, TA3, 0xFF))],
    ),
    on_default(
        "atr.waiting-time-reserved",
        "BWI is 13.",
        &[Seam::AnswersToReset(|_, atr| {
            change(atr, TB3, 0xD5);
        })],
    ),
    on_default(
        "atr.fourteen-historical-bytes",
        "The last historical byte is missing.",
        &[Seam::AnswersToReset(|_, atr| {
            put(atr, T0, 0xFE);
            atr.remove(H15);
            mend(atr);
        })],
    ),
    on_default(
        "atr.category",
        "H1 is 80.",
        &[Seam::AnswersToReset(|_, atr| {
            change(atr, H1, 0x80);
        })],
    ),
    on_default(
        "atr.pre-issuing-length",
        "H2 counts one byte too many.",
        &[Seam::AnswersToReset(|_, atr| change(atr, H2, 0x6C))],
    ),
    on_default(
        "atr.unknown-maker",
        "H4 is the maker of no mask.",
        &[Seam::AnswersToReset(|_, atr| change(atr, H4, 0x7F))],
    ),
    on_default(
        "atr.identity-card",
        "H7 is that of an identity card.",
        &[Seam::AnswersToReset(|_, atr| change(atr, H7, 0x02))],
    ),
    on_default(
        "atr.professional",
        "H9 is that of a professional's card.",
        &[Seam::AnswersToReset(|_, atr| change(atr, H9, 0x02))],
    ),
    on_default(
        "atr.no-marker",
        "The letters are CNF.",
        &[Seam::AnswersToReset(|_, atr| {
            change(atr, H10 + 2, b'F');
        })],
    ),
    on_default(
        "atr.version-not-bcd",
        "The version 1.1 is written 01.",
        &[Seam::AnswersToReset(|_, atr| change(atr, H13, 0x01))],
    ),
    Mutant {
        id: "atr.version-beyond-key",
        wrong: "The card says CNS 1.1 and has a key of 1024 bits.",
        profile: "cns10-lombardia-crs",
        seams: &[Seam::AnswersToReset(|_, atr| change(atr, H13, 0x11))],
    },
    on_default(
        "atr.no-selection-by-name",
        "H15 says that nothing is selected by its name.",
        &[Seam::AnswersToReset(|_, atr| change(atr, H15, 0x00))],
    ),
    on_default(
        "atr.warm-differs",
        "A warm reset is answered with another waiting time.",
        &[Seam::AnswersToReset(|reset, atr| {
            if reset == Reset::Warm {
                change(atr, TB3, 0x45);
            }
        })],
    ),
    on_default(
        "atr.ef-atr-without-length",
        "EF.ATR has no length before the answer to reset.",
        &[Seam::Made(|image| {
            image::refill(image, &[0x2F01], |content| {
                image::bytes(content).rotate_left(1)
            });
        })],
    ),
    Mutant {
        id: "atr.antenna-with-t0-alone",
        wrong: "Through the antenna, T=0 is offered alone.",
        profile: "st2022-nfc",
        seams: &[Seam::AnswersToReset(|_, atr| *atr = vec![0x3B, 0x00])],
    },
];

const fn on_default(id: &'static str, wrong: &'static str, seams: &'static [Seam]) -> Mutant {
    Mutant {
        id,
        wrong,
        profile: DEFAULT_PROFILE,
        seams,
    }
}

fn put(atr: &mut [u8], place: usize, value: u8) {
    if let Some(byte) = atr.get_mut(place) {
        *byte = value;
    }
}

/// Puts a byte, and the checksum that goes with it.
fn change(atr: &mut [u8], place: usize, value: u8) {
    put(atr, place, value);
    mend(atr);
}

fn mend(atr: &mut [u8]) {
    let sum = atr.iter().skip(1).fold(0, |sum, byte| sum ^ byte);
    if let Some(tck) = atr.last_mut() {
        *tck ^= sum;
    }
}
