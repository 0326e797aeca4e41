//! Logins by real clients: curl and `openssl s_client`, with keys in files.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use rcgen::{
    CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair,
    KeyUsagePurpose, SubjectPublicKeyInfo,
};
use support::{Bench, CARD, certifier, openssl, succeed, volatile_values_hidden, years};

#[test]
fn a_card_logs_in_over_tls_1_3() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let (status, body) = bench.login("--tlsv1.3");
    assert_eq!(status, 200);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("logged_in_json", body));

    let (status, html) = bench.visit("/", CARD);
    assert_eq!(status, 200);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("logged_in_html", html));

    let entries = bench.journal_of(2);
    assert_eq!(
        entries
            .iter()
            .map(|entry| entry.outcome)
            .collect::<Vec<_>>(),
        ["logged_in"; 2]
    );
    let citizen = entries[0].report.as_ref().unwrap().citizen.clone().unwrap();
    assert_eq!(citizen.codice_fiscale, "RSSMRA85C55F205Y");
}

#[test]
fn a_card_logs_in_over_tls_1_2() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let (status, _) = bench.login("--tls-max 1.2");
    assert_eq!(status, 200);
    let tls = bench.journal_of(1)[0].report.as_ref().unwrap().tls.clone();
    assert_eq!(tls.version, "TLSv1.2");
    assert_eq!(tls.cipher_suite, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    assert_eq!(tls.server_name.as_deref(), Some("cns.test"));
}

/// Older middleware signs with PKCS#1 v1.5 only, which TLS 1.2 alone allows.
#[test]
fn openssl_logs_in_with_pkcs1_signatures() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let visit = format!(
        "s_client -connect 127.0.0.1:{} -CAfile ca.pem -verify_return_error -cert card.pem \
         -key card.key -tls1_2 -client_sigalgs RSA+SHA256",
        bench.port
    );
    succeed(openssl(bench.folder.path(), &visit));
    let entry = bench.journal_of(1).remove(0);
    let tls = &entry.report.as_ref().unwrap().tls;
    assert_eq!(
        (entry.outcome, tls.version.as_str()),
        ("logged_in", "TLSv1.2")
    );
    assert_eq!(tls.signature_scheme.as_deref(), Some("rsa_pkcs1_sha256"));
    assert_eq!(tls.server_name, None);
}

#[test]
fn no_certificate_gets_advice() {
    let bench = Bench::start();
    let (status, body) = bench.visit("/api/login", "--tlsv1.3");
    assert_eq!(status, 401);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("no_certificate_json", body));
    let (status, html) = bench.visit("/", "--tls-max 1.2");
    assert_eq!(status, 401);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("no_certificate_html", html));
}

#[test]
fn an_unknown_certifier_is_refused() {
    let bench = Bench::start();
    bench.issue(&certifier("Regione Ignota"), years(2024, 2030));
    let (status, body) = bench.login("");
    assert_eq!(status, 403);
    assert_eq!(
        failed_checks(&bench, 1),
        ["chain.issuer_listed", "chain.trusted"]
    );
    assert!(
        body.contains("Regione Ignota - CA Cittadini COLLAUDO"),
        "{body}"
    );
}

/// A name is not an identity: the certificate must bear the certifier's signature.
#[test]
fn a_certifier_of_the_same_name_is_refused() {
    let bench = Bench::start();
    bench.issue(&certifier("Regione Collaudo"), years(2024, 2030));
    assert_eq!(bench.login("").0, 403);
    assert_eq!(
        failed_checks(&bench, 1),
        ["chain.signature", "chain.trusted"]
    );
}

#[test]
fn time_is_told_apart_from_trust() {
    let bench = Bench::start();
    for (count, validity, expected) in [
        (1, years(2020, 2025), vec!["cert.time"]),
        (2, years(2027, 2030), vec!["cert.time"]),
    ] {
        bench.issue(&bench.certifier, validity);
        assert_eq!(bench.login("").0, 403);
        assert_eq!(failed_checks(&bench, count), expected);
    }
    bench.issue(&certifier("Regione Ignota"), years(2020, 2025));
    assert_eq!(bench.login("").0, 403);
    assert_eq!(
        failed_checks(&bench, 3),
        ["cert.time", "chain.issuer_listed", "chain.trusted"]
    );
}

#[test]
fn every_fault_of_a_certificate_is_listed() {
    let bench = Bench::start();
    let mut params = plain_certificate("RSSMRA85C55F205X/6030000000001009.");
    params.key_usages = vec![KeyUsagePurpose::ContentCommitment];
    bench.write_certificate(&issued_by_rcgen(&bench, &params));
    let (status, body) = bench.login("");
    assert_eq!(status, 403);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("refused_json", body));
    let (status, html) = bench.visit("/", CARD);
    assert_eq!(status, 403);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("refused_html", html));
}

#[test]
fn each_rule_of_the_profile_is_checked() {
    const NAME: &str = "RSSMRA85C55F205Y/6030000000001009.9/6odo0auMV6VhLN03A5D/l0QiA=";
    let good = || {
        let mut params = plain_certificate(NAME);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.custom_extensions = vec![policy(&[0x2B, 0x4C, 0x10, 0x02, 0x01])];
        params
    };
    let mut cases = vec![(good(), vec![])];
    let mut case = |change: &dyn Fn(&mut CertificateParams), expected: &[&'static str]| {
        let mut params = good();
        change(&mut params);
        cases.push((params, expected.to_vec()));
    };
    case(
        &|params| params.key_usages = vec![],
        &["ku.digital_signature"],
    );
    case(
        &|params| params.key_usages.push(KeyUsagePurpose::ContentCommitment),
        &["ku.no_nonrepudiation"],
    );
    case(
        &|params| params.extended_key_usages = vec![],
        &["eku.client_auth"],
    );
    case(
        &|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection],
        &["eku.client_auth"],
    );
    case(
        &|params| params.custom_extensions = vec![],
        &["policy.cns_oid"],
    );
    // The policy of the electronic identity card, 1.3.76.47.4.
    case(
        &|params| params.custom_extensions = vec![policy(&[0x2B, 0x4C, 0x2F, 0x04])],
        &["policy.cns_oid"],
    );
    // The policy of Lombardia's card, 1.3.159.6.1.3.2.10, is as good.
    case(
        &|params| {
            let lombardia = [0x2B, 0x81, 0x1F, 0x06, 0x01, 0x03, 0x02, 0x0A];
            params.custom_extensions = vec![policy(&lombardia)];
        },
        &[],
    );
    case(
        &|params| {
            let name = NAME.replace("1009", "1008");
            params.distinguished_name.push(DnType::CommonName, name);
        },
        &["idcarta", "cn.grammar"],
    );
    case(
        &|params| {
            params.distinguished_name.remove(DnType::CommonName);
        },
        &["cn.grammar"],
    );

    let bench = Bench::start();
    for (count, (params, expected)) in cases.into_iter().enumerate() {
        bench.write_certificate(&issued_by_rcgen(&bench, &params));
        let status = if expected.is_empty() { 200 } else { 403 };
        assert_eq!(bench.login("").0, status, "{expected:?}");
        assert_eq!(failed_checks(&bench, count + 1), expected);
    }
}

/// The client sends a certificate whose key it does not have.
#[test]
fn a_stolen_certificate_is_no_login() {
    for version in ["1.2", "1.3"] {
        let bench = Bench::start();
        bench.issue(&bench.certifier, years(2024, 2030));
        let error = stolen_certificate_client(&bench, version).unwrap_err();
        assert!(error.contains("DecryptError"), "TLS {version}: {error}");

        let entry = bench.journal_of(1).remove(0);
        assert_eq!(entry.outcome, "handshake_failed");
        let handshake_error = entry.handshake_error.unwrap();
        assert!(
            handshake_error.contains("did not prove"),
            "TLS {version}: {handshake_error}"
        );
    }
}

/// Visits with the card's certificate and the key of somebody else, which no ordinary client
/// does: rustls with a resolver of our own. The answer is the body, or what went wrong.
fn stolen_certificate_client(bench: &Bench, version: &str) -> Result<String, String> {
    use std::io::{Read as _, Write as _};
    use std::sync::Arc;

    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
    use rustls::sign::{CertifiedKey, SingleCertAndKey};

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let folder = bench.folder.path();
    succeed(openssl(
        folder,
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out thief.key",
    ));
    let key = PrivateKeyDer::from_pem_file(folder.join("thief.key")).unwrap();
    let key = provider.key_provider.load_private_key(key).unwrap();
    let certificate = CertificateDer::from(std::fs::read(folder.join("card.der")).unwrap());
    let identity = CertifiedKey::new(vec![certificate], key);

    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(bench.certifier.certificate_der().to_vec().into())
        .unwrap();
    let version = if version == "1.2" {
        &rustls::version::TLS12
    } else {
        &rustls::version::TLS13
    };
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity)));
    let name = ServerName::try_from("cns.test").unwrap();
    let mut connection = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut socket = std::net::TcpStream::connect(("127.0.0.1", bench.port)).unwrap();
    socket
        .set_read_timeout(Some(std::time::Duration::from_secs(10)))
        .unwrap();
    let mut stream = rustls::Stream::new(&mut connection, &mut socket);

    let mut reply = String::new();
    stream
        .write_all(b"GET /api/login HTTP/1.1\r\nHost: cns.test\r\nConnection: close\r\n\r\n")
        .and_then(|()| stream.read_to_string(&mut reply))
        .map(|_| reply)
        .map_err(|error| error.to_string())
}

/// The checks that the journal's entry number `count` says failed.
fn failed_checks(bench: &Bench, count: usize) -> Vec<&'static str> {
    let entries = bench.journal_of(count);
    let report = entries
        .get(count - 1)
        .and_then(|entry| entry.report.as_ref())
        .unwrap();
    report.reasons.iter().map(|reason| reason.id).collect()
}

/// A certificate without any extension of the profile.
fn plain_certificate(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params.serial_number = Some(0x55_u64.into());
    params.not_before = years(2024, 2030).not_before();
    params.not_after = years(2024, 2030).not_after();
    params
}

/// certificatePolicies with one policy, given as the content octets of its object identifier.
fn policy(identifier: &[u8]) -> CustomExtension {
    let length = identifier.len() as u8;
    let mut content = vec![0x30, length + 4, 0x30, length + 2, 0x06, length];
    content.extend_from_slice(identifier);
    CustomExtension::from_oid_content(&[2, 5, 29, 32], content)
}

/// What the portal's certifier would never issue itself.
fn issued_by_rcgen(bench: &Bench, params: &CertificateParams) -> Vec<u8> {
    let pair = bench.certifier.to_pem_pair();
    let key = KeyPair::from_pem(&pair.private_key).unwrap();
    let issuer = Issuer::from_ca_cert_pem(&pair.certificate, key).unwrap();
    let subject = SubjectPublicKeyInfo::from_der(&bench.spki).unwrap();
    params.signed_by(&subject, &issuer).unwrap().der().to_vec()
}
