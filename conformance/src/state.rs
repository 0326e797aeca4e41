//! The state that a card must be in before a case.

use cns_card::{
    AccessConditions, CardImage, Condition, Key, KeyAlgorithm, KeyMaterial, KeyRules, LifeCycle,
    ObjectMessaging, ReferenceData,
};
use cns_fixtures::Secret;

use crate::subject::Subject;

/// How a card is prepared. Only the suite's own cards can be; others are as they are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// As handed out to the citizen.
    Issued,
    /// Files and objects are created freely.
    Creation,
    /// Objects are filled freely; files are created by whom their folder allows.
    Personalisation,
    /// In the citizen's hands, but new files may be created in the master file.
    OpenToFiles,
    /// The PIN must be changed before it opens anything.
    TransportPin,
    /// The PIN has no value yet.
    UnsetPin,
    /// In the citizen's hands, with a place for a key 07 of 1024 bits that is still to be generated.
    PlaceForKey,
}

impl State {
    /// In words, for `cns conform explain`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Issued => "as handed out",
            Self::Creation => "in creation",
            Self::Personalisation => "in personalisation",
            Self::OpenToFiles => "handed out, with a master file that takes new files",
            Self::TransportPin => "with a transport PIN",
            Self::UnsetPin => "without a PIN yet",
            Self::PlaceForKey => "with a place for a key that is still to be generated",
        }
    }

    /// Prepares the card that was issued for `subject`.
    pub(crate) fn prepare(self, subject: &Subject, image: &mut CardImage) {
        match self {
            Self::Issued => {}
            Self::Creation => image.life_cycle = LifeCycle::Creation,
            Self::Personalisation => image.life_cycle = LifeCycle::Personalisation,
            Self::OpenToFiles => image.master_file.access = AccessConditions::FREE,
            Self::TransportPin => replace_pin(subject, image, |old, value| {
                ReferenceData::transport(old.id, old.rules, value, SALT)
            }),
            Self::UnsetPin => replace_pin(subject, image, |old, _| {
                ReferenceData::unset(old.id, old.rules)
            }),
            Self::PlaceForKey => image.master_file.keys.push(place_for_key(subject)),
        }
    }
}

const SALT: [u8; 16] = [0x5A; 16];

/// Key 07: used and generated with the PIN.
fn place_for_key(subject: &Subject) -> Key {
    let pin = subject.profile.place_of(Secret::Pin);
    let pin = pin.map_or(Condition::Never, |place| Condition::Proven(place.id));
    Key {
        id: 0x07,
        rules: KeyRules {
            usage: pin,
            change: Condition::Never,
            generate: pin,
        },
        algorithm: KeyAlgorithm::RsaPure,
        material: KeyMaterial::Absent { bits: 1024 },
        messaging: ObjectMessaging([0xFF; 16]),
    }
}

fn replace_pin(
    subject: &Subject,
    image: &mut CardImage,
    make: impl Fn(&ReferenceData, &cns_card::ReferenceValue) -> ReferenceData,
) {
    let Some(place) = subject.profile.place_of(Secret::Pin) else {
        return;
    };
    let Some(value) = subject.stored_pin() else {
        return;
    };
    let mut data = image.master_file.reference_data.iter_mut();
    if let Some(datum) = data.find(|datum| datum.id == place.id) {
        *datum = make(datum, &value);
    }
}
