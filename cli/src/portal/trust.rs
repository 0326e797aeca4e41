//! `--trust`: other people's certifiers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::Args;
use cns_authority::test_certifier;
use cns_portal::{PortalError, TrustGuard, certificates_from_pem};
use time::OffsetDateTime;

#[derive(Args)]
pub(super) struct Trust {
    /// Certifiers, besides the folder's own, whose cards may log in (PEM file; may be repeated): test
    /// certifiers, whose names say COLLAUDO and that end within 30 days
    #[arg(long = "trust", value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Trust what --trust names whatever it is. With a real certifier real citizens log in, and leave their
    /// data in a test portal
    #[arg(long, requires = "files")]
    trust_real_certifiers: bool,
}

impl Trust {
    /// Who may be trusted.
    pub(super) fn guard(&self) -> TrustGuard {
        match self.trust_real_certifiers {
            true => TrustGuard::AnyCertifier,
            false => TrustGuard::TestCertifiers,
        }
    }

    /// The certificates of all files, DER.
    pub(super) fn certificates(&self) -> anyhow::Result<Vec<Vec<u8>>> {
        let files = self.files.iter();
        let certificates = files.map(|file| self.certificates_in(file));
        Ok(certificates.collect::<anyhow::Result<Vec<_>>>()?.concat())
    }

    fn certificates_in(&self, file: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        let certificates = certificates_from_pem(&text)
            .filter(|certificates| !certificates.is_empty())
            .with_context(|| {
                format!(
                    "{} holds no certificate\nhint: --trust takes a PEM file, as `openssl x509` writes it",
                    file.display()
                )
            })?;
        if self.guard() == TrustGuard::TestCertifiers {
            for certificate in &certificates {
                test_certifier(certificate, OffsetDateTime::now_utc())
                    .map_err(PortalError::NoTestCertifier)
                    .map_err(|refusal| anyhow!("{}: {refusal}", file.display()))?;
            }
        }
        Ok(certificates)
    }
}
