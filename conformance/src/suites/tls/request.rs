//! The request for a certificate: CertificateRequest (RFC 5246 §7.4.4, RFC 8446 §4.3.2).
//!
//! ```text
//! TLS 1.2   certificate types | signature algorithms | names of certifiers
//! TLS 1.3   context | extensions: signature_algorithms, certificate_authorities, ...
//! ```

use rustls::SignatureScheme;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::portals;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, read};
use crate::login::TlsVersion;
use crate::portal::{Asked, Coming, Portal};
use crate::state::State;

pub(super) const CASES: &[Case<Portal>] = &[
    Case {
        id: "tls.request.comes-in-tls12",
        requirement: "In TLS 1.2 the portal asks for a certificate.",
        sources: &[read(Document::Tls12, "7.4.4")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| asked(portal, TlsVersion::Tls12).map(drop),
    },
    Case {
        id: "tls.request.comes-in-tls13",
        requirement: "In TLS 1.3 the portal asks for a certificate.",
        sources: &[read(Document::Tls13, "4.3.2")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| asked(portal, TlsVersion::Tls13).map(drop),
    },
    Case {
        id: "tls.request.welcomes-pss",
        requirement: "In TLS 1.3 the portal welcomes RSA-PSS, without which no card could log in.",
        sources: &[read(Document::Tls13, "4.2.3"), read(Document::Tls13, "9.1")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let asked = asked(portal, TlsVersion::Tls13)?;
            welcomes(&asked, SignatureScheme::RSA_PSS_SHA256)
        },
    },
    Case {
        id: "tls.request.welcomes-pkcs1",
        requirement: "In TLS 1.2 the portal welcomes RSA PKCS #1 v1.5, all that older middleware \
                      can do.",
        sources: &[
            portals("middleware without RSA-PSS"),
            read(Document::Tls12, "7.4.1.4.1"),
        ],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let asked = asked(portal, TlsVersion::Tls12)?;
            welcomes(&asked, SignatureScheme::RSA_PKCS1_SHA256)
        },
    },
    Case {
        id: "tls.request.welcomes-no-sha1",
        requirement: "The portal welcomes no signature with SHA-1.",
        sources: &[read(Document::Tls13, "4.2.3: SHA-1 is deprecated")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let asked = asked(portal, TlsVersion::Tls12)?;
            match asked.schemes.contains(&SignatureScheme::RSA_PKCS1_SHA1) {
                true => Err(Stop::fail(
                    "no rsa_pkcs1_sha1",
                    format!("{:?}", asked.schemes),
                )),
                false => Ok(()),
            }
        },
    },
    Case {
        id: "tls.request.names-its-certifiers",
        requirement: "The portal names the certifier of the card, byte for byte, so that browsers \
                      offer its certificate and no other.",
        sources: &[
            read(Document::Tls12, "7.4.4"),
            read(Document::Tls13, "4.2.4"),
        ],
        level: Level::Must,
        needs: &[Needs::OwnPortal],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let der = portal.authority().certificate_der().to_vec();
            let (_, authority) = X509Certificate::from_der(&der).map_err(Stop::broken)?;
            let name = authority.subject().as_raw();
            for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
                let hints = asked(portal, version)?.hints;
                if hints != [name] {
                    return Err(Stop::fail(
                        format!("the certifier's name alone, in TLS {}", version.number()),
                        format!("{} other names", hints.len()),
                    ));
                }
            }
            Ok(())
        },
    },
    Case {
        id: "tls.request.hints-are-names",
        requirement: "What the portal names its certifiers by are names, DER.",
        sources: &[
            read(Document::Tls12, "7.4.4"),
            read(Document::Tls13, "4.2.4"),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let hints = asked(portal, TlsVersion::Tls12)?.hints;
            for hint in &hints {
                let name = x509_parser::x509::X509Name::from_der(hint);
                if !name.is_ok_and(|(rest, _)| rest.is_empty()) {
                    return Err(Stop::fail("a name", cns_apdu::hex::encode(hint)));
                }
            }
            Ok(())
        },
    },
];

fn asked(portal: &Portal, version: TlsVersion) -> Result<Asked, Stop> {
    let asked = portal.visit(Coming::without_card(version))?.asked;
    asked.ok_or_else(|| Stop::fail("a request for a certificate", "none"))
}

fn welcomes(asked: &Asked, scheme: SignatureScheme) -> Verdict {
    match asked.schemes.contains(&scheme) {
        true => Ok(()),
        false => Err(Stop::fail(
            format!("{scheme:?}"),
            format!("{:?}", asked.schemes),
        )),
    }
}
