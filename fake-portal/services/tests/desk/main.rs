//! The credential desk, the post and the audit log, as whoever drives them sees them.

#![allow(unreachable_pub, reason = "one program in several files")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod attempts;
mod audit;
mod machines;
mod outbox;
mod rules;
mod secrecy;
mod sequences;
mod stored;
mod story;
mod support;
mod views;
