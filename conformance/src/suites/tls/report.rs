//! What the portal reports of a login is what the card is.

use ring::digest::{SHA256, digest};
use rustls::SignatureScheme;
use serde_json::Value;

use super::{LOGIN, certificate, portals};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, read};
use crate::login::TlsVersion;
use crate::portal::{Coming, Portal};
use crate::state::State;

pub(super) const CASES: &[Case<Portal>] = &[
    Case {
        id: "tls.report.codice-fiscale",
        requirement: "The portal reports the holder's codice fiscale.",
        sources: &[
            certificate("subject, common name"),
            portals("codice fiscale before the /"),
        ],
        level: Level::Must,
        needs: LOGIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |portal| {
            let expected = portal.issue()?.citizen.codice_fiscale.to_string();
            says(&report(portal)?, "/citizen/codice_fiscale", &expected)
        },
    },
    Case {
        id: "tls.report.card-number",
        requirement: "The portal reports the card number of EF.ID_Carta.",
        sources: &[certificate("subject, common name")],
        level: Level::Must,
        needs: LOGIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |portal| {
            let expected = portal.issue()?.citizen.card_number.to_string();
            says(&report(portal)?, "/citizen/card_number", &expected)
        },
    },
    Case {
        id: "tls.report.name",
        requirement: "The portal reports given name and surname of the holder.",
        sources: &[certificate("subject, given name and surname")],
        level: Level::Should,
        needs: LOGIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |portal| {
            let citizen = &portal.issue()?.citizen;
            let report = report(portal)?;
            says(
                &report,
                "/citizen/given_name",
                &citizen.given_name.to_uppercase(),
            )?;
            says(&report, "/citizen/surname", &citizen.surname.to_uppercase())
        },
    },
    Case {
        id: "tls.report.certificate",
        requirement: "The portal reports the certificate that is on the card, by its SHA-256.",
        sources: &[portals("SSL_CLIENT_CERT")],
        level: Level::Must,
        needs: LOGIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |portal| {
            let hash = digest(&SHA256, &portal.issue()?.certificate_der);
            let hash: String = hash.as_ref().iter().map(|it| format!("{it:02X}")).collect();
            says(&report(portal)?, "/certificate/sha256", &hash)
        },
    },
    Case {
        id: "tls.report.what-was-negotiated",
        requirement: "The portal reports version, signature and server name as the client knows \
                      them.",
        sources: &[read(Document::Tls13, "4.2.3"), portals("SSL_PROTOCOL")],
        level: Level::Should,
        needs: LOGIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |portal| {
            for (version, scheme, name) in [
                (
                    TlsVersion::Tls12,
                    SignatureScheme::RSA_PKCS1_SHA384,
                    "rsa_pkcs1_sha384",
                ),
                (
                    TlsVersion::Tls13,
                    SignatureScheme::RSA_PSS_SHA512,
                    "rsa_pss_rsae_sha512",
                ),
            ] {
                let coming = Coming {
                    scheme,
                    ..Coming::with_card(version)
                };
                let report = portal.answer(coming)?.json()?;
                let host = portal.address().host.clone();
                says(
                    &report,
                    "/tls/version",
                    &format!("TLSv{}", version.number()),
                )?;
                says(&report, "/tls/signature_scheme", name)?;
                says(&report, "/tls/server_name", &host)?;
            }
            Ok(())
        },
    },
    Case {
        id: "tls.report.nobody-without-a-card",
        requirement: "Without a certificate the portal reports nobody, and says what to try.",
        sources: &[portals("the page without a certificate")],
        level: Level::Must,
        needs: &[Needs::OwnPortal],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
                let response = portal.answer(Coming::without_card(version))?;
                response.is(401)?;
                let report = response.json()?;
                says(&report, "/outcome", "no_certificate")?;
                if report.pointer("/citizen") != Some(&Value::Null) {
                    return Err(Stop::fail("no citizen", report.to_string()));
                }
                match report.pointer("/advice").and_then(Value::as_array) {
                    Some(advice) if !advice.is_empty() => {}
                    other => return Err(Stop::fail("advice", format!("{other:?}"))),
                }
            }
            Ok(())
        },
    },
];

fn report(portal: &Portal) -> Result<Value, Stop> {
    let response = portal.answer(Coming::with_card(TlsVersion::Tls13))?;
    response.is(200)?;
    response.json()
}

fn says(report: &Value, place: &str, expected: &str) -> Verdict {
    match report.pointer(place).and_then(Value::as_str) {
        Some(seen) if seen == expected => Ok(()),
        seen => Err(Stop::fail(
            format!("{place}: {expected}"),
            seen.unwrap_or("nothing"),
        )),
    }
}
