//! Exemptions: those there are, those to declare oneself, and how to take one back.

use cns_language::{Text, text};
use cns_services::exemptions::{Command, Exemption, ExemptionCode, ExemptionNumber, Source};
use cns_services::{Refusal, World, world};
use serde_json::json;

use super::done::Done;
use super::errand::Errand;
use crate::site::answer::Answer;
use crate::site::form::{Control, Field, Form, VERSION};
use crate::site::page::{Cell, Content, Page, Section, Table};
use crate::site::typed;

pub(super) const TITLE: Text = text("Esenzioni", "Exemptions", "Befreiungen");

pub(super) fn answer(errand: &Errand<'_>, world: &mut World, path: &[&str]) -> Answer {
    match (path, errand.posted()) {
        ([], None) => shown(errand, world),
        ([], Some(typed)) => {
            let code = typed::read(typed, "code", "E02");
            let came = code.and_then(|code| declare(errand, world, code));
            let page = || Some(page(errand, world));
            errand.outcome(came, Done::Declared, |_| "/exemptions".to_owned(), page)
        }
        ([number, "revoke"], _) => revoke(errand, world, number),
        _ => Answer::Absent,
    }
}

fn shown(errand: &Errand<'_>, world: &World) -> Answer {
    let exemptions = world.exemptions().of(&errand.access);
    let exemptions = exemptions.map(|(number, exemption)| {
        json!({
            "number": number,
            "in_force": exemption.in_force(errand.today()),
            "exemption": exemption,
        })
    });
    Answer::Shown {
        data: json!({
            "exemptions": exemptions.collect::<Vec<_>>(),
            "declarable": declarable(errand).map(|code| code.0).collect::<Vec<_>>(),
        }),
        page: page(errand, world),
    }
}

fn declare(
    errand: &Errand<'_>,
    world: &mut World,
    code: ExemptionCode,
) -> Result<world::Event, Refusal> {
    let person = errand.person();
    let command = world::Command::Exemption(Command::Declare { person, code });
    // The code is all that there is on the form: what no rule says of another field is said of it.
    errand
        .perform(world, command)
        .map_err(|refusal| match refusal.field {
            Some(_) => refusal,
            None => refusal.of_field("code"),
        })
}

fn revoke(errand: &Errand<'_>, world: &mut World, number: &str) -> Answer {
    let number = number.parse().map(ExemptionNumber);
    let Ok(exemption) = number else {
        return Answer::Absent;
    };
    if world.exemptions().get(&errand.access, exemption).is_err() {
        return Answer::Absent;
    }
    let Some(typed) = errand.posted() else {
        return shown(errand, world);
    };
    let person = errand.person();
    let came = typed::version(typed).and_then(|version| {
        let command = Command::Revoke {
            person,
            exemption,
            version,
        };
        errand.perform(world, world::Command::Exemption(command))
    });
    let page = || Some(page(errand, world));
    errand.outcome(came, Done::Revoked, |_| "/exemptions".to_owned(), page)
}

fn page(errand: &Errand<'_>, world: &World) -> Page {
    let exemptions = world.exemptions().of(&errand.access);
    let rows = exemptions.map(|(number, exemption)| row(errand, number, exemption));
    let table = Table {
        columns: vec![
            errand.say(CODE),
            errand.say(SOURCE),
            errand.say(FROM),
            errand.say(UNTIL),
            errand.say(STATE),
        ],
        rows: rows.collect(),
        none: errand.say(NONE),
    };
    let choices = declarable(errand).map(|(code, title)| {
        let words = format!("{code} – {}", errand.say(title));
        (code.to_owned(), words)
    });
    let form = Form::new(errand.path("/exemptions"), errand.say(DECLARE)).with(
        Field::new("code", errand.say(CODE), Control::Choice(choices.collect()))
            .hinted(errand.say(HINT)),
    );
    errand
        .page(errand.say(TITLE), &[])
        .with(Section::new(errand.say(YOURS), Content::Table(table)))
        .with(
            Section::new(errand.say(SELF_CERTIFY), Content::Form(form))
                .led_by(errand.say(RESPONSIBILITY)),
        )
}

fn row(errand: &Errand<'_>, number: ExemptionNumber, exemption: &Exemption) -> Vec<Cell> {
    let code = exemption.code.to_string();
    let in_force = exemption.in_force(errand.today());
    let last = if in_force && exemption.source == Source::SelfCertified {
        let path = errand.path(format!("/exemptions/{}/revoke", number.0));
        let version = exemption.version.number().to_string();
        let form = Form::new(path, errand.say(REVOKE)).with(Field::hidden(VERSION, version));
        Cell::Button(form.about(code.as_str()))
    } else {
        let state = match (exemption.revoked, in_force) {
            (Some(_), _) => REVOKED,
            (None, true) => IN_FORCE,
            (None, false) => OVER,
        };
        Cell::words(errand.say(state))
    };
    vec![
        Cell::Code(code),
        Cell::words(errand.say(source(exemption.source))),
        Cell::words(errand.day(exemption.from)),
        Cell::words(errand.day_or_none(exemption.until)),
        last,
    ]
}

fn source(source: Source) -> Text {
    match source {
        Source::SelfCertified => text("autocertificata", "self-certified", "selbst erklärt"),
        Source::HealthAuthority => text(
            "rilasciata dall'ASST",
            "granted by the ASST",
            "vom ASST erteilt",
        ),
        Source::Ministry => text("elenchi del MEF", "lists of the MEF", "Listen des MEF"),
    }
}

/// What one may declare for oneself, or for a member of the family.
fn declarable(errand: &Errand<'_>) -> impl Iterator<Item = (&'static str, Text)> {
    let for_another = errand.is_for_another();
    DECLARABLE.into_iter().filter(move |(code, _)| {
        let code = code.parse::<ExemptionCode>();
        code.is_ok_and(|code| code.is_self_certifiable() && (!for_another || code.is_for_family()))
    })
}

/// What each code is for, in short and from memory.
const DECLARABLE: [(&str, Text); 10] = [
    (
        "E01",
        text(
            "meno di 6 o più di 65 anni, reddito familiare basso",
            "under 6 or over 65, low family income",
            "unter 6 oder über 65, geringes Familieneinkommen",
        ),
    ),
    (
        "E02",
        text(
            "disoccupati e familiari a carico",
            "the unemployed and their dependants",
            "Arbeitslose und ihre Angehörigen",
        ),
    ),
    (
        "E03",
        text("assegno sociale", "social allowance", "Sozialgeld"),
    ),
    (
        "E04",
        text(
            "pensione al minimo, più di 60 anni",
            "minimum pension, over 60",
            "Mindestrente, über 60",
        ),
    ),
    (
        "E05",
        text(
            "più di 65 anni, reddito familiare medio",
            "over 65, middle family income",
            "über 65, mittleres Familieneinkommen",
        ),
    ),
    (
        "E12",
        text(
            "disoccupati, farmaci e prestazioni",
            "the unemployed, medicines and services",
            "Arbeitslose, Arzneimittel und Leistungen",
        ),
    ),
    (
        "E13",
        text(
            "cassa integrazione e mobilità",
            "wage supplements and mobility lists",
            "Lohnausgleich und Mobilität",
        ),
    ),
    (
        "E14",
        text(
            "più di 66 anni, reddito familiare basso",
            "over 66, low family income",
            "über 66, geringes Familieneinkommen",
        ),
    ),
    (
        "E30",
        text(
            "malattia cronica, farmaci",
            "chronic illness, medicines",
            "chronische Krankheit, Arzneimittel",
        ),
    ),
    (
        "E40",
        text(
            "malattia rara, farmaci",
            "rare disease, medicines",
            "seltene Krankheit, Arzneimittel",
        ),
    ),
];

const YOURS: Text = text(
    "Esenzioni registrate",
    "Exemptions recorded",
    "Eingetragene Befreiungen",
);
const CODE: Text = text("Codice", "Code", "Code");
const SOURCE: Text = text("Chi la attesta", "Who says so", "Bestätigt durch");
const FROM: Text = text("Dal", "From", "Ab");
const UNTIL: Text = text("Fino al", "Until", "Bis");
const STATE: Text = text("Stato", "State", "Zustand");
const IN_FORCE: Text = text("in vigore", "in force", "in Kraft");
const OVER: Text = text("scaduta", "run out", "abgelaufen");
const REVOKED: Text = text("revocata", "revoked", "widerrufen");
const NONE: Text = text("Nessuna esenzione.", "No exemption.", "Keine Befreiung.");
const REVOKE: Text = text("Revoca", "Revoke", "Widerrufen");
const SELF_CERTIFY: Text = text(
    "Autocertificazione",
    "Self-certification",
    "Selbsterklärung",
);
const RESPONSIBILITY: Text = text(
    "Chi dichiara il falso ne risponde: l'esenzione vale da oggi fino al 31 marzo.",
    "Who declares what is not true answers for it: the exemption is good from today until 31 March.",
    "Wer Falsches erklärt, haftet dafür: die Befreiung gilt ab heute bis zum 31. März.",
);
const HINT: Text = text(
    "Le esenzioni per patologia e invalidità si chiedono allo sportello.",
    "Exemptions for illness and disability are asked for at the desk.",
    "Befreiungen für Krankheit und Invalidität werden am Schalter beantragt.",
);
const DECLARE: Text = text("Dichiara", "Declare", "Erklären");
