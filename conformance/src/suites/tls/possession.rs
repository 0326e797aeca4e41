//! The proof of possession: a certificate is public, and only the card has its key.

use rustls::{AlertDescription, SignatureScheme};

use super::LOGIN;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::login::TlsVersion;
use crate::portal::{Coming, Forgery, Portal, WHO_AM_I};
use crate::state::State;

const PROOF: &[Source] = &[
    read(Document::Tls12, "7.4.8"),
    read(Document::Tls13, "4.4.3"),
];

/// A proof that does not hold.
const fn forged(
    id: &'static str,
    requirement: &'static str,
    run: fn(&mut Portal) -> Verdict,
) -> Case<Portal> {
    Case {
        id,
        requirement,
        sources: PROOF,
        level: Level::Must,
        needs: LOGIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run,
    }
}

pub(super) const CASES: &[Case<Portal>] = &[
    forged(
        "tls.possession.one-bit-in-tls12",
        "A signature with one wrong bit ends the handshake of TLS 1.2.",
        |portal| fails(portal, TlsVersion::Tls12, Forgery::OneBit),
    ),
    forged(
        "tls.possession.one-bit-in-tls13",
        "A signature with one wrong bit ends the handshake of TLS 1.3.",
        |portal| fails(portal, TlsVersion::Tls13, Forgery::OneBit),
    ),
    forged(
        "tls.possession.other-message",
        "A signature of another handshake ends this one.",
        |portal| both(portal, Forgery::OtherMessage),
    ),
    forged(
        "tls.possession.zeros",
        "A signature of nothing but zeros ends the handshake.",
        |portal| both(portal, Forgery::Zeros),
    ),
    forged(
        "tls.possession.other-scheme",
        "A signature in another scheme than it says ends the handshake.",
        |portal| {
            both(
                portal,
                Forgery::OtherScheme(SignatureScheme::RSA_PSS_SHA512),
            )
        },
    ),
    forged(
        "tls.possession.no-pkcs1-in-tls13",
        "RSA PKCS #1 v1.5 proves nothing in TLS 1.3, however right it is.",
        |portal| {
            let coming = Coming {
                scheme: SignatureScheme::RSA_PKCS1_SHA256,
                ..Coming::with_card(TlsVersion::Tls13)
            };
            portal.visit(coming)?.refused().map(drop)
        },
    ),
    Case {
        id: "tls.possession.alert-says-so",
        requirement: "A signature that does not hold is answered with the alert decrypt_error.",
        sources: &[
            read(Document::Tls12, "7.2.2"),
            read(Document::Tls13, "4.4.3"),
        ],
        level: Level::Should,
        needs: LOGIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |portal| {
            for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
                let coming = Coming {
                    forgery: Forgery::OneBit,
                    ..Coming::with_card(version)
                };
                match portal.visit(coming)?.refused()? {
                    Some(AlertDescription::DecryptError) => {}
                    other => return Err(Stop::fail("decrypt_error", format!("{other:?}"))),
                }
            }
            Ok(())
        },
    },
    forged(
        "tls.possession.every-time-in-tls12",
        "In TLS 1.2 no session is resumed: a second visit needs the card again.",
        |portal| every_time(portal, TlsVersion::Tls12),
    ),
    forged(
        "tls.possession.every-time-in-tls13",
        "In TLS 1.3 no session is resumed: a second visit needs the card again.",
        |portal| every_time(portal, TlsVersion::Tls13),
    ),
    forged(
        "tls.possession.not-without-the-card",
        "When the card has been taken out of its reader, the next visit is no login, whatever the \
         client remembers.",
        |portal| {
            for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
                let client = portal.client(Coming::with_card(version))?;
                let request = portal.request("GET", WHO_AM_I, "");
                client
                    .visit(portal.address(), &request)?
                    .answer()?
                    .is(200)?;
                portal.take_card_away();
                match client.visit(portal.address(), &request) {
                    // The card was asked, and could not sign.
                    Err(Stop::Broken(_)) => {}
                    Err(stop) => return Err(stop),
                    Ok(visited) => {
                        visited.refused()?;
                    }
                }
                portal.put_card_back();
            }
            Ok(())
        },
    ),
];

fn fails(portal: &Portal, version: TlsVersion, forgery: Forgery) -> Verdict {
    let coming = Coming {
        forgery,
        ..Coming::with_card(version)
    };
    portal.visit(coming)?.refused().map(drop)
}

fn both(portal: &Portal, forgery: Forgery) -> Verdict {
    fails(portal, TlsVersion::Tls12, forgery)?;
    fails(portal, TlsVersion::Tls13, forgery)
}

fn every_time(portal: &Portal, version: TlsVersion) -> Verdict {
    let client = portal.client(Coming::with_card(version))?;
    let request = portal.request("GET", WHO_AM_I, "");
    for count in 1..=3 {
        let visited = client.visit(portal.address(), &request)?;
        if !visited.is_full {
            return Err(Stop::fail("a full handshake", "a session was resumed"));
        }
        visited.answer()?.is(200)?;
        if portal.signatures() != count {
            return Err(Stop::fail(
                format!("{count} signatures after {count} visits"),
                format!("{}", portal.signatures()),
            ));
        }
    }
    Ok(())
}
