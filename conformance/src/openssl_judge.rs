//! What the real `openssl` makes of the zoo: of certificates and lists as `verify` is asked by a portal,
//! of OCSP responses, and of clients as `s_server` meets them.
//!
//! What a version says is data, `data/zoo/openssl-VERSION.toml`, beside why it differs from what a portal
//! must do: for most portals are openssl and a configuration.

mod pinned;
mod server;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use cns_authority::zoo::{Animal, Family, SERVER_NAME, Verdict, ZooError};
use cns_authority::{CertificationAuthority, CertifierError, SerialNumber};
use cns_fixtures::{Citizen, Enclosure, PersonaliseError, Profile, collaudo_authority};
use tempfile::TempDir;
use time::OffsetDateTime;

pub use pinned::{Pinned, PinnedOpinion, pinned, pinned_of};
pub use server::{Server, Visitor};

use crate::packages::{Missing, locate};
use crate::portal::{Address, PortalError};

/// The zoo as files, and openssl, which looks at them.
pub struct Judge {
    folder: TempDir,
    enclosure: Enclosure,
    home: Arc<CertificationAuthority>,
}

/// What openssl says of an animal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Opinion {
    /// In its own words, without what is different in every run.
    pub says: String,
    /// Whether it finds nothing wrong.
    pub accepts: bool,
}

/// Why it says nothing.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// It is not installed.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// It does not start, or its files cannot be written.
    #[error("openssl could not be asked: {0}")]
    Io(#[from] io::Error),
    /// The animals cannot be made.
    #[error(transparent)]
    Zoo(#[from] ZooError),
    /// Their keys and certifiers cannot be made.
    #[error(transparent)]
    Enclosure(#[from] PersonaliseError),
    /// The certifier that is trusted cannot be made.
    #[error(transparent)]
    Certifier(#[from] CertifierError),
    /// The suite's card cannot be made.
    #[error(transparent)]
    Portal(#[from] PortalError),
    /// A visit came to no end.
    #[error("a client with an animal of the zoo found out nothing: {0}")]
    Visit(String),
    /// `s_server` does not take connections.
    #[error("openssl s_server does not listen; its last words: {0}")]
    NotReady(String),
    /// A program does not tell its version.
    #[error("{0} does not tell its version")]
    NoVersion(&'static str),
    /// A program took too long.
    #[error("{0} came to no end, and was ended")]
    NoEnd(&'static str),
}

/// Whom a portal must trust, and nobody else.
const TRUSTED: &str = "trusted.pem";

/// As a portal on Debian asks: a login, and keys and hashes of security level 2.
const VERIFY: &str = "verify -CAfile trusted.pem -auth_level 2";

impl Judge {
    /// For the card of this citizen, today.
    pub fn new(profile: &Profile, citizen: &Citizen) -> Result<Self, JudgeError> {
        let now = OffsetDateTime::now_utc();
        let home = Arc::new(collaudo_authority(now.date())?);
        let enclosure = Enclosure::new(profile, citizen, now)?;
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join(TRUSTED), enclosure.trusted(&home))?;
        Ok(Self {
            folder,
            enclosure,
            home,
        })
    }

    /// `3.0`: what its opinions depend on. Letters and patch levels change none of them.
    pub fn version(&self) -> Result<String, JudgeError> {
        let said = text(&self.openssl("version")?.stdout);
        let number = said.split_whitespace().nth(1).unwrap_or_default();
        let parts: Vec<&str> = number.split('.').take(2).collect();
        Ok(parts.join("."))
    }

    /// What it says of an animal; nothing of trusted lists, which it does not read, nor of what a client
    /// sends beside its certificate, which `verify` does not see.
    pub fn opinion(&self, animal: &Animal) -> Result<Option<Opinion>, JudgeError> {
        let folder = self.write(animal)?;
        let client = "-purpose sslclient client.pem";
        Ok(match animal.family() {
            Family::Certificate => Some(self.verify(&folder, client)?),
            Family::RevocationList => Some(match folder.join("crl.der").exists() {
                true => self.verify(&folder, &format!("-crl_check -CRLfile crl.der {client}"))?,
                false => self.verify(&folder, &format!("-crl_check {client}"))?,
            }),
            Family::Ocsp => Some(self.status(&folder)?),
            Family::Tls if folder.join("server.pem").exists() => {
                let server =
                    format!("-purpose sslserver -verify_hostname {SERVER_NAME} server.pem");
                Some(self.verify(&folder, &server)?)
            }
            Family::Tls | Family::TrustedList => None,
        })
    }

    /// `s_server` as a portal that wants a certificate and trusts the home of the zoo.
    pub fn server(&self) -> Result<Server, JudgeError> {
        Server::start(self.folder.path(), &self.home)
    }

    /// Who comes to such a portal with the suite's card and certificates of the zoo.
    pub fn visitor(
        &self,
        address: Address,
        profile: Profile,
        citizen: Citizen,
    ) -> Result<Visitor, JudgeError> {
        Ok(Visitor::new(address, &self.home, profile, citizen)?)
    }

    /// The certifier that those portals trust.
    pub fn home(&self) -> &CertificationAuthority {
        &self.home
    }

    /// Writes the files of an animal, with [`TRUSTED`] beside them, to a folder of its own.
    pub(crate) fn write(&self, animal: &Animal) -> Result<PathBuf, JudgeError> {
        // Nobody asks twice: a nonce that is no secret is as good as one that is drawn.
        let habitat = self.enclosure.habitat(&self.home, [0x5A; 16]);
        let specimen = animal.make(&habitat, SerialNumber::random()?)?;
        let folder = self.folder.path().join(animal.id);
        fs::create_dir_all(&folder)?;
        for file in self.enclosure.files(animal, &specimen) {
            fs::write(folder.join(file.name), file.content)?;
        }
        fs::copy(self.folder.path().join(TRUSTED), folder.join(TRUSTED))?;
        Ok(folder)
    }

    fn verify(&self, folder: &Path, arguments: &str) -> Result<Opinion, JudgeError> {
        let said = openssl(folder, &format!("{VERIFY} {arguments}"))?;
        if said.status.success() {
            return Ok(Opinion {
                says: "OK".to_owned(),
                accepts: true,
            });
        }
        let talk = text(&said.stderr);
        let error = talk.lines().find(|line| line.starts_with("error "));
        let says = match error.and_then(|line| line.split_once(" depth lookup: ")) {
            Some((_, reason)) => reason.to_owned(),
            // It could not read a file, and names it.
            None => before(talk.lines().next().unwrap_or_default(), " from ").to_owned(),
        };
        Ok(Opinion {
            says,
            accepts: false,
        })
    }

    /// openssl tells statuses of certificates that it is given, and compares nonces with a request that it
    /// is given: it does not do both in one run.
    fn status(&self, folder: &Path) -> Result<Opinion, JudgeError> {
        const RESPONSE: &str = "-respin ocsp-response.der -CAfile trusted.pem";
        if !folder.join("ocsp-response.der").exists() {
            return Ok(Opinion {
                says: "nothing to read".to_owned(),
                accepts: false,
            });
        }
        let ask = |what: &str| -> Result<String, JudgeError> {
            let asked = openssl(
                folder,
                &format!("ocsp -issuer certifier.pem {what} {RESPONSE}"),
            )?;
            Ok(text(&asked.stderr) + &text(&asked.stdout))
        };
        let told = ask("-no_nonce -cert client.pem")?;
        let nonce = ask("-reqin ocsp-request.der")?;
        let believed = told.lines().next().unwrap_or_default();
        let status = told
            .lines()
            .find_map(|line| line.strip_prefix("client.pem: "));
        let nonce = nonce
            .lines()
            .find(|line| line.to_lowercase().contains("nonce"));
        let parts = [Some(believed), status, nonce];
        Ok(Opinion {
            says: parts.into_iter().flatten().collect::<Vec<_>>().join("; "),
            accepts: (believed, status) == ("Response verify OK", Some("good"))
                && nonce.is_none_or(|line| line.starts_with("WARNING")),
        })
    }

    fn openssl(&self, arguments: &str) -> Result<Output, JudgeError> {
        openssl(self.folder.path(), arguments)
    }
}

impl Opinion {
    /// Whether a portal that does what openssl says does what it must: without knowing, it lets nobody in.
    pub fn is_what_a_portal_must_do(&self, verdict: Verdict) -> bool {
        self.accepts == (verdict == Verdict::Accept)
    }
}

fn openssl(folder: &Path, arguments: &str) -> Result<Output, JudgeError> {
    Ok(Command::new(locate("openssl")?)
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn before<'a>(line: &'a str, mark: &str) -> &'a str {
    line.split(mark).next().unwrap_or(line)
}
