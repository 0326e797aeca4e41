//! What goes wrong between a reader and its card, on purpose.
//!
//! A [`Script`] is a list of rules as plain data; [`Faults`] is the machine that follows it. The
//! machine is pure: it is told what happens (a reset, a command, the card's response) and says what
//! becomes of it. Time passes, and connections end, in the transport ([`crate::vpcd`]) alone.
//!
//! | module | subject |
//! |---|---|
//! | [`script`] | rules as data: when, and what then |
//! | [`mod@pattern`] | which commands a rule is about |
//! | [`mod@machine`] | events in, fates out |
//! | [`mod@latency`] | how long a card takes |
//! | [`mod@slow`] | a card behind such a model |
//! | [`mod@line`] | how long bytes take on the contacts (ISO 7816-3) |
//! | [`mod@read`] | scripts from TOML |
//!
//! ```
//! use cns_reader::faults::{Arrival, Faults, Script};
//!
//! let script = Script::from_toml(
//!     "pulled.toml",
//!     r#"
//!     [[rule]]
//!     name = "pulled when the signature is asked for"
//!     command = "?0 2A *"
//!     nth = 2
//!     do = "remove"
//!     for_ms = 1500
//!     "#,
//! )?;
//! let mut faults = Faults::new(script);
//! let pso = [0x10, 0x2A, 0x80, 0x86, 0x01, 0x00];
//! assert_eq!(faults.command(&pso), Arrival::Execute { blink: false });
//! assert!(matches!(faults.command(&pso), Arrival::Remove(_)));
//! # Ok::<(), cns_reader::faults::ScriptError>(())
//! ```

pub mod latency;
pub mod line;
pub mod machine;
pub mod pattern;
pub mod read;
pub mod script;
pub mod slow;

pub use latency::{Latency, Processing};
pub use line::Line;
pub use machine::{Arrival, Departure, Faults, Hit};
pub use pattern::{Pattern, PatternError};
pub use read::{Position, ScriptError, ScriptFault};
pub use script::{Action, Event, Moment, Occasion, Removal, Return, Rule, Script};
pub use slow::Slow;
