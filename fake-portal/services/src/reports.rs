//! Reports and other documents (referti): published by structures, collected by citizens.
//!
//! What a person has obscured (oscurato) is there for them and for who represents them by law, and for
//! nobody else, not even its existence: others get the answer that they get for a document that never was.

mod content;

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::access::{Access, Standing};
use crate::actor::Actor;
use crate::ledger::{Held, Ledger};
use crate::refusal::Refusal;
use crate::rules;
use crate::structure::StructureNumber;
use crate::text_form::{self, iso_date};
use crate::version::Version;
use crate::world::World;

pub use content::{Analyte, Content, Measurement, ReportKind};

/// A document about a person's health.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// About whom.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// What kind of document.
    pub kind: ReportKind,
    /// Who wrote it.
    pub structure: StructureNumber,
    /// When.
    #[serde(with = "iso_date")]
    pub issued: Date,
    /// What it says.
    pub content: Content,
    /// Whether it is hidden from all but the person and who represents them by law.
    #[serde(default)]
    pub obscured: bool,
    /// When it was first collected (ritirato), if it was.
    #[serde(
        with = "iso_date::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub collected: Option<Date>,
    /// Advances with every change.
    #[serde(default)]
    pub version: Version,
}

impl Held for Report {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// That a person has agreed, or no longer agrees, that health workers read their documents.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct ConsentDecision {
    #[serde(with = "text_form")]
    person: CodiceFiscale,
    #[serde(with = "iso_date")]
    on: Date,
    given: bool,
}

impl Held for ConsentDecision {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// A report's place in the list, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct ReportNumber(pub u32);

/// What can be done about reports.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// A structure publishes a document.
    Publish {
        /// About whom.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// What kind.
        kind: ReportKind,
        /// What it says.
        content: Content,
    },
    /// The document is collected.
    Collect(Target),
    /// The document is hidden from others.
    Obscure(Target),
    /// The document is shown to others again.
    Reveal(Target),
    /// The person decides whether health workers may read their documents.
    Consent {
        /// Who decides.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Whether they may.
        given: bool,
    },
}

/// A document that something is to be done with.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Whose.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// Which.
    pub report: ReportNumber,
    /// As it was when it was last looked at.
    pub version: Version,
}

/// What happened to a document.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// There is a new one.
    Published(ReportNumber),
    /// It was collected.
    Collected(ReportNumber),
    /// It is hidden.
    Obscured(ReportNumber),
    /// It is shown again.
    Revealed(ReportNumber),
    /// Health workers may read, or may no longer.
    Consented {
        /// Whether they may.
        given: bool,
    },
}

/// All documents, and who agreed that they are read.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    documents: Ledger<Report>,
    consents: Ledger<ConsentDecision>,
}

impl Reports {
    /// What there is about a person that may be seen, newest first.
    ///
    /// # Errors
    /// REPORT-102 for health workers, if the person has not agreed.
    pub fn of(
        &self,
        access: &Access,
    ) -> Result<impl Iterator<Item = (ReportNumber, &Report)>, Refusal> {
        self.expect_consent(access)?;
        let sees_all = access.decides();
        let documents = self.documents.of(access.person()).rev();
        Ok(documents
            .filter(move |(_, report)| sees_all || !report.obscured)
            .map(|(number, report)| (ReportNumber(number), report)))
    }

    /// One document of a person.
    ///
    /// # Errors
    /// REPORT-101 if there is none, or none to be seen; REPORT-102 for health workers.
    pub fn get(&self, access: &Access, number: ReportNumber) -> Result<&Report, Refusal> {
        self.expect_consent(access)?;
        self.documents
            .seen(access, number.0)
            .filter(|report| access.decides() || !report.obscured)
            .ok_or_else(|| rules::NO_REPORT.refuse())
    }

    /// Whether a person has agreed that health workers read their documents.
    pub fn consent(&self, access: &Access) -> bool {
        let mut decisions = self.consents.of(access.person());
        decisions
            .next_back()
            .is_some_and(|(_, decision)| decision.given)
    }

    pub(crate) fn add(&mut self, report: Report) -> ReportNumber {
        ReportNumber(self.documents.add(report))
    }

    pub(crate) fn decide(&mut self, person: CodiceFiscale, given: bool, on: Date) {
        self.consents.add(ConsentDecision { person, on, given });
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Report)> {
        self.documents.iter()
    }

    /// Who is named in a decision about consent.
    pub(crate) fn deciders(&self) -> impl Iterator<Item = (u32, CodiceFiscale)> {
        self.consents
            .iter()
            .map(|(number, decision)| (number, decision.person))
    }

    fn expect_consent(&self, access: &Access) -> Result<(), Refusal> {
        if access.standing() == Standing::Professional && !self.consent(access) {
            return Err(rules::NO_CONSENT.refuse());
        }
        Ok(())
    }
}

/// Does what is asked, or says which rule forbids it.
pub(crate) fn perform(
    world: &mut World,
    who: Actor,
    command: Command,
    now: OffsetDateTime,
) -> Result<Event, Refusal> {
    let today = now.date();
    match command {
        Command::Publish {
            person,
            kind,
            content,
        } => publish(world, who, person, kind, content, today),
        Command::Collect(target) => {
            let access = world.people.private_access(who, target.person, today)?;
            let report = changed(world, &access, target)?;
            report.collected = report.collected.or(Some(today));
            Ok(Event::Collected(target.report))
        }
        Command::Obscure(target) => {
            set_obscured(world, who, target, true, today)?;
            Ok(Event::Obscured(target.report))
        }
        Command::Reveal(target) => {
            set_obscured(world, who, target, false, today)?;
            Ok(Event::Revealed(target.report))
        }
        Command::Consent { person, given } => {
            decider(world, who, person, today)?;
            world.reports.decide(person, given, today);
            Ok(Event::Consented { given })
        }
    }
}

fn publish(
    world: &mut World,
    who: Actor,
    person: CodiceFiscale,
    kind: ReportKind,
    content: Content,
    today: Date,
) -> Result<Event, Refusal> {
    let structure = who.structure()?;
    world.people.living(person)?;
    Ok(Event::Published(world.reports.add(Report {
        person,
        kind,
        structure,
        issued: today,
        content,
        obscured: false,
        collected: None,
        version: Version::default(),
    })))
}

fn set_obscured(
    world: &mut World,
    who: Actor,
    target: Target,
    obscured: bool,
    today: Date,
) -> Result<(), Refusal> {
    let access = decider(world, who, target.person, today)?;
    changed(world, &access, target)?.obscured = obscured;
    Ok(())
}

/// The access of the person or who represents them by law.
fn decider(
    world: &World,
    who: Actor,
    person: CodiceFiscale,
    today: Date,
) -> Result<Access, Refusal> {
    let access = world.people.private_access(who, person, today)?;
    if access.decides() {
        Ok(access)
    } else {
        Err(rules::NOT_YOURS_TO_OBSCURE.refuse())
    }
}

/// A document that may be seen and is as it was, on its way to its next version.
fn changed<'a>(
    world: &'a mut World,
    access: &Access,
    target: Target,
) -> Result<&'a mut Report, Refusal> {
    let report = world.reports.get(access, target.report)?;
    report.version.expect(target.version)?;
    let report = world.reports.documents.get_mut(target.report.0);
    let report = report.ok_or_else(|| rules::NO_REPORT.refuse())?;
    report.version.advance();
    Ok(report)
}
