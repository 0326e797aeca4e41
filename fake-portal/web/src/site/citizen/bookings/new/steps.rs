//! The pages of a new booking, one a step.

use cns_language::{Phrase, Text, text};
use cns_services::World;
use cns_services::bookings::{AgendaNumber, Service};
use cns_services::prescriptions::{Prescribed, Status};
use time::PrimitiveDateTime;

use super::super::{NEW_BOOKING, SERVICE, STARTS, STRUCTURE, TICKET, TITLE, structure};
use super::{Choice, DAY, word_of, written};
use crate::site::citizen::errand::Errand;
use crate::site::form::{Control, Field, Form};
use crate::site::page::{Cell, Content, Link, Page, Section, Table};
use crate::site::values::Values;

/// What the booking is for.
pub(super) fn first(errand: &Errand<'_>, world: &World) -> Page {
    let typed = &errand.visit.query;
    let services = Service::ALL.into_iter();
    let services = services.filter(|service| !service.needs_prescription());
    let services = services.map(|service| (word_of(service), errand.say(service.title())));
    let form = Form::query(errand.path("/bookings/new"), errand.say(GO_ON))
        .with(nre_field(errand).optional())
        .with(
            Field::new(
                "service",
                errand.say(WITHOUT_PRESCRIPTION),
                Control::Choice(services.collect()),
            )
            .optional(),
        )
        .filled(typed);
    page(errand)
        .with(Section::new(
            errand.say(YOUR_PRESCRIPTIONS),
            Content::Table(prescriptions(errand, world)),
        ))
        .with(Section::new(errand.say(OR_TYPE), Content::Form(form)))
}

/// Where it can be.
pub(super) fn places(
    errand: &Errand<'_>,
    world: &World,
    choice: &Choice<'_>,
    service: Service,
) -> Page {
    let agendas = world.bookings().agendas();
    let agendas = agendas.filter(|(_, agenda)| agenda.service == service);
    let rows = agendas.map(|(number, _)| {
        let free = choice.free(errand, world, number);
        let first = free.first();
        vec![
            Cell::link(
                structure(world, number),
                choice.address(errand, number, None),
            ),
            Cell::words(first.map_or_else(|| errand.say(NO_TIME), |first| errand.time(*first))),
        ]
    });
    let table = Table {
        columns: vec![errand.say(STRUCTURE), errand.say(FIRST_FREE)],
        rows: rows.collect(),
        none: errand.say(NOWHERE),
    };
    let section = Section::new(errand.say(WHERE), Content::Table(table));
    page(errand).with(about(errand, choice)).with(section)
}

/// When it can be.
pub(super) fn times(
    errand: &Errand<'_>,
    world: &World,
    choice: &Choice<'_>,
    agenda: AgendaNumber,
) -> Page {
    let links = choice.free(errand, world, agenda);
    let links: Vec<Link> = links
        .into_iter()
        .map(|starts| {
            let address = choice.address(errand, agenda, Some(starts));
            Link::new(errand.time(starts), address)
        })
        .collect();
    let section = match links.is_empty() {
        true => Section::new(errand.say(WHEN), Content::Words).led_by(errand.say(NO_TIME)),
        false => Section::new(errand.say(WHEN), Content::Links(links)),
    };
    let later = Form::query(errand.path("/bookings/new"), errand.say(SHOW_TIMES));
    let later = choice
        .hidden(agenda)
        .into_iter()
        .fold(later, Form::with)
        .with(
            Field::new("from", errand.say(FROM), Control::Line("date"))
                .with_value(choice.from.format(DAY).unwrap_or_default()),
        );
    page(errand)
        .with(about(errand, choice))
        .with(section)
        .with(Section::new(errand.say(ANOTHER_DAY), Content::Form(later)))
}

/// What it costs, and whether it is to be.
pub(super) fn confirm(
    errand: &Errand<'_>,
    world: &World,
    choice: &Choice<'_>,
    agenda: AgendaNumber,
    starts: PrimitiveDateTime,
) -> Page {
    let mut times = choice.free(errand, world, agenda);
    // What was chosen stays there to be read, even if somebody else has it by now.
    times.push(starts);
    times.sort_unstable();
    times.dedup();
    let times = times.iter();
    let times = times.map(|starts| (written(starts), errand.time(*starts)));
    let nre = choice.prescription.map(|prescription| prescription.nre);
    let nre = nre_field(errand).with_value(nre.map_or_else(String::new, |nre| nre.to_string()));
    let nre = match choice.service.is_some_and(Service::needs_prescription) {
        true => nre,
        false => nre.optional(),
    };
    let form = Form::new(errand.path("/bookings/new"), errand.say(CONFIRM))
        .with(Field::hidden("agenda", agenda.0.to_string()))
        .with(Field::hidden(
            "service",
            choice.service.map_or_else(String::new, word_of),
        ))
        .with(
            Field::new(
                "starts",
                errand.say(STARTS),
                Control::Choice(times.collect()),
            )
            .with_value(written(&starts)),
        )
        .with(nre);
    let ticket = choice.service.map(|service| {
        let exempt = choice.is_exempt(errand, world);
        service.ticket(choice.prescription.is_some(), exempt)
    });
    let facts = vec![
        (errand.say(STRUCTURE), Cell::words(structure(world, agenda))),
        (errand.say(STARTS), Cell::words(errand.time(starts))),
        (
            errand.say(TICKET),
            Cell::words(ticket.map_or_else(String::new, |ticket| ticket.to_string())),
        ),
    ];
    page(errand)
        .with(about(errand, choice))
        .with(Section::new(errand.say(APPOINTMENT), Content::Facts(facts)))
        .with(Section::new(errand.say(TO_CONFIRM), Content::Form(form)))
}

/// The last step again, after a refusal: what was typed goes into its form.
pub(super) fn again(errand: &Errand<'_>, world: &World, typed: &Values) -> Page {
    let number = typed.text("agenda").parse().ok().map(AgendaNumber);
    let agenda = number.and_then(|number| world.bookings().agenda(number));
    let (Some(number), Some(agenda)) = (number, agenda) else {
        return first(errand, world);
    };
    let nre = super::nre(typed).ok().flatten();
    let choice = Choice {
        prescription: nre.and_then(|nre| world.prescriptions().get(&errand.access, nre).ok()),
        service: Some(agenda.service),
        agenda: Some(number),
        from: errand.today(),
        starts: None,
    };
    let starts = super::starts(typed).ok().flatten();
    let first_free = choice.free(errand, world, number).first().copied();
    let mut page = match starts.or(first_free) {
        Some(starts) => confirm(errand, world, &choice, number, starts),
        None => times(errand, world, &choice, number),
    };
    // Without the prescription that it needs, a service has no step of its own.
    let has_step = choice.prescription.is_some() || !agenda.service.needs_prescription();
    page.query = has_step.then(|| choice.query(number, starts));
    page
}

impl Choice<'_> {
    /// The address of the next step.
    fn address(
        &self,
        errand: &Errand<'_>,
        agenda: AgendaNumber,
        starts: Option<PrimitiveDateTime>,
    ) -> String {
        let query = self.query(agenda, starts);
        errand.path(format!("/bookings/new?{query}"))
    }

    fn query(&self, agenda: AgendaNumber, starts: Option<PrimitiveDateTime>) -> String {
        let fields = self.hidden(agenda);
        let chosen = fields.iter().map(|field| (field.name, field.value.clone()));
        let starts = starts.map(|starts| ("starts", written(&starts)));
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(chosen.chain(starts))
            .finish()
    }

    /// What was chosen, for the next step.
    fn hidden(&self, agenda: AgendaNumber) -> Vec<Field> {
        let what = match (self.prescription, self.service) {
            (Some(prescription), _) => Some(Field::hidden("nre", prescription.nre.to_string())),
            (None, service) => service.map(|service| Field::hidden("service", word_of(service))),
        };
        let agenda = Field::hidden("agenda", agenda.0.to_string());
        what.into_iter().chain([agenda]).collect()
    }

    fn is_exempt(&self, errand: &Errand<'_>, world: &World) -> bool {
        let code = self
            .prescription
            .and_then(|prescription| prescription.exemption);
        code.is_some_and(|code| {
            let mut exemptions = world.exemptions().of(&errand.access);
            exemptions.any(|(_, it)| it.code == code && it.in_force(errand.today()))
        })
    }
}

fn page(errand: &Errand<'_>) -> Page {
    errand.page(errand.say(NEW_BOOKING), &[(TITLE, "/bookings")])
}

fn about(errand: &Errand<'_>, choice: &Choice<'_>) -> Section {
    let service = choice.service.map(|service| errand.say(service.title()));
    let mut facts = vec![(
        errand.say(SERVICE),
        Cell::Words(service.unwrap_or_default()),
    )];
    if let Some(prescription) = choice.prescription {
        facts.push((errand.say(NRE), Cell::code(prescription.nre)));
    }
    if let Some(latest) = choice.latest(errand) {
        facts.push((errand.say(BY), Cell::words(errand.day(latest.date()))));
    }
    Section::new(errand.say(WHAT), Content::Facts(facts))
}

fn prescriptions(errand: &Errand<'_>, world: &World) -> Table {
    let prescriptions = world.prescriptions().of(&errand.access);
    let usable = prescriptions.filter(|prescription| {
        let status = prescription.status(errand.today());
        status == Status::Issued && matches!(prescription.prescribed, Prescribed::Service { .. })
    });
    let rows = usable.map(|prescription| {
        let nre = prescription.nre;
        let path = errand.path(format!("/bookings/new?nre={nre}"));
        vec![
            Cell::link(errand.say(prescription.prescribed.title()), path),
            Cell::code(nre),
            Cell::words(errand.day(prescription.valid_until())),
        ]
    });
    Table {
        columns: vec![
            errand.say(SERVICE),
            errand.say(NRE),
            errand.say(VALID_UNTIL),
        ],
        rows: rows.collect(),
        none: errand.say(NO_PRESCRIPTION),
    }
}

fn nre_field(errand: &Errand<'_>) -> Field {
    let like = Phrase::from(LIKE).with("0300A 4000000248");
    Field::new("nre", errand.say(NRE), Control::Line("text")).hinted(errand.say(like))
}

const WHAT: Text = text("Prestazione", "Service", "Leistung");
const NRE: Text = text(
    "Numero della ricetta (NRE)",
    "Number of the prescription (NRE)",
    "Nummer des Rezepts (NRE)",
);
const LIKE: Text = text(
    "15 caratteri, come {0}",
    "15 characters, like {0}",
    "15 Zeichen, wie {0}",
);
const VALID_UNTIL: Text = text("Valida fino al", "Valid until", "Gültig bis");
const YOUR_PRESCRIPTIONS: Text = text("Con una ricetta", "With a prescription", "Mit einem Rezept");
const NO_PRESCRIPTION: Text = text(
    "Nessuna ricetta di visite o esami da prenotare.",
    "No prescription of a visit or an examination to book.",
    "Kein Rezept für eine Visite oder Untersuchung.",
);
const OR_TYPE: Text = text("Oppure", "Or", "Oder");
const WITHOUT_PRESCRIPTION: Text = text(
    "Prestazione senza ricetta",
    "Service without prescription",
    "Leistung ohne Rezept",
);
const GO_ON: Text = text("Avanti", "Go on", "Weiter");
const WHERE: Text = text("Dove", "Where", "Wo");
const FIRST_FREE: Text = text(
    "Primo posto libero",
    "First free time",
    "Erster freier Termin",
);
const NO_TIME: Text = text(
    "Nessun posto libero in tempo.",
    "No free time soon enough.",
    "Kein rechtzeitiger Termin.",
);
const NOWHERE: Text = text(
    "Nessuna struttura offre la prestazione.",
    "No structure offers this service.",
    "Keine Einrichtung bietet die Leistung an.",
);
const WHEN: Text = text("Quando", "When", "Wann");
const ANOTHER_DAY: Text = text("Un altro giorno", "Another day", "Ein anderer Tag");
const FROM: Text = text("Dal giorno", "From the day", "Vom Tag");
const SHOW_TIMES: Text = text("Mostra i posti", "Show times", "Termine zeigen");
const BY: Text = text("Entro il", "By", "Spätestens am");
const APPOINTMENT: Text = text("Appuntamento", "Appointment", "Termin");
const TO_CONFIRM: Text = text("Conferma", "Confirmation", "Bestätigung");
const CONFIRM: Text = text(
    "Conferma la prenotazione",
    "Confirm the booking",
    "Vormerkung bestätigen",
);
