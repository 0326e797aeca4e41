//! `cns portal audit`: whether an exported audit log is the one that was written.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use cns_services::audit::{AuditFault, AuditHead, read_chain, verify};
use serde::Serialize;

use crate::Verdict;
use crate::output::{self, BAD, GOOD};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The log, as /audit/export gave it
    #[arg(value_name = "FILE")]
    log: PathBuf,
    /// Where the log ended when that was written down, as /audit/verify and this command say: without it, a log
    /// that was cut short is a good log
    #[arg(long, value_name = "ENTRIES:HASH", value_parser = head)]
    head: Option<AuditHead>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What there is to say of a log.
#[derive(Serialize)]
struct Finding {
    is_whole: bool,
    fault: Option<String>,
    /// How far it goes, if it is whole.
    head: Option<AuditHead>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let log = &arguments.log;
    let bytes = fs::read(log).with_context(|| format!("{} cannot be read", log.display()))?;
    let found = look_at(&bytes, arguments.head.as_ref());
    let verdict = match &found {
        Ok(_) => Verdict::Fine,
        Err(_) => Verdict::Not,
    };
    if arguments.json {
        output::json(&Finding {
            is_whole: found.is_ok(),
            fault: found.as_ref().err().map(ToString::to_string),
            head: found.ok(),
        })?;
        return Ok(verdict);
    }
    match found {
        Ok(AuditHead { entries, hash }) => output::text(&format!(
            "{GOOD}whole{GOOD:#}  {entries} entries, head {entries}:{hash}\n"
        ))?,
        Err(fault) => output::text(&format!("{BAD}broken{BAD:#} {fault}\n"))?,
    }
    Ok(verdict)
}

/// How far the log goes, if it is whole.
fn look_at(log: &[u8], head: Option<&AuditHead>) -> Result<AuditHead, AuditFault> {
    match head {
        Some(head) => verify(log, head).map(|_| head.clone()),
        None => read_chain(log).map(|(_, head)| head),
    }
}

fn head(text: &str) -> Result<AuditHead, String> {
    let parts = text.split_once(':');
    let read = parts.and_then(|(entries, hash)| {
        let is_hash = hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
        Some(AuditHead {
            entries: entries.parse().ok()?,
            hash: is_hash.then(|| hash.to_ascii_lowercase())?,
        })
    });
    read.ok_or_else(|| "it is not a count, a colon and 64 hexadecimal digits".to_owned())
}
