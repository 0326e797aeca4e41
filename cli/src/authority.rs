//! The test certifier that cards and portals of one folder share.

mod ledger;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use cns_authority::{CertificationAuthority, RUN_MAX, ServerCredential, Validity};
use cns_fixtures::collaudo_authority;
use time::{Duration, OffsetDateTime};

use crate::files::{self, PRIVATE, PUBLIC};
use crate::output;

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

    /// The certifier of this folder; a new one if there is none yet, and under a new certificate if the one
    /// that it has comes to its end.
    pub(crate) fn open(&self) -> anyhow::Result<CertificationAuthority> {
        let now = OffsetDateTime::now_utc();
        let certificate = read(&self.certificate())?;
        let private_key = read(&self.private_key())?;
        match (certificate, private_key) {
            (Some(certificate), Some(private_key)) => {
                let kept = CertificationAuthority::from_pem_pair(&certificate, &private_key, now);
                let kept = kept.map_err(|error| {
                    anyhow!(
                        "{} holds no usable certifier: {error}\nhint: name another folder with --authority, or delete this one to get a new certifier",
                        self.folder.display()
                    )
                })?;
                match kept.is_due(now) {
                    true => self.renew(&kept, now),
                    false => Ok(kept),
                }
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

    /// The same name and the same key, so that what it has issued goes on, and whoever has the older
    /// certificate knows what is issued from now on.
    fn renew(
        &self,
        kept: &CertificationAuthority,
        now: OffsetDateTime,
    ) -> anyhow::Result<CertificationAuthority> {
        let renewed = kept.renewed(now)?;
        files::write(&[(&self.certificate(), &renewed.certificate_pem())], PUBLIC)?;
        let day = |certifier: &CertificationAuthority| certifier.validity().not_after().date();
        output::say(&format!(
            "{} is renewed with the same key: it ended on {}, and ends now on {}",
            self.certificate().display(),
            day(kept),
            day(&renewed)
        ));
        Ok(renewed)
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

/// What a server proves these names with: as long as a run, and no longer than its certifier.
pub(crate) fn server(
    authority: &CertificationAuthority,
    names: &[&str],
) -> anyhow::Result<ServerCredential> {
    let now = OffsetDateTime::now_utc();
    let validity = Validity::new(now - Duration::HOUR, now + RUN_MAX)?;
    Ok(authority.issue_server(names, validity)?)
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
