//! The portal as a TLS server: its certificate, its name, its protocols.

use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, read};
use crate::login::TlsVersion;
use crate::portal::{Coming, End, Portal};
use crate::state::State;

pub(super) const CASES: &[Case<Portal>] = &[
    Case {
        id: "tls.server.is-who-it-says",
        requirement: "The portal's certificate leads to its certifier, and is for its name.",
        sources: &[read(Document::X509, "6.1")],
        level: Level::Must,
        needs: &[Needs::OwnPortal],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let chain = chain(portal)?;
            let mut roots = RootCertStore::empty();
            let authority = portal.authority().certificate_der().to_vec();
            roots.add(authority.into()).map_err(Stop::broken)?;
            let provider = Arc::new(ring::default_provider());
            let webpki = WebPkiServerVerifier::builder_with_provider(roots.into(), provider)
                .build()
                .map_err(Stop::broken)?;
            let host = portal.address().host.clone();
            let name = ServerName::try_from(host).map_err(Stop::broken)?;
            let (first, others) = chain.split_first().ok_or_else(no_certificate)?;
            webpki
                .verify_server_cert(first, others, &name, &[], now())
                .map(drop)
                .map_err(|error| Stop::fail("a certificate that webpki accepts", error.to_string()))
        },
    },
    Case {
        id: "tls.server.is-valid-today",
        requirement: "The portal's certificate is valid today.",
        sources: &[read(Document::X509, "4.1.2.5")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let chain = chain(portal)?;
            let first = chain.first().ok_or_else(no_certificate)?;
            let (_, certificate) = X509Certificate::from_der(first).map_err(Stop::broken)?;
            let validity = certificate.validity();
            let now = OffsetDateTime::now_utc();
            let (from, to) = (
                validity.not_before.to_datetime(),
                validity.not_after.to_datetime(),
            );
            match (from..=to).contains(&now) {
                true => Ok(()),
                false => Err(Stop::fail("valid today", format!("from {from} to {to}"))),
            }
        },
    },
    Case {
        id: "tls.server.speaks-tls12",
        requirement: "The portal speaks TLS 1.2, for the middleware that knows no RSA-PSS.",
        sources: &[super::portals("browsers and middleware without RSA-PSS")],
        level: Level::May,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| speaks(portal, TlsVersion::Tls12),
    },
    Case {
        id: "tls.server.speaks-tls13",
        requirement: "The portal speaks TLS 1.3.",
        sources: &[read(Document::Tls13, "1")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| speaks(portal, TlsVersion::Tls13),
    },
    Case {
        id: "tls.server.needs-no-name",
        requirement: "A client that does not say which server it wants is served too, and the \
                      report knows of no name.",
        sources: &[super::portals("middleware without SNI")],
        level: Level::Should,
        needs: &[Needs::OwnPortal],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let coming = Coming {
                sends_server_name: false,
                ..Coming::without_card(TlsVersion::Tls12)
            };
            let report = portal.answer(coming)?.json()?;
            match report.pointer("/tls/server_name") {
                Some(serde_json::Value::Null) => Ok(()),
                other => Err(Stop::fail("no name", format!("{other:?}"))),
            }
        },
    },
    Case {
        id: "tls.server.agrees-on-http",
        requirement: "ALPN agrees on http/1.1, and a client without ALPN is served the same.",
        sources: &[read(Document::Alpn, "3.2")],
        level: Level::Must,
        needs: &[Needs::OwnPortal],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let offered = portal.visit(Coming::without_card(TlsVersion::Tls13))?;
            if offered.alpn.as_deref() != Some(b"http/1.1".as_slice()) {
                return Err(Stop::fail("http/1.1", format!("{:?}", offered.alpn)));
            }
            offered.answer()?.is(401)?;
            let coming = Coming {
                alpn: &[],
                ..Coming::without_card(TlsVersion::Tls13)
            };
            portal.answer(coming)?.is(401)
        },
    },
    Case {
        id: "tls.server.agrees-on-nothing-else",
        requirement: "A client that speaks none of the portal's protocols is refused with the alert \
                      no_application_protocol.",
        sources: &[read(Document::Alpn, "3.2")],
        level: Level::Must,
        needs: &[Needs::OwnPortal],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let coming = Coming {
                alpn: &["smtp"],
                ..Coming::without_card(TlsVersion::Tls13)
            };
            match portal.visit(coming)?.refused()? {
                Some(rustls::AlertDescription::NoApplicationProtocol) => Ok(()),
                other => Err(Stop::fail("no_application_protocol", format!("{other:?}"))),
            }
        },
    },
];

fn chain(portal: &Portal) -> Result<Vec<CertificateDer<'static>>, Stop> {
    let server = portal
        .visit(Coming::without_card(TlsVersion::Tls12))?
        .server;
    Ok(server.into_iter().map(CertificateDer::from).collect())
}

fn no_certificate() -> Stop {
    Stop::fail("a certificate", "none")
}

/// A handshake that ends in an answer, or in what is said of a missing certificate.
fn speaks(portal: &Portal, version: TlsVersion) -> Verdict {
    use rustls::AlertDescription;

    let request = portal.request("GET", "/", "");
    match portal.ask(Coming::without_card(version), &request)?.end {
        End::Refused(Some(AlertDescription::ProtocolVersion)) => Err(Stop::fail(
            format!("TLS {}", version.number()),
            "the alert protocol_version",
        )),
        _ => Ok(()),
    }
}

fn now() -> UnixTime {
    let seconds = OffsetDateTime::now_utc().unix_timestamp();
    UnixTime::since_unix_epoch(Duration::from_secs(seconds.try_into().unwrap_or(0)))
}
