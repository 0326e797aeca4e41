//! One client in one scenario, at a workbench of its own.

use std::io;

use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};

use super::pinned::pinned;
use super::scenario::{NEW_PIN, Scenario, WRONG_PIN};
use super::seen::{Attempt, Exit, Seen};
use super::trouble::Trouble;
use crate::action::ActionError;
use crate::case::{Stop, Verdict};
use crate::clients::{Driver, pkcs15_tool};
use crate::packages::locate;
use crate::runner::Exchange;
use crate::workbench::{ReaderKind, Setup, Workbench};

/// Whose card clients use here.
const HOLDER: &str = "mario-bianchi";

/// What was seen of a client in a scenario, and by which version.
#[derive(Clone, Debug)]
pub struct Outline {
    /// `curl 7.88.1, OpenSC 0.23.0`
    pub version: String,
    /// What came of it.
    pub seen: Seen,
    /// What was said to the card.
    pub exchanges: Vec<Exchange>,
}

/// A workbench with the card that the pinned data are about.
pub(super) fn workbench(reader: ReaderKind) -> Result<Workbench, Stop> {
    let profile = profile(DEFAULT_PROFILE).map_err(Stop::broken)?;
    let citizen = citizen(HOLDER).map_err(Stop::broken)?;
    let setup = Setup::new(profile, citizen).in_reader(reader);
    Workbench::set_up(&setup).map_err(Stop::broken)
}

/// Lets a client use a card in this scenario, in a reader of this kind.
pub fn observe(driver: &Driver, scenario: Scenario, reader: ReaderKind) -> Result<Outline, Stop> {
    driver
        .needs
        .iter()
        .try_for_each(|name| locate(name).map(drop))
        .map_err(Stop::broken)?;
    let workbench = workbench(reader)?;
    let version = version(driver, &workbench).map_err(Stop::broken)?;
    let expected = pinned(driver.client)
        .and_then(|pinned| pinned.row(&version, scenario))
        .and_then(|(_, row)| row.portal.as_deref());
    let attempt = stage(driver, scenario, &workbench).map_err(Stop::broken)?;
    Ok(Outline {
        version,
        seen: Seen::gather(&workbench, attempt, expected),
        exchanges: workbench.record().exchanges(),
    })
}

/// Stages the scenario: what the client did, and how it ended when it was used again.
fn stage(
    driver: &Driver,
    scenario: Scenario,
    workbench: &Workbench,
) -> Result<(Attempt, Option<Exit>), ActionError> {
    let pin = workbench.citizen().pin.as_str();
    let pin = match scenario {
        Scenario::WrongPin => WRONG_PIN,
        Scenario::Blocked => {
            block(workbench)?;
            pin
        }
        Scenario::Unblocked => {
            block(workbench)?;
            let puk = workbench.citizen().puk.as_str();
            if workbench.has_pinpad() {
                let typed = workbench.type_on_pinpad(puk, Some(NEW_PIN));
                typed.map_err(|error| io::Error::other(error.to_string()))?;
            }
            pkcs15_tool::unblock_pin(workbench, puk, NEW_PIN)?.succeeded()?;
            NEW_PIN
        }
        _ => pin,
    };
    // What the card has verified outlives the client that verified it.
    workbench.reset_card()?;
    workbench.record().forget();
    let use_card = || (driver.use_card)(workbench, pin);
    let Some(trouble) = Trouble::of(scenario) else {
        return Ok((use_card()?, None));
    };
    let mut attempt = trouble.during(workbench, use_card)?;
    if !trouble.ends(workbench)? {
        return Ok((attempt, None));
    }
    let again = use_card()?;
    attempt.text = format!("{}\nagain:\n{}", attempt.text, again.text);
    Ok((attempt, Some(again.exit)))
}

fn block(workbench: &Workbench) -> Result<(), ActionError> {
    while workbench.tries_left().is_some_and(|left| 0 < left) {
        let refused = pkcs15_tool::verify_pin(workbench, WRONG_PIN)?;
        if refused.status.success() {
            return Err(refused.wrong("a wrong PIN was taken"));
        }
    }
    Ok(())
}

/// Compares what was seen with what is pinned.
pub(super) fn judge(driver: &Driver, scenario: Scenario, outline: &Outline) -> Verdict {
    let Outline { version, seen, .. } = outline;
    let row = pinned(driver.client).and_then(|pinned| pinned.row(version, scenario));
    let Some((known, row)) = row else {
        return Err(Stop::broken(format!(
            "nothing is pinned of {} in {}; {version} says:\n{seen}",
            driver.client,
            scenario.id()
        )));
    };
    row.judge(seen).map_err(|mut finding| {
        if known.version != *version {
            finding.expected = format!("# pinned of {}\n{}", known.version, finding.expected);
            finding.seen = format!(
                "# this is {version}, of which nothing is pinned: if it is right, add it to \
                 conformance/data/clients/{}.toml\n{}",
                driver.client, finding.seen
            );
        }
        Stop::Fail(finding)
    })
}

fn version(driver: &Driver, workbench: &Workbench) -> Result<String, ActionError> {
    let versions = driver
        .versions
        .iter()
        .map(|program| program.version(workbench))
        .collect::<Result<Vec<String>, ActionError>>()?;
    Ok(versions.join(", "))
}
