//! The certificates that a test certifier issues, read back and judged by other programs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::fs;

use cns_authority::forge::CertificateParts;
use cns_authority::{
    CNS_POLICY, CertificationAuthority, CertifierError, CertifierName, CnsSubject, RevocationUrls,
    SerialNumber,
};
use support::{
    NOW, certifier, certifier_term, openssl, rsa_certifier, rsa_public_key, settings, stdout_of,
    subject, validity,
};
use time::{Duration, OffsetDateTime};
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate, X509Version};

#[test]
fn openssl_accepts_a_card_certificate_for_client_authentication() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let spki = rsa_public_key(folder.path(), 2048);
    let card = certifier
        .issue_cns(&subject(), &spki, validity(), SerialNumber::from(4660))
        .unwrap();
    fs::write(folder.path().join("ca.pem"), certifier.certificate_pem()).unwrap();
    fs::write(folder.path().join("card.der"), &card).unwrap();

    let verify = "verify -CAfile ca.pem -purpose sslclient -policy 1.3.76.16.2.1 -explicit_policy \
                  -x509_strict -attime 1767225600 card.der";
    let judged = stdout_of(openssl(folder.path(), verify));
    assert_eq!(judged.trim(), "card.der: OK");

    let other = verify.replace("1.3.76.16.2.1", "1.3.76.47.4");
    assert!(
        !openssl(folder.path(), &other).status.success(),
        "the policy of another card passed"
    );
}

#[test]
fn a_signature_certificate_binds_its_holder_and_opens_no_portal() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let spki = rsa_public_key(folder.path(), 2048);
    let der = certifier
        .issue_signature(&subject(), &spki, validity(), SerialNumber::from(4661))
        .unwrap();
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    assert_eq!(
        certificate.subject().to_string(),
        "C=IT, givenName=NICCOLÒ, surname=D'AMICO, serialNumber=TINIT-DMCNCL80A01F205S, CN=NICCOLÒ D'AMICO"
    );
    let usage = certificate.key_usage().unwrap().unwrap().value;
    assert_eq!(usage.to_string(), "Non Repudiation");
    assert_eq!(certificate.extended_key_usage().unwrap(), None);

    fs::write(folder.path().join("ca.pem"), certifier.certificate_pem()).unwrap();
    fs::write(folder.path().join("signature.der"), &der).unwrap();
    let verify = "verify -CAfile ca.pem -x509_strict -attime 1767225600 -purpose";
    let judged =
        |purpose: &str| openssl(folder.path(), &format!("{verify} {purpose} signature.der"));
    let any = judged("any");
    assert!(any.status.success(), "{any:?}");
    assert!(!judged("sslclient").status.success());
}

#[test]
fn a_card_certificate_reads_as_the_profile_says() {
    let folder = tempfile::tempdir().unwrap();
    let urls = RevocationUrls {
        crl: vec!["http://pki.collaudo.example/crl".to_owned()],
        ocsp: Some("http://pki.collaudo.example/ocsp".to_owned()),
        ca_issuers: Some("http://pki.collaudo.example/ca.cer".to_owned()),
    };
    let spki = rsa_public_key(folder.path(), 2048);
    let card = certifier()
        .with_revocation_urls(urls)
        .issue_cns(&subject(), &spki, validity(), SerialNumber::from(4660))
        .unwrap();
    fs::write(folder.path().join("card.der"), card).unwrap();
    let text = stdout_of(openssl(
        folder.path(),
        "x509 -in card.der -noout -text -nameopt sep_multiline,utf8,show_type,lname",
    ));

    let settings = settings();
    settings.bind(|| insta::assert_snapshot!(text));
}

#[test]
fn every_field_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let spki = rsa_public_key(folder.path(), 1024);
    let serial = SerialNumber::random().unwrap();
    let der = certifier
        .issue_cns(&subject(), &spki, validity(), serial)
        .unwrap();
    let (rest, card) = X509Certificate::from_der(&der).unwrap();
    let (_, authority) = X509Certificate::from_der(certifier.certificate_der()).unwrap();

    assert!(rest.is_empty());
    assert_eq!(card.version(), X509Version::V3);
    assert_eq!(card.raw_serial(), serial.to_bytes());
    assert_eq!(card.issuer(), authority.subject());
    assert_eq!(card.public_key().raw, spki);
    assert_eq!(
        card.validity().not_before.to_datetime(),
        validity().not_before()
    );
    assert_eq!(
        card.validity().not_after.to_datetime(),
        validity().not_after()
    );
    let name = card
        .subject()
        .iter_common_name()
        .next()
        .unwrap()
        .as_str()
        .unwrap();
    assert_eq!(name.parse(), Ok(subject().common_name));

    let usage = card.key_usage().unwrap().unwrap();
    assert!(usage.critical && usage.value.digital_signature() && !usage.value.non_repudiation());
    let purpose = card.extended_key_usage().unwrap().unwrap().value;
    assert!(purpose.client_auth && !purpose.server_auth && !purpose.any);
    let policies = card
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::CertificatePolicies(policies) => Some(policies),
            _ => None,
        })
        .unwrap();
    let policies: Vec<_> = policies
        .iter()
        .map(|policy| policy.policy_id.to_string())
        .collect();
    assert_eq!(policies, [CNS_POLICY, "1.3.6.1.4.1.32473.1.1"]);
}

#[test]
fn openssl_accepts_a_server_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let server = certifier
        .issue_server(&["cns.test", "127.0.0.1"], validity())
        .unwrap();
    fs::write(folder.path().join("ca.pem"), certifier.certificate_pem()).unwrap();
    fs::write(
        folder.path().join("server.der"),
        &server.certificate_chain_der[0],
    )
    .unwrap();
    for name in ["-verify_hostname cns.test", "-verify_ip 127.0.0.1"] {
        let judged = stdout_of(openssl(
            folder.path(),
            &format!(
                "verify -CAfile ca.pem -purpose sslserver {name} -x509_strict -attime 1767225600 \
                 server.der"
            ),
        ));
        assert_eq!(judged.trim(), "server.der: OK");
    }
}

#[test]
fn a_kept_certifier_issues_under_the_same_name_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let pair = certifier.to_pem_pair();
    let kept =
        CertificationAuthority::from_pem_pair(&pair.certificate, &pair.private_key, NOW).unwrap();
    assert_eq!(kept.certificate_der(), certifier.certificate_der());

    let spki = rsa_public_key(folder.path(), 2048);
    let card = kept
        .issue_cns(&subject(), &spki, validity(), SerialNumber::from(1))
        .unwrap();
    fs::write(folder.path().join("ca.pem"), certifier.certificate_pem()).unwrap();
    fs::write(folder.path().join("card.der"), &card).unwrap();
    stdout_of(openssl(
        folder.path(),
        "verify -CAfile ca.pem -purpose sslclient -x509_strict -attime 1767225600 card.der",
    ));
    let (_, card) = X509Certificate::from_der(&card).unwrap();
    let organization = card
        .subject()
        .iter_organization()
        .next()
        .unwrap()
        .as_str()
        .unwrap();
    assert_eq!(organization, "Certificatore di Collaudo S.p.A.");
}

#[test]
fn a_renewed_certifier_is_the_same_to_whoever_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let spki = rsa_public_key(folder.path(), 2048);
    let later = NOW + Duration::days(365);
    for old in [certifier(), rsa_certifier()] {
        let card = old
            .issue_cns(&subject(), &spki, validity(), SerialNumber::from(1))
            .unwrap();
        let new = old.renewed(later).unwrap();
        assert!(old.is_due(later) && !new.is_due(later));
        assert!(old.is_owner_of(new.certificate_der()));
        assert!(!old.is_owner_of(certifier().certificate_der()));
        fs::write(folder.path().join("card.der"), &card).unwrap();
        fs::write(folder.path().join("old.pem"), old.certificate_pem()).unwrap();
        fs::write(folder.path().join("new.pem"), new.certificate_pem()).unwrap();
        let verify = |ca: &str| {
            let attime = later.unix_timestamp();
            let command = format!(
                "verify -CAfile {ca} -purpose sslclient -x509_strict -attime {attime} card.der"
            );
            openssl(folder.path(), &command)
        };
        assert_eq!(stdout_of(verify("new.pem")).trim(), "card.der: OK");
        let talk = String::from_utf8(verify("old.pem").stderr).unwrap();
        assert!(talk.contains("certificate has expired"), "{talk}");

        // The rest is as it was: name, key, extensions.
        let parts = |it: &CertificationAuthority| {
            let parts = CertificateParts::read(it.certificate_der()).unwrap();
            CertificateParts {
                serial_number: Vec::new(),
                validity_der: Vec::new(),
                ..parts
            }
        };
        assert_eq!(parts(&new), parts(&old));
    }
}

#[test]
fn a_certifier_ends_with_the_run_and_nothing_of_a_server_outlives_it() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let server = certifier.issue_server(&["cns.test"], validity()).unwrap();
    let [server] = server.certificate_chain_der.as_slice() else {
        panic!("a server's certificate is one");
    };
    let (_, server) = X509Certificate::from_der(server).unwrap();
    let end = server.validity().not_after.to_datetime();
    assert_eq!(end, certifier.validity().not_after());

    // A certifier for ten years, made by another program.
    stdout_of(openssl(
        folder.path(),
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout long.key -out \
         long.pem -subj /CN=COLLAUDO -days 3650",
    ));
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    let now = OffsetDateTime::now_utc();
    let refused = CertificationAuthority::from_pem_pair(&read("long.pem"), &read("long.key"), now);
    let refusal = refused.err().unwrap().to_string();
    assert!(
        refusal.starts_with("the certifier \"COLLAUDO\" is refused: it is valid until "),
        "{refusal}"
    );
}

#[test]
fn what_is_not_a_test_certifier_is_refused() {
    let pair = certifier().to_pem_pair();
    let other = certifier().to_pem_pair();
    let refusal = |certificate: &str, key: &str| {
        CertificationAuthority::from_pem_pair(certificate, key, OffsetDateTime::now_utc())
            .err()
            .unwrap()
    };
    assert!(matches!(
        refusal(&pair.certificate, &other.private_key),
        CertifierError::KeyMismatch { .. }
    ));
    assert!(matches!(
        refusal("text", &pair.private_key),
        CertifierError::Certificate { .. }
    ));
    assert!(matches!(
        refusal(&pair.certificate, "text"),
        CertifierError::PrivateKey(_)
    ));

    // A certifier that does not say it is a test certifier, made by another program.
    let folder = tempfile::tempdir().unwrap();
    stdout_of(openssl(
        folder.path(),
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout real.key -out \
         real.pem -subj /CN=Regione -days 1",
    ));
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(matches!(
        refusal(&read("real.pem"), &read("real.key")),
        CertifierError::NotMarked { .. }
    ));
    let unmarked = CertifierName {
        organization: "Prova".to_owned(),
        common_name: "Regione".to_owned(),
    };
    assert!(matches!(
        CertificationAuthority::new(&unmarked, certifier_term()),
        Err(CertifierError::NotMarked { .. })
    ));
}

#[test]
fn names_and_keys_are_checked_before_anything_is_signed() {
    let certifier = certifier();
    let issue = |subject: &CnsSubject, spki: &[u8]| {
        certifier
            .issue_cns(subject, spki, validity(), SerialNumber::from(1))
            .err()
            .unwrap()
    };
    assert!(matches!(
        issue(&subject(), b"no key"),
        CertifierError::SubjectPublicKey(_)
    ));

    let folder = tempfile::tempdir().unwrap();
    let spki = rsa_public_key(folder.path(), 2048);
    let long = CnsSubject {
        issuing_administration: "à".repeat(65),
        ..subject()
    };
    assert!(matches!(
        issue(&long, &spki),
        CertifierError::NameLength { seen: 65, .. }
    ));
    assert!(matches!(
        certifier.issue_server(&[], validity()).err(),
        Some(CertifierError::NoServerName)
    ));
}
