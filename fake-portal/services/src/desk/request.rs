//! Asking for PIN and PUK: the form, the papers, and who may ask.

use std::fmt;

use cns_authority::{CardNumber, CodiceFiscale};
use cns_language::Language;
use time::{Date, OffsetDateTime};

use super::contact::Contact;
use super::credential::{Credential, CredentialStep};
use super::dossier::{Chip, Dossier};
use super::identity::{Identified, Means};
use super::person::{Applicant, Document};
use super::{CardState, Desk, rules};
use crate::italian_time::in_italy;
use crate::refusal::Refusal;

/// The number of a request.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RequestId(pub u32);

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

/// An accepted form that nothing was handed over for yet.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) form: Form,
    pub(super) asked_by: Identified,
}

impl Desk {
    /// Takes a form from somebody who was identified.
    ///
    /// # Errors
    /// The first rule that is broken. The form can be given again, after another identification.
    pub fn take_form(
        &mut self,
        asked_by: Identified,
        form: Form,
        now: OffsetDateTime,
    ) -> Result<RequestId, Refusal> {
        let why = format!("{}, contact {}", form.kind, form.contact.masked());
        let matter = asked_by.matter(now, "take-form", form.card, &why);
        self.audited(matter, |desk| {
            desk.fresh(&asked_by, now)?;
            let dossier = desk.dossier(form.card)?;
            asked_by.not_the_operators_own(dossier.holder.codice_fiscale)?;
            dossier.can_have_codes()?;
            may_ask(&asked_by, &form, &dossier.holder, now)?;
            desk.may_receive(&form.contact, &dossier.holder)?;
            let request = RequestId(desk.requests_ever);
            let credential = desk.without_stale_request(form.card, now)?;
            let credential = credential.after(CredentialStep::OpenRequest(request))?;
            let dossier = desk.dossier_mut(form.card)?;
            let stale = std::mem::replace(&mut dossier.credential, credential).request;
            stale.map(|stale| desk.requests.remove(&stale));
            desk.requests_ever += 1;
            desk.requests.insert(request, Request { form, asked_by });
            Ok(request)
        })
    }

    /// Gives a request up.
    ///
    /// # Errors
    /// `DESK-135`: it is not open; `DESK-131`: who asks neither made it nor acts for the holder.
    pub fn withdraw(
        &mut self,
        request: RequestId,
        who: &Identified,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let card = self.request(request)?.form.card;
        self.audited(who.matter(now, "withdraw", card, "given up"), |desk| {
            desk.fresh(who, now)?;
            let made_by = desk.request(request)?.asked_by.person().codice_fiscale;
            if made_by != who.person().codice_fiscale {
                who.acts_for(&desk.dossier(card)?.holder, now)?;
            }
            desk.forget(request)
        })
    }

    pub(super) fn request(&self, request: RequestId) -> Result<&Request, Refusal> {
        self.requests
            .get(&request)
            .filter(|open| {
                let dossier = self.dossiers.get(&open.form.card);
                dossier.is_some_and(|dossier| dossier.credential.request == Some(request))
            })
            .ok_or_else(|| rules::UNKNOWN_REQUEST.refusal())
    }

    /// A request that is too old to be handed over is in nobody's way.
    fn without_stale_request(
        &self,
        card: CardNumber,
        now: OffsetDateTime,
    ) -> Result<Credential, Refusal> {
        let credential = self.dossier(card)?.credential;
        let open = credential.request.and_then(|open| self.requests.get(&open));
        match open {
            Some(open) if self.fresh(&open.asked_by, now).is_err() => {
                credential.after(CredentialStep::Withdraw)
            }
            _ => Ok(credential),
        }
    }

    fn forget(&mut self, request: RequestId) -> Result<(), Refusal> {
        let card = self.request(request)?.form.card;
        let dossier = self.dossier_mut(card)?;
        dossier.credential = dossier.credential.after(CredentialStep::Withdraw)?;
        self.requests.remove(&request);
        Ok(())
    }

    /// A second part goes to the holder or to who represents the holder, or to a contact of which the
    /// desk does not know whose it is. A delegate or an operator who got it would have both parts.
    pub(super) fn may_receive(&self, contact: &Contact, holder: &Applicant) -> Result<(), Refusal> {
        let owner = self.address_book.get(contact);
        rules::CONTACT_OF_SOMEBODY_ELSE.unless(owner.is_none_or(|owner| {
            *owner == holder.codice_fiscale || holder.representatives.contains(owner)
        }))
    }
}

impl Dossier {
    pub(super) fn can_have_codes(&self) -> Result<(), Refusal> {
        let has_come = matches!(self.card, CardState::Delivered | CardState::Active);
        rules::CARD_NOT_ACTIVE.unless(has_come && self.chip == Chip::Present)
    }
}

/// Whether this person may ask this for this holder, with these papers.
fn may_ask(
    asked_by: &Identified,
    form: &Form,
    holder: &Applicant,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    match form.kind {
        FormKind::Online => online(asked_by, holder, now),
        FormKind::AtDesk => {
            at_counter(asked_by, form)?;
            is(asked_by, holder.codice_fiscale)?;
            rules::NOT_OF_AGE.unless(holder.is_adult(now))
        }
        FormKind::Minor => {
            at_counter(asked_by, form)?;
            rules::HOLDER_IS_OF_AGE.unless(!holder.is_adult(now))?;
            represents(asked_by, form, holder, now)
        }
        FormKind::Ward => {
            at_counter(asked_by, form)?;
            let appoints = |paper: &CourtPaper| {
                paper.guardian == asked_by.person().codice_fiscale
                    && paper.ward == holder.codice_fiscale
            };
            rules::NO_COURT_PAPER.unless(form.papers.court_paper.as_ref().is_some_and(appoints))?;
            represents(asked_by, form, holder, now)
        }
        FormKind::Delegate(kinship) => {
            at_counter(asked_by, form)?;
            rules::NOT_OF_AGE.unless(holder.is_adult(now) && asked_by.person().is_adult(now))?;
            is_delegated(asked_by, &form.papers, holder, now)?;
            rules::KINSHIP_TOO_FAR.unless(kinship.is_near())
        }
    }
}

fn online(asked_by: &Identified, holder: &Applicant, now: OffsetDateTime) -> Result<(), Refusal> {
    let by_login = matches!(asked_by.means(), Means::OneTimeCode | Means::Spid);
    rules::WRONG_DOOR.unless(by_login)?;
    rules::MINOR_ONLINE.unless(holder.is_adult(now))?;
    is(asked_by, holder.codice_fiscale)
}

/// An operator has seen the person, and the card lies there.
fn at_counter(asked_by: &Identified, form: &Form) -> Result<(), Refusal> {
    asked_by.operator()?;
    rules::CARD_NOT_SHOWN.unless(form.papers.card == Some(form.card))
}

fn is(asked_by: &Identified, expected: CodiceFiscale) -> Result<(), Refusal> {
    rules::NOT_THE_ONE_NAMED.unless(asked_by.person().codice_fiscale == expected)
}

fn represents(
    asked_by: &Identified,
    form: &Form,
    holder: &Applicant,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    let representative = asked_by.person();
    let who = representative.codice_fiscale;
    rules::NOT_THE_REPRESENTATIVE.unless(holder.representatives.contains(&who))?;
    rules::NOT_OF_AGE.unless(representative.is_adult(now))?;
    let signed = form.papers.form.as_ref();
    rules::FORM_NOT_SIGNED.unless(signed.is_some_and(|form| form.signed_by == who))
}

fn is_delegated(
    asked_by: &Identified,
    papers: &Papers,
    holder: &Applicant,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    let signed = papers.form.as_ref();
    let signed = signed.filter(|form| form.signed_by == holder.codice_fiscale);
    let signed = signed.ok_or_else(|| rules::FORM_NOT_SIGNED.refusal())?;
    let named = signed.delegate == Some(asked_by.person().codice_fiscale);
    rules::NOT_THE_ONE_NAMED.unless(named)?;
    let photocopy = papers.holder_document.as_ref();
    let photocopy = photocopy.ok_or_else(|| rules::NO_PHOTOCOPY.refusal())?;
    photocopy.proves(holder.codice_fiscale, now)?;
    rules::NO_IMPEDIMENT.unless(
        papers
            .impediment
            .is_some_and(|impediment| impediment.lasts(now)),
    )
}

impl Kinship {
    fn is_near(self) -> bool {
        match self {
            Self::Spouse => true,
            Self::Relative { degree } => (1..=3).contains(&degree),
            Self::None => false,
        }
    }
}

impl Impediment {
    fn lasts(self, now: OffsetDateTime) -> bool {
        let today = in_italy(now).date();
        self.from <= today && today <= self.until
    }
}

impl fmt::Display for FormKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AtDesk => "at the desk",
            Self::Online => "online",
            Self::Minor => "for a minor",
            Self::Ward => "for a ward",
            Self::Delegate(_) => "by delegation",
        })
    }
}
