//! Command APDUs (ISO 7816-3 §12.1.3), lossless: what was parsed encodes to the same bytes.

use core::fmt;
use core::num::NonZeroU16;

/// A command APDU.
///
/// ```text
/// CLA INS P1 P2                                    case 1
/// CLA INS P1 P2 Le                                 case 2, short      Le 00 = 256
/// CLA INS P1 P2 Lc data                            case 3, short      Lc 01..FF
/// CLA INS P1 P2 Lc data Le                         case 4, short
/// CLA INS P1 P2 00 Le Le                           case 2, extended   Le 0000 = 65536
/// CLA INS P1 P2 00 Lc Lc data                      case 3, extended   Lc 0001..FFFF
/// CLA INS P1 P2 00 Lc Lc data Le Le                case 4, extended
/// CLA INS P1 P2 00 Le                              no case of the standard: see `Form::EmptyLc`
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Command<'a> {
    /// CLA.
    pub class: Class,
    /// INS.
    pub instruction: u8,
    /// P1.
    pub p1: u8,
    /// P2.
    pub p2: u8,
    /// The command data field, of `Nc` bytes; empty when the command has no Lc.
    pub data: &'a [u8],
    /// How many bytes of response data are expected.
    pub le: Le,
    /// How the two lengths are written.
    pub form: Form,
}

/// The class byte CLA (ISO 7816-4 §5.4.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Class(pub u8);

/// Le, the number of response bytes that the host expects, exactly as it was said.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Le {
    /// No Le field: the host expects no response data.
    Absent,
    /// An Le field of zeros: as many bytes as the form allows, 256 or 65,536.
    Maximum,
    /// So many bytes.
    Exact(NonZeroU16),
}

/// How Lc and Le are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// One byte each.
    Short,
    /// A zero byte, then two bytes each.
    Extended,
    /// An explicit Lc of 00, then a one-byte Le. No case of the standard, yet Python readers in the
    /// field send `00 B0 00 00 00 00`, and cards answer it.
    EmptyLc,
}

/// The four cases of a command APDU (ISO 7816-3 §12.1.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Case {
    /// No data either way.
    One,
    /// Response data only.
    Two,
    /// Command data only.
    Three,
    /// Data both ways.
    Four,
}

/// Why bytes are no command APDU. A card answers all of these with 6700.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Malformed {
    /// Fewer than the four header bytes.
    NoHeader {
        /// How many bytes there were.
        length: usize,
    },
    /// Lc announces more data than follow.
    DataMissing {
        /// What Lc says.
        announced: usize,
        /// How many bytes follow it.
        present: usize,
    },
    /// The bytes behind the data field are no Le.
    TrailingBytes {
        /// How many bytes follow the data field.
        count: usize,
    },
    /// An extended length field is cut off, or announces zero bytes of data.
    ExtendedLength,
}

impl Class {
    /// Bit 5, 0x10: this command is not the last of a chain (ISO 7816-4 §5.3.3).
    pub const CHAINING: u8 = 0x10;

    /// Bit 8, 0x80: a class of the maker's own, whose other bits mean what the maker likes. CHANGE
    /// KEY DATA of a CNS has class 90, and is not chained.
    pub const PROPRIETARY: u8 = 0x80;

    /// Bits 3 and 4, 0x0C: the command is secured and its header is authenticated (ISO 7816-4
    /// §5.4.1); the CNS specification writes it as class XC.
    pub const SECURED: u8 = 0x0C;

    /// Whether the command is secured.
    pub const fn is_secured(self) -> bool {
        self.0 & Self::SECURED == Self::SECURED
    }

    /// The class without secure messaging.
    pub const fn unsecured(self) -> Self {
        match self.is_secured() {
            true => Self(self.0 & !Self::SECURED),
            false => self,
        }
    }

    /// Whether more commands of the chain follow.
    pub const fn is_chained(self) -> bool {
        self.0 & (Self::PROPRIETARY | Self::CHAINING) == Self::CHAINING
    }

    /// The class of the last command of the same chain.
    pub const fn unchained(self) -> Self {
        match self.is_chained() {
            true => Self(self.0 & !Self::CHAINING),
            false => self,
        }
    }
}

impl Le {
    /// An exact number of bytes; zero means no Le field.
    pub fn exact(bytes: u16) -> Self {
        NonZeroU16::new(bytes).map_or(Self::Absent, Self::Exact)
    }
}

impl<'a> Command<'a> {
    /// The most data that one short command carries, in bytes.
    pub const SHORT_DATA_MAX: usize = 255;

    /// A command in the shortest form that holds it. Data beyond 65,535 bytes cannot be announced
    /// by any Lc and are refused when the command is encoded.
    pub fn new(header: [u8; 4], data: &'a [u8], le: Le) -> Self {
        let [class, instruction, p1, p2] = header;
        let long_le = matches!(le, Le::Exact(n) if n.get() > 256);
        let form = match data.len() > Self::SHORT_DATA_MAX || long_le {
            true => Form::Extended,
            false => Form::Short,
        };
        // In the short form, an Le of exactly 256 has no encoding but 00.
        let le = match le {
            Le::Exact(n) if form == Form::Short && n.get() == 256 => Le::Maximum,
            other => other,
        };
        Self {
            class: Class(class),
            instruction,
            p1,
            p2,
            data,
            le,
            form,
        }
    }

    /// Reads a command APDU.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let Some((&[class, instruction, p1, p2], body)) = bytes.split_first_chunk::<4>() else {
            return Err(Malformed::NoHeader {
                length: bytes.len(),
            });
        };
        let (data, le, form) = match *body {
            [] => (&[][..], Le::Absent, Form::Short),
            [le] => (&[][..], short_le(le), Form::Short),
            [0x00, le] => (&[][..], short_le(le), Form::EmptyLc),
            [0x00, high, low] => (&[][..], extended_le([high, low]), Form::Extended),
            [0x00, high, low, ref rest @ ..] => {
                let announced = usize::from(u16::from_be_bytes([high, low]));
                if announced == 0 {
                    return Err(Malformed::ExtendedLength);
                }
                let (data, tail) = split_data(rest, announced)?;
                let le = match *tail {
                    [] => Le::Absent,
                    [high, low] => extended_le([high, low]),
                    _ => return Err(Malformed::TrailingBytes { count: tail.len() }),
                };
                (data, le, Form::Extended)
            }
            [lc, ref rest @ ..] => {
                let (data, tail) = split_data(rest, usize::from(lc))?;
                let le = match *tail {
                    [] => Le::Absent,
                    [le] => short_le(le),
                    _ => return Err(Malformed::TrailingBytes { count: tail.len() }),
                };
                (data, le, Form::Short)
            }
        };
        Ok(Self {
            class: Class(class),
            instruction,
            p1,
            p2,
            data,
            le,
            form,
        })
    }

    /// The header CLA INS P1 P2.
    pub const fn header(&self) -> [u8; 4] {
        [self.class.0, self.instruction, self.p1, self.p2]
    }

    /// Which of the four cases this is.
    pub const fn case(&self) -> Case {
        match (self.data.is_empty(), self.le) {
            (true, Le::Absent) => Case::One,
            (true, _) => Case::Two,
            (false, Le::Absent) => Case::Three,
            (false, _) => Case::Four,
        }
    }

    /// Ne: the most response bytes that the host takes. None without an Le field.
    pub const fn expected_max(&self) -> Option<usize> {
        match (self.le, self.form) {
            (Le::Absent, _) => None,
            (Le::Exact(n), _) => Some(n.get() as usize),
            (Le::Maximum, Form::Extended) => Some(65_536),
            (Le::Maximum, _) => Some(256),
        }
    }

    /// Appends the encoded command to `out`.
    ///
    /// A field that the form cannot hold is written by its low bytes; [`Command::new`] and
    /// [`Command::parse`] build no such command.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.header());
        let nc = self.data.len();
        let le = match self.le {
            Le::Absent => None,
            Le::Maximum => Some(0),
            Le::Exact(n) => Some(n.get()),
        };
        match self.form {
            Form::Short => {
                if nc > 0 {
                    out.push(nc as u8);
                    out.extend_from_slice(self.data);
                }
                out.extend(le.map(|n| n as u8));
            }
            Form::EmptyLc => {
                out.push(0);
                out.extend(le.map(|n| n as u8));
            }
            Form::Extended => {
                if nc > 0 || le.is_some() {
                    out.push(0);
                }
                if nc > 0 {
                    out.extend_from_slice(&(nc as u16).to_be_bytes());
                    out.extend_from_slice(self.data);
                }
                out.extend(le.map(u16::to_be_bytes).into_iter().flatten());
            }
        }
    }

    /// The encoded command.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.data.len() + 10);
        self.encode(&mut out);
        out
    }
}

fn split_data(rest: &[u8], announced: usize) -> Result<(&[u8], &[u8]), Malformed> {
    rest.split_at_checked(announced)
        .ok_or(Malformed::DataMissing {
            announced,
            present: rest.len(),
        })
}

fn short_le(byte: u8) -> Le {
    NonZeroU16::new(u16::from(byte)).map_or(Le::Maximum, Le::Exact)
}

fn extended_le(bytes: [u8; 2]) -> Le {
    NonZeroU16::new(u16::from_be_bytes(bytes)).map_or(Le::Maximum, Le::Exact)
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHeader { length } => {
                write!(f, "{length} bytes are too few: CLA INS P1 P2 take four")
            }
            Self::DataMissing { announced, present } => {
                write!(
                    f,
                    "Lc announces {announced} bytes of data, {present} follow"
                )
            }
            Self::TrailingBytes { count } => {
                write!(f, "{count} bytes follow the data field; they are no Le")
            }
            Self::ExtendedLength => write!(f, "an extended Lc of zero with bytes behind it"),
        }
    }
}

impl core::error::Error for Malformed {}
