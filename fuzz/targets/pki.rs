//! OCSP requests and certificates: reading ends, and a request that was read can be written and read
//! again.

#![no_main]

use cns_authority::forge::CertificateParts;
use cns_authority::ocsp::OcspRequest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = CertificateParts::read(bytes);
    if let Ok(path) = str::from_utf8(bytes) {
        let _ = OcspRequest::parse_path(path);
    }
    if let Ok(request) = OcspRequest::parse(bytes) {
        // A signature is not written, nor are extensions that say nothing here.
        let unsigned = OcspRequest {
            is_signed: false,
            ..request
        };
        assert_eq!(OcspRequest::parse(&unsigned.to_der()), Ok(unsigned));
    }
});
