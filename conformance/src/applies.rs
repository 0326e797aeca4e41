//! Which cards a case is about, as data: so that a list can say it and a run can check it.

use cns_card::WrongReference;
use cns_fixtures::{KeyPurpose, KeySize, Profile, Secret, Source};

use crate::subject::Subject;

/// Something that a card must have or be for a case to be about it.
#[derive(Clone, Copy, Debug)]
pub enum Needs {
    /// A file with this in it.
    File(Source),
    /// A PIN or PUK that holds this secret.
    Reference(Secret),
    /// A key for this purpose.
    Key(KeyPurpose),
    /// An authentication key of this size.
    KeySize(KeySize),
    /// Wrong PINs are answered so.
    WrongReference(WrongReference),
    /// Commands may be chained.
    Chaining,
    /// Commands may be extended.
    ExtendedLength,
    /// No extended commands.
    NoExtendedLength,
    /// GET DATA tells something.
    VendorData,
    /// No GET DATA.
    NoVendorData,
    /// FCI in the layout of the classic CNS: 6F with 80 or 81, 82, 83, 85, 86.
    ClassicTree,
    /// A file or folder here: the identifiers below the master file.
    Path(&'static [u16]),
    /// An application that is selected by its name.
    Application,
    /// Contacts: an answer to reset of the card's own.
    Contacts,
    /// An antenna: the reader makes up the answer to reset.
    Antenna,
    /// This profile and no other.
    Profile(&'static str),
    /// A card of the suite's own, about which everything is known.
    OwnCard,
    /// A portal that is the suite's own, or should be like it. Cases on cards never ask for it.
    OwnPortal,
}

impl Needs {
    /// What is needed, in words.
    pub fn words(self) -> String {
        match self {
            Self::File(source) => format!("a file with {}", source.words()),
            Self::Reference(secret) => format!("a {}", secret.words()),
            Self::Key(KeyPurpose::Authentication) => "an authentication key".to_owned(),
            Self::Key(KeyPurpose::Signature) => "a signature key".to_owned(),
            Self::KeySize(size) => format!("an authentication key of {} bits", size.bits()),
            Self::WrongReference(WrongReference::Classic) => "6300 for a wrong PIN".to_owned(),
            Self::WrongReference(WrongReference::Modern) => "63Cx for a wrong PIN".to_owned(),
            Self::Chaining => "command chaining".to_owned(),
            Self::ExtendedLength => "extended length".to_owned(),
            Self::NoExtendedLength => "no extended length".to_owned(),
            Self::VendorData => "GET DATA of the maker".to_owned(),
            Self::NoVendorData => "no GET DATA".to_owned(),
            Self::ClassicTree => "personal data at 3F00/1100/1102".to_owned(),
            Self::Path(path) => {
                let ids: String = path.iter().map(|id| format!("/{id:04X}")).collect();
                format!("3F00{ids}")
            }
            Self::Application => "an application with a name".to_owned(),
            Self::Contacts => "contacts, not an antenna".to_owned(),
            Self::Antenna => "an antenna, not contacts".to_owned(),
            Self::Profile(profile) => format!("the profile {profile}"),
            Self::OwnCard => "a card of the suite's own".to_owned(),
            Self::OwnPortal => "the suite's own portal".to_owned(),
        }
    }

    /// Whether the card has it.
    pub fn is_met_by(self, subject: &Subject) -> bool {
        let profile = &subject.profile;
        let dialect = &profile.dialect;
        match self {
            Self::File(source) => profile.path_of(source).is_some(),
            Self::Reference(secret) => profile.place_of(secret).is_some(),
            Self::Key(purpose) => profile.key_for(purpose).is_some(),
            Self::KeySize(size) => profile
                .key_for(KeyPurpose::Authentication)
                .is_some_and(|key| key.size == size),
            Self::WrongReference(answer) => dialect.wrong_reference == answer,
            Self::Chaining => dialect.command_chaining,
            Self::ExtendedLength => dialect.extended_length,
            Self::NoExtendedLength => !dialect.extended_length,
            Self::VendorData => !dialect.vendor_data.is_empty(),
            Self::NoVendorData => dialect.vendor_data.is_empty(),
            Self::ClassicTree => {
                profile.path_of(Source::PersonalData).as_deref() == Some(&[0x1100, 0x1102])
            }
            Self::Path(path) => profile.has_file(path),
            Self::Application => profile.application().is_some(),
            Self::Contacts => !has_antenna(profile),
            Self::Antenna => has_antenna(profile),
            Self::Profile(id) => profile.id == id,
            Self::OwnCard => subject.issue.is_some(),
            // Nothing that a card could lack: the stage of portals looks.
            Self::OwnPortal => true,
        }
    }
}

/// Whether the answer to reset is one that PC/SC makes up for a card without contacts: `3B 8n 80 01`.
fn has_antenna(profile: &Profile) -> bool {
    matches!(profile.atr.as_bytes(), [0x3B, 0x80..=0x8F, 0x80, 0x01, ..])
}
