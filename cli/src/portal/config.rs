//! `cns portal config`: a real proxy in front of an application, with which cards log in.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use cns_authority::pem;
use cns_portal::proxy::{ProxyProgram, ProxySetup};

use super::trust::Trust;
use crate::authority::{self, AuthorityFolder};
use crate::files::{self, PRIVATE, PUBLIC};
use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The program
    #[arg(value_enum)]
    program: Program,
    /// Where clients connect
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// The application that is told who logged in
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    application: SocketAddr,
    /// The name that the server's certificate is for
    #[arg(long = "name", value_name = "HOST", default_value = "portale.test")]
    name: String,
    #[command(flatten)]
    trust: Trust,
    /// Where configuration, certificate and certifiers are written
    #[arg(long, value_name = "FOLDER", default_value = "cns-proxy")]
    into: PathBuf,
    /// Overwrite what is there
    #[arg(long)]
    force: bool,
    /// Where Apache's modules are
    #[arg(
        long,
        value_name = "FOLDER",
        default_value = "/usr/lib/apache2/modules"
    )]
    apache_modules: PathBuf,
    #[command(flatten)]
    authority: AuthorityFolder,
}

#[derive(Clone, Copy, ValueEnum)]
enum Program {
    /// Apache httpd 2.4
    Apache,
    /// nginx 1.22 or later
    Nginx,
    /// HAProxy 2.6 or later
    Haproxy,
}

/// Prints the configuration, and writes it with the files that it names.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let program = arguments.program.of_portal();
    let name = program.dialect().name();
    let folder = &arguments.into;
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let folder = folder
        .canonicalize()
        .with_context(|| format!("{} cannot be found", folder.display()))?;
    let file = folder.join(format!("{name}.conf"));
    let setup = ProxySetup {
        listen: arguments.listen,
        server_name: arguments.name.clone(),
        certificate: folder.join("server.pem"),
        private_key: folder.join("server.pem"),
        certifiers: folder.join("certifiers.pem"),
        application: arguments.application,
        folder: folder.clone(),
        apache_modules: arguments.apache_modules.clone(),
    };
    let configuration = program.configuration(&setup)?;
    for path in [&file, &setup.certificate, &setup.certifiers] {
        files::check_free(path, arguments.force)?;
    }
    arguments.write(&setup, &file, &configuration)?;

    output::text(&configuration)?;
    let words = program.command(&file.to_string_lossy());
    output::say(&format!("next: {}", words.join(" ")));
    let headers: Vec<&str> = program.dialect().headers().collect();
    output::say(&format!(
        "the application at {} reads {}",
        arguments.application,
        headers.join(" and ")
    ));
    Ok(Verdict::Fine)
}

impl Arguments {
    fn write(&self, setup: &ProxySetup, file: &Path, configuration: &str) -> anyhow::Result<()> {
        let authority = self.authority.open()?;
        let server = authority::server(&authority, &[&self.name])?;
        let mut trusted = authority.certificate_pem();
        // Read as certificates first: half a file would let nobody in, or stop the proxy.
        for certificate in self.trust.certificates()? {
            trusted += &pem::encode("CERTIFICATE", &certificate);
        }
        files::write(&[(&setup.certificate, &server.to_pem())], PRIVATE)?;
        files::write(
            &[(&setup.certifiers, &trusted), (file, configuration)],
            PUBLIC,
        )
    }
}

impl Program {
    const fn of_portal(self) -> ProxyProgram {
        match self {
            Self::Apache => ProxyProgram::Apache,
            Self::Nginx => ProxyProgram::Nginx,
            Self::Haproxy => ProxyProgram::Haproxy,
        }
    }
}
