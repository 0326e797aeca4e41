//! `cns reader run`: a pcscd of one's own with our driver.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use clap::Args;
use cns_ifd::configuration::{Configuration, Origin};
use cns_ifd::installation::{CONFIGURATION, Installation, READER};
use cns_ifd::library;
use cns_reader::{Driver, PrivatePcscd};
use serde::Serialize;

use super::install::{Slots, Sockets};
use crate::output::HEADING;
use crate::{Verdict, output, shutdown};

/// How often the log is looked at.
const LOOK: Duration = Duration::from_millis(200);

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    slots: Slots,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// The folder of `cns reader install --private`; a temporary one if not said
    #[arg(conflicts_with_all = ["slots", "pinpad", "silence_max_ms"])]
    folder: Option<PathBuf>,
}

#[derive(Serialize)]
struct Ready {
    ready: bool,
    environment: [(&'static str, String); 1],
    #[serde(flatten)]
    sockets: Sockets,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let (pcscd, device) = start(arguments)?;
    let sockets = sockets(&Configuration::read(&device)?);
    if let Some(complaint) = complaint(&pcscd.log(), &device) {
        anyhow::bail!("pcscd runs without our reader: {complaint}");
    }
    let (variable, socket) = pcscd.environment();
    let ready = Ready {
        ready: true,
        environment: [(variable, socket.display().to_string())],
        sockets,
    };
    shutdown::runtime()?.block_on(async {
        let end = shutdown::requested()?;
        match arguments.json {
            true => output::json_line(&ready)?,
            false => output::text(&instructions(&ready))?,
        }
        tokio::select! {
            () = end => {}
            () = show_log(&pcscd) => {}
        }
        Ok(Verdict::Fine)
    })
}

/// Why the driver did not open the reader, in its own words: they begin with the reader's file, and go on
/// to the lines of pcscd, which begin with a time.
fn complaint(log: &str, device: &Path) -> Option<String> {
    let (_, said) = log.split_once(&format!("{}: ", device.display()))?;
    let is_pcscds = |line: &&str| line.starts_with(|letter: char| letter.is_ascii_digit());
    let lines: Vec<&str> = said.lines().take_while(|line| !is_pcscds(line)).collect();
    Some(lines.join("\n"))
}

/// Says what pcscd and the driver say, as they say it; for ever.
async fn show_log(pcscd: &PrivatePcscd) {
    let mut shown = 0;
    loop {
        let log = pcscd.log();
        let news = log.get(shown..).unwrap_or_default();
        // A line that is not whole yet is shown when it is.
        if let Some(end) = news.rfind('\n') {
            news.get(..end).into_iter().for_each(output::say);
            shown += end + 1;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// pcscd, and the file that describes its reader.
fn start(arguments: &Arguments) -> anyhow::Result<(PrivatePcscd, PathBuf)> {
    if let Some(folder) = &arguments.folder {
        let installation = Installation::in_folder(folder)?;
        installation.check_there()?;
        let driver = installation.driver();
        let pcscd = PrivatePcscd::start_with(&driver)?;
        return Ok((pcscd, driver.device));
    }
    let library = library::beside(&env::current_exe()?)?;
    let pcscd = PrivatePcscd::start_prepared(|folder| {
        let device = folder.join(CONFIGURATION);
        fs::write(&device, arguments.slots.plan().to_toml(folder))?;
        let name = READER.to_owned();
        Ok(Driver {
            name,
            library,
            device,
        })
    })?;
    let device = pcscd.folder().join(CONFIGURATION);
    Ok((pcscd, device))
}

/// Somebody may have edited the file.
fn sockets(configuration: &Configuration) -> Sockets {
    let slots = configuration.slots.iter();
    Sockets {
        slots: slots
            .filter_map(|plan| match &plan.origin {
                Origin::Socket(path) => Some(path.clone()),
                Origin::File { .. } => None,
            })
            .collect(),
        control: configuration.control.clone().unwrap_or_default(),
    }
}

fn instructions(ready: &Ready) -> String {
    let exports = output::exports(&ready.environment);
    let first = ready.sockets.slots.first();
    let first = first.map(|socket| socket.display().to_string());
    format!(
        "{}\n{HEADING}By hand{HEADING:#}, in another terminal (Ctrl-C here ends everything):\n\n\
         \x20 cns card insert --reader unix:{} FILE\n\
         \x20 cns card control {} status\n\
         \x20 {exports}\
         \x20 opensc-tool --list-readers\n",
        ready.sockets.to_text(),
        first.unwrap_or_default(),
        ready.sockets.control.display(),
    )
}
