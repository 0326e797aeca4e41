//! Readers of our own as people use them: installed, run, shared, steered; and what becomes of them
//! when their clients, their cards and their sockets misbehave.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod abuse;
mod client;
mod desk;
mod library;
mod machine;
mod sockets;
mod steering;
#[path = "../support/mod.rs"]
mod support;
