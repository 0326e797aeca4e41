//! What a citizen does with a card, and how a card's PIN comes to a citizen.
//!
//! Everything here is a state and the rules by which it changes. Time and randomness come in as
//! arguments; nothing is read, written or sent. Who asks for something that a rule forbids gets a
//! [`Refusal`], with a code that never changes and a sentence in three languages.
//!
//! [`World`] holds all of it. What happens goes through [`World::perform`]; what is looked at asks for
//! an [`Access`] first, which says whether somebody may see a person's data.
//!
//! ```text
//! person            who lives together, who acts for whom       anagrafe
//! reports           documents, obscured or not                  referti
//! prescriptions     issued, in charge, dispensed                ricette
//! vaccinations      given, due, deferred                        vaccinazioni
//! exemptions        from the ticket                             esenzioni
//! bookings          of visits and examinations                  prenotazioni
//! doctors           whom one may choose                         cambio medico
//! desk              how PIN and PUK come to people              sportello
//! outbox            what is sent, and what the post does to it
//! audit             who did what, which nobody changes unseen
//! town              all of it as one value, and as a file
//! ```

pub mod access;
pub mod audit;
pub mod bookings;
pub mod desk;
pub mod doctors;
pub mod entropy;
pub mod exemptions;
pub mod italian_time;
pub mod outbox;
pub mod person;
pub mod prescriptions;
pub mod refusal;
pub mod reports;
pub mod requester;
pub mod role;
pub mod rule;
pub mod rules;
pub mod structure;
pub mod town;
pub mod vaccinations;
pub mod version;
pub mod world;

mod ledger;
mod text_form;

pub use access::Access;
pub use entropy::{Entropy, EntropyFault};
pub use refusal::Refusal;
pub use requester::Requester;
pub use role::Role;
pub use town::Town;
pub use version::Version;
pub use world::World;
