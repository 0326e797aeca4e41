//! The OCSP responder, asked and judged by openssl.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cns_authority::ocsp::{
    NONCE_LENGTH_MAX, OcspHash, OcspRefusal, OcspRequest, OcspRequestError, OcspResponder,
    ResponderName,
};
use cns_authority::{CertificationAuthority, RevocationReason, SerialNumber, StatusRegister};
use proptest::prelude::*;
use support::{
    NOW, card, certifier, certifier_name, certifier_term, openssl, rsa_certifier, settings,
    stdout_of, validity,
};
use time::Duration;

const GOOD: u64 = 1;
const ON_HOLD: u64 = 2;
const STOLEN: u64 = 3;
const NEVER_ISSUED: u64 = 4;

fn register() -> StatusRegister {
    let mut register = StatusRegister::new();
    for serial in [GOOD, ON_HOLD, STOLEN] {
        register.enter(SerialNumber::from(serial)).unwrap();
    }
    let yesterday = NOW - Duration::DAY;
    register
        .hold(SerialNumber::from(ON_HOLD), yesterday)
        .unwrap();
    register
        .revoke(
            SerialNumber::from(STOLEN),
            RevocationReason::KeyCompromise,
            yesterday,
        )
        .unwrap();
    register
}

/// Has openssl ask about these certificates, with a nonce.
fn ask(folder: &Path, certifier: &CertificationAuthority, about: &str) -> Vec<u8> {
    fs::write(folder.join("ca.pem"), certifier.certificate_pem()).unwrap();
    stdout_of(openssl(
        folder,
        &format!("ocsp -issuer ca.pem {about} -reqout request.der"),
    ));
    fs::read(folder.join("request.der")).unwrap()
}

/// What openssl makes of a response to what it asked, and whether it believes it.
fn judge(folder: &Path, about: &str, response: &[u8]) -> (String, bool) {
    fs::write(folder.join("response.der"), response).unwrap();
    let response =
        "-respin response.der -CAfile ca.pem -attime 1767225600 -validity_period 315360000";
    // openssl prints statuses of certificates that it is told, and compares nonces with a request
    // that it is given: it does not do both in one run.
    let nonce = openssl(
        folder,
        &format!("ocsp -issuer ca.pem -reqin request.der -no_nonce {response}"),
    );
    let statuses = openssl(
        folder,
        &format!("ocsp -issuer ca.pem -no_nonce {about} {response}"),
    );
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let talk = text(nonce.stderr);
    let believed = nonce.status.success() && statuses.status.success();
    let good = believed && talk == "Response verify OK\n";
    (talk + &text(statuses.stdout) + &text(statuses.stderr), good)
}

/// The lines of a verdict that tell a status, which are those that are not indented.
fn statuses(verdict: &str) -> Vec<&str> {
    verdict
        .lines()
        .filter(|line| line.contains(": ") && !line.starts_with('\t'))
        .collect()
}

#[test]
fn openssl_believes_every_kind_of_responder() {
    for (certifier, hash) in [(certifier(), "-sha256"), (rsa_certifier(), "-sha1")] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let everybody: String = [GOOD, ON_HOLD, STOLEN, NEVER_ISSUED]
            .map(|serial| format!("{hash} -serial {serial} "))
            .concat();
        let delegate = certifier
            .issue_ocsp_signer(validity(), SerialNumber::from(99))
            .unwrap();
        for name in [ResponderName::Name, ResponderName::Key] {
            for delegated in [false, true] {
                let request = ask(folder, &certifier, &everybody);
                let mut responder = OcspResponder::new(&certifier)
                    .named_by(name)
                    .with_lifetime(Duration::DAY);
                if delegated {
                    responder = responder.delegated_to(&delegate);
                }
                let response = responder.respond(&request, &register(), NOW);
                let (verdict, good) = judge(folder, &everybody, &response);
                assert!(good, "{name:?}, delegated: {delegated}: {verdict}");
                assert_eq!(
                    statuses(&verdict),
                    ["1: good", "2: revoked", "3: revoked", "4: unknown"]
                );
                for detail in [
                    "Reason: certificateHold",
                    "Reason: keyCompromise",
                    "Revocation Time: Dec 31 00:00:00 2025 GMT",
                    "Next Update: Jan  2 00:00:00 2026 GMT",
                ] {
                    assert!(verdict.contains(detail), "no {detail}: {verdict}");
                }
            }
        }
    }
}

#[test]
fn a_response_reads_as_rfc_6960_says() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let about = "-sha1 -serial 3 -sha256 -serial 1";
    let request = ask(folder.path(), &certifier, about);
    let response = OcspResponder::new(&certifier)
        .named_by(ResponderName::Name)
        .with_lifetime(Duration::HOUR)
        .respond(&request, &register(), NOW);
    fs::write(folder.path().join("response.der"), response).unwrap();
    let text = stdout_of(openssl(
        folder.path(),
        "ocsp -respin response.der -noverify -resp_text",
    ));
    let mut settings = settings();
    // Nor is the nonce.
    settings.add_filter(r"Issuer Key Hash: [0-9A-F]+", "Issuer Key Hash: [hash]");
    settings.add_filter(r"(?m)^(\s+)0410[0-9A-F]{32}$", "$1[nonce]");
    settings.bind(|| insta::assert_snapshot!(text));
}

#[test]
fn a_certifier_of_the_same_name_is_not_taken_for_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let namesake = CertificationAuthority::new(&certifier_name(), certifier_term()).unwrap();
    let request = ask(folder.path(), &namesake, "-serial 1");
    let responder = OcspResponder::new(&certifier);
    let read = OcspRequest::parse(&request).unwrap();
    let data = responder.data(&read, &register(), NOW).unwrap();
    assert_eq!(data.responses[0].status, None);

    // Nor is what it signs believed of the other.
    let response = responder.respond(&request, &register(), NOW);
    let (verdict, good) = judge(folder.path(), "-serial 1", &response);
    assert!(!good, "{verdict}");
}

#[test]
fn a_delegate_without_the_right_to_answer_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let stranger = card(&certifier, SerialNumber::from(GOOD), folder.path());
    let delegate = certifier
        .issue_ocsp_signer(validity(), SerialNumber::from(99))
        .unwrap()
        .with_certificate(stranger);
    let request = ask(folder.path(), &certifier, "-serial 1");
    let response = OcspResponder::new(&certifier)
        .delegated_to(&delegate)
        .respond(&request, &register(), NOW);
    let (verdict, good) = judge(folder.path(), "-serial 1", &response);
    assert!(!good, "{verdict}");
}

#[test]
fn openssl_understands_every_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let said = OcspRefusal::ALL.map(|refusal| {
        fs::write(folder.path().join("response.der"), refusal.to_der()).unwrap();
        let judged = openssl(folder.path(), "ocsp -respin response.der -noverify");
        String::from_utf8([judged.stdout, judged.stderr].concat()).unwrap()
    });
    assert_eq!(
        said,
        [
            "Responder Error: malformedrequest (1)\n",
            "Responder Error: internalerror (2)\n",
            "Responder Error: trylater (3)\n",
            "Responder Error: sigrequired (5)\n",
            "Responder Error: unauthorized (6)\n",
        ]
    );
}

#[test]
fn what_is_no_request_is_told_apart_and_refused() {
    let certifier = certifier();
    let good = OcspRequest {
        cert_ids: vec![
            certifier
                .cert_id(SerialNumber::from(GOOD), OcspHash::Sha256)
                .unwrap(),
        ],
        nonce: None,
        is_signed: false,
    };
    let with_nonce = |length: usize| OcspRequest {
        nonce: Some(vec![0x55; length]),
        ..good.clone()
    };
    assert_eq!(
        OcspRequest::parse(&with_nonce(NONCE_LENGTH_MAX).to_der()),
        Ok(with_nonce(NONCE_LENGTH_MAX))
    );
    let refused = |request: &OcspRequest| OcspRequest::parse(&request.to_der()).unwrap_err();
    assert_eq!(
        refused(&with_nonce(NONCE_LENGTH_MAX + 1)),
        OcspRequestError::NonceLength { seen: 129 }
    );
    assert_eq!(
        refused(&with_nonce(0)),
        OcspRequestError::NonceLength { seen: 0 }
    );
    let nothing = OcspRequest {
        cert_ids: Vec::new(),
        ..good.clone()
    };
    assert_eq!(refused(&nothing), OcspRequestError::Empty);
    assert_eq!(
        OcspRequestError::Empty.to_string(),
        "the OCSP request asks about no certificate"
    );

    let responder = OcspResponder::new(&certifier);
    let mut longer = good.to_der();
    longer.push(0);
    for bytes in [&b"GET / HTTP/1.1"[..], &[], &longer] {
        assert_eq!(
            responder.respond(bytes, &register(), NOW),
            OcspRefusal::MalformedRequest.to_der()
        );
    }
}

#[test]
fn the_path_of_a_get_is_read_escaped_or_not() {
    let folder = tempfile::tempdir().unwrap();
    // Some request has all three characters that need escaping, sooner or later.
    let (bytes, text) = (0..1000)
        .find_map(|serial| {
            let bytes = ask(folder.path(), &certifier(), &format!("-serial {serial}"));
            let text = STANDARD.encode(&bytes);
            text.contains(['+', '/']).then_some((bytes, text))
        })
        .unwrap();
    let request = OcspRequest::parse(&bytes).unwrap();
    let escaped = text
        .replace('+', "%2B")
        .replace('/', "%2f")
        .replace('=', "%3D");
    for path in [text.clone(), format!("/{text}"), escaped] {
        assert_eq!(OcspRequest::parse_path(&path), Ok(request.clone()));
    }
    for path in ["", "%", "%4", "%zz", "è", "%C3"] {
        assert!(OcspRequest::parse_path(path).is_err(), "{path}");
    }
}

#[test]
fn a_signed_request_is_answered_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let path = folder.path();
    stdout_of(openssl(
        path,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out \
         client.pem -subj /CN=Portale -days 1",
    ));
    let request = ask(
        path,
        &certifier,
        "-signer client.pem -signkey client.key -serial 1",
    );
    assert!(OcspRequest::parse(&request).unwrap().is_signed);
    let response = OcspResponder::new(&certifier).respond(&request, &register(), NOW);
    let (verdict, good) = judge(path, "-serial 1", &response);
    assert!(good, "{verdict}");
    assert_eq!(statuses(&verdict), ["1: good"]);
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = OcspRequest::parse(&bytes);
    }

    /// Bytes that are almost a request come further into the parser than any bytes do.
    #[test]
    fn a_damaged_request_is_answered(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = request().to_der();
        *place.get_mut(&mut bytes) = byte;
        if let Ok(read) = OcspRequest::parse(&bytes) {
            prop_assert!(!read.cert_ids.is_empty());
        }
    }

    #[test]
    fn any_path_is_answered(path in "\\PC*") {
        let _ = OcspRequest::parse_path(&path);
    }
}

/// A request with everything that one can have, about two certificates.
fn request() -> OcspRequest {
    let certifier = certifier();
    let about = |hash| certifier.cert_id(SerialNumber::from(GOOD), hash).unwrap();
    OcspRequest {
        cert_ids: vec![about(OcspHash::Sha1), about(OcspHash::Sha256)],
        nonce: Some(vec![0x04, 0x02, 0xAB, 0xCD]),
        is_signed: false,
    }
}
