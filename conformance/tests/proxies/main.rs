//! Apache, nginx and HAProxy of the distribution, set up as `cns portal config` says: the card logs in
//! through them, and nobody gets in by a header.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod portal;
mod suite;

use std::fs;

use cns_authority::{CertificationAuthority, CertifierName, CertifierTerm, Validity};
use cns_conformance::clients::curl::visit_at;
use cns_conformance::proxied::{Proxied, Told};
use cns_conformance::{TlsVersion, Workbench};
use cns_fixtures::{citizen, profile};
use cns_portal::proxy::{Dialect, Forwarded, ProxyProgram, Verification};
use hyper::header::HeaderName;
use time::{Duration, OffsetDateTime};

const PROGRAMS: [ProxyProgram; 3] = [
    ProxyProgram::Apache,
    ProxyProgram::Nginx,
    ProxyProgram::Haproxy,
];

/// A card of a good citizen on a workbench, and each program in front of an application.
struct Bench {
    workbench: Workbench,
    program: ProxyProgram,
    proxied: Proxied,
}

impl Bench {
    /// `trusts_card` is whether the proxy has the certifier of the card.
    fn new(program: ProxyProgram, trusts_card: bool) -> Self {
        let workbench = card_on_a_workbench();
        let own = fs::read_to_string(workbench.certifier_path()).unwrap();
        let authority = stranger();
        let server = authority
            .issue_server(&["portale.test", "127.0.0.1"], days(9))
            .unwrap();
        let trusted = match trusts_card {
            true => own,
            false => authority.certificate_pem(),
        };
        let proxied = Proxied::start(program, &server, &trusted).unwrap();
        // curl trusts both: who the proxy is, is not the question here.
        let all =
            fs::read_to_string(workbench.certifier_path()).unwrap() + &authority.certificate_pem();
        fs::write(workbench.certifier_path(), all).unwrap();
        Self {
            workbench,
            program,
            proxied,
        }
    }

    /// What curl read, and what the application was told.
    fn visit(&self, version: TlsVersion, card: bool, headers: &[String]) -> (String, Vec<Told>) {
        let pin = self.workbench.citizen().pin.as_str();
        let pin = card.then_some(pin);
        let port = self.proxied.address().port();
        let finished = visit_at(&self.workbench, version, port, pin, headers).unwrap();
        let text = finished.text() + &finished.complaint();
        (text, self.proxied.take_told())
    }

    /// What our own portal says that this proxy would tell of the card.
    fn foretold(&self, version: TlsVersion) -> Forwarded {
        let pin = self.workbench.citizen().pin.as_str();
        cns_conformance::clients::curl::visit(&self.workbench, version, pin).unwrap();
        let entries = self.workbench.portal_journal().entries();
        let judgement = entries.last().unwrap().judgement.as_ref().unwrap();
        let dialect = self.program.dialect();
        let said = judgement.emission.in_dialect(dialect).headers;
        let said = said.into_iter().map(|header| {
            let name: HeaderName = header.name.parse().unwrap();
            (name, header.value.parse().unwrap())
        });
        dialect.read(&said.collect()).unwrap().unwrap()
    }

    fn context(&self, text: &str) -> String {
        let name = self.program.dialect().name();
        format!("{name}: {text}\n{}", self.proxied.last_words())
    }
}

/// A card of a good citizen.
fn card_on_a_workbench() -> Workbench {
    let setup = cns_conformance::Setup::new(
        profile(cns_fixtures::DEFAULT_PROFILE).unwrap(),
        citizen("maria-rossi").unwrap(),
    );
    Workbench::set_up(&setup).unwrap()
}

/// What a client would like the application to hear: somebody else's certificate, and that it is good.
fn forged() -> Forwarded {
    Forwarded {
        certificate: stranger().certificate_der().to_vec(),
        chain: Vec::new(),
        verification: Verification::Good,
    }
}

/// A header of every kind that a proxy may set, as a client would write it.
fn every_dialect(forged: &Forwarded) -> Vec<String> {
    let all = Dialect::ALL.into_iter();
    all.flat_map(|dialect| dialect.write(forged))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect()
}

fn days(days: i64) -> Validity {
    let now = OffsetDateTime::now_utc();
    Validity::new(now - Duration::days(1), now + Duration::days(days)).unwrap()
}

fn stranger() -> CertificationAuthority {
    let term = CertifierTerm::new(days(9), OffsetDateTime::now_utc()).unwrap();
    CertificationAuthority::new(&CertifierName::regional("Regione Ignota"), term).unwrap()
}

#[test]
fn the_card_logs_in_through_every_proxy() {
    for program in PROGRAMS {
        let bench = Bench::new(program, true);
        for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
            let (text, told) = bench.visit(version, true, &[]);
            let [Ok(Some(forwarded))] = told.as_slice() else {
                panic!("{told:?}, {}", bench.context(&text));
            };
            assert_eq!(forwarded.certificate, bench.workbench.certificate_der());
            assert_eq!(forwarded.verification, Verification::Good);
            assert_eq!(forwarded, &bench.foretold(version));
        }
    }
}

#[test]
fn without_a_card_the_application_is_told_of_nobody() {
    for program in PROGRAMS {
        let bench = Bench::new(program, true);
        let (text, told) = bench.visit(TlsVersion::Tls13, false, &[]);
        assert_eq!(told, [Ok(None)], "{}", bench.context(&text));
    }
}

/// In every dialect, with and without a card: what the client says in a header does not arrive.
#[test]
fn nobody_gets_in_by_a_header() {
    let headers = every_dialect(&forged());
    for program in PROGRAMS {
        let bench = Bench::new(program, true);
        let (text, told) = bench.visit(TlsVersion::Tls13, false, &headers);
        assert_eq!(told, [Ok(None)], "{}", bench.context(&text));
        let (text, told) = bench.visit(TlsVersion::Tls13, true, &headers);
        let [Ok(Some(forwarded))] = told.as_slice() else {
            panic!("{told:?}, {}", bench.context(&text));
        };
        assert_eq!(forwarded.certificate, bench.workbench.certificate_der());
    }
}

/// A card of a certifier that the proxy does not know. HAProxy passes it on with a number, nginx with
/// a reason; Apache ends the handshake.
#[test]
fn a_card_of_another_certifier_is_no_login() {
    for program in PROGRAMS {
        let bench = Bench::new(program, false);
        let (text, told) = bench.visit(TlsVersion::Tls13, true, &[]);
        let told: Vec<_> = told.into_iter().map(Result::unwrap).collect();
        let context = bench.context(&text);
        match (program, told.as_slice()) {
            (ProxyProgram::Apache, []) => assert!(text.contains("unknown ca"), "{context}"),
            (ProxyProgram::Nginx, [Some(forwarded)]) => {
                let Verification::Bad(reason) = &forwarded.verification else {
                    panic!("{forwarded:?}, {context}");
                };
                assert!(reason.starts_with("FAILED:"), "{context}");
            }
            (ProxyProgram::Haproxy, [Some(forwarded)]) => {
                assert!(
                    matches!(&forwarded.verification, Verification::Bad(_)),
                    "{context}"
                );
            }
            (_, told) => panic!("{told:?}, {context}"),
        }
    }
}
