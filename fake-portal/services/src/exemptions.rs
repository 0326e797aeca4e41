//! Exemptions from the ticket (esenzioni): declared by citizens, granted by the health authority.

mod code;
mod term;

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::access::{Access, Standing};
use crate::actor::Actor;
use crate::ledger::{Held, Ledger};
use crate::refusal::Refusal;
use crate::rules;
use crate::text_form::{self, iso_date};
use crate::version::Version;
use crate::world::World;

pub use code::{ExemptionCode, ExemptionCodeError, ExemptionKind};
pub use term::{last_day, thirty_first_of_march};

/// An exemption of one person.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// Whose.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// Which.
    #[serde(with = "text_form")]
    pub code: ExemptionCode,
    /// Who says so.
    pub source: Source,
    /// The first day.
    #[serde(with = "iso_date")]
    pub from: Date,
    /// The last day; none for those without an end, as of chronic illness.
    #[serde(
        with = "iso_date::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<Date>,
    /// The day from which it is no longer in force, if it was revoked.
    #[serde(
        with = "iso_date::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub revoked: Option<Date>,
    /// Advances with every change.
    #[serde(default)]
    pub version: Version,
}

impl Exemption {
    /// Whether it counts on a day.
    pub fn in_force(&self, today: Date) -> bool {
        self.from <= today && self.over_since(today).is_none()
    }

    /// The first day without it, if that is past or today.
    fn over_since(&self, today: Date) -> Option<Date> {
        let ended = self.until.and_then(Date::next_day);
        self.revoked
            .into_iter()
            .chain(ended)
            .min()
            .filter(|first_day_without| *first_day_without <= today)
    }
}

impl Held for Exemption {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// Who says that somebody is exempt.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The person (autocertificazione).
    SelfCertified,
    /// The health authority (ASST), on a doctor's certificate.
    HealthAuthority,
    /// The Ministry of Economy and Finance (MEF), by its lists of incomes.
    Ministry,
}

/// An exemption's place in the list, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct ExemptionNumber(pub u32);

/// What can be done about exemptions.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// Somebody declares that they, or a member of their family, are exempt.
    Declare {
        /// Who is exempt.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// By which code.
        #[serde(with = "text_form")]
        code: ExemptionCode,
    },
    /// The desk grants one.
    Grant {
        /// To whom.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Which.
        #[serde(with = "text_form")]
        code: ExemptionCode,
        /// The last day, if there is one.
        #[serde(with = "iso_date::option", default)]
        until: Option<Date>,
    },
    /// Who declared one takes it back; the desk, any.
    Revoke {
        /// Whose.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Which.
        exemption: ExemptionNumber,
        /// As it was when it was last looked at.
        version: Version,
    },
    /// The ministry renews for a year those that end on 31 March and are in its lists.
    Renew {
        /// The year of that 31 March.
        year: i32,
    },
}

/// What happened to exemptions.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// There is a new one.
    Began(ExemptionNumber),
    /// It is revoked.
    Revoked(ExemptionNumber),
    /// So many were renewed.
    Renewed {
        /// How many.
        count: u32,
    },
}

/// All exemptions.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Exemptions {
    ledger: Ledger<Exemption>,
}

impl Exemptions {
    /// A person's exemptions, newest first.
    pub fn of(&self, access: &Access) -> impl Iterator<Item = (ExemptionNumber, &Exemption)> {
        let ledger = self.ledger.of(access.person());
        ledger
            .rev()
            .map(|(number, exemption)| (ExemptionNumber(number), exemption))
    }

    /// One of a person's exemptions.
    ///
    /// # Errors
    /// EXEMPTION-101, also for somebody else's.
    pub fn get(&self, access: &Access, number: ExemptionNumber) -> Result<&Exemption, Refusal> {
        self.ledger
            .seen(access, number.0)
            .ok_or_else(|| rules::NO_EXEMPTION.refuse())
    }

    /// Whether a person is exempt by a code on a day.
    pub(crate) fn holds(&self, person: CodiceFiscale, code: ExemptionCode, today: Date) -> bool {
        self.in_force(person, code, today).is_some()
    }

    pub(crate) fn add(&mut self, exemption: Exemption) -> ExemptionNumber {
        ExemptionNumber(self.ledger.add(exemption))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Exemption)> {
        self.ledger.iter()
    }

    fn in_force(
        &self,
        person: CodiceFiscale,
        code: ExemptionCode,
        today: Date,
    ) -> Option<&Exemption> {
        self.ledger
            .of(person)
            .map(|(_, exemption)| exemption)
            .find(|exemption| exemption.code == code && exemption.in_force(today))
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
        Command::Declare { person, code } => declare(world, who, person, code, today),
        Command::Grant {
            person,
            code,
            until,
        } => {
            who.operator()?;
            if let Some(until) = until.filter(|until| *until < today) {
                return Err(rules::EXEMPTION_ENDS_BEFORE.about(until).of_field("until"));
            }
            begin(world, person, code, Source::HealthAuthority, until, today)
        }
        Command::Revoke {
            person,
            exemption,
            version,
        } => revoke(world, who, person, exemption, version, today),
        Command::Renew { year } => {
            who.ministry()?;
            Ok(renew(world, year))
        }
    }
}

fn declare(
    world: &mut World,
    who: Actor,
    person: CodiceFiscale,
    code: ExemptionCode,
    today: Date,
) -> Result<Event, Refusal> {
    let access = world.people.private_access(who, person, today)?;
    if !code.is_self_certifiable() {
        let refusal = rules::NOT_SELF_CERTIFIABLE.about(code.to_string());
        return Err(refusal.of_field("code"));
    }
    let for_family = matches!(access.standing(), Standing::Guardian | Standing::Delegate);
    if for_family && !code.is_for_family() {
        return Err(rules::NOT_FOR_FAMILY
            .about(code.to_string())
            .of_field("code"));
    }
    let until = Some(last_day(code, today));
    begin(world, person, code, Source::SelfCertified, until, today)
}

fn begin(
    world: &mut World,
    person: CodiceFiscale,
    code: ExemptionCode,
    source: Source,
    until: Option<Date>,
    today: Date,
) -> Result<Event, Refusal> {
    let age = world.people.living(person)?.age(today);
    if !code.fits_age(age) {
        return Err(rules::EXEMPTION_AGE
            .about(code.to_string())
            .of_field("code"));
    }
    if let Some(same) = world.exemptions.in_force(person, code, today) {
        // One without an end is in force until the last day that there is.
        return Err(rules::ALREADY_EXEMPT.about(same.until.unwrap_or(Date::MAX)));
    }
    Ok(Event::Began(world.exemptions.add(Exemption {
        person,
        code,
        source,
        from: today,
        until,
        revoked: None,
        version: Version::default(),
    })))
}

fn revoke(
    world: &mut World,
    who: Actor,
    person: CodiceFiscale,
    number: ExemptionNumber,
    version: Version,
    today: Date,
) -> Result<Event, Refusal> {
    let access = world.people.private_access(who, person, today)?;
    let exemption = world.exemptions.get(&access, number)?;
    exemption.version.expect(version)?;
    if let Some(first_day_without) = exemption.over_since(today) {
        return Err(rules::EXEMPTION_OVER.about(first_day_without));
    }
    if exemption.source != Source::SelfCertified && who != Actor::Operator {
        return Err(rules::NOT_YOURS_TO_REVOKE.refuse());
    }
    if let Some(exemption) = world.exemptions.ledger.get_mut(number.0) {
        exemption.revoked = Some(today);
        exemption.version.advance();
    }
    Ok(Event::Revoked(number))
}

/// Renewing twice is renewing once: after the first time, none ends in that year.
fn renew(world: &mut World, year: i32) -> Event {
    let ends = thirty_first_of_march(year);
    let renewed_until = thirty_first_of_march(year.saturating_add(1));
    let people = &world.people;
    let mut count = 0;
    for (_, exemption) in world.exemptions.ledger.iter_mut() {
        let lives_and_fits = || {
            let holder = people.get(exemption.person);
            holder.is_some_and(|person| {
                person.died.is_none() && exemption.code.fits_age(person.age(ends))
            })
        };
        if exemption.until == Some(ends)
            && exemption.revoked.is_none()
            && exemption.code.is_renewed_by_the_ministry()
            && lives_and_fits()
        {
            exemption.until = Some(renewed_until);
            exemption.version.advance();
            count += 1;
        }
    }
    Event::Renewed { count }
}
