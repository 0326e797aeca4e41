//! All that the checks look at: values, gathered before. A verdict is a function of them.

use rustls::ProtocolVersion;
use time::OffsetDateTime;

use crate::checks::Check;
use crate::peer::PresentedCertificate;
use crate::possession::{Possession, PossessionError};
use crate::profile::Profile;
use crate::proxy::ProxysWord;

/// What is known of one connection.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The certificate that the client sent.
    pub presented: Option<&'a PresentedCertificate>,
    /// Whether the client owns its key.
    pub proof: Proof,
    /// The version of TLS, if the client signed anything in it.
    pub version: Option<ProtocolVersion>,
    /// The portal's profile.
    pub profile: &'static Profile,
    /// When.
    pub now: OffsetDateTime,
    /// The name that the client asked for.
    pub server_name: Option<&'a str>,
    /// Whether a session was resumed.
    pub is_resumed: bool,
    /// The check that fails because a tester ordered it.
    pub ordered_failure: Option<&'static Check>,
}

/// Whether the client has proven that it owns a key.
#[derive(Clone, Debug)]
pub enum Proof {
    /// It has.
    Given(Possession),
    /// It has not, for this reason.
    Refuted(PossessionError),
    /// It sent no certificate, so there was nothing to prove.
    NotAsked,
    /// A proxy in front of the portal shook hands with it, and says what came of that.
    Vouched(ProxysWord),
}
