//! Names (RFC 5280 §4.1.2.4), which certifiers write in many ways.
//!
//! ```text
//! Name ::= SEQUENCE OF RelativeDistinguishedName
//! RelativeDistinguishedName ::= SET OF SEQUENCE { type OBJECT IDENTIFIER, value DirectoryString }
//! ```

use crate::der::read::{DerError, Element};
use crate::der::{tag, write as der};

/// A Name: its relative names in their order, each with its attributes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Name(pub Vec<Vec<Attribute>>);

/// One attribute of a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Attribute {
    /// The OBJECT IDENTIFIER of its type, a whole element.
    pub type_der: Vec<u8>,
    /// The tag of its value.
    pub tag: u8,
    /// The content of its value, encoded as the tag says.
    pub content: Vec<u8>,
}

/// The attributes of a CNS certificate's names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AttributeType {
    /// `C`.
    CountryName,
    /// `O`: the certifier.
    OrganizationName,
    /// `OU`: the administration that hands the card out.
    OrganizationalUnitName,
    /// `GN`.
    GivenName,
    /// `SN`.
    Surname,
    /// `serialNumber`, of a person, in certificates for signatures.
    SerialNumber,
    /// `CN`: codice fiscale, card and personal data.
    CommonName,
}

/// How the text of an attribute is written (X.680 §41).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StringType {
    /// UTF8String, which RFC 5280 asks for.
    Utf8,
    /// PrintableString, with the bytes of UTF-8: letters that it cannot have are in it all the same.
    Printable,
    /// TeletexString, as everybody wrote it: the bytes of Latin-1, `?` for what that has not.
    Teletex,
    /// BMPString: two bytes a character, UTF-16.
    Bmp,
    /// UniversalString: four bytes a character.
    Universal,
}

impl Name {
    pub(super) fn read(element: Element<'_>) -> Result<Self, DerError> {
        let mut relative_names = Vec::new();
        let mut reader = element.reader();
        while !reader.is_empty() {
            let mut attributes = Vec::new();
            let mut set = reader.expect(tag::SET)?.reader();
            while !set.is_empty() {
                attributes.push(Attribute::read(set.expect(tag::SEQUENCE)?)?);
            }
            relative_names.push(attributes);
        }
        Ok(Self(relative_names))
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let relative_names: Vec<_> = self
            .0
            .iter()
            .map(|attributes| {
                der::set(&attributes.iter().map(Attribute::to_der).collect::<Vec<_>>())
            })
            .collect();
        der::sequence(&relative_names)
    }

    /// All its attributes, in their order.
    pub(super) fn attributes_mut(&mut self) -> impl Iterator<Item = &mut Attribute> {
        self.0.iter_mut().flatten()
    }

    /// Leaves all relative names out that have an attribute of this type.
    pub(super) fn remove(&mut self, kind: AttributeType) {
        self.0
            .retain(|attributes| !attributes.iter().any(|attribute| attribute.is(kind)));
    }

    /// Puts every relative name that has an attribute of this type a second time, at the end.
    pub(super) fn repeat(&mut self, kind: AttributeType) {
        let again: Vec<_> = self
            .0
            .iter()
            .filter(|attributes| attributes.iter().any(|attribute| attribute.is(kind)))
            .cloned()
            .collect();
        self.0.extend(again);
    }

    /// Puts all attributes of these types into one relative name, where the first of them was.
    pub(super) fn join(&mut self, kinds: &[AttributeType]) {
        let wanted = |attribute: &Attribute| kinds.iter().any(|&kind| attribute.is(kind));
        let joined: Vec<_> = self
            .0
            .iter()
            .flatten()
            .filter(|it| wanted(it))
            .cloned()
            .collect();
        let place = self
            .0
            .iter()
            .position(|attributes| attributes.iter().any(wanted));
        self.0.retain(|attributes| !attributes.iter().any(wanted));
        if let Some(place) = place {
            self.0.insert(place, joined);
        }
    }
}

impl Attribute {
    /// An attribute with this text.
    pub fn new(kind: AttributeType, text: &str, string_type: StringType) -> Self {
        Self {
            type_der: kind.object_identifier(),
            tag: string_type.tag(),
            content: string_type.encode(text),
        }
    }

    /// Whether it is of this type.
    pub fn is(&self, kind: AttributeType) -> bool {
        self.type_der == kind.object_identifier()
    }

    /// Its text, if it is a UTF8String or a PrintableString: what certifiers here write.
    pub fn text(&self) -> Option<&str> {
        match self.tag {
            tag::UTF8_STRING | tag::PRINTABLE_STRING => str::from_utf8(&self.content).ok(),
            _ => None,
        }
    }

    /// The same text in another type of string; what is no text stays as it is.
    pub(super) fn rewrite(&mut self, string_type: StringType) {
        if let Some(content) = self.text().map(|text| string_type.encode(text)) {
            self.tag = string_type.tag();
            self.content = content;
        }
    }

    fn read(element: Element<'_>) -> Result<Self, DerError> {
        let mut fields = element.reader();
        let type_der = fields.expect(tag::OBJECT_IDENTIFIER)?.der.to_vec();
        let value = fields.element()?;
        fields.end()?;
        Ok(Self {
            type_der,
            tag: value.tag,
            content: value.content.to_vec(),
        })
    }

    fn to_der(&self) -> Vec<u8> {
        der::sequence(&[self.type_der.clone(), der::element(self.tag, &self.content)])
    }
}

impl AttributeType {
    fn object_identifier(self) -> Vec<u8> {
        let last = match self {
            Self::CommonName => 3,
            Self::Surname => 4,
            Self::SerialNumber => 5,
            Self::CountryName => 6,
            Self::OrganizationName => 10,
            Self::OrganizationalUnitName => 11,
            Self::GivenName => 42,
        };
        der::object_identifier(&[2, 5, 4, last])
    }
}

impl StringType {
    const fn tag(self) -> u8 {
        match self {
            Self::Utf8 => tag::UTF8_STRING,
            Self::Printable => tag::PRINTABLE_STRING,
            Self::Teletex => tag::TELETEX_STRING,
            Self::Bmp => tag::BMP_STRING,
            Self::Universal => tag::UNIVERSAL_STRING,
        }
    }

    fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 | Self::Printable => text.as_bytes().to_vec(),
            Self::Teletex => text
                .chars()
                .map(|letter| u8::try_from(letter).unwrap_or(b'?'))
                .collect(),
            Self::Bmp => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::Universal => text
                .chars()
                .flat_map(|letter| u32::from(letter).to_be_bytes())
                .collect(),
        }
    }
}
