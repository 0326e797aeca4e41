//! The one symbol that an IFD handler expects of the program that loads it.
//!
//! pcsc-lite declares `void log_msg(const int priority, const char *fmt, ...)` and pcscd defines
//! it. A handler refers to it without linking to anything, so the dynamic linker must find it among
//! the global symbols of the process. An executable exports none unless it was linked so, and a
//! Rust library cannot see to that for the executables it ends up in. This file is therefore built
//! by `build.rs` into a shared object of its own, which the driver carries along and loads, with
//! its symbols global, before the handler.

#![no_std]

use core::ffi::{c_char, c_int};

/// Drops the message: what went wrong reaches the caller as a response code.
// SAFETY (of the name): the only other `log_msg` there could be is pcscd's own, which is what the
// handler wants.
// SAFETY (of the signature): stable Rust cannot define a function with variable arguments, so this
// one leaves them out. In the C calling conventions of Linux (x86, x86-64, ARM, AArch64, RISC-V,
// POWER, s390x) it is the caller who places the variable arguments, in scratch registers or on its
// own stack, and who takes them away again. A callee that looks at none of its arguments has
// nothing to undo, and this one is never called from Rust, which would have to agree on its type.
#[unsafe(no_mangle)]
pub extern "C" fn log_msg(_priority: c_int, _format: *const c_char) {}

#[panic_handler]
fn never(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
