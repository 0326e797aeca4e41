//! Which card somebody means.

use cns_language::{Text, text};
use cns_services::Role;
use cns_services::desk::DossierView;
use serde_json::json;

use super::super::answer::Answer;
use super::super::form::{Control, Field, Form};
use super::super::page::{Cell, Content, Link, Page, Section, Table};
use super::super::typed;
use super::{Counter, words};

/// Most cards that a search shows.
const FOUND_MAX: usize = 50;

impl Counter<'_> {
    /// Cards by number, codice fiscale or name. Nothing changes, so that the answer is the list itself.
    pub(super) fn find(&self) -> Answer {
        let Some(typed) = &self.visit.posted else {
            return self.page_answer();
        };
        let sought = match typed::needed(typed, "sought") {
            Ok(sought) => sought,
            Err(refusal) => {
                let page = self
                    .page()
                    .refused("/desk/find", typed, &refusal, self.visit.language);
                return Answer::Refused { page, refusal };
            }
        };
        let found = self.found(sought);
        let table = Table {
            columns: [words::CARD, words::HOLDER, words::STATE, words::CREDENTIAL]
                .map(|column| self.visit.say(column))
                .to_vec(),
            rows: found.iter().map(|view| self.found_row(view)).collect(),
            none: self.visit.say(NOT_FOUND),
        };
        let mut page = Page::new(self.visit.say(FOUND))
            .with(Section::new(self.visit.say(FOUND), Content::Table(table)))
            .with(self.find_section());
        page.trail = self.trail();
        Answer::Shown {
            page,
            data: json!({"cards": found}),
        }
    }

    fn found(&self, sought: &str) -> Vec<DossierView> {
        let of_person = sought.to_ascii_uppercase().parse().ok();
        let name = sought.to_lowercase();
        self.reception.hall.with(|town, now| {
            let theirs = of_person.map(|person| {
                let views = town.desk.views(Role::Citizen(person), now);
                let cards = views.into_iter().map(|view| view.card);
                cards.collect::<Vec<String>>()
            });
            let is_sought = |view: &DossierView| match &theirs {
                Some(cards) => cards.contains(&view.card),
                None => {
                    let holder = view.holder.as_deref().unwrap_or_default().to_lowercase();
                    view.card == sought || holder.contains(&name)
                }
            };
            let views = town.desk.views(self.role(), now).into_iter();
            views.filter(is_sought).take(FOUND_MAX).collect()
        })
    }

    fn found_row(&self, view: &DossierView) -> Vec<Cell> {
        let holder = view.holder.clone().unwrap_or_default();
        vec![
            Cell::Link(Link::new(
                view.card.clone(),
                format!("/desk/cards/{}", view.card),
            )),
            Cell::Words(holder),
            Cell::Words(self.state_words(view.state)),
            Cell::Words(self.state_words(view.credential)),
        ]
    }

    pub(super) fn find_section(&self) -> Section {
        let sought = Field::new("sought", self.visit.say(words::CARD), Control::Line("text"))
            .hinted(self.visit.say(FIND_HINT));
        let form = Form::new("/desk/find", self.visit.say(FIND_BUTTON)).with(sought);
        Section::new(self.visit.say(FIND), Content::Form(form))
    }
}

const FIND: Text = text("Cerca una carta", "Find a card", "Eine Karte suchen");
const FIND_BUTTON: Text = text("Cerca", "Find", "Suchen");
const FIND_HINT: Text = text(
    "Numero della carta, codice fiscale o nome",
    "Card number, codice fiscale or name",
    "Kartennummer, Steuernummer oder Name",
);
const NOT_FOUND: Text = text(
    "Nessuna carta trovata.",
    "No card was found.",
    "Keine Karte gefunden.",
);
const FOUND: Text = text("Carte trovate", "Cards found", "Gefundene Karten");
