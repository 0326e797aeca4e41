//! What is done with a card: handed over, sent again, suspended, revoked, ordered.

use cns_authority::CardNumber;
use cns_services::Refusal;
use cns_services::desk::{
    Cause, Declaration, DossierView, Effect, Identified, OFFICES, Office, OfficeCause, Operator,
    RequestId, Revocation, SignIn, Slip,
};
use serde_json::json;

use super::super::answer::Answer;
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
        let outcome = match action {
            "hand-over" => self.hand_over(typed),
            "withdraw" => self.withdraw(typed),
            "send-again" => self.send_again(card, typed),
            "suspend" => self.suspend(card, typed),
            "reactivate" => self.decide(|town, who, now| town.desk.reactivate(who, card, now)),
            "revoke" => self.revoke(card, typed),
            "revoke-by-office" => self.revoke_by_office(card, typed),
            "order" => self.order(card, typed),
            "unblock" => self.unblock(card),
            _ => return Answer::Absent,
        };
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
                page: self.card_page(card, view).noticing(Some(Notice {
                    is_good: true,
                    words,
                    code: None,
                })),
            },
            Err(refusal) => Answer::Refused {
                page: self.card_page(card, view).refused(
                    &format!("{here}/{action}"),
                    typed,
                    &refusal,
                    self.visit.language,
                ),
                refusal,
            },
        }
    }

    fn hand_over(&self, typed: &Values) -> Result<Outcome, Refusal> {
        let request = request(typed)?;
        let second = self.second_operator_of(typed)?;
        let mut entropy = SystemEntropy::new();
        let ((), slips) = self.reception.hall.decide(|town, now| {
            let effects = town
                .desk
                .hand_over(request, second.as_ref(), &mut entropy, now)?;
            Ok(((), effects))
        })?;
        Ok(Outcome::Slips(slips))
    }

    fn withdraw(&self, typed: &Values) -> Result<Outcome, Refusal> {
        let request = request(typed)?;
        self.decide(|town, who, now| {
            town.desk.withdraw(request, who, now)?;
            Ok(Vec::new())
        })
    }

    fn send_again(&self, card: CardNumber, typed: &Values) -> Result<Outcome, Refusal> {
        let to = typed::optional(typed, "contact", typed::contact)?;
        self.decide(|town, who, now| town.desk.send_again(who, card, to, now))
    }

    fn suspend(&self, card: CardNumber, typed: &Values) -> Result<Outcome, Refusal> {
        let cause = typed::choice(typed, "cause", &CAUSES)?;
        self.decide(|town, who, now| town.desk.suspend(who, card, cause, now))
    }

    fn revoke(&self, card: CardNumber, typed: &Values) -> Result<Outcome, Refusal> {
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
        self.decide(|town, who, now| town.desk.revoke(who, &revocation, second.as_ref(), now))
    }

    fn revoke_by_office(&self, card: CardNumber, typed: &Values) -> Result<Outcome, Refusal> {
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
            let by = (&self.operator, office);
            let effects = town
                .desk
                .revoke_by_office(by, card, cause, second.as_ref(), now)?;
            Ok(((), effects))
        })?;
        Ok(Outcome::Done)
    }

    fn order(&self, card: CardNumber, typed: &Values) -> Result<Outcome, Refusal> {
        let handed_in = typed::optional(typed, "card", typed::card_number)?;
        self.decide(|town, who, now| {
            let (_, effects) = town.desk.order_new_card(who, card, handed_in, now)?;
            Ok(effects)
        })
    }

    fn unblock(&self, card: CardNumber) -> Result<Outcome, Refusal> {
        self.reception.hall.read_card(card)?;
        let advice = self.for_visitor(|who| {
            let hall = &self.reception.hall;
            hall.with(|town, now| town.desk.help_with_blocked_pin(who, card, now))
        })?;
        Ok(Outcome::Said(self.visit.say(advice)))
    }

    /// Decides something for who stands here, and carries it out.
    fn decide(
        &self,
        work: impl FnOnce(&mut Town, &Identified, time::OffsetDateTime) -> Result<Vec<Effect>, Refusal>,
    ) -> Result<Outcome, Refusal> {
        self.for_visitor(|who| {
            let hall = &self.reception.hall;
            hall.decide(|town, now| Ok(((), work(town, who, now)?)))
        })?;
        Ok(Outcome::Done)
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
