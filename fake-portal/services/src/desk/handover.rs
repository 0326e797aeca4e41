//! PIN and PUK go three ways: whole onto the card, one part into a hand, the other into the post.

use cns_authority::{CardNumber, CodiceFiscale, RevocationReason};
use time::OffsetDateTime;

use super::card::CardStep;
use super::contact::Contact;
use super::credential::{CredentialState, CredentialStep};
use super::dossier::Dossier;
use super::effect::{Effect, Slip};
use super::form::Form;
use super::identity::{Identified, Means};
use super::office::Office;
use super::person::Operator;
use super::request::{Request, RequestId};
use super::secrets::{self, Cip};
use super::verifier::Verifier;
use super::{Desk, rules};
use crate::audit::Matter;
use crate::entropy::{Entropy, EntropyFault};
use crate::outbox::{Content, Message};
use crate::refusal::Refusal;
use crate::role::Role;

impl Desk {
    /// Hands over what was asked for, to the one who was identified when asking. The card becomes
    /// active. No digit stays here.
    ///
    /// # Errors
    /// `DESK-135`: the request is not open. `DESK-123`: the identification is too old. `DESK-116`: a
    /// second operator is missing. `DESK-128`: the card was suspended in between. The request stays open.
    pub fn hand_over(
        &mut self,
        request: RequestId,
        second: Option<&Operator>,
        entropy: &mut dyn Entropy,
        now: OffsetDateTime,
    ) -> Result<Vec<Effect>, Refusal> {
        self.audited(self.hand_over_matter(request, second, now), |desk| {
            let Request { form, asked_by } = desk.request(request)?;
            let card = form.card;
            desk.fresh(asked_by, now)?;
            let mut dossier = desk.dossier(card)?.clone();
            desk.may_receive(&form.contact, &dossier.holder, now)?;
            let office = asked_by.office();
            if let Means::Counter { operator, office } = asked_by.means() {
                office.must_be_open(now)?;
                desk.approved(operator, second, dossier.holder.codice_fiscale)?;
            }
            let handed_to = asked_by.person().codice_fiscale;
            dossier.take(CardStep::Activate, RevocationReason::Unspecified, now)?;
            dossier.credential = dossier.credential.after(CredentialStep::HandFirstPart)?;
            let no_entropy = |_| rules::NO_ENTROPY.refuse();
            let issue = Issue::draw(&mut dossier, form, entropy).map_err(no_entropy)?;
            desk.dossiers.insert(card, dossier);
            desk.requests.remove(&request);
            Ok(issue.effects(card, handed_to, office))
        })
    }

    /// What the log says of a hand-over, of a request that is open or is not.
    fn hand_over_matter(
        &self,
        request: RequestId,
        second: Option<&Operator>,
        now: OffsetDateTime,
    ) -> Matter {
        let with = second.map(|second| format!(", with {}", second.codice_fiscale));
        let why = format!("request {}{}", request.0, with.unwrap_or_default());
        match self.request(request) {
            Ok(open) => open.asked_by.matter(now, "hand-over", open.form.card, &why),
            Err(_) => Matter {
                at: now,
                who: Role::System,
                what: "hand-over",
                card: None,
                why,
            },
        }
    }

    /// Has the second part sent again, because it was lost, came back, or arrived garbled. A new address
    /// takes a counter.
    ///
    /// # Errors
    /// `DESK-140`: none was sent, or the PIN is in use. `DESK-131`: who asks does not act for the holder.
    pub fn send_again(
        &mut self,
        who: &Identified,
        card: CardNumber,
        to: Option<Contact>,
        now: OffsetDateTime,
    ) -> Result<Vec<Effect>, Refusal> {
        let why = match &to {
            Some(to) => format!("second part, to {}", to.masked()),
            None => "second part, to the same contact".to_owned(),
        };
        self.audited(who.matter(now, "send-again", card, &why), |desk| {
            desk.fresh(who, now)?;
            let dossier = desk.dossier(card)?;
            who.not_the_operators_own(dossier.holder.codice_fiscale)?;
            who.acts_for(&dossier.holder, now)?;
            rules::WRONG_DOOR.unless(!matches!(who.means(), Means::Cip { .. }))?;
            if let Some(to) = &to {
                who.operator()?;
                desk.may_receive(to, &dossier.holder, now)?;
            }
            let message = dossier.second_part.filter(|_| dossier.awaits_second_part());
            let message = message.ok_or_else(|| rules::NO_SECOND_PART.refuse())?;
            if let Some(to) = &to {
                desk.dossier_mut(card)?.contact = Some(to.clone());
            }
            Ok(vec![Effect::Resend { message, to }])
        })
    }
}

impl Dossier {
    fn awaits_second_part(&self) -> bool {
        matches!(
            self.credential.state,
            CredentialState::SecondPartQueued
                | CredentialState::SecondPartDelivered
                | CredentialState::SecondPartBounced
        )
    }
}

/// The digits of one hand-over, for as long as they are in one place.
struct Issue {
    secrets: secrets::CardSecrets,
    slip: secrets::FirstPart,
    message: Message,
}

impl Issue {
    /// Draws the digits, and enters into the dossier what may be known of them.
    fn draw(
        dossier: &mut Dossier,
        form: &Form,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, EntropyFault> {
        let (secrets, slip, part) = secrets::draw(entropy)?;
        let cip = Cip::draw(entropy)?;
        dossier.cip = Some(Verifier::of(cip.digits(), entropy)?);
        dossier.contact = Some(form.contact.clone());
        dossier.language = form.language;
        dossier.second_part = None;
        let message = Message {
            to: form.contact.clone(),
            card: Some(form.card),
            language: form.language,
            content: Content::SecondPart { part, cip },
        };
        Ok(Self {
            secrets,
            slip,
            message,
        })
    }

    /// The three ways.
    fn effects(
        self,
        card: CardNumber,
        handed_to: CodiceFiscale,
        office: Option<&'static Office>,
    ) -> Vec<Effect> {
        let slip = Slip {
            handed_to,
            card,
            office,
            language: self.message.language,
            part: self.slip,
        };
        vec![
            Effect::PersonaliseCard {
                card,
                secrets: self.secrets,
            },
            Effect::ShowFirstPart(slip),
            Effect::Send(self.message),
        ]
    }
}
