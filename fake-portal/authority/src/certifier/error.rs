//! Why a certifier is refused, or does not issue.

use thiserror::Error;

use crate::certifier_term::OutlivesRun;
use crate::forge::ForgeError;
use crate::trusted_list::XmlError;
use crate::validity::ValidityError;

/// Why a certifier could not be made or could not issue.
#[derive(Debug, Error)]
pub enum CertifierError {
    /// The name does not mark the certifier as one for tests.
    #[error("the certifier {common_name:?} is refused: the name of a test certifier says COLLAUDO")]
    NotMarked {
        /// The common name.
        common_name: String,
    },
    /// The certifier would be there after the run.
    #[error("the certifier {common_name:?} is refused: {reason}")]
    OutlivesRun {
        /// The common name.
        common_name: String,
        /// Until when.
        reason: OutlivesRun,
    },
    /// A certificate would end before it begins: the certifier's own has ended by then.
    #[error(transparent)]
    Validity(#[from] ValidityError),
    /// The certifier's own certificate cannot be made anew.
    #[error("the certifier's certificate cannot be renewed: {0}")]
    Renewal(#[source] Box<ForgeError>),
    /// A name does not fit in its field (X.520 upper bounds).
    #[error("the {field} must have 1 to 64 characters, not {seen}")]
    NameLength {
        /// Which name.
        field: &'static str,
        /// Characters in it.
        seen: usize,
    },
    /// A server certificate was asked for with no name in it.
    #[error("a server certificate needs a host name or an IP address")]
    NoServerName,
    /// A kept certifier's certificate cannot be read.
    #[error("the certifier's certificate is not a PEM certificate: {reason}")]
    Certificate {
        /// What the reader says.
        reason: String,
    },
    /// A kept certifier's key cannot be read.
    #[error("the certifier's private key is not a PKCS#8 key in PEM: {0}")]
    PrivateKey(#[source] rcgen::Error),
    /// A key of a kind that no certifier here signs with.
    #[error("the private key is neither ECDSA P-256 nor RSA")]
    KeyAlgorithm,
    /// Certificate and key are not of one pair.
    #[error(
        "the private key is not that of the certifier {common_name:?}: keep both in one folder"
    )]
    KeyMismatch {
        /// The certifier's common name.
        common_name: String,
    },
    /// The public key to certify cannot be read.
    #[error("the card's public key is not a SubjectPublicKeyInfo of a known algorithm: {0}")]
    SubjectPublicKey(#[source] rcgen::Error),
    /// The certificate cannot be written or signed.
    #[error("the certificate cannot be made: {0}")]
    Encoding(#[source] rcgen::Error),
    /// The revocation list cannot be written or signed.
    #[error("the revocation list cannot be made: {0}")]
    RevocationList(#[source] rcgen::Error),
    /// The trusted list cannot be written.
    #[error("the trusted list cannot be written: {0}")]
    TrustedList(#[source] std::io::Error),
    /// What was written cannot be read again, to be signed.
    #[error("the trusted list cannot be signed: {0}")]
    Xml(#[from] XmlError),
    /// A trusted list was to be signed with a key of another kind.
    #[error("the publisher of a trusted list signs with RSA here, and its key is of another kind")]
    TrustedListKey,
    /// The system gives no random bytes.
    #[error("the system's random number generator failed")]
    Randomness,
}
