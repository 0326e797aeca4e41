//! Portals that let in whom they should not, keep out whom they should let in, or say something else
//! than is so.

use cns_fixtures::DEFAULT_PROFILE;
use rustls::{AlertDescription, SignatureScheme};
use serde_json::{Value, json};

use super::{Mutant, PortalSeam};
use crate::login::TlsVersion;
use crate::portal::{Asked, Coming, End, Forgery, Papers, Response, Visited};
use PortalSeam::{AsksTwice, Hears, Remembers, Shows, Takes};

type MutantPortal = Mutant<PortalSeam>;

#[rustfmt::skip]
pub(super) const MUTANTS: &[MutantPortal] = &[
    // Whom it lets in.
    mutant("portal.takes-wrong-bit-tls12", "In TLS 1.2 a signature with one wrong bit is a proof.", &[Takes(|who| {
        if who.version == TlsVersion::Tls12 && who.forgery == Forgery::OneBit { *who = in_order(who.version); }
    })]),
    mutant("portal.takes-wrong-bit-tls13", "In TLS 1.3 a signature with one wrong bit is a proof.", &[Takes(|who| {
        if who.version == TlsVersion::Tls13 && who.forgery == Forgery::OneBit { *who = in_order(who.version); }
    })]),
    mutant("portal.takes-other-message", "A signature of another handshake is a proof.", &[Takes(|who| {
        if who.forgery == Forgery::OtherMessage { *who = in_order(who.version); }
    })]),
    mutant("portal.takes-zeros", "A signature of zeros is a proof.", &[Takes(|who| {
        if who.forgery == Forgery::Zeros { *who = in_order(who.version); }
    })]),
    mutant("portal.takes-other-scheme", "A signature in another scheme than it says is a proof.", &[Takes(|who| {
        if let Forgery::OtherScheme(_) = who.forgery { *who = in_order(who.version); }
    })]),
    mutant("portal.takes-pkcs1-in-tls13", "RSA PKCS #1 v1.5 is a proof in TLS 1.3.", &[Takes(|who| {
        if who.version == TlsVersion::Tls13 && is_pkcs1(who.scheme) { *who = in_order(who.version); }
    })]),
    mutant("portal.another-alert", "A wrong proof is answered with the alert internal_error.", &[Shows(|who, _, visit| {
        if who.forgery != Forgery::None { visit.end = End::Refused(Some(AlertDescription::InternalError)); }
    })]),
    mutant("portal.resumes-tls12", "A session of TLS 1.2 is resumed.", &[Shows(|who, _, visit| {
        if who.version == TlsVersion::Tls12 { visit.is_full = false; }
    })]),
    mutant("portal.resumes-tls13", "A session of TLS 1.3 is resumed.", &[Shows(|who, _, visit| {
        if who.version == TlsVersion::Tls13 { visit.is_full = false; }
    })]),
    mutant("portal.remembers", "Who has logged in once needs the card no more.", &[Remembers]),
    mutant("portal.asks-twice", "A login takes two handshakes, and two signatures.", &[AsksTwice]),
    mutant("portal.takes-stranger", "A certificate of any certifier is a login.", &[Takes(|who| papers(who, Papers::Zoo("cert.unlisted-certifier")))]),
    mutant("portal.takes-namesake", "The certifier is known by its name alone.", &[Takes(|who| papers(who, Papers::Zoo("cert.namesake-certifier")))]),
    mutant("portal.takes-expired", "The end of validity is not looked at.", &[Takes(|who| papers(who, Papers::Zoo("cert.expired")))]),
    mutant("portal.takes-not-yet-valid", "The beginning of validity is not looked at.", &[Takes(|who| papers(who, Papers::Zoo("cert.not-yet-valid")))]),
    mutant("portal.takes-no-policy", "A certificate without any policy is a login.", &[Takes(|who| papers(who, Papers::Zoo("cert.no-policy")))]),
    mutant("portal.takes-cie-policy", "The policy of the CIE is taken for that of the CNS.", &[Takes(|who| papers(who, Papers::Zoo("cert.cie-policy")))]),
    mutant("portal.takes-signature-certificate", "A certificate for signatures that bind is a login.", &[Takes(|who| papers(who, Papers::Zoo("cert.signature-certificate")))]),
    mutant("portal.takes-both-usages", "A certificate for logins and binding signatures is a login.", &[Takes(|who| papers(who, Papers::Zoo("cert.both-usages")))]),
    mutant("portal.takes-no-client-auth", "The extended key usage is not looked at.", &[Takes(|who| papers(who, Papers::Zoo("cert.mail-only")))]),
    mutant("portal.takes-wrong-codice-fiscale", "The check character is not looked at.", &[Takes(|who| papers(who, Papers::Zoo("cert.wrong-check-character")))]),
    mutant("portal.takes-plain-name", "A common name that is only a name is a login.", &[Takes(|who| papers(who, Papers::Zoo("cert.plain-name")))]),
    mutant("portal.refuses-lombardy", "The policy of Lombardy is taken for none.", &[Takes(|who| {
        if who.papers == Some(Papers::Zoo("cert.lombardy-siss")) { who.papers = Some(Papers::Zoo("cert.no-policy")); }
    })]),
    mutant("portal.takes-valid-after-2050", "Dates from 2050 on are taken for those of a hundred years before.", &[Takes(|who| papers(who, Papers::Zoo("cert.valid-after-2050")))]),
    mutant("portal.takes-little-certifier", "A card that says that it is a certifier is a login.", &[Takes(|who| papers(who, Papers::Zoo("cert.calls-itself-certifier")))]),
    mutant("portal.takes-repeated-extension", "Of two extensions of one type the first counts.", &[Takes(|who| papers(who, Papers::Zoo("cert.repeated-extension")))]),
    mutant("portal.takes-lookalike-policy", "The policy is found by a pattern whose dots are any character.", &[Takes(|who| papers(who, Papers::Zoo("cert.lookalike-policy")))]),
    mutant("portal.takes-any-purpose", "anyExtendedKeyUsage is taken for clientAuth.", &[Takes(|who| papers(who, Papers::Zoo("cert.any-purpose")))]),
    mutant("portal.takes-two-names", "Of two common names the first counts.", &[Takes(|who| papers(who, Papers::Zoo("cert.two-common-names")))]),
    mutant("portal.takes-key-of-another", "Whose key signed is not looked at.", &[Takes(|who| papers(who, Papers::Zoo("cert.key-of-another")))]),
    mutant("portal.refuses-omocodia", "A codice fiscale with letters for digits is taken for a wrong one.", &[Takes(|who| {
        if who.papers == Some(Papers::Zoo("cert.omocodia")) { who.papers = Some(Papers::Zoo("cert.wrong-check-character")); }
    })]),
    mutant("portal.hangs-up-on-odd-serial", "A serial number of 21 bytes ends the connection without a word.", &[Shows(|who, _, visit| {
        if who.papers == Some(Papers::Zoo("cert.serial-of-21-bytes")) { visit.end = End::Refused(None); }
    })]),
    of_profile("cns10-siemens", "portal.takes-short-key", "A key of 1024 bits is a login.", &[Shows(|who, _, visit| {
        if who.papers.is_some() { answer(visit, 200, json!({ "outcome": "logged_in" })); }
    })]),
    mutant("portal.trusts-headers", "A header of a proxy is a login.", &[Shows(|_, request, visit| {
        if request.contains("X-SSL-Client-Verify: SUCCESS") { status(visit, 200); }
    })]),

    // Whom it keeps out.
    mutant("portal.no-tls12-pkcs1-sha256", "rsa_pkcs1_sha256 is refused.", &[Shows(|who, _, visit| refuse_scheme(who, visit, TlsVersion::Tls12, SignatureScheme::RSA_PKCS1_SHA256))]),
    mutant("portal.no-tls12-pkcs1-sha384", "rsa_pkcs1_sha384 is refused.", &[Shows(|who, _, visit| refuse_scheme(who, visit, TlsVersion::Tls12, SignatureScheme::RSA_PKCS1_SHA384))]),
    mutant("portal.no-tls12-pkcs1-sha512", "rsa_pkcs1_sha512 is refused.", &[Shows(|who, _, visit| refuse_scheme(who, visit, TlsVersion::Tls12, SignatureScheme::RSA_PKCS1_SHA512))]),
    mutant("portal.no-tls12-pss-sha256", "rsa_pss_rsae_sha256 is refused in TLS 1.2.", &[Shows(|who, _, visit| refuse_scheme(who, visit, TlsVersion::Tls12, SignatureScheme::RSA_PSS_SHA256))]),
    mutant("portal.no-tls12-pss-sha512", "rsa_pss_rsae_sha512 is refused in TLS 1.2.", &[Shows(|who, _, visit| refuse_scheme(who, visit, TlsVersion::Tls12, SignatureScheme::RSA_PSS_SHA512))]),
    mutant("portal.no-tls13-pss-sha256", "rsa_pss_rsae_sha256 is refused in TLS 1.3.", &[Shows(|who, _, visit| refuse_scheme(who, visit, TlsVersion::Tls13, SignatureScheme::RSA_PSS_SHA256))]),
    mutant("portal.no-tls13-pss-sha384", "rsa_pss_rsae_sha384 is refused in TLS 1.3.", &[Shows(|who, _, visit| refuse_scheme(who, visit, TlsVersion::Tls13, SignatureScheme::RSA_PSS_SHA384))]),
    mutant("portal.no-tls13-pss-sha512", "rsa_pss_rsae_sha512 is refused in TLS 1.3.", &[Shows(|who, _, visit| refuse_scheme(who, visit, TlsVersion::Tls13, SignatureScheme::RSA_PSS_SHA512))]),
    mutant("portal.hangs-up-on-nobody", "Who sends no certificate is hung up on.", &[Shows(|who, _, visit| {
        if who.papers.is_none() { visit.end = End::Refused(None); }
    })]),

    // What it asks for.
    mutant("portal.asks-nothing-tls12", "In TLS 1.2 no certificate is asked for.", &[Shows(|who, _, visit| {
        if who.version == TlsVersion::Tls12 { visit.asked = None; }
    })]),
    mutant("portal.asks-nothing-tls13", "In TLS 1.3 no certificate is asked for.", &[Shows(|who, _, visit| {
        if who.version == TlsVersion::Tls13 { visit.asked = None; }
    })]),
    mutant("portal.welcomes-no-pss", "RSA-PSS is not welcome.", &[Shows(|_, _, visit| asked(visit, |it| it.schemes.retain(|one| is_pkcs1(*one))))]),
    mutant("portal.welcomes-no-pkcs1", "RSA PKCS #1 v1.5 is not welcome.", &[Shows(|_, _, visit| asked(visit, |it| it.schemes.retain(|one| !is_pkcs1(*one))))]),
    mutant("portal.welcomes-sha1", "SHA-1 is welcome.", &[Shows(|_, _, visit| asked(visit, |it| it.schemes.push(SignatureScheme::RSA_PKCS1_SHA1)))]),
    mutant("portal.names-nobody", "No certifier is named.", &[Shows(|_, _, visit| asked(visit, |it| it.hints.clear()))]),
    mutant("portal.names-no-names", "Certifiers are named by what is no name.", &[Shows(|_, _, visit| asked(visit, |it| it.hints = vec![b"COLLAUDO".to_vec()]))]),

    // Who it is.
    mutant("portal.unsigned", "Its certificate is not what its certifier signed.", &[Shows(|_, _, visit| {
        if let Some(last) = visit.server.first_mut().and_then(|der| der.last_mut()) { *last ^= 0x01; }
    })]),
    mutant("portal.long-expired", "Its certificate is of another century.", &[Shows(|_, _, visit| visit.server.iter_mut().for_each(|der| long_expired(der)))]),
    mutant("portal.no-tls12", "It does not speak TLS 1.2.", &[Shows(|who, _, visit| refuse_version(who, visit, TlsVersion::Tls12))]),
    mutant("portal.no-tls13", "It does not speak TLS 1.3.", &[Shows(|who, _, visit| refuse_version(who, visit, TlsVersion::Tls13))]),
    mutant("portal.guesses-server-name", "It reports a name that nobody said.", &[Shows(|who, _, visit| {
        if !who.sends_server_name { say(visit, "/tls/server_name", json!("portale.test")); }
    })]),
    mutant("portal.no-alpn", "ALPN agrees on nothing.", &[Shows(|_, _, visit| visit.alpn = None)]),
    mutant("portal.speaks-smtp", "Whatever protocol a client speaks is served.", &[Takes(|who| {
        if who.alpn == ["smtp"] { who.alpn = &["http/1.1"]; }
    })]),

    // What it reports.
    mutant("portal.another-codice-fiscale", "It reports somebody else.", &[Shows(|_, _, visit| say(visit, "/citizen/codice_fiscale", json!("RSSMRA85C55M901I")))]),
    mutant("portal.another-card", "It reports the number of another card.", &[Shows(|_, _, visit| say(visit, "/citizen/card_number", json!("6030000000000001")))]),
    mutant("portal.name-backwards", "It takes the surname for the given name.", &[Shows(|_, _, visit| say(visit, "/citizen/given_name", json!("ROSSI")))]),
    mutant("portal.another-certificate", "It reports another certificate.", &[Shows(|_, _, visit| say(visit, "/certificate/sha256", json!("00")))]),
    mutant("portal.another-version", "It reports TLS 1.2, whatever it was.", &[Shows(|_, _, visit| say(visit, "/tls/version", json!("TLSv1.2")))]),
    mutant("portal.no-advice", "It says nothing of what to try without a certificate.", &[Shows(|_, _, visit| say(visit, "/advice", json!([])))]),
    mutant("portal.another-reason", "It names another check than the one that failed.", &[Shows(|_, _, visit| say(visit, "/reasons", json!([{ "id": "other" }])))]),

    // How it says so.
    mutant("portal.plain-text", "The verdict is said to be plain text.", &[Shows(|_, _, visit| set_header(visit, "content-type", "text/plain"))]),
    mutant("portal.no-challenge", "A 401 comes without WWW-Authenticate.", &[Shows(|_, _, visit| set_header(visit, "www-authenticate", ""))]),
    mutant("portal.kept", "What it says may be kept.", &[Shows(|_, _, visit| set_header(visit, "cache-control", "max-age=60"))]),
    mutant("portal.head-with-body", "HEAD is answered with a body.", &[Hears("HEAD ", "GET ")]),
    mutant("portal.takes-any-method", "Whatever the method, it is taken for GET.", &[Hears("DELETE ", "GET ")]),
    mutant("portal.any-page", "Every page is there.", &[Hears("/api/login/../../etc", "/api/login")]),
    mutant("portal.unwell", "It does not say that it is well.", &[Hears("/healthz", "/health")]),
];

const fn in_order(version: TlsVersion) -> Coming {
    Coming::with_card(version)
}

fn papers(who: &mut Coming, wrong: Papers) {
    if who.papers == Some(wrong) {
        who.papers = Some(Papers::OnCard);
    }
}

fn is_pkcs1(scheme: SignatureScheme) -> bool {
    matches!(
        scheme,
        SignatureScheme::RSA_PKCS1_SHA256
            | SignatureScheme::RSA_PKCS1_SHA384
            | SignatureScheme::RSA_PKCS1_SHA512
    )
}

fn refuse_scheme(who: &Coming, visit: &mut Visited, version: TlsVersion, scheme: SignatureScheme) {
    if who.papers.is_some() && who.version == version && who.scheme == scheme {
        visit.end = End::Refused(Some(AlertDescription::HandshakeFailure));
    }
}

fn refuse_version(who: &Coming, visit: &mut Visited, version: TlsVersion) {
    if who.version == version {
        visit.end = End::Refused(Some(AlertDescription::ProtocolVersion));
    }
}

fn asked(visit: &mut Visited, edit: impl FnOnce(&mut Asked)) {
    if let Some(asked) = &mut visit.asked {
        edit(asked);
    }
}

/// The dates of a certificate are UTCTime, `YYMMDDhhmmssZ`: 1980 in both places.
fn long_expired(der: &mut [u8]) {
    const UTC_TIME: [u8; 2] = [0x17, 0x0D];
    let places: Vec<usize> = der
        .windows(2)
        .enumerate()
        .filter(|(_, two)| *two == UTC_TIME)
        .map(|(place, _)| place + 2)
        .collect();
    for place in places {
        if let Some([tens, ones]) = der.get_mut(place..place + 2) {
            (*tens, *ones) = (b'8', b'0');
        }
    }
}

fn response(visit: &mut Visited) -> Option<&mut Response> {
    match &mut visit.end {
        End::Answered(response) => Some(response),
        End::Refused(_) => None,
    }
}

fn status(visit: &mut Visited, status: u16) {
    if let Some(response) = response(visit) {
        response.status = status;
    }
}

fn answer(visit: &mut Visited, status: u16, report: Value) {
    visit.end = End::Answered(Response {
        status,
        headers: Vec::new(),
        body: report.to_string().into_bytes(),
    });
}

/// Without a value the header is left out.
fn set_header(visit: &mut Visited, name: &str, value: &str) {
    let Some(response) = response(visit) else {
        return;
    };
    response.headers.retain(|(own, _)| own != name);
    if !value.is_empty() {
        response.headers.push((name.to_owned(), value.to_owned()));
    }
}

/// Says something else in a place of the report that is there.
fn say(visit: &mut Visited, place: &str, value: Value) {
    let Some(response) = response(visit) else {
        return;
    };
    let Ok(mut report) = serde_json::from_slice::<Value>(&response.body) else {
        return;
    };
    if let Some(seen) = report.pointer_mut(place) {
        *seen = value;
        response.body = report.to_string().into_bytes();
    }
}

const fn mutant(
    id: &'static str,
    wrong: &'static str,
    seams: &'static [PortalSeam],
) -> MutantPortal {
    of_profile(DEFAULT_PROFILE, id, wrong, seams)
}

const fn of_profile(
    profile: &'static str,
    id: &'static str,
    wrong: &'static str,
    seams: &'static [PortalSeam],
) -> MutantPortal {
    Mutant {
        id,
        wrong,
        profile,
        seams,
    }
}
