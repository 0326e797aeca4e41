//! The zoo, judged by our own portal and by real programs: what each says of an animal is what somebody has
//! read, and where that is not what a portal must do the reason stands beside it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bystanders;
mod own_portal;

use std::collections::BTreeSet;
use std::sync::Arc;

use cns_authority::zoo::{Answer, Family, SERVER_NAME, Specimen, Verdict, animal, animals};
use cns_authority::{SerialNumber, Validity};
use cns_conformance::openssl_judge::{Judge, Pinned, pinned};
use cns_conformance::portal::Address;
use cns_conformance::proxied::{Proxied, Told};
use cns_fixtures::{DEFAULT_PROFILE, Enclosure, citizen, collaudo_authority, profile};
use cns_portal::certificate::CertificateFacts;
use cns_portal::proxy::{ProxyProgram, Verification};
use cns_portal::revocation::{OcspQuestion, PublishedLists};
use cns_portal::trusted_list::{
    PublishedTrustedList, ServiceStatus, TRUSTED_LIST_PATH, TrustedList as _,
};
use cns_portal::{
    Document, DocumentShelf, Publications, RevocationQuery, RevocationSource as _, RevocationStatus,
};
use time::{Duration, OffsetDateTime};

const PROXIES: [ProxyProgram; 3] = [
    ProxyProgram::Apache,
    ProxyProgram::Nginx,
    ProxyProgram::Haproxy,
];

#[test]
fn openssl_says_of_every_animal_what_is_pinned() {
    let (profile, citizen) = (
        profile(DEFAULT_PROFILE).unwrap(),
        citizen("mario-bianchi").unwrap(),
    );
    let judge = Judge::new(&profile, &citizen).unwrap();
    let pinned = pinned_of(&judge.version().unwrap());
    let server = judge.server().unwrap();
    let visitor = judge.visitor(server.address(), profile, citizen).unwrap();
    let mut wrong = Vec::new();
    for animal in animals() {
        let opinion = judge.opinion(animal).unwrap();
        let lets_in = visitor.is_let_in(animal).unwrap();
        let seen = (opinion.as_ref().map(|it| it.says.clone()), lets_in);
        let said = pinned.animals.get(animal.id);
        let known = said.map_or((None, None), |it| (it.says.clone(), it.server_lets_in));
        if seen != known {
            wrong.push(format!("{}: {seen:?}, pinned {known:?}", animal.id));
        }
        let must = animal.verdict == Verdict::Accept;
        let accepts = [opinion.map(|it| it.accepts), lets_in];
        let differs = accepts.into_iter().flatten().any(|accepts| accepts != must);
        if differs != said.is_some_and(|it| it.differs.is_some()) {
            wrong.push(format!("{}: differs: {differs}", animal.id));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nhint: cargo run -p cns-conformance --example observe_zoo openssl",
        wrong.join("\n")
    );
}

/// The real proxies verify with openssl: what they tell the application is what `s_server` does.
#[test]
fn apache_nginx_and_haproxy_tell_what_is_pinned() {
    let (profile, citizen) = (
        profile(DEFAULT_PROFILE).unwrap(),
        citizen("mario-bianchi").unwrap(),
    );
    let judge = Judge::new(&profile, &citizen).unwrap();
    let pinned = pinned_of(&judge.version().unwrap());
    let (home, now) = (judge.home(), OffsetDateTime::now_utc());
    let validity = Validity::new(now - Duration::HOUR, now + Duration::DAY).unwrap();
    let server = home.issue_server(&[SERVER_NAME], validity).unwrap();
    let mut wrong = Vec::new();
    for program in PROXIES {
        let proxied = Proxied::start(program, &server, &home.certificate_pem()).unwrap();
        let address = Address {
            host: SERVER_NAME.to_owned(),
            dial: proxied.address().ip().to_string(),
            port: proxied.address().port(),
        };
        let visitor = judge
            .visitor(address, profile.clone(), citizen.clone())
            .unwrap();
        for (id, known) in &pinned.animals {
            let Some(lets_in) = known.server_lets_in else {
                continue;
            };
            visitor.is_let_in(animal(id).unwrap()).unwrap();
            let told = proxied.take_told();
            let is_good = |told: &Told| match told {
                Ok(Some(forwarded)) => forwarded.verification == Verification::Good,
                _ => false,
            };
            if told.iter().any(is_good) != lets_in {
                let name = program.dialect().name();
                wrong.push(format!("{name}, {id}: {told:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What comes from the network: what is not to be believed must not say that a card is good.
#[test]
fn our_own_portal_believes_the_status_that_it_must() {
    let (profile, citizen) = (
        profile(DEFAULT_PROFILE).unwrap(),
        citizen("mario-bianchi").unwrap(),
    );
    let now = OffsetDateTime::now_utc();
    let home = collaudo_authority(now.date()).unwrap();
    let enclosure = Enclosure::new(&profile, &citizen, now).unwrap();
    let habitat = enclosure.habitat(&home, NONCE);
    let mut wrong = Vec::new();
    for animal in animals() {
        let judge = match animal.family() {
            Family::RevocationList => list_says,
            Family::Ocsp => responder_says,
            Family::TrustedList => trusted_list_says,
            Family::Certificate | Family::Tls => continue,
        };
        let specimen = animal.make(&habitat, SerialNumber::from(0x5A)).unwrap();
        let said = judge(&specimen, now);
        let is_right = match animal.verdict {
            Verdict::Accept => said == RevocationStatus::Good,
            Verdict::Refuse(_) => matches!(
                said,
                RevocationStatus::Revoked { .. }
                    | RevocationStatus::NotIssued
                    | RevocationStatus::Unknown
            ),
            Verdict::SoftFail(_) => said != RevocationStatus::Good,
        };
        // Which lines are stale, whole logins say: a portal may believe what it must, and err elsewhere.
        if !is_right && !own_portal::known().contains_key(animal.id) {
            wrong.push(format!("{}: {said:?}", animal.id));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nhint: what is known stands in data/zoo/own-portal.txt, and nothing else",
        wrong.join("\n")
    );
}

const NONCE: [u8; 16] = [7; 16];

/// What the portal makes of the list that is at the address in the certificate.
fn list_says(specimen: &Specimen, now: OffsetDateTime) -> RevocationStatus {
    const BASE: &str = "http://pki.collaudo.example";
    let facts = CertificateFacts::from_der(&specimen.certificate_der).unwrap();
    let url = facts.revocation_list_urls.first().unwrap();
    let shelf = DocumentShelf::default();
    if let Some(Answer::Http {
        status: 200,
        content_type,
        body,
    }) = &specimen.revocation_list
    {
        let path = url.strip_prefix(BASE).unwrap();
        shelf.put(path, Document::new(content_type, body.as_slice()));
    }
    let lists = PublishedLists::new(Publications::at(BASE, Arc::new(shelf)));
    lists.status(&RevocationQuery {
        serial: &facts.serial_octets,
        issuer_name_der: &facts.issuer_der,
        issuer_certificate_der: Some(&specimen.certifier_der),
        list_urls: &facts.revocation_list_urls,
        responder_urls: &facts.responder_urls,
        at: now,
    })
}

/// What the portal makes of the responder's answer to its own question.
fn responder_says(specimen: &Specimen, now: OffsetDateTime) -> RevocationStatus {
    let facts = CertificateFacts::from_der(&specimen.certificate_der).unwrap();
    let serial = &facts.serial_octets;
    let question = OcspQuestion::about(&specimen.certifier_der, serial, &NONCE).unwrap();
    let exchange = specimen.ocsp.as_ref().unwrap();
    assert_eq!(question.to_der(), exchange.request);
    let judged = match exchange.answer.body() {
        Some(body) => question.judge(body, now).map_err(|error| error.to_string()),
        None => Err("silence".to_owned()),
    };
    judged.unwrap_or_else(|why| RevocationStatus::Unreachable { why })
}

/// What the portal makes of the trusted list, in the same words: good is a certifier that is recognised by
/// a list that is signed and of today, unknown is any other.
fn trusted_list_says(specimen: &Specimen, now: OffsetDateTime) -> RevocationStatus {
    let shelf = DocumentShelf::default();
    let xml = specimen.trusted_list.clone().unwrap();
    shelf.put(TRUSTED_LIST_PATH, Document::new("application/xml", xml));
    let publisher_der = specimen.publisher_der.as_ref().unwrap();
    let list = PublishedTrustedList::new(Arc::new(shelf), publisher_der);
    let entry = list.entry(&specimen.certifier_der, now);
    let is_of_today = entry
        .period
        .is_some_and(|period| period.issued <= now && now <= period.next_update);
    match (entry.signature, entry.status) {
        (Ok(()), Some(ServiceStatus::Recognised)) if is_of_today => RevocationStatus::Good,
        _ => RevocationStatus::Unknown,
    }
}

/// Every check is one that a portal can name; `server.certificate` is its clients'.
#[test]
fn every_check_is_one_of_our_portals() {
    let known: BTreeSet<&str> = cns_portal::checks::all().map(|check| check.id).collect();
    let wanted = animals().filter_map(|animal| animal.verdict.check());
    let strangers: BTreeSet<&str> = wanted.filter(|check| !known.contains(check)).collect();
    assert_eq!(strangers, BTreeSet::from(["server.certificate"]));
}

#[test]
fn every_difference_has_its_reason_and_every_reason_its_difference() {
    let pinned = pinned_of("3.0");
    let named: BTreeSet<&String> = pinned
        .animals
        .values()
        .filter_map(|it| it.differs.as_ref())
        .collect();
    assert_eq!(named, pinned.reasons.keys().collect());
    let known: BTreeSet<&str> = animals().map(|animal| animal.id).collect();
    let strangers = pinned
        .animals
        .keys()
        .filter(|id| !known.contains(id.as_str()));
    assert_eq!(strangers.collect::<Vec<_>>(), Vec::<&String>::new());
}

fn pinned_of(version: &str) -> Pinned {
    pinned(version).unwrap().unwrap_or_else(|| {
        panic!(
            "nobody has looked at what openssl {version} makes of the zoo\nhint: cargo run -p \
             cns-conformance --example observe_zoo openssl, read it, and keep it in data/zoo"
        )
    })
}
