//! What a call comes to.

use std::ffi::c_long;

/// An error of PC/SC (`pcsclite.h`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Code {
    /// SCARD_F_INTERNAL_ERROR
    Internal = 0x8010_0001,
    /// SCARD_E_CANCELLED
    Cancelled = 0x8010_0002,
    /// SCARD_E_INVALID_HANDLE
    InvalidHandle = 0x8010_0003,
    /// SCARD_E_INVALID_PARAMETER
    InvalidParameter = 0x8010_0004,
    /// SCARD_E_INSUFFICIENT_BUFFER
    InsufficientBuffer = 0x8010_0008,
    /// SCARD_E_UNKNOWN_READER
    UnknownReader = 0x8010_0009,
    /// SCARD_E_TIMEOUT
    Timeout = 0x8010_000A,
    /// SCARD_E_SHARING_VIOLATION
    SharingViolation = 0x8010_000B,
    /// SCARD_E_NO_SMARTCARD
    NoSmartcard = 0x8010_000C,
    /// SCARD_E_PROTO_MISMATCH
    ProtocolMismatch = 0x8010_000F,
    /// SCARD_E_INVALID_VALUE
    InvalidValue = 0x8010_0011,
    /// SCARD_F_COMM_ERROR
    Communication = 0x8010_0013,
    /// SCARD_E_NOT_TRANSACTED
    NotTransacted = 0x8010_0016,
    /// SCARD_E_READER_UNAVAILABLE
    ReaderUnavailable = 0x8010_0017,
    /// SCARD_E_NO_SERVICE
    NoService = 0x8010_001D,
    /// SCARD_E_UNSUPPORTED_FEATURE
    UnsupportedFeature = 0x8010_001F,
    /// SCARD_E_NO_READERS_AVAILABLE
    NoReaders = 0x8010_002E,
    /// SCARD_W_UNRESPONSIVE_CARD
    UnresponsiveCard = 0x8010_0066,
    /// SCARD_W_RESET_CARD
    ResetCard = 0x8010_0068,
    /// SCARD_W_REMOVED_CARD
    RemovedCard = 0x8010_0069,
}

impl Code {
    /// Every one.
    pub const ALL: [Self; 20] = [
        Self::Internal,
        Self::Cancelled,
        Self::InvalidHandle,
        Self::InvalidParameter,
        Self::InsufficientBuffer,
        Self::UnknownReader,
        Self::Timeout,
        Self::SharingViolation,
        Self::NoSmartcard,
        Self::ProtocolMismatch,
        Self::InvalidValue,
        Self::Communication,
        Self::NotTransacted,
        Self::ReaderUnavailable,
        Self::NoService,
        Self::UnsupportedFeature,
        Self::NoReaders,
        Self::UnresponsiveCard,
        Self::ResetCard,
        Self::RemovedCard,
    ];

    /// As C sees it: the number as a `long`.
    pub const fn to_long(self) -> c_long {
        self as u32 as c_long
    }

    /// The one with this number.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|code| *code as u32 == number)
    }

    /// What `pcsc_stringify_error` says, ended by NUL.
    pub const fn words(self) -> &'static std::ffi::CStr {
        match self {
            Self::Internal => c"The service failed inside.",
            Self::Cancelled => c"The call was cancelled.",
            Self::InvalidHandle => c"There is no such handle.",
            Self::InvalidParameter => c"A parameter is wrong.",
            Self::InsufficientBuffer => c"The answer does not fit the buffer.",
            Self::UnknownReader => c"There is no such reader.",
            Self::Timeout => c"The time is over.",
            Self::SharingViolation => c"Somebody else has the card.",
            Self::NoSmartcard => c"There is no card in the reader.",
            Self::ProtocolMismatch => c"The card does not speak the protocol.",
            Self::InvalidValue => c"A value is out of its range.",
            Self::Communication => c"The reader or the card failed.",
            Self::NotTransacted => c"The command did not reach the card.",
            Self::ReaderUnavailable => c"The reader is not there any more.",
            Self::NoService => c"There is no PC/SC service.",
            Self::UnsupportedFeature => c"The reader does not have this.",
            Self::NoReaders => c"There is no reader.",
            Self::UnresponsiveCard => c"The card does not answer to reset.",
            Self::ResetCard => c"The card was reset by somebody else.",
            Self::RemovedCard => c"The card was taken out.",
        }
    }
}
