//! A portal with a town behind it, and the people of the tests.

use std::sync::Arc;

use cns_authority::CodiceFiscale;
use cns_fixtures::{citizen, population};
use cns_portal::town::NoWorkshop;
use cns_portal::{Staff, Town, TownHall};
use cns_services::bookings::{AgendaNumber, Service};
use cns_services::desk::{Desk, Policy};
use cns_services::doctors::DoctorNumber;
use cns_services::outbox::Outbox;
use cns_services::prescriptions::{self, Nre, Prescribed, Priority};
use cns_services::world::{Command, Event};
use cns_services::{Refusal, Requester, World};
use time::macros::datetime;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::support::visitor::Visitor;
use crate::support::{Bench, clock_at};

/// A Tuesday morning, by the clocks of Italy.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 9:00 +1);

/// Generated citizens, besides those of the cards.
const GENERATED: u32 = 800;

/// A running portal, and the state behind its pages.
pub(crate) struct Place {
    pub(crate) bench: Bench,
    pub(crate) hall: TownHall,
}

impl Place {
    pub(crate) fn found() -> Self {
        let world = population::world(7, GENERATED, NOW.date());
        let town = Town {
            world,
            desk: Desk::new(Policy::default()),
            outbox: Outbox::default(),
        };
        let staff = Staff::new([]).unwrap();
        let hall = TownHall::open(town, staff, Arc::new(NoWorkshop), Arc::new(NOW));
        let of_portal = hall.clone();
        let bench = Bench::start_with(|config, _| {
            config.clock = clock_at(NOW);
            config.town = Some(of_portal);
        });
        Self { bench, hall }
    }

    /// Somebody with a card, by the name of a card's file.
    pub(crate) fn visitor(&self, id: &str) -> Visitor<'_> {
        self.with_card(person(id))
    }

    /// Anybody with a card.
    pub(crate) fn with_card(&self, codice_fiscale: CodiceFiscale) -> Visitor<'_> {
        Visitor::with_card(&self.bench, codice_fiscale)
    }

    /// Looks at the world.
    pub(crate) fn see<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        self.hall.with(|town, _| look(&town.world))
    }

    /// Has something done at another time than now.
    pub(crate) fn perform(
        &self,
        who: Requester,
        command: Command,
        when: OffsetDateTime,
    ) -> Result<Event, Refusal> {
        self.hall
            .change(|town, _| town.world.perform(who, command, when))
    }

    /// A doctor prescribes a service.
    pub(crate) fn prescribe(
        &self,
        person: CodiceFiscale,
        service: Service,
        priority: Priority,
        when: OffsetDateTime,
    ) -> Nre {
        let command = prescriptions::Command::Issue {
            person,
            prescribed: Prescribed::Service { service, priority },
            exemption: None,
        };
        let who = Requester::Doctor(DoctorNumber(0));
        match self.perform(who, Command::Prescription(command), when) {
            Ok(Event::Prescription(prescriptions::Event::Issued(nre))) => nre,
            other => panic!("{other:?}"),
        }
    }

    /// The first agenda of a service.
    pub(crate) fn agenda(&self, service: Service) -> AgendaNumber {
        self.see(|world| {
            let mut agendas = world.bookings().agendas();
            agendas
                .find(|(_, agenda)| agenda.service == service)
                .unwrap()
                .0
        })
    }

    /// Free times of an agenda, from some time on.
    pub(crate) fn free(
        &self,
        agenda: AgendaNumber,
        since: OffsetDateTime,
        count: usize,
    ) -> Vec<PrimitiveDateTime> {
        self.see(|world| world.bookings().free(agenda, since).take(count).collect())
    }
}

/// Who a card's file is about.
pub(crate) fn person(id: &str) -> CodiceFiscale {
    citizen(id).unwrap().codice_fiscale
}

/// A time as forms send it.
pub(crate) fn written(starts: PrimitiveDateTime) -> String {
    let (hour, minute, _) = starts.as_hms();
    format!("{}T{hour:02}:{minute:02}", starts.date())
}
