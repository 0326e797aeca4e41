//! Who may ask for whom, and what must lie on the counter.

use cns_authority::CodiceFiscale;
use time::OffsetDateTime;

use super::form::{CourtPaper, Form, FormKind, Papers};
use super::identity::{Identified, Means};
use super::person::Applicant;
use super::rules;
use crate::refusal::Refusal;

/// Whether this person may ask this for this holder, with these papers.
pub(super) fn may_ask(
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
    rules::NOT_THE_REPRESENTATIVE.unless(holder.is_represented_by(who, now))?;
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
    let signed = signed.ok_or_else(|| rules::FORM_NOT_SIGNED.refuse())?;
    let named = signed.delegate == Some(asked_by.person().codice_fiscale);
    rules::NOT_THE_ONE_NAMED.unless(named)?;
    let photocopy = papers.holder_document.as_ref();
    let photocopy = photocopy.ok_or_else(|| rules::NO_PHOTOCOPY.refuse())?;
    photocopy.proves(holder.codice_fiscale, now)?;
    rules::NO_IMPEDIMENT.unless(
        papers
            .impediment
            .is_some_and(|impediment| impediment.lasts(now)),
    )
}
