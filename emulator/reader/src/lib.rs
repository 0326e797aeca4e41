//! Cards in readers: transports, image files, the journal, a private pcscd.

pub mod pcscd;
pub mod ports;
