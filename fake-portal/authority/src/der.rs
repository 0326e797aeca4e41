//! DER (ITU-T X.690): a writer for what rcgen has no builder for, and a reader for what comes from
//! outside.
//!
//! One module for both sides of all that is not plain issuing: OCSP, the extensions of the CNS
//! profile, and certificates that are wrong on purpose. The writer therefore checks nothing that it
//! need not: [`write::element`] puts any content behind any tag. The reader is strict, borrows, and
//! never recurses.

pub mod read;
pub mod write;

/// The identifier octets of the types that certificates use (X.690 §8.1.2, X.680 §8.6).
pub mod tag {
    #![expect(missing_docs, reason = "each is named after its ASN.1 type")]

    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OBJECT_IDENTIFIER: u8 = 0x06;
    pub const ENUMERATED: u8 = 0x0A;
    pub const UTF8_STRING: u8 = 0x0C;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const TELETEX_STRING: u8 = 0x14;
    pub const IA5_STRING: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const UNIVERSAL_STRING: u8 = 0x1C;
    pub const BMP_STRING: u8 = 0x1E;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;

    /// `[number]` around a whole element, or IMPLICIT on a constructed type.
    pub const fn constructed(number: u8) -> u8 {
        0xA0 | number & 0x1F
    }

    /// `[number]` IMPLICIT on a primitive type.
    pub const fn primitive(number: u8) -> u8 {
        0x80 | number & 0x1F
    }
}
