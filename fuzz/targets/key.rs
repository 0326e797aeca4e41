//! Client certificates: reading ends, and the key that a proof of possession is verified with is the one that
//! a reader of the whole certificate finds.

#![no_main]

use cns_portal::certificate::CertificateFacts;
use cns_portal::possession::key_of_certificate;
use libfuzzer_sys::fuzz_target;
use x509_parser::prelude::{FromDer, X509Certificate};

fuzz_target!(|bytes: &[u8]| {
    let _ = CertificateFacts::from_der(bytes);
    let key = key_of_certificate(bytes);
    if let (Some(key), Ok((_, certificate))) = (key, X509Certificate::from_der(bytes)) {
        assert_eq!(key, &*certificate.public_key().subject_public_key.data);
    }
});
