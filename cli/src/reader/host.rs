//! `cns reader host`: cards that several programs share, without pcscd.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use cns_pcsc::host::Host;
use cns_pcsc::local::Slot;
use cns_pcsc::place::{Plan, furnish, reader_name};
use cns_reader::Folder;
use cns_reader::guest::admit;
use serde::Serialize;

use super::environment::Client;
use super::install::Patience;
use crate::output::HEADING;
use crate::{Verdict, output, shutdown};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The unix socket at which programs find the cards
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,
    /// One more reader, empty, whose cards enter at this unix socket: `cns card insert --reader
    /// unix:PATH` (may be repeated)
    #[arg(long = "slot", value_name = "PATH")]
    slots: Vec<PathBuf>,
    /// Forget at the end what happened to the cards: the files stay as they are
    #[arg(long)]
    volatile: bool,
    #[command(flatten)]
    patience: Patience,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Card files, each in a reader of its own
    #[arg(required_unless_present = "slots")]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Ready<'a> {
    ready: bool,
    socket: &'a PathBuf,
    readers: Vec<String>,
    #[serde(flatten)]
    client: Client,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let plan = |(number, file): (usize, &PathBuf)| Plan {
        name: reader_name(number),
        card: Some(file.clone()),
        volatile: arguments.volatile,
        latency: None,
    };
    let plans: Vec<Plan> = arguments.files.iter().enumerate().map(plan).collect();
    let local = Arc::new(furnish(&plans)?);
    let mut readers: Vec<String> = plans.into_iter().map(|plan| plan.name).collect();
    let silence_max = Duration::from_millis(arguments.patience.silence_max_ms);
    let mut doors = Vec::new();
    for path in &arguments.slots {
        let name = reader_name(readers.len());
        let reader = local.add_reader(&name);
        let slot = Arc::new(Slot::new(Arc::clone(&local), reader));
        doors.push(admit(path, slot, silence_max)?);
        readers.push(name);
    }
    let _host = Host::at(&arguments.socket, local)?;
    let folder = Folder::new()?;
    let ready = Ready {
        ready: true,
        socket: &arguments.socket,
        readers,
        client: Client::new(folder.path(), &arguments.socket)?,
    };
    shutdown::runtime()?.block_on(async {
        let end = shutdown::requested()?;
        match arguments.json {
            true => output::json_line(&ready)?,
            false => output::text(&instructions(&ready))?,
        }
        end.await;
        Ok(Verdict::Fine)
    })
}

fn instructions(ready: &Ready<'_>) -> String {
    let readers: String = ready
        .readers
        .iter()
        .map(|name| format!("reader  {name}\n"))
        .collect();
    format!(
        "{readers}\n{HEADING}By hand{HEADING:#}, in another terminal (Ctrl-C here ends everything):\n\n{}",
        ready.client.to_shell()
    )
}
