//! A portal with the offices of all certifiers, and a clock that the test sets.

use std::fs;
use std::sync::Arc;

use cns_authority::{
    CertificationAuthority, CertifierKey, Office, OfficeTerms, Offices, Registry, SerialNumber,
    Standing, TrustedListSigner, Validity,
};
use cns_portal::{Clock as _, Language, PortalConfig, PublicOffices, VirtualClock};
use time::OffsetDateTime;

use super::{Bench, maria_rossi, term, years};

/// The office of the bench's certifier.
pub(crate) const HOME: &str = "collaudo";

/// A bench whose portal has offices. The card has been issued by one of them.
pub(crate) struct Country {
    pub(crate) bench: Bench,
    pub(crate) offices: PublicOffices,
    /// It stands still until it is set, and begins at the machine's time, for openssl has no other.
    pub(crate) clock: VirtualClock,
    pub(crate) serial: SerialNumber,
}

impl Country {
    pub(crate) fn with(terms: OfficeTerms) -> Self {
        Self::changed(terms, |_| {})
    }

    pub(crate) fn changed(terms: OfficeTerms, change: impl FnOnce(&mut PortalConfig)) -> Self {
        let now = OffsetDateTime::now_utc();
        let clock = VirtualClock::over(Arc::new(now));
        let offices = PublicOffices::open(offices(terms, now), Arc::new(clock.clone()));
        let bench = Bench::start_with(|config, folder| {
            let read = |name| fs::read_to_string(folder.join(name)).unwrap();
            let home = CertificationAuthority::from_pem_pair(&read("ca.pem"), &read("ca.key"), now)
                .unwrap();
            offices.with(|all| {
                all.add(Office::new(HOME, Standing::Recognised, home, terms));
                let certifiers = all
                    .iter()
                    .filter(|it| it.standing() == Standing::Recognised);
                config.trusted = certifiers
                    .map(|it| it.certifier().certificate_der().to_vec())
                    .collect();
            });
            config.clock = clock.clone();
            config.offer(&offices);
            change(config);
        });
        offices.with(|all| all.publish_at(&format!("http://{}", bench.addresses.pki)));
        let mut country = Self {
            bench,
            offices,
            clock,
            serial: SerialNumber::from(1),
        };
        country.issue(HOME);
        country
    }

    /// The card gets a new certificate, of this office.
    pub(crate) fn issue(&mut self, id: &str) {
        self.issue_until(id, years(2030, 2030).not_after());
    }

    /// The same, until this instant.
    pub(crate) fn issue_until(&mut self, id: &str, not_after: OffsetDateTime) {
        let validity = Validity::new(years(2024, 2024).not_before(), not_after).unwrap();
        let (serial, certificate) = self.offices.with(|all| {
            let office = all.office_mut(id).unwrap();
            let serial = office
                .issue(&maria_rossi(), &self.bench.spki, validity)
                .unwrap();
            (serial, office.certificate(serial).unwrap().to_vec())
        });
        self.serial = serial;
        self.bench.write_certificate(&certificate);
    }

    /// Something happens in the home office.
    pub(crate) fn at_home<T>(
        &self,
        work: impl FnOnce(&mut Office, SerialNumber, OffsetDateTime) -> T,
    ) -> T {
        let now = self.clock.now();
        self.offices
            .with(|all| work(all.office_mut(HOME).unwrap(), self.serial, now))
    }

    /// A login: its status, and what the checks of these families found.
    pub(crate) fn login(&self, families: &[&str]) -> String {
        let before = self.bench.journal.entries().len();
        let (status, _) = self.bench.login("");
        let entry = self.bench.journal_of(before + 1).remove(before);
        let judgement = entry.judgement.unwrap();
        let mut told = format!("{status}\n");
        for result in &judgement.results {
            if families.contains(&result.check.family()) {
                let seen = result.finding.seen.in_language(Language::English);
                let status = result.finding.status.word();
                told += &format!("{} {status}: {seen}\n", result.check.id);
            }
        }
        told
    }

    /// The address of what the portal publishes.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.bench.addresses.pki)
    }
}

fn offices(terms: OfficeTerms, now: OffsetDateTime) -> Offices {
    let [one, two, publisher] = [
        include_str!("../../../../fixtures/data/keys/certifier-1.pem"),
        include_str!("../../../../fixtures/data/keys/certifier-2.pem"),
        include_str!("../../../../fixtures/data/keys/publisher.pem"),
    ]
    .map(|pem| CertifierKey::from_pem(pem).unwrap());
    let registry = Registry::new(now, [one, two]).unwrap();
    let publisher = TrustedListSigner::new(publisher, term(now)).unwrap();
    Offices::of(&registry, publisher, terms, now).unwrap()
}
