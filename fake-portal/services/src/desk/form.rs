//! The form, and what lies on the counter beside it.

use cns_authority::{CardNumber, CodiceFiscale};
use cns_language::Language;
use time::{Date, OffsetDateTime};

use super::contact::Contact;
use super::person::Document;
use crate::italian_time::in_italy;

/// What is asked for, by whom, with what in hand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Form {
    /// For which card.
    pub card: CardNumber,
    /// Who asks for whom.
    pub kind: FormKind,
    /// What lies on the counter.
    pub papers: Papers,
    /// Where the second part is to be sent.
    pub contact: Contact,
    /// In which language.
    pub language: Language,
}

/// Who asks for whom.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FormKind {
    /// An adult, for the own card, at a counter.
    AtDesk,
    /// An adult, for the own card, on the portal.
    Online,
    /// A parent, for a minor.
    Minor,
    /// A guardian, for an adult who cannot act.
    Ward,
    /// An adult whom the holder has asked to.
    Delegate(Kinship),
}

/// How a delegate is related to the holder.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kinship {
    /// Married, or in a civil union.
    Spouse,
    /// A relative of this degree, in direct or collateral line: children 1, siblings 2, nephews 3.
    Relative {
        /// Counted as articles 74 to 76 of the civil code do.
        degree: u8,
    },
    /// Neither.
    None,
}

/// What somebody brings. Nothing is needed by everybody, so that everything may be missing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Papers {
    /// The card that lies on the counter: the holder's own, or given in custody.
    pub card: Option<CardNumber>,
    /// The signed form, of minors, wards and delegations.
    pub form: Option<SignedForm>,
    /// A photocopy of the holder's document, for a delegation.
    pub holder_document: Option<Document>,
    /// The paper of a court, for a ward.
    pub court_paper: Option<CourtPaper>,
    /// Why the holder of a delegation does not come.
    pub impediment: Option<Impediment>,
}

/// A form with a signature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedForm {
    /// Who has signed.
    pub signed_by: CodiceFiscale,
    /// The delegate whom it names.
    pub delegate: Option<CodiceFiscale>,
}

/// By which a court appoints a guardian.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CourtPaper {
    /// The number of the order.
    pub number: String,
    /// Who is appointed.
    pub guardian: CodiceFiscale,
    /// For whom.
    pub ward: CodiceFiscale,
}

/// A health impediment that passes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Impediment {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
}

impl FormKind {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AtDesk => "at-desk",
            Self::Online => "online",
            Self::Minor => "minor",
            Self::Ward => "ward",
            Self::Delegate(_) => "delegate",
        }
    }
}

impl Kinship {
    pub(super) fn is_near(self) -> bool {
        match self {
            Self::Spouse => true,
            Self::Relative { degree } => (1..=3).contains(&degree),
            Self::None => false,
        }
    }
}

impl Impediment {
    pub(super) fn lasts(self, now: OffsetDateTime) -> bool {
        let today = in_italy(now).date();
        self.from <= today && today <= self.until
    }
}
