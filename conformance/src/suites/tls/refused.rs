//! Certificates that are no login, although the client owns their key.

use serde_json::Value;

use super::{LOGIN, certificate};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::login::TlsVersion;
use crate::portal::{Coming, End, Papers, Portal};
use crate::state::State;

const PATH: &[Source] = &[read(Document::X509, "6.1")];
const TIME: &[Source] = &[read(Document::X509, "4.1.2.5")];
const POLICY: &[Source] = &[
    certificate("certificate policies"),
    read(Document::X509, "4.2.1.4"),
];
const USAGE: &[Source] = &[certificate("key usage"), read(Document::X509, "4.2.1.3")];
const PURPOSE: &[Source] = &[
    certificate("extended key usage"),
    read(Document::X509, "4.2.1.12"),
];
const NAME: &[Source] = &[certificate("subject, common name")];

/// A certificate that the portal refuses, and says why.
const fn refuses(
    id: &'static str,
    requirement: &'static str,
    sources: &'static [Source],
    run: fn(&mut Portal) -> Verdict,
) -> Case<Portal> {
    Case {
        id,
        requirement,
        sources,
        level: Level::Must,
        needs: LOGIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run,
    }
}

pub(super) const CASES: &[Case<Portal>] = &[
    refuses(
        "tls.refused.unknown-certifier",
        "A certificate of a certifier that the portal does not know is refused: chain.trusted.",
        PATH,
        |portal| {
            refused(
                portal,
                Papers::Zoo("cert.unlisted-certifier"),
                "chain.trusted",
            )
        },
    ),
    refuses(
        "tls.refused.namesake-certifier",
        "A certificate of another certifier with the right name is refused: a name is no signature.",
        PATH,
        |portal| {
            refused(
                portal,
                Papers::Zoo("cert.namesake-certifier"),
                "chain.trusted",
            )
        },
    ),
    refuses(
        "tls.refused.expired",
        "A certificate that was valid until yesterday is refused: cert.time.",
        TIME,
        |portal| refused(portal, Papers::Zoo("cert.expired"), "cert.time"),
    ),
    refuses(
        "tls.refused.not-yet-valid",
        "A certificate that is valid from tomorrow on is refused: cert.time.",
        TIME,
        |portal| refused(portal, Papers::Zoo("cert.not-yet-valid"), "cert.time"),
    ),
    refuses(
        "tls.refused.without-policy",
        "A certificate without the policy of the CNS is refused: policy.cns_oid.",
        POLICY,
        |portal| refused(portal, Papers::Zoo("cert.no-policy"), "policy.cns_oid"),
    ),
    refuses(
        "tls.refused.policy-of-the-cie",
        "A certificate with the policy of the electronic identity card is refused: policy.cns_oid.",
        POLICY,
        |portal| refused(portal, Papers::Zoo("cert.cie-policy"), "policy.cns_oid"),
    ),
    refuses(
        "tls.refused.signature-certificate",
        "A certificate for signatures that bind is refused: ku.digital_signature.",
        USAGE,
        |portal| {
            refused(
                portal,
                Papers::Zoo("cert.signature-certificate"),
                "ku.digital_signature",
            )
        },
    ),
    refuses(
        "tls.refused.both-usages",
        "A certificate for logins and for signatures that bind is refused: ku.no_nonrepudiation.",
        USAGE,
        |portal| {
            refused(
                portal,
                Papers::Zoo("cert.both-usages"),
                "ku.no_nonrepudiation",
            )
        },
    ),
    refuses(
        "tls.refused.without-client-authentication",
        "A certificate without clientAuth is refused: eku.client_auth.",
        PURPOSE,
        |portal| refused(portal, Papers::Zoo("cert.mail-only"), "eku.client_auth"),
    ),
    refuses(
        "tls.refused.wrong-codice-fiscale",
        "A codice fiscale with a wrong check character is refused: cn.grammar.",
        NAME,
        |portal| {
            refused(
                portal,
                Papers::Zoo("cert.wrong-check-character"),
                "cn.grammar",
            )
        },
    ),
    refuses(
        "tls.refused.plain-name",
        "A common name that is only a name is refused: cn.grammar.",
        NAME,
        |portal| refused(portal, Papers::Zoo("cert.plain-name"), "cn.grammar"),
    ),
    refuses(
        "tls.refused.but-not-lombardy",
        "A certificate with the policy of the card of Lombardy, which is as good, is a login.",
        POLICY,
        |portal| {
            let coming = Coming {
                papers: Some(Papers::Zoo("cert.lombardy-siss")),
                ..Coming::with_card(TlsVersion::Tls13)
            };
            portal.answer(coming)?.is(200)
        },
    ),
    Case {
        id: "tls.refused.stranger",
        requirement: "A card of a certifier of the suite's own, which nobody else can know, does \
                      not get in: the handshake fails, or the answer is a refusal.",
        sources: PATH,
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |portal| {
            let coming = Coming {
                papers: Some(Papers::Zoo("cert.unlisted-certifier")),
                ..Coming::with_card(TlsVersion::Tls12)
            };
            let request = portal.request("GET", "/", "");
            match portal.ask(coming, &request)?.end {
                End::Refused(_) => Ok(()),
                End::Answered(response) if !matches!(response.status, 200..=299) => Ok(()),
                End::Answered(response) => Err(Stop::fail(
                    "a refusal",
                    format!("status {}", response.status),
                )),
            }
        },
    },
    Case {
        id: "tls.refused.nobody",
        requirement: "Without a certificate there is an answer or an alert, and no silence.",
        sources: &[
            read(Document::Tls12, "7.4.6"),
            read(Document::Tls13, "4.4.2.4"),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
                let request = portal.request("GET", "/", "");
                let visited = portal.ask(Coming::without_card(version), &request)?;
                if let End::Refused(None) = visited.end {
                    return Err(Stop::fail(
                        "an answer or an alert",
                        "the connection was closed",
                    ));
                }
            }
            Ok(())
        },
    },
    Case {
        id: "tls.refused.short-key",
        requirement: "A card with an RSA key of 1024 bits does not log in.",
        sources: &[super::portals(
            "OpenSSL's security level 2: 2048 bits at least",
        )],
        level: Level::Should,
        needs: &[
            Needs::OwnPortal,
            Needs::KeySize(cns_fixtures::KeySize::Rsa1024),
        ],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |portal| {
            let visited = portal.visit(Coming::with_card(TlsVersion::Tls12))?;
            visited.refused().map(drop)
        },
    },
];

/// The portal answers 403 in both versions of TLS, names the check that failed, and knows nobody.
fn refused(portal: &Portal, papers: Papers, check: &str) -> Verdict {
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        let coming = Coming {
            papers: Some(papers),
            ..Coming::with_card(version)
        };
        let response = portal.answer(coming)?;
        response.is(403)?;
        let report = response.json()?;
        let reasons = report.pointer("/reasons").and_then(Value::as_array);
        let names = |reason: &Value| reason.get("id").and_then(Value::as_str) == Some(check);
        if !reasons.is_some_and(|all| all.iter().any(names)) {
            return Err(Stop::fail(check, format!("{reasons:?}")));
        }
        if report.pointer("/citizen") != Some(&Value::Null) {
            return Err(Stop::fail("no citizen", report.to_string()));
        }
    }
    Ok(())
}
