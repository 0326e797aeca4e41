//! vsmartcard for Rust: both ends of the wire between a virtual card and its virtual reader.
//!
//! *vsmartcard* is the project whose reader driver, **vpcd**, lets a program play a smart card:
//! pcscd loads the driver as if it drove a serial reader, the driver listens on a TCP port, and
//! the card connects to it. This crate has what a Rust program needs:
//!
//! - [`wire`]: the protocol spoken over that connection, as pure functions over bytes;
//! - [`driver`]: a *reader without pcscd*, which loads the distribution's driver into this very
//!   process, so that `cargo test` can put the real C code between itself and a card;
//! - [`handler`]: the other side of the same interface, for a Rust library that *is* a driver;
//! - [`winscard`]: the interface that clients see, for a Rust library that *is* PC/SC.
//!
//! # The wire in short
//!
//! ```text
//! frame   = length payload          length: u16, big-endian; payload: `length` bytes
//! reader -> card   00 01 00         power off             no answer
//!                  00 01 01         power on              no answer
//!                  00 01 02         reset                 no answer
//!                  00 01 04         what is your ATR?     answer: length ATR
//!                  length APDU      command               answer: length response
//! ```
//!
//! The driver listens (on every interface, slot *n* on port + *n*), the card connects, and the
//! reader speaks first. A lost connection is how the driver learns that the card was pulled out.
//!
//! # Why a card must re-arm `TCP_QUICKACK`
//!
//! The vpcd 3.3 that Debian 12 ships sends a frame's length and its payload in two writes and
//! leaves Nagle's algorithm on. The second write waits for our acknowledgement of the first, which
//! the kernel delays by 40 ms in the hope of an answer to carry it: **44 ms per APDU**, 21 a
//! second, whatever the card does. `TCP_NODELAY` on our socket changes nothing, because it is not
//! our data that waits. Setting `TCP_QUICKACK` (`std::os::linux::net::TcpStreamExt`) before *every*
//! read, because the kernel clears it again, together with answering in *one* write (see
//! [`wire::write_frame`]), brings the same driver to about ten thousand APDUs a second.
//!
//! # Licence of the driver
//!
//! vpcd is GPL software. It is loaded at run time from where the distribution installed it; no line
//! and no header of it is part of this crate. [`driver`] is bound to the IFD handler interface that
//! pcsc-lite publishes in `ifdhandler.h` and `reader.h`, under a BSD licence.

#[cfg(target_os = "linux")]
pub mod driver;
#[cfg(target_os = "linux")]
pub mod handler;
#[cfg(target_os = "linux")]
pub mod winscard;
pub mod wire;
