//! The seams at which a card is made wrong, and the one place where they are used.

use cns_card::{Card, CardImage};

use super::When;

/// One thing that is wrong.
pub enum Seam {
    /// The card is made so.
    Made(fn(&mut CardImage)),
    /// It takes a command for another one.
    Hears(When, fn(&mut Vec<u8>)),
    /// It says something else than it should: the command, and the response that is changed.
    Says(When, fn(&[u8], &mut Vec<u8>)),
    /// What the command changed does not last.
    ForgetsChange(When),
    /// What was proven, selected and set before the command is so again after it.
    KeepsSession(When),
    /// What was proven, selected and set is forgotten after the command.
    LosesSession(When),
    /// The same before the command.
    LosesSessionBefore(When),
    /// Before the command, what is stored on the card changes by itself.
    ChangesBefore(When, fn(&mut CardImage)),
    /// After the command, what is stored on the card changes by itself.
    ChangesAfter(When, fn(&mut CardImage)),
    /// Of the writes that the command makes, the one after so many others is found undone after
    /// power-off.
    LosesWrite(When, u32),
    /// When the power is cut at a write, this is what the write has done already.
    TornWrite(fn(&mut CardImage)),
    /// It answers to a reset with something else than it should.
    AnswersToReset(fn(Reset, &mut Vec<u8>)),
    /// A reset forgets nothing.
    SurvivesReset,
    /// At reset, what is stored on the card changes by itself.
    ChangesAtReset(fn(&mut CardImage)),
}

/// Which reset an answer is to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reset {
    /// The one with which power comes.
    Cold,
    /// The reset contact.
    Warm,
}

impl Seam {
    /// Makes the card wrong before it is powered for the first time.
    pub(crate) fn make(&self, image: &mut CardImage) {
        if let Self::Made(edit) = self {
            edit(image);
        }
    }

    /// Resets a card with these seams.
    pub(crate) fn reset(seams: &[Self], card: &mut Card) {
        for seam in seams {
            if let Self::ChangesAtReset(edit) = seam {
                card.edit_image(edit);
            }
        }
        if !seams.iter().any(|seam| matches!(seam, Self::SurvivesReset)) {
            card.reset();
        }
    }

    /// What a card with these seams makes of its answer to reset.
    pub(crate) fn answer_to_reset(seams: &[Self], reset: Reset, atr: &mut Vec<u8>) {
        for seam in seams {
            if let Self::AnswersToReset(edit) = seam {
                edit(reset, atr);
            }
        }
    }

    /// What a write has done when the power was cut at it: nothing, but for these seams.
    pub(crate) fn tear(seams: &[Self], durable: &mut CardImage) {
        for seam in seams {
            if let Self::TornWrite(edit) = seam {
                edit(durable);
            }
        }
    }

    /// The write of this command that does not last, counted from 0.
    pub(crate) fn lost_write(seams: &[Self], command: &[u8]) -> Option<u32> {
        seams.iter().find_map(|seam| match seam {
            Self::LosesWrite(when, write) if when.hears(command) => Some(*write),
            _ => None,
        })
    }

    /// Lets a card with these seams answer a command.
    pub(crate) fn transmit(
        seams: &[Self],
        card: &mut Card,
        command: &[u8],
        response: &mut Vec<u8>,
    ) {
        if seams.is_empty() {
            return card.transmit(command, response);
        }
        let mut heard = command.to_vec();
        for seam in seams {
            match seam {
                Self::Hears(when, edit) if when.hears(command) => edit(&mut heard),
                Self::LosesSessionBefore(when) if when.hears(command) => {
                    card.reset();
                }
                Self::ChangesBefore(when, edit) if when.hears(command) => card.edit_image(edit),
                _ => {}
            }
        }
        let image = card.image().clone();
        let session = card.snapshot_session();
        card.transmit(&heard, response);
        let answered = response.clone();
        for seam in seams {
            let sees = |when: &When| when.sees(command, &answered);
            match seam {
                Self::Says(when, edit) if sees(when) => edit(command, response),
                Self::ForgetsChange(when) if sees(when) => {
                    card.edit_image(|current| *current = image.clone());
                }
                Self::KeepsSession(when) if sees(when) => card.restore_session(session.clone()),
                Self::LosesSession(when) if sees(when) => {
                    card.reset();
                }
                Self::ChangesAfter(when, edit) if sees(when) => card.edit_image(edit),
                _ => {}
            }
        }
    }
}
