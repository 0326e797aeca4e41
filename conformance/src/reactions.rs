//! What programs of every day make of the zoo, as their users see it: clients that meet a portal whose
//! certificate is an animal, clients that show one themselves, a reader of XML that looks into trusted lists,
//! and a judge of signatures that looks at who signed them.
//!
//! ```text
//! curl, openssl s_client, gnutls-cli, tstclnt ── TLS ──► openssl s_server, which wants a certificate
//! xmllint ── XPath ──► TSL-IT.xml ◄── the publisher's key ── xmlsec1
//! ```
//!
//! What a version says is data, `data/zoo/PROGRAM-VERSION.toml`, as it is of the other openssl, which
//! [`crate::openssl_judge`] asks.

mod client;
mod trusted_list;

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cns_authority::zoo::{Animal, Family};

pub use client::Client;

use crate::openssl_judge::{Judge, JudgeError, Opinion, Server};
use crate::packages::locate;
use crate::run::Running;

/// How long a program may take. None takes a second.
const LIMIT: Duration = Duration::from_secs(30);

const LOG: &str = "client.log";

/// A program that meets animals as its users do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Bystander {
    /// A client of TLS.
    Client(Client),
    /// `xmllint`.
    Xmllint,
    /// `xmlsec1`.
    Xmlsec1,
}

impl Bystander {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Client(Client::Curl),
        Self::Client(Client::SClient),
        Self::Client(Client::GnutlsCli),
        Self::Client(Client::Tstclnt),
        Self::Xmllint,
        Self::Xmlsec1,
    ];

    /// What its file in `data/zoo` is called, before the version.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client(client) => client.name(),
            Self::Xmllint => "xmllint",
            Self::Xmlsec1 => "xmlsec1",
        }
    }

    /// `7.88`: what its words depend on.
    ///
    /// # Errors
    /// It is not installed, or tells no version.
    pub fn version(self) -> Result<String, JudgeError> {
        let (program, arguments): (&str, &[&str]) = match self {
            Self::Client(Client::SClient) => ("openssl", &["version"]),
            // It does not tell its own version: the package manager does.
            Self::Client(Client::Tstclnt) => (
                "dpkg-query",
                &["--show", "--showformat=${Version}", "libnss3-tools"],
            ),
            other => (other.name(), &["--version"]),
        };
        let said = Command::new(locate(program)?).args(arguments).output()?;
        let text = String::from_utf8_lossy(&said.stdout) + String::from_utf8_lossy(&said.stderr);
        let number = first_number(&text).ok_or_else(|| JudgeError::NoVersion(self.name()))?;
        Ok(number)
    }

    /// What it says of the animal; nothing of one that it never meets.
    ///
    /// # Errors
    /// It is not installed, does not start, or comes to no end.
    pub fn reaction(self, judge: &Judge, animal: &Animal) -> Result<Option<Opinion>, JudgeError> {
        match (animal.family(), self) {
            (Family::TrustedList, Self::Xmllint) => trusted_list::look(judge, animal).map(Some),
            (Family::TrustedList, Self::Xmlsec1) => trusted_list::verify(judge, animal).map(Some),
            (Family::Tls, Self::Client(client)) => visit(judge, animal, client),
            _ => Ok(None),
        }
    }
}

/// The animal is either the portal or the client, and the other side is in order.
fn visit(judge: &Judge, animal: &Animal, client: Client) -> Result<Option<Opinion>, JudgeError> {
    let folder = judge.write(animal)?;
    let is_portal = folder.join("server.pem").exists();
    if !is_portal && client == Client::Tstclnt {
        // NSS sends the path that it finds in its database, and nothing that it is told.
        return Ok(None);
    }
    let server = match is_portal {
        true => Server::with_certificate(&folder, "server.pem", judge.home())?,
        false => Server::start(&folder, judge.home())?,
    };
    client.visit(&folder, &server.address()).map(Some)
}

/// What a program wrote before it came to its end, standard output and error as they came.
struct Ended {
    is_success: bool,
    text: String,
}

/// Runs a program in this folder, which is its home, with this on its standard input. The end of input is
/// not shown to it: some clients leave as soon as they see it, without the answer.
fn run(
    folder: &Path,
    program: &'static str,
    arguments: &[&str],
    input: &str,
) -> Result<Ended, JudgeError> {
    let log = File::create(folder.join(LOG))?;
    let mut running = Running::new(
        Command::new(locate(program)?)
            .args(arguments)
            .current_dir(folder)
            .env("HOME", folder)
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()?,
    );
    let mut stdin = running.take_stdin();
    if let Some(pipe) = &mut stdin {
        // A program that does not want its input says so itself.
        let _ = pipe.write_all(input.as_bytes());
    }
    let status = running.wait(Instant::now() + LIMIT)?;
    let text = fs::read(folder.join(LOG))?;
    Ok(Ended {
        is_success: status.ok_or(JudgeError::NoEnd(program))?.success(),
        text: String::from_utf8_lossy(&text).into_owned(),
    })
}

/// The first number with a dot in it, to its second part. xmllint writes 20914 for 2.9.14.
fn first_number(text: &str) -> Option<String> {
    let mut words = text
        .split(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .map(|word| word.trim_matches('.'));
    let number = words.find(|word| word.contains('.') || 5 <= word.len())?;
    match number.parse::<u32>() {
        Ok(packed) => Some(format!("{}.{}", packed / 10_000, packed / 100 % 100)),
        Err(_) => {
            let parts: Vec<&str> = number.split('.').take(2).collect();
            Some(parts.join("."))
        }
    }
}

#[test]
fn versions_are_two_numbers() {
    for (text, expected) in [
        ("curl 7.88.1 (x86_64-pc-linux-gnu)", "7.88"),
        ("OpenSSL 3.0.19 27 Jan 2026", "3.0"),
        ("2:3.87.1-1+deb12u4", "3.87"),
        ("xmllint: using libxml version 20914", "2.9"),
        ("xmlsec1 1.2.37 (openssl)", "1.2"),
    ] {
        assert_eq!(first_number(text).as_deref(), Some(expected), "{text}");
    }
}
