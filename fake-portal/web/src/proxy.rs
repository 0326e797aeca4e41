//! Portals behind a proxy that terminates TLS: how it tells the application who the client is, and how
//! it is set up to do so.
//!
//! ```text
//! client ── TLS, card's certificate ──► proxy ── HTTP, certificate in a header ──► application
//!                                         └ takes away what the client itself says in such a header
//! ```
//!
//! The application believes a header. Whoever can reach it past the proxy, or has the proxy pass a
//! header on, logs in as anybody: so the [`setup`]s here take every header away that a [`Dialect`] has
//! before they set one, and [`Dialect::read`] refuses what no proxy of its kind would send. The portal is
//! such an application too: behind a [`BehindProxy`] it believes a [`ProxysWord`], and nobody else's.

pub mod dialect;
pub mod setup;

mod emission;
mod encoding;
mod word;

pub use dialect::{Dialect, ForwardError, Forwarded, Verification};
pub use emission::{Emission, EmittedHeader, EmittedHeaders};
pub use setup::{ProxyProgram, ProxySetup};
pub use word::{BehindProxy, Mistrust, ProxysWord, TrustedProxy};
