//! How long the portal takes for each page of a citizen's area, in a town of 10,000: from the request to the
//! last byte of the answer, over one TLS connection that stays open. `welcome` is the floor: a page that asks
//! the town nothing.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "criterion's macros document nothing; a bench fails by panicking"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use cns_authority::{CertificationAuthority, Validity};
use cns_fixtures::{citizen, collaudo_authority, personalise, population, profile};
use cns_portal::town::NoWorkshop;
use cns_portal::{Addresses, Portal, PortalConfig, Staff, Town, TownHall};
use cns_reader::SystemEntropy;
use cns_services::desk::{Desk, Policy};
use cns_services::outbox::Outbox;
use criterion::{Criterion, criterion_group, criterion_main};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::sync::oneshot;

const NOW: OffsetDateTime = datetime!(2026-11-24 9:00 +1);

/// As many as a town has.
const CITIZENS: u32 = 10_000;

const PAGES: [&str; 11] = [
    "/area",
    "/area/reports",
    "/area/prescriptions",
    "/area/vaccinations",
    "/area/exemptions",
    "/area/bookings",
    "/area/bookings/new",
    "/area/bookings/new?service=eye-visit",
    "/area/doctor",
    "/area/doctor/applications",
    "/api/area/doctor",
];

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = pages
}
criterion_main!(benches);

fn pages(criterion: &mut Criterion) {
    let authority = collaudo_authority(NOW.date()).unwrap();
    let (addresses, stop) = open(&authority);
    let mut maria = Visitor::log_in(&authority, addresses);
    let mut group = criterion.benchmark_group("pages");
    for page in ["/", "/area/vaccinations/certificate.pdf"]
        .iter()
        .chain(&PAGES)
    {
        assert_eq!(maria.visit(page), 200, "{page}");
        group.bench_function(*page, |bencher| bencher.iter(|| maria.visit(page)));
    }
    group.finish();
    drop(stop);
}

/// A portal with a town, which ends with the sender.
fn open(authority: &CertificationAuthority) -> (Addresses, oneshot::Sender<()>) {
    let town = Town {
        world: population::world(1, CITIZENS, NOW.date()),
        desk: Desk::new(Policy::default()),
        outbox: Outbox::default(),
    };
    let staff = Staff::new([]).unwrap();
    let clock = Arc::new(NOW);
    let validity = Validity::days(NOW - time::Duration::DAY, 30).unwrap();
    let server = authority
        .issue_server(&["cns.test", "127.0.0.1"], validity)
        .unwrap();
    let trusted = vec![authority.certificate_der().to_vec()];
    let mut config = PortalConfig::on_loopback(server, trusted, clock.clone());
    config.town = Some(TownHall::open(town, staff, Arc::new(NoWorkshop), clock));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let portal = runtime.block_on(Portal::bind(config)).unwrap();
    let addresses = portal.addresses();
    let (stop, stopped) = oneshot::channel();
    std::thread::spawn(move || {
        runtime.block_on(portal.run(async {
            let _ = stopped.await;
        }));
    });
    (addresses, stop)
}

/// Maria Rossi's browser: one connection, one request after the other.
struct Visitor(StreamOwned<ClientConnection, TcpStream>);

impl Visitor {
    fn log_in(authority: &CertificationAuthority, addresses: Addresses) -> Self {
        let maria = citizen("maria-rossi").unwrap();
        let profile = profile("cns11-st2021").unwrap();
        let mut entropy = SystemEntropy::new();
        let card = personalise(&profile, &maria, authority, NOW.date(), &mut entropy).unwrap();
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from(authority.certificate_der().to_vec());
        roots.add(root).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(
                vec![CertificateDer::from(card.certificate_der)],
                PrivateKeyDer::try_from(maria.key.der())
                    .unwrap()
                    .clone_key(),
            )
            .unwrap();
        let name = ServerName::try_from("cns.test").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let socket = TcpStream::connect(addresses.cns).unwrap();
        socket.set_nodelay(true).unwrap();
        Self(StreamOwned::new(connection, socket))
    }

    /// Asks for a page and reads all of it; gives its status.
    fn visit(&mut self, path: &str) -> u16 {
        let request = format!("GET {path} HTTP/1.1\r\nHost: cns.test\r\nAccept: text/html\r\n\r\n");
        self.0.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let mut buffer = [0; 16_384];
        let head = loop {
            let count = self.0.read(&mut buffer).unwrap();
            answer.extend_from_slice(&buffer[..count]);
            if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let fields = String::from_utf8_lossy(&answer[..head]).to_lowercase();
        let (_, length) = fields.split_once("content-length: ").unwrap();
        let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
        let mut missing = (head + length).saturating_sub(answer.len());
        while 0 < missing {
            missing -= self.0.read(&mut buffer).unwrap();
        }
        fields[9..12].parse().unwrap()
    }
}
