//! Requests for PIN and PUK: taken, given up, grown old.

use std::sync::Arc;

use cns_authority::CardNumber;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::card::CardState;
use super::contact::Contact;
use super::credential::{Credential, CredentialStep};
use super::dossier::{Chip, Dossier};
use super::entitlement::may_ask;
use super::form::Form;
use super::identity::Identified;
use super::person::Applicant;
use super::{Desk, rules};
use crate::audit::Matter;
use crate::refusal::Refusal;

/// The number of a request.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct RequestId(pub u32);

/// An accepted form that nothing was handed over for yet.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) form: Form,
    /// Shared by the copies of a desk, because it is not copied itself.
    pub(super) asked_by: Arc<Identified>,
}

impl Desk {
    /// Looks at a form without taking it, so that who was identified can mend what is wrong with it and
    /// give it again. What is refused is in the log.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn look_at_form(
        &mut self,
        asked_by: &Identified,
        form: &Form,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let matter = form_matter("look-at-form", asked_by, form, now);
        self.audited(matter, |desk| {
            desk.credential_for(asked_by, form, now).map(drop)
        })
    }

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
        let matter = form_matter("take-form", &asked_by, &form, now);
        self.audited(matter, |desk| {
            let credential = desk.credential_for(&asked_by, &form, now)?;
            let request = RequestId(desk.requests_ever);
            let credential = credential.after(CredentialStep::OpenRequest(request))?;
            let dossier = desk.dossier_mut(form.card)?;
            let stale = std::mem::replace(&mut dossier.credential, credential).request;
            stale.map(|stale| desk.requests.remove(&stale));
            desk.requests_ever += 1;
            let asked_by = Arc::new(asked_by);
            desk.requests.insert(request, Request { form, asked_by });
            Ok(request)
        })
    }

    /// The codes of the card, if this person may ask for others with this form.
    fn credential_for(
        &self,
        asked_by: &Identified,
        form: &Form,
        now: OffsetDateTime,
    ) -> Result<Credential, Refusal> {
        self.fresh(asked_by, now)?;
        let dossier = self.dossier(form.card)?;
        asked_by.not_the_operators_own(dossier.holder.codice_fiscale)?;
        dossier.can_have_codes()?;
        may_ask(asked_by, form, &dossier.holder, now)?;
        self.may_receive(&form.contact, &dossier.holder, now)?;
        let credential = self.without_stale_request(form.card, now)?;
        let next = CredentialStep::OpenRequest(RequestId(self.requests_ever));
        credential.after(next).map(|_| credential)
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
        let card = self.request(request).ok().map(|open| open.form.card);
        let why = format!("request {}", request.0);
        self.audited(who.matter(now, "withdraw", card, &why), |desk| {
            desk.fresh(who, now)?;
            let Request { form, asked_by } = desk.request(request)?;
            if asked_by.person().codice_fiscale != who.person().codice_fiscale {
                who.acts_for(&desk.dossier(form.card)?.holder, now)?;
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
            .ok_or_else(|| rules::UNKNOWN_REQUEST.refuse())
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
    pub(super) fn may_receive(
        &self,
        contact: &Contact,
        holder: &Applicant,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let owner = self.address_book.get(contact);
        rules::CONTACT_OF_SOMEBODY_ELSE.unless(owner.is_none_or(|owner| {
            *owner == holder.codice_fiscale || holder.is_represented_by(*owner, now)
        }))
    }
}

fn form_matter(
    what: &'static str,
    asked_by: &Identified,
    form: &Form,
    now: OffsetDateTime,
) -> Matter {
    let why = format!("{}, contact {}", form.kind.name(), form.contact.masked());
    asked_by.matter(now, what, form.card, &why)
}

impl Dossier {
    pub(super) fn can_have_codes(&self) -> Result<(), Refusal> {
        let has_come = matches!(self.card, CardState::Delivered | CardState::Active);
        rules::CARD_NOT_ACTIVE.unless(has_come && self.chip == Chip::Present)
    }
}
