//! Cards that are wrong about changing their PIN, about its states, and about a second one.

use cns_card::{Condition, ReferenceState};
use cns_fixtures::DEFAULT_PROFILE;

use super::image::folder;
use super::objects::{PIN, PUK, fill, reference, set, set_if, spend};
use super::{Mutant, Seam, When};

/// VERIFY of the PIN with a value.
const VERIFY_PIN: &str = "00 20 00 ?0 08*";

/// CHANGE REFERENCE DATA of the PIN with the old value.
const CHANGE_PIN: &str = "00 24 00 ?0 10*";

/// The profile with a second key.
const SIGNING: &str = "signing";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "pin.change-does-not-last",
        wrong: "A change of the PIN is answered 9000 and not made.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered(CHANGE_PIN, "9000"))],
    },
    Mutant {
        id: "pin.change-in-volatile-memory",
        wrong: "A changed PIN is the old one again after power-off.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesWrite(When::said(CHANGE_PIN), 1)],
    },
    Mutant {
        id: "pin.change-guesses-are-free",
        wrong: "A wrong old PIN costs no try.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered(CHANGE_PIN, "63C?"))],
    },
    Mutant {
        id: "pin.change-wrong-is-6982",
        wrong: "A wrong old PIN is answered 6982.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(
            When::answered(CHANGE_PIN, "63C?"),
            |_, response| *response = vec![0x69, 0x82],
        )],
    },
    Mutant {
        id: "pin.change-wrong-closes-nothing",
        wrong: "A wrong old PIN leaves open what the right one has opened.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered(CHANGE_PIN, "63C?"))],
    },
    Mutant {
        id: "pin.change-unblocks",
        wrong: "A blocked PIN can be changed with its right value.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesBefore(
            When::said("00 24 00 ?0 10 3132333435363738*"),
            |image| fill(image, PIN),
        )],
    },
    Mutant {
        id: "pin.change-fills-nothing",
        wrong: "A changed PIN has a try less.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered(CHANGE_PIN, "9000"),
            |image| spend(image, PIN),
        )],
    },
    Mutant {
        id: "pin.change-pads",
        wrong: "CHANGE REFERENCE DATA pads what is too short.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 24 00 ?0 0F*"), |command| {
            command.push(0xFF);
            set(command, 4, |_| 0x10);
        })],
    },
    Mutant {
        id: "pin.change-takes-short-pins",
        wrong: "A new PIN may be of any length.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PIN, |datum| datum.rules.length_min = 1)
        })],
    },
    Mutant {
        id: "pin.change-takes-long-pins-only",
        wrong: "A new PIN must have eight digits.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PIN, |datum| datum.rules.length_min = 8)
        })],
    },
    Mutant {
        id: "pin.padding-is-any",
        wrong: "A PIN padded with 00 is taken for the same padded with FF.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said(VERIFY_PIN), |command| {
            let value = command.iter_mut().skip(5);
            value
                .filter(|byte| **byte == 0x00)
                .for_each(|byte| *byte = 0xFF);
        })],
    },
    Mutant {
        id: "pin.change-without-the-old",
        wrong: "A new PIN is taken without the old one.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PIN, |datum| datum.rules.change = Condition::Always);
        })],
    },
    Mutant {
        id: "pin.change-ignores-p1",
        wrong: "P1 of CHANGE REFERENCE DATA is looked at for its lowest bit only.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 24*"), |command| {
            set(command, 2, |p1| p1 & 0x01)
        })],
    },
    Mutant {
        id: "pin.puk-is-changed",
        wrong: "The PUK may be changed with itself.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PUK, |datum| {
                datum.rules.change = Condition::Proven(PUK)
            });
        })],
    },
    Mutant {
        id: "pin.change-charges-in-volatile-memory",
        wrong: "The try of a change is taken off where power-off forgets it.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesWrite(When::said(CHANGE_PIN), 0)],
    },
    Mutant {
        id: "pin.transport-is-ready",
        wrong: "A transport PIN opens without being changed.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            set_if(image, PIN, ReferenceState::Transport, "12345678")
        })],
    },
    Mutant {
        id: "pin.transport-verify-charges",
        wrong: "VERIFY costs a try of a transport PIN.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered(VERIFY_PIN, "6985"),
            |image| spend(image, PIN),
        )],
    },
    Mutant {
        id: "pin.transport-is-ready-after-a-try",
        wrong: "A transport PIN opens after an attempt to change it.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered(CHANGE_PIN, "63C?"),
            |image| {
                set_if(image, PIN, ReferenceState::Transport, "12345678");
            },
        )],
    },
    Mutant {
        id: "pin.unset-has-a-default",
        wrong: "A PIN without a value has one that the maker knows.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            set_if(image, PIN, ReferenceState::Unset, "12345678")
        })],
    },
    Mutant {
        id: "pin.unset-is-set-by-anybody",
        wrong: "Whoever changes a PIN without a value gives it one.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered(CHANGE_PIN, "6984"),
            |image| {
                set_if(image, PIN, ReferenceState::Unset, "24681357");
            },
        )],
    },
    Mutant {
        id: "pin.puk-sets-nothing",
        wrong: "RESET RETRY COUNTER is answered 9000 and changes nothing.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered("00 2C 00*", "9000"))],
    },
    Mutant {
        id: "pin.second-is-forgotten",
        wrong: "What the signature PIN has opened is closed at once.",
        profile: SIGNING,
        seams: &[Seam::LosesSession(When::answered(
            "00 20 00 9A 08*",
            "9000",
        ))],
    },
    Mutant {
        id: "pin.second-is-the-first",
        wrong: "Asked about the signature PIN, it tells of the master file's.",
        profile: SIGNING,
        seams: &[Seam::Hears(When::said("00 20 00 9A"), |command| {
            set(command, 3, |_| PIN)
        })],
    },
    Mutant {
        id: "pin.first-is-the-second",
        wrong: "Asked about the PIN, it tells of the signature PIN.",
        profile: SIGNING,
        seams: &[Seam::Hears(When::said("00 20 00 10"), |command| {
            set(command, 3, |_| 0x9A)
        })],
    },
    Mutant {
        id: "pin.second-blocks-with-the-first",
        wrong: "A blocked PIN blocks the signature PIN.",
        profile: SIGNING,
        seams: &[Seam::ChangesAfter(
            When::answered(VERIFY_PIN, "6983"),
            |image| {
                if let Some(folder) = folder(image, &[0x1400, 0x8110]) {
                    for datum in &mut folder.reference_data {
                        *datum = datum.clone().with_tries_left(0);
                    }
                }
            },
        )],
    },
    Mutant {
        id: "pin.second-is-everywhere",
        wrong: "The signature PIN is found in the master file.",
        profile: SIGNING,
        seams: &[Seam::Made(|image| {
            let found = folder(image, &[0x1400, 0x8110]).map(|f| f.reference_data.clone());
            image
                .master_file
                .reference_data
                .extend(found.unwrap_or_default());
        })],
    },
    Mutant {
        id: "pin.second-hides-the-first",
        wrong: "From the signature key's folder the PIN of the master file is not found.",
        profile: SIGNING,
        seams: &[Seam::Says(When::said("00 20 00 90*"), |_, response| {
            *response = vec![0x6A, 0x88]
        })],
    },
];
