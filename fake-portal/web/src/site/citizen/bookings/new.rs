//! A new booking, in steps; what was chosen stands in the address, so that one can go back.
//!
//! ```text
//! /bookings/new                                    the prescription's number, or a service
//!              ?nre=… or ?service=…                where, and when the first place is free
//!              …&agenda=3&from=2026-03-04          when
//!              …&starts=2026-03-05T09:30           what it costs; to be confirmed, by POST
//! ```

mod steps;

use cns_services::bookings::{AgendaNumber, Command, Service, latest_start};
use cns_services::prescriptions::{Nre, Prescribed, Prescription};
use cns_services::{Refusal, World, rules, world};
use serde_json::{Value, json};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use super::{place, structure};
use crate::site::answer::Answer;
use crate::site::citizen::done::Done;
use crate::site::citizen::errand::Errand;
use crate::site::page::Page;
use crate::site::typed::{self, unreadable};
use crate::site::values::Values;

/// Most times that are offered at once.
const TIMES_MAX: usize = 12;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const WALL_CLOCK: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]");

/// What was chosen so far.
struct Choice<'a> {
    prescription: Option<&'a Prescription>,
    service: Option<Service>,
    agenda: Option<AgendaNumber>,
    from: Date,
    starts: Option<PrimitiveDateTime>,
}

/// The step that what was chosen leads to.
pub(super) fn asked(errand: &Errand<'_>, world: &World) -> Answer {
    match Choice::of(errand, world, &errand.visit.query) {
        Ok(choice) => {
            let data = choice.data(errand, world);
            errand.shown(choice.page(errand, world), data, None)
        }
        Err(refusal) => errand.refused(steps::first(errand, world), refusal),
    }
}

/// Books what is confirmed.
pub(super) fn posted(errand: &Errand<'_>, world: &mut World, typed: &Values) -> Answer {
    let came = book(errand, world, typed);
    let page = || Some(steps::again(errand, world, typed));
    errand.outcome(came, Done::Booked, place, page)
}

fn book(errand: &Errand<'_>, world: &mut World, typed: &Values) -> Result<world::Event, Refusal> {
    let agenda = typed::optional(typed, "agenda", typed::number)?.map(AgendaNumber);
    let agenda = agenda.ok_or_else(|| rules::NO_SLOT.refuse().of_field("starts"))?;
    let starts = starts(typed)?.ok_or_else(|| rules::NO_SLOT.refuse().of_field("starts"))?;
    let command = Command::Book {
        person: errand.person(),
        agenda,
        starts,
        nre: nre(typed)?,
    };
    errand
        .perform(world, world::Command::Booking(command))
        .map_err(at_its_field)
}

impl<'a> Choice<'a> {
    fn of(errand: &Errand<'_>, world: &'a World, typed: &Values) -> Result<Self, Refusal> {
        let prescription = match nre(typed)? {
            Some(nre) => Some(
                world
                    .prescriptions()
                    .get(&errand.access, nre)
                    .map_err(at_its_field)?,
            ),
            None => None,
        };
        let service = match prescription.map(|prescription| prescription.prescribed) {
            Some(Prescribed::Service { service, .. }) => Some(service),
            Some(Prescribed::Drug { .. }) => {
                return Err(rules::OTHER_SERVICE.refuse().of_field("nre"));
            }
            None => service(typed)?,
        };
        if let (None, Some(service)) = (prescription, service)
            && service.needs_prescription()
        {
            return Err(rules::PRESCRIPTION_NEEDED.refuse().of_field("nre"));
        }
        let agenda = typed::optional(typed, "agenda", typed::number)?.map(AgendaNumber);
        let agenda = agenda.filter(|agenda| {
            let agenda = world.bookings().agenda(*agenda);
            agenda.is_some_and(|agenda| Some(agenda.service) == service)
        });
        Ok(Self {
            prescription,
            service,
            agenda,
            from: typed::optional(typed, "from", typed::date)?.unwrap_or(errand.today()),
            starts: starts(typed)?,
        })
    }

    fn page(&self, errand: &Errand<'_>, world: &World) -> Page {
        match (self.service, self.agenda, self.starts) {
            (Some(_), Some(agenda), Some(starts)) => {
                steps::confirm(errand, world, self, agenda, starts)
            }
            (Some(_), Some(agenda), None) => steps::times(errand, world, self, agenda),
            (Some(service), None, _) => steps::places(errand, world, self, service),
            (None, ..) => steps::first(errand, world),
        }
    }

    fn data(&self, errand: &Errand<'_>, world: &World) -> Value {
        let agendas = world.bookings().agendas();
        let agendas = agendas
            .filter(|(_, agenda)| self.service.is_none_or(|service| service == agenda.service));
        let agendas = agendas.filter(|(number, _)| self.agenda.is_none_or(|it| it == *number));
        let agendas = agendas.map(|(number, agenda)| {
            json!({
                "agenda": number,
                "service": agenda.service,
                "service_name": errand.say(agenda.service.title()),
                "structure_name": structure(world, number),
                "free": self.free(errand, world, number).iter().map(written).collect::<Vec<_>>(),
                "ticket": agenda.service.ticket(self.prescription.is_some(), false),
            })
        });
        json!({
            "nre": self.prescription.map(|prescription| prescription.nre.to_string()),
            "latest": self.latest(errand).as_ref().map(written),
            "agendas": agendas.collect::<Vec<_>>(),
        })
    }

    /// The next free times of an agenda that the prescription allows.
    fn free(
        &self,
        errand: &Errand<'_>,
        world: &World,
        agenda: AgendaNumber,
    ) -> Vec<PrimitiveDateTime> {
        let latest = self.latest(errand).unwrap_or(PrimitiveDateTime::MAX);
        let midnight = self.from.midnight().assume_offset(errand.now.offset());
        let since: OffsetDateTime = errand.now.max(midnight);
        let free = world.bookings().free(agenda, since);
        free.take_while(|starts| *starts <= latest)
            .take(TIMES_MAX)
            .collect()
    }

    /// The last time that the priority of the prescription allows.
    fn latest(&self, errand: &Errand<'_>) -> Option<PrimitiveDateTime> {
        match self.prescription?.prescribed {
            Prescribed::Service { service, priority } => {
                Some(latest_start(service, priority, errand.now))
            }
            Prescribed::Drug { .. } => None,
        }
    }
}

/// The same refusal, at the field of the form that it is about.
fn at_its_field(refusal: Refusal) -> Refusal {
    match refusal.code {
        code if code == rules::PERSON_BUSY.code => refusal.of_field("starts"),
        code if code.starts_with("PRESCRIPTION-") => refusal.of_field("nre"),
        _ => refusal,
    }
}

fn nre(typed: &Values) -> Result<Option<Nre>, Refusal> {
    match typed.text("nre") {
        "" => Ok(None),
        words => {
            let nre = words.to_uppercase().parse().map(Some);
            nre.map_err(|_| unreadable("nre", "0300A 4000000248"))
        }
    }
}

fn service(typed: &Values) -> Result<Option<Service>, Refusal> {
    match typed.text("service") {
        "" => Ok(None),
        word => Service::ALL
            .into_iter()
            .find(|service| word_of(*service) == word)
            .map(Some)
            .ok_or_else(|| unreadable("service", "eye-visit")),
    }
}

fn starts(typed: &Values) -> Result<Option<PrimitiveDateTime>, Refusal> {
    match typed.text("starts") {
        "" => Ok(None),
        words => PrimitiveDateTime::parse(words, WALL_CLOCK)
            .map(Some)
            .map_err(|_| unreadable("starts", "2026-03-01T09:30")),
    }
}

/// A time as programs and addresses have it.
fn written(starts: &PrimitiveDateTime) -> String {
    starts.format(WALL_CLOCK).unwrap_or_default()
}

/// What programs call a service.
fn word_of(service: Service) -> String {
    let word = serde_json::to_value(service).ok();
    let word = word.as_ref().and_then(Value::as_str);
    word.unwrap_or_default().to_owned()
}
