//! The Online Certificate Status Protocol (RFC 6960), the responder's side: request bytes in,
//! response bytes out, the time given. HTTP is somebody else's business.
//!
//! [`OcspResponder`] answers as a responder should. What one says that should not be believed (stale,
//! about another certificate, by somebody who may not) is made of [`OcspResponseData`], which says
//! anything.

mod cert_id;
mod request;
mod responder;
mod response;
mod signer;

pub use cert_id::{CertId, OcspHash};
pub use request::{NONCE_LENGTH_MAX, OcspRequest, OcspRequestError};
pub use responder::{OcspResponder, ResponderName};
pub use response::{OcspRefusal, OcspResponseData, ResponderId, SingleResponse};
pub use signer::OcspSigner;
