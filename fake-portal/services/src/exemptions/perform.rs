//! Who may declare, grant and revoke which exemption, and which the ministry renews.

use cns_authority::CodiceFiscale;
use time::{Date, OffsetDateTime};

use super::{
    Command, Event, Exemption, ExemptionCode, ExemptionNumber, Source, last_day,
    thirty_first_of_march,
};
use crate::access::Standing;
use crate::refusal::Refusal;
use crate::requester::Requester;
use crate::rules;
use crate::version::Version;
use crate::world::World;

/// Does what is asked, or says which rule forbids it.
pub(crate) fn perform(
    world: &mut World,
    who: Requester,
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
    who: Requester,
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
    who: Requester,
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
    if exemption.source != Source::SelfCertified && who != Requester::Operator {
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
