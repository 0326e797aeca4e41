//! A town with a desk, the cards of the fixtures' citizens, and operators who come with their cards.

use std::sync::Arc;

use cns_authority::{CardNumber, CodiceFiscale};
use cns_fixtures::{Citizen, citizen, population, town};
use cns_portal::town::{ProducedCard, WorkshopError};
use cns_portal::{Staff, StaffMember, StaffRole, Town, TownHall, VirtualClock, Workshop};
use cns_services::Role;
use cns_services::desk::{
    CardEvent, CardSecrets, CertificateChange, Desk, Document, DocumentKind, DossierView,
    Identified, Office, Operator, Policy, SignIn,
};
use cns_services::outbox::{MessageFilter, MessageView, Outbox};
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::{date, datetime};

use crate::support::Bench;
use crate::support::visitor::Visitor;

/// A Tuesday, half past ten by the clocks of Italy: one office is closed.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 10:30 +1);

/// Fields and what is typed into them.
pub(crate) type Fields = Vec<(&'static str, String)>;

/// A running portal, and the state behind its pages.
pub(crate) struct Counter {
    pub(crate) bench: Bench,
    pub(crate) hall: TownHall,
}

impl Counter {
    pub(crate) fn open() -> Self {
        let member = |user, id: &str, role| StaffMember {
            user,
            codice_fiscale: person(id),
            role,
        };
        let staff = Staff::new([
            (
                member("mario", "mario-bianchi", StaffRole::Operator),
                "sportello-1",
            ),
            (
                member("niccolo", "niccolo-d-amico", StaffRole::Operator),
                "sportello-2",
            ),
            (
                member("davide", "davide-moretti", StaffRole::Auditor),
                "revisione-1",
            ),
        ]);
        let town = fresh(Policy::default());
        let hall = TownHall::open(town, staff.unwrap(), Arc::new(Drawer), Arc::new(NOW));
        let of_portal = hall.clone();
        let bench = Bench::start_with(|config, _| {
            config.clock = VirtualClock::over(Arc::new(NOW));
            config.town = Some(of_portal);
        });
        Self { bench, hall }
    }

    /// Somebody with a card, by the name of a card's file.
    pub(crate) fn visitor(&self, id: &str) -> Visitor<'_> {
        Visitor::with_card(&self.bench, person(id))
    }

    /// All that is to be seen of the desk and of the post.
    pub(crate) fn seen(&self) -> (Vec<DossierView>, Vec<MessageView>) {
        self.hall.with(|town, now| {
            let post = town.outbox.list(&MessageFilter::default(), now);
            (town.desk.views(Role::Tester, now), post)
        })
    }

    /// A card as it is now.
    pub(crate) fn view(&self, id: &str) -> DossierView {
        let view = self
            .hall
            .with(|town, now| town.desk.view(Role::Tester, card(id), now));
        view.unwrap()
    }

    /// From now on it is another town.
    pub(crate) fn become_town(&self, town: Town) {
        self.hall.replace(town).unwrap();
    }

    /// An operator identifies somebody.
    pub(crate) fn identify(operator: &Visitor<'_>, id: &str) {
        let done = operator.post_json("/desk/identify", &identification(id));
        assert_eq!(done.status, 200, "{}", done.body);
    }

    /// Somebody logs in with SPID; gives the path of what may be asked for then.
    pub(crate) fn log_in(visitor: &Visitor<'_>, id: &str) -> String {
        let fields = [
            ("identity", person(id).to_string()),
            ("level", "2".to_owned()),
        ];
        let done = visitor.post_json("/pin/spid", &fields);
        let Value::String(ticket) = &done.json()["ticket"] else {
            panic!("{}", done.body);
        };
        format!("/pin/request/{ticket}")
    }
}

/// A town in which nothing has happened yet.
pub(crate) fn fresh(policy: Policy) -> Town {
    Town {
        world: population::world(7, 20, NOW.date()),
        desk: desk(policy),
        outbox: Outbox::default(),
    }
}

/// A desk at which nothing has happened yet.
pub(crate) fn desk(policy: Policy) -> Desk {
    town::desk(policy, NOW)
}

/// Who an operator has seen at the counter, at some time.
pub(crate) fn at_counter(desk: &mut Desk, id: &str, when: OffsetDateTime) -> Identified {
    let operator = Operator {
        codice_fiscale: person("mario-bianchi"),
        sign_in: SignIn::Card,
    };
    let office = Office::of_id("regional-desk").unwrap();
    let document = Document {
        kind: DocumentKind::IdentityCard,
        number: "CA00000AA".to_owned(),
        issuer: "Comune di Collaudo".to_owned(),
        holder: person(id),
        expires: date!(2040 - 01 - 01),
    };
    let applicant = town::applicant(&of_file(id), when);
    desk.identify_at_counter(&operator, office, &applicant, &document, when)
        .unwrap()
}

/// What an operator types who sees somebody with a valid document.
pub(crate) fn identification(id: &str) -> Fields {
    let mut fields = document(id);
    fields.push(("office", "regional-desk".to_owned()));
    fields.push(("identity", person(id).to_string()));
    fields
}

/// What is typed of somebody's document.
pub(crate) fn document(id: &str) -> Fields {
    vec![
        ("document.kind", "identity-card".to_owned()),
        ("document.number", "CA00000AA".to_owned()),
        ("document.issuer", "Comune di Collaudo".to_owned()),
        ("document.holder", person(id).to_string()),
        ("document.expires", "2040-01-01".to_owned()),
    ]
}

/// The form for a card that lies on the counter, with a phone that the desk knows.
pub(crate) fn form(of_card: &str, phone_of: &str) -> Fields {
    vec![
        ("card", card(of_card).to_string()),
        ("channel", "sms".to_owned()),
        ("contact", phone(phone_of)),
        ("language", "en".to_owned()),
    ]
}

/// The address of a card at the desk.
pub(crate) fn at(id: &str, rest: &str) -> String {
    format!("/desk/cards/{}/{rest}", card(id))
}

pub(crate) fn of_file(id: &str) -> Citizen {
    citizen(id).unwrap()
}

pub(crate) fn person(id: &str) -> CodiceFiscale {
    of_file(id).codice_fiscale
}

pub(crate) fn card(id: &str) -> CardNumber {
    of_file(id).card_number
}

pub(crate) fn phone(id: &str) -> String {
    let [phone, _] = town::contacts(&of_file(id));
    phone.address().to_owned()
}

/// A workshop for a desk whose cards nobody uses: what is ordered is there, and what is written is gone.
/// One card says that its PIN is blocked though it has none; one cannot be read.
#[derive(Debug)]
struct Drawer;

/// Whose card says what cannot be.
pub(crate) const CONFUSED: &str = "davide-moretti";
/// Whose card no reader can read.
pub(crate) const BROKEN: &str = "giulia-ferri";

impl Workshop for Drawer {
    fn personalise(
        &self,
        _: CardNumber,
        _: CardSecrets,
        _: OffsetDateTime,
    ) -> Result<(), WorkshopError> {
        Ok(())
    }

    fn set_certificate_status(
        &self,
        _: CardNumber,
        _: CertificateChange,
        _: OffsetDateTime,
    ) -> Result<(), WorkshopError> {
        Ok(())
    }

    fn read(&self, number: CardNumber) -> Result<Option<CardEvent>, WorkshopError> {
        if number == card(BROKEN) {
            return Err(WorkshopError("its chip does not answer".to_owned()));
        }
        Ok((number == card(CONFUSED)).then_some(CardEvent::PinBlocked))
    }

    fn produce(
        &self,
        _: CodiceFiscale,
        replaces: CardNumber,
        _: OffsetDateTime,
    ) -> Result<ProducedCard, WorkshopError> {
        let serial: u32 = replaces.to_string()[8..15].parse().unwrap();
        let region = cns_authority::RegionCode::LOMBARDIA;
        Ok(ProducedCard {
            card: CardNumber::compose(region, serial + 5_000_000).unwrap(),
            expires: date!(2032 - 11 - 23),
        })
    }
}
