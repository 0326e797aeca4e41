//! Bookings of visits and examinations (prenotazioni, CUP).
//!
//! An appointment is a time of an agenda; who has it is known by that time alone, so that nobody else can
//! have it too. The prescription is taken in charge by the agenda's structure while it is booked.

mod agenda;
mod book;
mod close;
mod json;
mod service;

use std::collections::HashMap;

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime};

use crate::access::Access;
use crate::ledger::{Held, Ledger};
use crate::prescriptions::Nre;
use crate::refusal::Refusal;
use crate::requester::Requester;
use crate::rules;
use crate::text_form;
use crate::version::Version;
use crate::world::World;

pub use agenda::{Agenda, AgendaNumber};
pub use book::latest_start;
pub use service::{Cents, Service, ServiceKind};

time::serde::format_description!(
    wall_clock,
    PrimitiveDateTime,
    "[year]-[month]-[day]T[hour]:[minute]"
);

/// How long before an appointment it can last be cancelled, in days; from memory.
const CANCEL_DAYS_BEFORE: i64 = 2;

/// An appointment of somebody.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    /// Who comes.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// Where, and for what.
    pub agenda: AgendaNumber,
    /// When, by the clock on the wall.
    #[serde(with = "wall_clock")]
    pub starts: PrimitiveDateTime,
    /// The prescription, for services that need one.
    #[serde(
        with = "text_form::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub nre: Option<Nre>,
    /// What is to be paid.
    pub ticket: Cents,
    /// What became of it.
    pub state: State,
    /// Advances with every change.
    #[serde(default)]
    pub version: Version,
}

impl Booking {
    /// The last day on which it can be cancelled.
    pub fn cancel_until(&self) -> Date {
        let day = self.starts.date();
        day.saturating_sub(Duration::days(CANCEL_DAYS_BEFORE))
    }
}

impl Held for Booking {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// What became of a booking.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The appointment is to come.
    Booked,
    /// Somebody else may have it (disdetta).
    Cancelled,
    /// The person came.
    Attended,
    /// The person did not come, and pays all the same.
    Missed,
}

/// A booking's place in the list, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct BookingNumber(pub u32);

/// What can be done about bookings.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// An appointment is taken.
    Book {
        /// For whom.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Where, and for what.
        agenda: AgendaNumber,
        /// When.
        #[serde(with = "wall_clock")]
        starts: PrimitiveDateTime,
        /// By which prescription.
        #[serde(with = "text_form::option", default)]
        nre: Option<Nre>,
    },
    /// It is given back.
    Cancel(Target),
    /// The person came, says the structure.
    Attend(Target),
    /// The person did not come, says the structure.
    Miss(Target),
}

/// A booking that something is to be done with.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Whose.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// Which.
    pub booking: BookingNumber,
    /// As it was when it was last looked at.
    pub version: Version,
}

/// What happened to a booking.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// There is a new one.
    Booked {
        /// Which.
        booking: BookingNumber,
        /// What is to be paid.
        ticket: Cents,
    },
    /// It is in a new state.
    Became(BookingNumber, State),
}

/// All agendas and bookings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bookings {
    agendas: Vec<Agenda>,
    ledger: Ledger<Booking>,
    taken: HashMap<(AgendaNumber, PrimitiveDateTime), u32>,
    by_nre: HashMap<Nre, u32>,
}

impl Bookings {
    /// All agendas, with their numbers.
    pub fn agendas(&self) -> impl Iterator<Item = (AgendaNumber, &Agenda)> {
        (0..).map(AgendaNumber).zip(&self.agendas)
    }

    /// One agenda.
    pub fn agenda(&self, number: AgendaNumber) -> Option<&Agenda> {
        self.agendas.get(usize::from(number.0))
    }

    /// The free times of an agenda from now on, soonest first, without an end.
    pub fn free(
        &self,
        number: AgendaNumber,
        now: OffsetDateTime,
    ) -> impl Iterator<Item = PrimitiveDateTime> {
        let wall = wall(now);
        let times = self.agenda(number).map(|agenda| agenda.times(now.date()));
        times
            .into_iter()
            .flatten()
            .filter(move |starts| wall < *starts && self.is_free(number, *starts))
    }

    /// A person's bookings, newest first.
    pub fn of(&self, access: &Access) -> impl Iterator<Item = (BookingNumber, &Booking)> {
        let ledger = self.ledger.of(access.person());
        ledger
            .rev()
            .map(|(number, booking)| (BookingNumber(number), booking))
    }

    /// One of a person's bookings.
    ///
    /// # Errors
    /// BOOKING-101, also for somebody else's.
    pub fn get(&self, access: &Access, number: BookingNumber) -> Result<&Booking, Refusal> {
        self.ledger
            .seen(access, number.0)
            .ok_or_else(|| rules::NO_BOOKING.refuse())
    }

    /// Whether nobody has a time of an agenda.
    pub(crate) fn is_free(&self, number: AgendaNumber, starts: PrimitiveDateTime) -> bool {
        !self.taken.contains_key(&(number, starts))
    }

    /// Whether an appointment to come is booked by this prescription.
    pub(crate) fn is_booked(&self, nre: Nre) -> bool {
        self.by_nre.contains_key(&nre)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Booking)> {
        self.ledger.iter()
    }

    pub(crate) fn open_agenda(&mut self, agenda: Agenda) -> AgendaNumber {
        self.agendas.push(agenda);
        // An import with more agendas than numbers is refused.
        AgendaNumber((self.agendas.len() - 1) as u16)
    }

    /// Adds a booking, unless somebody has its time or its prescription.
    pub(crate) fn add(&mut self, booking: Booking) -> Option<BookingNumber> {
        let place = (booking.agenda, booking.starts);
        let holds = booking.state != State::Cancelled;
        let nre = booking.nre.filter(|_| booking.state == State::Booked);
        let in_use = nre.is_some_and(|nre| self.is_booked(nre));
        if holds && (!self.is_free(place.0, place.1) || in_use) {
            return None;
        }
        let number = self.ledger.add(booking);
        if holds {
            self.taken.insert(place, number);
        }
        if let Some(nre) = nre {
            self.by_nre.insert(nre, number);
        }
        Some(BookingNumber(number))
    }

    fn close(&mut self, number: BookingNumber, state: State) {
        let Some(booking) = self.ledger.get_mut(number.0) else {
            return;
        };
        booking.state = state;
        booking.version.advance();
        if let Some(nre) = booking.nre {
            self.by_nre.remove(&nre);
        }
        if state == State::Cancelled {
            self.taken.remove(&(booking.agenda, booking.starts));
        }
    }

    /// Another appointment of the person at that time, wherever it is.
    fn overlapping(
        &self,
        person: CodiceFiscale,
        starts: PrimitiveDateTime,
        minutes: u16,
    ) -> Option<&Booking> {
        let ends = starts.saturating_add(Duration::minutes(minutes.into()));
        self.ledger
            .of(person)
            .map(|(_, booking)| booking)
            .filter(|booking| booking.state == State::Booked)
            .find(|booking| {
                let length = self
                    .agenda(booking.agenda)
                    .map_or(0, |agenda| agenda.minutes);
                let other_ends = booking
                    .starts
                    .saturating_add(Duration::minutes(length.into()));
                booking.starts < ends && starts < other_ends
            })
    }
}

/// Does what is asked, or says which rule forbids it.
pub(crate) fn perform(
    world: &mut World,
    who: Requester,
    command: Command,
    now: OffsetDateTime,
) -> Result<Event, Refusal> {
    match command {
        Command::Book {
            person,
            agenda,
            starts,
            nre,
        } => book::book(world, who, person, agenda, starts, nre, now),
        Command::Cancel(target) => close::cancel(world, who, target, now),
        Command::Attend(target) => close::end(world, who, target, State::Attended, now),
        Command::Miss(target) => close::end(world, who, target, State::Missed, now),
    }
}

/// What the clock on the wall shows, where the offset of `now` is in force.
fn wall(now: OffsetDateTime) -> PrimitiveDateTime {
    PrimitiveDateTime::new(now.date(), now.time())
}
