//! The real proxies in front of our own portal, which takes their word.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use cns_conformance::TlsVersion;
use cns_conformance::clients::curl::visit_at;
use cns_conformance::proxied::Proxied;
use cns_portal::proxy::{BehindProxy, ProxyProgram};
use cns_portal::{Addresses, Journal, Portal, PortalConfig, SystemClock, certificates_from_pem};
use tokio::sync::oneshot;

use super::{PROGRAMS, card_on_a_workbench, days, every_dialect, forged, stranger};

/// A portal behind a proxy, until it is dropped.
struct BehindIt {
    addresses: Addresses,
    journal: Journal,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl BehindIt {
    /// It trusts the certifiers in this PEM.
    fn start(program: ProxyProgram, certifiers: &str) -> Self {
        let server = stranger().issue_server(&["portale.test"], days(9)).unwrap();
        let trusted = certificates_from_pem(certifiers).unwrap();
        let mut config = PortalConfig::on_loopback(server, trusted, Arc::new(SystemClock));
        config.host = "portale.test".to_owned();
        config.behind = Some(BehindProxy::on_loopback(program.dialect()));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let portal = runtime.block_on(Portal::bind(config)).unwrap();
        let (addresses, journal) = (portal.addresses(), portal.journal());
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            runtime.block_on(portal.run(async { drop(stopped.await) }));
        });
        Self {
            addresses,
            journal,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn address(&self) -> SocketAddr {
        self.addresses.behind.unwrap()
    }

    fn last_outcome(&self) -> &'static str {
        self.journal.entries().last().unwrap().outcome
    }
}

impl Drop for BehindIt {
    fn drop(&mut self) {
        drop(self.stop.take());
        drop(self.thread.take().map(JoinHandle::join));
    }
}

/// The card logs in, nobody does without it, and what a client says in headers changes neither.
#[test]
fn the_card_logs_in_to_our_portal_through_every_proxy() {
    for program in PROGRAMS {
        let bench = card_on_a_workbench();
        let own = std::fs::read_to_string(bench.certifier_path()).unwrap();
        let portal = BehindIt::start(program, &own);
        let authority = stranger();
        let names = ["portale.test", "127.0.0.1"];
        let server = authority.issue_server(&names, days(9)).unwrap();
        let proxied = Proxied::in_front_of(program, &server, &own, portal.address()).unwrap();
        let both = own + &authority.certificate_pem();
        std::fs::write(bench.certifier_path(), both).unwrap();

        let pin = bench.citizen().pin.as_str();
        let forged = every_dialect(&forged());
        for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
            for (pin, headers, outcome) in [
                (Some(pin), &[][..], "logged_in"),
                (Some(pin), &forged, "logged_in"),
                (None, &[], "no_certificate"),
                (None, &forged, "no_certificate"),
            ] {
                let port = proxied.address().port();
                let visited = visit_at(&bench, version, port, pin, headers).unwrap();
                let context = format!(
                    "{program:?} {version:?}: {}{}\n{}",
                    visited.text(),
                    visited.complaint(),
                    proxied.last_words()
                );
                assert_eq!(portal.last_outcome(), outcome, "{context}");
            }
        }
        let entries = portal.journal.entries();
        assert_eq!(entries.len(), 8);
        let subject = entries[0]
            .report
            .as_ref()
            .and_then(|it| it.citizen.as_ref());
        let name = subject.unwrap().surname.as_deref().unwrap();
        assert_eq!(name, bench.citizen().surname.to_uppercase());
        assert_eq!(
            entries[0].handshake.forwarded_by,
            Some(program.dialect().name())
        );
    }
}
