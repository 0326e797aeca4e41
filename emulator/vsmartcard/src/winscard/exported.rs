//! The functions of `winscard.h`, as a macro: they must be symbols of the library, not of whatever
//! is linked with this crate.

/// Exports the functions of libpcsclite, answered by `$manager`. For `cdylib`s, once.
#[macro_export]
macro_rules! export_winscard {
    ($manager:ty) => {
        static MANAGER: $crate::winscard::glue::Process<$manager> =
            $crate::winscard::glue::Process::new();

        mod exported {
            use std::ffi::{CStr, c_char, c_void};

            use super::MANAGER;
            use $crate::winscard::glue::{
                self, Dword, IoRequest, Long, RawReaderState, bytes, disposition, give, must_put,
                protocols, put, share, string,
            };
            use $crate::winscard::{Code, Handle, ResourceManager as _};

            // SAFETY, for all functions: clients call them as `winscard.h` says, which is what the
            // functions of `glue` ask for.

            $crate::export_io_requests!();

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardEstablishContext(
                _scope: Dword,
                _: *const c_void,
                _: *const c_void,
                context: *mut Handle,
            ) -> Long {
                MANAGER.call(|manager| unsafe { must_put(context, manager.establish()?) })
            }

            #[unsafe(no_mangle)]
            extern "C" fn SCardReleaseContext(context: Handle) -> Long {
                MANAGER.call(|manager| manager.release(context))
            }

            #[unsafe(no_mangle)]
            extern "C" fn SCardIsValidContext(context: Handle) -> Long {
                MANAGER.call(|manager| match manager.is_valid(context) {
                    true => Ok(()),
                    false => Err(Code::InvalidHandle),
                })
            }

            #[unsafe(no_mangle)]
            extern "C" fn SCardCancel(context: Handle) -> Long {
                MANAGER.call(|manager| manager.cancel(context))
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardListReaders(
                context: Handle,
                _groups: *const c_char,
                readers: *mut c_char,
                length: *mut Dword,
            ) -> Long {
                MANAGER.call(|manager| {
                    let names = manager.readers(context)?;
                    if names.is_empty() {
                        return Err(Code::NoReaders);
                    }
                    unsafe { give(&glue::multi_string(&names), readers.cast(), length) }
                })
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardListReaderGroups(
                context: Handle,
                groups: *mut c_char,
                length: *mut Dword,
            ) -> Long {
                MANAGER.call(|manager| {
                    if !manager.is_valid(context) {
                        return Err(Code::InvalidHandle);
                    }
                    let names = glue::multi_string(&["SCard$DefaultReaders"]);
                    unsafe { give(&names, groups.cast(), length) }
                })
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardFreeMemory(_: Handle, memory: *const c_void) -> Long {
                unsafe { glue::free(memory) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardGetStatusChange(
                context: Handle,
                timeout: Dword,
                states: *mut RawReaderState,
                count: Dword,
            ) -> Long {
                MANAGER.call(|manager| {
                    let mut read = unsafe { glue::reader_states(states, count) }?;
                    let waited = manager.wait_for_change(context, glue::limit(timeout), &mut read);
                    unsafe { glue::put_reader_states(&read, states) };
                    waited
                })
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardConnect(
                context: Handle,
                reader: *const c_char,
                mode: Dword,
                preferred: Dword,
                card: *mut Handle,
                active: *mut Dword,
            ) -> Long {
                MANAGER.call(|manager| {
                    let reader = unsafe { string(reader) }?;
                    let preferred = protocols(preferred);
                    let (handle, protocol) =
                        manager.connect(context, &reader, share(mode)?, preferred)?;
                    unsafe {
                        put(active, protocol.0.into());
                        must_put(card, handle)
                    }
                })
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardReconnect(
                card: Handle,
                mode: Dword,
                preferred: Dword,
                before: Dword,
                active: *mut Dword,
            ) -> Long {
                MANAGER.call(|manager| {
                    let before = disposition(before)?;
                    let protocol =
                        manager.reconnect(card, share(mode)?, protocols(preferred), before)?;
                    unsafe { put(active, protocol.0.into()) };
                    Ok(())
                })
            }

            #[unsafe(no_mangle)]
            extern "C" fn SCardDisconnect(card: Handle, after: Dword) -> Long {
                MANAGER.call(|manager| manager.disconnect(card, disposition(after)?))
            }

            #[unsafe(no_mangle)]
            extern "C" fn SCardBeginTransaction(card: Handle) -> Long {
                MANAGER.call(|manager| manager.begin(card))
            }

            #[unsafe(no_mangle)]
            extern "C" fn SCardEndTransaction(card: Handle, after: Dword) -> Long {
                MANAGER.call(|manager| manager.end(card, disposition(after)?))
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardStatus(
                card: Handle,
                reader: *mut c_char,
                reader_length: *mut Dword,
                state: *mut Dword,
                protocol: *mut Dword,
                atr: *mut u8,
                atr_length: *mut Dword,
            ) -> Long {
                MANAGER.call(|manager| {
                    let status = manager.status(card)?;
                    unsafe {
                        put(state, status.state.into());
                        put(protocol, status.protocol.0.into());
                        if !reader_length.is_null() {
                            let mut name = status.reader.into_bytes();
                            name.push(0);
                            give(&name, reader.cast(), reader_length)?;
                        }
                        if !atr_length.is_null() {
                            give(&status.atr, atr, atr_length)?;
                        }
                    }
                    Ok(())
                })
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardTransmit(
                card: Handle,
                _: *const IoRequest,
                command: *const u8,
                command_length: Dword,
                received_by: *mut IoRequest,
                response: *mut u8,
                response_length: *mut Dword,
            ) -> Long {
                MANAGER.call(|manager| {
                    let command = unsafe { bytes(command, command_length) }?;
                    if glue::COMMAND_LENGTH_MAX < command.len() {
                        return Err(Code::InsufficientBuffer);
                    }
                    if response.is_null() || response_length.is_null() {
                        return Err(Code::InvalidParameter);
                    }
                    let mut answer = Vec::new();
                    manager.transmit(card, command, &mut answer)?;
                    unsafe {
                        put(received_by, IoRequest::of(2));
                        give(&answer, response, response_length)
                    }
                })
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardControl(
                card: Handle,
                code: Dword,
                input: *const c_void,
                input_length: Dword,
                output: *mut c_void,
                output_space: Dword,
                output_length: *mut Dword,
            ) -> Long {
                MANAGER.call(|manager| {
                    let input = unsafe { bytes(input.cast(), input_length) }?;
                    let answer = manager.control(card, glue::number(code), input)?;
                    let mut length = output_space;
                    let given = unsafe { give(&answer, output.cast(), &raw mut length) };
                    unsafe { put(output_length, length) };
                    given
                })
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn SCardGetAttrib(
                card: Handle,
                attribute: Dword,
                value: *mut u8,
                length: *mut Dword,
            ) -> Long {
                MANAGER.call(|manager| {
                    let answer = manager.attribute(card, glue::number(attribute))?;
                    unsafe { give(&answer, value, length) }
                })
            }

            #[unsafe(no_mangle)]
            extern "C" fn SCardSetAttrib(_: Handle, _: Dword, _: *const u8, _: Dword) -> Long {
                Code::UnsupportedFeature.to_long()
            }

            #[unsafe(no_mangle)]
            extern "C" fn pcsc_stringify_error(code: Long) -> *const c_char {
                let words: &'static CStr = match u32::try_from(code & 0xFFFF_FFFF) {
                    Ok(0) => c"It went well.",
                    Ok(number) => match Code::from_number(number) {
                        Some(code) => code.words(),
                        None => c"Unknown error.",
                    },
                    Err(_) => c"Unknown error.",
                };
                words.as_ptr()
            }
        }
    };
}

/// Exports what clients name a protocol with.
#[doc(hidden)]
#[macro_export]
macro_rules! export_io_requests {
    () => {
        #[unsafe(no_mangle)]
        static g_rgSCardT0Pci: IoRequest = IoRequest::of(1);
        #[unsafe(no_mangle)]
        static g_rgSCardT1Pci: IoRequest = IoRequest::of(2);
        #[unsafe(no_mangle)]
        static g_rgSCardRawPci: IoRequest = IoRequest::of(4);
    };
}
