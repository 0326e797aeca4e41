//! Certifiers from PEM files.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The certificates of a PEM text (RFC 7468), as DER, in their order. None when a block is damaged.
pub fn certificates_from_pem(text: &str) -> Option<Vec<Vec<u8>>> {
    CertificateDer::pem_slice_iter(text.as_bytes())
        .map(|certificate| certificate.map(|certificate| certificate.to_vec()).ok())
        .collect()
}
