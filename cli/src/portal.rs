//! `cns portal`: the relying party that citizens log in to.

mod audit;
mod config;
mod control;
mod enrolment;
mod lists;
mod town;
mod trust;
mod zoo;

pub(crate) use zoo::find as animal;

use std::collections::BTreeMap;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use cns_authority::{CertificationAuthority, Office, OfficeTerms, Offices, Standing};
use cns_conformance::town::STAFF;
use cns_portal::proxy::{BehindProxy, Dialect};
use cns_portal::trusted_list::TRUSTED_LIST_PATH;
use cns_portal::{
    Clock as _, DocumentShelf, Exposure, PROFILES, Portal, PortalConfig, PublicOffices, Refusal,
    RevocationList, RevocationSource, RevocationSources, ServerGuard, TrustGuard,
};
use serde::Serialize;
use time::OffsetDateTime;

use crate::authority::{self, AuthorityFolder, HOME, KeptOffice, pki_url};
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
    /// Tell whether an exported audit log is the one that was written
    Audit(audit::Arguments),
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
    /// Where certifiers publish, over plain HTTP: revocation lists, OCSP, certificates, the trusted list
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen_pki: SocketAddr,
    /// The address at which certificates say that this is, if it is not that of --listen-pki
    #[arg(long, value_name = "URL", value_parser = pki_url)]
    pki: Option<String>,
    /// Stand behind a proxy too, which shakes hands with the card and says in headers who came, as `cns
    /// portal config` sets it up: apache, nginx, haproxy, rfc9440 or traefik
    #[arg(long, value_name = "DIALECT", value_parser = dialect)]
    behind: Option<Dialect>,
    /// Where to take the proxy's requests, over plain HTTP
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:0",
        requires = "behind"
    )]
    listen_proxy: SocketAddr,
    /// Where the proxy's connections come from; others are refused (may be repeated)
    #[arg(long = "proxy", value_name = "ADDRESS", default_values = ["127.0.0.1", "::1"], requires = "behind")]
    proxies: Vec<IpAddr>,
    #[command(flatten)]
    control: control::Control,
    /// Let other machines in. The portal trusts test certifiers: nothing of value may depend on it
    #[arg(long)]
    expose: bool,
    /// Names that the server's certificate is for, besides that of --host
    #[arg(long = "name", value_name = "HOST", default_values = ["localhost", "127.0.0.1", "portale.test", "cns.test", "*.cns.test"])]
    names: Vec<String>,
    /// The name before which profiles are labels, as in tls12.cns.test
    #[arg(long, value_name = "HOST", default_value = "cns.test")]
    host: String,
    /// Generated citizens of the portal's town, besides those of the cards
    #[arg(long, value_name = "NUMBER", default_value_t = 200)]
    citizens: u32,
    /// Folder where the cards of the town's citizens are made, if they are not there; what the desk does to a
    /// card happens to its file. Cards name the address of --listen-pki: give it a port to use them again
    #[arg(long, value_name = "FOLDER")]
    cards: Option<PathBuf>,
    /// File that the town is kept in: whatever citizens, desk and post do is there before it is answered. If
    /// there is no such file, a town is founded in it; --citizens and --seed count only then. No PIN, PUK or
    /// code is in it: --cards keeps the cards, which have them
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Open the front page in a browser
    #[arg(long)]
    open: bool,
    /// Refuse certificates with the TLS alert of a real portal instead of a page
    #[arg(long)]
    strict: bool,
    /// Revocation list of a trusted certifier, in place of those that certificates name (DER or PEM file; may
    /// be repeated)
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// Record of the cards that were handed out, CARDNUMBER.HASH a line; `citizens`: the synthetic
    /// ones, as of today. Who comes with another hash is refused
    #[arg(long, value_name = "FILE|citizens")]
    enrolment: Option<String>,
    #[command(flatten)]
    trust: trust::Trust,
    #[command(flatten)]
    authority: AuthorityFolder,
}

#[derive(Serialize)]
struct Ready {
    ready: bool,
    /// True: nothing of value may depend on this portal.
    test_environment: bool,
    url: String,
    address: SocketAddr,
    www: String,
    pki: String,
    control: String,
    crl: String,
    ocsp: String,
    tsl: String,
    certifiers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    behind: Option<SocketAddr>,
    profiles: BTreeMap<&'static str, String>,
    ca: PathBuf,
    staff: Vec<StaffLine>,
}

/// Somebody who signs in at `/desk`. The passwords are public: they protect nothing.
#[derive(Serialize)]
pub(crate) struct StaffLine {
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    pub(crate) role: &'static str,
}

/// Everybody who works in a town.
pub(crate) fn staff() -> Vec<StaffLine> {
    let staff = STAFF.iter();
    staff
        .map(|(user, password, _, role)| StaffLine {
            user,
            password,
            role: role.name(),
        })
        .collect()
}

impl Ready {
    fn new(name: &str, host: &str, portal: &Portal, offices: &PublicOffices, ca: PathBuf) -> Self {
        let (addresses, pki) = (portal.addresses(), portal.pki_url());
        let port = addresses.cns.port();
        let of_profile = |profile: &'static str| format!("https://{profile}.{host}:{port}/");
        Self {
            ready: true,
            test_environment: true,
            url: format!("https://{name}:{port}/"),
            address: addresses.cns,
            www: format!("https://{name}:{}/", addresses.www.port()),
            pki: format!("{pki}/"),
            crl: format!("{pki}/crl/{HOME}.crl"),
            ocsp: format!("{pki}/ocsp/{HOME}"),
            tsl: format!("{pki}{TRUSTED_LIST_PATH}"),
            certifiers: offices.with(|offices| {
                let ids = offices.iter().map(|office| office.id().to_owned());
                ids.collect()
            }),
            behind: addresses.behind,
            control: addresses.control_url(),
            profiles: PROFILES
                .iter()
                .map(|profile| (profile.name, of_profile(profile.name)))
                .collect(),
            ca,
            staff: staff(),
        }
    }
}

impl Run {
    /// What the server's certificate is for: pages have links to the names of the profiles.
    fn server_names(&self) -> Vec<String> {
        let mut names = self.names.clone();
        for name in [self.host.clone(), format!("*.{}", self.host)] {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

pub(crate) fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Run(arguments) => serve(&arguments),
        Command::Checks(arguments) => lists::checks(&arguments),
        Command::Profiles(arguments) => lists::profiles(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Zoo(arguments) => zoo::run(&arguments),
    }
}

fn serve(arguments: &Run) -> anyhow::Result<Verdict> {
    let authority = arguments.authority.open()?;
    let names = arguments.server_names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let server = authority::server(&authority, &names)?;
    let others = arguments.trust.certificates()?;
    let clock = arguments.control.clock();
    let offices = open_offices(authority, &others, clock.now())?;
    let mut trusted = recognised(&offices);
    trusted.extend(others);
    let offices = PublicOffices::open(offices, Arc::new(clock.clone()));
    let town = town::found(arguments, &offices, Arc::new(clock.clone()))?;
    let mut config = PortalConfig {
        listen: arguments.listen,
        listen_www: arguments.listen_www,
        listen_pki: arguments.listen_pki,
        behind: arguments.behind.map(|dialect| BehindProxy {
            listen: arguments.listen_proxy,
            dialect,
            proxies: arguments.proxies.clone(),
        }),
        listen_control: arguments.control.listen_control,
        control_exposure: arguments.control.exposure(),
        clock,
        seed: arguments.control.seed,
        journal: arguments.control.journal(),
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
        list_publisher: None,
        pki_url: arguments.pki.clone(),
        offices: None,
        documents: Arc::new(DocumentShelf::of_certifiers(&trusted)),
        exposure: match arguments.expose {
            true => Exposure::AnyAddress,
            false => Exposure::Loopback,
        },
        server,
        server_guard: ServerGuard::WhatClientsTake,
        trusted,
        trust_guard: arguments.trust.guard(),
        town: Some(town.hall.clone()),
    };
    config.offer(&offices);
    let ledger = arguments.authority.ledger();
    config.documents = Arc::new(KeptOffice::open(config.documents, offices.clone(), ledger)?);
    shutdown::runtime()?.block_on(async {
        let shutdown = shutdown::requested()?;
        let portal = Portal::bind(config).await?;
        offices.with(|offices| offices.publish_at(portal.pki_url()));
        town.make_cards()?;
        let name = names.first().copied().unwrap_or("localhost");
        let ca = arguments.authority.certificate();
        let ready = Ready::new(name, &arguments.host, &portal, &offices, ca);
        output::json_line(&ready)?;
        output::say(&format!(
            "the portal is a test environment at {}, certified by {}; Ctrl-C ends it",
            ready.url,
            ready.ca.display()
        ));
        if arguments.trust.guard() == TrustGuard::AnyCertifier {
            output::say("it trusts certifiers that may be real: real citizens can log in");
        }
        if arguments.open {
            town::open_in_browser(&ready.www);
        }
        portal.run(shutdown).await;
        Ok(Verdict::Fine)
    })
}

/// The offices of all certifiers, the folder's own among them. What the user trusts is on the trusted list too.
fn open_offices(
    home: CertificationAuthority,
    others: &[Vec<u8>],
    now: OffsetDateTime,
) -> anyhow::Result<Offices> {
    let terms = OfficeTerms::default();
    let mut offices = cns_fixtures::offices(now, terms)?;
    offices.add(Office::new(HOME, Standing::Recognised, home, terms));
    for other in others {
        offices.recognise(other.clone());
    }
    Ok(offices)
}

/// The certificates of those that stand on the trusted list as recognised, the folder's own first: it is
/// the one that visitors have cards of.
fn recognised(offices: &Offices) -> Vec<Vec<u8>> {
    let mut recognised: Vec<&Office> = offices
        .iter()
        .filter(|office| office.standing() == Standing::Recognised)
        .collect();
    recognised.sort_by_key(|office| office.id() != HOME);
    let certificates = recognised.into_iter();
    certificates
        .map(|office| office.certifier().certificate_der().to_vec())
        .collect()
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

fn dialect(name: &str) -> Result<Dialect, String> {
    Dialect::of_name(name).ok_or_else(|| {
        let names = Dialect::ALL.map(Dialect::name).join(", ");
        format!("there are {names}")
    })
}
