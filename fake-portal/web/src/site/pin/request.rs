//! What somebody may ask for who was identified online: codes for a card of their own, the second part once
//! more, and that a card be suspended.

use cns_language::{Language, Text, text};
use cns_services::desk::{DossierView, Form as Asked, FormKind, Identified, Papers, Slip, rules};
use cns_services::{Refusal, Role};
use serde_json::json;
use time::Duration;

use super::super::answer::Answer;
use super::super::desk::{contact_fields, slip};
use super::super::form::{Control, Field, Form};
use super::super::page::{Content, Notice, Page, Section};
use super::super::typed;
use super::super::values::Values;
use super::Online;
use super::suspend::{CAUSE, CAUSES, causes};
use crate::town::SystemEntropy;

const REQUEST: Text = text("La richiesta", "The request", "Der Antrag");
const ASK: Text = text(
    "Chiedi PIN e PUK",
    "Ask for PIN and PUK",
    "PIN und PUK anfordern",
);
const ASK_ABOUT: Text = text(
    "Premendo il pulsante la prima parte appare, una volta sola.",
    "When the button is pressed the first part appears, once only.",
    "Nach dem Drücken erscheint der erste Teil, einmal nur.",
);
const AGAIN: Text = text(
    "Invia di nuovo la seconda parte",
    "Send the second part again",
    "Zweiten Teil erneut senden",
);
const SUSPEND: Text = text(
    "Sospendi una carta",
    "Suspend a card",
    "Karte vorläufig sperren",
);
const CARD: Text = text("Carta", "Card", "Karte");
const DONE: Text = text("Fatto.", "Done.", "Erledigt.");

impl Online<'_> {
    /// The pages of a ticket. One that is not known, or is no longer, is no page.
    pub(super) fn request(&self, ticket: &str, rest: &[&str]) -> Answer {
        let lifetime = self.lifetime();
        let times = (self.visit.now, lifetime);
        self.reception.identified.with(ticket, times, |visitor| {
            let Some(who) = visitor.as_ref() else {
                return Answer::Absent;
            };
            let cards = self.cards_of(who);
            let page = self.request_page(ticket, who, &cards);
            let Some(typed) = &self.visit.posted else {
                return match rest {
                    [] => Answer::Shown {
                        page,
                        data: json!({"name": who.person().name, "cards": cards}),
                    },
                    _ => Answer::Absent,
                };
            };
            let here = format!("/pin/request/{ticket}");
            let outcome = match rest {
                ["form"] => self.ask(visitor, typed).map(Some),
                ["send-again"] => self.send_again(who, typed).map(|()| None),
                ["suspend"] => self.suspend(who, typed).map(|()| None),
                _ => return Answer::Absent,
            };
            match outcome {
                Ok(Some(slips)) => slip::answer(self.visit, &self.reception.hall, slips, "/pin"),
                Ok(None) => Answer::Done {
                    next: format!("{here}?done=yes"),
                    data: json!({"done": rest}),
                },
                Err(refusal) => self.refused(page, self.visit.path, typed, refusal),
            }
        })
    }

    /// Asks for codes and has them handed over, which online is one step. Who was identified is used up.
    fn ask(&self, visitor: &mut Option<Identified>, typed: &Values) -> Result<Vec<Slip>, Refusal> {
        let form = Asked {
            card: typed::card_number(typed, "card")?,
            kind: FormKind::Online,
            papers: Papers::default(),
            contact: typed::contact(typed, "contact")?,
            language: Language::from_tag(typed.text("language")).unwrap_or_default(),
        };
        let mut entropy = SystemEntropy::new();
        let ((), slips) = self.reception.hall.decide(|town, now| {
            let desk = &mut town.desk;
            if let Some(asked_by) = visitor.as_ref() {
                desk.look_at_form(asked_by, &form, now)?;
            }
            let asked_by = visitor
                .take()
                .ok_or_else(|| rules::IDENTIFIED_TOO_LONG_AGO.refuse())?;
            let request = desk.take_form(asked_by, form, now)?;
            let effects = desk.hand_over(request, None, &mut entropy, now)?;
            Ok(((), effects))
        })?;
        Ok(slips)
    }

    fn send_again(&self, who: &Identified, typed: &Values) -> Result<(), Refusal> {
        let card = typed::card_number(typed, "card")?;
        let sent = self
            .reception
            .hall
            .decide(|town, now| Ok(((), town.desk.send_again(who, card, None, now)?)));
        sent.map(drop)
    }

    pub(super) fn suspend(&self, who: &Identified, typed: &Values) -> Result<(), Refusal> {
        let card = typed::card_number(typed, "card")?;
        let cause = typed::choice(typed, "cause", &CAUSES)?;
        let suspended = self
            .reception
            .hall
            .decide(|town, now| Ok(((), town.desk.suspend(who, card, cause, now)?)));
        suspended.map(drop)
    }

    fn lifetime(&self) -> Duration {
        let hall = &self.reception.hall;
        hall.with(|town, _| town.desk.policy().identification_lifetime)
    }

    fn cards_of(&self, who: &Identified) -> Vec<DossierView> {
        let holder = Role::Citizen(who.person().codice_fiscale);
        self.reception
            .hall
            .with(|town, now| town.desk.views(holder, now))
    }

    fn request_page(&self, ticket: &str, who: &Identified, cards: &[DossierView]) -> Page {
        let say = |text: Text| self.visit.say(text);
        let numbers = cards
            .iter()
            .map(|view| (view.card.clone(), view.card.clone()));
        let numbers: Vec<(String, String)> = numbers.collect();
        let card = || Field::new("card", say(CARD), Control::Choice(numbers.clone()));
        let form = |action: &str, label: Text| {
            Form::new(format!("/pin/request/{ticket}/{action}"), say(label)).with(card())
        };
        let mut page = self.below(REQUEST);
        page.lead = who.person().name.clone();
        let done = self.visit.query.first("done").map(|_| Notice {
            is_good: true,
            words: say(DONE),
            code: None,
        });
        let cause = Field::new("cause", say(CAUSE), causes(self.visit));
        let ask = contact_fields(self.visit, form("form", ASK), None);
        let ask = slip::also_as_pdf(ask);
        page.noticing(done)
            .with(Section::new(say(ASK), Content::Form(ask)).led_by(say(ASK_ABOUT)))
            .with(Section::new(
                say(AGAIN),
                Content::Form(form("send-again", AGAIN)),
            ))
            .with(Section::new(
                say(SUSPEND),
                Content::Form(form("suspend", SUSPEND).with(cause)),
            ))
    }
}
