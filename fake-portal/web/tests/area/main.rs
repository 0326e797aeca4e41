//! The citizen's area, as browsers and programs with a citizen's certificate see it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it meets the unexpected"
)]

#[path = "../support/mod.rs"]
mod support;

mod documents;
mod family;
mod forms;
mod pages;
mod refusals;
mod services;
mod together;
mod town;
mod uses;
