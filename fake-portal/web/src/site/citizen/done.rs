//! What is said after something was done: it goes along in the address, `?done=booked`.

use cns_language::{Text, text};

/// Something that was done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Done {
    Collected,
    Obscured,
    Revealed,
    Consented,
    Declared,
    Revoked,
    Booked,
    Cancelled,
    Chosen,
    Applied,
}

impl Done {
    const ALL: [Self; 10] = [
        Self::Collected,
        Self::Obscured,
        Self::Revealed,
        Self::Consented,
        Self::Declared,
        Self::Revoked,
        Self::Booked,
        Self::Cancelled,
        Self::Chosen,
        Self::Applied,
    ];

    /// What an address names, if it names something.
    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.word() == word)
    }

    pub(super) fn word(self) -> &'static str {
        self.row().0
    }

    pub(super) fn sentence(self) -> Text {
        self.row().1
    }

    fn row(self) -> (&'static str, Text) {
        match self {
            Self::Collected => (
                "collected",
                text(
                    "Il referto è stato ritirato.",
                    "The report was collected.",
                    "Der Befund wurde abgeholt.",
                ),
            ),
            Self::Obscured => (
                "obscured",
                text(
                    "Il referto è oscurato: lo vedi solo tu, o chi ti rappresenta per legge.",
                    "The report is obscured: only you see it, or who represents you by law.",
                    "Der Befund ist verdunkelt: nur Sie sehen ihn, oder Ihr gesetzlicher Vertreter.",
                ),
            ),
            Self::Revealed => (
                "revealed",
                text(
                    "Il referto è di nuovo visibile.",
                    "The report can be seen again.",
                    "Der Befund ist wieder sichtbar.",
                ),
            ),
            Self::Consented => (
                "consented",
                text(
                    "La scelta sul consenso è registrata.",
                    "The decision about consent is recorded.",
                    "Die Entscheidung über die Zustimmung ist eingetragen.",
                ),
            ),
            Self::Declared => (
                "declared",
                text(
                    "L'esenzione è in vigore da oggi.",
                    "The exemption is in force from today.",
                    "Die Befreiung gilt ab heute.",
                ),
            ),
            Self::Revoked => (
                "revoked",
                text(
                    "L'esenzione è revocata.",
                    "The exemption is revoked.",
                    "Die Befreiung ist widerrufen.",
                ),
            ),
            Self::Booked => (
                "booked",
                text(
                    "L'appuntamento è prenotato.",
                    "The appointment is booked.",
                    "Der Termin ist vorgemerkt.",
                ),
            ),
            Self::Cancelled => (
                "cancelled",
                text(
                    "La prenotazione è disdetta.",
                    "The booking is cancelled.",
                    "Die Vormerkung ist abgesagt.",
                ),
            ),
            Self::Chosen => (
                "chosen",
                text(
                    "Il nuovo medico è registrato da oggi.",
                    "The new doctor is registered from today.",
                    "Der neue Arzt ist ab heute eingetragen.",
                ),
            ),
            Self::Applied => (
                "applied",
                text(
                    "La richiesta di deroga è stata inviata allo sportello.",
                    "The request for an exception was sent to the desk.",
                    "Der Antrag auf Ausnahme wurde an den Schalter geschickt.",
                ),
            ),
        }
    }
}
