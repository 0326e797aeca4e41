//! From C's pointers to Rust's values and back.

use std::alloc::{Layout, alloc, dealloc};
use std::ffi::{CStr, c_char, c_long, c_ulong, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::time::Duration;

use super::{Code, Disposition, Protocols, ReaderState, ResourceManager, Share};

/// `DWORD`.
pub type Dword = c_ulong;
/// `LONG`: what a call comes to.
pub type Long = c_long;

/// `SCARD_S_SUCCESS`.
const SUCCESS: Long = 0;
/// `SCARD_AUTOALLOCATE`: the length that asks for memory of the library's own.
const AUTOALLOCATE: Dword = Dword::MAX;
/// `INFINITE`, in 32 bits.
const INFINITE: Dword = 0xFFFF_FFFF;
/// `MAX_ATR_SIZE`.
const ATR_MAX: usize = 33;

/// `MAX_BUFFER_SIZE_EXTENDED`: no command is longer.
pub const COMMAND_LENGTH_MAX: usize = 4 + 3 + (1 << 16) + 3 + 2;

/// `SCARD_READERSTATE`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RawReaderState {
    reader: *const c_char,
    user_data: *mut c_void,
    current: Dword,
    event: Dword,
    atr_length: Dword,
    atr: [u8; ATR_MAX],
}

/// `SCARD_IO_REQUEST`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct IoRequest {
    /// The protocol.
    pub protocol: c_ulong,
    /// The length of this.
    pub length: c_ulong,
}

impl IoRequest {
    /// The one of a protocol.
    pub const fn of(protocol: c_ulong) -> Self {
        let length = size_of::<Self>() as c_ulong;
        Self { protocol, length }
    }
}

/// The manager of this process, made when it is first asked for.
pub struct Process<M>(OnceLock<Result<M, Code>>);

impl<M: ResourceManager> Process<M> {
    /// Not made yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Calls the manager. A panic must not reach C.
    pub fn call(&self, act: impl FnOnce(&M) -> Result<(), Code>) -> Long {
        let called = catch_unwind(AssertUnwindSafe(|| match self.0.get_or_init(M::start) {
            Ok(manager) => act(manager),
            Err(code) => Err(*code),
        }));
        match called.unwrap_or(Err(Code::Internal)) {
            Ok(()) => SUCCESS,
            Err(code) => code.to_long(),
        }
    }
}

impl<M: ResourceManager> Default for Process<M> {
    fn default() -> Self {
        Self::new()
    }
}

/// SCARD_SHARE_*.
pub fn share(number: Dword) -> Result<Share, Code> {
    match number {
        1 => Ok(Share::Exclusive),
        2 => Ok(Share::Shared),
        3 => Ok(Share::Direct),
        _ => Err(Code::InvalidValue),
    }
}

/// SCARD_LEAVE_CARD and its kin.
pub fn disposition(number: Dword) -> Result<Disposition, Code> {
    match number {
        0 => Ok(Disposition::Leave),
        1 => Ok(Disposition::Reset),
        2 => Ok(Disposition::Unpower),
        3 => Ok(Disposition::Eject),
        _ => Err(Code::InvalidValue),
    }
}

/// SCARD_PROTOCOL_*.
pub fn protocols(number: Dword) -> Protocols {
    Protocols(u32::try_from(number).unwrap_or_default())
}

/// A number of 32 bits.
pub fn number(value: Dword) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// A time limit; none for INFINITE.
pub fn limit(milliseconds: Dword) -> Option<Duration> {
    match milliseconds {
        INFINITE.. => None,
        milliseconds => Some(Duration::from_millis(milliseconds)),
    }
}

/// A string.
///
/// # Safety
/// `text` is null or ends in NUL.
pub unsafe fn string(text: *const c_char) -> Result<String, Code> {
    if text.is_null() {
        return Err(Code::InvalidParameter);
    }
    // SAFETY: the caller says that it ends in NUL; it is copied.
    let text = unsafe { CStr::from_ptr(text) };
    Ok(text.to_string_lossy().into_owned())
}

/// Bytes.
///
/// # Safety
/// `bytes` is null or can be read for `length` bytes as long as the call lasts.
pub unsafe fn bytes<'a>(bytes: *const u8, length: Dword) -> Result<&'a [u8], Code> {
    match usize::try_from(length) {
        Ok(0) => Ok(&[]),
        // SAFETY: not null, and the caller says so.
        Ok(length) if !bytes.is_null() => Ok(unsafe { std::slice::from_raw_parts(bytes, length) }),
        _ => Err(Code::InvalidParameter),
    }
}

/// Puts a value where C wants it, if it wants it.
///
/// # Safety
/// `to` is null or can be written.
pub unsafe fn put<T>(to: *mut T, value: T) {
    if !to.is_null() {
        // SAFETY: not null, and the caller says so.
        unsafe { to.write(value) };
    }
}

/// The same, where it must want it.
///
/// # Safety
/// `to` is null or can be written.
pub unsafe fn must_put<T>(to: *mut T, value: T) -> Result<(), Code> {
    if to.is_null() {
        return Err(Code::InvalidParameter);
    }
    // SAFETY: not null, and the caller says so.
    unsafe { to.write(value) };
    Ok(())
}

/// Gives bytes out as PC/SC does: into the buffer, only their length, or in memory of our own.
///
/// # Safety
/// `length` is null, or can be read and written. It says how many bytes can be written to `to`, or
/// SCARD_AUTOALLOCATE: then `to` is the place of a pointer. `to` may be null.
pub unsafe fn give(bytes: &[u8], to: *mut u8, length: *mut Dword) -> Result<(), Code> {
    if length.is_null() {
        return Err(Code::InvalidParameter);
    }
    // SAFETY: not null, and the caller says that it can be read.
    let space = unsafe { length.read() };
    // SAFETY: not null, and the caller says that it can be written.
    unsafe { length.write(bytes.len() as Dword) };
    if to.is_null() {
        return Ok(());
    }
    let to = match space {
        AUTOALLOCATE => {
            let memory = allocate(bytes.len())?;
            // SAFETY: the caller says that `to` is the place of a pointer then.
            unsafe { to.cast::<*mut u8>().write_unaligned(memory) };
            memory
        }
        space if usize::try_from(space).is_ok_and(|space| bytes.len() <= space) => to,
        _ => return Err(Code::InsufficientBuffer),
    };
    // SAFETY: there is space for all of them, and it is other memory than ours.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) };
    Ok(())
}

/// What stands before memory that the library gave: its size.
const HEADER: usize = size_of::<usize>();

fn allocate(size: usize) -> Result<*mut u8, Code> {
    let whole = size.checked_add(HEADER).ok_or(Code::Internal)?;
    let layout = Layout::from_size_align(whole, HEADER).map_err(|_| Code::Internal)?;
    // SAFETY: the layout has a size, the header's at least.
    let memory = unsafe { alloc(layout) };
    if memory.is_null() {
        return Err(Code::Internal);
    }
    // SAFETY: the memory is as large as header and content, and aligned for the header.
    unsafe {
        memory.cast::<usize>().write(size);
        Ok(memory.add(HEADER))
    }
}

/// SCardFreeMemory.
///
/// # Safety
/// `memory` is null or was given out by this library with SCARD_AUTOALLOCATE, and not freed yet.
pub unsafe fn free(memory: *const c_void) -> Long {
    if memory.is_null() {
        return SUCCESS;
    }
    // SAFETY: the caller says that `allocate` made it, so its size stands before it.
    unsafe {
        let start = memory.cast_mut().cast::<u8>().sub(HEADER);
        let size = start.cast::<usize>().read();
        if let Ok(layout) = Layout::from_size_align(size + HEADER, HEADER) {
            dealloc(start, layout);
        }
    }
    SUCCESS
}

/// Several strings as PC/SC has them: each ends in NUL, and one more NUL follows.
pub fn multi_string<S: AsRef<str>>(strings: &[S]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for string in strings {
        bytes.extend_from_slice(string.as_ref().as_bytes());
        bytes.push(0);
    }
    bytes.push(0);
    bytes
}

/// The reader states that C passes.
///
/// # Safety
/// `states` is null or can be read for `count` of them, whose readers' names end in NUL.
pub unsafe fn reader_states(
    states: *const RawReaderState,
    count: Dword,
) -> Result<Vec<ReaderState>, Code> {
    let count = usize::try_from(count).map_err(|_| Code::InvalidParameter)?;
    if count == 0 {
        return Ok(Vec::new());
    }
    if states.is_null() {
        return Err(Code::InvalidParameter);
    }
    // SAFETY: not null, and the caller says so.
    let states = unsafe { std::slice::from_raw_parts(states, count) };
    states
        .iter()
        .map(|state| {
            Ok(ReaderState {
                // SAFETY: the caller says so.
                reader: unsafe { string(state.reader) }?,
                current: number(state.current),
                event: 0,
                atr: Vec::new(),
            })
        })
        .collect()
}

/// Tells C what is so.
///
/// # Safety
/// `to` is null or can be written for as many.
pub unsafe fn put_reader_states(states: &[ReaderState], to: *mut RawReaderState) {
    if to.is_null() {
        return;
    }
    // SAFETY: not null, and the caller says so.
    let raw = unsafe { std::slice::from_raw_parts_mut(to, states.len()) };
    for (raw, state) in raw.iter_mut().zip(states) {
        raw.event = state.event.into();
        let length = state.atr.len().min(ATR_MAX);
        raw.atr = [0; ATR_MAX];
        for (byte, from) in raw.atr.iter_mut().zip(&state.atr) {
            *byte = *from;
        }
        raw.atr_length = length as Dword;
    }
}
