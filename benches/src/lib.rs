//! The load generator behind `cns bench`: what a card does in a second, layer by layer.
//!
//! ```text
//! operation   what is done again and again: SELECT, GET CHALLENGE, a signature, a login
//! target      where: a layer, the machine's PC/SC, a PKCS #11 module
//! layers      engine, card in process, socket, PC/SC by four readers, PKCS #11
//! load        how: for how long, how many at once, as fast as it goes or at a rate
//! ladder      all layers in one run, and the ratio of each to the one below
//! fleet       many cards in one process
//! ```
//! Machines differ and are noisy: what counts are ratios of one run, never times.

pub mod cards;
pub mod error;
pub mod fleet;
pub mod ladder;
pub mod latency;
pub mod layers;
pub mod load;
pub mod machine;
pub mod measurement;
pub mod operation;
pub mod page;
pub mod target;
pub mod task;

pub use error::BenchError;
pub use ladder::{Ladder, Rung, Step};
pub use layers::Layer;
pub use load::{Load, Pace};
pub use measurement::{Measurement, Summary};
pub use operation::Operation;
pub use target::Target;
pub use task::Task;
