//! What each role sees of a card. No view has a digit of a code, a part of one, or a verifier.

use cns_authority::CardNumber;
use serde::Serialize;
use time::OffsetDateTime;

use super::dossier::Dossier;
use super::identity::Identified;
use super::{Desk, RequestId, rules};
use crate::audit::Matter;
use crate::refusal::Refusal;
use crate::role::Role;
use crate::version::Version;

/// A card as somebody sees it, for a page or as JSON.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct DossierView {
    /// Its number.
    pub card: String,
    /// Whose it is; the auditor reads codici fiscali in the log, and no names.
    pub holder: Option<String>,
    /// The last day on which it is valid, `2032-01-31`.
    pub expires: String,
    /// Where it is in its life.
    pub state: &'static str,
    /// The status of its certificate.
    pub certificate: &'static str,
    /// What is known of its codes.
    pub credential: &'static str,
    /// Since when it is on hold, if it is.
    #[serde(with = "time::serde::rfc3339::option")]
    pub suspended_since: Option<OffsetDateTime>,
    /// Where the second part goes, masked. For the holder, who represents the holder, and operators.
    pub contact: Option<String>,
    /// The open request.
    pub request: Option<RequestView>,
    /// How often the card has changed; see [`Desk::is_still`].
    pub version: Version,
}

/// A request as whoever may see its card sees it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct RequestView {
    /// Its number.
    pub id: u32,
    /// Who asks for whom.
    pub kind: &'static str,
    /// Who was identified, by codice fiscale.
    pub asked_by: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub identified: OffsetDateTime,
}

impl Desk {
    /// A card, as far as this role may see it.
    ///
    /// # Errors
    /// `DESK-125`: there is no such card, or it is none of a citizen's, guardian's or delegate's
    /// business; they are not told which.
    pub fn view(
        &self,
        reader: Role,
        card: CardNumber,
        now: OffsetDateTime,
    ) -> Result<DossierView, Refusal> {
        let dossier = self.dossier(card)?;
        let request = dossier.credential.request;
        let request = request.and_then(|id| Some((id, self.requests.get(&id)?)));
        let asked_by = request.map(|(_, request)| &*request.asked_by);
        let sight =
            sight(reader, dossier, asked_by, now).ok_or_else(|| rules::UNKNOWN_CARD.refuse())?;
        Ok(DossierView {
            card: card.to_string(),
            holder: (sight != Sight::States).then(|| dossier.holder.name.clone()),
            expires: dossier.expires.to_string(),
            state: dossier.card.name(),
            certificate: dossier.certificate.name(),
            credential: dossier.credential.name(),
            suspended_since: dossier.suspended_since,
            contact: dossier
                .contact
                .as_ref()
                .filter(|_| sight == Sight::Whole)
                .map(|contact| contact.masked()),
            request: request.map(|(RequestId(id), request)| RequestView {
                id,
                kind: request.form.kind.name(),
                asked_by: request.asked_by.person().codice_fiscale.to_string(),
                identified: request.asked_by.at(),
            }),
            version: dossier.version,
        })
    }

    /// Whoever decides about a card saw it as it is: between a page and what is asked on it, another
    /// operator, the holder online, the post or the date may have changed it.
    ///
    /// # Errors
    /// `DESK-141`: it is another version. `DESK-125`: there is no such card.
    pub fn is_still(
        &mut self,
        (card, seen): (CardNumber, Version),
        reader: Role,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        if self.dossier(card)?.version == seen {
            return Ok(());
        }
        let matter = Matter {
            at: now,
            who: reader,
            what: "decide",
            card: Some(card),
            why: "seen as it no longer is".to_owned(),
        };
        self.audited(matter, |_| Err(rules::CARD_CHANGED_MEANWHILE.refuse()))
    }

    /// All cards that this role may see, by their numbers.
    pub fn views(&self, reader: Role, now: OffsetDateTime) -> Vec<DossierView> {
        self.dossiers
            .keys()
            .filter_map(|card| self.view(reader, *card, now).ok())
            .collect()
    }
}

/// How much of a card a role sees.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Sight {
    /// All that a view has.
    Whole,
    /// Whose it is and how it stands, and not where the second part goes.
    Named,
    /// How it stands.
    States,
}

fn sight(
    reader: Role,
    dossier: &Dossier,
    asked_by: Option<&Identified>,
    now: OffsetDateTime,
) -> Option<Sight> {
    let holder = &dossier.holder;
    match reader {
        Role::Operator(_) | Role::Tester => Some(Sight::Whole),
        Role::Auditor(_) => Some(Sight::States),
        Role::Citizen(who) => (who == holder.codice_fiscale).then_some(Sight::Whole),
        Role::Guardian(who) => holder.is_represented_by(who, now).then_some(Sight::Whole),
        // A delegate has a card in custody for one request, and no business with it afterwards.
        Role::Delegate(who) => asked_by
            .filter(|asked_by| asked_by.person().codice_fiscale == who)
            .map(|_| Sight::Named),
        Role::System => None,
    }
}
