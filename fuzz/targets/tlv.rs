//! BER-TLV: reading ends, and an object that was read can be written and read again.

#![no_main]

use cns_apdu::tlv::{self, Tlv};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| walk(bytes));

fn walk(bytes: &[u8]) {
    for object in tlv::objects(bytes).map_while(Result::ok) {
        // The length may have been written longer than it need be, so the bytes are not compared.
        let mut written = Vec::new();
        tlv::write(&mut written, object.tag, object.value);
        assert_eq!(Tlv::read(&written), Ok((object, &[][..])), "{object:?}");
        assert!(tlv::find(bytes, object.tag).is_some());
        if object.tag.is_constructed() {
            walk(object.value);
        }
    }
}
