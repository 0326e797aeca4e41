//! The first bytes of a client: reading ends, and finds the protocols that rustls finds.

#![no_main]

use cns_portal::client_hello::Offered;
use libfuzzer_sys::fuzz_target;
use rustls::server::Acceptor;

fuzz_target!(|bytes: &[u8]| {
    let offered = Offered::from_records(bytes);
    let mut acceptor = Acceptor::default();
    let read = acceptor.read_tls(&mut &bytes[..]);
    let (Ok(_), Some(offered)) = (read, offered) else {
        return;
    };
    if let Ok(Some(accepted)) = acceptor.accept() {
        let hello = accepted.client_hello();
        let names = hello.alpn().into_iter().flatten();
        let names: Vec<_> = names.map(String::from_utf8_lossy).collect();
        assert_eq!(offered.alpn, names);
    }
});
