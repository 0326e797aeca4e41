//! The family `tsl`: what is odd is the list that says which certifiers are to be trusted.

use time::Duration;

use super::Verdict::{Accept, Refuse, SoftFail};
use super::{Animal, Habitat, LISTED, Making, ZooError, animal_row as row};
use crate::trusted_list::{
    ServiceStatus, ServiceType, TrustService, TrustedList, TrustedListVersion,
};

/// The list of today, and the certifiers that it names.
pub(super) struct ListingScene<'a> {
    pub(super) list: TrustedList,
    pub(super) habitat: &'a Habitat<'a>,
}

type Listed = Result<Vec<u8>, ZooError>;

const STATUS: &str = "ETSI TS 119 612 §5.5.4";
const KIND: &str = "ETSI TS 119 612 §5.5.1";
const IDENTITY: &str = "ETSI TS 119 612 §5.5.3";
const SIGNED: &str = "ETSI TS 119 612 §5.7.1";
const FRESH: &str = "ETSI TS 119 612 §5.3.15";

#[rustfmt::skip]
pub(super) const ANIMALS: &[Animal] = &[
    row("tsl.good", Accept, "Nothing is odd: the certifier is recognised.",
        "This is what the list looks like.", STATUS, Making::TrustedList(|it| it.with_list(|_, _| {}))),
    row("tsl.version-6", Accept, "The list is of version 6 of the format.",
        "For who reads services nothing else is different.", "ETSI TS 119 612 §5.3.1", Making::TrustedList(|it| it.with_list(|list, _| list.version = TrustedListVersion::V6))),
    row("tsl.deprecated", Refuse("tsl.status"), "The certifier is on the list as deprecated.",
        "It was recognised once, and is not today.", STATUS, Making::TrustedList(|it| it.with_entry(|service, _, _| service.current.status = ServiceStatus::DeprecatedAtNationalLevel))),
    row("tsl.withdrawn", Refuse("tsl.status"), "The certifier is on the list as withdrawn.",
        "To be on the list is not to be recognised.", STATUS, Making::TrustedList(|it| it.with_entry(|service, _, _| service.current.status = ServiceStatus::Withdrawn))),
    row("tsl.recognised-from-tomorrow", Refuse("tsl.status"), "The certifier will be recognised from tomorrow on.",
        "Until then it is not.", "ETSI TS 119 612 §5.5.5", Making::TrustedList(|it| it.with_entry(|service, _, h| service.current.since = h.now.saturating_add(Duration::DAY)))),
    row("tsl.another-service", Refuse("tsl.status"), "The certifier is on the list for qualified signatures, and not for identity.",
        "The list has many services: CNS certifiers are those of the kind IdV.", KIND, Making::TrustedList(|it| it.with_entry(|service, _, _| {
            service.kind = ServiceType::QualifiedCertificates;
            service.current.status = ServiceStatus::Granted;
        }))),
    row("tsl.another-key", Refuse("tsl.status"), "The list has the certifier's name with another certifier's certificate.",
        "The certificate is what is listed; the name is for people.", IDENTITY, Making::TrustedList(|it| it.with_entry(|service, other, _| {
            service.certificate_der.clone_from(&other.certificate_der);
            service.key_identifier.clone_from(&other.key_identifier);
        }))),
    row("tsl.not-listed", Refuse("tsl.status"), "The certifier is not on the list any more.",
        "What was installed from an older list must go.", IDENTITY, Making::TrustedList(|it| it.without_entry())),
    row("tsl.stale", SoftFail("tsl.freshness"), "There should be a newer list since yesterday.",
        "Whom it recognises may be withdrawn since.", FRESH, Making::TrustedList(|it| it.with_list(|list, h| {
            list.issued = h.now.saturating_sub(Duration::days(181));
            list.next_update = h.now.saturating_sub(Duration::DAY);
        }))),
    row("tsl.future", SoftFail("tsl.freshness"), "The list was issued tomorrow.",
        "Somebody's clock is wrong, and whose cannot be told.", "ETSI TS 119 612 §5.3.14", Making::TrustedList(|it| it.with_list(|list, h| {
            list.issued = h.now.saturating_add(Duration::DAY);
        }))),
    row("tsl.unsigned", Refuse("tsl.signature"), "The list is not signed.",
        "Anybody on the way could have written it.", SIGNED, Making::TrustedList(|it| Ok(it.list.to_xml()?))),
    row("tsl.changed", Refuse("tsl.signature"), "The certifier is deprecated, and after the list was signed somebody has made it recognised.",
        "What is signed is what was there before.", SIGNED, Making::TrustedList(|it| {
            let text = it.with_entry(|service, _, _| service.current.status = ServiceStatus::DeprecatedAtNationalLevel)?;
            let text = String::from_utf8_lossy(&text).replace("deprecatedatnationallevel", "recognisedatnationallevel");
            Ok(text.into_bytes())
        })),
    row("tsl.truncated", SoftFail("tsl.signature"), "Half of the list comes, and then no more.",
        "Half a list is no list: the one from before holds until its next update.", "ETSI TS 119 612 §5.7", Making::TrustedList(|it| {
            let whole = it.with_list(|_, _| {})?;
            Ok(whole.get(..whole.len() / 2).unwrap_or_default().to_vec())
        })),
];

impl ListingScene<'_> {
    /// As it is published.
    fn signed(&self) -> Listed {
        Ok(self.list.to_signed_xml(self.habitat.publisher)?)
    }

    fn with_list(mut self, edit: fn(&mut TrustedList, &Habitat<'_>)) -> Listed {
        edit(&mut self.list, self.habitat);
        self.signed()
    }

    /// The entry of the certifier is edited; the other one that `edit` gets is somebody else's.
    fn with_entry(mut self, edit: fn(&mut TrustService, &TrustService, &Habitat<'_>)) -> Listed {
        let listed = self.habitat.registered(LISTED)?.certificate_der();
        let entries = self.list.providers.iter().flat_map(|it| &it.services);
        let other = entries
            .filter(|entry| entry.certificate_der != listed)
            .find(|entry| entry.kind == ServiceType::IdentityVerification)
            .cloned()
            .ok_or(ZooError::NoCertifier(LISTED))?;
        let entries = self
            .list
            .providers
            .iter_mut()
            .flat_map(|it| &mut it.services);
        for entry in entries.filter(|entry| entry.certificate_der == listed) {
            edit(entry, &other, self.habitat);
        }
        self.signed()
    }

    fn without_entry(mut self) -> Listed {
        let listed = self.habitat.registered(LISTED)?.certificate_der();
        for provider in &mut self.list.providers {
            provider
                .services
                .retain(|entry| entry.certificate_der != listed);
        }
        self.signed()
    }
}
