//! Cards that are wrong about their PUK.

use cns_card::{Condition, ReferenceData, ReferenceValue};
use cns_fixtures::DEFAULT_PROFILE;

use super::image::folder;
use super::objects::{PIN, PUK, fill, reference, set, spend};
use super::{Mutant, Seam, When};

/// RESET RETRY COUNTER of the PIN, any form.
const RESET: &str = "00 2C*";

/// The same with PUK and new PIN.
const RESET_WITH_NEW: &str = "00 2C 00 ?0 10*";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "puk.answers-with-data",
        wrong: "RESET RETRY COUNTER is answered with data.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::answered(RESET, "9000"), |_, response| {
            response.insert(0, 0x03)
        })],
    },
    Mutant {
        id: "puk.changes-nothing",
        wrong: "RESET RETRY COUNTER is answered 9000 and changes nothing.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered(RESET, "9000"))],
    },
    Mutant {
        id: "puk.fills-only",
        wrong: "With a new PIN, the old one gets its tries back and stays.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said(RESET_WITH_NEW), |command| {
            command.truncate(13);
            set(command, 2, |_| 0x01);
            set(command, 4, |_| 0x08);
        })],
    },
    Mutant {
        id: "puk.new-pin-in-volatile-memory",
        wrong: "The new PIN is the old one again after power-off.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesWrite(When::said(RESET_WITH_NEW), 1)],
    },
    Mutant {
        id: "puk.gives-two-tries",
        wrong: "An unblocked PIN has a try less than it should.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(When::answered(RESET, "9000"), |image| {
            spend(image, PIN)
        })],
    },
    Mutant {
        id: "puk.proven-stays-proven",
        wrong: "A PIN that was proven is still proven after its reset.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::KeepsSession(When::answered(RESET, "9000"))],
    },
    Mutant {
        id: "puk.not-alone",
        wrong: "The PUK must come with a new PIN.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Says(When::said("00 2C 01*"), |_, response| {
            *response = vec![0x6A, 0x86]
        })],
    },
    Mutant {
        id: "puk.alone-is-not-compared",
        wrong: "The PUK that comes alone is not compared.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered("00 2C 01 ?0 08*", "63*"),
            |image| {
                fill(image, PIN);
                fill(image, PUK);
            },
        )],
    },
    Mutant {
        id: "puk.guesses-are-free",
        wrong: "A wrong PUK costs no try.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ForgetsChange(When::answered(RESET, "63*"))],
    },
    Mutant {
        id: "puk.not-asked-for",
        wrong: "A reset without data needs no right.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PIN, |datum| datum.rules.unblock = Condition::Always);
        })],
    },
    Mutant {
        id: "puk.pin-unblocks-itself",
        wrong: "The PIN is its own PUK.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PIN, |datum| {
                datum.rules.unblock = Condition::Proven(PIN)
            });
        })],
    },
    Mutant {
        id: "puk.proven-is-not-enough",
        wrong: "A reset without data is refused although the PUK is proven.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesSessionBefore(When::said("00 2C 03*"))],
    },
    Mutant {
        id: "puk.data-are-ignored",
        wrong: "With P1 03, data are not looked at.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 2C 03*"), |command| {
            command.truncate(4)
        })],
    },
    Mutant {
        id: "puk.takes-p1-02",
        wrong: "P1 02 is taken for P1 03.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 2C 02*"), |command| {
            command.truncate(4);
            set(command, 2, |_| 0x03);
        })],
    },
    Mutant {
        id: "puk.p1-bits",
        wrong: "P1 is looked at for its lowest two bits only.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 2C*"), |command| {
            set(command, 2, |p1| p1 & 0x03)
        })],
    },
    Mutant {
        id: "puk.pads",
        wrong: "RESET RETRY COUNTER pads what is too short.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 2C 00 ?0 0F*"), |command| {
            command.push(0xFF);
            set(command, 4, |_| 0x10);
        })],
    },
    Mutant {
        id: "puk.takes-short-pins",
        wrong: "A new PIN may be of any length.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PIN, |datum| datum.rules.length_min = 1)
        })],
    },
    Mutant {
        id: "puk.short-pin-costs-a-try",
        wrong: "A new PIN that is too short costs a try of the PUK.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(When::answered(RESET, "6A80"), |image| {
            spend(image, PUK)
        })],
    },
    Mutant {
        id: "puk.any-reference",
        wrong: "An unknown PIN is taken for the PIN.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Hears(When::said("00 2C 00 1E*"), |command| {
            set(command, 3, |_| PIN)
        })],
    },
    Mutant {
        id: "puk.unblocks-itself",
        wrong: "The PUK is its own PUK.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PUK, |datum| {
                datum.rules.unblock = Condition::Proven(PUK)
            });
        })],
    },
    Mutant {
        id: "puk.wrong-changes-the-pin",
        wrong: "A wrong PUK spends a try of the PIN.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(When::answered(RESET, "63*"), |image| {
            spend(image, PIN)
        })],
    },
    Mutant {
        id: "puk.wrong-unblocks",
        wrong: "A wrong PUK gives the PIN its tries back.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(When::answered(RESET, "63*"), |image| {
            fill(image, PIN)
        })],
    },
    Mutant {
        id: "puk.right-fills-nothing",
        wrong: "The right PUK gives the PUK no try back.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(When::answered(RESET, "9000"), |image| {
            spend(image, PUK)
        })],
    },
    Mutant {
        id: "puk.reset-fills",
        wrong: "A reset gives the PUK its tries back.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAtReset(|image| fill(image, PUK))],
    },
    Mutant {
        id: "puk.shares-the-counter",
        wrong: "A wrong PIN spends a try of the PUK too.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(
            When::answered("00 20 00 ?0 08*", "63C?"),
            |image| spend(image, PUK),
        )],
    },
    Mutant {
        id: "puk.one-try-more",
        wrong: "The PUK has a try more than it should.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::Made(|image| {
            reference(image, PUK, |datum| datum.rules.tries_max += 1);
            fill(image, PUK);
        })],
    },
    Mutant {
        id: "puk.exhausted-blocks-the-pin",
        wrong: "A PUK without tries blocks the PIN.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(When::answered(RESET, "6983"), |image| {
            reference(image, PIN, |datum| {
                *datum = datum.clone().with_tries_left(0)
            });
        })],
    },
    Mutant {
        id: "puk.exhausted-needs-no-proof",
        wrong: "When the PUK is exhausted, a reset needs no right.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::ChangesAfter(When::answered(RESET, "6983"), |image| {
            reference(image, PIN, |datum| datum.rules.unblock = Condition::Always);
        })],
    },
    Mutant {
        id: "puk.charges-in-volatile-memory",
        wrong: "The try of a PUK is taken off where power-off forgets it.",
        profile: DEFAULT_PROFILE,
        seams: &[Seam::LosesWrite(When::said(RESET), 0)],
    },
    Mutant {
        id: "puk.second-has-none",
        wrong: "The signature PUK is another than the card holder was told.",
        profile: "signing",
        seams: &[Seam::Made(|image| {
            let Ok(other) = ReferenceValue::from_digits("90909090") else {
                return;
            };
            if let Some(folder) = folder(image, &[0x1400, 0x8110])
                && let Some(puk) = folder.reference_data.last_mut()
            {
                *puk = ReferenceData::new(puk.id, puk.rules, &other, [0xA5; 16]);
            }
        })],
    },
    Mutant {
        id: "puk.second-charges-the-first",
        wrong: "A wrong signature PUK spends a try of the PUK.",
        profile: "signing",
        seams: &[Seam::ChangesAfter(
            When::answered("00 2C 00 9A*", "63C?"),
            |image| spend(image, PUK),
        )],
    },
];
