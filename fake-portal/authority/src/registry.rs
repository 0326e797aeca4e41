//! The test certifiers of a country: those that a portal trusts, and those that it must not.
//!
//! As in the field, each region has a certifier of its own, a self-signed root that issues the cards'
//! certificates directly. Every name says `COLLAUDO`.

use time::{Duration, OffsetDateTime};

use crate::certificate_profile::RevocationUrls;
use crate::certifier::{CertificationAuthority, CertifierError, CertifierName, MARK};
use crate::certifier_key::CertifierKey;
use crate::certifier_term::CertifierTerm;
use crate::trusted_list::TrustedList;
use crate::validity::Validity;

/// What the trusted list says of a certifier.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It stands there as recognised: portals trust it.
    Recognised,
    /// It stood there as recognised, and does no more: its cards are still about.
    Deprecated,
    /// It was taken off: nothing of it is to be believed any more.
    Withdrawn,
    /// It never stood there.
    Unlisted,
}

/// What becomes of a certifier when its certificate comes to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Succession {
    /// It goes on with the same key, under a new certificate.
    Renewed,
    /// It has ended, and nobody follows.
    Ended,
}

/// A test certifier and its place among the others.
#[derive(Clone)]
pub struct RegisteredCertifier {
    /// What programs call it: `lombardia`.
    pub id: &'static str,
    /// What the trusted list says of it.
    pub standing: Standing,
    /// What becomes of it when its certificate comes to its end.
    pub succession: Succession,
    /// The certifier itself.
    pub authority: CertificationAuthority,
}

/// All test certifiers.
#[derive(Clone)]
pub struct Registry {
    certifiers: Vec<RegisteredCertifier>,
    /// Listed for other services, which no card has anything to do with: a certifier of qualified
    /// signatures, a time-stamping authority.
    qualified: CertificationAuthority,
    time_stamping: CertificationAuthority,
}

impl Registry {
    /// New certifiers, with new keys but for those that sign with RSA, which `ring` cannot make.
    /// They end with a run that begins at `now`.
    pub fn new(
        now: OffsetDateTime,
        rsa_keys: [CertifierKey; RSA_CERTIFIERS],
    ) -> Result<Self, CertifierError> {
        let mut rsa_keys = rsa_keys.into_iter();
        let certifiers = ROSTER
            .iter()
            .map(|entry| {
                let key = match entry.key {
                    KeyKind::Rsa => rsa_keys.next(),
                    KeyKind::P256 => None,
                };
                entry.certifier(now, key)
            })
            .collect::<Result<_, _>>()?;
        let decoy = |common_name: &str| {
            let name = CertifierName {
                organization: POSTE.to_owned(),
                common_name: format!("{common_name} {MARK}"),
            };
            CertificationAuthority::new(&name, CertifierTerm::of_run(years_before(now, 5), now)?)
        };
        Ok(Self {
            certifiers,
            qualified: decoy("CA Firma Qualificata")?,
            time_stamping: decoy("Marca Temporale")?,
        })
    }

    /// The same, whose certifiers write these addresses into what they issue from now on.
    pub fn with_revocation_urls(self, urls: impl Fn(&str) -> RevocationUrls) -> Self {
        let certifiers = self.certifiers.into_iter().map(|certifier| {
            let urls = urls(certifier.id);
            RegisteredCertifier {
                authority: certifier.authority.with_revocation_urls(urls),
                ..certifier
            }
        });
        Self {
            certifiers: certifiers.collect(),
            ..self
        }
    }

    /// Renews those that are listed for other services, if it is time. The others have offices, which see
    /// to it: see [`crate::Offices`].
    pub(crate) fn renew_other_services(
        &mut self,
        now: OffsetDateTime,
    ) -> Result<bool, CertifierError> {
        let mut is_news = false;
        for certifier in [&mut self.qualified, &mut self.time_stamping] {
            if certifier.is_due(now) {
                *certifier = certifier.renewed(now)?;
                is_news = true;
            }
        }
        Ok(is_news)
    }

    /// All of them, in the order of the table in this file.
    pub fn certifiers(&self) -> &[RegisteredCertifier] {
        &self.certifiers
    }

    /// The certifier that programs call so.
    pub fn certifier(&self, id: &str) -> Option<&RegisteredCertifier> {
        self.certifiers.iter().find(|certifier| certifier.id == id)
    }

    /// The certifiers that a portal is to trust: what the list recognises. One of them has expired,
    /// which is for the portal to see.
    pub fn recognised(&self) -> impl Iterator<Item = &RegisteredCertifier> {
        self.certifiers
            .iter()
            .filter(|certifier| certifier.standing == Standing::Recognised)
    }

    /// The trusted list of these certifiers, made at `issued` and replaced within six months
    /// (ETSI TS 119 612 §5.3.15).
    pub fn trusted_list(&self, issued: OffsetDateTime) -> Result<TrustedList, CertifierError> {
        let certifiers = self.certifiers.iter();
        self.trusted_list_of(certifiers.map(|it| (&it.authority, it.standing)), issued)
    }

    /// The same of other certifiers than those of the registry.
    pub(crate) fn trusted_list_of<'a>(
        &self,
        certifiers: impl Iterator<Item = (&'a CertificationAuthority, Standing)>,
        issued: OffsetDateTime,
    ) -> Result<TrustedList, CertifierError> {
        TrustedList::of(certifiers, &self.qualified, &self.time_stamping, issued)
    }
}

const COLLAUDO: &str = "Certificatore di Collaudo S.p.A.";
const POSTE: &str = "Poste di Collaudo S.p.A.";

/// A line of the table below.
#[derive(Clone, Copy)]
struct Entry {
    id: &'static str,
    organization: &'static str,
    region: &'static str,
    key: KeyKind,
    standing: Standing,
    /// For how many years it has been valid.
    years: i64,
    /// Before how many years it ended; nothing if it is renewed whenever its end is near.
    ended: Option<i64>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum KeyKind {
    P256,
    Rsa,
}

/// What most lines have; they say what differs.
const USUAL: Entry = Entry {
    id: "lombardia",
    organization: COLLAUDO,
    region: "Regione Lombardia",
    key: KeyKind::P256,
    standing: Standing::Recognised,
    years: 6,
    ended: None,
};

/// How many of the certifiers sign with RSA.
pub const RSA_CERTIFIERS: usize = 2;

const ROSTER: [Entry; 11] = [
    USUAL,
    Entry {
        id: "toscana",
        region: "Regione Toscana",
        key: KeyKind::Rsa,
        ..USUAL
    },
    Entry {
        id: "sardegna",
        organization: POSTE,
        region: "Regione Autonoma della Sardegna",
        ..USUAL
    },
    Entry {
        id: "bolzano",
        organization: POSTE,
        region: "Provincia autonoma di Bolzano",
        key: KeyKind::Rsa,
        ..USUAL
    },
    // One name, two keys: the certifier was renewed, and cards of both are about.
    Entry {
        id: "lazio",
        organization: POSTE,
        region: "Regione Lazio",
        years: 12,
        ..USUAL
    },
    Entry {
        id: "lazio-renewed",
        organization: POSTE,
        region: "Regione Lazio",
        years: 3,
        ..USUAL
    },
    // Recognised to this day, but its own certificate has run out.
    Entry {
        id: "veneto",
        region: "Regione Veneto",
        years: 20,
        ended: Some(1),
        ..USUAL
    },
    Entry {
        id: "basilicata",
        region: "Regione Basilicata",
        standing: Standing::Deprecated,
        ..USUAL
    },
    Entry {
        id: "umbria",
        organization: POSTE,
        region: "Regione Umbria",
        standing: Standing::Withdrawn,
        ..USUAL
    },
    Entry {
        id: "molise",
        region: "Regione Molise",
        standing: Standing::Unlisted,
        ..USUAL
    },
    // The name of one that is listed, and a key that nobody has listed.
    Entry {
        id: "false-lombardia",
        standing: Standing::Unlisted,
        ..USUAL
    },
];

impl Entry {
    fn certifier(
        &self,
        now: OffsetDateTime,
        key: Option<CertifierKey>,
    ) -> Result<RegisteredCertifier, CertifierError> {
        let name = CertifierName {
            organization: self.organization.to_owned(),
            ..CertifierName::regional(self.region)
        };
        let key = key.map_or_else(CertifierKey::generate, Ok)?;
        let not_before = years_before(now, self.years);
        let (succession, term) = match self.ended {
            None => (Succession::Renewed, CertifierTerm::of_run(not_before, now)?),
            Some(years) => {
                let validity = Validity::new(not_before, years_before(now, years))?;
                let term = CertifierTerm::new(validity, now);
                let term = term.expect("what has ended ends before the run does");
                (Succession::Ended, term)
            }
        };
        Ok(RegisteredCertifier {
            id: self.id,
            standing: self.standing,
            succession,
            authority: CertificationAuthority::with_key(&name, key, term)?,
        })
    }
}

fn years_before(now: OffsetDateTime, years: i64) -> OffsetDateTime {
    now.saturating_sub(Duration::days(365 * years))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rsa_key_has_its_certifier_and_every_certifier_its_name() {
        let rsa = ROSTER.iter().filter(|entry| entry.key == KeyKind::Rsa);
        assert_eq!(rsa.count(), RSA_CERTIFIERS);
        for (place, entry) in ROSTER.iter().enumerate() {
            let earlier = ROSTER[..place].iter().any(|other| other.id == entry.id);
            assert!(!earlier, "{} stands in the table twice", entry.id);
        }
    }
}
