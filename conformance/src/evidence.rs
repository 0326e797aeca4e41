//! Where a requirement is written, and how sure that is.

use std::fmt;

use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};

/// Where a requirement comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Source {
    /// The document.
    pub document: Document,
    /// Chapter, section, command or issue in it.
    pub clause: &'static str,
    /// How it is known.
    pub grade: Grade,
}

/// A document that requirements are in.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Document {
    /// ISO/IEC 7816-3: electrical interface, answer to reset.
    #[serde(rename = "ISO/IEC 7816-3")]
    Iso7816Part3,
    /// ISO/IEC 7816-4: files, commands, status words.
    #[serde(rename = "ISO/IEC 7816-4")]
    Iso7816Part4,
    /// ISO/IEC 7816-8: security operations.
    #[serde(rename = "ISO/IEC 7816-8")]
    Iso7816Part8,
    /// The functional specification of the CNS, version 1.1.
    #[serde(rename = "CNS functional specification")]
    CnsFunctional,
    /// The file system of the CNS.
    #[serde(rename = "CNS file system")]
    CnsFileSystem,
    /// The certificate profile of the CNS.
    #[serde(rename = "CNS certificate profile")]
    CnsCertificate,
    /// The public functional specification of its sibling, the CIE, version 2.0.
    #[serde(rename = "CIE functional specification 2.0")]
    CieFunctional,
    /// The decree that defines the codice fiscale.
    #[serde(rename = "DM 23 December 1976 (codice fiscale)")]
    CodiceFiscale,
    /// PKCS #1, RSA.
    #[serde(rename = "RFC 8017")]
    Pkcs1,
    /// X.509 certificates on the Internet.
    #[serde(rename = "RFC 5280")]
    X509,
    /// TLS 1.2.
    #[serde(rename = "RFC 5246")]
    Tls12,
    /// TLS 1.3.
    #[serde(rename = "RFC 8446")]
    Tls13,
    /// HTTP: semantics, and caching (RFC 9111).
    #[serde(rename = "RFC 9110")]
    Http,
    /// ALPN, which agrees on the protocol behind TLS.
    #[serde(rename = "RFC 7301")]
    Alpn,
    /// PC/SC, the interface to readers.
    #[serde(rename = "PC/SC")]
    Pcsc,
    /// The documentation of pcsc-lite's API: `winscard.h`, as pcscd and its library do it.
    #[serde(rename = "pcsc-lite API")]
    PcscLite,
    /// PKCS #11, the interface to tokens.
    #[serde(rename = "PKCS #11")]
    Pkcs11,
    /// What the driver `itacns` of OpenSC needs.
    #[serde(rename = "OpenSC itacns")]
    OpenSc,
    /// The answers to reset that people have sent to pcsc-tools.
    #[serde(rename = "list of answers to reset of pcsc-tools")]
    AtrList,
    /// What real cards answered, as public issues show it.
    #[serde(rename = "logs of real cards")]
    Logs,
    /// What other clients of the field need.
    #[serde(rename = "clients in the field")]
    Clients,
}

/// How a fact is known.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Seen with a real client, or recomputed.
    Verified,
    /// Read in the document itself, or in the source or log of somebody who holds a card.
    Read,
    /// Tolerated or expected by client code.
    Client,
    /// On a web page of an administration.
    Web,
    /// Remembered from a document that could not be read.
    Remembered,
    /// Inferred from the others.
    Inferred,
}

/// A clause that was read.
pub const fn read(document: Document, clause: &'static str) -> Source {
    source(document, clause, Grade::Read)
}

/// A clause of this grade.
pub const fn source(document: Document, clause: &'static str, grade: Grade) -> Source {
    Source {
        document,
        clause,
        grade,
    }
}

impl Document {
    /// The one that is called so.
    pub fn named(name: &str) -> Option<Self> {
        let name: StrDeserializer<'_, Error> = name.into_deserializer();
        Self::deserialize(name).ok()
    }

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iso7816Part3 => "ISO/IEC 7816-3",
            Self::Iso7816Part4 => "ISO/IEC 7816-4",
            Self::Iso7816Part8 => "ISO/IEC 7816-8",
            Self::CnsFunctional => "CNS functional specification",
            Self::CnsFileSystem => "CNS file system",
            Self::CnsCertificate => "CNS certificate profile",
            Self::CieFunctional => "CIE functional specification 2.0",
            Self::CodiceFiscale => "DM 23 December 1976 (codice fiscale)",
            Self::Pkcs1 => "RFC 8017",
            Self::X509 => "RFC 5280",
            Self::Tls12 => "RFC 5246",
            Self::Tls13 => "RFC 8446",
            Self::Http => "RFC 9110",
            Self::Alpn => "RFC 7301",
            Self::Pcsc => "PC/SC",
            Self::PcscLite => "pcsc-lite API",
            Self::Pkcs11 => "PKCS #11",
            Self::OpenSc => "OpenSC itacns",
            Self::AtrList => "list of answers to reset of pcsc-tools",
            Self::Logs => "logs of real cards",
            Self::Clients => "clients in the field",
        }
    }
}

impl Grade {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Read => "read",
            Self::Client => "expected by clients",
            Self::Web => "from a web page",
            Self::Remembered => "remembered",
            Self::Inferred => "inferred",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            document,
            clause,
            grade,
        } = self;
        write!(f, "{}, {clause} ({})", document.name(), grade.words())
    }
}

#[test]
fn a_document_is_found_by_the_name_that_reports_give_it() {
    for facts in crate::suites::all_facts() {
        for source in facts.sources {
            let document = source.document;
            assert_eq!(Document::named(document.name()), Some(document));
        }
    }
    assert_eq!(Document::named("ISO/IEC 7816-99"), None);
}
