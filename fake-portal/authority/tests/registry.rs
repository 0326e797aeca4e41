//! The test certifiers and the trusted list that names them.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cns_authority::trusted_list::{TrustedList, TrustedListVersion};
use cns_authority::{RevocationUrls, SerialNumber, SignatureAlgorithm, Standing};
use quick_xml::Reader;
use quick_xml::events::Event;
use support::{NOW, card, openssl, registry, stdout_of};
use x509_parser::prelude::{FromDer, X509Certificate};

fn name_and_key(certificate: &[u8]) -> (String, Vec<u8>) {
    let (_, certificate) = X509Certificate::from_der(certificate).unwrap();
    let key = certificate.public_key().raw.to_vec();
    (certificate.subject().to_string(), key)
}

#[test]
fn there_is_a_certifier_of_every_kind() {
    let registry = registry();
    let certificate = |id| registry.certifier(id).unwrap().authority.certificate_der();
    for certifier in registry.certifiers() {
        let (name, _) = name_and_key(certifier.authority.certificate_der());
        assert!(name.contains("COLLAUDO"), "{name}");
    }
    let listed: Vec<_> = registry
        .recognised()
        .map(|certifier| certifier.id)
        .collect();
    assert_eq!(
        listed,
        [
            "lombardia",
            "toscana",
            "sardegna",
            "bolzano",
            "lazio",
            "lazio-renewed",
            "veneto"
        ]
    );
    for [one, other] in [["lazio", "lazio-renewed"], ["lombardia", "false-lombardia"]] {
        let (one, other) = (
            name_and_key(certificate(one)),
            name_and_key(certificate(other)),
        );
        assert_eq!(one.0, other.0);
        assert_ne!(one.1, other.1);
    }
    let standing = |id| registry.certifier(id).unwrap().standing;
    assert_eq!(standing("basilicata"), Standing::Deprecated);
    assert_eq!(standing("umbria"), Standing::Withdrawn);
    assert_eq!(standing("molise"), Standing::Unlisted);
}

#[test]
fn openssl_believes_all_certifiers_but_the_one_that_ran_out() {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry().with_revocation_urls(|id| RevocationUrls {
        crl: vec![format!("http://pki.collaudo.example/{id}/crl")],
        ocsp: Some(format!("http://pki.collaudo.example/{id}/ocsp")),
        ca_issuers: Some(format!("http://pki.collaudo.example/{id}/ca.cer")),
    });
    for certifier in registry.certifiers() {
        let issued = card(&certifier.authority, SerialNumber::from(1), folder.path());
        let path = |name| folder.path().join(name);
        fs::write(path("ca.pem"), certifier.authority.certificate_pem()).unwrap();
        fs::write(path("card.der"), issued).unwrap();
        let judged = openssl(
            folder.path(),
            "verify -CAfile ca.pem -purpose sslclient -policy 1.3.76.16.2.1 -explicit_policy \
             -x509_strict -attime 1767225600 card.der",
        );
        let talk = String::from_utf8(judged.stderr).unwrap();
        match certifier.id {
            "veneto" => assert!(talk.contains("certificate has expired"), "{talk}"),
            id => assert!(judged.status.success(), "{id}: {talk}"),
        }
        let text = stdout_of(openssl(folder.path(), "x509 -in card.der -noout -text"));
        let algorithm = match certifier.id {
            "toscana" | "bolzano" => SignatureAlgorithm::RsaWithSha256,
            _ => SignatureAlgorithm::EcdsaWithSha256,
        };
        assert!(
            text.contains(&format!("Signature Algorithm: {algorithm}\n")),
            "{text}"
        );
        assert!(
            text.contains(&format!(
                "OCSP - URI:http://pki.collaudo.example/{}/ocsp",
                certifier.id
            )),
            "{text}"
        );
    }
}

#[test]
fn the_list_reads_as_its_standard_says() {
    let xml = registry().trusted_list(NOW).unwrap().to_xml().unwrap();
    let mut settings = insta::Settings::clone_current();
    // Keys differ from run to run.
    settings.add_filter("(<tsl:X509Certificate>)[^<]+", "$1[certificate]");
    settings.add_filter("(<tsl:X509SKI>)[^<]+", "$1[key identifier]");
    settings.bind(|| insta::assert_snapshot!(String::from_utf8(xml).unwrap()));
}

#[test]
fn whoever_reads_the_list_finds_the_certifiers_of_cards_and_no_others() {
    let registry = registry();
    let list = registry.trusted_list(NOW).unwrap();
    for version in [TrustedListVersion::V5, TrustedListVersion::V6] {
        let list = TrustedList {
            version,
            ..list.clone()
        };
        let services = read(&list.to_xml().unwrap());
        assert_eq!(services.len(), 11, "nine for cards, two decoys");
        let trusted: Vec<_> = services
            .iter()
            .filter(|service| {
                service.kind.ends_with("/IdV")
                    && service.status.ends_with("/recognisedatnationallevel")
            })
            .map(|service| service.certificate.clone())
            .collect();
        let mut recognised: Vec<_> = registry
            .recognised()
            .map(|certifier| certifier.authority.certificate_der().to_vec())
            .collect();
        // The list has them by company.
        recognised
            .sort_by_key(|certificate| trusted.iter().position(|listed| listed == certificate));
        assert_eq!(trusted, recognised);
    }
}

#[test]
fn names_with_the_signs_of_xml_come_through() {
    let mut list = registry().trusted_list(NOW).unwrap();
    list.providers[0].services[0].name = "CN=\"R&D\" <Collaudo>, C=IT".to_owned();
    let services = read(&list.to_xml().unwrap());
    assert_eq!(services[0].name, "CN=\"R&D\" <Collaudo>, C=IT");
}

#[derive(Default)]
struct Service {
    kind: String,
    name: String,
    certificate: Vec<u8>,
    status: String,
}

/// The services of a list as they are now, without their history.
fn read(xml: &[u8]) -> Vec<Service> {
    let mut reader = Reader::from_reader(xml);
    let (mut services, mut path, mut text) = (Vec::<Service>::new(), Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let name = String::from_utf8(start.local_name().as_ref().to_vec()).unwrap();
                if name == "ServiceInformation" {
                    services.push(Service::default());
                }
                path.push(name);
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece.decode().unwrap()),
            Event::GeneralRef(reference) => {
                let name = reference.decode().unwrap();
                text.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap());
            }
            Event::End(_) => {
                let inside = path.iter().any(|name| name == "ServiceInformation");
                if let Some(service) = services.last_mut().filter(|_| inside) {
                    match path.last().unwrap().as_str() {
                        "ServiceTypeIdentifier" => service.kind.clone_from(&text),
                        "Name" => service.name.clone_from(&text),
                        "X509Certificate" => service.certificate = STANDARD.decode(&text).unwrap(),
                        "ServiceStatus" => service.status.clone_from(&text),
                        _ => {}
                    }
                }
                path.pop();
            }
            Event::Eof => return services,
            _ => {}
        }
    }
}
