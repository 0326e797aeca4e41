//! What clients and host say to each other.
//!
//! A client sends one request and reads one reply, over a connection that it has for each context.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use vsmartcard::winscard::{Code, Disposition, Protocols, ReaderState, Share, Status};

/// The version of this protocol; host and client must agree.
pub const VERSION: u16 = 1;

/// What a client asks. `card` is a connection's handle.
#[derive(Debug, Deserialize, Serialize)]
#[expect(
    missing_docs,
    reason = "each is the function of PC/SC that it is named after"
)]
pub enum Request {
    Establish {
        version: u16,
    },
    Cancel {
        context: i64,
    },
    Readers,
    WaitForChange {
        limit: Option<Duration>,
        states: Vec<WireState>,
    },
    Connect {
        reader: String,
        share: u8,
        protocols: u32,
    },
    Reconnect {
        card: i64,
        share: u8,
        protocols: u32,
        before: u8,
    },
    Disconnect {
        card: i64,
        after: u8,
    },
    Begin {
        card: i64,
    },
    End {
        card: i64,
        after: u8,
    },
    Status {
        card: i64,
    },
    Transmit {
        card: i64,
        command: Vec<u8>,
    },
    Attribute {
        card: i64,
        attribute: u32,
    },
}

/// What the host answers.
#[derive(Debug, Deserialize, Serialize)]
#[expect(missing_docs, reason = "each is what the request of that name gives")]
pub enum Reply {
    Done,
    Established {
        context: i64,
    },
    Readers(Vec<String>),
    States(Vec<WireState>),
    /// The wait ended without news: the code, and what is so.
    Waited(u32, Vec<WireState>),
    Connected {
        card: i64,
        protocol: u32,
    },
    Protocol(u32),
    Status {
        reader: String,
        state: u32,
        protocol: u32,
        atr: Vec<u8>,
    },
    Bytes(Vec<u8>),
    /// A number of `pcsclite.h`.
    Failed(u32),
}

/// A [`ReaderState`].
#[derive(Debug, Deserialize, Serialize)]
#[expect(missing_docs, reason = "as there")]
pub struct WireState {
    pub reader: String,
    pub current: u32,
    pub event: u32,
    pub atr: Vec<u8>,
}

impl From<&ReaderState> for WireState {
    fn from(state: &ReaderState) -> Self {
        Self {
            reader: state.reader.clone(),
            current: state.current,
            event: state.event,
            atr: state.atr.clone(),
        }
    }
}

impl From<WireState> for ReaderState {
    fn from(state: WireState) -> Self {
        Self {
            reader: state.reader,
            current: state.current,
            event: state.event,
            atr: state.atr,
        }
    }
}

impl From<Result<Reply, Code>> for Reply {
    fn from(result: Result<Self, Code>) -> Self {
        result.unwrap_or_else(|code| Self::Failed(code as u32))
    }
}

impl From<Status> for Reply {
    fn from(status: Status) -> Self {
        Self::Status {
            reader: status.reader,
            state: status.state,
            protocol: status.protocol.0,
            atr: status.atr,
        }
    }
}

/// SCARD_SHARE_*.
pub(crate) fn share_number(share: Share) -> u8 {
    match share {
        Share::Exclusive => 1,
        Share::Shared => 2,
        Share::Direct => 3,
    }
}

pub(crate) fn share(number: u8) -> Result<Share, Code> {
    vsmartcard::winscard::glue::share(number.into())
}

/// SCARD_LEAVE_CARD and its kin.
pub(crate) fn disposition_number(disposition: Disposition) -> u8 {
    match disposition {
        Disposition::Leave => 0,
        Disposition::Reset => 1,
        Disposition::Unpower => 2,
        Disposition::Eject => 3,
    }
}

pub(crate) fn disposition(number: u8) -> Result<Disposition, Code> {
    vsmartcard::winscard::glue::disposition(number.into())
}

pub(crate) fn protocols(number: u32) -> Protocols {
    Protocols(number)
}
