//! The command parser and the response parser: whatever is parsed encodes to the same bytes.

#![no_main]

use cns_apdu::{Command, Response};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(command) = Command::parse(bytes) {
        assert_eq!(command.to_bytes(), bytes, "{command:?}");
    }
    if let Some(response) = Response::parse(bytes) {
        let again = [response.data, &response.sw.to_bytes()].concat();
        assert_eq!(again, bytes, "{response:?}");
    }
});
