//! A lost card, suspended with the CIP: what is said on the phone, where nobody sees a document.

use cns_language::{Text, text};
use cns_services::Refusal;
use cns_services::desk::rules;
use serde_json::json;

use super::super::answer::Answer;
pub(super) use super::super::desk::CAUSES;
use super::super::form::{Control, Field, Form};
use super::super::page::{Content, Notice, Page, Section};
use super::super::typed;
use super::super::values::Values;
use super::super::visit::Visit;
use super::{LOST, Online};
use crate::rules::NOT_KEPT;

pub(super) const CAUSE: Text = text("Motivo", "Cause", "Grund");
const LOST_ABOUT: Text = text(
    "Con il CIP, che è arrivato con la seconda parte, la carta si sospende subito. Si riattiva allo sportello.",
    "With the CIP, which came with the second part, the card is suspended at once. It is reactivated at a desk.",
    "Mit dem CIP, der mit dem zweiten Teil kam, wird die Karte sofort gesperrt. Am Schalter wird sie freigegeben.",
);
const SUSPEND: Text = text("Sospendi", "Suspend", "Sperren");
const CARD: Text = text("Numero della carta", "Card number", "Kartennummer");
const SUSPENDED: Text = text(
    "La carta è sospesa.",
    "The card is suspended.",
    "Die Karte ist gesperrt.",
);

impl Online<'_> {
    pub(super) fn suspend_by_cip(&self) -> Answer {
        let page = self.suspend_page();
        let Some(typed) = &self.visit.posted else {
            return Answer::asking(page);
        };
        match self.suspended(typed) {
            Ok(()) => Answer::Done {
                next: "/pin/suspend?done=yes".to_owned(),
                data: json!({"done": "suspend"}),
            },
            Err(refusal) => self.refused(page, "/pin/suspend", typed, refusal),
        }
    }

    fn suspended(&self, typed: &Values) -> Result<(), Refusal> {
        let card = typed::card_number(typed, "card")?;
        let cip = typed::needed(typed, "cip")?;
        typed::choice(typed, "cause", &CAUSES)?;
        let hall = &self.reception.hall;
        // A card that does not exist has no CIP either: nobody is told which cards there are.
        let who = hall.change(|town, now| town.desk.identify_by_cip(card, cip, now));
        let who = who.map_err(|refusal| match refusal.code == NOT_KEPT.code {
            true => refusal,
            false => rules::CIP_WRONG.refuse(),
        })?;
        self.suspend(&who, typed)
    }

    fn suspend_page(&self) -> Page {
        let say = |text: Text| self.visit.say(text);
        let done = self.visit.query.first("done").map(|_| Notice {
            is_good: true,
            words: say(SUSPENDED),
            code: None,
        });
        let form = Form::new("/pin/suspend", say(SUSPEND))
            .with(Field::new("card", say(CARD), Control::Line("text")))
            .with(Field::new("cip", "CIP", Control::Secret))
            .with(Field::new("cause", say(CAUSE), causes(self.visit)));
        let section = Section::new(say(SUSPEND), Content::Form(form));
        self.below(LOST)
            .noticing(done)
            .with(section.led_by(say(LOST_ABOUT)))
    }
}

/// Why a card is suspended.
pub(super) fn causes(visit: &Visit<'_>) -> Control {
    Control::Choice(super::super::desk::cause_choices(visit))
}
