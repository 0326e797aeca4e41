//! The readers of one handler, by pcscd's numbers, and the C side of each call.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Fault, Power, Reader};
use crate::driver::bindings::{self, DWORD, LPSTR, PDWORD, PUCHAR, RESPONSECODE};

/// `SCARD_ATTR_ATR_STRING` of `reader.h`: what SCardGetAttrib asks for, pcscd asks the driver for.
const ATR_STRING: u32 = 0x0009_0303;

/// A function that pcscd calls to wait for a card: a logical unit, and milliseconds.
pub type Poll = extern "C" fn(DWORD, c_int) -> RESPONSECODE;

/// A function that pcscd calls to end that.
pub type StopPolling = extern "C" fn(DWORD) -> RESPONSECODE;

/// The readers that pcscd has opened.
///
/// A logical unit number has the reader in its upper half and the slot in its lower half.
pub struct Registry<R>(Mutex<BTreeMap<u16, Opened<R>>>);

struct Opened<R> {
    reader: Arc<R>,
    open_slots: usize,
}

impl<R: Reader> Registry<R> {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// `IFDHCreateChannelByName`: the first slot opens the reader, the others join it.
    ///
    /// # Safety
    /// `name` is null or a string that ends in NUL.
    pub unsafe fn create_channel_by_name(&self, lun: DWORD, name: LPSTR) -> RESPONSECODE {
        if name.is_null() {
            return code(bindings::IFD_COMMUNICATION_ERROR);
        }
        // SAFETY: the caller says that it is a string that ends in NUL; it is copied here.
        let name = unsafe { CStr::from_ptr(name) };
        let device = name.to_string_lossy().into_owned();
        let open = || {
            let mut readers = self.readers();
            if let Some(opened) = readers.get_mut(&reader_of(lun)) {
                opened.open_slots += 1;
                return code(bindings::IFD_SUCCESS);
            }
            match R::open(&device) {
                Ok(reader) => {
                    let reader = Arc::new(reader);
                    let open_slots = 1;
                    readers.insert(reader_of(lun), Opened { reader, open_slots });
                    code(bindings::IFD_SUCCESS)
                }
                Err(reason) => {
                    eprintln!("{device}: {reason}");
                    code(bindings::IFD_NO_SUCH_DEVICE)
                }
            }
        };
        guarded(open)
    }

    /// `IFDHCloseChannel`: the last slot closes the reader.
    pub fn close_channel(&self, lun: DWORD) -> RESPONSECODE {
        guarded(|| {
            let mut readers = self.readers();
            let Some(opened) = readers.get_mut(&reader_of(lun)) else {
                return code(bindings::IFD_NO_SUCH_DEVICE);
            };
            opened.reader.stop_waiting(slot_of(lun));
            opened.open_slots -= 1;
            if opened.open_slots == 0 {
                readers.remove(&reader_of(lun));
            }
            code(bindings::IFD_SUCCESS)
        })
    }

    /// `IFDHGetCapabilities`: how many slots there are, and how to wait for a card.
    ///
    /// # Safety
    /// `length` is null, or says how many bytes can be written to `value`, and can be written.
    pub unsafe fn get_capabilities(
        &self,
        lun: DWORD,
        tag: DWORD,
        length: PDWORD,
        value: PUCHAR,
        poll: Poll,
        stop_polling: StopPolling,
    ) -> RESPONSECODE {
        let Ok(tag) = u32::try_from(tag) else {
            return code(bindings::IFD_ERROR_TAG);
        };
        let bytes: Vec<u8> = match tag {
            // Several threads may be in the library, several readers and slots be used at once.
            bindings::TAG_IFD_THREAD_SAFE | bindings::TAG_IFD_SLOT_THREAD_SAFE => vec![1],
            bindings::TAG_IFD_SIMULTANEOUS_ACCESS => vec![16],
            bindings::TAG_IFD_SLOTS_NUMBER => match self.reader(lun) {
                Some(reader) => vec![reader.slots()],
                None => return code(bindings::IFD_NO_SUCH_DEVICE),
            },
            ATR_STRING => match self.on(lun, |reader, slot| reader.atr(slot)) {
                Ok(atr) => atr,
                Err(fault) => return fault.code(),
            },
            bindings::TAG_IFD_POLLING_THREAD_WITH_TIMEOUT => (poll as usize).to_ne_bytes().to_vec(),
            bindings::TAG_IFD_STOP_POLLING_THREAD => (stop_polling as usize).to_ne_bytes().to_vec(),
            _ => return code(bindings::IFD_ERROR_TAG),
        };
        // SAFETY: the caller says so.
        unsafe { give(&bytes, value, length) }
    }

    /// `IFDHPowerICC`.
    ///
    /// # Safety
    /// `atr` can be written for 33 bytes, `length` can be written.
    pub unsafe fn power_icc(
        &self,
        lun: DWORD,
        action: DWORD,
        atr: PUCHAR,
        length: PDWORD,
    ) -> RESPONSECODE {
        if length.is_null() {
            return code(bindings::IFD_COMMUNICATION_ERROR);
        }
        // SAFETY: it is not null, and the caller says that it can be written.
        unsafe { *length = bindings::MAX_ATR_SIZE.into() };
        let power = match u32::try_from(action) {
            Ok(bindings::IFD_POWER_UP) => Power::Up,
            Ok(bindings::IFD_POWER_DOWN) => Power::Down,
            Ok(bindings::IFD_RESET) => Power::Reset,
            _ => return code(bindings::IFD_NOT_SUPPORTED),
        };
        guarded(
            || match self.on(lun, |reader, slot| reader.power(slot, power)) {
                // SAFETY: the caller says that 33 bytes can be written, which is what `length` holds.
                Ok(bytes) => unsafe { give(&bytes, atr, length) },
                Err(Fault::NoCard) if power == Power::Down => code(bindings::IFD_SUCCESS),
                Err(_) => code(bindings::IFD_ERROR_POWER_ACTION),
            },
        )
    }

    /// `IFDHTransmitToICC`.
    ///
    /// # Safety
    /// `command` can be read for `command_length` bytes; `response_length` says how many bytes can
    /// be written to `response`, and can be written.
    pub unsafe fn transmit_to_icc(
        &self,
        lun: DWORD,
        command: PUCHAR,
        command_length: DWORD,
        response: PUCHAR,
        response_length: PDWORD,
    ) -> RESPONSECODE {
        // SAFETY: the caller says so.
        let command = unsafe { taken(command, command_length) };
        guarded(|| {
            let mut bytes = Vec::new();
            let sent = self.on(lun, |reader, slot| {
                reader.transmit(slot, command, &mut bytes)
            });
            match sent {
                // SAFETY: the caller says so.
                Ok(()) => unsafe { give(&bytes, response, response_length) },
                Err(fault) => {
                    if !response_length.is_null() {
                        // SAFETY: the caller says that it can be written.
                        unsafe { *response_length = 0 };
                    }
                    fault.code()
                }
            }
        })
    }

    /// `IFDHControl`.
    ///
    /// # Safety
    /// `input` can be read for `input_length` bytes, `output` be written for `output_space` bytes,
    /// and `output_length` be written.
    #[expect(clippy::too_many_arguments, reason = "the C function has as many")]
    pub unsafe fn control(
        &self,
        lun: DWORD,
        control_code: DWORD,
        input: PUCHAR,
        input_length: DWORD,
        output: PUCHAR,
        output_space: DWORD,
        output_length: PDWORD,
    ) -> RESPONSECODE {
        // SAFETY: the caller says so.
        let input = unsafe { taken(input, input_length) };
        guarded(|| {
            let Ok(number) = u32::try_from(control_code) else {
                return code(bindings::IFD_ERROR_NOT_SUPPORTED);
            };
            let mut length = output_space;
            let answered = match self.on(lun, |reader, slot| reader.control(slot, number, input)) {
                // SAFETY: the caller says that `output_space` bytes can be written.
                Ok(bytes) => unsafe { give(&bytes, output, &raw mut length) },
                // pcscd takes any other answer for a device that has gone.
                Err(Fault::NotSupported) => code(bindings::IFD_ERROR_NOT_SUPPORTED),
                Err(fault) => fault.code(),
            };
            if !output_length.is_null() {
                let written = match answered == code(bindings::IFD_SUCCESS) {
                    true => length,
                    false => 0,
                };
                // SAFETY: it is not null, and the caller says that it can be written.
                unsafe { *output_length = written };
            }
            answered
        })
    }

    /// `IFDHICCPresence`.
    pub fn icc_presence(&self, lun: DWORD) -> RESPONSECODE {
        guarded(|| match self.reader(lun) {
            Some(reader) if reader.is_present(slot_of(lun)) => code(bindings::IFD_ICC_PRESENT),
            Some(_) => code(bindings::IFD_ICC_NOT_PRESENT),
            None => code(bindings::IFD_NO_SUCH_DEVICE),
        })
    }

    /// What pcscd's thread for a slot waits in.
    pub fn poll(&self, lun: DWORD, timeout_ms: c_int) -> RESPONSECODE {
        guarded(|| match self.reader(lun) {
            Some(reader) => {
                let limit = u64::try_from(timeout_ms).unwrap_or_default();
                reader.wait_for_change(slot_of(lun), Duration::from_millis(limit));
                code(bindings::IFD_SUCCESS)
            }
            None => code(bindings::IFD_NO_SUCH_DEVICE),
        })
    }

    /// Ends that.
    pub fn stop_polling(&self, lun: DWORD) -> RESPONSECODE {
        guarded(|| {
            if let Some(reader) = self.reader(lun) {
                reader.stop_waiting(slot_of(lun));
            }
            code(bindings::IFD_SUCCESS)
        })
    }

    fn on<T>(&self, lun: DWORD, call: impl FnOnce(&R, u8) -> Result<T, Fault>) -> Result<T, Fault> {
        let reader = self.reader(lun).ok_or(Fault::NoCard)?;
        call(&reader, slot_of(lun))
    }

    /// The reader. Nothing is locked while it is used: one slot may be slow.
    fn reader(&self, lun: DWORD) -> Option<Arc<R>> {
        let readers = self.readers();
        let opened = readers.get(&reader_of(lun))?;
        Some(Arc::clone(&opened.reader))
    }

    fn readers(&self) -> MutexGuard<'_, BTreeMap<u16, Opened<R>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R: Reader> Default for Registry<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl Fault {
    fn code(self) -> RESPONSECODE {
        code(match self {
            Self::NoCard => bindings::IFD_ICC_NOT_PRESENT,
            Self::Mute => bindings::IFD_RESPONSE_TIMEOUT,
            Self::Communication => bindings::IFD_COMMUNICATION_ERROR,
            Self::NotSupported => bindings::IFD_NOT_SUPPORTED,
        })
    }
}

fn reader_of(lun: DWORD) -> u16 {
    (lun >> 16) as u16
}

/// The slot: pcscd numbers few enough for a byte.
fn slot_of(lun: DWORD) -> u8 {
    lun as u8
}

fn code(value: u32) -> RESPONSECODE {
    value.into()
}

/// A panic must not reach C.
fn guarded(call: impl FnOnce() -> RESPONSECODE) -> RESPONSECODE {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(code(bindings::IFD_COMMUNICATION_ERROR))
}

/// The bytes that C passes.
///
/// # Safety
/// `bytes` is null or can be read for `length` bytes for as long as the call lasts.
unsafe fn taken<'a>(bytes: PUCHAR, length: DWORD) -> &'a [u8] {
    match usize::try_from(length) {
        // SAFETY: not null, and the caller says so.
        Ok(length) if !bytes.is_null() => unsafe {
            std::slice::from_raw_parts(bytes.cast_const(), length)
        },
        _ => &[],
    }
}

/// Copies bytes out to C; says that there is too little space, and writes nothing, where there is.
///
/// # Safety
/// `length` is null, or says how many bytes can be written to `to`, and can be written.
unsafe fn give(bytes: &[u8], to: PUCHAR, length: PDWORD) -> RESPONSECODE {
    if length.is_null() {
        return code(bindings::IFD_COMMUNICATION_ERROR);
    }
    // SAFETY: not null, and the caller says that it holds a length.
    let space = usize::try_from(unsafe { *length }).unwrap_or_default();
    if to.is_null() || space < bytes.len() {
        // SAFETY: not null, and the caller says that it can be written.
        unsafe { *length = 0 };
        return code(bindings::IFD_ERROR_INSUFFICIENT_BUFFER);
    }
    // SAFETY: there is space for all of them, as the caller says; both are different memory.
    unsafe {
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
        *length = bytes.len() as DWORD;
    }
    code(bindings::IFD_SUCCESS)
}
