//! What somebody came to the area for: who it is, for whom, and where in the area they are.

use cns_authority::CodiceFiscale;
use cns_language::{Phrase, Text, date_on_a_page, text};
use cns_services::access::Standing;
use cns_services::world::{Command, Event};
use cns_services::{Access, Refusal, Requester, World, rules};
use serde_json::{Value, json};
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use super::done::Done;
use crate::login::Citizen;
use crate::site::answer::{Answer, Draft, Subject};
use crate::site::page::{Link, Notice, Page};
use crate::site::values::Values;
use crate::site::visit::Visit;

/// A visit to the area of somebody for whom the visitor may act.
pub(super) struct Errand<'a> {
    pub(super) visit: &'a Visit<'a>,
    /// Whose card it is.
    pub(super) citizen: &'a Citizen,
    /// That the visitor may act for the person.
    pub(super) access: Access,
    /// What the person is called.
    name: String,
    /// The address of the person's area.
    base: String,
    pub(super) now: OffsetDateTime,
}

impl<'a> Errand<'a> {
    /// # Errors
    /// The visitor may not act for this person, or is not registered here.
    pub(super) fn of(
        visit: &'a Visit<'a>,
        citizen: &'a Citizen,
        person: CodiceFiscale,
        base: String,
        world: &World,
        now: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        let Some(known) = world.people().get(person) else {
            return Err(rules::NOBODY.about(person.to_string()));
        };
        let who = Requester::Citizen(citizen.codice_fiscale);
        Ok(Self {
            visit,
            citizen,
            access: world.access(who, person, now.date())?,
            name: known.name(),
            base,
            now,
        })
    }

    pub(super) fn who(&self) -> Requester {
        Requester::Citizen(self.citizen.codice_fiscale)
    }

    pub(super) fn person(&self) -> CodiceFiscale {
        self.access.person()
    }

    /// What the person is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn today(&self) -> Date {
        self.now.date()
    }

    /// Whether somebody acts for somebody else.
    pub(super) fn is_for_another(&self) -> bool {
        self.access.standing() != Standing::Holder
    }

    pub(super) fn posted(&self) -> Option<&'a Values> {
        self.visit.posted.as_ref()
    }

    /// An address in the person's area: `/reports/12`.
    pub(super) fn path(&self, rest: impl AsRef<str>) -> String {
        format!("{}{}", self.base, rest.as_ref())
    }

    pub(super) fn say(&self, phrase: impl Into<Phrase>) -> String {
        self.visit.say(phrase)
    }

    /// A day as the visitor's language writes it.
    pub(super) fn day(&self, date: Date) -> String {
        date_on_a_page(date, self.visit.language)
    }

    /// The same, or a dash.
    pub(super) fn day_or_none(&self, date: Option<Date>) -> String {
        date.map_or_else(|| "–".to_owned(), |date| self.day(date))
    }

    /// A day and a time of the clock on the wall.
    pub(super) fn time(&self, starts: PrimitiveDateTime) -> String {
        let (hour, minute, _) = starts.as_hms();
        format!("{} {hour:02}:{minute:02}", self.day(starts.date()))
    }

    /// A page of the area, below those of `trail`; with what was just done.
    pub(super) fn page(&self, title: impl Into<String>, trail: &[(Text, &str)]) -> Page {
        let mut page = Page::new(title);
        let area = Phrase::from(AREA_OF).with(self.name.as_str());
        page.trail = vec![
            Link::new(self.say(LOGIN), "/"),
            Link::new(self.say(area), self.base.as_str()),
        ];
        let above = trail.iter();
        page.trail.extend(above.map(|(label, rest)| {
            let label = label.in_language(self.visit.language);
            Link::new(label, self.path(rest))
        }));
        if self.is_for_another() {
            page.lead = self.say(Phrase::from(ACTING_FOR).with(self.name.as_str()));
        }
        page.notice = Done::of(self.visit.query.text("done")).map(|done| Notice {
            is_good: true,
            words: self.say(done.sentence()),
            code: None,
        });
        page
    }

    /// Has something done in the world.
    pub(super) fn perform(&self, world: &mut World, command: Command) -> Result<Event, Refusal> {
        world.perform(self.who(), command, self.now)
    }

    /// What came of what was posted: the visitor goes on at `next`, or sees the page again with the reason.
    /// What is not there, or not for the visitor, is absent.
    pub(super) fn outcome(
        &self,
        came: Result<Event, Refusal>,
        done: Done,
        next: impl FnOnce(&Event) -> String,
        page: impl FnOnce() -> Option<Page>,
    ) -> Answer {
        match came {
            Ok(event) => {
                let place = self.path(next(&event));
                Answer::Done {
                    next: format!("{place}?done={}", done.word()),
                    data: json!({"event": event, "next": format!("/api{place}")}),
                }
            }
            Err(refusal) => match page() {
                Some(page) => self.refused(page, refusal),
                None => Answer::Absent,
            },
        }
    }

    /// The page with what was typed, and the reason why nothing was done.
    pub(super) fn refused(&self, page: Page, refusal: Refusal) -> Answer {
        let typed = self.posted().unwrap_or(&self.visit.query);
        Answer::Refused {
            page: page.refused(self.visit.path, typed, &refusal, self.visit.language),
            refusal,
        }
    }

    /// A document, and the page on which it is said if it cannot be written.
    pub(super) fn document(&self, subject: Subject, page: Page) -> Answer {
        let language = self.visit.language;
        Answer::Draft {
            draft: Box::new(Draft { subject, language }),
            page,
        }
    }

    /// The page; if something is wrong with what it was asked to show, with the reason.
    pub(super) fn shown(&self, page: Page, data: Value, wrong: Option<Refusal>) -> Answer {
        match wrong {
            None => Answer::Shown { page, data },
            Some(refusal) => self.refused(page, refusal),
        }
    }
}

const LOGIN: Text = text("Accesso", "Login", "Anmeldung");
const AREA_OF: Text = text("Area di {0}", "Area of {0}", "Bereich von {0}");
const ACTING_FOR: Text = text(
    "Stai agendo per {0}.",
    "You are acting for {0}.",
    "Sie handeln für {0}.",
);
