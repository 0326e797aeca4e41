//! `cns demo`: card, reader, portal and real clients, end to end.

mod pages;

use std::net::SocketAddr;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use clap::Args;
use cns_conformance::town::Founding;
use cns_conformance::workbench::PORTAL_NAME;
use cns_conformance::{ActionError, ReaderKind, Report, Setup, Workbench, actions};
use cns_fixtures::{citizen, profile};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use time::{OffsetDateTime, Weekday};

use self::pages::Page;
use crate::output::{self, BAD, DIM, GOOD, HEADING};
use crate::{Verdict, shutdown};

const MISSING: Style = AnsiColor::Yellow.on_default().bold();

#[derive(Args)]
pub(crate) struct Arguments {
    /// Whose card: a name from `cns card citizens`
    #[arg(long, value_name = "NAME", default_value = "maria-rossi")]
    citizen: String,
    /// What the card is like: a name from `cns card profiles`
    #[arg(long, value_name = "NAME", default_value = cns_fixtures::DEFAULT_PROFILE)]
    profile: String,
    /// What clients reach the card by: vpcd, ifd (our driver) or daemonless (neither driver, pcscd nor
    /// root). If not said: vpcd if it is installed, else daemonless
    #[arg(long, value_name = "READER")]
    reader: Option<ReaderKind>,
    /// Run this client only (may be repeated)
    #[arg(long = "client", value_name = "PROGRAM")]
    clients: Vec<String>,
    /// Stay up afterwards with the portal's pages, and print what to type to use the card by hand
    #[arg(long)]
    keep: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Summary<'a> {
    citizen: &'a str,
    profile: &'a str,
    reader: String,
    portal: SocketAddr,
    passed: usize,
    failed: usize,
    missing: usize,
    reports: &'a [Report],
    pages: &'a [Page],
}

#[derive(Serialize)]
struct Ready<'a> {
    ready: bool,
    portal: SocketAddr,
    url: String,
    control: String,
    ca: PathBuf,
    environment: Vec<(&'static str, String)>,
    pin: String,
    puk: String,
    pages: &'a [Page],
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let reader = arguments.reader.unwrap_or_else(ReaderKind::of_this_machine);
    let setup = Setup::new(profile(&arguments.profile)?, citizen(&arguments.citizen)?);
    let setup = setup.in_reader(reader).in_town(Founding::default());
    let chosen = choose(&arguments.clients)?;
    let workbench = Workbench::set_up(&setup)?;
    if !arguments.json {
        introduce(&workbench, reader)?;
    }
    let progress = progress_bar(chosen.len());
    let mut reports = Vec::new();
    for action in chosen {
        progress.set_message(format!("{} {}", action.client, action.title));
        let report = action.perform(&workbench);
        if !arguments.json {
            progress.suspend(|| output::text(&line(&report)))?;
        }
        reports.push(report);
        progress.inc(1);
    }
    progress.finish_and_clear();

    let missing = reports.iter().filter(|report| is_missing(report)).count();
    let passed = reports
        .iter()
        .filter(|report| report.result.is_ok())
        .count();
    let failed = reports.len() - passed - missing;
    let pages = pages::of(&workbench);
    if arguments.json {
        output::json(&Summary {
            citizen: &setup.citizen.id,
            profile: &setup.profile.id,
            reader: reader.to_string(),
            portal: workbench.portal_address(),
            passed,
            failed,
            missing,
            reports: &reports,
            pages: &pages,
        })?;
    } else {
        let conclusion = conclusion(passed, failed, missing);
        let pages = pages::listing(&pages, arguments.keep);
        output::text(&format!("\n{conclusion}\n\n{pages}"))?;
    }
    if missing > 0 {
        output::say("hint: `cns doctor` names the packages that are missing");
    }
    if arguments.keep {
        keep(&workbench, &pages, arguments.json)?;
    }
    Ok(if failed == 0 {
        Verdict::Fine
    } else {
        Verdict::Not
    })
}

fn choose(clients: &[String]) -> anyhow::Result<Vec<cns_conformance::Action>> {
    let all = actions();
    for client in clients {
        if !all.iter().any(|action| action.client == client) {
            let mut known: Vec<&str> = all.iter().map(|action| action.client).collect();
            known.dedup();
            anyhow::bail!(
                "there is no client {client:?}\nhint: the clients are {}",
                known.join(", ")
            );
        }
    }
    let is_chosen = |client: &str| clients.is_empty() || clients.iter().any(|name| name == client);
    Ok(all
        .into_iter()
        .filter(|action| is_chosen(action.client))
        .collect())
}

fn introduce(workbench: &Workbench, reader: ReaderKind) -> anyhow::Result<()> {
    let citizen = workbench.citizen();
    output::text(&format!(
        "{HEADING}card{HEADING:#}    {} {}, {}, {}, PIN {}, PUK {}\n\
         {HEADING}reader{HEADING:#}  {}\n\
         {HEADING}portal{HEADING:#}  https://{PORTAL_NAME}:{}/, on this machine only\n\n",
        citizen.given_name,
        citizen.surname,
        citizen.codice_fiscale,
        workbench.profile().id,
        citizen.pin.as_str(),
        citizen.puk.as_str(),
        reader.words(),
        workbench.portal_address().port(),
    ))
}

/// One line for one client: outcome, who, what, how long, how many commands, what came of it.
fn line(report: &Report) -> String {
    let action = &report.action;
    let who = format!("{:<11} {:<31}", action.client, action.title);
    match &report.result {
        Ok(outcome) => format!(
            "{GOOD}ok{GOOD:#}      {who} {DIM}{:>6.0} ms {:>4} APDUs{DIM:#}  {}\n",
            outcome.took.as_secs_f64() * 1_000.0,
            outcome.commands,
            outcome.summary
        ),
        Err(ActionError::Missing(missing)) => {
            format!("{MISSING}missing{MISSING:#} {who} {missing}\n")
        }
        Err(error) => format!("{BAD}failed{BAD:#}  {who} {error}\n"),
    }
}

fn is_missing(report: &Report) -> bool {
    matches!(report.result, Err(ActionError::Missing(_)))
}

fn conclusion(passed: usize, failed: usize, missing: usize) -> String {
    let mut parts = vec![format!("{GOOD}{passed} ok{GOOD:#}")];
    if failed > 0 {
        parts.push(format!("{BAD}{failed} failed{BAD:#}"));
    }
    if missing > 0 {
        parts.push(format!("{MISSING}{missing} missing{MISSING:#}"));
    }
    parts.join(", ")
}

fn progress_bar(length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {pos}/{len} {msg}")
        .expect("the template is well formed");
    let progress = ProgressBar::new(length as u64).with_style(style);
    progress.enable_steady_tick(std::time::Duration::from_millis(100));
    progress
}

/// Says how to use the card by hand, and stays until Ctrl-C.
fn keep(workbench: &Workbench, pages: &[Page], json: bool) -> anyhow::Result<()> {
    let url = format!(
        "https://{PORTAL_NAME}:{}/",
        workbench.portal_address().port()
    );
    let pin = workbench.citizen().pin.as_str();
    let ready = Ready {
        ready: true,
        portal: workbench.portal_address(),
        url: url.clone(),
        control: workbench.control_url(),
        ca: workbench.certifier_path(),
        environment: by_hand(workbench),
        pin: pin.to_owned(),
        puk: workbench.citizen().puk.as_str().to_owned(),
        pages,
    };
    shutdown::runtime()?.block_on(async {
        let end = shutdown::requested()?;
        match json {
            true => output::json_line(&ready)?,
            false => output::text(&instructions(&ready))?,
        }
        end.await;
        anyhow::Ok(())
    })
}

/// What clients need in their environment to find this card; the home stays the person's own.
fn by_hand(workbench: &Workbench) -> Vec<(&'static str, String)> {
    workbench
        .service_environment()
        .iter()
        .map(|(name, value)| (*name, value.to_string_lossy().into_owned()))
        .collect()
}

fn instructions(ready: &Ready<'_>) -> String {
    let exports: String = output::exports(&ready.environment)
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect();
    let Ready {
        url,
        ca,
        pin,
        puk,
        portal,
        control,
        ..
    } = ready;
    let ca = ca.display();
    let port = portal.port();
    let morning = morning();
    format!(
        "\n{HEADING}By hand{HEADING:#}, in another terminal (Ctrl-C here ends everything):\n\n\
         {exports}\
         \x20 opensc-tool --name\n\
         \x20 pkcs15-tool --dump\n\
         \x20 pkcs11-tool --test --login --pin {pin}\n\
         \x20 pkcs15-tool --unblock-pin --auth-id 01 --puk {puk} --new-pin {pin}\n\
         \x20 curl --cacert {ca} --resolve {PORTAL_NAME}:{port}:127.0.0.1 --engine pkcs11 \\\n\
         \x20   --cert-type ENG --cert 'pkcs11:id=%01;type=cert' \\\n\
         \x20   --key-type ENG --key 'pkcs11:id=%01;type=private;pin-value={pin}' {url}api/login\n\n\
         The desk keeps Italian office hours; to have them begin:\n\n\
         \x20 curl {control}/clock --request PUT --json '{{\"set_to\": \"{morning}\"}}'\n"
    )
}

/// A time at which all offices are open: next Monday at ten in Italy, in summer at eleven.
fn morning() -> String {
    let today = OffsetDateTime::now_utc().date();
    format!("{}T09:00:00Z", today.next_occurrence(Weekday::Monday))
}
