//! What is done with a card: handed over, sent again, suspended, revoked, ordered.

use cns_authority::CardNumber;
use cns_services::desk::{
    Cause, Declaration, DossierView, Effect, Identified, OFFICES, Office, OfficeCause, Operator,
    RequestId, Revocation, SignIn, Slip,
};
use cns_services::{Refusal, Version};
use serde_json::json;
use time::OffsetDateTime;

use super::super::answer::Answer;
use super::super::form::VERSION;
use super::super::page::Notice;
use super::super::typed;
use super::super::values::Values;
use super::{Counter, slip};
use crate::town::{SystemEntropy, Town};

/// Causes, as programs call them.
pub(in crate::site) const CAUSES: [(&str, Cause); 4] = [
    ("loss", Cause::Loss),
    ("theft", Cause::Theft),
    ("not-delivered", Cause::NotDelivered),
    ("damage", Cause::Damage),
];

/// What is to be done with a card.
pub(super) struct Decision<'a> {
    pub(super) card: CardNumber,
    /// The version of the card that the page showed. A program that names none takes the card as it is.
    pub(super) seen: Option<Version>,
    pub(super) typed: &'a Values,
}

impl<'a> Decision<'a> {
    pub(super) fn of(card: CardNumber, typed: &'a Values) -> Result<Self, Refusal> {
        let number = typed::optional(typed, VERSION, typed::number)?;
        Ok(Self {
            card,
            seen: number.map(Version::of_number),
            typed,
        })
    }
}

/// What came of it.
enum Outcome {
    /// The card's page tells.
    Done,
    /// First parts, to be shown once.
    Slips(Vec<Slip>),
    /// Something to say.
    Said(String),
}

impl Counter<'_> {
    /// Does something with a card, if it is posted.
    pub(super) fn act(&self, card: CardNumber, view: &DossierView, action: &str) -> Answer {
        let Some(typed) = &self.visit.posted else {
            return self.card_answer(card, view);
        };
        let done: fn(&Self, &Decision<'_>) -> Result<Outcome, Refusal> = match action {
            "hand-over" => Self::hand_over,
            "withdraw" => Self::withdraw,
            "send-again" => Self::send_again,
            "suspend" => Self::suspend,
            "reactivate" => Self::reactivate,
            "revoke" => Self::revoke,
            "revoke-by-office" => Self::revoke_by_office,
            "order" => Self::order,
            "unblock" => Self::unblock,
            _ => return Answer::Absent,
        };
        let outcome = Decision::of(card, typed).and_then(|decision| done(self, &decision));
        // Whatever came of it, the page shows the card as it is now.
        let view = self.view(card).unwrap_or_else(|_| view.clone());
        let here = format!("/desk/cards/{card}");
        match outcome {
            Ok(Outcome::Slips(slips)) => {
                slip::answer(self.visit, &self.reception.hall, slips, &here)
            }
            Ok(Outcome::Done) => Answer::Done {
                next: format!("{here}?done={action}"),
                data: json!({"done": action}),
            },
            Ok(Outcome::Said(words)) => Answer::Shown {
                data: json!({"advice": words}),
                page: self.card_page(card, &view).noticing(Some(Notice {
                    is_good: true,
                    words,
                    code: None,
                })),
            },
            Err(refusal) => Answer::Refused {
                page: self.card_page(card, &view).refused(
                    &format!("{here}/{action}"),
                    typed,
                    &refusal,
                    self.visit.language,
                ),
                refusal,
            },
        }
    }

    fn hand_over(&self, decision: &Decision<'_>) -> Result<Outcome, Refusal> {
        let request = request(decision.typed)?;
        let second = self.second_operator_of(decision.typed)?;
        let mut entropy = SystemEntropy::new();
        let ((), slips) = self.reception.hall.decide(|town, now| {
            self.sees(decision, town, now)?;
            let effects = town
                .desk
                .hand_over(request, second.as_ref(), &mut entropy, now)?;
            Ok(((), effects))
        })?;
        Ok(Outcome::Slips(slips))
    }

    fn withdraw(&self, decision: &Decision<'_>) -> Result<Outcome, Refusal> {
        let request = request(decision.typed)?;
        self.decide(decision, |town, who, now| {
            town.desk.withdraw(request, who, now)?;
            Ok(Vec::new())
        })
    }

    fn send_again(&self, decision: &Decision<'_>) -> Result<Outcome, Refusal> {
        let &Decision { card, typed, .. } = decision;
        let to = typed::optional(typed, "contact", typed::contact)?;
        self.decide(decision, |town, who, now| {
            town.desk.send_again(who, card, to, now)
        })
    }

    fn suspend(&self, decision: &Decision<'_>) -> Result<Outcome, Refusal> {
        let &Decision { card, typed, .. } = decision;
        let cause = typed::choice(typed, "cause", &CAUSES)?;
        self.decide(decision, |town, who, now| {
            town.desk.suspend(who, card, cause, now)
        })
    }

    fn reactivate(&self, decision: &Decision<'_>) -> Result<Outcome, Refusal> {
        self.decide(decision, |town, who, now| {
            town.desk.reactivate(who, decision.card, now)
        })
    }

    fn revoke(&self, decision: &Decision<'_>) -> Result<Outcome, Refusal> {
        let &Decision { card, typed, .. } = decision;
        let cause = typed::choice(typed, "cause", &CAUSES)?;
        let declaration = match typed.text("declaration") {
            "police-report" => Some(Declaration::PoliceReport {
                number: typed::needed(typed, "police_report")?.to_owned(),
            }),
            "self-certification" => Some(Declaration::SelfCertification),
            _ => None,
        };
        let revocation = Revocation {
            card,
            cause,
            declaration,
        };
        let second = self.second_operator_of(typed)?;
        self.decide(decision, |town, who, now| {
            let second = second.as_ref();
            town.desk.revoke(who, &revocation, second, now)
        })
    }

    fn revoke_by_office(&self, decision: &Decision<'_>) -> Result<Outcome, Refusal> {
        let &Decision { card, typed, .. } = decision;
        let offices: Vec<(&str, &'static Office)> =
            OFFICES.iter().map(|office| (office.id, office)).collect();
        let office = typed::choice(typed, "office", &offices)?;
        let causes = [
            ("wrong-data", OfficeCause::WrongData),
            ("death", OfficeCause::Death),
        ];
        let cause = typed::choice(typed, "cause", &causes)?;
        let second = self.second_operator_of(typed)?;
        self.reception.hall.decide(|town, now| {
            self.sees(decision, town, now)?;
            let by = (&self.operator, office);
            let effects = town
                .desk
                .revoke_by_office(by, card, cause, second.as_ref(), now)?;
            Ok(((), effects))
        })?;
        Ok(Outcome::Done)
    }

    fn order(&self, decision: &Decision<'_>) -> Result<Outcome, Refusal> {
        let &Decision { card, typed, .. } = decision;
        let handed_in = typed::optional(typed, "card", typed::card_number)?;
        self.decide(decision, |town, who, now| {
            let (_, effects) = town.desk.order_new_card(who, card, handed_in, now)?;
            Ok(effects)
        })
    }

    /// Nothing is decided here: what the card says is what counts, whatever the page showed.
    fn unblock(&self, decision: &Decision<'_>) -> Result<Outcome, Refusal> {
        let card = decision.card;
        self.reception.hall.read_card(card)?;
        let advice = self.for_visitor(|who| {
            let hall = &self.reception.hall;
            hall.change(|town, now| town.desk.help_with_blocked_pin(who, card, now))
        })?;
        Ok(Outcome::Said(self.visit.say(advice)))
    }

    /// Decides something for who stands here, and carries it out.
    fn decide(
        &self,
        decision: &Decision<'_>,
        work: impl FnOnce(&mut Town, &Identified, OffsetDateTime) -> Result<Vec<Effect>, Refusal>,
    ) -> Result<Outcome, Refusal> {
        self.for_visitor(|who| {
            let hall = &self.reception.hall;
            hall.decide(|town, now| {
                self.sees(decision, town, now)?;
                Ok(((), work(town, who, now)?))
            })
        })?;
        Ok(Outcome::Done)
    }

    /// Whoever decides saw the card as it is: asked under the same lock as what is decided, so that nobody
    /// gets in between.
    pub(super) fn sees(
        &self,
        decision: &Decision<'_>,
        town: &mut Town,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        match decision.seen {
            Some(seen) => {
                let card = (decision.card, seen);
                town.desk.is_still(card, self.role(), now)
            }
            None => Ok(()),
        }
    }

    /// A second operator, who signs in for this one thing.
    fn second_operator_of(&self, typed: &Values) -> Result<Option<Operator>, Refusal> {
        let (user, password) = (typed.text("second_user"), typed.text("second_password"));
        if user.is_empty() {
            return Ok(None);
        }
        let member = self.reception.hall.staff().sign_in(user, password);
        let member = member.map_err(|refusal| refusal.of_field("second_password"))?;
        Ok(member.operator(SignIn::Password))
    }
}

/// The request that the form is about.
fn request(typed: &Values) -> Result<RequestId, Refusal> {
    typed::number(typed, "request").map(RequestId)
}
