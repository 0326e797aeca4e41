//! The vpcd protocol: frames of a `u16` big-endian length and that many payload bytes.
//!
//! Pure: bytes in, messages out. The transport owns the socket; what it has to do there (one write
//! per answer, `TCP_QUICKACK` before every read) is told in the [crate's documentation](crate).
//!
//! ```
//! use vsmartcard::wire::{FrameBuffer, Message, write_frame};
//!
//! let mut incoming = FrameBuffer::new();
//! incoming.push(&[0x00, 0x01, 0x04, 0x00]); // a whole frame and the first byte of the next
//! assert_eq!(incoming.next_message(), Some(Message::AtrRequest));
//! assert_eq!(incoming.next_message(), None);
//!
//! let mut outgoing = Vec::new();
//! write_frame(&[0x3B, 0x00], &mut outgoing).expect("two bytes fit");
//! assert_eq!(outgoing, [0x00, 0x02, 0x3B, 0x00]);
//! ```

/// The longest payload that a frame's two length bytes can announce.
///
/// A response of 65 536 data bytes, which an extended Le of `00 00` asks for, does not fit once its
/// status word is added: it cannot cross this wire.
pub const PAYLOAD_LENGTH_MAX: usize = u16::MAX as usize;

/// Bytes of the length that starts a frame.
const HEADER_LENGTH: usize = 2;

const POWER_OFF: u8 = 0x00;
const POWER_ON: u8 = 0x01;
const RESET: u8 = 0x02;
const ATR_REQUEST: u8 = 0x04;

/// What the reader says to the card.
///
/// The protocol has no tag that tells a control from a command: a payload of one byte with one of
/// four values *is* the control. Every payload is therefore one message, and two decisions remain:
///
/// - A one-byte payload of any **other value** is a command APDU cut to one byte. The reader sends
///   such an APDU like any other and waits for an answer, so the card must give one (`67 00`).
/// - An **empty payload** is a command APDU of no bytes, for the same reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// `00`: the card loses its power. No answer.
    PowerOff,
    /// `01`: the card gets power, a cold reset. No answer; the reader asks for the ATR next.
    PowerOn,
    /// `02`: a warm reset. No answer; the reader asks for the ATR next.
    Reset,
    /// `04`: the reader wants the answer-to-reset. vpcd sends it every 400 ms to see whether the
    /// card is still there, powered or not.
    AtrRequest,
    /// Anything else: a command APDU, well formed or not. Answered by a response APDU.
    Command(&'a [u8]),
}

impl<'a> Message<'a> {
    /// Reads a frame's payload. Every payload is a message.
    #[must_use]
    pub fn from_payload(payload: &'a [u8]) -> Self {
        match payload {
            [POWER_OFF] => Self::PowerOff,
            [POWER_ON] => Self::PowerOn,
            [RESET] => Self::Reset,
            [ATR_REQUEST] => Self::AtrRequest,
            command => Self::Command(command),
        }
    }

    /// The payload that says this message.
    ///
    /// A `Command` of one byte with a control's value comes out as that control: the protocol has
    /// no way to say it.
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        match self {
            Self::PowerOff => &[POWER_OFF],
            Self::PowerOn => &[POWER_ON],
            Self::Reset => &[RESET],
            Self::AtrRequest => &[ATR_REQUEST],
            Self::Command(command) => command,
        }
    }

    /// Whether the reader now waits for exactly one frame from the card.
    ///
    /// It waits without a limit: a card that stays silent here hangs its reader, and with it every
    /// client of that pcscd.
    #[must_use]
    pub fn awaits_answer(&self) -> bool {
        match self {
            Self::PowerOff | Self::PowerOn | Self::Reset => false,
            Self::AtrRequest | Self::Command(_) => true,
        }
    }

    /// Appends this message to `out` as the reader would send it.
    ///
    /// # Errors
    /// The command is longer than [`PAYLOAD_LENGTH_MAX`]; `out` is left as it was.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), FrameTooLong> {
        write_frame(self.payload(), out)
    }
}

/// Appends one frame, length and payload together, to `out`.
///
/// One buffer, so that the transport can send it in one write: two writes would make the *card* the
/// side that waits for a delayed acknowledgement.
///
/// A card must not answer with an *empty* payload, although a frame can carry it: vpcd 3.3 takes it
/// for nothing and goes on waiting, so that the card is as good as mute. A response APDU has its
/// status word at least.
///
/// # Errors
/// The payload is longer than [`PAYLOAD_LENGTH_MAX`]; `out` is left as it was.
pub fn write_frame(payload: &[u8], out: &mut Vec<u8>) -> Result<(), FrameTooLong> {
    let length = u16::try_from(payload.len()).map_err(|_| FrameTooLong(payload.len()))?;
    out.reserve(HEADER_LENGTH + payload.len());
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(payload);
    Ok(())
}

/// Our side wanted to send a payload that no frame can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a payload of {0} bytes does not fit a vpcd frame, which ends at {PAYLOAD_LENGTH_MAX}")]
pub struct FrameTooLong(
    /// The payload's length, in bytes.
    pub usize,
);

/// Cuts a stream of bytes, however fragmented, into frames.
///
/// It holds what was pushed and not yet taken: at most one unfinished frame (65 537 bytes) and the
/// rest of the last push, if the frames are taken after every push. Frames are borrowed from it,
/// never copied.
#[derive(Clone, Debug, Default)]
pub struct FrameBuffer {
    bytes: Vec<u8>,
    /// How many bytes at the front belong to frames already handed out. They are dropped at the
    /// next push, because until then the caller may still look at them.
    taken: usize,
}

impl FrameBuffer {
    /// An empty buffer, as a new connection needs it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes in the order in which they came off the connection.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// Takes the payload of the next whole frame; `None` until more bytes come.
    ///
    /// The side of the reader uses this: an answer's meaning depends on the question.
    pub fn next_payload(&mut self) -> Option<&[u8]> {
        let (length, rest) = self.bytes.get(self.taken..)?.split_first_chunk()?;
        let payload = rest.get(..usize::from(u16::from_be_bytes(*length)))?;
        self.taken += HEADER_LENGTH + payload.len();
        Some(payload)
    }

    /// Takes the next message; `None` until more bytes come. The side of the card uses this.
    pub fn next_message(&mut self) -> Option<Message<'_>> {
        self.next_payload().map(Message::from_payload)
    }

    /// Whether nothing is left over.
    ///
    /// At the end of a connection this tells a clean farewell from one in the middle of a frame.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.taken == self.bytes.len()
    }
}
