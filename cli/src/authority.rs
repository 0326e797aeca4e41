//! The test certifier that cards and portals of one folder share.

mod ledger;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use cns_authority::CertificationAuthority;
use cns_fixtures::collaudo_authority;
use time::OffsetDateTime;

use crate::files::{self, PRIVATE, PUBLIC};

pub(crate) use ledger::{KeptOffice, Ledger};

const CERTIFICATE: &str = "ca.pem";
const PRIVATE_KEY: &str = "ca-key.pem";
const LEDGER: &str = "issued.txt";

/// What the office of the folder's certifier is called in addresses: `/ocsp/collaudo`.
pub(crate) const HOME: &str = "collaudo";

/// Where the certifier is kept.
#[derive(Args)]
pub(crate) struct AuthorityFolder {
    /// Folder of the test certifier, made at first use; `card issue` and `portal run` share it
    #[arg(
        long = "authority",
        value_name = "FOLDER",
        default_value = "cns-authority"
    )]
    folder: PathBuf,
}

impl AuthorityFolder {
    /// The one that was named elsewhere.
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The certifier of this folder; a new one if there is none yet.
    pub(crate) fn open(&self) -> anyhow::Result<CertificationAuthority> {
        let certificate = read(&self.certificate())?;
        let private_key = read(&self.private_key())?;
        match (certificate, private_key) {
            (Some(certificate), Some(private_key)) => {
                CertificationAuthority::from_pem_pair(&certificate, &private_key).with_context(|| {
                    format!(
                        "{} holds no usable certifier\nhint: name another folder with --authority, or delete this one to get a new certifier",
                        self.folder.display()
                    )
                })
            }
            (None, None) => self.create(),
            (Some(_), None) => bail!(incomplete(&self.certificate(), &self.private_key())),
            (None, Some(_)) => bail!(incomplete(&self.private_key(), &self.certificate())),
        }
    }

    /// The file of its certificate, which clients of a portal trust.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.join(CERTIFICATE)
    }

    /// The serial numbers that it has given.
    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::at(self.folder.join(LEDGER))
    }

    fn private_key(&self) -> PathBuf {
        self.folder.join(PRIVATE_KEY)
    }

    fn create(&self) -> anyhow::Result<CertificationAuthority> {
        let authority = collaudo_authority(OffsetDateTime::now_utc().date())?;
        let pair = authority.to_pem_pair();
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("{} cannot be made", self.folder.display()))?;
        files::write(&[(&self.private_key(), &pair.private_key)], PRIVATE)?;
        files::write(&[(&self.certificate(), &pair.certificate)], PUBLIC)?;
        Ok(authority)
    }
}

/// An address at which certificates say that a portal hands out documents.
pub(crate) fn pki_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    match url.strip_prefix("http://") {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@']) => {
            Ok(url.to_owned())
        }
        _ => Err(
            "it is not an http address without a path, such as http://127.0.0.1:8080".to_owned(),
        ),
    }
}

fn incomplete(there: &Path, missing: &Path) -> String {
    format!(
        "{} is there and {} is not: a certifier needs both\nhint: restore the missing file, or name another folder with --authority",
        there.display(),
        missing.display()
    )
}

fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}
