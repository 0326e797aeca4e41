//! The signed trusted list, before xmlsec1 (Debian package `xmlsec1`), which shares no code with its
//! writer, and before the reader that portals have.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::process::{Command, Output};

use cns_authority::trusted_list::{SignatureError, TrustedList, XmlError, verify};
use cns_authority::{OfficeTerms, Offices, RUN_MAX, Standing, TrustedListSigner};
use support::{NOW, publisher, registry};
use time::{Duration, OffsetDateTime};

/// What xmlsec1 says of a list, whose publisher's key it has. Which attribute is an identifier is not in the
/// document, so it is told.
fn xmlsec1(xml: &[u8], publisher_der: &[u8]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("list.xml"), xml).unwrap();
    std::fs::write(folder.path().join("publisher.der"), publisher_der).unwrap();
    Command::new("xmlsec1")
        .args(["--verify", "--enabled-key-data", "key-name"])
        .args(["--pubkey-cert-der", "publisher.der"])
        .args([
            "--id-attr:Id",
            "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        ])
        .arg("list.xml")
        .current_dir(folder.path())
        .output()
        .expect("the program `xmlsec1` runs: it is in the Debian package xmlsec1")
}

/// What we say of a list at this moment.
fn judged(xml: &[u8], publisher_der: &[u8], now: OffsetDateTime) -> Result<(), SignatureError> {
    verify(xml, publisher_der)?.at(now)
}

fn signed() -> (Vec<u8>, Vec<u8>) {
    let mut list = registry().trusted_list(NOW).unwrap();
    // Text that is written in one way and canonical in another.
    list.providers.first_mut().unwrap().name = "\"Valle d'Aosta\" <&> \t Süd".to_owned();
    let publisher = publisher();
    let xml = list.to_signed_xml(&publisher).unwrap();
    (xml, publisher.certificate_der().to_vec())
}

#[test]
fn xmlsec1_and_we_verify_the_signature() {
    let (xml, publisher) = signed();
    let output = xmlsec1(&xml, &publisher);
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{talk}");
    assert!(
        talk.contains("SignedInfo References (ok/all): 2/2"),
        "{talk}"
    );
    assert_eq!(judged(&xml, &publisher, NOW), Ok(()));
}

#[test]
fn xmlsec1_and_we_refuse_what_was_changed_or_signed_by_somebody_else() {
    let (xml, publisher) = signed();
    let text = String::from_utf8(xml).unwrap();
    let other = support::certifier().certificate_der().to_vec();
    let check = |xml: &str, publisher: &[u8], expected: SignatureError| {
        assert_eq!(judged(xml.as_bytes(), publisher, NOW), Err(expected));
        let output = xmlsec1(xml.as_bytes(), publisher);
        let talk = String::from_utf8_lossy(&output.stderr);
        let is_judged = talk.contains("FAIL") || talk.contains("ERROR");
        assert!(is_judged && !output.status.success(), "{talk}");
    };
    let changed = text.replacen("recognisedatnationallevel", "deprecatedatnationallevel", 1);
    check(
        &changed,
        &publisher,
        SignatureError::Digest { what: "the list" },
    );
    let space = text.replacen("</tsl:Name>", " </tsl:Name>", 1);
    check(
        &space,
        &publisher,
        SignatureError::Digest { what: "the list" },
    );
    let later = text.replacen("SigningTime>2026", "SigningTime>2027", 1);
    let what = "its properties";
    check(&later, &publisher, SignatureError::Digest { what });
    let method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    let sha1 = text.replacen(method, "http://www.w3.org/2000/09/xmldsig#rsa-sha1", 1);
    let what = "the method is not RSA with SHA-256";
    check(&sha1, &publisher, SignatureError::Form { what });
    check(&text, &other, SignatureError::Signer);
    let start = text.find("<ds:Signature ").unwrap();
    let end = text.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let unsigned = [&text[..start], &text[end..]].concat();
    check(&unsigned, &publisher, SignatureError::Count { seen: 0 });
    let value = text.find("<ds:SignatureValue>").unwrap() + 30;
    let letter = if &text[value..=value] == "A" {
        "B"
    } else {
        "A"
    };
    let damaged = [&text[..value], letter, &text[value + 1..]].concat();
    check(&damaged, &publisher, SignatureError::Value);
    let half = &text[..text.len() / 2];
    assert!(matches!(
        verify(half.as_bytes(), &publisher),
        Err(SignatureError::Xml(XmlError::Syntax { .. }))
    ));
}

/// The same document, written down in another way, has the same signature.
#[test]
fn how_a_list_is_written_down_does_not_matter() {
    let (xml, publisher) = signed();
    let text = String::from_utf8(xml).unwrap();
    let other = text
        .replace("&quot;", "&#34;")
        .replace('\n', "\r\n")
        .replace("<ds:Transforms>", "<ds:Transforms><!-- a remark -->")
        .replace("xmlns:tsl=", " xmlns:needless='urn:none' xmlns:tsl=");
    assert_ne!(other, text);
    assert_eq!(judged(other.as_bytes(), &publisher, NOW), Ok(()));
    assert!(xmlsec1(other.as_bytes(), &publisher).status.success());
}

#[test]
fn what_is_written_is_read() {
    let list = registry().trusted_list(NOW).unwrap();
    let xml = list.to_signed_xml(&publisher()).unwrap();
    assert_eq!(TrustedList::read(&xml), Ok(list.clone()));
    assert_eq!(TrustedList::read(&list.to_xml().unwrap()), Ok(list));
    let page = TrustedList::read(b"<html/>").unwrap_err().to_string();
    assert!(page.ends_with("no TrustServiceStatusList"), "{page}");
}

#[test]
fn the_published_list_follows_what_happens() {
    let mut offices = Offices::of(&registry(), publisher(), OfficeTerms::default(), NOW).unwrap();
    let number = |offices: &mut Offices, now| {
        let xml = offices.trusted_list(now).unwrap();
        assert_eq!(judged(&xml, offices.publisher_der(), NOW), Ok(()));
        let list = TrustedList::read(&xml).unwrap();
        (list.sequence_number, list.services().count())
    };
    assert_eq!(number(&mut offices, NOW), (1, 11));
    assert_eq!(number(&mut offices, NOW + Duration::days(89)), (1, 11));
    offices.set_standing("lazio", Standing::Unlisted).unwrap();
    assert_eq!(number(&mut offices, NOW + Duration::days(89)), (2, 10));
    offices.recognise(support::certifier().certificate_der().to_vec());
    assert_eq!(number(&mut offices, NOW + Duration::days(90)), (3, 11));
    assert_eq!(number(&mut offices, NOW + Duration::days(180)), (4, 11));
}

#[test]
fn a_publisher_who_is_renewed_is_known_by_name_and_key() {
    let known = publisher();
    let later = NOW + Duration::days(2_000);
    let xml_of = |publisher: &TrustedListSigner| {
        let list = registry().trusted_list(later).unwrap();
        list.to_signed_xml(publisher).unwrap()
    };
    let renewed = known.renewed(later).unwrap();
    assert_ne!(renewed.certificate_der(), known.certificate_der());
    let xml = xml_of(&renewed);
    assert_eq!(judged(&xml, known.certificate_der(), later), Ok(()));
    assert!(xmlsec1(&xml, known.certificate_der()).status.success());
    for (publisher, now) in [(&known, later), (&renewed, later + RUN_MAX)] {
        let judged = judged(&xml_of(publisher), known.certificate_der(), now);
        assert!(
            matches!(judged, Err(SignatureError::SignerTime { .. })),
            "{judged:?}"
        );
    }
}
