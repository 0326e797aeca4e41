//! The certificates of clients and servers, and the files in which the servers find theirs.

use std::fs;
use std::path::Path;

use cns_authority::{PemPair, RevocationUrls, SerialNumber, Validity};
use cns_benches::cards::Make;
use cns_conformance::portal::WHO_AM_I;
use cns_conformance::workbench::PORTAL_NAME;
use openssl::x509::X509;
use time::OffsetDateTime;

/// The office of the certifier that makes cards.
pub(crate) const HOME: &str = "collaudo";
/// One with an RSA key, whose responder is a delegate.
const DELEGATING: &str = "toscana";
/// Where certificates say that the offices are.
pub(crate) const PKI: &str = "http://pki.cns.test";
/// The serial numbers of certificates, `OFFICE NUMBER` a line.
const ISSUED: &str = "issued.txt";

/// The cards that log in, each make one card.
pub(crate) struct Makes {
    /// Its certificate does not say where to ask what became of it.
    pub(crate) silent: Make,
    /// Its certificate names a revocation list and a responder.
    pub(crate) naming: Make,
    /// The same, of another certifier.
    pub(crate) delegating: Make,
}

/// Issues the cards, and writes what the servers need: the certifier, a certificate for `openssl s_server`,
/// the file that it hands out, and which cards there are.
pub(crate) fn write(folder: &Path, make: Make) -> Makes {
    let home = make.authority().clone();
    let PemPair {
        certificate,
        private_key,
    } = home.to_pem_pair();
    let server = home.issue_server(&[PORTAL_NAME], month()).unwrap();
    let page = folder.join(WHO_AM_I.trim_start_matches('/'));
    fs::create_dir_all(page.parent().unwrap()).unwrap();
    for (path, text) in [
        (folder.join("ca.pem"), certificate),
        (folder.join("ca-key.pem"), private_key),
        (folder.join("server.pem"), server.to_pem()),
        // The portal answers a good login with so many bytes.
        (page, "x".repeat(1_400)),
    ] {
        fs::write(path, text).unwrap();
    }

    let registry = cns_fixtures::registry(OffsetDateTime::now_utc()).unwrap();
    let registry = registry.with_revocation_urls(|id| RevocationUrls::at(PKI, id));
    let other = registry.certifier(DELEGATING).unwrap().authority.clone();
    let home = home.with_revocation_urls(RevocationUrls::at(PKI, HOME));
    let makes = Makes {
        silent: make.clone(),
        naming: make.clone().certified_by(home).copied().unwrap(),
        delegating: make.certified_by(other).copied().unwrap(),
    };
    let lines = [(HOME, &makes.naming), (DELEGATING, &makes.delegating)]
        .map(|(office, make)| format!("{office} {}\n", serial(make)));
    fs::write(folder.join(ISSUED), lines.concat()).unwrap();
    makes
}

/// The certificates that were issued, with their offices.
pub(crate) fn issued(folder: &Path) -> Vec<(String, SerialNumber)> {
    let text = fs::read_to_string(folder.join(ISSUED)).unwrap();
    let lines = text.lines().map(|line| line.split_once(' ').unwrap());
    lines
        .map(|(office, serial)| (office.to_owned(), serial.parse().unwrap()))
        .collect()
}

fn serial(make: &Make) -> SerialNumber {
    let certificate = X509::from_der(&make.issue().unwrap().certificate_der).unwrap();
    let serial = certificate.serial_number().to_bn().unwrap();
    serial.to_hex_str().unwrap().parse().unwrap()
}

pub(crate) fn month() -> Validity {
    let from = OffsetDateTime::now_utc() - time::Duration::HOUR;
    Validity::days(from, 30).unwrap()
}
