//! `cns portal`: the relying party that citizens log in to.

mod config;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use cns_authority::Validity;
use cns_portal::{Exposure, Portal, PortalConfig, SystemClock, certificates_from_pem};
use serde::Serialize;
use time::OffsetDateTime;

use crate::authority::AuthorityFolder;
use crate::{Verdict, output, shutdown};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the portal until Ctrl-C
    Run(Run),
    /// Set a real proxy up in front of an application, so that cards log in to it
    Config(config::Arguments),
}

#[derive(Args)]
pub(crate) struct Run {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Let other machines in. The portal trusts test certifiers: nothing of value may depend on it
    #[arg(long)]
    expose: bool,
    /// Names that the server's certificate is for
    #[arg(long = "name", value_name = "HOST", default_values = ["localhost", "127.0.0.1", "portale.test"])]
    names: Vec<String>,
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
    ca: PathBuf,
}

/// How long the server's certificate is valid, in days.
const SERVER_DAYS: u16 = 365;

pub(crate) fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Run(arguments) => serve(&arguments),
        Command::Config(arguments) => config::run(&arguments),
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
        let address = portal.local_address();
        let name = names.first().copied().unwrap_or("localhost");
        let url = format!("https://{name}:{}/", address.port());
        let ca = arguments.authority.certificate();
        output::json_line(&Ready {
            ready: true,
            url: url.clone(),
            address,
            ca: ca.clone(),
        })?;
        output::say(&format!(
            "the portal is at {url}, certified by {}; Ctrl-C ends it",
            ca.display()
        ));
        portal.run(shutdown).await;
        Ok(Verdict::Fine)
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
