//! What is said and asked before a card that is not the suite's own is written to.

use std::io::{self, IsTerminal as _};

use anyhow::{Context as _, anyhow, bail};
use cns_conformance::campaign::Campaign;
use cns_conformance::case::Stop;

use crate::output;

/// Fewer tries than this are not enough for a case that spends one.
const TRIES_MIN: u8 = 2;

/// Warns, with the number of tries left, asks on a terminal, and presents the PIN once: a wrong one
/// must not be found out by blocking the card.
pub(super) fn before(campaign: &mut dyn Campaign, yes: bool, has_pin: bool) -> anyhow::Result<()> {
    if campaign.is_own() {
        return Ok(());
    }
    let target = campaign.target().to_owned();
    let tries = campaign
        .tries_left()
        .map_err(|stop| because(&target, &stop))?;
    let told = match tries {
        Some(0) => "its PIN is blocked".to_owned(),
        Some(1) => "1 try of its PIN is left".to_owned(),
        Some(count) => format!("{count} tries of its PIN are left"),
        None => "it does not tell how many tries of its PIN are left".to_owned(),
    };
    let warn = output::HEADING;
    output::say(&format!(
        "{warn}warning:{warn:#} {target} is not the suite's own card, and will be written to; {told}"
    ));
    if tries.is_some_and(|count| count < TRIES_MIN) {
        bail!(
            "{target}: {told}, too few for cases that spend one\nhint: log in with the right PIN \
             first, or unblock it; without --allow-destructive nothing is risked"
        );
    }
    let on_a_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !yes && on_a_terminal {
        let goes_on = dialoguer::Confirm::new()
            .with_prompt("go on?")
            .default(false)
            .interact()
            .context("nobody can be asked")?;
        if !goes_on {
            bail!("stopped before anything was written");
        }
    }
    if has_pin {
        campaign.prove_pin().map_err(|stop| match &stop {
            Stop::Fail(finding) => anyhow!(
                "{target}: the PIN that was given is refused ({}): one try is spent\nhint: no case \
                 has run; check --pin-file",
                finding.seen
            ),
            _ => because(&target, &stop),
        })?;
    }
    Ok(())
}

fn because(target: &str, stop: &Stop) -> anyhow::Error {
    let reason = match stop {
        Stop::Fail(finding) => format!("expected {}, saw {}", finding.expected, finding.seen),
        Stop::Skip(reason) | Stop::Broken(reason) => reason.clone(),
    };
    anyhow!("{target} does not say how many tries its PIN has left: {reason}")
}
