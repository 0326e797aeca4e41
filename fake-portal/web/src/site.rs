//! What the portal's own pages are made of: pages and forms as values, who visits, and how a value
//! becomes HTML.
//!
//! ```text
//! request ── Visit ──► a page's function ──► Answer ── template ──► response
//!            who, in which language,         a page, a file,
//!            what was typed                  somewhere else
//! ```
//!
//! Whoever writes a page says what stands on it; that it can be used without a script, with a keyboard and
//! with a screen reader, and that no other site can send its forms, is seen to here, once for all pages.

mod audit;
mod citizen;
mod desk;
mod outbox;
mod pin;

pub(crate) mod answer;
pub(crate) mod form;
pub(crate) mod identified;
pub(crate) mod page;
pub(crate) mod reception;
pub(crate) mod session;
pub(crate) mod token;
pub(crate) mod typed;
pub(crate) mod values;
pub(crate) mod visit;
