//! What a Rust library needs to *be* an IFD handler: a reader's driver that pcscd loads.
//!
//! Implement [`Reader`] and write [`export_ifd_handler!`](crate::export_ifd_handler) once, in a
//! `cdylib`; pcscd loads it by a `LIBPATH` line in `reader.conf(5)`. The macro exports the functions
//! of pcsc-lite's `ifdhandler.h` (version 3), which come here and are turned into calls of the trait:
//!
//! ```text
//! IFDHCreateChannelByName  Reader::open, for the first slot    IFDHICCPresence    is_present
//! IFDHCloseChannel         closed, when the last slot is       IFDHPowerICC       power
//! IFDHGetCapabilities      slots, wait_for_change              IFDHTransmitToICC  transmit
//!                                                              IFDHControl        control
//! ```
//!
//! # Presence
//!
//! pcscd asks whether a card is present after [`Reader::wait_for_change`] has returned, which it
//! calls on a thread of its own for each slot: a reader that waits for an event there is seen at
//! once, with no polling. (Tag `TAG_IFD_POLLING_THREAD_WITH_TIMEOUT`.)
//!
//! # Panics
//!
//! A panic in a [`Reader`] does not reach pcscd: the call is answered as a communication error.

#![allow(unsafe_code)]

pub mod registry;

pub use registry::Registry;

/// What the exported functions are declared with.
#[doc(hidden)]
pub use crate::driver::bindings;

use std::time::Duration;

/// A reader with slots. All methods can be called from several threads at once.
pub trait Reader: Send + Sync + Sized + 'static {
    /// The reader that a `DEVICENAME` in pcscd's configuration stands for.
    ///
    /// # Errors
    /// In one sentence, why there is none; pcscd is told that there is no such device, and the
    /// sentence goes to standard error, which is pcscd's log when it runs in the foreground.
    fn open(device: &str) -> Result<Self, String>;

    /// How many slots it has, at least 1. pcscd has room for 16 in all.
    fn slots(&self) -> u8;

    /// Whether a card is in the slot.
    fn is_present(&self, slot: u8) -> bool;

    /// Waits until [`Reader::is_present`] may say something else than the last time, at most `limit`.
    fn wait_for_change(&self, slot: u8, limit: Duration);

    /// Makes the thread that waits for this slot return at once, now and for ever after.
    fn stop_waiting(&self, slot: u8);

    /// Powers the card up or down, or resets it. The answer to reset, if it has power now.
    fn power(&self, slot: u8, power: Power) -> Result<Vec<u8>, Fault>;

    /// The answer to the last reset of the card in the slot; there is none without power.
    fn atr(&self, slot: u8) -> Result<Vec<u8>, Fault>;

    /// Sends a command APDU; puts the response APDU into `response`, which is empty.
    fn transmit(&self, slot: u8, command: &[u8], response: &mut Vec<u8>) -> Result<(), Fault>;

    /// SCardControl with this control code.
    fn control(&self, slot: u8, code: u32, input: &[u8]) -> Result<Vec<u8>, Fault>;
}

/// What is done to a card's power.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Power {
    /// It is switched on, a cold reset.
    Up,
    /// It is switched off.
    Down,
    /// The reset contact is pulled, a warm reset.
    Reset,
}

/// Why a call has no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// There is no card, or another one than the one that was powered.
    NoCard,
    /// The card said nothing in time.
    Mute,
    /// The card or the connection to it failed.
    Communication,
    /// The reader does not have this.
    NotSupported,
}

/// The control code of PC/SC for a number (`SCARD_CTL_CODE` of pcsc-lite).
pub const fn control_code(number: u32) -> u32 {
    0x4200_0000 + number
}

/// Exports the functions of an IFD handler whose reader is `$reader`. For `cdylib`s, once.
#[macro_export]
macro_rules! export_ifd_handler {
    ($reader:ty) => {
        static READERS: $crate::handler::Registry<$reader> = $crate::handler::Registry::new();

        mod exported {
            use super::READERS;
            use $crate::handler::bindings::{
                DWORD, LPSTR, PDWORD, PSCARD_IO_HEADER, PUCHAR, RESPONSECODE, SCARD_IO_HEADER,
            };

            // SAFETY, for all of them: pcscd calls them as `ifdhandler.h` says, which is what the
            // registry's functions ask for.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn IFDHCreateChannelByName(lun: DWORD, name: LPSTR) -> RESPONSECODE {
                unsafe { READERS.create_channel_by_name(lun, name) }
            }

            #[unsafe(no_mangle)]
            extern "C" fn IFDHCreateChannel(_: DWORD, _: DWORD) -> RESPONSECODE {
                $crate::handler::bindings::IFD_NOT_SUPPORTED as RESPONSECODE
            }

            #[unsafe(no_mangle)]
            extern "C" fn IFDHCloseChannel(lun: DWORD) -> RESPONSECODE {
                READERS.close_channel(lun)
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn IFDHGetCapabilities(
                lun: DWORD,
                tag: DWORD,
                length: PDWORD,
                value: PUCHAR,
            ) -> RESPONSECODE {
                unsafe { READERS.get_capabilities(lun, tag, length, value, poll, stop_polling) }
            }

            #[unsafe(no_mangle)]
            extern "C" fn IFDHSetCapabilities(
                _: DWORD,
                _: DWORD,
                _: DWORD,
                _: PUCHAR,
            ) -> RESPONSECODE {
                $crate::handler::bindings::IFD_NOT_SUPPORTED as RESPONSECODE
            }

            #[unsafe(no_mangle)]
            extern "C" fn IFDHSetProtocolParameters(
                _: DWORD,
                _: DWORD,
                _: u8,
                _: u8,
                _: u8,
                _: u8,
            ) -> RESPONSECODE {
                // Whatever the host wants of T=0 and T=1: APDUs travel whole.
                $crate::handler::bindings::IFD_SUCCESS as RESPONSECODE
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn IFDHPowerICC(
                lun: DWORD,
                action: DWORD,
                atr: PUCHAR,
                length: PDWORD,
            ) -> RESPONSECODE {
                unsafe { READERS.power_icc(lun, action, atr, length) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn IFDHTransmitToICC(
                lun: DWORD,
                _: SCARD_IO_HEADER,
                command: PUCHAR,
                command_length: DWORD,
                response: PUCHAR,
                response_length: PDWORD,
                _: PSCARD_IO_HEADER,
            ) -> RESPONSECODE {
                unsafe {
                    READERS.transmit_to_icc(lun, command, command_length, response, response_length)
                }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn IFDHControl(
                lun: DWORD,
                code: DWORD,
                input: PUCHAR,
                input_length: DWORD,
                output: PUCHAR,
                output_space: DWORD,
                output_length: PDWORD,
            ) -> RESPONSECODE {
                unsafe {
                    READERS.control(
                        lun,
                        code,
                        input,
                        input_length,
                        output,
                        output_space,
                        output_length,
                    )
                }
            }

            #[unsafe(no_mangle)]
            extern "C" fn IFDHICCPresence(lun: DWORD) -> RESPONSECODE {
                READERS.icc_presence(lun)
            }

            extern "C" fn poll(lun: DWORD, timeout_ms: i32) -> RESPONSECODE {
                READERS.poll(lun, timeout_ms)
            }

            extern "C" fn stop_polling(lun: DWORD) -> RESPONSECODE {
                READERS.stop_polling(lun)
            }
        }
    };
}
