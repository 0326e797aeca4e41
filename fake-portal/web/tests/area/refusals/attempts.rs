//! What citizens try that they may not, one attempt for each rule.

mod bookings;
mod doctors;

use cns_authority::CodiceFiscale;
use cns_services::exemptions::{self, ExemptionCode};
use cns_services::reports::{self, ReportKind};
use cns_services::structure::StructureNumber;
use cns_services::world::{Command, Event};
use cns_services::{Requester, World};

use crate::town::{NOW, Place, person};

/// Something that is refused.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) who: CodiceFiscale,
    pub(crate) path: String,
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) code: &'static str,
    /// The field that is to blame.
    pub(crate) field: Option<&'static str>,
    /// A field in which only what is offered can be chosen.
    pub(crate) choice: Option<&'static str>,
    /// Whether the page that is shown has the field.
    pub(crate) is_seen: bool,
}

/// One attempt for each rule. The world is made so that each fails for that rule alone.
pub(crate) fn all(place: &Place) -> Vec<Attempt> {
    let mut attempts = reports(place);
    attempts.extend(exemptions(place));
    attempts.extend(bookings::all(place));
    attempts.extend(doctors::all(place));
    attempts
}

fn attempt(
    who: CodiceFiscale,
    path: impl Into<String>,
    fields: &[(&'static str, String)],
    code: &'static str,
    field: Option<&'static str>,
) -> Attempt {
    Attempt {
        who,
        path: path.into(),
        fields: fields.to_vec(),
        code,
        field,
        choice: None,
        is_seen: true,
    }
}

impl Attempt {
    fn choosing(self, field: &'static str) -> Self {
        Self {
            choice: Some(field),
            ..self
        }
    }

    fn unseen(self) -> Self {
        Self {
            is_seen: false,
            ..self
        }
    }
}

fn reports(place: &Place) -> Vec<Attempt> {
    let maria = person("maria-rossi");
    let command = reports::Command::Publish {
        person: maria,
        kind: ReportKind::Radiology,
        content: reports::Content::Narrative("Nulla da segnalare.".to_owned()),
    };
    let who = Requester::Structure(StructureNumber(0));
    let published = place.perform(who, Command::Report(command), NOW);
    let Ok(Event::Report(reports::Event::Published(number))) = published else {
        panic!("{published:?}");
    };
    let path = format!("/area/reports/{}/obscure", number.0);
    let obscure = |fields: &[_], code, field| attempt(maria, path.as_str(), fields, code, field);
    let version = |number: &str| [("version", number.to_owned())];
    vec![
        obscure(&version("7"), "WORLD-101", None),
        obscure(&[], "FORM-101", Some("version")).unseen(),
        obscure(&version("x"), "FORM-107", Some("version")).unseen(),
    ]
}

fn exemptions(place: &Place) -> Vec<Attempt> {
    let (maria, paolo, sofia) = (
        person("maria-rossi"),
        person("paolo-conti"),
        person("sofia-conti"),
    );
    let declare = |who, path: String, text: &str, code| {
        let fields = [("code", text.to_owned())];
        attempt(who, path, &fields, code, Some("code")).choosing("code")
    };
    let own = |text: &str, code| declare(maria, "/area/exemptions".to_owned(), text, code);
    let for_sofia = format!("/area/for/{sofia}/exemptions");
    let grant = exemptions::Command::Grant {
        person: maria,
        code: code("048"),
        until: None,
    };
    let granted = number(place.perform(Requester::Operator, Command::Exemption(grant), NOW));
    let citizen = Requester::Citizen(maria);
    let declared = ["E02", "E30"].map(|text| {
        let command = exemptions::Command::Declare {
            person: maria,
            code: code(text),
        };
        number(place.perform(citizen, Command::Exemption(command), NOW))
    });
    let [_, over] = declared;
    let version = place.see(|world| version_of(world, maria, over));
    let revoke = exemptions::Command::Revoke {
        person: maria,
        exemption: exemptions::ExemptionNumber(over),
        version,
    };
    place
        .perform(citizen, Command::Exemption(revoke), NOW)
        .unwrap();
    let revoke = |number: u32, version: &str, code| {
        let path = format!("/area/exemptions/{number}/revoke");
        attempt(maria, path, &[("version", version.to_owned())], code, None)
    };
    vec![
        own("048", "EXEMPTION-102"),
        declare(paolo, for_sofia, "E03", "EXEMPTION-103"),
        own("E02", "EXEMPTION-104"),
        own("E05", "EXEMPTION-105"),
        revoke(over, "1", "EXEMPTION-106"),
        revoke(granted, "0", "EXEMPTION-107"),
        revoke(granted, "9", "WORLD-101"),
        own("", "FORM-101"),
        own("E2", "FORM-109"),
    ]
}

fn code(text: &str) -> ExemptionCode {
    text.parse().unwrap()
}

fn number(came: Result<Event, cns_services::Refusal>) -> u32 {
    match came {
        Ok(Event::Exemption(exemptions::Event::Began(number))) => number.0,
        other => panic!("{other:?}"),
    }
}

fn version_of(world: &World, person: CodiceFiscale, number: u32) -> cns_services::Version {
    let access = world
        .access(Requester::Citizen(person), person, NOW.date())
        .unwrap();
    let number = exemptions::ExemptionNumber(number);
    world.exemptions().get(&access, number).unwrap().version
}
