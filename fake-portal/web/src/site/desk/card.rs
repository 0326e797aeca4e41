//! A card as the operator sees it.

mod forms;

use cns_authority::CardNumber;
use cns_language::{Text, date_on_a_page, text};
use cns_services::desk::DossierView;
use serde_json::json;
use time::Date;
use time::format_description::well_known::Iso8601;

use super::super::answer::Answer;
use super::super::page::{Cell, Content, Link, Notice, Page, Section};
use super::choices::KINDS;
use super::{Counter, words};

impl Counter<'_> {
    /// The page of a card.
    pub(super) fn card_answer(&self, card: CardNumber, view: &DossierView) -> Answer {
        let done = self.visit.query.first("done").map(|_| Notice {
            is_good: true,
            words: self.visit.say(DONE),
            code: None,
        });
        Answer::Shown {
            page: self.card_page(card, view).noticing(done),
            data: json!(view),
        }
    }

    pub(super) fn card_page(&self, card: CardNumber, view: &DossierView) -> Page {
        let mut page = Page::new(format!("{} {card}", self.visit.say(words::CARD)));
        page.trail = self.trail();
        page = page.with(Section::new(
            self.visit.say(words::CARD),
            Content::Facts(self.facts(view)),
        ));
        page = page
            .with(self.visitor_section())
            .with(self.ask_section(card));
        for (heading, form) in self.forms(card, view) {
            page = page.with(Section::new(self.visit.say(heading), Content::Form(form)));
        }
        page
    }

    fn facts(&self, view: &DossierView) -> Vec<(String, Cell)> {
        let say = |text: Text| self.visit.say(text);
        let mut facts = vec![
            (say(words::CARD), Cell::Code(view.card.clone())),
            (
                say(words::HOLDER),
                Cell::Words(view.holder.clone().unwrap_or_default()),
            ),
            (say(words::EXPIRES), Cell::Words(self.day(&view.expires))),
            (say(words::STATE), Cell::Words(self.state_words(view.state))),
            (
                say(words::CERTIFICATE),
                Cell::Words(self.state_words(view.certificate)),
            ),
            (
                say(words::CREDENTIAL),
                Cell::Words(self.state_words(view.credential)),
            ),
        ];
        if let Some(since) = view.suspended_since {
            let since = cns_language::on_a_page(since, self.visit.language);
            facts.push((say(words::SUSPENDED_SINCE), Cell::Words(since)));
        }
        if let Some(contact) = &view.contact {
            facts.push((say(words::CONTACT), Cell::Code(contact.clone())));
        }
        if let Some(request) = &view.request {
            let kind = KINDS.iter().find(|(kind, _)| *kind == request.kind);
            let kind = kind.map_or_else(|| request.kind.to_owned(), |(_, kind)| say(*kind));
            let asked = format!("{kind} · {}", request.asked_by);
            facts.push((say(words::REQUEST), Cell::Words(asked)));
        }
        facts
    }

    /// A day that programs write `2032-01-31`, as the visitor's language writes it.
    fn day(&self, written: &str) -> String {
        let date = Date::parse(written, &Iso8601::DATE);
        date.map_or_else(
            |_| written.to_owned(),
            |date| date_on_a_page(date, self.visit.language),
        )
    }

    fn ask_section(&self, card: CardNumber) -> Section {
        let links = KINDS.iter().map(|(kind, label)| {
            Link::new(
                self.visit.say(*label),
                format!("/desk/cards/{card}/form/{kind}"),
            )
        });
        Section::new(self.visit.say(ASK), Content::Links(links.collect()))
            .led_by(self.visit.say(ASK_ABOUT))
    }
}

const DONE: Text = text("Fatto.", "Done.", "Erledigt.");
const ASK: Text = text(
    "PIN e PUK: prendere il modulo",
    "PIN and PUK: take the form",
    "PIN und PUK: Formular entgegennehmen",
);
const ASK_ABOUT: Text = text(
    "Chi è allo sportello chiede, per sé o per altri.",
    "Who stands at the counter asks, for themselves or for somebody else.",
    "Wer am Schalter steht, beantragt, für sich oder für andere.",
);
