//! `cns doctor`: what is installed, what is missing, the one command that mends it.

use clap::Args;
use cns_conformance::packages::packages;
use serde::Serialize;

use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Finding {
    package: String,
    installed: bool,
    purpose: String,
}

#[derive(Serialize)]
struct Report {
    packages: Vec<Finding>,
    /// The command that installs what is missing.
    remedy: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let findings: Vec<Finding> = packages()
        .iter()
        .map(|package| Finding {
            package: package.name.to_string(),
            installed: package.is_installed(),
            purpose: package.purpose.to_string(),
        })
        .collect();
    let missing: Vec<&str> = findings
        .iter()
        .filter(|finding| !finding.installed)
        .map(|finding| finding.package.as_str())
        .collect();
    let verdict = if missing.is_empty() {
        Verdict::Fine
    } else {
        Verdict::Not
    };
    let remedy = match verdict {
        Verdict::Fine => None,
        Verdict::Not => Some(format!("sudo apt-get install -y {}", missing.join(" "))),
    };
    if arguments.json {
        output::json(&Report {
            packages: findings,
            remedy,
        })?;
        return Ok(verdict);
    }
    let rows = findings.iter().map(|finding| {
        let state = match finding.installed {
            true => "installed".to_owned(),
            false => "MISSING".to_owned(),
        };
        [state, finding.package.clone(), finding.purpose.clone()]
    });
    output::text(&output::table(["", "package", "what it is for"], rows))?;
    match remedy {
        None => output::say("nothing is missing"),
        Some(remedy) => output::say(&format!("hint: {remedy}")),
    }
    Ok(verdict)
}
