//! `cns apdu`: APDUs in plain words.

use std::io::{self, BufRead};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use cns_apdu::transcript::{Line, Said};
use cns_apdu::words::{self, Conversation, Secrets};
use cns_apdu::{Command as CommandApdu, Response, hex};

use crate::{Verdict, output};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say what commands and responses mean
    ///
    /// Reads hexadecimal from the arguments, or a trace from stdin: lines with > before a command
    /// and < before a response. Lines that hold neither are passed on. What was said before explains
    /// what is said next: which file is read, how many tries a wrong PIN leaves.
    Decode(Decode),
}

#[derive(Args)]
pub(crate) struct Decode {
    /// Show PINs, PUKs and personal data in place of **
    #[arg(long)]
    show_secrets: bool,
    /// An APDU in hexadecimal; - or nothing reads a trace from stdin
    #[arg(value_name = "HEX")]
    apdus: Vec<String>,
}

pub(crate) fn run(command: &Command) -> anyhow::Result<Verdict> {
    let Command::Decode(arguments) = command;
    let secrets = match arguments.show_secrets {
        true => Secrets::Shown,
        false => Secrets::Masked,
    };
    let mut conversation = Conversation::new(secrets);
    if arguments.apdus.is_empty() || arguments.apdus == ["-"] {
        for line in io::stdin().lock().lines() {
            let line = line.context("stdin cannot be read")?;
            output::text(&format!("{}\n", decode_line(&line, &mut conversation)))?;
        }
        return Ok(Verdict::Fine);
    }
    // Bytes typed without quotes arrive as one argument each.
    let typed_apart = arguments.apdus.iter().all(|part| part.len() <= 2);
    let apdus = match typed_apart {
        true => vec![arguments.apdus.concat()],
        false => arguments.apdus.clone(),
    };
    for apdu in &apdus {
        let Some(bytes) = hex::decode(apdu) else {
            bail!(
                "{apdu:?} is not hexadecimal\nhint: an APDU looks like 00A40000023F00 or \"00 A4 00 00\""
            );
        };
        output::text(&format!("{}\n", decode(&bytes, &mut conversation)))?;
    }
    Ok(Verdict::Fine)
}

fn decode_line(line: &str, conversation: &mut Conversation) -> String {
    let Some(Line { before, said }) = Line::parse(line) else {
        return match hex::decode(line).filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => decode(&bytes, conversation),
            None => line.to_owned(),
        };
    };
    let (mark, words, is_masked) = match &said {
        Said::Command(command) => ('>', conversation.command(&command.bytes), command.is_masked),
        Said::Response(response) => (
            '<',
            conversation.response(&response.bytes),
            response.is_masked,
        ),
        Said::Outcome { length, sw } => ('<', conversation.recorded_response(*length, *sw), false),
    };
    match is_masked {
        // It has its words already, and bytes that nobody can show.
        true => line.to_owned(),
        false => format!("{before}{mark} {words}"),
    }
}

/// Bytes without a mark: a command if it is one that has a name, else a response if they end like
/// one.
fn decode(bytes: &[u8], conversation: &mut Conversation) -> String {
    let is_known = CommandApdu::parse(bytes)
        .is_ok_and(|command| words::name(&command) != words::UNKNOWN_COMMAND);
    let ends_like_response = Response::parse(bytes)
        .is_some_and(|response| matches!(response.sw.to_bytes(), [0x61..=0x6F | 0x90, _]));
    match ends_like_response && !is_known {
        true => conversation.response(bytes),
        false => conversation.command(bytes),
    }
}
