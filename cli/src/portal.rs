//! `cns portal`: the relying party that citizens log in to.

mod config;
mod enrolment;
mod lists;
mod zoo;

pub(crate) use zoo::find as animal;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use cns_authority::Validity;
use cns_portal::{
    Addresses, DocumentShelf, Exposure, PROFILES, Portal, PortalConfig, Refusal, RevocationList,
    RevocationSource, RevocationSources, SystemClock, certificates_from_pem,
};
use serde::Serialize;
use time::OffsetDateTime;

use crate::authority::AuthorityFolder;
use crate::{Verdict, output, shutdown};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the portal until Ctrl-C
    Run(Box<Run>),
    /// List the checks that a login must pass
    Checks(lists::Arguments),
    /// List the profiles: how the portal behaves under each of its names
    Profiles(lists::Arguments),
    /// Set a real proxy up in front of an application, so that cards log in to it
    Config(config::Arguments),
    /// Certificates and status answers that a portal must refuse, or must not: list them, or write them
    Zoo(zoo::Arguments),
}

#[derive(Args)]
pub(crate) struct Run {
    /// Where to ask for certificates; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where to welcome those who have no card, without asking for a certificate
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen_www: SocketAddr,
    /// Where to hand out certifiers' certificates, over plain HTTP
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen_pki: SocketAddr,
    /// Let other machines in. The portal trusts test certifiers: nothing of value may depend on it
    #[arg(long)]
    expose: bool,
    /// Names that the server's certificate is for
    #[arg(long = "name", value_name = "HOST", default_values = ["localhost", "127.0.0.1", "portale.test", "cns.test", "*.cns.test"])]
    names: Vec<String>,
    /// The name before which profiles are labels, as in tls12.cns.test
    #[arg(long, value_name = "HOST", default_value = "cns.test")]
    host: String,
    /// Refuse certificates with the TLS alert of a real portal instead of a page
    #[arg(long)]
    strict: bool,
    /// Revocation list of a trusted certifier (DER or PEM file; may be repeated)
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// Record of the cards that were handed out, CARDNUMBER.HASH a line; `citizens`: the synthetic
    /// ones, as of today. Who comes with another hash is refused
    #[arg(long, value_name = "FILE|citizens")]
    enrolment: Option<String>,
    /// Certifiers, besides the folder's own, whose cards may log in (PEM file; may be repeated)
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    #[command(flatten)]
    authority: AuthorityFolder,
}

#[derive(Serialize)]
struct Ready {
    ready: bool,
    url: String,
    address: SocketAddr,
    www: String,
    pki: String,
    profiles: BTreeMap<&'static str, String>,
    ca: PathBuf,
}

impl Ready {
    fn new(name: &str, host: &str, addresses: Addresses, ca: PathBuf) -> Self {
        let port = addresses.cns.port();
        let of_profile = |profile: &'static str| format!("https://{profile}.{host}:{port}/");
        Self {
            ready: true,
            url: format!("https://{name}:{port}/"),
            address: addresses.cns,
            www: format!("https://{name}:{}/", addresses.www.port()),
            pki: format!("http://{}/", addresses.pki),
            profiles: PROFILES
                .iter()
                .map(|profile| (profile.name, of_profile(profile.name)))
                .collect(),
            ca,
        }
    }
}

/// How long the server's certificate is valid, in days.
const SERVER_DAYS: u16 = 365;

pub(crate) fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Run(arguments) => serve(&arguments),
        Command::Checks(arguments) => lists::checks(&arguments),
        Command::Profiles(arguments) => lists::profiles(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Zoo(arguments) => zoo::run(&arguments),
    }
}

fn serve(arguments: &Run) -> anyhow::Result<Verdict> {
    let authority = arguments.authority.open()?;
    let names: Vec<&str> = arguments.names.iter().map(String::as_str).collect();
    let now = OffsetDateTime::now_utc();
    let server = authority.issue_server(
        &names,
        Validity::days(now - time::Duration::HOUR, SERVER_DAYS)?,
    )?;
    let mut trusted = vec![authority.certificate_der().to_vec()];
    for file in &arguments.trust {
        trusted.extend(certifiers(file)?);
    }
    let config = PortalConfig {
        listen: arguments.listen,
        listen_www: arguments.listen_www,
        listen_pki: arguments.listen_pki,
        host: arguments.host.clone(),
        refusal: match arguments.strict {
            true => Refusal::Alert,
            false => Refusal::Page,
        },
        revocation: RevocationSources {
            crl: revocation_lists(&arguments.crl, &trusted)?,
            ocsp: None,
        },
        trusted_list: None,
        enrolment: arguments
            .enrolment
            .as_deref()
            .map(enrolment::read)
            .transpose()?,
        documents: Arc::new(DocumentShelf::of_certifiers(&trusted)),
        exposure: match arguments.expose {
            true => Exposure::AnyAddress,
            false => Exposure::Loopback,
        },
        server,
        trusted,
        clock: Arc::new(SystemClock),
    };
    shutdown::runtime()?.block_on(async {
        let shutdown = shutdown::requested()?;
        let portal = Portal::bind(config).await?;
        let name = names.first().copied().unwrap_or("localhost");
        let ca = arguments.authority.certificate();
        let ready = Ready::new(name, &arguments.host, portal.addresses(), ca);
        output::json_line(&ready)?;
        output::say(&format!(
            "the portal is at {}, certified by {}; Ctrl-C ends it",
            ready.url,
            ready.ca.display()
        ));
        portal.run(shutdown).await;
        Ok(Verdict::Fine)
    })
}

/// The lists as one source, or none if there is no list: then the check does not apply.
fn revocation_lists(
    files: &[PathBuf],
    certifiers: &[Vec<u8>],
) -> anyhow::Result<Option<Arc<dyn RevocationSource>>> {
    let lists = files
        .iter()
        .map(|file| {
            let unreadable = || format!("{} cannot be used", file.display());
            let bytes = fs::read(file).with_context(unreadable)?;
            RevocationList::from_bytes(&bytes, certifiers).with_context(unreadable)
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(match lists.is_empty() {
        true => None,
        false => Some(Arc::new(lists)),
    })
}

fn certifiers(file: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let text =
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    certificates_from_pem(&text)
        .filter(|certificates| !certificates.is_empty())
        .with_context(|| {
            format!(
                "{} holds no certificate\nhint: --trust takes a PEM file, as `openssl x509` writes it",
                file.display()
            )
        })
}
