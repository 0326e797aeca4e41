//! A zoo: certificates, revocation lists, OCSP responses, chains and trusted lists that a portal will
//! meet one day, each with what the portal must do about it and where that is written.
//!
//! Most animals are wrong in one way, and are to be refused for that one reason. Others only look
//! wrong, or are rare, and are to be let in: a portal that refuses them keeps citizens out.
//!
//! An [`Animal`] is a row of a table; [`Animal::make`] makes a [`Specimen`] of it out of a
//! [`Habitat`]: certifiers, a card, the time. Two specimens of one animal differ in nothing but keys,
//! signatures and serial numbers.
//!
//! | family | what is odd | table |
//! |---|---|---|
//! | `cert` | the certificate on the card | `zoo/certificate/` |
//! | `crl` | the certifier's revocation list | `zoo/revocation_list.rs` |
//! | `ocsp` | what the certifier's OCSP responder answers | `zoo/ocsp.rs` |
//! | `tls` | what comes with the certificate; the portal's own certificate | `zoo/tls.rs` |
//! | `tsl` | the list that says which certifiers are to be trusted | `zoo/trusted_list.rs` |

mod certificate;
mod habitat;
mod ocsp;
mod revocation_list;
mod specimen;
mod tls;
mod trusted_list;

pub use habitat::{Habitat, ZooError};
pub use specimen::{Answer, HeldKey, OcspExchange, Specimen};

use crate::forge::Change;
use ocsp::OcspScene;
use revocation_list::ListScene;
use tls::ChainScene;
use trusted_list::ListingScene;

/// Something that a portal may meet.
pub struct Animal {
    /// What it is called for ever: `family.what`, such as `cert.expired`.
    pub id: &'static str,
    /// What is odd about it, as one sentence.
    pub odd: &'static str,
    /// What a portal must do.
    pub verdict: Verdict,
    /// Why it must, as one sentence.
    pub why: &'static str,
    /// Where that is written.
    pub written: &'static str,
    making: Making,
}

/// What a portal must do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Let the citizen in.
    Accept,
    /// Let nobody in: this check fails.
    Refuse(&'static str),
    /// This check can be neither passed nor failed. A portal lets the citizen in only if its operator
    /// has decided so beforehand, and says in any case that it does not know.
    SoftFail(&'static str),
}

/// Which part of a login is odd.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Family {
    /// The card's certificate.
    Certificate,
    /// The revocation list.
    RevocationList,
    /// The OCSP response.
    Ocsp,
    /// The handshake.
    Tls,
    /// The trusted list.
    TrustedList,
}

/// How an animal is made.
enum Making {
    /// A good certificate with these changes.
    Certificate(Signer, fn(&Habitat<'_>) -> Vec<Change>),
    /// What became of a good certificate, and how the list is published that should tell it.
    RevocationList(Fate, fn(&ListScene<'_>) -> Result<Answer, ZooError>),
    /// What became of a good certificate, and what the responder answers who asks about it.
    Ocsp(Fate, fn(&OcspScene<'_>) -> Result<Answer, ZooError>),
    /// A good certificate, and the certificates that the client sends: its own first, if it is right.
    Chain(
        HeldKey,
        fn(&ChainScene<'_>) -> Result<Vec<Vec<u8>>, ZooError>,
    ),
    /// The portal's own certificate: a good one with these changes, shown by the host
    /// [`SERVER_NAME`].
    Server(Signer, fn(&Habitat<'_>) -> Vec<Change>),
    /// A good certificate of [`LISTED`], and the list that does or does not name its certifier.
    TrustedList(fn(ListingScene<'_>) -> Result<Vec<u8>, ZooError>),
}

/// Who signs a certificate.
#[derive(Clone, Copy)]
enum Signer {
    /// The certifier that the portal trusts.
    Home,
    /// Somebody else in the name of that certifier: a name is no signature.
    Impostor,
    /// The certifier of the registry that programs call so.
    Registered(&'static str),
}

/// What became of a certificate.
#[derive(Clone, Copy)]
enum Fate {
    Good,
    Revoked,
    OnHold,
    Released,
    NeverIssued,
}

/// The name of the host that shows the certificates of a portal.
pub const SERVER_NAME: &str = "portale.test";

/// The certifier whose standing the animals of the family `tsl` are about, as the registry calls it.
const LISTED: &str = "lombardia";

/// All animals, family by family.
pub fn animals() -> impl Iterator<Item = &'static Animal> {
    [
        certificate::accepted::ANIMALS,
        certificate::chain::ANIMALS,
        certificate::usage::ANIMALS,
        certificate::name::ANIMALS,
        revocation_list::ANIMALS,
        ocsp::ANIMALS,
        tls::ANIMALS,
        trusted_list::ANIMALS,
    ]
    .into_iter()
    .flatten()
}

/// The animal that is called so.
pub fn animal(id: &str) -> Option<&'static Animal> {
    animals().find(|animal| animal.id == id)
}

impl Animal {
    /// Which part of a login is odd.
    pub const fn family(&self) -> Family {
        match self.making {
            Making::Certificate(..) => Family::Certificate,
            Making::RevocationList(..) => Family::RevocationList,
            Making::Ocsp(..) => Family::Ocsp,
            Making::Chain(..) | Making::Server(..) => Family::Tls,
            Making::TrustedList(..) => Family::TrustedList,
        }
    }

    /// Whether all that is odd is the certificate: then a card can have it, and any client shows it.
    pub const fn fits_on_a_card(&self) -> bool {
        matches!(self.making, Making::Certificate(..))
    }

    /// Whether all that is odd is what a client with the card's key shows, and a portal that trusts
    /// nobody but [`Habitat::home`] can be judged by it.
    ///
    /// Certificates of other certifiers, which are to be refused, belong to it: such a portal has never
    /// heard of their certifier.
    pub fn can_be_shown_at_home(&self) -> bool {
        match self.making {
            Making::Certificate(Signer::Registered(_), _) => {
                matches!(self.verdict, Verdict::Refuse(_))
            }
            Making::Certificate(..) => !matches!(self.verdict, Verdict::Refuse("key.strength")),
            Making::Chain(HeldKey::Card, _) => true,
            _ => false,
        }
    }
}

impl Verdict {
    /// `accept`, `refuse` or `soft-fail`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse(_) => "refuse",
            Self::SoftFail(_) => "soft-fail",
        }
    }

    /// The check that fails, or cannot be made.
    pub const fn check(self) -> Option<&'static str> {
        match self {
            Self::Accept => None,
            Self::Refuse(check) | Self::SoftFail(check) => Some(check),
        }
    }
}

impl Family {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 5] = [
        Self::Certificate,
        Self::RevocationList,
        Self::Ocsp,
        Self::Tls,
        Self::TrustedList,
    ];

    /// What the names of its animals begin with.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certificate => "cert",
            Self::RevocationList => "crl",
            Self::Ocsp => "ocsp",
            Self::Tls => "tls",
            Self::TrustedList => "tsl",
        }
    }
}

/// A row of a table.
const fn animal_row(
    id: &'static str,
    verdict: Verdict,
    odd: &'static str,
    why: &'static str,
    written: &'static str,
    making: Making,
) -> Animal {
    Animal {
        id,
        odd,
        verdict,
        why,
        written,
        making,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_animal_has_a_name_of_its_family_and_no_other_has_it() {
        let mut seen = std::collections::BTreeSet::new();
        for animal in animals() {
            let family = animal.id.split_once('.').map(|(family, _)| family);
            assert_eq!(family, Some(animal.family().name()), "{}", animal.id);
            assert!(seen.insert(animal.id), "{} is there twice", animal.id);
            for sentence in [animal.odd, animal.why] {
                assert!(sentence.ends_with('.'), "{}: {sentence}", animal.id);
            }
            assert!(!animal.written.is_empty(), "{}", animal.id);
        }
    }

    #[test]
    fn every_family_has_animals_to_let_in_and_to_keep_out() {
        for family in Family::ALL {
            let is = |wanted: fn(Verdict) -> bool| {
                animals().any(|it| it.family() == family && wanted(it.verdict))
            };
            assert!(is(|it| it == Verdict::Accept), "{family:?}");
            assert!(is(|it| matches!(it, Verdict::Refuse(_))), "{family:?}");
        }
        assert!(60 <= animals().count(), "the zoo is small");
    }
}
