//! Card images: bytes are an image or a reason, and what was read can be written and read again.

#![no_main]

use cns_card::CardImage;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(image) = CardImage::decode(bytes) else {
        return;
    };
    let written = image
        .encode()
        .expect("an image that was read can be written");
    let again = CardImage::decode(&written).expect("an image that was written can be read");
    assert_eq!(again.encode().ok(), Some(written));
});
