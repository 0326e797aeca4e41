//! The credential desk, for operators.
//!
//! ```text
//! /desk                       sign in; then who stands there, and which card it is about
//! /desk/sign-in, sign-out     a session, for operators and auditors
//! /desk/identify, dismiss     who stands there
//! /desk/find                  cards by number, codice fiscale or name
//! /desk/cards/N               a card, and what can be done with it
//! /desk/cards/N/form/KIND     what is asked for, with its papers: at-desk, minor, ward, delegate
//! /desk/cards/N/hand-over     the answer is the slip, which exists nowhere else
//! /desk/cards/N/send-again, withdraw, suspend, reactivate, revoke, revoke-by-office, order, unblock
//! ```

mod actions;
mod card;
mod choices;
mod counter;
mod find;
mod form;
mod sign_in;
pub(super) mod slip;
mod words;

use cns_authority::CardNumber;
use cns_services::desk::{self, DossierView, Identified, Operator};
use cns_services::{Refusal, Role};
use hyper::header::HeaderMap;

use super::answer::Answer;
use super::page::{Link, Notice, Page};
use super::reception::{Reception, SignedIn};
use super::visit::Visit;
use crate::rules;

pub(super) use actions::CAUSES;
pub(super) use choices::{cause_choices, contact_fields};
pub(super) use sign_in::{needed as sign_in_needed, sign_out_section};

/// An operator at the counter.
struct Counter<'a> {
    visit: &'a Visit<'a>,
    reception: &'a Reception,
    operator: Operator,
}

/// The desk. The cookie opens or ends a session.
pub(super) fn answer(
    visit: &Visit<'_>,
    signed_in: Option<SignedIn>,
    headers: &HeaderMap,
    reception: &Reception,
) -> (Answer, Option<String>) {
    match visit.segments().as_slice() {
        ["desk", "sign-in"] => return sign_in::sign_in(visit, reception),
        ["desk", "sign-out"] => return sign_in::sign_out(visit, signed_in, headers, reception),
        _ => {}
    }
    let Some(signed_in) = signed_in else {
        return (sign_in::needed(visit), None);
    };
    let Some(operator) = signed_in.operator() else {
        return (not_for_this_role(visit), None);
    };
    let counter = Counter {
        visit,
        reception,
        operator,
    };
    (counter.answer(), None)
}

/// Somebody has signed in, and this is not their work.
pub(super) fn not_for_this_role(visit: &Visit<'_>) -> Answer {
    let refusal = desk::rules::NOT_FOR_THIS_ROLE.refuse();
    let page = Page::new(visit.say(words::DESK)).noticing(Some(Notice {
        is_good: false,
        words: visit.say(refusal.reason.clone()),
        code: Some(refusal.code),
    }));
    let page = page.with(sign_in::sign_out_section(visit));
    Answer::Refused { page, refusal }
}

impl Counter<'_> {
    fn answer(&self) -> Answer {
        match self.visit.segments().as_slice() {
            ["desk"] => self.page_answer(),
            ["desk", "identify"] => self.identify(),
            ["desk", "dismiss"] => self.dismiss(),
            ["desk", "find"] => self.find(),
            ["desk", "cards", number, rest @ ..] => match number.parse() {
                Ok(card) => self.about(card, rest),
                Err(_) => Answer::Absent,
            },
            _ => Answer::Absent,
        }
    }

    fn about(&self, card: CardNumber, rest: &[&str]) -> Answer {
        let Ok(view) = self.view(card) else {
            return Answer::Absent;
        };
        match rest {
            [] => self.card_answer(card, &view),
            ["form", kind] => self.form(card, kind, &view),
            [action] => self.act(card, &view, action),
            _ => Answer::Absent,
        }
    }

    fn view(&self, card: CardNumber) -> Result<DossierView, Refusal> {
        let hall = &self.reception.hall;
        hall.with(|town, now| town.desk.view(self.role(), card, now))
    }

    fn role(&self) -> Role {
        Role::Operator(self.operator.codice_fiscale)
    }

    /// The name of this counter: an operator stands at one.
    fn name(&self) -> String {
        format!("counter of {}", self.operator.codice_fiscale)
    }

    /// Does something with who stands here, if somebody does.
    fn with_visitor<T>(&self, work: impl FnOnce(&mut Option<Identified>) -> T) -> T {
        let hall = &self.reception.hall;
        let lifetime = hall.with(|town, _| town.desk.policy().identification_lifetime);
        let times = (hall.now(), lifetime);
        self.reception.identified.with(&self.name(), times, work)
    }

    /// Does something that needs somebody to stand here.
    fn for_visitor<T>(
        &self,
        work: impl FnOnce(&Identified) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.with_visitor(|visitor| match visitor {
            Some(identified) => work(identified),
            None => Err(rules::NOBODY_AT_THE_COUNTER.refuse()),
        })
    }

    fn trail(&self) -> Vec<Link> {
        vec![Link::new(self.visit.say(words::DESK), "/desk")]
    }
}
