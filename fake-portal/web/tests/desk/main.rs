//! The desk, PIN and PUK online and the post, as browsers and programs see them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it meets the unexpected"
)]

#[path = "../support/mod.rs"]
mod support;

mod counter;
mod programs;
mod refusals;
mod together;
