//! Logins: each way in which the card can prove its key (CertificateVerify, RFC 5246 §7.4.8 and
//! RFC 8446 §4.4.3).

use rustls::SignatureScheme;

use super::LOGIN;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::login::TlsVersion;
use crate::portal::{Coming, Portal};
use crate::state::State;

const TLS12: &[Source] = &[
    read(Document::Tls12, "7.4.8"),
    read(Document::Tls13, "4.2.3"),
];
const TLS13: &[Source] = &[
    read(Document::Tls13, "4.4.3"),
    read(Document::Tls13, "4.2.3"),
];

/// A login in this version of TLS with this signature.
const fn login(
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
    login(
        "tls.signs.tls12-pkcs1-sha256",
        "The card logs in over TLS 1.2 with rsa_pkcs1_sha256.",
        TLS12,
        |portal| logs_in(portal, TlsVersion::Tls12, SignatureScheme::RSA_PKCS1_SHA256),
    ),
    login(
        "tls.signs.tls12-pkcs1-sha384",
        "The card logs in over TLS 1.2 with rsa_pkcs1_sha384.",
        TLS12,
        |portal| logs_in(portal, TlsVersion::Tls12, SignatureScheme::RSA_PKCS1_SHA384),
    ),
    login(
        "tls.signs.tls12-pkcs1-sha512",
        "The card logs in over TLS 1.2 with rsa_pkcs1_sha512.",
        TLS12,
        |portal| logs_in(portal, TlsVersion::Tls12, SignatureScheme::RSA_PKCS1_SHA512),
    ),
    login(
        "tls.signs.tls12-pss-sha256",
        "The card logs in over TLS 1.2 with rsa_pss_rsae_sha256.",
        TLS12,
        |portal| logs_in(portal, TlsVersion::Tls12, SignatureScheme::RSA_PSS_SHA256),
    ),
    login(
        "tls.signs.tls12-pss-sha512",
        "The card logs in over TLS 1.2 with rsa_pss_rsae_sha512.",
        TLS12,
        |portal| logs_in(portal, TlsVersion::Tls12, SignatureScheme::RSA_PSS_SHA512),
    ),
    login(
        "tls.signs.tls13-pss-sha256",
        "The card logs in over TLS 1.3 with rsa_pss_rsae_sha256.",
        TLS13,
        |portal| logs_in(portal, TlsVersion::Tls13, SignatureScheme::RSA_PSS_SHA256),
    ),
    login(
        "tls.signs.tls13-pss-sha384",
        "The card logs in over TLS 1.3 with rsa_pss_rsae_sha384.",
        TLS13,
        |portal| logs_in(portal, TlsVersion::Tls13, SignatureScheme::RSA_PSS_SHA384),
    ),
    login(
        "tls.signs.tls13-pss-sha512",
        "The card logs in over TLS 1.3 with rsa_pss_rsae_sha512.",
        TLS13,
        |portal| logs_in(portal, TlsVersion::Tls13, SignatureScheme::RSA_PSS_SHA512),
    ),
    login(
        "tls.signs.every-scheme-that-is-welcome",
        "The card logs in with every RSA signature that the portal says is welcome, in the version \
         of TLS that it says so in.",
        TLS12,
        |portal| {
            for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
                let asked = portal.visit(Coming::without_card(version))?.asked;
                let asked = asked.ok_or_else(|| Stop::fail("a request", "none"))?;
                for scheme in asked.schemes {
                    if is_rsa(version, scheme) {
                        logs_in(portal, version, scheme)?;
                    }
                }
            }
            Ok(())
        },
    ),
    login(
        "tls.signs.once-a-login",
        "One login is one signature.",
        TLS13,
        |portal| {
            for (count, version) in [(1, TlsVersion::Tls12), (2, TlsVersion::Tls13)] {
                portal.answer(Coming::with_card(version))?.is(200)?;
                if portal.signatures() != count {
                    return Err(Stop::fail(
                        format!("{count} signatures"),
                        format!("{}", portal.signatures()),
                    ));
                }
            }
            Ok(())
        },
    ),
];

fn is_rsa(version: TlsVersion, scheme: SignatureScheme) -> bool {
    match scheme {
        SignatureScheme::RSA_PSS_SHA256
        | SignatureScheme::RSA_PSS_SHA384
        | SignatureScheme::RSA_PSS_SHA512 => true,
        SignatureScheme::RSA_PKCS1_SHA256
        | SignatureScheme::RSA_PKCS1_SHA384
        | SignatureScheme::RSA_PKCS1_SHA512 => version == TlsVersion::Tls12,
        _ => false,
    }
}

fn logs_in(portal: &Portal, version: TlsVersion, scheme: SignatureScheme) -> Verdict {
    let coming = Coming {
        scheme,
        ..Coming::with_card(version)
    };
    let response = portal.answer(coming)?;
    response.is(200)?;
    let report = response.json()?;
    let seen = report.get("outcome").and_then(serde_json::Value::as_str);
    match seen {
        Some("logged_in") => Ok(()),
        other => Err(Stop::fail("logged_in", format!("{other:?}"))),
    }
}
