//! Reports and other documents: the list by date, type and structure; one of them; to collect, to obscure
//! and to reveal it; who may read them.

mod list;
mod one;

use cns_language::{Text, text};
use cns_services::reports::{Command, Report, ReportNumber, Target};
use cns_services::structure::StructureNumber;
use cns_services::{World, world};
use serde_json::{Value, json};

use super::done::Done;
use super::errand::Errand;
use crate::site::answer::Answer;
use crate::site::typed;

pub(super) const TITLE: Text = text("Referti", "Reports", "Befunde");

pub(super) fn answer(errand: &Errand<'_>, world: &mut World, path: &[&str]) -> Answer {
    match (path, errand.posted()) {
        ([], None) => list::answer(errand, world),
        (["consent"], None) => list::answer(errand, world),
        (["consent"], Some(typed)) => {
            let given = typed.is_ticked("given");
            let person = errand.person();
            let command = world::Command::Report(Command::Consent { person, given });
            let came = errand.perform(world, command);
            let page = || Some(list::page(errand, world));
            errand.outcome(came, Done::Consented, |_| "/reports".to_owned(), page)
        }
        ([document], None) => one::answer(errand, world, document),
        ([number, action], _) => act(errand, world, number, action),
        _ => Answer::Absent,
    }
}

/// Does something with one document.
fn act(errand: &Errand<'_>, world: &mut World, number: &str, action: &str) -> Answer {
    let Ok(report) = number.parse().map(ReportNumber) else {
        return Answer::Absent;
    };
    let (done, command): (_, fn(Target) -> Command) = match action {
        "collect" => (Done::Collected, Command::Collect),
        "obscure" => (Done::Obscured, Command::Obscure),
        "reveal" => (Done::Revealed, Command::Reveal),
        _ => return Answer::Absent,
    };
    let Some(typed) = errand.posted() else {
        return one::shown(errand, world, report);
    };
    let person = errand.person();
    let came = typed::version(typed).and_then(|version| {
        let target = Target {
            person,
            report,
            version,
        };
        errand.perform(world, world::Command::Report(command(target)))
    });
    let next = |_: &world::Event| format!("/reports/{}", report.0);
    errand.outcome(came, done, next, || one::page(errand, world, report))
}

/// A document as programs see it.
fn data(world: &World, number: ReportNumber, report: &Report) -> Value {
    json!({
        "number": number,
        "structure_name": structure(world, report.structure),
        "report": report,
    })
}

fn structure(world: &World, number: StructureNumber) -> &str {
    let structure = world.structure(number);
    structure.map_or("–", |structure| structure.name.as_str())
}
