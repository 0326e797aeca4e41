//! The system's libpcsclite for a Rust program that is to start where there is none.
//!
//! Whoever links libpcsclite does not start without it, not even for what needs no PC/SC. So a program
//! writes [`load_winscard_late!`](crate::load_winscard_late) once: the functions that the crate `pcsc` calls
//! are its own then, and the linker finds no use for the library. Each of them loads the library when it
//! is first called, by the name under which every client does, and hands its arguments on as they are.

use std::sync::OnceLock;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW, Symbol};

use super::code::Code;
use super::glue::Long;

/// What clients load.
const NAME: &str = "libpcsclite.so.1";

/// What a call comes to where there is no library, or not this function in it: that there is no service.
pub const NO_LIBRARY: Code = Code::NoService;

/// One function of the library, found when it is first called.
pub struct Function<F> {
    name: &'static str,
    found: OnceLock<Option<Symbol<F>>>,
}

impl<F: Copy> Function<F> {
    /// # Safety
    /// `F` is the function's type in `winscard.h`.
    pub const unsafe fn named(name: &'static str) -> Self {
        Self {
            name,
            found: OnceLock::new(),
        }
    }

    /// The function; none where there is no library.
    pub fn find(&self) -> Option<F> {
        let found = self.found.get_or_init(|| {
            // SAFETY: whoever made this has promised that the type is the function's.
            unsafe { library()?.get(self.name.as_bytes()) }.ok()
        });
        found.as_ref().map(|symbol| **symbol)
    }
}

/// The library. It stays for as long as the process: what was found in it is called at any time.
fn library() -> Option<&'static Library> {
    static LIBRARY: OnceLock<Option<Library>> = OnceLock::new();
    let load = || {
        // SAFETY: the library's constructors are those that linking it would run.
        unsafe { Library::open(Some(NAME), RTLD_NOW | RTLD_LOCAL) }.ok()
    };
    LIBRARY.get_or_init(load).as_ref()
}

/// The answer of a call that could not be made.
pub fn refused() -> Long {
    NO_LIBRARY.to_long()
}

/// Defines functions that hand on to those of the same name in the library.
#[doc(hidden)]
#[macro_export]
macro_rules! hand_on_to_winscard {
    ($($name:ident($($argument:ident: $type:ty),+);)+) => {$(
        // SAFETY: clients call it as `winscard.h` says, and it passes on what it was given.
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($argument: $type),+) -> Long {
            type Handed = unsafe extern "C" fn($($type),+) -> Long;
            // The type is that of `winscard.h`.
            static FUNCTION: Function<Handed> = unsafe { Function::named(stringify!($name)) };
            match FUNCTION.find() {
                Some(function) => unsafe { function($($argument),+) },
                None => refused(),
            }
        }
    )+};
}

/// Has this program load libpcsclite when it first calls a function of it, and start where there is none.
/// Not for a library that exports these functions itself.
#[macro_export]
macro_rules! load_winscard_late {
    () => {
        mod winscard_of_the_system {
            use std::ffi::{c_char, c_void};

            use $crate::hand_on_to_winscard;
            use $crate::winscard::Handle;
            use $crate::winscard::glue::{Dword, IoRequest, Long, RawReaderState};
            use $crate::winscard::system::{Function, refused};

            $crate::export_io_requests!();

            hand_on_to_winscard! {
                SCardEstablishContext(
                    scope: Dword, first: *const c_void, second: *const c_void, context: *mut Handle
                );
                SCardReleaseContext(context: Handle);
                SCardIsValidContext(context: Handle);
                SCardCancel(context: Handle);
                SCardListReaders(
                    context: Handle, groups: *const c_char, readers: *mut c_char, length: *mut Dword
                );
                SCardGetStatusChange(
                    context: Handle, timeout: Dword, states: *mut RawReaderState, count: Dword
                );
                SCardConnect(
                    context: Handle, reader: *const c_char, mode: Dword, preferred: Dword,
                    card: *mut Handle, active: *mut Dword
                );
                SCardReconnect(
                    card: Handle, mode: Dword, preferred: Dword, before: Dword, active: *mut Dword
                );
                SCardDisconnect(card: Handle, after: Dword);
                SCardBeginTransaction(card: Handle);
                SCardEndTransaction(card: Handle, after: Dword);
                SCardStatus(
                    card: Handle, reader: *mut c_char, reader_length: *mut Dword,
                    state: *mut Dword, protocol: *mut Dword, atr: *mut u8, atr_length: *mut Dword
                );
                SCardTransmit(
                    card: Handle, sent_by: *const IoRequest, command: *const u8,
                    command_length: Dword, received_by: *mut IoRequest, response: *mut u8,
                    response_length: *mut Dword
                );
                SCardControl(
                    card: Handle, code: Dword, input: *const c_void, input_length: Dword,
                    output: *mut c_void, output_space: Dword, output_length: *mut Dword
                );
                SCardGetAttrib(card: Handle, attribute: Dword, value: *mut u8, length: *mut Dword);
                SCardSetAttrib(card: Handle, attribute: Dword, value: *const u8, length: Dword);
            }
        }
    };
}
