//! What a citizen does with a card, and how a card's PIN comes to a citizen.
//!
//! Everything here is a state and the rules by which it changes. Time and randomness come in as
//! arguments; nothing is read, written or sent. Who asks for something that a rule forbids gets a
//! [`Refusal`], with a code that never changes and a sentence in three languages.

pub mod audit;
pub mod desk;
pub mod entropy;
pub mod italian_time;
pub mod outbox;
pub mod refusal;
pub mod role;

pub use entropy::{Entropy, EntropyFault};
pub use refusal::Refusal;
pub use role::Role;
