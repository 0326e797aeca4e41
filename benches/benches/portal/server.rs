//! The two servers, each a process of its own.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cns_authority::{CertificationAuthority, Office, OfficeTerms, Standing};
use cns_conformance::workbench::PORTAL_NAME;
use cns_portal::{Portal, PortalConfig, PublicOffices, SystemClock};
use cns_reader::ports::PortPair;
use time::OffsetDateTime;

use crate::papers::{HOME, PKI, issued, month};

/// Where the papers are, for the process that is the portal.
pub(crate) const FOLDER: &str = "CNS_BENCH_FOLDER";
pub(crate) const PORTAL: &str = "portal";

/// A server process, until it is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    process: Child,
    _reserved: Option<PortPair>,
}

impl Server {
    pub(crate) fn portal(folder: &Path) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .env("CNS_BENCH_CLIENT", PORTAL)
            .env(FOLDER, folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        Self {
            port: line.trim().parse().unwrap(),
            process,
            _reserved: None,
        }
    }

    /// Without tickets, as the portal: a session that is resumed is no login. -WWW hands out files.
    pub(crate) fn openssl(folder: &Path) -> Self {
        let reserved = PortPair::reserve().unwrap();
        let port = reserved.first();
        let process = Command::new("openssl")
            .args(["s_server", "-accept", &format!("127.0.0.1:{port}")])
            .args(["-cert", "server.pem", "-key", "server.pem"])
            .args(["-CAfile", "ca.pem", "-Verify", "1", "-verify_return_error"])
            .args(["-tls1_3", "-num_tickets", "0", "-quiet", "-WWW"])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program `openssl` runs: it is in the Debian package openssl");
        let limit = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < limit, "openssl s_server does not listen");
            thread::sleep(Duration::from_millis(10));
        }
        Self {
            port,
            process,
            _reserved: Some(reserved),
        }
    }

    /// How long it has worked, in hundredths of a second: `utime` and `stime` of proc(5).
    pub(crate) fn busy_ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let fields: Vec<&str> = fields.split(' ').collect();
        // The third field of proc(5) is the first after the name.
        [14, 15]
            .map(|field| fields[field - 3].parse::<u64>().unwrap())
            .iter()
            .sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The portal as `cns portal run` sets it up: with the offices of all certifiers, where logins are checked.
pub(crate) fn serve(folder: &Path) {
    let read = |name| fs::read_to_string(folder.join(name)).unwrap();
    let now = OffsetDateTime::now_utc();
    let authority =
        CertificationAuthority::from_pem_pair(&read("ca.pem"), &read("ca-key.pem"), now).unwrap();
    let server = authority.issue_server(&[PORTAL_NAME], month()).unwrap();
    let terms = OfficeTerms::default();
    let mut offices = cns_fixtures::offices(now, terms).unwrap();
    offices.add(Office::new(HOME, Standing::Recognised, authority, terms));
    for (office, serial) in issued(folder) {
        offices.office_mut(&office).unwrap().enter(serial).unwrap();
    }
    let recognised = offices
        .iter()
        .filter(|office| office.standing() == Standing::Recognised);
    let trusted = recognised
        .map(|office| office.certifier().certificate_der().to_vec())
        .collect();
    let offices = PublicOffices::open(offices, Arc::new(SystemClock));
    let mut config = PortalConfig::on_loopback(server, trusted, Arc::new(SystemClock));
    config.host = PORTAL_NAME.to_owned();
    config.offer(&offices);
    config.pki_url = Some(PKI.to_owned());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let portal = runtime.block_on(Portal::bind(config)).unwrap();
    #[expect(
        clippy::print_stdout,
        reason = "the one who started this process reads it"
    )]
    {
        println!("{}", portal.local_address().port());
    }
    runtime.block_on(portal.run(std::future::pending()));
}
