//! Test certifiers for the Italian Carta Nazionale dei Servizi (CNS).
//!
//! The crate knows who a card holder is on paper (codice fiscale, card number, TEAM number), how
//! these end up in the common name of the authentication certificate, and how a certifier issues
//! that certificate. It knows the certifiers of a whole country, what became of the certificates
//! since (revocation lists, OCSP), and which certifiers portals are told to trust (`TSL-IT.xml`); and
//! it makes certificates that are wrong on purpose. It has no clock, no socket and no file: time comes
//! in as an argument, and certificates go out as bytes.
//!
//! Every certifier made here says `COLLAUDO` in its name, so that nothing it signs can be taken
//! for a real identity, and ends with the run, so that nobody trusts it for years.

pub mod belfiore_code;
pub mod card_number;
pub mod certificate_profile;
pub mod certificate_status;
pub mod certifier;
pub mod certifier_key;
pub mod certifier_term;
pub mod codice_fiscale;
pub mod common_name;
pub mod der;
pub mod forge;
pub mod ocsp;
pub mod office;
pub mod offices;
pub mod pem;
pub mod registry;
pub mod revocation_list;
pub mod serial_number;
pub mod signature_algorithm;
pub mod team_number;
pub mod trusted_list;
pub mod validity;
pub mod zoo;

mod certificate_identity;
mod certificate_policies;
mod codice_fiscale_compute;
mod luhn;

pub use belfiore_code::{BelfioreCode, BelfioreCodeError};
pub use card_number::{CardNumber, CardNumberError, CardType, RegionCode};
pub use certificate_profile::{CNS_POLICY, CnsSubject, RevocationUrls};
pub use certificate_status::{CertificateStatus, RevocationReason, StatusError, StatusRegister};
pub use certifier::{
    CertificationAuthority, CertifierError, CertifierName, PemPair, ServerCredential,
    test_certifier,
};
pub use certifier_key::CertifierKey;
pub use certifier_term::{CertifierTerm, OutlivesRun, RUN_MAX};
pub use codice_fiscale::{CodiceFiscale, CodiceFiscaleError, Sex};
pub use common_name::{CnsCommonName, CnsCommonNameError, personal_data_hash};
pub use office::{Office, OfficeError, OfficeTerms, Publication, PublishedList};
pub use offices::{NoOffice, Offices};
pub use registry::{RSA_CERTIFIERS, RegisteredCertifier, Registry, Standing, Succession};
pub use revocation_list::{IssuingDistributionPoint, RevocationListPlan, RevocationListScope};
pub use serial_number::{SerialNumber, SerialNumberError};
pub use signature_algorithm::SignatureAlgorithm;
pub use team_number::{TeamNumber, TeamNumberError};
pub use trusted_list::{TrustedList, TrustedListSigner};
pub use validity::{Validity, ValidityError};
