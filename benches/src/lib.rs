//! The load generator behind `cns bench`: what a card does in a second, layer by layer.
//!
//! ```text
//! operation   what is done again and again: SELECT, GET CHALLENGE, a signature
//! layers      where it is done: engine, card in process, socket, PC/SC by three readers, PKCS #11
//! load        how: for how long, how many at once, as fast as it goes or at a rate
//! ladder      all layers in one run, and the ratio of each to the one below
//! ```
//! Machines differ and are noisy: what counts are ratios of one run, never times.

pub mod cards;
pub mod error;
pub mod ladder;
pub mod layers;
pub mod load;
pub mod operation;

pub use error::BenchError;
pub use ladder::{Ladder, Rung};
pub use layers::Layer;
pub use load::{Load, Measurement, Pace, Summary};
pub use operation::Operation;
