//! Cards that are wrong about being built.

use cns_card::{AccessConditions, Condition, LifeCycle};
use cns_fixtures::DEFAULT_PROFILE;

use super::image::{allow, bytes, refill};
use super::objects::{PIN, key, reference, set};
use super::{Mutant, Seam, When};

/// CREATE FILE, PUT DATA.
const CREATE: &str = "00 E0*";
const PUT: &str = "00 DA*";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "life-cycle.file-is-not-made",
        wrong: "CREATE FILE is answered 9000 and makes nothing.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered(CREATE, "9000"))],
    },
    Mutant {
        id: "life-cycle.file-is-lost",
        wrong: "A new file is gone after power-off.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesWrite(When::said(CREATE), 0)],
    },
    Mutant {
        id: "life-cycle.file-is-not-current",
        wrong: "A new file is not the current one.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered(CREATE, "9000"))],
    },
    Mutant {
        id: "life-cycle.create-tells",
        wrong: "CREATE FILE is answered with data.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::answered(CREATE, "9000"), |_, response| {
            response.insert(0, 0x6F)
        })],
    },
    Mutant {
        id: "life-cycle.file-is-not-cleared",
        wrong: "A new file holds what was there before.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered(CREATE, "9000"),
            |image| {
                refill(image, &[0xAA01], |content| bytes(content).fill(0xA5));
            },
        )],
    },
    Mutant {
        id: "life-cycle.open-by-default",
        wrong: "Updating is open where no access byte is given.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered(CREATE, "9000"),
            |image| {
                allow(image, &[0xAA01], 1, 0x00);
            },
        )],
    },
    Mutant {
        id: "life-cycle.duplicates",
        wrong: "A duplicate identifier is answered 9000.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 E0*", "6A89"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "life-cycle.wrong-file-is-taken",
        wrong: "CREATE FILE takes what is no description.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 E0*", "6A80"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "life-cycle.no-template-62",
        wrong: "The template 62 is not taken.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::said("00 E0 00 00 ?? 62*"),
            |_, response| *response = vec![0x6A, 0x80],
        )],
    },
    Mutant {
        id: "life-cycle.any-size",
        wrong: "A file of any size is answered 9000.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 E0*", "6A84"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "life-cycle.append-refused",
        wrong: "New files of records take no records.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 E2*"), |_, response| {
            *response = vec![0x69, 0x82]
        })],
    },
    Mutant {
        id: "life-cycle.folders-are-open",
        wrong: "Everybody creates files in the master file.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            image.master_file.access = AccessConditions::FREE
        })],
    },
    Mutant {
        id: "life-cycle.folders-are-closed",
        wrong: "Nobody creates files in the master file of a card that was handed out.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            image.master_file.access = AccessConditions([0xFF; 9])
        })],
    },
    Mutant {
        id: "life-cycle.still-in-personalisation",
        wrong: "The card was handed out in personalisation.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            image.life_cycle = LifeCycle::Personalisation
        })],
    },
    Mutant {
        id: "life-cycle.handed-out-at-once",
        wrong: "The card is operational from the beginning.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            image.life_cycle = LifeCycle::Operational
        })],
    },
    Mutant {
        id: "life-cycle.object-is-not-put",
        wrong: "PUT DATA is answered 9000 and changes nothing.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered(PUT, "9000"))],
    },
    Mutant {
        id: "life-cycle.object-is-lost",
        wrong: "What PUT DATA has put is gone after power-off.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesWrite(When::said(PUT), 0)],
    },
    Mutant {
        id: "life-cycle.object-in-master-file",
        wrong: "PUT DATA puts everything in the master file.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesSessionBefore(When::said(PUT))],
    },
    Mutant {
        id: "life-cycle.wrong-object-is-taken",
        wrong: "PUT DATA takes what is no description.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 DA*", "6A80"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "life-cycle.access-of-nothing",
        wrong: "Access bytes without a file are answered 9000.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 DA*", "6986"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "life-cycle.put-anything",
        wrong: "PUT DATA of anything is answered 9000.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 DA*", "6A86"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "life-cycle.key-is-not-generated",
        wrong: "GENERATE KEY PAIR is answered 9000 and generates nothing.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered("00 46*", "9000"))],
    },
    Mutant {
        id: "life-cycle.public-half-is-another",
        wrong: "The public half of a generated key is not in its file.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 B2 01 04*", "9000"),
            |_, response| {
                if let Some(byte) = response.get_mut(9) {
                    *byte ^= 0x01;
                }
            },
        )],
    },
    Mutant {
        id: "life-cycle.everybody-generates",
        wrong: "GENERATE KEY PAIR needs no right.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            key(image, 0x07, |key| key.rules.generate = Condition::Always)
        })],
    },
    Mutant {
        id: "life-cycle.the-citizen-generates",
        wrong: "The authentication key can be generated anew with the PIN.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            key(image, 0x01, |key| {
                key.rules.generate = Condition::Proven(PIN)
            });
        })],
    },
    Mutant {
        id: "life-cycle.wrong-structure-is-no-file",
        wrong: "A public half for a transparent file is answered 6A82.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 46*", "6981"),
            |_, response| *response = vec![0x6A, 0x82],
        )],
    },
    Mutant {
        id: "life-cycle.no-key-is-no-right",
        wrong: "A key that was not generated yet is answered 6982.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 2A*", "6984"),
            |_, response| *response = vec![0x69, 0x82],
        )],
    },
    Mutant {
        id: "life-cycle.challenge-is-constant",
        wrong: "The challenge is always the same.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 84*", "9000"),
            |_, response| {
                let length = response.len().saturating_sub(2);
                response
                    .iter_mut()
                    .take(length)
                    .for_each(|byte| *byte = 0x11);
            },
        )],
    },
    Mutant {
        id: "life-cycle.challenge-is-short",
        wrong: "The challenge has eight bytes, whatever is asked for.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 84*", "9000"),
            |_, response| {
                response.truncate(8);
                response.extend([0x90, 0x00]);
            },
        )],
    },
    Mutant {
        id: "life-cycle.challenge-of-any-length",
        wrong: "A challenge may be of any length.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| image.dialect.challenge_max = u16::MAX)],
    },
    Mutant {
        id: "life-cycle.challenge-ignores-p1",
        wrong: "P1 of GET CHALLENGE is not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 84*"), |command| {
            set(command, 2, |_| 0x00)
        })],
    },
    Mutant {
        id: "life-cycle.random-of-any-length",
        wrong: "GIVE RANDOM takes any length.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("80 86*", "6700"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
    Mutant {
        id: "life-cycle.right-survives-reset",
        wrong: "Challenge and proof survive a reset.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::SurvivesReset],
    },
    Mutant {
        id: "life-cycle.challenge-for-two",
        wrong: "A challenge is good again after a wrong answer.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered("00 82*", "63??"))],
    },
    Mutant {
        id: "life-cycle.authentication-is-free",
        wrong: "A wrong cryptogram costs no try.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered("00 82*", "63??"))],
    },
    Mutant {
        id: "life-cycle.pin-is-a-key",
        wrong: "EXTERNAL AUTHENTICATE with a PIN is answered 6982.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("00 82*", "6A88"),
            |_, response| *response = vec![0x69, 0x82],
        )],
    },
    Mutant {
        id: "life-cycle.length-is-charged",
        wrong: "A cryptogram of a wrong length costs a try.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered("00 82*", "6700"),
            |image| {
                reference(image, 0x05, |datum| {
                    *datum = datum
                        .clone()
                        .with_tries_left(datum.tries_left().saturating_sub(1));
                });
            },
        )],
    },
    Mutant {
        id: "life-cycle.key-is-not-changed",
        wrong: "CHANGE KEY DATA is answered 9000 and changes nothing.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered("90 24*", "9000"))],
    },
    Mutant {
        id: "life-cycle.everybody-changes-keys",
        wrong: "CHANGE KEY DATA needs no right.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(When::answered(PUT, "9000"), |image| {
            reference(image, 0x05, |datum| datum.rules.change = Condition::Always);
        })],
    },
    Mutant {
        id: "life-cycle.any-key-class",
        wrong: "CHANGE KEY DATA of an unknown class is answered 9000.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered("90 24*", "6A86"),
            |_, response| *response = vec![0x90, 0x00],
        )],
    },
];
