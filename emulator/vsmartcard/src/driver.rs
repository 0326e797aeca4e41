//! A reader without pcscd: the distribution's vpcd driver, loaded into this process.
//!
//! A *handler* (IFD handler, the PC/SC word for a reader's driver) is a shared library that pcscd
//! loads. [`IfdHandler::load`] does what pcscd would, so that the real C code of vpcd drives a card
//! from `cargo test`, without root, without a daemon and without the 400 ms of its polling:
//!
//! ```no_run
//! use std::time::Duration;
//! use vsmartcard::driver::{IfdHandler, find_library};
//!
//! let mut slot = IfdHandler::load(&find_library()?)?.open(21_000)?;
//! // Now a card connects to 127.0.0.1:21000.
//! slot.wait_for_card(Duration::from_secs(5))?;
//! let answer_to_reset = slot.power_up()?;
//! let response = slot.transmit(&[0x00, 0xA4, 0x00, 0x00])?;
//! # Ok::<(), vsmartcard::driver::DriverError>(())
//! ```
//!
//! # What vpcd imposes
//!
//! - **One at a time.** vpcd keeps its connections in a table of its own, by slot number, and a
//!   process has the library once however often it loads it: a second handler would quietly take
//!   over the first one's connection. [`IfdHandler::load`] therefore fails while another handler or
//!   slot of this process lives, and [`IfdHandler::open`] spends the handler on one slot.
//! - **No limit on waiting.** It waits for an answer until the card gives one or the connection
//!   ends. A caller that tests a card which may fall silent ends the connection from the card's
//!   side, by a timer.
//! - **All interfaces.** It listens on 0.0.0.0, backlog 0, and takes the first who connects.
//!
//! # `log_msg`
//!
//! The library refers to pcscd's log function and cannot be loaded without it. This crate carries
//! that function in a shared object of 4 KiB (`host/log_msg.rs`, built by `build.rs`) and loads it
//! first, so a dependent needs no linker argument and no `build.rs` for it.

#![allow(unsafe_code)]

use std::ffi::CString;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::wire::PAYLOAD_LENGTH_MAX;
use bindings::{DWORD, RESPONSECODE, SCARD_IO_HEADER};
use library::LoadedLibrary;

pub mod bindings;
mod error;
mod library;

pub use error::{DriverError, ResponseCode};
pub use library::find_library;

/// The logical unit number that pcscd would give the first slot of the first reader. vpcd listens
/// on the channel's port plus the slot number, which is the lower half of it.
const FIRST_SLOT: DWORD = 0;

/// How long [`Slot::wait_for_card`] sleeps between two looks.
const PRESENCE_POLL: Duration = Duration::from_millis(1);

/// The vpcd library, loaded and not yet listening.
#[derive(Debug)]
pub struct IfdHandler(LoadedLibrary);

impl IfdHandler {
    /// Loads the library at `path`, which [`find_library`] finds.
    ///
    /// # Errors
    /// The library cannot be loaded, is no IFD handler, or this process has one already.
    pub fn load(path: &Path) -> Result<Self, DriverError> {
        LoadedLibrary::load(path).map(Self)
    }

    /// Listens on `port`, all interfaces, for a card.
    ///
    /// # Errors
    /// vpcd could not listen there. It does not tell why; most often the port is taken.
    pub fn open(self, port: u16) -> Result<Slot, DriverError> {
        // The device in front of the colon must be an existing file for pcscd's sake; /dev/null
        // tells vpcd to listen, any other name to connect to a host of that name.
        self.open_device(&format!("/dev/null:0x{port:04X}"))
            .map_err(|code| DriverError::PortRefused { port, code })
    }

    /// Opens the first slot of what a handler other than vpcd calls a device.
    ///
    /// # Errors
    /// The handler's answer, when it refuses, or when the name has a NUL inside.
    pub fn open_device(self, device: &str) -> Result<Slot, ResponseCode> {
        let Self(library) = self;
        let no_such_device = ResponseCode(bindings::IFD_NO_SUCH_DEVICE.into());
        let name = CString::new(device).map_err(|_| no_such_device)?;
        // SAFETY: the function takes a string that ends in NUL, reads it and keeps no pointer to
        // it; `name` lives until after the call. The pointer is mutable in the header only.
        let code = unsafe {
            library
                .functions()
                .IFDHCreateChannelByName(FIRST_SLOT, name.as_ptr().cast_mut())
        };
        succeeded(code)?;
        Ok(Slot {
            library,
            answer: vec![0; PAYLOAD_LENGTH_MAX].into_boxed_slice(),
        })
    }
}

/// A reader's slot that a card can enter. Dropping it hangs up and frees the port.
#[derive(Debug)]
pub struct Slot {
    library: LoadedLibrary,
    /// Where vpcd writes answers. It can hold the longest one that the wire can carry.
    answer: Box<[u8]>,
}

impl Slot {
    /// Whether a card is in the slot. Takes a card that has connected in the meantime, and asks it
    /// for its ATR.
    ///
    /// # Errors
    /// The driver answered neither yes nor no.
    pub fn card_present(&mut self) -> Result<bool, DriverError> {
        // SAFETY: takes the number of a slot that is open, and no pointer.
        let code = unsafe { self.library.functions().IFDHICCPresence(FIRST_SLOT) };
        match u32::try_from(code) {
            Ok(bindings::IFD_ICC_PRESENT | bindings::IFD_SUCCESS) => Ok(true),
            Ok(bindings::IFD_ICC_NOT_PRESENT) => Ok(false),
            _ => Err(DriverError::Presence(ResponseCode(code))),
        }
    }

    /// Waits until a card is in the slot, at most for `limit`.
    ///
    /// # Errors
    /// No card came, or the driver failed.
    pub fn wait_for_card(&mut self, limit: Duration) -> Result<(), DriverError> {
        let started = Instant::now();
        while !self.card_present()? {
            if limit <= started.elapsed() {
                return Err(DriverError::NoCard { limit });
            }
            std::thread::sleep(PRESENCE_POLL);
        }
        Ok(())
    }

    /// Gives the card power, a cold reset, and returns its answer-to-reset.
    ///
    /// # Errors
    /// There is no card, or it gave no ATR of at most 33 bytes.
    pub fn power_up(&mut self) -> Result<Vec<u8>, DriverError> {
        self.power(bindings::IFD_POWER_UP)
    }

    /// Resets the card without taking its power, a warm reset, and returns its answer-to-reset.
    ///
    /// # Errors
    /// As [`Slot::power_up`].
    pub fn reset(&mut self) -> Result<Vec<u8>, DriverError> {
        self.power(bindings::IFD_RESET)
    }

    /// Takes the card's power. It stays in the slot.
    ///
    /// # Errors
    /// The card could not be told.
    pub fn power_down(&mut self) -> Result<(), DriverError> {
        self.power(bindings::IFD_POWER_DOWN).map(drop)
    }

    /// Sends a command APDU, which is not looked at, and returns the response APDU.
    ///
    /// # Errors
    /// The command is one that the wire cannot carry (fewer than 2 bytes, where the controls are,
    /// or more than [`PAYLOAD_LENGTH_MAX`]), or the card left before it answered.
    pub fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, DriverError> {
        if !(2..=PAYLOAD_LENGTH_MAX).contains(&command.len()) {
            return Err(DriverError::CommandLength(command.len()));
        }
        let send = SCARD_IO_HEADER {
            Protocol: 1,
            Length: 0,
        }; // T=1; vpcd does not look
        let mut receive = send;
        let mut length = self.answer.len() as DWORD;
        // SAFETY: `command` is readable for its length, and is only read although the header's
        // pointer is mutable; `answer` is writable for `length` bytes; `length` and `receive` are
        // writable and live until after the call. vpcd keeps none of the pointers.
        let code = unsafe {
            self.library.functions().IFDHTransmitToICC(
                FIRST_SLOT,
                send,
                command.as_ptr().cast_mut(),
                command.len() as DWORD,
                self.answer.as_mut_ptr(),
                &raw mut length,
                &raw mut receive,
            )
        };
        succeeded(code).map_err(DriverError::NoAnswer)?;
        let response = written(&self.answer, length)?;
        // That is how vpcd 3.3 reports the command during which the card left.
        if response.is_empty() {
            Err(DriverError::NoAnswer(ResponseCode(code)))
        } else {
            Ok(response)
        }
    }

    /// SCardControl with this control code: what the reader itself is asked, not the card.
    ///
    /// # Errors
    /// The handler's answer, when it refuses.
    pub fn control(&mut self, code: u32, input: &[u8]) -> Result<Vec<u8>, DriverError> {
        let mut length: DWORD = 0;
        // SAFETY: `input` is readable for its length, and is only read although the header's pointer
        // is mutable; `answer` is writable for its length; `length` is writable. All live until after
        // the call, and a handler keeps no pointer.
        let answered = unsafe {
            self.library.functions().IFDHControl(
                FIRST_SLOT,
                code.into(),
                input.as_ptr().cast_mut(),
                input.len() as DWORD,
                self.answer.as_mut_ptr(),
                self.answer.len() as DWORD,
                &raw mut length,
            )
        };
        succeeded(answered).map_err(DriverError::NoAnswer)?;
        written(&self.answer, length)
    }

    fn power(&mut self, action: u32) -> Result<Vec<u8>, DriverError> {
        let mut atr = [0_u8; bindings::MAX_ATR_SIZE as usize];
        let mut length = atr.len() as DWORD;
        // SAFETY: `atr` is writable for the MAX_ATR_SIZE bytes that the interface demands, which
        // `length` repeats; both live until after the call, and vpcd keeps neither pointer.
        let code = unsafe {
            self.library.functions().IFDHPowerICC(
                FIRST_SLOT,
                action.into(),
                atr.as_mut_ptr(),
                &raw mut length,
            )
        };
        succeeded(code).map_err(DriverError::Power)?;
        written(&atr, length)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        // SAFETY: takes the number of a slot that `open` opened and nothing else closes.
        let _ = unsafe { self.library.functions().IFDHCloseChannel(FIRST_SLOT) };
    }
}

fn succeeded(code: RESPONSECODE) -> Result<(), ResponseCode> {
    if code == RESPONSECODE::from(bindings::IFD_SUCCESS) {
        Ok(())
    } else {
        Err(ResponseCode(code))
    }
}

/// The part of a buffer that the driver says it has written.
fn written(buffer: &[u8], length: DWORD) -> Result<Vec<u8>, DriverError> {
    usize::try_from(length)
        .ok()
        .and_then(|length| buffer.get(..length))
        .map(<[u8]>::to_vec)
        .ok_or(DriverError::AnswerLength {
            length,
            space: buffer.len(),
        })
}
