//! Who the portal lets in, and what it tells the others.

use std::thread;

use cns_conformance::clients::{curl, gnutls_cli, tstclnt};
use cns_conformance::{TlsVersion, Visit, Workbench, actions};
use cns_fixtures::{CardStatus, PinState, citizens};

use crate::workbench;

const EXPIRED: &str = "hans-mueller";

/// All at once, which is also a trial of many workbenches side by side.
#[test]
fn every_citizen_logs_in_with_a_card_that_bears_the_name() {
    let in_force = || {
        citizens().into_iter().filter(|citizen| {
            citizen.id != EXPIRED
                && citizen.status == CardStatus::Good
                && citizen.pin_state == PinState::Ready
                && citizen.pin_tries_left.is_none()
        })
    };
    assert!(
        in_force().any(|citizen| !citizen.given_name.is_ascii()),
        "nobody has an accent"
    );
    thread::scope(|scope| {
        for citizen in in_force() {
            scope.spawn(move || {
                let workbench = workbench(&citizen.id);
                let list = actions()
                    .into_iter()
                    .find(|action| action.title == "lists certificate, key and PIN")
                    .unwrap();
                let listed = list.perform(&workbench).result.unwrap();
                let name = format!("{} {}", citizen.given_name, citizen.surname).to_uppercase();
                assert!(listed.summary.contains(&name), "{}", listed.summary);

                let visit = curl::visit(&workbench, TlsVersion::Tls13, citizen.pin.as_str());
                let outcome = visit.unwrap().judge(&workbench, TlsVersion::Tls13).unwrap();
                let start = format!("logged in as {name}, TLSv1.3, RSA_PSS_RSAE_SHA");
                assert!(outcome.summary.starts_with(&start), "{}", outcome.summary);
            });
        }
    });
}

#[test]
fn an_expired_card_is_refused_with_the_reason_whatever_the_client() {
    let workbench = workbench(EXPIRED);
    let pin = workbench.citizen().pin.as_str();
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        for visit in [
            curl::visit(&workbench, version, pin),
            gnutls_cli::visit(&workbench, version, pin),
            tstclnt::visit(&workbench, version, pin),
        ] {
            let visit = visit.unwrap();
            assert_eq!(visit.status, 403);
            assert_eq!(visit.report.outcome, "refused");
            assert_eq!(visit.reasons(), ["cert.time"]);
            let judgement = visit.judge(&workbench, version).unwrap_err().to_string();
            assert!(judgement.contains("not logged in: refused"), "{judgement}");
        }
    }
}

#[test]
fn a_visitor_without_card_is_told_what_to_do() {
    let workbench = workbench("sofia-conti");
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        let visit = curl::visit_without_card(&workbench, version).unwrap();
        assert_eq!(visit.status, 401);
        assert_eq!(visit.report.outcome, "no_certificate");
        assert!(!visit.report.advice.is_empty());
        assert_eq!(visit.client().commands, 0, "the card was spoken to");
    }
}

/// The judgement is about the version that was asked for and the person whose card it is.
#[test]
fn a_login_is_judged_by_what_was_meant() {
    let marios = workbench("mario-bianchi");
    let visit = log_in(&marios, TlsVersion::Tls12);
    visit.judge(&marios, TlsVersion::Tls12).unwrap();
    let wrong = visit.judge(&marios, TlsVersion::Tls13).unwrap_err();
    assert!(
        wrong.to_string().contains("TLS 1.3 was asked for"),
        "{wrong}"
    );

    let marias = workbench("maria-rossi");
    let wrong = visit.judge(&marias, TlsVersion::Tls12).unwrap_err();
    assert!(wrong.to_string().contains("logged in"), "{wrong}");
}

fn log_in(workbench: &Workbench, version: TlsVersion) -> Visit {
    curl::visit(workbench, version, workbench.citizen().pin.as_str()).unwrap()
}
