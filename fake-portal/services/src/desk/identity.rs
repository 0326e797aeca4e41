//! Who is it? Nothing is asked of the desk without the answer.

use cns_authority::{CardNumber, CodiceFiscale};
use cns_language::Language;
use time::OffsetDateTime;

use super::Desk;
use super::contact::Contact;
use super::effect::Effect;
use super::office::Office;
use super::person::{Applicant, Document, Operator};
use super::rules;
use super::secrets::OneTimeCode;
use super::verifier::Verifier;
use crate::audit::Matter;
use crate::entropy::Entropy;
use crate::outbox::{Content, Message};
use crate::refusal::Refusal;
use crate::role::Role;

/// Somebody whose identity was established. Only the identifications of [`Desk`] make one, it is neither
/// copied nor stored, and it grows old ([`super::Policy::identification_lifetime`]).
#[derive(Debug)]
pub struct Identified {
    person: Applicant,
    means: Means,
    at: OffsetDateTime,
}

/// By what somebody was identified, which decides what may be asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Means {
    /// An operator has seen the person and a valid document.
    Counter {
        /// Who has seen it.
        operator: Operator,
        /// Where.
        office: &'static Office,
    },
    /// A code that was sent to a contact known to be this person's.
    OneTimeCode,
    /// A login with SPID.
    Spid,
    /// The CIP of a card, on the phone.
    Cip {
        /// Of which card.
        card: CardNumber,
    },
}

/// How strong a login with SPID was.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum SpidLevel {
    /// A password.
    One,
    /// A password and a second factor.
    Two,
    /// A key in hardware.
    Three,
}

/// A one-time code that was sent and not used yet.
#[derive(Clone, Debug)]
pub(super) struct PendingCode {
    verifier: Verifier,
    until: OffsetDateTime,
}

impl Identified {
    /// Who it is.
    pub fn person(&self) -> &Applicant {
        &self.person
    }

    /// By what that is known.
    pub fn means(&self) -> &Means {
        &self.means
    }

    /// Since when that is known.
    pub fn at(&self) -> OffsetDateTime {
        self.at
    }

    /// The operator who has seen the person, for what is done at counters only.
    pub(super) fn operator(&self) -> Result<&Operator, Refusal> {
        match &self.means {
            Means::Counter { operator, .. } => Ok(operator),
            Means::OneTimeCode | Means::Spid | Means::Cip { .. } => Err(rules::WRONG_DOOR.refuse()),
        }
    }

    /// At which counter; who was identified online was at none.
    pub fn office(&self) -> Option<&'static Office> {
        match &self.means {
            Means::Counter { office, .. } => Some(office),
            Means::OneTimeCode | Means::Spid | Means::Cip { .. } => None,
        }
    }

    pub(super) fn office_id(&self) -> &'static str {
        self.office().map_or("online", |office| office.id)
    }

    /// The holder, or who represents the holder by law. A minor does not act alone.
    pub(super) fn acts_for(&self, holder: &Applicant, now: OffsetDateTime) -> Result<(), Refusal> {
        let who = self.person.codice_fiscale;
        let is_holder = who == holder.codice_fiscale && holder.is_adult(now);
        rules::NOT_THE_REPRESENTATIVE.unless(is_holder || holder.is_represented_by(who, now))
    }

    /// An operator's own card is another operator's work.
    pub(super) fn not_the_operators_own(&self, holder: CodiceFiscale) -> Result<(), Refusal> {
        match &self.means {
            Means::Counter { operator, .. } => {
                rules::OPERATOR_IS_HOLDER.unless(operator.codice_fiscale != holder)
            }
            Means::OneTimeCode | Means::Spid | Means::Cip { .. } => Ok(()),
        }
    }

    /// The entry of the audit log for what this person asks, with the operator as the one who does it.
    pub(super) fn matter(
        &self,
        at: OffsetDateTime,
        what: &'static str,
        card: impl Into<Option<CardNumber>>,
        why: &str,
    ) -> Matter {
        let person = self.person.codice_fiscale;
        let (who, why) = match &self.means {
            Means::Counter { operator, office } => (
                Role::Operator(operator.codice_fiscale),
                format!("{why}; asked by {person} at {}", office.id),
            ),
            Means::OneTimeCode => (Role::Citizen(person), format!("{why}; by one-time code")),
            Means::Spid => (Role::Citizen(person), format!("{why}; by SPID")),
            Means::Cip { .. } => (Role::Citizen(person), format!("{why}; by CIP")),
        };
        Matter {
            at,
            who,
            what,
            card: card.into(),
            why,
        }
    }
}

impl Desk {
    /// An operator looks at somebody and at a document.
    ///
    /// # Errors
    /// The office is closed, the operator is the one to identify, the document is somebody else's or
    /// has expired: `DESK-115`, `-113`, `-138`, `-101`.
    pub fn identify_at_counter(
        &mut self,
        operator: &Operator,
        office: &'static Office,
        person: &Applicant,
        document: &Document,
        now: OffsetDateTime,
    ) -> Result<Identified, Refusal> {
        let matter = Matter {
            at: now,
            who: Role::Operator(operator.codice_fiscale),
            what: "identify",
            card: None,
            why: format!("{} at {}", person.codice_fiscale, office.id),
        };
        self.audited(matter, |_| {
            office.must_be_open(now)?;
            rules::OPERATOR_IS_HOLDER.unless(operator.codice_fiscale != person.codice_fiscale)?;
            document.proves(person.codice_fiscale, now)?;
            Ok(Identified {
                person: person.clone(),
                means: Means::Counter {
                    operator: operator.clone(),
                    office,
                },
                at: now,
            })
        })
    }

    /// Sends a code to a contact that is known to be this person's. One before it is good no more.
    ///
    /// # Errors
    /// `DESK-117`: the contact is not known to be this person's.
    pub fn send_one_time_code(
        &mut self,
        person: &Applicant,
        contact: &Contact,
        language: Language,
        entropy: &mut dyn Entropy,
        now: OffsetDateTime,
    ) -> Result<Vec<Effect>, Refusal> {
        let who = person.codice_fiscale;
        let matter = online(now, "send-one-time-code", who, contact.channel().name());
        self.audited(matter, |desk| {
            let owner = desk.address_book.get(contact);
            rules::NO_KNOWN_CONTACT.unless(owner == Some(&who))?;
            let no_entropy = |_| rules::NO_ENTROPY.refuse();
            let code = OneTimeCode::draw(entropy).map_err(no_entropy)?;
            let verifier = Verifier::of(code.digits(), entropy).map_err(no_entropy)?;
            let until = now.saturating_add(desk.policy.one_time_code_lifetime);
            desk.codes.insert(who, PendingCode { verifier, until });
            Ok(vec![Effect::Send(Message {
                to: contact.clone(),
                card: None,
                language,
                content: Content::OneTimeCode(code),
            })])
        })
    }

    /// Somebody gives the code that was sent. It is good once.
    ///
    /// # Errors
    /// `DESK-108`: none was sent, or it has expired; `DESK-122`: it is another.
    pub fn identify_by_one_time_code(
        &mut self,
        person: &Applicant,
        code: &str,
        now: OffsetDateTime,
    ) -> Result<Identified, Refusal> {
        let who = person.codice_fiscale;
        self.audited(online(now, "identify", who, "by one-time code"), |desk| {
            let pending = desk
                .codes
                .get_mut(&who)
                .filter(|pending| now < pending.until);
            let pending = pending.ok_or_else(|| rules::ONE_TIME_CODE_EXPIRED.refuse())?;
            rules::ONE_TIME_CODE_WRONG.unless(pending.verifier.accepts(code.as_bytes()))?;
            desk.codes.remove(&who);
            Ok(Identified {
                person: person.clone(),
                means: Means::OneTimeCode,
                at: now,
            })
        })
    }

    /// Somebody has logged in with SPID, which whoever calls has verified.
    ///
    /// # Errors
    /// `DESK-134`: a password alone is not enough.
    pub fn identify_by_spid(
        &mut self,
        person: &Applicant,
        level: SpidLevel,
        now: OffsetDateTime,
    ) -> Result<Identified, Refusal> {
        let matter = online(now, "identify", person.codice_fiscale, "by SPID");
        self.audited(matter, |_| {
            rules::WRONG_DOOR.unless(SpidLevel::Two <= level)?;
            Ok(Identified {
                person: person.clone(),
                means: Means::Spid,
                at: now,
            })
        })
    }

    /// A holder who has lost the card gives its CIP on the phone. Enough to suspend it, and for nothing
    /// else.
    ///
    /// # Errors
    /// `DESK-112`: it is not the CIP of this card, or was wrong too often.
    pub fn identify_by_cip(
        &mut self,
        card: CardNumber,
        cip: &str,
        now: OffsetDateTime,
    ) -> Result<Identified, Refusal> {
        let matter = Matter {
            at: now,
            who: Role::System,
            what: "identify",
            card: Some(card),
            why: "by CIP".to_owned(),
        };
        self.audited(matter, |desk| {
            let dossier = desk.dossier_mut(card)?;
            let known = dossier.cip.as_mut();
            rules::CIP_WRONG.unless(known.is_some_and(|known| known.accepts(cip.as_bytes())))?;
            Ok(Identified {
                person: dossier.holder.clone(),
                means: Means::Cip { card },
                at: now,
            })
        })
    }
}

fn online(at: OffsetDateTime, what: &'static str, who: CodiceFiscale, why: &str) -> Matter {
    Matter {
        at,
        who: Role::Citizen(who),
        what,
        card: None,
        why: why.to_owned(),
    }
}
