//! Real clients in good days and bad ones: each client in each scenario, at a workbench of its own.
//!
//! ```text
//! Driver     the program, and how it uses the card          clients/*.rs
//! Scenario   what happens to card, reader and service       scenario.rs
//! Trouble    how it is made to happen                       trouble.rs
//! Seen       what came of it, for user, card and portal     seen.rs
//! Row        what came of it when somebody looked           pinned.rs, data/clients/*.toml
//! ```
//!
//! What a client says about a blocked PIN is nobody's requirement. It is pinned all the same, by
//! the version of the client: so that whoever changes the card sees what that does to people, and
//! whoever updates a client sees what has changed.

mod campaign;
mod pinned;
mod scenario;
mod seen;
mod stage;
mod trouble;

pub use campaign::ClientCampaign;
pub use pinned::{Pinned, Row, pinned, version_numbers};
pub use scenario::Scenario;
pub use seen::{Attempt, Exit, Seen};
pub use stage::{Outline, observe};
